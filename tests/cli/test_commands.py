"""The command line as a whole: one message, a documented code, and no traceback."""

import argparse
import io
import os
import runpy
import shlex
import signal
import socket
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType

import pytest

from labkit import cli
from labkit.cli import EXAMPLES, machine, main, parser, start
from labkit.errors import ArgumentError


def command_that(monkeypatch, error):
    """Put in the doctor's place a command that raises."""

    def doctor(_):
        raise error

    module = ModuleType("labkit.cli.doctor")
    module.doctor = doctor
    monkeypatch.setitem(sys.modules, "labkit.cli.doctor", module)


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (ArgumentError("It is so. It follows. Do that."), 1, "It is so. It follows. Do that."),
        (KeyboardInterrupt(), 130, "interrupted: what was not finished was not written"),
        (ModuleNotFoundError("No module named 'anthropic'"), 1, "Run `labkit doctor`."),
        (PermissionError(13, "Permission denied", "a.ipynb"), 1, "a.ipynb: Permission denied."),
        (OSError(28, "No space left on device"), 1, "a file: No space left on device."),
        (OSError("odd"), 1, "a file: odd."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_goes_wrong_is_one_line_with_its_own_code(monkeypatch, capsys, error, code, says):
    """A refusal, an interrupt, a missing package, a full or forbidden disk."""
    command_that(monkeypatch, error)
    assert main(["doctor"]) == code
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("labkit: ")
    assert says in said


def test_a_bug_of_ours_keeps_its_traceback(monkeypatch):
    """What nobody foresaw is not dressed up as the person's mistake."""
    command_that(monkeypatch, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        main(["doctor"])


def test_a_reader_that_has_left_is_no_error_message():
    """`labkit doctor | head -1` ends quietly."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "labkit.cli", "doctor"],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_terminal_without_these_letters_gets_them_spelled_out(monkeypatch):
    """On a terminal that knows only ASCII a tick does not end the command."""
    plain = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", plain)
    assert main(["doctor"]) == 0
    assert b"\\u2713 Python 3" in plain.buffer.getvalue()


@pytest.mark.parametrize(
    "arguments",
    [
        ["start", "--port", "eight"],
        ["start", "--port", "0"],
        ["start", "--port", "65536"],
        ["start", "--port", "-1"],
        ["start", "--port", "\u00b2"],
        ["start", "--port", "9" * 5_000],
        ["start", "notebooks"],
        ["doctor", "--fix"],
        ["notebooks", "--write", "--check"],
        ["exercises", "--check", "one"],
        ["exercises"],
        ["notebooks"],
        [],
        [""],
        ["\0"],
    ],
    ids=str,
)
def test_words_that_are_not_understood_end_with_2(arguments, capsys):
    """Every wrong option is answered with the usage."""
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    assert ended.value.code == 2
    assert "usage: labkit" in capsys.readouterr().err


def test_the_module_is_the_command(monkeypatch, capsys):
    """`python -m labkit.cli` does what `labkit` does, also where output goes nowhere special."""
    monkeypatch.setattr(sys, "argv", ["labkit", "exercises", "--check"])
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.chdir("/")
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("labkit.cli", run_name="__main__")
    assert ended.value.code == 1
    assert "no notebook in solutions" in capsys.readouterr().err


# ---------------------------------------------------------------- what the machine allows
def test_a_port_is_a_number_that_can_be_one():
    """The message says what a port is, whatever was given."""
    assert machine.port("1") == 1
    assert machine.port("65535") == 65535
    for junk in ("", " 8888", "+8888", "8888.0", "0", "65536", "\u0668"):
        with pytest.raises(argparse.ArgumentTypeError, match=r"is not a port\..*1 to 65535"):
            machine.port(junk)


def test_why_nobody_can_listen_is_told_apart(monkeypatch):
    """A taken port, one for administrators, and a machine without a loopback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        assert machine.why_not_listen(number) == "is in use"
    assert machine.why_not_listen(number) == ""

    def fails_with(error):
        def bind(self, address):
            raise error

        monkeypatch.setattr(socket.socket, "bind", bind)

    fails_with(PermissionError(13, "Permission denied"))
    assert machine.why_not_listen(80) == "is for administrators"
    fails_with(OSError(machine.errno.EADDRNOTAVAIL, "Cannot assign requested address"))
    assert "no loopback" in machine.why_not_listen(8888)


def test_the_next_port_is_one_that_a_person_may_use():
    """Neither 65536 nor a port of the administrators is offered."""
    assert [machine.next_port(n) for n in (8888, 65535, 80)] == [8889, 8889, 8889]


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    """A disk that is full in the middle leaves what was there, and nothing beside it."""
    path = tmp_path / "page.ipynb"
    machine.save(path, "before")

    def full(self, text, **_):
        self.write_bytes(text[:3].encode())
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(path), "write_text", full)
    with pytest.raises(OSError, match="No space left"):
        machine.save(path, "after")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_home_that_cannot_be_written_is_replaced_for_our_programs(monkeypatch, tmp_path):
    """Where there is none, or none that can be written, another folder stands in."""
    monkeypatch.setenv("HOME", str(tmp_path / "not yet made"))
    assert machine.home_is_writable()
    assert machine.with_a_home("elsewhere") is os.environ
    for home in ("/dev/null/none", "~"):
        monkeypatch.setenv("HOME", home)
        assert not machine.home_is_writable()
        assert machine.with_a_home("elsewhere")["HOME"] == "elsewhere"


# ---------------------------------------------------------------- start
JUPYTERLAB = """
import os, signal, sys, time
print(*sys.argv[1:], sep="\\n", flush=True)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
if os.environ["INTERRUPT"]:
    os.kill(os.getppid(), int(os.environ["INTERRUPT"]))
    time.sleep(30)
sys.exit(5)
"""


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder with a first page and a JupyterLab that only says how it was called."""
    package = tmp_path / "path" / "jupyterlab"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(JUPYTERLAB)
    page = tmp_path / "a folder" / start.FIRST_PAGE
    page.parent.mkdir(parents=True)
    page.touch()
    monkeypatch.chdir(tmp_path / "a folder")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "path"))
    monkeypatch.setenv("INTERRUPT", "")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_start_opens_the_first_page_on_the_port_and_no_other(elsewhere, capfd):
    """JupyterLab gets the port, is told not to try others, and its code is the command's."""
    assert main(["start", "--port", elsewhere]) == 5
    said = capfd.readouterr().out.splitlines()
    assert f"--port={elsewhere}" in said
    assert "--ServerApp.port_retries=0" in said
    assert "--LabApp.default_url=/lab/tree/notebooks/01_reliability.ipynb" in said
    assert ("--allow-root" in said) == (os.name != "nt" and os.geteuid() == 0)
    assert "--no-browser" not in said


def test_start_opens_no_browser_where_none_is_wanted(elsewhere, monkeypatch, capfd):
    """BROWSER=none means the same as for `make lab`."""
    monkeypatch.setenv("BROWSER", "none")
    main(["start", "--port", elsewhere])
    assert "--no-browser" in capfd.readouterr().out.splitlines()


@pytest.mark.parametrize("command", EXAMPLES)
def test_each_command_has_help_with_examples_that_it_understands(command, capsys):
    """Every example that a help shows is taken by the parser."""
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for example in EXAMPLES[command]:
        assert example in shown
        words = [word for word in shlex.split(example) if "=" not in word or "(" in word]
        assert parser().parse_args(words[1:]).command.startswith("labkit.cli.")


def test_the_version_is_told(capsys):
    """The one that is installed."""
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"labkit {version('labkit')}\n"


def test_a_copy_that_is_not_installed_says_so(monkeypatch, capsys):
    """The commands work from a folder, too, and the version is then unknown."""

    def unknown(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(cli, "version", unknown)
    with pytest.raises(SystemExit):
        main(["--version"])
    assert "not installed" in capsys.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_jupyterlab_and_is_no_failure(elsewhere, monkeypatch, number):
    """Ctrl-C and a polite kill both reach the server as the signal that it does not question."""
    monkeypatch.setenv("INTERRUPT", str(int(number)))
    before, began = signal.getsignal(signal.SIGINT), time.perf_counter()
    assert main(["start", "--port", elsewhere]) == 0
    assert time.perf_counter() - began < 20
    assert signal.getsignal(signal.SIGINT) is before


def test_start_says_what_is_missing_before_it_starts(elsewhere, monkeypatch, tmp_path, capsys):
    """A taken port, no JupyterLab, another folder: each with what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(elsewhere)))
        taken.listen()
        assert main(["start", "--port", elsewhere]) == 1
    assert f"Port {elsewhere} is in use." in capsys.readouterr().err
    monkeypatch.setattr(start, "find_spec", lambda name: None)
    assert main(["start", "--port", elsewhere]) == 1
    assert "JupyterLab is missing" in capsys.readouterr().err
    monkeypatch.chdir(tmp_path)
    assert main(["start"]) == 1
    assert "Change into the folder of the repository" in capsys.readouterr().err
