"""Where an answer ends: budgets, stop sequences, windows, and what is billed."""

import json
from typing import Any

import anthropic
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
    WAYS,
    Says,
    World,
    asked,
    body_of,
    events_of,
)

from labkit.sim import tokens
from labkit.sim.answers.spoken import END_TOKENS, TOOL_TOKENS

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


WINDOWS = "docs: context windows, 2026-08-22"
SMALL, WINDOW = "lab-fast-2", 200_000


def filling(size: int) -> dict[str, Any]:
    """A request to a model with a small window, with so many input tokens."""
    content = "好" * (size - tokens.MESSAGE_TOKENS)
    return asked(model=SMALL, messages=[{"role": "user", "content": content}])


@imitates("a prompt over the window is 400 'prompt is too long'", source=WINDOWS)
@pytest.mark.parametrize("way", WAYS)
def test_a_prompt_over_the_window_is_refused(way: str) -> None:
    """One token too many is refused before anything streams, with both numbers."""
    with pytest.raises(anthropic.BadRequestError) as refused:
        World().ask(way, **filling(WINDOW + 1))
    error = refused.value.response.json()["error"]
    assert error["type"] == "invalid_request_error"
    assert error["message"] == "prompt is too long: 200001 tokens > 200000 maximum"


@imitates("every part of the input counts toward the window", source=WINDOWS)
@pytest.mark.parametrize(
    "more", [{"system": "Be kind."}, {"tools": [{"name": "x", "input_schema": {"type": "object"}}]}]
)
def test_all_of_the_input_counts(more: dict[str, Any]) -> None:
    """Messages that just fit do not, with a system prompt or a tool."""
    assert World().post(filling(WINDOW)).status == 200
    assert World().post({**filling(WINDOW), **more}).status == 400


@imitates("the window is the model's", source=WINDOWS)
def test_a_larger_window_takes_it() -> None:
    """What one model refuses fits into another's window."""
    assert World().post({**filling(WINDOW + 1), "model": "lab-balanced-1"}).status == 200


@imitates(
    "prompt and max_tokens over the window are accepted; the answer may end with "
    "model_context_window_exceeded",
    source=f"{WINDOWS}; docs: handling stop reasons, 2026-08-22",
)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("room", [0, 1, 3])
def test_an_answer_may_hit_the_end_of_the_window(way: str, room: int) -> None:
    """An accepted prompt that leaves little room has its answer cut, with a reason of its own."""
    given = World().ask(way, **filling(WINDOW - room))
    last = given[-2] if isinstance(given, list) else given
    end = last.delta if isinstance(given, list) else given
    assert end.stop_reason == "model_context_window_exceeded"
    assert (last.usage.input_tokens, last.usage.output_tokens) == (WINDOW - room, room)


@imitates("an answer that fits into the window ends as it would", source=WINDOWS)
def test_a_short_answer_fits() -> None:
    """Only what is said counts: ``max_tokens`` reaches over the end, and the answer does not."""
    message = body_of(World().post(filling(WINDOW - 100)))
    assert message["stop_reason"] == "end_turn"
    assert message["content"][0]["text"] == ANSWER


@imitates("of max_tokens and the window the nearer one ends the answer", source=WINDOWS)
@pytest.mark.parametrize(
    ("limit", "reason"),
    [(2, "max_tokens"), (3, "max_tokens"), (4, "model_context_window_exceeded")],
)
def test_the_nearer_limit_ends_the_answer(limit: int, reason: str) -> None:
    """With three tokens left, the reason says which of the two was in the way."""
    message = body_of(World().post({**filling(WINDOW - 3), "max_tokens": limit}))
    assert message["stop_reason"] == reason
    assert message["usage"]["output_tokens"] == min(limit, 3)


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
