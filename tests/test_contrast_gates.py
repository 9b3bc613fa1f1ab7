"""The view of the gates: the counts are those of the simulation, and add up."""

import pytest

from labkit.contrast import gates
from labkit.errors import ArgumentError
from labkit.evals import GateScenario, simulate_gates

RUNS = 1000


def counts(view):
    """Blocked for nothing and missed, by gate, out of the table."""
    return {row[0]: [int(cell.split()[0]) for cell in row[2:]] for row in view.drawing.table.rows}


def test_the_first_picture_shows_what_a_threshold_does():
    """It blocks many harmless changes; the paired gate few, and it misses more bad ones."""
    (nothing, missed), (few, lost) = counts(gates()).values()
    assert nothing > 300
    assert few < 50
    assert missed < lost < 400
    assert str(nothing) in gates().drawing.finding


@pytest.mark.parametrize(
    "moved",
    [{}, {"n": 50}, {"n": 300, "drop": 10}, {"threshold": 0.86}, {"n": 150, "drop": 1}],
    ids=str,
)
def test_the_counts_are_those_of_the_simulation(moved):
    """Each gate's shares, from the same scenario and seed."""
    at = {"n": 200, "drop": 5, "threshold": 0.90, **moved}
    scenario = GateScenario(n=at["n"], drop=at["drop"] / 100, threshold=at["threshold"])
    view = gates(seed=3).move(**moved) if moved else gates(seed=3)
    found = simulate_gates(scenario, seed=3)
    expected = [
        [round(RUNS * gate.blocked_for_nothing), round(RUNS * gate.missed)]
        for gate in (found.threshold, found.paired)
    ]
    assert list(counts(view).values()) == expected


def test_where_nothing_is_lost_nothing_can_be_missed():
    """A drop of no points leaves the second histogram without a wrong decision."""
    view = gates().move(drop=0)
    assert [pair[1] for pair in counts(view).values()] == [0, 0]
    assert "There is no drop to find." in view.drawing.finding


def test_a_tuned_threshold_is_not_made_to_look_worse_than_it_is():
    """At 0.86 and 200 examples it blocks few harmless changes and still finds most bad ones."""
    nothing, missed = counts(gates().move(threshold=0.86))["Prototype"]
    assert nothing < 100
    assert missed < 500


def test_a_moved_control_says_what_the_counts_were():
    """The number before stands beside the new one, struck out."""
    view = gates()
    was = counts(view)["Prototype"][0]
    assert f"was <s>{was}</s>" in view.move(n=100).html


@pytest.mark.parametrize("form", ["live", "still"])
def test_both_forms_hold_both_gates_and_all_four_counts(form):
    """Words, rules and counts of the table stand in the picture."""
    drawing = gates().drawing
    page = drawing.body if form == "live" else drawing.picture
    for name, rule, *cells in drawing.table.rows:
        assert name in page
        assert rule.replace("<", "&lt;") in page
        assert all(cell.split(" (")[0] in page for cell in cells)


def test_equal_settings_give_equal_bytes_and_another_seed_gives_other_runs():
    """The same seed draws the same picture, from the cache or anew."""
    view = gates(seed=5)
    first = view.html
    assert view.move(n=60).move(n=200).drawing.body != ""
    assert view.reset().html == first == gates(seed=5).html
    assert gates(seed=6).text != view.text


def test_a_seed_that_is_none_is_refused():
    """With the value and what to do."""
    with pytest.raises(ArgumentError, match="seed is 'seven'"):
        gates(seed="seven")
