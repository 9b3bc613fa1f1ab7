"""What a page calls further stands for itself: it needs the page's first two parts and no more.

Or one item that it is said to go on from: "R6 …, after R5". Each exercise needs the first cell.
"""

import re

import nbformat
import pytest
from lessons import LESSONS, cells, run, source
from test_pages import MASTERS

from labkit.cli.notebooks import by_heading

FURTHER = re.compile(r"^- \[([A-Z]\d+ [^]]+)\]\S+?(?:, after ([A-Z]\d+))?, \d", re.MULTILINE)
FIRST = re.compile(r"^[12]\. \[([^]]+)\]", re.MULTILINE)


def code_of(parts):
    """The code of these parts, in order, without the claims of the whole page."""
    found = [cell for part in parts for cell in part if cell.cell_type == "code"]
    return [cell.source for cell in found if "claims" not in cell.metadata.get("tags", ())]


def parts_of(path):
    """The page's parts by heading, and those that its contents list names first and as further."""
    contents = "\n".join(map(source, cells(path)[1:3]))
    parts = by_heading(nbformat.read(path, as_version=4).cells)
    return parts, FIRST.findall(contents), FURTHER.findall(contents)


@pytest.fixture(scope="module")
def begun():
    """What the first parts of each page leave behind."""
    found = {}
    for path in LESSONS:
        parts, (_, second), _ = parts_of(path)
        end = [heading for heading, _ in parts].index(second) + 1
        found[path] = run(code_of(part for _, part in parts[:end]))
    return found


ITEMS = [(path, *item) for path in LESSONS for item in parts_of(path)[2]]


@pytest.mark.parametrize(
    ("path", "item", "after"), ITEMS, ids=[item.split()[0] for _, item, _ in ITEMS]
)
def test_a_further_item_runs_after_the_first_two_parts(path, item, after, begun):
    """Who came for one item can go to it at once, or by way of the one that it names."""
    parts, _, _ = parts_of(path)
    before = [part for heading, part in parts if after and heading.startswith(f"{after} ")]
    code = code_of([dict(parts)[item]])
    assert code
    run(code_of(before) + code, begun[path])


EXERCISES = [
    (path, heading)
    for path in MASTERS
    for heading, _ in by_heading(nbformat.read(path, as_version=4).cells)[1:]
]


@pytest.mark.parametrize(
    ("path", "heading"), EXERCISES, ids=[heading.split()[0] for _, heading in EXERCISES]
)
def test_an_exercise_runs_after_the_first_cell_alone(path, heading):
    """Who does two of them imports nothing from the others."""
    first, *parts = by_heading(nbformat.read(path, as_version=4).cells)
    names = run(code_of([first[1], dict(parts)[heading]]))
    assert names["check"]
