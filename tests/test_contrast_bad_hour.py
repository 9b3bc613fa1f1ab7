"""The drill really replays its hour, and no pair of fixes mends everything."""

from itertools import combinations

import pytest

from labkit import Lab
from labkit.case import system_prompt
from labkit.contrast import bad_hour
from labkit.contrast.bad_hour import FIXES, HOUR, NONE
from labkit.errors import ArgumentError

QUESTIONS = ["How long may I keep a drill?", "How much is the deposit on the tile cutter?"]


@pytest.fixture(scope="module")
def view():
    """The drill, on two questions."""
    return bad_hour(Lab().model(), system_prompt(), QUESTIONS)


def rows(view):
    """The table by its row heads: before, after."""
    return {row[0]: row[1:] for row in view.drawing.table.rows}


def helped(view):
    """How many people are helped after the fixes."""
    return int(rows(view)["outcome"][1].split()[0])


def test_without_a_fix_both_sides_are_the_same(view):
    """Nothing chosen changes nothing, and only those are helped who met no trouble."""
    view.move(first=NONE, second=NONE)
    before, after = rows(view)["outcome"]
    assert before == after == "22 of 60 helped"
    assert sum(people for _, people in HOUR.values()) == 60


def test_every_choice_is_measured_and_no_two_fixes_mend_the_whole_hour(view):
    """All pairs differ from each other in what they leave broken; none reaches 60."""
    ends = {}
    for first, second in combinations(FIXES, 2):
        view.move(first=first, second=second)
        assert view.error is None
        ends[first, second] = helped(view)
        assert ends[first, second] == helped(view.move(first=second, second=first))
    assert max(ends.values()) < 60
    assert max(ends, key=ends.get) == ("five attempts", "read what the reply is")
    assert min(ends, key=ends.get) == ("a deadline of 20 s", "ask again when it declines")


@pytest.mark.parametrize(
    ("fix", "line", "says"),
    [
        ("a deadline of 20 s", "no answer at all", "4 told to come back"),
        ("five attempts", "overloaded three times", "12 answered"),
        ("read what the reply is", "declined, canned text", "6 told where to turn"),
        ("read what the reply is", "a thinking block first", "8 answered"),
        ("ask again when it declines", "declined, empty", "8 crashed"),
        ("catch every exception", "declined, empty", "8 told to come back in vain"),
    ],
)
def test_each_fix_mends_what_it_is_for_and_nothing_else(view, fix, line, says):
    """One fix alone: the line it is about, in words."""
    view.move(first=fix, second=NONE)
    assert says in rows(view)[line][1]


def test_the_same_seed_gives_the_same_hour(view):
    """Equal settings, equal bytes."""
    view.move(first=FIXES[0], second=FIXES[2])
    again = bad_hour(Lab().model(), system_prompt(), QUESTIONS)
    assert again.move(first=FIXES[0], second=FIXES[2]).text == view.text


@pytest.mark.parametrize(
    "arguments", [(None, "s", ["q"]), ("m", 5, ["q"]), ("m", "s", "q"), ("m", "s", [1])]
)
def test_what_cannot_be_asked_is_refused(arguments):
    """Each bad argument is named, with what to do."""
    with pytest.raises(ArgumentError, match=r"\. [A-Z]"):
        bad_hour(*arguments)
