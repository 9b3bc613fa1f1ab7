"""The bytes of an answer: headers, error bodies, events, messages.

Shapes: anthropic 2.12.0, ``types/``; docs: errors, rate limits, streaming, 2026-08-22.
A message's body is folded from the same blocks that are streamed, so the two cannot disagree.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime

from labkit.sim.answers.answer import Answer
from labkit.sim.answers.spoken import Block
from labkit.sim.caching.cache import PromptUsage

Headers = tuple[tuple[str, str], ...]
JSONObject = Mapping[str, object]


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

SHOWN_CHARS = 2_000
"""Longer error messages are cut: some quote the request."""

ORGANIZATION = "0d6c1f3a-5b7e-4c29-9a48-6e1f00a71c2b"
WORKSPACE = "wrkspc_01LabLabLabLabLabLabLabLa"

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def as_body(value: JSONObject) -> bytes:
    """A value as the body of an answer."""
    return encode(value).encode()


def error(
    status: int,
    message: str,
    request_id: str,
    error_code: str | None = None,
    *,
    details: JSONObject | None = None,
) -> bytes:
    """The body of a failing status. Source: docs: errors, 2026-08-22."""
    detail: dict[str, object] = {"type": ERROR_TYPES[status], "message": message[:SHOWN_CHARS]}
    if error_code:
        detail["details"] = {"error_code": error_code, **(details or {})}
    return as_body({"type": "error", "error": detail, "request_id": request_id})


def headers(request_id: str, now: datetime, content_type: str) -> Headers:
    """The headers of every answer of the API; what it says of rate limits comes after them.

    Source of the date: RFC 9110, 6.6.1.
    """
    return (
        ("date", format_datetime(now, usegmt=True)),
        ("content-type", content_type),
        ("request-id", request_id),
        ("anthropic-organization-id", ORGANIZATION),
        ("anthropic-workspace-id", WORKSPACE),
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
    if not block.pieces:
        return []
    start = (
        'event: content_block_delta\ndata: {"type":"content_block_delta",'
        f'"index":{index},"delta":{{"type":"{block.delta_type}","{block.field}":'
    )
    return [f"{start}{encode(piece)}}}}}\n\n".encode() for piece in block.pieces]


def message_start(answer: Answer) -> bytes:
    """The first event: the message before anything has been written."""
    return event("message_start", message=message(answer.begun))


def message_delta(answer: Answer) -> bytes:
    """The last but one event: why the answer ended, and its cumulative usage."""
    total = usage(answer)
    return event(
        "message_delta",
        delta={**ending(answer), "container": None},
        usage={**{name: total[name] for name in DELTA_USAGE}, **iterations(answer)},
        **edits(answer),
    )


def whole_message(answer: Answer) -> bytes:
    """The body of an answer that is not streamed."""
    return as_body(message(answer))


def message(answer: Answer) -> JSONObject:
    """A message object. Source: anthropic 2.12.0, ``types/message.py``."""
    return {
        "id": answer.message_id,
        "type": "message",
        "role": "assistant",
        "model": answer.model.id,
        "content": [*summary_of(answer), *(block.whole() for block in answer.spoken.blocks)],
        **ending(answer),
        "container": None,
        "diagnostics": answer.diagnostics,
        "usage": usage(answer),
        **edits(answer),
    }


def summary_of(answer: Answer) -> list[JSONObject]:
    """The block of a new summary, where one was written."""
    return [answer.compacted.block] if answer.compacted else []


def summary_start() -> bytes:
    """The block of a summary before it is there; it comes first."""
    empty = {"type": "compaction", "content": None, "encrypted_content": None}
    return event("content_block_start", index=0, content_block=empty)


def summary_whole(block: JSONObject) -> bytes:
    """A summary in its only delta, and its end.

    Source: docs: compaction at a token threshold, read 2026-11-24.
    """
    delta = {**block, "type": "compaction_delta"}
    stop = event("content_block_stop", index=0)
    return event("content_block_delta", index=0, delta=delta) + stop


def edits(answer: Answer) -> JSONObject:
    """What was cleared of the conversation, where the request asked for that.

    Source: anthropic 2.12.0, ``types/beta/beta_context_management_response.py``.
    """
    if answer.applied_edits is None:
        return {}
    return {"context_management": {"applied_edits": answer.applied_edits}}


def ending(answer: Answer) -> JSONObject:
    """Why the answer ended."""
    return {
        "stop_reason": answer.spoken.stop_reason,
        "stop_sequence": answer.spoken.stop_sequence,
        "stop_details": answer.stop_details,
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


def usage(answer: Answer) -> JSONObject:
    """The usage object. Source: anthropic 2.12.0, ``types/usage.py``."""
    return {
        **prompt_usage(answer.prompt),
        "output_tokens": answer.spoken.output_tokens,
        "output_tokens_details": {"thinking_tokens": answer.spoken.thinking_tokens},
        "server_tool_use": None,
        "service_tier": answer.service_tier,
        "speed": answer.speed,
        "inference_geo": answer.inference_geo,
        **iterations(answer),
    }


def prompt_usage(prompt: PromptUsage) -> JSONObject:
    """How the tokens of a prompt are told."""
    return {
        "input_tokens": prompt.input_tokens,
        "cache_creation_input_tokens": prompt.cache_creation_input_tokens,
        "cache_read_input_tokens": prompt.cache_read_input_tokens,
        "cache_creation": {
            "ephemeral_5m_input_tokens": prompt.ephemeral_5m_input_tokens,
            "ephemeral_1h_input_tokens": prompt.ephemeral_1h_input_tokens,
        },
    }


def iterations(answer: Answer) -> JSONObject:
    """What a usage was summed from, where the request has the header of compaction.

    A summary is in no total. Source: anthropic 2.12.0, ``types/beta/beta_iterations_usage.py``.
    """
    if not answer.tells_iterations:
        return {}
    return {
        "iterations": [
            {"type": one.kind, **prompt_usage(one.prompt), "output_tokens": one.output_tokens}
            for one in answer.iterations
        ]
    }
