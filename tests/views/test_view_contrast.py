"""The contrast shows what both apps did, in each of its states."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from view_scenes import ANSWERED, LIMITED, REPLY, Page, answered, crashed, pictures, result

from labkit.lab import Run
from labkit.trace import Attempt, Trace, Usage
from labkit.views import Drawing, View
from labkit.views.contrast import draw_contrast
from labkit.views.sides import side_from_run
from labkit.views.still_contrast import FRAME
from labkit.views.timeline import AttemptRow, axis_to, rows_of
from labkit.views.words import spoken


def said(drawing: Drawing) -> str:
    """All words of the live picture, with ordinary spaces."""
    return spoken(Page(drawing.body).text.replace("\u2002", " "))


def test_the_finding_counts_the_questions_of_both_apps() -> None:
    """The sentence holds the fault, its rate, and both counts."""
    assert spoken(draw_contrast(result()).finding) == (
        "With 529 overloaded on 50 % of attempts, production answers 11 of 12 people and helps "
        "with 1; the prototype answers 7."
    )


def test_with_one_question_the_finding_tells_what_both_do() -> None:
    """Without counts the sentence is about seconds and endings."""
    one = result(
        fault="one 429 and one 529",
        rate=None,
        prototype=crashed(outcomes=()),
        production=answered(outcomes=()),
    )
    assert spoken(draw_contrast(one).finding) == (
        "With one 429 and one 529, production answers in 4.9 seconds. "
        "The prototype crashes after 1.4 seconds."
    )


def test_columns_stand_in_their_order_with_their_hue_and_their_word() -> None:
    """Prototype first; each column is named and carries its own edge."""
    page = Page(draw_contrast(result()).body)
    columns = [tag.attributes for tag in page.tags if "lk-col" in tag.attributes.get("class", "")]
    assert [(c["class"], c["aria-label"]) for c in columns] == [
        ("lk-col p", "Prototype"),
        ("lk-col d", "Production"),
    ]


def test_swapped_results_swap_the_numbers() -> None:
    """The drawing takes its numbers from the value and nothing from the side's name."""
    left = answered(who="prototype")
    right = crashed(who="production")
    table = draw_contrast(result(prototype=left, production=right)).table
    assert ("total", "4.9\u202fs", "1.4\u202fs") in table.rows
    assert ("total", "1.4\u202fs", "4.9\u202fs") in draw_contrast(result()).table.rows


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"outcome": "crashed", "shown": None, "error": "E: x"}, "bad", "own error screen.E: x"),
        ({"outcome": "blank", "shown": ""}, "bad", "An empty bubble."),
        ({"outcome": "half a sentence", "shown": "Sure, first you"}, "bad", "Sure, first you"),
        ({"outcome": "waited too long", "shown": "Late."}, "bad", "Late."),
        ({"outcome": "helped", "shown": "Ask Kofi."}, "ok", "Ask Kofi."),
        ({"outcome": "answered", "shown": REPLY}, "ok", "[extensions]"),
        ({"outcome": "could not tell", "error": "The script ended."}, "na", "The script ended."),
    ],
)
def test_every_ending_has_its_badge_and_its_screen(
    changes: dict[str, object], kind: str, words: str
) -> None:
    """Filled, outlined or dotted, always with the word; below it what the person sees."""
    drawing = draw_contrast(result(production=answered(**changes)))
    badges = [t for t in Page(drawing.body).tags if "lk-badge" in t.attributes.get("class", "")]
    assert badges[1].attributes["class"] == f"lk-badge {kind}"
    assert changes["outcome"] in said(drawing)
    assert words in said(drawing)


def test_without_a_fault_nothing_differs_and_the_view_says_what_would_help() -> None:
    """The calm state keeps the columns and adds the bold fact."""
    calm = answered(attempts=(ANSWERED,), outcomes=("answered",) * 12)
    drawing = draw_contrast(
        result(fault="", rate=0, prototype=replace(calm, who="prototype"), production=calm)
    )
    assert drawing.finding == "No fault, no difference: both apps answer all 12 people."
    assert "Both apps answered at the first attempt. Choose a fault above" in said(drawing)
    assert "no fault" in str(drawing.provenance)


def test_a_value_that_changed_says_what_it_was() -> None:
    """Only facts that differ are marked; the sentence names the counts before."""
    first = draw_contrast(result())
    again = draw_contrast(
        result(production=answered(total_s=7.4, outcomes=("answered",) * 12)), first.facts
    )
    assert spoken(again.body).count("lk-was") == 1
    assert "7.4 s was 4.9 s" in said(again)
    assert again.change == "Before: 11 and 7."
    same = draw_contrast(result(), first.facts)
    assert same == first
    assert "lk-was" not in same.body


def test_what_changed_is_never_part_of_a_twin() -> None:
    """Table, picture and alt text are the same with and without a drawing before."""
    first = draw_contrast(result())
    moved = result(production=answered(total_s=9.0, outcomes=("answered",) * 12))
    other, plain = draw_contrast(moved, first.facts), draw_contrast(moved)
    assert other.change
    assert (other.table, other.picture) == (plain.table, plain.picture)
    assert other.finding == plain.finding


def test_a_long_reply_scrolls_in_its_bubble() -> None:
    """It takes the focus, and says what it is."""
    page = Page(draw_contrast(result(production=answered(shown="word " * 90))).body)
    (bubble,) = [t for t in page.tags if "clip" in t.attributes.get("class", "")]
    assert bubble.attributes["tabindex"] == "0"
    assert bubble.attributes["aria-label"] == "Reply"


def test_each_question_has_a_square_and_the_one_on_show_is_framed() -> None:
    """Squares of both apps stand under each other, in the order of the questions."""
    page = Page(draw_contrast(result()).body)
    rows = [
        t.attributes["aria-label"] for t in page.tags if t.attributes.get("class") == "lk-cells"
    ]
    assert rows == [
        "Prototype: 7 of 12 answered, 5 crashed",
        "Production: 11 of 12 answered, 1 helped",
    ]
    kinds = [t.attributes["class"] for t in page.named("i") if t.attributes.get("class", "x") in
             ("ok", "no", "help", "na", "ok here", "no here")]  # fmt: skip
    assert kinds == ["no here", *["no"] * 4, *["ok"] * 7, "ok here", *["ok"] * 10, "help"]


def test_one_more_attempt_is_one_more_in_every_form() -> None:
    """Attempts are counted where they are drawn, in the facts, the table and the picture."""
    few = result(production=answered(attempts=(ANSWERED,)))
    more = result(production=answered(attempts=(LIMITED, ANSWERED)))
    for whole, n in ((few, 1), (more, 2)):
        drawing = draw_contrast(whole)
        assert drawing.facts["production attempts"] == str(n)
        assert drawing.table.rows[2][2].startswith(f"{n} (")
    hatched = [
        sum("url(#bad)" in svg for svg in pictures(draw_contrast(whole).picture))
        for whole in (few, more)
    ]
    assert hatched[1] == hatched[0] + 1


def test_many_attempts_are_folded_with_their_number() -> None:
    """Seven rows, how many are left out, and the last one."""
    rows = tuple(
        AttemptRow("timed out", 7.0 * i, 7 * i + 5, failed=True, is_open=True) for i in range(40)
    )
    drawing = draw_contrast(result(prototype=crashed(attempts=rows, total_s=280)))
    assert "and 32 more attempts" in said(drawing)
    assert "40 timed out" in said(drawing)
    assert drawing.table.rows[2][1] == "40 (timed out, 40 times)"
    assert "and 32 more" in Page(drawing.picture).text


def test_a_side_is_made_from_what_the_lab_recorded() -> None:
    """Attempts, tokens, seconds and money come from the run's trace."""
    attempts = [
        Attempt(1, 0, "lab-fast-2", False, 0.0, 0.3, None, 529, "overloaded_error"),
        Attempt(1, 1, "lab-fast-2", True, 1.0, 6.0, None, None, "timeout"),
        Attempt(1, 2, "lab-fast-2", True, 7.0, 9.0, 8.0, 200, None, "end_turn",
                Usage(600, 40, 0, 100), 0.0012),
    ]  # fmt: skip
    run = Run("Q?", REPLY, None, Trace(attempts), 9.0)
    side = side_from_run(run, "production", "answered")
    assert side.attempts == (
        AttemptRow("529 overloaded", 0.0, 0.3, failed=True),
        AttemptRow("timed out", 1.0, 6.0, failed=True, is_open=True),
        AttemptRow("answered", 7.0, 9.0, 8.0),
    )
    assert (side.tokens_in, side.tokens_out, side.first_token_s, side.total_s) == (
        700,
        40,
        8.0,
        9.0,
    )
    assert side.cost_usd_per_1000 == pytest.approx(1.2)
    assert side.waited_s == pytest.approx(1.7)


@pytest.mark.parametrize(
    ("status", "error", "stop_reason", "word"),
    [
        (200, None, "refusal", "refused"),
        (200, None, "max_tokens", "cut at max_tokens"),
        (200, None, "brand_new", "brand_new"),
        (200, "overloaded_error", None, "overloaded in the stream"),
        (200, "cut_stream", None, "stream cut"),
        (500, "api_error", None, "500 server error"),
        (418, "teapot_error", None, "418 teapot_error"),
        (None, "connection_lost", None, "connection lost"),
        (None, "cancelled", None, "cancelled by the app"),
        (None, "out_of_budget", None, "refused by the budget"),
        (None, None, None, "under way"),
        (200, None, None, "no stop_reason"),
    ],
)
def test_every_attempt_has_words(
    status: int | None, error: str | None, stop_reason: str | None, word: str
) -> None:
    """Known outcomes get plain words, unknown ones their own."""
    attempt = Attempt(1, 0, "m", False, 0.0, 1.0, None, status, error, stop_reason)
    assert rows_of(Trace([attempt]))[0].label == word


@pytest.mark.parametrize(
    ("longest_s", "end_s", "step_s"),
    [(4.9, 6, 2), (1.2, 1.5, 0.5), (0.31, 0.4, 0.1), (100, 100, 50), (12.1, 15, 5), (0, 1, 0.5),
     (3604, 4000, 1000), (0.02, 0.02, 0.005)],
)  # fmt: skip
def test_an_axis_has_few_round_steps_and_holds_everything(
    longest_s: float, end_s: float, step_s: float
) -> None:
    """At most four steps; both apps share it."""
    axis = axis_to(longest_s)
    assert (axis.end_s, axis.step_s) == (pytest.approx(end_s), pytest.approx(step_s))
    assert axis.named(0) == "0"
    number, unit = axis.named(axis.ticks[-1]).split("\u202f")
    assert (float(number.replace(",", "")), unit) == (pytest.approx(end_s), "s")


def test_both_apps_are_drawn_on_one_clock() -> None:
    """The same second lies at the same place in both columns."""
    drawing = draw_contrast(result())
    assert drawing.body.count('class="bad" style="left:0.0%;width:3.33%"') == 2
    assert drawing.body.count(">6\u202fs</span>") == 2


def test_the_still_picture_holds_what_the_live_one_holds() -> None:
    """Who, how it went, every square with its glyph, the framed one, and the interval."""
    picture = draw_contrast(result()).picture
    words = spoken(Page(picture).text)
    assert words.count("Prototype") == words.count("Production") == 2
    for said_ in ("✕ crashed", "✓ answered", "All 12 people, one square each, the framed one"):
        assert said_ in words
    assert "✕ ✕ ✕ ✕ ✕ ✓ ✓ ✓ ✓ ✓ ✓ ✓7 of 12 answered (32–81 %) · 5 crashed" in words
    assert "✓ ✓ ✓ ✓ ✓ ✓ ✓ ✓ ✓ ✓ ✓ ✓11 of 12 answered (65–99 %) · 1 helped" in words
    assert picture.count(f'"{FRAME}"') == 2


def test_the_still_marks_are_well_formed_and_say_what_they_mark() -> None:
    """Rounded numbers; each image names seconds or an interval."""
    picture = draw_contrast(result()).picture
    for svg in pictures(picture):
        assert not re.search(r"\d\.\d{3}", svg)
        assert ET.fromstring(svg).attrib["width"] == "100%"
    alts = [spoken(image.attributes["alt"]) for image in Page(picture).named("img")]
    assert "attempt from 3.0 s to 4.9 s, first token at 3.7 s" in alts
    assert "32 to 81 %, the 95 % Wilson interval" in alts
    assert len(alts) == len(crashed().attempts) + len(answered().attempts) + 2


def test_a_reply_without_text_and_overlapping_attempts_are_drawn() -> None:
    """A refusal has no first token; attempts at the same time have no wait between them."""
    rows = (AttemptRow("refused", 0.0, 1.0), AttemptRow("refused", 0.5, 2.0))
    drawing = draw_contrast(result(production=answered(attempts=rows)))
    assert drawing.body.count('class="d first"') == 2
    assert drawing.body.count('class="wait"') == draw_contrast(
        result(production=answered(attempts=()))
    ).body.count('class="wait"')
    assert all(ET.fromstring(svg) is not None for svg in pictures(drawing.picture))


def test_an_app_that_sent_nothing_says_so() -> None:
    """No attempt is a sentence, not an empty axis."""
    drawing = draw_contrast(result(production=answered(attempts=())))
    assert "No attempt was made." in said(drawing)
    assert "No attempt was made." in Page(drawing.picture).text
    assert drawing.table.rows[2][2] == "none"


def test_an_unknown_price_is_a_word() -> None:
    """No number is invented where the catalogue knows none."""
    view = View(draw_contrast(result(production=answered(cost_usd_per_1000=None))))
    assert "price unknown" in view.html
    assert "unknown" in view.text


def test_a_fault_that_never_struck_is_not_called_no_fault() -> None:
    """Calm with a fault says so, and what would make the apps part."""
    calm = answered(attempts=(ANSWERED,), outcomes=("answered",) * 12)
    drawing = draw_contrast(
        result(rate=0.1, prototype=replace(calm, who="prototype"), production=calm)
    )
    assert spoken(drawing.finding) == (
        "With 529 overloaded on 10 % of attempts, both apps answer all 12 people."
    )
    assert "Let it strike more often to see them part." in said(drawing)


def test_the_price_of_one_crashed_question_says_that_nobody_was_helped() -> None:
    """With many questions the price is about all of them and says nothing of one."""
    one = result(prototype=crashed(outcomes=()), production=answered(outcomes=()))
    assert "0.00 USD per 1,000 questions; nobody was helped" in said(draw_contrast(one))
    assert "nobody was helped" not in said(draw_contrast(result()))
