"""Failures for the cases: what the SDK itself raises for a status, a lost connection, a stream."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import anthropic
import httpx2

Answer = Callable[[httpx2.Request], httpx2.Response]
BEGINS = {
    "type": "message_start",
    "message": {
        "id": "msg_lab",
        "type": "message",
        "role": "assistant",
        "model": "lab-balanced-1",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 1},
    },
}


def status(
    code: int,
    kind: str,
    *,
    error_code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> BaseException:
    """What the SDK raises for this status."""
    error: dict[str, Any] = {"type": kind, "message": "It failed."}
    if error_code:
        error["details"] = {"error_code": error_code}
    body = {"type": "error", "error": error}
    return raised(lambda _: httpx2.Response(code, json=body, headers=headers))


def lost(kind: type[httpx2.TransportError]) -> BaseException:
    """What the SDK raises when no response comes."""

    def answer(_: httpx2.Request) -> httpx2.Response:
        raise kind("lost")

    return raised(answer)


def in_stream(kind: str) -> BaseException:
    """What the SDK raises for an error that a stream reports after it has begun."""
    error = {"type": "error", "error": {"type": kind, "message": "It failed."}}
    data = event(BEGINS) + event(error)
    headers = {"content-type": "text/event-stream"}
    return raised(lambda _: httpx2.Response(200, headers=headers, content=data))


def lost_in_stream() -> BaseException:
    """What comes out of the SDK when the connection breaks inside a stream."""

    class Breaks(httpx2.SyncByteStream):
        def __iter__(self) -> Any:
            yield event(BEGINS)
            raise httpx2.RemoteProtocolError("lost")

    headers = {"content-type": "text/event-stream"}
    return raised(lambda _: httpx2.Response(200, headers=headers, stream=Breaks()))


def event(data: Mapping[str, Any]) -> bytes:
    """One event of a stream, as bytes."""
    return f"event: {data['type']}\ndata: {json.dumps(data)}\n\n".encode()


def raised(answer: Answer) -> BaseException:
    """What one streamed call raises in front of this provider."""
    client = anthropic.Anthropic(
        api_key="simulated",
        base_url="https://provider.invalid",
        max_retries=0,
        http_client=httpx2.Client(transport=httpx2.MockTransport(answer), trust_env=False),
    )
    asked: Any = [{"role": "user", "content": "?"}]
    try:
        with client.messages.stream(model="lab-balanced-1", max_tokens=10, messages=asked) as came:
            came.get_final_message()
    except Exception as problem:
        return problem
    raise AssertionError("a failure of the cases did not fail")
