"""The base view: finished at once, moved by its controls, still where it cannot live."""

import gc
import re
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from functools import cache, partial

import pytest
from view_scenes import Page, contrast_view, pictures, refusal_view, sent_by_browser

from labkit.errors import ArgumentError, OutOfBudget, SimulatorError
from labkit.views import Action, Drawing, Provenance, Table, View, amount, choice, toggle
from labkit.views.twin import WIDTH
from labkit.views.unknown import could_not_tell
from labkit.views.view import WIDGET

SVG = "{http://www.w3.org/2000/svg}"
VIEWS = {"contrast": contrast_view, "refusal": refusal_view}


def light(colour: str) -> float:
    """The relative luminance of a colour, as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """How far two colours are apart, 1 to 21."""
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def counted(times: float = 2, was: Mapping[str, str] | None = None) -> Drawing:
    """A drawing whose number is its setting."""
    before = (was or {}).get("count", "")
    return Drawing(
        finding=f"{times} attempts.",
        body=f'<p class="lk-h">{times}</p><p>{before}</p>',
        table=Table(("", "count"), (("attempts", str(times)),), "Attempts"),
        provenance=Provenance("simulated", ("seed 7",)),
        facts={"count": str(times)},
        change=f"It was {before}." if before else "",
        not_shown="Anything else.",
    )


def times_view() -> View:
    """One control, one number."""
    return View(counted, {"times": amount("Retries", 0, 6, value=2)})


def test_the_first_picture_is_finished_before_anybody_moves_anything() -> None:
    """Finding, source, picture, table and limits stand there at once."""
    page = Page(times_view().html)
    assert "2 attempts." in page.text
    assert "simulated · seed 7" in page.text.replace("\u2002", " ")
    assert page.cells == ["", "count", "attempts", "2"]
    assert "Not shown here. Anything else." in page.text


@pytest.mark.parametrize("make", VIEWS.values(), ids=VIEWS.keys())
def test_equal_settings_give_equal_bytes(make: object) -> None:
    """Two views, and one that went elsewhere and came back, are equal in every form."""
    first, second = make(), make()
    moved = {name: control.widget.options[1][1] for name, control in second.controls.items()
             if hasattr(control.widget, "options")}  # fmt: skip
    second.move(**moved).reset()
    assert (first.static, first.text, first.html) == (second.static, second.text, second.html)


@pytest.mark.parametrize("make", VIEWS.values(), ids=VIEWS.keys())
def test_the_three_forms_hold_the_same_numbers(make: object) -> None:
    """The table below the live picture, in the static twin and in the text are one table."""
    view = make()
    table = view.drawing.table
    cells = [*table.header, *(cell for row in table.rows for cell in row)]
    live, still = Page(view.html).cells, Page(view.static).cells
    assert live == still == cells
    squeezed = "".join(view.text.split())
    for row in table.rows:
        assert "".join(row[0].split()) in squeezed


@pytest.mark.parametrize("make", VIEWS.values(), ids=VIEWS.keys())
def test_the_static_twin_holds_what_an_untrusted_page_keeps(make: object) -> None:
    """No sheet, script, class, id or role; words are HTML, images are marks with a description."""
    view = make()
    page = Page(view.static)
    assert not page.named("style", "script", "svg", "h1", "h2", "h3")
    assert not [t for t in page.tags if {"id", "role", "class"} & t.attributes.keys()]
    assert all(len(image.attributes["alt"]) > 20 for image in page.named("img"))
    assert not [svg for svg in pictures(view.static) if "<text" in svg]
    assert page.text.count(view.drawing.finding) == 1


@pytest.mark.parametrize("make", VIEWS.values(), ids=VIEWS.keys())
def test_the_static_twin_takes_the_colours_of_the_page(make: object) -> None:
    """No colour of its own but marks that hold on white and on black, and white on dark grey."""
    view = make()
    for svg in pictures(view.static):
        root = ET.fromstring(svg)
        assert not [r for r in root.iter(f"{SVG}rect") if r.get("fill") == "#fff" and r.get("y")]
        for colour in set(re.findall(r'stroke="(#\w+)"', svg)):
            assert min(contrast(colour, ground) for ground in ("#ffffff", "#111111")) >= 3, colour
    inks = set(re.findall(r"(?<![-\w])color:([^;\"]+)", view.static))
    assert inks <= {"#fff"}
    assert contrast("#ffffff", "#6b6b6b") >= 4.5


@pytest.mark.parametrize("make", VIEWS.values(), ids=VIEWS.keys())
def test_the_live_part_can_be_heard(make: object) -> None:
    """Pictures are named, table heads say their scope, what takes the focus has a name."""
    page = Page(make().html)
    for tag in page.tags:
        if tag.attributes.get("role") in ("img", "group"):
            assert tag.attributes["aria-label"].strip()
        if "tabindex" in tag.attributes:
            assert tag.attributes["role"] == "group"
    assert all(tag.attributes["scope"] in ("col", "row") for tag in page.named("th"))
    assert not page.named("h1", "h2", "h3", "h4")
    assert not [tag for tag in page.tags if "id" in tag.attributes]
    assert page.named("p")[0].attributes["aria-live"] == "polite"


def test_a_page_gets_a_live_view_a_still_one_and_text() -> None:
    """The bundle holds all three; include and exclude choose among them."""
    view = times_view()
    bundle = view._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/html", WIDGET]
    assert bundle[WIDGET]["model_id"] == view.model_id
    assert list(view._repr_mimebundle_(include={"text/plain"})) == ["text/plain"]
    assert WIDGET not in view._repr_mimebundle_(exclude={WIDGET})
    assert repr(view) == bundle["text/plain"]


def test_the_text_names_the_settings_and_fits_88_columns() -> None:
    """Finding, source, settings, table, limits."""
    text = contrast_view().text
    assert "What goes wrong: 529 overloaded · How often: 50 %" in text
    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.startswith("With 529 overloaded on 50 % of attempts, production answers 11 of 12")
    assert text.endswith("from your own\nlogs.")


def test_a_control_that_moves_draws_again_and_says_what_it_was() -> None:
    """The new value stands there, the old one is struck out in its place."""
    view = times_view()
    sent_by_browser(view.controls["times"].widget, value=4, moving=False)
    assert view.drawing.finding == "4 attempts."
    assert "It was 2." in view.html
    assert view.controls["times"].widget.description == "Retries · was 2"
    assert "was" not in view.text
    assert "was" not in view.static


def test_a_slider_in_motion_compares_with_where_it_began() -> None:
    """Every step draws; only letting go makes the picture the one to compare with."""
    view = times_view()
    slider = view.controls["times"].widget
    for value in (3, 4, 5):
        sent_by_browser(slider, value=value, moving=True)
        assert "It was 2." in view.html
    sent_by_browser(slider, moving=False)
    sent_by_browser(slider, value=6, moving=True)
    assert "It was 5." in view.html
    sent_by_browser(slider, value=3, moving=False)
    assert slider.description == "Retries · was 5"


def test_reset_returns_to_the_first_picture_unmarked() -> None:
    """All controls go back at once and nothing is marked as changed."""
    view = contrast_view()
    first = view.html
    view.move(fault="429 rate limited", rate=90)
    assert view.html != first
    buttons = view.children[1].children[-1].children
    assert [button.description for button in buttons] == ["Reset"]
    buttons[0].click()
    assert view.html == first
    assert [c.widget.description for c in view.controls.values()] == [
        "What goes wrong",
        "How often",
    ]


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (ValueError("no <b>luck</b>\nat all"), "ValueError: no <b>luck</b> at all"),
        (SimulatorError("The script ended. Nothing came. Add a fault."), "The script ended."),
        (OutOfBudget("It asked 200 times."), "It asked 200 times."),
        (RecursionError(), "RecursionError: it says no more"),
    ],
)
def test_a_drawing_that_fails_is_told_in_words(problem: BaseException, said: str) -> None:
    """The third state is painted; no traceback, nobody is scored."""

    def draw(times: int) -> Drawing:
        assert times == 0
        raise problem

    view = View(draw, {"times": amount("Retries", 0, 6)})
    words = Page(view.html).text
    assert said in words
    assert "could not tell" in words
    assert "Nobody is blamed and nothing is scored." in words
    assert "Traceback" not in words + view.text
    assert view.error is problem
    assert said.partition(" ")[0] in view.text


def test_nothing_is_lost_when_one_setting_fails() -> None:
    """The next setting is compared with the last picture that could be drawn."""

    def draw(times: int, was: Mapping[str, str]) -> Drawing:
        if times == 3:
            raise ValueError("three")
        return counted(times, was)

    view = View(draw, {"times": amount("Retries", 0, 6, value=2)})
    view.move(times=3)
    assert view.error is not None
    view.move(times=4)
    assert view.error is None
    assert "It was 2." in view.html


@pytest.mark.parametrize("returned", [None, "text", 7])
def test_a_function_that_returns_no_drawing_is_named(returned: object) -> None:
    """What came instead is said in the view."""
    view = View(lambda: returned)
    assert f"returned {type(returned).__name__}, not a Drawing" in Page(view.html).text


def doubled(times: int, *, by: int = 2) -> int:
    """A scene that is one number."""
    return times * by


@pytest.mark.parametrize("scene", [doubled, cache(doubled), cache(partial(doubled, by=2))])
def test_a_scene_is_made_of_the_settings_and_its_drawing_knows_what_was(
    scene: Callable[..., int],
) -> None:
    """A function, one that is remembered, or one with something given: the same picture."""
    view = View.of(scene, counted, {"times": amount("Retries", 0, 6, value=2)})
    assert view.drawing == counted(4)
    assert view.move(times=3).drawing == counted(6, {"count": "4"})
    with pytest.raises(ArgumentError, match="controls rounds do not fit"):
        View.of(scene, counted, {"rounds": amount("R", 0, 6)})


def test_a_constant_drawing_has_no_controls() -> None:
    """A view without a question to ask of it gets no row of controls."""
    view = View(counted(3))
    assert len(view.children) == 2
    assert view.drawing == counted(3)


@pytest.mark.parametrize(
    ("draw", "controls", "said"),
    [
        ("nothing", {}, "cannot draw"),
        (counted, {"rounds": amount("R", 0, 6)}, "do not fit"),
        (lambda **_: counted(), {name: toggle(name) for name in "abcd"}, "4 controls"),
    ],
)
def test_a_view_that_cannot_work_is_refused_at_once(
    draw: object, controls: dict[str, object], said: str
) -> None:
    """A mistake in the cell is an error in the cell."""
    with pytest.raises(ArgumentError, match=said):
        View(draw, controls)


def test_moving_what_is_not_there_is_refused() -> None:
    """The message names the controls that exist; nothing moves."""
    view = times_view()
    with pytest.raises(ArgumentError, match="no control named fault"):
        view.move(fault="x", times=4)
    assert view.settings == {"times": 2}


def test_a_move_that_cannot_be_made_whole_is_not_made() -> None:
    """One wrong value leaves every control and the picture where they were."""
    view = contrast_view()
    before = view.html
    with pytest.raises(ArgumentError, match="cannot be 'rain'"):
        view.move(rate=90, fault="rain")
    assert (view.settings["rate"], view.html) == (50, before)


def test_two_threads_never_draw_at_once_and_the_last_value_wins() -> None:
    """A control's callback beside a cell waits for the drawing before it."""
    drawing, overlaps = threading.Event(), []

    def draw(times: int) -> Drawing:
        overlaps.append(drawing.is_set())
        drawing.set()
        time.sleep(0.002)
        drawing.clear()
        return counted(times)

    view = View(draw, {"times": amount("Retries", 0, 6)})
    slider = view.controls["times"].widget

    def wiggle(values: list[int]) -> None:
        for value in values:
            sent_by_browser(slider, value=value, moving=False)

    threads = [threading.Thread(target=wiggle, args=([1, 2, 3, 4, 5] * 4,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not any(overlaps)
    assert view.drawing == counted(view.settings["times"])


@pytest.mark.parametrize("at_work", [True, False])
def test_no_garbage_is_collected_while_a_move_is_drawn(at_work: bool) -> None:
    """Half a second over a whole lesson's objects; afterwards the collector is as it was."""
    seen = []

    def draw(times: float) -> Drawing:
        seen.append(gc.isenabled())
        if times == 3:
            raise ArgumentError("No. Not three. Take four.")
        return counted(times)

    view = View(draw, {"times": amount("Retries", 0, 6, value=2)})
    was = gc.isenabled()
    try:
        (gc.enable if at_work else gc.disable)()
        for times in (4, 3):
            view.move(times=times)
            assert gc.isenabled() == at_work
    finally:
        (gc.enable if was else gc.disable)()
    assert seen[1:] == [False, False]


def test_an_action_draws_something_else_and_rests_meanwhile() -> None:
    """The button says what it does while it does it."""
    seen = []

    def run(times: int) -> Drawing:
        seen.append((action.widget.disabled, action.widget.description))
        return counted(times * 10)

    action = Action("Run at real pace · 5 s", run, busy="Running, 5 s …")
    view = View(counted, {"times": amount("Retries", 0, 6, value=2)}, actions=[action])
    action.widget.click()
    assert seen == [(True, "Running, 5 s …")]
    assert view.drawing.finding == "20 attempts."
    assert (action.widget.disabled, action.widget.description) == (False, "Run at real pace · 5 s")


def test_a_button_is_named_by_what_it_would_do_now() -> None:
    """Its name may hang on the controls; where nothing can be drawn it keeps the last one."""

    def draw(times: int) -> Drawing:
        if times == 6:
            raise ValueError("six")
        return counted(times)

    def lasts(times: int) -> str:
        return f"Play · {12 // (6 - times)} s"

    def play(times: int) -> Drawing:
        return draw(6 if times == 5 else times)

    action = Action(lasts, play, busy="Playing")
    view = View(draw, {"times": amount("Retries", 0, 6, value=2)}, actions=[action])
    assert action.widget.description == "Play · 3 s"
    action.widget.click()
    assert action.widget.description == "Play · 3 s"
    assert view.move(times=4).error is None
    assert action.widget.description == "Play · 6 s"
    assert view.move(times=6).error is not None
    assert action.widget.description == "Play · 6 s"
    assert view.move(times=5).error is None
    action.widget.click()
    assert view.error is not None
    assert action.widget.description == "Play · 12 s"
    assert view.reset().error is None
    assert action.widget.description == "Play · 3 s"


def test_a_button_may_stand_alone() -> None:
    """Without a control there is nothing to reset."""
    view = View(counted, actions=[Action("Run", counted, busy="Running …")])
    assert [b.description for b in view.children[1].children[0].children] == ["Run"]


def test_a_drawing_may_be_a_sentence() -> None:
    """Nothing is made up where there is no source, table, picture or limit."""
    view = View(Drawing("Nothing was sent."))
    assert view.text == "Nothing was sent."
    assert Page(view.static).text.strip() == "Nothing was sent."
    assert Page(view.html).text == "Nothing was sent."


def test_the_third_state_has_its_words_in_every_form() -> None:
    """What happened and what to do stand in the live view and in both twins."""
    view = View(could_not_tell("Production was not measured.", "The script ended.", "Press Reset."))
    for words in (Page(view.html).text, Page(view.static).text, view.text):
        for said in ("Production was not measured.", "The script ended.", "Press Reset."):
            assert said in words


def test_a_toggle_and_a_choice_hand_over_their_values() -> None:
    """A mapping gives the words and the value behind them."""
    seen = []

    def draw(shape: int, fast: bool) -> Drawing:
        seen.append((shape, fast))
        return counted()

    controls = {"shape": choice("Shape", {"one": 1, "two": 2}), "fast": toggle("Fast tier")}
    view = View(draw, controls)
    view.move(shape=2)
    view.move(fast=True)
    assert seen == [(1, False), (2, False), (2, True)]
    assert "Shape: two · Fast tier: on" in view.text
