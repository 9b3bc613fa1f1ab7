"""Why a prompt cache could not help: where a request differs from the one before it.

Shapes: anthropic 2.12.0, ``types/diagnostics.py`` and the types it names. It compares what was
sent, whether or not anything was cached.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from labkit.sim.asked import Asked
from labkit.sim.caching.rendered import exact

KEPT = 500
"""So many requests are remembered."""
KEPT_S = 3_600.0
"""For so long."""

PARTS = ("tools", "system", "messages")
OTHERS = ("tool_choice", "thinking", "output_config")
"""Fields that change a prompt without standing in it."""

Reason = Mapping[str, object]


class Sent(NamedTuple):
    """What is remembered of a request: names and sizes, no content."""

    at_s: float
    model: tuple[str, str]
    """With its speed."""
    others: str
    blocks: tuple[tuple[str, bytes, int], ...]
    """Part, prefix, and tokens so far."""


@dataclass(slots=True)
class Diagnoses:
    """The requests that asked to be compared with later ones."""

    sent: dict[str, Sent] = field(default_factory=dict)

    def compare(self, asked: Asked) -> Mapping[str, object] | None:
        """The ``diagnostics`` of an answer; None where nothing is asked or nothing differs."""
        wish = asked.body.get("diagnostics")
        name = wish.get("previous_message_id") if isinstance(wish, dict) else None
        if name is None:
            return None
        before = self.sent.get(str(name))
        if before is None or asked.now_s - before.at_s > KEPT_S:
            return {"cache_miss_reason": {"type": "previous_message_not_found"}}
        reason = difference(before, sent(asked))
        return {"cache_miss_reason": reason} if reason else None

    def remember(self, message_id: str, asked: Asked) -> None:
        """Keep what a later request may name, if this one asks for it."""
        if "diagnostics" in asked.body:
            self.sent[message_id] = sent(asked)
            if len(self.sent) > KEPT:
                del self.sent[next(iter(self.sent))]


def sent(asked: Asked) -> Sent:
    """What is remembered of this request."""
    others = exact([asked.body.get(name) for name in OTHERS])
    speed = str(asked.body.get("speed", "standard"))
    blocks = tuple((s.part, s.prefix, s.prefix_tokens) for s in asked.rendered.segments)
    return Sent(asked.now_s, (asked.model.id, speed), others, blocks)


def difference(before: Sent, now: Sent) -> Reason | None:
    """The first thing in which a request does not continue the one before it."""
    if before.model != now.model:
        return changed("model", before, 0)
    same = common(before, now)
    part = first_part(before, now, same)
    if part in ("tools", "system"):
        return changed(part, before, same)
    if before.others != now.others:
        return {"type": "unavailable"}
    return changed("messages", before, same) if part else None


def common(before: Sent, now: Sent) -> int:
    """How many blocks both begin with."""
    pairs = zip(before.blocks, now.blocks, strict=False)
    return next(
        (n for n, (old, new) in enumerate(pairs) if old != new),
        min(map(len, (before.blocks, now.blocks))),
    )


def first_part(before: Sent, now: Sent, same: int) -> str | None:
    """The part in which both differ first; None if the later one only goes on."""
    if same == len(before.blocks):
        return None
    parts = [known.blocks[same][0] for known in (before, now) if same < len(known.blocks)]
    return min(parts, key=PARTS.index)


def changed(what: str, before: Sent, same: int) -> Reason:
    """A reason with the tokens that could have been read had nothing changed."""
    read = before.blocks[same - 1][2] if same else 0
    return {"type": f"{what}_changed", "cache_missed_input_tokens": before.blocks[-1][2] - read}
