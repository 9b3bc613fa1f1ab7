"""What is billed: the provider's invoice, and the trace that prices the wire on its own."""

from decimal import Decimal, localcontext
from typing import Any

import anthropic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim_caching import LATER_S, LONG, SENTENCE, mark, text, turn
from sim_facts import imitates
from sim_world import EVERYTHING, TOOLS, Says, World, asked

from labkit import Lab, catalog
from labkit.errors import ArgumentError
from labkit.sim import (
    Limits,
    html_page,
    malformed_frame,
    overloaded,
    rate_limited,
    refused,
    server_error,
    slow,
    stream_ends,
    stream_error,
    stream_lost,
    thinking_first,
    timed_out,
    truncated_json,
)
from labkit.sim.answers.answer import Answer
from labkit.sim.answers.spoken import Block, Spoken
from labkit.sim.caching.cache import LIFETIMES_S, PromptCache, PromptUsage
from labkit.sim.faults import Fault
from labkit.sim.ledger import Invoice, Ledger

PRICING = "docs: pricing, 2026-08-22"
CACHED = {"system": [text(ttl=None)]}


def answered(
    prompt: PromptUsage, output_tokens: int, model: str = "lab-balanced-1", **changes: Any
) -> Answer:
    """An answer of so many tokens."""
    spoken = Spoken(stop_reason="end_turn", output_tokens=output_tokens)
    return Answer("msg", "req", catalog.model(model), spoken, prompt, **changes)


def billed(*answers: Answer) -> Invoice:
    """The invoice over some answers."""
    ledger = Ledger()
    for answer in answers:
        ledger.bill(answer)
    return ledger.invoice()


@imitates("each kind of token has its own price", source=PRICING)
def test_each_kind_of_token_has_its_price() -> None:
    """Of each kind 1,000 tokens at 2, 0.2, 2.5, 4 and 10 USD per million are 0.0187 USD."""
    invoice = billed(answered(PromptUsage(1_000, 1_000, 1_000, 1_000), 1_000))
    assert invoice.total_usd == Decimal("0.0187")


@imitates("reading the cache has a price of its own for each model", source=PRICING)
@pytest.mark.parametrize(
    ("model", "usd"),
    [("claude-opus-5-5", "0.20"), ("claude-sonnet-5-5", "0.20"), ("claude-opus-5", "0.50")],
)
def test_the_price_of_a_read_is_the_models_own(model: str, usd: str) -> None:
    """A million tokens read cost what the model's page says, not a tenth of its input."""
    assert billed(answered(PromptUsage(0, 1_000_000), 0, model)).total_usd == Decimal(usd)


@imitates(
    "above the price step all tokens of a request cost more, cached ones counted", source=PRICING
)
def test_the_price_step_counts_cached_tokens() -> None:
    """100,000 tokens pay the lower price, one more pays the higher one for all of them."""
    at, over = PromptUsage(40_000, 60_000), PromptUsage(40_001, 60_000)
    assert billed(answered(at, 0, "claude-haiku-5-5")).total_usd == Decimal("0.0046")
    assert billed(answered(over, 0, "claude-haiku-5-5")).total_usd == Decimal("0.0230005")


@imitates("a batch pays half, of cached tokens too", source="docs: batch processing, 2026-08-22")
def test_a_batch_pays_half() -> None:
    """The same answer in a batch is a line of its own at half the price."""
    prompt = PromptUsage(1_000, 1_000, 1_000, 1_000)
    invoice = billed(answered(prompt, 1_000), answered(prompt, 1_000, service_tier="batch"))
    assert [(line.batch, line.cost_usd) for line in invoice.lines] == [
        (False, Decimal("0.0187")),
        (True, Decimal("0.00935")),
    ]


@imitates("inference in the US alone costs a tenth more from the 4.6 generation on", source=PRICING)
@pytest.mark.parametrize(
    ("model", "usd"), [("claude-sonnet-5", "2.2"), ("claude-sonnet-4-5", "3.0")]
)
def test_inference_in_the_us_costs_more(model: str, usd: str) -> None:
    """A million input tokens cost 2 USD, in the US 2.20; an older model costs the same."""
    answer = answered(PromptUsage(1_000_000), 0, model, inference_geo="us")
    assert billed(answer).total_usd == Decimal(usd)


@imitates("a refusal before any output is free", source="docs: refusals and fallback, 2026-08-22")
def test_a_refusal_before_output_is_free() -> None:
    """Nothing said, nothing billed; what had been said before a refusal is."""
    silent = answered(PromptUsage(1_000), 5)
    silent = silent._replace(spoken=silent.spoken._replace(stop_reason="refusal"))
    block = Block({"type": "text", "text": ""}, ("Sure",))
    late = silent._replace(spoken=silent.spoken._replace(blocks=(block,)))
    assert billed(silent) == Invoice()
    assert billed(late).total_usd == Decimal("0.00205")


def test_unpublished_prices_are_unknown() -> None:
    """A model whose cache prices are not published is billed an unknown amount where it caches."""
    model = "claude-fable-5-2"
    assert billed(answered(PromptUsage(1_000), 0, model)).total_usd == Decimal("0.008")
    unknown = billed(answered(PromptUsage(1_000, 1_000), 0, model))
    assert unknown.total_usd.is_nan()
    assert "unknown" in repr(unknown)


def test_an_unknown_price_stops_nothing() -> None:
    """Such a request is answered, and the spend limit goes on with what is known."""
    world = World(limits=Limits(spend_usd=0.01))
    body = asked(model="claude-fable-5-2", **CACHED)
    assert [world.post(body).status for _ in range(3)] == [200, 200, 200]
    assert world.post(asked(system=SENTENCE * 400)).status == 200
    assert world.post().status == 429


def test_sums_are_exact() -> None:
    """Many small amounts add up to the last digit, whatever precision a cell has set."""
    with localcontext() as context:
        context.prec = 3
        invoice = billed(*[answered(PromptUsage(1), 1)] * 12_345)
        assert invoice.total_usd == Decimal("0.14814")


def test_the_invoice_is_a_text() -> None:
    """One line for each model with its tokens by kind, and the total."""
    invoice = billed(
        answered(PromptUsage(1_200, 0, 3_000, 0), 50),
        answered(PromptUsage(200, 3_000), 50),
        answered(PromptUsage(10), 1, "lab-fast-2", service_tier="batch"),
    )
    assert repr(invoice) == (
        "model              attempts  input  written 5m  written 1h   read  output       USD\n"
        "lab-balanced-1            2  1,400       3,000           0  3,000     100  0.011900\n"
        "lab-fast-2, batch         1     10           0           0      0       1  0.000008\n"
        "total                                                                      0.011908"
    )
    assert repr(Invoice()) == "nothing billed yet"


# The trace reads the wire, and agrees

FAULTS: dict[str, tuple[Fault, ...]] = {
    "none": (),
    "overloaded": (overloaded(),),
    "rate limited": (rate_limited(retry_after=2),),
    "server error": (server_error(),),
    "timed out": (timed_out(),),
    "page": (html_page(),),
    "refused": (refused(),),
    "refused later": (refused("midstream"),),
    "canned": (refused("canned"), thinking_first()),
    "thinking": (thinking_first(), slow(2)),
    "lost": (stream_lost(),),
    "ends": (stream_ends(),),
    "stream error": (stream_error(),),
    "malformed": (malformed_frame(),),
    "cut": (truncated_json(),),
}

DAY: list[dict[str, Any]] = [
    {},
    CACHED,
    {**CACHED, "messages": [turn(text("And a ladder?"))]},
    {"system": [text(f"For hours. {SENTENCE * LONG}", "1h")], **mark()},
    {"model": "lab-fast-2", "tools": TOOLS, **mark("1h")},
    {"model": "claude-haiku-5-5", "system": SENTENCE * 200},
    {"model": "claude-haiku-5-5", "system": [text(SENTENCE * 7_000, None)]},
    {"model": "claude-sonnet-4-5", "inference_geo": "us"},
    {"model": "claude-opus-5", "inference_geo": "us", **CACHED},
    {"model": "claude-opus-5-5", "speed": "fast", **CACHED},
    {**CACHED, "max_tokens": 0},
    {"max_tokens": 7},
]
"""Requests of every kind; each comes twice."""


def send(lab: Lab, fields: dict[str, Any], *, streamed: bool) -> None:
    """One call through the SDK, to its end, whatever comes of it."""
    request = {**asked(), **fields}
    try:
        if streamed and request["max_tokens"]:
            with lab.client.messages.stream(**request) as events:
                events.get_final_message()
        else:
            lab.client.messages.create(**request)
    except Exception as error:
        if isinstance(error, ArgumentError | anthropic.BadRequestError):
            raise


def a_day(lab: Lab) -> None:
    """Every kind of request, under every fault, streamed and whole."""
    for number, faults in enumerate(FAULTS.values()):
        for place, fields in enumerate(DAY):
            with lab.faults(*faults):
                send(lab, fields, streamed=(number + place) % 2 == 0)
            send(lab, fields, streamed=place % 2 == 0)
            lab.clock.sleep(LATER_S * place)


def test_trace_and_invoice_agree_over_a_day() -> None:
    """What the trace adds up from the wire is what the provider has billed, to 1e-9 USD."""
    lab = Lab(7, model=Says(EVERYTHING, "tool_use"))  # type: ignore[arg-type]
    a_day(lab)
    invoice = lab.invoice
    assert sum(line.cache_read_input_tokens for line in invoice.lines) > 100_000
    assert sum(line.ephemeral_1h_input_tokens for line in invoice.lines) > 2_000
    assert len(lab.trace) > 300
    assert lab.trace.cost_usd == pytest.approx(float(invoice.total_usd), abs=1e-9)
    usage = lab.trace.usage
    assert usage.ephemeral_1h_input_tokens > 0


def test_trace_and_invoice_agree_on_a_batch() -> None:
    """Half price on both sides, once for each answer, cached prompts included."""
    lab = Lab(7)
    params = {**asked(), "system": [text(ttl="1h")]}
    wanted = [{"custom_id": f"n{n}", "params": {**params, "max_tokens": n}} for n in range(1, 9)]
    batches = lab.client.messages.batches
    batch = batches.create(requests=wanted)  # type: ignore[arg-type]
    lab.clock.sleep(24 * 3_600)
    for _ in range(2):
        assert len(list(batches.results(batch.id))) == len(wanted)
    (line,) = lab.invoice.lines
    assert (line.batch, line.attempts) == (True, len(wanted))
    assert line.cache_read_input_tokens > 0
    assert lab.trace.cost_usd == pytest.approx(float(line.cost_usd), abs=1e-9)


def disagreement(lab: Lab) -> float:
    """By how much trace and invoice differ after a short day."""
    for fields in DAY[:6] * 2:
        send(lab, fields, streamed=False)
        lab.clock.sleep(LATER_S)
    return abs(lab.trace.cost_usd - float(lab.invoice.total_usd))


def test_two_honest_sides_agree() -> None:
    """Nothing broken, no difference: what the tests below break is what makes them differ."""
    assert disagreement(Lab(7)) < 1e-9


def ledger_line(prompt: PromptUsage) -> PromptUsage:
    """A bookkeeper who takes an hour's writes for five minutes' ones."""
    both = prompt.cache_creation_input_tokens
    return prompt._replace(ephemeral_5m_input_tokens=both, ephemeral_1h_input_tokens=0)


class Careless(Ledger):
    """A ledger that confuses the two lifetimes."""

    def bill(self, answer: Answer) -> Decimal:
        """Bill all writes as short ones."""
        return super().bill(answer._replace(prompt=ledger_line(answer.prompt)))


class Forgetful(PromptCache):
    """A cache of its own that never refreshes what it reads."""

    def read(self, asked: Any) -> PromptUsage:
        """Read, and leave the lifetimes as they were."""
        before = {key: entry.expires_s for key, entry in self.entries.items()}
        usage = super().read(asked)
        for key, expires_s in before.items():
            self.entries[key].expires_s = expires_s
        return usage


def test_a_broken_ledger_is_seen_by_the_trace() -> None:
    """A ledger that bills an hour as five minutes no longer agrees with the wire."""
    lab = Lab(7)
    lab._provider.state.ledger = Careless()
    assert disagreement(lab) > 1e-4


def test_a_ledger_with_a_cache_of_its_own_must_refresh() -> None:
    """Billing from a cache that forgets to refresh no longer agrees with the wire."""
    lab = Lab(7)
    state, own = lab._provider.state, Forgetful()
    asked_now: list[Any] = []

    class Watched(PromptCache):
        """The wire's cache, which lets the other one see what is asked."""

        def read(self, asked: Any) -> PromptUsage:
            asked_now[:] = [asked]
            return super().read(asked)

    class Apart(Ledger):
        """A ledger that asks its own cache."""

        def bill(self, answer: Answer) -> Decimal:
            prompt = own.read(asked_now[0])
            own.write(asked_now[0], prompt, asked_now[0].now_s)
            return super().bill(answer._replace(prompt=prompt))

    state.cache, state.ledger = Watched(), Apart()
    for _ in range(2):
        send(lab, CACHED, streamed=False)
        lab.clock.sleep(0.8 * LIFETIMES_S["5m"])
    assert lab.trace.cost_usd == pytest.approx(float(lab.invoice.total_usd), abs=1e-9)
    send(lab, CACHED, streamed=False)
    assert abs(lab.trace.cost_usd - float(lab.invoice.total_usd)) > 1e-4


@pytest.mark.parametrize(
    ("lost", "put"),
    [
        (b'"ephemeral_1h_input_tokens":', b'"ephemeral_2h_input_tokens":'),
        (b'"cache_read_input_tokens":', b'"cache_seen_input_tokens":'),
        (b'"output_tokens":', b'"outputs_tokens":'),
        (b'"inference_geo":"us"', b'"inference_geo":"eu"'),
    ],
)
def test_a_broken_wire_is_seen_by_the_invoice(
    lost: bytes, put: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A usage that loses one of its fields on its way no longer agrees with the ledger."""
    lab = Lab(7)
    plan = lab._provider.plan

    def spoiled(request: Any, now_s: float) -> Any:
        whole = plan(request, now_s)
        frames = tuple(f._replace(data=f.data.replace(lost, put)) for f in whole.frames)
        return whole._replace(frames=frames)

    monkeypatch.setattr(lab._provider, "plan", spoiled)
    send(lab, DAY[8], streamed=False)
    assert disagreement(lab) > 1e-5


def test_the_client_that_hangs_up_pays_all_the_same() -> None:
    """An answer that the client gives up is on the invoice; its trace cannot know the price."""
    lab = Lab(7)
    with pytest.raises(anthropic.APITimeoutError):
        lab.client.with_options(timeout=0.01, max_retries=0).messages.create(**asked())
    assert lab.trace.cost_usd == 0
    assert lab.invoice.total_usd > 0


def test_a_lab_has_its_own_invoice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh lab owes nothing, and a live one refers to the provider."""
    lab = Lab(7)
    send(lab, {}, streamed=False)
    assert repr(lab.fresh().invoice) == "nothing billed yet"
    assert lab.invoice.lines[0].attempts == 1
    monkeypatch.setenv("ANTHROPIC_API_KEY", "simulated")
    with pytest.raises(ArgumentError, match=r"real API.*console.*lab\.trace\.cost_usd"):
        _ = Lab(7, provider="live").invoice


@settings(max_examples=60, deadline=None)
@given(
    tokens=st.tuples(*[st.integers(0, 300_000)] * 5),
    model=st.sampled_from([model.id for model in catalog.models() if model.price.cache_read]),
    kind=st.fixed_dictionaries(
        {
            "service_tier": st.sampled_from(["standard", "batch"]),
            "inference_geo": st.sampled_from(["global", "us"]),
            "speed": st.sampled_from(["standard", "fast"]),
        }
    ),
)
def test_any_usage_costs_the_same_on_both_sides(
    tokens: tuple[int, ...], model: str, kind: dict[str, str]
) -> None:
    """Whatever is counted, the ledger's exact price is the catalogue's to a rounding."""
    if catalog.model(model).price_fast is None:
        kind = {**kind, "speed": "standard"}
    fresh, read, short, hour, output = tokens
    answer = answered(PromptUsage(fresh, read, short, hour), output, model, **kind)
    usage = anthropic.types.Usage(
        input_tokens=fresh,
        output_tokens=output,
        cache_creation_input_tokens=short + hour,
        cache_read_input_tokens=read,
        cache_creation={"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": hour},
        **kind,
    )
    assert catalog.cost_usd(usage, model) == pytest.approx(
        float(billed(answer).total_usd), abs=1e-9
    )
