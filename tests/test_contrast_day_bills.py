"""The view of a day's bill: its blocks are the meter's, and each fix removes one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from labkit.contrast import day_bills
from labkit.contrast.day_bills import AS_IT_IS, CACHES, KEPT, NONE
from labkit.cost import Line, blame, cache_bill, cost_of, cost_usd
from labkit.cost.pieces import Piece
from labkit.errors import ArgumentError

FAST, BALANCED, FRONTIER = "lab-fast-2", "lab-balanced-1", "lab-frontier-1"
NEEDS = {"topic": FAST, "answer": BALANCED}
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = list(CACHES)[2]


def line(label, minute, written=0):
    """One attempt of a day on which everything went to the best model."""
    usage = {
        "input_tokens": 20,
        "cache_creation_input_tokens": written,
        "output_tokens": 30,
    }
    size = (Piece("system", 2_000), Piece("documents", 20_000)) if written else ()
    return Line(
        label=label,
        model=FRONTIER,
        outcome="end_turn",
        when=START + timedelta(minutes=minute),
        bills=(cost_of(usage, FRONTIER),),
        pieces=(*size, Piece("question", 60)),
        usage=usage,
    )


LINES = [
    one
    for minute in (0, 2, 4, 30, 33, 61, 100, 104, 105, 130)
    for one in (line("topic", minute), line("answer", minute + 0.1, 6_000))
]


@pytest.fixture(scope="module")
def view():
    """The view of that day, at five questions an hour."""
    return day_bills(LINES, NEEDS, per_hour=5)


def rows(view):
    """The table by its row heads."""
    return {name: cells for name, *cells in view.drawing.table.rows}


def left(view, **moved):
    """What each cause costs with these fixes."""
    return {name: cells[1] for name, cells in rows(view.reset().move(**moved)).items()}


def test_the_first_bar_is_the_meters_own_split(view):
    """Per thousand questions: the causes of blame, and its total."""
    split = blame(LINES, needs=NEEDS)
    first = {name: cells[0] for name, cells in rows(view.reset()).items()}
    assert first["a dearer model than needed"] == f"{float(100 * split.causes['tier']):.2f}"
    assert first["a cache that was missed"] == f"{float(100 * split.causes['cache misses']):.2f}"
    assert first["the output"] == f"{float(100 * split.causes['output']):.2f}"
    assert first["together"] == f"{float(100 * split.total_usd):.2f}"


@pytest.mark.parametrize(("kept", "ttl"), [(KEPT, "5m"), (HOUR, "1h"), (NONE, None)])
def test_a_cache_costs_what_the_room_says(view, kept, ttl):
    """The prefix by ``cache_bill``, the rest by ``cost_usd``, on the models that are needed."""
    answers = [one for one in LINES if one.label == "answer"]
    bill = cache_bill([one.when.timestamp() for one in answers], 6_000, ttl, BALANCED)
    rest = {"input_tokens": 20, "output_tokens": 30}
    each = cost_usd(rest, BALANCED) + cost_usd(rest, FAST)
    found = left(view, kept=kept)
    assert found["together"] == f"{float(100 * (bill.cost_usd + 10 * each)):.2f}"
    assert found["prompts read from a cache"] == f"{bill.read} of 10"


def test_each_fix_removes_one_block(view):
    """The right model one, the stable prefix the other, and the rest of both stays."""
    tier, missed = "a dearer model than needed", "a cache that was missed"
    nothing = left(view, tier=False, kept=AS_IT_IS)
    assert nothing == {name: cells[0] for name, cells in rows(view).items()} | {
        "the same without a cache": nothing["the same without a cache"]
    }
    assert left(view, tier=True, kept=AS_IT_IS)[tier] == "0.00" != nothing[tier]
    assert left(view, tier=True, kept=AS_IT_IS)[missed] == nothing[missed] != "0.00"
    assert left(view, tier=False, kept=KEPT)[missed] == "0.00"


@pytest.mark.parametrize("kept", [KEPT, HOUR])
def test_at_low_traffic_a_cache_costs_and_at_high_traffic_it_saves(view, kept):
    """Both are said, and the dotted line stands on the other side of the bar's end."""
    seldom = left(view, kept=KEPT, rate=0.5)
    assert float(seldom["together"]) > float(seldom["the same without a cache"])
    assert "more than none" in view.drawing.finding
    often = left(view, kept=kept, rate=60.0)
    assert float(often["together"]) < float(often["the same without a cache"])
    assert "the cache saves" in view.drawing.finding


def test_a_marker_after_the_clock_is_dearer_than_no_cache(view):
    """On the day as it was nothing is read, and every write costs a quarter more."""
    found = left(view, tier=True, kept=AS_IT_IS)
    assert float(found["together"]) > float(found["the same without a cache"])
    assert found["prompts read from a cache"] == "0 of 10"


def test_without_a_cache_there_is_no_line_to_compare_with(view):
    """Neither in the table nor in the sentence."""
    assert "the same without a cache" not in left(view, kept=NONE)
    assert "cache" not in view.drawing.finding


@pytest.mark.parametrize("form", ["live", "still"])
def test_both_forms_hold_both_amounts(view, form):
    """And the moved control says what the amount was."""
    drawing = view.reset().move(rate=1.0).drawing
    page = drawing.body if form == "live" else drawing.picture
    assert all(one in page for one in rows(view)["together"])
    assert "was <s>" in view.html


def test_equal_settings_give_equal_bytes(view):
    """Whatever was looked at before."""
    assert view.reset().html == day_bills(LINES, NEEDS, per_hour=5).html


def test_a_day_of_another_pace_is_among_the_choices():
    """At its own rate it is the bill as it was recorded."""
    other = day_bills(LINES, NEEDS, per_hour=7.5)
    assert ("7.5, as on the day", 7.5) in other.controls["rate"].widget.options


@pytest.fixture
def talks():
    """Three talks an hour apart: a question, half a minute later the next, asked twice."""
    examples, talk = Piece("examples", 400), Piece("history", 900)
    lines = []
    for hour in range(3):
        first, then = line("answer", 60 * hour, 6_000), line("answer", 60 * hour + 0.5, 6_000)
        follows = replace(then, pieces=(*then.pieces[:-1], talk, then.pieces[-1]))
        later = replace(then, when=then.when + timedelta(seconds=3), again=True)
        topic = replace(line("topic", 60 * hour), pieces=(examples, Piece("question", 60)))
        lines += [topic, first, follows, later]
    return lines


def test_what_a_talk_has_stands_in_blocks_of_its_own(talks):
    """Examples, history and the second asking cost what the meter says; a question counts once."""
    first = {name: cells[0] for name, cells in rows(day_bills(talks, NEEDS, per_hour=2)).items()}
    split = blame(talks, needs=NEEDS)
    for name, cause in {
        "the examples": "few-shot",
        "the talk so far": "history",
        "asked again": "retries",
        "together": None,
    }.items():
        usd = split.causes[cause] if cause else split.total_usd
        assert first[name] == f"{float(1000 * usd / 6):.2f}" != "0.00"


def test_a_day_without_talks_has_no_rows_for_them(view):
    """Nor in the bars."""
    assert not {"the examples", "the talk so far", "asked again"} & {*rows(view)}


@pytest.mark.parametrize(("per_hour", "rate", "read"), [(20, 0.5, 6), (2, 60.0, 8)])
def test_who_reads_an_answer_reads_as_long_when_others_come_seldom(talks, per_hour, rate, read):
    """So the second question of a talk finds the cache, and the first may not."""
    found = left(day_bills(talks, NEEDS, per_hour=per_hour), kept=KEPT, rate=rate)
    assert found["prompts read from a cache"] == f"{read} of 9"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lines": [1]}, "lines"),
        ({"lines": []}, "no bill"),
        ({"needs": {"topic": "no-model"}}, "no-model"),
        ({"needs": 3}, "needs"),
        ({"per_hour": 0}, "per_hour"),
        ({"per_hour": "many"}, "per_hour"),
    ],
)
def test_what_cannot_be_used_is_refused(changed, said):
    """In words that name it."""
    given = {"lines": LINES, "needs": NEEDS, "per_hour": 5} | changed
    with pytest.raises(ArgumentError, match=said):
        day_bills(given.pop("lines"), given.pop("needs"), **given)
