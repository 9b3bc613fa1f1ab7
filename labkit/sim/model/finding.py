"""Finding the statement that answers: rare words count, a later date breaks a tie."""

from dataclasses import dataclass
from functools import lru_cache

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
    best = max(context.statements, key=lambda one: _score(one, weights, hints))
    covered = tuple(term for term in weights if term in best.terms | best.about)
    total = sum(weights.values())
    return Found(best, _weight(best, weights) / total if total else 0.0, covered)


def _score(one: Statement, weights: dict[str, float], hints: dict[str, float]) -> tuple[float, str]:
    brevity = 1 + len(one.terms) / 60
    return round((_weight(one, weights) + _weight(one, hints)) / brevity, 6), one.updated


def _weight(one: Statement, weights: dict[str, float]) -> float:
    inside = sum(weight for term, weight in weights.items() if term in one.terms)
    above = sum(
        weight for term, weight in weights.items() if term in one.about and term not in one.terms
    )
    return inside + TITLE_WEIGHT * above


def _unknown(context: Context) -> float:
    """A word that no statement has is as telling as the rarest that one has."""
    return max(context.rarity.values(), default=1.0)


def _corrected(term: str, context: Context) -> str:
    """The term, or the one it was meant to be where a letter slipped."""
    return term if term in context.rarity else _nearest(term, tuple(context.rarity))


@lru_cache(maxsize=4_000)
def _nearest(term: str, known: tuple[str, ...]) -> str:
    return next((other for other in known if within_one_slip(term, other)), term)
