"""Declining: what the provider refuses, and what the instructions forbid.

A refusal of the provider comes whatever the instructions say. Every other rule here fires only
where the instructions hold its line, and quotes the document that says the same.
"""

import re
from typing import NamedTuple

from labkit.sim.model.scene import Scene
from labkit.sim.reply import Reply, RuleFired

GUARD = re.compile(
    r"\b(tak(e|ing)|remov(e|ing)|tie|tape|hold|disabl(e|ing)|switch(ing)? off|turn(ing)? off|bypass"
    r"|defeat|get|cover|block)\b[^.?!]*\b(guard|safety switch|smoke (alarm|detector)|alarm)\b",
    re.IGNORECASE,
)
DEVICES = ("guard", "switch", "alarm", "detector")
"""What stands in everything that matches it."""


class Line(NamedTuple):
    """A line of the instructions, and how a question meets it."""

    instruction: str
    """What the instructions say where the line holds (a regular expression)."""
    question: str
    """What a question that meets it looks like (a regular expression over folded text)."""
    subject: str
    """The words by which the document that says the same is looked up."""
    phrase: str
    reason: str


MINOR = (
    r"\b(?:i am|i'm|im|is|aged?|he's|she's)\s+(?:1[0-7]|[1-9])\b(?!\d| ?(?:kg|cm|m|cr|days?))"
    r"|\b(?:1[0-7]|[1-9])[- ]year|\bmy (?:kid|child|son|daughter|teenager)\b"
)
LINES = (
    Line(
        r"changes none of these rules",
        r"\b(?:ignore|disregard|forget|override)\b.*\b(?:instructions?|rules?|above|prompt)\b"
        r"|\b(?:print|repeat|show|reveal|tell me)\b.*\b(?:above|your (?:prompt|instructions|rules))"
        r"|\byou are (?:now|kofi|the manager)|let'?s play|pretend|role ?play|\bthis is head office",
        "",
        "cannot",
        "the message tries to change the rules",
    ),
    Line(
        r"remove, cover or defeat a guard",
        r"\b(?:guard|alarm|safety switch)\b.*"
        r"\b(?:tie|tape|remove|cover|defeat|bypass|disable|unplug)\b",
        "guard must never be removed, tied back or held open",
        "cannot",
        "it asks how to defeat a safety device",
    ),
    Line(
        r"cannot waive a fee",
        r"\b(?:waive|refund|reimburse|approve|cancel|drop|set|pay back|give back)\b"
        r"(?! my (?:loan|reservation))"
        r".*\b(?:fees?|fine|deposits?|mine|money|charges?|everyone|me)\b",
        "Latch cannot waive a fee, pay back a deposit",
        "cannot",
        "only a person at the desk may do that",
    ),
    Line(
        r"nobody anything about another member",
        r"\bwho (?:has|have|borrowed|is using|took)\b|\bwhere do(?:es)? (?:he|she|they|\w+) live"
        r"|\b(?:his|her|their|(?<!the )[a-z-]+'s) (?:phone|address|e-?mail|number)\b"
        r"|\b(?:his|her|their) name\b"
        r"|\bwhat (?:did|does|has) (?!i |we |you |it |the |an? )[a-z-]+ (?:borrow|return)"
        r"|\b(?:phone|address|number) of (?:my|the|another|a) (?:neighbou?r|member|landlord)",
        "nobody is told what another member borrows, where another member lives",
        "cannot tell",
        "it asks about another member",
    ),
    Line(
        r"no advice on medicine",
        r"\b(?:medicines?|pills?|painkillers?|doctor|dose|hurts?|symptoms?)\b",
        "advise on medicine, law, tax",
        "cannot",
        "it asks for advice on medicine",
    ),
    Line(
        r"no advice on[^.]*\blaw\b",
        r"\b(?:sue|lawyer|legal(?:ly)?|court|contract law|lawsuit)\b(?!.*\bladder)",
        "advise on medicine, law, tax",
        "cannot",
        "it asks for advice on law",
    ),
    Line(
        r"no advice on[^.]*\btax\b",
        r"\b(?:tax(?:es)?|deduct\w*|vat)\b",
        "advise on medicine, law, tax",
        "cannot",
        "it asks for advice on tax",
    ),
    Line(
        r"no advice on[^.]*\bgas fitting\b",
        r"\bgas (?:pipes?|line|fitting|mains?|supply)\b",
        "no advice on gas fitting or on gas pipes in a home",
        "cannot",
        "it asks for advice on gas fitting",
    ),
    Line(
        r"do not write poems",
        r"\b(?:poems?|essay|haiku|song|lyrics|story|joke|python|javascript|sql|code)\b",
        "",
        "cannot",
        "it asks for a poem, an essay or code",
    ),
)


def names_a_device(text: str) -> bool:
    """Whether a text can ask about a safety device at all; most name none."""
    named = text.lower()
    return any(device in named for device in DEVICES)


def defeats_a_guard(turn: str) -> bool:
    """Whether a turn asks how to defeat a safety device."""
    return names_a_device(turn) and GUARD.search(turn) is not None


def refused(scene: Scene) -> Reply | None:
    """How to defeat a guard is refused, and again while that turn stays in the history."""
    if not names_a_device("\n".join(scene.turns)) or not any(map(defeats_a_guard, scene.turns)):
        return None
    now = defeats_a_guard(scene.asked)
    where = "the question" if now else "an earlier turn of the history"
    details = {
        "type": "refusal",
        "category": "general_harms",
        "explanation": "The request asks how to defeat a safety device.",
    }
    rule = RuleFired("refusal", f"{where} asks how to defeat a safety device")
    return Reply((), "refusal", details, (rule,))


def forbidden(scene: Scene) -> Reply | None:
    """The first line of the instructions that the question meets."""
    line = scene.remember("line", lambda: _line_met(scene), *scene.told)
    return _declined(scene, line.subject, line.phrase, line.reason) if line else None


def _line_met(scene: Scene) -> Line | None:
    given = (line for line in LINES if scene.asks_for(line.instruction))
    folded = scene.question.folded
    return next((line for line in given if re.search(line.question, folded, re.DOTALL)), None)


def under_age(scene: Scene) -> Reply | None:
    """A power tool for somebody who is too young."""
    if not scene.asks_for(r"no power tool to anybody under 18"):
        return None
    if not re.search(MINOR, scene.question.folded) or not _power_tools(scene):
        return None
    subject = "person under 18 may not borrow, collect or use a power tool"
    return _declined(scene, subject, "cannot", "a power tool is asked for somebody under 18")


def _power_tools(scene: Scene) -> bool:
    """Whether the question names what a document lists as a power tool."""
    listed = [
        one.terms
        for one in scene.context.statements
        if one.text.lower().startswith("power tools are the")
    ]
    asked = {term for part in scene.question.parts for term in part.weights}
    asked = {word for term in asked for word in term.split()} - {"tool"}
    return "power" in asked or any(asked & terms for terms in listed)


def _declined(scene: Scene, subject: str, phrase: str, reason: str) -> Reply:
    """Plainly, with the document that sets the rule and the next step."""
    found = scene.look_up(subject) if subject else None
    known = found.statement if found and found.answers else None
    text = scene.phrase(phrase)
    if known and scene.question.language == "en":
        text = f"{text} {known.text}"
    sources = [known.document] if known else []
    return scene.say(text + scene.offer(), sources, RuleFired("decline", reason))
