"""Two apps and one input: what stands in the picture stands in the table, and is harmless."""

import re

import pytest

from labkit.views import PairScene, PairSide, Provenance, Step, View, draw_pair
from labkit.views.twin import static_html

NASTY = "<script>alert(1)</script>\u202e & \x1b[31m"


def scene(**changes):
    """A scene in which the prototype crashes and production passes two of three steps."""
    values = {
        "finding": "One crashes, the other holds.",
        "given": '{"deposit": 40}',
        "given_label": "The model wrote",
        "given_is_code": True,
        "gets_label": "What is stored",
        "prototype": PairSide("prototype", "crashed", "bad", "", error="KeyError: 'fee'"),
        "production": PairSide(
            "production",
            "handed on",
            "ok",
            "A person looks at it.",
            steps=(
                Step("JSON", "ok"),
                Step("schema", "bad", "fee is missing"),
                Step("record", "na"),
                Step("reply", "seen", "end_turn"),
            ),
            facts={"calls": "2"},
        ),
        "provenance": Provenance("simulated", ("seed 7",)),
    }
    return PairScene(**{**values, **changes})


def rows(drawing):
    """The table by its row heads."""
    return {row[0]: row[1:] for row in drawing.table.rows}


def test_everything_in_the_picture_stands_in_the_table():
    """Endings, results, steps and facts, with the word of each mark."""
    table = rows(draw_pair(scene()))
    assert table["outcome"] == ("crashed", "handed on")
    assert table["What is stored"] == ("KeyError: 'fee'", "A person looks at it.")
    assert table["JSON"] == ("no such step", "passed")
    assert table["schema"] == ("no such step", "stopped here: fee is missing")
    assert table["record"] == ("no such step", "not reached")
    assert table["reply"] == ("no such step", "end_turn")
    assert table["calls"] == ("none", "2")


@pytest.mark.parametrize("form", ["live", "still"])
def test_both_forms_say_what_the_table_says(form):
    """The live picture and the still one hold every word of it."""
    drawing = draw_pair(scene())
    html = drawing.body if form == "live" else static_html(drawing)
    for word in ("crashed", "handed on", "KeyError", "schema", "fee is missing", "end_turn"):
        assert word in html
    assert "✕" in html
    assert "✓" in html
    assert ("<svg" in html) is False


def test_nothing_to_show_is_said():
    """An empty result is a word, not an empty box."""
    side = PairSide("prototype", "blank", "bad", "  ")
    drawing = draw_pair(scene(prototype=side))
    assert "Nothing." in drawing.body
    assert "Nothing." in drawing.picture
    assert rows(drawing)["What is stored"][0] == "nothing"


def test_what_changed_says_what_it_was():
    """A badge and a fact that differ from the drawing before show both values."""
    before = draw_pair(scene()).facts
    side = PairSide(
        "production", "stored", "ok", '{"deposit": 40}', is_code=True, facts={"calls": "1"}
    )
    html = draw_pair(scene(production=side), before).body
    assert "was <s>handed on</s>" in html
    assert "was <s>2</s>" in html
    assert "was" not in draw_pair(scene(), before).body


@pytest.mark.parametrize("place", ["given", "shown", "error", "word", "step", "fact"])
def test_foreign_text_is_harmless_everywhere(place):
    """Markup, direction marks and escapes of a model become visible text, in every form."""
    side = {
        "shown": NASTY if place == "shown" else "fine",
        "error": NASTY if place == "error" else "",
        "word": NASTY if place == "word" else "stored",
        "steps": (Step(NASTY, "ok", NASTY),) if place == "step" else (),
        "facts": {"calls": NASTY} if place == "fact" else {},
    }
    given = NASTY if place == "given" else "fine"
    for code in (True, False):
        one = PairSide("production", ending="ok", is_code=code, **side)
        drawing = draw_pair(scene(production=one, given=given, given_is_code=code))
        for html in (drawing.body, static_html(drawing)):
            assert "<script" not in html
            assert not re.search("[\x1b\u202e]", html)


def test_a_view_of_it_is_complete():
    """Live, still and text forms come from one value."""
    bundle = View(draw_pair(scene()))._repr_mimebundle_()
    assert "One crashes" in bundle["text/plain"]
    assert "<table" in bundle["text/html"]
