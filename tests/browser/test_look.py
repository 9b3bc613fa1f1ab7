"""How the page looks: light and dark, wide and narrow; what axe and the eye can read."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_page import NotebookPage
from conftest import LESSON

READABLE = (Path(__file__).parent / "readable.js").read_text(encoding="utf-8")
LOOKS = [(theme, width) for theme in ("Light", "Dark") for width in (1000, 480)]
LEAST_CONTRAST = 4.5
OVERFLOW = "view => [view, ...view.querySelectorAll('.lk-col, .lk-body, .lk-controls, .lk-twin')]\
.filter(part => part.scrollWidth > part.clientWidth + 1).map(part => part.className)"
SLIDES = """view => [...view.querySelectorAll('*')].filter(part =>
  parseFloat(getComputedStyle(part).transitionDuration) > 0.001).map(part => part.className)"""
STILLS = ".jp-Notebook .jp-OutputArea-output.jp-RenderedHTML"
NOT_OURS = {"scrollable-region-focusable": {"enabled": False}}
"""JupyterLab's own box around a saved output scrolls a wide table and takes no focus."""


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0].lower()}-{look[1]}")
def dressed(
    request: pytest.FixtureRequest, lesson: NotebookPage
) -> Iterator[tuple[NotebookPage, str]]:
    """The lesson in one theme and width, and the two as a name."""
    theme, width = request.param
    yield lesson.theme(theme).width(width, 2600), f"{theme.lower()}-{width}"
    lesson.theme("Light").width(1000)


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


def test_views_can_be_read_and_fit(dressed: tuple[NotebookPage, str]) -> None:
    """In each look: pictures of all views, axe silent, contrast of 4.5 at least, nothing cut."""
    lesson, look = dressed
    cells = [cell for cell in lesson.code_cells if cell.is_live]
    for cell in cells:
        lesson.shot(f"{cell.id}-{look}", cell.view.node)
    lesson.shot(f"figure-{look}", lesson.cell("r9-measure-figure").output)
    assert not hard_to_read(lesson, ".jp-Notebook .lk")
    assert axe_finds(lesson, ".jp-Notebook .lk") == ""
    assert not [(c.id, parts) for c in cells if (parts := c.view.node.evaluate(OVERFLOW))]


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


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_stills_can_be_read(tab: Callable[[str], NotebookPage], theme: str) -> None:
    """Before anything runs, the static twins pass axe and the contrast of 4.5, wide and narrow."""
    page = tab(LESSON).theme(theme)
    for width in (1000, 480):
        page.width(width)
        page.top().shot(f"start-{theme.lower()}-{width}")
        page.shot(f"still-contrast-{theme.lower()}-{width}", page.cell("contrast").output)
        assert not hard_to_read(page, STILLS)
        assert axe_finds(page, STILLS) == ""


def test_still_motion_and_forced_colours_keep_the_views(lesson: NotebookPage) -> None:
    """With reduced motion nothing slides; with forced colours every view is still there."""
    before = list(lesson.problems)
    lesson.page.emulate_media(reduced_motion="reduce", forced_colors="active")
    try:
        for cell in ("contrast", "r9-view-live"):
            view = lesson.cell(cell).view
            assert view.node.locator(".lk-body").evaluate(SLIDES) == []
            assert view.finding
            lesson.shot(f"{cell}-forced-colours", view.node)
    finally:
        lesson.page.emulate_media(reduced_motion="null", forced_colors="null")
    assert lesson.problems == before
