"""The drill of the price step: what each pair of fixes leaves, by the room's own prices."""

from itertools import combinations

import pytest

from labkit.contrast import price_step
from labkit.contrast.price_step import CACHE, CHEAPER, FIXES, MAX_TOKENS, NONE, PASTE, TRIM
from labkit.errors import ArgumentError

SEEDS = range(1, 8)


def after(view, first, second=NONE):
    """The last column by its row heads."""
    return {row[0]: row[2] for row in view.move(first=first, second=second).drawing.table.rows}


def day(view, first, second=NONE):
    """What the day costs with these fixes."""
    return float(after(view, first, second)["together"])


@pytest.mark.parametrize("seed", SEEDS)
def test_one_pair_alone_brings_the_bill_back(seed):
    """A paste that is capped and a talk that is trimmed; no other pair comes near."""
    view = price_step(seed=seed)
    before = float(after(view, NONE)["the day before"])
    costs = {pair: day(view, *pair) for pair in combinations(FIXES, 2)}
    best = min(costs, key=costs.get)
    assert set(best) == {PASTE, TRIM}
    assert abs(costs.pop(best) / before - 1) < 0.1
    assert min(costs.values()) > 2 * before
    assert day(view, NONE) > 5 * before


def above(view, *fixes):
    """How many prompts are above the step."""
    return int(after(view, *fixes)["prompts above 100,000 tokens"].split()[0])


def test_cached_tokens_count_toward_the_step():
    """A cache makes each request cheaper and leaves all of them above the step."""
    view = price_step()
    assert above(view, NONE) == above(view, CACHE) == above(view, CHEAPER) == 40
    assert day(view, CACHE) < day(view, NONE)
    assert above(view, PASTE) == above(view, TRIM) == 20
    assert above(view, PASTE, TRIM) == 0


def test_a_lower_ceiling_saves_nothing_where_nobody_reaches_it():
    """You pay for what is written."""
    view = price_step()
    assert after(view, MAX_TOKENS) == after(view, NONE)


def test_the_same_fix_twice_is_one_fix():
    """And it is said once."""
    view = price_step()
    assert after(view, PASTE, PASTE) == after(view, PASTE)
    assert view.drawing.finding.count(PASTE) == 1


@pytest.mark.parametrize("form", ["live", "still"])
def test_both_forms_hold_both_amounts_and_every_kind(form):
    """And the moved control says what the amount was."""
    view = price_step().move(first=PASTE)
    page = view.drawing.body if form == "live" else view.drawing.picture
    sums = next(row for row in view.drawing.table.rows if row[0] == "together")
    assert all(cell in page for cell in sums[1:])
    kinds = ("ordinary questions", "long talks", "pasted manuals")
    assert all(kind in page for kind in kinds)
    assert "was <s>" in view.html


def test_equal_settings_give_equal_bytes_and_another_seed_another_day():
    """Whatever was looked at before."""
    view = price_step(seed=3)
    first = view.html
    assert view.move(first=TRIM).reset().html == first == price_step(seed=3).html
    assert first != price_step(seed=4).html


def test_a_seed_that_is_none_is_refused():
    """In words that name it."""
    with pytest.raises(ArgumentError, match="seed"):
        price_step(seed="today")
