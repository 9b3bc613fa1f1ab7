"""The view of few-shot examples really asks the learner, and says which examples leak."""

from collections import Counter

import pytest

from labkit import Lab
from labkit.contrast import few_shot, topic_examples
from labkit.cost import Example, pick_examples
from labkit.errors import ArgumentError
from labkit.views.twin import static_html

LAB = Lab()
MODEL = LAB.model("frontier")
POOL, EVAL = topic_examples(LAB.client, MODEL)
LOANS = [one for one in POOL if one.label == "loans"]
COPIED = [one for one in EVAL if one.label in ("fees", "things")][:3]
PASTED = [*LOANS[:5], *COPIED]


def learner(examples, question):
    """What is asked word for word is known; else the class that is shown most."""
    known = {one.input: one.label for one in examples}
    labels = Counter(one.label for one in examples) or {"other": 1}
    return known.get(question) or max(labels, key=lambda label: labels[label])


def picker(k, seed):
    """The building block."""
    return pick_examples(
        POOL, k, eval_inputs=[one.input for one in EVAL], max_tokens=500, seed=seed
    )


@pytest.fixture(scope="module")
def view():
    """One view for all tests; each sets its controls."""
    return few_shot(PASTED, picker, learner, asked=EVAL, model=MODEL)


def curve(view, column):
    """How many are right by the number of examples."""
    rows = [row for row in view.drawing.table.rows if row[0].endswith(" examples")]
    return [int(row[column].split()[0]) for row in rows]


def test_the_pool_is_labelled_and_says_nothing_about_anybody():
    """Every topic of the page; 84 questions; nothing that must not be kept; rough tokens."""
    assert {one.label for one in POOL} == {"fees", "loans", "things", "visits", "other"}
    assert len(EVAL) == 84
    assert len({one.input for one in POOL}) == len(POOL) > 50
    assert not any("@" in one.input or "member 48213" in one.input for one in POOL)
    assert all(one.abstains == (one.label == "other") for one in POOL)
    longest = max(POOL, key=lambda one: len(one.input))
    assert longest.tokens > 3 * POOL[0].tokens > 0


def test_a_copied_row_lifts_the_score_by_itself(view):
    """Each of the three rows is right with its own answer in the prompt."""
    right = curve(view.move(k=8, honest=False, luck=1), 1)
    assert right[5:] == [right[5], right[5] + 1, right[5] + 2, right[5] + 3]


def test_without_the_copied_rows_nothing_is_won(view):
    """They are not asked then."""
    assert "of 84" in view.move(k=8, honest=False, luck=1).drawing.finding
    right = curve(view.move(k=8, honest=True), 1)
    assert right[5] == right[8]
    assert "of 81" in view.drawing.finding


def test_what_leaks_says_so_in_words(view):
    """Live, still and in the table."""
    view.move(k=8, honest=False)
    for html in (view.drawing.body, static_html(view.drawing)):
        assert html.count("the eval asks it") >= 3
    view.move(k=5)
    assert "the eval asks it" not in view.drawing.body
    view.move(k=0)
    assert "No example is shown" in view.drawing.body
    assert "Without any example" in view.drawing.finding


def test_another_draw_is_another_choice(view):
    """And each has its price."""
    first = view.move(k=4, honest=False, luck=1).drawing
    assert first.facts != {}
    prices = {view.move(luck=n).drawing.table.rows[4][4] for n in range(1, 8)}
    assert len(prices) > 1
    assert "USD per 1,000 questions" in view.drawing.body
    assert "no gain is shown" in view.drawing.finding or "more than" in view.drawing.finding


def test_what_a_member_wrote_cannot_break_the_page():
    """A message is text."""
    odd = Example("<b>x</b>", "loans", "loans", 3)
    shown = few_shot([odd], lambda k, seed: [], learner, asked=EVAL[:5], model=MODEL)
    assert "<b>x" not in shown.drawing.body
    assert "<b>x" not in shown.static


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((["a"], picker, learner, EVAL), "something in pasted is 'a'"),
        ((PASTED, 3, learner, EVAL), "picker is 3"),
        ((PASTED, picker, None, EVAL), "learner is None"),
        ((PASTED, picker, learner, ["a"]), "something in asked is 'a'"),
        (([], picker, learner, EVAL), "nothing to score"),
        ((PASTED, picker, learner, []), "nothing to score"),
    ],
)
def test_what_cannot_be_scored_is_refused(given, words):
    """In words that say what to give."""
    pasted, pick, learn, asked = given
    with pytest.raises(ArgumentError, match=words):
        few_shot(pasted, pick, learn, asked=asked, model=MODEL)


@pytest.mark.parametrize(("right", "said"), [(84, "more than chance"), (2, "no gain is shown")])
def test_a_gain_is_what_flips_on_the_same_questions(right, said):
    """With examples so many are right that were wrong without; two of them are luck."""
    gained = {one.input: one.label for one in EVAL[:right]}
    view = few_shot(
        LOANS,
        picker,
        lambda some, asked: gained.get(asked) if some else "",
        asked=EVAL,
        model=MODEL,
    )
    assert f"By what flips, {said}" in view.move(k=3).drawing.finding
