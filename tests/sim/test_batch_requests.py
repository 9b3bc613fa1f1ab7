"""What can stand in a batch: everything that a message can be asked, and what comes of it."""

from datetime import date
from typing import Any

import anthropic
import pytest
from sim_batches import BATCHES, DAY_S, PATH, created, each, kinds, lines, requests, send
from sim_facts import imitates
from sim_world import EVERYTHING, QUESTION, TOOLS, Says, World, asked

from labkit import Lab
from labkit.sim import batch_slow, refused

FORMAT = {
    "type": "json_schema",
    "schema": {
        "type": "object",
        "properties": {"days": {"type": "integer"}},
        "required": ["days"],
        "additionalProperties": False,
    },
}
THINKER = "lab-balanced-1"
TRIGGER = {"type": "input_tokens", "value": 100}
KEEP = {"type": "tool_uses", "value": 1}
THINKS = {"thinking": {"type": "adaptive"}}


def came_of(lab: Lab, params: dict[str, Any]) -> Any:
    """The result of a batch of one, read by the SDK."""
    wanted: list[Any] = each(1, params)
    batch = lab.client.messages.batches.create(requests=wanted)
    lab.clock.sleep(DAY_S)
    (only,) = lab.client.messages.batches.results(batch.id)
    return only.result


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"output_config": {"format": FORMAT}},
        {"tools": TOOLS, "tool_choice": {"type": "tool", "name": "extend_loan"}},
        {"tools": TOOLS, "tool_choice": {"type": "none"}},
        THINKS,
        {"output_config": {"effort": "low"}, "service_tier": "standard_only"},
        {"max_tokens": 3},
        {"stop_sequences": ["e"]},
        {"inference_geo": "us"},
    ],
)
@imitates("almost anything that a message can be asked can be batched", source=BATCHES)
def test_a_batch_says_what_a_message_would_say(more: dict[str, Any]) -> None:
    """The same words, blocks and tokens; only ids and signatures are its own, and the tier."""
    params = asked(**more)
    result = came_of(Lab(7), params)
    assert result.type == "succeeded"
    alone = Lab(7).client.messages.create(**params)
    assert plain(result.message) == plain(alone)
    assert (alone.usage.service_tier, result.message.usage.service_tier) == ("standard", "batch")


def plain(message: Any) -> Any:
    """A message without its id, those of its parts, and the tier."""
    fields = message.to_dict()
    blocks = [
        {name: value for name, value in block.items() if name not in ("id", "signature")}
        for block in fields["content"]
    ]
    return fields | {"id": "", "content": blocks, "usage": fields["usage"] | {"service_tier": ""}}


@imitates(
    "the words of a model that thinks can be sent back, wherever they were said",
    source="docs: extended thinking, 2026-08-22",
)
def test_a_conversation_goes_on_from_a_batch() -> None:
    """Thinking and a call of a tool that a batch has brought are taken back, signed as they are."""
    world = World(model=Says(EVERYTHING, "tool_use"))
    params = asked(tools=TOOLS, model=THINKER, **THINKS)
    batch = created(world, each(1, params))
    world.clock.advance(DAY_S)
    (line,) = lines(world, batch)
    said = line["result"]["message"]["content"]
    result = {"type": "tool_result", "tool_use_id": said[-1]["id"], "content": "done"}
    messages = [
        *params["messages"],
        {"role": "assistant", "content": said},
        {"role": "user", "content": [result]},
    ]
    assert world.post({**params, "messages": messages}).status == 200
    said[0]["thinking"] += "!"
    assert world.post({**params, "messages": messages}).status == 400


@pytest.mark.parametrize(
    "name", ["store", "previous_thread_event_id", "cache_hint", "context_hint", "betas"]
)
@imitates("parameters of threads and of scheduling are not for batches", source=BATCHES)
def test_what_a_batch_does_not_take(name: str) -> None:
    """It fails alone, and the error names the field."""
    world = World()
    batch = created(world, [*requests(2), *each(1, asked(**{name: "x"}), "bad")])
    world.clock.advance(DAY_S)
    assert kinds(world, batch) == {"succeeded": 2, "errored": 1}
    (bad,) = [one for one in lines(world, batch) if one["custom_id"] == "bad0"]
    assert bad["result"]["error"]["error"]["message"].startswith(f"{name}: ")


@imitates("a context edit works in a batch that asks for its beta", source=BATCHES)
def test_context_edits_work_in_a_batch() -> None:
    """The result tells what was cleared; what it costs is what the wire says."""
    lab = Lab(7)
    edits = {"edits": [{"type": "clear_tool_uses_20250919", "trigger": TRIGGER, "keep": KEEP}]}
    wanted: list[Any] = each(3, asked(messages=calls(4), tools=TOOLS, context_management=edits))
    batches = lab.client.beta.messages.batches
    batch = batches.create(requests=wanted, betas=["context-management-2025-06-27"])
    lab.clock.sleep(DAY_S)
    results = [one.result for one in batches.results(batch.id)]
    for result in results:
        assert result.type == "succeeded"
        assert result.message.context_management is not None
        (edit,) = result.message.context_management.applied_edits
        assert edit.type == "clear_tool_uses_20250919"
        assert edit.cleared_tool_uses == 3
    assert float(lab.invoice.total_usd) == pytest.approx(lab.trace.cost_usd)


def calls(count: int) -> list[dict[str, Any]]:
    """A conversation with so many calls of a tool, each with a long result."""
    turns: list[dict[str, Any]] = [{"role": "user", "content": QUESTION}]
    for n in range(count):
        use = {"type": "tool_use", "id": f"toolu_{n}", "name": "extend_loan", "input": {}}
        result = {"type": "tool_result", "tool_use_id": f"toolu_{n}", "content": "a page " * 50}
        turns += [{"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
    return turns


def test_a_refusal_in_a_batch_costs_nothing() -> None:
    """It succeeded, says why it declined, and neither the bill nor the trace counts it."""
    lab = Lab(7, faults=[refused("empty")])
    result = came_of(lab, asked())
    assert (result.type, result.message.stop_reason) == ("succeeded", "refusal")
    assert result.message.stop_details is not None
    assert lab.invoice.total_usd == 0
    assert lab.trace.cost_usd == 0


def test_what_was_canceled_is_not_billed() -> None:
    """The bill counts what was done before the batch ended, and nothing after."""
    world = World(faults=(batch_slow(200),))
    batch = created(world, requests(50))
    world.clock.advance(DAY_S / 4)
    send(world, "POST", f"{PATH}/{batch['id']}/cancel")
    world.clock.advance(3 * DAY_S)
    found = kinds(world, batch)
    (line,) = world.provider.invoice(world.clock.monotonic()).lines
    assert 0 < line.attempts == found["succeeded"] < 50


def test_a_model_that_retires_before_its_turn_is_not_found() -> None:
    """Each request is looked at on the day on which it is worked on."""
    lab = Lab(7, today=date(2026, 11, 29), faults=[batch_slow(100)])
    wanted: list[Any] = each(40, asked(model="claude-sonnet-4-5-20250929"))
    lab.clock.sleep(14 * 3600)  # eleven at night, an hour before its last day begins
    batch = lab.client.messages.batches.create(requests=wanted)
    lab.clock.sleep(DAY_S)
    results = [one.result for one in lab.client.messages.batches.results(batch.id)]
    assert {one.type for one in results} == {"succeeded", "errored"}
    errors = {one.error.error.type for one in results if one.type == "errored"}
    assert errors == {"not_found_error"}


def test_results_that_are_gone_are_an_error_of_the_sdk() -> None:
    """29 days after the batch was made it says so before it sends anything."""
    world = World()
    batch = created(world)
    world.clock.advance(29 * DAY_S)
    client = world.client()
    with pytest.raises(anthropic.AnthropicError, match="results_url"):
        client.messages.batches.results(batch["id"])
    assert client.messages.batches.retrieve(batch["id"]).archived_at is not None
    assert client.messages.batches.delete(batch["id"]).id == batch["id"]
