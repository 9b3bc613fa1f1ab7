"""What a prompt cache costs on this traffic, and from how much traffic on it pays.

    when requests came, a shared prefix -> writes, reads, plain -> CacheBill

A request that finds no entry writes one, and pays more than without a cache; a read pays little.
An entry lives five minutes or an hour from the START of the last request that wrote or read it,
and can be read once the first answer has begun: requests at the same moment all write. Below the
model's least length nothing is cached, and nothing says so. Source: docs: prompt caching,
2026-08-22. Only the prefix is counted; whatever follows it costs the same either way.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import Enum

from labkit import catalog
from labkit.arguments import known, number, refused, whole
from labkit.catalog import Price
from labkit.cost.money import EXACT, added, columns, dollars
from labkit.cost.pricing import usd_of

LIFETIMES_S = {"5m": 300.0, "1h": 3_600.0}
FOLLOWS = "Nobody knows how long an entry would live."
WHOSE = "this model"
READY_S = 1.0
"""How long after a request its answer begins; made up, take your own time to the first token."""


class Fate(Enum):
    """What becomes of the prefix of one request."""

    WRITTEN = "written"
    READ = "read"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, repr=False)
class CacheBill:
    """What a shared prefix costs with a cache, and without one."""

    ttl: str | None
    """``5m`` or ``1h``; None without a cache."""
    written: int
    """Requests that wrote the prefix."""
    read: int
    """Requests that read it."""
    plain: int
    """Requests that paid the plain price, because nothing was cached."""
    cost_usd: Decimal
    without_usd: Decimal
    """What the same requests cost without a cache."""

    @property
    def requests(self) -> int:
        """All of them."""
        return self.written + self.read + self.plain

    @property
    def hit_rate(self) -> float:
        """The share of requests that read; 0 without requests."""
        return self.read / self.requests if self.requests else 0.0

    @property
    def multiplier(self) -> float:
        """The cost as a share of that without a cache: below 1 the cache pays; 1 for nothing."""
        return float(self.cost_usd / self.without_usd) if self.without_usd else 1.0

    @property
    def pays(self) -> bool:
        """Whether it is cheaper than without a cache."""
        return self.cost_usd < self.without_usd

    def __repr__(self) -> str:
        """Both amounts, the first as a share of the second, and what became of the requests."""
        head = ("prefix", "USD", "share")
        without = ("no cache", dollars(self.without_usd), "1.000")
        own = (f"cache {self.ttl or 'off'}", dollars(self.cost_usd), f"{self.multiplier:.3f}")
        fates = f"{self.written:,} written, {self.read:,} read, {self.plain:,} plain"
        short = "; too short to be cached" if self.ttl and self.plain else ""
        return f"{columns([head, without, own])}\n{fates}{short}"


def cache_bill(  # noqa: PLR0913 - the card's five, and one by name
    timestamps: Iterable[float],
    prefix_tokens: int,
    ttl: str | None,
    prices: Price | str,
    min_tokens: int | None = None,
    *,
    ready_s: float = READY_S,
) -> CacheBill:
    """What a prefix costs that these requests share.

    Args:
        timestamps: When each request was sent, in seconds, in any order.
        prefix_tokens: How long the shared prefix is.
        ttl: ``5m``, ``1h``, or None for no cache.
        prices: A price, or the id of a model of the catalogue.
        min_tokens: The shortest prefix that is cached; if None the model's own, and none where
            that is not published or ``prices`` is no model.
        ready_s: Seconds until an answer begins, from which on its entry can be read.
    """
    moments = sorted(number("a timestamp", one, "It is no time.") for one in a_list(timestamps))
    tokens = whole("prefix_tokens", prefix_tokens, "No prefix is that long.", least=0)
    price, least = price_and_minimum(prices, min_tokens)
    lifetime_s = None if ttl is None else known(ttl, LIFETIMES_S, "a lifetime", FOLLOWS)
    if not tokens or tokens < least:
        lifetime_s = None
    ready_s = number("ready_s", ready_s, "Nobody knows when an entry can be read.")
    fates = fates_of(moments, lifetime_s, ready_s)
    written, read, plain = (fates.count(fate) for fate in Fate)
    write = price.cache_write_1h if ttl == "1h" else price.cache_write_5m
    rates = ((written, write), (read, price.cache_read), (plain, price.input))
    with localcontext(EXACT):
        cost_usd = added(usd_of(count * tokens, rate, WHOSE) for count, rate in rates)
        without_usd = usd_of(len(moments) * tokens, price.input, WHOSE)
    return CacheBill(ttl, written, read, plain, cost_usd, without_usd)


def fates_of(moments: Iterable[float], lifetime_s: float | None, ready_s: float) -> list[Fate]:
    """What becomes of each request, in the order of time; None as lifetime caches nothing."""
    fates = []
    readable_s, expires_s = math.inf, -math.inf
    for now_s in moments:
        if lifetime_s is None:
            fates.append(Fate.PLAIN)
            continue
        lives = now_s < expires_s
        fates.append(Fate.READ if lives and readable_s <= now_s else Fate.WRITTEN)
        if not lives:
            readable_s = now_s + ready_s
        expires_s = now_s + lifetime_s
    return fates


def break_even_hit_rate(write: float, read: float) -> float:
    """The share of requests that must read for a cache to cost what none does.

    For example 0.217 for writes at 1.25 and reads at 0.1 of the plain price. Above 1 it never pays.

    Args:
        write: The price of a written token as a multiple of the plain one.
        read: The price of a read token, the same way.
    """
    dearer, cheaper = multiples(write, read)
    return max(0.0, (dearer - 1) / (dearer - cheaper))


def break_even_per_hour(write: float, read: float, ttl: str) -> float:
    """From how many requests an hour on a cache pays, where they come at random moments.

    A request reads if another came within the lifetime before it: with the chance
    1 - exp(-rate · lifetime), because reads refresh an entry. Requests that come in bursts or
    evenly have another break-even: give their times to ``cache_bill``.
    """
    share = break_even_hit_rate(write, read)
    lifetime_h = known(ttl, LIFETIMES_S, "a lifetime", FOLLOWS) / 3_600
    return -math.log1p(-share) / lifetime_h if share < 1 else math.inf


def expected_multiplier(per_hour: float, write: float, read: float, ttl: str) -> float:
    """The price of a prefix as a share of that without a cache, at so many random requests."""
    dearer, cheaper = multiples(write, read)
    rate = number("per_hour", per_hour, "No traffic is like that.")
    lifetime_h = known(ttl, LIFETIMES_S, "a lifetime", FOLLOWS) / 3_600
    misses = math.exp(-rate * lifetime_h)
    return misses * dearer + (1 - misses) * cheaper


def multiples(write: float, read: float) -> tuple[float, float]:
    """Both multiples, if a read is cheaper than plain and than a write."""
    dearer = number("write", write, "No token costs that.")
    cheaper = number("read", read, "No token costs that.")
    if not cheaper < min(1, dearer):
        follows = "No cache could pay: a read must cost less than a plain token and than a write."
        raise refused(
            "read", read, follows, "Give multiples of the plain price, such as 1.25, 0.1."
        )
    return dearer, cheaper


def price_and_minimum(prices: Price | str, min_tokens: int | None) -> tuple[Price, int]:
    """The price of a prefix, and the shortest one that is cached."""
    own = 0
    if isinstance(prices, str):
        model = catalog.model(prices)
        prices, own = model.price, model.cache_minimum or 0
    if not isinstance(prices, Price):
        follows = "No prefix can be priced by it."
        raise refused("prices", prices, follows, 'Give a Price, or a model id: "lab-balanced-1".')
    least = own if min_tokens is None else min_tokens
    return prices, whole("min_tokens", least, "No prefix can be that short.", least=0)


def a_list(timestamps: Iterable[float]) -> list[float]:
    """The times, if they can be gone through."""
    if isinstance(timestamps, Iterable) and not isinstance(timestamps, str | bytes):
        return list(timestamps)
    follows = "Nobody knows when requests came."
    raise refused("timestamps", timestamps, follows, "Give seconds, for example [0, 60, 120].")
