"""Erring: the mistakes that a weaker model plausibly makes, and never nonsense.

    Item (scene, right reply) -> the first mistake that the item invites -> another reply

Each keeps the form of a right reply and names the source that it really quotes, so that only
checking finds it. ERRORS is their order.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from labkit.sim.model import answering, calculating, filling
from labkit.sim.model.difficulty import disagree, rival
from labkit.sim.model.finding import Found
from labkit.sim.model.scene import Misread, Scene
from labkit.sim.model.statements import Statement
from labkit.sim.reply import Reply


class Item(NamedTuple):
    """A question as a model meets it, and what would be right."""

    scene: Scene
    right: Reply

    @property
    def known(self) -> list[Found]:
        """The statements that answer."""
        return self.scene.read

    @property
    def form(self) -> str:
        """The rule that made it: ``grounded-answer``, or JSON in ``format`` or ``structured``."""
        return self.right.rules[0].name

    @property
    def is_worked_out(self) -> bool:
        """Whether the answer stands in no document by itself."""
        return any(rule.name == "calculation" for rule in self.right.rules)

    def misread(self, misread: Misread) -> Reply | None:
        """The same kind of reply from statements that were misread."""
        return MAKES[self.form](Scene(self.scene.body, self.scene.luck, misread=misread))


Error = Callable[[Item], Reply | None]


def outdated(item: Item) -> Reply | None:
    """It took the older of two documents that disagree."""
    if not any(found.older and disagree(found.older, found) for found in item.known):
        return None
    return item.misread(lambda found: _instead(found, found.older))


def miscounted(item: Item) -> Reply | None:
    """It counted the first day too."""
    return calculating.due_date(item.scene, lost_days=1) if item.is_worked_out else None


def whole_price(item: Item) -> Reply | None:
    """It forgot who pays half."""
    return answering.grounded(item.scene) if item.is_worked_out else None


def half(item: Item) -> Reply | None:
    """It answered the first part only."""
    return None if item.form == "format" else answering.quoted(item.scene, item.known[:1])


def other_language(item: Item) -> Reply | None:
    """It answered in English."""
    if item.scene.question.language == "en":
        return None
    return answering.grounded(Scene(item.scene.body, item.scene.luck, language="en"))


def near_miss(item: Item) -> Reply | None:
    """It took another statement for the one that answers."""
    return item.misread(lambda found: _instead(found, rival(found)))


def no_unit(item: Item) -> Reply | None:
    """It gave the number without its unit."""
    for found in item.known:
        amount = found.part.wants.search(found.statement.folded) if found.part.wants else None
        if number := amount and re.match(r"(\d[\d.,]*) \D", amount[0]):
            return item.scene.say(f"It is {number[1]}.", [found.statement.document])
    return None


def missed(item: Item) -> Reply | None:
    """It did not find the statement, and said that the documents do not say."""
    if item.form == "structured":
        return item.misread(lambda found: replace(found, cover=0.0))
    return item.scene.say(item.scene.phrase("not said") + item.scene.offer(), [])


ERRORS: Sequence[Error] = (
    outdated,
    miscounted,
    whole_price,
    half,
    other_language,
    near_miss,
    no_unit,
    missed,
)
"""Tried in this order."""
MISREADINGS: Sequence[Error] = (near_miss, missed)
"""What goes wrong where a long context hides the statement."""


IN_FIELDS: Sequence[Error] = (outdated, near_miss, missed)
"""What goes wrong where an output format keeps the form: the values alone."""
MAKES: Mapping[str, Callable[[Scene], Reply | None]] = {
    "grounded-answer": answering.grounded,
    "format": answering.as_json,
    "structured": filling.structured,
}
"""By the rule that is named first: what makes such a reply."""


def err(item: Item, errors: Sequence[Error]) -> tuple[Reply, str]:
    """The first error that changes the reply, and what it was."""
    for error in IN_FIELDS if item.form == "structured" else errors:
        wrong = error(item)
        if wrong and wrong.content != item.right.content:
            return wrong, str(error.__doc__)
    return item.right, "It found nothing to mistake it for."


def _instead(found: Found, other: Statement | None) -> Found:
    return replace(found, statement=other) if other else found
