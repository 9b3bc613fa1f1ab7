"""Junk for every argument of the first lab's views, and from every function that is given to one.

A message of three parts, or a picture; nothing of it may be HTML, or differ from run to run.
"""

import inspect
import re
from importlib import import_module

import pytest
from pydantic import BaseModel
from test_arguments import JUNK, NONE_OF_THEM, SENT, TEXTS, meets_junk
from test_contrast_junk import OTHERS, SEEDS, TAKES, USUAL, app

from labkit import case
from labkit.errors import LabkitError, OutOfBudget
from labkit.views import View

ROOM = import_module("labkit.contrast")
EVIL = "<u>x</u>"


class Form(BaseModel):
    """A form with one field."""

    a: int = 0


def chats(client, messages, screen):
    """An app that says nothing."""
    return messages


def posts(client, member, db, mailbox):
    """An app that sends nothing."""


APPS = {"prototype": app, "production": app}
CHATS = {"prototype": chats, "production": chats}
POSTS = {"prototype": posts, "production": posts}
LIGHTS = {"prototype": lambda changed_paths: True, "production": lambda config: "a"}
READS = {"prototype": lambda client, question: None, "production": lambda client, question: None}
FIRST = {
    "bad_hour": {"model": "lab-frontier-1", "system": "a", "questions": ["b?"]},
    "contrast": APPS | {"questions": ["b?"]},
    "crowd": {},
    "eval_light": LIGHTS,
    "eval_set": {"app": app, "picked": case.samples()[:6]},
    "facts": {
        "prototype": app,
        "production": lambda client, question, pages: "",
        "question": "b?",
        "pages": {one.id: one.rendered() for one in case.documents()},
    },
    "forms_read": APPS | {"questions": ["b?"], "model_cls": Form},
    "gates": {},
    "letters": POSTS,
    "letters_held": POSTS,
    "lights_right": LIGHTS,
    "parsing": APPS | {"question": "b?", "right": {"a": 1}},
    "posted": {"app": posts, "words": "a"},
    "quotes": READS,
    "quotes_checked": READS,
    "refusals": CHATS | {"question": "a?", "next_question": "b?"},
    "replies_read": CHATS | {"questions": ["a?"], "desk": "x"},
    "thresholds": {"scores": [0.1, 0.9] * 10, "answerable": [False, True] * 10},
    "tool_moods": {
        "prototype": lambda client, question, tools: "",
        "production": lambda client, question, tools, most: "",
        "question": "b?",
    },
    "traffic_mix": {"redact": lambda text: text},
}
ALLOWED = {
    "seed": SEEDS,
    "system": SENT,
    "question": SENT,
    "next_question": SENT,
    "questions": {"texts"},
    "policy": {"none"},
    "right": {"table"},
    "words": TEXTS - {"empty"},
    "released": {"true"},
    "desk": TEXTS,
    "first": {"none", "zero", "half"},
    "notes": {*NONE_OF_THEM, "texts"},
}
"""Of the arguments of a name the junk that is none; of all others, everything is."""
ARGUMENTS = [
    (name, one) for name in FIRST for one in inspect.signature(getattr(ROOM, name)).parameters
]


@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_junk_is_refused_in_three_parts(name, argument):
    """What is wrong with the value; what follows; what to do: before anything is drawn."""
    view = getattr(ROOM, name)
    meets_junk(lambda x: view(**FIRST[name] | {argument: x}), ALLOWED.get(argument, set()))


def test_every_view_of_both_labs_meets_junk_in_every_argument():
    """An argument that is new stands in one of the tables."""
    assert FIRST.keys() | {"FAULTS"} == OTHERS
    for name in TAKES:
        assert inspect.signature(getattr(ROOM, name)).parameters.keys() == TAKES[name].keys(), name


def giving(function, value):
    """A function that takes the same and gives this."""
    names = ", ".join(inspect.signature(function).parameters)
    return eval(f"lambda {names}: value", {"value": value})


GIVERS = [
    (name, argument)
    for name, usual in [*FIRST.items(), *USUAL.items()]
    for argument, value in usual.items()
    if inspect.isfunction(value) and not inspect.iscoroutinefunction(value)
]


@pytest.mark.parametrize(("name", "argument"), GIVERS)
def test_what_a_function_gives_is_shown_or_refused(name, argument):
    """No error of Python's, no tag of HTML, and no place in memory."""
    usual = (USUAL | FIRST)[name]
    for kind, value in {**JUNK, "tag": EVIL}.items():
        if (name, argument, kind) in UNSHOWN:
            continue
        try:
            made = getattr(ROOM, name)(**usual | {argument: giving(usual[argument], value)})
        except LabkitError:
            continue
        if isinstance(made, View):
            assert isinstance(made.error, LabkitError | OutOfBudget | None), (kind, made.error)
            assert "<u>" not in made.html + made.static, kind
            assert " at 0x" not in made.text + made.html + made.static, kind


UNSHOWN = {("eval_light", "production", "unshowable")}
"""What cannot even be shown is told in Python's words."""


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("contrast", APPS | {"questions": ["b?"], "faults": {}}, r"faults is {}.*overloaded"),
        (
            "contrast",
            APPS | {"questions": ["b?"], "faults": {"a": lambda: 1}},
            r"faults\['a'\] is <function.*It makes no fault",
        ),
        (
            "thresholds",
            {"scores": [1.0, float("inf")], "answerable": [True, False]},
            "score is inf",
        ),
        ("thresholds", {"scores": [1.0, 10**400], "answerable": [True, False]}, "score is 1000"),
        ("formulas", USUAL["formulas"] | {"questions": [" "]}, "API answers no empty question"),
        ("batching", USUAL["batching"] | {"sort_out": lambda a, b: None}, "sort_out gave is None"),
    ],
)
def test_what_was_an_error_of_pythons_is_refused(name, given, says):
    """At once, or in the view where only the picture asks."""
    try:
        error = getattr(ROOM, name)(**given).error
    except LabkitError as raised:
        error = raised
    assert isinstance(error, LabkitError)
    assert re.search(says, str(error))
