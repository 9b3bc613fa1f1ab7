"""Where a request sets cache breakpoints, its automatic one included, and which the API refuses.

Source: docs: prompt caching, 2026-08-22.
"""

from collections.abc import Mapping, Sequence

from labkit.sim.caching.rendered import Rendered, Segment, listed, ttl_of
from labkit.sim.rejection import invalid

MAX_BREAKPOINTS = 4
NEVER_CACHED = ("empty", "redacted_thinking", "thinking")
"""Kinds of blocks on which no breakpoint can stand."""
OBSERVING = ("cache_control", "diagnostics", "speed", "stream")
"""Fields that never change what is answered."""


def check_breakpoints(sent: Rendered, control: object) -> None:
    """Refuse breakpoints that the API would refuse, named as they stand in what was sent.

    ``control`` is the request's own ``cache_control``, which comes last.
    """
    automatic = ttl_of(control)
    wished = [(f"{s.place}.cache_control", s.ttl) for s in sent.segments if s.ttl]
    if automatic:
        wished.append(("cache_control", automatic))
    if len(wished) > MAX_BREAKPOINTS:
        raise invalid(
            f"A maximum of {MAX_BREAKPOINTS} blocks with cache_control may be provided. "
            f"Found {len(wished)}."
        )
    check_order(wished)
    if automatic:
        check_last(sent.segments[last_cacheable(sent)], automatic)


def check_order(wished: Sequence[tuple[str, str]]) -> None:
    """Refuse a long lifetime behind a short one."""
    short = False
    for where, ttl in wished:
        if short and ttl == "1h":
            raise invalid(
                f"{where}.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' "
                "cache_control block. Note that blocks are processed in the following order: "
                "`tools`, `system`, `messages`."
            )
        short = short or ttl == "5m"


def check_last(last: Segment, automatic: str) -> None:
    """Refuse another lifetime than the one that the last block asks for by itself."""
    if last.ttl not in (None, automatic):
        raise invalid(
            f"cache_control.ttl: '{automatic}' does not match the ttl of the breakpoint that "
            f"{last.place} already has, '{last.ttl}'"
        )


def with_automatic(rendered: Rendered, control: object) -> Rendered:
    """The request with the breakpoint that its own ``cache_control`` asks for."""
    if (automatic := ttl_of(control)) is None:
        return rendered
    segments = list(rendered.segments)
    last = last_cacheable(rendered)
    segments[last] = segments[last]._replace(ttl=automatic)
    return rendered._replace(segments=tuple(segments))


def last_cacheable(rendered: Rendered) -> int:
    """The place of the last block on which a breakpoint can stand."""
    places = range(len(rendered.segments) - 1, -1, -1)
    return next(at for at in places if rendered.segments[at].kind not in NEVER_CACHED)


def without_breakpoints(body: Mapping[str, object]) -> dict[str, object]:
    """The fields that can change an answer: caching, streaming and the speed never do."""
    plain = {name: value for name, value in body.items() if name not in OBSERVING}
    for name in ("tools", "system"):
        if listed(plain.get(name)):
            plain[name] = unmarked(plain[name])
    plain["messages"] = [
        message
        if isinstance(message["content"], str)
        else {**message, "content": unmarked(message["content"])}
        for message in listed(body["messages"])
    ]
    return plain


def unmarked(content: object) -> object:
    """Blocks without their breakpoints."""
    return [
        {name: value for name, value in block.items() if name != "cache_control"}
        for block in listed(content)
    ]
