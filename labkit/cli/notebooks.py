"""``labkit notebooks``: execute notebooks and normalise them, so that a second run changes no byte.

    source -> executed over a fresh kernel -> what varies taken out -> JSON in one fixed form

Taken out: timings, the kernel's version, widget views (a view's still twin stands beside them).
"""

import argparse
import asyncio
import json
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Awaitable, Iterable, Sequence
from pathlib import Path
from typing import Any

import nbformat
import zmq
from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from labkit.arguments import line, words
from labkit.cli.machine import save, with_a_home
from labkit.cli.saving import WIDGET
from labkit.errors import LabkitError

CELL_S = 60
FOLDERS = ("notebooks", "solutions")
HEADING = re.compile(r"^#{1,3} (.+)$", re.MULTILINE)
WORDS_PER_MINUTE, LINE_S, OUTPUT_S, VIEW_S, WARM_UP_S = 180, 4, 20, 120, 120


def notebooks(options: argparse.Namespace) -> int:
    """Write, check or count the notebooks that were named, or all of them."""
    paths = chosen(options.paths)
    if options.minutes:
        return max((show_minutes(path) for path in paths), default=0)
    work = write if options.write else check
    return max(work(path) for path in paths)


def chosen(names: Sequence[str]) -> list[Path]:
    """The notebooks to work on."""
    paths = [Path(name) for name in names] or [
        path for folder in FOLDERS for path in sorted(Path(folder).glob("*.ipynb"))
    ]
    missing = [str(path) for path in paths if not path.is_file()]
    if missing or not paths:
        raise LabkitError(
            f"no notebook at {', '.join(missing) or ' or '.join(FOLDERS)}. Nothing was run. "
            "Name a notebook, or change into the folder of the repository."
        )
    return paths


def write(path: Path) -> int:
    """Execute a notebook and write it back."""
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise LabkitError(
            f"{path} cannot be written. It was not run. Copy the folder to a place of yours and "
            "write it there."
        )
    save(path, executed(path))
    print(f"{path}: written")
    return 0


def check(path: Path) -> int:
    """Execute a notebook and compare it with what is committed."""
    after = executed(path)
    before = path.read_text(encoding="utf-8")
    if before == after:
        print(f"{path}: the same")
        return 0
    print(f"{path}: running it again changes {difference(before, after)}", file=sys.stderr)
    print(f"  Look at the change, then: labkit notebooks --write {path}", file=sys.stderr)
    return 1


def executed(path: Path) -> str:
    """A notebook as it must be committed: executed, normalised, in one fixed form."""
    notebook = opened(path)
    try:
        with tempfile.TemporaryDirectory(prefix="lk") as folder:
            execute(notebook, path.parent, Path(folder))
    except CellExecutionError as problem:
        raise LabkitError(
            f"{path} raised {problem.ename}: {line(problem.evalue, 200)}. A committed notebook has "
            "no error. Mend the cell and try again."
        ) from None
    except CellTimeoutError:
        raise LabkitError(
            f"{path} has a cell that takes more than {CELL_S} s. A page has to end. "
            "Mend the cell and try again."
        ) from None
    except (NoSuchKernel, RuntimeError) as problem:
        raise LabkitError(
            f"{path} cannot be run: {line(str(problem), 200)}. No cell has an output. "
            "Run `labkit doctor`."
        ) from None
    return serialised(normalised(notebook))


def execute(notebook: Any, where: Path, folder: Path) -> None:
    """Run every cell in a kernel of its own: no start-up files, its sockets in ``folder``."""
    socket = folder / "kernel"
    if len(os.fsencode(f"{socket}-1")) > zmq.IPC_PATH_MAX_LEN:
        raise LabkitError(
            f"The folder for temporary files is {folder.parent}. No kernel can have its sockets at "
            "a path so long. Set TMPDIR to a shorter one."
        )
    client = NotebookClient(
        notebook,
        km=AsyncKernelManager(kernel_name="python3", transport="ipc", ip=str(socket)),
        timeout=CELL_S,
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(where)}},
    )
    environment = {**with_a_home(str(folder)), "IPYTHONDIR": str(folder / "ipython")}
    with warnings.catch_warnings(), asyncio.Runner(loop_factory=InterruptibleLoop) as runner:
        warnings.filterwarnings("ignore", "IPython parent .* is not a writable location")
        runner.run(interruptible(client.async_execute(env=environment, cleanup_kc=True)))


async def interruptible(work: Awaitable[object]) -> None:
    """Let an interrupt be one; nbclient would call it a dead kernel, or lose it in a wait."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=1)
        _ = task.cancelled() or task.exception()  # seen, so that asyncio prints nothing
        raise
    task.result()


class InterruptibleLoop(asyncio.SelectorEventLoop):
    """Leaves Ctrl-C to whoever runs it; nbclient would take it and end in an assertion."""

    def add_signal_handler(self, *_: object) -> None:
        """Refuse, as a loop on Windows does."""
        raise RuntimeError("signals are handled elsewhere")


def normalised(notebook: Any) -> Any:
    """Without what differs from machine to machine."""
    notebook.metadata = {"kernelspec": notebook.metadata.get("kernelspec", {})}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(WIDGET, None)
    return notebook


def opened(path: Path) -> Any:
    """A notebook read from its file."""
    content = path.read_bytes()
    try:
        notebook = nbformat.reads(content.decode(), as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
        return notebook
    except Exception as problem:  # a file of any kind makes nbformat raise anything
        reason = line(words(problem) or type(problem).__name__, 120)
        raise LabkitError(
            f"{path} is not a notebook: {reason}. It was left as it is. Get it again with git."
        ) from None


def serialised(notebook: Any) -> str:
    """Sorted keys, one space of indentation, letters as they are."""
    text: str = nbformat.writes(  # type: ignore[no-untyped-call]
        notebook, version=4, sort_keys=True, ensure_ascii=False, indent=1
    )
    return text + "\n"


def difference(before: str, after: str) -> str:
    """Which cells differ, in words."""
    cells = zip(json.loads(before)["cells"], json.loads(after)["cells"], strict=False)
    names = [old.get("id", str(i)) for i, (old, new) in enumerate(cells) if old != new]
    return f"cell {', '.join(names[:5])}" if names else "its metadata or its form"


def show_minutes(path: Path) -> int:
    """Print how long a notebook and each part of it takes, counted and not measured."""
    cells = opened(path).cells
    print(f"{path}: about {minutes(cells)} minutes, counted")
    for heading, part in by_heading(cells):
        print(f"{minutes(part):>5}  {heading}")
    return 0


def by_heading(cells: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """The parts of a notebook that a contents list would name, each with its cells."""
    parts: list[tuple[str, list[Any]]] = [("before the first heading", [])]
    for cell in cells:
        found = HEADING.findall(cell.source) if cell.cell_type == "markdown" else []
        if found:
            parts.append((found[-1], []))  # the group and its first item may share a cell
        parts[-1][1].append(cell)
    return [(heading, part) for heading, part in parts if part]


def minutes(cells: Iterable[Any]) -> int:
    """Prose at 180 words a minute, then code lines, outputs, cells tagged live, and warm-ups.

    Claims are for the build and not for a reader.
    """
    seconds = 0.0
    for cell in cells:
        tags = cell.metadata.get("tags", ())
        if cell.cell_type == "markdown":
            seconds += len(cell.source.split()) / WORDS_PER_MINUTE * 60
        elif "claims" not in tags:
            seconds += LINE_S * len(cell.source.splitlines())
            seconds += VIEW_S if "live" in tags else OUTPUT_S if cell.outputs else 0
            seconds += WARM_UP_S if "warm-up" in tags else 0
    return max(1, round(seconds / 60))
