"""The prompt cache: which part of a prompt is read, which is written, and for how long.

segments, breakpoints -> longest prefix that was written before (read) -> the rest up to the last
breakpoint (written) -> entries that live five minutes or an hour from the last use

Source: docs: prompt caching, 2026-08-22.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from labkit.catalog import Model
from labkit.sim.asked import Asked
from labkit.sim.caching.rendered import Segment

LIFETIMES_S = {"5m": 300.0, "1h": 3_600.0}
LOOK_BACK = 20
"""Blocks per breakpoint at which an earlier entry is looked for, its own counted first."""
UNPUBLISHED_MINIMUM = 1_024
"""Fewest tokens of a cached prefix where the model's page does not say."""
SWEEP_AT = 256
"""So many entries are kept before the first search for expired ones."""

Key = tuple[str, str, bytes]


class PromptUsage(NamedTuple):
    """How the tokens of one prompt are counted; together they are the whole prompt."""

    input_tokens: int
    """Neither read nor written."""
    cache_read_input_tokens: int = 0
    ephemeral_5m_input_tokens: int = 0
    ephemeral_1h_input_tokens: int = 0

    @property
    def cache_creation_input_tokens(self) -> int:
        """Written for whatever time."""
        return self.ephemeral_5m_input_tokens + self.ephemeral_1h_input_tokens

    @property
    def uncached_tokens(self) -> int:
        """What the model had to work through: all that was not read."""
        return self.input_tokens + self.cache_creation_input_tokens


@dataclass(slots=True)
class Entry:
    """One cached prefix."""

    ttl_s: float
    ready_s: float
    """From when on it can be read: the first answer has begun."""
    expires_s: float


@dataclass(slots=True)
class PromptCache:
    """All prefixes that can still be read."""

    entries: dict[Key, Entry] = field(default_factory=dict)
    sweep_at: int = SWEEP_AT

    def read(self, asked: Asked) -> PromptUsage:
        """Read the longest prefix that is there, which begins its lifetime anew."""
        points = breakpoints(asked)
        hit = self.longest(asked, points)
        if hit is None:
            return usage_of(asked, points, 0)
        segments = asked.rendered.segments
        for place in (hit, *(point for point in points if point < hit)):
            if entry := self.readable(key_of(asked, segments[place]), asked.now_s):
                entry.expires_s = max(entry.expires_s, asked.now_s + entry.ttl_s)
        return usage_of(asked, points, segments[hit].prefix_tokens)

    def write(self, asked: Asked, usage: PromptUsage, ready_s: float) -> None:
        """Keep the prefixes at breakpoints behind what was read, readable from ``ready_s`` on."""
        for point in breakpoints(asked):
            segment = asked.rendered.segments[point]
            if segment.prefix_tokens > usage.cache_read_input_tokens:
                self.keep(key_of(asked, segment), str(segment.ttl), asked.now_s, ready_s)
        if len(self.entries) >= self.sweep_at:
            self.sweep(asked.now_s)

    def readable_tokens(self, asked: Asked) -> int:
        """How many tokens a read would find; nothing is refreshed."""
        hit = self.longest(asked, breakpoints(asked))
        return 0 if hit is None else asked.rendered.segments[hit].prefix_tokens

    def longest(self, asked: Asked, points: Sequence[int]) -> int | None:
        """The place of the last block that was cached, looking back from each breakpoint."""
        segments = asked.rendered.segments
        for point in reversed(points):
            for place in range(point, max(point - LOOK_BACK, -1), -1):
                if self.readable(key_of(asked, segments[place]), asked.now_s):
                    return place
        return None

    def readable(self, key: Key, now_s: float) -> Entry | None:
        """The entry, if its answer has begun and its time is not over."""
        entry = self.entries.get(key)
        return entry if entry and entry.ready_s <= now_s < entry.expires_s else None

    def keep(self, key: Key, ttl: str, now_s: float, ready_s: float) -> None:
        """Write one entry; of two that are written at once the earlier can be read first."""
        new = Entry(LIFETIMES_S[ttl], ready_s, now_s + LIFETIMES_S[ttl])
        before = self.entries.get(key)
        if before and now_s < before.expires_s:
            new.ttl_s = max(new.ttl_s, before.ttl_s)
            new.ready_s = min(new.ready_s, before.ready_s)
            new.expires_s = max(new.expires_s, before.expires_s)
        self.entries[key] = new

    def sweep(self, now_s: float) -> None:
        """Forget what has expired, and say when to look again."""
        self.entries = {k: entry for k, entry in self.entries.items() if now_s < entry.expires_s}
        self.sweep_at = max(SWEEP_AT, 2 * len(self.entries))


def breakpoints(asked: Asked) -> list[int]:
    """The places of the breakpoints whose prefix is long enough to be cached."""
    least = minimum(asked.model)
    return [
        place
        for place, segment in enumerate(asked.rendered.segments)
        if segment.ttl and segment.prefix_tokens >= least
    ]


def minimum(model: Model) -> int:
    """The shortest prefix that this model's cache takes."""
    return UNPUBLISHED_MINIMUM if model.cache_minimum is None else model.cache_minimum


def key_of(asked: Asked, segment: Segment) -> Key:
    """What must be equal for a prefix to be found again."""
    return asked.model.id, asked.rendered.settings[segment.part], segment.prefix


def usage_of(asked: Asked, points: Sequence[int], read: int) -> PromptUsage:
    """How the tokens are counted, by the three positions that the documentation names."""
    segments = [asked.rendered.segments[point] for point in points]
    hour = max((s.prefix_tokens for s in segments if s.ttl == "1h"), default=0)
    last = max((s.prefix_tokens for s in segments), default=0)
    hour = max(hour, read)
    last = max(last, hour)
    return PromptUsage(asked.rendered.tokens - last, read, last - hour, hour - read)
