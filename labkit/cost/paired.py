"""Whether the cheaper one is as good: both answered the same examples.

    two outcomes for each example, and a margin agreed before -> noninferior -> Verdict

"No difference was found" is no answer: with twelve examples none ever is. The question is whether a
loss as large as the margin can be ruled out, and if not, how many examples that would take.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal, TypeAlias

from labkit.arguments import line, offer, refused, table
from labkit.errors import ArgumentError
from labkit.evals import Report

Word: TypeAlias = Literal["yes", "no", "need_more"]
Outcomes: TypeAlias = Mapping[str, bool]

SCORED = {"passed": True, "failed": False, "error": False}
STEPS = 60
"""Halvings of an interval: more than a float has digits."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comparison says, and from how many examples it would say so."""

    word: Word
    """``yes``: as good within the margin; ``no``: worse by more than that; ``need_more``."""
    n: int
    """Examples with an outcome on both sides."""
    worse: int
    """Examples that were right before and are wrong with the cheaper one."""
    better: int
    """Examples that were wrong before and are right with the cheaper one."""
    margin: float
    """The loss, as a share of all examples, that was agreed to be bearable."""
    interval: tuple[float, float]
    """Where the difference lies: cheaper minus dearer, each end wrong with chance alpha."""
    n_needed: int | None
    """The fewest examples that decide it if the shares stay as they are; None where none do."""
    not_run: int = 0
    """Examples that the provider's failure left without an outcome; not in n."""

    @property
    def difference(self) -> float:
        """The share right of the cheaper one minus that of the dearer one."""
        return (self.better - self.worse) / self.n if self.n else 0.0

    @property
    def more(self) -> int | None:
        """How many examples are still missing; None where no number is enough."""
        return None if self.n_needed is None else max(0, self.n_needed - self.n)

    def __repr__(self) -> str:
        """The word, what it rests on, and what to do when it is not decided."""
        low, high = self.interval
        found = (
            f"{self.better} better and {self.worse} worse of {self.n:,}: {self.difference:+.1%}"
            f" ({low:+.1%} to {high:+.1%}), margin {self.margin:.1%}"
        )
        left = f"; {self.not_run} not run" if self.not_run else ""
        return f"{self.said()}: {found}{left}"

    def said(self) -> str:
        """The word, with the number of examples to add."""
        if self.word != "need_more":
            return self.word
        if self.more is not None:
            return f"need {self.more:,} more"
        return "need examples" if not self.n else "no number decides: the loss is the margin"


def noninferior(
    a: Outcomes | Report, b: Outcomes | Report, margin: float, alpha: float = 0.05
) -> Verdict:
    """Say whether ``b`` is as good as ``a`` but for a margin, on the same examples.

    The test is Tango's score test for paired shares (Statistics in Medicine 17, 1998, 891–908),
    once against a loss of the margin for ``yes`` and once for ``no``; the interval is the same
    test turned round. It is chosen over a paired bootstrap because it needs no seed, grows surer
    with every example, and says something true where nothing flipped: there a bootstrap draws the
    same zeros again and is sure after one example. It is no exact test: at alpha 0.05 and margins
    up to 10 points a false ``yes`` has a chance of 0.05 to 0.06, and of at most 0.08 where the
    cheaper one is never the better.

    Args:
        a: Of each example's id whether the dearer one was right, or its report.
        b: The same of the cheaper one. Of repeats give one outcome, such as "right in most runs":
            runs of one example are not more examples.
        margin: The loss that is bearable, as a share of all examples; choose it before you look.
        alpha: The chance of a wrong ``yes``, and of a wrong ``no``.
    """
    before, after = outcomes("a", a), outcomes("b", b)
    check_same(before, after)
    bearable = between("margin", margin, 1.0, "Nothing could be ruled out by it.", "0.05")
    z = NormalDist().inv_cdf(
        1 - between("alpha", alpha, 0.5, "It says how often the answer may be wrong.", "0.05")
    )
    pairs = [(was, after[id]) for id, was in before.items()]
    scored = [(was, now) for was, now in pairs if was is not None and now is not None]
    n, better, worse = len(scored), scored.count((False, True)), scored.count((True, False))
    score = score_of(better, worse, n, -bearable)
    word: Word = "yes" if score >= z else "no" if score <= -z else "need_more"
    return Verdict(
        word,
        n,
        worse,
        better,
        bearable,
        interval_of(better, worse, n, z),
        needed(score, n, z),
        len(pairs) - n,
    )


def score_of(better: float, worse: float, n: int, difference: float) -> float:
    """How many standard errors the data lie above a difference; below 0 where they lie under it.

    The standard error is that of the likeliest shares among those which have this difference, so
    it is no zero where nothing flipped. In Tango's words: b, c, n and delta.
    """
    if not n:
        return 0.0
    linear = (2 * n - better + worse) * difference - better - worse
    constant = -worse * difference * (1 - difference)
    root = math.sqrt(max(0.0, linear**2 - 8 * n * constant))
    share_worse = (root - linear) / (4 * n)
    variance = n * (2 * share_worse + difference * (1 - difference))
    above = better - worse - n * difference
    return above / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, above)


def interval_of(better: int, worse: int, n: int, z: float) -> tuple[float, float]:
    """The differences that the test does not reject, from the lowest to the highest."""
    if not n:
        return -1.0, 1.0
    middle = (better - worse) / n

    def edge(low: float, high: float, target: float) -> float:
        """The difference at which the score, which falls all the way, is the target."""
        for _ in range(STEPS):
            half = (low + high) / 2
            is_below = score_of(better, worse, n, half) > target
            low, high = (half, high) if is_below else (low, half)
        return (low + high) / 2

    return edge(-1.0, middle, z), edge(middle, 1.0, -z)


def needed(score: float, n: int, z: float) -> int | None:
    """How many examples decide at these shares: the score grows with the root of their number."""
    if not score:
        return None
    least = math.ceil(n * (z / score) ** 2)
    return min(least, n) if abs(score) >= z else max(least, n + 1)


def outcomes(what: str, given: Outcomes | Report) -> dict[str, bool | None]:
    """Whether each example is right; None where the provider failed."""
    if isinstance(given, Report):
        found = {row.sample.id: SCORED.get(row.state) for row in given.rows}
        if len(found) < len(given.rows):
            follows = "An example is compared by its id."
            raise refused(what, given, follows, "Give each sample its own id.")
        return found
    follows = "Nothing can be compared with it."
    for id, right in table(what, given, follows).items():
        if not isinstance(right, bool):
            remedy = "Give True or False, or a Report."
            raise refused(f"the outcome of {line(id, 40)} in {what}", right, follows, remedy)
    return dict(given)


def check_same(before: Mapping[str, object], after: Mapping[str, object]) -> None:
    """Refuse outcomes that are not of the same examples, or of none."""
    if not before:
        raise refused("a", dict(before), "There is no example.", 'Give {"drill-days": True, ...}.')
    for what, ids, others in (("b", before, after), ("a", after, before)):
        if missing := [id for id in ids if id not in others]:
            raise ArgumentError(
                f"{what} has no outcome for {line(missing[0], 40)!r} ({len(missing)} of {len(ids)} "
                "are missing). Only the same examples are a pair. Run both on all of them. "
                f"{offer(missing[0], others)}"
            )


def between(what: str, value: object, top: float, follows: str, example: str) -> float:
    """A number above 0 and below the top."""
    if isinstance(value, float) and 0 < value < top:
        return value
    remedy = f"Give a number between 0 and {top:g}, for example {example}."
    raise refused(what, value, follows, remedy)
