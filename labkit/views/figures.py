"""Figures that are read and not moved: matplotlib in the kit's palette, written as SVG.

``figure(fig, alt=…, table=…)`` makes a value that a page shows as an image with its description
and a table. No pyplot, no dates, no random ids: equal numbers give equal bytes.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.figure import Figure

from labkit.errors import ArgumentError
from labkit.evals import wilson
from labkit.views.drawing import Drawing, Table
from labkit.views.escape import line
from labkit.views.still import EDGE, GREY, INK, MARK, QUIET, RULE
from labkit.views.twin import static_html, text
from labkit.views.view import DRAWING
from labkit.views.words import NARROW, percent, share

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "labkit",
    "font.family": ["DejaVu Sans"],
    "font.size": 9.5,
    "hatch.linewidth": 1.4,
    "axes.edgecolor": EDGE,
    "axes.labelcolor": QUIET,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": RULE,
    "grid.linewidth": 0.8,
}
"""Set while a figure is drawn, under the lock of all drawings."""
SIZE_IN = (7.0, 3.2)
HUE = {"prototype": "p", "production": "d"}


@dataclass(frozen=True, slots=True)
class Plate:
    """A finished figure: its picture, its description and its numbers."""

    svg: str
    alt: str
    table: Table | None = None

    def __repr__(self) -> str:
        return text(self._drawing())

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        html = static_html(self._drawing())
        return {"text/plain": repr(self), "text/html": html[html.index("<figure") :]}

    def _drawing(self) -> Drawing:
        return Drawing(self.alt, table=self.table, picture=self.svg, alt=self.alt)


def figure(fig: Figure, *, alt: str, table: Table | None = None) -> Plate:
    """A matplotlib figure as a value to end a cell with."""
    if not alt.strip():
        raise ArgumentError(
            "This figure has no alt text. Somebody who cannot see it would learn nothing. "
            "Give alt= one or two sentences: what is compared, the finding, the numbers."
        )
    return Plate(svg_of(fig), line(alt, 600), table)


def svg_of(fig: Figure) -> str:
    """The figure as SVG: no date, no version, coordinates of two decimals."""
    out = io.StringIO()
    with DRAWING, mpl.rc_context(STYLE):
        fig.savefig(
            out, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type"))
        )
    body = out.getvalue()
    body = body[body.index("<svg") :]
    return re.sub(r"-?\d+\.\d{3,}", lambda found: f"{float(found.group()):.2f}", body).strip()


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One bar: how many of how many, and whose."""

    label: str
    part: int
    whole: int
    who: Literal["prototype", "production"]


def share_bars(rows: Sequence[ShareRow], *, title: str, unit: str = "share that hold") -> Plate:
    """Shares as bars with their 95 % Wilson interval; prototype hatched, production solid."""
    if not rows or any(row.whole < 1 for row in rows):
        raise ArgumentError(
            f"share_bars got {len(rows)} rows, one of them without a sample, or none at all. "
            "A share needs something to be a share of. Give rows with whole of at least 1."
        )
    with DRAWING, mpl.rc_context(STYLE):
        fig = Figure(figsize=(SIZE_IN[0], 0.9 + 0.36 * len(rows)), layout="constrained")
        draw_bars(fig, rows, title=title, unit=unit)
    said = "; ".join(f"{row.label}: {share(row.part, row.whole)}" for row in rows)
    table = Table(
        ("", unit), tuple((row.label, share(row.part, row.whole)) for row in rows), line(title, 200)
    )
    return figure(fig, alt=f"{line(title, 200)}. {said}.", table=table)


def draw_bars(fig: Figure, rows: Sequence[ShareRow], *, title: str, unit: str) -> None:
    """The bars, the whiskers, and each number at the end of its row."""
    axes = fig.subplots()
    for y, row in enumerate(rows):
        hue, at = HUE[row.who], row.part / row.whole
        fill, hatch = (MARK[hue], "") if hue == "d" else ("white", "////")
        axes.barh(y, at, height=0.56, color=fill, hatch=hatch, edgecolor=MARK[hue], linewidth=1.2)
        low, high = wilson(row.part, row.whole)
        axes.plot([low, high], [y, y], color=INK, linewidth=1.4, solid_capstyle="butt")
        for end in (low, high):
            axes.plot([end, end], [y - 0.14, y + 0.14], color=INK, linewidth=1.4)
        axes.text(1.04, y, f"{row.part} of {row.whole}", va="center", color=INK)
    axes.set_xlim(0, 1.2)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [line(row.label, 40) for row in rows])
    quarters = (0, 0.25, 0.5, 0.75, 1)
    axes.set_xticks(quarters, [percent(q) for q in quarters])
    axes.tick_params(length=0)
    axes.set_axisbelow(True)
    axes.grid(axis="x")
    axes.spines["bottom"].set_color(GREY)
    axes.set_xlabel(f"{line(unit, 60)}; whisker: 95{NARROW}% Wilson interval")
    axes.set_title(line(title, 120), loc="left", fontsize=11, fontweight="bold")
