"""What two requests have in common for a cache, and where they differ first.

    requests -> blocks as bytes, in the order tools, system, messages -> Shared

Some settings make what follows another prefix, whatever the bytes say: another model all of it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple

from labkit.arguments import line, refused
from labkit.cost.blocks import as_blocks, unmarked

PARTS = ("tools", "system", "messages")
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "tools": ("model",),
    "system": ("speed", "output_config.format"),
    "messages": ("tool_choice", "thinking", "output_config.effort"),
}
"""By part: what makes that part and all behind it another prefix, whatever the bytes say.
Source: docs: prompt caching, what invalidates the cache, 2026-08-22."""
EXCERPT = 60
BEFORE = 20
"""So many characters of what is equal stand before a difference."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What two requests have in common from their beginning on."""

    cached_bytes: int
    """In whole blocks: the most that a cache can read of the first for the second."""
    shared_bytes: int
    """Up to the first byte that differs, which may lie inside a block."""
    second_bytes: int
    """The whole second request, as far as its prefix counts."""
    place: str | None = None
    """Where they differ first, such as ``system.0`` or ``model``; None if nowhere."""
    was: str = ""
    """What the first has there, from just before the difference on; empty where it ends."""
    now: str = ""
    """What the second has there."""

    @property
    def share(self) -> float:
        """The part of the second request that a cache can read at most."""
        return self.cached_bytes / self.second_bytes if self.second_bytes else 0.0

    def __repr__(self) -> str:
        """How much is shared, and what to look at."""
        head = f"{self.cached_bytes:,} of {self.second_bytes:,} bytes shared ({self.share:.0%})"
        if self.place is None:
            return head
        return f"{head}; first difference at {self.place}:\n  {self.was}\n  {self.now}"


class Segment(NamedTuple):
    """A block of a request, or a setting on which what follows hangs."""

    part: str
    place: str
    content: bytes
    is_setting: bool = False


def common_prefix(first: Mapping[str, Any], second: Mapping[str, Any]) -> Shared:
    """What two requests share, in the order in which the API reads them.

    Args:
        first: What was sent before: the arguments of ``messages.create``.
        second: What is sent now.
    """
    pairs = list(zip_longest(segments("first", first), segments("second", second)))
    total = sum(size(now) for _, now in pairs if now)
    cached = 0
    for before, after in pairs:
        if before is None or after is None or not same(before, after):
            return difference(before, after, cached, total)
        cached += size(after)
    return Shared(cached, cached, total)


def segments(what: str, request: Mapping[str, Any]) -> Iterator[Segment]:
    """The blocks of a request in the API's order, each part behind its settings."""
    if not isinstance(request, Mapping) or "messages" not in request:
        follows = "It has no messages, so nothing can be compared."
        raise refused(what, request, follows, "Give what messages.create takes, as a dict.")
    for part in PARTS:
        for name in SETTINGS[part]:
            yield Segment(part, name, exact(setting(request, name)), is_setting=True)
        yield from blocks_of(part, request.get(part))


def blocks_of(part: str, value: object) -> Iterator[Segment]:
    """The blocks of one part with their places; a text is one block."""
    if part != "messages":
        for number, block in enumerate(as_blocks(value)):
            yield Segment(part, f"{part}.{number}", exact(block))
        return
    for place, message in enumerate(value if isinstance(value, list | tuple) else ()):
        role = message.get("role")
        for number, block in enumerate(as_blocks(message.get("content"))):
            head = exact({"role": role}) if number == 0 else b""
            yield Segment(part, f"{part}.{place}.content.{number}", head + exact(block))


def difference(before: Segment | None, after: Segment | None, cached: int, total: int) -> Shared:
    """What is shared where a pair of segments differs."""
    pair = [one for one in (before, after) if one is not None]
    place = min(pair, key=lambda one: (PARTS.index(one.part), one.is_setting)).place
    contents = [one.content if one and one.place == place else b"" for one in (before, after)]
    inside = 0 if pair[0].is_setting else same_bytes(*contents)
    start = max(0, inside - BEFORE)
    was, now = (excerpt(one[start:]) for one in contents)
    return Shared(cached, cached + inside, total, place, was, now)


def same(one: Segment, other: Segment) -> bool:
    """Whether two segments are the same thing to a cache."""
    return (one.part, one.is_setting, one.content) == (other.part, other.is_setting, other.content)


def size(segment: Segment) -> int:
    """The bytes of a segment; a setting has none."""
    return 0 if segment.is_setting else len(segment.content)


def same_bytes(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def excerpt(content: bytes) -> str:
    """A piece that a person can read."""
    return line(content[: 4 * EXCERPT].decode(errors="replace"), EXCERPT)


def setting(request: Mapping[str, Any], name: str) -> object:
    """A setting of a request; None where it has none."""
    outer, _, inner = name.partition(".")
    value = request.get(outer)
    return value.get(inner) if inner and isinstance(value, Mapping) else None if inner else value


def exact(value: object) -> bytes:
    """A value as bytes, its keys in their own order, without breakpoints."""
    return json.dumps(unmarked(value), ensure_ascii=False, default=str).encode(
        errors="surrogatepass"
    )
