"""Whether a change may be merged: baseline and candidate, compared on the same samples.

    two Reports (or tables of id -> state) -> gate -> Decision: PASS, BLOCK or INCONCLUSIVE, and why

Two runs of 45 of 50 can differ in ten answers, so the gate looks at the answers that flipped.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from math import comb
from typing import Literal, TypeAlias

from labkit.arguments import every, known, line, refused, whole
from labkit.evals.running import Report

Verdict = Literal["PASS", "BLOCK", "INCONCLUSIVE"]
States: TypeAlias = Mapping[str, str]

STATES = ("passed", "failed", "error", "not run")
MOST_FLIPS = 100_000
IDS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a candidate, and which samples made it so."""

    verdict: Verdict
    reason: str
    """Why, in words and with the numbers."""
    worse: tuple[str, ...]
    """Samples that passed in the baseline and do not any more."""
    better: tuple[str, ...]
    """Samples that pass now and did not in the baseline."""
    p: float
    """The chance of at least so many worse flips if a flip went either way alike."""
    compared: int
    """Samples that were scored in both."""
    critical: tuple[str, ...] = ()
    """Critical samples among the worse."""
    not_run: tuple[str, ...] = ()
    """Samples that the provider's failure kept from being scored in one of the two."""
    missing: tuple[str, ...] = ()
    """Samples of the baseline that the candidate left out."""
    new: tuple[str, ...] = ()
    """Samples that the baseline does not have; they are not counted."""

    @property
    def flips(self) -> tuple[str, ...]:
        """Every sample whose outcome differs: first the worse, then the better."""
        return self.worse + self.better

    def __repr__(self) -> str:
        """The verdict and its reason, then the samples that flipped, were lost or are new."""
        lists = {
            "worse": self.worse,
            "better": self.better,
            "not run": self.not_run,
            "missing": self.missing,
            "new, not counted": self.new,
        }
        lines = [f"{self.verdict}: {self.reason}"]
        lines += [f"{name}: {listed(ids)}" for name, ids in lists.items() if ids]
        return "\n".join(lines)


def gate(
    baseline: Report | States,
    candidate: Report | States,
    *,
    alpha: float = 0.05,
    critical: Collection[str] = frozenset(),
    max_not_run: int = 0,
) -> Decision:
    """Decide whether a candidate is worse than its baseline.

    The test is McNemar's, exact and one-sided: the gate asks whether the candidate is worse, and it
    asks before it has seen the answers. A two-sided p is twice as large, and at 100 samples it
    would find a loss of five points in two of five runs instead of three.

    Args:
        baseline: A report, or the state of each sample by its id: ``passed``, ``failed``,
            ``error`` (the app raised) or ``not run`` (the provider failed).
        candidate: The same of the change.
        alpha: The p at which the worse flips are no chance any more.
        critical: Ids of which none may get worse, whatever p is.
        max_not_run: More samples than these not run, or a critical one, and nothing is decided.
    """
    before, after = states("baseline", baseline), states("candidate", candidate)
    limit = a_share(alpha)
    guarded = a_critical(critical, {**before, **after})
    most = whole("max_not_run", max_not_run, "Nothing can be counted against it.", least=0)
    pairs = {id: (state, after[id]) for id, state in before.items() if id in after}
    scored = {id: pair for id, pair in pairs.items() if "not run" not in pair}
    worse = tuple(id for id, (was, now) in scored.items() if was == "passed" != now)
    better = tuple(id for id, (was, now) in scored.items() if was != "passed" == now)
    found = Decision(
        verdict="PASS",
        reason="",
        worse=worse,
        better=better,
        p=mcnemar_p(len(worse), len(better)),
        compared=len(scored),
        critical=tuple(id for id in worse if id in guarded),
        not_run=tuple(id for id in pairs if id not in scored),
        missing=tuple(id for id in before if id not in after),
        new=tuple(id for id in after if id not in before),
    )
    return decided(found, limit, most, guarded)


def decided(found: Decision, alpha: float, most: int, guarded: frozenset[str]) -> Decision:
    """The decision with its verdict; the first rule that holds decides."""
    flips = f"{len(found.worse)} got worse and {len(found.better)} better"
    odds = f"{flips} of {found.compared} compared (p = {found.p:.2g}, limit {alpha:g})"
    if found.missing:
        n = found.compared + len(found.missing) + len(found.not_run)
        return verdict(
            found, "BLOCK", f"the candidate left out {len(found.missing)} of {n} samples"
        )
    if found.critical:
        return verdict(
            found, "BLOCK", f"critical samples got worse: {listed(found.critical)}; {odds}"
        )
    if len(found.not_run) > most or guarded.intersection(found.not_run):
        n = found.compared + len(found.not_run)
        unknown = f"the provider failed at {len(found.not_run)} of {n} samples"
        return verdict(
            found, "INCONCLUSIVE", f"{unknown}, which says nothing of the change; run it again"
        )
    if not found.compared:
        return verdict(found, "INCONCLUSIVE", "there is no sample in both; make the baseline anew")
    if found.p <= alpha:
        return verdict(found, "BLOCK", f"{odds}: too many for chance")
    return verdict(found, "PASS", f"{odds}: not worse beyond chance")


def verdict(found: Decision, word: Verdict, reason: str) -> Decision:
    """The decision with its verdict and the reason."""
    return replace(found, verdict=word, reason=reason)


def mcnemar_p(worse: int, better: int) -> float:
    """The chance of at least so many worse flips, if each flip went either way alike.

    Exact and one-sided; the two-sided value is twice the smaller side, at most 1.
    """
    follows = "Flips cannot be counted so."
    bad = whole("worse", worse, follows, least=0, most=MOST_FLIPS)
    flips = bad + whole("better", better, follows, least=0, most=MOST_FLIPS)
    ways = term = comb(flips, bad)
    for k in range(bad + 1, flips + 1):
        term = term * (flips - k + 1) // k
        ways += term
    return ways / (1 << flips)


def states(what: str, given: object) -> dict[str, str]:
    """The state of each sample by its id."""
    pairs = [(row.sample.id, row.state) for row in given.rows] if isinstance(given, Report) else []
    if isinstance(given, Mapping):
        pairs = list(given.items())
    elif not isinstance(given, Report):
        follows = "Nothing can be compared with it."
        raise refused(what, given, follows, 'Give a Report, or {"drill-days": "passed"}.')
    found: dict[str, str] = {}
    for id, state in pairs:
        if id in found:
            follows = "A sample is compared by its id."
            raise refused(f"an id twice in {what}", id, follows, "Give each sample its own id.")
        known(
            state, dict.fromkeys(STATES), f"a state of a sample in {what}", "Nobody can count it."
        )
        found[a_text(id, what)] = state
    return found


def a_text(id: object, what: str) -> str:
    """Refuse an id that is no text."""
    if isinstance(id, str):
        return id
    raise refused(f"an id in {what}", id, "A sample is found by a text.", 'Write it as in "a".')


def a_share(alpha: object) -> float:
    """Refuse a limit that would block all or nothing."""
    if isinstance(alpha, float) and 0 < alpha < 1:
        return alpha
    follows = "It would let everything through or nothing."
    raise refused("alpha", alpha, follows, "Give a number between 0 and 1, for example 0.05.")


def a_critical(critical: Collection[str], ids: Mapping[str, str]) -> frozenset[str]:
    """Refuse a critical id that would guard nothing."""
    found = every("critical", critical, str, 'frozenset({"chainsaw-at-16"})')
    for id in found:
        known(id, ids, "a sample of baseline or candidate", "It would guard nothing.")
    return frozenset(found)


def listed(ids: Iterable[str]) -> str:
    """The first ids, and how many more there are."""
    all_ids = list(ids)
    more = f" and {len(all_ids) - IDS_SHOWN} more" if len(all_ids) > IDS_SHOWN else ""
    return ", ".join(map(line, all_ids[:IDS_SHOWN])) + more
