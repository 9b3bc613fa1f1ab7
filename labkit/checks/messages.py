"""Replies for the cases: wire JSON that the SDK itself turns into messages."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import anthropic
import httpx2


def message(
    *content: Mapping[str, Any], stop_reason: str | None = "end_turn", **extra: object
) -> object:
    """What ``messages.create`` returns for this content."""
    return received({**wire(content, stop_reason), **extra})


def wire(content: Sequence[Mapping[str, Any]], stop_reason: str | None) -> dict[str, Any]:
    """The same as JSON on the wire; it counts ten tokens in and five out."""
    return {
        "id": "msg_lab",
        "type": "message",
        "role": "assistant",
        "model": "lab-balanced-1",
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 5},
    }


def received(body: Mapping[str, object] | str) -> object:
    """What the SDK makes of a response body with status 200."""
    is_page = isinstance(body, str)
    kind = "text/html" if is_page else "application/json"
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    response = httpx2.Response(200, headers={"content-type": kind}, content=data)
    client = anthropic.Anthropic(
        api_key="simulated",
        base_url="https://provider.invalid",
        http_client=httpx2.Client(transport=httpx2.MockTransport(lambda _: response)),
    )
    ask: Sequence[Any] = [{"role": "user", "content": "?"}]
    return client.messages.create(model="lab-balanced-1", max_tokens=10, messages=ask)


def text(words: str) -> Mapping[str, Any]:
    """A text block."""
    return {"type": "text", "text": words}


THINKING = {"type": "thinking", "thinking": "The page on loans says it.", "signature": "c2ln"}
NEW_KIND = {"type": "draft_text", "text": "Not for people. [draft]"}
"""A block type that this SDK does not know; it builds a ``TextBlock`` for it."""
TOOL_USE = {"type": "tool_use", "id": "toolu_lab", "name": "check_availability", "input": {}}
