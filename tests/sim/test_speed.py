"""The fast mode: which models have it, what it costs, and what it makes faster."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import anthropic
import pytest
from sim_blocks import asked_with
from sim_caching import counted, mark, text
from sim_facts import imitates
from sim_world import HEADERS, TOOLS, World, asked, body_of, events_of

from labkit import Lab, catalog
from labkit.errors import ArgumentError
from labkit.sim.answers.plan import Plan
from labkit.sim.clock import SimClock

DOCS = "docs: fast mode, 2026-08-22"
LATER = "docs: fast mode, read 2026-11-24"
BETA = "fast-mode-2026-02-01"
WITH_BETA = {**HEADERS, "anthropic-beta": f"files-api-2025-04-14, {BETA}"}
OPEN, WITH_HEADER = "claude-opus-5-5", "claude-opus-5"
UNSUPPORTED = (
    "does not support the `speed` parameter. This feature is only available on supported models."
)


def fast(model: str, *, beta: bool = False, world: World | None = None, **more: Any) -> Plan:
    """What comes back for a request at the fast speed."""
    body = asked(model=model, speed="fast", **more)
    return (world or World()).post(body, headers=WITH_BETA if beta else HEADERS)


@imitates("some models have a fast mode, which the usage tells", source=LATER)
@pytest.mark.parametrize("model", [OPEN, "claude-fable-5-2"])
def test_a_model_with_a_fast_mode(model: str) -> None:
    """No header is needed, and the beta header does no harm."""
    for beta in (False, True):
        assert body_of(fast(model, beta=beta))["usage"]["speed"] == "fast"
    assert body_of(World().post(asked(model=model)))["usage"]["speed"] == "standard"


@imitates(
    "some models know any speed only with the beta header of the fast mode",
    source=f"anthropic 2.12.0, types/message_create_params.py; {LATER}",
)
@pytest.mark.parametrize("model", [WITH_HEADER, "claude-opus-4-8", "lab-frontier-1"])
@pytest.mark.parametrize("speed", ["fast", "standard"])
def test_a_preview_needs_its_header(model: str, speed: str) -> None:
    """Without the header the field is unknown, to a count too; with it the SDK's beta answers."""
    body = asked(model=model, speed=speed)
    inputs = {name: value for name, value in body.items() if name != "max_tokens"}
    for path, sent in (("/v1/messages", body), ("/v1/messages/count_tokens", inputs)):
        plan = World().post(sent, path=path)
        assert plan.status == 400
        assert body_of(plan)["error"]["message"] == "speed: Extra inputs are not permitted"
        assert World().post(sent, path=path, headers=WITH_BETA).status == 200
    answer = World().client().beta.messages.create(**body, betas=[BETA])
    assert answer.usage.speed == speed


@imitates(
    "a model without a fast mode refuses it", source=f"{DOCS}; wording as users have reported it"
)
@pytest.mark.parametrize("model", ["claude-opus-4-7", "claude-sonnet-5-5", "lab-balanced-1"])
def test_other_models_refuse_the_fast_speed(model: str) -> None:
    """With the beta header or without; the standard speed is everybody's."""
    for beta in (False, True):
        plan = fast(model, beta=beta)
        assert plan.status == 400
        assert body_of(plan)["error"]["message"] == f"'{model}' {UNSUPPORTED}"
    assert World().post(asked(model=model, speed="standard")).status == 200


@imitates("Opus 4.6 takes the fast speed and answers at the standard one", source=DOCS)
def test_one_model_ignores_the_speed() -> None:
    """The usage says so, and the price is the standard one."""
    lab = Lab()
    told = lab.client.messages.create(**asked(model="claude-opus-4-6", speed="fast"))
    assert told.usage.speed == "standard"
    (line,) = lab.invoice.lines
    assert not line.fast
    assert lab.trace.cost_usd == pytest.approx(float(line.cost_usd), abs=1e-9)


@imitates("the fast mode of Opus 4.8 ends on 2026-11-30", source=LATER)
def test_a_fast_mode_can_end() -> None:
    """On the day before it is there, from that day on it is an error."""
    for day, status in ((29, 200), (30, 400)):
        clock = SimClock(begins=datetime(2026, 11, day, 12, tzinfo=UTC))
        assert fast("claude-opus-4-8", beta=True, world=World(clock=clock)).status == status


@imitates("the fast speed has a price of its own, twice the standard one", source=LATER)
@pytest.mark.parametrize(
    ("model", "in_usd", "out_usd"),
    [(OPEN, 8, 40), (WITH_HEADER, 10, 50), ("claude-opus-4-8", 10, 50)],
)
def test_the_fast_speed_costs_more(model: str, in_usd: int, out_usd: int) -> None:
    """The invoice has a line of its own for it, and the trace prices it alike from the wire."""
    lab = Lab()
    for speed in ("fast", "standard"):
        lab.client.beta.messages.create(**asked(model=model, speed=speed), betas=[BETA])
    standard, quick = lab.invoice.lines
    assert (standard.fast, quick.fast) == (False, True)
    usd_millionths = in_usd * quick.input_tokens + out_usd * quick.output_tokens
    assert quick.cost_usd == Decimal(usd_millionths) / 1_000_000
    assert lab.trace.cost_usd == pytest.approx(float(lab.invoice.total_usd), abs=1e-9)
    assert f"{model}, fast" in repr(lab.invoice)


def test_all_kinds_of_tokens_cost_twice_as_much() -> None:
    """The multipliers of the cache stack on the fast price."""
    for model in catalog.models():
        if model.price_fast is not None:
            for name in ("input", "output", "cache_write_5m", "cache_write_1h", "cache_read"):
                usual, quick = getattr(model.price, name), getattr(model.price_fast, name)
                assert quick == (None if usual is None else pytest.approx(2 * usual)), model.id


def test_a_usage_says_its_speed_or_the_caller_does() -> None:
    """A price that nobody has published is not guessed."""
    usage = anthropic.types.Usage(input_tokens=1_000_000, output_tokens=0)
    quick = usage.model_copy(update={"speed": "fast"})
    assert catalog.cost_usd(usage, OPEN) == pytest.approx(4)
    assert catalog.cost_usd(quick, OPEN) == catalog.cost_usd(usage, OPEN, speed="fast") == 8
    with pytest.raises(ArgumentError, match=r"no published price.*cannot be priced.*another model"):
        catalog.cost_usd(quick, "claude-sonnet-5-5")


@imitates("the fast mode writes up to 2.5 times as fast and begins no sooner", source=DOCS)
def test_the_fast_mode_writes_faster() -> None:
    """The first token comes at the same moment, each gap is shorter, the words are the same."""
    worlds = World(), World()
    plans = [
        world.post(asked(model="lab-frontier-1", speed=speed, stream=True), headers=WITH_BETA)
        for world, speed in zip(worlds, ("standard", "fast"), strict=True)
    ]
    slow_s, quick_s = ([frame.delay_s for frame in plan.frames if frame.delay_s] for plan in plans)
    assert len(slow_s) == len(quick_s) > 10
    assert slow_s[:2] == quick_s[:2]
    assert slow_s[2:] == pytest.approx([2.5 * gap_s for gap_s in quick_s[2:]])
    texts = [[data for name, data in events_of(plan) if "delta" in data] for plan in plans]
    assert texts[0] == texts[1]


@imitates("what one speed has cached the other cannot read", source=DOCS)
def test_each_speed_has_a_cache_of_its_own() -> None:
    """Tools are shared; the system prompt behind them is not."""
    world = World()
    tools = [{**TOOLS[0], "description": text()["text"], **mark()}]
    body = {"model": OPEN, "tools": tools, "system": [text(ttl=None)]}
    whole = counted(world, **body)
    quick = counted(world, **body, speed="fast")
    assert 0 < quick.read < whole.written
    assert counted(world, **body, speed="fast").read == whole.written


def test_a_change_of_speed_is_diagnosed_as_another_model() -> None:
    """The reason for a miss says so."""
    world = World()
    first = world.ask(model=OPEN, diagnostics={"previous_message_id": None})
    world.clock.sleep(10)
    again = world.ask(
        model=OPEN, speed="fast", diagnostics={"previous_message_id": first.id}
    ).diagnostics
    assert again.cache_miss_reason.type == "model_changed"


def test_a_batch_has_no_fast_mode() -> None:
    """A request for it fails alone, with or without pictures."""
    world = World()
    client = world.client()
    params: Any = asked_with(model=OPEN, speed="fast")
    batch = client.messages.batches.create(requests=[{"custom_id": "a", "params": params}])
    world.clock.advance(24 * 3_600)
    (one,) = client.messages.batches.results(batch.id)
    assert one.result.error.error.message.startswith("speed: ")  # type: ignore[union-attr]
