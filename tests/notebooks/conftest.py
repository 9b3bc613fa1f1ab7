"""What the pages leave behind, run once."""

import pytest
from lessons import cells, lesson, run, source, tags

LEFT_OUT = {"warm-up", "claims"}
"""Cells of which nothing is compared."""


def left_by(path):
    """The names that a page's cells leave behind."""
    return run(source(cell) for cell in cells(path, "code") if not LEFT_OUT & tags(cell))


@pytest.fixture(scope="session")
def page():
    """What the first lab leaves behind."""
    return left_by(lesson(1))


@pytest.fixture(scope="session")
def cost_page():
    """What the second lab leaves behind."""
    return left_by(lesson(2))
