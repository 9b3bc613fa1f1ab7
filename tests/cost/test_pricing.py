"""What an answer costs: each part, each exception, and the provider's bill to the last digit."""

from dataclasses import replace
from decimal import Decimal, localcontext
from types import SimpleNamespace

import anthropic
import pytest
from cost_world import LONG, SENTENCE, ask, cached, request
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit import Lab, catalog
from labkit.catalog import Price
from labkit.cost import Bill, Tokens, cost_of, cost_usd
from labkit.errors import ArgumentError
from labkit.sim import thinking_first
from labkit.sim.answers.answer import Answer
from labkit.sim.answers.spoken import Spoken
from labkit.sim.caching.cache import PromptUsage
from labkit.sim.ledger import line_of
from labkit.trace import Usage

BETA = "fast-mode-2026-02-01"
FIVE = {
    "input_tokens": 1_000,
    "cache_creation_input_tokens": 3_000,
    "cache_creation": {"ephemeral_5m_input_tokens": 1_000, "ephemeral_1h_input_tokens": 2_000},
    "cache_read_input_tokens": 4_000,
    "output_tokens": 500,
}


def usage_of(kind, **fields):
    """The same counts in one of the shapes that a usage has."""
    if kind == "dict":
        return fields
    if kind == "trace":
        return Usage(**{name: count or 0 for name, count in fields.items()})
    return anthropic.types.Usage(**fields)


def test_each_part_has_its_price():
    """At 2, 2.5, 4, 0.2 and 10 USD per million; the total is their sum."""
    bill = cost_of(FIVE, "lab-balanced-1")
    assert {name: usd for name, (_, usd) in bill.parts.items()} == {
        "input": Decimal("0.002"),
        "written 5m": Decimal("0.0025"),
        "written 1h": Decimal("0.008"),
        "read": Decimal("0.0008"),
        "output": Decimal("0.005"),
        "searches": 0,
    }
    assert bill.total_usd == cost_usd(FIVE, "lab-balanced-1") == Decimal("0.0183")
    assert isinstance(bill.input_usd, Decimal)


def test_a_bill_is_a_text():
    """One row for each part; small amounts keep digits; a search shows if there was one."""
    assert repr(cost_of({**FIVE, "service_tier": "batch"}, "claude-haiku-5-5")) == (
        "claude-haiku-5-5, batch  tokens          USD\n"
        "input                     1,000  0.000050000\n"
        "written 5m                1,000  0.000062500\n"
        "written 1h                2,000     0.000200\n"
        "read                      4,000  0.000020000\n"
        "output                      500     0.000125\n"
        "total                               0.000458"
    )
    searched = {**FIVE, "server_tool_use": {"web_search_requests": 3}}
    bill = cost_of(searched, "lab-balanced-1")
    assert "searches             3  0.030000" in repr(bill)
    assert bill.total_usd == Decimal("0.0483")


@pytest.mark.parametrize("kind", ["sdk", "dict"])
def test_fields_that_are_none_count_nothing(kind):
    """As the SDK writes what does not apply; nothing crashes."""
    empty = dict.fromkeys(
        ("cache_creation_input_tokens", "cache_read_input_tokens", "cache_creation")
    )
    usage = usage_of(kind, input_tokens=10, output_tokens=20, **empty)
    assert cost_usd(usage, "lab-balanced-1") == Decimal("0.00022")
    delta = anthropic.types.MessageDeltaUsage(output_tokens=20)
    assert cost_usd(delta, "lab-balanced-1") == Decimal("0.0002")


@pytest.mark.parametrize("kind", ["sdk", "dict", "trace"])
def test_without_a_breakdown_tokens_were_written_for_five_minutes(kind):
    """The shorter time is the API's own default; what the hour has is the dearer."""
    counts = {"input_tokens": 0, "output_tokens": 0, "cache_creation_input_tokens": 1_000}
    assert cost_usd(usage_of(kind, **counts), "lab-balanced-1") == Decimal("0.0025")


def test_what_was_written_is_never_undercounted():
    """A breakdown without a total counts, and a total above the breakdown's sum, too."""
    split = {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 1_000}
    plain = {"input_tokens": 0, "output_tokens": 0, "cache_creation": split}
    assert cost_usd(plain, "lab-balanced-1") == Decimal("0.004")
    more = {**plain, "cache_creation_input_tokens": 1_500}
    assert cost_usd(more, "lab-balanced-1") == Decimal("0.00525")
    assert cost_usd(Usage(0, 0, 1_500, 0, 1_000), "lab-balanced-1") == Decimal("0.00525")


def test_cached_tokens_count_toward_the_price_step():
    """At 100,000 the lower price for all, at one more the higher for all."""
    at, over = Usage(40_000, 100, 10_000, 50_000), Usage(40_001, 100, 10_000, 50_000)
    assert cost_usd(at, "claude-haiku-5-5") == Decimal("0.0058")
    assert cost_usd(over, "claude-haiku-5-5") == Decimal("0.0290005")


def test_a_batch_pays_half_once():
    """Whether its usage says so, or the caller does, or both."""
    half = cost_usd(FIVE, "lab-balanced-1") / 2
    told = {**FIVE, "service_tier": "batch"}
    assert cost_usd(FIVE, "lab-balanced-1", batch=True) == half
    assert cost_usd(told, "lab-balanced-1") == half
    assert cost_usd(told, "lab-balanced-1", batch=True) == half


def test_terms_are_on_the_bill():
    """Fast has prices of its own, the US a tenth more where the model is new enough."""
    quick = cost_of({**FIVE, "speed": "fast", "inference_geo": "us"}, "claude-opus-5-5")
    assert quick.terms == "fast, us"
    assert quick.output_usd == 500 * Decimal("0.000040") * Decimal("1.1")
    old = cost_of({**FIVE, "inference_geo": "us"}, "claude-sonnet-4-5")
    assert old.terms == ""


def test_a_summary_is_in_no_total():
    """Each iteration is priced by itself, by its own price step and its own model."""
    plain = {"input_tokens": 60_000, "output_tokens": 10}
    summary = {**plain, "type": "compaction", "output_tokens": 500}
    usage = {**plain, "iterations": [summary, {**plain, "type": "message"}]}
    bill = cost_of(usage, "claude-haiku-5-5")
    assert bill.tokens == Tokens(input_tokens=120_000, output_tokens=510)
    assert bill.total_usd == Decimal("0.012255")
    adviser = {**plain, "type": "advisor_message", "model": "claude-opus-5-5"}
    both = cost_of({**plain, "iterations": [plain, adviser]}, "claude-haiku-5-5")
    assert both.model == "several models"
    assert both.total_usd == Decimal("0.006005") + Decimal("0.2402")
    assert cost_of({**plain, "iterations": []}, "claude-haiku-5-5").total_usd == Decimal("0.006005")


def test_prices_can_be_invented():
    """A plain price, or a model with a step of its own."""
    usage = {"input_tokens": 11, "output_tokens": 1}
    assert cost_usd(usage, "mine", prices={"mine": Price(1, 0)}) == Decimal("0.000011")
    steep = replace(
        catalog.model("lab-fast-2"), price_step_tokens=10, price_above=Price(100.0, 0.0)
    )
    assert cost_usd(usage, "mine", prices={"mine": steep}) == Decimal("0.0011")
    assert cost_usd(usage, "mine", prices={"mine": Price(0.1, 0.2)}) == Decimal("0.0000013")


def test_amounts_are_exact_whatever_a_cell_has_set():
    """A low precision elsewhere does not cut a bill."""
    with localcontext() as context:
        context.prec = 2
        bill = cost_of(Usage(12_345, 6_789), "lab-balanced-1")
        total_usd = bill.plus(bill).total_usd
    assert total_usd == Decimal("0.18516")


@pytest.mark.parametrize(
    ("usage", "model", "prices", "words"),
    [
        (FIVE, "claude-haiku-5.5", None, r"'claude-haiku-5\.5'.*mean 'claude-haiku-5-5'"),
        (FIVE, "mine", {"mime": Price(1, 1)}, "'mine'.*not free.*mean 'mime'"),
        (FIVE, None, None, "None is not a model"),
        (FIVE, "mine", {"mine": 3}, "the price of 'mine' is 3.*Give a Price or a Model"),
        (FIVE, "mine", [Price(1, 1)], r"prices is \[.*Give a dict"),
        (FIVE, "mine", {"mine": Price(1, 1)}, "no published price for cached tokens"),
        (FIVE, "mine", {"mine": Price(-1, 1)}, "a price of 'mine' is -1.*USD per million"),
        (FIVE, "mine", {"mine": Price(float("nan"), 1)}, "is nan"),
        (FIVE, "mine", {"mine": Price("1", 1)}, "is '1'"),
        (FIVE, "claude-fable-5-2", None, "no published price for cached"),
        ({**FIVE, "speed": "fast"}, "lab-fast-2", None, "no published price for the fast mode"),
        (None, "lab-fast-2", None, "usage is None.*no input_tokens.*message.usage"),
        ({"input_tokens": 1}, "lab-fast-2", None, "no output_tokens"),
        ({**FIVE, "input_tokens": -1}, "lab-fast-2", None, "input_tokens is -1"),
        ({**FIVE, "output_tokens": 1.5}, "lab-fast-2", None, "output_tokens is 1.5"),
        ({**FIVE, "output_tokens": True}, "lab-fast-2", None, "output_tokens is True"),
    ],
)
def test_what_cannot_be_priced_is_refused(usage, model, prices, words):
    """With the value, what follows, and what to do; an unknown model is not free."""
    with pytest.raises(ArgumentError, match=words):
        cost_usd(usage, model, prices=prices)


def test_other_objects_are_usages_too():
    """Whatever has the fields: a row of one's own log."""
    assert cost_usd(SimpleNamespace(input_tokens=1, output_tokens=1), "lab-fast-2") > 0


# The provider's invoice shares no function with all this


def paid(lab, **changes):
    """What this room says that one call cost."""
    message = ask(lab.client, **changes)
    lab.clock.sleep(30)
    return cost_usd(message.usage, message.model)


def test_the_invoice_agrees_over_caching():
    """Written for five minutes and for an hour, read, expired, written again."""
    lab = Lab(7)
    total = sum(
        paid(lab, system=cached(f"For {ttl}. {LONG}", ttl), model=model)
        for model in ("lab-balanced-1", "lab-fast-2", "claude-sonnet-5-5", "claude-opus-5-5")
        for ttl in ("5m", "5m", "1h", "1h")
    )
    lab.clock.sleep(600)
    total += paid(lab, system=cached(ttl="5m"))
    assert total == lab.invoice.total_usd
    kinds = ("cache_read", "ephemeral_5m", "ephemeral_1h")
    assert all(
        sum(getattr(line, f"{kind}_input_tokens") for line in lab.invoice.lines) for kind in kinds
    )


def test_the_invoice_agrees_over_the_price_step():
    """On both sides of 100,000 tokens, fresh and read from the cache."""
    lab = Lab(7)
    model = "claude-haiku-5-5"
    total = Decimal(0)
    for sentences in (4_000, 7_000):
        for _ in range(2):
            total += paid(lab, model=model, system=cached(SENTENCE * sentences))
    assert total == lab.invoice.total_usd
    (line,) = lab.invoice.lines
    assert line.cache_read_input_tokens > 100_000
    assert total > Decimal("0.06")


def test_the_invoice_agrees_over_thinking_the_fast_mode_and_the_us():
    """Thinking is output; fast and US inference pay more."""
    lab = Lab(7, faults=[thinking_first()])
    message = ask(lab.client, max_tokens=2_000)
    assert message.content[0].type == "thinking"
    total = cost_usd(message.usage, message.model)
    for geo in ("us", "global"):
        for model in ("claude-opus-5-5", "claude-haiku-4-5"):
            total += paid(lab, model=model, inference_geo=geo, system=cached())
    for system in (LONG, cached()):
        said = lab.client.beta.messages.create(
            **request(model="claude-opus-5-5", speed="fast", system=system), betas=[BETA]
        )
        assert said.usage.speed == "fast"
        total += cost_usd(said.usage, said.model)
    assert total == lab.invoice.total_usd


def test_the_invoice_agrees_over_a_batch():
    """Half price, cached prompts and the price step included."""
    lab = Lab(7)
    params = [
        {"system": cached(ttl="1h")},
        {"system": cached(ttl="1h")},
        {"model": "claude-haiku-5-5", "system": SENTENCE * 7_000},
    ]
    wanted = [
        {"custom_id": f"n{number}", "params": request(**one)} for number, one in enumerate(params)
    ]
    batch = lab.client.messages.batches.create(requests=wanted)
    lab.clock.sleep(24 * 3_600)
    messages = [one.result.message for one in lab.client.messages.batches.results(batch.id)]
    assert len(messages) == 3
    assert sum(cost_usd(one.usage, one.model) for one in messages) == lab.invoice.total_usd


@settings(max_examples=80, deadline=None)
@given(
    tokens=st.tuples(*[st.integers(0, 300_000)] * 5),
    model=st.sampled_from([model.id for model in catalog.models() if model.price.cache_read]),
    tier=st.sampled_from(["standard", "batch"]),
    geo=st.sampled_from(["global", "us"]),
    speed=st.sampled_from(["standard", "fast"]),
)
def test_any_usage_costs_what_the_provider_bills(tokens, model, tier, geo, speed):
    """Exactly, not to a rounding; and each part is on the bill."""
    if catalog.model(model).price_fast is None:
        speed = "standard"
    fresh, read, short, hour, output = tokens
    said = Spoken(stop_reason="end_turn", output_tokens=output)
    how = {"service_tier": tier, "inference_geo": geo, "speed": speed}
    prompt = PromptUsage(fresh, read, short, hour)
    billed = line_of(Answer("msg", "req", catalog.model(model), said, prompt, **how))
    usage = anthropic.types.Usage(
        input_tokens=fresh,
        output_tokens=output,
        cache_creation_input_tokens=short + hour,
        cache_read_input_tokens=read,
        cache_creation={"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": hour},
        **how,
    )
    bill = cost_of(usage, model)
    assert bill.total_usd == billed.cost_usd
    assert bill.tokens == Tokens(fresh, short, hour, read, output)


@given(st.lists(st.tuples(*[st.integers(0, 10**6)] * 2), min_size=1, max_size=5))
def test_bills_add_up(counts):
    """The sum of bills is the bill of the sum, part by part, where there is no price step."""
    bills = [cost_of(Usage(one, two), "lab-fast-2") for one, two in counts]
    total = Bill("lab-fast-2", Tokens())
    for bill in bills:
        total = total.plus(bill)
    whole = Usage(sum(one for one, _ in counts), sum(two for _, two in counts))
    assert total == cost_of(whole, "lab-fast-2")


def test_no_token_reads_as_free():
    """One token of the cheapest model is a tenth of a millionth of a dollar, and says so."""
    assert "0.000000100" in repr(cost_of(Usage(1, 0), "claude-haiku-5-5"))
