"""The bytes of an answer: ids, headers, error bodies, events, messages.

Shapes: anthropic 2.12.0, ``types/``; docs: errors, rate limits, streaming, 2026-08-22.
A message's body is folded from the same blocks that are streamed, so the two cannot disagree.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from labkit.sim.spoken import Block, Spoken

Headers = tuple[tuple[str, str], ...]
JSONObject = Mapping[str, object]

API_VERSIONS = ("2023-06-01", "2026-10-21")

ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    503: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
"""Source: docs: errors, 2026-08-22; 503 is not listed there and answers like 500."""

EVENTS = (
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
)

ORGANIZATION = "0d6c1f3a-5b7e-4c29-9a48-6e1f00a71c2b"

LIMITS = {"requests": 1_000, "input-tokens": 2_000_000, "output-tokens": 400_000}
"""Requests and tokens per minute of the first tier. Source: docs: rate limits, 2026-08-22."""

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def error(kind: str, message: str, request_id: str) -> bytes:
    """The body of a failing status. Source: docs: errors, 2026-08-22."""
    detail = {"type": kind, "message": message}
    return encode({"type": "error", "error": detail, "request_id": request_id}).encode()


def headers(request_id: str, now: datetime, *, content_type: str, used: int) -> Headers:
    """The headers of every answer; rate limits in a plausible fixed form, not counted down."""
    reset = (now + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    limits: list[tuple[str, str]] = []
    for name, limit in LIMITS.items():
        remaining = limit - 1 if name == "requests" else round(limit - used, -3)
        start = f"anthropic-ratelimit-{name}"
        limits += [
            (f"{start}-limit", str(limit)),
            (f"{start}-remaining", str(max(remaining, 0))),
            (f"{start}-reset", reset),
        ]
    return (
        ("content-type", content_type),
        ("request-id", request_id),
        ("anthropic-organization-id", ORGANIZATION),
        *limits,
    )


def event(kind: str, **data: object) -> bytes:
    """One server-sent event."""
    return f"event: {kind}\ndata: {encode({'type': kind, **data})}\n\n".encode()


def stream_error(kind: str, message: str) -> bytes:
    """The event that reports an error after the stream has begun."""
    return event("error", error={"type": kind, "message": message})


def block_start(index: int, block: Block) -> bytes:
    """A block before anything has been written into it."""
    return event("content_block_start", index=index, content_block=block.start)


def block_stop(index: int, block: Block) -> bytes:
    """The end of a block; a thinking block is signed first."""
    stop = event("content_block_stop", index=index)
    if not block.signature:
        return stop
    delta = {"type": "signature_delta", "signature": block.signature}
    return event("content_block_delta", index=index, delta=delta) + stop


def deltas(index: int, block: Block) -> list[bytes]:
    """The ``content_block_delta`` events of a block, one per token."""
    start = (
        'event: content_block_delta\ndata: {"type":"content_block_delta",'
        f'"index":{index},"delta":{{"type":"{block.delta_type}","{block.field}":'
    )
    return [f"{start}{encode(piece)}}}}}\n\n".encode() for piece in block.pieces]


def message_start(spoken: Spoken, message_id: str, model: str) -> bytes:
    """The first event: the message before anything has been written."""
    usage = usage_of(spoken, output_tokens=min(1, spoken.output_tokens), thinking_tokens=0)
    return event("message_start", message=message(Spoken(), message_id, model, usage))


def message_delta(spoken: Spoken) -> bytes:
    """The last but one event: why the answer ended, and its cumulative usage."""
    usage = usage_of(spoken)
    return event(
        "message_delta",
        delta={**ending(spoken), "container": None},
        usage={name: usage[name] for name in DELTA_USAGE},
    )


def whole_message(spoken: Spoken, message_id: str, model: str) -> bytes:
    """The body of an answer that is not streamed."""
    return encode(message(spoken, message_id, model, usage_of(spoken))).encode()


def message(spoken: Spoken, message_id: str, model: str, usage: JSONObject) -> JSONObject:
    """A message object. Source: anthropic 2.12.0, ``types/message.py``."""
    return {
        "id": message_id,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [block.whole() for block in spoken.blocks],
        **ending(spoken),
        "container": None,
        "diagnostics": None,
        "usage": usage,
    }


def ending(spoken: Spoken) -> JSONObject:
    """Why the answer ended."""
    return {
        "stop_reason": spoken.stop_reason,
        "stop_sequence": spoken.stop_sequence,
        "stop_details": spoken.stop_details,
    }


DELTA_USAGE = (
    "input_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "output_tokens",
    "output_tokens_details",
    "server_tool_use",
)
"""Source: anthropic 2.12.0, ``types/message_delta_usage.py``."""


def usage_of(
    spoken: Spoken, *, output_tokens: int | None = None, thinking_tokens: int | None = None
) -> dict[str, object]:
    """The usage object. Source: anthropic 2.12.0, ``types/usage.py``."""
    written = spoken.output_tokens if output_tokens is None else output_tokens
    thought = spoken.thinking_tokens if thinking_tokens is None else thinking_tokens
    return {
        "input_tokens": spoken.input_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        "output_tokens": written,
        "output_tokens_details": {"thinking_tokens": thought},
        "server_tool_use": None,
        "service_tier": "standard",
        "speed": spoken.speed,
        "inference_geo": spoken.inference_geo,
    }
