"""Reading a reply's bytes: what a bill and a trace need, and nothing else.

Shares no code with the simulated provider, so that the two can disagree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from anthropic import BaseModel
from jiter import from_json

from labkit.trace.values import HTTP_OK, USAGE_FIELDS, Usage

MOST_TOKENS = 10**12
"""A count beyond it is not a count of tokens."""


@dataclass(slots=True)
class Received:
    """What is known of a reply once its last byte has been read."""

    error: str | None = None
    stop_reason: str | None = None
    message_id: str | None = None
    model: str | None = None
    has_text: bool = False
    has_content: bool = False
    tokens: dict[str, int] = field(default_factory=dict)
    parts: tuple[Usage, ...] = ()
    """Each time that the model worked, where the reply lists them: a summary is in no total."""
    service_tier: str | None = None
    """``batch`` pays the batch price."""
    inference_geo: str | None = None
    """Where it was answered; ``us`` alone costs more."""
    speed: str | None = None
    """``fast`` has a price of its own."""

    @property
    def usage(self) -> Usage:
        """The usage that the reply reported last; all of its parts, where it lists them."""
        return sum(self.parts, Usage()) if self.parts else Usage(**self.tokens)

    @property
    def is_cut(self) -> bool:
        """Whether the body ended before the reply did."""
        return self.error in ("cut_stream", "not_json")

    @property
    def is_billed(self) -> bool:
        """Failed attempts cost nothing, nor does a refusal before any output.

        Source: docs, refusals and fallback, 2026-08-22.
        """
        return self.message_id is not None and (self.stop_reason != "refusal" or self.has_content)


def received(status: int, content_type: str, body: bytes) -> Received:
    """What a whole response body says."""
    if content_type.startswith("text/event-stream"):
        return _from_events(body)
    data = json_object(body)
    if status != HTTP_OK:
        return Received(error=_error_type(data) or f"http_{status}")
    if data.get("type") != "message":
        return Received(error="not_json" if not data else "not_a_message")
    return with_message(data)


def with_message(message: Mapping[str, object]) -> Received:
    """What a whole message says."""
    reply = Received(stop_reason=_text(message.get("stop_reason")))
    _read_message(reply, message)
    return reply


def usage_of(message: object) -> Usage:
    """What a message of the SDK says that it used; nothing where it says nothing."""
    told = getattr(message, "usage", None)
    reply = Received()
    _read_usage(
        reply, told.model_dump(warnings=False) if isinstance(told, BaseModel) else object_of(told)
    )
    return reply.usage


def json_object(content: bytes) -> Mapping[str, object]:
    """The JSON object in ``content``, or an empty one."""
    try:
        data = from_json(content)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _from_events(body: bytes) -> Received:
    reply = Received(error="cut_stream")
    for event in _events(body):
        kind = event.get("type")
        if kind == "message_start":
            _read_message(reply, object_of(event.get("message")))
        elif kind == "content_block_start":
            reply.has_content = True
        elif kind == "content_block_delta":
            reply.has_text = reply.has_text or "text" in object_of(event.get("delta"))
        elif kind == "message_delta":
            reply.stop_reason = _text(object_of(event.get("delta")).get("stop_reason"))
            _read_usage(reply, object_of(event.get("usage")))
        elif kind == "message_stop":
            reply.error = None
        elif kind == "error":
            reply.error = _error_type(event) or "error"
            break
    return reply


def _events(body: bytes) -> Iterator[Mapping[str, object]]:
    for line in body.splitlines():
        if line.startswith(b"data:"):
            yield json_object(line[5:])


def _read_message(reply: Received, message: Mapping[str, object]) -> None:
    reply.message_id = _text(message.get("id"))
    reply.model = _text(message.get("model"))
    content = message.get("content")
    blocks = content if isinstance(content, list) else []
    reply.has_content = bool(blocks)
    reply.has_text = any(object_of(block).get("type") == "text" for block in blocks)
    _read_usage(reply, object_of(message.get("usage")))


def _read_usage(reply: Received, usage: Mapping[str, object]) -> None:
    reply.tokens |= _counts(usage)
    listed = usage.get("iterations")
    if isinstance(listed, list):
        reply.parts = tuple(Usage(**_counts(object_of(one))) for one in listed)
    reply.service_tier = _text(usage.get("service_tier")) or reply.service_tier
    reply.inference_geo = _text(usage.get("inference_geo")) or reply.inference_geo
    reply.speed = _text(usage.get("speed")) or reply.speed


def _counts(usage: Mapping[str, object]) -> dict[str, int]:
    """The counts of tokens that a usage has."""
    told = {**usage, **object_of(usage.get("cache_creation"))}
    return {name: count for name in USAGE_FIELDS if (count := _count(told.get(name))) is not None}


def _count(value: object) -> int | None:
    """A count of tokens; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= MOST_TOKENS else None


def _error_type(data: Mapping[str, object]) -> str | None:
    return _text(object_of(data.get("error")).get("type"))


def object_of(value: object) -> Mapping[str, object]:
    """The value if it is an object, or an empty one."""
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
