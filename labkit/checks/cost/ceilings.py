"""C6, max_tokens per task: ceilings that must hold for answers which nobody has seen yet.

logs of lengths -> the answer's ceiling for each -> Ceilings: what they cut of all answers
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist, median
from typing import TypeGuard

from labkit.arguments import LONGEST
from labkit.checks.exercise import Answer, Asks
from labkit.checks.verdict import told

LOGS = 50
MEDIAN, SPREAD = 700, 0.8
"""The report: a lognormal length, so that the mean knows nothing of the tail."""
FEW, HELD = 10, 45
"""Of fifty ceilings: below the first the tail was not looked at, from the second they hold."""
TIGHT = 0.15
"""A ceiling that cuts less than this part of what may be cut is needlessly high."""
RAN_AWAY = 60_000

Lengths = list[int | None]


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What came for some logs of one task."""

    values: tuple[object, ...]
    share: float
    """What may be cut."""

    def __repr__(self) -> str:
        """What the ceilings cut, and how many of them hold."""
        if self.odd:
            return told(self.odd[0], LONGEST)
        none = len(self.values) - len(self.whole)
        if not self.whole:
            return "None" if none == 1 else f"None for {none} of {none} logs"
        low, high = min(self.whole), max(self.whole)
        said = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        if len(self.values) == 1:
            return said
        half = f"half cut {100 * self.usual:.2f} % or more"
        cut = f"{said}; {self.held} of {len(self.values)} hold, {half}"
        return f"{cut}; None for {none}" if none else cut

    @property
    def whole(self) -> tuple[int, ...]:
        """The ceilings; where none was given it is left out."""
        return tuple(one for one in self.values if is_whole(one))

    @property
    def odd(self) -> tuple[object, ...]:
        """What is neither a whole number nor None."""
        return tuple(one for one in self.values if one is not None and not is_whole(one))

    @property
    def held(self) -> int:
        """How many cut no more of all answers than they may."""
        return sum(cut_by(one) <= self.share for one in self.whole)

    @property
    def usual(self) -> float:
        """The share of all answers that the ceiling in the middle cuts."""
        return cut_by(median(self.whole))

    @property
    def is_tight(self) -> bool:
        """Whether the one in the middle is not needlessly high."""
        return self.usual >= TIGHT * self.share


def of(got: object) -> Ceilings:
    """The ceilings; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Ceilings)
    return got


def is_whole(value: object) -> TypeGuard[int]:
    """Whether a value can be sent as ``max_tokens``."""
    return isinstance(value, int) and not isinstance(value, bool)


def cut_by(ceiling: float) -> float:
    """The share of all reports, seen or not, that are longer."""
    return 1 - NormalDist(math.log(MEDIAN), SPREAD).cdf(math.log(max(ceiling, 1)))


@cache
def drawn(seed: int, n: int) -> tuple[int, ...]:
    """A log of reports."""
    rng = random.Random(seed)
    return tuple(round(rng.lognormvariate(math.log(MEDIAN), SPREAD)) for _ in range(n))


def with_ends(lengths: Sequence[int], cut: int, ran_away: int) -> Lengths:
    """The same log; of the longest some were cut, or ran away."""
    n, found = len(lengths), list[int | None](lengths)
    places = sorted(range(n), key=lambda i: lengths[i])
    for i in places[n - cut :]:
        found[i] = None
    for i in places[n - ran_away :]:
        found[i] = RAN_AWAY
    return found


def for_reports(n: int, share: float, *, logs: int = LOGS, cut: int = 0, ran_away: int = 0) -> Asks:
    """Ask for a ceiling for each of some logs."""

    def ask(answer: Answer) -> object:
        given = (with_ends(drawn(seed, n), cut, ran_away) for seed in range(logs))
        values = (answer(one, max_truncation=share, thinking_p99=0) for one in given)
        return Ceilings(tuple(values), share)

    return ask


def for_classifier(thinking: int) -> Asks:
    """Ask for a ceiling for answers of four to seven tokens, behind so much thinking."""

    def ask(answer: Answer) -> object:
        given: Lengths = [4 + i % 4 for i in range(1_000)]
        return Ceilings((answer(given, max_truncation=0.01, thinking_p99=thinking),), 0.01)

    return ask
