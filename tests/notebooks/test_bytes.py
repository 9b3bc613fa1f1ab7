"""Running the notebooks again changes no byte, wherever it is done."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXECUTED = [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("solutions/*.ipynb")]


def elsewhere(tmp_path):
    """A second copy at another path, with a space in it, and another environment."""
    copy = tmp_path / "another place" / "labkit copy"
    for name in ("labkit", "notebooks", "solutions"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    home = tmp_path / "home"
    home.mkdir()
    keep = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    return copy, keep | {
        "HOME": str(home),
        "TZ": "Pacific/Chatham",
        "LANG": "C",
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "4321",
        "COLUMNS": "60",
        "PYTHONPATH": str(copy),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def check(python, copy, environment, *names):
    """`labkit notebooks --check` there, of all pages or of these."""
    return subprocess.run(
        [python, "-m", "labkit.cli", "notebooks", "--check", *names],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_another_place_gives_the_same_bytes(tmp_path):
    """Another path, HOME, zone, language, hash seed and width change nothing."""
    copy, environment = elsewhere(tmp_path)
    done = check(sys.executable, copy, environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("the same") == len(EXECUTED)


@pytest.mark.slow
def test_a_changed_notebook_is_found(tmp_path):
    """A changed output fails the check, which names the cell and the command to mend it."""
    copy, environment = elsewhere(tmp_path)
    page = copy / "notebooks" / "01_reliability.ipynb"
    page.write_text(page.read_text(encoding="utf-8").replace("of 136 replies", "of 137 replies"))
    done = check(sys.executable, copy, environment, "notebooks/01_reliability.ipynb")
    assert done.returncode == 1
    assert "cell r9-measure" in done.stderr
    assert "labkit notebooks --write" in done.stderr


def other_python():
    """A Python 3.13 beside the one that runs the tests, where this machine has one."""
    named = shutil.which("python3.13")
    managed = sorted(Path.home().glob(".pyenv/versions/3.13*/bin/python3.13"))
    for python in filter(None, [named, *managed]):
        if subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:
            return python
    return None


@pytest.mark.slow
def test_another_python_gives_the_same_bytes(tmp_path):
    """Python 3.13 gives what Python 3.11 gave."""
    python = other_python()
    if not python or sys.version_info[:2] == (3, 13):
        pytest.skip("no second Python on this machine; CI runs this on 3.11 and on 3.13")
    there = tmp_path / "v313"
    locked = ["--no-deps", "-r", str(ROOT / "requirements.lock")]
    for command in (
        [str(python), "-m", "venv", str(there)],
        [str(there / "bin" / "python"), "-m", "pip", "install", "-q", *locked],
    ):
        subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    copy, environment = elsewhere(tmp_path)
    done = check(str(there / "bin" / "python"), copy, environment)
    assert done.returncode == 0, done.stdout + done.stderr
