"""How many tokens a text has: our own approximation, one function for usage, limits and cuts.

OLDER: a run of up to eight Latin letters with the space before it, up to three digits, one CJK
character, up to three letters of another script, up to two signs, or a run of white space.
NEWER: up to four letters, one digit, two letters of another script, one sign. English prose has
about four characters to a token, and about 30 % more tokens in the newer one.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from labkit.sim.documents import content_of
from labkit.sim.pictures import HIGH, STANDARD, Resolution, sent_size
from labkit.sim.shapes import Shapes

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
LATIN = "A-Za-z\u00c0-\u024f"
SPACE = r"\t-\r\x1c-\x20"
"""What ``\\s`` finds in ASCII."""

SLICE_CHARS = 100_000
"""Longer texts are read in slices, so that a huge one needs little memory."""
LONG_CHARS = 1_000
"""From this length on a count is remembered: system prompts come again with every call."""
REMEMBERED = 256
"""So many long texts; a history or a set of documents may have a hundred."""
REMEMBERED_SHORT = 4_096
"""So many short texts: a few megabytes."""
END_CHARS = 64

MESSAGE_TOKENS = 4
"""What a message costs beside its content: role and delimiters."""
TOOLS_TOKENS = 340
"""What the API's own tool instructions cost, once per request that brings tools."""
IMAGE_TOKENS = 1_500
"""A PDF, or what a link or a file brings: nobody looks into it. Text and pictures are counted."""


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


class Tokenizer:
    """One way to cut texts into tokens, and the count of everything that has tokens."""

    def __init__(
        self, resolution: Resolution, *, letters: int, digits: int, others: int, signs: int
    ) -> None:
        """Make tokens of at most so many characters of each kind, and see pictures so large."""
        self.resolution = resolution
        self.shapes = Shapes(letters=letters, digits=digits, signs=signs)
        self.token = re.compile(
            rf" ?[{LATIN}]{{1,{letters}}}| ?\d{{1,{digits}}}|[{CJK}]"
            rf"| ?[^\W\d_{CJK}]{{1,{others}}}| ?[^\w\s]{{1,{signs}}}|\s+|.",
            re.DOTALL,
        )
        self.ascii_token = re.compile(
            rf" ?[A-Za-z]{{1,{letters}}}| ?\d{{1,{digits}}}| ?[^\w{SPACE}]{{1,{signs}}}"
            rf"|[{SPACE}]+|.",
            re.DOTALL | re.ASCII,
        )

    def counted(self, text: str) -> int:
        """How many tokens a text has, counted anew."""
        return self.shapes.count(text) if text.isascii() else self.token.subn("", text)[1]

    def pieces(self, text: str) -> re.Pattern[str]:
        """What finds the tokens of a text: the same ones, sooner where all of it is ASCII."""
        return self.ascii_token if text.isascii() else self.token

    def split(self, text: str) -> list[str]:
        """The tokens of a text; joined they are the text again."""
        if len(text) <= SLICE_CHARS:
            return self.pieces(text).findall(text)
        return [token for piece in slices(text) for token in self.split(piece)]

    def count(self, text: str) -> int:
        """How many tokens a text has."""
        if len(text) < LONG_CHARS:
            return count_short(self, text)
        if len(text) <= SLICE_CHARS:
            return count_long(self, Long(text))
        return sum(map(self.count, slices(text)))

    def count_content(self, content: object) -> int:
        """The tokens of a string or of a list of content blocks."""
        if isinstance(content, str):
            return self.count(content)
        return sum(map(self.count_block, content)) if isinstance(content, list) else 0

    def count_block(self, block: Mapping[str, object]) -> int:
        """The tokens of one content block, of whatever type."""
        kind = block.get("type")
        if kind == "text":
            return self.count(str(block["text"]))
        if kind in ("tool_use", "server_tool_use"):
            given = json.dumps(block["input"], ensure_ascii=False)
            return self.count(str(block["name"])) + self.count(given)
        if kind == "tool_result":
            return MESSAGE_TOKENS + self.count_content(block.get("content"))
        if kind == "thinking":
            return self.count(str(block["thinking"]))
        if kind == "compaction":
            return self.count(str(block.get("content") or ""))
        return self.count_attached(block)

    def count_attached(self, block: Mapping[str, object]) -> int:
        """The tokens of a picture by its size, of a document or a search result by its content."""
        if size := sent_size(block) if block.get("type") == "image" else None:
            return self.resolution.fitted(size).tokens
        inner = content_of(block)
        return IMAGE_TOKENS if inner is None else MESSAGE_TOKENS + self.count_content(inner)


@lru_cache(maxsize=REMEMBERED_SHORT)
def count_short(tokenizer: Tokenizer, text: str) -> int:
    """The tokens of a short text; those of a history come again with every turn."""
    return tokenizer.counted(text)


@lru_cache(maxsize=REMEMBERED)
def count_long(tokenizer: Tokenizer, known: Long) -> int:
    """The tokens of a text that is likely to come again."""
    return tokenizer.counted(known.text)


def slices(text: str) -> Iterator[str]:
    """The text in pieces of ``SLICE_CHARS``."""
    return (text[start : start + SLICE_CHARS] for start in range(0, len(text), SLICE_CHARS))


OLDER = Tokenizer(STANDARD, letters=8, digits=3, others=3, signs=2)
NEWER = Tokenizer(HIGH, letters=4, digits=1, others=2, signs=1)
TOKENIZERS = {"older": OLDER, "newer": NEWER}
"""What a model of the catalogue counts with. Sources: newer models count about 30 % more tokens for
the same text (docs: token counting, 2026-08-22), and see larger pictures (docs: vision, read
2026-11-24)."""

split, count, count_content, count_block = (
    OLDER.split,
    OLDER.count,
    OLDER.count_content,
    OLDER.count_block,
)
"""The older tokenizer's."""
