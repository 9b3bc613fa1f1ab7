"""Reading a request for a message: a valid body, or the API's refusal.

Also its fingerprints: luck hangs on what is asked, so equal requests have equal luck whatever
else is going on, and streaming a request does not change its answer.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from labkit.catalog import Model
from labkit.sim import tokens
from labkit.sim.envelope import Call
from labkit.sim.rejection import invalid
from labkit.sim.validate import check_request

DIGEST_CHARS = 16
canonical = json.JSONEncoder(sort_keys=True).encode


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


def understand(body: object, call: Call) -> Asked:
    """The body of a message request, checked.

    Raises:
        Rejection: The API would refuse it.
    """
    known = check_request(body, call.version, call.now.date())
    assert isinstance(body, dict)
    fields = {name: value for name, value in body.items() if value is not None}
    size = tokens.count_request(fields)
    if size > known.context_window:
        raise invalid(f"prompt is too long: {size} tokens > {known.context_window} maximum")
    answered = {name: value for name, value in fields.items() if name != "stream"}
    retry = call.request.headers.get("x-stainless-retry-count") or "0"
    return Asked(fields, known, size, retry, fingerprint(answered))


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
