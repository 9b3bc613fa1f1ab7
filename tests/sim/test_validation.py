"""Which requests are refused, and how the refusal names the field."""

from typing import Any

import pytest
from sim_facts import imitates
from sim_world import EVERYTHING, HEADERS, QUESTION, TOOLS, Says, World, asked, body_of

from labkit.sim import overloaded
from labkit.sim.core import Plan

ERRORS = "docs: errors, 2026-08-22"
PARAMS = "anthropic 2.12.0, types/message_create_params.py"
TOOL_USE = "docs: handling tool calls, 2026-08-22"
REPORTED = "wording as users have reported it"

FAST, FRONTIER, ALWAYS = "lab-fast-2", "lab-frontier-1", "claude-opus-5-5"

CALL = {
    "role": "assistant",
    "content": [{"type": "tool_use", "id": "toolu_1", "name": "extend_loan", "input": {}}],
}
IMAGE = {"type": "image", "source": {"type": "url", "url": "https://example.com/drill.png"}}
ASK = {"role": "user", "content": QUESTION}


def result(*ids: str, before: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """A user message with tool results."""
    results = [{"type": "tool_result", "tool_use_id": name, "content": "done"} for name in ids]
    return {"role": "user", "content": [*before, *results]}


def refusal(plan: Plan) -> str:
    """The message of a 400."""
    assert plan.status == 400, body_of(plan)
    error = body_of(plan)["error"]
    assert error["type"] == "invalid_request_error"
    return str(error["message"])


def without(name: str) -> dict[str, Any]:
    """A body that lacks a field."""
    body = asked()
    del body[name]
    return body


@imitates("model, max_tokens and messages are required", source=f"{PARAMS}; {REPORTED}")
@pytest.mark.parametrize("name", ["model", "max_tokens", "messages"])
def test_required_fields_are_required(name: str) -> None:
    """A missing field is named."""
    assert refusal(World().post(without(name))) == f"{name}: Field required"


@imitates("fields of a wrong type are 400 and named", source=f"{PARAMS}; {REPORTED}")
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("model", 5, "model: Input should be a valid string"),
        ("max_tokens", "5", "max_tokens: Input should be a valid integer"),
        ("max_tokens", True, "max_tokens: Input should be a valid integer"),
        ("max_tokens", 5.5, "max_tokens: Input should be a valid integer"),
        ("max_tokens", -1, "max_tokens: Input should be greater than or equal to 0"),
        ("messages", "hi", "messages: Input should be a valid list"),
        ("messages", ["hi"], "messages.0: Input should be an object"),
        ("stream", "yes", "stream: Input should be a valid boolean"),
        ("system", 5, "system: Input should be a valid list"),
        ("system", [{"type": "text", "text": ""}], "system: text content blocks must be non-empty"),
        ("stop_sequences", "x", "stop_sequences: Input should be a valid list"),
        ("stop_sequences", [5], "stop_sequences.0: Input should be a valid string"),
        (
            "stop_sequences",
            ["\n"],
            "stop_sequences: each stop sequence must contain non-whitespace",
        ),
        ("metadata", {"name": "x"}, "metadata.name: Extra inputs are not permitted"),
        ("service_tier", "gold", "service_tier: Input should be 'auto' or 'standard_only'"),
        ("speed", "slow", "speed: Input should be 'standard' or 'fast'"),
        ("tools", {}, "tools: Input should be a valid list"),
        ("tool_choice", {"type": "tool"}, "tool_choice.tool.name: Field required"),
        ("thinking", {}, "thinking.type: Field required"),
        (
            "cache_control",
            {"type": "ephemeral", "ttl": "2h"},
            "cache_control.ttl: Input should be '5m' or '1h'",
        ),
        (
            "output_config",
            {"effort": "huge"},
            "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'",
        ),
        (
            "output_config",
            {"format": {"type": "json_schema"}},
            "output_config.format.schema: Field required",
        ),
    ],
)
def test_wrong_types_are_named(field: str, value: object, message: str) -> None:
    """A value of the wrong type is refused with the field's name."""
    assert refusal(World().post(asked(**{field: value}))) == message


@imitates("an unknown field is 400 'Extra inputs are not permitted'", source=REPORTED)
def test_unknown_fields_are_refused() -> None:
    """A misspelt field does not pass unseen."""
    body = asked(max_token=5)
    assert refusal(World().post(body)) == "max_token: Extra inputs are not permitted"


@imitates(
    "temperature, top_p and top_k are 400 under version 2026-10-21",
    source="docs: migration to 2026-10-21, first lines",
)
@pytest.mark.parametrize("name", ["temperature", "top_p", "top_k"])
def test_sampling_parameters_are_gone(name: str) -> None:
    """The removed sampling parameters are refused, whatever their value."""
    plan = World().post(asked(**{name: 1}))
    assert refusal(plan) == f"{name}: Extra inputs are not permitted"


@imitates(
    "under version 2023-06-01 older models still take them, newer ones do not",
    source="docs: models overview, 2026-08-22",
)
@pytest.mark.parametrize(("model", "status"), [(FAST, 200), (FRONTIER, 400)])
def test_the_old_version_still_samples(model: str, status: int) -> None:
    """With the old API version the model decides about the temperature."""
    headers = {**HEADERS, "anthropic-version": "2023-06-01"}
    plan = World().post(asked(model=model, temperature=0.5), headers=headers)
    assert plan.status == status
    refused = refusal(World().post(asked(model=model, temperature="hot"), headers=headers))
    assert refused == "temperature: Input should be a valid number"


@imitates("an unknown or retired model is 404 not_found_error", source=ERRORS)
@pytest.mark.parametrize("model", ["lab-medium-3", "claude-opus-4-1-20250805", ""])
def test_unknown_models_are_not_found(model: str) -> None:
    """A model that is not in the catalogue is not found."""
    plan = World().post(asked(model=model))
    assert plan.status == 404
    assert body_of(plan)["error"] == {"type": "not_found_error", "message": f"model: {model}"}


@imitates(
    "a model is 404 from its retirement date on", source="docs: model deprecations, 2026-08-22"
)
def test_a_model_retires_on_its_date() -> None:
    """The same request works before the retirement and not after it."""
    world = World()
    body = asked(model="claude-sonnet-4-5")
    world.clock.advance((6 * 24 + 15) * 3600 - 1)
    assert world.post(body).status == 200
    world.clock.advance(1)
    assert world.post(body).status == 404


@imitates("max_tokens over the model's maximum is 400", source=REPORTED)
def test_max_tokens_has_a_maximum() -> None:
    """A limit that no answer can reach is refused, with the model's own."""
    assert World().post(asked(model=FAST, max_tokens=64_000)).status == 200
    assert refusal(World().post(asked(model=FAST, max_tokens=64_001))) == (
        "max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens for "
        "lab-fast-2"
    )


MESSAGES: list[tuple[list[Any], str]] = [
    ([], "messages: at least one message is required"),
    ([{"content": "hi"}], "messages.0.role: Field required"),
    ([{"role": "user"}], "messages.0.content: Field required"),
    (
        [{"role": "tool", "content": "hi"}],
        "messages.0.role: Input should be 'user' or 'assistant'",
    ),
    ([{"role": "user", "content": 5}], "messages.0.content: Input should be a valid list"),
    (
        [{"role": "user", "content": "hi", "name": "Ada"}],
        "messages.0.name: Extra inputs are not permitted",
    ),
    (
        [{"role": "assistant", "content": "hi"}, ASK],
        'messages: first message must use the "user" role',
    ),
    (
        [{"role": "user", "content": ""}],
        "messages.0: all messages must have non-empty content except for the optional final "
        "assistant message",
    ),
    (
        [ASK, {"role": "assistant", "content": []}, ASK],
        "messages.1: all messages must have non-empty content except for the optional final "
        "assistant message",
    ),
    (
        [{"role": "user", "content": " \n"}],
        "messages: text content blocks must contain non-whitespace text",
    ),
    (
        [{"role": "user", "content": [{"type": "text", "text": ""}]}],
        "messages: text content blocks must be non-empty",
    ),
    (
        [{"role": "user", "content": [{"type": "text"}]}],
        "messages.0.content.0.text.text: Field required",
    ),
    (
        [{"role": "user", "content": [{"text": "hi"}]}],
        "messages.0.content.0.type: Field required",
    ),
    (
        [ASK, {"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "b"}]}],
        "messages.1.content.0.tool_use.input: Field required",
    ),
]


@imitates("messages need a known role and content to read", source=f"{PARAMS}; {REPORTED}")
@pytest.mark.parametrize(("messages", "message"), MESSAGES)
def test_broken_conversations_are_refused(messages: list[Any], message: str) -> None:
    """A conversation that cannot be read is refused with the place that is wrong."""
    assert refusal(World().post(asked(messages=messages))) == message


THOUGHT = {"type": "thinking", "thinking": "Well.", "signature": "E="}


def turns(*blocks: dict[str, Any], role: str = "user") -> list[dict[str, Any]]:
    """A conversation with these blocks in its second but one message."""
    said = {"role": role, "content": list(blocks)}
    return [said] if role == "user" else [ASK, said, ASK]


def given(**changes: Any) -> list[dict[str, Any]]:
    """A conversation whose tool result has these fields."""
    block = {"type": "tool_result", "tool_use_id": "toolu_1", **changes}
    return [ASK, CALL, {"role": "user", "content": [block]}]


BLOCKS: list[tuple[list[Any], str]] = [
    (turns({"type": "text", "text": 5}), "0.content.0.text.text: Input should be a valid string"),
    (
        turns({"type": "text", "text": "x", "tone": "kind"}),
        "0.content.0.text.tone: Extra inputs are not permitted",
    ),
    (
        turns({"type": "text", "text": "x", "cache_control": {"type": "long"}}),
        "0.content.0.text.cache_control: Input tag 'long' found using 'type' does not match any of "
        "the expected tags: 'ephemeral'",
    ),
    (
        turns({"type": "thinking", "thinking": "x"}, role="assistant"),
        "1.content.0.thinking.signature: Field required",
    ),
    (turns(THOUGHT), "0.content.0: Input tag 'thinking' found using 'type' does not match any"),
    (given(content=5), "2.content.0.tool_result.content: Input should be a valid list"),
    (given(is_error="no"), "2.content.0.tool_result.is_error: Input should be a valid boolean"),
    (
        given(content=[{"type": "text"}]),
        "2.content.0.tool_result.content.0.text.text: Field required",
    ),
    (
        given(content=[{"type": "tool_use"}]),
        "2.content.0.tool_result.content.0: Input tag 'tool_use' found",
    ),
    (given(content=[{"type": "text", "text": ""}]), ": text content blocks must be non-empty"),
]


@imitates("content blocks have their documented fields", source=f"{PARAMS}; {REPORTED}")
@pytest.mark.parametrize(("messages", "message"), BLOCKS)
def test_broken_blocks_are_refused(messages: list[Any], message: str) -> None:
    """A block that cannot be read is refused with its place and its field."""
    start = "messages" if message.startswith(":") else "messages."
    assert refusal(World().post(asked(messages=messages))).startswith(start + message)


@imitates("at most 100,000 messages", source=PARAMS)
def test_a_conversation_has_a_longest_length() -> None:
    """One message too many is refused before any is read."""
    body = asked(messages=[ASK] * 100_001)
    assert refusal(World().post(body)) == "messages: List should have at most 100000 items"


@pytest.mark.parametrize(
    "messages",
    [
        turns(THOUGHT, {"type": "text", "text": "Yes."}, role="assistant"),
        turns({"type": "redacted_thinking", "data": "x"}, role="assistant"),
        given(content="done", is_error=False),
        given(content=[{"type": "text", "text": "done"}, IMAGE]),
        given(),
        turns({"type": "text", "text": "x", "cache_control": {"type": "ephemeral", "ttl": "1h"}}),
    ],
)
def test_good_blocks_are_accepted(messages: list[Any]) -> None:
    """Every documented kind of block in its place is accepted."""
    assert World().post(asked(messages=messages)).status == 200


@imitates(
    "a message of the SDK can be sent back as it came",
    source="anthropic 2.12.0, types/message.py, to_param()",
)
def test_an_answer_can_be_sent_back() -> None:
    """Thinking, text and a tool call go back into the conversation, as object or as dict."""
    world = World(model=Says(EVERYTHING, "tool_use"))
    message = world.ask(tools=TOOLS)
    done = {"type": "tool_result", "tool_use_id": message.content[2].id, "content": "done"}
    for back in (message.to_param(), {"role": "assistant", "content": message.content}):
        again = world.ask(messages=[ASK, back, {"role": "user", "content": [done]}], tools=TOOLS)
        assert again.stop_reason == "tool_use"
    plain = [block.model_dump(exclude_none=False) for block in message.content]
    history = [ASK, {"role": "assistant", "content": plain}, {"role": "user", "content": [done]}]
    assert world.post(asked(messages=history, tools=TOOLS)).status == 200


@imitates("a system message belongs into the top-level field", source=REPORTED)
def test_a_system_role_is_refused() -> None:
    """The role system is not one of a conversation."""
    body = asked(messages=[{"role": "system", "content": "Be brief."}, ASK])
    assert refusal(World().post(body)).startswith('messages: Unexpected role "system"')


@imitates("an unknown block type lists the known ones", source=REPORTED)
def test_unknown_blocks_are_refused() -> None:
    """A block of an unknown type is refused with what could stand there."""
    body = asked(messages=[{"role": "user", "content": [{"type": "smell"}]}])
    message = refusal(World().post(body))
    assert message.startswith("messages.0.content.0: Input tag 'smell' found using 'type'")
    assert "'tool_result'" in message


@imitates("consecutive messages of one role count as one turn", source=PARAMS)
def test_roles_need_not_alternate() -> None:
    """Two user messages in a row are accepted."""
    assert World().post(asked(messages=[ASK, ASK])).status == 200


@imitates(
    "a document may not stand in an assistant message",
    source="docs: migration to 2026-10-21, first lines",
)
def test_documents_are_for_users() -> None:
    """An assistant message does not carry a document."""
    block = {
        "type": "document",
        "source": {"type": "text", "media_type": "text/plain", "data": "x"},
    }
    body = asked(messages=[ASK, {"role": "assistant", "content": [block]}, ASK])
    assert refusal(World().post(body)).startswith("messages.1.content.0: Input tag 'document'")


@imitates(
    "citations may not stand in a user's text", source="docs: migration to 2026-10-21, first lines"
)
def test_users_do_not_cite() -> None:
    """A text block of a user message carries no citations."""
    block = {"type": "text", "text": "hi", "citations": [{}]}
    message = refusal(World().post(asked(messages=[{"role": "user", "content": [block]}])))
    assert message == "messages.0.content.0.text.citations: Extra inputs are not permitted"


UNANSWERED = (
    "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1."
)
PAIRS: list[tuple[list[Any], str]] = [
    ([ASK, CALL], UNANSWERED),
    ([ASK, CALL, ASK], UNANSWERED),
    ([ASK, CALL, result("toolu_1", before=({"type": "text", "text": "here"},))], UNANSWERED),
    (
        [ASK, CALL, result("toolu_1", "toolu_2")],
        "messages.2.content.1: unexpected `tool_use_id` found in `tool_result` blocks: toolu_2.",
    ),
    (
        [result("toolu_1")],
        "messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_1.",
    ),
    (
        [ASK, CALL, result("toolu_1", "toolu_1")],
        "messages.2.content.1: each tool_use must have a single result.",
    ),
    (
        [ASK, CALL, result("toolu_1"), CALL, result("toolu_1")],
        "messages.3.content.0: `tool_use` ids must be unique",
    ),
]


@imitates("each tool_use is answered at once, and nothing else is", source=f"{ERRORS}; {TOOL_USE}")
@pytest.mark.parametrize(("messages", "message"), PAIRS)
def test_tool_calls_and_results_come_in_pairs(messages: list[Any], message: str) -> None:
    """A call without its result, or a result without its call, is refused."""
    assert refusal(World().post(asked(messages=messages))).startswith(message)


@imitates("tool results come first, text may follow", source=TOOL_USE)
def test_an_answered_tool_call_is_accepted() -> None:
    """A call, its result and more text make a valid conversation."""
    after = result("toolu_1")
    after["content"].append({"type": "text", "text": "And now?"})
    assert World().post(asked(messages=[ASK, CALL, after], tools=TOOLS)).status == 200


@imitates(
    "a conversation that ends with the assistant is a prefill: 400 on newer models", source=ERRORS
)
@pytest.mark.parametrize(("model", "status"), [(FAST, 200), (FRONTIER, 400)])
def test_prefill_depends_on_the_model(model: str, status: int) -> None:
    """Older models go on from the assistant's last words; newer ones refuse."""
    messages = [ASK, {"role": "assistant", "content": "You may"}]
    plan = World().post(asked(model=model, messages=messages))
    assert plan.status == status
    if status == 400:
        assert refusal(plan) == (
            "This model does not support assistant message prefill. "
            "The conversation must end with a user message."
        )


@imitates("a prefill may not end in white space", source=REPORTED)
def test_a_prefill_does_not_end_in_white_space() -> None:
    """The words to go on from must not end in a blank."""
    messages = [ASK, {"role": "assistant", "content": "You may "}]
    message = refusal(World().post(asked(model=FAST, messages=messages)))
    assert message == "messages: final assistant content cannot end with trailing whitespace"


BUDGET = {"type": "enabled", "budget_tokens": 1_024}
ADAPTIVE, DISABLED = {"type": "adaptive"}, {"type": "disabled"}
NOT_SUPPORTED = (
    'is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to '
    "control thinking behavior."
)


@imitates("which kinds of thinking a model takes", source=f"{ERRORS}; docs: thinking, 2026-08-22")
@pytest.mark.parametrize(
    ("model", "thinking", "message"),
    [
        (FAST, BUDGET, None),
        (FAST, ADAPTIVE, None),
        (FRONTIER, ADAPTIVE, None),
        (FRONTIER, DISABLED, None),
        (FRONTIER, BUDGET, f'"thinking.type.enabled" {NOT_SUPPORTED}'),
        (ALWAYS, DISABLED, f'"thinking.type.disabled" {NOT_SUPPORTED}'),
        (FRONTIER, {"type": "between_tools"}, f'"thinking.type.between_tools" {NOT_SUPPORTED}'),
        (
            "claude-haiku-4-5",
            ADAPTIVE,
            "adaptive thinking is not supported on this model",
        ),
        (FAST, {"type": "enabled"}, "thinking.enabled.budget_tokens: Field required"),
        (
            FAST,
            {"type": "enabled", "budget_tokens": 500},
            "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
        ),
        (
            FAST,
            {"type": "enabled", "budget_tokens": 2_000},
            "`max_tokens` must be greater than `thinking.budget_tokens`.",
        ),
    ],
)
def test_thinking_depends_on_the_model(
    model: str, thinking: dict[str, Any], message: str | None
) -> None:
    """Each model refuses the kinds of thinking that it does not have."""
    plan = World().post(asked(model=model, thinking=thinking, max_tokens=2_000))
    assert (message is None and plan.status == 200) or refusal(plan) == message


@imitates("newer models take no forced tool choice", source="official claude-api skill, 2026-10-06")
@pytest.mark.parametrize("choice", [{"type": "any"}, {"type": "tool", "name": "extend_loan"}])
def test_forced_tools_depend_on_the_model(choice: dict[str, str]) -> None:
    """Some models cannot be made to call a tool."""
    body = {"tools": TOOLS, "tool_choice": choice}
    assert World().post(asked(model=FRONTIER, **body)).status == 200
    message = refusal(World().post(asked(model=ALWAYS, **body)))
    assert message == 'tool_choice: type "tool" and "any" are not supported for this model.'


@imitates(
    "a forced tool does not go with a thinking budget", source="docs: extended thinking, 2026-08-22"
)
def test_a_forced_tool_does_not_go_with_thinking() -> None:
    """A model that must call a tool at once has no time to think."""
    body = asked(
        model=FAST, tools=TOOLS, tool_choice={"type": "any"}, thinking=BUDGET, max_tokens=2_000
    )
    message = refusal(World().post(body))
    assert message == "Thinking may not be enabled when tool_choice forces tool use."


@imitates(
    "tools need a name and an object schema, and their names differ",
    source="anthropic 2.12.0, types/tool_param.py",
)
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tools": [{"name": "a"}]}, "tools.0.custom.input_schema: Field required"),
        (
            {"tools": [{"name": "a b", "input_schema": {"type": "object"}}]},
            "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'",
        ),
        (
            {"tools": [{"name": "a", "input_schema": {"type": "string"}}]},
            "tools.0.custom.input_schema.type: Input should be 'object'",
        ),
        ({"tools": TOOLS * 2}, "tools: Tool names must be unique."),
        (
            {"tool_choice": {"type": "auto"}},
            "tool_choice: tool_choice may only be specified while providing tools.",
        ),
        (
            {"tools": [{**TOOLS[0], "cache_control": {"type": "ephemeral", "ttl": "1d"}}]},
            "tools.0.custom.cache_control.ttl: Input should be '5m' or '1h'",
        ),
        (
            {"tools": TOOLS, "tool_choice": {"type": "auto", "disable_parallel_tool_use": 1}},
            "tool_choice.auto.disable_parallel_tool_use: Input should be a valid boolean",
        ),
        (
            {"tools": TOOLS, "tool_choice": {"type": "tool", "name": "x"}},
            "tool_choice: Tool 'x' not found in provided tools",
        ),
    ],
)
def test_broken_tools_are_refused(changes: dict[str, Any], message: str) -> None:
    """A tool that cannot be called is refused with what is wrong with it."""
    assert refusal(World().post(asked(**changes))) == message


@imitates("at most four cache breakpoints", source="docs: prompt caching, 2026-08-22")
def test_there_are_four_breakpoints_at_most() -> None:
    """The fifth breakpoint is refused."""
    block = {"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}
    body = {"cache_control": {"type": "ephemeral"}, "system": [block] * 2}
    one_more = [{"role": "user", "content": [block]}]
    assert World().post(asked(**body, messages=one_more)).status == 200
    two_more = [{"role": "user", "content": [block] * 2}]
    assert refusal(World().post(asked(**body, messages=two_more))) == (
        "A maximum of 4 blocks with cache_control may be provided. Found 5."
    )


@imitates(
    "max_tokens 0 does not go with stream, thinking, a format or a forced tool",
    source="docs: prompt caching, pre-warming, 2026-08-22",
)
@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"stream": True}, "stream"),
        ({"thinking": BUDGET}, "thinking"),
        (
            {"output_config": {"format": {"type": "json_schema", "schema": {}}}},
            "output_config.format",
        ),
        ({"tools": TOOLS, "tool_choice": {"type": "any"}}, "tool_choice"),
    ],
)
def test_prewarming_is_plain(changes: dict[str, Any], name: str) -> None:
    """A request for no output cannot ask for a kind of output."""
    message = refusal(World().post(asked(model=FAST, max_tokens=0, **changes)))
    assert message == f"max_tokens: 0 is not allowed with {name}"


@imitates("a body that is not JSON is 400", source=ERRORS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"model": NaN}',
        b'{"model": "\\ud800"}',
        b"[" * 1_000,
        b'{"a":' * 300 + b"1" + b"}" * 300,
        b"9" * 5_000,
    ],
)
def test_a_body_that_is_not_json_is_refused(body: bytes) -> None:
    """Junk is refused like any other bad request."""
    assert refusal(World().post(body)).startswith("The request body is not valid JSON")


@pytest.mark.parametrize(
    "changes",
    [
        {"system": "Be brief."},
        {"system": ""},
        {"system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]},
        {"stop_sequences": ["END"], "metadata": {"user_id": "u1"}, "service_tier": "auto"},
        {"stream": False, "tools": TOOLS, "tool_choice": {"type": "auto"}, "speed": "standard"},
        {"tools": None, "thinking": None, "system": None, "metadata": {"user_id": None}},
        {"output_config": {"effort": "low", "format": {"type": "json_schema", "schema": {}}}},
        {"output_config": {"effort": "low", "format": None}},
        {"diagnostics": {"previous_message_id": None}, "inference_geo": "eu"},
        {"messages": [{"role": "user", "content": [IMAGE]}]},
    ],
)
def test_good_requests_are_answered(changes: dict[str, Any]) -> None:
    """Every documented field in its documented form is accepted."""
    assert World().post(asked(**changes)).status == 200


def test_what_is_not_simulated_is_refused_and_says_so() -> None:
    """The API's tools and containers are not there, and a request for them does not pretend."""
    search = {"type": "web_search_20250305", "name": "web_search"}
    memory = {"type": "memory_20250818", "name": "memory"}
    for tool in (search, memory):
        words = "the simulated provider has no tools of the API's"
        assert words in refusal(World().post(asked(tools=[tool])))
    assert "the simulated provider" in refusal(World().post(asked(container="c")))


def test_a_refused_request_uses_up_no_fault() -> None:
    """A request that the API refuses never meets the faults, so a script strikes real attempts."""
    world = World((overloaded(),))
    assert world.post(without("model")).status == 400
    assert world.post().status == 529
    assert world.post().status == 200
