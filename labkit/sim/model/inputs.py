"""A tool's input, filled in from the words of a request.

field by field: things, days, numbers, options, names, or the whole message
"""

import re
from collections.abc import Mapping, Sequence
from typing import cast

from labkit.sim.model.calculating import days_in
from labkit.sim.model.filling import Filler
from labkit.sim.model.guessing import Guess, a_list, a_mapping
from labkit.sim.model.scene import Scene
from labkit.sim.model.values import IN_TURN, NAME, PROPER
from labkit.sim.model.words import words
from labkit.sim.schema import Schema, fits


def inputs(scene: Scene, tool: Schema, *, guess: bool) -> dict[str, object] | None:
    """The tool's input from the words of the request; None where a required one is not there.

    Where a call is forced, what the request does not say, or says beyond the schema, is guessed.
    """
    schema = a_mapping(tool.get("input_schema"))
    given = _said(scene, fields_of(tool))
    if tool.get("strict") is True:
        given = _fitting(scene, schema, given, guess=guess)
    elif guess:
        given = _guessed(schema, given)
    return given if guess or given.keys() >= set(required_of(tool)) else None


def _said(scene: Scene, fields: Mapping[str, Schema]) -> dict[str, object]:
    """What the request says for the fields."""
    days = days_in(scene.question.folded)
    dated = (name for name, field in fields.items() if is_day(name, field))
    which = {name: at for at, name in enumerate(dated)}
    given: dict[str, object] = {}
    for name, field in fields.items():
        if name in which:
            value: object = days[min(which[name], len(days) - 1)].isoformat() if days else None
        else:
            value = _value(scene, name, field)
        if value is not None:
            given[name] = value
    return given


def _guessed(schema: Schema, given: Mapping[str, object]) -> dict[str, object]:
    """What was said as far as the fields take it, and guesses for what is required besides."""
    guess = Guess(schema)
    fields = a_mapping(schema.get("properties"))
    known = {name: one for name, one in given.items() if guess.takes(one, fields[name])}
    needed = dict.fromkeys(one for one in a_list(schema.get("required")) if isinstance(one, str))
    return {
        name: known[name] if name in known else guess.value(fields.get(name))
        for name in dict.fromkeys([*fields]) | needed
        if name in known or name in needed
    }


def _fitting(
    scene: Scene, schema: Schema, given: Mapping[str, object], *, guess: bool
) -> dict[str, object]:
    """The input of a strict tool: only what its schema allows, required fields first."""
    fields = cast(Mapping[str, Schema], schema.get("properties", {}))
    required = cast(Sequence[str], schema.get("required", ()))
    filler, fitting = Filler(scene, schema), dict[str, object]()
    for name in sorted(fields, key=lambda name: name not in required):
        formed = fields[name].get("format", "date") == "date"
        if name in given and formed and fits(given[name], fields[name], schema):
            fitting[name] = given[name]
        elif guess and name in required:
            fitting[name] = filler.fill(fields[name], name, "").value
    return fitting


def _value(scene: Scene, name: str, field: Schema) -> object:
    """What the request says for one field."""
    if name == "item":
        things = sorted(scene.question.things)
        return slug(things[0]) if things else None
    kind = field.get("type")
    if isinstance(choices := field.get("enum"), Sequence):
        said = words(scene.asked)
        return next((one for one in choices if str(one).lower() in said), None)
    if kind in ("integer", "number"):
        number = re.search(r"\b(\d+)\b(?! (?:to|[a-z]+ \d{4}))", scene.question.folded)
        return int(number[1]) if number else None
    return _text(scene, name, field) if kind == "string" else None


def _text(scene: Scene, name: str, field: Schema) -> str | None:
    """What the request says for a field of text: a format's own words, a name, or all of it."""
    if "format" in field:
        known = IN_TURN.get(str(field["format"]))
        hit = known.search(scene.asked) if known else None
        return hit[0] if hit else None
    if name in PROPER and (named := NAME.search(scene.asked)):
        return named[1]
    limit = field.get("maxLength")
    return scene.whole[: limit if isinstance(limit, int) else None] or None


def takes(tool: Schema, name: str, value: object) -> bool:
    """Whether a field of a tool takes a value."""
    return Guess(a_mapping(tool.get("input_schema"))).takes(value, fields_of(tool)[name])


def is_day(name: str, field: Schema) -> bool:
    """Whether a field wants a day: by its format, or a plain string by its name."""
    told = {"day", "date"} & set(name.lower().split("_"))
    return field.get("format", "date" if told and field.get("type") == "string" else "") == "date"


def slug(thing: str) -> str:
    """A thing's name as the tools have it: English, lower case, hyphens."""
    return thing.strip().replace(" ", "-")


def fields_of(tool: Schema) -> Mapping[str, Schema]:
    """The fields that a tool's input may have; a schema that is no object has none."""
    properties = a_mapping(a_mapping(tool.get("input_schema")).get("properties"))
    return {name: a_mapping(field) for name, field in properties.items()}


def required_of(tool: Schema) -> list[str]:
    """The fields that a tool's input must have."""
    wanted = a_list(a_mapping(tool.get("input_schema")).get("required"))
    needed = {one for one in wanted if isinstance(one, str)}
    return [name for name in fields_of(tool) if name in needed]
