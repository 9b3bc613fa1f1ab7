"""What stands in the request: the instructions, and the documents as single statements.

    <document id="extensions" …>text</document>  ->  Statement(document, date, text)

A table row becomes one statement per cell, so that a cell can be found like a sentence.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import log

from labkit.sim.model.words import terms

DOCUMENT = re.compile(r"<document\b([^>]*)>(.*?)</document>", re.DOTALL)
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[\"“¿¡A-ZÁÉÍÓÚÑ0-9])")


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a document says."""

    document: str
    title: str
    updated: str
    """ISO date; empty where the document has none."""
    text: str
    terms: frozenset[str]
    about: frozenset[str]
    """The terms of the document's title."""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything the model can read besides the conversation."""

    instructions: str
    statements: tuple[Statement, ...]
    rarity: dict[str, float]
    """How telling a term is: high where few statements have it."""
    places: dict[str, tuple[int, ...]]
    """Which statements have a term, themselves or in their document's title."""
    slips: dict[str, str] = field(default_factory=dict)
    """Words that were found to be slips of known ones; filled as they come."""

    @property
    def wants_source(self) -> bool:
        """Whether the instructions ask for a source in square brackets."""
        return "square brackets" in self.instructions

    @property
    def wants_honesty(self) -> bool:
        """Whether the instructions ask to say so when the documents do not."""
        return bool(re.search(r"do not (say|know)|don['’]t know", self.instructions))


@lru_cache(maxsize=64)
def read(text: str) -> Context:
    """Take a system prompt (or any text with documents) apart."""
    statements = tuple(_statements(text))
    places: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(statements):
        for term in sorted(one.terms | one.about):
            places[term].append(place)
    rarity = {term: log(1 + len(statements) / len(at)) for term, at in places.items()}
    index = {term: tuple(at) for term, at in places.items()}
    return Context(DOCUMENT.sub("", text), statements, rarity, index)


def _statements(text: str) -> Iterator[Statement]:
    for found in DOCUMENT.finditer(text):
        about = dict(ATTRIBUTE.findall(found[1]))
        title, name = about.get("title", ""), about.get("id", "")
        subject = frozenset(terms(f"{title} {name.replace('-', ' ')}"))
        for sentence in _sentences(found[2]):
            yield Statement(
                name, title, about.get("updated", ""), sentence, frozenset(terms(sentence)), subject
            )


def _sentences(body: str) -> Iterator[str]:
    header: list[str] = []
    for line in body.strip().splitlines():
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not header:
                header = cells
            elif not set("".join(cells)) <= set("-: "):
                yield from _row(header, cells)
        else:
            header = []
            yield from filter(None, (part.strip("#-* ") for part in SENTENCE.split(line)))


def _row(header: list[str], cells: list[str]) -> Iterator[str]:
    for name, cell in zip(header[1:], cells[1:], strict=False):
        yield f"The {name.lower()} for the {cells[0][:1].lower() + cells[0][1:]} is {cell}."
