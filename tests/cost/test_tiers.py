"""The cheapest tier that is good enough: by its cost for a right answer, within two limits."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import catalog
from labkit.cost import Choice, Plan, Point, Task, Trial, choose_tier, pareto
from labkit.errors import ArgumentError

TIERS = {name: catalog.tier(name) for name in catalog.TIERS}
"""1 and 5, 2 and 10, 5 and 25 USD for a million tokens."""


def task(name="answers", calls=1_000, **trials):
    """A task of one kind."""
    return Task(name, calls, trials)


def test_the_cheapest_that_is_good_enough_is_chosen():
    """A thousand calls of 1,000 and 200 tokens on the middle tier; the others say why not."""
    tried = task(
        fast=Trial(0.80, 1.0, 1_000, 200),
        balanced=Trial(0.95, 2.0, 1_000, 200),
        frontier=Trial(0.97, 4.0, 1_000, 200),
    )
    plan = choose_tier([tried], TIERS, 0.9, 5.0)
    assert plan.cost_usd == Decimal("4.0")
    (choice,) = plan.choices
    assert (choice.tier, choice.usd_per_call) == ("balanced", Decimal("0.004"))
    assert repr(plan) == (
        "4.0000 USD for 1,000 calls\n"
        "answers: balanced · 4.2105 USD for 1,000 right answers\n"
        "  not fast: 80.0% right, under 90.0%\n"
        "  not frontier: 10.3093 USD for 1,000 right answers"
    )


def test_what_is_handed_up_is_paid_twice():
    """The lowest price for a token is not the lowest for a right answer: two of five go up."""
    tiers = {**TIERS, "balanced": catalog.Price(1.5, 7.5)}
    tried = task(
        fast=Trial(0.95, 1.0, 1_000, 200, escalated=0.4), balanced=Trial(0.95, 1.0, 1_000, 200)
    )
    (choice,) = choose_tier([tried], tiers, 0.9, 5.0).choices
    assert choice.tier == "balanced"
    assert "fast: 3.3684 USD" in choice.passed_over[0]  # (0.002 + 0.4 * 0.003) / 0.95
    tenth = task(fast=Trial(0.9, 1.0, 1_000, 0, escalated=0.1), balanced=Trial(0.3, 1, 1_000, 0))
    assert choose_tier([tenth], TIERS, 0, 5.0).cost_usd == Decimal("1.2")
    all_of_it = task(
        fast=Trial(0.9, 1.0, 1_000, 0, escalated=0.5),
        balanced=Trial(0.9, 1.0, 1_000, 0, escalated=0.5),
        frontier=Trial(0.9, 1.0, 1_000, 0),
    )
    (choice,) = choose_tier([all_of_it], TIERS, 0.9, 5.0).choices
    assert choice.usd_per_call == Decimal("0.00325")  # 0.001 + 0.5 * (0.002 + 0.5 * 0.005)


def test_a_prompt_beyond_the_step_pays_the_price_above_it():
    """One token more, and the tier that was the cheapest is not."""
    stepped = replace(TIERS["fast"], price_above=catalog.Price(5, 25), price_step_tokens=100_000)
    tiers = {"fast": stepped, "balanced": TIERS["balanced"]}

    def tier(tokens):
        tried = task(fast=Trial(1, 1.0, tokens, 10), balanced=Trial(1, 1.0, tokens, 10))
        return choose_tier([tried], tiers, 1, 2.0).choices[0]

    assert (tier(100_000).tier, tier(100_001).tier) == ("fast", "balanced")
    assert tier(100_000).usd_per_call == Decimal("0.10005")


def test_a_right_answer_counts_and_not_a_call():
    """A little dearer for a call, and cheaper for each right one: fewer of them are thrown away."""
    near = replace(TIERS["fast"], price=catalog.Price(0.95, 5))
    tiers = {"low": near, "high": TIERS["fast"]}
    tried = task(low=Trial(0.8, 1.0, 1_000, 0), high=Trial(0.9, 1.0, 1_000, 0))
    assert choose_tier([tried], tiers, 0.5, 2.0).choices[0].tier == "high"


def test_where_no_tier_will_do_the_plan_says_so():
    """It is no error: the reasons are what a person needs, and the other tasks have their tier."""
    tried = task(fast=Trial(0.5, 9.0, 10, 10), frontier=Trial(0, 1.0, 10, 10))
    other = task("triage", fast=Trial(0.99, 0.5, 100, 10))
    plan = choose_tier([tried, other], TIERS, 0.9, 5.0)
    assert plan.without == ("answers",)
    assert plan.choices[1].tier == "fast"
    assert repr(plan.choices[0]).splitlines() == [
        "answers: no tier",
        "  not fast: 50.0% right, under 90.0%; 9 s at p95, over 5",
        "  not balanced: not tried",
        "  not frontier: 0.0% right, under 90.0%",
    ]
    assert ", and no tier for answers" in repr(plan)


def test_a_tier_that_is_never_right_has_no_price_for_it():
    """Where nothing is demanded it may be chosen if it is the only one, at a price without end."""
    tried = task(fast=Trial(0, 1.0, 10, 10))
    assert choose_tier([tried], TIERS, 0, math.inf).choices[0].usd_per_right == math.inf


trials = st.builds(
    Trial,
    right=st.sampled_from([0.5, 0.9, 0.95, 1.0]),
    p95_s=st.sampled_from([0.5, 1.0, 3.0]),
    prompt_tokens=st.sampled_from([0, 500, 99_999, 100_000, 200_000]),
    output_tokens=st.integers(0, 2_000),
    escalated=st.sampled_from([0.0, 0.1, 0.4]),
)


@given(
    st.dictionaries(st.sampled_from(catalog.TIERS[:2]), trials),
    st.sampled_from([0.0, 0.9, 0.95]),
    st.sampled_from([1.0, 5.0]),
)
def test_no_other_tier_within_the_limits_is_cheaper(tried, least, most):
    """Counted anew by brute force, in floating point and from the top tier down."""
    tried["frontier"] = Trial(1.0, 2.0, 1_000, 100)
    if "balanced" not in tried:
        tried = {name: replace(one, escalated=0.0) for name, one in tried.items()}
    cost = {}
    above = 0.0
    for name in reversed(catalog.TIERS):
        if name in tried:
            one, price = tried[name], TIERS[name].price
            own = (one.prompt_tokens * price.input + one.output_tokens * price.output) / 1e6
            cost[name] = above = own + one.escalated * above
    (choice,) = choose_tier([Task("any", 1, tried)], TIERS, least, most).choices
    fit = {
        name: cost[name] / one.right
        for name, one in tried.items()
        if one.right >= least and one.p95_s <= most
    }
    if choice.tier is None:
        assert not fit
    else:
        assert fit[choice.tier] == pytest.approx(min(fit.values()))
        assert float(choice.usd_per_call) == pytest.approx(cost[choice.tier])


def test_the_front_has_what_nothing_beats():
    """Cheaper, better or faster than each other; a copy of a point does not beat it."""
    fast, mid, top = Point("f", 0.8, 1, 1), Point("m", 0.9, 2, 1), Point("t", 0.9, 5, 0.5)
    worse = Point("w", 0.9, 3, 1)
    twin = Point("x", 0.8, Decimal(1), 1)
    assert pareto([top, worse, mid, fast, twin]) == (fast, twin, mid, top)
    assert repr(mid) == "m: 0.9, 2 USD, 1 s"
    assert pareto([]) == ()


@given(st.lists(st.builds(Point, st.just("p"), *[st.integers(0, 4)] * 3)))
def test_every_point_is_on_the_front_or_beaten_by_it(points):
    """And no point of the front beats another."""
    front = pareto(points)

    def beaten(one, by):
        better = by.quality > one.quality or by.cost_usd < one.cost_usd or by.p95_s < one.p95_s
        worse = by.quality < one.quality or by.cost_usd > one.cost_usd or by.p95_s > one.p95_s
        return better and not worse

    for one in points:
        assert (one in front) != any(beaten(one, by) for by in front)


GOOD = Trial(0.9, 1.0, 10, 10)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Trial(95, 1.0, 10, 10), "right is 95. A share is at most 1"),
        (lambda: Trial(math.nan, 1.0, 10, 10), "right is nan"),
        (lambda: Trial(0.9, 1.0, 1.5, 10), "prompt_tokens is 1.5. A call cannot be priced"),
        (lambda: Trial(0.9, 1.0, 10, 10, escalated=-1), "escalated is -1"),
        (lambda: Task("a", -1, {}), "calls is -1"),
        (lambda: Task("a", 1, {"fast": 0.9}), "something in trials is 0.9"),
        (lambda: choose_tier([task(fats=GOOD)], TIERS, 0.9, 1), "a tier of answers is 'fats'"),
        (
            lambda: choose_tier([], {"fast": "lab-fast-2"}, 0.9, 1),
            "the price of 'fast' is 'lab-fast-2'",
        ),
        (lambda: choose_tier([], TIERS, 90, 1), "min_quality is 90"),
        (lambda: choose_tier([], TIERS, 0.9, None), "max_p95 is None"),
        (lambda: choose_tier(["a"], TIERS, 0.9, 1), "something in tasks is 'a'"),
        (
            lambda: choose_tier([task(frontier=replace(GOOD, escalated=0.1))], TIERS, 0, 1),
            "escalated of answers is 0.1. Nobody knows what its answers cost",
        ),
        (
            lambda: choose_tier([task(fast=replace(GOOD, escalated=0.1))], TIERS, 0, 1),
            "Try the task on the next tier, too",
        ),
        (lambda: Point("a", 0.9, -1), "cost_usd is -1"),
        (lambda: Point("a", 0.9, Decimal("NaN")), "cost_usd is nan"),
        (lambda: pareto([("a", 1, 2)]), "something in points is"),
    ],
)
def test_what_cannot_be_compared_is_refused(make, words):
    """Each in words that say what to do."""
    with pytest.raises(ArgumentError, match=words):
        make()


def test_an_empty_plan_costs_nothing():
    """And says so."""
    assert repr(Plan(())) == "0.0000 USD for 0 calls"
    assert repr(Choice("a", None, 1)) == "a: no tier"
