"""What the documents in a request say, and which statement says something of what is asked.

    documents -> read: statements, and the things that their tables name -> term, places, rarity

A table row becomes one statement per cell, and its first cell names a thing: things are what
questions are about, so a statement about another thing never answers.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, groupby
from math import log
from operator import attrgetter
from typing import TypeVar, cast

from labkit.sim.model.index import Index
from labkit.sim.model.statements import ATTRIBUTE, MOST_READ, Statement, said, sentences
from labkit.sim.model.words import KNOWN, SHORTEST, slips_of, stem, terms, words

T = TypeVar("T")
Places = Callable[[str], Sequence[int]]

UNKNOWN = 1.2
"""How much more than the rarest word a word tells that stands nowhere."""
MOST_REMEMBERED = 4_000
"""So that a day of junk does not fill the memory."""
MOST_KNOWN = 10_000
"""Terms and statements of which is kept what was worked out."""
SAMPLED = 1_000
"""Statements by which the words of another are judged."""
MOST_NAMING = 3
"""Words by which a question names a thing."""
ANY_THING = re.compile(r"\b(?:a|any|each|every|one) (?:\w+ )?(?:thing|item|loan)\b(?! fee)")

remembered = lru_cache(maxsize=MOST_KNOWN)


@dataclass(frozen=True)
class Context:
    """All that the documents say, whatever the instructions beside them.

    A manual has ten thousand statements: each is taken apart when something in it is asked for.
    """

    statements: tuple[Statement, ...]
    things: Mapping[str, tuple[str, ...]]
    """Things by name, which ends with a space, so that no term equals it; and the name's stems."""
    memory: dict[tuple[str, ...], object] = field(default_factory=dict)
    """What was worked out before; filled as it comes, emptied when it is full."""

    @cached_property
    def index(self) -> Index:
        """Where the terms stand in the statements' own text."""
        return Index(one.text for one in self.statements)

    @cached_property
    def titled(self) -> Mapping[str, Sequence[range]]:
        """The statements of the documents that have a term in their title or id."""
        titled: dict[str, list[range]] = defaultdict(list)
        begin = 0
        for about, of_one in groupby(self.statements, attrgetter("about")):
            places = range(begin, begin := begin + len([*of_one]))
            for term in about:
                titled[term].append(places)
        return dict(titled)

    @cached_property
    def sample(self) -> "Context":
        """Up to a thousand statements at equal distances: what is rare there is rare."""
        step = len(self.statements) // SAMPLED + 1
        return self if step == 1 else Context(self.statements[::step], {})

    @cached_property
    def names(self) -> Mapping[tuple[str, ...], str]:
        """Things by the stems of their name, and of a shorter name that no other thing has."""
        names = {stems: name for name, stems in self.things.items()}
        parts = [(stems[at:], name) for stems, name in names.items() for at in ends_of(stems)]
        counted = Counter(part for part, _ in parts)
        for part, name in parts:
            if counted[part] == 1 and len("".join(part)) > SHORTEST:
                names.setdefault(part, name)
        return names

    @cached_property
    def things_with(self) -> Mapping[str, Sequence[str]]:
        """The things by the word of their name, as a stem, that the fewest others have."""
        counted = Counter(chain.from_iterable(self.things.values()))
        named: dict[str, list[str]] = defaultdict(list)
        for name, stems in self.things.items():
            named[min(stems, key=lambda term: counted[term])].append(name)
        return dict(named)

    @cached_property
    def of_any(self) -> frozenset[int]:
        """Statements about any thing, as "2 crowns for each thing" is: they hold for every one."""
        some = {place for word in ("thing", "item", "loan") for place in self.own(stem(word))}
        any_thing = (place for place in some if ANY_THING.search(self.statements[place].folded))
        return frozenset(place for place in any_thing if not self.things_of(place))

    @cached_property
    def own(self) -> Places:
        """The statements that have a term, or the last word of a thing's name, in their text."""
        return remembered(lambda term: self._found(term, self.own, self.index.places))

    @cached_property
    def title(self) -> Places:
        """The statements that have it only in the title or the id of their document."""
        return remembered(lambda term: self._found(term, self.title, self._in_title))

    def _found(self, term: str, of_last: Places, of_term: Places) -> Sequence[int]:
        if term not in self.things:
            return of_term(term)
        return [place for place in of_last(self.things[term][-1]) if term in self.things_of(place)]

    def _in_title(self, term: str) -> Sequence[int]:
        own = {*self.own(term)}
        return [place for place in chain(*self.titled.get(term, ())) if place not in own]

    @cached_property
    def things_of(self) -> Callable[[int], frozenset[str]]:
        """The things that a statement is about."""
        return remembered(self._things_of)

    def _things_of(self, place: int) -> frozenset[str]:
        one = self.statements[place]
        known = one.terms | one.about
        near = (name for term in known for name in self.things_with.get(term, ()))
        return frozenset(name for name in near if known.issuperset(self.things[name]))

    @cached_property
    def rarity(self) -> Callable[[str], float]:
        """How telling a term is: high where few statements have it, highest where none has."""
        return remembered(self._rarity)

    def _rarity(self, term: str) -> float:
        found = len(self.own(term)) + len(self.title(term))
        return log(1 + len(self.statements) / found) if found else self.rarest

    @property
    def rarest(self) -> float:
        """The rarity of a term that no statement has."""
        return UNKNOWN * log(1 + len(self.statements))

    @cached_property
    def mass(self) -> Callable[[int], float]:
        """The rarity of all terms of a statement together."""
        return remembered(self._mass)

    def _mass(self, place: int) -> float:
        return sum(map(self.sample.rarity, sorted(self.statements[place].terms)))

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
        return bool(self.own(term) or self.title(term))

    def at(self, term: str) -> list[int]:
        """The statements that have a term, or are about a thing."""
        return sorted([*self.own(term), *self.title(term)])

    def holds(self, place: int, term: str) -> bool:
        """Whether a statement or its title has a term, or is about a thing by this name."""
        one = self.statements[place]
        return term in one.terms or term in one.about or term in self.things_of(place)

    def corrected(self, word: str) -> str:
        """The word, or the one it was meant to be where a letter slipped."""
        return word if word in KNOWN else self.remember(("meant", word), lambda: self._meant(word))

    def _meant(self, word: str) -> str:
        if self.own(stem(word)):
            return word
        near = (slips_of(word, some) for some in (self.index.vocabulary, KNOWN))
        return next((min(found) for found in near if found), word)


def ends_of(stems: Sequence[str]) -> range:
    """Where the ends of a name begin that a question may name it by: three words at the most."""
    return range(max(1, len(stems) - MOST_NAMING), len(stems))


@lru_cache(maxsize=MOST_READ)
def read(documents: tuple[tuple[str, str], ...]) -> Context:
    """Take documents apart; the same ones are read once, even where a prompt tells the time."""
    cells: list[str] = []
    statements: list[Statement] = []
    for attributes, body in documents:
        told = dict(ATTRIBUTE.findall(attributes))
        name, updated = told.get("id", ""), told.get("updated", "")
        about = frozenset(terms(f"{told.get('title', '')} {name.replace('-', ' ')}"))
        statements += [Statement(name, updated, text, about) for text in said(body, cells)]
    named = {f"{cell.lower()} ": tuple(map(stem, words(cell))) for cell in cells}
    things = {name: stems for name, stems in named.items() if stems}  # a dash names nothing
    return Context(tuple(statements), things)


@lru_cache(maxsize=MOST_READ)
def read_plain(text: str) -> Context:
    """Take a text without documents apart: every sentence of it may answer."""
    nothing = frozenset[str]()
    return Context(tuple(Statement("", "", one, nothing) for one in sentences(text)), {})
