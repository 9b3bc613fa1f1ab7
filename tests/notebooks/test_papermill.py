"""The notebooks under papermill: six seeds, and every claim holds for each."""

import ast
import logging

import nbformat
import papermill
import pytest
from lessons import LESSONS, ROOT

OTHERS = sorted([*ROOT.glob("solutions/*.ipynb"), *ROOT.glob("exercises/*.ipynb")])
SEEDS = (7, 1, 2, 42, 1234, 99_999)
logging.getLogger("papermill").setLevel(logging.ERROR)


def run(path, tmp_path, *more, **parameters):
    """Execute a copy of a notebook with more cells at its end, and return it."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in more]
    copy = tmp_path / path.name
    nbformat.write(notebook, copy)
    return papermill.execute_notebook(
        str(copy),
        str(tmp_path / "out.ipynb"),
        parameters=parameters,
        cwd=str(path.parent),
        progress_bar=False,
        log_output=False,
        request_save_on_cell_execute=False,  # what it writes after each cell, nobody reads
        kernel_name="python3",
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_claim_of_a_page_holds(path, seed, tmp_path):
    """What the prose says is true for the committed seed and for five others."""
    done = run(path, tmp_path, "[(said, bool(holds)) for said, holds in claims]", SEED=seed)
    claims = ast.literal_eval(done.cells[-1].outputs[0]["data"]["text/plain"])
    assert len(claims) >= 3
    assert [said for said, holds in claims if not holds] == []


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_exercises_and_solutions_run_through(path, tmp_path):
    """A master is solved, an untouched exercise says that nothing is written; neither raises."""
    done = run(path, tmp_path)
    verdicts = [
        "".join(output["data"]["text/plain"])
        for cell in done.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
        for output in cell.outputs
    ]
    assert verdicts
    wanted = "✓ solved" if path.parent.name == "solutions" else "– not written yet"
    assert all(verdict.startswith(wanted) for verdict in verdicts)
