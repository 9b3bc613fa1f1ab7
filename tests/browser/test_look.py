"""How the page looks: light and dark, wide and narrow; what axe and the eye can read."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_page import TALL_PX, NotebookPage
from browser_reference import committed_stills
from browser_server import ROOT
from conftest import LESSON, LESSONS, OPEN, Lesson
from playwright.sync_api import Locator

READABLE = (Path(__file__).parent / "readable.js").read_text(encoding="utf-8")
RINGS = (Path(__file__).parent / "rings.js").read_text(encoding="utf-8")
LAYOUT = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")
WIDTHS = (1000, 832, 480)
THEMES = ("Light", "Dark")
LEAST_CONTRAST = 4.5
OVERFLOW = "view => [view, ...view.querySelectorAll('.lk-col, .lk-body, .lk-controls, .lk-twin')]\
.filter(part => part.scrollWidth > part.clientWidth + 1).map(part => part.className)"
SLIDES = """view => [...view.querySelectorAll('*')].filter(part =>
  parseFloat(getComputedStyle(part).transitionDuration) > 0.001).map(part => part.className)"""
STILLS = ".jp-Notebook .jp-OutputArea-output.jp-RenderedHTML"
NOT_OURS = {"scrollable-region-focusable": {"enabled": False}}
"""JupyterLab's own box around a saved output scrolls a wide table and takes no focus."""


SIZES = """view => [...view.querySelectorAll(
  'button, select, summary, input[type=range], .lk-pick label')].map(target => {
    const box = target.getBoundingClientRect();
    return [target.textContent || target.type, box.width, box.height]; })"""
LEAST_TARGET_PX = 24
IN_LINE = """button => {
  const own = button.getBoundingClientRect();
  const others = button.closest('.lk-controls').querySelectorAll('select, input');
  return [...others].some(other => {
    const box = other.getBoundingClientRect();
    return box.top < own.bottom && own.top < box.bottom; }); }"""
DANGLING = """view => [...view.querySelectorAll('.lk-prov > span > span:not(.lk-ev)')]
  .filter(note => note.offsetTop !== note.previousElementSibling.offsetTop)
  .filter(note => {
    const dot = note.querySelector('i').getBoundingClientRect(), box = note.closest('.lk-prov');
    const hidden = getComputedStyle(box).overflowX === 'hidden';
    return !hidden || dot.right > box.getBoundingClientRect().left; })
  .map(note => note.textContent)"""
UNSCALED = """view => [...view.querySelectorAll('.lk-wh')].filter(line => {
  const own = line.getBoundingClientRect();
  return ![...view.querySelectorAll('.lk-all > .lk-axis')].some(axis => {
    const box = axis.getBoundingClientRect();
    return axis.checkVisibility() && Math.abs(box.left - own.left) < 2
      && Math.abs(box.right - own.right) < 2 && box.top >= own.top; }); }).length"""
NEAREST_BELOW = """view => [...view.querySelectorAll('.lk-wh')].map(line => {
  const end = line.getBoundingClientRect().bottom;
  const below = [...view.querySelectorAll('.lk-all > .lk-axis')].filter(axis =>
    axis.checkVisibility()).map(axis => axis.getBoundingClientRect().top - end);
  return Math.min(...below.filter(far => far > -2)); })"""


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    """However a test dresses a page, the next one finds it light and as wide as it opened."""
    yield
    for notebook in OPEN:
        notebook.page.emulate_media(
            forced_colors="null", color_scheme="null", reduced_motion="null"
        )
        notebook.theme("Light").width(1000)


def looks(notebook: NotebookPage, theme: str, height_px: int = TALL_PX) -> Iterator[str]:
    """Put a page into a theme and each width in turn, and name the look."""
    notebook.theme(theme)
    for width in WIDTHS:
        notebook.width(width, height_px)
        yield f"{theme.lower()}-{width}"


def axe_finds(notebook: NotebookPage, scope: str) -> str:
    """What axe-core says against a part of the page; nothing where all is well."""
    rules = NOT_OURS if scope == STILLS else {}
    found = Axe().run(notebook.page, {"include": [[scope]]}, {"rules": rules})
    return found.generate_report() if found.violations_count else ""


def hard_to_read(notebook: NotebookPage, scope: str) -> list[list[object]]:
    """Texts with too little contrast."""
    parts = notebook.page.locator(scope).all()
    assert parts
    texts = [text for part in parts for text in part.evaluate(READABLE)]
    assert texts
    return [text for text in texts if text[1] < LEAST_CONTRAST]


def found_in_views(notebook: NotebookPage, fault: str) -> list[tuple[str, object]]:
    """What a script finds wrong in a live view, by cell."""
    found = [(cell.id, cell.view.node.evaluate(fault)) for cell in notebook.live_cells]
    return [one for one in found if one[1]]


@pytest.mark.parametrize("theme", THEMES)
def test_views_can_be_read_and_fit(each: Lesson, theme: str, subtests: pytest.Subtests) -> None:
    """In each look: axe silent, a contrast of 4.5 at least, nothing cut; in one look pictures."""
    lesson = each.page
    assert lesson.live_cells
    for look in looks(lesson, theme, 2600):
        with subtests.test(look):
            for cell in lesson.live_cells:
                lesson.shot(cell.id, cell.view.node, look=look)
            assert not hard_to_read(lesson, ".jp-Notebook .lk")
            assert axe_finds(lesson, ".jp-Notebook .lk") == ""
            assert not found_in_views(lesson, OVERFLOW)
            assert not found_in_views(lesson, LAYOUT)


@pytest.mark.parametrize("width", WIDTHS)
def test_what_belongs_together_stands_together(lesson: NotebookPage, width: int) -> None:
    """Reset beside a control, no dot before a line, an axis near each interval, large targets."""
    lesson.width(width, 2600)
    for cell in ("contrast", "r9-view", "r10-view"):
        view = lesson.cell(cell).view
        assert view.control("button", "Reset").evaluate(IN_LINE), cell
        assert view.node.evaluate(DANGLING) == []
        sizes = view.node.evaluate(SIZES)
        assert len(sizes) >= 3
        assert not [size for size in sizes if min(size[1:]) < LEAST_TARGET_PX]
    view = lesson.cell("contrast").view.node
    assert view.evaluate(UNSCALED) == 0
    assert max(view.evaluate(NEAREST_BELOW)) < 70


def test_the_focus_can_be_seen_on_every_control(lesson: NotebookPage) -> None:
    """Tab from the first control to the folded table: a ring of two pixels each time."""
    ring = """() => { const at = document.activeElement, style = getComputedStyle(at);
      return at.type === 'range' ? 'its thumb' : `${style.outlineStyle} ${style.outlineWidth}`; }"""
    for cell, stops in (("contrast", 5), ("r9-view", 3), ("r10-view", 4)):
        lesson.cell(cell).view.node.locator("select, input").first.focus()
        lesson.page.keyboard.press("Tab")
        lesson.page.keyboard.press("Shift+Tab")
        for stop in range(stops):
            assert lesson.page.evaluate(ring) in ("solid 2px", "its thumb"), (cell, stop)
            lesson.page.keyboard.press("Tab")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_ring_around_a_control_covers_no_words(each: Lesson, width: int) -> None:
    """Neither its own label nor what stands beside or below it."""
    page = each.page.width(width, 2600)
    assert page.live_cells
    assert not found_in_views(page, RINGS)


def test_axe_and_the_eye_would_find_something(lesson: NotebookPage) -> None:
    """A picture without words and a pale text, put into a view, are found."""
    view = lesson.cell("contrast").view.node
    view.evaluate(
        "view => view.insertAdjacentHTML('beforeend',"
        " '<p id=planted><img src=x><span style=\"color:#bbb\">pale</span></p>')"
    )
    assert "image-alt" in axe_finds(lesson, ".jp-Notebook .lk")
    assert [text for text, _ in hard_to_read(lesson, ".jp-Notebook .lk")] == ["pale"]
    view.evaluate("view => view.querySelector('#planted').remove()")


@pytest.mark.parametrize("notebook", LESSONS, ids=lambda path: Path(path).stem)
@pytest.mark.parametrize("theme", THEMES)
def test_stills_can_be_read(
    opened: Callable[[str], NotebookPage], notebook: str, theme: str, subtests: pytest.Subtests
) -> None:
    """Before anything runs the static twins can be read and fit, and axe is silent."""
    page = opened(notebook)
    for look in looks(page, theme):
        with subtests.test(look):
            page.top().shot(f"start-{Path(notebook).stem}", look=look)
            for cell in committed_stills(ROOT / notebook):
                page.shot(f"still-{cell}", page.cell(cell).output, look=look)
            assert not hard_to_read(page, STILLS)
            assert axe_finds(page, STILLS) == ""
            parts = page.page.locator(STILLS).all()
            assert not [found for part in parts for found in part.evaluate(LAYOUT)]


@pytest.mark.parametrize(("width", "beside"), [(1000, True), (832, True), (480, False)])
def test_still_sides_stand_beside_each_other_where_there_is_room(
    opened: Callable[[str], NotebookPage], width: int, beside: bool
) -> None:
    """Their edges, too, are kept: dashed for the prototype, solid for production."""
    page = opened(LESSON).width(width)
    sides = "node => [...node.querySelectorAll('[style*=\"border-left:4px\"]')].map(side => \
      [getComputedStyle(side).borderLeftStyle, side.getBoundingClientRect().top])"
    for cell in ("contrast", "r9-view"):
        (first, top), (second, below) = page.cell(cell).still.evaluate(sides)
        assert (first, second) == ("dashed", "solid")
        assert (top == below) == beside


def test_forced_colours_keep_what_the_stills_say(opened: Callable[[str], NotebookPage]) -> None:
    """A reply keeps an outline where its ground is taken away; the edges keep their dashes."""
    page = opened(LESSON)
    page.page.emulate_media(forced_colors="active", color_scheme="dark")
    still = page.cell("contrast").still
    page.shot("still-contrast-forced-colours", still)
    clear = "node => getComputedStyle(node).borderTopColor"
    reply = still.locator('[style*="solid transparent;background"]')
    assert reply.evaluate(clear) == "rgb(255, 255, 255)"
    edges = still.locator('[style*="border-left:4px"]').all()
    style = "node => getComputedStyle(node).borderLeftStyle"
    assert [edge.evaluate(style) for edge in edges] == ["dashed", "solid"]


def test_nothing_slides_where_motion_is_reduced(lesson: NotebookPage) -> None:
    """No part of a picture has a transition."""
    lesson.page.emulate_media(reduced_motion="reduce")
    for cell in ("contrast", "r9-view"):
        assert lesson.cell(cell).view.node.locator(".lk-body").evaluate(SLIDES) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_keep_what_the_views_say(
    lesson: NotebookPage, theme: str, scheme: Literal["light", "dark"]
) -> None:
    """Dashes, hatches and outlines stay, in the reader's colours, whatever the page's theme."""
    before = list(lesson.problems)
    lesson.theme(theme).page.emulate_media(forced_colors="active", color_scheme=scheme)
    for cell, reply in (("contrast", ".lk-bubble"), ("r9-view", ".lk-it")):
        view = lesson.cell(cell).view
        lesson.shot(f"{cell}-forced-{scheme}-{theme.lower()}", view.node)
        assert painted(view.node.locator(".lk-col.p")).startswith("repeating-linear-gradient")
        for one in view.node.locator(reply).all():
            assert one.evaluate("node => parseFloat(getComputedStyle(node).borderWidth)") >= 1
    failed = lesson.cell("contrast").view.node.locator(".lk-track .bad").first
    assert painted(failed).startswith("repeating-linear-gradient")
    assert not hard_to_read(lesson, ".jp-Notebook .lk-part")
    assert lesson.problems == before


def painted(part: Locator) -> str:
    """The image behind a part, as the browser paints it."""
    return str(part.evaluate("node => getComputedStyle(node).backgroundImage"))
