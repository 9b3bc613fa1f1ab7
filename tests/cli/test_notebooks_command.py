"""`labkit notebooks` and `labkit exercises`: what they write, find, refuse and leave alone."""

import json
import os
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from labkit.cli import main, notebooks

ROOT = Path(__file__).parents[2]


def notebook(*sources, **metadata):
    """The text of a notebook with these code cells, as yet not run."""
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"cell-{number}",
            "metadata": metadata,
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(sources, 1)
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python", "version": "2.2"}}
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole)


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A path for a notebook, in a folder with a space in which the command runs."""
    folder = tmp_path / "a folder" / "notebooks"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder.parent)
    return Path("notebooks", "page.ipynb")


def test_write_executes_and_normalises_and_check_finds_a_change(page, capsys):
    """Written once it is the same when it is run again, and a changed output is found by its id."""
    page.write_text(notebook("20 + 1", "print('é')"), encoding="utf-8")
    assert main(["notebooks", "--check"]) == 1
    assert "cell cell-1, cell-2" in capsys.readouterr().err
    assert main(["notebooks", "--write"]) == 0
    written = page.read_text(encoding="utf-8")
    assert '"21"' in written
    assert '"é\\n"' in written
    assert "language_info" not in written
    assert main(["notebooks", "--check", str(page)]) == 0
    assert "the same" in capsys.readouterr().out
    page.write_text(written.replace('"21"', '"22"'), encoding="utf-8")
    assert main(["notebooks", "--check"]) == 1
    said = capsys.readouterr().err
    assert "changes cell cell-1\n" in said
    assert "labkit notebooks --write notebooks/page.ipynb" in said


def test_a_change_of_form_is_found_too():
    """Where no cell differs the message says what does."""
    once = notebook("1")
    assert notebooks.difference(once, once.replace(": ", ":")) == "its metadata or its form"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("raise ValueError('no\\nsuch drill')", "raised ValueError: no such drill"),
        ("import time; time.sleep(60)", "takes more than 1 s"),
        ("import os; os._exit(7)", "cannot be run: Kernel died"),
    ],
    ids=["a cell that raises", "a cell that does not end", "a kernel that dies"],
)
def test_a_page_that_cannot_be_run_is_one_message_and_stays_as_it_was(
    page, capsys, monkeypatch, source, says
):
    """The message names the notebook and what to do; nothing is written."""
    monkeypatch.setattr(notebooks, "CELL_S", 1)
    page.write_text(notebook(source), encoding="utf-8")
    before = page.read_bytes()
    assert main(["notebooks", "--write"]) == 1
    said = capsys.readouterr().err
    assert f"{page} " in said
    assert says in said
    assert "Traceback" not in said
    assert page.read_bytes() == before


def test_a_page_that_cannot_be_written_is_not_run(page, capsys, monkeypatch):
    """Nobody waits for a minute to be told at the end."""
    page.write_text(notebook("1"), encoding="utf-8")
    monkeypatch.setattr(os, "access", lambda path, mode: path != page)
    monkeypatch.setattr(notebooks, "CELL_S", None)
    assert main(["notebooks", "--write"]) == 1
    assert "page.ipynb cannot be written. It was not run." in capsys.readouterr().err


def test_an_interrupt_ends_a_page_and_its_kernel(page, capsys):
    """Ctrl-C while a cell runs: one message, its own code, nothing written, no kernel left."""
    source = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
    page.write_text(notebook(source), encoding="utf-8")
    before, pid = page.read_bytes(), page.parent / "pid"

    def interrupt():
        while not pid.exists() or not pid.read_text():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    assert main(["notebooks", "--write"]) == 130
    assert capsys.readouterr().err.startswith("labkit: interrupted: ")
    assert page.read_bytes() == before
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_a_missing_kernel_sends_to_the_doctor(page, capsys, monkeypatch):
    """Where no kernel is installed the message says who can tell more."""

    def none(self, name):
        raise NoSuchKernel(name)

    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", none)
    page.write_text(notebook("1"), encoding="utf-8")
    assert main(["notebooks", "--check"]) == 1
    assert "No such kernel named python3. No cell" in capsys.readouterr().err


def test_a_folder_for_sockets_that_is_too_deep_is_named(page, tmp_path, capsys, monkeypatch):
    """A socket's path has at most 107 characters; the message names the variable."""
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    page.write_text(notebook("1"), encoding="utf-8")
    assert main(["notebooks", "--check"]) == 1
    said = capsys.readouterr().err
    assert "No kernel can have its sockets at a path so long. Set TMPDIR to a shorter one." in said


NO_NOTEBOOKS = {
    "empty": b"",
    "not UTF-8": b"\xff\xfe",
    "text": b"hello",
    "null": b"null",
    "a list": b"[]",
    "a table": b"{}",
    "deep": b"[" * 100_000,
    "a cell of nothing": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}',
    "half a cell": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"id": "a", '
    b'"cell_type": "code", "source": "1", "metadata": {}}]}',
    "of the future": b'{"nbformat": 99, "nbformat_minor": 0, "metadata": {}, "cells": []}',
    "a long complaint": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": 1, "cells": "'
    + b"x" * 9_000
    + b'"}',
}


@pytest.mark.parametrize("what", ["--check", "--write", "--minutes"])
@pytest.mark.parametrize("kind", NO_NOTEBOOKS)
def test_a_file_that_is_no_notebook_is_left_as_it_is(page, capsys, kind, what):
    """One line says which file, why, and how to get it again."""
    page.write_bytes(NO_NOTEBOOKS[kind])
    assert main(["notebooks", what]) == 1
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert said.startswith(f"labkit: {page} is not a notebook: ")
    assert said.endswith("It was left as it is. Get it again with git.")
    assert len(said) < 300
    assert page.read_bytes() == NO_NOTEBOOKS[kind]


@pytest.mark.parametrize("paths", [[], ["no/such.ipynb"], ["notebooks"], [""], ["\0"]])
def test_a_path_without_a_notebook_is_refused_before_anything_runs(page, capsys, paths):
    """Nothing there, a folder, nothing at all, and what cannot be a path."""
    assert main(["notebooks", "--check", *paths]) == 1
    assert "Nothing was run. Name a notebook" in capsys.readouterr().err


def test_minutes_are_counted_for_every_page_and_part(page, capsys, monkeypatch):
    """Code, outputs, live views and warm-ups each have their time, claims none; to the nearest."""
    code = json.loads(notebook("x = 1\n" * 30, tags=["live", "warm-up"]))["cells"]
    claims = json.loads(notebook("", "x = 1\n" * 90, tags=["claims"]))["cells"][1:]
    heading = {
        "cell_type": "markdown",
        "id": "two",
        "metadata": {},
        "source": "w " * 180 + "\n## Two",
    }
    whole = json.loads(notebook()) | {"cells": [*code, heading, *claims]}
    page.write_text(json.dumps(whole), encoding="utf-8")
    assert main(["notebooks", "--minutes"]) == 0
    told = f"{page}: about 7 minutes, counted\n    6  before the first heading\n    1  Two\n"
    assert capsys.readouterr().out == told
    monkeypatch.chdir(ROOT)
    assert main(["notebooks", "--minutes"]) == 0
    assert "01_reliability.ipynb: about " in capsys.readouterr().out


# ---------------------------------------------------------------- exercises
@pytest.fixture
def masters(tmp_path, monkeypatch):
    """A folder with a copy of the masters in it."""
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_exercises_without_masters_say_where_to_go(tmp_path, monkeypatch, capsys):
    """Outside the repository there is nothing to make them from."""
    monkeypatch.chdir(tmp_path)
    for what in ("--write", "--check"):
        assert main(["exercises", what]) == 1
        assert "Change into the folder of the repository." in capsys.readouterr().err


def test_a_missing_exercise_is_found_and_made(masters, capsys):
    """Check fails before the folder exists; write makes it."""
    assert main(["exercises", "--check"]) == 1
    assert "differs from its master" in capsys.readouterr().err
    assert main(["exercises", "--write"]) == 0
    assert main(["exercises", "--check"]) == 0


def test_an_exercise_of_strange_bytes_differs(masters, capsys):
    """A file that is not UTF-8 is another than its master gives."""
    main(["exercises", "--write"])
    page = Path("exercises/01_reliability.ipynb")
    page.write_bytes(b"\xff\xfe")
    assert main(["exercises", "--check"]) == 1
    assert "labkit exercises --write" in capsys.readouterr().err


def test_a_broken_master_and_a_file_in_the_way_are_one_message_each(masters, capsys):
    """Neither ends in a traceback, and nothing is half made."""
    Path("exercises").write_text("in the way")
    assert main(["exercises", "--write"]) == 1
    assert "labkit: exercises: File exists. Nothing more was done." in capsys.readouterr().err
    os.unlink("exercises")
    master = Path("solutions/01_reliability.ipynb")
    master.write_bytes(b"{")
    assert main(["exercises", "--write"]) == 1
    assert "is not a notebook" in capsys.readouterr().err
    assert not Path("exercises").exists()
