"""What a prompt is made of, in the order in which the API reads it.

    request body -> ("tools", 812), ("system", 2_400), ("examples", 900), ("question", 31)

Sizes are characters, which is enough for shares: how many tokens there were, the usage says.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

TAGGED = re.compile(r"<(examples|documents)>.*?</\1>", re.DOTALL)
"""Examples and documents inside a text, in the tags that the provider's own guides use."""
MOST_CHARS = 6_000
"""A picture or a file is no longer than this here, however many characters carry it."""


class Piece(NamedTuple):
    """A stretch of a prompt that is there for one purpose."""

    part: str
    """``tools``, ``system``, ``examples``, ``documents``, ``history`` or ``question``."""
    chars: int


def pieces_of(body: object, examples: int = 0) -> tuple[Piece, ...]:
    """The pieces of a request: tools, system, messages.

    Args:
        body: What is sent to ``/v1/messages``.
        examples: How many of the first messages are few-shot examples.
    """
    if not isinstance(body, Mapping):
        return ()
    return tuple(piece for piece in _pieces(body, examples) if piece.chars)


def _pieces(body: Mapping[str, object], examples: int) -> Iterator[Piece]:
    yield from (Piece("tools", size_of(tool)) for tool in listed(body.get("tools")))
    for block in listed(body.get("system")):
        yield from split(block, "system")
    turns = listed(body.get("messages"))
    for place, turn in enumerate(turns):
        content = listed(turn.get("content") if isinstance(turn, Mapping) else turn)
        part = "question" if place == len(turns) - 1 else "history"
        part = "examples" if place < examples else part
        for block in content:
            yield from split(block, part)


def split(block: object, part: str) -> Iterator[Piece]:
    """A block, cut where examples or documents begin and end in its text."""
    text = block.get("text") if isinstance(block, Mapping) else block
    if not isinstance(text, str):
        yield Piece(part, size_of(block))
        return
    done = 0
    for found in TAGGED.finditer(text):
        yield Piece(part, found.start() - done)
        yield Piece(found[1], found.end() - found.start())
        done = found.end()
    yield Piece(part, len(text) - done)


def size_of(block: object) -> int:
    """How long a block is that is no text."""
    size = len(json.dumps(block, default=str, ensure_ascii=False))
    is_file = isinstance(block, Mapping) and block.get("type") in ("image", "document")
    return min(size, MOST_CHARS) if is_file else size


def listed(value: object) -> Sequence[object]:
    """A list of blocks; a text is one block, and what is no list is none."""
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, list | tuple) else ()
