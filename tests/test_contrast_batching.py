"""The view of a batch: labels as both ways to pair give them, times as the provider has them."""

import math
import re
import statistics
from decimal import Decimal

import pytest

from labkit import Lab
from labkit.contrast import batching
from labkit.cost import reconcile
from labkit.errors import ArgumentError
from labkit.sim.endpoints.batch import DAY_S
from labkit.views.cost.batches import lasting, place
from labkit.views.twin import static_html

NARROW = "\N{NARROW NO-BREAK SPACE}"


def sort_out(requests, results):
    """The whole block as the page's function."""
    found = reconcile(requests, results)
    return found.done, found.retry, found.dead


def by_place(requests, results):
    """What the page warns of, where its own function should be."""
    good = [one.result.message for one in results if one.result.type == "succeeded"]
    return dict(zip((one["custom_id"] for one in requests), good, strict=False)), [], {}


@pytest.fixture(scope="module")
def view():
    """One view for all tests; each sets its controls."""
    return batching(sort_out, usd=0.0135, seconds=1.1)


def rows(view):
    """The table by its row heads."""
    return {row[0]: row[1:] for row in view.drawing.table.rows}


def labels(view):
    """Own, somebody else's, none: of both ways."""
    names = ("its own answer", "somebody else's answer", "no answer yet")
    return list(zip(*(rows(view)[f"rows with {name}"] for name in names), strict=True))


@pytest.mark.parametrize(
    ("order", "zipped", "by_id"),
    [
        ("as sent", ("40", "0", "0"), ("40", "0", "0")),
        ("as sent, but for two", ("38", "2", "0"), ("40", "0", "0")),
        ("as sent, the first one failed", ("0", "39", "1"), ("39", "0", "1")),
    ],
)
def test_by_place_one_failure_is_enough(view, order, zipped, by_id):
    """A test in which all is well and in order shows nothing; by id each row has its own."""
    view.reset().move(rows=40, order=order)
    assert labels(view) == [zipped, by_id]


@pytest.mark.parametrize("seed", range(1, 9))
def test_in_any_order_hardly_a_row_keeps_its_own(seed):
    """One in all, on average, whatever the size."""
    view = batching(sort_out, usd=0.01, seconds=1.0, seed=seed)
    for size in (40, 400, 4_000):
        (own, other, none), by_id = labels(view.move(rows=size))
        assert int(own) < 6
        assert int(own) + int(other.replace(",", "")) == size
        assert none == "0"
        assert by_id == (f"{size:,}", "0", "0")


def test_the_pages_own_function_pairs_the_rows():
    """Where it goes by place, production is as wrong as the prototype, and the finding says so."""
    view = batching(by_place, usd=0.01, seconds=1.0).move(rows=40)
    zipped, by_id = labels(view)
    assert zipped == by_id
    assert f"by id {by_id[1]}." in view.drawing.finding


def test_a_batch_costs_half_of_the_loop(view):
    """Of the price per row that the page has measured."""
    view.reset()
    assert rows(view)["costs, USD"] == ("54.00", "27.00")
    assert "27.00 USD as a batch, 54.00 in a loop" in view.drawing.finding
    exact = batching(sort_out, usd=Decimal("0.0135"), seconds=1.1)
    assert exact.drawing.table == view.drawing.table


def test_the_loop_takes_its_seconds_and_sixteen_at_once_a_sixteenth(view):
    """And both are in time or too late, by the deadline."""
    found = rows(view.reset())
    assert found["time: loop"][0] == f"1.2{NARROW}h, too late"
    assert found["time: 16 at once"][0] == f"5{NARROW}min, in time"


def test_a_batch_is_for_the_most_part_early_and_only_promised_after_a_day(view):
    """Nothing is in time within ten seconds; within an hour most are; within 24 all have ended."""
    assert "too late" in rows(view.reset().move(deadline=10.0))["time: batch"][1]
    within = rows(view.move(deadline=3600.0))["time: batch"][1]
    assert 80 < int(re.search(r"(\d+) of 100 in time", within)[1]) < 100
    assert "the promise is 24" in view.drawing.finding
    assert "ended by then" in rows(view.move(deadline=DAY_S))["time: batch"][1]


def test_its_batches_take_as_long_as_the_simulated_providers():
    """The middle of ninety batches that were really made lies near the view's."""
    view = batching(sort_out, usd=0.01, seconds=1.0).move(rows=40)
    shown = float(rows(view)["time: batch"][1].split(NARROW)[0])
    params = {"max_tokens": 9, "messages": [{"role": "user", "content": "Hello"}]}
    took = []
    for seed in range(90):
        lab = Lab(seed)
        params["model"] = lab.model("fast")
        requests = [{"custom_id": f"a{n}", "params": params} for n in range(2)]
        batch = lab.client.messages.batches.create(requests=requests)
        lab.clock.sleep(DAY_S)
        ended = lab.client.messages.batches.retrieve(batch.id).ended_at
        took.append((ended - batch.created_at).total_seconds() / 60)
    assert statistics.median(took) == pytest.approx(shown, rel=0.35)


@pytest.mark.parametrize("form", ["live", "still"])
def test_both_forms_hold_every_number_of_the_table(view, form):
    """Costs, times and counts stand in the picture, not in the table alone."""
    drawing = view.reset().move(order="as sent, the first one failed").drawing
    page = drawing.body if form == "live" else drawing.picture
    assert all(f"<b>{usd}</b>" in page or usd in page for usd in rows(view)["costs, USD"])
    for count in ("3,999", "0", "1"):
        assert f"{count}</dd>" in page or f"<b>{count}</b>" in page or f">{count} <" in page
    for words in ("Prototype", "Production", "in time", "deadline", "zip()"):
        assert words in page
    assert "somebody else&#x27;s answer" in static_html(drawing)


def test_nothing_is_drawn_outside_of_the_picture():
    """What takes longer than two days stands at the end of the axis; no cost is drawn as none."""
    slow = batching(sort_out, usd=0, seconds=10_000)
    found = rows(slow)
    assert found["time: loop"][0].endswith("too late")
    assert found["costs, USD"] == ("0.00", "0.00")
    lefts = [float(one) for one in re.findall(r"left:([\d.]+)%", slow.drawing.body)]
    assert max(lefts) == 100
    assert (place(1), place(10), place(math.inf)) == (0, 0, 100)


def test_a_time_is_said_in_the_unit_that_suits_it():
    """No unit is crossed by rounding: what is less than an hour has no hours."""
    said = [lasting(one).replace(NARROW, " ") for one in (9.96, 59, 60, 3599, 3600, DAY_S, 5400)]
    assert said == ["10 s", "59 s", "1 min", "60 min", "1 h", "24 h", "1.5 h"]


def test_a_moved_control_says_what_it_was():
    """The cost before stands beside the new one, struck out."""
    view = batching(sort_out, usd=0.01, seconds=1.0)
    assert "was <s>20.00</s>" in view.move(rows=400).html


def test_equal_settings_give_equal_bytes():
    """And another seed gives another order."""
    first = batching(sort_out, usd=0.01, seconds=1.0, seed=5)
    assert first.move(rows=40).reset().html == first.reset().html
    assert first.html == batching(sort_out, usd=0.01, seconds=1.0, seed=5).html
    other = batching(sort_out, usd=0.01, seconds=1.0, seed=6)
    assert "seed 6" in other.text
    assert rows(other)["time: batch"] != rows(first)["time: batch"]


def test_a_function_that_raises_is_could_not_tell():
    """Nobody is blamed, and the view stays."""

    def breaks(requests, results):
        raise ValueError("no piles")

    view = batching(breaks, usd=0.01, seconds=1.0)
    assert "ValueError: no piles" in view.text


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"sort_out": None}, "sort_out is None"),
        ({"sort_out": len}, r"cannot be called with \(requests, results\)"),
        ({"usd": -1}, "usd is -1"),
        ({"usd": Decimal("nan")}, r"usd is Decimal\('NaN'\)"),
        ({"usd": Decimal(-1)}, "usd is -1"),
        ({"usd": "cheap"}, "usd is 'cheap'"),
        ({"seconds": math.nan}, "seconds is nan"),
        ({"seconds": None}, "seconds is None"),
        ({"seed": "seven"}, "seed is 'seven'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(settings, says):
    """With the value and what to do."""
    with pytest.raises(ArgumentError, match=says):
        batching(**{"sort_out": sort_out, "usd": 0.01, "seconds": 1.0, **settings})
