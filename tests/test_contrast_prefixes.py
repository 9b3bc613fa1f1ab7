"""The view of a shared prefix: what is drawn is what the provider's cache did."""

import pytest

from labkit.contrast import prefixes
from labkit.contrast.prefix_requests import (
    AS_FOUND,
    BY_NAME,
    DATE_BEHIND,
    DATE_FIRST,
    DATE_LAST,
    DOCS_END,
    EVERY,
    LAST,
    NO_MARKER,
    PEOPLE,
    SYSTEM_END,
    Layout,
    series,
)
from labkit.errors import ArgumentError

READS = "Later requests that read"
PAID, PLAIN = "USD per 1,000 prompts", "Without a cache"
ALL = f"{len(PEOPLE) - 1} of {len(PEOPLE) - 1}"
NONE = f"0 of {len(PEOPLE) - 1}"


@pytest.fixture(scope="module")
def view():
    """One view; it sends each layout once."""
    return prefixes(seed=7)


def facts(view, date, marker, tools=BY_NAME):
    """What the picture says of a layout."""
    moved = view.move(date=date, marker=marker, tools=tools)
    assert moved.error is None
    return moved.drawing.facts


@pytest.mark.parametrize(
    ("date", "marker", "reads"),
    [
        (DATE_FIRST, SYSTEM_END, NONE),
        (DATE_FIRST, DOCS_END, NONE),
        (DATE_BEHIND, SYSTEM_END, NONE),
        (DATE_BEHIND, DOCS_END, ALL),
        (DATE_LAST, SYSTEM_END, ALL),
        (DATE_LAST, DOCS_END, ALL),
        (DATE_LAST, LAST, NONE),
        (DATE_LAST, NO_MARKER, NONE),
    ],
)
def test_who_reads(view, date, marker, reads):
    """Only a marker behind what never changes and before what does lets all others read."""
    assert facts(view, date, marker)[READS] == reads


@pytest.mark.parametrize("date", [DATE_FIRST, DATE_BEHIND, DATE_LAST])
def test_tools_in_any_order_read_nothing(view, date):
    """They stand first, so their order decides first."""
    assert facts(view, date, DOCS_END, AS_FOUND)[READS] == NONE


def test_the_prototype_is_a_quarter_dearer_and_the_fix_much_cheaper(view):
    """Both prices are those of the same prompts."""
    first = facts(view, DATE_FIRST, SYSTEM_END)
    assert float(first[PAID]) == pytest.approx(1.25 * float(first[PLAIN]), rel=0.005)
    assert "25" in view.drawing.finding
    last = facts(view, DATE_LAST, SYSTEM_END)
    assert float(last[PAID]) < float(last[PLAIN]) / 4
    assert "less" in view.drawing.finding


def test_a_marker_on_every_block_is_refused(view):
    """No number stands where nothing was answered."""
    refused = facts(view, DATE_FIRST, EVERY)
    assert refused[READS] == refused[PAID] == "none"
    assert "400" in view.drawing.finding


def test_the_blocks_say_what_the_usage_counts():
    """The tokens of the blocks by how they were billed are those of the usage."""
    for layout in (Layout(), Layout(date=DATE_LAST), Layout(date=DATE_LAST, marker=LAST)):
        for sent in series(layout, 7)[:3]:
            counted = {"read": 0, "written": 0, "full price": 0}
            for piece in sent.pieces.values():
                counted[piece.fate] += piece.tokens
            usage = sent.usage
            assert counted["read"] == usage.cache_read_input_tokens
            assert counted["written"] == usage.ephemeral_5m_input_tokens
            assert counted["full price"] == usage.input_tokens
            assert sent.prompt == usage.prompt


@pytest.mark.parametrize("form", ["html", "static", "text"])
def test_every_form_shows_blocks_difference_and_price(form):
    """Live, still and in words."""
    shown = getattr(prefixes(seed=7), form)
    for words in ("tools", "documents", "cache marker", "50.82", "40.69", "Tomasz"):
        assert words in shown
    if form != "text":
        assert "It is Monday, 09:00:41." in shown


def test_a_moved_control_says_what_was():
    """The number before stands struck out; equal settings give equal bytes."""
    one = prefixes(seed=7)
    before = one.text
    assert "was <s>50.82</s>" in one.move(date=DATE_LAST).html
    assert one.reset().text == before == prefixes(seed=7).text


def test_a_seed_must_be_a_whole_number():
    """Nothing is drawn for anything else."""
    with pytest.raises(ArgumentError, match="seed"):
        prefixes(seed="7")


@pytest.mark.parametrize("marker", [SYSTEM_END, DOCS_END])
def test_all_that_stands_before_the_marker_is_read(marker):
    """Tools, rules and documents; what is behind it is paid in full."""
    _, second, *_ = series(Layout(date=DATE_LAST, marker=marker), 7)
    fates = {name: piece.fate for name, piece in second.pieces.items()}
    assert {name for name, fate in fates.items() if fate == "read"} == {
        "tools",
        "rules",
        "documents",
    }
    assert set(fates.values()) == {"read", "full price"}
