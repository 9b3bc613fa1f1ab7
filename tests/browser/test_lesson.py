"""The lesson after Run All: nothing fails, every view lives, and it says what the still said."""

import pytest
from browser_page import NotebookPage
from browser_reference import said, still_said

from labkit.views import View


@pytest.fixture(autouse=True, scope="module")
def run_anew(lesson: NotebookPage) -> None:
    """Whatever other tests have moved, every view is at its first values."""
    lesson.run_all()


def test_no_cell_fails(lesson: NotebookPage) -> None:
    """Every cell runs to its end, and nothing on the page is an error."""
    assert not [cell.id for cell in lesson.code_cells if cell.failed]
    assert not lesson.problems


def test_every_committed_still_becomes_what_it_showed(
    lesson: NotebookPage, stills: dict[str, str]
) -> None:
    """Where a view is live, its finding and its numbers are those of the committed still."""
    alive = {cell: lesson.cell(cell).view for cell in stills if lesson.cell(cell).is_live}
    assert {"contrast", "r9-view", "r9-warmup"} <= alive.keys()
    for cell, view in alive.items():
        finding, rows = still_said(stills[cell])
        if view.has_twin:
            assert (view.finding, view.rows) == (finding, rows), cell
        for word in (cell for row in rows[1:] for cell in row):
            assert word in view.all_text, (cell, word)


def test_the_values_of_this_process_are_those_of_the_page(
    lesson: NotebookPage, lesson_views: dict[str, View]
) -> None:
    """The reference that the other tests compare with begins where the page does."""
    assert lesson_views
    for cell, view in lesson_views.items():
        lesson.cell(cell).view.shows(*said(view))


def test_running_everything_twice_changes_no_word(lesson: NotebookPage) -> None:
    """A second Run All in the same kernel shows what the first one showed."""
    before = lesson.words
    lesson.run_all()
    assert lesson.words == before
