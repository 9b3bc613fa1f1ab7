"""How a request is read: tools, then the system prompt, then the messages, block by block."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sim_facts import imitates
from sim_world import QUESTION, TOOLS, World, asked, body_of

from labkit.sim import tokens
from labkit.sim.caching.rendered import Segment, render

CACHING = "docs: prompt caching, 2026-08-22"
MARK = {"cache_control": {"type": "ephemeral"}}
TEXT = {"type": "text", "text": "Be kind to drills."}
CALL = {"type": "tool_use", "id": "toolu_1", "name": "extend_loan", "input": {"a": 1, "b": 2}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "Done."}
IMAGE = {"type": "image", "source": {"type": "url", "url": "https://example.com/drill.png"}}


def said(*blocks: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A body whose one message has these blocks."""
    return asked(messages=[{"role": "user", "content": list(blocks)}], **changes)


def prefixes(body: dict[str, Any]) -> list[bytes]:
    """The names of all prefixes of a body."""
    return [segment.prefix for segment in render(body).segments]


@imitates("a prompt is read in the order tools, system, messages", source=CACHING)
def test_the_order_is_tools_system_messages() -> None:
    """Whatever the order of the fields, the parts come in the API's order, with their places."""
    body = asked(
        messages=[
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": [TEXT, CALL]},
            {"role": "user", "content": [RESULT]},
        ],
        system=[TEXT, TEXT],
        tools=TOOLS,
    )
    rows = [(segment.part, segment.place, segment.kind) for segment in render(body).segments]
    assert rows == [
        ("tools", "tools.0", "tool"),
        ("system", "system.0", "text"),
        ("system", "system.1", "text"),
        ("messages", "messages.0.content", "text"),
        ("messages", "messages.1.content.0", "text"),
        ("messages", "messages.1.content.1", "tool_use"),
        ("messages", "messages.2.content.0", "tool_result"),
    ]


def test_a_request_is_the_sum_of_its_parts() -> None:
    """System prompt, messages and blocks all count; images at a flat rate."""
    blocks = [
        {"type": "text", "text": "drill"},
        {"type": "image", "source": {}},
        {"type": "tool_result", "tool_use_id": "t", "content": "ladder"},
        {"type": "thinking", "thinking": "fog", "signature": "E="},
        {"type": "tool_use", "id": "t", "name": "ramp", "input": {}},
    ]
    body = said(*blocks, system="Be kind.")
    words = tokens.count("Be kind.") + 4 + tokens.count("{}")
    flat = tokens.IMAGE_TOKENS + 2 * tokens.MESSAGE_TOKENS
    assert render(body).tokens == words + flat


@pytest.mark.parametrize("count", [1, 2, 7])
def test_tools_cost_what_their_list_does(count: int) -> None:
    """All tools together count as the JSON that was sent, and the API's instructions once."""
    schema = {"type": "object", "properties": {"item": {"type": "string", "enum": ["a", "b"]}}}
    tools = [{"name": f"tool_{n}", "input_schema": schema} for n in range(count)]
    listed = tokens.count(json.dumps(tools)) + tokens.TOOLS_TOKENS
    question = tokens.count(QUESTION) + tokens.MESSAGE_TOKENS
    assert render(asked(tools=tools)).tokens == listed + question


def test_the_usage_is_that_of_the_rendered_request() -> None:
    """What the wire reports as input is the sum over the segments."""
    body = said(TEXT, IMAGE, system="Be brief.", tools=TOOLS)
    usage = body_of(World().post(body))["usage"]
    assert usage["input_tokens"] == sum(segment.tokens for segment in render(body).segments)


@imitates(
    "a string is short for one text block",
    source="anthropic 2.12.0, types/message_create_params.py",
)
def test_a_string_is_a_text_block() -> None:
    """A system prompt or a message given as a string has the same prefixes as its block."""
    words = TEXT["text"]
    short = asked(system=words, messages=[{"role": "user", "content": words}])
    assert prefixes(short) == prefixes(said(TEXT, system=[TEXT]))


def test_breakpoints_are_not_part_of_a_prompt() -> None:
    """Marking blocks changes neither prefixes nor tokens, in tools and in results neither."""
    inner = {**RESULT, "content": [{**TEXT, **MARK}]}
    plain = said({**RESULT, "content": [TEXT]}, TEXT, system=[TEXT], tools=TOOLS)
    marked = said(
        {**inner, **MARK},
        {**TEXT, **MARK},
        system=[{**TEXT, **MARK}],
        tools=[{**TOOLS[0], **MARK}],
    )
    assert prefixes(plain) == prefixes(marked)
    assert render(plain).tokens == render(marked).tokens
    assert [segment.ttl for segment in render(marked).segments] == ["5m"] * 4
    assert [segment.ttl for segment in render(plain).segments] == [None] * 4


@imitates(
    "another order of keys in a tool or in a tool call is another prefix",
    source="docs: prompt caching, troubleshooting, 2026-08-22",
)
def test_the_order_of_keys_is_part_of_a_prompt() -> None:
    """JSON that means the same but is written otherwise has another prefix."""
    turned_tool = dict(reversed(TOOLS[0].items()))
    turned_call = {**CALL, "input": {"b": 2, "a": 1}}
    assert prefixes(asked(tools=[turned_tool]))[0] != prefixes(asked(tools=TOOLS))[0]
    assert prefixes(said(turned_call))[0] != prefixes(said(CALL))[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (said(TEXT, TEXT), said(TEXT, {**TEXT, "text": "user text Be kind to drills."})),
        (said({**TEXT, "text": json.dumps(IMAGE)}), said(IMAGE)),
        (said(TEXT), said({**TEXT, "text": "x" * 2_000})),
        (said({**TEXT, "text": "x" * 2_000}), said({**TEXT, "text": "x" * 1_999 + "y"})),
        (
            asked(messages=[{"role": "user", "content": "x"}] * 2),
            said(*[{"type": "text", "text": "x"}] * 2),
        ),
        (
            asked(messages=[{"role": r, "content": "x"} for r in ("user", "assistant")]),
            asked(messages=[{"role": "user", "content": "x"}] * 2),
        ),
        (asked(system="x"), asked(messages=[{"role": "user", "content": "x"}])),
    ],
)
def test_other_prompts_have_other_prefixes(one: dict[str, Any], other: dict[str, Any]) -> None:
    """What is said, by whom, in which kind of block and in which message: all of it counts."""
    assert prefixes(one)[-1] != prefixes(other)[-1]


def test_an_empty_last_message_still_counts() -> None:
    """The assistant's empty last message is a segment that costs its delimiters."""
    body = asked(messages=[{"role": "user", "content": "x"}, {"role": "assistant", "content": []}])
    last = render(body).segments[-1]
    assert (last.place, last.tokens) == ("messages.1.content", tokens.MESSAGE_TOKENS)


words = st.text('ab {}",é你', min_size=1, max_size=12)
bodies = st.builds(
    lambda tools, system, turns: asked(
        tools=[
            {"name": f"t{n}", "description": t, "input_schema": {}} for n, t in enumerate(tools)
        ],
        system=[{"type": "text", "text": t} for t in system],
        messages=[
            {"role": "user", "content": [{"type": "text", "text": t} for t in turn]}
            for turn in turns
        ],
    ),
    st.lists(words, max_size=3),
    st.lists(words, max_size=3),
    st.lists(st.lists(words, min_size=1, max_size=3), min_size=1, max_size=4),
)


@given(body=bodies, more=words)
def test_what_comes_after_never_changes_what_came_before(body: dict[str, Any], more: str) -> None:
    """Appending a message leaves every segment as it was, its tokens included."""
    longer = {**body, "messages": [*body["messages"], {"role": "assistant", "content": more}]}
    assert render(longer).segments[:-1] == render(body).segments


@given(body=bodies)
def test_the_sums_hold(body: dict[str, Any]) -> None:
    """Each prefix has the tokens of its segments, and the last one those of the request."""
    rendered = render(body)
    seen: list[Segment] = []
    for segment in rendered.segments:
        seen.append(segment)
        assert segment.prefix_tokens == sum(earlier.tokens for earlier in seen)
    assert rendered.tokens == seen[-1].prefix_tokens
