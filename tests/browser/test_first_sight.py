"""A page of a fresh clone, before anything runs: nobody trusts it, and it shows its results."""

from collections.abc import Callable
from pathlib import Path

import pytest
from browser_page import LOST, NotebookPage
from browser_reference import committed_stills, still_said
from browser_server import ROOT
from conftest import LESSONS
from playwright.sync_api import expect


@pytest.fixture(scope="module", params=LESSONS, ids=lambda path: Path(path).stem)
def notebook(request: pytest.FixtureRequest) -> str:
    """Each lesson in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def untouched(opened: Callable[[str], NotebookPage], notebook: str) -> NotebookPage:
    """The lesson as it opens."""
    return opened(notebook)


def test_nothing_has_run_and_nobody_trusts_the_page(untouched: NotebookPage) -> None:
    """The page opens untrusted, with its committed execution counts and an idle kernel."""
    trusted = "window.jupyterapp.shell.currentWidget.content.model.cells.get(3).trusted"
    assert not untouched.page.evaluate(trusted)
    assert untouched.page.locator(".jp-InputPrompt", has_text="[ ]").count() == 0


def test_every_result_stands_there_before_anything_runs(
    untouched: NotebookPage, notebook: str
) -> None:
    """The finding and the table of every committed still are on the screen, word for word."""
    stills = committed_stills(ROOT / notebook)
    assert stills
    for cell, html in stills.items():
        assert still_said(untouched.cell(cell).still.inner_html()) == still_said(html), cell


def test_every_still_mark_is_there_and_says_what_it_marks(untouched: NotebookPage) -> None:
    """Each image is painted, as wide as there is room for, and has words instead of it."""
    marks = untouched.page.locator(".jp-OutputArea .jp-RenderedHTML img")
    assert marks.count() >= 10
    for mark in marks.all():
        alt = mark.get_attribute("alt")
        assert alt
        assert len(alt) > 20
        assert mark.evaluate("img => img.complete && img.naturalWidth > 0"), alt
        wide = "img => Math.abs(img.clientWidth - img.parentElement.clientWidth) < 26"
        assert mark.evaluate(wide), alt


def test_nothing_is_broken_or_leaks_into_the_page(untouched: NotebookPage) -> None:
    """No lost widget, no traceback, no style and no script of ours before anything runs."""
    seen = untouched.seen()
    assert not [words for words in LOST if words in seen]
    outputs = untouched.page.locator(".jp-Notebook .jp-OutputArea")
    assert outputs.locator("style, script, h1, h2, h3, [id]:not([id^=jp-])").count() == 0
    assert untouched.page.locator(".lk").count() == 0
    assert not untouched.problems


def test_each_link_of_the_contents_leads_to_its_heading(untouched: NotebookPage) -> None:
    """Quotes and a colon in a heading included."""
    lesson = untouched
    links = lesson.page.locator("[data-cell^=contents] a[href^='#']")
    assert links.count() >= 10
    for link in links.all():
        name = str(link.text_content())
        heading = lesson.page.locator(".jp-MarkdownCell :is(h2, h3)", has_text=name).first
        lesson.top()
        link.click()
        expect(heading).to_be_in_viewport()
