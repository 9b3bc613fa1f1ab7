"""The view of parsing really runs both apps on a scripted first reply."""

import json

import pytest
from pydantic import BaseModel

from labkit import Lab
from labkit.contrast import forms_read, parsing
from labkit.errors import ArgumentError
from labkit.reliability import Parsed, ask_for

MODEL = Lab().model()
RIGHT = {"loan_fee_cr": 12, "deposit_cr": 40}
QUESTION = "The loan fee and the deposit of the tile cutter."


class Form(BaseModel):
    """What the scripted replies hold."""

    loan_fee_cr: int
    deposit_cr: int


def trusting(client, question):
    """Reads JSON as it comes."""
    reply = client.messages.create(
        model=MODEL, max_tokens=300, messages=[{"role": "user", "content": question}]
    )
    return json.loads(reply.content[0].text)


def careful(client, question):
    """The building block."""
    messages = [{"role": "user", "content": question}]
    found = ask_for(client, Form, model=MODEL, max_tokens=300, messages=messages)
    return found.value if isinstance(found, Parsed) else None


def ends(view):
    """How both apps ended."""
    return next(row[1:] for row in view.drawing.table.rows if row[0] == "outcome")


@pytest.mark.parametrize(
    ("shape", "prototype"),
    [
        ("the object alone", "stored"),
        ("in a code fence", "crashed"),
        ("a sentence before it", "crashed"),
        ("two objects", "crashed"),
        ("a key twice", "stored, and wrong"),
        ("NaN for a number", "stored, and wrong"),
        ("a canned refusal", "crashed"),
    ],
)
def test_each_shape_does_what_it_does_to_a_trusting_app(shape, prototype):
    """The trusting app crashes or stores a wrong form; the careful one never does."""
    view = parsing(trusting, careful, QUESTION, RIGHT)
    view.move(shape=shape)
    assert view.error is None
    assert ends(view) == (prototype, ends(view)[1])
    assert ends(view)[1] in ("stored", "handed to a person")


def test_a_cut_is_a_cut():
    """Fewer tokens than the reply has: the first attempt ends with max_tokens, in sight."""
    view = parsing(trusting, careful, QUESTION, RIGHT).move(shape="the object alone", cut=10)
    assert ends(view)[0] == "crashed"
    assert "max_tokens" in str(view.drawing.table.rows)
    assert "10 tokens" in view.text


def test_the_apps_swap_sides():
    """Left shows what the left app does."""
    one = parsing(trusting, careful, QUESTION, RIGHT)
    other = parsing(careful, trusting, QUESTION, RIGHT)
    assert ends(one) == tuple(reversed(ends(other)))


def test_forms_are_counted_by_what_they_are():
    """A form of another kind is not well; nothing stored is; an exception is not."""
    rows = forms_read(lambda c, q: {"loan_fee_cr": "none"}, lambda c, q: None, ["a", "b"], Form)
    counted = {(row.label, row.who): row.part for row in rows}
    assert {part for (_, who), part in counted.items() if who == "prototype"} == {0}
    assert {part for (_, who), part in counted.items() if who == "production"} == {2}
    crashing = forms_read(lambda c, q: 1 / 0, lambda c, q: Form(**RIGHT), ["a"], Form)
    assert [row.part for row in crashing][:2] == [0, 1]


@pytest.mark.parametrize(
    "arguments",
    [
        (None, careful, QUESTION, RIGHT),
        (trusting, lambda: 1, QUESTION, RIGHT),
        (trusting, careful, 5, RIGHT),
        (trusting, careful, QUESTION, [12]),
    ],
)
def test_what_cannot_be_compared_is_refused(arguments):
    """Each bad argument is named, with what to do."""
    with pytest.raises(ArgumentError, match=r"\. [A-Z]"):
        parsing(*arguments)
