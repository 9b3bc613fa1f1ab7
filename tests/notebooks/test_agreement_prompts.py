"""Prompt efficiency: the page of the second lab and ``labkit.cost`` say the same."""

import pytest

from labkit.contrast import output_lengths
from labkit.cost import ablate, pick_examples, set_ceiling
from labkit.errors import ArgumentError


def test_a_prompt_is_shortened_alike(cost_page):
    """C4: the same word for each rule, from what holds by scorer; the block adds a budget."""
    names = sorted(cost_page["holds"](cost_page["ALL"]))

    def held(rules):
        found = cost_page["holds"](rules)
        return {"\n".join(name): name in found for name in names}

    ours, block = cost_page["VERDICTS"], ablate(cost_page["ALL"], held, budget=99)
    assert list(ours.values()) == block.verdicts
    assert block.kept == cost_page["stay"]
    assert ablate(cost_page["ALL"], held, budget=3).verdicts.count("drop") == 0


def test_few_examples_are_picked_alike(cost_page):
    """C5: the first abstains, each class in turn, within the budget, and none that is asked."""
    asked = [row.input for row in cost_page["EVAL"]]
    pool = [*cost_page["POOL"], *cost_page["COPIED"]]
    for seed in range(1, 8):
        block = pick_examples(pool, 5, eval_inputs=asked, max_tokens=100, seed=seed)
        for chosen in (cost_page["pick"](5, seed), block):
            assert len(chosen) == len({one.label for one in chosen}) == 5
            assert chosen[0].abstains
            assert sum(one.tokens for one in chosen) <= 100
            assert not set(chosen) & set(cost_page["COPIED"])
            assert not any(cost_page["leaks"](one.input) for one in chosen)
    assert all(cost_page["leaks"](one.input) for one in cost_page["COPIED"])


@pytest.mark.parametrize("task", ["topic", "answer", "report"])
@pytest.mark.parametrize("seed", range(1, 8))
def test_a_ceiling_is_read_off_alike(cost_page, task, seed):
    """C6: of a thousand lengths, where one in a hundred may be cut; other cases are the block's."""
    lengths = output_lengths(task, seed=seed)
    assert cost_page["ceiling_for"](lengths) == set_ceiling(lengths, max_truncation=0.01)


def test_where_nobody_can_know_the_block_says_so(cost_page):
    """C6: for twenty lengths the page's fix gives a number, and the block none."""
    assert isinstance(cost_page["ceiling_for"](range(1, 21)), int)
    with pytest.raises(ArgumentError, match="max_truncation"):
        set_ceiling(range(1, 21), max_truncation=0.01)
