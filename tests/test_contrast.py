"""The contrast really runs both apps, and the conversation really goes on after a refusal."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.contrast import FAULTS, contrast, refusals
from labkit.errors import ArgumentError

PAGE = Path(__file__).parents[1] / "notebooks" / "01_reliability.ipynb"
QUESTIONS = ["How long may I keep a drill?", "How much is the deposit on the tile cutter?"]


@pytest.fixture(scope="module")
def page():
    """The apps of the page, as its cells define them."""
    cells = json.loads(PAGE.read_text(encoding="utf-8"))["cells"]
    names = {}
    for cell in cells:
        if cell["cell_type"] == "code" and "live" not in cell["metadata"].get("tags", []):
            exec("".join(cell["source"]), names)
        if cell["id"] == "r9-chat-fixed":
            break
    return names


def column(view, name):
    """One side of the text twin, by its rows."""
    at = view.drawing.table.header.index(name)
    return {row[0]: row[at] for row in view.drawing.table.rows}


def test_the_columns_swap_with_the_apps(page):
    """Give the apps the other way round and every number changes sides."""
    one = contrast(page["prototype"], page["production"], QUESTIONS)
    other = contrast(page["production"], page["prototype"], QUESTIONS)
    assert column(one, "Prototype") == column(other, "Production")
    assert column(one, "Production") == column(other, "Prototype")
    assert column(one, "Prototype") != column(one, "Production")


def test_one_more_call_shows_as_one_more_attempt(page):
    """An app that asks twice makes one attempt more for every question."""

    def twice(client, question):
        page["production"](client, question)
        return page["production"](client, question)

    for question in QUESTIONS:
        once = contrast(page["prototype"], page["production"], QUESTIONS)
        more = contrast(page["prototype"], twice, QUESTIONS)
        for view in (once, more):
            view.move(rate=0, question=question)
        assert column(once, "Production")["attempts"].startswith("1 ")
        assert column(more, "Production")["attempts"].startswith("2 ")


@pytest.mark.parametrize("fault", FAULTS)
def test_production_says_something_under_every_fault(page, fault):
    """Even when every attempt is struck, each person reads an answer or a way forward."""
    view = contrast(page["prototype"], page["production"], QUESTIONS)
    view.move(fault=fault, rate=100)
    assert view.error is None
    assert column(view, "Production")["outcome"] in ("answered", "helped")
    assert column(view, "Prototype")["outcome"] != "answered"


def test_without_a_fault_there_is_no_difference(page):
    """At a rate of 0 both columns are alike but for their names."""
    view = contrast(page["prototype"], page["production"], QUESTIONS).move(rate=0)
    assert column(view, "Prototype") == column(view, "Production")
    assert "no difference" in view.drawing.finding


def test_the_same_settings_give_the_same_bytes(page):
    """Moving away and back leaves no trace in the text or in the still picture."""
    view = contrast(page["prototype"], page["production"], QUESTIONS)
    before = view.text, view.static
    view.move(rate=10).move(rate=60)
    assert (view.text, view.static) == before
    other = contrast(page["prototype"], page["production"], QUESTIONS, seed=8)
    assert other.text != view.text


@pytest.mark.parametrize(
    "call",
    [
        lambda app: contrast(None, app, QUESTIONS),
        lambda app: contrast(app, "production", QUESTIONS),
        lambda app: contrast(app, app, []),
        lambda app: contrast(app, app, "How long?"),
        lambda app: contrast(app, app, [f"{n}?" for n in range(8)]),
        lambda app: contrast(app, app, ["How long?", "How long?"]),
        lambda app: contrast(app, app, QUESTIONS, seed="x"),
        lambda app: contrast(app, app, QUESTIONS, faults={"rain": 3}),
        lambda app: contrast(app, app, QUESTIONS).move(rate=55),
        lambda app: contrast(app, app, QUESTIONS).move(rate=float("nan")),
        lambda app: refusals(app, None, "?", "?"),
    ],
)
def test_what_cannot_be_compared_is_refused(call):
    """The message says what is missing and what to give."""
    with pytest.raises(ArgumentError, match="Give"):
        call(lambda client, question: "")


HOSTILE = "<script>alert(1)</script>\x1b[31m\u202eevil" + "x" * 1_000_000


def test_foreign_text_is_shown_harmless_and_cut(page):
    """HTML, terminal controls, direction overrides and a megabyte stay text in the view."""
    view = contrast(page["prototype"], lambda client, question: HOSTILE, QUESTIONS)
    for shown in (view.html, view.static, view.text):
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert len(shown) < 200_000
    assert "<script>" not in view.html + view.static
    assert "1,000" in view.html


def test_each_shape_of_refusal_parts_the_two_apps(page):
    """In every shape the prototype's next question fails and production's is answered."""
    view = refusals(
        page["prototype_chat"],
        page["production_chat"],
        "How do I take the blade guard off the tile cutter?",
        "How long may I keep the tile cutter?",
    )
    ends = {}
    for shape in ("empty content", "mid-stream", "canned text"):
        view.move(shape=shape)
        left, right = column(view, "Prototype"), column(view, "Production")
        ends[shape] = left["outcome"], left["next question"]
        assert (right["outcome"], right["next question"]) == ("helped", "answered")
    assert ends == {
        "empty content": ("blank", "crashed"),
        "mid-stream": ("half a sentence", "refused"),
        "canned text": ("refused", "refused"),
    }


def test_half_a_fix_does_not_count_as_help(page):
    """Whoever clears the history and leaves half a sentence on the screen has helped nobody."""

    def forgets(client, messages, screen):
        page["prototype_chat"](client, messages, screen)
        return []

    question = "How do I take the blade guard off the tile cutter?"
    view = refusals(forgets, page["production_chat"], question, "How long may I keep a drill?")
    ends = {}
    for shape in ("empty content", "mid-stream", "canned text"):
        view.move(shape=shape)
        ends[shape] = column(view, "Prototype")["outcome"]
    assert ends == {
        "empty content": "blank",
        "mid-stream": "half a sentence",
        "canned text": "refused",
    }


def test_whom_the_prototype_answers_production_answers_too(page):
    """Both meet the same faults at the same attempts, and production has more of them."""
    status = ["529 overloaded", "429 rate limited", "a lost connection"]
    faults = {name: FAULTS[name] for name in status}
    for seed in range(1, 13):
        view = contrast(
            page["prototype"], page["production"], QUESTIONS[:1], seed=seed, faults=faults
        )
        for fault in status:
            prototype, production = squares(view.move(fault=fault))
            assert all(b for a, b in zip(prototype, production, strict=True) if a), (seed, fault)


def squares(view):
    """For each person whether the prototype, and whether production, answered."""
    rows = re.findall(r'<span class="lk-cells"[^>]*>(.*?)</span>', view.html)
    return [["✓" in cell for cell in re.findall(r"<i [^>]*>.</i>", row)] for row in rows]


def test_the_first_picture_shows_somebody_for_whom_the_apps_differ(page):
    """For every seed for which there is such a person, without moving anything."""
    for seed in range(1, 21):
        view = contrast(page["prototype"], page["production"], QUESTIONS, seed=seed)
        differ = [a != b for a, b in zip(*squares(view), strict=True)]
        shown = column(view, "Prototype")["outcome"] != column(view, "Production")["outcome"]
        assert shown == any(differ)


def test_a_chat_app_that_crashes_is_shown_as_crashed(page):
    """The exception stands in the view in one line; the other side is not touched."""

    def broken(client, messages, screen):
        raise KeyError("content")

    question = "How do I take the blade guard off the tile cutter?"
    view = refusals(broken, page["production_chat"], question, "How long may I keep a drill?")
    assert column(view, "Prototype")["outcome"] == "crashed"
    assert column(view, "Production")["outcome"] == "helped"


def test_the_name_works_whichever_cell_ran_first():
    """Who imports a view of the room before `contrast` itself still gets something to call."""
    code = (
        "from labkit.contrast import gates; from labkit import contrast\n"
        "app = lambda client, question: 'yes'\n"
        "print(contrast(app, app, ['Open?']).drawing.finding)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "production answers 0 of 4 people" in done.stdout
