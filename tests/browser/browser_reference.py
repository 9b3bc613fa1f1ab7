"""What the page should show: its own code cells, run in this process, without a browser.

    reference(notebook) -> {cell id: the value that the cell ends with}
    said(view) -> (finding, rows)     from the static twin, which the browser does not show

A view that is moved here and its twin in the browser must say the same after every move.
"""

import ast
import contextlib
import io
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import nbformat

from labkit.views import View

Said = tuple[str, list[list[str]]]
"""A finding and the rows of its table."""


def reference(notebook: Path) -> dict[str, object]:
    """Run the code cells in order, and keep what each ends with."""
    names: dict[str, object] = {"__name__": "__main__"}
    values: dict[str, object] = {}
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            with contextlib.redirect_stdout(io.StringIO()):
                values[cell.id] = last_value(cell.source, names)
    return values


def last_value(source: str, names: dict[str, object]) -> object:
    """Run a cell; the value of its last line, where that is an expression."""
    tree = ast.parse(source)
    ending = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    if not isinstance(ending, ast.Expr):
        return None
    value: object = eval(compile(ast.Expression(ending.value), "<cell>", "eval"), names)
    return value


def views_of(values: Mapping[str, object]) -> dict[str, View]:
    """The views with controls, by the id of their cell."""
    return {
        cell: value for cell, value in values.items() if isinstance(value, View) and value.controls
    }


def said(view: View) -> Said:
    """The finding and the table of a view, read from its static twin."""
    return still_said(view.static)


def still_said(html: str) -> Said:
    """The finding and the table of a static twin."""
    reader = StillReader()
    reader.feed(html)
    return reader.finding, reader.rows


def committed_stills(notebook: Path) -> dict[str, str]:
    """The HTML outputs that a notebook was committed with, by cell."""
    return {
        cell.id: output.data["text/html"]
        for cell in nbformat.read(notebook, as_version=4).cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    }


class StillReader(HTMLParser):
    """Reads the first bold sentence and the table."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        super().__init__()
        self.finding = ""
        self.rows: list[list[str]] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Open a row or a cell."""
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        if tag != "img":
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        """Take the words of the finding and of each cell."""
        if "td" in self._inside or "th" in self._inside:
            self.rows[-1][-1] += data
        elif "b" in self._inside and not self.rows and not self.finding:
            self.finding = data
