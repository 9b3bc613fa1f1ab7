"""A valid request as the model reads it: its blocks in the API's order, counted and hashed.

tools -> system -> messages, one segment per block; each knows all that stands before it.

The names of prefixes are exact: another order of keys in a tool, or one changed character, is
another prefix. Where the client put cache breakpoints is not part of them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from labkit.sim import tokens
from labkit.sim.caching.fingerprints import shortened
from labkit.sim.tokens import OLDER, Tokenizer

PREFIX_BYTES = 16

exact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
spaced = json.JSONEncoder(ensure_ascii=False).encode
JSONObject = Mapping[str, object]
PLAIN = {"type", "text"}
"""The fields of a block of text and nothing else."""


class Segment(NamedTuple):
    """One block of a request."""

    part: str
    """``tools``, ``system`` or ``messages``."""
    place: str
    """Where it stands in the request, such as ``messages.2.content.0``."""
    kind: str
    """``tool``, ``empty``, or the type of the content block."""
    tokens: int
    prefix_tokens: int
    """All tokens up to the end of this block."""
    prefix: bytes
    """The name of everything up to the end of this block."""
    ttl: str | None = None
    """``5m`` or ``1h`` where the request sets a cache breakpoint."""


class Rendered(NamedTuple):
    """A whole request as segments."""

    segments: tuple[Segment, ...]
    settings: Mapping[str, str]
    """For each part, the settings that change how it and what follows are read."""

    @property
    def tokens(self) -> int:
        """The input tokens of the request."""
        return self.segments[-1].prefix_tokens


class Block(NamedTuple):
    """One block on its way to a segment."""

    part: str
    place: str
    content: JSONObject | str
    """A plain text stands for its block."""
    tokens: int
    head: str = "more"
    """The role of the message that it begins."""


def render(body: JSONObject, tokenizer: Tokenizer = OLDER) -> Rendered:
    """The segments of a valid request, counted as its model counts."""
    segments = []
    total, prefix = 0, b""
    for part, place, content, size, head in blocks_of(body, tokenizer):
        total += size
        if isinstance(content, str):
            kind, words, ttl = ("text" if content else "empty"), str(shortened(content)), None
        else:
            kind, words = kind_of(part, content), words_of(content)
            ttl = ttl_of(content.get("cache_control"))
        prefix = sha256(prefix + f"{part} {head} {kind} {words}".encode()).digest()[:PREFIX_BYTES]
        segments.append(Segment(part, place, kind, size, total, prefix, ttl))
    return Rendered(tuple(segments), settings_of(body))


def kind_of(part: str, content: JSONObject) -> str:
    """What kind of block it is."""
    if part == "tools":
        return "tool"
    return "empty" if content.get("text") == "" else str(content["type"])


def ttl_of(control: object) -> str | None:
    """The lifetime that a ``cache_control`` asks for; five minutes if it does not say."""
    if not isinstance(control, dict):
        return None
    return str(control.get("ttl") or "5m")


def blocks_of(body: JSONObject, tokenizer: Tokenizer) -> Iterator[Block]:
    """The blocks of all parts in their order. Source: docs: prompt caching, 2026-08-22."""
    yield from tools_of(listed(body.get("tools")), tokenizer)
    system = body.get("system") or ()
    for place, content in placed(system, "system"):
        yield Block("system", place, content, counted(content, tokenizer))
    for number, message in enumerate(listed(body["messages"])):
        yield from message_of(number, message, tokenizer)


def tools_of(tools: Sequence[JSONObject], tokenizer: Tokenizer) -> Iterator[Block]:
    """Each tool with the sign before and the sign after it in the list of tools."""
    extra, before = tokens.TOOLS_TOKENS, "["
    for number, tool in enumerate(tools):
        unmarked = {name: value for name, value in tool.items() if name != "cache_control"}
        size = tokenizer.count(f"{before}{spaced(unmarked)},")
        yield Block("tools", f"tools.{number}", tool, extra + size)
        extra, before = 0, " "


def message_of(number: int, message: JSONObject, tokenizer: Tokenizer) -> Iterator[Block]:
    """The blocks of a message; the first one carries the role."""
    extra, head = tokens.MESSAGE_TOKENS, str(message["role"])
    where, content = f"messages.{number}.content", message["content"]
    for place, block in placed(content or "", where):
        yield Block("messages", place, block, extra + counted(block, tokenizer), head)
        extra, head = 0, "more"


def counted(content: JSONObject | str, tokenizer: Tokenizer) -> int:
    """The tokens of a block."""
    if isinstance(content, str):
        return tokenizer.count(content)
    return tokenizer.count_block(content)


def placed(content: object, where: str) -> Sequence[tuple[str, JSONObject | str]]:
    """Content blocks with their places; a string is one block of text."""
    if isinstance(content, str):
        return ((where, content),)
    return [(f"{where}.{number}", block) for number, block in enumerate(listed(content))]


def listed(value: object) -> Sequence[JSONObject]:
    """A list of objects; an empty one if there is none."""
    return value if isinstance(value, list) else ()


def words_of(block: JSONObject) -> str:
    """What a block says to the model: all of it but its cache breakpoints."""
    said = dict(block) if block.keys() == PLAIN else unmarked(block)
    if said.keys() == PLAIN:
        return str(shortened(said["text"]))
    inner = said.get("content")
    if isinstance(inner, list):
        said["content"] = [unmarked(part) if isinstance(part, dict) else part for part in inner]
    return exact(shortened(said))


def unmarked(block: JSONObject) -> dict[str, object]:
    """The fields of a block that are set, without ``cache_control``."""
    return {
        name: value
        for name, value in block.items()
        if value is not None and name != "cache_control"
    }


def settings_of(body: JSONObject) -> Mapping[str, str]:
    """The settings that invalidate a cache, by the first part that they change.

    Source: docs: prompt caching, what invalidates the cache, 2026-08-22.
    """
    config = body.get("output_config")
    config = config if isinstance(config, dict) else {}
    blocks = all_blocks(listed(body["messages"]))
    cites = any(block.get("citations") == {"enabled": True} for block in blocks)
    system = exact((body.get("speed", "standard"), config.get("format"), cites))
    images = any(block.get("type") == "image" for block in blocks)
    shown = (body.get("tool_choice") or {"type": "auto"}, images)
    thought = (body.get("thinking"), config.get("effort"))
    return {"tools": "", "system": system, "messages": f"{system} {exact((*shown, *thought))}"}


def all_blocks(messages: Sequence[JSONObject]) -> Sequence[JSONObject]:
    """All content blocks, those in tool results included."""
    blocks = [block for message in messages for block in listed(message["content"])]
    inside = (part for block in blocks for part in listed(block.get("content")))
    return [part for part in (*blocks, *inside) if isinstance(part, dict)]
