"""The pictures, documents and search results of a conversation, wherever they stand in it.

messages -> their blocks, those in results of tools and in documents too -> Attached
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

KINDS = ("image", "document", "search_result")

Block = Mapping[str, object]


class Attached(NamedTuple):
    """A picture, a document or a search result."""

    path: str
    """Its place, such as ``messages.0.content.1``."""
    where: str
    """The same with the kinds of blocks, as messages of errors name places."""
    block: Block


def attached(messages: object) -> Iterator[Attached]:
    """All of a valid conversation, in the order in which they were sent."""
    for place, message in enumerate(messages if isinstance(messages, list) else ()):
        if isinstance(message["content"], list):
            at = f"messages.{place}.content"
            yield from attached_in(at, at, message["content"])


def attached_in(path: str, where: str, content: object) -> Iterator[Attached]:
    """Those among content blocks."""
    for place, block in enumerate(content if isinstance(content, list) else ()):
        kind = block["type"]
        if kind in KINDS:
            yield Attached(f"{path}.{place}", f"{where}.{place}.{kind}", block)
        if kind in ("document", "tool_result"):
            holder, inner = ("source.", block["source"]) if kind == "document" else ("", block)
            name = f"{holder}content"
            at = f"{where}.{place}.{kind}.{name}"
            yield from attached_in(f"{path}.{place}.{name}", at, inner.get("content"))
