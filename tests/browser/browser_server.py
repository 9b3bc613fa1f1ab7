"""A JupyterLab for one test run: its own folder, port, settings and trust; nothing is left behind.

    serve(folder, clone) -> Server(address, token, log)

A learner's own JupyterLab, settings and signed notebooks are neither seen nor touched.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_S = 60
STOPS_WITHIN_S = 15
LOG_LINES = 40
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
    "docmanager-extension/plugin": {"autosave": False},
}
"""No pop-up about news, every cell in the page, and nothing written that nobody asked for."""


@dataclass(frozen=True, slots=True)
class Server:
    """A JupyterLab that answers."""

    address: str
    token: str
    pages: Path
    log: Path

    def url(self, notebook: str) -> str:
        """Where a notebook opens, in a workspace of its own."""
        return f"{self.address}/doc/tree/{notebook}?token={self.token}&reset"

    def last_lines(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-LOG_LINES:])


def clone(target: Path) -> Path:
    """The pages as a fresh clone has them: committed outputs, trusted by nobody."""
    for room in ("notebooks", "exercises"):
        if (ROOT / room).is_dir():
            unwanted = shutil.ignore_patterns(".ipynb_checkpoints")
            shutil.copytree(ROOT / room, target / room, ignore=unwanted)
    return target


@contextmanager
def serve(folder: Path, pages: Path) -> Iterator[Server]:
    """Start JupyterLab on ``pages`` and stop it in the end, its kernels too."""
    address = f"http://127.0.0.1:{free_port()}"
    server = Server(address, secrets.token_hex(16), pages, folder / "lab.log")
    with server.log.open("wb") as log:
        process = subprocess.Popen(
            command(server),
            env={**os.environ, **own_rooms(folder)},
            cwd=pages,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_it_answers(server, process)
            yield server
        finally:
            stop(process)


def command(server: Server) -> list[str]:
    """The command line of a server that only this machine can reach."""
    port = server.address.rpartition(":")[2]
    return [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        *(f"--IdentityProvider.token={server.token}", f"--ServerApp.root_dir={server.pages}"),
        *("--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"),
        "--KernelManager.transport=ipc",
    ]


def own_rooms(folder: Path) -> dict[str, str]:
    """The environment that keeps a learner's own Jupyter out of the tests, and them out of it."""
    names = ("JUPYTER_CONFIG", "JUPYTER_DATA", "JUPYTER_RUNTIME")
    rooms = {f"{name}_DIR": folder / name.lower() for name in names}
    rooms |= {
        f"JUPYTERLAB_{name}_DIR": folder / name.lower() for name in ("SETTINGS", "WORKSPACES")
    }
    rooms["IPYTHONDIR"] = folder / "ipython"
    for name, value in SETTINGS.items():
        path = rooms["JUPYTERLAB_SETTINGS_DIR"] / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value), encoding="utf-8")
    return {name: str(path) for name, path in rooms.items()}


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until_it_answers(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Return when the server answers; say what its log says when it does not."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    ends = time.monotonic() + STARTS_WITHIN_S
    while process.poll() is None and time.monotonic() < ends:
        try:
            direct.open(f"{server.address}/api/status?token={server.token}", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"JupyterLab did not start. Its log ends:\n{server.last_lines()}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, as Ctrl-C does, and insist where it does not."""
    process.terminate()
    try:
        process.wait(STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
