"""Two phones: what stood on which screen and when, and the same at the pace at which it came."""

import re

import pytest

from labkit.contrast import two_phones
from labkit.contrast.two_phones import (
    ENDS,
    ERROR,
    REFUSED,
    SECRET,
    WHOLE,
    Script,
    layers_of,
    seen_of,
)
from labkit.cost import relay
from labkit.errors import ArgumentError
from labkit.lab import Screen
from labkit.sim import tokens
from labkit.views.cost.replays import LONGEST
from labkit.views.twin import static_html

QUESTION = "How do I use the pressure washer?"
SENTENCE = "Keep the jet of the washer away from wood, and from the paint of cars as well. "
WORDS = (SENTENCE * 8).strip()
CODE = "The key safe opens with 4711."
ASKED = {
    "model": "lab-frontier-1",
    "max_tokens": 900,
    "messages": [{"role": "user", "content": QUESTION}],
}
AFTER = {"refused": "Ask at the desk.", "withheld": "\nAsk at the desk.", "incomplete": "\nCut."}


def waits(client, question, screen):
    """The whole answer at once."""
    screen.write(client.messages.create(**ASKED).content[0].text)


def streams(client, question, screen):
    """Whatever comes, as it comes."""
    with client.messages.stream(**ASKED) as stream:
        for piece in stream.text_stream:
            screen.write(piece)


def relays(client, question, screen):
    """Checked sentences, and a word about how it ended."""
    with client.messages.stream(**ASKED) as stream:
        done = relay(
            stream, lambda one: "4711" not in one, screen.write, retract=lambda: screen.replace("")
        )
    if done.outcome != "done":
        screen.write(AFTER[done.outcome])


def phones(left=waits, beside=relays, **settings):
    """The view of two apps."""
    return two_phones(left, beside, QUESTION, WORDS, **{"secret": CODE, **settings})


def cells(view, name):
    """One row of the table, prototype first."""
    (row,) = [row[1:] for row in view.drawing.table.rows if row[0] == name]
    return row


def in_seconds(view, name):
    """One row of the table as numbers."""
    return [float(cell.split("\N{NARROW NO-BREAK SPACE}")[0]) for cell in cells(view, name)]


@pytest.mark.parametrize("seed", [7, 1, 2])
def test_both_show_the_same_answer_and_one_of_them_much_sooner(seed):
    """The blocking app in one part at the end, the relaying one sentence by sentence."""
    view = phones(seed=seed)
    first, end = in_seconds(view, "first words"), in_seconds(view, "the end")
    assert cells(view, "outcome") == ("the whole answer", "the whole answer")
    assert cells(view, "parts") == ("1", "8")
    assert first[0] == end[0] == end[1]
    assert first[1] < 0.6 * first[0]
    assert view.drawing.finding.startswith("The first words come after ")


@pytest.mark.parametrize(
    ("happens", "left", "beside"),
    [
        (SECRET, "what may not be shown", "where to turn"),
        (REFUSED, "what was refused", "where to turn"),
        (ENDS, "an error page", "where to turn"),
        (ERROR, "the whole answer", "where to turn"),
    ],
)
def test_what_each_reader_has_in_the_end(happens, left, beside):
    """A blocking call is tried again after an error; a stream is not."""
    view = phones().move(happens=happens)
    assert cells(view, "outcome") == (left, beside)
    assert left in view.drawing.finding
    assert beside in view.drawing.finding
    assert cells(view, "leaked") == (str(len(CODE)) if happens == SECRET else "0", "0")


@pytest.mark.parametrize(
    ("happens", "word", "leaked"),
    [
        (SECRET, "what may not be shown", len(CODE)),
        (REFUSED, "what was refused", 0),
        (ENDS, "half a sentence", 0),
    ],
)
def test_raw_streaming_shows_what_the_relay_holds_back(happens, word, leaked):
    """Half a sentence, a refused one, a secret: it is on the screen before anybody checks."""
    view = phones(streams).move(happens=happens, at=60)
    assert cells(view, "outcome")[0] == word
    assert cells(view, "leaked") == (str(leaked), "0")


def test_what_was_taken_back_is_told():
    """In the table, and not on the finished screen."""
    view = phones().move(happens=REFUSED)
    nothing, taken = cells(view, "taken back")
    assert nothing == "nothing"
    assert taken.startswith("Keep the jet")
    assert cells(view, "in the end")[1] == "Ask at the desk."


def test_more_tokens_a_second_come_sooner():
    """About as many as the slider says."""
    view = phones(waits, waits)
    slow, fast = (in_seconds(view.move(speed=speed), "the end")[0] for speed in (10, 60))
    assert slow == pytest.approx(6 * fast, rel=0.05)
    assert len(tokens.split(WORDS)) / slow == pytest.approx(10, rel=0.35)


def test_where_something_happens_is_a_token():
    """The later, the more sentences are there."""
    view = phones().move(happens=ENDS, at=20)
    few = int(cells(view, "parts")[1])
    assert int(cells(view.move(at=100), "parts")[1]) > few


def test_a_button_plays_the_picture_and_leaves_it():
    """Its name says how long that takes; the words stay, and so does the text twin."""
    view = phones()
    before, finished = view.text, view.html
    (play, _) = view._buttons
    assert re.fullmatch(r"Play at real pace · [\d.]+\u202fs", play.description)
    assert "lk-play" not in finished
    play.click()
    first = view.html
    play.click()
    again = view.html
    assert "lk-play a" in first
    assert "lk-play b" in again
    assert first.replace("lk-play a", "lk-play b") == again
    assert view.text == before
    assert not play.disabled
    assert view.reset().html == finished


def test_what_comes_late_says_when():
    """Every piece has its second, and what is seen only meanwhile how long."""
    view = phones().move(happens=REFUSED)
    body = view.drawing.body
    late = [float(at) for at in re.findall(r'class="late" style="--t:([\d.]+)s"', body)]
    assert len(late) > 4
    assert f"{max(late):.1f}" == f"{max(in_seconds(view, 'the end')):.1f}"
    assert re.search(
        r'class="lk-it gone" aria-hidden="true" dir="auto" style="--t:[\d.]+s;--d', body
    )
    assert body.count('class="lk-it none gone"') == 2


def test_a_name_of_the_button_hangs_on_the_controls():
    """What takes longer says so."""
    view = phones()
    before = view._buttons[0].description
    assert view.move(speed=10)._buttons[0].description != before
    assert view.reset()._buttons[0].description == before


@pytest.mark.parametrize("form", ["live", "still"])
def test_both_forms_hold_the_facts_of_both_sides(form):
    """Words, numbers and the prototype first."""
    drawing = phones().move(happens=SECRET).drawing
    page = drawing.body if form == "live" else static_html(drawing)
    for name, value in drawing.facts.items():
        assert value in page
        assert name.endswith("ending") or name.partition(" ")[2] in page
    assert page.index("Prototype") < page.index("Production")


def test_a_screen_may_stay_empty():
    """Of an app that shows nothing, and of one that empties it."""
    view = phones(lambda client, question, screen: None, lambda *given: given[2].replace(" "))
    assert cells(view, "outcome") == ("nothing", "nothing")
    assert cells(view, "first words")[0] == "none"
    assert "no words" in view.drawing.body
    assert "Nothing." in view.drawing.body
    assert "Nothing." in view.static


def test_an_app_that_never_ends_is_a_result():
    """Its budget ends it."""

    def endless(client, question, screen):
        while True:
            client.messages.create(**ASKED)

    view = phones(endless)
    assert cells(view, "outcome")[0] == "an error page"
    assert view.error is None


def test_a_long_screen_is_cut():
    """Nobody reads a hundred thousand characters; what is shown is whole HTML."""

    def floods(client, question, screen):
        for _ in range(40):
            screen.write("<b>" * 40)

    drawing = phones(floods).drawing
    assert drawing.body.count("&lt;b&gt;") == LONGEST // len("<b>")
    assert drawing.body.count('<span class="late"') == LONGEST // len("<b>" * 40) + 8
    assert "<b><b>" not in drawing.body


def test_a_text_that_is_not_the_one_before_begins_a_new_layer():
    """Taken back when the next one came."""
    screen = Screen()
    for text in ("A. ", "A. B.", "Desk."):
        screen.replace(text)
    screen_times = type("Timed", (), {"times": [1.0, 2.0, 3.0], "states": screen.states})()
    first, second = layers_of(screen_times)
    assert (first.pieces, first.until_s) == (((1.0, "A. "), (2.0, "B.")), 3.0)
    assert (second.text, second.until_s) == ("Desk.", None)


def test_how_much_of_a_secret_was_seen():
    """From its first character; a word that only begins alike is none of it."""
    screen = Screen()
    assert seen_of(CODE, screen) == 0
    screen.write("Hello. The")
    assert seen_of(CODE, screen) == 0
    screen.write(" key safe op")
    assert seen_of(CODE, screen) == len("The key safe op")


@pytest.mark.parametrize("at", [1, 40, 10_000])
def test_a_secret_stands_between_two_sentences(at):
    """Behind the one in which the token lies, or at the end."""
    script = Script(WORDS, CODE)
    told = script.with_secret(at)
    assert told.replace(f" {CODE}", "") == WORDS
    assert told.partition(CODE)[0].rstrip().endswith(".")
    assert len(script.faults(WHOLE, at)) == 1


def test_equal_settings_give_equal_bytes_and_a_change_says_what_was():
    """Moved and moved back it is the same picture."""
    view = phones()
    first = view.html
    assert "was <s>" in view.move(happens=ENDS).html
    assert view.reset().html == first == phones().html
    assert phones(seed=3).html != first


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"left": 5}, "prototype is 5"),
        ({"beside": print}, "production is"),
        ({"secret": " "}, "secret is ' '"),
        ({"secret": 4711}, "secret is 4711"),
        ({"tier": "quick"}, "'quick' is not a tier"),
        ({"seed": "seven"}, "seed is 'seven'"),
    ],
)
def test_what_cannot_be_shown_is_refused(changed, says):
    """With the value, what follows and what to do."""
    if "beside" in changed:
        changed = {"beside": lambda client: None}
    with pytest.raises(ArgumentError, match=rf"{says}.*\. [A-Z].*\. [A-Z]"):
        phones(**changed)
