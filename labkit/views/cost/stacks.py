"""An amount of money as a bar of blocks, one for each part; live and as a still image.

Block(name, usd, look) -> stack_html / stack_image, and a table with the blocks as swatches
"""

from collections.abc import Sequence
from dataclasses import dataclass

from labkit.views import still
from labkit.views.escape import plain_line

BAR_PX = 26
INK, EDGE = "#6b6b6b", "#808080"
FILLS = {"k1": "#009E73", "k2": "#CC79A7", "k3": "#E69F00", "k4": "#56B4E9", "f1": INK}
FILLS |= dict.fromkeys(("f2", "f3", "f4"), "#fff")
"""The looks of blocks: classes of the sheet, and their colours in a still image."""
LINES = {
    "k2": ('patternTransform="rotate(45)"', '<path d="M0 0V8" stroke="#fff" stroke-width="3"/>'),
    "k3": ("", '<path d="M0 1H8M0 5H8" stroke="#fff" stroke-width="1.5"/>'),
    "k4": ("", '<circle cx="4" cy="4" r="1.6" fill="#fff"/>'),
    "f2": ('patternTransform="rotate(45)"', f'<path d="M0 0V8" stroke="{INK}" stroke-width="4"/>'),
    "f3": ("", f'<circle cx="4" cy="4" r="2" fill="{INK}"/>'),
    "f4": ("", f'<path d="M1 0V8M5 0V8" stroke="{INK}" stroke-width="1.5"/>'),
}
"""What tells still blocks apart without their colours."""


@dataclass(frozen=True, slots=True)
class Block:
    """One part of an amount."""

    name: str
    usd: float
    look: str
    """One of ``k1`` to ``k4`` or ``f1`` to ``f4``, the same for the same part in every bar."""


def amount(blocks: Sequence[Block]) -> float:
    """All blocks together."""
    return sum(one.usd for one in blocks)


def stack_html(blocks: Sequence[Block], whole: float, mark: float | None = None) -> str:
    """A bar as long as its amount, where ``whole`` fills the width; a line at another amount."""
    marks = "".join(
        f'<i class="{one.look}" style="flex:{still.n(1000 * one.usd / whole)} 0 0"></i>'
        for one in blocks
        if one.usd > 0
    )
    wide = still.n(100 * amount(blocks) / whole)
    line = "" if mark is None else f'<u style="left:{still.n(100 * mark / whole)}%"></u>'
    bar = f'<div class="lk-bar" style="width:{wide}%">{marks}</div>'
    return f'<div class="lk-stack" aria-hidden="true">{bar}{line}</div>'


def stack_image(
    blocks: Sequence[Block], whole: float, alt: str, *, mark: float | None = None
) -> str:
    """The same as a still image."""
    drawn, at = patterns(), 0.0
    for one in blocks:
        end = at + 100 * one.usd / whole
        fill = f"url(#{one.look})" if one.look in LINES else FILLS[one.look]
        if one.usd > 0:
            drawn += still.rect((at, end), y=4, height=BAR_PX - 8, stroke=EDGE, fill=fill)
        at = end
    if mark is not None:
        drawn += still.upright(100 * mark / whole, top=0, bottom=BAR_PX, stroke=INK, width=2)
    return still.image(drawn, BAR_PX, alt)


def patterns() -> str:
    """The still looks that are more than a colour."""
    found = (
        f'<pattern id="{look}" width="8" height="8" patternUnits="userSpaceOnUse" {turned}>'
        f'<rect width="8" height="8" fill="{FILLS[look]}"/>{lines}</pattern>'
        for look, (turned, lines) in LINES.items()
    )
    return f"<defs>{''.join(found)}</defs>"


def swatch_table(header: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The numbers as text; a row's look stands before its name, and none before a total.

    Args:
        header: The heads; the first column names the rows.
        rows: A look, or nothing, and the cells; what comes after the name may be HTML.
    """
    heads = "".join(
        f'<th scope="col" class="r">{plain_line(one)}</th>' if n else "<td></td>"
        for n, one in enumerate(header)
    )
    return (
        '<div class="lk-twin lk-scroll" tabindex="0" role="group" aria-label="The parts">'
        f"<table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(row_html(*row) for row in rows)}</tbody></table></div>"
    )


def row_html(look: str, cells: Sequence[str]) -> str:
    """One part, its swatch before its name."""
    name, *values = cells
    key = f'<i class="lk-sw {look}"></i>' if look else ""
    data = "".join(f'<td class="r">{one}</td>' for one in values)
    return f'<tr><th scope="row">{key}{plain_line(name, 60)}</th>{data}</tr>'
