"""Lines over a grid, live and still: the curves of a plot, with points and names over them.

Points are in per cent: from the left, and from above.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from labkit.views import still
from labkit.views.escape import plain_line
from labkit.views.still import GREY

Point = tuple[float, float]
ENDS = {0: "s", 100: "e"}
"""A name at an end of the axis stands inside the plot."""


def plot_html(  # noqa: PLR0913 - all but two by name
    lines: str,
    points: str,
    *,
    levels: Iterable[tuple[float, str]],
    ticks: Iterable[tuple[float, str]],
    high_px: int,
    said: str,
    kind: str = "",
) -> str:
    """A plot with its grid; ``lines`` are SVG and stretch with it, ``points`` HTML over them."""
    levels = tuple(levels)
    grid = "".join(f'<path class="lk-lim" d="M0 {y}H100"/>' for y, _ in levels)
    beside = "".join(
        f'<span class="y" style="top:{high_px * y / 100 - 7:.1f}px">{name}</span>'
        for y, name in levels
    )
    below = "".join(
        f'<span class="x {ENDS.get(round(x), "")}" style="left:{x:g}%">{name}</span>'
        for x, name in ticks
    )
    return (
        f'<div class="lk-plot lk-risk{kind}" style="--h:{high_px}px" role="img" '
        f'aria-label="{plain_line(said, 400)}">'
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">'
        f"{grid}{lines}</svg>{points}{beside}{below}</div>"
    )


def still_grid(levels: Iterable[float], high_px: int) -> str:
    """The levels of a still plot."""
    return "".join(
        still.rule((0, 100), y=high_px * y / 100, stroke=GREY, dash="1 3") for y in levels
    )


def still_line(points: Sequence[Point], high_px: int, *, width: float = 1, dash: str = "") -> str:
    """A curve as short lines from point to point."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return "".join(
        f'<line x1="{x1}%" y1="{px(y1, high_px)}" x2="{x2}%" y2="{px(y2, high_px)}" '
        f'stroke="{GREY}" stroke-width="{width:g}"{dashed}/>'
        for (x1, y1), (x2, y2) in pairwise(points)
    )


def still_dot(point: Point, high_px: int, colour: str, *, is_open: bool) -> str:
    """A point on a curve, open or filled."""
    x, y = point
    return (
        f'<circle cx="{x}%" cy="{px(y, high_px)}" r="5" fill="{"#fff" if is_open else colour}" '
        f'stroke="{colour}" stroke-width="2.5"/>'
    )


def px(y: float, high_px: int) -> str:
    """Per cent from above as pixels."""
    return still.n(high_px * y / 100)
