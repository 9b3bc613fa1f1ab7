"""What a cache costs on a trace of requests, held against the provider's own cache."""

import asyncio
import math
import random
from decimal import Decimal

import pytest
from cost_world import LONG, MODEL, SENTENCE, ask, ask_async, cached
from hypothesis import given
from hypothesis import strategies as st

from labkit import Lab, clock
from labkit.catalog import Price
from labkit.cost import (
    break_even_hit_rate,
    break_even_per_hour,
    cache_bill,
    cost_of,
    expected_multiplier,
)
from labkit.errors import ArgumentError

PRICE = Price(1.0, 5.0, cache_write_5m=1.25, cache_write_1h=2.0, cache_read=0.1)
NIGHT_S = 12 * 3_600
TRACES = {
    "steady": ([60 * n for n in range(10)], "5m", (1, 9, 0)),
    "sparse": ([1_800 * n for n in range(4)], "5m", (4, 0, 0)),
    "sparse for an hour": ([1_800 * n for n in range(4)], "1h", (1, 3, 0)),
    "night gap": ([0, 60, NIGHT_S, NIGHT_S + 60], "1h", (2, 2, 0)),
    "bursts": ([0, 0.1, 0.2, 100, 100.1, 1_000], "5m", (4, 2, 0)),
    "refreshed": ([0, 240, 480, 720, 960], "5m", (1, 4, 0)),
    "just too late": ([0, 300], "5m", (2, 0, 0)),
    "in time": ([0, 299], "5m", (1, 1, 0)),
    "off": ([0, 60], None, (0, 0, 2)),
}


@pytest.mark.parametrize("name", TRACES)
def test_each_trace_is_written_and_read_as_the_rules_say(name):
    """Reads refresh, a gap expires, what comes at once all writes."""
    moments, ttl, fates = TRACES[name]
    bill = cache_bill(moments, 10_000, ttl, PRICE)
    assert (bill.written, bill.read, bill.plain) == fates
    write = Decimal("0.02") if ttl == "1h" else Decimal("0.0125")
    written, read, plain = fates
    assert bill.cost_usd == written * write + read * Decimal("0.001") + plain * Decimal("0.01")
    assert bill.without_usd == len(moments) * Decimal("0.01")
    assert bill.hit_rate == read / len(moments)


def test_a_prefix_below_the_minimum_is_not_cached():
    """Both counters stay 0, and the bill says why."""
    short = cache_bill([0, 60], 1_023, "5m", MODEL)
    assert (short.plain, short.multiplier, short.pays) == (2, 1.0, False)
    assert repr(short).endswith("2 plain; too short to be cached")
    assert cache_bill([0, 60], 1_024, "5m", MODEL).read == 1
    assert cache_bill([0, 60], 600, "5m", PRICE, 512).read == 1
    assert cache_bill([0, 60], 500, "5m", PRICE, 512).plain == 2
    assert cache_bill([0], 0, "5m", PRICE).plain == 1


def test_a_bill_is_a_text():
    """One request every half hour is a quarter dearer than no cache."""
    bill = cache_bill([0, 1_800, 3_600], 2_000, "5m", MODEL)
    assert repr(bill) == (
        "prefix         USD  share\n"
        "no cache  0.012000  1.000\n"
        "cache 5m  0.015000  1.250\n"
        "3 written, 0 read, 0 plain"
    )
    assert not bill.pays
    assert bill.requests == 3


def test_no_traffic_costs_nothing():
    """And pays nothing back."""
    bill = cache_bill([], 2_000, "5m", MODEL)
    assert (bill.cost_usd, bill.multiplier, bill.hit_rate, bill.pays) == (0, 1.0, 0.0, False)


@pytest.mark.parametrize("ttl", ["5m", "1h"])
@pytest.mark.parametrize("name", [name for name in TRACES if TRACES[name][1]])
def test_the_provider_bills_the_same(name, ttl):
    """The same trace sent to the simulated provider: its invoice is the bill, to the last digit."""
    lab = Lab(7)
    moments = TRACES[name][0]
    usages = []

    async def one(client, when_s):
        await clock.current().sleep_async(when_s)
        message = await ask_async(client, system=cached(ttl=ttl))
        usages.append(message.usage)

    async def main(client):
        await asyncio.gather(*(one(client, when_s) for when_s in moments))

    lab.run(main)
    tokens = max(usage.cache_read_input_tokens or 0 for usage in usages) or max(
        usage.cache_creation_input_tokens or 0 for usage in usages
    )
    bill = cache_bill(moments, tokens, ttl, MODEL)
    seen = [cost_of(usage, MODEL) for usage in usages]
    paid = sum(one.write_5m_usd + one.write_1h_usd + one.read_usd for one in seen)
    assert bill.read == sum(bool(one.tokens.cache_read_input_tokens) for one in seen)
    assert bill.cost_usd == paid
    assert paid + sum(one.input_usd + one.output_usd for one in seen) == lab.invoice.total_usd


def test_the_provider_has_the_same_minimum():
    """A prefix that this room calls too short is not cached there either."""
    lab = Lab(7)
    for words, is_long in ((SENTENCE * 20, False), (LONG, True)):
        ask(lab.client, system=cached(words))
        lab.clock.sleep(60)
        usage = ask(lab.client, system=cached(words)).usage
        tokens = usage.cache_read_input_tokens or usage.input_tokens
        assert bool(usage.cache_read_input_tokens) is is_long
        assert bool(cache_bill([0, 60], tokens, "5m", MODEL).read) is is_long


def test_the_order_of_times_does_not_matter():
    """A log may be sorted by anything."""
    moments = [0, 60, 400, 1_000, 1_200]
    shuffled = moments[:]
    random.Random(7).shuffle(shuffled)
    assert cache_bill(shuffled, 2_000, "5m", MODEL) == cache_bill(iter(moments), 2_000, "5m", MODEL)


@pytest.mark.parametrize(
    ("write", "read", "ttl", "share", "per_hour"),
    [
        (1.25, 0.1, "5m", 0.217, 2.94),
        (1.25, 0.025, "5m", 0.204, 2.74),
        (2, 0.1, "1h", 0.526, 0.747),
        (2, 0.025, "1h", 0.506, 0.706),
    ],
)
def test_the_break_even_is_where_a_cache_costs_what_none_does(write, read, ttl, share, per_hour):
    """By hand: (write - 1) / (write - read), and minus its complement's logarithm per lifetime."""
    assert break_even_hit_rate(write, read) == pytest.approx(share, abs=5e-4)
    rate = break_even_per_hour(write, read, ttl)
    assert rate == pytest.approx(per_hour, abs=5e-3)
    assert expected_multiplier(rate, write, read, ttl) == pytest.approx(1)


def test_random_traffic_is_what_the_formula_expects():
    """Six an hour for a simulated month: the trace's multiplier is the formula's."""
    rng, now_s, moments = random.Random(7), 0.0, []
    for _ in range(4_000):
        now_s += rng.expovariate(6 / 3_600)
        moments.append(now_s)
    for ttl, write in (("5m", 1.25), ("1h", 2.0)):
        bill = cache_bill(moments, 2_000, ttl, PRICE, ready_s=0)
        expected = expected_multiplier(6, write, 0.1, ttl)
        assert bill.multiplier == pytest.approx(expected, abs=0.02)


def test_a_cache_that_costs_nothing_extra_always_pays():
    """And one that never pays back has no break-even."""
    assert break_even_hit_rate(1, 0.1) == 0
    assert break_even_per_hour(1, 0.1, "5m") == 0
    assert break_even_hit_rate(0.5, 0.1) == 0
    assert math.isfinite(break_even_per_hour(100, 0.99, "1h"))


@given(st.lists(st.floats(0, 1e5), max_size=40), st.sampled_from(["5m", "1h"]))
def test_every_request_has_one_fate(moments, ttl):
    """None is lost, the first always writes, and a longer life never reads less."""
    short, long = (cache_bill(moments, 2_000, one, PRICE) for one in ("5m", "1h"))
    bill = cache_bill(moments, 2_000, ttl, PRICE)
    assert bill.requests == len(moments)
    assert bill.written >= bool(moments)
    assert short.read <= long.read


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((3, 2_000, "5m", PRICE), r"timestamps is 3\. Nobody knows.*\[0, 60, 120\]"),
        (("now", 2_000, "5m", PRICE), "timestamps is 'now'"),
        (([None], 2_000, "5m", PRICE), "a timestamp is None"),
        (([math.nan], 2_000, "5m", PRICE), "a timestamp is nan"),
        (([0], 2.5, "5m", PRICE), r"prefix_tokens is 2\.5"),
        (([0], 2_000, "10m", PRICE), "'10m' is not a lifetime.*5m, 1h"),
        (([0], 2_000, "5m", 3), "prices is 3.*a model id"),
        (([0], 2_000, "5m", "lab-fast-9"), "'lab-fast-9' is not a model.*lab-fast-2"),
        (([0], 2_000, "5m", PRICE, -1), "min_tokens is -1"),
        (([0], 2_000, "5m", Price(1, 2)), "no published price for cached tokens"),
    ],
)
def test_what_makes_no_bill_is_refused(given, words):
    """With the value and what to do."""
    with pytest.raises(ArgumentError, match=words):
        cache_bill(*given)


@pytest.mark.parametrize("given", [(1.25, 1.3), (1.25, 1), (-1, 0.1), (1.25, None)])
def test_a_cache_that_cannot_pay_is_refused(given):
    """A read that costs what a plain token costs, and what is no number."""
    with pytest.raises(ArgumentError, match=r"read|write"):
        break_even_hit_rate(*given)
    with pytest.raises(ArgumentError):
        expected_multiplier(6, *given, "5m")
    with pytest.raises(ArgumentError, match="'9m' is not a lifetime"):
        break_even_per_hour(1.25, 0.1, "9m")
