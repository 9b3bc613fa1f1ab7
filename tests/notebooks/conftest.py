"""What the pages leave behind, run once."""

import contextlib
import io

import pytest
from lessons import cells, lesson, source, tags

LEFT_OUT = {"warm-up", "claims"}
"""Cells of which nothing is compared."""


def left_by(path):
    """The names that a page's cells leave behind, run in their order."""
    names = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in cells(path, "code"):
            if not LEFT_OUT & tags(cell):
                exec(source(cell), names)
    return names


@pytest.fixture(scope="session")
def page():
    """What the first lab leaves behind."""
    return left_by(lesson(1))


@pytest.fixture(scope="session")
def cost_page():
    """What the second lab leaves behind."""
    return left_by(lesson(2))
