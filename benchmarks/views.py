"""Every live view of the pages: how long a move of a control takes until the picture is drawn.

    page -> its cells run once -> each view -> a walk through its controls -> median and p95

One move sets one control to another value, as a person does. Time of the processor, because a busy
machine does not count; beside each view stands a call on a canned reply in the same minutes.
"""

import ast
import contextlib
import io
import json
import random
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import ipywidgets

from benchmarks.floors import canned_answer, question_body, spent_ms
from labkit.views import View
from labkit.views.controls import Control, Pick, Range

PAGES = sorted((Path(__file__).parents[1] / "notebooks").glob("0*.ipynb"))
MOVES = 40
"""Of each view; 95 in 100 of them are quicker than its p95."""
FLOOR_CALLS = 40
MEDIAN_MS, P95_MS = 50.0, 200.0
CALL_MS = 0.6
"""What a call from memory takes on the machine that the two targets are meant for."""
HEAD = f"\n  {'a control moved':<24}{'ms':>8}{'p95':>8}{'calls':>8}{'p95':>8}{'target':>10}"
"""Milliseconds, then the same as calls from memory; the targets are in calls, too."""


@dataclass(frozen=True)
class Moves:
    """How long the moves of one view took."""

    view: str
    median_ms: float
    p95_ms: float
    floor_ms: float

    @property
    def is_quick(self) -> bool:
        """Whether both targets hold, as so many calls from memory."""
        limit_ms = self.floor_ms / CALL_MS
        return self.median_ms <= MEDIAN_MS * limit_ms and self.p95_ms <= P95_MS * limit_ms

    def __str__(self) -> str:
        """The row of the printed table."""
        calls = (one / self.floor_ms for one in (self.median_ms, self.p95_ms))
        targets = "/".join(f"{one / CALL_MS:.0f}" for one in (MEDIAN_MS, P95_MS))
        numbers = (self.median_ms, self.p95_ms, *calls)
        cells = "".join(f"{one:>8.1f}" for one in numbers)
        return f"{'✓' if self.is_quick else '✕'} {self.view:<24}{cells}{targets:>10}"


def moved() -> Iterator[Moves]:
    """Each live view of each page, moved."""
    body, floor = question_body(), canned_answer()

    def call() -> object:
        return floor.messages.create(**body)

    for name, view in live_views():
        calls_ms = [spent_ms(call) for _ in range(FLOOR_CALLS)]
        moves_ms = [spent_ms(move) for move in walk(view)]
        assert view.error is None, f"{name}: {view.error}"
        calls_ms += [spent_ms(call) for _ in range(FLOOR_CALLS)]
        p95_ms = statistics.quantiles(moves_ms, n=20)[-1]
        yield Moves(name, statistics.median(moves_ms), p95_ms, statistics.median(calls_ms))


def walk(view: View) -> Iterator[Callable[[], object]]:
    """Moves through a view: each sets one control, in turn, to another of its values.

    A view without controls is drawn again as it is.
    """
    chance, names = random.Random(7), cycle(view.controls)
    for _ in range(MOVES):
        setting = {name: another(view.controls[name], chance) for name in islice(names, 1)}
        yield lambda setting=setting: view.move(**setting)


def another(control: Control, chance: random.Random) -> object:
    """One of the values that a control does not have now."""
    return chance.choice([value for value in values(control) if value != control.value])


def values(control: Control) -> list[object]:
    """Every value that a control offers."""
    widget = control.widget
    if isinstance(widget, Range):
        steps = round((widget.max - widget.min) / widget.step)
        return [round(widget.min + step * widget.step, 9) for step in range(steps + 1)]
    if isinstance(widget, Pick | ipywidgets.Dropdown):
        return [behind for _, behind in widget.options]
    return [False, True]


def live_views() -> Iterator[tuple[str, View]]:
    """The views of the pages, each as soon as its cell has run."""
    for page in PAGES:
        names: dict[str, object] = {"__name__": "__main__"}
        for cell in json.loads(page.read_text(encoding="utf-8"))["cells"]:
            tags = cell["metadata"].get("tags", [])
            if cell["cell_type"] != "code" or {"warm-up", "claims"} & {*tags}:
                continue
            with contextlib.redirect_stdout(io.StringIO()):
                shown = run("".join(cell["source"]), names)
            if isinstance(shown, View):
                yield cell["id"], shown


def run(code: str, names: dict[str, object]) -> object:
    """Run a cell, and give what it would show."""
    *statements, last = ast.parse(code).body
    exec(compile(ast.Module(statements, []), "cell", "exec"), names)
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    exec(compile(ast.Module([last], []), "cell", "exec"), names)
    return None
