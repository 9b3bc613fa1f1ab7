"""Finding the statement that answers: rare words count, a later date breaks a tie."""

from dataclasses import dataclass

from labkit.sim.model.context import Context, Statement
from labkit.sim.model.words import terms, within_one_slip

ENOUGH = 0.5
"""The share of a question's weight that a statement must cover to count as an answer."""
TITLE_WEIGHT = 0.6
"""A word in the document's title counts for less than one in the statement itself."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best statement for a question."""

    statement: Statement
    cover: float
    """The share of the question's weight that the statement covers, 0 to 1."""
    words: tuple[str, ...]
    """The question's words that were found in it."""

    @property
    def answers(self) -> bool:
        """Whether it covers enough to be an answer."""
        return self.cover >= ENOUGH


def find(context: Context, question: str, earlier: str = "") -> Found | None:
    """The statement that covers most of a question; words of earlier turns help a little."""
    wanted = [_corrected(term, context) for term in dict.fromkeys(terms(question))]
    if not wanted or not context.statements:
        return None
    weights = {term: context.rarity.get(term, _unknown(context)) for term in wanted}
    hints = {term: context.rarity.get(term, 0.0) / 4 for term in terms(earlier)}
    places = {place for term in weights for place in context.places.get(term, ())}
    if not places:
        return None
    candidates = [context.statements[place] for place in sorted(places)]
    best = max(candidates, key=lambda one: _score(one, weights, hints))
    covered = tuple(term for term in weights if term in best.terms or term in best.about)
    return Found(best, _weight(best, weights) / sum(weights.values()), covered)


def _score(one: Statement, weights: dict[str, float], hints: dict[str, float]) -> tuple[float, str]:
    brevity = 1 + len(one.terms) / 60
    return round((_weight(one, weights) + _weight(one, hints)) / brevity, 6), one.updated


def _weight(one: Statement, weights: dict[str, float]) -> float:
    total = 0.0
    for term, weight in weights.items():
        if term in one.terms:
            total += weight
        elif term in one.about:
            total += TITLE_WEIGHT * weight
    return total


def _unknown(context: Context) -> float:
    """A word that no statement has is as telling as the rarest that one has."""
    return max(context.rarity.values(), default=1.0)


def _corrected(term: str, context: Context) -> str:
    """The term, or the one it was meant to be where a letter slipped."""
    if term in context.rarity:
        return term
    if term not in context.slips:
        near = (other for other in context.rarity if within_one_slip(term, other))
        context.slips[term] = next(near, term)
    return context.slips[term]
