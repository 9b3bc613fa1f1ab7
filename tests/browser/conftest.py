"""The pages of the kit in a real browser: one JupyterLab and one Chromium for all tests.

A test that fails says what was on the screen, keeps a picture of it, and shows JupyterLab's log.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser_page import NotebookPage
from browser_reference import committed_stills, reference, views_of
from browser_server import ROOT, Server, clone, serve
from playwright.sync_api import Browser, sync_playwright

from labkit.views import View

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
LESSON = "notebooks/01_reliability.ipynb"
EXERCISE = "exercises/01_reliability.ipynb"
OPEN: list[NotebookPage] = []


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """JupyterLab on a copy of the pages."""
    with tempfile.TemporaryDirectory(prefix="labkit-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        with serve(folder, clone(folder / "clone")) as running:
            yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium without a window: Debian's where it is installed, else Playwright's own."""
    path = CHROMIUM if Path(CHROMIUM).exists() else None
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def tab(server: Server, browser: Browser) -> Iterator[Callable[[str], NotebookPage]]:
    """Opens a notebook in a fresh browser profile."""

    def open_(notebook: str) -> NotebookPage:
        page = browser.new_page(viewport={"width": 1000, "height": 1400}, locale="en-GB")
        OPEN.append(NotebookPage(page, server))
        return OPEN[-1].open(notebook)

    yield open_
    for one in OPEN:
        one.page.close()
    OPEN.clear()


@pytest.fixture(scope="session")
def lesson(tab: Callable[[str], NotebookPage]) -> NotebookPage:
    """The lesson with every cell run, shared by the tests that read it."""
    return tab(LESSON).run_all()


@pytest.fixture(scope="session")
def stills() -> dict[str, str]:
    """The committed HTML outputs of the lesson, by cell."""
    return committed_stills(ROOT / LESSON)


@pytest.fixture(scope="session")
def lesson_values() -> dict[str, object]:
    """What each code cell of the lesson ends with, computed here."""
    return reference(ROOT / LESSON)


@pytest.fixture
def lesson_views(lesson_values: dict[str, object]) -> dict[str, View]:
    """The lesson's views with controls, at their first values."""
    return {cell: view.reset() for cell, view in views_of(lesson_values).items()}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Add to a failure what was on the screen."""
    outcome = yield
    report = outcome.get_result()
    if not report.failed:
        return
    for i, notebook in enumerate(one for one in OPEN if not one.page.is_closed()):
        report.sections.append((f"on screen {i + 1}: {notebook.page.url}", notebook.seen()))
        notebook.shot(f"failed-{item.name}-{i + 1}")
    if OPEN:
        report.sections.append(("the end of JupyterLab's log", OPEN[-1].server.last_lines()))
