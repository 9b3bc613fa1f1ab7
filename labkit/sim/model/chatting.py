"""Small talk, and honest words about what answers here."""

import re

from labkit.sim.documents import readable
from labkit.sim.model.scene import Scene
from labkit.sim.reply import Reply, RuleFired

GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|hola|good (?:morning|day|afternoon|evening)|czesc|dzien dobry)\b"
    r"[\w\s]{0,20}\W*$"
)
THANKS = re.compile(r"^\W*(?:thanks?|thank you|cheers|gracias|dziekuje)\b[^?]{0,60}$")
WHO = re.compile(
    r"\b(?:who|what) are you\b|\byour name\b"
    r"|\b(?:are you|is latch)\b.*\b(?:real|person|human|bot|robot|ai)\b"
    r"|\bwhat can you do\b|^\W*help\W*$|quien eres|kim jestes"
)
SIMULATED = "the lab's simulated model"


UNSEEN = {"image": "picture", "document": "file"}


def unseen(scene: Scene) -> Reply | None:
    """A picture or a file came with a question that the documents do not answer."""
    content = scene.messages[-1]["content"]
    blocks = content if isinstance(content, list) else []
    kinds = [
        UNSEEN[block["type"]]
        for block in blocks
        if block["type"] in UNSEEN and readable(block) is None
    ]
    if not kinds or any(found and found.answers for found in scene.founds):
        return None
    what = " and the ".join(dict.fromkeys(kinds))
    rule = RuleFired("unseen", f"the last turn brings {len(kinds)} blocks that are not text")
    return scene.say(f"I cannot see the {what}: {SIMULATED} reads text only.", [], rule)


def greeted(scene: Scene) -> Reply | None:
    """A greeting or thanks."""
    if THANKS.search(scene.question.folded):
        rule = RuleFired("greeting", "the message is thanks")
        return scene.say(scene.phrase("welcome"), [], rule)
    if not GREETING.search(scene.question.folded):
        return None
    rule = RuleFired("greeting", "the message is a greeting")
    return scene.say(f"{scene.phrase('hello')} {scene.topics()}", [], rule)


def introduced(scene: Scene) -> Reply | None:
    """Who answers, by the name that the instructions give it."""
    if not WHO.search(scene.question.folded):
        return None
    name = re.search(r"\bYou are ([^.\n]+)", scene.system)
    who = f"I am {name[1]}; in this lab {SIMULATED} plays me." if name else f"I am {SIMULATED}."
    rule = RuleFired("introduction", "the message asks who answers")
    text = (
        f"{who} I follow written rules and know only what stands in the request. {scene.topics()}"
    )
    return scene.say(text, [], rule)


def without_documents(scene: Scene) -> Reply | None:
    """The first bare call of a learner: no guess, and what to do next."""
    if scene.context.statements or scene.system.strip():
        return None
    text = (
        f"I am {SIMULATED}. I know only what stands in the request, and it holds no documents. "
        "Give me some, or ask through Latch's system prompt."
    )
    return scene.say(text, [], RuleFired("no-documents", "the request holds no document"))
