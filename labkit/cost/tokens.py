"""The tokens of a usage by what they cost, whatever shape the usage has.

    the SDK's usage, the trace's, or a dict  ->  tokens_of  ->  Tokens

A field that is None counts 0; one that must be there and is not, or is no count, is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from labkit.arguments import refused, whole

ABSENT = object()
"""What a usage says of a field that it does not have."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a usage by what they cost, in the API's spelling; each counts once."""

    input_tokens: int = 0
    """Neither written to the cache nor read from it."""
    ephemeral_5m_input_tokens: int = 0
    """Written for five minutes, or for a time that the usage does not say."""
    ephemeral_1h_input_tokens: int = 0
    """Written for an hour."""
    cache_read_input_tokens: int = 0
    output_tokens: int = 0
    """Thinking included: it is billed as output."""
    web_search_requests: int = 0
    """Searches, not tokens; billed apart."""

    @property
    def prompt(self) -> int:
        """The whole prompt, cached tokens counted: what decides about a price step."""
        written = self.ephemeral_5m_input_tokens + self.ephemeral_1h_input_tokens
        return self.input_tokens + written + self.cache_read_input_tokens

    def plus(self, other: "Tokens") -> "Tokens":
        """Both together."""
        names = [one.name for one in fields(self)]
        return Tokens(*(getattr(self, name) + getattr(other, name) for name in names))


def tokens_of(usage: object) -> Tokens:
    """The tokens of a usage by what they cost."""
    split = field_of(usage, "cache_creation")
    split = usage if split is ABSENT or split is None else split
    hour = count_of(split, "ephemeral_1h_input_tokens")
    short = count_of(split, "ephemeral_5m_input_tokens")
    written = max(count_of(usage, "cache_creation_input_tokens"), short + hour)
    tools = field_of(usage, "server_tool_use")
    return Tokens(
        count_of(usage, "input_tokens", needed=True),
        written - hour,
        hour,
        count_of(usage, "cache_read_input_tokens"),
        count_of(usage, "output_tokens", needed=True),
        count_of(tools, "web_search_requests"),
    )


def field_of(usage: object, name: str) -> object:
    """A field of a usage, whether it is an object or a dict; ABSENT where it has none."""
    if isinstance(usage, Mapping):
        return usage.get(name, ABSENT)
    return getattr(usage, name, ABSENT)


def count_of(usage: object, name: str, *, needed: bool = False) -> int:
    """One count of a usage; None counts 0, as the SDK writes what does not apply."""
    value = field_of(usage, name)
    if value is ABSENT and needed:
        follows = f"It has no {name}, so nothing can be priced by it."
        raise refused("usage", usage, follows, "Give message.usage, or the same as a dict.")
    if value is ABSENT or value is None:
        return 0
    return whole(name, value, "Nothing can be priced by it.", least=0)
