"""Set labkit up and run it: python tasks.py lab | test | browser-test | bench | doctor | clean.

Only the standard library, and syntax that an old Python can read, so that it can say it is too old.
Everything is installed into .venv beside this file; nothing else on the machine is touched.
"""

from __future__ import print_function

import errno
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python.exe" if os.name == "nt" else "python")
LOCK = os.path.join(ROOT, "requirements.lock")
BASE = getattr(sys, "_base_executable", sys.executable)  # survives when .venv is made anew
STAMP = os.path.join(VENV, "labkit-stamp")
FIRST_PAGE = "notebooks/01_reliability.ipynb"
SETTINGS = os.path.join(ROOT, "labkit", "data", "jupyter")
JUPYTER = {
    "overrides.json": ("share", "jupyter", "lab", "settings"),
    "page_config.json": ("etc", "jupyter", "labconfig"),
    "jupyter_server_config.py": ("etc", "jupyter"),
}


class Stop(Exception):
    """Something a person has to do first; the message is one sentence."""


def main(arguments):
    """Run one command; the exit code says whether it went well."""
    commands = {
        "setup": setup,
        "lab": lab,
        "test": test,
        "browser-test": browser_test,
        "bench": bench,
        "doctor": doctor,
        "lock": lock,
        "clean": clean,
    }
    if not arguments or arguments[0] not in commands:
        print("usage: python tasks.py " + " | ".join(commands), file=sys.stderr)
        return 2
    try:
        check_python()
        find_home()
        return commands[arguments[0]](arguments[1:]) or 0
    except Stop as reason:
        print("labkit: %s" % reason, file=sys.stderr)
        return 1
    except EnvironmentError as problem:
        where, why = problem.filename or "a file", problem.strerror or problem
        print("labkit: %s: %s; look at its folder and its rights." % (where, why), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("labkit: interrupted; run it again and it goes on.", file=sys.stderr)
        return 130


def check_python(version=sys.version_info):
    """Stop where Python is too old."""
    if tuple(version[:2]) < OLDEST:
        raise Stop(
            "this is Python %d.%d, and labkit needs 3.11 or newer: install one, then run it by "
            "name, for example `make lab PYTHON=python3.12`." % tuple(version[:2])
        )


def find_home():
    """Give the tools another home where there is none that can be written."""
    home = os.path.expanduser("~")
    while os.path.isabs(home) and not os.path.exists(home):
        home = os.path.dirname(home)
    if os.path.isabs(home) and os.path.isdir(home) and os.access(home, os.W_OK):
        return
    folder = tempfile.mkdtemp(prefix="labkit")
    os.environ["HOME"] = os.environ["USERPROFILE"] = folder
    print(
        "labkit: your home folder cannot be written, so settings are kept in %s this time; set "
        "HOME to a folder of yours to keep them." % folder,
        file=sys.stderr,
    )


def setup(_=()):
    """Make .venv as the lock says; at once when there is nothing to do."""
    wanted = fingerprint()
    if read(STAMP) == wanted and os.path.exists(PYTHON):
        return
    if not os.access(ROOT, os.W_OK):
        raise Stop(
            "%s cannot be written, and the environment is made in it: copy the repository to a "
            "folder of yours and try again there." % ROOT
        )
    uv = shutil.which("uv")
    print("labkit: setting up %s (%s)" % (VENV, "uv" if uv else "pip"), flush=True)
    make_venv(uv)
    install(uv, ["--require-hashes", "-r", LOCK], "the packages of requirements.lock")
    install(uv, ["--no-build-isolation", "-e", ROOT], "labkit itself")
    quiet_jupyter()
    with open(STAMP, "w") as stamp:
        stamp.write(wanted)


def fingerprint():
    """What the environment was made from."""
    digest = hashlib.sha256(("%s %s" % (sys.version, ROOT)).encode())
    settings = [os.path.join(SETTINGS, name) for name in sorted(JUPYTER)]
    for path in [LOCK, os.path.join(ROOT, "pyproject.toml")] + settings:
        if not os.path.exists(path):
            raise Stop(
                "%s is missing, so nothing can be installed: get a whole copy of the repository."
                % os.path.basename(path)
            )
        with open(path, "rb") as data:
            digest.update(data.read().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def make_venv(uv):
    """An empty .venv."""
    shutil.rmtree(VENV, ignore_errors=True)
    if os.path.lexists(VENV):
        raise Stop("%s is in the way and cannot be removed: remove it, then try again." % VENV)
    sorry = "no environment could be made in %s: look at the lines above, then try again" % VENV
    if uv:
        run([uv, "venv", "-q", "--python", BASE, VENV], sorry)
        return
    try:
        import ensurepip  # noqa: F401 - Debian splits it off
        import venv  # noqa: F401
    except ImportError:
        raise Stop(
            "this Python has no venv module: install it (on Debian and Ubuntu `apt install "
            "python3-venv`) or install uv (`pip install uv`), then try again."
        )
    run([BASE, "-m", "venv", VENV], sorry)


def install(uv, what, named):
    """Install with uv or pip what the lock names, no more; what cannot be had is one sentence."""
    if uv:
        command = [uv, "pip", "install", "-q", "--python", PYTHON]
    else:
        command = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    command += ["--no-deps"]  # the lock is complete; pip 23 looks for newer ones of `name[extra]`
    run(
        command + what,
        "%s could not be installed: look at the lines above; without a network try again with one, "
        "and where a hash or a version is wrong get requirements.lock again" % named,
    )


def quiet_jupyter():
    """Settings of this environment alone: no news, no tools of the graders, still pictures kept."""
    for name, where in JUPYTER.items():
        folder = os.path.join(VENV, *where)
        os.makedirs(folder, exist_ok=True)
        shutil.copy(os.path.join(SETTINGS, name), folder)


def lab(_):
    """Open JupyterLab on the first page; Ctrl-C ends it."""
    port = os.environ.get("PORT", "8888")
    check_port(port)
    setup()
    command = [PYTHON, "-m", "jupyterlab", "--ServerApp.root_dir=" + ROOT, "--port=" + port]
    command += ["--ServerApp.port_retries=0", "--LabApp.default_url=/lab/tree/" + FIRST_PAGE]
    browser = os.environ.get("BROWSER", "")
    if browser == "none":
        command += ["--no-browser"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command += ["--allow-root"]
    server = subprocess.Popen(command, cwd=ROOT, start_new_session=os.name != "nt")
    return wait_for(server)


def wait_for(server):
    """Wait until the server ends; pass an interrupt on without its question."""
    ends = [signal.SIGTERM, signal.SIGTERM]

    def interrupted(number, frame):
        if ends:
            server.send_signal(ends.pop())

    signal.signal(signal.SIGINT, interrupted)
    signal.signal(signal.SIGTERM, interrupted)
    code = server.wait()
    if len(ends) < 2:
        print("labkit: JupyterLab has ended; your notebooks are saved where you saved them.")
        return 0
    return code


def check_port(port):
    """Stop where the port is not a port or is taken."""
    digits = port.encode("ascii", "replace")[:6]
    if port != digits.decode() or not digits.isdigit() or not 0 < int(port) < 65536:
        raise Stop(
            "PORT is %.20r and must be a number from 1 to 65535: try `make lab PORT=8889`." % port
        )
    other = int(port) + 1 if 1023 < int(port) < 65535 else 8889
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as problem:
            why = {
                errno.EACCES: "is for administrators",
                errno.EADDRNOTAVAIL: "cannot be used, because this machine has no loopback",
            }.get(problem.errno, "is taken, perhaps by another JupyterLab")
            raise Stop("port %s %s: try `make lab PORT=%d`." % (port, why, other))


def test(arguments):
    """Lint, types, tests, notebooks under nbval and papermill: one summary."""
    setup()
    folders = [os.path.join(ROOT, name) for name in ("notebooks", "solutions")]
    notebooks = [name for name in folders if os.path.isdir(name) and os.listdir(name)]
    command = [PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--nbval"]
    command += ["--nbval-current-env", "--nbval-cell-timeout", "60", "--cov=labkit"]
    command += (
        ["--no-loadscope-reorder", "--ignore=tests/browser", "tests"] + notebooks + list(arguments)
    )
    return subprocess.call(command, cwd=ROOT)


def browser_test(arguments):
    """The pages in a real browser; screenshots in build/screenshots."""
    setup()
    command = [PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadfile", "tests/browser"]
    return subprocess.call(command + list(arguments), cwd=ROOT)


def bench(_):
    """Speed as ratios, measured in one run."""
    setup()
    return subprocess.call([PYTHON, "-m", "benchmarks"], cwd=ROOT)


def doctor(_):
    """What is wrong with this installation, in words."""
    setup()
    return subprocess.call([PYTHON, "-m", "labkit.cli", "doctor"], cwd=ROOT)


def lock(_):
    """Make requirements.lock, constraints.txt and environment.yml from pyproject.toml."""
    uv = shutil.which("uv")
    if not uv:
        raise Stop("the lock is made with uv: install it (`pip install uv`), then try again.")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(os.path.join(ROOT, name), folder)
        os.mkdir(os.path.join(folder, "labkit"))
        export = [uv, "export", "-q", "--no-emit-project", "--no-header", "--no-annotate"]
        export += ["--all-groups", "--project", folder]
        run([uv, "lock", "-q", "--project", folder], "the versions could not be resolved")
        run(export + ["-o", LOCK], "the lock could not be written")
        constraints = os.path.join(ROOT, "constraints.txt")
        run(export + ["--no-hashes", "-o", constraints], "the constraints could not be written")


def clean(_):
    """Remove what setup and the tests made."""
    for name in (".venv", "build", ".pytest_cache", ".mypy_cache", ".ruff_cache"):
        shutil.rmtree(os.path.join(ROOT, name), ignore_errors=True)


def run(command, sorry):
    """Run a command; stop with one sentence when it fails."""
    try:
        code = subprocess.call(command, cwd=ROOT)
    except OSError as problem:
        raise Stop("%s (%s)." % (sorry, problem))
    if code:
        raise Stop(sorry + ".")


def read(path):
    """A file's text, or nothing."""
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
