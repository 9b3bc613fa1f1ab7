"""The lessons among the notebooks, found by their names: ``NN_area.ipynb``.

Whatever holds for each lesson takes them from here, so that a new one is held by it, too.
"""

import json
import re
from pathlib import Path

import coverage

from labkit import checklist

ROOT = Path(__file__).parents[1]
LESSONS = sorted(ROOT.glob("notebooks/[0-9]*_*.ipynb"))


def lesson(number):
    """The lesson with this number in its name."""
    return next(path for path in LESSONS if path.name.startswith(f"{number:02}_"))


def area(path):
    """What a lesson is about: the areas of the checklist stand in the order of the lessons."""
    return checklist.areas()[int(path.name.partition("_")[0]) - 1]


def codes(path):
    """The items of the checklist that a lesson must have, by their codes."""
    return {one.code for one in checklist.items() if one.area == area(path)}


def cells(path, kind=None):
    """The cells of a notebook, all or of one kind."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if kind in (None, cell["cell_type"])]


def source(cell):
    """The text of a cell."""
    return "".join(cell["source"])


def tags(cell):
    """What a cell is tagged."""
    return set(cell["metadata"].get("tags", ()))


def tagged(path, *names):
    """The code cells of a notebook with one of these tags, by their ids."""
    return [cell["id"] for cell in cells(path, "code") if tags(cell) & {*names}]


def prose(path):
    """All that a notebook says between its code."""
    return "\n".join(map(source, cells(path, "markdown")))


def exercises(path):
    """The exercises and warm-ups that a notebook checks."""
    code = "\n".join(map(source, cells(path, "code")))
    return set(re.findall(r'\bcheck\("([^"]+)"', code))


def run(sources, before=()):
    """The names that cells leave behind, run one after the other and after others.

    What they call counts as covered by nothing: the rooms have tests of their own, and a page
    takes twice as long while somebody counts.
    """
    names = {"__name__": "__main__", **dict(before)}
    counter = coverage.Coverage.current()
    if counter:
        counter.stop()
    try:
        for one in sources:
            exec(one, names)
    finally:
        if counter:
            counter.start()
    return names
