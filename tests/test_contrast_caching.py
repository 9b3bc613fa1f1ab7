"""What a cached prefix costs: the curves are those of the formula, and the picture says them."""

import re

import pytest

from labkit import catalog
from labkit.contrast import cache_pays
from labkit.contrast.caching import COMES, FIRST, REQUESTS, day, pays_from
from labkit.cost import break_even_per_hour, cache_bill, expected_multiplier
from labkit.errors import ArgumentError
from labkit.views.cost.cache_plans import bars
from labkit.views.cost.cache_scene import DAY_S, PLANS, CacheSide
from labkit.views.twin import static_html

MODEL = "lab-frontier-1"
PRICE = catalog.model(MODEL).price
SEEDS = (7, 1, 2, 42, 99999)


def cells(view, name):
    """One row of the table: no cache, five minutes, an hour."""
    (row,) = [row[1:] for row in view.drawing.table.rows if row[0] == name]
    return row


@pytest.mark.parametrize("seed", SEEDS)
def test_random_moments_cost_what_the_formula_says(seed):
    """At every rate and both lifetimes, to a hundredth: the draws have no luck in them."""
    view = cache_pays(MODEL, seed=seed)
    for rate in (1, 2, 4, 8):
        _, *shown = cells(view, f"at {rate} an hour")
        for ttl, dear, cost in zip(("5m", "1h"), (1.25, 2.0), shown, strict=True):
            assert float(cost) == pytest.approx(expected_multiplier(rate, dear, 0.1, ttl), abs=0.01)


def test_it_pays_from_where_the_formula_says():
    """About 2.9 requests an hour for five minutes, and 0.75 for an hour."""
    assert break_even_per_hour(1.25, 0.1, "5m") == pytest.approx(2.94, abs=0.01)
    assert break_even_per_hour(2, 0.1, "1h") == pytest.approx(0.747, abs=0.001)
    never, minutes, hour = cells(cache_pays(MODEL), "pays")
    assert (never, minutes, hour) == ("never", "from about 3.0 on", "from about 0.75 on")


@pytest.mark.parametrize(
    ("come", "minutes", "hour"),
    [
        ("evenly", "at none of these", "from about 1.0 on"),
        ("five within a minute", "at all of these", "at all of these"),
        ("five at once", "at none of these", "from about 3.8 on"),
    ],
)
def test_how_they_come_moves_it(come, minutes, hour):
    """The number of requests an hour alone decides nothing."""
    assert cells(cache_pays(MODEL).move(come=come), "pays") == ("never", minutes, hour)


@pytest.mark.parametrize("come", COMES)
@pytest.mark.parametrize("per_hour", [0.25, 8.0])
def test_as_many_come_as_the_rate_says(come, per_hour):
    """A thousand, in order, at this rate, and the same ones for the same seed."""
    moments = COMES[come](per_hour, 7)
    assert moments == sorted(moments) == COMES[come](per_hour, 7)
    assert len(moments) == REQUESTS
    assert REQUESTS / (moments[-1] / 3_600) == pytest.approx(per_hour, rel=0.01)


def test_production_takes_the_cheapest_of_three():
    """No cache, five minutes or an hour: each where it costs least."""
    view = cache_pays(MODEL)
    taken = {
        (0.25, "at random moments"): "No cache",
        (2.0, "at random moments"): "1 hour",
        (0.25, "five within a minute"): "5 minutes",
    }
    for (per_hour, come), plan in taken.items():
        view.move(per_hour=per_hour, come=come)
        by = dict(zip(view.drawing.table.header[1:], cells(view, "taken by"), strict=True))
        assert "production" in by[plan], (per_hour, come)
        assert "prototype" in by["5 minutes"]
        costs = [float(cost) for cost in cells(view, "of no cache")]
        assert costs[[*by].index(plan)] == min(costs)


@pytest.mark.parametrize(
    ("per_hour", "come", "says"),
    [
        (2.0, "at random moments", r"^At 2 requests an hour .* 7.% dearer .*; the log says 1 hour"),
        (1.0, "at random moments", r"^At 1 request an hour "),
        (0.25, "at random moments", r"^At 0\.25 requests .* dearer .*; the log says no cache\.$"),
        (0.25, "five within a minute", r"cheaper than no cache, and the log says so, too\.$"),
    ],
)
def test_the_finding_says_what_the_marker_does_and_what_the_log_says(per_hour, come, says):
    """With the numbers of the picture."""
    assert re.search(says, cache_pays(MODEL).move(per_hour=per_hour, come=come).drawing.finding)


def test_below_the_minimum_nothing_is_cached_and_the_finding_says_that_nothing_does():
    """All plans cost the same; the shortest prefix is the model's own."""
    view = cache_pays(MODEL).move(prefix=412, per_hour=8.0)
    assert view.drawing.finding.startswith("A prefix of 412 tokens is below this model's 512")
    assert cells(view, "of no cache") == ("1.00", "1.00", "1.00")
    assert cells(view, "plain price") == ("1,000", "1,000", "1,000")
    assert cells(view, "pays")[1:] == ("at none of these", "at none of these")
    assert cache_pays("lab-fast-2").move(prefix=924).drawing.finding.count("1,024") == 1


def test_a_day_shows_what_each_request_pays():
    """Its bars add up to the bill of the same requests."""
    moments = [at_s for at_s in COMES["at random moments"](4.0, 7) if at_s < DAY_S]
    for ttl in PLANS:
        bill = cache_bill(moments, 6_000, ttl, PRICE, 512)
        bars = day(moments, bill, PRICE)
        assert [at_s for at_s, _ in bars] == moments
        assert sum(paid for _, paid in bars) / len(bars) == pytest.approx(bill.multiplier)


def test_where_it_begins_to_pay_is_found_between_two_rates():
    """Also at the first rate, and nowhere."""
    rates = (1.0, 2.0, 3.0)

    def found(limit):
        def share(rate):
            return 0.5 if rate > limit else 1.5

        return pays_from(share, [(rate, share(rate)) for rate in rates])

    assert found(2.2) == pytest.approx(2.2, abs=0.006)
    assert found(0.0) == 1.0
    assert found(9.0) is None


@pytest.mark.parametrize("form", ["live", "still"])
def test_both_forms_hold_the_facts_of_both_sides(form):
    """Every fact of the picture stands in its words, the prototype's first."""
    drawing = cache_pays(MODEL).drawing
    page = drawing.body if form == "live" else static_html(drawing)
    for name, value in drawing.facts.items():
        assert name.partition(" ")[2] in page
        assert value in page
    assert page.index("Prototype") < page.index("Production")
    assert "dotted: the plain price" in page


def test_every_bar_stays_inside_the_day():
    """Also where many stand beside each other in its last minute."""
    scene = cache_pays(MODEL).move(per_hour=8.0, come="five at once")
    late = CacheSide("production", cache_bill([0.0], 1, None, PRICE), ((DAY_S - 9.0, 1.0),) * 5)
    for drawn in (scene.drawing.body, bars(late)):
        places = [float(x) for x in re.findall(r'<rect x="([\d.]+)%"', drawn)]
        assert len(places) > 4
        assert max(places) < 100


def test_equal_settings_give_equal_bytes_and_a_change_says_what_was():
    """Moved and moved back it is the same picture; another seed draws another day."""
    view = cache_pays(MODEL, seed=5)
    first = view.html
    assert view.settings["per_hour"] == FIRST
    assert "was <s>" in view.move(per_hour=4.0).html
    assert view.reset().html == first == cache_pays(MODEL, seed=5).html
    assert cache_pays(MODEL, seed=6).html != first


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"model": 5}, "model is 5"),
        ({"model": "lab-fist-2"}, "'lab-fist-2' is not a model of the catalogue"),
        ({"model": "claude-sonnet-5-5"}, "model is 'claude-sonnet-5-5'"),
        ({"model": MODEL, "seed": "seven"}, "seed is 'seven'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, says):
    """With the value, what follows and what to do."""
    with pytest.raises(ArgumentError, match=rf"{says}\. [A-Z].*\. [A-Z]"):
        cache_pays(**arguments)
