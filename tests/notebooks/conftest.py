"""What the pages leave behind, run once."""

import contextlib
import io
from pathlib import Path

import pytest
from test_pages import PAGES, cells, source

LEFT_OUT = {"warm-up", "claims"}
"""Cells of which nothing is compared."""


def left_by(path: Path) -> dict[str, object]:
    """The names that a page's cells leave behind, run in their order."""
    names: dict[str, object] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in cells(path, "code"):
            if not LEFT_OUT & set(cell["metadata"].get("tags", [])):
                exec(source(cell), names)
    return names


@pytest.fixture(scope="session")
def page():
    """What the first lab leaves behind."""
    return left_by(PAGES[0])


@pytest.fixture(scope="session")
def cost_page():
    """What the second lab leaves behind."""
    return left_by(PAGES[1])
