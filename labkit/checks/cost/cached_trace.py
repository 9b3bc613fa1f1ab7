"""C8, whether a cache pays: one trace of requests after another, and what its prefix costs.

times, a prefix, a lifetime -> the answer's bill beside the right one -> the first case that fails
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from labkit.checks.exercise import Answer, Asks
from labkit.checks.verdict import told

READY_S = 1.0
LIFETIMES_S = {"5m": 300.0, "1h": 3_600.0}
PRICES: Mapping[str, Decimal] = {
    "input": Decimal("3"),
    "write_5m": Decimal("3.75"),
    "write_1h": Decimal("6"),
    "read": Decimal("0.30"),
}
"""USD per million tokens; invented."""
MILLION = 1_000_000
LEAST = 1_024
PREFIX = 4_000
CLOSE = 1e-9


class Right(NamedTuple):
    """What a trace costs."""

    written: int
    read: int
    plain: int
    usd: float


@dataclass(frozen=True, slots=True)
class Trace:
    """When requests came, and what they share."""

    times: tuple[float, ...]
    ttl: str = "5m"
    prefix: int = PREFIX

    @property
    def right(self) -> Right:
        """What becomes of the requests, and the cost."""
        count = len(self.times)
        written = read = 0
        if self.prefix >= LEAST:
            read = reads(sorted(self.times), LIFETIMES_S[self.ttl])
            written = count - read
        plain = count - written - read
        rates = (PRICES[f"write_{self.ttl}"], PRICES["read"], PRICES["input"])
        paid = zip((written, read, plain), rates, strict=True)
        usd = sum(self.prefix * n * rate for n, rate in paid) / MILLION
        return Right(written, read, plain, float(usd))

    @property
    def uncached_usd(self) -> float:
        """What it costs without a cache."""
        return float(len(self.times) * self.prefix * PRICES["input"] / MILLION)


def reads(times: Sequence[float], lifetime_s: float) -> int:
    """How many of these requests read the prefix."""
    found, readable_s, expires_s = 0, math.inf, -math.inf
    for now_s in times:
        if now_s >= expires_s:
            readable_s = now_s + READY_S
        found += now_s >= readable_s
        expires_s = now_s + lifetime_s
    return found


@dataclass(frozen=True, slots=True, repr=False)
class Billed:
    """What an answer says of a trace."""

    value: object
    trace: Trace
    kept: bool
    """Whether the list of times is as it was."""

    def __repr__(self) -> str:
        if not self.is_bill:
            return told(self.value, 120)
        said = shown(self.written, self.read, self.plain, self.usd)
        return said if self.kept else f"the list of times is another one; {said}"

    @property
    def is_bill(self) -> bool:
        """Whether it has three counts and an amount."""
        counts = [getattr(self.value, name, None) for name in ("written", "read", "plain")]
        amount = getattr(self.value, "usd", None)
        return all(type(one) is int for one in counts) and isinstance(amount, int | float | Decimal)

    @property
    def written(self) -> int:
        """Requests that are said to have written."""
        return int(getattr(self.value, "written"))  # noqa: B009 - a learner's own class

    @property
    def read(self) -> int:
        """Requests that are said to have read."""
        return int(getattr(self.value, "read"))  # noqa: B009

    @property
    def plain(self) -> int:
        """Requests that are said to have paid the plain price."""
        return int(getattr(self.value, "plain"))  # noqa: B009

    @property
    def usd(self) -> float:
        """What they are said to have cost."""
        return float(getattr(self.value, "usd"))  # noqa: B009

    @property
    def counts(self) -> bool:
        """Whether each request is what it should be."""
        return (self.written, self.read, self.plain) == self.trace.right[:3]

    @property
    def costs(self) -> bool:
        """Whether the amount is right."""
        return math.isclose(self.usd, self.trace.right.usd, rel_tol=CLOSE)


def shown(written: int, read: int, plain: int, usd: float) -> str:
    """A bill in words."""
    return f"{written} written, {read} read, {plain} plain, {usd:.6f} USD"


def billed(trace: Trace) -> Asks:
    """One trace."""

    def ask(answer: Answer) -> object:
        times = list(trace.times)
        value = answer(times, trace.prefix, trace.ttl, PRICES, LEAST)
        return Billed(value, trace, times == list(trace.times))

    return ask


def drawn(per_hour: float, ttl: str) -> Trace:
    """A day of requests at random moments."""
    rng, times = random.Random(7), [0.0]
    while times[-1] < 86_400:  # noqa: PLR2004 - a day
        times.append(times[-1] + rng.expovariate(per_hour / 3_600))
    return Trace(tuple(times), ttl)
