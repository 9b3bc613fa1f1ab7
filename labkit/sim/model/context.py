"""What stands in the request: the instructions, and the documents as single statements.

    <document id="extensions" …>text</document>  ->  Statement(document, date, text)

A table row becomes one statement per cell, and its first cell names a thing: things are what
questions are about, so a statement about another thing never answers.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log
from typing import NamedTuple, TypeVar, cast

from labkit.sim.model.words import (
    KNOWN,
    SHORTEST,
    folded,
    stem,
    terms,
    terms_in,
    within_one_slip,
    words,
    words_in,
)

T = TypeVar("T")

DOCUMENT = re.compile(r"<document\b([^>]*)>(.*?)</document>", re.DOTALL)
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
UNKNOWN = 1.2
"""How much more than the rarest word a word tells that stands nowhere."""
MOST_REMEMBERED = 4_000
"""So that a day of junk does not fill the memory."""
ANY_THING = re.compile(r"\b(?:a|any|each|every|one) (?:\w+ )?(?:thing|item|loan)\b(?! fee)")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[\"“¿¡A-ZÁÉÍÓÚÑ0-9])")


class Statement(NamedTuple):
    """One thing that a document says."""

    document: str
    """Its id; empty where the text stands in no document."""
    updated: str
    """ISO date; empty where the document has none."""
    text: str
    folded: str
    terms: frozenset[str]
    about: frozenset[str]
    """The terms of the document's title and id."""
    subject: str
    """Its first term: what a sentence begins with is mostly what it is about."""


class Places(NamedTuple):
    """Where something stands: in a statement itself, or only in its document's title."""

    own: frozenset[int]
    title: frozenset[int]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything the model can read besides the conversation."""

    instructions: str
    statements: tuple[Statement, ...]
    names: dict[tuple[str, ...], str]
    """Things by the stems of their name, and of a shorter name that no other thing has."""
    places: dict[str, Places]
    """Of every term, and of every thing by its name."""
    things_of: dict[int, frozenset[str]]
    """The things that a statement is about."""
    of_any: frozenset[int]
    """Statements about any thing, as "2 crowns for each thing" is: they hold for every one."""
    rarities: dict[str, float]
    masses: tuple[float, ...]
    """Of each statement: the rarity of all its terms together."""
    vocabulary: frozenset[str]
    memory: dict[tuple[str, ...], object] = field(default_factory=dict)
    """What was worked out before; filled as it comes, emptied when it is full."""

    def remember(self, key: tuple[str, ...], work_out: Callable[[], T]) -> T:
        """What was worked out under this key, now or before: a pure function of it."""
        found = self.memory.get(key, self)
        if found is self:
            if len(self.memory) > MOST_REMEMBERED:
                self.memory.clear()
            found = self.memory[key] = work_out()
        return cast(T, found)

    def rarity(self, term: str) -> float:
        """How telling a term is: high where few statements have it, highest where none has."""
        return self.rarities.get(term) or UNKNOWN * log(1 + len(self.statements))

    def at(self, term: str) -> list[int]:
        """The statements that have a term, or are about a thing."""
        found = self.places.get(term)
        return sorted(found.own | found.title) if found else []

    def asks_for(self, words: str) -> bool:
        """Whether the instructions hold these words (a regular expression)."""
        return self.remember(
            ("asks for", words),
            lambda: re.search(words, self.instructions, re.IGNORECASE) is not None,
        )

    def corrected(self, word: str) -> str:
        """The word, or the one it was meant to be where a letter slipped."""
        if word in self.vocabulary or word in KNOWN:
            return word
        return self.remember(("slip of", word), lambda: self._nearest(word))

    def _nearest(self, word: str) -> str:
        near = (
            sorted(other for other in some if within_one_slip(word, other))
            for some in (self.vocabulary, KNOWN)
        )
        return next((found[0] for found in near if found), word)


@lru_cache(maxsize=64)
def read(text: str) -> Context:
    """Take a system prompt (or any text with documents) apart."""
    cells: list[str] = []
    statements = tuple(_statements(text, cells))
    things = {f"{cell.lower()} ": tuple(map(stem, words(cell))) for cell in cells}
    return _indexed(DOCUMENT.sub("", text), statements, things)


@lru_cache(maxsize=64)
def read_plain(text: str) -> Context:
    """Take a text without documents apart: every sentence of it may answer."""
    said = (_statement("", "", one, frozenset()) for one in sentences(text))
    return _indexed(text, tuple(said), {})


def sentences(text: str) -> list[str]:
    """The sentences of a text, without list marks."""
    return [part.strip("#-* ") for line in text.splitlines() for part in SENTENCE.split(line)]


def _indexed(
    instructions: str, statements: tuple[Statement, ...], things: dict[str, tuple[str, ...]]
) -> Context:
    """The context with its index; a thing's name ends with a space, so that no term equals it."""
    own: dict[str, set[int]] = defaultdict(set)
    title: dict[str, set[int]] = defaultdict(set)
    for place, one in enumerate(statements):
        for term in one.terms:
            own[term].add(place)
        for term in one.about - one.terms:
            title[term].add(place)
    folds = (one.folded for one in statements)
    things_of: dict[int, frozenset[str]] = defaultdict(frozenset)
    for name, stems in things.items():
        anywhere = set.intersection(*(own[term] | title[term] for term in stems))
        own[name], title[name] = anywhere & own[stems[-1]], anywhere - own[stems[-1]]
        for place in anywhere:
            things_of[place] |= {name}
    places = {term: Places(frozenset(own[term]), frozenset(title[term])) for term in {*own, *title}}
    rarities = {
        term: log(1 + len(statements) / max(1, len(at.own) + len(at.title)))
        for term, at in places.items()
    }
    return Context(
        instructions=instructions,
        statements=statements,
        names=_names(things),
        places=places,
        things_of=dict(things_of),
        of_any=frozenset(
            place
            for place, one in enumerate(statements)
            if place not in things_of and ANY_THING.search(one.folded)
        ),
        rarities=rarities,
        masses=tuple(sum(map(rarities.__getitem__, sorted(one.terms))) for one in statements),
        vocabulary=frozenset(words_in(" ".join({*" ".join(folds).split()}))),
    )


def _names(things: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Whole names first; then the ends of names, such as "washer", that only one thing has."""
    names = {stems: name for name, stems in things.items()}
    ends = [(stems[at:], name) for name, stems in things.items() for at in range(1, len(stems))]
    counted = Counter(end for end, _ in ends)
    for end, name in ends:
        if counted[end] == 1 and len("".join(end)) > SHORTEST:
            names.setdefault(end, name)
    return names


def _statements(text: str, cells: list[str]) -> Iterator[Statement]:
    for found in DOCUMENT.finditer(text):
        about = dict(ATTRIBUTE.findall(found[1]))
        name = about.get("id", "")
        subject = frozenset(terms(f"{about.get('title', '')} {name.replace('-', ' ')}"))
        for said in _said(found[2], cells):
            yield _statement(name, about.get("updated", ""), said, subject)


def _statement(document: str, updated: str, text: str, about: frozenset[str]) -> Statement:
    plain = folded(text)
    found = terms_in(plain)
    first = found[0] if found else ""
    return Statement(document, updated, text, plain, frozenset(found), about, first)


def _said(body: str, cells: list[str]) -> Iterator[str]:
    """Sentences, table cells, and lists: each item, and all of them below their heading."""
    header: list[str] = []
    listed: list[str] = []
    for line in [*body.strip().splitlines(), ""]:
        if line.startswith("|"):
            row = [cell.strip() for cell in line.strip("|").split("|")]
            if not header:
                header = row
            elif not set("".join(row)) <= set("-: "):
                cells.append(row[0])
                yield from _row(header, row)
        elif line.startswith("- ") and listed:
            listed.append(line[2:])
            yield from filter(None, sentences(line))
        elif line.strip() or len(listed) > 1:
            if listed:
                yield f"{listed[0]} {'; '.join(item.rstrip('.') for item in listed[1:])}."
            header, listed = [], [line] if line.endswith(":") else []
            yield from filter(None, sentences("" if listed else line))


def _row(header: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    for name, cell in zip(header[1:], row[1:], strict=False):
        yield f"The {name.lower()} for the {row[0][:1].lower() + row[0][1:]} is {cell}."
