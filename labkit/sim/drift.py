"""A model that drifts: the same name, from a day on, has a new habit and other answers.

    reply -> a fixed share of questions answered vaguely -> a habit of form -> reply

It comes in two ways: scripted under an unchanged id (``Lab(drift=Drift(...))``), and with the
version to which an alias moves (``differs`` in the catalogue). What drifts is documented here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from labkit.arguments import number, refused
from labkit.catalog import Model
from labkit.sim.faults.shapes import language
from labkit.sim.luck import Luck
from labkit.sim.reply import Reply, RuleFired

VAGUE = {
    "en": "That depends on the case.",
    "es": "Eso depende del caso.",
    "de": "Das kommt auf den Fall an.",
    "fr": "Cela dépend du cas.",
}
HABIT = "**Answer:** "
FENCE = "```json\n{}\n```"

Block = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Drift:
    """A change of behaviour that nobody announced: the model id stays the same."""

    since: date
    """The first day of it."""
    share: float = 0.1
    """The share of questions that are answered vaguely from then on, always the same ones."""
    habit: bool = True
    """Whether texts open with a bold word, and JSON comes in a Markdown fence."""

    def __post_init__(self) -> None:
        """Refuse what could not happen."""
        follows = "A model cannot drift so."
        if not isinstance(self.since, date) or isinstance(self.since, datetime):
            raise refused("since", self.since, follows, "Give date(2026, 12, 1).")
        if number("share", self.share, follows) > 1:
            raise refused("share", self.share, follows, "Give a number from 0 to 1.")
        if not isinstance(self.habit, bool):
            raise refused("habit", self.habit, follows, "Give True or False.")


def drift_of(known: Model, scripted: Drift | None, today: date) -> Drift | None:
    """What has changed in a model by a day; a script is stronger than the catalogue."""
    if scripted is not None and scripted.since <= today:
        return scripted
    return Drift(known.released, known.differs) if known.differs else None


def drifted(reply: Reply, drift: Drift, question: str, body: Block, luck: Luck) -> Reply:
    """The reply of a model that has drifted; calls of tools and refusals stay as they are."""
    if reply.stop_reason != "end_turn":
        return reply
    if luck.uniform("drift", question) < drift.share and not asks_for_format(body):
        reply = told(reply, VAGUE[language(question)], "drift-vague", drift)
    if drift.habit and not asks_for_format(body):
        said = next((one for one in reply.content if one["type"] == "text"), None)
        if said is not None:
            reply = told(reply, in_habit(str(said["text"])), "drift-habit", drift)
    return reply


def told(reply: Reply, text: str, name: str, drift: Drift) -> Reply:
    """The reply with another text; what it thought before stays."""
    kept = [one for one in reply.content if one["type"] != "text"]
    rule = RuleFired(name, f"since {drift.since} the model answers otherwise than before")
    content = (*kept, {"type": "text", "text": text})
    return replace(reply, content=content, rules=(*reply.rules, rule))


def in_habit(text: str) -> str:
    """A text in the new form."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return HABIT + text
    return FENCE.format(text)


def asks_for_format(body: Block) -> bool:
    """Whether the form is fixed by the request: no habit changes it."""
    config = body.get("output_config")
    return isinstance(config, dict) and config.get("format") is not None
