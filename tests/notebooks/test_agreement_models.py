"""Right-sized models: the page of the second lab and ``labkit.cost`` say the same."""

from itertools import product

import pytest

from labkit import catalog
from labkit.cost import choose_tier, find_unpinned, noninferior
from labkit.cost.paired import score_of


def test_a_tier_is_chosen_alike(cost_page):
    """C1: for both tasks, whatever tier runs today; what is handed up stands on the picture only.

    The page compares what was paid, the block works it out from tokens and prices.
    """
    outcomes = cost_page["outcomes"]
    tiers = {name: catalog.tier(name) for name in catalog.TIERS}
    for task in outcomes.tasks:
        tried = outcomes.only(task)
        for today in tried.tiers:
            for less in (0.0, 0.01, 0.05, 0.2):
                bar = tried.point(today).quality - less
                plan = choose_tier([tried.task(1)], tiers, max(bar, 0.0), 3.0)
                assert cost_page["cheapest"](tried, today, less) == plan.choices[0].tier
    assert cost_page["chosen"] == {"answers": "balanced", "topic": "fast"}


def test_a_price_is_the_same_from_tokens_as_from_the_bill(cost_page):
    """C1: of every tier, but for the rounding of a mean."""
    tiers = {name: catalog.tier(name) for name in catalog.TIERS}
    for task in cost_page["outcomes"].tasks:
        tried = cost_page["outcomes"].only(task)
        for point in tried.points():
            one = tried.task(1)
            alone = type(one)(one.name, 1, {point.name: one.trials[point.name]})
            (choice,) = choose_tier([alone], tiers, 0.0, 99.0).choices
            assert float(choice.usd_per_right) == pytest.approx(float(point.cost_usd), rel=0.01)


@pytest.mark.parametrize("margin", [0.01, 0.05, 0.1])
def test_a_cheaper_tier_may_take_over_alike(cost_page, margin):
    """C2: on the page's runs, and on every small table of flips; z there is that of alpha 0.05."""
    words = {"yes": "switch", "no": "keep", "need_more": "need more"}
    both, found = cost_page["both"], set()
    for before, after in product(both.tiers, repeat=2):
        runs = both.right(before), both.right(after)
        assert cost_page["may_switch"](*runs, margin) == words[noninferior(*runs, margin).word]
    for n, worse, better in product((12, 52, 84, 400), range(0, 13, 2), range(0, 13, 3)):
        if worse + better <= n:
            before = {str(at): at < worse or at >= worse + better for at in range(n)}
            after = {id: int(id) >= worse for id in before}
            word = cost_page["may_switch"](before, after, margin)
            assert word == words[noninferior(before, after, margin).word]
            found.add(word)
    assert {"switch", "need more"} <= found


def test_flips_are_scored_alike(cost_page):
    """C2: Tango's score, to rounding."""
    for n, worse, better in product((12, 84), range(7), range(6)):
        page = cost_page["score"](worse, better, n, 0.05)
        assert page == pytest.approx(score_of(better, worse, n, -0.05))


def test_ids_in_code_are_found_alike(cost_page):
    """C3: before, the lint reports the alias that is sent and no comment; after, nothing."""
    lock, moves = cost_page["MODELS"], cost_page["production_lint"]
    for source in (*cost_page["FILES"].values(), cost_page["FIXED"]):
        assert moves(source) == [one.id for one in find_unpinned(source, lock)]
    assert find_unpinned("", lock) == []


def test_what_the_lint_of_the_page_leaves_out_the_block_has(cost_page):
    """C3: ids joined when the code runs, other makers' names, a cloud's."""
    for id in ("mistral-large-latest", "us.anthropic.claude-haiku-4-5"):
        assert cost_page["production_lint"](f"MODEL = {id!r}") == []
        assert len(find_unpinned(f"MODEL = {id!r}", {})) == 1
    joined = 'MODEL = f"claude-haiku-{version}"'
    assert cost_page["production_lint"](joined) == []
    assert len(find_unpinned(joined, {})) == 1
