"""Every control of the lesson, moved with the keyboard alone, against the same move in Python."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from browser_page import LiveView, NotebookPage
from browser_reference import said, views_of
from browser_server import ROOT
from conftest import LESSON, LESSONS, fresh_views
from lessons import tagged
from playwright.sync_api import Locator, expect

from labkit.views import View

LIVE = [(notebook, cell) for notebook in LESSONS for cell in tagged(ROOT / notebook, "live")]
"""Cells that a reader is told to move something in."""
KEYS = {
    "combobox": ("ArrowDown", "ArrowUp"),
    "slider": ("ArrowRight", "ArrowLeft"),
    "radio": ("ArrowDown", "ArrowUp"),
    "checkbox": ("Space", "Space"),
}
LONG_SCALE, AT_AN_END = 14, 5
ROLES = {"Dropdown": "combobox", "Range": "slider", "Pick": "radio", "Checkbox": "checkbox"}
"""What the browser calls a widget of ours."""
ValuesIn: TypeAlias = Callable[[str], dict[str, object]]


def values(view: View, name: str) -> list[object]:
    """Every value of a control, in the order of its keys."""
    widget = view.controls[name].widget
    if isinstance(widget.value, bool):
        return [widget.value, not widget.value]
    if hasattr(widget, "step"):
        steps = round((widget.max - widget.min) / widget.step)
        return [widget.min + i * widget.step for i in range(steps + 1)]
    return [value for _, value in widget.options]


def at_first(lesson: NotebookPage, cell: str, reference: View) -> LiveView:
    """The live view at its first values, by its own button."""
    live = lesson.cell(cell).view
    live.control("button", "Reset").press("Enter")
    live.shows(*said(reference))
    return live


def role_of(view: View, name: str) -> str:
    """What the browser calls a control."""
    return ROLES[type(view.controls[name].widget).__name__]


def control_of(live: LiveView, reference: View, name: str) -> Locator:
    """A control by its label; of radio buttons the one that is chosen."""
    role = role_of(reference, name)
    if role == "radio":
        return live.node.get_by_role("radio", checked=True)
    return live.control(role, reference.controls[name].label)


def focused(control: Locator) -> Locator:
    """The control with the focus on it."""
    control.focus()
    expect(control).to_be_focused()
    return control


@pytest.mark.parametrize("notebook", LESSONS)
def test_what_is_tagged_live_is_what_can_be_moved(values_in: ValuesIn, notebook: str) -> None:
    """Each such cell ends with a view with controls, and each such view stands in one of them."""
    assert list(views_of(values_in(notebook))) == tagged(ROOT / notebook, "live")


@pytest.mark.parametrize(
    ("notebook", "cell"), LIVE, ids=[f"{Path(page).stem}-{cell}" for page, cell in LIVE]
)
def test_each_value_by_keyboard_shows_the_numbers_that_python_computes(
    run: Callable[[str], NotebookPage],
    values_in: ValuesIn,
    subtests: pytest.Subtests,
    notebook: str,
    cell: str,
) -> None:
    """Through all values and one step back, the text twin is what the same move gives in Python."""
    lesson, reference = run(notebook), views_of(values_in(notebook))[cell]
    for name in reference.controls:
        with subtests.test(name):
            live = at_first(lesson, cell, reference.reset())
            selected = lesson.active_cell
            control = focused(control_of(live, reference, name))
            for key, value in keys_through(values(reference, name), role_of(reference, name)):
                lesson.page.keyboard.press(key)
                live.shows(*said(reference.move(**{name: value})))
                expect(control).to_be_focused()
            assert lesson.active_cell == selected


@pytest.mark.parametrize("notebook", LESSONS)
def test_every_value_is_drawn(values_in: ValuesIn, notebook: str) -> None:
    """In this process, where a value costs a tenth: a finding and a table for each, no error."""
    for cell, view in fresh_views(values_in(notebook)).items():
        for name in view.controls:
            for value in values(view, name):
                finding, rows = said(view.move(**{name: value}))
                assert finding, (cell, name, value)
                assert len(rows) > 1, (cell, name, value)
            view.reset()


def keys_through(scale: list[object], role: str) -> list[tuple[str, object]]:
    """Keys and the values that they lead to: to both ends, on through all, and one step back.

    Of many values the first and the last ones; all of them are drawn in Python, see above.
    """
    on, back = KEYS[role]
    ends = [] if role in ("radio", "checkbox") else [("End", scale[-1]), ("Home", scale[0])]
    if len(scale) <= LONG_SCALE:
        return [*ends, *((on, one) for one in scale[1:]), (back, scale[-2])]
    first, last = scale[1:AT_AN_END], scale[-2:-AT_AN_END:-1]
    return [*ends, *((on, one) for one in first), ends[0], *((back, one) for one in last)]


def test_controls_of_different_views_are_strangers(lesson: NotebookPage) -> None:
    """No two sliders share an id, which would name one by the other; no radio groups a name."""
    page = lesson.page
    ids = page.locator(".lk-range input").evaluate_all("all => all.map(one => one.id)")
    groups = page.locator(".lk-pick fieldset").evaluate_all(
        "all => all.map(one => one.querySelector('input').name)"
    )
    assert len(ids) > 1
    assert len(ids) == len(set(ids))
    assert groups
    assert len(groups) == len(set(groups))


def test_controls_follow_each_other_by_tab_and_work_together(
    lesson: NotebookPage, lesson_views: dict[str, View]
) -> None:
    """Tab leads from control to control, the settings add up, and Reset undoes them all."""
    reference = lesson_views["contrast"]
    first, first_text = said(reference), reference.text
    live = at_first(lesson, "contrast", reference)
    focused(live.control("combobox", "What goes wrong"))
    keyboard = lesson.page.keyboard
    fault, question = values(reference, "fault")[1], values(reference, "question")[1]
    moves: list[tuple[str, dict[str, object]]] = [
        ("ArrowDown", {"fault": fault}),
        ("ArrowRight", {"rate": 70}),
        ("ArrowDown", {"question": question}),
    ]
    for key, settings in moves:
        keyboard.press(key)
        live.shows(*said(reference.move(**settings)))
        keyboard.press("Tab")
    expect(live.control("button", "Reset")).to_be_focused()
    keyboard.press("Space")
    live.shows(*first)
    assert reference.reset().text == first_text


def test_the_numbers_as_text_open_by_keyboard_and_stay_open(
    lesson: NotebookPage, lesson_views: dict[str, View]
) -> None:
    """Enter on the summary opens the table, and a moved control leaves it open."""
    reference = lesson_views["contrast"]
    live = at_first(lesson, "contrast", reference)
    table = live.node.locator(".lk-twin table")
    live.node.locator(".lk-twin summary").press("Enter")
    expect(table).to_be_visible()
    focused(live.control("slider", "How often (share of attempts)")).press("ArrowLeft")
    live.shows(*said(reference.move(rate=50)))
    expect(table).to_be_visible()
    live.node.locator(".lk-twin summary").press("Enter")
    expect(table).to_be_hidden()


def test_a_view_moves_while_a_cell_runs(
    lesson: NotebookPage, lesson_views: dict[str, View]
) -> None:
    """A cell waits in the kernel; a moved control draws at once and does not wait for it."""
    reference = lesson_views["contrast"]
    live = at_first(lesson, "contrast", reference)
    slider = focused(live.control("slider", "How often (share of attempts)"))
    slider.press("ArrowLeft")  # JupyterLab sends the first message of a control to the main shell
    live.shows(*said(reference.move(rate=50)))
    with lesson.busy() as still_busy:
        for rate in (40, 30):
            slider.press("ArrowLeft")
            live.shows(*said(reference.move(rate=rate)))
            assert still_busy()


def test_a_first_move_while_a_cell_runs_is_not_lost(
    tab: Callable[[str], NotebookPage], lesson_views: dict[str, View]
) -> None:
    """The kernel keeps a control's very first move until the cell ends; then the view draws."""
    page = tab(LESSON).run_all()
    reference = lesson_views["r9-view"]
    live = page.cell("r9-view").view
    focused(control_of(live, reference, "shape"))
    with page.busy():
        page.page.keyboard.press("ArrowUp")  # from the first button round to the last
    live.shows(*said(reference.move(shape=values(reference, "shape")[-1])))
