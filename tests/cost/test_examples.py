"""Few-shot examples: none that the eval asks, each class in turn, one that says no, in a budget."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import case
from labkit.cost import Example, pick_examples
from labkit.errors import ArgumentError

NO = Example("Do you lend aeroplanes?", "I don't know.", "other", 10, abstains=True)
POOL = [
    NO,
    Example("How long may I keep the drill?", "A week.", "loans", 10),
    Example("May I extend my sewing machine loan?", "Once.", "loans", 10),
    Example("Which saws can beginners borrow?", "The hand saw.", "loans", 10),
    Example("What does a late return cost each day?", "2.50.", "fees", 10),
    Example("Is there a deposit for projectors?", "Yes, 50.", "fees", 10),
    Example("Are you open on Sunday morning?", "No.", "hours", 10),
]


def picked(pool=POOL, k=4, *, asked=(), most=1_000, seed=1):
    """With what most tests do not change."""
    return pick_examples(pool, k, eval_inputs=asked, max_tokens=most, seed=seed)


def test_one_that_abstains_and_one_of_each_class():
    """In any seed, before a class is shown again; the same seed picks the same."""
    for seed in range(20):
        four = picked(seed=seed)
        assert four[0] == NO
        assert {one.label for one in four} == {"other", "loans", "fees", "hours"}
        assert four == picked(reversed(POOL), seed=seed)
    assert len({tuple(picked(seed=seed)) for seed in range(20)}) > 1
    six = [one.label for one in picked(k=6)]
    assert (six.count("loans"), six.count("fees")) == (2, 2)


@pytest.mark.parametrize(
    "asked",
    [
        "How long may I keep the drill?",
        "how long, may I keep the drill",
        "Hello! How long can I keep a drill, please?",
        "How long may I keep drills?",
        "HOW LONG KEEPING DRILL",
    ],
)
def test_what_the_eval_asks_is_not_shown(asked):
    """A comma, another small word or another ending is the same question."""
    assert POOL[1] not in picked(k=9, asked=[asked])
    assert len(picked(k=9, asked=[asked])) == len(POOL) - 1


@pytest.mark.parametrize("asked", ["How long may I keep the saw?", "What does the drill cost?", ""])
def test_another_question_is_no_leak(asked):
    """Though it has words in common, or none at all."""
    assert len(picked(k=9, asked=[asked])) == len(POOL)


def test_the_eval_of_the_case_does_not_leak():
    """Its questions as the pool: nothing but what was added is left."""
    asked = [one.input for one in case.samples()]
    pool = [Example(one, "?", "any", 1) for one in asked]
    assert picked([*pool, NO], k=50, asked=asked) == [NO]


def test_twins_in_the_pool_are_shown_once():
    """They would count twice and teach once."""
    twin = Example("how long may i keep the drill", "Seven days.", "loans", 10)
    assert len(picked([*POOL, twin], k=9)) == len(POOL)


def test_the_budget_is_kept():
    """What does not fit makes way for what does."""
    long = Example("What if it rains on my tent?", "Dry it.", "care", 500)
    for seed in range(10):
        some = picked([*POOL, long], k=9, most=45, seed=seed)
        assert long not in some
        assert sum(one.tokens for one in some) == 40
    assert picked(most=10) == [NO]


texts = st.text("ab ?", max_size=6)
pools = st.lists(st.builds(Example, texts, texts, st.sampled_from("xyz"), st.integers(0, 9)))


@given(pools, st.integers(1, 6), st.lists(texts, max_size=3), st.integers(6, 30), st.integers())
def test_the_rules_hold_for_every_pool(pool, k, asked, most, seed):
    """Never too many, too long, leaking or twice; classes in turn as far as they fit."""
    no = Example("Nobody asks this question", "", "n", 6, abstains=True)
    some = picked([*pool, no], k, asked=asked, most=most, seed=seed)
    assert some[0] == no
    assert len(some) <= k
    assert sum(one.tokens for one in some) <= most
    assert not {one.input.strip() for one in some} & {one.strip() for one in asked}
    assert len({one.input for one in some}) == len(some)
    assert set(some) <= {*pool, no}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: picked(POOL[1:]), "that abstain is 0. None is left"),
        (lambda: picked(asked=["Do you lend an aeroplane?"]), "that abstain is 1. None is left"),
        (lambda: picked(most=9), "abstains=True"),
        (lambda: picked(k=0), "k is 0"),
        (lambda: picked(["a"]), "something in pool is 'a'"),
        (lambda: picked(asked="How long?"), "eval_inputs is 'How long"),
        (lambda: picked(seed="x"), "seed is 'x'"),
        (lambda: picked(most=-1), "max_tokens is -1"),
        (lambda: Example("a", "b", "c", 1.5), "tokens is 1.5"),
        (lambda: Example("a", None, "c", 1), "output is None"),
    ],
)
def test_what_teaches_nothing_is_refused(make, words):
    """In words that say what to add."""
    with pytest.raises(ArgumentError, match=words):
        make()


def test_an_example_is_a_value():
    """It shows its class, its question and what it costs."""
    assert repr(NO) == "other, abstains: Do you lend aeroplanes? (10 tokens)"
    assert repr(POOL[1]) == "loans: How long may I keep the drill? (10 tokens)"
