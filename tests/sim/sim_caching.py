"""Requests with cache breakpoints, and the counters that come back."""

from typing import Any, NamedTuple

from sim_world import World, asked, body_of

SENTENCE = "The drill is kept in the blue cupboard, and the ladder stands behind the door. "
LONG = 75
"""So many sentences are longer than the 1,024 tokens that most models cache at least."""
LATER_S = 10.0
"""Any answer has begun by then."""


class Counted(NamedTuple):
    """The input side of a usage."""

    fresh: int
    written: int
    read: int


def mark(ttl: str | None = None) -> dict[str, Any]:
    """A ``cache_control`` field."""
    return {"cache_control": {"type": "ephemeral", **({"ttl": ttl} if ttl else {})}}


def text(words: str = SENTENCE * LONG, ttl: str | None = "") -> dict[str, Any]:
    """A text block; ``ttl=None`` sets a breakpoint that does not say how long."""
    return {"type": "text", "text": words, **({} if ttl == "" else mark(ttl))}


def turn(*blocks: dict[str, Any], role: str = "user") -> dict[str, Any]:
    """One message."""
    return {"role": role, "content": list(blocks)}


def usage(world: World, after_s: float = LATER_S, **changes: Any) -> dict[str, Any]:
    """What the wire reports for one request, some time after the one before it."""
    world.clock.sleep(after_s)
    plan = world.post(asked(**changes))
    assert plan.status == 200, body_of(plan)
    return body_of(plan)["usage"]  # type: ignore[no-any-return]


def counted(world: World, after_s: float = LATER_S, **changes: Any) -> Counted:
    """The three counters of one request."""
    seen = usage(world, after_s, **changes)
    return Counted(
        seen["input_tokens"],
        seen["cache_creation_input_tokens"],
        seen["cache_read_input_tokens"],
    )
