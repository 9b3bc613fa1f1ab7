"""The pieces that views share: a column, an axis, a plot, a table of two apps."""

import pytest
from view_scenes import Page, pictures

from labkit.views import Table, still
from labkit.views.pieces import SHARES, axis_html, badge, column_html, label_at
from labkit.views.plots import plot_html, still_dot, still_line
from labkit.views.sides import PARTIES, Party
from labkit.views.words import spoken

PROTOTYPE, PRODUCTION = PARTIES


@pytest.mark.parametrize("party", PARTIES)
def test_a_column_is_a_group_with_the_name_of_its_app(party: Party) -> None:
    """Who hears the page hears whose column it is, and no two words run together."""
    page = Page(column_html(party, "<span>answered</span>", "<p>Seven days.</p>"))
    column = page.tags[0].attributes
    assert (column["role"], column["aria-label"]) == ("group", party.name)
    assert column["class"].split() == ["lk-col", party.hue]
    assert page.text == f"{party.name} answeredSeven days."


def test_nothing_stands_beside_a_name_that_has_nothing_beside_it() -> None:
    """No space is left over, live or still."""
    assert Page(column_html(PRODUCTION, "")).text == "Production"
    assert Page(still.column(PRODUCTION, "")).text == "Production"
    assert Page(still.column(PRODUCTION, "by rule")).text == "Production\u2003by rule"


def test_an_axis_is_not_read_aloud_and_gives_up_a_name_where_it_is_narrow() -> None:
    """The numbers stand in the table; each name stands at its place, apart from the next."""
    page = Page(axis_html([(0, "0"), (100 / 3, "20"), (100.0, "60 s")], spare=100 / 3))
    outer, *names = (tag.attributes for tag in page.tags)
    assert outer["aria-hidden"] == "true"
    assert [name["style"] for name in names] == ["left:0%", "left:33.33%", "left:100%"]
    assert [name.get("class") for name in names] == [None, "wide", None]
    assert page.text == "0 20 60 s"


@pytest.mark.parametrize(
    ("place", "style"), [(12.5, "left:12.5%"), (50.0, "left:50%"), (80.25, "right:19.75%")]
)
def test_a_label_on_the_right_ends_at_its_place(place: float, style: str) -> None:
    """It would leave the picture if it began there."""
    assert label_at(place) == style


def test_a_badge_says_what_it_was_only_where_it_changed() -> None:
    """A move that leaves an ending as it is marks nothing."""
    assert Page(badge("ok", "answered", "crashed")).text == "✓ answered was crashed"
    assert badge("ok", "answered", "answered") == badge("ok", "answered")


def test_a_plot_says_what_it_shows_and_keeps_its_last_names_inside() -> None:
    """Its label is made harmless; the names at both ends of the axis do not stick out."""
    drawn = plot_html(
        "",
        "",
        levels=[(0.0, "1.00"), (50.0, "0.50")],
        ticks=[(0, "0"), (50.0, "12"), (100, "24 h")],
        high_px=200,
        said='<b>"cheaper"</b>',
    )
    tags = [tag.attributes for tag in Page(drawn).tags]
    assert (tags[0]["role"], tags[0]["aria-label"]) == ("img", '<b>"cheaper"</b>')
    sides = [tag["style"] for tag in tags if tag.get("class") == "y"]
    assert sides == ["top:-7.0px", "top:93.0px"]
    below = [tag["class"].split() for tag in tags if tag.get("class", "").startswith("x")]
    assert below == [["x", "s"], ["x"], ["x", "e"]]


def test_the_still_points_of_a_plot_lie_where_the_live_ones_do() -> None:
    """Per cent across and pixels down; the prototype's point is open, production's filled."""
    line = still_line([(0, 0), (50, 25), (100, 100)], 80, width=2)
    dots = [still_dot((50, 25), 80, "#123", is_open=is_open) for is_open in (True, False)]
    (svg,) = pictures(still.image(line + "".join(dots), 80, "a curve"))
    assert svg.count("<line ") == 2
    assert 'x1="50%" y1="20" x2="100%" y2="80"' in svg
    assert svg.count('cx="50%" cy="20"') == 2
    assert [f'fill="{fill}"' in dot for fill, dot in zip(("#fff", "#123"), dots, strict=True)] == [
        True,
        True,
    ]


def test_a_table_of_two_apps_has_a_row_for_each_label() -> None:
    """In the order of the labels, the prototype's value first."""
    one, other = {"calls": "3", "cost": "1.20"}, {"cost": "0.40", "calls": "1"}
    table = Table.of_two(one, other, "Both", corner="of 1,000", right=frozenset({1, 2}))
    assert table.header == ("of 1,000", "Prototype", "Production")
    assert table.rows == (("calls", "3", "1"), ("cost", "1.20", "0.40"))
    assert (table.caption, table.right) == ("Both", {1, 2})


def test_the_scale_of_a_share_names_its_unit_once() -> None:
    """From nothing to everything, live as well as still."""
    for one in (SHARES, still.SHARES):
        assert spoken(Page(one).text) == "0 50 100 %"
