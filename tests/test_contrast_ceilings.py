"""The view of a ceiling: its counts are those of the seeded lengths, in every form."""

import pytest

from labkit.contrast import ceilings, output_lengths
from labkit.contrast.ceilings import TASKS, N, written
from labkit.cost import set_ceiling
from labkit.errors import ArgumentError


def facts(**settings):
    """What the picture says after a move."""
    view = ceilings(seed=7).move(**settings)
    assert view.error is None
    return view.drawing.facts


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("ceiling", [16, 304, 4_096, 8_192])
@pytest.mark.parametrize("thinking", [False, True])
def test_the_counts_are_those_of_the_lengths(task, ceiling, thinking):
    """Counted anew: what is cut, what has no text, and that every answer is drawn once."""
    answers = written(task, N, seed=7, thinking=thinking)
    cut = [one for one in answers if one.tokens > ceiling]
    dark = [one for one in cut if one.thinking >= ceiling]
    view = ceilings(seed=7).move(task=task, ceiling=ceiling, thinking=thinking)
    assert view.drawing.facts["Cut, of 1,000"] == f"{len(cut):,}"
    assert view.drawing.facts["No text, of 1,000"] == f"{len(dark):,}"
    rows = [row[1:] for row in view.drawing.table.rows if " to " in row[0]]
    sums = [
        sum(int(cell.replace(",", "")) for cell in column) for column in zip(*rows, strict=True)
    ]
    assert sums == [N - len(cut), len(cut) - len(dark), len(dark)]


def test_a_classifier_that_thinks_goes_dark():
    """At 16 tokens nothing but thinking comes."""
    view = ceilings(seed=7).move(task="topic", ceiling=16, thinking=True)
    assert view.drawing.facts["No text, of 1,000"] == "1,000"
    assert "all before any text" in view.drawing.finding


def test_the_worst_output_costs_the_ceiling():
    """4,096 tokens at 25 dollars a million, whatever the task."""
    assert {facts(task=task)["Worst output, USD"] for task in TASKS} == {"0.10"}
    assert facts(ceiling=16)["Worst output, USD"] == "0.0004"


def test_a_lower_ceiling_saves_nothing_where_nothing_is_cut():
    """Answers of some sixty tokens cost the same under 4,096 and under 304."""
    prices = {facts(task="answer", ceiling=n)["1,000 outputs, USD"] for n in (304, 4_096)}
    assert len(prices) == 1


@pytest.mark.parametrize("seed", range(1, 8))
def test_the_story_holds_for_every_seed(seed):
    """A report needs more than the prototype's 4,096, a topic a dozen; two topics run away."""
    own = {
        task: set_ceiling(output_lengths(task, seed=seed), max_truncation=0.01) for task in TASKS
    }
    assert own["report"] > 4_096
    assert own["topic"] < 20 < own["answer"] < 100
    assert sum(length > 4_096 for length in output_lengths("topic", seed=seed)) == 2


def test_thinking_changes_no_text():
    """The same answers, and something before each."""
    plain, thought = (written("answer", 50, seed=3, thinking=on) for on in (False, True))
    assert [one.text for one in plain] == [one.text for one in thought]
    assert all(one.thinking for one in thought)


def test_equal_seeds_give_equal_lengths_and_pictures():
    """Another seed is another month."""
    assert output_lengths("report", seed=1) == output_lengths("report", seed=1)
    assert output_lengths("report", seed=1) != output_lengths("report", seed=2)
    assert ceilings(seed=7).move(ceiling=32).reset().text == ceilings(seed=7).text


@pytest.mark.parametrize("form", ["html", "static", "text"])
def test_every_form_says_what_is_simulated_and_what_the_block_takes(form):
    """Live, still and in words."""
    shown = getattr(ceilings(seed=7), form)
    own = set_ceiling(output_lengths("report", seed=7), max_truncation=0.01)
    for words in ("simulated", "cut before any text", f"{own:,}", "11 of 1,000"):
        assert words in shown


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: output_lengths("poem"), "task"),
        (lambda: output_lengths("topic", n=0), "n is 0"),
        (lambda: output_lengths("topic", n=10**9), "n is"),
        (lambda: output_lengths("topic", seed="7"), "seed"),
        (lambda: ceilings(seed=7.5), "seed"),
    ],
)
def test_bad_input_is_refused(call, match):
    """With what is wrong, and what to give."""
    with pytest.raises(ArgumentError, match=match):
        call()
