"""Structured answers: one JSON value that fits the schema of the output format.

    schema -> its parts, required ones first -> values that are known, or what is left where none is

Where nothing is known: null, a word such as "unknown", or nothing at all for a field that may be
missing; a field that allows none of these gets something made up, as with a real model.
"""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from labkit.sim.model.answering import covers
from labkit.sim.model.guessing import LEFT
from labkit.sim.model.scene import Scene
from labkit.sim.model.values import SOURCES, Values, spelled
from labkit.sim.model.words import words
from labkit.sim.reply import Reply, RuleFired
from labkit.sim.schema import Schema, fits, followed, format_of, types_of

UNSURE = ("unknown", "unclear", "unsure", "not_found", "not_given", "none", "other")
"""Options of an enum that a model takes where it does not know, in this order."""
NUMBERS = (1, 2, 3, 7, 10, 14, 20, 50)
"""What is made up for a number."""


class Filled(NamedTuple):
    """A value for one part of a schema."""

    value: object
    is_known: bool
    """Whether the request says it; otherwise it is what is left, or made up."""


def structured(scene: Scene) -> Reply:
    """The whole answer as JSON, where the request has an output format."""
    schema = cast(Schema, format_of(scene.body))
    filler = Filler(scene, schema)
    things = sorted(scene.question.things)
    about = things[0] if things else " ".join(part.text for part in scene.question.parts)
    value = filler.fill(schema, "", about).value
    known, asked = filler.known, filler.leaves
    rule = RuleFired("structured", f"{known} of the {asked} values in the schema were found")
    text = {"type": "text", "text": json.dumps(value, ensure_ascii=False)}
    found = [*filler.values.founds.values()]
    scene.looked_up = [*found]
    rules = dict.fromkeys((rule, *filler.values.said, *map(covers, found)))
    return Reply((text,), rules=tuple(rules))


class Filler:
    """Fills one schema from one request."""

    def __init__(self, scene: Scene, root: Schema) -> None:
        """Fill the parts of ``root`` from what stands in the request."""
        self.scene = scene
        self.root = root
        self.values = Values(scene)
        self.known = self.leaves = 0

    def fill(self, part: Schema, name: str, about: str) -> Filled:
        """A value for a part of the schema, by its name and what it is about."""
        schema = followed(part, self.root)
        variants = variants_of(schema)
        if len(variants) > 1:
            return self.first_known(variants, name, about)
        if variants[0] is not schema:
            return self.fill(variants[0], name, about)
        told = self.values.results.get(name)
        if told is not None and "format" not in schema and fits(told, schema, self.root):
            return Filled(told, is_known=True)
        return self.looked_up(schema, name, about)

    def looked_up(self, schema: Schema, name: str, about: str) -> Filled:
        """A value for a part that has one type, or that lists its values."""
        if "const" in schema:
            return Filled(schema["const"], is_known=False)
        if "enum" in schema:
            return self.option(cast(Sequence[object], schema["enum"]), name, about)
        kind = next(iter(types_of(schema)), "string")
        if kind == "object":
            return self.whole(schema, name, about)
        if kind == "array":
            return self.items(schema, name, about)
        return self.leaf(str(kind), str(schema.get("format", "text")), name, about)

    def first_known(self, variants: Sequence[Schema], name: str, about: str) -> Filled:
        """The first variant that the request has a value for; else null, or the first."""
        filled = [self.fill(one, name, about) for one in variants]
        known = next((one for one in filled if one.is_known), None)
        return known or next((one for one in filled if one.value is None), filled[0])

    def whole(self, schema: Schema, name: str, about: str) -> Filled:
        """An object: its required fields first, and of the others those that are known."""
        fields = cast(Mapping[str, Schema], schema.get("properties", {}))
        needed = cast(Sequence[str], schema.get("required", ()))
        about = f"{about} {spelled(name)}".strip() if name else about
        filled = {
            field: self.fill(fields[field], field, about)
            for field in sorted(fields, key=lambda field: field not in needed)
        }
        kept = {field: one for field, one in filled.items() if one.is_known or field in needed}
        known = any(one.is_known for one in filled.values())
        return Filled({field: one.value for field, one in kept.items()}, known)

    def items(self, schema: Schema, name: str, about: str) -> Filled:
        """One item for each thing that the question names, as far as something is known of it."""
        item = cast(Schema, schema.get("items", {}))
        documents = self.values.sources() if name in SOURCES else []
        if documents and all(fits(one, item, self.root) for one in documents):
            return Filled(documents, is_known=True)
        things = sorted(self.scene.question.things) or [about]
        item_name = (
            "" if "object" in types_of(followed(item, self.root)) else name.removesuffix("s")
        )
        filled = [self.fill(item, item_name, thing) for thing in things]
        known = [one.value for one in filled if one.is_known]
        return Filled(known, is_known=True) if known else self.left(item, schema)

    def left(self, item: Schema, schema: Schema) -> Filled:
        """An array of which nothing is known: empty where it may be."""
        values = [self.fill(item, "", "").value] if schema.get("minItems") else []
        return Filled(values, is_known=False)

    def option(self, options: Sequence[object], name: str, about: str) -> Filled:
        """The option that is meant; else null, a word for not knowing, or any of them."""
        said = [one for one in options if isinstance(one, str)]
        if (chosen := self.values.choice(name, about, said)) is not None:
            return self.count(chosen, None)
        unsure = next((one for one in said if "_".join(words(one)) in UNSURE), None)
        if None in options or unsure is not None:
            return self.count(None, None if None in options else unsure)
        return self.count(None, self.scene.luck.choice(options, "invention", name))

    def leaf(self, kind: str, form: str, name: str, about: str) -> Filled:
        """A string, number, boolean or null."""
        if kind == "null":
            return Filled(None, is_known=False)
        if kind == "boolean":
            return self.count(self.values.boolean(name, about), False)
        if kind == "string":
            return self.count(self.values.string(name, about, form), LEFT.get(form, "unknown"))
        number = self.values.number(name, about)
        if kind == "integer" and isinstance(number, float):
            number = None
        return self.count(number, self.scene.luck.choice(NUMBERS, "invention", name))

    def count(self, value: object, left: object) -> Filled:
        """The value if there is one, else what is left; both are counted for the explanation."""
        self.leaves += 1
        self.known += value is not None
        return Filled(left if value is None else value, is_known=value is not None)


def variants_of(schema: Schema) -> Sequence[Schema]:
    """The ways in which a value may fit: ``anyOf``, several types, or the one way there is."""
    joined = cast(Sequence[Schema], schema.get("anyOf") or schema.get("allOf") or ())
    if joined:
        return joined
    if "enum" in schema or "const" in schema or len(types_of(schema)) <= 1:
        return [schema]
    return [{**schema, "type": kind} for kind in types_of(schema)]
