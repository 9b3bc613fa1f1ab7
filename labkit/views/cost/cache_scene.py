"""What a view of a prompt cache draws: three plans by the requests an hour, and a day of two.

Values only; ``cache_plans`` draws them.
"""

from dataclasses import dataclass

from labkit.cost import CacheBill
from labkit.views.drawing import Provenance
from labkit.views.sides import Party
from labkit.views.words import number, usd

DAY_S = 86_400
PLANS = {None: "no cache", "5m": "5 minutes", "1h": "1 hour"}


@dataclass(frozen=True, slots=True)
class Curve:
    """What one lifetime costs, by the requests an hour."""

    ttl: str
    points: tuple[tuple[float, float], ...]
    """Requests an hour, and the share of what no cache costs."""
    pays_from: float | None
    """From how many an hour on it is cheaper than no cache; None where it never is."""


@dataclass(frozen=True, slots=True)
class CacheSide(Party):
    """One app's plan, and what becomes of its requests."""

    bill: CacheBill
    day: tuple[tuple[float, float], ...]
    """Of one day: when each request came, in seconds, and what it pays, as a share of plain."""

    @property
    def plan(self) -> str:
        """The rule in words."""
        name = PLANS[self.bill.ttl]
        return f"a marker, {name}" if self.who == "prototype" else f"asks the log: {name}"

    @property
    def facts(self) -> dict[str, str]:
        """The numbers below its day."""
        return {
            "of no cache": number(self.bill.multiplier, 2),
            "read": number(self.bill.read),
            "written": number(self.bill.written),
            "plain price": number(self.bill.plain),
            "USD for 1,000": usd_for_1000(self.bill),
        }


def usd_for_1000(bill: CacheBill) -> str:
    """What the prefix costs a thousand requests."""
    return usd(1_000 * float(bill.cost_usd) / bill.requests)


@dataclass(frozen=True, slots=True)
class CacheScene:
    """All plans at all rates, and the two that were taken at one."""

    finding: str
    curves: tuple[Curve, ...]
    bills: tuple[CacheBill, ...]
    """What each plan costs at the rate on show: no cache, five minutes, an hour."""
    per_hour: float
    prototype: CacheSide
    production: CacheSide
    provenance: Provenance
    not_shown: str = ""

    @property
    def sides(self) -> tuple[CacheSide, CacheSide]:
        """Prototype first."""
        return self.prototype, self.production

    @property
    def most(self) -> float:
        """The most requests an hour on the axis."""
        return self.curves[0].points[-1][0]

    def across(self, per_hour: float) -> float:
        """Per cent from the left."""
        return round(100 * per_hour / self.most, 2)
