"""The simulated model: documented rules over what stands in the request, and nothing else.

It has no table of questions and answers. Change a fact in a document and the answer changes;
every reply carries the rules that made it, with a reason for people. RULES is their order; then
``effects`` change it as the tier of the model that is asked would.
"""

from collections.abc import Mapping

from labkit.sim.luck import Luck
from labkit.sim.model import acting, declining, filling, results, telling
from labkit.sim.model.effects import as_read
from labkit.sim.model.obedience import obeyed
from labkit.sim.model.scene import Scene
from labkit.sim.model.speaking import AFTER_TOOLS, BEFORE_TOOLS
from labkit.sim.reply import Reply
from labkit.sim.schema import format_of

__all__ = ["ObedientModel", "SimulatedModel", "describe"]

RULES = (
    declining.refused,
    acting.forced,
    telling.continued,
    results.told,
    *BEFORE_TOOLS,
    acting.called,
    *AFTER_TOOLS,
)
"""Tried in this order; the first that has something to say makes the reply."""

IN_FORMAT = (declining.refused, acting.forced, telling.continued, acting.called, filling.structured)
"""The same where the request has an output format: all that is said has to fit it."""

STANDS_FOR = {
    "refusal": "Models decline some requests, among them how to defeat a guard, and keep declining "
    "while the refused turn stays in the history (docs: refusals and fallback, 2026-08-22).",
    "tool-answer": "After a tool's results a model tells what they say.",
    "unseen": "The lab's model reads text alone and says so where a picture or a file comes with a "
    "question that no document answers.",
    "greeting": "A greeting or thanks is answered in kind.",
    "introduction": "Asked who it is, it gives the name in its instructions and says that it is "
    "simulated.",
    "limit": "A model that reads a limit does not agree to more, however it is asked.",
    "calculation": "A day or a half is worked out where the documents give both parts of it.",
    "tool-call": "A tool whose words the request uses is called once all of its required input is "
    "there, several in one turn where several things are asked; a question that a document answers "
    "better is answered in text. While a result says that it is pending the same call is made "
    "again, without end; after an error it is made once more.",
    "no-documents": "Without documents the lab's model says what it is and what it can do.",
    "decline": "What the instructions forbid is declined, with the document that says so and the "
    "next step. Most models do this most of the time; this one always does.",
    "structured": "With an output format the answer is JSON that fits it, required fields first: "
    "from tool results, the turn and the documents; null or a word such as unknown where nothing "
    "is found and the schema allows it, else made up (docs: structured outputs, 2026-08-22). A "
    "field for the answer holds what would be said in words. Of the options of an enum it takes "
    "one that the turn names, or else the one whose line in the instructions has most of its "
    "words. The form always fits; the values are as right as the tier is.",
    "format": "Asked for JSON with named keys, it gives one object.",
    "grounded-answer": "A question that a document in the request answers is answered from it, in "
    "the language of the question. Of two documents that disagree the later one holds, where the "
    "instructions say so. A part that nothing answers is named, where they ask for that.",
    "not-understood": "A message that is no question and has no known word is not answered.",
    "abstain": "A model that was told to say so says that the documents do not.",
    "invention": "Without a document that answers, and not told to say so, a model makes up a "
    "plausible answer, the same one each time.",
    "ability": "A smaller tier gets fewer of the hard items right. Hard are several parts, "
    "something to work out, documents that disagree, a near miss, another language, other words. "
    "The item decides, not the seed; what a smaller tier gets right a larger one gets right too, "
    "but for a stated crossover. The error is plausible and names the source that it quotes.",
    "reading-position": "In more than 8,000 tokens of documents a statement in the middle is "
    "missed more often, the more so the longer they are; at both ends it is read in full. "
    "(Measured on models of 2023; the docs still warn of it.)",
    "overreach": "Told to say that the documents do not say, a smaller tier does so less often "
    "where a page says it of another thing.",
    "wrapping": "Asked for JSON in words alone, models put it into a fence, behind a sentence, or "
    "write a comma too many; with output_config.format never.",
    "forgetting": "What people said of themselves holds for a number of turns by tier, and for as "
    "long as the system prompt says it again.",
    "obedience": "The obedient model follows every order in its request: the worst case.",
}
"""What each rule imitates of real models, in the order above, and then each effect."""


class SimulatedModel:
    """Answers from what it is given, by the rules of this room."""

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
        """The whole reply to one validated request, before any limit cuts it."""
        scene = Scene(body, luck)
        rules = RULES if format_of(body) is None else IN_FORMAT
        return as_read(scene, next(reply for rule in rules if (reply := rule(scene))))


class ObedientModel(SimulatedModel):
    """Follows every order that stands anywhere in the request.

    It assumes the worst of a model, so that what still holds is the application's own doing.
    """

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
        """What the last order in the request asks for; else the ordinary reply."""
        return obeyed(Scene(body, luck)) or super().reply(body, luck)


def describe() -> tuple[tuple[str, str], ...]:
    """Each rule and the behaviour of real models that it stands for."""
    return tuple(STANDS_FOR.items())
