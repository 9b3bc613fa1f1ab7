"""The simulated model: documented rules over what stands in the request, and nothing else.

It has no table of questions and answers. Change a fact in a document and the answer changes;
every reply carries the rules that made it, with a reason for people.
"""

import re
from collections.abc import Mapping, Sequence
from typing import cast

from labkit.sim.luck import Luck
from labkit.sim.model.context import Context, read
from labkit.sim.model.finding import Found, find
from labkit.sim.reply import Reply, RuleFired

RULES = {
    "refusal": "Models decline some requests, among them how to defeat a guard, and keep declining "
    "while the refused turn stays in the history (docs: refusals and fallback, 2026-08-22).",
    "greeting": "A greeting or thanks is answered in kind.",
    "grounded-answer": "A question that a document in the request answers is answered from it.",
    "abstain": "Told to say so, a model that finds nothing in the documents says that it does not know.",
    "invention": "Without documents that answer, and without being told to say so, a model makes up "
    "a plausible answer, the same one each time.",
    "no-documents": "Without documents the lab's model says what it is and what it can do.",
}

GUARD = re.compile(
    r"\b(take|taking|remove|removing|tie|tape|hold|disable|disabling|switch off|turn off|bypass|defeat"
    r"|get|cover|block)\b[^.?!]*\b(blade guard|guard|safety switch|smoke (alarm|detector)|alarm)\b",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"^\W*(hi|hello|hey|good (morning|day|afternoon|evening)|thanks?|thank you|hola|gracias)\b[\w\s]{0,20}\W*$",
    re.IGNORECASE,
)
TWO_IN_ONE = re.compile(
    r"\?\s+|,?\s+and\s+(?=how|what|when|where|which|who|is|are|can|may|do|does)\b", re.I
)


class SimulatedModel:
    """Answers from what it is given, by the rules of this room."""

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
        """The whole reply to one validated request, before any limit cuts it."""
        asked = _turns(body)
        question = asked[-1] if asked else ""
        if defeated := next((turn for turn in asked if GUARD.search(turn)), None):
            return _refusal(still=defeated is not question)
        context = read(_system(body))
        if GREETING.match(question):
            return _said(
                context,
                "Hello. I am Latch. Ask me about borrowing, fees or opening hours.",
                "none",
                _fired("greeting", "the message is a greeting"),
            )
        if not context.statements:
            return _no_documents(context, question, luck)
        return _answer(context, question, asked)


class ObedientModel(SimulatedModel):
    """Does whatever any text tells it to; what the application still guarantees is the lesson."""


def describe() -> tuple[tuple[str, str], ...]:
    """Each rule and the behaviour of real models that it stands for."""
    return tuple(RULES.items())


def _answer(context: Context, question: str, asked: Sequence[str]) -> Reply:
    """From the documents, part by part; honest where they do not say."""
    parts = [part for part in TWO_IN_ONE.split(question) if part.strip()] or [question]
    earlier = " ".join([*asked[-3:-1], parts[0]])
    founds = [find(context, part, earlier) for part in parts]
    known = [found for found in founds if found and found.answers]
    if not known:
        whole = find(context, question, earlier)
        known = [whole] if whole and whole.answers else []
    if not known:
        return _said(
            context,
            "The library's documents do not say. Please ask at the desk.",
            "none",
            _fired("abstain", "no statement covers half of the question"),
        )
    unique = list({found.statement: found for found in known}.values())
    text = " ".join(found.statement.text for found in unique)
    sources = "] [".join(dict.fromkeys(found.statement.document for found in unique))
    return _said(context, text, sources, *map(_grounded, unique))


def _grounded(found: Found) -> RuleFired:
    one = found.statement
    return _fired(
        "grounded-answer",
        f"{one.document} covers {found.cover:.0%} of the question by {', '.join(found.words)}",
    )


def _refusal(*, still: bool) -> Reply:
    where = "an earlier turn of the history" if still else "the question"
    details = {
        "type": "refusal",
        "category": "general_harms",
        "explanation": "The request asks how to defeat a safety device.",
    }
    reason = f"{where} asks how to defeat a safety device"
    return Reply((), "refusal", details, (_fired("refusal", reason),))


def _no_documents(context: Context, question: str, luck: Luck) -> Reply:
    text = (
        "I am the lab's simulated model. I know only what stands in the request, and it holds no "
        "documents. Give me some, or ask through Latch's system prompt."
    )
    return _said(context, text, "none", _fired("no-documents", "the request holds no document"))


def _said(context: Context, text: str, source: str, *rules: RuleFired) -> Reply:
    """A text reply, with its source where the instructions ask for one."""
    shown = f"{text} [{source}]" if context.wants_source else text
    return Reply(({"type": "text", "text": shown},), rules=rules)


def _fired(name: str, reason: str) -> RuleFired:
    assert name in RULES
    return RuleFired(name, reason)


def _system(body: Mapping[str, object]) -> str:
    return _text(body.get("system", ""))


def _turns(body: Mapping[str, object]) -> list[str]:
    messages = cast(Sequence[Mapping[str, object]], body["messages"])
    return [_text(one["content"]) for one in messages if one["role"] == "user"]


def _text(content: object) -> str:
    """The text of a string or of content blocks."""
    if isinstance(content, str):
        return content
    blocks = cast(Sequence[Mapping[str, object]], content)
    return "\n".join(str(block.get("text", "")) for block in blocks if block.get("type") == "text")
