"""Who asks when: seeded arrivals over a stretch of simulated time.

    pattern, users, seconds, number, luck -> arrivals in the order of their times

Exactly so many arrivals fall independently of one another, more of them where the pattern is
busier; they do not wait for earlier answers (an open loop, as people come to a website).
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from math import ceil
from types import MappingProxyType
from typing import NamedTuple

from labkit.sim.luck import Luck

SLICES = 288
"""Within one of so many equal slices of the time, all moments are equally busy."""
NIGHT, DAY = (1, 1, 1, 1, 1, 2, 4, 8), (12, 16, 20, 20, 16, 16, 18, 20, 20, 16, 12, 10)
EVENING = (8, 6, 4, 2)
RHYTHM = NIGHT + DAY + EVENING
"""How busy the hours of a day are, from midnight (UTC) on."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """When the questions come, and from whom."""

    daily: bool = False
    """Follow the rhythm of a day: few at night, most in the late morning and the afternoon."""
    spike: float = 1.0
    """How many times busier the middle twentieth of the time is."""
    heavy: float = 0.0
    """The share of all questions that user 1 asks."""
    attackers: float = 0.0
    """The share of users who attack; they are the first by number."""


PATTERNS: Mapping[str, Pattern] = MappingProxyType(
    {
        "steady": Pattern(),
        "daily": Pattern(daily=True),
        "spike": Pattern(spike=20.0),
        "heavy user": Pattern(heavy=0.5),
        "attackers": Pattern(attackers=0.1),
    }
)


class Period(NamedTuple):
    """The time in which people come."""

    begins: datetime
    seconds: float


class Arrival(NamedTuple):
    """Somebody comes with a question."""

    when_s: float
    number: int
    """Which arrival it was when they were drawn; its questions hang on that."""
    user: int
    kind: str
    """``user``, ``heavy user`` or ``attacker``."""


def arrivals(
    pattern: Pattern, period: Period, users: int, number: int, luck: Luck
) -> Sequence[Arrival]:
    """So many arrivals, in order."""
    slice_s = period.seconds / SLICES
    middles = [period.begins + timedelta(seconds=(n + 0.5) * slice_s) for n in range(SLICES)]
    busy = [how_busy(pattern, (n + 0.5) / SLICES, middle.hour) for n, middle in enumerate(middles)]
    ends = list(accumulate(busy))
    found = []
    for n in range(number):
        drawn = luck.uniform("when", n) * ends[-1]
        place = bisect_right(ends, drawn)
        when_s = (place + 1 - (ends[place] - drawn) / busy[place]) * slice_s
        found.append(Arrival(when_s, n, *who(pattern, users, luck.uniform("who", n))))
    return sorted(found)


def how_busy(pattern: Pattern, share: float, hour: int) -> float:
    """How busy a moment is: ``share`` of the time has passed, and it is this hour of the day."""
    busy = float(RHYTHM[hour]) if pattern.daily else 1.0
    return busy * pattern.spike if 0.475 < share < 0.525 else busy  # noqa: PLR2004


def who(pattern: Pattern, users: int, drawn: float) -> tuple[int, str]:
    """The user who asks, and what kind of user that is; ``drawn`` is a number in [0, 1)."""
    if drawn < pattern.heavy:
        return 1, "heavy user"
    rest = (drawn - pattern.heavy) / (1 - pattern.heavy)
    user = 1 + int(rest * users)
    return user, "attacker" if user <= ceil(users * pattern.attackers) else "user"
