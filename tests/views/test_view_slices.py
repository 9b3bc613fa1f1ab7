"""Slices: how many of each hold, which are lost, and a block for each while they are few."""

import re

from labkit.views.cost.slices import Asked, by_slice, slice_rows, slices_html, slices_picture

ONES = (
    Asked("a", "happy", holds=True, held=True),
    Asked("b", "edge", holds=False, held=True),
    Asked("c", "edge", holds=True, held=False),
    Asked("d", "edge", holds=False, held=False),
    Asked("e", "happy", holds=True, held=True),
)


def looks(html):
    """The blocks of all bars, in their order."""
    return re.findall(r'<i class="(f\d)" style="flex:(\d+)', html)


def test_slices_come_in_the_order_of_their_first_examples():
    """Each with its share, its interval, and what is other than before."""
    happy, edge = by_slice(ONES)
    assert (happy.name, happy.counted[:6], happy.change()) == ("happy", "2 of 2", "none lost")
    assert edge.counted[:6] == "1 of 3"
    assert edge.change() == "1 lost: b · 1 won: c · 1 failed before"


def test_each_example_has_a_block_while_a_slice_has_few():
    """Filled what holds, hatched what is won, dashed what is lost, empty what failed before."""
    html = slices_html(by_slice(ONES), "all of it")
    assert looks(html) == [("f1", "1"), ("f1", "1"), ("f2", "1"), ("f6", "1"), ("f5", "1")]
    many = [Asked(f"{n}", "x", holds=n < 50, held=True) for n in range(60)]
    assert looks(slices_html(by_slice(many), "all of it")) == [("f1", "50"), ("f6", "10")]


def test_three_names_are_said_and_the_others_counted():
    """A row stays a row; the table names each example."""
    lost = by_slice(Asked(f"n{n}", "x", holds=False, held=True) for n in range(5))
    assert lost[0].change() == "5 lost: n0, n1, n2 and 2 more"
    rows = slice_rows(lost)
    assert rows[0] == ("slice x", "0 of 5 (0–43\N{NARROW NO-BREAK SPACE}%); 5 lost")
    assert rows[1:] == [(f"example n{n}", "lost") for n in range(5)]


def test_the_still_picture_says_the_same():
    """A line of words over each image, and the same in its alt text."""
    html = slices_picture(by_slice(ONES), "all of it")
    assert html.count("<img") == 2
    assert html.count("1 lost: b · 1 won: c · 1 failed before") == 2


def test_names_are_text():
    """Whatever a slice or an example is called."""
    odd = by_slice([Asked("<u>", "<s>", holds=False, held=True)])
    for html in (slices_html(odd, "x"), slices_picture(odd, "x")):
        assert "<u>" not in html
        assert "<s>" not in html
        assert "&lt;u&gt;" in html
