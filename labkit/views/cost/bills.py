"""A day's bill by its parts, above the same day with fixes.

BillScene -> draw_bills -> Drawing: two stacked bars in one scale, and their parts as a table
"""

from collections.abc import Mapping
from dataclasses import dataclass

from labkit.views import still
from labkit.views.cost.stacks import Block, amount, stack_html, stack_image, swatch_table
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import plain_line
from labkit.views.pieces import was_html, who_html
from labkit.views.still import QUIET, div, span
from labkit.views.words import usd


@dataclass(frozen=True, slots=True)
class BillScene:
    """Two bills with the same parts."""

    finding: str
    names: tuple[str, str]
    """What each bar is; the first is the prototype's."""
    before: tuple[Block, ...]
    after: tuple[Block, ...]
    unit: str
    mark: tuple[str, float] | None
    """What a line across the second bar stands for, and its amount."""
    counted: tuple[str, str, str]
    """What else is counted, before and after."""
    provenance: Provenance
    not_shown: str

    @property
    def whole(self) -> float:
        """The amount that fills the width."""
        return max(amount(self.before), amount(self.after), self.mark[1] if self.mark else 0.0)

    @property
    def facts(self) -> dict[str, str]:
        """What the next drawing may show as ``was``."""
        sums = (usd(amount(bar)) for bar in (self.before, self.after))
        return dict(zip(self.names, sums, strict=True))


def draw_bills(scene: BillScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Both bars and their table; ``was`` holds the facts of the drawing before."""
    return Drawing.of(
        scene,
        body=body_html(scene, was),
        table=table(scene),
        picture=picture(scene),
        facts=scene.facts,
        twin_live=False,
    )


def body_html(scene: BillScene, was: Mapping[str, str]) -> str:
    """Both bars, the line, and the parts."""
    (first, second), mark = scene.names, scene.mark
    bars = bar_html("p", first, scene.before, scene, was)
    bars += bar_html("d", second, scene.after, scene, was, mark=mark[1] if mark else None)
    rows = [(look, cells) for (look, *cells) in parts(scene)]
    return bars + swatch_table(heads(scene), rows)


def bar_html(  # noqa: PLR0913 - one of them seldom
    hue: str,
    name: str,
    blocks: tuple[Block, ...],
    scene: BillScene,
    was: Mapping[str, str],
    *,
    mark: float | None = None,
) -> str:
    """A name and an amount above a bar, and a dotted line where there is one."""
    value = usd(amount(blocks))
    before = was_html(value, was.get(name))
    total = f'<b class="lk-sum">{value}</b>{before} <span class="lk-q lk-s">{scene.unit}</span>'
    head = f'<div class="lk-row">{who_html(name, hue)} <span class="lk-n">{total}</span></div>'
    return f'<div class="lk-money">{head}{stack_html(blocks, scene.whole, mark)}</div>'


def heads(scene: BillScene) -> tuple[str, ...]:
    """The heads of the table: what follows the comma in a name."""
    return ("", *(name.partition(", ")[2] for name in scene.names))


def parts(scene: BillScene) -> list[tuple[str, str, str, str]]:
    """Each part: its look, its name, and what it costs before and after; then the sums."""
    after = {one.name: one.usd for one in scene.after}
    rows = [
        (one.look, one.name, usd(one.usd), usd(after.get(one.name, 0.0))) for one in scene.before
    ]
    sums = usd(amount(scene.before)), usd(amount(scene.after))
    line = [("dots", scene.mark[0], "", usd(scene.mark[1]))] if scene.mark else []
    return [*rows, ("", "together", *sums), *line, ("", *scene.counted)]


def picture(scene: BillScene) -> str:
    """The still picture: both bars."""
    mark = scene.mark[1] if scene.mark else None
    sides = zip("pd", scene.names, (scene.before, scene.after), (None, mark), strict=True)
    bars = (
        div("margin:12px 0 0", still.who(name, hue), span(QUIET, f" {total(bar, scene)}"))
        + stack_image(bar, scene.whole, alt(name, bar), mark=line)
        for hue, name, bar, line in sides
    )
    said = div(QUIET, f"Upright line: {plain_line(scene.mark[0])}") if scene.mark else ""
    return div("margin:0 0 12px", *bars, said)


def total(bar: tuple[Block, ...], scene: BillScene) -> str:
    """An amount with its unit."""
    return f"{usd(amount(bar))} {scene.unit}"


def alt(name: str, blocks: tuple[Block, ...]) -> str:
    """The bar in words."""
    return f"{name}: " + ", ".join(f"{one.name} {usd(one.usd)}" for one in blocks)


def table(scene: BillScene) -> Table:
    """The same numbers as text."""
    rows = tuple((name, before, after) for _, name, before, after in parts(scene))
    return Table(heads(scene), rows, "Both bills by their parts", frozenset({1, 2}))
