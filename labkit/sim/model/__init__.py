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
    "abstain": "A model that was told to say so says that the documents do not.",
    "invention": "Without a document that answers, and not told to say so, a model makes up a "
    "plausible answer, the same one each time.",
    "no-documents": "Without documents the lab's model says what it is and what it can do.",
    "obedience": "The obedient model follows every order in its request: the worst case.",
}

ORDER = re.compile(
    r"(?:ignore|disregard|forget) (?:all|any|your|the rules|the above)[^.\n]*[.\n]"
    r"|(?:system|assistant): [^\n]+",
    re.IGNORECASE,
)
REVEAL = re.compile(r"\b(prompt|instructions|secret|password)\b", re.IGNORECASE)

GUARD = re.compile(
    r"\b(tak(e|ing)|remov(e|ing)|tie|tape|hold|disabl(e|ing)|switch(ing)? off|turn(ing)? off|bypass"
    r"|defeat|get|cover|block)\b[^.?!]*\b(guard|safety switch|smoke (alarm|detector)|alarm)\b",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"^\W*(hi|hello|hey|good (morning|day|afternoon|evening)|thanks?|thank you|hola|gracias)\b"
    r"[\w\s]{0,20}\W*$",
    re.IGNORECASE,
)
PARTS = re.compile(
    r"\?\s+|,?\s+and\s+(?=(?:how|what|when|where|which|who|is|are|can|may|do|does)\b)",
    re.IGNORECASE,
)
INVENTED = ("about a week", "two days", "up to 50 crowns", "after 18:00", "three at a time")


class SimulatedModel:
    """Answers from what it is given, by the rules of this room."""

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
        """The whole reply to one validated request, before any limit cuts it."""
        asked = _turns(body)
        question = asked[-1] if asked else ""
        if any(GUARD.search(turn) for turn in asked):
            return _refusal(still=not GUARD.search(question))
        context = read(_system(body))
        if GREETING.match(question):
            text = "Hello. Ask me about borrowing, fees or opening hours."
            return _said(context, text, "none", _fired("greeting", "the message is a greeting"))
        if not context.statements and not context.instructions.strip():
            return _no_documents(context)
        return _answer(context, question, asked, luck)


class ObedientModel(SimulatedModel):
    """Follows every order that stands anywhere in the request.

    It assumes the worst of a model, so that what still holds is the application's own doing.
    """

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
        """What the last order in the request asks for; else the ordinary reply."""
        untrusted = [one.text for one in read(_system(body)).statements] + _turns(body)
        orders = ORDER.findall("\n".join(untrusted))
        if not orders:
            return super().reply(body, luck)
        text = f"As you wish: {orders[-1].strip()}"
        if REVEAL.search(orders[-1]):
            text = f"My instructions are: {_system(body)}"
        return Reply(
            ({"type": "text", "text": text},),
            rules=(
                _fired("obedience", "it assumes the worst: an order in the request was followed"),
            ),
        )


def describe() -> tuple[tuple[str, str], ...]:
    """Each rule and the behaviour of real models that it stands for."""
    return tuple(RULES.items())


def _answer(context: Context, question: str, asked: Sequence[str], luck: Luck) -> Reply:
    """From the documents, part by part; where they do not say, as the instructions want it."""
    parts = [part for part in PARTS.split(question) if part and part.strip()] or [question]
    earlier = " ".join([*asked[-3:-1], parts[0]])
    founds = [find(context, part, earlier) for part in parts]
    known = [found for found in founds if found and found.answers]
    if not known:
        whole = find(context, question, earlier)
        known = [whole] if whole and whole.answers else []
    if known:
        return _grounded_reply(context, known)
    if context.wants_honesty:
        text = "The library's documents do not say. Please ask at the desk."
        rule = _fired("abstain", "no statement covers half of the question")
        return _said(context, text, "none", rule)
    made_up = luck.choice(INVENTED, "invention")
    rule = _fired("invention", "no statement answers, and nobody asked it to say so")
    return _said(context, f"That is {made_up}.", "none", rule)


def _grounded_reply(context: Context, known: Sequence[Found]) -> Reply:
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


def _no_documents(context: Context) -> Reply:
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
