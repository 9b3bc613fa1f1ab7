"""A ceiling from the lengths that were seen: it holds for those that were not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.cost import set_ceiling
from labkit.errors import ArgumentError


def heavy(n, seed):
    """Lengths with a long tail."""
    rng = random.Random(seed)
    return [int(rng.lognormvariate(5, 0.8)) for _ in range(n)]


@pytest.mark.parametrize("n", [300, 1_000, 3_000])
def test_it_holds_for_answers_that_were_not_seen(n):
    """On 60 samples: the limit is kept in all but a few; the sample's own p99 breaks it in half."""
    unseen = heavy(50_000, "unseen")

    def cut(ceiling):
        return sum(one > ceiling for one in unseen) / len(unseen)

    samples = [heavy(n, seed) for seed in range(60)]
    kept = sum(cut(set_ceiling(one, max_truncation=0.01)) <= 0.0105 for one in samples)
    plain = sum(cut(sorted(one)[int(0.99 * n) - 1]) <= 0.0105 for one in samples)
    assert kept >= 54
    assert plain <= 42


def test_one_outlier_does_not_set_the_price():
    """Of a thousand, the three or so longest are above it."""
    lengths = [*range(1, 1_000), 1_000_000]
    assert set_ceiling(lengths, max_truncation=0.01) == 996
    assert set_ceiling(lengths, max_truncation=0.05) == 962
    assert set_ceiling(reversed(lengths), max_truncation=0.05) == 962


@pytest.mark.parametrize(("share", "least"), [(0.01, 299), (0.05, 59), (0.1, 29)])
def test_few_lengths_cannot_show_a_rare_event(share, least):
    """Wilks' numbers: so many are enough, of which the longest is taken, and one fewer is not."""
    assert set_ceiling(range(least), max_truncation=share) == least - 1
    with pytest.raises(ArgumentError, match=f"Give {least} lengths or more"):
        set_ceiling(range(least - 1), max_truncation=share)


def test_to_be_surer_takes_a_higher_ceiling():
    """And more lengths."""
    lengths = range(1, 501)
    ceilings = [
        set_ceiling(lengths, max_truncation=0.02, confidence=sure) for sure in (0.5, 0.9, 0.99)
    ]
    assert ceilings == sorted(set(ceilings))
    with pytest.raises(ArgumentError, match="500 lengths cannot show"):
        set_ceiling(lengths, max_truncation=0.01, confidence=0.9999)


def test_thinking_is_added():
    """A classifier of one word cannot answer under sixteen tokens if it thinks first."""
    assert set_ceiling([3] * 100, max_truncation=0.05, thinking_p99=900) == 903


def test_an_answer_that_was_cut_is_longer_than_all():
    """A few of them are among those that may be cut; more, and the ceiling is not known."""
    lengths = list(range(1, 997))
    few = set_ceiling([*lengths, None, None, None], max_truncation=0.01)
    assert few == 995
    with pytest.raises(ArgumentError, match=r"that were cut is 60\. How long these"):
        set_ceiling([*lengths, *[None] * 60], max_truncation=0.01)


def test_it_is_never_nothing():
    """0 asks for no answer at all: it fills the cache."""
    assert set_ceiling([0] * 60, max_truncation=0.1) == 1


@given(
    st.lists(st.integers(0, 5_000), min_size=60, max_size=200),
    st.floats(0.05, 0.6),
    st.floats(0.05, 0.6),
)
def test_a_laxer_limit_never_raises_it(lengths, one, other):
    """It is one of the lengths, and of those that were seen no more than allowed are cut."""
    strict, lax = sorted([one, other])
    ceiling = set_ceiling(lengths, max_truncation=strict)
    assert ceiling >= set_ceiling(lengths, max_truncation=lax)
    assert ceiling in [*lengths, 1]
    assert sum(length > ceiling for length in lengths) <= strict * len(lengths)


@given(st.lists(st.integers(1, 500), min_size=60, max_size=90), st.integers(1, 500))
def test_longer_answers_never_lower_it(lengths, more):
    """Each grows by the same, and so does the ceiling."""
    longer = set_ceiling([one + more for one in lengths], max_truncation=0.1)
    assert longer == set_ceiling(lengths, max_truncation=0.1) + more


def test_a_strict_demand_on_one_length():
    """Half of all may be cut, and it need not be sure."""
    assert set_ceiling([7], max_truncation=0.5, confidence=0.4) == 7
    assert set_ceiling([7, 9, 11], max_truncation=0.9, confidence=0.1) == 7


@pytest.mark.parametrize(
    ("lengths", "settings", "words"),
    [
        ([], {"max_truncation": 0.5}, "0 lengths cannot show"),
        ([1.5], {"max_truncation": 0.5}, "something in lengths is 1.5"),
        ([-1], {"max_truncation": 0.5}, "0 or more"),
        ("12", {"max_truncation": 0.5}, "lengths is '12'"),
        ([1], {"max_truncation": 0.0}, "max_truncation is 0.0"),
        ([1], {"max_truncation": 1}, "max_truncation is 1. No quantile"),
        ([1], {"max_truncation": 0.5, "confidence": 1.0}, "confidence is 1.0"),
        ([1], {"max_truncation": 0.5, "thinking_p99": -5}, "thinking_p99 is -5"),
    ],
)
def test_what_gives_no_ceiling_is_refused(lengths, settings, words):
    """In words that say what to give."""
    with pytest.raises(ArgumentError, match=words):
        set_ceiling(lengths, **settings)
