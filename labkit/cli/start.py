"""``labkit start``: JupyterLab on the first page."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

from labkit.cli.machine import FIRST_PAGE, next_port, why_not_listen, with_a_home
from labkit.errors import LabkitError


def start(options: argparse.Namespace) -> int:
    """Open JupyterLab in this folder; Ctrl-C ends it."""
    check(options.port)
    command = [sys.executable, "-m", "jupyterlab", f"--port={options.port}"]
    command += ["--ServerApp.port_retries=0"]
    command += ["--no-browser"] if os.environ.get("BROWSER") == "none" else []
    command += [f"--LabApp.default_url=/lab/tree/{FIRST_PAGE.as_posix()}"]
    if os.name != "nt" and os.geteuid() == 0:  # pragma: no branch - as whoever runs the tests
        command += ["--allow-root"]
    with tempfile.TemporaryDirectory(prefix="labkit") as home:
        own_session = os.name != "nt"
        server = subprocess.Popen(command, env=with_a_home(home), start_new_session=own_session)
        return wait_for(server)


def check(port: int) -> None:
    """Refuse to start where it cannot work."""
    if not FIRST_PAGE.is_file():
        raise LabkitError(
            f"{FIRST_PAGE} is not below {Path.cwd()}. There is no page to open. "
            "Change into the folder of the repository and try again."
        )
    if find_spec("jupyterlab") is None:
        raise LabkitError(
            "JupyterLab is missing from this Python. No page can be opened. "
            "Use `make lab`, or run `labkit doctor`."
        )
    if reason := why_not_listen(port):
        raise LabkitError(
            f"Port {port} {reason}. JupyterLab cannot listen on it. "
            f"Try `labkit start --port {next_port(port)}`."
        )


def wait_for(server: "subprocess.Popen[bytes]") -> int:
    """Wait until the server ends; hand an interrupt on as the signal that it does not question."""
    told = []

    def interrupted(_: int, __: FrameType | None) -> None:
        told.append(True)
        server.terminate()

    before = {one: signal.signal(one, interrupted) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        code = server.wait()
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    return 0 if told else code
