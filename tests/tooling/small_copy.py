"""A small copy of the repository that can be set up for real, without a network.

Its lock names one package that lies beside it and plays JupyterLab's part, and labkit itself is
built by a few lines.
"""

import hashlib
import importlib.util
import os
import shutil
import sys
import zipfile
from pathlib import Path

from confined import run

ROOT = Path(__file__).parents[2]
UV = shutil.which("uv")
INSTALLERS = ["pip", "uv"] if UV else ["pip"]

BACKEND = """
import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "labkit-0.0-py3-none-any.whl"
    with zipfile.ZipFile(folder + "/" + name, "w") as wheel:
        info = "labkit-0.0.dist-info/"
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: labkit\\nVersion: 0.0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n")
        wheel.writestr(info + "RECORD", "")
    return name

build_wheel = build_editable
"""
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "labkit"
version = "0.0"
"""
JUPYTERLAB = """
import os, signal, sys, time
print(*sys.argv[1:], "HOME=" + os.environ["HOME"], sep="\\n", flush=True)
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
print("ready", flush=True)
time.sleep(60)
"""


def module(root=ROOT):
    """A copy of tasks.py as a module."""
    spec = importlib.util.spec_from_file_location("tasks", root / "tasks.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def wheel(folder, name="jupyterlab", version="1.0", more=""):
    """A package that plays JupyterLab's part, and the line of a lock that pins it."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info/"
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{more}"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}/__init__.py", "")
        archive.writestr(f"{name}/__main__.py", JUPYTERLAB)
        archive.writestr(info + "METADATA", about)
        archive.writestr(info + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
        archive.writestr(info + "RECORD", "")
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def copy_of_the_repository(folder):
    """Just enough of a repository to be set up."""
    root = folder / "a folder" / "labkit"
    (root / "labkit" / "data").mkdir(parents=True)
    shutil.copytree(ROOT / "labkit" / "data" / "jupyter", root / "labkit" / "data" / "jupyter")
    shutil.copy(ROOT / "tasks.py", root)
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "backend.py").write_text(BACKEND)
    line = wheel(root)
    (root / "requirements.lock").write_text(f"--no-index\n--find-links .\n{line}")
    return root


def environment(installer="pip", **variables):
    """A plain environment, in which uv is or is not to be found."""
    folder = [str(Path(UV).parent)] if installer == "uv" else []
    home = os.environ.get("HOME", "/")
    path = os.pathsep.join([*folder, "/usr/bin", "/bin"])
    offline = {"PIP_NO_INDEX": "1", "UV_OFFLINE": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return {"PATH": path, "HOME": home, "LC_ALL": "C.UTF-8", **offline, **variables}


def tasks(root, *words, tmp=None, **variables):
    """`python tasks.py ...` in a copy, as the system's rights allow it."""
    installer = variables.pop("installer", "pip")
    env = environment(installer, **variables)
    return run(sys.executable, "tasks.py", *words, cwd=root, env=env, tmp=tmp or root)


def one_sentence(done, says):
    """The last line is labkit's, says this, and nothing looks like a crash of tasks.py."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("labkit: ")
    assert last.endswith(".")
    assert says in last
