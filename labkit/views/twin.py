"""The two still forms of a drawing, equal to the byte for equal settings.

``static_html`` is what a page shows before it runs and where it cannot run: no style, no class
but ``lk-fig``, nothing that an untrusted notebook would lose. ``text`` is for tests and terminals.
"""

import base64
import textwrap
from collections.abc import Sequence

from labkit.views.drawing import Drawing, Table
from labkit.views.escape import line, plain, plain_line
from labkit.views.frame import table_html
from labkit.views.words import spoken

WIDTH = 88
GAP = 2


def static_html(drawing: Drawing, settings: Sequence[str] = ()) -> str:
    """Finding, source, picture with caption, table, limits."""
    parts = [f"<p><b>{plain_line(drawing.finding, 400)}</b></p>"]
    parts += [f"<p>{plain(text, 800)}</p>" for text in source_lines(drawing, settings)]
    if drawing.picture:
        parts.append(figure_html(drawing.picture, drawing.alt))
    if drawing.table is not None:
        parts.append(table_html(drawing.table, classes=False))
    if drawing.not_shown:
        parts.append(f"<p><b>Not shown here.</b> {plain_line(drawing.not_shown, 400)}</p>")
    return "\n".join(parts)


def figure_html(picture: str, alt: str) -> str:
    """An SVG as an image with its description, said twice: read aloud and visible."""
    data = base64.b64encode(picture.encode("utf-8")).decode("ascii")
    said = plain_line(alt, 600)
    return (
        f'<figure class="lk-fig"><img alt="{said}" src="data:image/svg+xml;base64,{data}">'
        f"<figcaption>{said}</figcaption></figure>"
    )


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
