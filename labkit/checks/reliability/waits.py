"""Many waits of one answer, and what their spread says about it."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeGuard

from labkit.checks.exercise import Hint
from labkit.checks.signs import Sign
from labkit.checks.verdict import told

MANY = 400
NEAR_MEAN = 0.06
"""How far the mean of so many may be from the middle, as a share of the spread."""
BARELY, HALF_LOW = 0.6, 0.4
"""Smallest by longest wait: above the first it is barely spread, between both it is half."""


@dataclass(frozen=True, slots=True)
class Waits:
    """What came for one question, asked many times of one generator."""

    values: tuple[object, ...]

    def __repr__(self) -> str:
        """Seconds from the shortest to the longest, and how often none came."""
        if self.odd:
            return told(self.odd[0])
        none = f"None {len(self.values) - len(self.seconds)} times of {len(self.values)}"
        if not self.seconds:
            return none
        mean = sum(self.seconds) / len(self.seconds)
        spread = f"{min(self.seconds):.2f} to {max(self.seconds):.2f} s, {mean:.2f} on average"
        return spread if len(self.seconds) == len(self.values) else f"{spread}; {none}"

    @property
    def seconds(self) -> tuple[float, ...]:
        """The waits; those that are None left out."""
        return tuple(one for one in self.values if is_number(one))

    @property
    def odd(self) -> tuple[object, ...]:
        """What is neither a number nor None."""
        return tuple(one for one in self.values if one is not None and not is_number(one))

    def within(self, low: float, high: float) -> bool:
        """Whether all are waits, spread evenly between two numbers."""
        if len(self.seconds) < len(self.values):
            return False
        mean, wide = sum(self.seconds) / len(self.seconds), high - low
        inside = low <= min(self.seconds) and max(self.seconds) <= high
        return inside and abs(mean - (low + high) / 2) <= NEAR_MEAN * wide


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value is a number of seconds."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def drawn(wait: Callable[[random.Random], object], times: int = MANY) -> Waits:
    """What an answer gives for one question, so many times, of one seeded generator."""
    rng = random.Random(7)
    return Waits(tuple(wait(rng) for _ in range(times)))


def fits(sign: Callable[[Waits], bool]) -> Sign:
    """A sign for waits; anything else it does not fit."""
    return lambda got: isinstance(got, Waits) and sign(got)


def narrow(waits: Waits) -> float:
    """The shortest by the longest."""
    return min(waits.seconds) / max(waits.seconds)


NOT_SECONDS = Hint(
    "not-seconds",
    fits(lambda waits: bool(waits.odd)),
    "The app cannot wait so long: this is no number. It hands what you return to `sleep`.",
    "Return seconds, as an int or a float; not a text, a tuple or a timedelta.",
)
OWN_CHANCE = Hint(
    "own-chance",
    fits(lambda _: True),
    "Two equal generators gave different waits, so no test can repeat what happened in an "
    "incident. Draw from the `rng` that is handed in.",
    "`rng.uniform(0, widest)`; not `random.uniform`.",
)
NO_JITTER = Hint(
    "no-jitter",
    fits(lambda waits: len(set(waits.seconds)) == 1),
    "Every client waits alike: 180 people who were turned away together come back together, and "
    "are turned away again.",
    "Let `rng` draw the wait: anything from 0 to the longest one, all equally likely.",
)
SMALL_JITTER = Hint(
    "small-jitter",
    fits(lambda waits: narrow(waits) > BARELY),
    "Look at the second spike: with so little chance in the wait the crowd comes back nearly "
    "together, and most are turned away again.",
    "Do not add some chance to the wait: draw the whole wait, `rng.uniform(0, widest)`.",
)
EQUAL_JITTER = Hint(
    "equal-jitter",
    fits(lambda waits: HALF_LOW < narrow(waits) <= BARELY),
    "Nobody comes back in the first half of the time, so the second half is twice as full. This "
    "is equal jitter, a known choice; asked for is full jitter, from 0 on.",
    "`rng.uniform(0, widest)`.",
)
