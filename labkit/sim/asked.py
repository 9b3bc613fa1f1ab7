"""Reading one request: from bytes to a valid body, or to the API's refusal.

Also its fingerprints: luck hangs on what is asked, so equal requests have equal luck whatever
else is going on, and streaming a request does not change its answer.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from jiter import from_json

from labkit.catalog import Model
from labkit.sim import tokens
from labkit.sim.rejection import Rejection, invalid
from labkit.sim.validate import check_request

MAX_BODY_BYTES = 32_000_000
"""Source: docs: errors, request size limits, 2026-08-22."""
DIGEST_CHARS = 16

PATH = "/v1/messages"
canonical = json.JSONEncoder(sort_keys=True).encode

API_VERSIONS = ("2023-06-01", "2026-10-21")


class Request(NamedTuple):
    """One HTTP request; header names in lower case, or a mapping that does not mind."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Asked(NamedTuple):
    """A valid request."""

    body: Mapping[str, object]
    """Its fields, without those that are null."""
    model: Model
    input_tokens: int
    retry: str
    """The SDK's count of attempts before this one."""
    whole: str
    """Fingerprint of everything that can change the answer."""

    @property
    def streamed(self) -> bool:
        """Whether the answer comes as events."""
        return self.body.get("stream") is True

    @property
    def last_message(self) -> Mapping[str, object]:
        """What was said last."""
        messages = self.body["messages"]
        assert isinstance(messages, list)
        return messages[-1]  # type: ignore[no-any-return]


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
    return Asked(fields, known, size, retry, fingerprint(answered))


def check_envelope(request: Request) -> str:
    """Address, key, version and size; returns the API version."""
    if request.method != "POST" or request.path.partition("?")[0] != PATH:
        raise Rejection(404, "Not found")
    bearer = request.headers.get("authorization") or ""
    if not request.headers.get("x-api-key") and not bearer.startswith("Bearer "):
        raise Rejection(401, "x-api-key header is required")
    version = request.headers.get("anthropic-version")
    if not version:
        raise invalid("anthropic-version: header is required")
    if version not in API_VERSIONS:
        raise invalid(f"anthropic-version: {version!r} is not a valid version")
    if len(request.body) > MAX_BODY_BYTES:
        raise Rejection(413, "Request exceeds the maximum size")
    return version


def read_json(raw: bytes) -> object:
    """The body as JSON; not too deep, no ``NaN``, no half characters (jiter sees to that)."""
    try:
        return from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        raise invalid(f"The request body is not valid JSON: {error}") from None


def fingerprint(value: object) -> str:
    """A short name for a JSON value; long texts are hashed once and remembered."""
    return sha256(canonical(shortened(value)).encode()).hexdigest()[:DIGEST_CHARS]


def shortened(value: object) -> object:
    """The value with each long text replaced by its digest."""
    if isinstance(value, str):
        return digest(tokens.Long(value)) if len(value) >= tokens.LONG_CHARS else value
    if isinstance(value, dict):
        return {name: shortened(part) for name, part in value.items()}
    return [shortened(part) for part in value] if isinstance(value, list) else value


@lru_cache(maxsize=64)
def digest(known: tokens.Long) -> str:
    """The hash of a text that is likely to come again."""
    return sha256(known.text.encode()).hexdigest()


def words_of(message: Mapping[str, object]) -> str:
    """The text of a message."""
    content = message["content"]
    if not isinstance(content, list):
        return str(content)
    return "\n".join(str(block["text"]) for block in content if block["type"] == "text")
