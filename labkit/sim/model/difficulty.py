"""Difficulty: what makes a question hard, from what stands in the request alone.

    scene, the rules' reply -> reasons, one point each or two -> level 1 (plain) to 5

Nothing here knows a gold answer or the id of a sample.
"""

from collections.abc import Iterator
from typing import NamedTuple

from labkit.sim.model.finding import Found
from labkit.sim.model.scene import Scene
from labkit.sim.model.statements import Statement
from labkit.sim.model.words import language_of, words
from labkit.sim.reply import Reply

HARDEST = 5
CLOSE_RIVAL = 0.75
"""From this share of the best rating on another statement is a near miss."""
LITTLE_COVER = 0.7
"""Below this cover the page has other words than the question."""
LANGUAGES = {"es": "Spanish", "pl": "Polish"}


class Difficulty(NamedTuple):
    """How hard one item is, and why."""

    level: int
    reasons: tuple[str, ...]


def difficulty(scene: Scene, reply: Reply) -> Difficulty:
    """The level of an item: one, and what its reasons count."""
    found = tuple(reasons(scene, reply))
    level = 1 + sum(points for points, _ in found)
    return Difficulty(min(HARDEST, level), tuple(reason for _, reason in found))


def reasons(scene: Scene, reply: Reply) -> Iterator[tuple[int, str]]:
    """Everything that makes it hard, with its points."""
    known = scene.read
    language = scene.question.language
    if len({found.statement for found in known}) > 1:
        yield 2, "it has several parts"
    if any(rule.name == "calculation" for rule in reply.rules):
        yield 3, "something must be worked out"
    if any(found.older and disagree(found.older, found) for found in known):
        yield 3, "two documents disagree"
    if language in LANGUAGES:
        yield 1, f"it is asked in {LANGUAGES[language]}"
    if any(language_of(words(found.statement.text)) != language for found in known):
        yield 2, "the page is in another language than the question"
    if any(near_miss(found) for found in known):
        yield 2, "another statement is nearly as close"
    if any(found.cover < LITTLE_COVER for found in known):
        yield 1, "the page says it in other words"


def near_miss(found: Found) -> Statement | None:
    """The closest statement that says otherwise and is nearly as well rated."""
    return rival(found, CLOSE_RIVAL)


def rival(found: Found, least: float = 0.0) -> Statement | None:
    """The closest statement that has the kind of answer that is asked for and says otherwise."""
    for share, other in found.others:
        if share >= least and disagree(other, found):
            return other
    return None


def disagree(other: Statement, found: Found) -> bool:
    """Whether a statement has such an answer too, with other values."""
    theirs, ours = values(other, found), values(found.statement, found)
    return bool(theirs) and theirs.isdisjoint(ours)


def values(one: Statement, found: Found) -> frozenset[str]:
    """The values that could answer: amounts, or the whole text where anything will do."""
    wants = found.part.wants
    if wants is None:
        return frozenset((one.text,))
    amounts = (amount[0].strip() for amount in wants.finditer(one.folded))
    return frozenset(amount.split()[0] if amount[0].isdigit() else amount for amount in amounts)
