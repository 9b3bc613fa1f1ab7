"""Ability: which items a tier gets right. A model's own: no lab's seed changes it.

    the item's draw, a hash of its words, in [0, 1)  <  the tier's share for its level  ->  right

All tiers share the draw, so what a smaller tier gets right a larger one gets right too, except
the stated crossover. Where the draw lies beyond the share the model errs (erring.py).
"""

from dataclasses import replace
from typing import NamedTuple

from labkit.sim.luck import Luck
from labkit.sim.model import answering
from labkit.sim.model.difficulty import Difficulty, difficulty
from labkit.sim.model.erring import ERRORS, MISREADINGS, Item, err
from labkit.sim.model.finding import Found
from labkit.sim.model.place import worst_place
from labkit.sim.model.scene import Scene
from labkit.sim.model.skill import Skill, salt
from labkit.sim.reply import Reply, RuleFired

CAN_ERR = ("grounded-answer", "format", "structured")
"""Replies that read the documents."""
ALIKE = {"decline", "greeting", "introduction", "limit"}
"""Declining, limits, refusals, small talk and tools are alike in all tiers, in a format too: how
far a model can be talked round is nothing that a made-up model could show."""


class Share(NamedTuple):
    """The draws on which an item comes out right."""

    begins: float
    ends: float

    def holds(self, drawn: float) -> bool:
        """Whether a draw lies in it."""
        return self.begins <= drawn < self.ends


def drawn_for(scene: Scene, *labels: str) -> float:
    """The item's draw: the same for every tier, seed and document."""
    return Luck(0, (salt(),)).uniform(scene.question.folded, *labels)


def share_of(skill: Skill, level: int, reads: float = 1.0) -> Share:
    """The draws that a tier gets right at a level, where it reads that well."""
    right = skill.right[level - 1]
    begins = min(skill.crossover, 1 - right)
    return Share(begins, begins + right * reads)


def lapsed(scene: Scene, reply: Reply) -> Reply:
    """The reply, or the error in its place where the item lies beyond the tier's share."""
    names = [rule.name for rule in reply.rules]
    if not names or names[0] not in CAN_ERR or not ALIKE.isdisjoint(names):
        return reply
    fields = "".join(found.statement.text for found in scene.looked_up)
    right = (f"right {scene.skill.tier} {names} {fields}", lambda: _is_right(scene, reply))
    return reply if scene.remember(*right, *scene.told) else _erred(scene, reply)


def _is_right(scene: Scene, reply: Reply) -> bool:
    share = share_of(scene.skill, difficulty(scene, reply).level, worst_place(scene).reads)
    return share.holds(drawn_for(scene))


def _erred(scene: Scene, reply: Reply) -> Reply:
    """The error, and why: the item is too hard, or its statement stands where little is read.

    Where nothing could be mistaken for the right reply, that is what comes.
    """
    hard, place, drawn = difficulty(scene, reply), worst_place(scene), drawn_for(scene)
    knows = share_of(scene.skill, hard.level).holds(drawn)
    wrong, what = err(Item(scene, reply), MISREADINGS if knows else ERRORS)
    if wrong.content == reply.content:
        return reply
    rule = RuleFired(*(place.named() if knows else _too_hard(scene.skill, hard)))
    reason = f"{rule.reason}, and this one lies at {drawn:.0%}: {what}"
    return Reply(wrong.content, rules=(*reply.rules, RuleFired(rule.name, reason)))


def _too_hard(skill: Skill, hard: Difficulty) -> tuple[str, str]:
    """The rule of an item that is beyond the tier, and the first half of its reason."""
    why = f" ({'; '.join(hard.reasons)})" if hard.reasons else ""
    share = skill.right[hard.level - 1]
    return "ability", f"level {hard.level}{why}, of which the {skill.tier} tier gets {share:.0%}"


def overreached(scene: Scene, reply: Reply) -> Reply:
    """Instead of abstaining, what a page says of another thing, as often as the tier does so."""
    if [rule.name for rule in reply.rules] != ["abstain"]:
        return reply
    drawn = drawn_for(scene)
    if drawn < scene.skill.abstains or not (found := _tempting(scene)):
        return reply
    reason = (
        f"told to say so, the {scene.skill.tier} tier does in {scene.skill.abstains:.0%} of such "
        f"cases, and this one lies at {drawn:.0%}: it took what {found.statement.document} says of "
        "another thing"
    )
    wrong = answering.quoted(scene, [found]) or reply
    return Reply(wrong.content, rules=(*reply.rules, RuleFired("overreach", reason)))


def _tempting(scene: Scene) -> Found | None:
    """A statement about another thing that would answer if it were about what is asked."""
    for part in scene.question.parts:
        weights = {term: weight for term, weight in part.weights.items() if term not in part.things}
        if part.wants and part.things and weights:
            found = scene.find(replace(part, weights=weights, things=frozenset()))
            if found and found.answers and scene.context.things_of(found.place):
                return found
    return None
