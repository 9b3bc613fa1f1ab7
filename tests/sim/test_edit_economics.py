"""What an edit of the context costs: what is read, what is written again, and what is billed."""

from decimal import Decimal
from typing import Any

import pytest
from sim_caching import mark, text, turn
from sim_facts import imitates
from sim_world import HEADERS, TOOLS, World, asked, body_of

from labkit.sim import Limits

DOCS = "docs: context editing, read 2026-11-24"
WITH_BETA = {**HEADERS, "anthropic-beta": "context-management-2025-06-27"}
RESULT = "The drill is lent for seven days, and the ladder for three. " * 20
CLEAR = {
    "type": "clear_tool_uses_20250919",
    "trigger": {"type": "tool_uses", "value": 2},
    "keep": {"type": "tool_uses", "value": 2},
}
COMPACT = {"type": "compact_20260112"}
PRICES = {
    "input_tokens": 2,
    "cache_creation_input_tokens": Decimal("2.5"),
    "cache_read_input_tokens": Decimal("0.2"),
    "output_tokens": 10,
}
"""USD for a million tokens of ``lab-balanced-1``."""


def history(uses: int) -> list[Any]:
    """A question, and so many calls of a tool with their results."""
    said = [turn(text("How long may I keep a drill?"))]
    for number in range(uses):
        name = f"toolu_{number}"
        call = {"type": "tool_use", "id": name, "name": "extend_loan", "input": {"n": number}}
        result = {"type": "tool_result", "tool_use_id": name, "content": RESULT}
        said += [turn(call, role="assistant"), turn(result)]
    return said


def step(messages: list[Any], *edits: dict[str, Any]) -> dict[str, Any]:
    """One step of a loop that caches all it sends."""
    plain = asked(system=[text(ttl=None)], tools=TOOLS, messages=messages, **mark())
    return {**plain, "context_management": {"edits": list(edits)}}


def usage(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """What the wire reports for a step, some time after the one before it."""
    world.clock.sleep(10.0)
    plan = world.post(body, headers=WITH_BETA)
    assert plan.status == 200, body_of(plan)
    return body_of(plan)["usage"]  # type: ignore[no-any-return]


def read(told: dict[str, Any]) -> int:
    """The tokens that were read from the cache."""
    return int(told["cache_read_input_tokens"])


def whole(told: dict[str, Any]) -> int:
    """All tokens of the prompt."""
    return int(told["input_tokens"]) + int(told["cache_creation_input_tokens"]) + read(told)


@imitates("each time something is cleared, the cache is written anew from there on", source=DOCS)
def test_a_loop_that_clears_writes_again_at_every_step() -> None:
    """Until something is cleared, a step reads all of the one before; then only the beginning."""
    world = World()
    told = [usage(world, step(history(uses), CLEAR)) for uses in range(5)]
    assert [read(one) for one in told[:3]] == [0, whole(told[0]), whole(told[1])]
    assert [read(one) for one in told[3:]] == [whole(told[0])] * 2
    assert whole(told[3]) - whole(told[2]) < (whole(told[2]) - whole(told[1])) / 2


@imitates("later requests read the prefix that was written after clearing", source=DOCS)
def test_what_was_written_after_clearing_is_read_while_nothing_more_is_cleared() -> None:
    """A question on top of the same calls is edited alike, so all before it is read."""
    world = World()
    cleared = usage(world, step(history(4), CLEAR))
    asks = [*history(4), turn({"type": "text", "text": "Yes."}, role="assistant")]
    later = usage(world, step([*asks, turn(text("And a ladder?"))], CLEAR))
    assert read(later) == whole(cleared)
    assert whole(later) - read(later) < 50


def test_the_bill_is_that_of_the_prompt_that_was_read() -> None:
    """Written and read tokens of the edited prompt at their prices; what was cleared is free."""
    world = World()
    told = [usage(world, step(history(uses), CLEAR)) for uses in range(6)]
    by_hand = sum(one[name] * price for one in told for name, price in PRICES.items())
    assert world.provider.invoice(world.clock.monotonic()).total_usd == by_hand / Decimal(10**6)
    without = World()
    dear = [usage(without, step(history(uses))) for uses in range(6)]
    assert sum(map(whole, told)) < sum(map(whole, dear))


@pytest.mark.parametrize(("edits", "status"), [((CLEAR,), 200), ((), 429)])
def test_limits_count_what_is_left_after_an_edit(edits: Any, status: int) -> None:
    """A conversation that is too long for a minute's tokens passes once it is cleared."""
    world = World(limits=Limits(input_tokens_per_minute=4_000))
    assert world.post(step(history(12), *edits), headers=WITH_BETA).status == status


def test_breakpoints_are_named_as_they_were_sent() -> None:
    """What the model no longer reads moves nothing in the words of a refusal."""
    world = World()
    thinks = {"model": "claude-sonnet-5", "thinking": {"type": "adaptive"}}
    said = body_of(world.post(asked(**thinks)))["content"]
    assert said[0]["type"] == "thinking"
    later = [said[0], {**said[1], **mark("5m")}, text("And so on.", "1h")]
    messages = [*asked()["messages"], turn(*later, role="assistant"), turn(text("Why?"))]
    plan = world.post(asked(**thinks, messages=messages))
    assert plan.status == 400
    told = body_of(plan)["error"]["message"]
    assert told.startswith("messages.1.content.2.cache_control.ttl: ")


def test_breakpoints_behind_a_summary_are_named_as_they_were_sent() -> None:
    """What a summary stands for is not read, and counts in the words of a refusal."""
    summary = {"type": "compaction", "content": "A drill was asked for.", "encrypted_content": None}
    messages = [
        *history(2),
        turn(summary, role="assistant"),
        turn(text("And a ladder?", "5m"), text("Or a ramp?", "1h")),
    ]
    body = {**asked(tools=TOOLS, messages=messages), "context_management": {"edits": [COMPACT]}}
    beta = {**HEADERS, "anthropic-beta": "compact-2026-01-12"}
    told = body_of(World().post(body, headers=beta))["error"]["message"]
    assert told.startswith("messages.6.content.1.cache_control.ttl: ")
