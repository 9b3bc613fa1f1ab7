"""R6: what a threshold does, and what each misconception would choose instead.

questions, a threshold that came -> Chosen -> which rule it is as if it was chosen by
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from numbers import Real

from labkit.checks.signs import Sign
from labkit.checks.verdict import told
from labkit.reliability import RiskPoint, risk_coverage


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions with their scores, and the limit that a threshold must keep."""

    scores: tuple[float, ...]
    answerable: tuple[bool, ...]
    limit: float
    others: "Asked | None" = None
    """The half on which the threshold is judged, where it is another one."""

    def at(self, threshold: float) -> RiskPoint:
        """What a threshold does to these people."""
        pairs = zip(self.scores, self.answerable, strict=True)
        shown = [has for score, has in pairs if score >= threshold]
        right = sum(shown)
        away = sum(self.answerable) - right
        return RiskPoint(threshold, len(shown), len(shown) - right, away, len(self.scores))

    def every(self) -> tuple[RiskPoint, ...]:
        """All thresholds that make a difference, the strictest first."""
        return risk_coverage(self.scores, self.answerable)

    def lowest(self, keeps: Callable[[RiskPoint], bool]) -> float:
        """The lowest threshold that a rule keeps; infinity where it keeps none."""
        return min((one.threshold for one in self.every() if keeps(one)), default=math.inf)

    @property
    def right(self) -> float:
        """The threshold that is asked for."""
        return self.lowest(lambda one: one.risk <= self.limit)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The threshold that came, and what it does."""

    came: object
    asked: Asked
    changed: bool
    """Whether one of the lists that it was given is another now."""

    def __repr__(self) -> str:
        if self.threshold is None:
            return told(self.came)
        return f"{self.judged!r}" + (", and a list was changed" if self.changed else "")

    @property
    def threshold(self) -> float | None:
        """The number; None where none came."""
        came = self.came
        is_number = isinstance(came, Real) and not isinstance(came, bool) and came == came  # noqa: PLR0124
        return float(came) if is_number else None  # type: ignore[arg-type]

    @property
    def own(self) -> RiskPoint:
        """What it does to the questions it was chosen on."""
        assert self.threshold is not None
        return self.asked.at(self.threshold)

    @property
    def judged(self) -> RiskPoint:
        """What it does to the questions that it is judged on."""
        assert self.threshold is not None
        return (self.asked.others or self.asked).at(self.threshold)


def of(got: object) -> Chosen:
    """What was chosen; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Chosen)
    return got


def as_if(rule: Callable[[Asked], float]) -> Sign:
    """Fits a threshold that shows as many as this rule, and not as many as the right one."""

    def fits(got: object) -> bool:
        one = of(got)
        by_rule, right = one.asked.at(rule(one.asked)), one.asked.at(one.asked.right)
        return one.own.shown == by_rule.shown != right.shown

    return fits


def accurate(asked: Asked) -> float:
    """The threshold with the most right decisions."""
    best = min(asked.every(), key=lambda one: (one.wrong + one.sent_away, one.threshold))
    return best.threshold


def among_all(asked: Asked) -> float:
    """The lowest at which few of all who ask read a wrong answer."""
    return asked.lowest(lambda one: one.wrong <= asked.limit * one.asked)


def among_unanswerable(asked: Asked) -> float:
    """The lowest at which few of the unanswerable questions are answered."""
    none = asked.answerable.count(False)
    return asked.lowest(lambda one: one.wrong <= asked.limit * none)


def one_below(asked: Asked) -> float:
    """The highest score that must not be shown."""
    return max((one for one in asked.scores if one < asked.right), default=-math.inf)


def strictly(asked: Asked) -> float:
    """The lowest that stays below the limit."""
    return asked.lowest(lambda one: one.risk < asked.limit)


def row_by_row(asked: Asked) -> float:
    """The lowest where equal scores are counted one after the other, the good ones first."""
    pairs = sorted(zip(asked.scores, asked.answerable, strict=True), reverse=True)
    wrong, found = 0, math.inf
    for shown, (score, has) in enumerate(pairs, 1):
        wrong += not has
        found = score if wrong <= asked.limit * shown else found
    return found


def until_broken(asked: Asked) -> float:
    """The last one before the limit is broken for the first time."""
    fine = takewhile(lambda one: one.risk <= asked.limit, asked.every())
    return min((one.threshold for one in fine), default=math.inf)


def either(*signs: Sign) -> Sign:
    """Fits where one of them does."""
    return lambda got: any(sign(got) for sign in signs)


def too_many(got: object) -> bool:
    """Fits a threshold that breaks the limit on its own questions."""
    return of(got).own.risk > of(got).asked.limit


def too_few(got: object) -> bool:
    """Fits one that keeps it and shows fewer than another that keeps it."""
    one = of(got)
    return not too_many(got) and one.own.shown < one.asked.at(one.asked.right).shown


def too_many_of_others(got: object) -> bool:
    """Fits one that keeps the limit where it was chosen and breaks it elsewhere."""
    return not too_many(got) and of(got).judged.risk > of(got).asked.limit
