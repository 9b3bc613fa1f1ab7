"""``labkit exercises``: the learners' notebooks, made from the masters in ``solutions/``.

What stands between the markers of a solution becomes ``raise NotImplementedError``; hidden tests,
outputs and counts go; ids and nbgrader's metadata stay.
"""

import argparse
import re
import sys
from pathlib import Path

from labkit.cli.machine import save
from labkit.cli.notebooks import opened, serialised
from labkit.errors import LabkitError

SOLUTION = re.compile(
    r"^(?P<indent>[ \t]*)### BEGIN SOLUTION\n.*?^[ \t]*### END SOLUTION$", re.DOTALL | re.MULTILINE
)
HIDDEN = re.compile(
    r"^[ \t]*### BEGIN HIDDEN TESTS\n.*?^[ \t]*### END HIDDEN TESTS\n?", re.DOTALL | re.MULTILINE
)


def exercises(options: argparse.Namespace) -> int:
    """Write the exercises, or say which differ from what the masters would give."""
    masters = sorted(Path("solutions").glob("*.ipynb"))
    if not masters:
        raise LabkitError(
            "there is no notebook in solutions. No exercise can be made. "
            "Change into the folder of the repository."
        )
    wanted = {Path("exercises", master.name): exercise(master) for master in masters}
    if options.write:
        Path("exercises").mkdir(exist_ok=True)
        for path, text in wanted.items():
            save(path, text)
            print(f"{path}: written")
        return 0
    return max(compare(path, text) for path, text in wanted.items())


def compare(path: Path, wanted: str) -> int:
    """Say whether a committed exercise is what its master gives."""
    if path.is_file() and path.read_text(encoding="utf-8", errors="replace") == wanted:
        print(f"{path}: the same")
        return 0
    print(f"{path}: differs from its master. Edit the master only, then:", file=sys.stderr)
    print("  labkit exercises --write", file=sys.stderr)
    return 1


def exercise(master: Path) -> str:
    """One exercise as text."""
    notebook = opened(master)
    notebook.metadata = {"kernelspec": notebook.metadata.get("kernelspec", {})}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.source = stripped(cell.source)
            cell.outputs, cell.execution_count = [], None
    return serialised(notebook)


def stripped(source: str) -> str:
    """The source of a cell without its solution."""
    without = SOLUTION.sub(r"\g<indent>raise NotImplementedError", source)
    return HIDDEN.sub("", without).rstrip("\n")
