"""Where an answer ends: budgets, stop sequences, windows, and what is billed."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim_facts import imitates
from sim_world import (
    ANSWER,
    EVERYTHING,
    TEXT,
    THINKING,
    TOOL,
    Says,
    World,
    asked,
    body_of,
    events_of,
)

from labkit.sim import tokens
from labkit.sim.spoken import END_TOKENS, TOOL_TOKENS

STOPS = "docs: handling stop reasons, 2026-08-22"
MESSAGE = "anthropic 2.12.0, types/message.py"


def answer(says: Says, /, **changes: object) -> Any:
    """The message that is answered."""
    return body_of(World(model=says).post(asked(**changes)))


@imitates("max_tokens cuts the answer: stop reason max_tokens, usage exactly that", source=STOPS)
@pytest.mark.parametrize("limit", [1, 5, 10])
def test_max_tokens_cuts_text(limit: int) -> None:
    """A limit below the answer's length keeps so many tokens and says so."""
    message = answer(Says(), max_tokens=limit)
    assert message["content"][0]["text"] == "".join(tokens.split(ANSWER)[:limit])
    assert message["stop_reason"] == "max_tokens"
    assert message["usage"]["output_tokens"] == limit


def test_the_last_token_ends_the_turn() -> None:
    """A limit that the words alone use up leaves no room for the turn to end."""
    needed = tokens.count(ANSWER) + END_TOKENS
    assert answer(Says(), max_tokens=needed)["stop_reason"] == "end_turn"
    cut = answer(Says(), max_tokens=needed - 1)
    assert cut["stop_reason"] == "max_tokens"
    assert cut["content"][0]["text"] == ANSWER


@imitates("max_tokens may cut inside thinking", source="docs: extended thinking, 2026-08-22")
def test_max_tokens_cuts_thinking() -> None:
    """A limit inside the thinking leaves a part of it, unsigned, and nothing else."""
    message = answer(Says((THINKING, TEXT)), max_tokens=6)
    assert [block["type"] for block in message["content"]] == ["thinking"]
    assert THINKING["thinking"].startswith(message["content"][0]["thinking"])
    assert message["content"][0]["signature"] == ""
    assert message["usage"]["output_tokens_details"] == {"thinking_tokens": 6}


def test_max_tokens_cuts_thinking_that_is_not_shown() -> None:
    """Thinking that nobody sees uses up a budget like any other."""
    config = {"type": "adaptive", "display": "omitted"}
    message = answer(Says((THINKING, TEXT)), max_tokens=5, thinking=config)
    assert message["content"] == []
    assert message["stop_reason"] == "max_tokens"
    assert message["usage"]["output_tokens_details"] == {"thinking_tokens": 5}


@imitates("max_tokens may cut inside a tool call's JSON", source=STOPS)
def test_max_tokens_cuts_tool_json() -> None:
    """A limit inside a tool call leaves the part of its input that had arrived."""
    whole = answer(Says((TOOL,), "tool_use"))["usage"]["output_tokens"]
    message = answer(Says((TOOL,), "tool_use"), max_tokens=whole - END_TOKENS - 3)
    assert message["stop_reason"] == "max_tokens"
    assert message["content"][0]["input"] == {"item": "drill"}


def test_every_token_of_a_cut_tool_call_is_streamed() -> None:
    """A tool call that is cut streams exactly as many pieces as its budget has left."""
    limit = tokens.count("extend_loan") + TOOL_TOKENS + 4
    plan = World(model=Says((TOOL,), "tool_use")).post(asked(stream=True, max_tokens=limit))
    deltas = [data for name, data in events_of(plan) if name == "content_block_delta"]
    assert len([1 for data in deltas if data["delta"]["partial_json"]]) == 4


@imitates(
    "a stop sequence ends the text before it and is named",
    source="anthropic 2.12.0, types/message_create_params.py",
)
@pytest.mark.parametrize(
    ("stops", "stop", "text"),
    [
        ([" days"], " days", "You may keep it for seven"),
        (["nowhere", "[", "seven"], "seven", "You may keep it for "),
        (["You may", "You"], "You may", None),
    ],
)
def test_a_stop_sequence_ends_the_text(stops: list[str], stop: str, text: str | None) -> None:
    """The first stop sequence in the text ends it; the longest of those at one place."""
    message = answer(Says(EVERYTHING[1:]), stop_sequences=stops)
    assert message["stop_reason"] == "stop_sequence"
    assert message["stop_sequence"] == stop
    assert [block["text"] for block in message["content"]] == ([text] if text else [])


def test_a_stop_sequence_that_never_comes_changes_nothing() -> None:
    """Without a match the answer ends as the model ended it."""
    message = answer(Says(), stop_sequences=["###"])
    assert message["stop_reason"] == "end_turn"
    assert message["stop_sequence"] is None


def test_the_budget_may_end_before_the_stop_sequence() -> None:
    """What comes first decides."""
    message = answer(Says(), stop_sequences=["waits"], max_tokens=3)
    assert message["stop_reason"] == "max_tokens"


@imitates(
    "a prompt over the window is 400 'prompt is too long'",
    source="docs: context windows, 2026-08-22",
)
def test_a_prompt_over_the_window_is_refused() -> None:
    """A prompt alone may not be longer than the window."""
    long = [{"role": "user", "content": "好" * 200_100}]
    plan = World().post(asked(model="lab-fast-2", messages=long))
    assert plan.status == 400
    message = body_of(plan)["error"]["message"]
    assert message.startswith("prompt is too long: 200")
    assert message.endswith(" tokens > 200000 maximum")


@imitates(
    "prompt and answer over the window end with model_context_window_exceeded",
    source="docs: context windows, 2026-08-22",
)
def test_an_answer_may_hit_the_end_of_the_window() -> None:
    """An accepted prompt that leaves little room has its answer cut, with a reason of its own."""
    words = 200_000 - tokens.MESSAGE_TOKENS - 3
    long = [{"role": "user", "content": "好" * words}]
    message = answer(Says(), model="lab-fast-2", messages=long)
    assert message["stop_reason"] == "model_context_window_exceeded"
    assert message["usage"]["output_tokens"] == 3


@imitates(
    "max_tokens 0 reads the prompt and writes nothing: stop reason max_tokens",
    source="docs: prompt caching, pre-warming, 2026-08-22",
)
def test_max_tokens_zero_writes_nothing() -> None:
    """A request for no output gets none, and its input is counted."""
    message = answer(Says(), max_tokens=0)
    assert message["content"] == []
    assert message["stop_reason"] == "max_tokens"
    assert message["usage"]["output_tokens"] == 0
    assert message["usage"]["input_tokens"] > 0


@imitates("an empty reply costs two or three tokens", source=STOPS)
def test_an_empty_reply_costs_a_little() -> None:
    """Ending a turn without content is billed."""
    assert answer(Says(()))["usage"]["output_tokens"] == 2


@imitates(
    "thinking tokens are part of output tokens",
    source="anthropic 2.12.0, types/output_tokens_details.py",
)
def test_usage_adds_up() -> None:
    """Output is what is said, block by block, and thinking is counted in it."""
    usage = answer(Says((THINKING, TEXT)))["usage"]
    thought = usage["output_tokens_details"]["thinking_tokens"]
    assert thought > tokens.count(THINKING["thinking"])
    assert usage["output_tokens"] == thought + tokens.count(ANSWER) + END_TOKENS


@settings(max_examples=60, deadline=None)
@given(limit=st.integers(1, 60), stops=st.lists(st.text(min_size=1, max_size=4), max_size=3))
def test_cuts_never_break_the_sums(limit: int, stops: list[str]) -> None:
    """However an answer is cut, it stays within its limit and its content is a beginning."""
    stops = [stop for stop in stops if stop.strip()]
    message = answer(Says(EVERYTHING, "tool_use"), max_tokens=limit, stop_sequences=stops)
    usage = message["usage"]
    assert usage["output_tokens"] <= limit
    assert usage["output_tokens_details"]["thinking_tokens"] <= usage["output_tokens"]
    for block, whole in zip(message["content"], EVERYTHING, strict=False):
        if block["type"] != "tool_use":
            assert str(whole[block["type"]]).startswith(block[block["type"]])
    assert json.dumps(message)
