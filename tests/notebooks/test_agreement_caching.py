"""Caching: the page of the second lab and ``labkit.cost`` say the same."""

from decimal import Decimal

import pytest
from anthropic.types import CacheCreation, Usage

from labkit import catalog
from labkit.cost import build_request, cache_bill, cost_usd, expected_multiplier
from labkit.cost.caching import LIFETIMES_S


def test_what_stays_the_same_comes_first_alike(cost_page):
    """C7: the same system prompt, the clock behind it, and as much is read of it again."""

    def by_block(now, question):
        return build_request(rules=cost_page["SYSTEM"], question=question, today=now)

    ours, block = (
        build("It is Monday, 09:00:00.", cost_page["SIX"][0])
        for build in (cost_page["clock_last"], by_block)
    )
    assert [one["text"] for one in ours["system"]] == [one["text"] for one in block["system"]]
    assert ours["system"][-1]["cache_control"]["type"] == "ephemeral"
    said = " ".join(one["text"] for one in block["messages"][-1]["content"])
    assert all(part in said for part in ours["messages"][-1]["content"].split("\n"))
    read = [
        [reply.usage.cache_read_input_tokens for reply in cost_page["ask_six"](build)]
        for build in (cost_page["clock_last"], by_block)
    ]
    assert read[0] == read[1]
    assert [bool(one) for one in read[0]] == [False] + [True] * 5


@pytest.mark.parametrize("ttl", LIFETIMES_S)
def test_a_log_is_replayed_alike(cost_page, ttl):
    """C8: on the day's log and on the job's, unless two come in the second before an answer."""
    for times in (cost_page["LOG"], [1_800.0 * n for n in range(48)], [0.0, 200.0, 400.0, 4_000.0]):
        bill = cache_bill(times, 6_665, ttl, cost_page["FRONTIER"], ready_s=0)
        assert cost_page["share_paid"](times, ttl) == pytest.approx(bill.multiplier)
    assert cost_page["LIFETIMES"] == LIFETIMES_S


def test_five_at_once_are_left_to_the_exercise(cost_page):
    """C8: the page's fix reads four of them, and knows no shortest prefix; the block does."""
    five = [0.0] * 5
    bill = cache_bill(five, 6_665, "5m", cost_page["FRONTIER"])
    assert cost_page["share_paid"](five, "5m") < 1 < bill.multiplier
    assert cache_bill(five, 500, "5m", cost_page["FRONTIER"]).plain == 5


def test_the_prices_are_the_models_own(cost_page):
    """C8: write and read as multiples of the plain price, as the formula takes them."""
    price = catalog.model(cost_page["FRONTIER"]).price
    assert cost_page["READ"] * price.input == pytest.approx(price.cache_read)
    for ttl, write in cost_page["WRITES"].items():
        assert cost_page["READ"] < expected_multiplier(2, write, cost_page["READ"], ttl) < write


def test_the_standing_test_asks_twice(cost_page):
    """C8: it says whether the second of two requests reads, on each model."""
    for model, text, reads in (
        (cost_page["FRONTIER"], cost_page["SYSTEM"], True),
        (cost_page["FRONTIER"], cost_page["HATCH"], True),
        (cost_page["FAST"], cost_page["HATCH"], False),
    ):
        client = cost_page["lab"].fresh().client
        assert cost_page["reads_again"](client, cost_page["request"](model, text)) is reads


FRONTIER, STEPPED = "lab-frontier-1", "lab-fast-3"


def used(fresh, output, *, read=None, written=None, hour=None, tier=None):
    """A usage as the SDK gives it; without an hour nothing says how long it is kept."""
    kept = hour is not None and CacheCreation(
        ephemeral_5m_input_tokens=(written or 0) - hour, ephemeral_1h_input_tokens=hour
    )
    return Usage(
        input_tokens=fresh,
        output_tokens=output,
        cache_read_input_tokens=read,
        cache_creation_input_tokens=written,
        cache_creation=kept or None,
        service_tier=tier,
    )


def test_five_parts_are_the_blocks_own(cost_page):
    """On every kind of token, None and the missing split included; to the last digit."""
    five_parts = cost_page["five_parts"]
    for usage in (
        used(1_001, 201),
        used(20, 301, read=4_100),
        used(20, 301, written=4_100),
        used(20, 301, written=4_100, hour=4_100),
        used(20, 301, read=4_000, written=1_000, hour=300),
        used(1_001, 201, read=4_000, written=1_000, tier="batch"),
    ):
        assert five_parts(usage, FRONTIER) == cost_usd(usage, FRONTIER)
        assert isinstance(five_parts(usage, FRONTIER), Decimal)


def test_the_block_knows_steps_and_the_page_does_not(cost_page):
    """That is what the exercise asks for."""
    long = used(120_000, 500)
    assert cost_page["five_parts"](long, STEPPED) * 5 == cost_usd(long, STEPPED)
