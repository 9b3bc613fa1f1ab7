"""Place: where in a long context the answering statement stands, and what that costs.

    1 - loss * 4f(1 - f),   f from 0 (where the documents begin) to 1 (where they end)

What stands at the edges is read in full. The loss in the middle is the tier's depth, and its
dilution for each doubling of the context beyond LONG_TOKENS. The numbers are made up.
"""

from itertools import accumulate
from math import log2
from typing import NamedTuple

from labkit.sim.model.context import Context
from labkit.sim.model.scene import Scene

LONG_TOKENS = 8_000
"""Tokens of documents up to which everything is read in full."""
EDGE_TOKENS = 1_000
"""Tokens at both ends of a long context that are read in full."""
CHARS_PER_TOKEN = 4
MOST_LOST = 0.9


class Place(NamedTuple):
    """A place in the documents, and how well it is read."""

    at: float = 0.0
    tokens: int = 0
    reads: float = 1.0
    """What is left of the tier's share, up to 1."""

    def named(self) -> tuple[str, str]:
        """The rule of what is lost there, and the first half of its reason."""
        where = f"{self.at:.0%} of the way through {self.tokens} tokens of documents"
        return "reading-position", f"{where} the tier keeps {self.reads:.0%} of what it can"


def worst_place(scene: Scene) -> Place:
    """The place of the worst read of the statements that answer; the edge of a short context."""
    context = scene.context
    ends = context.remember(("ends",), lambda: ends_of(context))
    if not ends or ends[-1] <= LONG_TOKENS:
        return Place()
    skill = scene.skill
    loss = min(MOST_LOST, skill.depth + skill.dilution * log2(ends[-1] / LONG_TOKENS))
    places = [found.place for found in scene.read]
    return min(
        (_place(ends, at, loss) for at in places), key=lambda one: one.reads, default=Place()
    )


def ends_of(context: Context) -> tuple[int, ...]:
    """The tokens before the end of each statement, nearly."""
    return tuple(accumulate(len(one.text) // CHARS_PER_TOKEN for one in context.statements))


def _place(ends: tuple[int, ...], at: int, loss: float) -> Place:
    """How well a statement is read in a context that is long."""
    total = ends[-1]
    inside = (ends[at] - EDGE_TOKENS) / (total - 2 * EDGE_TOKENS)
    f = min(1.0, max(0.0, inside))
    return Place(ends[at] / total, total, 1 - loss * 4 * f * (1 - f))
