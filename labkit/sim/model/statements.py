"""Texts taken apart: the instructions, and of each document the single statements.

text -> apart: instructions, documents -> said: sentences, cells, list items -> taken: terms
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import add
from typing import NamedTuple

from labkit.sim.model.words import folded, terms_in

BEGINS = re.compile(r"<document\b")
DOCUMENT = re.compile(rf"{BEGINS.pattern}([^>]*+)>([^<]*+(?:<(?!/document>)[^<]*+)*+)</document>")
"""Says what ``.*?`` would, without a look at each character."""
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
MOST_READ = 16
"""Texts, and sets of documents, that are kept: a manual takes some twenty megabytes."""
MOST_TAKEN = 10_000
"""Statements of which the words are kept."""
LONGEST_NAME = 200
"""Characters of a row's or a column's name that its cells repeat."""
SENTENCE = re.compile(r"([.!?])\s+(?=[\"“¿¡A-ZÁÉÍÓÚÑ0-9])")
"""Where one ends and the next begins, from the mark on."""


class Taken(NamedTuple):
    """A statement's words."""

    folded: str
    terms: frozenset[str]
    subject: str
    """Its first term: what a sentence begins with is mostly what it is about."""


class Statement(NamedTuple):
    """One thing that a document says."""

    document: str
    """Its id; empty where the text stands in no document."""
    updated: str
    """ISO date; empty where the document has none."""
    text: str
    about: frozenset[str]
    """The terms of the document's title and id."""

    @property
    def folded(self) -> str:
        """The text, folded."""
        return taken(self.text).folded

    @property
    def terms(self) -> frozenset[str]:
        """The terms of the text."""
        return taken(self.text).terms

    @property
    def subject(self) -> str:
        """The text's first term; empty where it has none."""
        return taken(self.text).subject


class Apart(NamedTuple):
    """A text in two: what instructs, and what informs."""

    instructions: str
    documents: tuple[tuple[str, str], ...]
    """Of each its attributes and its body."""


@lru_cache(maxsize=MOST_READ)
def apart(text: str) -> Apart:
    """The instructions of a system prompt (or of any text), and the documents in it."""
    documents = [*documents_in(text)]
    return Apart(beside(text, documents), tuple((one[1], one[2]) for one in documents))


def documents_in(text: str) -> Iterator[re.Match[str]]:
    """The documents in a text: their attributes and bodies.

    Where one does not end, no later one does: nothing more is read, or each ``<document`` would be.
    """
    begun = BEGINS.search(text)
    while begun and (found := DOCUMENT.match(text, begun.start())):
        yield found
        begun = BEGINS.search(text, found.end())


def has_documents(text: str) -> bool:
    """Whether there is a document in a text."""
    return any(documents_in(text))


def beside_documents(text: str) -> str:
    """What is left of a text without its documents."""
    return beside(text, documents_in(text))


def beside(text: str, documents: Iterable[re.Match[str]]) -> str:
    """What is left of a text without these."""
    at, kept = 0, []
    for found in documents:
        kept.append(text[at : found.start()])
        at = found.end()
    return "".join([*kept, text[at:]])


@lru_cache(maxsize=MOST_TAKEN)
def taken(text: str) -> Taken:
    """Take a statement apart."""
    plain = folded(text)
    found = terms_in(plain)
    return Taken(plain, frozenset(found), found[0] if found else "")


def sentences(text: str) -> list[str]:
    """The sentences of a text, without list marks."""
    told = SENTENCE.split(text)
    whole = map(add, told[::2], [*told[1::2], ""])
    return [line.strip("#-* ") for one in whole for line in one.splitlines()]


def said(body: str, cells: list[str]) -> Iterable[str]:
    """Sentences, table cells, and lists: each item, and all, or a line, below a heading."""
    if "|" not in body and ":" not in body:
        return filter(str.strip, sentences(body))
    return _in_lines(body.strip().splitlines(), cells)


def _in_lines(lines: Sequence[str], cells: list[str]) -> Iterator[str]:
    header: list[str] = []
    listed: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            row = [cell.strip() for cell in line.strip("|").split("|")]
            listed = listed[1:] and listed  # a heading alone is the table's
            if not header:
                header = row
            elif not set("".join(row)) <= set("-: "):
                cells.append(row[0])
                yield from _row(header, row)
        elif line.startswith("- ") and listed:
            listed.append(line[2:])
            yield from filter(str.strip, sentences(line))
        elif line.strip() or len(listed) > 1:
            if len(listed) > 1:
                yield f"{listed[0]} {'; '.join(item.rstrip('.') for item in listed[1:])}."
            told = f"{listed[0]} {line}" if len(listed) == 1 else line
            header, listed = [], [line] if line.endswith(":") else []
            yield from () if listed else filter(str.strip, sentences(told))


def _row(header: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    thing = row[0][:1].lower() + row[0][1:LONGEST_NAME]
    for name, cell in zip(header[1:], row[1:], strict=False):
        yield f"The {name[:LONGEST_NAME].lower()} for the {thing} is {cell}."
