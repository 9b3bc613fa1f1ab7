"""What the reply faults do to a reply: refusals in three shapes, thinking first, nothing at all.

All words here are invented. They name no document, so an app cannot mistake them for an answer.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod

from labkit.sim import tokens
from labkit.sim.faults import Fault
from labkit.sim.luck import Luck
from labkit.sim.reply import Reply

CANNED = {
    "en": (
        "I'm sorry, I can't help with that.",
        "I can't assist with that request.",
        "Sorry, but that is not something I can help with.",
        "I'm not able to help with this one.",
        "Unfortunately I have to decline this request.",
    ),
    "es": (
        "Lo siento, no puedo ayudarte con eso.",
        "No me es posible responder a esa pregunta.",
        "Disculpa, pero tengo que rechazar esta petición.",
    ),
    "de": (
        "Es tut mir leid, dabei kann ich nicht helfen.",
        "Diese Anfrage kann ich leider nicht beantworten.",
        "Dazu darf ich leider nichts sagen.",
    ),
    "fr": (
        "Désolé, je ne peux pas vous aider sur ce point.",
        "Je ne suis pas en mesure de répondre à cette demande.",
        "Je dois malheureusement refuser cette demande.",
    ),
}

BEGUN = {
    "en": "Sure. First you unplug it, and then you ",
    "es": "Claro. Primero desenchúfelo y luego ",
    "de": "Gern. Zuerst ziehst du den Stecker, und dann ",
    "fr": "Bien sûr. D'abord vous le débranchez, puis ",
}
"""How a refusal in mid-stream begins where the model would not have said anything."""

COMMON_WORDS = {
    "en": "the is a to how what can i my of do for and in it when may where much are",
    "es": "el la los las de que y en un una por para cuánto cómo qué puedo dónde es mi",
    "de": "der die das ist ich ein eine wie was kann und zu für wo wann nicht mein den",
    "fr": "le les des est je une comment que quoi peut et pour où quand pas mon du puis",
}

EXPLANATION = "The request was declined by a safety classifier."
THOUGHTS = (
    "The person asks something practical. I look for the passage and answer briefly.",
    "Let me see what I was given, what is asked, and which of it bears on the question.",
    "First the instructions, then the question. A short, direct answer fits best here.",
)

KEPT_AT_LEAST, KEPT_AT_MOST = 0.3, 0.7
"""Share of the text that stands before a refusal in the middle."""


def shaped(reply: Reply, faults: Sequence[Fault], question: str, luck: Luck) -> Reply:
    """The reply after the faults that change it; a thinking block is put first at the end."""
    for fault in faults:
        if fault.name == "empty_reply":
            reply = replace(reply, content=(), stop_reason="end_turn", stop_details=None)
        elif fault.words is not None:
            text = {"type": "text", "text": fault.words}
            reason = fault.stop_reason or "end_turn"
            reply = replace(reply, content=(text,), stop_reason=reason, stop_details=None)
        elif fault.name == "refused":
            reply = refuse(reply, fault, question, luck)
    if any(fault.name == "thinking_first" for fault in faults):
        reply = think_first(reply, luck)
    return reply


def factor_of(faults: Sequence[Fault]) -> float:
    """How many times slower the answer is."""
    return prod(fault.factor for fault in faults if fault.factor is not None)


def refuse(reply: Reply, fault: Fault, question: str, luck: Luck) -> Reply:
    """A refusal in the shape that the fault names."""
    if fault.shape == "canned":
        words = luck.choice(CANNED[language(question)], "canned")
        text = {"type": "text", "text": words}
        return replace(reply, content=(text,), stop_reason="end_turn", stop_details=None)
    details = {"type": "refusal", "category": fault.category, "explanation": EXPLANATION}
    kept: tuple[Mapping[str, object], ...] = ()
    if fault.shape == "midstream":
        begun = {"type": "text", "text": BEGUN[language(question)]}
        kept = first_part(reply.content, luck) or (begun,)
    return replace(reply, content=kept, stop_reason="refusal", stop_details=details)


def first_part(
    content: Sequence[Mapping[str, object]], luck: Luck
) -> tuple[Mapping[str, object], ...]:
    """The blocks before the first tool call, to the middle of the first text."""
    kept: list[Mapping[str, object]] = []
    for block in content:
        if block.get("type") == "tool_use":
            break
        kept.append(block)
        if block.get("type") == "text":
            pieces = tokens.split(str(block["text"]))
            share = KEPT_AT_LEAST + (KEPT_AT_MOST - KEPT_AT_LEAST) * luck.uniform("midstream")
            kept[-1] = {**block, "text": "".join(pieces[: max(1, int(len(pieces) * share))])}
            break
    return tuple(kept)


def think_first(reply: Reply, luck: Luck) -> Reply:
    """The reply with a thinking block in front, unless there is one."""
    if reply.content and reply.content[0].get("type") == "thinking":
        return reply
    thought = {"type": "thinking", "thinking": luck.choice(THOUGHTS, "thought")}
    return replace(reply, content=(thought, *reply.content))


def language(text: str) -> str:
    """The language whose common words occur most; English in doubt."""
    words = re.findall(r"[^\W\d_]+", text.lower()[:2_000])
    scores = {
        code: sum(word in common.split() for word in words) for code, common in COMMON_WORDS.items()
    }
    return max(scores, key=lambda code: scores[code])
