"""Models, windows and prices."""

import anthropic
import pytest
from anthropic.types import Usage

from labkit import catalog
from labkit.errors import ArgumentError


def test_each_tier_has_a_model_of_the_labs_own():
    """The three tiers have invented models that say which real class they are shaped like."""
    for name in catalog.TIERS:
        model = catalog.tier(name)
        assert model.tier == name
        assert model.made_up
        assert catalog.model(model.shaped_like).id == model.shaped_like


def test_no_made_up_model_wears_a_real_name():
    """Invented quality never carries a real model's id."""
    for model in catalog.models():
        assert model.made_up == model.id.startswith("lab-")


def test_an_alias_names_its_snapshot():
    """A moving name leads to the exact version behind it."""
    assert catalog.model("lab-fast-1").id == "lab-fast-1-20260301"
    assert catalog.model("claude-haiku-4-5").id == "claude-haiku-4-5-20251001"


def test_every_real_id_is_one_the_installed_sdk_knows():
    """Tripwire: an id that the SDK dropped has retired; update labkit/data/models.toml."""
    known = set(anthropic.types.Model.__args__[0].__args__)
    for model in catalog.models():
        if not model.made_up:
            assert {model.id, *model.aliases} <= known


def test_the_price_of_a_call_is_the_sum_of_its_parts():
    """Each kind of token is billed at its own price: 1,000 of each at 2, 10, 2.5 and 0.2 USD."""
    usage = Usage(
        input_tokens=1000,
        output_tokens=1000,
        cache_creation_input_tokens=1000,
        cache_read_input_tokens=1000,
    )
    assert catalog.cost_usd(usage, "lab-balanced-1") == pytest.approx(0.0147)


def test_a_long_prompt_pays_the_higher_price_for_all_of_it():
    """Above the price step every token of the request costs more, cached ones counted."""
    short = Usage(input_tokens=100_000, output_tokens=0)
    long = Usage(input_tokens=60_001, output_tokens=0, cache_read_input_tokens=40_000)
    assert catalog.cost_usd(short, "claude-haiku-5-5") == pytest.approx(0.01)
    assert catalog.cost_usd(long, "claude-haiku-5-5") == pytest.approx(0.0320005)


@pytest.mark.parametrize("junk", ["", "gpt", None, 3])
def test_an_unknown_model_is_refused_in_words(junk):
    """The message names the value, what follows, and the ids that exist."""
    with pytest.raises(ArgumentError, match=r"not a model.*Nothing can be priced.*lab-fast-2"):
        catalog.model(junk)


def test_an_unknown_tier_is_refused_in_words():
    """The message lists the three tiers."""
    with pytest.raises(ArgumentError, match="fast, balanced, frontier"):
        catalog.tier("cheap")
