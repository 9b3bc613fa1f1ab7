"""Finding the statement that answers: rare words count, and a later date can overrule."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest

from labkit.sim.model.context import Context
from labkit.sim.model.question import OTHER_WORDS, Part, is_number, is_thing
from labkit.sim.model.statements import Statement

ENOUGH = 0.5
"""The share of a question's weight that a statement must cover to count as an answer."""
IN_TITLE = 0.6
"""A word in the document's title counts for less than one in the statement itself."""
OF_ANY = 0.4
"""The same for a thing where the statement is about any thing."""
UNFIT = 0.4
"""What is left of a statement that has no number where one is asked for, and so on, or that has
nothing but the thing of a question that asks something about it."""
SAME_CLAIM = 0.6
"""The share of the terms of the shorter of two statements that both have where one says the same
as the other, or denies it."""
MUCH_ELSE = 120
"""Rarity of other words in a statement that halves its chances."""
BEGINS_WITH = 1.1
"""What a statement gains that begins with a word of the question."""
NOT_ASKED_ABOUT = 0.8
"""What is left of a statement about one thing where the question is about none."""
MAY = re.compile(r"(?:can|may|could) (?:i|we)\b")
NOT = re.compile(r"\b(?:cannot|not|never)\b")
EXCEPTION = 0.93
"""What is left of a statement that forbids where it is asked what may be done: of two that fit as
well, the one that allows comes first, for the other is its exception."""
ON_ITS_PAGE = 1.05
"""What a statement gains whose page has a word of the question in its title."""
TELLING = 0.36
"""The rarity, as a share of that of a word that stands nowhere, below which a word is everywhere
and answers nothing by itself, except on the page that has it in its title."""
INTRODUCES = 2.0
"""The same where nothing but a thing is named: "tell me about the bat detector"."""
LOOKED_AT = 16
"""Statements that are read closely."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best statement for one part of a question."""

    part: Part
    statement: Statement
    cover: float
    """The share of the question's weight that the statement covers, 0 to 1."""
    words: tuple[str, ...]
    """The question's words that were found in it."""
    older: Statement | None = None
    """The statement that a later date overruled; None where there is none."""
    place: int = 0
    """Where the statement stands in the context, from 0."""
    others: tuple[tuple[float, Statement], ...] = ()
    """The other statements that were read closely, each with its rating as a share of the best
    one's, best first."""

    @property
    def answers(self) -> bool:
        """Whether it covers enough to be an answer."""
        return self.cover >= ENOUGH

    @property
    def overruled(self) -> str:
        """The document with an earlier date that says otherwise; empty where there is none."""
        return self.older.document if self.older else ""


def find(context: Context, part: Part, beside: Iterable[str] = (), *, latest: bool) -> Found | None:
    """The statement that covers most of what is asked; with ``latest`` the later of two wins."""
    weights = {term: weight * context.rarity(term) for term, weight in part.weights.items()}
    cover = _covered(context, weights)
    near = sorted(_may_answer(context, cover, part))
    if not near:
        return None
    beside_it = {term: OTHER_WORDS * context.rarity(term) for term in beside if term not in weights}
    hints = _covered(context, beside_it)
    told = {place: cover[place] + hints.get(place, 0.0) for place in near} if hints else cover
    rated = {
        place: _rated(context, place, part, cover[place], hints.get(place, 0.0))
        for place in nlargest(LOOKED_AT, near, key=told.__getitem__)
    }
    best = max(rated, key=lambda place: rated[place])
    place = _later(context, part, rated, best) if latest else best
    one = context.statements[place]
    held = [term for term in weights if _holds(context, place, term)]
    has = _has(one, part) or _has(context.statements[best], part)
    fits = has and _tells(context, place, part, held)
    kept = cover[place] * (1 if fits else UNFIT) / sum(weights.values())
    return Found(
        part,
        one,
        kept,
        tuple(term.strip() for term in held),
        context.statements[best] if place != best else None,
        place,
        _others(context, rated, place),
    )


def _others(
    context: Context, rated: Mapping[int, float], place: int
) -> tuple[tuple[float, Statement], ...]:
    """What else was read closely, best first."""
    rivals = sorted((-share, other) for other, share in rated.items() if other != place)
    return tuple((-share / rated[place], context.statements[other]) for share, other in rivals)


def _covered(context: Context, weights: dict[str, float]) -> dict[int, float]:
    """The weight that each statement covers."""
    total: dict[int, float] = defaultdict(float)
    for term, weight in weights.items():
        for place in context.of_any if is_thing(term) else ():
            total[place] += OF_ANY * weight
        for place in context.own(term):
            total[place] += weight
        for place in context.title(term):
            total[place] += IN_TITLE * weight
    return total


def _may_answer(context: Context, places: Iterable[int], part: Part) -> Iterable[int]:
    """All but the statements that are about other things than the question."""
    if not part.things:
        return places
    about = ((place, context.things_of(place)) for place in places)
    return (place for place, things in about if not things or things & part.things)


def _rated(context: Context, place: int, part: Part, cover: float, hints: float) -> float:
    """Cover first; then hints, and little else that is said: it may hold for others only."""
    one = context.statements[place]
    fit = 1.0 if _has(one, part) else UNFIT
    if MAY.match(part.text) and NOT.search(one.folded):
        fit *= EXCEPTION
    about_another = bool(context.things_of(place)) and not part.things
    gain = NOT_ASKED_ABOUT if about_another else 1.0
    if not part.stems.isdisjoint(one.about):
        gain *= ON_ITS_PAGE
    if one.subject in part.stems:
        gain *= BEGINS_WITH if part.weights.keys() - part.things else INTRODUCES
    return gain * (cover * fit + hints) / (1 + max(0.0, context.mass(place) - cover) / MUCH_ELSE)


def _later(context: Context, part: Part, rated: Mapping[int, float], best: int) -> int:
    """The statement of a later date that says as much about the same; else the best."""
    old = context.statements[best]
    told = [one for one in part.weights if _holds(context, best, one) and not is_number(one)]

    def overrules(place: int) -> bool:
        one = context.statements[place]
        return (
            one.updated > old.updated
            and len(one.terms & old.terms) >= SAME_CLAIM * min(len(one.terms), len(old.terms))
            and all(_holds(context, place, term) for term in told)
        )

    rivals = filter(overrules, rated)
    return max(rivals, key=lambda at: (context.statements[at].updated, rated[at]), default=best)


def _holds(context: Context, place: int, term: str) -> bool:
    return context.holds(place, term) or (is_thing(term) and place in context.of_any)


def _tells(context: Context, place: int, part: Part, held: Collection[str]) -> bool:
    """Whether more than the thing, or than one word that is everywhere, is found in it."""
    if part.things.issuperset(held):
        return part.things.issuperset(part.weights)
    weight = sum(part.weights[term] * context.rarity(term) for term in held)
    at_home = not context.statements[place].about.isdisjoint(held)
    return part.wants is not None or at_home or weight >= TELLING * context.rarest


def _has(one: Statement, part: Part) -> bool:
    """Whether the statement has the kind of answer that is asked for."""
    return part.wants is None or part.wants.search(one.folded) is not None
