"""Guessing: what a forced call puts into a field on which the request says nothing.

    field's schema -> its first option | its least value | "unknown" in its length | required parts

A tool without ``strict`` may have any schema at all, so what cannot be read of it is passed over.
"""

from collections.abc import Mapping, Sequence
from math import ceil, floor, inf
from typing import cast

from labkit.sim.schema import PYTHON_TYPES, Schema, has_type, resolved

LEFT = {
    "date": "2026-01-01",
    "date-time": "2026-01-01T00:00:00Z",
    "duration": "P1D",
    "email": "unknown@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "time": "12:00:00Z",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
"""What is made up for a string of a format."""
MOST_PARTS = 500
"""Parts of one schema that are filled; one that goes on for ever ends there."""
MOST_DEEP = 30
MOST_LETTERS = 10_000


class Guess:
    """Guesses for the fields of one tool."""

    def __init__(self, root: Schema) -> None:
        """Guess for fields of this schema, in which references are looked up."""
        self.root = root
        self.left = MOST_PARTS

    def value(self, field: object, depth: int = 0) -> object:
        """Something that the field takes, as far as its schema can be read."""
        self.left -= 1
        schema = self.read(field)
        if self.left < 0 or depth > MOST_DEEP:
            return None
        if "const" in schema:
            return schema["const"]
        if options := a_list(schema.get("enum")):
            return options[0]
        if options := variants_of(schema):
            return self.value(options[0], depth + 1)
        return self.of_kind(kinds_of(schema)[0], schema, depth + 1)

    def of_kind(self, kind: str, schema: Schema, depth: int) -> object:
        """A value of one type."""
        if kind == "object":
            fields = a_mapping(schema.get("properties"))
            needed = [one for one in a_list(schema.get("required")) if isinstance(one, str)]
            return {name: self.value(fields.get(name), depth) for name in needed}
        if kind == "array":
            least = min(number_in(schema, "minItems", 0), max(0, self.left))
            return [self.value(schema.get("items"), depth) for _ in range(int(least))]
        return {"null": None, "boolean": True, "string": text(schema)}.get(kind, number(schema))

    def takes(self, value: object, field: object) -> bool:
        """Whether a plain value is one that the field allows."""
        schema = self.read(field)
        if options := variants_of(schema):
            return any(self.takes(value, one) for one in options)
        if "const" in schema:
            return type(value) is type(schema["const"]) and value == schema["const"]
        if (options := a_list(schema.get("enum"))) and value not in options:
            return False
        if not any(has_type(value, kind) for kind in kinds_of(schema)):
            return False
        if isinstance(value, str):
            return least_letters(schema) <= len(value) <= number_in(schema, "maxLength", inf)
        low, high = bounds(schema)
        return not isinstance(value, int | float) or low <= value <= high

    def read(self, field: object) -> Schema:
        """The schema of a field, behind references that lead somewhere."""
        schema = a_mapping(field)
        for _ in range(MOST_DEEP):
            if "$ref" not in schema:
                break
            schema = resolved(schema, self.root) or {}
        return schema


def variants_of(schema: Schema) -> Sequence[object]:
    """The ways in which a value may fit; none where there is but one."""
    every = (a_list(schema.get(name)) for name in ("anyOf", "oneOf", "allOf"))
    return next(filter(None, every), ())


def kinds_of(schema: Schema) -> list[str]:
    """The types that a part allows; where none is named its other words tell."""
    told = schema.get("type")
    known = [one for one in (told if isinstance(told, list) else [told]) if one in PYTHON_TYPES]
    if known:
        return cast(list[str], known)
    return ["object"] if "properties" in schema else ["array"] if "items" in schema else ["string"]


def text(schema: Schema) -> str:
    """A string of the format and length."""
    form = schema.get("format")
    if isinstance(form, str) and form in LEFT:
        return LEFT[form]
    filled = "unknown".ljust(int(min(least_letters(schema), MOST_LETTERS)), ".")
    return filled[: int(min(number_in(schema, "maxLength", inf), MOST_LETTERS))]


def number(schema: Schema) -> int | float:
    """The most that an integer may be where a schema says so; else the least, or one."""
    low, high = bounds(schema)
    if "integer" in kinds_of(schema):
        low, high = ceil(low) if low > -inf else low, floor(high) if high < inf else high
        return int(high if high < inf else max(1, low))
    return min(high, max(1, low))


def bounds(schema: Schema) -> tuple[float, float]:
    """The least and the most that a number may be; what lies just inside an exclusive end."""
    step = 1 if "integer" in kinds_of(schema) else 1e-6
    low = max(
        number_in(schema, "minimum", -inf), number_in(schema, "exclusiveMinimum", -inf) + step
    )
    high = min(number_in(schema, "maximum", inf), number_in(schema, "exclusiveMaximum", inf) - step)
    return low, high


def least_letters(schema: Schema) -> float:
    """The letters that a string has at least."""
    return number_in(schema, "minLength", 0)


def number_in(schema: Schema, name: str, other: float) -> float:
    """A number of a schema; the other one where there is none."""
    found = schema.get(name)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else other


def a_mapping(value: object) -> Mapping[str, object]:
    """The value where it is an object; else an empty one."""
    return value if isinstance(value, Mapping) else {}


def a_list(value: object) -> Sequence[object]:
    """The value where it is a list; else an empty one."""
    return value if isinstance(value, list) else ()
