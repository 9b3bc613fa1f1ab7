"""Speaking: what the model says in words where no tool is called, as the first rule has it.

    what tools gave back, BEFORE_TOOLS, (tools,) AFTER_TOOLS -> the first reply

A field such as ``answer`` in an output format holds the same words.
"""

from collections.abc import Callable, Sequence

from labkit.sim.model import answering, calculating, chatting, declining, results
from labkit.sim.model.scene import Scene
from labkit.sim.reply import Reply

Rule = Callable[[Scene], Reply | None]

BEFORE_TOOLS: Sequence[Rule] = (
    chatting.unseen,
    chatting.greeted,
    chatting.introduced,
    declining.under_age,
    calculating.over_limit,
    calculating.due_date,
)
AFTER_TOOLS: Sequence[Rule] = (
    chatting.without_documents,
    declining.forbidden,
    answering.not_understood,
    answering.as_json,
    calculating.halved,
    answering.grounded,
    answering.abstained,
    answering.invented,
)


def in_words(scene: Scene) -> Reply:
    """The reply in words; the last rule always has one."""
    every = (results.told, *BEFORE_TOOLS, *AFTER_TOOLS)
    return next(reply for rule in every if (reply := rule(scene)))
