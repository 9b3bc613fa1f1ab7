"""Blocks of a request as they count for a cache: lists of dicts, without their breakpoints."""

from collections.abc import Mapping
from typing import Any

from anthropic import BaseModel


def as_blocks(content: object) -> list[Any]:
    """Content as a list of blocks without breakpoints; a text is one block."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    blocks = content if isinstance(content, list | tuple) else ()
    return [unmarked(block) for block in blocks]


def unmarked(block: Any) -> Any:
    """A block without its breakpoint and those of the blocks in it; an object as a dict.

    A field of a tool's arguments may have the same name and stays.
    """
    if isinstance(block, BaseModel):
        block = block.model_dump(exclude_none=True, warnings=False)
    if not isinstance(block, Mapping):
        return block
    plain = {name: value for name, value in block.items() if name != "cache_control"}
    if isinstance(plain.get("content"), list | tuple):
        plain["content"] = [unmarked(one) for one in plain["content"]]
    return plain
