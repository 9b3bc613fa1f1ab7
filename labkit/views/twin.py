"""The two still forms of a drawing, equal to the byte for equal settings.

``static_html`` is what a page shows before it runs and where it cannot run: no class, no sheet,
nothing that an untrusted notebook would lose. ``text`` is for tests and terminals.
"""

import textwrap
from collections.abc import Sequence

from labkit.views.drawing import Drawing, Table
from labkit.views.escape import line, plain, plain_line
from labkit.views.frame import table_html
from labkit.views.still import QUIET, SMALL
from labkit.views.words import spoken

WIDTH = 88
GAP = 2
SHAPES = {"measured": "●", "simulated": "◌", "published": "■", "target": "◇"}
"""Where a number comes from, as a shape before the word."""


def static_html(drawing: Drawing, settings: Sequence[str] = ()) -> str:
    """Finding, source, picture, table, limits."""
    if not drawing.framed:
        return drawing.picture + (table_html(drawing.table, live=False) if drawing.table else "")
    size = "1.3em" if drawing.picture else "1.15em"
    finding = f"font-size:{size};line-height:1.3;font-weight:600;margin:0 0 4px"
    parts = [f'<p style="{finding}"><b>{plain_line(drawing.finding, 400)}</b></p>']
    sources = source_lines(drawing, settings)
    if drawing.provenance:
        sources[0] = f"{SHAPES[drawing.provenance.kind]} {sources[0]}"
    parts += [f'<p style="{QUIET};margin:0 0 4px">{glued(plain(row, 800))}</p>' for row in sources]
    if drawing.picture:
        parts.append(drawing.picture)
    if drawing.table is not None:
        table = table_html(drawing.table, live=False)
        parts.append(folded(table) if drawing.picture else table)
    if drawing.not_shown:
        said = f"<b>Not shown here.</b> {plain_line(drawing.not_shown, 400)}"
        parts.append(f'<p style="{SMALL};margin:4px 0 0">{said}</p>')
    body = "\n".join(parts)
    return f'<div style="border-top:1px solid;padding-top:12px;max-width:960px">\n{body}\n</div>'


def glued(words: str) -> str:
    """The same words; no line begins with the dot between two of them."""
    return words.replace(" · ", "\N{NO-BREAK SPACE}· ")


def folded(table: str) -> str:
    """A table that is open and may be closed."""
    name = f'<summary style="{QUIET}">The same numbers as text</summary>'
    return f'<details open style="margin:12px 0 0">{name}\n{table}</details>'


def text(drawing: Drawing, settings: Sequence[str] = ()) -> str:
    """The same in at most 88 columns."""
    parts = [drawing.finding, *source_lines(drawing, settings)]
    lines = [row for part in parts for row in wrapped(part)]
    if drawing.table is not None:
        lines += ["", *table_lines(drawing.table), ""]
    if drawing.not_shown:
        lines += wrapped(f"Not shown here. {drawing.not_shown}")
    return spoken("\n".join(lines).strip("\n"))


def source_lines(drawing: Drawing, settings: Sequence[str]) -> list[str]:
    """The provenance, then the settings of the controls."""
    lines = [str(drawing.provenance)] if drawing.provenance else []
    return [*lines, " · ".join(map(line, settings))] if settings else lines


def wrapped(text_: str) -> list[str]:
    """Lines of at most 88 columns; a long word is broken."""
    return textwrap.wrap(line(text_), WIDTH, break_on_hyphens=False) or [""]


def table_lines(table: Table) -> list[str]:
    """Aligned columns; what is too wide for its column goes on below it."""
    rows = [tuple(map(line, row)) for row in (table.header, *table.rows)]
    widths = column_widths(rows)
    return [printed for row in rows for printed in row_lines(row, widths, table.right)]


def column_widths(rows: Sequence[tuple[str, ...]]) -> list[int]:
    """The width of each column: its longest text, the longest ones shortened until all fit."""
    widths = [max(1, *map(len, column)) for column in zip(*rows, strict=True)]
    room = WIDTH - GAP * (len(widths) - 1)
    while sum(widths) > room:
        widest = max(widths)
        second = max((w for w in widths if w < widest), default=0)
        together = widths.count(widest)
        least = max(second, (room - sum(w for w in widths if w < widest)) // together, 1)
        widths = [least if w == widest else w for w in widths]
    return widths


def row_lines(row: tuple[str, ...], widths: list[int], right: frozenset[int]) -> list[str]:
    """One row, as many lines as its longest cell needs."""
    cells = [
        textwrap.wrap(cell, width, break_on_hyphens=False) or [""]
        for cell, width in zip(row, widths, strict=True)
    ]
    lines = []
    for i in range(max(map(len, cells))):
        texts = [cell[i] if i < len(cell) else "" for cell in cells]
        aligned = [
            text_.rjust(width) if column in right else text_.ljust(width)
            for column, (text_, width) in enumerate(zip(texts, widths, strict=True))
        ]
        lines.append((" " * GAP).join(aligned).rstrip())
    return lines
