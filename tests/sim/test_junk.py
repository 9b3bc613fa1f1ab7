"""Whatever comes in: the provider answers, and a refusal has the API's shape."""

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from anthropic.types.shared import ErrorType
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sim_facts import imitates
from sim_world import HEADERS, Says, World, asked, body_of, events_of

from labkit.sim.answers.wire import ERROR_TYPES
from labkit.sim.core import ROUTES
from labkit.sim.model import SimulatedModel

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELD_NAMES = (
    "model max_tokens messages system tools tool_choice stop_sequences stream thinking metadata "
    "output_config cache_control temperature container speed diagnostics x"
)
BLOCK_WORDS = (
    "type text tool_use tool_result thinking image id name input tool_use_id content role user "
    "assistant system source signature enabled adaptive budget_tokens any tool auto input_schema "
    "object ephemeral ttl json_schema schema format effort"
)
NAMES = st.sampled_from(FIELD_NAMES.split())
WORDS = st.sampled_from(BLOCK_WORDS.split())
NEARLY = st.recursive(
    WORDS | JUNK,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=20,
)
IDS = st.sampled_from(["toolu_1", "toolu_2"]) | NEARLY
TEXTS = st.sampled_from(["hi", "", " "]) | NEARLY
BLOCKS = st.one_of(
    st.fixed_dictionaries({"type": st.just("text"), "text": TEXTS}),
    st.fixed_dictionaries(
        {"type": st.just("tool_use"), "id": IDS, "name": TEXTS, "input": st.just({}) | NEARLY}
    ),
    st.fixed_dictionaries(
        {"type": st.just("tool_result"), "tool_use_id": IDS},
        optional={"content": NEARLY, "is_error": st.booleans() | NEARLY},
    ),
    st.fixed_dictionaries({"type": st.just("thinking"), "thinking": TEXTS, "signature": TEXTS}),
    st.fixed_dictionaries({"type": st.sampled_from(["image", "document"]), "source": NEARLY}),
    NEARLY,
)
RESULTS = st.fixed_dictionaries(
    {
        "type": st.just("tool_result"),
        "tool_use_id": IDS,
        "content": st.lists(BLOCKS, max_size=2),
    }
)
MESSAGES = st.lists(
    st.fixed_dictionaries(
        {
            "role": st.sampled_from(["user", "assistant", "system"]),
            "content": st.lists(BLOCKS | RESULTS, max_size=3) | TEXTS,
        }
    ),
    min_size=1,
    max_size=4,
)
WORLD = World(model=SimulatedModel())


def answered(body: bytes, **changes: Any) -> None:
    """The request is answered, and if it is refused, as the API refuses."""
    WORLD.clock.advance(60)
    plan = WORLD.post(body, **changes)
    assert plan.status == 200 or 400 <= plan.status < 500
    if plan.status != 200:
        problem = body_of(plan)
        assert problem["type"] == "error"
        assert problem["error"]["type"] == ERROR_TYPES[plan.status]
        assert problem["error"]["message"]
        assert problem["request_id"] == dict(plan.headers)["request-id"]


FAST = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@imitates(
    "a bad request is a 4xx in the API's shape, never a 5xx", source="docs: errors, 2026-08-22"
)
@FAST
@given(body=st.binary(max_size=200))
def test_any_bytes_are_answered(body: bytes) -> None:
    """Random bytes never break the provider."""
    answered(body)


@FAST
@given(body=JUNK)
def test_any_json_is_answered(body: object) -> None:
    """Random JSON never breaks the provider."""
    answered(json.dumps(body).encode("utf-8", "replace"))


@FAST
@given(changes=st.dictionaries(NAMES, NEARLY, max_size=4))
def test_any_field_is_answered(changes: dict[str, object]) -> None:
    """A good request with random fields never breaks the provider."""
    answered(json.dumps({**asked(), **changes}).encode("utf-8", "replace"))


@FAST
@given(messages=MESSAGES)
def test_any_conversation_is_answered(messages: list[object]) -> None:
    """Random messages and content blocks never break the provider."""
    answered(json.dumps(asked(messages=messages)).encode("utf-8", "replace"))


CELLS = st.sampled_from(["thing", "fee", "the drill", "—", "", " ", "5", "é’s", "a drill"])
LINES = st.one_of(
    st.lists(CELLS, min_size=1, max_size=3).map(lambda cells: f"| {' | '.join(cells)} |"),
    st.sampled_from(
        ["|---|---|", "- the drill", "Things:", "", "# Fees", "</document>", "It is 5."]
    ),
    st.text(max_size=8),
)
PAGES = st.lists(LINES, max_size=8).map("\n".join)


@FAST
@given(page=PAGES, asked_for=PAGES)
def test_any_page_can_be_read(page: str, asked_for: str) -> None:
    """Tables without names, lists without items and marks of all kinds never break the model."""
    system = f'<document id="x" title="{page[:4]}">{page}</document>\n{page}'
    message = {"role": "user", "content": f"What is the fee? {asked_for}"}
    answered(json.dumps(asked(system=system, messages=[message])).encode("utf-8", "replace"))


@FAST
@given(
    method=st.sampled_from(["POST", "GET", ""]),
    path=st.sampled_from(["/v1/messages", "/v1/messages?x"]) | st.text(),
    headers=st.dictionaries(st.sampled_from([*HEADERS, "x-api-key"]), st.text()),
)
def test_any_envelope_is_answered(method: str, path: str, headers: dict[str, str]) -> None:
    """Random methods, addresses and headers never break the provider."""
    answered(json.dumps(asked()).encode(), method=method, path=path, headers=headers)


EXTRA_FIELDS = {
    "model": st.sampled_from(["lab-fast-2", "lab-fast-3", "lab-frontier-1", "claude-opus-5-5"]),
    "thinking": st.fixed_dictionaries({"type": st.sampled_from(["adaptive", "enabled"])}) | NEARLY,
    "cache_control": st.just({"type": "ephemeral"}) | NEARLY,
    "output_config": st.fixed_dictionaries(
        {"format": st.fixed_dictionaries({"type": st.just("json_schema"), "schema": NEARLY})}
    ),
    "tools": st.lists(
        st.fixed_dictionaries(
            {"name": st.sampled_from(["a", "b"]), "input_schema": NEARLY},
            optional={"strict": st.booleans(), "description": TEXTS},
        ),
        max_size=3,
    ),
    "messages": MESSAGES,
    "stream": st.booleans(),
}
LIKELY = st.fixed_dictionaries({}, optional=EXTRA_FIELDS).map(lambda more: {**asked(), **more})
NAMED = st.sampled_from(["msgbatch_1", "file_1", "lab-fast-1", "%00", "é"]) | st.text(min_size=1)
QUERIES = st.dictionaries(
    st.sampled_from(["limit", "after_id", "before_id", "page", "ids", "lifecycle", "beta"]),
    st.sampled_from(["0", "2", "-1", "true", "active", "x", ""]) | st.text(max_size=5),
)


@imitates(
    "every address answers whatever it is sent, and refuses in the API's shape",
    source="docs: errors, 2026-08-22",
)
@settings(FAST, max_examples=400)
@given(
    route=st.sampled_from(ROUTES),
    name=NAMED,
    query=QUERIES,
    body=LIKELY | NEARLY | st.fixed_dictionaries({"requests": st.lists(NEARLY, max_size=3)}),
)
def test_any_address_answers_anything(
    route: tuple[str, str, object], name: str, query: dict[str, str], body: object
) -> None:
    """Every endpoint, with names, parameters and bodies that nobody would send on purpose."""
    path = re.sub(r"\{\w+\}", lambda _: quote(name, safe=""), route[1])
    data = json.dumps(body).encode("utf-8", "replace")
    answered(data, method=route[0], path=f"{path}?{urlencode(query)}")


@FAST
@given(body=LIKELY)
def test_the_usage_of_any_answer_adds_up(body: dict[str, object]) -> None:
    """Fresh, written and read tokens are all there are, whatever was asked, streamed or not."""
    WORLD.clock.advance(60)
    plan = WORLD.post(body)
    assume(plan.status == 200)
    if body.get("stream"):
        events = dict(events_of(plan))
        usage = {**events["message_start"]["message"]["usage"], **events["message_delta"]["usage"]}
    else:
        usage = body_of(plan)["usage"]
    written = usage["cache_creation"]
    assert usage["cache_creation_input_tokens"] == sum(written.values())
    counts = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    prompt = sum(usage[name] for name in counts)
    inputs = {name: value for name, value in body.items() if name not in ("max_tokens", "stream")}
    counted = body_of(WORLD.post(inputs, path="/v1/messages/count_tokens"))
    assert prompt > 0
    assert counted["input_tokens"] == pytest.approx(prompt, rel=0.04, abs=1)
    assert usage["output_tokens"] >= usage["output_tokens_details"]["thinking_tokens"]


@FAST
@given(text=st.text(max_size=300), streamed=st.booleans())
def test_any_words_come_through(text: str, streamed: bool) -> None:
    """Whatever the model says arrives as it was said, control characters included."""
    world = World(model=Says(({"type": "text", "text": text},)))
    answer = world.ask("stream" if streamed else "create")
    assert "".join(block.text for block in answer.content) == text


def test_error_types_are_known() -> None:
    """The types of refusals are the SDK's, but for one that only the docs list."""
    assert set(ERROR_TYPES.values()) - set(ErrorType.__args__) == {"request_too_large"}
