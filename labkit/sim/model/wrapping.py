"""Wrapping: JSON that comes in a fence, behind a sentence, or with a comma too many.

So real models do from time to time where the request only asks for JSON in words. With
``output_config.format`` in the request it never happens.
"""

from collections.abc import Mapping

from labkit.sim.model.ability import drawn_for
from labkit.sim.model.scene import Scene
from labkit.sim.model.skill import Skill
from labkit.sim.reply import Reply, RuleFired

FORMS = {
    "fence": ("```json\n{json}\n```", "it stands in a fence"),
    "prose": ("Here is the JSON you asked for: {json}", "a sentence stands before it"),
    "comma": ("{open},}}", "a comma too many stands before its end"),
}
"""What becomes of the object, and the words for it."""


def wrapped(scene: Scene, reply: Reply) -> Reply:
    """The JSON as this tier gives it for this item."""
    if not reply.rules or reply.rules[0].name != "format" or _has_format(scene.body):
        return reply
    form = form_of(scene.skill, drawn_for(scene, "form"))
    if not form:
        return reply
    text = str(reply.content[0]["text"])
    end = text.rindex("}") + 1
    shape, what = FORMS[form]
    made = shape.format(json=text[:end], open=text[: end - 1])
    rule = RuleFired(
        "wrapping", f"without output_config.format {what}, as in {_share(scene.skill, form)}"
    )
    return Reply(({"type": "text", "text": made + text[end:]},), rules=(*reply.rules, rule))


def form_of(skill: Skill, drawn: float) -> str:
    """How JSON is wrapped at this draw; empty where it stands alone."""
    below = 0.0
    for form in reversed(FORMS):
        below += getattr(skill, form)
        if drawn < below:
            return form
    return ""


def _share(skill: Skill, form: str) -> str:
    return f"{getattr(skill, form):.0%} of the {skill.tier} tier's replies in JSON"


def _has_format(body: Mapping[str, object]) -> bool:
    config = body.get("output_config")
    return isinstance(config, Mapping) and bool(config.get("format"))
