"""Reading one request: from bytes to a valid body, or to the API's refusal.

Also its fingerprints: luck hangs on what is asked, so equal requests have equal luck whatever
else is going on, and streaming a request does not change its answer.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256

from labkit.catalog import Model
from labkit.sim import tokens, wire
from labkit.sim.rejection import Rejection, invalid
from labkit.sim.validate import check_request

MAX_BODY_BYTES = 32_000_000
"""Source: docs: errors, request size limits, 2026-08-22."""
MAX_DEPTH = 200
LONG_CHARS = 1_000
DIGEST_CHARS = 16

PATH = "/v1/messages"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; header names in lower case, or a mapping that does not mind."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A valid request."""

    body: Mapping[str, object]
    """Its fields, without those that are null."""
    model: Model
    input_tokens: int
    retry: str
    """The SDK's count of attempts before this one."""
    whole: str
    """Fingerprint of everything that can change the answer."""
    last: str
    """Fingerprint of the last message alone."""

    @property
    def streamed(self) -> bool:
        """Whether the answer comes as events."""
        return self.body.get("stream") is True


def understand(request: Request, today: date) -> Asked:
    """The request, read and checked.

    Raises:
        Rejection: The API would refuse it.
    """
    version = check_envelope(request)
    body = read_json(request.body)
    known = check_request(body, version, today)
    assert isinstance(body, dict)
    fields = {name: value for name, value in body.items() if value is not None}
    size = tokens.count_request(fields)
    if size > known.context_window:
        raise invalid(f"prompt is too long: {size} tokens > {known.context_window} maximum")
    answered = {name: value for name, value in fields.items() if name != "stream"}
    retry = request.headers.get("x-stainless-retry-count") or "0"
    last = fingerprint(fields["messages"][-1:])
    return Asked(fields, known, size, retry, fingerprint(answered), last)


def check_envelope(request: Request) -> str:
    """Address, key, version and size; returns the API version."""
    if request.method != "POST" or request.path.partition("?")[0] != PATH:
        raise Rejection(404, "not_found_error", "Not found")
    bearer = request.headers.get("authorization") or ""
    if not request.headers.get("x-api-key") and not bearer.startswith("Bearer "):
        raise Rejection(401, "authentication_error", "x-api-key header is required")
    version = request.headers.get("anthropic-version")
    if not version:
        raise invalid("anthropic-version: header is required")
    if version not in wire.API_VERSIONS:
        raise invalid(f"anthropic-version: {version!r} is not a valid version")
    if len(request.body) > MAX_BODY_BYTES:
        raise Rejection(413, "request_too_large", "Request exceeds the maximum size")
    return version


def read_json(raw: bytes) -> object:
    """The body as JSON, of a depth that everything after this can handle."""
    try:
        body = DECODER.decode(raw.decode())
        if b"\\u" in raw:
            json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise invalid("The request body is not valid JSON.") from None
    if is_too_deep(body):
        raise invalid("The request body is not valid JSON: it is nested too deeply.")
    return body


def no_constant(name: str) -> object:
    """Refuse ``NaN`` and ``Infinity``, which are not JSON."""
    raise ValueError(name)


DECODER = json.JSONDecoder(parse_constant=no_constant)


def is_too_deep(value: object) -> bool:
    """Whether lists and objects stand in one another too many times."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for item in level for child in children(item)]
        if not level:
            return False
    return True


def children(value: object) -> list[object]:
    """The lists and objects in a list or an object."""
    if isinstance(value, dict):
        value = list(value.values())
    inside = value if isinstance(value, list) else []
    return [child for child in inside if isinstance(child, dict | list)]


def fingerprint(value: object) -> str:
    """A short name for a JSON value; long texts are hashed once and remembered."""
    text = json.dumps(shortened(value), sort_keys=True)
    return sha256(text.encode()).hexdigest()[:DIGEST_CHARS]


def shortened(value: object) -> object:
    """The value with each long text replaced by its digest."""
    if isinstance(value, str):
        return digest(value) if len(value) > LONG_CHARS else value
    if isinstance(value, dict):
        return {name: shortened(part) for name, part in value.items()}
    return [shortened(part) for part in value] if isinstance(value, list) else value


@lru_cache(maxsize=64)
def digest(text: str) -> str:
    """The hash of a text that is likely to come again."""
    return sha256(text.encode()).hexdigest()


def last_words(body: Mapping[str, object]) -> str:
    """The text of the last message."""
    messages = body["messages"]
    content = messages[-1]["content"] if isinstance(messages, list) else ""
    if isinstance(content, str):
        return content
    return "\n".join(str(block["text"]) for block in content if block["type"] == "text")
