"""Figures that are read and not moved: shares as bars, and whatever matplotlib draws.

``share_bars(rows, title=…)`` makes a table with a bar in each row; ``figure(fig, alt=…)`` takes a
matplotlib figure. Both give a value to end a cell with. No pyplot, no dates, no random ids: equal
numbers give equal bytes.
"""

import base64
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from labkit.arguments import every, given, known, refused, whole
from labkit.arguments import text as need_text
from labkit.errors import ArgumentError
from labkit.evals import wilson
from labkit.views import still
from labkit.views.drawing import Drawing, Table
from labkit.views.escape import line, plain_line
from labkit.views.sides import HUE, Who
from labkit.views.still import GREY, MARK, QUIET, RULE, SMALL
from labkit.views.twin import static_html, text
from labkit.views.view import DRAWING
from labkit.views.words import NARROW, interval, number, percent, share

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "labkit",
    "font.family": ["DejaVu Sans"],
    "font.size": 9.5,
    "hatch.linewidth": 1.4,
    "axes.edgecolor": "#7a7a7a",
    "axes.labelcolor": "#595959",
    "text.color": "#1f1f1f",
    "xtick.color": "#595959",
    "ytick.color": "#1f1f1f",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": "#dcdcdc",
    "grid.linewidth": 0.8,
}
"""Set while a figure is written, under the lock of all drawings."""
SVG = "image/svg+xml"
BAR_PX, IMAGE_PX = 10, 20
CELL = f"text-align:left;vertical-align:middle;padding:3px 12px 3px 0;{SMALL}"


@dataclass(frozen=True, slots=True)
class Plate:
    """A finished figure: its picture, what it says, and its numbers."""

    picture: str
    """The figure as HTML."""
    finding: str
    """What it shows, in a sentence."""
    table: Table | None = None
    in_table: bool = False
    """Whether the picture is itself the table."""

    def __repr__(self) -> str:
        return text(Drawing(self.finding, table=self.table))

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        below = None if self.in_table else self.table
        html = static_html(Drawing(self.finding, table=below, picture=self.picture))
        return {"text/plain": repr(self), "text/html": html}


def figure(fig: "Figure", *, alt: str, table: Table | None = None) -> Plate:
    """A matplotlib figure on a light ground of its own; it scrolls before it gets too small."""
    if isinstance(fig, type) or not hasattr(fig, "savefig"):
        raise refused("fig", fig, "There is nothing to draw.", "Give a matplotlib Figure.")
    if not need_text("alt", alt, "Somebody who cannot see it would learn nothing.").strip():
        raise ArgumentError(
            "This figure has no alt text. Somebody who cannot see it would learn nothing. "
            "Give alt= one or two sentences: what is compared, the finding, the numbers."
        )
    given("table", table, Table, "The numbers could not stand below it.")
    data = base64.b64encode(svg_of(fig).encode("utf-8")).decode("ascii")
    ground = f"background:#fff;padding:12px;border:1px solid {GREY};max-width:none"
    image = f'<img alt="{plain_line(alt, 600)}" style="{ground}" src="data:{SVG};base64,{data}">'
    return Plate(still.div("overflow-x:auto;margin:12px 0", image), line(alt, 600), table)


def svg_of(fig: "Figure") -> str:
    """The figure as SVG: no date, no version, coordinates of two decimals."""
    import matplotlib as mpl  # noqa: PLC0415 - 40 MB that a page without such a figure does not need

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
    who: Who

    def __post_init__(self) -> None:
        """Refuse what is no share of anything, or nobody's."""
        need_text("label", self.label, "A bar needs a name.")
        known(self.who, HUE, "an app that is drawn here", "Its bar would have no look.")
        whole("whole", self.whole, "A share needs something to be a share of.", least=1)
        follows = "No bar can be longer than the whole."
        whole("part", self.part, follows, least=0, most=self.whole)


def share_bars(rows: Sequence[ShareRow], *, title: str, unit: str = "share that hold") -> Plate:
    """Shares as bars with their 95 % Wilson interval; prototype hatched, production solid."""
    rows = every("rows", rows, ShareRow, '[ShareRow("answered", 3, 4, "prototype")]')
    if not rows:
        raise refused("rows", rows, "There is no share to draw.", "Give at least one ShareRow.")
    table = Table(
        ("", "app", unit),
        tuple((row.label, row.who, share(row.part, row.whole)) for row in rows),
        line(title, 200),
    )
    finding = line(title, 200)
    finding += "" if finding.endswith((".", "!", "?")) else "."
    return Plate(bars_html(rows, unit), finding, table, in_table=True)


def bars_html(rows: Sequence[ShareRow], unit: str) -> str:
    """The table: what was counted, whose, the bar, the count with its interval."""
    heads = ("", "app", still.SHARES, plain_line(unit, 60))
    head = "".join(
        f'<th scope="col" style="{CELL};font-weight:400">{name}</th>'
        if name
        else f'<td style="{CELL}"></td>'
        for name in heads
    )
    groups = [list(same) for _, same in groupby(rows, key=lambda row: row.label)]
    body = "".join(group_html(group) for group in groups)
    said = f"Outline: all of them. Line below a bar: its 95{NARROW}% Wilson interval."
    return (
        '<table style="width:100%;max-width:680px;table-layout:auto;margin:12px 0 4px">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f'<p style="{QUIET};margin:0">{said}</p>'
    )


def group_html(group: Sequence[ShareRow]) -> str:
    """Neighbours with one label: a hairline above them, the label once."""
    lines = []
    for i, row in enumerate(group):
        edge = f"{CELL};border-top:1px solid {RULE}" if not i else CELL
        name = f'<th scope="rowgroup" rowspan="{len(group)}" style="{edge};vertical-align:top">'
        counted = f"<b>{number(row.part)}</b> of {number(row.whole)}"
        quiet = still.span("opacity:.8;white-space:nowrap", interval(row.part, row.whole))
        cells = (row.who, bar_image(row), f"{counted} {quiet}")
        widths = ("", ";width:50%;min-width:96px", "")
        data = "".join(
            f'<td style="{edge}{w}">{c}</td>' for c, w in zip(cells, widths, strict=True)
        )
        first = f"{name}{plain_line(row.label, 60)}</th>" if not i else ""
        lines.append(f'<tr style="background:none">{first}{data}</tr>')
    return "".join(lines)


def bar_image(row: ShareRow) -> str:
    """One bar in an outline that ends at all of them, and the interval below it."""
    at, (low, high) = 100 * row.part / row.whole, wilson(row.part, row.whole)
    hue = HUE[row.who]
    dash = "4 2" if hue == "p" else ""
    drawn = still.rect((0, 100), y=1, height=BAR_PX, stroke=GREY)
    if row.part:
        drawn += still.bar((0, at), hue, y=1, height=BAR_PX)
    drawn += still.rule((100 * low, 100 * high), y=16, stroke=MARK[hue], width=2, dash=dash)
    alt = f"bar to {percent(at / 100)}, interval {number(100 * low)} to {percent(high)}"
    return still.image(drawn, IMAGE_PX, alt)
