"""tasks.py: what stops it is one sentence that says what to do, and a second run has nothing to do.

``small_copy`` makes the small repositories that are set up here for real, without a network.
"""

import ast
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from confined import read_only, run
from small_copy import (
    INSTALLERS,
    ROOT,
    UV,
    copy_of_the_repository,
    environment,
    module,
    one_sentence,
    tasks,
    wheel,
)


@pytest.fixture(params=INSTALLERS, scope="module")
def installed(request, tmp_path_factory):
    """A copy that has been set up, and the name of what installed it."""
    root = copy_of_the_repository(tmp_path_factory.mktemp(f"with {request.param}"))
    done = tasks(root, "setup", installer=request.param)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"({request.param})" in done.stdout
    return root, request.param


# ---------------------------------------------------------------- setting up
@pytest.mark.slow
def test_a_copy_is_set_up_without_a_network_in_a_folder_with_a_space(installed):
    """The package of the lock, labkit itself and JupyterLab's settings are there."""
    root, _ = installed
    venv = root / ".venv"
    code = "from importlib.metadata import version as v; print(v('jupyterlab'), v('labkit'))"
    done = subprocess.run([venv / "bin" / "python", "-c", code], capture_output=True, check=True)
    assert done.stdout.split() == [b"1.0", b"0.0"]
    assert (venv / "share" / "jupyter" / "lab" / "settings" / "overrides.json").is_file()


@pytest.mark.slow
def test_a_second_set_up_has_nothing_to_do_even_where_nothing_can_be_written(installed, tmp_path):
    """It says nothing, takes under two seconds, and needs no right to write."""
    root, installer = installed
    with read_only(root) as refusing:
        began = time.perf_counter()
        done = tasks(root, "setup", tmp=tmp_path, installer=installer, **refusing)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.perf_counter() - began < 2


PINNED = "tiny==1.0 --hash=sha256:" + "0" * 64


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lock", "says"),
    [
        (f"--find-links {{0}}\n{PINNED}", "where a hash or a version is wrong"),
        ("--find-links {0}\ntiny==1.0", "where a hash or a version is wrong"),
        (PINNED, "without a network try again"),
        ("this is === no requirement", "get requirements.lock again"),
        ("\0\0\0", "get requirements.lock again"),
    ],
    ids=["another hash", "no hash", "not to be had", "a broken line", "other bytes"],
)
def test_a_lock_that_cannot_be_installed_is_one_sentence(installed, tmp_path, lock, says):
    """The lines of pip or uv stand above it."""
    root, installer = installed
    path = tmp_path / "requirements.lock"
    wheel(tmp_path, "tiny")
    path.write_text("--no-index\n" + lock.format(tmp_path))
    tasks_py = module(root)
    with pytest.raises(tasks_py.Stop, match=f"packages could not be installed.*{says}"):
        tasks_py.install(
            UV if installer == "uv" else None, ["--require-hashes", "-r", str(path)], "the packages"
        )


@pytest.mark.slow
def test_what_appeared_after_the_lock_is_left_alone(installed, tmp_path):
    """A newer version of a package that another one wants as ``name[extra]`` breaks nothing."""
    root, installer = installed
    lines = [
        wheel(tmp_path, "tiny", more="Requires-Dist: other[fast]>=1\n"),
        wheel(tmp_path, "other", more="Provides-Extra: fast\n"),
    ]
    wheel(tmp_path, "other", "2.0", "Provides-Extra: fast\n")
    path = tmp_path / "requirements.lock"
    path.write_text(f"--no-index\n--find-links {tmp_path}\n{''.join(lines)}")
    uv = UV if installer == "uv" else None
    module(root).install(uv, ["--require-hashes", "-r", str(path)], "the packages")
    code = "from importlib.metadata import version as v; print(v('tiny'), v('other'))"
    python = root / ".venv" / "bin" / "python"
    done = subprocess.run([python, "-c", code], capture_output=True, check=True)
    assert done.stdout.split() == [b"1.0", b"1.0"]


@pytest.mark.slow
def test_a_set_up_that_failed_is_tried_again(installed, tmp_path):
    """The sentence is the last line, and the set-up does not count as done."""
    root, installer = installed
    copy = tmp_path / "labkit"
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns(".venv"))
    (copy / "requirements.lock").write_text("this is === no requirement")
    for _ in range(2):
        done = tasks(copy, "setup", installer=installer)
        one_sentence(done, "the packages of requirements.lock could not be installed")
        assert "labkit: setting up" in done.stdout


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    """Before anything is made or removed."""
    root = copy_of_the_repository(tmp_path)
    with read_only(root) as refusing:
        done = tasks(root, "setup", tmp=tmp_path, **refusing)
    one_sentence(done, "cannot be written, and the environment is made in it: copy the repository")
    assert not (root / ".venv").exists()


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda root: (root / "requirements.lock").unlink(), "requirements.lock is missing"),
        (lambda root: (root / "pyproject.toml").unlink(), "pyproject.toml is missing"),
        (
            lambda root: shutil.rmtree(root / "labkit" / "data" / "jupyter"),
            "get a whole copy of the repository",
        ),
        (
            lambda root: (
                (root / "requirements.lock").unlink(),
                (root / "requirements.lock").mkdir(),
            ),
            "requirements.lock: Is a directory; look at its folder",
        ),
    ],
    ids=["no lock", "no project", "no settings", "a folder for a lock"],
)
def test_half_a_copy_says_what_is_missing(tmp_path, damage, says):
    """Nothing is installed from half a repository."""
    root = copy_of_the_repository(tmp_path)
    damage(root)
    one_sentence(tasks(root, "setup"), says)
    assert not (root / ".venv").exists()


def test_a_python_without_venv_says_what_to_install(tmp_path):
    """Debian splits it off; the sentence has the command."""
    root = copy_of_the_repository(tmp_path)
    code = (
        "import sys; sys.modules['ensurepip'] = None; import tasks; sys.exit(tasks.main(['setup']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    one_sentence(done, "`apt install python3-venv`) or install uv (`pip install uv`)")


def test_a_file_in_the_way_of_the_environment_is_named(tmp_path):
    """What is not a folder is not removed in silence."""
    root = copy_of_the_repository(tmp_path)
    (root / ".venv").write_text("mine")
    one_sentence(tasks(root, "setup"), ".venv is in the way and cannot be removed: remove it")
    assert (root / ".venv").read_text() == "mine"


def test_an_environment_that_cannot_be_made_is_one_sentence(tmp_path, monkeypatch, capfd):
    """The tool that makes it is gone, or fails."""
    tasks_py = module(copy_of_the_repository(tmp_path))
    monkeypatch.setattr(tasks_py, "BASE", "/no/such/python")
    for tool in (None, "/no/such/uv"):
        with pytest.raises(tasks_py.Stop, match=r"no environment could be made in .*No such file"):
            tasks_py.make_venv(tool)


def test_only_uv_makes_the_lock(tmp_path):
    """Without it the sentence says how to get it."""
    root = copy_of_the_repository(tmp_path)
    one_sentence(tasks(root, "lock"), "the lock is made with uv: install it (`pip install uv`)")


# ---------------------------------------------------------------- the Python that runs it
def test_an_old_python_can_read_the_file():
    """Otherwise it would show a syntax error in place of the sentence."""
    text = (ROOT / "tasks.py").read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 4))
    assert text.isascii()
    assert "from __future__ import print_function" in text


def old_pythons():
    """Every Python of this machine that is too old and can be started."""
    names = [shutil.which(f"python{version}") for version in ("2", "2.7", "3.8", "3.9", "3.10")]
    managed = [*Path.home().glob(".pyenv/versions/[23].*/bin/python")]
    code = "import sys; sys.exit(sys.version_info >= (3, 11))"
    return [
        str(path)
        for path in filter(None, [*names, *managed])
        if subprocess.run([path, "-c", code], capture_output=True, check=False).returncode == 0
    ]


def test_every_python_that_is_too_old_is_told_so(tmp_path):
    """Whatever old ones there are, and this one where 99.0 is the oldest that will do."""
    text = (ROOT / "tasks.py").read_text(encoding="utf-8")
    here = tmp_path / "tasks.py"
    here.write_text(text, encoding="utf-8")
    for python in [*old_pythons(), sys.executable]:
        if python == sys.executable:
            here.write_text(text.replace("OLDEST = (3, 11)", "OLDEST = (99, 0)"))
        done = run(python, "tasks.py", "lab", cwd=tmp_path, env=environment(), tmp=tmp_path)
        one_sentence(done, "and labkit needs 3.11 or newer: install one")


# ---------------------------------------------------------------- words, ports, home, interrupts
@pytest.mark.parametrize("words", [[], ["dance"], ["--help"], [""]])
def test_words_that_are_no_command_are_answered_with_the_commands(tmp_path, words):
    """The code is 2, as everywhere."""
    done = tasks(ROOT, *words, tmp=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python tasks.py setup | lab | test")


@pytest.mark.parametrize(
    "port", ["0", "65536", "eight", "", " 8888", "-1", "8888.0", "\u00b2", "\u0668", "9" * 5_000]
)
def test_a_port_that_is_none_is_refused(port):
    """The message says which numbers are ports, and stays short."""
    tasks_py = module()
    with pytest.raises(tasks_py.Stop, match="1 to 65535: try `make lab PORT=8889`") as stopped:
        tasks_py.check_port(port)
    assert len(str(stopped.value)) < 120


def test_why_nobody_can_listen_is_told_with_a_port_that_works(monkeypatch):
    """A taken port, one for administrators, and a machine without a loopback."""
    tasks_py = module()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(tasks_py.Stop, match=f"{port} is taken.*PORT={port + 1}"):
            tasks_py.check_port(str(port))
    tasks_py.check_port(str(port))
    for number, code, says in (
        ("80", tasks_py.errno.EACCES, "port 80 is for administrators.*PORT=8889"),
        ("65535", tasks_py.errno.EADDRINUSE, "port 65535 is taken.*PORT=8889"),
        ("8888", tasks_py.errno.EADDRNOTAVAIL, "no loopback"),
    ):

        def bind(self, address, code=code):
            raise OSError(code, "no")

        monkeypatch.setattr(socket.socket, "bind", bind)
        with pytest.raises(tasks_py.Stop, match=says):
            tasks_py.check_port(number)


@pytest.mark.parametrize("home", ["/proc/1/none", "/dev/null/none", "~"])
def test_a_home_that_cannot_be_written_is_replaced_and_said_so(monkeypatch, capsys, home):
    """pip, uv, JupyterLab and IPython all keep files at home."""
    monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("USERPROFILE", home)
    module().find_home()
    assert os.environ["HOME"] != home
    assert os.access(os.environ["HOME"], os.W_OK)
    assert "your home folder cannot be written" in capsys.readouterr().err
    os.rmdir(os.environ["HOME"])


def test_a_home_that_can_be_written_or_made_is_left_alone(monkeypatch, tmp_path, capsys):
    """Nothing is said and nothing is set."""
    for home in (tmp_path, tmp_path / "not yet made"):
        monkeypatch.setenv("HOME", str(home))
        module().find_home()
        assert os.environ["HOME"] == str(home)
    assert capsys.readouterr().err == ""


def test_an_interrupted_command_has_not_gone_well(monkeypatch, capsys):
    """Ctrl-C in the middle of the tests must not look like a pass."""
    tasks_py = module()

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(tasks_py, "test", interrupted)
    assert tasks_py.main(["test"]) == 130
    assert "interrupted" in capsys.readouterr().err


# ---------------------------------------------------------------- opening JupyterLab
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_jupyterlab_and_is_no_failure(installed, tmp_path, number):
    """PORT and BROWSER are obeyed, a missing home is replaced, and the end is said."""
    root, installer = installed
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    env = environment(installer, HOME="/proc/1/none", PORT=port, BROWSER="none")
    command = [sys.executable, "tasks.py", "lab"]
    with subprocess.Popen(
        command, cwd=root, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as lab:
        said = []
        while said[-1:] != ["ready"]:
            said.append(lab.stdout.readline().strip())
            assert said[-1], said
        lab.send_signal(number)
        rest, errors = lab.communicate(timeout=20)
    assert lab.returncode == 0
    assert f"--port={port}" in said
    assert "--ServerApp.port_retries=0" in said
    assert "--no-browser" in said
    assert ("--allow-root" in said) == (os.geteuid() == 0)
    assert not any(line.startswith("HOME=/proc/1") for line in said)
    assert rest == "labkit: JupyterLab has ended; your notebooks are saved where you saved them.\n"
    assert "your home folder cannot be written" in errors


@pytest.mark.slow
def test_a_taken_port_is_told_before_anything_is_set_up(installed):
    """One sentence, at once, with a port to copy."""
    root, installer = installed
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = tasks(root, "lab", installer=installer, PORT=str(port))
    one_sentence(done, f"port {port} is taken, perhaps by another JupyterLab: try `make lab")
