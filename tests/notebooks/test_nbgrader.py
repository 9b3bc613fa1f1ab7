"""nbgrader takes the exercise: it makes the students' version and grades what comes back."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MASTER = ROOT / "solutions" / "01_reliability.ipynb"


def nbgrader(course, *arguments):
    """One command of nbgrader in a throw-away course."""
    folders = {
        name: str(course / ".jupyter" / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    environment = {**os.environ, **folders, "PYTHONPATH": str(ROOT), "HOME": str(course)}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment.pop("PYTHONWARNINGS", None)
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def submitted(course, student, *solved):
    """A student's submission with these answers taken from the master."""
    given = json.loads((course / "release" / "ps1" / MASTER.name).read_text())
    master = {cell["id"]: cell for cell in json.loads(MASTER.read_text())["cells"]}
    for cell in given["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") in solved:
            cell["source"] = master[cell["id"]]["source"]
    folder = course / "submitted" / student / "ps1"
    folder.mkdir(parents=True)
    (folder / MASTER.name).write_text(json.dumps(given))


@pytest.mark.slow
def test_nbgrader_gives_full_half_and_no_points(tmp_path):
    """Both functions right: four points; one right: two; the stub: none."""
    source = tmp_path / "source" / "ps1"
    source.mkdir(parents=True)
    shutil.copy(MASTER, source)
    made = nbgrader(tmp_path, "generate_assignment", "ps1")
    assert made.returncode == 0, made.stderr[-3000:]
    submitted(tmp_path, "good", "r9-classify", "r9-history")
    submitted(tmp_path, "half", "r9-classify")
    submitted(tmp_path, "stub")
    graded = nbgrader(tmp_path, "autograde", "ps1")
    assert graded.returncode == 0, graded.stderr[-3000:]
    exported = nbgrader(tmp_path, "export")
    assert exported.returncode == 0, exported.stderr[-3000:]
    heading, *rows = (tmp_path / "grades.csv").read_text().splitlines()
    columns = heading.split(",")
    scores = {
        row.split(",")[columns.index("student_id")]: float(row.split(",")[columns.index("score")])
        for row in rows
    }
    assert scores == {"good": 4.0, "half": 2.0, "stub": 0.0}
