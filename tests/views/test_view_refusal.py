"""What the two people see, and what goes back with the next question."""

from dataclasses import replace

import pytest
from view_scenes import Page, refusal_view, scene

from labkit.views.phones import Phone, Turn
from labkit.views.reliability.refusals import draw_refusal


def said(html: str) -> str:
    """All words."""
    return Page(html).text


def test_the_finding_follows_both_apps_into_the_next_question() -> None:
    """What each shows, and what its next question meets."""
    assert draw_refusal(scene()).finding == (
        "The prototype crashes, then is refused again; production says where to turn, then answers."
    )


@pytest.mark.parametrize(
    ("outcome", "text", "words"),
    [
        ("crashed", "", "This page has stopped working.IndexError: no block"),
        ("half a sentence", "Sure, first you", "Sure, first youand no more comes"),
        ("refused", "I'm sorry.", "I'm sorry."),
        ("answered", "7 days. [extensions]", "7 days. [extensions]"),
    ],
)
def test_the_screen_shows_what_the_person_sees(outcome: str, text: str, words: str) -> None:
    """Each way a refusal reaches the screen has its own form."""
    phone = Phone("prototype", outcome, text, error="IndexError: no block")
    assert words in said(draw_refusal(scene(prototype=phone)).body)


def test_both_endings_stand_in_words_before_the_screen() -> None:
    """Who looks at the top of a column knows what the person gets, now and next."""
    words = said(draw_refusal(scene(prototype=Phone("prototype", "blank"))).body)
    assert words.startswith("PrototypeNoor sees✕ an empty bubblenext question✓ an answer")
    assert "ProductionNoor sees✓ where to turnnext question✓ an answerWhat Noor sees" in words


def test_an_empty_bubble_is_named_for_who_cannot_see_it() -> None:
    """Nothing to read is something to know."""
    page = Page(draw_refusal(scene(prototype=Phone("prototype", "blank"))).body)
    assert "an empty bubble" in page.text


def test_a_turn_that_was_taken_out_is_struck_and_says_so() -> None:
    """In words and in a struck-out element, in the live view and in the picture."""
    drawing = draw_refusal(scene())
    page = Page(drawing.body)
    assert len(page.named("s")) == 1
    assert "Noor · refused, taken out How do I take the guard off?" in page.text
    assert "Noor · refused, still there How do I take the guard off?" in page.text
    assert len(Page(drawing.picture).named("s")) == 1
    assert "Noor · refused, taken out" in Page(drawing.picture).text


def test_the_line_ends_in_a_bar_or_in_a_tip() -> None:
    """Stopped for the prototype, through for production."""
    page = Page(draw_refusal(scene()).body)
    ends = [t.attributes["class"] for t in page.named("li") if "fate" in t.attributes["class"]]
    assert ends == ["fate stop", "fate end"]
    assert "refused again" in page.text


def test_the_table_counts_what_goes_back_and_what_was_taken_out() -> None:
    """The twin holds the history as numbers."""
    rows = {row[0]: row[1:] for row in draw_refusal(scene()).table.rows}
    assert rows["goes back"] == ("1 message", "none")
    assert rows["taken out"] == ("none", "1 message")
    assert rows["next question"] == ("refused", "answered")


def test_an_empty_reply_in_the_history_is_shown_as_empty() -> None:
    """A message without text is still a message."""
    phone = replace(scene().prototype, history=(Turn("assistant", "", refused=True),))
    assert "Latch · refused, still there (empty)" in said(draw_refusal(scene(prototype=phone)).body)


def test_another_shape_says_what_was_there_before() -> None:
    """The badge of a side that changed names the ending before."""
    first = draw_refusal(scene())
    other = replace(scene().prototype, outcome="half a sentence", text="Sure, first you")
    again = draw_refusal(scene("mid-stream", prototype=other), first.facts)
    assert "was an error page" in said(again.body)
    assert "was" not in said(draw_refusal(scene(), first.facts).body)


def test_the_control_moves_the_shape() -> None:
    """The provenance names the shape that is drawn."""
    view = refusal_view().move(shape="canned text")
    assert "refusal: canned text" in view.text
    assert view.controls["shape"].widget.description == "Shape · was empty content"


def test_the_still_picture_is_two_screens() -> None:
    """Both screens, both histories, and each fate twice: at the top and where its line ends."""
    words = Page(draw_refusal(scene()).picture).text
    assert words.count("Write a message") == 2
    assert words.count("✕ refused again") == words.count("✓ an answer") == 2
    assert "Noor sees ✓ where to turn" in words


@pytest.mark.parametrize(
    ("outcome", "text", "words"),
    [
        ("blank", "", "an empty bubble"),
        ("half a sentence", "Sure, first you", "Sure, first youand no more comes"),
    ],
)
def test_the_still_screen_says_what_is_missing(outcome: str, text: str, words: str) -> None:
    """Nothing, and half of something, are named below the bubble."""
    phone = Phone("prototype", outcome, text)
    assert words in Page(draw_refusal(scene(prototype=phone)).picture).text
