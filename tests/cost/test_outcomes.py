"""Outcomes of tiers: on the same examples only, their wrong answers paid for, failures left out."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest

from labkit import catalog
from labkit.cost import Outcome, Outcomes, Point, choose_tier, noninferior, pareto
from labkit.errors import ArgumentError


def tried(tier, *right, cost=0.01, seconds=1.0, task="answers", **rest):
    """One outcome for each of these; ids count up."""
    return [
        Outcome(f"q{n}", tier, ok, cost, seconds, task=task, **rest) for n, ok in enumerate(right)
    ]


def two_tiers():
    """Four examples: fast gets two, frontier all."""
    return Outcomes(
        [
            *tried("fast", True, True, False, False, cost=0.001, seconds=0.5),
            *tried("frontier", True, True, True, True, seconds=3.0),
        ]
    )


def test_a_right_answer_pays_for_the_wrong_ones():
    """Four calls of 0.001 and two right: 0.002 for each; to the last digit."""
    point = two_tiers().point("fast")
    assert point == Point("fast", 0.5, Decimal("0.002"), 0.5)


def test_what_comes_out_fits_the_other_blocks():
    """Both tiers are on the front, and the loss is judged on the same examples."""
    found = two_tiers()
    assert [one.name for one in pareto(found.points())] == ["fast", "frontier"]
    verdict = noninferior(found.right("frontier"), found.right("fast"), 0.05)
    assert (verdict.worse, verdict.better, verdict.n) == (2, 0, 4)


def test_the_table_says_n_interval_price_and_wait():
    """And that the 95th percent of four is the slowest."""
    assert repr(two_tiers()).splitlines() == [
        "answers    right  95 % interval  USD for 1,000 right            p95",
        "fast      2 of 4     15% to 85%                 2.00  slowest 0.5 s",
        "frontier  4 of 4    51% to 100%                10.00  slowest 3.0 s",
    ]


def test_an_example_that_was_not_scored_on_one_tier_counts_on_none():
    """The provider's failure is nobody's wrong answer, and its row says so."""
    rows = list(two_tiers().rows)
    rows[4] = replace(rows[4], ok=None)
    found = Outcomes(rows)
    assert found.right("fast") == {"q1": True, "q2": False, "q3": False}
    assert found.right("frontier").keys() == found.right("fast").keys()
    assert "1 of 3, 1 not scored" in repr(found)
    assert "3 of 3, 1 not scored" in repr(found)


def test_the_p95_is_one_that_was_seen():
    """Of a hundred the 95th, not the slowest and not between two."""
    rows = [Outcome(str(n), "fast", True, 0.001, float(n)) for n in range(1, 101)]
    assert Outcomes(rows).point("fast").p95_s == 95.0
    assert "95.0 s" in repr(Outcomes(rows))


def test_tokens_make_a_task_for_choose_tier():
    """Means of tokens, the share right and handed up; and it can be priced anew."""
    rows = [
        *tried("fast", True, False, prompt_tokens=1_000, output_tokens=100),
        *tried("balanced", True, True, prompt_tokens=1_001, output_tokens=100),
    ]
    rows[1] = replace(rows[1], escalated=True)
    task = Outcomes(rows).task(500)
    assert (task.name, task.calls) == ("answers", 500)
    fast = task.trials["fast"]
    assert (fast.right, fast.escalated, fast.prompt_tokens) == (0.5, 0.5, 1_000)
    tiers = {name: catalog.tier(name) for name in ("fast", "balanced")}
    assert choose_tier([task], tiers, 0.9, 5.0).choices[0].tier == "balanced"


def test_tasks_stay_apart():
    """A mean over tasks would hide one; each has its own table and its own examples."""
    both = Outcomes([*two_tiers().rows, *tried("fast", True, task="topic")])
    assert (both.tasks, both.tiers) == (("answers", "topic"), ("fast", "frontier"))
    assert both.only("topic").right("fast") == {"q0": True}
    assert repr(both).count("USD for 1,000 right") == 2
    with pytest.raises(ArgumentError, match=r"of 2 tasks: answers, topic.*only\('answers'\)"):
        both.right("fast")


def test_a_tier_that_is_never_right_has_no_point():
    """The table still shows it."""
    found = Outcomes([*tried("fast", False), *tried("frontier", True)])
    assert [one.name for one in found.points()] == ["frontier"]
    assert "none right" in repr(found)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Outcome("", "fast", True, 0, 0), "id is ''.*Give it a name"),
        (lambda: Outcome("q", 1, True, 0, 0), "tier is 1"),
        (lambda: Outcome("q", "fast", 1, 0, 0), "ok is 1.*True or False"),
        (lambda: Outcome("q", "fast", True, -1, 0), "cost_usd is -1"),
        (lambda: Outcome("q", "fast", True, Decimal("NaN"), 0), "cost_usd is nan"),
        (lambda: Outcome("q", "fast", True, 0, math.inf), "seconds is inf"),
        (lambda: Outcome("q", "fast", True, 0, 0, prompt_tokens=1.5), "prompt_tokens is 1.5"),
        (lambda: Outcome("q", "fast", True, 0, 0, escalated=2), "escalated is 2"),
        (lambda: Outcomes([]), "rows is .*nothing to compare"),
        (lambda: Outcomes(["fast"]), "something in rows is 'fast'"),
        (lambda: Outcomes(tried("fast", True) * 2), "'q0' comes 2 times on fast"),
        (
            lambda: Outcomes([*tried("fast", True, True), *tried("frontier", True)]),
            r"frontier has no outcome for 'q1' of answers \(1 of 2 are missing\)",
        ),
        (lambda: two_tiers().point("fats"), "'fats' is not a tier.*Did you mean 'fast'"),
        (lambda: two_tiers().only("topics"), "'topics' is not a task"),
        (lambda: Outcomes(tried("fast", False)).point("fast"), "right answers of fast is 0"),
        (lambda: Outcomes(tried("fast", None)).right("fast"), "scored examples of fast is 0"),
        (lambda: two_tiers().task(5), "fast have no prompt_tokens"),
    ],
)
def test_what_cannot_be_compared_is_refused(make, words):
    """Each in words that say what to do."""
    with pytest.raises(ArgumentError, match=words):
        make()
