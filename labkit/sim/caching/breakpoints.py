"""Where a request sets cache breakpoints, its automatic one included, and which the API refuses.

Source: docs: prompt caching, 2026-08-22.
"""

from collections.abc import Mapping, Sequence

from labkit.sim.caching.rendered import Rendered, listed, ttl_of
from labkit.sim.rejection import invalid

MAX_BREAKPOINTS = 4
NEVER_CACHED = ("empty", "redacted_thinking", "thinking")
"""Kinds of blocks on which no breakpoint can stand."""
OBSERVING = ("cache_control", "diagnostics", "stream")
"""Fields that never change what is answered."""


def with_automatic(rendered: Rendered, control: object) -> Rendered:
    """The request with the breakpoint that its own ``cache_control`` asks for.

    Raises:
        Rejection: The API would refuse its breakpoints.
    """
    automatic = ttl_of(control)
    wished = [(f"{s.place}.cache_control", s.ttl) for s in rendered.segments if s.ttl]
    if automatic:
        wished.append(("cache_control", automatic))
    if len(wished) > MAX_BREAKPOINTS:
        raise invalid(
            f"A maximum of {MAX_BREAKPOINTS} blocks with cache_control may be provided. "
            f"Found {len(wished)}."
        )
    check_order(wished)
    return marked_last(rendered, automatic) if automatic else rendered


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


def marked_last(rendered: Rendered, ttl: str) -> Rendered:
    """The request with a breakpoint on its last block that can have one."""
    segments = list(rendered.segments)
    last = max(n for n, segment in enumerate(segments) if segment.kind not in NEVER_CACHED)
    if segments[last].ttl not in (None, ttl):
        raise invalid(
            f"cache_control.ttl: '{ttl}' does not match the ttl of the breakpoint that "
            f"{segments[last].place} already has, '{segments[last].ttl}'"
        )
    segments[last] = segments[last]._replace(ttl=ttl)
    return rendered._replace(segments=tuple(segments))


def without_breakpoints(body: Mapping[str, object]) -> dict[str, object]:
    """The fields that can change an answer: caching and streaming never do."""
    plain = {name: value for name, value in body.items() if name not in OBSERVING}
    for name in ("tools", "system"):
        if listed(plain.get(name)):
            plain[name] = unmarked(plain[name])
    plain["messages"] = [
        {**message, "content": unmarked(message["content"])} for message in listed(body["messages"])
    ]
    return plain


def unmarked(content: object) -> object:
    """Blocks without their breakpoints; a string as it is."""
    if isinstance(content, str):
        return content
    return [
        {name: value for name, value in block.items() if name != "cache_control"}
        for block in listed(content)
    ]
