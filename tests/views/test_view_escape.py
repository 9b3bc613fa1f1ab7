"""Foreign text is harmless in every view, in all its forms."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from view_scenes import DRAWINGS, Draw, Page, pictures

from labkit.views import View
from labkit.views.escape import clean, line, plain
from labkit.views.twin import WIDTH

MEGABYTE = 1_048_576
NASTY = {
    "html": "<h1>big</h1><b onclick='x()'>bold</b><img src=x onerror=alert(1)>",
    "script": "</p></svg><script>alert(1)</script>",
    "quotes": '" onmouseover="alert(1)" \' x=\'',
    "entities": "&lt;script&gt; &amp; &#60; ]]>",
    "terminal": "\x1b[31mred\x1b[0m \x07 \x08\x08 \x00 \x9b31m \x7f",
    "bidi": "user\u202etxt.exe \u2066hidden\u2069 \u200f ok",
    "surrogate": "half \ud83d of a pair \udc00",
    "invisible": "a\u200bb\ufeffc \U000e0041\U000e0042",
    "stacked": "Z" + "\u0335\u0321" * 200,
    "lines": "one\r\ntwo\rthree\u2028four\n\n\nfive",
    "long word": "A" * 5_000,
    "a megabyte": "word " * (MEGABYTE // 5) + "x",
    "a megabyte of blanks": " " * MEGABYTE,
    "empty": "",
}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
SAFE_TAGS = {
    "b", "br", "code", "details", "dd", "div", "dl", "dt", "em", "figcaption", "figure", "i", "img",
    "li", "ol", "p", "s", "small", "span", "summary", "table", "tbody", "td",
    "th", "thead", "tr", "u",
}  # fmt: skip


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_foreign_text_cannot_leave_its_place(draw: Draw, text: str) -> None:
    """Live HTML, static twin, picture and text keep their own form whatever stands in them."""
    view = View(draw(text))
    for html in (view.html, view.static):
        page = Page(html)
        assert not page.open
        assert {tag.name for tag in page.tags} <= SAFE_TAGS
        assert not [name for tag in page.tags for name in tag.attributes if name.startswith("on")]
        assert not CONTROL.search(html)
        assert len(html) < MEGABYTE // 5
    assert all(ET.fromstring(svg) is not None for svg in pictures(view.static))
    assert not CONTROL.search(view.text)
    assert max(map(len, view.text.splitlines())) <= WIDTH
    view.static.encode("utf-8")
    view.text.encode("utf-8")


def test_a_cut_says_where_and_of_how_much() -> None:
    """One megabyte becomes two thousand characters and a visible note."""
    shown = plain("x" * MEGABYTE)
    assert shown.endswith("… [cut after 2,000 of 1,048,576 characters]")
    assert shown.startswith("x" * 2_000 + " ")
    view = View(DRAWINGS["contrast"]("x" * MEGABYTE))
    assert "cut after 600 of 1,048,576 characters" in Page(view.static).text
    assert "cut after 2,000 of 1,048,576 characters" in Page(view.html).text
    assert "cut after 160 of 1,048,576 characters" in Page(view.static).text


def test_what_cannot_be_seen_is_named() -> None:
    """A control character appears as its number."""
    assert clean("a\x1b[31m\u202eb\ud800") == "a‹U+001B›[31m‹U+202E›b‹U+D800›"


def test_every_kind_of_line_end_is_one() -> None:
    """Windows, old and Unicode line ends become a newline, and a blank on one line."""
    assert clean("a\r\nb\rc\u2028d") == "a\nb\nc\nd"
    assert line("a\r\n b\t\u202fc") == "a b \u202fc"


def test_writing_of_all_languages_stays_as_it_is() -> None:
    """Joiners, marks and right-to-left letters belong to languages and are kept."""
    for text in ("¿Puedo alargarlo?", "كم يومًا؟", "می‌خواهم", "👩‍🔧", "Tiếng Việt", "हिन्दी", "a\tb"):
        assert clean(text) == text


@given(st.text(), st.integers(1, 50))
def test_cleaning_is_bounded_and_settled(text: str, limit: int) -> None:
    """Clean text is never unsafe, and cleaning it again changes nothing."""
    shown = clean(text, limit)
    assert not CONTROL.search(shown)
    assert len(shown) <= limit * 10 + 60
    assert clean(shown) == shown
    assert "\n" not in line(text, limit)


def test_a_value_that_cannot_be_written_is_named() -> None:
    """An object whose text raises does not take the view with it."""

    class Silent:
        def __str__(self) -> str:
            raise ValueError

    assert clean(Silent()) == "a Silent that cannot be shown"
