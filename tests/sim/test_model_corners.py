"""Requests that few people send: the simulated model reads them all the same."""

import json

import pytest
from sim_world import World, asked, body_of

from labkit.case import system_prompt, tools
from labkit.sim.luck import Luck
from labkit.sim.model import SimulatedModel
from labkit.sim.model.context import MOST_REMEMBERED, read
from labkit.sim.model.scene import Scene
from labkit.sim.model.statements import apart

SKY = '<document id="sky">The sky is 3 km high.</document>'


def reply(question, **changes):
    """What the model says to a validated request."""
    messages = changes.pop("messages", [{"role": "user", "content": question}])
    body = {"model": "lab-frontier-1", "max_tokens": 300, "messages": messages, **changes}
    return SimulatedModel().reply(body, Luck(7, ("reply",)))


def forced(fields, question):
    """The input of a call that is forced, for a tool that requires these fields."""
    schema = {"type": "object", "properties": fields, "required": list(fields)}
    tool = {"name": "send", "description": "Sends a message.", "input_schema": schema}
    choice = {"type": "tool", "name": "send"}
    (block,) = reply(question, system="", tools=[tool], tool_choice=choice).content
    return block["input"]


@pytest.mark.parametrize(
    ("field", "question", "given"),
    [
        (
            {"type": "string", "format": "email"},
            "Tell rosa@lantern.example",
            "rosa@lantern.example",
        ),
        ({"const": "on"}, "Tell Rosa", "on"),
        ({"anyOf": [{"anyOf": [{"const": 7}]}, {"type": "string"}]}, "Tell Rosa", 7),
    ],
)
def test_a_forced_call_takes_what_stands_there_or_what_its_schema_allows(field, question, given):
    """An address by its format, a constant, the first of nested alternatives."""
    assert forced({"to": field}, question) == {"to": given}


def test_two_things_that_are_named_side_by_side_are_two_calls():
    """One call for each, in one turn."""
    given = [tool.definition() for tool in tools()]
    said = reply(
        "Please extend the drill and the ladder for me", system=system_prompt(), tools=given
    )
    calls = [block["input"] for block in said.content if block["type"] == "tool_use"]
    assert calls == [{"item": "drill"}, {"item": "ladder"}]


def in_format(fields, messages):
    """The JSON that comes back for an output format, over one document."""
    shape = {"type": "object", "properties": fields, "additionalProperties": False}
    config = {"format": {"type": "json_schema", "schema": {**shape, "required": list(fields)}}}
    body = asked(system=SKY, messages=messages, output_config=config)
    plan = World(model=SimulatedModel()).post(body)
    return json.loads(body_of(plan)["content"][0]["text"])


def test_sources_are_the_documents_that_answer_where_no_text_names_them():
    """Nobody asked for brackets, and the field still has the document."""
    asks = [{"role": "user", "content": "How high is the sky?"}]
    fields = {"sources": {"type": "array", "items": {"type": "string"}}}
    assert in_format(fields, asks) == {"sources": ["sky"]}


def test_a_tools_words_are_no_fields():
    """A result that is no JSON fills nothing by its name."""
    use = {"type": "tool_use", "id": "t1", "name": "look", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": "It is free."}
    turns = [
        {"role": "user", "content": "Is it free?"},
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [result]},
    ]
    fields = {"until": {"type": ["string", "null"]}, "answer": {"type": "string"}}
    assert in_format(fields, turns) == {"until": None, "answer": "It is free."}


def test_what_was_worked_out_is_forgotten_before_it_fills_the_memory():
    """A day of junk leaves a few thousand notes at most."""
    context = read((("", "The sky is 4 km high."),))
    for number in range(MOST_REMEMBERED + 5):
        context.remember(("junk", str(number)), str)
    assert len(context.memory) <= MOST_REMEMBERED


def test_documents_are_read_once_whatever_stands_beside_them():
    """A prompt that tells the time shares what is known of its documents, and no more."""
    owns_up = "Answer from the documents. If they do not say, say so."
    scenes = [
        Scene(asked(system=f"{words}\n{SKY}"), Luck(7))
        for words in (owns_up, f"It is 10:31:07. {owns_up}", "Answer everything.")
    ]
    assert len({id(scene.context) for scene in scenes}) == 1
    told = [scene.asks_for("do not say") for scene in scenes]
    assert told == [True, True, False]


def test_an_open_document_is_none():
    """Without its end it is a part of the instructions, however many of them are opened."""
    begun = '<document id="sea">The sea is 9 m deep. </documents> <'
    for text in (begun, begun * 300):
        assert apart(text) == (text, ())
    both = apart(f"{begun}a < b</document> {SKY}")
    assert [body for _, body in both.documents] == [
        "The sea is 9 m deep. </documents> <a < b",
        "The sky is 3 km high.",
    ]


def test_thousands_of_failed_calls_are_each_tried_again():
    """A turn may make many at once; every one of them is tried again, or told where it was."""
    made = [
        {"type": "tool_use", "id": f"toolu_{at}", "name": "keep", "input": {"shelf": at}}
        for at in range(8_000)
    ]
    failed = [
        {"type": "tool_result", "tool_use_id": one["id"], "content": "no", "is_error": True}
        for one in made
    ]
    turns = [
        {"role": "user", "content": "Keep all of it"},
        {"role": "assistant", "content": made},
        {"role": "user", "content": failed},
    ]
    tool = {"name": "keep", "description": "Keeps.", "input_schema": {"type": "object"}}
    again = reply("", messages=turns, tools=[tool])
    assert [one["input"] for one in again.content] == [one["input"] for one in made]


def test_thousands_of_fields_of_a_tool_are_all_filled():
    """Required or not, of days or of words."""
    fields = {f"{'day' * (at % 2)}_{at}": {"type": "string"} for at in range(30_000)}
    given = forced(fields, "Keep the drill from 2026-12-01 on")
    assert list(given) == list(fields)
    assert given["day_1"] == given["day_29999"] == "2026-12-01"
