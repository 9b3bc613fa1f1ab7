"""Figures that are read and not moved: matplotlib in the kit's palette, written as SVG.

``figure(fig, alt=…, table=…)`` makes a value that a page shows as an image with its description
and a table. No pyplot, no dates, no random ids: equal numbers give equal bytes.
"""

import io
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from labkit.errors import ArgumentError
from labkit.evals import wilson
from labkit.views.drawing import Drawing, Table
from labkit.views.escape import line
from labkit.views.still import EDGE, INK, MARK, QUIET, RULE, WORD
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
WIDTH_IN = 7.0
TITLE_COLUMNS = 72
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
    """What was counted; neighbours with the same label stand together under it."""
    part: int
    whole: int
    who: Literal["prototype", "production"]

    @property
    def words(self) -> str:
        """The bar in words."""
        return f"{line(self.label, 60)}, {self.who}: {share(self.part, self.whole)}"


def share_bars(rows: Sequence[ShareRow], *, title: str, unit: str = "share that hold") -> Plate:
    """Shares as bars with their 95 % Wilson interval; prototype hatched, production solid."""
    if not rows or any(row.whole < 1 for row in rows):
        raise ArgumentError(
            f"share_bars got {len(rows)} rows, one of them without a sample, or none at all. "
            "A share needs something to be a share of. Give rows with whole of at least 1."
        )
    places = heights(rows)
    with DRAWING, mpl.rc_context(STYLE):
        fig = Figure(figsize=(WIDTH_IN, 1.25 + 0.32 * (places[-1] + 1)), layout="constrained")
        axes = fig.subplots()
        for y, row in zip(places, rows, strict=True):
            draw_bar(axes, y, row)
        label_axes(axes, rows, places, unit)
        wrapped = textwrap.fill(line(title, 200), TITLE_COLUMNS)
        fig.suptitle(wrapped, x=0.01, ha="left", fontsize=11, fontweight="bold")
    low, high = (pick(rows, key=lambda row: row.part / row.whole) for pick in (min, max))
    table = Table(
        ("", "app", unit),
        tuple((row.label, row.who, share(row.part, row.whole)) for row in rows),
        line(title, 200),
    )
    said = f"{line(title, 200)}. Lowest: {low.words}. Highest: {high.words}."
    return figure(fig, alt=said, table=table)


def heights(rows: Sequence[ShareRow]) -> list[float]:
    """Where each bar lies: close to its neighbour of the same label, apart from the others."""
    places = [0.0]
    for before, row in pairwise(rows):
        places.append(places[-1] + (0.72 if before.label == row.label else 1.25))
    return places


def draw_bar(axes: Axes, y: float, row: ShareRow) -> None:
    """One bar, its interval with a light edge, and its count at the end of the row."""
    hue = HUE[row.who]
    fill, hatch = (MARK[hue], "") if hue == "d" else ("white", "////")
    at = row.part / row.whole
    axes.barh(y, at, height=0.6, color=fill, hatch=hatch, edgecolor=MARK[hue], linewidth=1.2)
    low, high = wilson(row.part, row.whole)
    cap = [y - 0.15, y + 0.15]
    for colour, width, above in (("white", 4.0, 3.0), (INK, 1.4, 4.0)):
        for ends in (([low, high], [y, y]), *(([x, x], cap) for x in (low, high))):
            axes.plot(*ends, color=colour, linewidth=width, zorder=above, solid_capstyle="butt")
    axes.text(1.03, y, f"{row.part} of {row.whole}", va="center")
    axes.text(1.24, y, row.who, va="center", color=WORD[hue])


def label_axes(axes: Axes, rows: Sequence[ShareRow], places: list[float], unit: str) -> None:
    """The names at the left, one for neighbours of the same label, and quarters below."""
    named = {
        one.label: [y for y, row in zip(places, rows, strict=True) if row.label == one.label]
        for one in rows
    }
    middles = [sum(ys) / len(ys) for ys in named.values()]
    quarters = (0, 0.25, 0.5, 0.75, 1)
    axes.set_xlim(0, 1.46)
    axes.set_ylim(places[-1] + 0.6, -0.6)
    axes.set_yticks(middles, [line(label, 40) for label in named])
    axes.set_xticks(quarters, [percent(q) for q in quarters])
    axes.set_xlabel(f"{line(unit, 60)}; line: 95{NARROW}% Wilson interval", loc="left")
    axes.tick_params(length=0)
    axes.set_axisbelow(True)
    axes.grid(axis="x")
    axes.spines["bottom"].set_bounds(0, 1)
