"""What stands in the request: the instructions, and the documents as single statements.

    text -> apart: instructions, documents -> read: Statement(document, date, text), indexed

A table row becomes one statement per cell, and its first cell names a thing: things are what
questions are about, so a statement about another thing never answers.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
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

DOCUMENT = re.compile(r"<document\b([^>]*)>([^<]*+(?:<(?!/document>)[^<]*+)*+)</document>")
"""Says what ``.*?`` would, without a look at each character."""
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
UNKNOWN = 1.2
"""How much more than the rarest word a word tells that stands nowhere."""
MOST_REMEMBERED = 4_000
"""So that a day of junk does not fill the memory."""
MOST_READ = 16
"""Texts, and sets of documents, that are kept: a manual takes some twenty megabytes."""
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


class Apart(NamedTuple):
    """A text in two: what instructs, and what informs."""

    instructions: str
    documents: tuple[tuple[str, str], ...]
    """Of each its attributes and its body."""


@dataclass(frozen=True)
class Context:
    """All that the documents say, whatever the instructions beside them.

    What few questions need is worked out when one does: a manual has ten thousand statements.
    """

    statements: tuple[Statement, ...]
    names: Mapping[tuple[str, ...], str]
    """Things by the stems of their name, and of a shorter name that no other thing has."""
    own: Mapping[str, Sequence[int]]
    """The statements that have a term, or the last word of a thing's name, in their text."""
    title: Mapping[str, Sequence[int]]
    """The statements that have it only in the title or the id of their document."""
    things_of: Mapping[int, frozenset[str]]
    """The things that a statement is about."""
    memory: dict[tuple[str, ...], object] = field(default_factory=dict)
    """What was worked out before; filled as it comes, emptied when it is full."""

    @cached_property
    def of_any(self) -> frozenset[int]:
        """Statements about any thing, as "2 crowns for each thing" is: they hold for every one."""
        return frozenset(
            place
            for place, one in enumerate(self.statements)
            if place not in self.things_of and ANY_THING.search(one.folded)
        )

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of every statement."""
        folds = " ".join(one.folded for one in self.statements)
        return frozenset(words_in(" ".join({*folds.split()})))

    def remember(self, key: tuple[str, ...], work_out: Callable[[], T]) -> T:
        """What was worked out under this key, now or before: a pure function of it."""
        found = self.memory.get(key, self)
        if found is self:
            if len(self.memory) > MOST_REMEMBERED:
                self.memory.clear()
            found = self.memory[key] = work_out()
        return cast(T, found)

    def has(self, term: str) -> bool:
        """Whether a term, or a thing by its name, stands anywhere."""
        return term in self.own or term in self.title

    def rarity(self, term: str) -> float:
        """How telling a term is: high where few statements have it, highest where none has."""
        found = len(self.own.get(term, ())) + len(self.title.get(term, ()))
        everywhere = len(self.statements)
        return log(1 + everywhere / found) if found else UNKNOWN * log(1 + everywhere)

    def mass(self, place: int) -> float:
        """The rarity of all terms of a statement together."""
        return sum(map(self.rarity, sorted(self.statements[place].terms)))

    def at(self, term: str) -> list[int]:
        """The statements that have a term, or are about a thing."""
        return sorted([*self.own.get(term, ()), *self.title.get(term, ())])

    def holds(self, place: int, term: str) -> bool:
        """Whether a statement or its title has a term, or is about a thing by this name."""
        one = self.statements[place]
        return term in one.terms or term in one.about or term in self.things_of.get(place, ())

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


@lru_cache(maxsize=MOST_READ)
def apart(text: str) -> Apart:
    """The instructions of a system prompt (or of any text), and the documents in it."""
    return Apart(DOCUMENT.sub("", text), tuple(DOCUMENT.findall(text)))


@lru_cache(maxsize=MOST_READ)
def read(documents: tuple[tuple[str, str], ...]) -> Context:
    """Take documents apart; the same ones are read once, even where a prompt tells the time."""
    cells: list[str] = []
    statements = tuple(_statements(documents, cells))
    named = {f"{cell.lower()} ": tuple(map(stem, words(cell))) for cell in cells}
    things = {name: stems for name, stems in named.items() if stems}  # a dash names nothing
    return _indexed(statements, things)


@lru_cache(maxsize=MOST_READ)
def read_plain(text: str) -> Context:
    """Take a text without documents apart: every sentence of it may answer."""
    said = (_statement("", "", one, frozenset()) for one in sentences(text))
    return _indexed(tuple(said), {})


def sentences(text: str) -> list[str]:
    """The sentences of a text, without list marks."""
    return [part for line in text.splitlines() for part in _sentences_in(line)]


def _sentences_in(line: str) -> list[str]:
    return [part.strip("#-* ") for part in SENTENCE.split(line)]


def _indexed(statements: tuple[Statement, ...], things: dict[str, tuple[str, ...]]) -> Context:
    """The context with its index; a thing's name ends with a space, so that no term equals it."""
    own: dict[str, list[int]] = defaultdict(list)
    title: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(statements):
        for term in one.terms:
            own[term].append(place)
        for term in one.about - one.terms:
            title[term].append(place)
    things_of: dict[int, frozenset[str]] = defaultdict(frozenset)
    for name, stems in things.items():
        anywhere = set.intersection(*({*own[term], *title[term]} for term in stems))
        own[name] = sorted(anywhere.intersection(own[stems[-1]]))
        title[name] = sorted(anywhere.difference(own[name]))
        for place in anywhere:
            things_of[place] |= {name}
    return Context(statements, _names(things), own, title, dict(things_of))


def _names(things: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Whole names first; then the ends of names, such as "washer", that only one thing has."""
    names = {stems: name for name, stems in things.items()}
    ends = [(stems[at:], name) for name, stems in things.items() for at in range(1, len(stems))]
    counted = Counter(end for end, _ in ends)
    for end, name in ends:
        if counted[end] == 1 and len("".join(end)) > SHORTEST:
            names.setdefault(end, name)
    return names


def _statements(documents: Iterable[tuple[str, str]], cells: list[str]) -> Iterator[Statement]:
    for attributes, body in documents:
        about = dict(ATTRIBUTE.findall(attributes))
        name = about.get("id", "")
        subject = frozenset(terms(f"{about.get('title', '')} {name.replace('-', ' ')}"))
        for said in _said(body, cells):
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
            yield from filter(None, _sentences_in(line))
        elif line.strip() or len(listed) > 1:
            if listed:
                yield f"{listed[0]} {'; '.join(item.rstrip('.') for item in listed[1:])}."
            header, listed = [], [line] if line.endswith(":") else []
            yield from () if listed else filter(None, _sentences_in(line))


def _row(header: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    for name, cell in zip(header[1:], row[1:], strict=False):
        yield f"The {name.lower()} for the {row[0][:1].lower() + row[0][1:]} is {cell}."
