"""`labkit doctor`: each thing that can be wrong, in a learner's words, and what to do."""

import os
import re
import socket
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import anthropic
import pytest
from jupyter_client.kernelspec import KernelSpecManager

from labkit.cli import doctor, main


def told(capsys):
    """What the doctor prints now, and its code."""
    code = main(["doctor"])
    return code, capsys.readouterr().out


def not_there(name):
    """What `importlib.metadata` does for a package that is not installed."""
    raise PackageNotFoundError(name)


def refuses(*_, **__):
    """Anything that raises."""
    raise RuntimeError("something\nodd " + "x" * 500)


@pytest.mark.parametrize(
    ("where", "name", "value", "says"),
    [
        (sys, "version_info", (3, 10, 4), r"✕ Python 3\.10\.4 is too old: install 3\.11"),
        (doctor, "version", not_there, r"✕ anthropic is missing: run `make clean`"),
        (doctor, "version", lambda _: "0.1", r"✕ anthropic is 0\.1 and must be"),
        (doctor, "requires", lambda _: ["?"], r"✕ packages could not be .*InvalidRequirement"),
        (doctor, "requires", not_there, "✕ labkit itself is not installed"),
        (KernelSpecManager, "find_kernel_specs", lambda _: {}, "✕ the kernel python3 is missing"),
        (KernelSpecManager, "find_kernel_specs", refuses, r"✕ kernel could not be .*something odd"),
        (doctor, "hello", refuses, r"✕ a simulated call failed \(RuntimeError: something\)"),
        (anthropic, "Anthropic", None, r"✕ (call could not be looked at|a simulated call failed)"),
    ],
)
def test_what_is_broken_is_found_and_the_rest_is_looked_at(
    monkeypatch, capsys, where, name, value, says
):
    """One line for each trouble, ended by how many there are; no look stops the others."""
    monkeypatch.setattr(where, name, value)
    if where is anthropic:
        for module in [one for one in sys.modules if one.startswith("labkit.lab")]:
            monkeypatch.delitem(sys.modules, module)
        monkeypatch.delitem(sys.modules["labkit"].__dict__, "Lab", raising=False)
    code, said = told(capsys)
    assert code == 1
    assert re.search(says, said), said
    assert re.search(r"\n\d+ to mend\n$", said)
    assert all(len(line) < 330 for line in said.splitlines())
    assert "port " in said


def test_a_missing_sdk_is_told_and_not_raised(tmp_path):
    """Without the SDK nothing of labkit can be imported but the doctor."""
    (tmp_path / "anthropic.py").write_text("raise ImportError('the SDK is gone')")
    paths = os.pathsep.join([str(tmp_path), str(Path(doctor.__file__).parents[2])])

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "labkit.cli", *arguments],
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            check=False,
        )

    done = run("doctor")
    assert done.returncode == 1
    assert "✕ call could not be looked at (ImportError: the SDK is gone)" in done.stdout
    assert done.stderr == ""
    done = run("exercises", "--check")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "labkit: the SDK is gone. Without it nothing can be done. Run `labkit doctor`.\n"
    )


def test_a_taken_port_and_a_port_that_is_none(monkeypatch, capsys):
    """A taken port matters only later; a PORT that is no number has to be mended."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        code, said = told(capsys)
    assert code == 0
    assert f"– port {port} is in use: try `make lab PORT=" in said
    monkeypatch.setenv("PORT", "eight")
    code, said = told(capsys)
    assert code == 1
    assert "✕ PORT: 'eight' is not a port." in said


def test_folders_that_cannot_be_written_are_told_with_what_follows(monkeypatch, tmp_path, capsys):
    """Neither stops anybody from running a page."""
    monkeypatch.setattr(os, "access", lambda path, mode: path != ".")
    code, said = told(capsys)
    assert "– this folder cannot be written: pages run" in said
    assert code == 0
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda path, mode: not Path(path).is_relative_to(tmp_path))
    code, said = told(capsys)
    assert "– your home folder cannot be written" in said
    assert code == 0


def test_keys_profiles_and_proxies_are_named_and_their_values_are_not(monkeypatch, capsys):
    """A person sees that they are not read, and nobody's key is printed."""
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_PROFILE", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "secret-value")
    code, said = told(capsys)
    assert code == 0
    assert "ANTHROPIC_API_KEY, ANTHROPIC_PROFILE, HTTPS_PROXY: set, and not read while" in said
    assert "secret-value" not in said


def test_a_folder_without_pages_is_told_and_is_no_fault(monkeypatch, tmp_path, capsys):
    """The installation is sound; only there is nothing to open from there."""
    monkeypatch.chdir(Path(__file__).parents[2])
    assert "✓ the first page is notebooks" in told(capsys)[1]
    monkeypatch.chdir(tmp_path)
    code, said = told(capsys)
    assert code == 0
    assert "– no page lies below this folder" in said
