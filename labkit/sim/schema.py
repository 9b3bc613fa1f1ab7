"""Reading a JSON schema: where one stands in a request, what it allows, whether a value fits.

Only what the API's output formats and strict tools may have; ``validate_schema`` refuses the rest.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

Schema = Mapping[str, object]

PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def schemas_of(fields: Schema) -> Iterator[tuple[str, Schema]]:
    """Each schema of a valid request that has to hold, with its place."""
    if (schema := format_of(fields)) is not None:
        yield "output_config.format.schema", schema
    tools = fields.get("tools")
    for place, tool in enumerate(tools if isinstance(tools, list) else ()):
        if tool.get("strict") is True:
            yield f"tools.{place}.custom", tool["input_schema"]


def format_of(fields: Schema) -> Schema | None:
    """The schema of the output format; None where the answer is free."""
    config = fields.get("output_config")
    shape = config.get("format") if isinstance(config, dict) else None
    return shape["schema"] if isinstance(shape, dict) else None


def resolved(schema: Schema, root: Schema) -> Schema | None:
    """What the ``$ref`` of a schema names; None where that is nowhere inside ``root``."""
    found: object = root
    path = str(schema["$ref"]).split("/")
    for step in path[1:]:
        found = found.get(step) if isinstance(found, dict) else None
    return found if path[0] == "#" and isinstance(found, dict) else None


def followed(schema: Schema, root: Schema) -> Schema:
    """The schema behind all references of a valid one."""
    while "$ref" in schema:
        schema = cast(Schema, resolved(schema, root))
    return schema


def types_of(schema: Schema) -> Sequence[object]:
    """The types that a part of a schema allows; an object may go without naming itself one."""
    told = schema.get("type", ["object"] if "properties" in schema else [])
    return told if isinstance(told, list) else [told]


def has_type(value: object, kind: object) -> bool:
    """Whether a value is of a type; a boolean is no number, and 3.0 is no integer here."""
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, PYTHON_TYPES[str(kind)])


def fits(value: object, schema: Schema, root: Schema) -> bool:
    """Whether a value is what a valid schema asks for; the formats of strings are not looked at."""
    schema = followed(schema, root)
    variants = cast(Sequence[Schema], schema.get("anyOf") or schema.get("allOf") or ())
    if variants:
        return any(fits(value, one, root) for one in variants)
    if "const" in schema or "enum" in schema:
        return is_one_of(value, cast(Sequence[object], schema.get("enum", [schema.get("const")])))
    kinds = types_of(schema)
    if kinds and not any(has_type(value, kind) for kind in kinds):
        return False
    if isinstance(value, list) and "items" in schema:
        return len(value) >= cast(int, schema.get("minItems", 0)) and all(
            fits(item, cast(Schema, schema["items"]), root) for item in value
        )
    return not isinstance(value, dict) or object_fits(value, schema, root)


def object_fits(value: Mapping[str, object], schema: Schema, root: Schema) -> bool:
    """Whether an object has what is required, and nothing but its known fields."""
    known = cast(Mapping[str, Schema], schema.get("properties", {}))
    needed = cast(Sequence[str], schema.get("required", ()))
    return value.keys() >= set(needed) and all(
        name in known and fits(part, known[name], root) for name, part in value.items()
    )


def is_one_of(value: object, known: Sequence[object]) -> bool:
    """Whether a value is listed; JSON's true is not its 1."""
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in known)
