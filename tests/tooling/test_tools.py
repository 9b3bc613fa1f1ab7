"""The tools agree with each other and with what the repository says of them."""

import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from lessons import ROOT

from labkit import checklist
from labkit.cli import main

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHON = sys.executable


def run(*command, **options):
    """A command in the repository; its output and its code."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **options)


LINTERS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy"],
    "codespell": ["-m", "codespell_lib"],
}


@pytest.mark.parametrize("name", LINTERS)
def test_the_linters_have_nothing_to_say(name):
    """Format, lint, types and spelling are clean."""
    done = run(PYTHON, *LINTERS[name])
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_rooms_keep_their_directions():
    """import-linter holds the contracts of pyproject.toml."""
    done = run(str(Path(PYTHON).parent / "lint-imports"))
    assert done.returncode == 0, done.stdout + done.stderr


DRAW = {"cli", "checks", "contrast", "views"}
"""The rooms that may import the views, and so what draws."""


def test_every_room_stands_in_the_contracts_that_are_about_it():
    """A new room draws nothing, and a new area's blocks do not know that they are in a lab.

    That each has its place above and below the others, import-linter says itself.
    """
    contracts = {one["name"]: one for one in PROJECT["tool"]["importlinter"]["contracts"]}
    rooms = {f"labkit.{room.name}" for room in pkgutil.iter_modules([ROOT / "labkit"])}
    areas = rooms & {f"labkit.{area.id}" for area in checklist.areas()}
    draw_nothing = set(contracts["Only the views draw"]["source_modules"])
    assert draw_nothing == rooms - {f"labkit.{room}" for room in DRAW}
    production = contracts["Production code does not know that it is in a lab"]
    assert areas <= set(production["source_modules"])


def pins(name):
    """Package and versions of every pin in a file; more than one where Pythons differ."""
    found = {}
    text = (ROOT / name).read_text()
    for package, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE):
        found.setdefault(re.sub(r"[_.]", "-", package.lower()), set()).add(version)
    return found


def test_lock_and_constraints_have_the_same_versions():
    """Both come from one resolution, and neither names a host or a folder."""
    assert pins("requirements.lock") == pins("constraints.txt")
    assert len(pins("requirements.lock")) > 50
    for name in ("requirements.lock", "constraints.txt"):
        assert "://" not in (ROOT / name).read_text()
    locked = (ROOT / "requirements.lock").read_text()
    assert locked.count("--hash=sha256:") > len(pins("requirements.lock"))


def test_the_lock_has_every_dependency_of_the_project():
    """Nothing that pyproject.toml asks for is missing from the lock."""
    wanted = [*PROJECT["project"]["dependencies"]]
    wanted += [name for group in PROJECT["dependency-groups"].values() for name in group]
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in wanted}
    assert names <= pins("requirements.lock").keys()


@pytest.mark.slow
def test_the_conda_environment_gives_the_locked_versions(tmp_path):
    """Its pip section installs into a bare environment, with the versions of the lock."""
    section = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"][-1]["pip"]
    wanted = tmp_path / "requirements.txt"
    wanted.write_text("\n".join(section))
    shutil.copy(ROOT / "constraints.txt", tmp_path)
    bare = tmp_path / "bare"
    uv = shutil.which("uv")
    if uv:
        assert run(uv, "venv", "-q", "--python", PYTHON, str(bare)).returncode == 0
        install = [uv, "pip", "install", "-q", "--python", str(bare / "bin" / "python")]
        check = [uv, "pip", "check", "--python", str(bare / "bin" / "python")]
    else:
        assert run(PYTHON, "-m", "venv", str(bare)).returncode == 0
        install = [str(bare / "bin" / "pip"), "install", "-q"]
        check = [str(bare / "bin" / "pip"), "check"]
    done = run(*install, "-r", str(wanted))
    assert done.returncode == 0, done.stderr
    assert run(*check).returncode == 0
    listing = "from importlib.metadata import distributions as d\n"
    listing += "print(*(f'{x.name}=={x.version}' for x in d()), sep='\\n')"
    installed = run(str(bare / "bin" / "python"), "-c", listing).stdout
    locked = pins("requirements.lock")
    for name, version in re.findall(r"^([\w.-]+)==(\S+)$", installed, re.MULTILINE):
        plain = re.sub(r"[_.]", "-", name.lower())
        if plain not in ("labkit", "pip", "setuptools"):
            assert version in locked.get(plain, ()), name


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/instructor.md"])
def test_every_make_target_that_a_page_names_exists(page):
    """A command in the documents is a command of the Makefile."""
    targets = set(re.findall(r"^([\w -]+):\n", (ROOT / "Makefile").read_text(), re.MULTILINE))
    known = {name for line in targets for name in line.split()}
    named = set(re.findall(r"(?:`|\n)make ([\w-]+)", (ROOT / page).read_text()))
    assert named
    assert named <= known


def test_help_has_examples_and_exit_codes(capsys):
    """`labkit --help` shows what to type and what the exit codes mean."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for word in ("start", "serve", "doctor", "notebooks", "exercises", "examples:", "exit codes:"):
        assert word in said


def test_the_exercises_are_what_their_masters_give(monkeypatch, capsys):
    """Nobody has edited a generated notebook."""
    monkeypatch.chdir(ROOT)
    assert main(["exercises", "--check"]) == 0, capsys.readouterr().err


def test_an_edited_exercise_is_found(monkeypatch, tmp_path, capsys):
    """A change in a generated notebook fails, and the message says how to make it anew."""
    for name in ("solutions", "exercises"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "exercises" / "01_reliability.ipynb"
    page.write_text(page.read_text().replace("15 minutes", "5 minutes"))
    assert main(["exercises", "--check"]) == 1
    assert "labkit exercises --write" in capsys.readouterr().err
    assert main(["exercises", "--write"]) == 0
    assert main(["exercises", "--check"]) == 0


def test_the_doctor_finds_nothing_here(capsys):
    """In the kit's own environment every line holds, and a call is answered."""
    assert main(["doctor"]) == 0, capsys.readouterr().out
    said = capsys.readouterr().out
    assert "✕" not in said
    assert "a simulated call was answered" in said


def test_a_saved_notebook_keeps_its_still_pictures_and_no_dead_widget():
    """A widget view beside a still picture is left out; one that stands alone stays."""
    from labkit.cli.saving import WIDGET, drop_widget_views

    twin = {"data": {WIDGET: {}, "text/html": "<p>still</p>", "text/plain": "still"}}
    alone = {"data": {WIDGET: {}, "text/plain": "alone"}}
    model = {"type": "notebook", "content": {"cells": [{"outputs": [twin, alone]}, {}]}}
    drop_widget_views(model=model, path="a.ipynb")
    assert WIDGET not in twin["data"]
    assert WIDGET in alone["data"]
    drop_widget_views(model={"type": "file", "content": "text"})
