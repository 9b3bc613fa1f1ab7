"""Structured output: which schemas are refused, how answers fit the others, how they still fail."""

import json
from datetime import date
from enum import StrEnum
from typing import Any, Literal

import anthropic
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, Field, ValidationError
from sim_facts import imitates
from sim_world import World, asked, body_of

from labkit.case import system_prompt, tools
from labkit.sim import refused
from labkit.sim.faults import Fault
from labkit.sim.model import SimulatedModel

SYSTEM = system_prompt()
DOCS = "docs: structured outputs, 2026-08-22"
REPORTED = f"{DOCS}; wording as users have reported it"
PRICE = "What does the tile cutter cost?"


class Kind(StrEnum):
    """What a question is about."""

    PRICE = "price"
    RULE = "rule"
    UNKNOWN = "unknown"


class Quote(BaseModel):
    """A model of an app."""

    colour: str | None = None
    item: str
    loan_fee_cr: int
    deposit_cr: int | None
    kind: Kind


class Row(BaseModel):
    """One thing in a table."""

    item: str
    deposit_cr: int
    loan_days: int


class Table(BaseModel):
    """Several things."""

    rows: list[Row]


class Reply(BaseModel):
    """An answer with its sources."""

    answered: bool
    answer: str
    sources: list[str]
    confidence: float


def world(*faults: Fault) -> World:
    """A provider whose model answers from what it is given."""
    return World(faults, model=SimulatedModel())


def closed(**fields: object) -> dict[str, object]:
    """An object schema that requires all its fields."""
    shape = {"type": "object", "properties": fields, "additionalProperties": False}
    return {**shape, "required": list(fields)}


def in_format(schema: object, question: str = PRICE, **changes: Any) -> dict[str, Any]:
    """A request with an output format."""
    config = {"format": {"type": "json_schema", "schema": schema}}
    messages = [{"role": "user", "content": question}]
    return asked(**{"system": SYSTEM, "messages": messages, "output_config": config, **changes})


def answer(schema: object, question: str = PRICE, **changes: Any) -> Any:
    """The JSON that comes back."""
    plan = world().post(in_format(schema, question, **changes))
    assert plan.status == 200, body_of(plan)
    return json.loads(body_of(plan)["content"][0]["text"])


def problem(body: dict[str, Any]) -> str:
    """The message of the refusal."""
    plan = world().post(body)
    assert plan.status == 400
    return str(body_of(plan)["error"]["message"])


def parse(way: str, output: type[BaseModel], question: str, **changes: Any) -> Any:
    """The parsed message, in one of the SDK's ways."""
    one, request = changes.pop("world", None) or world(), {}
    request = {**asked(), "system": SYSTEM, **changes, "output_format": output}
    request["messages"] = [{"role": "user", "content": question}]
    if way == "parse":
        return one.client().messages.parse(**request)
    if way == "stream":
        with one.client().messages.stream(**request) as events:
            return events.get_final_message()

    async def main() -> Any:
        async with one.async_client() as client:
            if way == "async parse":
                return await client.messages.parse(**request)
            async with client.messages.stream(**request) as events:
                return await events.get_final_message()

    return one.clock.run(main)


WAYS = ("parse", "stream", "async parse", "async stream")


@imitates("the answer to an output format is JSON that fits it", source=DOCS)
@pytest.mark.parametrize("way", WAYS)
def test_an_answer_is_parsed_in_every_way(way: str) -> None:
    """Parsed, streamed, sync and async: the same typed answer, filled from the documents."""
    quote = parse(way, Quote, PRICE).parsed_output
    assert quote == Quote(item="tile cutter", loan_fee_cr=12, deposit_cr=40, kind=Kind.UNKNOWN)


@imitates("required properties come first in the answer", source=DOCS)
def test_required_fields_come_first() -> None:
    """``colour`` may be missing and stands first in the schema; ``kind`` is required."""
    schema = {
        "type": "object",
        "properties": {"answer": {"type": "string"}, "item": {"type": "string"}},
        "required": ["item"],
        "additionalProperties": False,
    }
    assert list(answer(schema)) == ["item", "answer"]


def test_each_thing_in_the_question_is_an_item() -> None:
    """An array of objects has one for each thing, with the values of that thing."""
    question = "Compare the drill and the fog machine: deposit and loan period"
    rows = parse("parse", Table, question).parsed_output.rows
    drill = Row(item="drill", deposit_cr=20, loan_days=7)
    assert rows == [drill, Row(item="fog machine", deposit_cr=80, loan_days=3)]


def test_an_answer_names_its_sources() -> None:
    """Fields of usual names hold the plain answer, where it stands, and whether there is one."""
    reply = parse("parse", Reply, "How long may I keep a drill?").parsed_output
    assert "7 days" in reply.answer
    assert "[" not in reply.answer
    assert (reply.answered, len(reply.sources)) == (True, 1)
    assert reply.confidence > 0.5


def test_what_the_documents_do_not_say_is_left_open() -> None:
    """Null, an option for not knowing, an empty list, "unknown"; a bare number is made up."""
    schema = closed(
        price={"type": ["integer", "null"]},
        kind={"enum": ["city", "river", "unclear"]},
        sources={"type": "array", "items": {"type": "string"}},
        mayor={"type": "string"},
        colour={"enum": ["red", None]},
        people={"type": "integer"},
    )
    said = answer(schema, "What's the capital of Peru?")
    assert said["people"] in (1, 2, 3, 7, 10, 14, 20, 50)
    assert {name: said[name] for name in list(schema["properties"])[:5]} == {
        "price": None,
        "kind": "unclear",
        "sources": [],
        "mayor": "unknown",
        "colour": None,
    }


SORTED = """Sort what members write.

- fees: deposits, prices, money
- visits: opening hours, the desk
other: anything else"""


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("How much is the deposit?", "fees"),
        ("Is the desk open on Sunday?", "visits"),
        ("Any fees for a visit at the desk?", "fees"),
        ("Tell me a joke.", "other"),
    ],
)
def test_an_option_is_chosen_by_its_line_in_the_instructions(text: str, topic: str) -> None:
    """Most of the turn's words in it; an option that the turn names comes first."""
    schema = closed(topic={"enum": ["other", "visits", "fees"]})
    assert answer(schema, text, system=SORTED) == {"topic": topic}


def test_values_are_read_from_the_turn() -> None:
    """Addresses, days, names, options and numbers that the person wrote."""
    schema = closed(
        name={"type": "string"},
        email={"type": "string", "format": "email"},
        page={"type": "string", "format": "uri"},
        first_day={"type": "string", "format": "date"},
        last_day={"type": "string", "format": "date"},
        people={"type": "integer"},
        size={"enum": ["small", "large"]},
        reason={"type": "string"},
        weight={"type": "number"},
    )
    text = (
        "Book it for Mei Lin, mei@lin.example, see https://lin.example/fair, from 5 to 12 December "
        "2026 for 40 people, the large one; reason: a street fair, weight 2.5"
    )
    assert answer(schema, text) == {
        "name": "Mei Lin",
        "email": "mei@lin.example",
        "page": "https://lin.example/fair",
        "first_day": "2026-12-05",
        "last_day": "2026-12-12",
        "people": 40,
        "size": "large",
        "reason": "a street fair",
        "weight": 2.5,
    }


def test_what_a_tool_gave_back_fills_fields_of_its_names() -> None:
    """After a tool's result the answer in a format takes its values."""
    schema = closed(free={"type": "boolean"}, until={"type": "string"}, answer={"type": "string"})
    body = in_format(schema)
    use = {"type": "tool_use", "id": "t1", "name": "look", "input": {}}
    result = {
        "type": "tool_result",
        "tool_use_id": "t1",
        "content": '{"free": true, "until": "noon"}',
    }
    body["messages"] += [
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [result]},
    ]
    said = json.loads(body_of(world().post(body))["content"][0]["text"])
    assert said == {"free": True, "until": "noon", "answer": "free: True; until: noon"}


def test_a_tools_values_are_taken_only_where_they_fit() -> None:
    """Lists, objects, options and alternatives of the schema's own types; the rest is left open."""
    thing = closed(item={"type": "string"}, deposit_cr={"type": "integer"})
    things = {"type": "array", "items": {"$ref": "#/$defs/Thing"}}
    maybe = {"type": ["integer", "null"]}
    schema = closed(
        rows=things, odd=things, size={"anyOf": [maybe]}, mode={"enum": ["on"]}, n=maybe
    )
    row = {"item": "drill", "deposit_cr": 20}
    given = {"rows": [row], "odd": [{**row, "x": 1}], "size": 5, "mode": "on", "n": True}
    body = in_format({**schema, "$defs": {"Thing": thing}}, "?")
    use = {"type": "tool_use", "id": "t1", "name": "look", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": json.dumps(given)}
    body["messages"] += [
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [result]},
    ]
    said = json.loads(body_of(world().post(body))["content"][0]["text"])
    assert said == {"rows": [row], "odd": [], "size": 5, "mode": "on", "n": None}


def test_a_boolean_is_what_the_statement_says() -> None:
    """A statement that denies gives false."""
    schema = closed(under_18_may_use_power_tools={"type": "boolean"})
    question = "May a person under 18 use power tools?"
    assert answer(schema, question) == {"under_18_may_use_power_tools": False}


def test_the_explanation_tells_what_was_found() -> None:
    """The black box opens: how much was known, and by which statements."""
    one = world()
    message = one.client().messages.create(**in_format(closed(deposit_cr={"type": "integer"})))
    first, second = one.provider.explain(message.id).rules
    assert (first.name, first.reason) == (
        "structured",
        "1 of the 1 values in the schema were found",
    )
    assert second.reason.startswith("fees-and-deposits covers")


OPEN = {"type": "object", "properties": {}}
REFUSED = [
    (OPEN, "For 'object' type, 'additionalProperties' must be explicitly set to false"),
    (
        {**OPEN, "additionalProperties": True},
        "For 'object' type, 'additionalProperties: true' is not supported. Please set "
        "'additionalProperties' to false",
    ),
    (
        {**OPEN, "additionalProperties": {"type": "string"}},
        "For 'object' type, 'additionalProperties: object' is not supported. Please set "
        "'additionalProperties' to false",
    ),
    ({"type": "integer", "minimum": 1}, "For 'integer' type, property 'minimum' is not supported"),
    (
        {"type": "number", "minimum": 1, "maximum": 2},
        "For 'number' type, properties maximum, minimum are not supported",
    ),
    (
        {"type": "string", "maxLength": 9},
        "For 'string' type, property 'maxLength' is not supported",
    ),
    (
        {"type": "array", "items": {"type": "string"}, "minItems": 2},
        "For 'array' type, 'minItems' values other than 0 or 1 are not supported",
    ),
    (
        {"type": "array", "items": {"type": "string"}, "maxItems": 2},
        "For 'array' type, property 'maxItems' is not supported",
    ),
    ({"oneOf": [{"type": "string"}]}, "Schema type 'oneOf' is not supported"),
    ({"$ref": "#/$defs/Node"}, "Too many recursive definitions in schema"),
]


@imitates("a schema that cannot be compiled is a 400 that names the place", source=REPORTED)
@pytest.mark.parametrize(("schema", "message"), REFUSED)
def test_schemas_that_the_api_refuses(schema: dict[str, object], message: str) -> None:
    """In an output format and in a strict tool, however deep it stands."""
    node = closed(next={"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]})
    whole = {**closed(part=schema), "$defs": {"Node": node}}
    assert problem(in_format(whole)) == f"output_config.format.schema: {message}"
    tool = {"name": "f", "input_schema": whole, "strict": True}
    assert problem(asked(tools=[{**tool, "strict": False, "name": "g"}, tool])) == (
        f"tools.1.custom: {message}"
    )
    assert world().post(asked(tools=[{**tool, "strict": False}])).status == 200


ODD = [
    7,
    {"type": "date"},
    {"type": "string", "format": "iban"},
    {"type": "string", "format": ["date"]},
    {"enum": []},
    {"enum": [{"a": 1}]},
    {"const": [1]},
    {"type": "string", "enum": [1]},
    {"$ref": "https://example.com/schema"},
    {"$ref": None},
    {"$ref": "#/$defs/Missing"},
    {"anyOf": []},
    {"type": "string", "anyOf": [{"type": "string"}]},
    {"allOf": [{"type": "string"}, {"type": "string"}]},
    {"allOf": [{"$ref": "#/$defs/Node"}]},
    {**closed(), "properties": []},
    {**closed(), "required": ["a"]},
    {**closed(), "required": [1]},
    {"type": "string", "pattern": "a"},
]


@pytest.mark.parametrize("schema", ODD)
def test_odd_schemas_are_refused_by_place(schema: object) -> None:
    """Whatever else cannot be filled is a 400 at the format, never a failure of ours."""
    whole = {**closed(part=schema), "$defs": {"Node": {"type": "string"}}}
    assert problem(in_format(whole)).startswith("output_config.format.schema: ")


def union(number: int) -> dict[str, object]:
    """An object with so many fields that may be null."""
    return closed(**{f"f{n}": {"type": ["string", "null"]} for n in range(number)})


def optional(number: int) -> dict[str, object]:
    """An object with so many fields that may be missing."""
    return {**closed(**{f"f{n}": {"type": "string"} for n in range(number)}), "required": []}


@imitates("at most 20 strict tools, 24 optional and 16 union parameters", source=DOCS)
@pytest.mark.parametrize(
    ("make", "most", "words"),
    [
        (optional, 24, "too many optional parameters (25)"),
        (union, 16, "too many parameters with union types (17 parameters"),
    ],
)
def test_the_limits_of_a_request(make: Any, most: int, words: str) -> None:
    """The limit itself is taken; one more, also spread over two schemas, is not."""
    assert world().post(in_format(make(most))).status == 200
    assert words in problem(in_format(make(most + 1)))
    tool = {"name": "f", "input_schema": make(1), "strict": True}
    assert words in problem(in_format(make(most), tools=[tool]))


def test_the_limit_of_strict_tools() -> None:
    """Twenty are taken, others beside them do not count."""
    strict = [{"name": f"f{n}", "input_schema": closed(), "strict": True} for n in range(21)]
    free = [{"name": f"g{n}", "input_schema": {"type": "object"}} for n in range(9)]
    assert world().post(asked(tools=[*strict[:20], *free])).status == 200
    assert "strict tools (21)" in problem(asked(tools=strict))
    assert problem(asked(tools=[{**free[0], "strict": "yes"}])) == (
        "tools.0.custom.strict: Input should be a valid boolean"
    )


@imitates("a schema can be too complex", source=DOCS)
def test_a_schema_that_is_too_complex() -> None:
    """Too deep, or too many parts behind references."""
    deep: dict[str, object] = {"type": "string"}
    for _ in range(30):
        deep = {"type": "array", "items": deep}
    assert problem(in_format(closed(part=deep))) == "Schema is too complex for compilation."
    wide = {f"d{n}": closed(a=ref(n + 1), b=ref(n + 1)) for n in range(12)}
    wide["d12"] = {"type": "string"}
    assert problem(in_format({**closed(part=ref(0)), "$defs": wide})) == (
        "Schema is too complex for compilation."
    )


def ref(number: int) -> dict[str, object]:
    """A reference to a definition."""
    return {"$ref": f"#/$defs/d{number}"}


@imitates("a format goes with neither prefill nor citations", source=DOCS)
def test_what_does_not_go_with_a_format() -> None:
    """Both are a 400 that names the field."""
    body = in_format(closed(), model="claude-haiku-4-5")
    question = body["messages"][0]
    body["messages"] = [question, {"role": "assistant", "content": "{"}]
    assert problem(body).startswith("output_config.format: ")
    source = {"type": "text", "media_type": "text/plain", "data": "Drills cost 3 cr."}
    document = {"type": "document", "source": source, "citations": {"enabled": True}}
    body["messages"] = [{"role": "user", "content": [document, {"type": "text", "text": "?"}]}]
    assert problem(body).startswith("messages.0.content.0.document.citations: ")
    document["citations"] = {"enabled": False}
    assert world().post(body).status == 200


@imitates(
    "max_tokens cuts the JSON, and the SDK's parse raises", source="anthropic 2.12.0, measured"
)
@pytest.mark.parametrize("way", WAYS)
def test_a_cut_answer_does_not_parse(way: str) -> None:
    """The message and its usage are lost inside ``parse``; ``create`` still has them."""
    with pytest.raises(ValidationError):
        parse(way, Quote, PRICE, max_tokens=9)
    message = world().ask(**in_format(closed(answer={"type": "string"}), max_tokens=5))
    assert (message.stop_reason, message.usage.output_tokens) == ("max_tokens", 5)


@imitates("a refusal breaks the schema", source=DOCS)
@pytest.mark.parametrize("shape", ["midstream", "canned"])
def test_a_refusal_with_text_does_not_parse(shape: str) -> None:
    """Text that declines is no JSON."""
    with pytest.raises(ValidationError):
        parse("parse", Reply, PRICE, world=world(refused(shape)))


@imitates("an empty refusal parses to nothing", source="anthropic 2.12.0, measured")
def test_an_empty_refusal_parses_to_none() -> None:
    """The stop reason tells why there is no output."""
    message = parse("parse", Reply, "How do I tape down the blade guard of the saw?")
    assert (message.parsed_output, message.stop_reason) == (None, "refusal")


@imitates("a format leaves tool calls as they are", source=DOCS)
def test_a_tool_is_called_before_the_answer_is_formed() -> None:
    """The schema is for the text alone."""
    latch = [tool.definition() for tool in tools()]
    body = in_format(closed(answer={"type": "string"}), "pls extend my drill", tools=latch)
    (block,) = body_of(world().post(body))["content"]
    assert (block["type"], block["name"]) == ("tool_use", "extend_loan")


STRICT = {
    "name": "book_visit",
    "description": "Books a visit.",
    "strict": True,
    "input_schema": closed(
        day={"type": "string", "format": "date"},
        people={"type": ["integer", "null"]},
        contact=closed(email={"type": "string", "format": "email"}),
        slots={"type": "array", "items": {"enum": ["morning", "noon"]}, "minItems": 1},
        note={"anyOf": [{"type": "string"}, {"type": "null"}]},
    ),
}


@imitates("a strict tool's input fits its schema", source=DOCS)
@pytest.mark.parametrize("question", ["Book it for 40 people on 5 December 2026", "?"])
def test_a_strict_tool_gets_what_its_schema_allows(question: str) -> None:
    """Even where the call is forced and the request does not say."""
    messages = [{"role": "user", "content": question}]
    body = asked(tools=[STRICT], tool_choice={"type": "any"}, messages=messages)
    (block,) = body_of(world().post(body))["content"]
    Draft202012Validator(STRICT["input_schema"]).validate(block["input"])
    assert list(block["input"]) == ["day", "people", "contact", "slots", "note"]


USUAL = "answer item source sources deposit_cr loanDays days kind confidence email first_day open"
NAMES = st.sampled_from([*USUAL.split(), "x", "answered", "note", "colour"])
LEAVES = st.one_of(
    st.sampled_from(["string", "integer", "number", "boolean", "null"]).map(lambda t: {"type": t}),
    st.sampled_from(["date", "email", "uri", "uuid", "time", "ipv4"]).map(
        lambda form: {"type": "string", "format": form}
    ),
    st.lists(st.sampled_from(["drill", "none", "", 3, 2.5, None, True]), min_size=1).map(
        lambda values: {"enum": values}
    ),
    st.sampled_from(["x", 1, None, False]).map(lambda value: {"const": value}),
    st.just({"type": ["integer", "string"]}),
    st.just({"$ref": "#/$defs/Thing"}),
    st.just({}),
)


def objects(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Objects whose fields are these parts, some of them required."""
    fields = st.dictionaries(NAMES, parts, max_size=4)
    return st.builds(
        lambda found, some: {**closed(**found), "required": [n for n in found if n in some]},
        fields,
        st.sets(NAMES),
    )


PARTS = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        objects(parts),
        st.builds(
            lambda item, least: {"type": "array", "items": item, "minItems": least},
            parts,
            st.integers(0, 1),
        ),
        st.lists(parts, min_size=1, max_size=3).map(lambda variants: {"anyOf": variants}),
    ),
    max_leaves=8,
)
QUESTIONS = st.sampled_from(
    [PRICE, "How long may I keep the drill and the ladder?", "x@y.example on 5 December 2026", "?"]
)


@imitates("a conforming answer validates, whatever the schema", source=DOCS)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schema=objects(PARTS), question=QUESTIONS)
def test_every_answer_fits_its_schema(schema: dict[str, Any], question: str) -> None:
    """Any schema that is taken is filled so that an independent validator accepts the answer."""
    thing = closed(item={"type": "string"}, deposit_cr={"type": "integer"})
    whole = {**schema, "$defs": {"Thing": thing}}
    plan = world().post(in_format(whole, question, max_tokens=8_000))
    if plan.status == 400:
        assert "limit: " in body_of(plan)["error"]["message"]
        return
    Draft202012Validator(whole).validate(json.loads(body_of(plan)["content"][0]["text"]))


class Visit(BaseModel):
    """A model with everything that pydantic writes schemas for."""

    day: date
    what: Literal["bring back", "collect"]
    things: list[Row | Quote]
    by_name: Quote | None
    note: str = "none"


@pytest.mark.parametrize("question", [PRICE, "?", "Collect the drill on 5 December 2026"])
def test_pydantic_models_of_an_app_parse(question: str) -> None:
    """References, unions, dates, literals and defaults."""
    assert isinstance(parse("parse", Visit, question, max_tokens=900).parsed_output, Visit)


def test_the_sdk_takes_out_what_the_api_refuses() -> None:
    """A constraint in a pydantic model never reaches the API: the value may break it."""

    class Priority(BaseModel):
        """A number with a limit that only the app knows."""

        priority: int = Field(le=3)

    with pytest.raises(ValidationError):
        parse("parse", Priority, "Set priority: 999999 please")


def test_a_bad_schema_raises_in_the_sdk() -> None:
    """The caller of ``create`` meets a BadRequestError."""
    with pytest.raises(anthropic.BadRequestError, match="additionalProperties"):
        world().client().messages.create(**in_format(OPEN))
