"""Short names for what is sent: equal things have equal names, and long texts are hashed once."""

import json
from functools import lru_cache
from hashlib import sha256

from labkit.sim import tokens

DIGEST_CHARS = 16
canonical = json.JSONEncoder(sort_keys=True).encode


def fingerprint(value: object) -> str:
    """A short name for a JSON value, whatever the order of its keys."""
    return sha256(canonical(shortened(value)).encode()).hexdigest()[:DIGEST_CHARS]


def shortened(value: object) -> object:
    """The value with each long text replaced by its digest."""
    if isinstance(value, str):
        return digest(tokens.Long(value)) if len(value) >= tokens.LONG_CHARS else value
    if isinstance(value, dict):
        return {
            name: part
            if isinstance(part, str) and len(part) < tokens.LONG_CHARS  # saves most of the calls
            else shortened(part)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [part if is_short_pair(part) else shortened(part) for part in value]
    return value


def is_short_pair(value: object) -> bool:
    """Whether a value is an object of two short texts, as most messages are."""
    if not isinstance(value, dict) or len(value) != len(("role", "content")):
        return False
    one, other = value.values()
    is_text = isinstance(one, str) and isinstance(other, str)
    return is_text and len(one) < tokens.LONG_CHARS and len(other) < tokens.LONG_CHARS


@lru_cache(maxsize=tokens.REMEMBERED)
def digest(known: tokens.Long) -> str:
    """The hash of a text that is likely to come again."""
    return sha256(known.text.encode()).hexdigest()
