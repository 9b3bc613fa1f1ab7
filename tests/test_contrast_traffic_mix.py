"""The view of the mixes: its numbers are those of the log, of the samples and of the draw."""

import re

import pytest

from labkit.case import samples, traffic_log
from labkit.contrast import traffic_mix
from labkit.errors import ArgumentError
from labkit.evals import jensen_shannon, sample_for_eval
from labkit.sim.clock import LAB_BEGINS
from labkit.views.twin import static_html

TODAY = LAB_BEGINS.date()


def redact(text):
    """Take out long numbers and addresses of mail."""
    return re.sub(r"\S+@\S+|\+?\d[\d ]{3,}\d", "[taken out]", text)


@pytest.fixture(scope="module")
def view():
    """One view for all tests; each sets its controls."""
    return traffic_mix(redact)


def rows(view):
    """The table by its row heads."""
    return {row[0]: row[1:] for row in view.drawing.table.rows}


def counted(things, of):
    """How many there are of each."""
    found = {}
    for one in things:
        found[of(one)] = found.get(of(one), 0) + 1
    return found


def test_what_was_drawn_is_nearer_to_the_traffic_than_what_was_written():
    """In topics and in lengths, whatever the seed; nothing is compared with what must not be."""
    for seed in range(1, 9):
        found = rows(traffic_mix(redact, seed=seed))
        for name in ("topics", "lengths"):
            written, drawn, traffic = found[f"{name}, bits apart"]
            assert float(drawn) < float(written)
            assert traffic == "0"


def test_the_numbers_are_those_of_the_samples_the_draw_and_the_usable_log(view):
    """Shares and distances, worked out again from the data."""
    view.move(k=20, times=3, draw=4)
    drawn = sample_for_eval(
        traffic_log(),
        20,
        seed=10,
        redact=redact,
        stratify_by="topic",
        oversample=3,
        today=TODAY,
    )
    usable = [one for one in traffic_log() if not one.opted_out and one.expires > TODAY]
    hand = counted((one for one in samples() if one.source == "written"), lambda one: one.tags[1])
    log, made = (counted(each, lambda one: one.topic) for each in (usable, drawn))
    found = rows(view)
    assert found["topics, bits apart"] == (
        f"{jensen_shannon(hand, log):.2f}",
        f"{jensen_shannon(made, log):.2f}",
        "0",
    )
    shares = [counts["fees"] / sum(counts.values()) for counts in (hand, made, log)]
    assert found["topics: fees"] == tuple(
        f"{100 * one:.0f}\N{NARROW NO-BREAK SPACE}%" for one in shares
    )
    assert view.drawing.table.header[1:] == (
        "68 written by hand",
        "20 drawn",
        f"{len(usable)} that may be used",
    )
    down = [one for one in drawn if one.feedback == "down"]
    assert found["thumbs down"][1] == f"{len(down)} of 20"


def test_more_thumbs_down_are_drawn_and_stand_for_as_many(view):
    """Over-sampling changes how many, and not what they stand for together."""
    few = rows(view.move(k=40, times=1, draw=2))
    many = rows(view.move(times=6))
    assert int(many["thumbs down"][1].split()[0]) > 2 * int(few["thumbs down"][1].split()[0])
    assert many["they stand for"] == few["they stand for"]


def test_a_detail_that_no_pattern_knows_is_counted():
    """Names come through; a redactor that takes out everything lets none through."""
    left = [
        rows(traffic_mix(redact).move(k=60, draw=n))["planted details left"][1] for n in (1, 2, 3)
    ]
    assert set(left) != {"none"}
    nothing = traffic_mix(lambda text: re.sub(r"[A-Z]\w*|\d", "", text)).move(k=60)
    assert rows(nothing)["planted details left"][1] == "none"


@pytest.mark.parametrize("form", ["live", "still"])
def test_both_forms_hold_every_number_of_the_table(view, form):
    """Names, shares and distances stand in the picture, not in the table alone."""
    drawing = view.reset().drawing
    page = drawing.body if form == "live" else drawing.picture
    for name, *cells in drawing.table.rows:
        head, _, what = name.partition(": ")
        assert (what or head.partition(",")[0]) in page
        assert all(cell in page for cell in cells if cell != "0")
    assert all(word in page for word in ("Prototype", "Production", "Traffic"))
    assert "details left" in static_html(drawing)


def test_a_distance_beyond_the_scale_ends_at_its_end(view):
    """Nothing is drawn outside of the picture, and the number is still the true one."""
    scene = view.drawing
    wide = [float(one) for one in re.findall(r"width:([\d.]+)%", scene.body)]
    assert max(wide) <= 100
    one = traffic_mix(lambda text: f"{text} {'and more ' * 9}").reset()
    assert float(rows(one)["lengths, bits apart"][1]) > 0.4
    assert max(float(each) for each in re.findall(r"width:([\d.]+)%", one.drawing.body)) == 100


def test_a_moved_control_says_what_the_distance_was():
    """The number before stands beside the new one, struck out."""
    view = traffic_mix(redact)
    was = rows(view)["lengths, bits apart"][1]
    assert f"was <s>{was}</s>" in view.move(times=6).html


def test_equal_settings_give_equal_bytes_and_another_draw_gives_others():
    """Draw 2 of seed 5 is draw 1 of seed 6: the seed stands below the finding."""
    view = traffic_mix(redact, seed=5)
    first = view.html
    assert view.move(draw=9).reset().html == first == traffic_mix(redact, seed=5).html
    second = view.move(draw=2)
    assert "seed 6" in second.text
    assert second.drawing.table == traffic_mix(redact, seed=6).drawing.table


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: traffic_mix(None), "redact is None"),
        (lambda: traffic_mix(redact, seed="seven"), "seed is 'seven'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make, says):
    """With the value and what to do."""
    with pytest.raises(ArgumentError, match=says):
        make()
