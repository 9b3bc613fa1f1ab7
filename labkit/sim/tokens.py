"""How many tokens a text has: our own approximation, one function for usage, limits and cuts.

A token is a run of up to eight Latin letters with the space before it, up to three digits, one
CJK character, up to three letters of another script, up to two signs, or a run of white space.
English prose comes out at about four characters per token. Real tokenizers differ.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
LATIN = "A-Za-z\u00c0-\u024f"

TOKEN = re.compile(
    rf" ?[{LATIN}]{{1,8}}| ?\d{{1,3}}|[{CJK}]| ?[^\W\d_{CJK}]{{1,3}}| ?[^\w\s]{{1,2}}|\s+|.",
    re.DOTALL,
)

SLICE_CHARS = 100_000
"""Longer texts are read in slices, so that a huge one needs little memory."""
LONG_CHARS = 1_000
"""From this length on a count is remembered: system prompts come again with every call."""
REMEMBERED = 256
"""So many long texts; a history or a set of documents may have a hundred."""
END_CHARS = 64

MESSAGE_TOKENS = 4
"""What a message costs beside its content: role and delimiters."""
TOOLS_TOKENS = 340
"""What the API's own tool instructions cost, once per request that brings tools."""
IMAGE_TOKENS = 1_500
"""An image or a file, whatever its size: their bytes are not looked at."""


def split(text: str) -> list[str]:
    """The tokens of a text; joined they are the text again."""
    if len(text) <= SLICE_CHARS:
        return TOKEN.findall(text)
    return [token for piece in slices(text) for token in TOKEN.findall(piece)]


def count(text: str) -> int:
    """How many tokens a text has."""
    if len(text) < LONG_CHARS:
        return TOKEN.subn("", text)[1]
    return count_long(Long(text)) if len(text) <= SLICE_CHARS else sum(map(count, slices(text)))


class Long:
    """A long text that is likely to come again, as the key of a cache.

    Comparing it with the one that it equals is far cheaper than hashing all of it.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        """Stand for ``text``."""
        self.text = text

    def __hash__(self) -> int:
        return hash((len(self.text), self.text[:END_CHARS], self.text[-END_CHARS:]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Long) and self.text == other.text


@lru_cache(maxsize=REMEMBERED)
def count_long(known: Long) -> int:
    """The tokens of a text that is likely to come again."""
    return TOKEN.subn("", known.text)[1]


def slices(text: str) -> Iterator[str]:
    """The text in pieces of ``SLICE_CHARS``."""
    return (text[start : start + SLICE_CHARS] for start in range(0, len(text), SLICE_CHARS))


def count_content(content: object) -> int:
    """The tokens of a string or of a list of content blocks."""
    if isinstance(content, str):
        return count(content)
    return sum(map(count_block, content)) if isinstance(content, list) else 0


def count_block(block: Mapping[str, object]) -> int:
    """The tokens of one content block, of whatever type."""
    kind = block.get("type")
    if kind == "text":
        return count(str(block["text"]))
    if kind == "tool_use":
        return count(str(block["name"])) + count(json.dumps(block["input"], ensure_ascii=False))
    if kind == "tool_result":
        return MESSAGE_TOKENS + count_content(block.get("content"))
    if kind == "thinking":
        return count(str(block["thinking"]))
    return IMAGE_TOKENS
