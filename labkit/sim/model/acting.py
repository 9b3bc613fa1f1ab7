"""Acting: choosing tools by their words, one for each thing or part of what is asked."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from labkit.sim.model.calculating import days_in
from labkit.sim.model.inputs import fields_of, inputs, is_day, required_of, slug, takes
from labkit.sim.model.question import asking
from labkit.sim.model.scene import Scene
from labkit.sim.model.values import NAME, PROPER
from labkit.sim.model.words import MONTHS, known_terms, stem, terms
from labkit.sim.reply import Reply, RuleFired

WANTED = 0.6
"""The share of a request's words that a tool must know before the model calls it."""
NAMED = 0.9
"""What counts where the request tells to do what the tool's name says."""
ASKS_TO_ACT = re.compile(
    r"^(?:please|pls|hi|hello|hey|can you|could you|i (?:want|need|would like)|i'd like)\b"
    r"|\b(?:please|pls|for me)\b"
)
MINE = re.compile(r"\b(?:my|do i have|have i)\b")
"""Asks about the person's own: no document knows that, a tool without required input may."""
VERBS = {
    "get": "show list see",
    "search": "find look",
    "send": "email mail write",
    "file": "report",
}
"""Words that ask for what a tool's verb does."""
Schema = Mapping[str, object]


class Call(NamedTuple):
    """One call of a tool, before it has an id."""

    name: str
    given: dict[str, object]
    reason: str


def forced(scene: Scene) -> Reply | None:
    """Calls, whatever is asked, where the request forces a choice."""
    return called(scene) if is_forced(scene) else None


def called(scene: Scene) -> Reply | None:
    """Calls of the tools that know what is asked for, as far as all their input is there."""
    return calls(scene, wanted(scene))


def calls(scene: Scene, chosen: Sequence[Call]) -> Reply | None:
    """A reply of these calls; only the first of them where parallel calls are switched off."""
    if choice_of(scene).get("disable_parallel_tool_use") is True:
        chosen = chosen[:1]
    if not chosen:
        return None
    blocks = [{"type": "tool_use", "name": one.name, "input": one.given} for one in chosen]
    rules = dict.fromkeys(RuleFired("tool-call", one.reason) for one in chosen)
    return Reply(tuple(blocks), "tool_use", rules=tuple(rules))


def wanted(scene: Scene) -> list[Call]:
    """What the request wants to be called: one call, or one for each thing or part of it."""
    tools = offered(scene)
    if not tools:
        return []
    pieces = pieces_of(scene.question.text, tools)
    if len(pieces) > 1:
        apart = [one for text in pieces for one in best(scene.only(text), tools, must=False)]
        unique = [one for at, one in enumerate(apart) if one not in apart[:at]]
        if len(unique) > 1:
            return unique
    return best(scene, tools, must=is_forced(scene))


def offered(scene: Scene) -> Sequence[Schema]:
    """The tools that the request lets the model choose from."""
    choice = choice_of(scene)
    tools = cast(Sequence[Schema], scene.body.get("tools") or ())
    if choice["type"] == "none":
        return ()
    return [one for one in tools if choice["type"] != "tool" or one["name"] == choice["name"]]


def pieces_of(text: str, tools: Sequence[Schema]) -> list[str]:
    """What is asked, piece by piece: questions, and orders that are joined by "and"."""
    verbs = "|".join(sorted({re.escape(str(tool["name"]).split("_")[0]) for tool in tools}))
    order = re.compile(rf",? and (?:then |also |please )*(?=(?:{verbs})\b)", re.IGNORECASE)
    return [part for piece in asking(text) for part in order.split(piece) if part.strip()]


def best(scene: Scene, tools: Sequence[Schema], *, must: bool) -> list[Call]:
    """Calls of the tool that knows most of the request's words, if all its input is there."""
    rated = [(_fit(scene, tool), -at, tool) for at, tool in enumerate(tools)]
    fit, _, tool = max(rated, key=lambda one: one[:2])
    known = max((found.cover for found in scene.founds if found), default=0.0)
    told = acts(scene, verbs_of(tool)) or is_own(scene, tool)
    if not must and (fit < WANTED or (known >= fit and not told)):
        return []
    given = inputs(scene, tool, guess=is_forced(scene))
    if given is None:
        return []
    name, reason = str(tool["name"]), f"{tool['name']} knows {fit:.0%} of what is asked"
    items = map(slug, scene.question.together if "item" in given else ())
    taken = [one for one in items if takes(tool, "item", one)]
    each = [given | {"item": one} for one in taken] or [given]
    return [Call(name, one, reason) for one in each]


def choice_of(scene: Scene) -> Schema:
    """How the request wants tools to be chosen."""
    return cast(Schema, scene.body.get("tool_choice") or {"type": "auto"})


def is_forced(scene: Scene) -> bool:
    """Whether the request wants a call whatever is asked."""
    return choice_of(scene)["type"] in ("any", "tool")


def verbs_of(tool: Schema) -> set[str]:
    """The stems of the words that ask for what a tool does."""
    verb = str(tool["name"]).lower().split("_")[0]
    return {stem(word) for word in (verb, *VERBS.get(verb, "").split())}


def is_told_to(scene: Scene, tool: Schema) -> bool:
    """Whether the request tells to do what the tool's name says: "please file a report"."""
    said, verbs = set(known_terms(scene.question.text)), verbs_of(tool)
    nouns = {stem(word) for word in str(tool["name"]).lower().split("_")[1:]}
    return bool(said & verbs) and bool(said & nouns) and acts(scene, verbs)


def is_own(scene: Scene, tool: Schema) -> bool:
    """Whether the person asks for something of their own, and the tool needs to know no more."""
    return not required_of(tool) and MINE.search(scene.question.folded) is not None


def acts(scene: Scene, verbs: set[str]) -> bool:
    """Whether the request wants something done, politely or by beginning with the verb."""
    first = known_terms(scene.question.text)[:1]
    return ASKS_TO_ACT.search(scene.question.folded) is not None or verbs.issuperset(first or "?")


def _fit(scene: Scene, tool: Schema) -> float:
    """The share of the request's words that the tool's name, description and fields know.

    Beside documents a tool without the request's verb only fits by a date, as "is it free on
    5 December" does.
    """
    known = scene.context.statements
    fields = fields_of(tool)
    if is_told_to(scene, tool):
        return NAMED
    name = str(tool["name"]).lower().split("_")
    own = set(known_terms(f"{' '.join(name)} {tool.get('description', '')}"))
    dated = any(is_day(name, field) for name, field in fields.items())
    if "item" in fields:
        own |= scene.question.things
    if PROPER & fields.keys() and (named := NAME.search(scene.asked)):
        own |= set(terms(named[1]))
    if dated and days_in(scene.question.folded):
        own |= {*MONTHS, *re.findall(r"\d+", scene.question.folded)}
    elif not is_own(scene, tool) and not scene.question.terms & (
        verbs_of(tool) if known else set(map(stem, name))
    ):
        return 0.0
    return len(scene.question.terms & own) / (len(scene.question.terms) or 1)
