"""Effects: what a tier's reading makes of the reply that the rules gave, in EFFECTS' order.

Each takes the scene and the reply and returns a reply; where it changed something, or had a part
in it, the reply carries its rule with the reason.
"""

from labkit.sim.model.ability import lapsed, overreached
from labkit.sim.model.scene import Scene
from labkit.sim.model.wrapping import wrapped
from labkit.sim.reply import Reply, RuleFired


def forgot(scene: Scene, reply: Reply) -> Reply:
    """The same reply, which says what of the earlier turns is no longer kept in mind."""
    lost = scene.recalled.forgotten
    if not lost or not reply.rules:
        return reply
    said, ago = lost[-1]
    reason = f"“{said}” was said {ago} turns ago, beyond the {scene.skill.remembers_turns} that "
    reason += f"the {scene.skill.tier} tier keeps in mind, and the system prompt does not say it"
    return Reply(
        reply.content,
        reply.stop_reason,
        reply.stop_details,
        (*reply.rules, RuleFired("forgetting", reason)),
    )


EFFECTS = (lapsed, overreached, wrapped, forgot)


def as_read(scene: Scene, reply: Reply) -> Reply:
    """The reply as the tier of the model that is asked gives it."""
    for effect in EFFECTS:
        reply = effect(scene, reply)
    return reply
