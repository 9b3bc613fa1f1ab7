"""A prompt cache on traffic of one's choice: no cache, five minutes or an hour.

    requests an hour, how they come, how long the prefix is -> 1,000 requests -> cache_bill -> view

Runs no app and sends nothing: ``labkit.cost.cache_bill`` says what each plan costs. The gaps of
random traffic are a thousand equal steps of their distribution in a drawn order, so that a curve
is smooth and has no luck in it.
"""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from labkit import catalog
from labkit.arguments import refused, text, whole
from labkit.catalog import Price
from labkit.cost import CacheBill, cache_bill
from labkit.cost.caching import LIFETIMES_S, READY_S, Fate, fates_of
from labkit.views import Provenance, View, amount, choice
from labkit.views.cost.cache_plans import draw_cache_plans
from labkit.views.cost.cache_scene import DAY_S, PLANS, CacheScene, CacheSide, Curve
from labkit.views.words import number, percent

REQUESTS = 1_000
HOUR_S = 3_600.0
STEP, MOST, FIRST = 0.25, 8.0, 2.0
"""Requests an hour: the steps of the slider, its end and its beginning."""
RATES = (*(step / 4 for step in range(1, 8)), *(step / 2 for step in range(4, 17)))
"""Requests an hour at which a curve is drawn, closer where it bends."""
CLOSE = 0.005
BURST = 5
LONG = 6_000
"""Tokens, about what Latch sends."""
MARKER = "5m"
"""The lifetime of a marker that names none."""
NOT_SHOWN = (
    "Your own traffic, which has its nights and its bursts: give its times to "
    "labkit.cost.cache_bill. And the rest of the bill: a cache makes no answer cheaper."
)


def cache_pays(model: str, *, seed: int = 7) -> View:
    """Move the requests an hour, and see what a marker costs and what the log would choose.

    Args:
        model: Whose prices, and whose shortest cached prefix.
        seed: The same seed gives the same picture.
    """
    price, least = priced(text("model", model, "Nobody knows its prices."))
    whole("seed", seed, "The same seed must give the same picture.")
    prefixes = {f"{number(n)} tokens": n for n in (LONG, max(least - 100, 1))}

    @cache
    def curves(come: str, prefix: int) -> tuple[Curve, ...]:
        return tuple(curve(ttl, come, prefix) for ttl in LIFETIMES_S)

    def curve(ttl: str, come: str, prefix: int) -> Curve:
        def share(per_hour: float) -> float:
            return billed(COMES[come](per_hour, seed), prefix, ttl).multiplier

        points = tuple((rate, share(rate)) for rate in RATES)
        return Curve(ttl, points, pays_from(share, points))

    def billed(moments: Sequence[float], prefix: int, ttl: str | None) -> CacheBill:
        return cache_bill(moments, prefix, ttl, price, least)

    def scene(per_hour: float, come: str, prefix: int) -> CacheScene:
        moments = COMES[come](per_hour, seed)
        bills = {ttl: billed(moments, prefix, ttl) for ttl in PLANS}
        best = min(bills.values(), key=lambda bill: bill.cost_usd)
        return CacheScene(
            finding=finding(bills, best, per_hour, (prefix, least)),
            curves=curves(come, prefix),
            bills=tuple(bills.values()),
            per_hour=per_hour,
            prototype=CacheSide("prototype", bills[MARKER], day(moments, bills[MARKER], price)),
            production=CacheSide("production", best, day(moments, best, price)),
            provenance=Provenance(
                "simulated",
                (f"seed {seed}", f"{number(REQUESTS)} requests at each rate", f"prices of {model}"),
            ),
            not_shown=NOT_SHOWN,
        )

    return View.of(
        scene,
        draw_cache_plans,
        {
            "per_hour": amount("Requests", STEP, MOST, step=STEP, value=FIRST, unit="an hour"),
            "come": choice("They come", list(COMES)),
            "prefix": choice("The prefix they share", prefixes),
        },
    )


def priced(model: str) -> tuple[Price, int]:
    """The price of a model and its shortest cached prefix, where both are published."""
    known = catalog.model(model)
    rates = known.price.cache_write_5m, known.price.cache_write_1h, known.price.cache_read
    if None in rates or known.cache_minimum is None:
        follows = "Its cache prices or its shortest cached prefix are not published."
        raise refused("model", model, follows, 'Give another id, such as "lab-frontier-1".')
    return known.price, known.cache_minimum


def pays_from(
    share: Callable[[float], float], points: Sequence[tuple[float, float]]
) -> float | None:
    """From how many requests an hour on a plan pays, halved until it is close; None for never."""
    first = next((place for place, (_, cost) in enumerate(points) if cost < 1), None)
    if not first:
        return None if first is None else points[0][0]
    low, high = points[first - 1][0], points[first][0]
    while high - low > CLOSE:
        middle = (low + high) / 2
        low, high = (low, middle) if share(middle) < 1 else (middle, high)
    return high


def finding(
    bills: Mapping[str | None, CacheBill],
    best: CacheBill,
    per_hour: float,
    prefix: tuple[int, int],
) -> str:
    """What the marker costs, and what the log would choose."""
    tokens, least = prefix
    if tokens < least:
        return (
            f"A prefix of {number(tokens)} tokens is below this model's {number(least)}: the "
            "marker caches nothing, both counters stay 0, and nothing says so."
        )
    rate = f"{per_hour:g} request{'' if per_hour == 1 else 's'} an hour"
    marked = f"At {rate} the marker makes the prefix {than(bills[MARKER])} than no cache"
    if best.ttl is None:
        return f"{marked}; the log says no cache."
    if best.ttl == MARKER:
        return f"{marked}, and the log says so, too."
    return f"{marked}; the log says {PLANS[best.ttl]}: {than(best)}."


def than(bill: CacheBill) -> str:
    """How much dearer or cheaper than no cache."""
    more = bill.multiplier - 1
    return f"{percent(abs(more))} {'dearer' if more > 0 else 'cheaper'}"


def day(moments: Sequence[float], bill: CacheBill, price: Price) -> tuple[tuple[float, float], ...]:
    """The requests of the first day, and what each pays as a share of the plain price."""
    first = [at_s for at_s in moments if at_s < DAY_S]
    lifetime_s = None if bill.plain else LIFETIMES_S.get(bill.ttl or "")
    write = price.cache_write_1h if bill.ttl == "1h" else price.cache_write_5m
    paid = {Fate.WRITTEN: write, Fate.READ: price.cache_read, Fate.PLAIN: price.input}
    fates = fates_of(first, lifetime_s, READY_S)
    return tuple(
        (at_s, (paid[fate] or 0.0) / price.input) for at_s, fate in zip(first, fates, strict=True)
    )


def steps(count: int, seed: int) -> list[float]:
    """Gaps of random moments with a mean of 1, without the luck of a draw, in a drawn order."""
    gaps = [-math.log1p(-(place + 0.5) / count) for place in range(count)]
    random.Random(seed).shuffle(gaps)
    return gaps


def summed(gaps: Sequence[float], mean_s: float) -> list[float]:
    """The moments that such gaps lead to."""
    at_s, moments = 0.0, []
    for gap in gaps:
        at_s += gap * mean_s
        moments.append(at_s)
    return moments


def at_random(per_hour: float, seed: int) -> list[float]:
    """Nobody knows of anybody else."""
    return summed(steps(REQUESTS, seed), HOUR_S / per_hour)


def evenly(per_hour: float, _: int) -> list[float]:
    """A job that a clock starts."""
    return summed([1.0] * REQUESTS, HOUR_S / per_hour)


def in_bursts(apart_s: float) -> Callable[[float, int], list[float]]:
    """Five each time, so many seconds apart; the bursts come at random moments."""

    def moments(per_hour: float, seed: int) -> list[float]:
        begun = summed(steps(REQUESTS // BURST, seed), BURST * HOUR_S / per_hour)
        return sorted(at_s + n * apart_s for at_s in begun for n in range(BURST))

    return moments


COMES: Mapping[str, Callable[[float, int], list[float]]] = MappingProxyType(
    {
        "at random moments": at_random,
        "evenly": evenly,
        "five within a minute": in_bursts(15.0),
        "five at once": in_bursts(0.0),
    }
)
"""How requests come, whatever their number."""
