"""Acting: choosing a tool by its words, filling in its input, and telling what came of it."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import cast

from labkit.sim.model.calculating import days_in
from labkit.sim.model.scene import Block, Scene
from labkit.sim.model.words import MONTHS, stem, terms, words
from labkit.sim.reply import Reply, RuleFired

WANTED = 0.6
"""The share of a request's words that a tool must know before the model calls it."""
ASKS_TO_ACT = re.compile(
    r"^(?:please|pls|hi|hello|hey|can you|could you|i (?:want|need|would like)|i'd like)\b"
    r"|\b(?:please|pls|for me)\b"
)
PROPER = {"city", "country", "location", "name", "person", "place"}
"""Fields that want a name and not the whole message."""
NAME = re.compile(r"\b(?:in|for|at|to|of|about) ([A-Z][\w'-]+(?: [A-Z][\w'-]+)*)")
Schema = Mapping[str, object]


def told(scene: Scene) -> Reply | None:
    """After a tool's results: what they say."""
    results = results_of(scene.messages[-1])
    if not results:
        return None
    failed = any(one.get("is_error") for one in results)
    said = " ".join(filter(None, (_readable(one) for one in results))) or "nothing"
    text = f"That did not work: {said}" if failed else said
    rule = RuleFired("tool-answer", f"{len(results)} tool results came back and were told")
    return scene.say(text if text[-1:] in ".!?" else f"{text}.", [], rule)


def called(scene: Scene) -> Reply | None:
    """A call of the tool that knows most of the request's words, if all its input is there."""
    choice = cast(Schema, scene.body.get("tool_choice") or {"type": "auto"})
    tools = cast(Sequence[Schema], scene.body.get("tools") or ())
    if choice["type"] == "tool":
        tools = [one for one in tools if one["name"] == choice["name"]]
    if choice["type"] == "none" or not tools:
        return None
    forced = choice["type"] in ("any", "tool")
    rated = [(_fit(scene, tool), -at, tool) for at, tool in enumerate(tools)]
    fit, _, tool = max(rated, key=lambda one: one[:2])
    known = max((found.cover for found in scene.founds if found), default=0.0)
    acts = ASKS_TO_ACT.search(scene.question.folded) is not None
    if not forced and (fit < WANTED or (known >= fit and not acts)):
        return None
    given = inputs(scene, tool, guess=forced)
    if given is None:
        return None
    rule = RuleFired("tool-call", f"{tool['name']} knows {fit:.0%} of what is asked")
    return call(tool, given, rule)


def call(tool: Schema, given: Mapping[str, object], rule: RuleFired) -> Reply:
    """A reply that is one call."""
    block = {"type": "tool_use", "name": tool["name"], "input": dict(given)}
    return Reply((block,), "tool_use", rules=(rule,))


def results_of(message: Mapping[str, object]) -> list[Block]:
    """The tool results in a message."""
    content = message["content"]
    blocks = cast(Sequence[Block], () if isinstance(content, str) else content)
    return [block for block in blocks if block.get("type") == "tool_result"]


def fields_of(tool: Schema) -> Mapping[str, Schema]:
    """The fields that a tool's input may have; a schema that is no object has none."""
    properties = _object(_object(tool.get("input_schema")).get("properties"))
    return {name: _object(field) for name, field in properties.items()}


def _object(value: object) -> Schema:
    return value if isinstance(value, Mapping) else {}


def inputs(scene: Scene, tool: Schema, *, guess: bool) -> dict[str, object] | None:
    """The tool's input from the words of the request; None where a required one is not there."""
    fields = fields_of(tool)
    wanted = _object(tool.get("input_schema")).get("required")
    required = [name for name in fields if name in wanted] if isinstance(wanted, list) else []
    days = days_in(scene.question.folded)
    dated = [name for name, field in fields.items() if field.get("format") == "date"]
    given: dict[str, object] = {}
    for name, field in fields.items():
        if name in dated:
            value: object = (
                days[min(dated.index(name), len(days) - 1)].isoformat() if days else None
            )
        else:
            value = _value(scene, name, field)
        if value is None and guess and name in required:
            value = _guess(field)
        if value is not None:
            given[name] = value
    return given if all(name in given for name in required) else None


def _fit(scene: Scene, tool: Schema) -> float:
    """The share of the request's words that the tool's name, description and fields know.

    Beside documents a tool without the request's verb only fits by a date, as "is it free on
    5 December" does.
    """
    known = scene.context.statements
    fields = fields_of(tool)
    name = str(tool["name"]).lower().split("_")
    own = set(terms(f"{' '.join(name)} {tool.get('description', '')}"))
    dated = any(field.get("format") == "date" for field in fields.values())
    if "item" in fields:
        own |= scene.question.things
    if PROPER & fields.keys() and (named := NAME.search(scene.asked)):
        own |= set(terms(named[1]))
    if dated and days_in(scene.question.folded):
        own |= {*MONTHS, *re.findall(r"\d+", scene.question.folded)}
    elif not scene.question.terms.intersection(map(stem, name[:1] if known else name)):
        return 0.0
    return len(scene.question.terms & own) / (len(scene.question.terms) or 1)


def _value(scene: Scene, name: str, field: Schema) -> object:
    """What the request says for one field."""
    if name == "item":
        things = sorted(scene.question.things)
        return things[0].strip().replace(" ", "-") if things else None
    kind = field.get("type")
    if isinstance(choices := field.get("enum"), Sequence):
        said = words(scene.asked)
        return next((one for one in choices if str(one).lower() in said), None)
    if kind in ("integer", "number"):
        number = re.search(r"\b(\d+)\b(?! (?:to|[a-z]+ \d{4}))", scene.question.folded)
        return int(number[1]) if number else None
    if kind == "string":
        if name in PROPER and (named := NAME.search(scene.asked)):
            return named[1]
        limit = field.get("maxLength")
        return scene.asked[: limit if isinstance(limit, int) else None] or None
    return None


def _guess(field: Schema) -> object:
    """Something that a field takes, where a call was forced and the request does not say."""
    if isinstance(choices := field.get("enum"), Sequence) and choices:
        return choices[0]
    filled = {
        "integer": field.get("maximum", 1),
        "number": 1,
        "boolean": True,
        "array": [],
        "object": {},
    }
    return filled.get(str(field.get("type")), "unknown")


def _readable(result: Block) -> str:
    """A tool's result as a sentence: the fields of JSON, or the text itself."""
    content = result.get("content", "")
    text = (
        content
        if isinstance(content, str)
        else " ".join(str(block.get("text", "")) for block in cast(Sequence[Block], content))
    )
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return text.strip()
    if isinstance(read, dict):
        return "; ".join(f"{key.replace('_', ' ')}: {value}" for key, value in read.items())
    return str(read)
