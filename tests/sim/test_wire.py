"""What an answer looks like on the wire."""

import re
from typing import Any, get_args

import anthropic
import httpx2
import pytest
from anthropic.lib.credentials import StaticToken
from anthropic.types import AnthropicBetaParam, Message, Usage
from sim_facts import imitates
from sim_world import (
    ANSWER,
    EVERYTHING,
    HEADERS,
    QUESTION,
    TEXT,
    THINKING,
    TOOL,
    TOOLS,
    Says,
    World,
    asked,
    body_of,
    events_of,
)

from labkit.sim import rate_limited, refused, server_error, tokens
from labkit.sim.core import Plan
from labkit.sim.transport import BASE_URL, SimulatedTransport

STREAMING = "docs: streaming, 2026-08-22"
ERRORS = "docs: errors, 2026-08-22"
MESSAGE = "anthropic 2.12.0, types/message.py"
USAGE = "anthropic 2.12.0, types/usage.py"


def streamed(model: Says, **changes: object) -> list[tuple[str, Any]]:
    """The events of a streamed answer."""
    return events_of(World(model=model).post(asked(stream=True, **changes)))


def header(plan: Plan, name: str) -> str | None:
    """One header of an answer."""
    return dict(plan.headers).get(name)


@imitates("a message has these keys, and validates strictly against the SDK", source=MESSAGE)
def test_a_message_has_the_sdks_keys() -> None:
    """A body carries every field of the SDK's Message, and nothing else."""
    body = body_of(World(model=Says(EVERYTHING, "tool_use")).post())
    assert set(body) == set(Message.model_fields)
    assert Message.model_validate(body).to_dict() == body


@imitates("usage has these keys", source=USAGE)
def test_a_usage_has_the_sdks_keys() -> None:
    """A usage carries every field of the SDK's Usage, and nothing else."""
    assert set(body_of(World().post())["usage"]) == set(Usage.model_fields)


@imitates(
    "events: message_start, content_block_start, deltas, content_block_stop, message_delta, "
    "message_stop; ping anywhere",
    source=STREAMING,
)
def test_events_come_in_the_documented_order() -> None:
    """A stream starts the message, then each block with its deltas, then ends."""
    names = [name for name, _ in streamed(Says(EVERYTHING, "tool_use"))]
    text = re.sub("(content_block_delta )+", "deltas ", " ".join([*names, ""]))
    block = "content_block_start deltas content_block_stop "
    assert text == f"message_start ping {3 * block}message_delta message_stop "


@imitates("each event's data repeats its name as type", source=STREAMING)
def test_each_event_carries_its_type() -> None:
    """The name of an event and the type in its data are the same."""
    assert all(name == data["type"] for name, data in streamed(Says(EVERYTHING)))


@imitates(
    "message_start has no content, no stop reason, the input tokens and about one output token",
    source=STREAMING,
)
def test_message_start_is_the_message_before_its_content() -> None:
    """The first event names the message and what its prompt cost."""
    message = streamed(Says())[0][1]["message"]
    assert message["content"] == []
    assert message["stop_reason"] is None
    assert message["usage"]["input_tokens"] == tokens.MESSAGE_TOKENS + tokens.count(QUESTION)
    assert message["usage"]["output_tokens"] == 1


@imitates("text arrives in text_delta events", source=STREAMING)
def test_text_arrives_in_deltas() -> None:
    """A text block starts empty and grows by text deltas."""
    events = streamed(Says())
    starts = [data for name, data in events if name == "content_block_start"]
    assert starts[0]["content_block"] == {"type": "text", "text": ""}
    deltas = [data["delta"] for name, data in events if name == "content_block_delta"]
    assert {delta["type"] for delta in deltas} == {"text_delta"}
    assert "".join(delta["text"] for delta in deltas) == ANSWER


@imitates(
    "a tool call streams as input_json_delta pieces of which the first is empty", source=STREAMING
)
def test_a_tool_call_streams_its_json() -> None:
    """A tool call starts with an empty input and grows by pieces of JSON, the first empty."""
    events = streamed(Says((TOOL,), "tool_use"), tools=TOOLS)
    start = events[2][1]["content_block"]
    assert start["input"] == {}
    assert start["caller"] == {"type": "direct"}
    assert re.fullmatch("toolu_01[0-9A-Za-z]{22}", start["id"])
    pieces = [d["delta"]["partial_json"] for n, d in events if n == "content_block_delta"]
    assert pieces[0] == ""
    assert len(pieces) > 3
    assert "".join(pieces) == '{"item": "drill", "días": 7}'


@imitates("one signature_delta ends a thinking block", source=STREAMING)
def test_a_thinking_block_ends_with_its_signature() -> None:
    """Thinking arrives in thinking deltas, and a signature comes before the block's stop."""
    deltas = [d["delta"] for n, d in streamed(Says((THINKING,))) if n == "content_block_delta"]
    assert [delta["type"] for delta in deltas].count("signature_delta") == 1
    assert deltas[-1]["type"] == "signature_delta"
    assert len(deltas[-1]["signature"]) > 100


@imitates(
    "with display omitted a thinking block is empty, signed, and billed",
    source="docs: adaptive thinking, 2026-08-22; anthropic 2.12.0, "
    "types/thinking_config_adaptive_param.py",
)
def test_thinking_can_be_omitted_but_is_billed() -> None:
    """Omitted thinking shows only its signature and costs what it would have cost."""
    config = {"type": "adaptive", "display": "omitted"}
    world = World(model=Says((THINKING, TEXT)))
    shown, omitted = body_of(world.post()), body_of(world.post(asked(thinking=config)))
    assert shown["content"][0]["thinking"] == THINKING["thinking"]
    assert omitted["content"][0]["thinking"] == ""
    assert omitted["content"][0]["signature"]
    assert omitted["usage"]["output_tokens"] == shown["usage"]["output_tokens"]


@imitates("a block without deltas comes whole in its start", source=STREAMING)
@pytest.mark.parametrize("way", ["create", "stream"])
def test_a_block_without_deltas_comes_whole(way: str) -> None:
    """Redacted thinking, for one, is there at once."""
    redacted = {"type": "redacted_thinking", "data": "abc"}
    message = World(model=Says((redacted, TEXT))).ask(way)
    assert message.content[0].data == "abc"
    assert message.content[1].text == ANSWER


@imitates("usage in message_delta is cumulative", source=STREAMING)
def test_message_delta_has_the_whole_usage() -> None:
    """The usage at the end counts the whole answer."""
    events = dict(streamed(Says(EVERYTHING, "tool_use")))
    whole = body_of(World(model=Says(EVERYTHING, "tool_use")).post())["usage"]
    usage = events["message_delta"]["usage"]
    assert usage == {name: whole[name] for name in usage}


@imitates(
    "a refusal in mid-stream closes its block, then message_delta names it",
    source="docs: handling stop reasons, 2026-08-22",
)
def test_a_refusal_in_the_middle_closes_its_block() -> None:
    """What was said before a refusal stays, its block is closed, and the end names the refusal."""
    plan = World((refused("midstream", category="bio"),)).post(asked(stream=True))
    events = events_of(plan)
    assert [name for name, _ in events][-3:] == [
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    delta = events[-2][1]["delta"]
    assert delta["stop_reason"] == "refusal"
    assert delta["stop_details"]["type"] == "refusal"
    assert delta["stop_details"]["category"] == "bio"


@imitates("ids are msg_, req_ and toolu_ followed by 24 letters and figures", source=MESSAGE)
def test_ids_have_the_real_form() -> None:
    """Ids look like real ones and never repeat."""
    world = World(model=Says((TOOL,), "tool_use"))
    plans = [world.post() for _ in range(20)]
    ids = [body_of(plan)["id"] for plan in plans]
    requests = [header(plan, "request-id") or "" for plan in plans]
    tools = [body_of(plan)["content"][0]["id"] for plan in plans]
    for prefix, made in (("msg", ids), ("req", requests), ("toolu", tools)):
        assert all(re.fullmatch(f"{prefix}_01[0-9A-Za-z]{{22}}", one) for one in made)
        assert len(set(made)) == len(made)


@imitates(
    "answers carry request-id, anthropic-organization-id and anthropic-ratelimit-* headers",
    source="docs: rate limits, errors, 2026-08-22",
)
@pytest.mark.parametrize("faults", [(), (rate_limited(),)])
def test_answers_carry_the_apis_headers(faults: tuple[Any, ...]) -> None:
    """Good and failing answers name the request, the organisation and the limits."""
    plan = World(faults).post()
    assert header(plan, "anthropic-organization-id")
    for name in ("requests", "tokens", "input-tokens", "output-tokens"):
        assert int(header(plan, f"anthropic-ratelimit-{name}-limit") or "") > 0
        assert int(header(plan, f"anthropic-ratelimit-{name}-remaining") or "") > 0
        reset = header(plan, f"anthropic-ratelimit-{name}-reset") or ""
        assert re.fullmatch(r"2026-11-23T09:00:\d\dZ", reset)


@imitates(
    "answers and errors name the workspace",
    source="docs: rate limits, errors, 2026-08-22; anthropic 2.12.0, _exceptions.py",
)
def test_the_workspace_is_named() -> None:
    """An answer in its header, an error of the SDK in its attribute too."""
    client = World().client()
    told = client.messages.with_raw_response.create(**asked()).headers["anthropic-workspace-id"]
    assert told.startswith("wrkspc_")
    with pytest.raises(anthropic.NotFoundError) as error:
        client.messages.create(**asked(model="nobody"))
    assert error.value.workspace_id == told


@imitates("remaining tokens are rounded to thousands", source="docs: rate limits, 2026-08-22")
def test_remaining_tokens_are_rounded() -> None:
    """What is left of the minute's tokens is rounded, and a long prompt takes its part."""
    plan = World().post(asked(system="好" * 50_300))
    assert header(plan, "anthropic-ratelimit-input-tokens-remaining") == "1950000"


@imitates("429 may carry retry-after, in seconds", source="docs: rate limits, 2026-08-22")
def test_a_rate_limit_may_say_how_long_to_wait() -> None:
    """The header retry-after is there exactly when the fault names a time."""
    assert header(World((rate_limited(),)).post(), "retry-after") is None
    assert header(World((rate_limited(retry_after=20),)).post(), "retry-after") == "20"
    assert header(World((rate_limited(retry_after=0.5),)).post(), "retry-after") == "0.5"


@imitates(
    "an error body is {type: error, error: {type, message}, request_id}",
    source=f"{ERRORS}; anthropic 2.12.0, types/shared/error_response.py",
)
def test_an_error_body_has_the_apis_shape() -> None:
    """An error names its type and message, and repeats the request id of the header."""
    plan = World((server_error(),)).post()
    body = body_of(plan)
    assert set(body) == {"type", "error", "request_id"}
    assert body["error"] == {"type": "api_error", "message": "Internal server error"}
    assert body["request_id"] == header(plan, "request-id")


@imitates(
    "an API key may come as Authorization: Bearer (SDK 2) or as x-api-key (SDK 0 and 1)",
    source="anthropic 2.12.0, _client.py; docs: API overview, 2026-08-22",
)
@pytest.mark.parametrize("key", [{"authorization": "Bearer any"}, {"x-api-key": "any"}])
def test_both_ways_to_send_a_key_are_accepted(key: dict[str, str]) -> None:
    """Any key is accepted, in either header."""
    assert World().post(headers={"anthropic-version": "2026-10-21", **key}).status == 200


@imitates("a request without a key is 401 authentication_error", source=ERRORS)
@pytest.mark.parametrize("key", [{}, {"authorization": "Basic eDp5"}, {"x-api-key": ""}])
def test_a_request_without_a_key_is_401(key: dict[str, str]) -> None:
    """No key, no answer."""
    plan = World().post(headers={"anthropic-version": "2026-10-21", **key})
    assert plan.status == 401
    assert body_of(plan)["error"]["type"] == "authentication_error"


@imitates(
    "versions 2023-06-01 and 2026-10-21 are accepted, a missing or unknown one is 400",
    source="anthropic 2.12.0, _constants.py; docs: versioning, 2026-08-22; migration to "
    "2026-10-21, first lines",
)
@pytest.mark.parametrize(
    ("version", "status"),
    [("2023-06-01", 200), ("2026-10-21", 200), ("2024-01-01", 400), ("", 400), (None, 400)],
)
def test_only_known_api_versions_are_accepted(version: str | None, status: int) -> None:
    """The header anthropic-version must name a version that there is."""
    headers = {**HEADERS, "anthropic-version": version}
    plan = World().post(headers={name: value for name, value in headers.items() if value})
    assert plan.status == status
    if status != 200:
        assert body_of(plan)["error"]["message"].startswith("anthropic-version: ")


@imitates(
    "a beta header that the API does not know is 400, one that is needed no longer is accepted",
    source="docs: beta headers, read 2026-11-30; anthropic 2.12.0, types/anthropic_beta_param.py",
)
def test_only_known_betas_are_accepted() -> None:
    """Those that the installed SDK names; the refusal names the first that is none."""
    for beta in ("", " , ", *get_args(get_args(AnthropicBetaParam)[1])):
        assert World().post(headers={**HEADERS, "anthropic-beta": beta}).status == 200
    wanted = {"anthropic-beta": "files-api-2025-04-14, files-api-2025-04-15,tea"}
    for path in ("/v1/messages", "/v1/messages/count_tokens", "/v1/files"):
        plan = World().post(headers={**HEADERS, **wanted}, path=path)
        assert plan.status == 400
        message = body_of(plan)["error"]["message"]
        assert message == "Unsupported beta header: files-api-2025-04-15"


@imitates(
    "a client with an access token asks for a beta by itself, which is accepted",
    source="anthropic 2.12.0, lib/credentials/_auth.py",
)
def test_an_access_token_is_accepted() -> None:
    """The SDK then adds a beta that is not in its own list; one more is named in types alone."""
    world = World()
    transport = SimulatedTransport(world.provider, world.clock)
    client = anthropic.Anthropic(
        credentials=StaticToken("simulated"),
        base_url=BASE_URL,
        http_client=httpx2.Client(transport=transport),
    )
    betas = ["fine-grained-tool-streaming-2025-05-14"]
    assert client.beta.messages.create(**asked(), betas=betas).stop_reason == "end_turn"


@imitates(
    "an encoding of the body that is not supported has an error class of its own",
    source="anthropic 2.12.0, types/shared/request_body_encoding_unsupported_error.py",
)
def test_a_compressed_body_is_refused() -> None:
    """Every compression here; a body that says that it has none is read."""
    client = World().client()
    plain = {"content-encoding": "identity"}
    assert client.messages.create(**asked(), extra_headers=plain).stop_reason == "end_turn"
    with pytest.raises(anthropic.BadRequestError) as error:
        client.messages.create(**asked(), extra_headers={"content-encoding": "gzip"})
    assert type(error.value).__name__ == "RequestBodyEncodingUnsupportedError"
    assert "'gzip'" in str(error.value.api_message)


@imitates("any other address is 404 not_found_error", source=ERRORS)
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/v1/messages", 200),
        ("POST", "/v1/messages?beta=true", 200),
        ("GET", "/v1/messages", 404),
        ("POST", "/v1/skills", 404),
        ("GET", "/v1/models/a/b", 404),
        ("POST", "/v1/messages/", 404),
        ("POST", "/", 404),
    ],
)
def test_other_addresses_are_not_found(method: str, path: str, status: int) -> None:
    """Only messages can be created; beta=true, which older SDKs send, changes nothing."""
    plan = World().post(method=method, path=path)
    assert plan.status == status
    assert (plan.status == 200) or body_of(plan)["error"]["type"] == "not_found_error"


@imitates("a request over 32 MB is 413 request_too_large", source=ERRORS)
def test_a_huge_request_is_413() -> None:
    """A body over the limit is refused before anybody looks into it."""
    plan = World().post(b" " * 32_000_001)
    assert plan.status == 413
    assert body_of(plan)["error"]["type"] == "request_too_large"


@imitates(
    "the response names the resolved model id",
    source="anthropic 2.12.0, tests: request claude-haiku-4-5, answer claude-haiku-4-5-20251001",
)
@pytest.mark.parametrize(
    ("requested", "answered"),
    [
        ("lab-fast-1", "lab-fast-1-20260301"),
        ("claude-haiku-4-5", "claude-haiku-4-5-20251001"),
        ("lab-balanced-1", "lab-balanced-1"),
    ],
)
def test_an_alias_is_answered_with_the_version(requested: str, answered: str) -> None:
    """Who asks for a moving name learns which version answered."""
    assert body_of(World().post(asked(model=requested)))["model"] == answered


@imitates(
    "beta messages answer alike", source="anthropic 2.12.0, resources/beta/messages/messages.py"
)
def test_the_beta_surface_works_too() -> None:
    """The SDK's beta messages get the same answer."""
    message = World().client().beta.messages.create(**asked())
    assert message.content[0].text == ANSWER


@imitates("streams are server-sent events", source=STREAMING)
def test_content_types_are_the_apis() -> None:
    """Messages are JSON, streams are server-sent events."""
    assert header(World().post(), "content-type") == "application/json"
    plan = World().post(asked(stream=True))
    assert header(plan, "content-type") == "text/event-stream; charset=utf-8"


def test_the_sdk_shows_the_request_id() -> None:
    """The request id of the header reaches the app, on answers and on errors."""
    message = World().ask()
    assert message._request_id.startswith("req_01")
    with pytest.raises(anthropic.RateLimitError) as caught:
        World((rate_limited(),)).ask()
    assert caught.value.request_id == caught.value.body["request_id"]  # type: ignore[index]
