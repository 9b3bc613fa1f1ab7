"""What the page looks like: both themes, two widths, pictures kept; and axe finds nothing in it."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_page import NotebookPage
from conftest import LESSON

VIEWS = ("happy-trace", "contrast", "r9-next-turn", "r9-view-live", "r9-warmup-check")
WIDER = "view => Math.max(0, view.scrollWidth - view.clientWidth)"


@pytest.fixture(scope="module")
def page(tab: Callable[[str], NotebookPage]) -> NotebookPage:
    """A page of its own, so that themes and widths disturb nobody."""
    return tab(LESSON).run_all()


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("width_px", [1000, 480])
def test_every_view_fits_its_width_in_both_themes(
    page: NotebookPage, theme: str, width_px: int
) -> None:
    """Nothing sticks out sideways; a picture of each view is kept to be looked at."""
    page.theme(theme).width(width_px)
    for cell in VIEWS:
        view = page.cell(cell).view.node
        view.scroll_into_view_if_needed()
        assert view.evaluate(WIDER) <= 1, cell
        page.shot(f"{cell}-{theme.lower()}-{width_px}", view)
    page.page.locator(".jp-Notebook .jp-Cell").first.scroll_into_view_if_needed()
    page.shot(f"page-{theme.lower()}-{width_px}")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_axe_finds_nothing_in_the_views(page: NotebookPage, theme: str) -> None:
    """No violation inside a live view, in either theme."""
    page.theme(theme).width(1000)
    found = Axe().run(page.page, context=".lk").response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_axe_would_find_something(page: NotebookPage) -> None:
    """An image without words, put into a view, is found: the check above can fail."""
    bad = "view => { const i = new Image(); i.id = 'bad'; view.append(i) }"
    page.cell("contrast").view.node.evaluate(bad)
    found = Axe().run(page.page, context=".lk").response["violations"]
    page.page.evaluate("() => document.getElementById('bad').remove()")
    assert "image-alt" in [one["id"] for one in found]
