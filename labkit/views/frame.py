"""The frame around a live picture: finding and provenance above, table and limits below."""

from labkit.views.drawing import Drawing, Provenance, Table
from labkit.views.escape import plain, plain_line
from labkit.views.still import RULE


def head_html(drawing: Drawing) -> str:
    """The finding and where it comes from."""
    if not drawing.framed:
        return ""
    change = ""
    if drawing.change:
        change = f' <span class="lk-change">{plain(drawing.change, 200)}</span>'
    finding = f'<p class="lk-finding" aria-live="polite">{plain(drawing.finding, 400)}{change}</p>'
    return finding + provenance_html(drawing.provenance)


def provenance_html(provenance: Provenance | None) -> str:
    """The shape and the word of the source, then its notes."""
    if provenance is None:
        return ""
    kind = f'<span class="lk-ev lk-ev-{provenance.kind}"><i></i>{provenance.kind}</span>'
    notes = "".join(f" <span><i>·</i> {plain_line(note, 200)}</span>" for note in provenance.notes)
    return f'<p class="lk-prov"><span>{kind}{notes}</span></p>'


def body_html(drawing: Drawing) -> str:
    """The picture, the same numbers as text, and what is not shown."""
    parts = [f'<div class="lk-body">{drawing.body}</div>']
    if drawing.table is not None and drawing.twin_live:
        opened = " open" if drawing.twin_open else ""
        parts.append(
            f'<details class="lk-twin"{opened}><summary>The same numbers as text</summary>'
            f"{live_table(drawing.table)}</details>"
        )
    if drawing.not_shown:
        parts.append(
            f'<p class="lk-not"><b>Not shown here.</b> {plain(drawing.not_shown, 400)}</p>'
        )
    return "".join(parts)


ROW = ' scope="row"'
BARE = ' style="background:none"'
STILL = f"padding:4px 10px 4px 0;vertical-align:baseline;border-bottom:1px solid {RULE}"
STILL_TABLE = "width:100%;table-layout:auto;margin:4px 0;font-size:13px;line-height:1.4"


def live_table(table: Table) -> str:
    """The table in a box that scrolls sideways before it breaks a number."""
    name = plain(table.caption, 200)
    return (
        f'<div class="lk-scroll" tabindex="0" role="group" aria-label="{name}">'
        f"{table_html(table)}</div>"
    )


def table_html(table: Table, *, live: bool = True) -> str:
    """A real table: column heads and row heads with their scope.

    A still one says in each cell how it looks: JupyterLab aligns to the right and paints stripes.
    """

    def cell(tag: str, column: int, text: str, scope: str = "") -> str:
        looks = aligned(right=column in table.right, live=live)
        return f"<{tag}{scope}{looks}>{plain_line(text)}</{tag}>"

    heads = "".join(
        cell("th", i, text, ' scope="col"') if text else cell("td", i, "")
        for i, text in enumerate(table.header)
    )
    rows = "".join(
        f"<tr{'' if live else BARE}>{cell('th', 0, first, ROW)}"
        f"{''.join(cell('td', i, text) for i, text in enumerate(others, 1))}</tr>"
        for first, *others in table.rows
    )
    whole = f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    if live:
        return f"<table>{whole}</table>"
    return f'<div style="overflow-x:auto"><table style="{STILL_TABLE}">{whole}</table></div>'


def aligned(*, right: bool, live: bool) -> str:
    """The attribute that puts a cell's text at its side."""
    if live:
        return ' class="r"' if right else ""
    return f' style="text-align:{"right" if right else "left"};{STILL}"'
