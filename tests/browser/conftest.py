"""The pages of the kit in a real browser: one JupyterLab and one Chromium for all tests.

A test that fails says what was on the screen, keeps a picture of it, and shows JupyterLab's log.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from browser_page import NotebookPage
from browser_reference import committed_stills, reference, views_of
from browser_server import ROOT, Server, clone, serve
from lessons import LESSONS as PATHS
from playwright.sync_api import Browser, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from labkit.views import View

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
LESSONS = tuple(f"notebooks/{path.name}" for path in PATHS)
LESSON = LESSONS[0]
OF_THE_FIRST = Path(LESSON).stem
"""What names no lesson is about the first one."""
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
def opened(tab: Callable[[str], NotebookPage]) -> Callable[[str], NotebookPage]:
    """A notebook as it opens, once for all tests that only read it."""
    return cache(tab)


@pytest.fixture(scope="session")
def run(tab: Callable[[str], NotebookPage]) -> Callable[[str], NotebookPage]:
    """A notebook with every cell run, opened once for all tests that read it."""
    return cache(lambda notebook: tab(notebook).run_all())


@pytest.fixture(scope="session")
def values_in() -> Callable[[str], dict[str, object]]:
    """What each code cell of a notebook ends with, computed here once."""
    return cache(lambda notebook: reference(ROOT / notebook))


@pytest.fixture(scope="session")
def lesson(run: Callable[[str], NotebookPage]) -> NotebookPage:
    """The first lesson, run."""
    return run(LESSON)


@pytest.fixture
def lesson_views(values_in: Callable[[str], dict[str, object]]) -> dict[str, View]:
    """The first lesson's views with controls, at their first values."""
    return fresh_views(values_in(LESSON))


@dataclass(frozen=True)
class Lesson:
    """One lesson in the browser, and what it should show."""

    notebook: str
    page: NotebookPage
    values: Mapping[str, object]

    @property
    def stills(self) -> dict[str, str]:
        """The committed HTML outputs, by cell."""
        return committed_stills(ROOT / self.notebook)

    def views(self) -> dict[str, View]:
        """Its views with controls, at their first values."""
        return fresh_views(self.values)


@pytest.fixture(scope="session", params=LESSONS, ids=lambda path: Path(path).stem)
def each(
    request: pytest.FixtureRequest,
    run: Callable[[str], NotebookPage],
    values_in: Callable[[str], dict[str, object]],
) -> Lesson:
    """Each lesson in turn, run."""
    return Lesson(request.param, run(request.param), values_in(request.param))


def fresh_views(values: Mapping[str, object]) -> dict[str, View]:
    """The views with controls among the values of cells, at their first values."""
    return {cell: view.reset() for cell, view in views_of(values).items()}


class Lessons(LoadScopeScheduling):
    """All tests of one lesson run in one process, which has its own JupyterLab and browser."""

    def _split_scope(self, nodeid: str) -> str:
        named = (Path(one).stem for one in LESSONS)
        return next((one for one in named if one in nodeid), OF_THE_FIRST)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Lessons:
    """Who runs what."""
    return Lessons(config, log)


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
