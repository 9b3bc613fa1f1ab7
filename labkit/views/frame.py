"""The frame around a live picture: finding and provenance above, table and limits below."""

from labkit.views.drawing import Drawing, Provenance, Table
from labkit.views.escape import plain, plain_line


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


LEFT = ' style="text-align:left"'


def live_table(table: Table) -> str:
    """The table in a box that scrolls sideways before it breaks a number."""
    name = plain(table.caption, 200)
    return (
        f'<div class="lk-scroll" tabindex="0" role="group" aria-label="{name}">'
        f"{table_html(table)}</div>"
    )


def table_html(table: Table, *, classes: bool = True) -> str:
    """A real table: column heads and row heads with their scope.

    Without classes each cell says its side itself: JupyterLab aligns all cells to the right.
    """
    aligned = ("", ' class="r"') if classes else (LEFT, "")

    def cell(tag: str, column: int, text: str, scope: str = "") -> str:
        side = aligned[column in table.right]
        return f"<{tag}{scope}{side}>{plain_line(text)}</{tag}>"

    def row(cells: tuple[str, ...]) -> str:
        first, *others = cells
        named = cell("th", 0, first, ' scope="row"')
        rest = "".join(cell("td", i, text) for i, text in enumerate(others, 1))
        return f"<tr>{named}{rest}</tr>"

    heads = "".join(
        cell("th", i, text, ' scope="col"') if text else "<td></td>"
        for i, text in enumerate(table.header)
    )
    rows = "".join(map(row, table.rows))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
