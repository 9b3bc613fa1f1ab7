"""When to say “I don't know”: what a threshold does, and which one keeps a limit."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import ArgumentError
from labkit.reliability import RiskPoint, choose_threshold, risk_coverage

SCORES = [0.9, 0.8, 0.8, 0.6, 0.4, 0.1]
HAS = [True, True, False, True, False, False]


def test_every_threshold_says_what_it_does():
    """Equal scores are shown together; both mistakes are counted."""
    points = risk_coverage(SCORES, HAS)
    assert points == (
        RiskPoint(0.9, 1, 0, 2, 6),
        RiskPoint(0.8, 3, 1, 1, 6),
        RiskPoint(0.6, 4, 1, 0, 6),
        RiskPoint(0.4, 5, 2, 0, 6),
        RiskPoint(0.1, 6, 3, 0, 6),
    )
    assert (points[1].coverage, points[1].risk) == (0.5, 1 / 3)
    assert RiskPoint(1, 0, 0, 3, 6).risk == 0
    assert repr(points[1]) == "from 0.8: 3 of 6 shown, 1 wrong, 1 sent away for nothing"


@pytest.mark.parametrize(
    ("limit", "threshold"),
    [(0, 0.9), (0.2, 0.9), (0.25, 0.6), (0.34, 0.6), (0.4, 0.4), (0.5, 0.1), (1, 0.1)],
)
def test_the_lowest_threshold_that_keeps_the_limit_is_chosen(limit, threshold):
    """As many answers as the limit allows; a limit that is met exactly is kept."""
    assert choose_threshold(SCORES, HAS, limit) == threshold


def test_where_no_threshold_keeps_it_nothing_is_shown():
    """The best score is a wrong answer."""
    assert choose_threshold([0.9, 0.1], [False, True], 0.3) == math.inf


def test_numbers_of_other_kinds_are_scores():
    """Whole ones, fractions, endless ones, and some beyond every float."""
    assert choose_threshold([3, Fraction(1, 3), -math.inf], [True, True, False], 0) == Fraction(
        1, 3
    )
    assert choose_threshold([10**400, 0], [True, False], 0) == 10**400


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1), st.floats(0, 1))
def test_no_other_threshold_is_better(pairs, limit):
    """Counted anew for each threshold: it keeps the limit, and none with more answers does."""
    scores, has = zip(*pairs, strict=True)
    chosen = choose_threshold(scores, has, limit)

    def risk(threshold):
        shown = [good for score, good in pairs if score >= threshold]
        return shown.count(False) / len(shown) if shown else 0

    assert risk(chosen) <= limit
    assert all(risk(one) > limit for one in set(scores) if one < chosen)


@pytest.mark.parametrize(
    ("scores", "has", "limit", "words"),
    [
        ([], [], 0.1, "0 scores do not belong to 0 questions"),
        ([0.1], [True, False], 0.1, "1 scores do not belong to 2 questions"),
        ([math.nan], [True], 0.1, "NaN has no place in an order"),
        ([0.1], [True], 1.5, "A share is at most 1"),
    ],
)
def test_lists_that_do_not_belong_together_are_refused(scores, has, limit, words):
    """Nothing is cut off and nothing is left out in silence."""
    with pytest.raises(ArgumentError, match=words):
        choose_threshold(scores, has, limit)
