"""The view of eval sets really runs the app and its bugs; the light view really runs both rules."""

import pytest

from labkit import Lab
from labkit.case import sample, samples, system_prompt
from labkit.contrast import eval_light, eval_set, lights_right
from labkit.contrast.eval_sets import BUGS, try_all
from labkit.contrast.lights import EDITS
from labkit.errors import ArgumentError
from labkit.evals import run_fingerprint, wilson
from labkit.views.twin import static_html

MODEL, SYSTEM = Lab().model(), system_prompt()
PICKED = [sample(id) for id in ("drill-days", "tile-cutter-deposit", "ramp-load")]


def latch(client, question):
    """The prototype, with every text block."""
    reply = client.messages.create(
        model=MODEL,
        max_tokens=300,
        system=SYSTEM,
        messages=[{"role": "user", "content": question}],
    )
    return "".join(block.text for block in reply.content if block.type == "text")


@pytest.fixture(scope="module")
def view():
    """One view for all tests; each sets its controls."""
    return eval_set(latch, PICKED)


def rows(view):
    """The table by its row heads."""
    return {row[0]: row[1:] for row in view.drawing.table.rows}


def found(view):
    """How many bugs the drawn set finds."""
    return sum(row[1] != "not found" for name, row in rows(view).items() if "bug" in name)


def test_more_examples_of_more_slices_find_more(view):
    """Happy examples alone miss bugs that the whole set finds; a larger set holds the smaller."""
    counts = {}
    for slices in ("happy alone", "happy and edge", "all four"):
        view.move(n=84, slices=slices)
        counts[slices] = found(view)
    assert counts["happy alone"] < counts["happy and edge"] < counts["all four"] == len(BUGS)
    view.move(n=6)
    assert found(view) < len(BUGS)


def test_the_interval_shrinks_and_nothing_is_drawn_twice(view):
    """Beyond what is written the interval is computed, and says so; no example is repeated."""
    view.move(n=12, slices="all four")
    assert "12 drawn" in view.text
    view.move(n=300)
    computed = rows(view)["the same share, if there were 300"][1]
    low, high = wilson(int(computed.split()[0]), 300)
    assert f"({100 * low:.0f}–{100 * high:.0f}" in computed
    assert "84 drawn" in view.text
    assert "do not have so many" in view.drawing.finding
    assert "Computed" in view.drawing.body


def test_an_empty_cell_is_a_word(view):
    """A slice that is left out says no example; one that nobody wrote says that."""
    view.move(n=84, slices="happy alone")
    assert "no example" in view.drawing.body
    assert "none written" in view.drawing.body
    assert "not found" in static_html(view.drawing)


def test_both_forms_say_what_the_table_says(view):
    """Live and still hold the shares, the bugs, and who found them first."""
    view.move(n=84, slices="all four")
    for html in (view.drawing.body, static_html(view.drawing)):
        for word in ("3 hand-picked", "18 of 20", "found by 1", "projector-concession"):
            assert word in html
    assert "was" in view.move(n=6).drawing.body


def test_a_bug_counts_only_where_the_app_is_right_without_it():
    """What the app fails anyway is no evidence; the record's fee breaks one example."""
    tried = try_all(latch, samples(), 7)
    assert all(broken <= tried.passed for broken in tried.broken.values())
    assert tried.broken["forgets the concession rate"] == {"projector-concession"}


def by_path(paths):
    """A path filter on prompts."""
    return any(path.startswith("prompts/") for path in paths)


def lights(view, edit, back=False):
    """Both lights after an edit."""
    view.move(edit=edit, back=back)
    return next(row[1:] for row in view.drawing.table.rows if row[0] == "outcome")


@pytest.mark.parametrize("edit", EDITS)
def test_the_fingerprint_is_right_after_every_edit(edit):
    """Grey where the app behaves otherwise, green again when it is taken back."""
    view = eval_light(by_path, run_fingerprint)
    now = "grey" if EDITS[edit].part else "green"
    assert lights(view, edit)[1] == now
    assert ("changed: " in view.text) is (now == "grey")
    assert lights(view, edit, back=True)[1] == "green"


def test_the_filter_is_wrong_both_ways():
    """Green after a tool was edited; grey although a prompt is what it was."""
    view = eval_light(by_path, run_fingerprint)
    assert lights(view, "a tool's description")[0] == "green, and wrong"
    assert lights(view, "one space in the prompt")[0] == "grey"
    assert lights(view, "one space in the prompt", back=True)[0] == "grey for nothing"


def test_lights_are_counted():
    """Of six edits that shape the app the filter sees one; both leave the harmless ones green."""
    counted = [(row.part, row.whole, row.who) for row in lights_right(by_path, run_fingerprint)]
    assert counted == [
        (1, 6, "prototype"),
        (6, 6, "production"),
        (3, 3, "prototype"),
        (3, 3, "production"),
    ]
    salted = iter(range(100))
    wrong = lights_right(lambda _: True, lambda _: str(next(salted)))
    assert [row.part for row in wrong] == [6, 6, 0, 0]


@pytest.mark.parametrize(
    "make",
    [
        lambda: eval_set(None, PICKED),
        lambda: eval_set(latch, []),
        lambda: eval_set(latch, ["a"]),
        lambda: eval_set(latch, PICKED, seed="7"),
        lambda: eval_light(None, run_fingerprint),
        lambda: eval_light(by_path, lambda: 1),
        lambda: lights_right(by_path, 3),
    ],
)
def test_what_cannot_be_run_is_refused(make):
    """Each bad argument is named, with what to do."""
    with pytest.raises(ArgumentError, match=r"\. [A-Z]"):
        make()
