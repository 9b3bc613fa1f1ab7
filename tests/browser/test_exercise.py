"""The exercise as a learner meets it: untouched, wrong, wrong otherwise, half, and right."""

import json
from collections.abc import Callable

import pytest
from browser_page import NotebookPage
from browser_server import ROOT
from conftest import EXERCISE

MASTER = json.loads((ROOT / EXERCISE.replace("exercises", "solutions")).read_text())
RIGHT = {cell["id"]: "".join(cell["source"]) for cell in MASTER["cells"]}
TEXT_ONLY = """def classify_outcome(message):
    text = "".join(b.text for b in message.content if b.type == "text")
    return Outcome("answered" if text else "refused", text)"""
BY_REASON = """def classify_outcome(message):
    text = "".join(b.text for b in message.content if b.type == "text")
    return Outcome("refused" if message.stop_reason == "refusal" else "answered", text)"""


@pytest.fixture(scope="module")
def page(tab: Callable[[str], NotebookPage]) -> NotebookPage:
    """The exercise, run as it is given."""
    return tab(EXERCISE).run_all()


def answer(page: NotebookPage, **cells: str) -> str:
    """Type answers into cells, run them and the check, and read the verdict."""
    for name, source in cells.items():
        page.cell(name.replace("_", "-")).write(source)
        page.run(name.replace("_", "-"))
    page.run("r9-check")
    return page.cell("r9-check").text


def test_an_untouched_exercise_says_that_nothing_is_written(page: NotebookPage) -> None:
    """No mark against it, no traceback, and what to do next."""
    said = page.cell("r9-check").text
    assert "not written yet" in said
    assert "classify_outcome" in said
    assert not page.failed_cells


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (TEXT_ONLY, "something that the model took back"),
        (BY_REASON, "neither an empty content nor a stop reason"),
    ],
    ids=["text only", "stop reason only"],
)
def test_a_wrong_answer_gets_the_hint_of_its_misconception(
    page: NotebookPage, wrong: str, hint: str
) -> None:
    """The card shows the first case that fails, and what it does to a person."""
    said = answer(page, r9_answer=wrong, r9_answer_history=RIGHT["r9-answer-history"])
    assert "not yet" in said
    for word in ("given", "expected", "got", "hint"):
        assert word in said
    assert hint in said
    page.shot("verdict-wrong", page.cell("r9-check").output)


def test_the_right_answer_is_solved_however_often_it_is_run(page: NotebookPage) -> None:
    """Both functions from the master: solved, also when the cells run again and out of order."""
    said = answer(page, r9_answer=RIGHT["r9-answer"], r9_answer_history=RIGHT["r9-answer-history"])
    assert "solved" in said
    page.run("r9-answer-history").run("r9-check").run("r9-answer").run("r9-check")
    assert "solved" in page.cell("r9-check").text
    assert not page.failed_cells
    page.shot("verdict-right", page.cell("r9-check").output)
