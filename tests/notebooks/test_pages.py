"""The committed notebooks: executed, whole, within their limits."""

import json
import re

import nbformat
import pytest
from lessons import LESSONS, ROOT, cells, codes, exercises, prose, source, tags

from labkit.checks import EXERCISES as REGISTERED
from labkit.cli.notebooks import by_heading, minutes

PAGES = sorted(ROOT.glob("notebooks/*.ipynb"))
MASTERS = sorted(ROOT.glob("solutions/*.ipynb"))
EXERCISES = sorted(ROOT.glob("exercises/*.ipynb"))
EXECUTED = PAGES + MASTERS


def named(path):
    """A notebook's name in a test's id."""
    return f"{path.parent.name}/{path.stem}"


def test_each_lesson_has_its_exercises_and_their_masters():
    """An empty folder would pass everything below."""
    names = [path.name for path in LESSONS]
    assert names
    assert [path.name for path in MASTERS] == [path.name for path in EXERCISES] == names


@pytest.mark.parametrize("path", LESSONS, ids=named)
def test_a_lesson_has_every_item_of_its_area(path):
    """Each with a heading, a line of the contents and an exercise in the masters."""
    headings = re.findall(r"^### ([A-Z]\d+ .+)$", prose(path), re.MULTILINE)
    contents = re.findall(r"^(?:-|\d+\.) \[([A-Z]\d+ [^]]+)\]", prose(path), re.MULTILINE)
    assert contents == headings
    assert {heading.split()[0] for heading in headings} == codes(path)
    assert exercises(ROOT / "solutions" / path.name) == codes(path)


def test_every_exercise_is_checked_somewhere_and_every_check_is_registered():
    """A warm-up on its page, an exercise in its master; a code that is not there is a typo."""
    checked = [code for path in EXECUTED for code in exercises(path)]
    assert sorted(checked) == sorted(REGISTERED)


@pytest.mark.parametrize("path", EXECUTED, ids=named)
def test_every_code_cell_has_been_run(path):
    """A stripped notebook would pass strict comparison without comparing anything."""
    assert cells(path, "code")
    counts = [cell["execution_count"] for cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.parametrize("path", EXECUTED, ids=named)
def test_no_cell_ends_in_an_error_or_writes_to_stderr(path):
    """Papermill fails on an error output whatever its tag; stderr is noise to a learner."""
    for cell in cells(path, "code"):
        for output in cell["outputs"]:
            assert output["output_type"] != "error", cell["id"]
            assert output.get("name") != "stderr", cell["id"]


@pytest.mark.parametrize("path", EXECUTED, ids=named)
def test_no_output_holds_what_varies(path):
    """No address, temporary folder or home folder stands in an output."""
    outputs = json.dumps([cell["outputs"] for cell in cells(path, "code")])
    assert not re.search(r"0x[0-9a-f]{6,}|/(?:tmp|home|root)/|ipykernel_", outputs)


@pytest.mark.parametrize("path", PAGES + MASTERS + EXERCISES, ids=named)
def test_a_notebook_keeps_its_limits(path):
    """At most 160 cells beside the claims, 20 lines, 120 words, a megabyte, one title."""
    assert path.stat().st_size <= 1_000_000
    assert len([c for c in cells(path) if "claims" not in tags(c)]) <= 160
    for cell in cells(path, "code"):
        assert len(source(cell).splitlines()) <= 20, cell["id"]
    for cell in cells(path, "markdown"):
        assert len(source(cell).split()) <= 120, cell["id"]
    titles = [c for c in cells(path, "markdown") if re.search(r"^# ", source(c), re.MULTILINE)]
    assert len(titles) == 1


FORBIDDEN = {
    "strict comparison fails on these": r"\binteract|\bOutput\(|clear_output",
    "a trailing semicolon hides an output": r";\s*$",
    "timing differs from run to run": r"%%?time",
    "the API has no sampling parameters any more": r"\btemperature\b|\btop_p\b|\btop_k\b",
    "a literal model id is not a lab's business": r"[\"'](claude|lab)-\w+-\d",
}


@pytest.mark.parametrize("path", PAGES + MASTERS + EXERCISES, ids=named)
@pytest.mark.parametrize("reason", FORBIDDEN)
def test_code_on_a_page_leaves_out_what_breaks_it(path, reason):
    """Each pattern has its reason; C3 is about literal ids and shows some."""
    for cell in cells(path, "code"):
        if reason.startswith("a literal model id") and re.match(r"(claims-)?c3\b", cell["id"]):
            continue
        assert not re.search(FORBIDDEN[reason], source(cell), re.MULTILINE), cell["id"]


@pytest.mark.parametrize("path", EXERCISES, ids=named)
def test_an_exercise_gives_nothing_away(path):
    """No output, no count, no marker; a stub in every answer cell."""
    for cell in cells(path, "code"):
        assert (cell["outputs"], cell["execution_count"]) == ([], None)
        assert "SOLUTION" not in source(cell)
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            assert "raise NotImplementedError" in source(cell)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_production_code_on_a_page_does_not_know_the_lab(path):
    """What a page calls production imports neither the simulator nor the lab."""
    production = [cell for cell in cells(path, "code") if "production" in tags(cell)]
    assert production or path not in LESSONS
    for cell in production:
        known = re.search(r"labkit\.(sim|lab|views|contrast)|\blab\b(?!-)", source(cell))
        assert not known, cell["id"]


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_picture_has_words_and_numbers_beside_it(path):
    """Each image has a description, and a table or a sentence of numbers with it."""
    outputs = [o for c in cells(path, "code") for o in c["outputs"] if "data" in o]
    pictures = ["".join(o["data"].get("text/html", "")) for o in outputs]
    pictures = [html for html in pictures if "<img" in html]
    assert pictures or path not in LESSONS
    for html in pictures:
        assert re.search(r'<img[^>]* alt="[^"]{20,}"', html)
        assert "<table" in html


@pytest.mark.parametrize("path", LESSONS, ids=named)
def test_the_minutes_at_the_door_are_the_ones_that_are_counted(path):
    """The core within a tenth of its count, and each part within a minute of its own."""
    every = nbformat.read(path, as_version=4).cells
    door, *contents = map(source, every[:3])
    line = r"^(-|\d+\.) .*?\(#([^)]+)\).*?, (\d+) minutes"
    listed = re.findall(line, "\n".join(contents), re.MULTILINE)
    told = {anchor: int(number) for _, anchor, number in listed}
    counted, part = {}, ""
    for heading, part_cells in by_heading(every):
        anchor = heading.replace(" ", "-")
        part = anchor if anchor in told else part
        counted.setdefault(part, []).extend(part_cells)
    assert told == {name: pytest.approx(minutes(counted[name]), abs=1) for name in told}
    further = {anchor for mark, anchor, _ in listed if mark == "-"}
    core = [
        cell for name, part_cells in counted.items() if name not in further for cell in part_cells
    ]
    promised, *halves = map(
        int, re.findall(r"(?<=\*\*About )\d+|\d+(?= to the)|\d+(?= behind)", door)
    )
    assert sum(halves) == pytest.approx(promised, abs=3)
    assert promised == pytest.approx(minutes(core), abs=3)
