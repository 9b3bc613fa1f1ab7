"""The kit on machines that allow less: nothing to write, no home, no network, other people's keys.

Each runs as a person would: in another process, in a folder with a space in its name.
"""

import json
import os
import shutil
import sys
from pathlib import Path

import confined
import pytest
from confined import read_only, run

from labkit.cli import main

ROOT = Path(__file__).parents[2]
NOWHERE = "http://127.0.0.1:9"
PLAIN = {
    "PATH": os.environ["PATH"],
    "PYTHONDONTWRITEBYTECODE": "1",
    "LC_ALL": "C.UTF-8",
}
OTHER_PEOPLES = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy"), NOWHERE),
    "ANTHROPIC_API_KEY": "somebody's key",
    "ANTHROPIC_AUTH_TOKEN": "somebody's token",
    "ANTHROPIC_BASE_URL": NOWHERE,
    "ANTHROPIC_PROFILE": "nobody",
}
NO_HOME = "/proc/1/none" if Path("/proc/1").exists() else "/nobody/none"
SMALL_PAGE = (
    "from labkit import Lab\nfrom labkit.case import documents\n\nlab = Lab()\nlen(documents())",
    "import matplotlib.font_manager",
    "def app(client, question):\n    ask = [{'role': 'user', 'content': question}]\n"
    "    return client.messages.create(model=lab.model(), max_tokens=50, messages=ask)"
    ".content[0].text\n\n\nlab.ask(app, 'Hello').text is not None, len(lab.trace)",
)


def cell(number, source):
    """A code cell that has not been run."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"cell-{number}",
        "metadata": {},
        "outputs": [],
        "source": source,
    }


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the repository in a folder with a space, with one small executed page."""
    copy = tmp_path_factory.mktemp("a place") / "labkit copy"
    shutil.copytree(ROOT / "labkit", copy / "labkit", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("solutions", "exercises"):
        shutil.copytree(ROOT / name, copy / name)
    page = copy / "notebooks" / "01_reliability.ipynb"
    page.parent.mkdir()
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    whole = {"metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    page.write_text(json.dumps(whole | {"cells": list(map(cell, range(3), SMALL_PAGE))}))
    assert main(["notebooks", "--write", str(page)]) == 0
    return copy


def seven_lines():
    """The code of the first lab's page up to its first answers, as a script."""
    cells = json.loads((ROOT / "notebooks" / "01_reliability.ipynb").read_text("utf-8"))["cells"]
    wanted = {one["id"]: "".join(one["source"]) for one in cells}
    return "\n".join(wanted[name] for name in ("parameters", "prototype", "seven-run"))


def everything(checkout, tmp_path, environment, *, pages=True, **place):
    """The seven lines, the doctor and a page's check; each ends well and without a warning."""
    environment = {**PLAIN, "PYTHONPATH": str(checkout), **environment}
    place = {"cwd": checkout, "env": environment, "tmp": tmp_path, **place}
    answers = run(sys.executable, "-W", "error", "-c", seven_lines(), **place)
    assert (answers.returncode, answers.stderr) == (0, "")
    assert answers.stdout.count("→") == 3
    assert "7 days" in answers.stdout
    doctor = run(sys.executable, "-m", "labkit.cli", "doctor", **place)
    assert (doctor.returncode, doctor.stderr) == (0, ""), doctor.stdout
    assert "a simulated call was answered, without a key and without a network" in doctor.stdout
    if pages:
        page = "notebooks/01_reliability.ipynb"
        check = run(sys.executable, "-m", "labkit.cli", "notebooks", "--check", page, **place)
        assert (check.returncode, check.stderr) == (0, "")
    return doctor.stdout


@pytest.mark.slow
def test_a_checkout_that_cannot_be_written_and_no_network(checkout, tmp_path):
    """Pages run and are checked; what would write is one message, and changes nothing."""
    home = tmp_path / "home"
    home.mkdir()
    page = checkout / "notebooks" / "01_reliability.ipynb"
    before = page.read_bytes()
    with read_only(checkout) as refusing:
        environment = {"HOME": str(home), **refusing}
        said = everything(checkout, tmp_path, environment, cut_off=True)
        assert "– this folder cannot be written: pages run" in said
        place = {"cwd": checkout, "tmp": tmp_path}
        place["env"] = {**PLAIN, "PYTHONPATH": str(checkout), **environment}
        for command, says in (
            (["notebooks", "--write"], "cannot be written. It was not run. Copy the folder"),
            (["exercises", "--write"], "Permission denied. Nothing more was done."),
        ):
            done = run(sys.executable, "-m", "labkit.cli", *command, **place)
            assert done.returncode == 1
            assert says in done.stderr
            assert done.stderr.startswith("labkit: ")
            assert len(done.stderr.splitlines()) == 1
    assert page.read_bytes() == before
    assert not list(checkout.rglob("*.half"))


@pytest.mark.slow
def test_a_home_that_cannot_be_written_and_other_peoples_keys_and_proxies(checkout, tmp_path):
    """Nothing is written at home, no key is read, and no proxy is asked."""
    said = everything(checkout, tmp_path, {"HOME": NO_HOME, **OTHER_PEOPLES})
    assert "– your home folder cannot be written" in said
    assert f"{', '.join(sorted(OTHER_PEOPLES))}: set, and not read" in said


@pytest.mark.slow
def test_no_home_at_all_and_hardly_an_environment(checkout, tmp_path):
    """With no HOME the system's own is used; nothing is made in the checkout."""
    before = sorted(checkout.rglob("*"))
    everything(checkout, tmp_path, {}, pages=False)
    assert sorted(checkout.rglob("*")) == before


WRITE_AND_CALL = """
import os, socket
for work in (
    lambda: open("written", "w"),
    lambda: os.mkdir("made"),
    lambda: socket.create_connection(("192.0.2.1", 80), 5),
):
    try:
        print(work())
    except OSError as problem:
        print(problem.errno)
print(os.access(".", os.W_OK), os.access("/", os.R_OK))
"""


@pytest.mark.parametrize("rights", ["the system's", "our own"])
def test_the_confinement_holds(tmp_path, monkeypatch, rights):
    """What the tests here rest on: neither way to take rights away lets anything through."""
    if rights == "our own":
        monkeypatch.setattr(confined, "bits_hold", lambda folder: False)
        monkeypatch.setattr(confined, "obey_permissions", lambda: None)
        monkeypatch.setattr(confined, "without_network", list)
    folder = tmp_path / "folder"
    folder.mkdir()
    with read_only(folder) as refusing:
        place = {"cwd": folder, "env": PLAIN | refusing, "tmp": tmp_path}
        done = run(sys.executable, "-c", WRITE_AND_CALL, **place, cut_off=True)
    assert done.stderr == ""
    assert done.stdout.split() == ["13", "13", "101", "False", "True"]
    assert list(folder.iterdir()) == []
    allowed = WRITE_AND_CALL.replace(
        '    lambda: socket.create_connection(("192.0.2.1", 80), 5),\n', ""
    )
    run(sys.executable, "-c", allowed, **{**place, "env": PLAIN})
    assert {path.name for path in folder.iterdir()} == {"written", "made"}


def test_an_import_reads_no_setting_and_writes_no_file(checkout, tmp_path):
    """`import labkit` is silent wherever it is done."""
    with read_only(checkout) as refusing:
        environment = {**PLAIN, **OTHER_PEOPLES, **refusing, "HOME": NO_HOME}
        environment["PYTHONPATH"] = str(checkout)
        code = "import labkit, labkit.case, labkit.evals, labkit.reliability; labkit.Lab()"
        done = run(
            sys.executable, "-W", "error", "-c", code, cwd="/", env=environment, tmp=tmp_path
        )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
