"""Which JSON schemas the API compiles for output formats and strict tools, and how it refuses.

    schema -> each part by its type -> what is not supported -> a 400 that names the place

Source: docs: structured outputs, 2026-08-22; wording as users have reported it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from labkit.sim.attached import attached
from labkit.sim.rejection import Rejection, invalid
from labkit.sim.schema import Schema, format_of, has_type, resolved, schemas_of, types_of
from labkit.sim.validation.messages import prefilled
from labkit.sim.validation.pictures import is_cited

MAX_STRICT_TOOLS, MAX_OPTIONAL, MAX_UNIONS = 20, 24, 16
MAX_DEPTH, MAX_PARTS = 24, 1_000
"""Where a schema is too complex; these two are made up, the API does not tell its own."""

FORMATS = (
    *("date-time", "time", "date", "duration", "email", "hostname", "uri"),
    *("ipv4", "ipv6", "uuid"),
)
TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")
NUMERIC = ("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf")
CONSTRAINTS: Mapping[str, Sequence[str]] = {
    "object": ("dependentRequired", "maxProperties", "minProperties", "patternProperties"),
    "array": ("contains", "maxItems", "prefixItems", "uniqueItems"),
    "string": ("maxLength", "minLength", "pattern"),
    "integer": NUMERIC,
    "number": NUMERIC,
}
"""Type to the keywords that it must not have; ``pattern`` is left out of the simulation alone."""
NOT_SUPPORTED = ("oneOf", "not", "if")
TOO_COMPLEX = "Schema is too complex for compilation."


@dataclass(slots=True)
class Tally:
    """What the schemas of one request have together."""

    optional: int = 0
    """Properties that are not required."""
    unions: int = 0
    """Parts with several types, or with ``anyOf``."""
    parts: int = 0

    def check(self) -> None:
        """Refuse more than the limits of a request."""
        if self.optional > MAX_OPTIONAL:
            raise invalid(
                f"Schemas contains too many optional parameters ({self.optional}), which would "
                "make grammar compilation inefficient. Reduce the number of optional parameters "
                f"in your tool schemas (limit: {MAX_OPTIONAL})."
            )
        if self.unions > MAX_UNIONS:
            raise invalid(
                f"Schemas contains too many parameters with union types ({self.unions} parameters "
                "with type arrays or anyOf). This causes exponential compilation cost. Reduce the "
                f"number of nullable or union-typed parameters (limit: {MAX_UNIONS})."
            )


def check_structured(fields: Schema) -> None:
    """Refuse schemas that cannot be compiled, and what does not go with an output format."""
    check_schemas(fields)
    if format_of(fields) is None:
        return
    if prefilled(fields["messages"]):
        raise invalid("output_config.format: Prefilling the answer is not supported with a format")
    for one in attached(fields["messages"]):
        if is_cited(one):
            where = f"{one.where}.citations"
            raise invalid(f"{where}: citations are not supported with output_config.format")


def check_schemas(fields: Schema) -> None:
    """Refuse output formats and strict tools whose schemas cannot be compiled.

    Raises:
        Rejection: The message names the place and what is not supported there.
    """
    tally = Tally()
    strict = [place for place in schemas_of(fields) if place[0].startswith("tools")]
    if len(strict) > MAX_STRICT_TOOLS:
        raise invalid(
            f"tools: too many strict tools ({len(strict)}). Reduce the number of tools with "
            f"`strict: true` (limit: {MAX_STRICT_TOOLS})."
        )
    for where, schema in schemas_of(fields):
        Checker(where, schema, tally).check(schema, ())
    tally.check()


@dataclass(frozen=True, slots=True)
class Checker:
    """One schema on its way through the checks."""

    where: str
    root: Schema
    tally: Tally

    def refuse(self, what: str) -> Rejection:
        """A 400 that names the place."""
        return invalid(f"{self.where}: {what}")

    def check(self, value: object, refs: tuple[object, ...], depth: int = 0) -> None:
        """Refuse a part of a schema, and the parts in it."""
        self.tally.parts += 1
        if depth > MAX_DEPTH or self.tally.parts > MAX_PARTS:
            raise invalid(TOO_COMPLEX)
        if not isinstance(value, dict):
            raise self.refuse("Schema should be an object")
        schema, refs = self.followed(value, refs)
        for name in NOT_SUPPORTED:
            if name in schema:
                raise self.refuse(f"Schema type '{name}' is not supported")
        for kind in types_of(schema):
            self.check_type(schema, kind)
        self.check_values(schema)
        self.tally.unions += "anyOf" in schema or len(types_of(schema)) > 1
        for part in self.parts(schema):
            self.check(part, refs, depth + 1)

    def followed(
        self, schema: Schema, refs: tuple[object, ...]
    ) -> tuple[Schema, tuple[object, ...]]:
        """The schema behind references, none of which may lead back to itself."""
        while "$ref" in schema:
            ref = schema["$ref"]
            if ref in refs:
                raise self.refuse("Too many recursive definitions in schema")
            found = resolved(schema, self.root)
            if found is None:
                raise self.refuse(f"$ref '{str(ref)[:60]}' is not supported: it must be inside")
            schema, refs = found, (*refs, ref)
        return schema, refs

    def check_values(self, schema: Schema) -> None:
        """Refuse an ``enum`` or ``const`` of anything but plain values."""
        allowed = schema.get("enum", [schema.get("const")])
        if not isinstance(allowed, list) or not allowed:
            raise self.refuse("'enum' must be a list with at least one value")
        if any(isinstance(value, dict | list) for value in (*allowed, schema.get("const"))):
            raise self.refuse("'enum' and 'const' values of type object or array are not supported")
        if not {"enum", "const"} & schema.keys() or not types_of(schema):
            return
        if not all(any(has_type(one, kind) for kind in types_of(schema)) for one in allowed):
            raise self.refuse("'enum' and 'const' values must be of the schema's own type")

    def check_type(self, schema: Schema, kind: object) -> None:
        """Refuse what a type must not have."""
        if kind not in TYPES:
            raise self.refuse(f"Schema type '{str(kind)[:60]}' is not supported")
        found = [name for name in CONSTRAINTS.get(str(kind), ()) if name in schema]
        if len(found) > 1:
            raise self.refuse(f"For '{kind}' type, properties {', '.join(found)} are not supported")
        if found:
            raise self.refuse(f"For '{kind}' type, property '{found[0]}' is not supported")
        if kind == "object":
            self.check_object(schema)
        elif kind == "array" and schema.get("minItems", 0) not in (0, 1):
            raise self.refuse(
                "For 'array' type, 'minItems' values other than 0 or 1 are not supported"
            )
        elif kind == "string" and "format" in schema and schema["format"] not in FORMATS:
            raise self.refuse(
                f"For 'string' type, format '{str(schema['format'])[:60]}' is not supported"
            )

    def check_object(self, schema: Schema) -> None:
        """Refuse an object that is open, or that requires what it does not have."""
        if "additionalProperties" not in schema:
            raise self.refuse(
                "For 'object' type, 'additionalProperties' must be explicitly set to false"
            )
        extra = schema["additionalProperties"]
        if extra is not False:
            told = "object" if isinstance(extra, dict) else str(extra).lower()[:60]
            raise self.refuse(
                f"For 'object' type, 'additionalProperties: {told}' is not supported. "
                "Please set 'additionalProperties' to false"
            )
        fields, needed = schema.get("properties", {}), schema.get("required", [])
        if not isinstance(fields, dict) or not isinstance(needed, list):
            raise self.refuse("'properties' must be an object and 'required' a list")
        missing = [name for name in needed if not isinstance(name, str) or name not in fields]
        if missing:
            raise self.refuse(f"'required' names '{str(missing[0])[:60]}', which is no property")
        self.tally.optional += sum(name not in needed for name in fields)

    def parts(self, schema: Schema) -> Iterator[object]:
        """The schemas inside one."""
        fields = schema.get("properties")
        if "object" in types_of(schema) and isinstance(fields, dict):
            yield from fields.values()
        if "array" in types_of(schema) and "items" in schema:
            yield schema["items"]
        for name in ("anyOf", "allOf"):
            if name in schema:
                yield from self.variants(schema, name)

    def variants(self, schema: Schema, name: str) -> list[object]:
        """The schemas that are joined by ``anyOf`` or ``allOf``."""
        found = schema[name]
        if not isinstance(found, list) or not found:
            raise self.refuse(f"'{name}' must be a list with at least one schema")
        if (
            types_of(schema)
            or {"enum", "const"} & schema.keys()
            or {"anyOf", "allOf"} <= schema.keys()
        ):
            raise self.refuse(f"'{name}' is only simulated where it stands alone")
        if name == "allOf" and (len(found) > 1 or "$ref" in str(found[0])):
            raise self.refuse("'allOf' is only simulated with one schema and no $ref in it")
        return found
