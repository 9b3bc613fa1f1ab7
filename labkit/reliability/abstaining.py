"""When to say “I don't know”: a threshold on a score, chosen by what a wrong answer costs.

    scores, answerable -> risk_coverage -> RiskPoint at every threshold -> choose_threshold

An answer is shown where its score is at least the threshold; the others are sent to a person.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

from labkit.arguments import every, number, refused


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """What one threshold does to everybody who asks."""

    threshold: float
    shown: int
    """Answers that people read."""
    wrong: int
    """Of those, the ones that nothing supports."""
    sent_away: int
    """Questions that could have been answered, and were not."""
    asked: int

    @property
    def coverage(self) -> float:
        """The share of questions that get an answer."""
        return self.shown / self.asked

    @property
    def risk(self) -> float:
        """The share of shown answers that are wrong; 0 where none is shown."""
        return self.wrong / self.shown if self.shown else 0.0

    def __repr__(self) -> str:
        """The threshold and both mistakes."""
        return (
            f"from {self.threshold:g}: {self.shown} of {self.asked} shown, {self.wrong} wrong, "
            f"{self.sent_away} sent away for nothing"
        )


def risk_coverage(scores: Sequence[float], answerable: Sequence[bool]) -> tuple[RiskPoint, ...]:
    """Every threshold that makes a difference, from the strictest to the laxest.

    Args:
        scores: One for each question; higher means better supported.
        answerable: Whether that question has an answer at all.
    """
    pairs = sorted(zip(*_checked(scores, answerable), strict=True), key=lambda pair: -pair[0])
    could, points, shown, wrong = sum(has for _, has in pairs), [], 0, 0
    for place, (score, has) in enumerate(pairs):
        shown, wrong = shown + 1, wrong + (not has)
        is_last_of_score = place + 1 == len(pairs) or pairs[place + 1][0] < score
        if is_last_of_score:
            points.append(RiskPoint(score, shown, wrong, could - (shown - wrong), len(pairs)))
    return tuple(points)


def choose_threshold(
    scores: Sequence[float], answerable: Sequence[bool], max_wrong_rate: float
) -> float:
    """The lowest threshold that keeps the share of wrong answers among the shown ones.

    Infinity where no threshold keeps it: then nothing may be shown. Choose it on one half of the
    data and measure on the other; on its own half it looks better than it is.
    """
    limit = number("max_wrong_rate", max_wrong_rate, "No share can be kept by it.")
    if limit > 1:
        follows = "A share is at most 1."
        raise refused("max_wrong_rate", max_wrong_rate, follows, "Give, for example, 0.05.")
    kept = [one.threshold for one in risk_coverage(scores, answerable) if one.risk <= limit]
    return min(kept, default=math.inf)


def _checked(
    scores: Sequence[float], answerable: Sequence[bool]
) -> tuple[tuple[float, ...], tuple[bool, ...]]:
    """Both lists, once they belong together."""
    has = every("answerable", answerable, bool, "[False, True]")
    found = every("scores", scores, Real, "[0.2, 0.9]")
    if not found or len(found) != len(has):
        follows = f"{len(found)} scores do not belong to {len(has)} questions."
        raise refused("scores", list(found), follows, "Give one score for each question.")
    if any(one != one for one in found):  # noqa: PLR0124 - NaN, and no overflow
        raise refused("scores", list(found), "NaN has no place in an order.", "Leave it out.")
    return found, has
