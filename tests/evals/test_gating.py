"""The paired gate: flips, exact p, and three outcomes."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import evals
from labkit.errors import ArgumentError
from labkit.evals import Sample, evaluate, gate, mcnemar_p

IDS = [f"s{n}" for n in range(50)]


def table(n=50, failing=()):
    """The states of n samples, of which these failed."""
    return {id: "failed" if id in failing else "passed" for id in IDS[:n]}


def flips(worse, better):
    """Two runs of 50 with so many flips each way."""
    before = table(failing=IDS[40 : 40 + better])
    return before, table(failing=IDS[:worse])


# ---------------------------------------------------------------- the card's tables
@pytest.mark.parametrize(
    ("worse", "better", "verdict"),
    [
        (6, 0, "BLOCK"),
        (5, 0, "BLOCK"),
        (4, 0, "PASS"),
        (3, 3, "PASS"),
        (0, 6, "PASS"),
        (0, 0, "PASS"),
        (8, 2, "PASS"),
        (9, 2, "BLOCK"),
    ],
)
def test_the_flips_decide_and_not_the_score(worse, better, verdict):
    """Six bad and no good flips block, three of each pass though two runs share a score."""
    decision = gate(*flips(worse, better))
    assert decision.verdict == verdict
    assert decision.worse == tuple(IDS[:worse])
    assert decision.better == tuple(IDS[40 : 40 + better])
    assert decision.compared == 50
    assert f"{worse} got worse and {better} better of 50 compared" in decision.reason


def test_flips_go_in_both_directions():
    """A reviewer sees what was lost and what was won, the lost ones first."""
    before = {"a": "passed", "b": "failed", "c": "passed", "d": "error"}
    after = {"a": "failed", "b": "passed", "c": "passed", "d": "failed"}
    assert gate(before, after).flips == ("a", "b")


def test_one_critical_flip_blocks_whatever_p_is():
    """By p alone it would pass; a critical sample that failed before is no flip."""
    before, after = flips(1, 1)
    assert gate(before, after).verdict == "PASS"
    decision = gate(before, after, critical={"s0", "s40"})
    assert decision.verdict == "BLOCK"
    assert decision.p == 0.75
    assert decision.critical == ("s0",)
    assert decision.reason.startswith("critical samples got worse: s0; ")
    assert gate(after, after, critical={"s0"}).verdict == "PASS"


def test_samples_that_were_not_run_decide_nothing():
    """Five infrastructure errors are neither a pass nor a fail, even beside six bad flips."""
    before, after = flips(6, 0)
    after |= dict.fromkeys(IDS[20:25], "not run")
    decision = gate(before, after)
    assert decision.verdict == "INCONCLUSIVE"
    assert decision.not_run == tuple(IDS[20:25])
    assert decision.compared == 45
    assert "the provider failed at 5 of 50 samples, which says nothing" in decision.reason
    assert gate(before, after, max_not_run=5).verdict == "BLOCK"
    assert gate(before, after, max_not_run=4).verdict == "INCONCLUSIVE"
    assert gate(after, table()).verdict == "INCONCLUSIVE"


def test_a_critical_sample_must_have_been_run():
    """However many others may be missing."""
    after = table() | {"s3": "not run"}
    assert gate(table(), after, max_not_run=5).verdict == "PASS"
    assert gate(table(), after, max_not_run=5, critical={"s3"}).verdict == "INCONCLUSIVE"
    worse = after | {"s4": "failed"}
    assert gate(table(), worse, critical={"s3", "s4"}).verdict == "BLOCK"


def test_samples_that_are_left_out_block():
    """A candidate that answered 40 of 50 has not been compared with 50."""
    decision = gate(table(), table(40))
    assert decision.verdict == "BLOCK"
    assert decision.missing == tuple(IDS[40:])
    assert decision.reason == "the candidate left out 10 of 50 samples"


def test_new_samples_are_named_and_not_counted():
    """They have no baseline to be worse than."""
    new = {f"new {n}": "failed" for n in range(9)}
    decision = gate(table(), table() | new)
    assert decision.verdict == "PASS"
    assert decision.new == tuple(new)
    assert decision.compared == 50


def test_an_app_that_raises_is_worse_and_one_that_raised_is_no_flip_when_it_fails():
    """``error`` is the app's, so it counts like a failure."""
    raised = table() | dict.fromkeys(IDS[:6], "error")
    assert gate(table(), raised).verdict == "BLOCK"
    assert gate(raised, table(failing=IDS[:6])).worse == ()
    assert gate(raised, table()).better == tuple(IDS[:6])


def test_nothing_in_common_decides_nothing():
    """Two empty runs, or a baseline of nothing."""
    assert gate({}, {}).verdict == "INCONCLUSIVE"
    assert gate({}, table()).verdict == "INCONCLUSIVE"


def test_reports_are_compared_as_tables_are():
    """A report's rows are its samples' states."""
    samples = [Sample(id, id, (evals.includes(id),)) for id in IDS]

    def report(wrong):
        return evaluate(
            lambda _, question: "" if question in wrong else f"it is {question}",
            samples,
            lambda sample: None,
        )

    decision = gate(report(()), report(IDS[:6]))
    assert (decision.verdict, decision.worse) == ("BLOCK", tuple(IDS[:6]))
    assert gate(report(()), table()).verdict == "PASS"


def test_a_stricter_limit_lets_more_through():
    """The limit is what counts as chance."""
    assert gate(*flips(6, 0), alpha=0.01).verdict == "PASS"
    assert gate(*flips(7, 0), alpha=0.01).verdict == "BLOCK"
    assert gate(*flips(3, 0), alpha=0.2).verdict == "BLOCK"


def test_a_decision_shows_its_reason_and_every_list_short():
    """The whole text, as a reader of a build's log sees it."""
    before, after = flips(12, 1)
    after |= {"new\n": "passed"}
    assert repr(gate(before, after)).splitlines() == [
        "BLOCK: 12 got worse and 1 better of 50 compared (p = 0.0017, limit 0.05): too many for"
        " chance",
        "worse: s0, s1, s2, s3, s4, s5, s6, s7, s8, s9 and 2 more",
        "better: s40",
        "new, not counted: new",
    ]
    after = after | {"s49": "not run"}
    del after["s48"]
    text = repr(gate(before, after))
    assert "not run: s49\nmissing: s48\n" in text


# ---------------------------------------------------------------- p
@pytest.mark.parametrize("flipped", range(13))
def test_p_is_the_share_of_all_ways_to_flip(flipped):
    """Every way in which so many coins can fall is counted."""
    ways = [sum(way) for way in product((0, 1), repeat=flipped)]
    for worse in range(flipped + 1):
        expected = sum(bad >= worse for bad in ways) / len(ways)
        assert mcnemar_p(worse, flipped - worse) == expected


@pytest.mark.parametrize(
    ("worse", "better", "two_sided"),
    [(121, 59, 4.434e-06), (6, 0, 0.03125), (9, 2, 0.06543), (10, 3, 0.09229)],
)
def test_twice_p_is_what_others_print_two_sided(worse, better, two_sided):
    """First the example of statsmodels' mcnemar(exact=True), then twice a binomial tail."""
    assert 2 * mcnemar_p(worse, better) == pytest.approx(two_sided, rel=1e-3)


@given(st.integers(0, 200), st.integers(0, 200))
def test_p_is_a_chance_that_both_sides_share(worse, better):
    """Between 0 and 1; both tails together are 1 and the middle that they share."""
    p, other = mcnemar_p(worse, better), mcnemar_p(better, worse)
    assert 0 < p <= 1
    assert p + other >= 1
    assert (p < other) == (worse > better)


def test_thousands_of_flips_are_counted():
    """No float overflows on the way."""
    assert mcnemar_p(5_200, 4_800) == pytest.approx(3.3e-5, rel=0.05)


# ---------------------------------------------------------------- what cannot be compared
def test_what_is_wrong_with_a_table_is_said():
    """A state, an id, an id twice, a critical id that guards nothing."""
    with pytest.raises(ArgumentError, match="'pass' is not a state of a sample in candidate"):
        gate(table(), {"s0": "pass"})
    with pytest.raises(ArgumentError, match="an id in baseline is 7"):
        gate({7: "passed"}, {})
    with pytest.raises(
        ArgumentError, match=r"'s5O' is not.*guard nothing.*Did you mean 's50'|'s5'"
    ):
        gate(table(), table(), critical={"s5O"})
    twice = evaluate(lambda _, q: "", [Sample("a", "b", ())] * 2, lambda sample: None)
    with pytest.raises(ArgumentError, match="an id twice in candidate is 'a'"):
        gate(table(), twice)
