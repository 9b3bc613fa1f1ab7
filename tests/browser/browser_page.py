"""A notebook in the browser: open it, run it, move in it, read it, look at it.

``NotebookPage`` waits for conditions, never for a time. ``Cell`` is one cell by its id;
``LiveView`` is what a person finds in its output: controls by name, and the numbers as text.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from browser_server import ROOT, Server
from playwright.sync_api import Locator, Page, expect

SHOTS = ROOT / "build" / "screenshots"
ALL_LOOKS, ONE_LOOK = bool(os.environ.get("LABKIT_ALL_LOOKS")), "light-1000"
RUNS_WITHIN_MS = 300_000
DRAWS_WITHIN_MS = 5_000
TALL_PX = 1_400
LOST = ("Error displaying widget", "Error creating widget", "model not found", "Traceback")
"""What JupyterLab shows where a view or a cell is broken."""

KERNEL = "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel"
READY = f"""() => window.jupyterapp && {KERNEL}?.status === 'idle'
  && {KERNEL}.connectionStatus === 'connected'"""
NAME_CELLS = """() => {
  for (const cell of window.jupyterapp.shell.currentWidget.content.widgets)
    cell.node.dataset.cell = cell.model.id;
}"""
RUN_ALL = """() => {
  window.ran = false;
  const running = window.jupyterapp.commands.execute('notebook:run-all-cells');
  running.finally(() => { window.ran = true; });
}"""
RUN_CELL = """id => {
  const panel = window.jupyterapp.shell.currentWidget;
  panel.content.activeCellIndex = panel.content.widgets.findIndex(cell => cell.model.id === id);
  panel.content.deselectAll();
  window.ran = false;
  window.jupyterapp.commands.execute('notebook:run-cell').finally(() => { window.ran = true; });
}"""
START = f"""code => {{
  window.ended = false;
  const running = {KERNEL}.requestExecute({{code, store_history: false}});
  running.done.finally(() => {{ window.ended = true; }});
}}"""
HAS_RUN = f"() => window.ran && {KERNEL}.status === 'idle'"
OUTPUTS = """cells => cells.map(cell =>
  [cell.dataset.cell, cell.querySelector('.jp-Cell-outputArea').innerText])"""
ERROR = '[data-mime-type="application/vnd.jupyter.error"]'
ROWS = """table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent))"""


class NotebookPage:
    """One notebook, open in its own tab with its own kernel."""

    def __init__(self, page: Page, server: Server) -> None:
        """Keep the tab; nothing is open yet."""
        self.page = page
        self.server = server
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def open(self, notebook: str) -> "NotebookPage":
        """Open it and wait for the kernel; a cell that runs before that would hang."""
        self.page.goto(self.server.url(notebook))
        self.page.wait_for_function(READY, timeout=RUNS_WITHIN_MS)
        self.page.evaluate(NAME_CELLS)
        return self

    def run_all(self) -> "NotebookPage":
        """Run all cells and wait until none is running and the kernel has nothing to do."""
        self.page.evaluate(RUN_ALL)
        return self._has_run()

    def run(self, cell_id: str) -> "NotebookPage":
        """Run one cell as it stands."""
        self.page.evaluate(RUN_CELL, cell_id)
        return self._has_run()

    def _has_run(self) -> "NotebookPage":
        self.page.wait_for_function(HAS_RUN, timeout=RUNS_WITHIN_MS)
        expect(self.page.locator(".jp-InputPrompt", has_text="[*]")).to_have_count(0)
        return self

    @contextmanager
    def busy(self) -> Iterator[Callable[[], bool]]:
        """Keep the kernel in a cell that runs until the end of this block."""
        gate = self.server.pages / "gate"
        wait = "import pathlib, time"
        wait += f"\nwhile not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.05)"
        self.page.evaluate(START, wait)
        is_busy = f"() => !window.ended && {KERNEL}.status === 'busy'"
        self.page.wait_for_function(is_busy)
        try:
            yield lambda: bool(self.page.evaluate("() => !window.ended"))
        finally:
            gate.touch()
            self.page.wait_for_function(f"() => window.ended && {KERNEL}.status === 'idle'")
            gate.unlink()

    def cell(self, cell_id: str) -> "Cell":
        """One cell."""
        return Cell(self, cell_id)

    @property
    def live_cells(self) -> list["Cell"]:
        """Those in whose output a view stands."""
        return [self.cell(name) for name in self._holding(".lk")]

    @property
    def failed_cells(self) -> list[str]:
        """Those whose output is an error, or what remains of a view that could not be shown."""
        lost = [name for name, text in self.words.items() if any(word in text for word in LOST)]
        return [*self._holding(ERROR), *lost]

    @property
    def words(self) -> dict[str, str]:
        """What each code cell's output says, without the number of the run."""
        return {name: unnumbered(text) for name, text in self._code_cells.evaluate_all(OUTPUTS)}

    @property
    def _code_cells(self) -> Locator:
        return self.page.locator(".jp-Notebook .jp-CodeCell[data-cell]")

    def _holding(self, selector: str) -> list[str]:
        found = self._code_cells.filter(has=self.page.locator(selector))
        names: list[str] = found.evaluate_all("cells => cells.map(cell => cell.dataset.cell)")
        return names

    @property
    def active_cell(self) -> int:
        """The place of the selected cell."""
        return int(
            self.page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex")
        )

    def theme(self, name: str) -> "NotebookPage":
        """``Light``, ``Dark``, and what else JupyterLab has; returns when it is on."""
        if self.page.evaluate("document.body.dataset.jpThemeName") == f"JupyterLab {name}":
            return self
        change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
        self.page.evaluate(change, f"JupyterLab {name}")
        self.page.wait_for_function(
            "name => document.body.dataset.jpThemeName === name"
            " && !document.getElementById('jupyterlab-splash')",
            arg=f"JupyterLab {name}",
        )
        return self

    def width(self, width_px: int, height_px: int = TALL_PX) -> "NotebookPage":
        """Make the window as wide as this, and wait until the page has followed."""
        self.page.set_viewport_size({"width": width_px, "height": height_px})
        self.page.wait_for_function(
            "width => document.querySelector('.jp-Notebook').clientWidth <= width", arg=width_px
        )
        return self

    def top(self) -> "NotebookPage":
        """Back to where the page begins."""
        self.page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0")
        return self

    def shot(self, name: str, of: Locator | None = None, *, look: str = "") -> None:
        """Keep a picture of the page, or of a part; of many looks one, unless all are wanted."""
        if look not in ("", ONE_LOOK) and not ALL_LOOKS:
            return
        name = f"{name}-{look}" if look else name
        SHOTS.mkdir(parents=True, exist_ok=True)
        path = SHOTS / f"{name}.png"
        if of is None:
            self.page.screenshot(path=path)
        else:
            of.screenshot(path=path)

    def seen(self) -> str:
        """What stands in the cells' outputs, for a report about a failure."""
        found = self.page.locator(".jp-Notebook [data-cell] .jp-Cell-outputArea")
        texts = [re.sub(r"\n{2,}", "\n", one.inner_text()).strip() for one in found.all()]
        return "\n---\n".join(filter(None, [*self.problems, *texts]))


class Cell:
    """One cell of an open notebook."""

    def __init__(self, notebook: NotebookPage, cell_id: str) -> None:
        """Name it; it is looked for when it is used."""
        self.notebook = notebook
        self.id = cell_id
        self.node = notebook.page.locator(f'.jp-Cell[data-cell="{cell_id}"]')
        self.output = self.node.locator(".jp-Cell-outputArea")

    @property
    def view(self) -> "LiveView":
        """The live view in its output."""
        return LiveView(self, self.output.locator(".lk-view, .lk-card").first)

    @property
    def still(self) -> Locator:
        """The static twin in its output."""
        return self.output.locator(".jp-RenderedHTML")

    @property
    def text(self) -> str:
        """What its output says, without the number of the run."""
        return unnumbered(self.output.inner_text())

    def write(self, source: str) -> "Cell":
        """Put another text into the cell, from the keyboard."""
        editor = self.node.locator(".cm-content")
        editor.click()
        editor.press("ControlOrMeta+a")
        self.notebook.page.keyboard.insert_text(source)
        return self


class LiveView:
    """A live view as a person finds it."""

    def __init__(self, cell: Cell, node: Locator) -> None:
        """Keep where it is."""
        self.cell = cell
        self.node = node

    def control(self, role: Any, name: str) -> Locator:
        """A control by what a screen reader says about it."""
        return self.node.get_by_role(role, name=re.compile(f"^{re.escape(name)}( ·|$)"))

    @property
    def finding(self) -> str:
        """The sentence above the picture, without what has changed."""
        return str(
            self.node.locator(".lk-finding").evaluate(
                "p => [...p.childNodes].filter(n => n.nodeType === 3)"
                ".map(n => n.data).join('').trim()"
            )
        )

    @property
    def rows(self) -> list[list[str]]:
        """The numbers as text."""
        rows: list[list[str]] = self.node.locator(".lk-twin table").evaluate(ROWS)
        return rows

    @property
    def has_twin(self) -> bool:
        """Whether the numbers stand below it as text."""
        return self.node.locator(".lk-twin").count() > 0

    @property
    def all_text(self) -> str:
        """Every word in it, folded parts too."""
        return str(self.node.evaluate("view => view.textContent"))

    def shows(self, finding: str, rows: list[list[str]]) -> None:
        """Wait until the view shows this and nothing else."""
        wait_until(
            self.cell.notebook.page, lambda: (self.finding, self.rows), equals=(finding, rows)
        )


def unnumbered(output: str) -> str:
    """The text of an output without the number of its run."""
    return re.sub(r"^\[\d+\]:\s*", "", output, flags=re.MULTILINE)


def wait_until(page: Page, read: Callable[[], object], *, equals: object) -> None:
    """Read until it is this; fail with both when it does not become so."""
    waited_ms = 0
    while (now := read()) != equals and waited_ms < DRAWS_WITHIN_MS:
        page.wait_for_timeout(20)
        waited_ms += 20
    assert now == equals
