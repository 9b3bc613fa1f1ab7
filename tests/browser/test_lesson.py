"""Each lesson after Run All: nothing fails, every view lives, and it says what the still said."""

import pytest
from browser_reference import said, still_said
from browser_server import ROOT
from conftest import Lesson
from lessons import tagged


@pytest.fixture(autouse=True, scope="module")
def run_anew(each: Lesson) -> None:
    """Whatever other tests have moved, every view is at its first values."""
    each.page.run_all()


def test_no_cell_fails(each: Lesson) -> None:
    """Every cell runs to its end, and nothing on the page is an error."""
    assert not each.page.failed_cells
    assert not each.page.problems


def test_every_committed_still_becomes_what_it_showed(each: Lesson) -> None:
    """A view, or a warm-up's card: its finding and its numbers are those of the committed still."""
    stills = each.stills
    alive = {cell.id: cell.view for cell in each.page.live_cells}
    assert {*tagged(ROOT / each.notebook, "live", "warm-up")} <= alive.keys()
    for cell, view in alive.items():
        finding, rows = still_said(stills[cell])
        if view.has_twin:
            assert (view.finding, view.rows) == (finding, rows), cell
        for word in (cell for row in rows[1:] for cell in row):
            assert word in view.all_text, (cell, word)


def test_the_values_of_this_process_are_those_of_the_page(each: Lesson) -> None:
    """The reference that the other tests compare with begins where the page does."""
    views = each.views()
    assert views
    for cell, view in views.items():
        each.page.cell(cell).view.shows(*said(view))


def test_running_everything_twice_changes_no_word(each: Lesson) -> None:
    """A second Run All in the same kernel shows what the first one showed."""
    before = each.page.words
    each.page.run_all()
    assert each.page.words == before
