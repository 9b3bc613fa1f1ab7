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
    content: JSONObject
    tokens: int
    head: str = "more"
    """The role of the message that it begins."""


def render(body: JSONObject, tokenizer: Tokenizer = OLDER) -> Rendered:
    """The segments of a valid request, counted as its model counts."""
    segments = []
    total, prefix = 0, b""
    for block in blocks_of(body, tokenizer):
        total += block.tokens
        kind = kind_of(block)
        text = f"{block.part} {block.head} {kind} {words_of(block.content)}"
        prefix = sha256(prefix + text.encode()).digest()[:PREFIX_BYTES]
        ttl = ttl_of(block.content.get("cache_control"))
        segments.append(Segment(block.part, block.place, kind, block.tokens, total, prefix, ttl))
    return Rendered(tuple(segments), settings_of(body))


def kind_of(block: Block) -> str:
    """What kind of block it is."""
    if block.part == "tools":
        return "tool"
    return "empty" if block.content.get("text") == "" else str(block.content["type"])


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
        yield Block("system", place, content, tokenizer.count_block(content))
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
    content = message["content"] or ""
    for place, block in placed(content, f"messages.{number}.content"):
        yield Block("messages", place, block, extra + tokenizer.count_block(block), head)
        extra, head = 0, "more"


def placed(content: object, where: str) -> Iterator[tuple[str, JSONObject]]:
    """Content blocks with their places; a string is one block of text."""
    if isinstance(content, str):
        yield where, {"type": "text", "text": content}
    for number, block in enumerate(listed(content)):
        yield f"{where}.{number}", block


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
    contents = [block for item in listed(body["messages"]) for block in listed(item["content"])]
    system = exact((body.get("speed", "standard"), config.get("format")))
    shown = (body.get("tool_choice") or {"type": "auto"}, shows_images(contents))
    thought = (body.get("thinking"), config.get("effort"))
    return {"tools": "", "system": system, "messages": f"{system} {exact((*shown, *thought))}"}


def shows_images(blocks: Sequence[JSONObject]) -> bool:
    """Whether there is an image anywhere, tool results included."""
    inside = (part for block in blocks for part in listed(block.get("content")))
    shown = (part for part in (*blocks, *inside) if isinstance(part, dict))
    return any(part.get("type") == "image" for part in shown)
