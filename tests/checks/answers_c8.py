"""C8: right answers written otherwise, and each misconception written three ways."""

import math
import operator
from functools import partial
from typing import NamedTuple

from labkit import cost
from labkit.catalog import Price

CODE = "C8"
READY_S = 1.0
MILLION = 1_000_000
LIFETIMES_S = {"5m": 300, "1h": 3_600}


class Bill(NamedTuple):
    """What the exercise gives."""

    written: int
    read: int
    plain: int
    usd: float


# -- right answers, written otherwise ---------------------------------------------------------


def the_block(timestamps, prefix_tokens, ttl, prices, min_tokens):
    """The building block, with the prices as it takes them."""
    written = {f"cache_{name}": float(prices[name]) for name in ("write_5m", "write_1h", "read")}
    price = Price(float(prices["input"]), output=0, **written)
    bill = cost.cache_bill(timestamps, prefix_tokens, ttl, price, min_tokens)
    return Bill(bill.written, bill.read, bill.plain, bill.cost_usd)


def by_entries(timestamps, prefix_tokens, ttl, prices, min_tokens, lives=operator.lt):
    """Cuts the times into entries first, then looks into each."""
    if prefix_tokens < min_tokens:
        usd = len(timestamps) * prefix_tokens * prices["input"] / MILLION
        return Bill(0, 0, len(timestamps), usd)
    entries = []
    for now in sorted(timestamps):
        if entries and lives(now - entries[-1][-1], LIFETIMES_S[ttl]):
            entries[-1].append(now)
        else:
            entries.append([now])
    written = sum(now - entry[0] < READY_S for entry in entries for now in entry)
    read = len(timestamps) - written
    write = float(prices["write_1h" if ttl == "1h" else "write_5m"])
    usd = prefix_tokens * (written * write + read * float(prices["read"])) / MILLION
    return Bill(written, read, 0, usd)


# -- planted misconceptions -------------------------------------------------------------------


def expiry(state, now, lifetime):
    """Each request starts the time again."""
    return now + lifetime


def priced(written, read, plain, rates):
    """What they cost per token."""
    return written * rates["write"] + read * rates["read"] + plain * rates["input"]


def built(
    order=sorted,
    lifetime=lambda ttl: LIFETIMES_S[ttl],
    short=lambda tokens, least: tokens < least,
    begins=lambda state, now: now >= state["expires"],
    ready=lambda state, now: now + READY_S,
    readable=lambda state, now: now >= state["readable"],
    moves=lambda state, now: None,
    expires=expiry,
    rate=lambda ttl: f"write_{ttl}",
    price=priced,
    give=Bill,
    scale=MILLION,
):
    """A bill in which one thing is otherwise."""

    def cache_bill(timestamps, prefix_tokens, ttl, prices, min_tokens):
        counts = {"written": 0, "read": 0, "plain": 0}
        state = {"expires": -math.inf, "readable": math.inf, "entries": 0, "last": -math.inf}
        state["first"] = None
        for now in order(timestamps):
            if short(prefix_tokens, min_tokens):
                counts["plain"] += 1
                continue
            if begins(state, now):
                state["entries"] += 1
                state["first"] = now
                state["readable"] = ready(state, now)
                state["expires"] = now + lifetime(ttl)
            counts["read" if readable(state, now) else "written"] += 1
            moves(state, now)
            state["expires"] = expires(state, now, lifetime(ttl))
            state["last"] = now
        rates = dict(prices) | {"write": prices[rate(ttl)]}
        usd = prefix_tokens * price(**counts, rates=rates) / scale
        return give(**counts, usd=usd)

    return cache_bill


RIGHT = [the_block, by_entries, built()]


def result(change):
    """What ``change`` makes of the right bill."""
    return lambda *given: change(built()(*given))


def kept(state, now, lifetime):
    """Whatever was said when the entry began."""
    return state["expires"]


def only_writes(state, now, lifetime):
    """Reads leave the entry's end alone."""
    return state["expires"] if state["readable"] <= now else now + lifetime


def sorts(timestamps):
    """Sorts what was handed in."""
    timestamps.sort()
    return timestamps


def turned(timestamps):
    """The last one first in the list that was handed in."""
    timestamps.reverse()
    return sorted(timestamps)


def rolls(state, now):
    """Every write begins the wait anew."""
    if now < state["readable"]:
        state["readable"] = now + READY_S


def after_the_last(state, now):
    """Some quiet is needed before anybody can read."""
    return now >= state["readable"] and now - state["last"] >= READY_S


def after_one(state, now):
    """Whoever is not the first of an entry reads it."""
    return state["last"] >= state["first"]


WRONG = {
    "returns-nothing": [
        lambda *given: None,
        result(print),
        lambda *given: [].append(built()(*given)),
    ],
    "raises": [
        built(lifetime=lambda ttl: int(ttl) * 60),
        built(order=lambda times: [min(times), *sorted(times)[1:]]),
        built(rate=lambda ttl: ttl),
    ],
    "not-a-bill": [
        result(tuple),
        result(lambda bill: bill._asdict()),
        result(lambda bill: bill.usd),
    ],
    "changes-the-list": [
        built(order=sorts),
        built(order=turned),
        built(order=lambda times: [times.pop(times.index(min(times))) for _ in range(len(times))]),
    ],
    "not-per-million": [
        built(scale=1),
        built(scale=1_000),
        result(lambda bill: bill._replace(usd=bill.usd * MILLION)),
    ],
    "saves-ninety-percent": [
        built(readable=lambda state, now: True),
        built(price=lambda written, read, plain, rates: (written + read + plain) * rates["read"]),
        result(lambda bill: bill._replace(read=bill.read + bill.written, written=0)),
    ],
    "never-reads": [
        built(readable=lambda state, now: False),
        built(begins=lambda state, now: True),
        built(lifetime=lambda ttl: {"5m": 5, "1h": 60}[ttl]),
    ],
    "write-is-dearer": [
        built(rate=lambda ttl: "input"),
        built(
            price=lambda written, read, plain, rates: (
                (written + plain) * rates["input"] + read * rates["read"]
            )
        ),
        built(price=lambda written, read, plain, rates: read * rates["read"]),
    ],
    "read-is-cheaper": [
        built(
            price=lambda written, read, plain, rates: (
                written * rates["write"] + (read + plain) * rates["input"]
            )
        ),
        built(price=lambda written, read, plain, rates: (written + read + plain) * rates["write"]),
        built(
            price=lambda written, read, plain, rates: (
                written * (rates["write"] + rates["input"]) + read * rates["read"]
            )
        ),
    ],
    "ttl-from-the-write": [
        built(expires=kept),
        built(expires=only_writes),
        built(
            expires=lambda state, now, lifetime: (
                state["first"] + lifetime if state["first"] is not None else now
            )
        ),
    ],
    "never-expires": [
        built(begins=lambda state, now: state["first"] is None),
        built(lifetime=lambda ttl: math.inf),
        built(lifetime=lambda ttl: 3_600),
    ],
    "parallel-hits": [
        built(readable=after_one),
        built(readable=lambda state, now: now - state["last"] < 300),
        built(readable=lambda state, now: state["first"] < now or state["last"] == now),
    ],
    "same-moment-only": [
        built(readable=lambda state, now: now > state["first"]),
        built(ready=lambda state, now: now + 1e-9),
        built(readable=lambda state, now: now - state["first"] > 0.1),
    ],
    "waits-for-the-last": [
        built(moves=rolls),
        built(readable=after_the_last),
        built(readable=lambda state, now: now - max(state["last"], state["first"]) >= READY_S),
    ],
    "first-burst-only": [
        built(
            readable=lambda state, now: (
                now >= state["readable"] if state["entries"] == 1 else after_one(state, now)
            )
        ),
        built(
            ready=lambda state, now: now + READY_S if state["entries"] == 1 else now,
            readable=lambda state, now: now >= state["readable"] and after_one(state, now),
        ),
        built(readable=lambda state, now: now >= READY_S and after_one(state, now)),
    ],
    "caches-too-short": [
        built(short=lambda tokens, least: False),
        built(short=lambda tokens, least: tokens < 512),
        built(short=lambda tokens, least: tokens == 0),
    ],
    "wrong-price-for-plain": [
        built(
            price=lambda written, read, plain, rates: (
                (written + plain) * rates["write"] + read * rates["read"]
            )
        ),
        built(
            price=lambda written, read, plain, rates: (
                written * rates["write"] + read * rates["read"]
            )
        ),
        built(
            price=lambda written, read, plain, rates: (
                written * rates["write"] + (read + plain) * rates["read"]
            )
        ),
    ],
    "at-the-minimum": [
        built(short=lambda tokens, least: tokens <= least),
        built(short=lambda tokens, least: not tokens > least),
        built(short=lambda tokens, least: tokens < least + 1),
    ],
    "one-lifetime": [
        built(lifetime=lambda ttl: 300),
        built(lifetime=lambda ttl: {"5m": 300, "1h": 60}[ttl]),
        built(lifetime=lambda ttl: 300 if ttl else 0),
    ],
    "one-write-price": [
        built(rate=lambda ttl: "write_5m"),
        built(rate=lambda ttl: "input" if ttl == "1h" else "write_5m"),
        built(
            price=lambda written, read, plain, rates: (
                written * rates["write_5m"] + read * rates["read"] + plain * rates["input"]
            )
        ),
    ],
    "not-yet-readable": [
        built(readable=lambda state, now: now > state["readable"]),
        built(readable=lambda state, now: now - state["first"] > READY_S),
        built(ready=lambda state, now: now + READY_S + 1e-6),
    ],
    "alive-at-its-end": [
        built(begins=lambda state, now: now > state["expires"]),
        partial(by_entries, lives=operator.le),
        built(lifetime=lambda ttl: LIFETIMES_S[ttl] + 1e-6),
    ],
    "order-of-the-log": [
        built(order=list),
        built(order=lambda times: times),
        built(order=lambda times: [*times]),
    ],
}
