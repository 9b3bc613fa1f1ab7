"""Junk for every argument of every view, and from every function that is given to one.

A message of three parts, or a picture; nothing of it may be HTML, or differ from run to run.
``junk_*.py`` beside this file has, for one area, ``USUAL``: what each of its views usually takes;
and ``TAKES``: of an argument the junk that is none. ``view.argument`` is that of one view only.
"""

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest
from test_arguments import JUNK, meets_junk

from labkit.errors import ArgumentError, LabkitError, OutOfBudget
from labkit.views import View

ROOM = import_module("labkit.contrast")
AREAS = [import_module(path.stem) for path in sorted(Path(__file__).parent.glob("junk_*.py"))]
USUAL = {name: usual for area in AREAS for name, usual in area.USUAL.items()}
SEEDS = {"zero", "minus", "huge"}
TAKES = {name: {"seed": SEEDS, **area.TAKES} for area in AREAS for name in area.USUAL}
ARGUMENTS = [
    (name, argument)
    for name in USUAL
    for argument in inspect.signature(getattr(ROOM, name)).parameters
]
EVIL = "<u>x</u>"


def test_every_view_meets_junk():
    """A name that is new stands in the tables of one area."""
    assert sum(len(area.USUAL) for area in AREAS) == len(USUAL)
    assert USUAL.keys() == {name for name in ROOM.__all__ if callable(getattr(ROOM, name))}


@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_junk_is_refused_in_three_parts(name, argument):
    """What is wrong with the value; what follows; what to do: before anything is drawn."""
    view, takes = getattr(ROOM, name), TAKES[name]
    none = takes.get(f"{name}.{argument}", takes.get(argument, set()))
    meets_junk(lambda x: view(**USUAL[name] | {argument: x}), none)


def giving(function, value):
    """A function that takes the same and gives this."""
    names = ", ".join(inspect.signature(function).parameters)
    return eval(f"lambda {names}: value", {"value": value})


GIVERS = [
    (name, argument)
    for name, usual in USUAL.items()
    for argument, value in usual.items()
    if inspect.isfunction(value) and not inspect.iscoroutinefunction(value)
]


@pytest.mark.parametrize(("name", "argument"), GIVERS)
def test_what_a_function_gives_is_shown_or_refused(name, argument):
    """No error of Python's, no tag of HTML, and no place in memory."""
    usual = USUAL[name]
    for kind, value in {**JUNK, "tag": EVIL}.items():
        try:
            made = getattr(ROOM, name)(**usual | {argument: giving(usual[argument], value)})
        except LabkitError:
            continue
        if isinstance(made, View):
            assert isinstance(made.error, LabkitError | OutOfBudget | None), (kind, made.error)
            assert "<u>" not in made.html + made.static, kind
            assert " at 0x" not in made.text + made.html + made.static, kind


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("formulas", {"questions": ["a \ud800 b"]}),
        ("prompt_bill", {"verdicts": {"a \ud800 b": "keep"}}),
        ("contrast", {"questions": ["a \ud800 b"]}),
        ("bad_hour", {"questions": ["a \ud800 b"]}),
    ],
)
def test_half_of_a_character_in_a_list_is_refused_before_it_is_sent(name, given):
    """No error of a codec, and no view in which every app has failed."""
    with pytest.raises(ArgumentError, match=r"is 'a \\ud800 b'. It has half of a character.*Leave"):
        getattr(ROOM, name)(**USUAL[name] | given)


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("contrast", {"faults": {}}, r"faults is {}.*overloaded"),
        (
            "contrast",
            {"faults": {"a": lambda: 1}},
            r"faults\['a'\] is <function.*It makes no fault",
        ),
        (
            "thresholds",
            {"scores": [1.0, float("inf")], "answerable": [True, False]},
            "score is inf",
        ),
        ("thresholds", {"scores": [1.0, 10**400], "answerable": [True, False]}, "score is 1000"),
        ("formulas", {"questions": [" "]}, "API answers no empty question"),
        ("batching", {"sort_out": lambda a, b: None}, "sort_out gave is None"),
    ],
)
def test_what_was_an_error_of_pythons_is_refused(name, given, says):
    """At once, or in the view where only the picture asks."""
    try:
        error = getattr(ROOM, name)(**USUAL[name] | given).error
    except LabkitError as raised:
        error = raised
    assert isinstance(error, LabkitError)
    assert re.search(says, str(error))
