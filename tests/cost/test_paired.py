"""Whether the cheaper one is as good: a margin, the same examples, and how many there must be."""

import math
from math import comb

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labkit.cost import Verdict, noninferior
from labkit.cost.paired import score_of
from labkit.errors import ArgumentError
from labkit.evals import Report, Row, Sample


def both(right, worse=0, better=0, wrong=0):
    """Outcomes of both with so many examples of each kind."""
    pairs = [(True, True)] * right + [(True, False)] * worse
    pairs += [(False, True)] * better + [(False, False)] * wrong
    return [{str(n): pair[side] for n, pair in enumerate(pairs)} for side in (0, 1)]


def test_tangos_own_example():
    """A crossover of contact lenses in the paper of 1998: 43 both, 1 worse, Z = 1.709."""
    assert score_of(0, 1, 44, -0.1) == pytest.approx(1.709, abs=5e-4)
    assert noninferior(*both(43, worse=1), 0.1, 0.05).word == "yes"
    assert noninferior(*both(43, worse=1), 0.1, 0.04).word == "need_more"


def test_a_published_interval():
    """Fagerland and others, Statistical Analysis of Contingency Tables, 2017, chapter 8.

    Complete response before and after therapy (Cavo and others, 2012): 59, 6, 16 and 80. The R
    package of the book, contingencytables, prints -0.0621 (95% CI -0.1240 to -0.0054).
    """
    verdict = noninferior(*both(59, worse=16, better=6, wrong=80), 0.05, 0.025)
    assert verdict.difference == pytest.approx(-0.0621, abs=5e-5)
    assert verdict.interval == pytest.approx((-0.1240, -0.0054), abs=5e-5)


def test_without_a_margin_it_is_mcnemar():
    """The score against a difference of 0 is the root of McNemar's chi-square."""
    assert score_of(12, 5, 80, 0.0) == pytest.approx((12 - 5) / math.sqrt(12 + 5))


def test_where_nothing_flips_it_is_one_share():
    """Against a margin it is the score test of a binomial share, as Wilson's interval."""
    for n in (10, 51, 52, 200):
        share = 0.05
        score = (0 + n * share) / math.sqrt(n * share * (1 - share))
        assert score_of(0, 0, n, -share) == pytest.approx(score)


def test_twelve_examples_without_a_flip_show_nothing():
    """A bootstrap would be sure; here it takes 52."""
    verdict = noninferior(*both(12), 0.05)
    assert (verdict.word, verdict.n_needed, verdict.more) == ("need_more", 52, 40)
    assert repr(verdict) == (
        "need 40 more: 0 better and 0 worse of 12: +0.0% (-18.4% to +18.4%), margin 5.0%"
    )
    assert noninferior(*both(51), 0.05).word == "need_more"
    assert noninferior(*both(52), 0.05).word == "yes"


def test_a_loss_that_is_bearable_and_one_that_is_not():
    """The same flips, judged against two margins; the interval does not depend on them."""
    same = both(170, worse=20, better=2, wrong=8)
    wide, narrow = noninferior(*same, 0.15), noninferior(*same, 0.04)
    assert (wide.word, narrow.word) == ("yes", "no")
    assert wide.interval == narrow.interval
    assert wide.difference == -0.09
    assert repr(narrow).startswith("no: 2 better and 20 worse of 200: -9.0% (-13.2% to -5.6%)")


def test_a_loss_of_exactly_the_margin_is_never_decided():
    """More examples would not help while the shares stay."""
    verdict = noninferior(*both(90, worse=10), 0.1)
    assert (verdict.word, verdict.n_needed, verdict.more) == ("need_more", None, None)
    assert repr(verdict).startswith("no number decides: the loss is the margin: ")


counts = st.tuples(*[st.integers(0, 40)] * 4).filter(any)
margins = st.floats(0.005, 0.6)
ORDER = {"no": 0, "need_more": 1, "yes": 2}


@given(counts, margins, margins)
def test_a_wider_margin_never_makes_it_worse(kinds, one, other):
    """From no over need_more to yes, and never back."""
    narrow, wide = sorted([one, other])
    words = [noninferior(*both(*kinds), margin).word for margin in (narrow, wide)]
    assert ORDER[words[0]] <= ORDER[words[1]]


@given(counts, margins, st.integers(2, 5))
def test_more_of_the_same_never_undoes_a_verdict(kinds, margin, times):
    """What was decided stays so, and the interval only gets narrower."""
    few = noninferior(*both(*kinds), margin)
    many = noninferior(*both(*(times * one for one in kinds)), margin)
    assert few.word in ("need_more", many.word)
    assert many.interval[1] - many.interval[0] < few.interval[1] - few.interval[0]


@given(counts, margins)
@example((12, 0, 0, 0), 0.05)
def test_the_number_needed_is_the_one_that_decides(kinds, margin):
    """At these shares it is decided there and not one example before."""
    found = noninferior(*both(*kinds), margin)
    if found.n_needed is None:
        return
    z = 1.6448536269514722
    per = [found.better / found.n, found.worse / found.n]

    def decided(n):
        return abs(score_of(per[0] * n, per[1] * n, n, -margin)) >= z - 1e-9

    assert decided(found.n_needed)
    assert found.n_needed == 1 or not decided(found.n_needed - 1 - 1e-6)
    assert (found.word == "need_more") == (found.n_needed > found.n)


@given(counts, margins)
def test_the_interval_and_the_word_agree(kinds, margin):
    """Yes where it lies above the margin, no where it lies below, and the difference is in it."""
    found = noninferior(*both(*kinds), margin)
    low, high = found.interval
    assert low - 1e-9 <= found.difference <= high + 1e-9
    if min(abs(low + margin), abs(high + margin)) > 1e-6:
        assert (found.word == "yes") == (low > -margin)
        assert (found.word == "no") == (high < -margin)


@pytest.mark.parametrize("margin", [0.02, 0.05, 0.1])
@pytest.mark.parametrize("n", [30, 52, 80])
def test_how_often_it_says_yes_to_a_loss_of_the_margin(n, margin):
    """Every table of n is counted with its chance: near alpha, and over it by what is said."""
    z = 1.6448536269514722
    yes = [
        (better, worse)
        for better in range(n + 1)
        for worse in range(n + 1 - better)
        if score_of(better, worse, n, -margin) >= z
    ]

    def chance(share_better):
        shares = share_better, share_better + margin
        same = 1 - sum(shares)
        return sum(
            comb(n, b) * comb(n - b, w) * shares[0] ** b * shares[1] ** w * same ** (n - b - w)
            for b, w in yes
        )

    assert max(chance(share) for share in (0.01, 0.02, 0.05, 0.1, 0.2, 0.3)) < 0.06
    assert chance(0.0) < 0.08


@given(counts, st.floats(-0.95, 0.95))
def test_the_standard_error_is_of_the_likeliest_shares(kinds, difference):
    """The closed form agrees with a search for the largest likelihood under the difference."""
    (right, worse, better, wrong), n = kinds, sum(kinds)
    low, high = max(0.0, -difference), (1 - difference) / 2

    def likelihood(share):
        shares = share + difference, share, 1 - 2 * share - difference
        seen = better, worse, right + wrong
        return sum(k * math.log(max(p, 1e-300)) for k, p in zip(seen, shares, strict=True) if k)

    for _ in range(200):
        one, other = low + (high - low) / 3, high - (high - low) / 3
        low, high = (one, high) if likelihood(one) < likelihood(other) else (low, other)
    variance = n * (2 * low + difference - difference**2)
    if variance > 1e-6:
        score = (better - worse - n * difference) / math.sqrt(variance)
        assert score_of(better, worse, n, difference) == pytest.approx(score, rel=1e-3, abs=1e-3)


def test_it_says_no_as_rarely_by_mistake():
    """The two tests are one, turned round."""
    assert score_of(3, 9, 50, -0.1) == pytest.approx(-score_of(9, 3, 50, 0.1))


def report(**states):
    """A report with these states."""
    rows = [Row(Sample(id, "?", ()), state.replace("_", " ")) for id, state in states.items()]
    return Report(tuple(rows))


def test_reports_are_compared_without_what_was_not_run():
    """The provider's failure is nobody's loss; what raised is wrong."""
    a = report(one="passed", two="passed", three="failed", four="not_run", five="passed")
    b = report(one="error", two="passed", three="passed", four="passed", five="not_run")
    verdict = noninferior(a, b, 0.1)
    assert (verdict.n, verdict.worse, verdict.better, verdict.not_run) == (3, 1, 1, 2)
    assert repr(verdict).endswith("margin 10.0%; 2 not run")
    nothing = noninferior(report(one="not_run"), {"one": True}, 0.1)
    assert (nothing.word, nothing.n, nothing.interval) == ("need_more", 0, (-1.0, 1.0))
    assert repr(nothing).startswith("need examples: 0 better and 0 worse of 0: +0.0%")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (({}, {}, 0.1), "a is {}. There is no example"),
        (({"x": True}, {"y": True}, 0.1), "b has no outcome for 'x' .1 of 1"),
        (({"x": True}, {"x": True, "y": True}, 0.1), "a has no outcome for 'y' .1 of 2"),
        (({"x": 0.5}, {"x": True}, 0.1), "the outcome of x in a is 0.5"),
        (([True], [True], 0.1), "a is .True.. Nothing can be compared"),
        (({"x": True}, {"x": True}, 5), "margin is 5. Nothing could be ruled out"),
        (({"x": True}, {"x": True}, 0.0), "between 0 and 1, for example 0.05"),
        (({"x": True}, {"x": True}, 0.1, 0.5), "alpha is 0.5"),
        (({"x": True}, {"x": True}, 0.1, math.nan), "alpha is nan"),
    ],
)
def test_what_is_no_pair_is_refused(given, words):
    """In words that say which example and what to do."""
    with pytest.raises(ArgumentError, match=words):
        noninferior(*given)


def test_an_id_twice_is_refused():
    """Nobody could tell which of them is the pair."""
    row = Row(Sample("x", "?", ()), "passed")
    with pytest.raises(ArgumentError, match="Give each sample its own id"):
        noninferior(Report((row, row)), {"x": True}, 0.1)


def test_a_verdict_is_a_value():
    """Two of the same numbers are the same."""
    assert noninferior(*both(60), 0.1) == Verdict(
        "yes", 60, 0, 0, 0.1, noninferior(*both(60), 0.1).interval, 25
    )
