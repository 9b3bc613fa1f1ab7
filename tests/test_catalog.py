"""Models, windows and prices."""

import re
from dataclasses import fields
from datetime import date, datetime

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


def test_an_hour_in_the_cache_has_a_price_of_its_own():
    """Of 1,000 tokens written, 600 for an hour: 400 at 2.5 and 600 at 4 USD per million."""
    split = {"ephemeral_5m_input_tokens": 400, "ephemeral_1h_input_tokens": 600}
    usage = Usage(
        input_tokens=0, output_tokens=0, cache_creation_input_tokens=1000, cache_creation=split
    )
    assert catalog.cost_usd(usage, "lab-balanced-1") == pytest.approx(0.0034)
    usage = usage.model_copy(update={"cache_creation": None})
    assert catalog.cost_usd(usage, "lab-balanced-1") == pytest.approx(0.0025)


def test_a_batch_pays_half_and_the_us_a_tenth_more():
    """The usage says so itself, or the caller does; an older model costs the same in the US."""
    plain = Usage(input_tokens=1_000_000, output_tokens=0)
    batch, us = Usage(**{**plain.to_dict(), "service_tier": "batch"}), {"inference_geo": "us"}
    assert catalog.cost_usd(batch, "lab-balanced-1") == pytest.approx(1.0)
    assert catalog.cost_usd(plain, "lab-balanced-1", service_tier="batch") == pytest.approx(1.0)
    assert catalog.cost_usd(plain, "lab-balanced-1", **us) == pytest.approx(2.2)
    assert catalog.cost_usd(Usage(**plain.to_dict(), **us), "lab-balanced-1") == pytest.approx(2.2)
    assert catalog.cost_usd(plain, "claude-sonnet-4-5", **us) == pytest.approx(3.0)


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


def test_an_alias_means_the_newest_version_of_its_day():
    """The same name means one version before a release and another from it on."""
    last, first = date(2026, 11, 30), date(2026, 12, 1)
    assert catalog.model("lab-fast-1", last).id == "lab-fast-1-20260301"
    assert catalog.model("lab-fast-1", first).id == "lab-fast-1-20261201"
    assert catalog.model("lab-fast-1", date(2020, 1, 1)).id == "lab-fast-1-20260301"
    assert catalog.model("lab-fast-1-20261201").id == "lab-fast-1-20261201"


def test_an_alias_may_move_to_another_price():
    """The name that says latest means the cheaper model from its first day on."""
    before, after = (catalog.model("lab-fast-latest", date(2026, 10, day)) for day in (6, 7))
    assert (before.id, after.id) == ("lab-fast-2", "lab-fast-3")
    assert before.price.input == 10 * after.price.input
    assert catalog.tier("fast").id == "lab-fast-2"


def test_a_retirement_without_a_known_announcement_is_announced_in_time():
    """A model that is known to retire is deprecated 60 days before at the latest."""
    sonnet = catalog.model("claude-sonnet-4-5")
    assert sonnet.deprecated is None
    assert sonnet.stage(date(2026, 9, 30)) == "active"
    assert sonnet.stage(date(2026, 10, 1)) == "deprecated"
    assert sonnet.stage(date(2026, 11, 30)) == "retired"


def test_every_model_of_the_sdk_is_in_the_catalogue():
    """Tripwire: a new id belongs in labkit/data/models.toml, with its sources."""
    known = set(anthropic.types.Model.__args__[0].__args__)
    ours = {name for one in catalog.models() for name in (one.id, *one.aliases)}
    nothing_published = {"claude-mythos-5", "claude-mythos-5-1", "claude-mythos-preview"}
    assert known - ours == nothing_published


def test_the_sdk_and_the_catalogue_agree_on_retirements():
    """Tripwire: each date that the SDK warns with is ours; update labkit/data/models.toml."""
    warned = dict(anthropic.resources.messages.messages.DEPRECATED_MODELS)
    assert warned.pop("claude-mythos-preview") == "June 30th, 2026"
    ours = {
        name: day
        for one, day in (
            *((gone, gone.retired) for gone in catalog.retired()),
            *((model, model.retires) for model in catalog.models()),
        )
        for name in (one.id, *one.aliases)
    }
    for name, words in warned.items():
        day = re.sub(r"(\d)(st|nd|rd|th)", r"\1", words)
        assert ours[name] == datetime.strptime(day, "%B %d, %Y").date(), name


def test_the_lines_are_the_sdks():
    """Tripwire: a model belongs to a line of the SDK, or as the lab's own do to none."""
    known = set(anthropic.types.ModelLine.__args__)
    for model in catalog.models():
        assert (model.line in known) != model.made_up
    assert {gone.line for gone in catalog.retired()} <= {*known, None}


def test_a_price_that_is_not_published_is_not_guessed():
    """A usage is priced as long as it needs only published prices."""
    plain = Usage(input_tokens=1000, output_tokens=100)
    assert catalog.cost_usd(plain, "claude-fable-5-2") == pytest.approx(0.012)
    cached = Usage(input_tokens=0, output_tokens=0, cache_read_input_tokens=5)
    with pytest.raises(ArgumentError, match=r"no published price.*cannot be priced.*another model"):
        catalog.cost_usd(cached, "claude-fable-5-2")


def test_a_lab_model_has_the_rules_of_its_class():
    """The upgrade that the lab can practise is the real one: the same windows, rules and prices."""
    ours, real = catalog.model("lab-fast-3"), catalog.model("claude-haiku-5-5")
    for field in fields(catalog.Model):
        if field.name not in {"id", "display_name", "line", "aliases", "made_up", "shaped_like"}:
            assert getattr(ours, field.name) == getattr(real, field.name), field.name
