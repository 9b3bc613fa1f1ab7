"""``labkit start``: JupyterLab on the first page."""

import argparse
import subprocess
import sys
from pathlib import Path

from labkit.errors import LabkitError

FIRST_PAGE = Path("notebooks", "01_reliability.ipynb")


def start(options: argparse.Namespace) -> int:
    """Open JupyterLab in this folder; Ctrl-C ends it."""
    if not FIRST_PAGE.exists():
        raise LabkitError(
            f"{FIRST_PAGE} is not below {Path.cwd()}. There is no page to open. "
            "Change into the folder of the repository and try again."
        )
    page = f"--LabApp.default_url=/lab/tree/{FIRST_PAGE.as_posix()}"
    command = [sys.executable, "-m", "jupyterlab", f"--port={options.port}", page]
    return subprocess.call(command)
