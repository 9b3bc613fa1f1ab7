"""A day's bill by cause, above the same day with fixes.

BillScene -> draw_bills -> Drawing: two stacked bars in one scale, and their causes as a table
"""

from collections.abc import Mapping
from dataclasses import dataclass

from labkit.views import still
from labkit.views.cost.stacks import Block, amount, stack_html, stack_image, swatch_table
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import plain_line
from labkit.views.pieces import was_html
from labkit.views.still import QUIET, div, span
from labkit.views.words import usd

PER = "USD per 1,000 questions"
BEFORE, AFTER = "Prototype, as it was", "Production, with these fixes"


@dataclass(frozen=True, slots=True)
class BillScene:
    """Two bills with the same causes."""

    finding: str
    before: tuple[Block, ...]
    after: tuple[Block, ...]
    without: float | None
    """What the second would cost without a cache; None where it has none."""
    read: tuple[str, str]
    """How many prompts were read from a cache, before and after."""
    provenance: Provenance
    not_shown: str

    @property
    def whole(self) -> float:
        """The amount that fills the width."""
        return max(amount(self.before), amount(self.after), self.without or 0.0)

    @property
    def facts(self) -> dict[str, str]:
        """What the next drawing may show as ``was``."""
        return {AFTER: usd(amount(self.after)), BEFORE: usd(amount(self.before))}


def draw_bills(scene: BillScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Both bars and their table; ``was`` holds the facts of the drawing before."""
    return Drawing(
        finding=scene.finding,
        body=body_html(scene, was),
        table=table(scene),
        provenance=scene.provenance,
        picture=picture(scene),
        not_shown=scene.not_shown,
        facts=scene.facts,
        twin_live=False,
    )


def body_html(scene: BillScene, was: Mapping[str, str]) -> str:
    """Both bars, the line of no cache, and the causes."""
    bars = bar_html("p", BEFORE, scene.before, scene, was)
    bars += bar_html("d", AFTER, scene.after, scene, was, mark=scene.without)
    rows = [(look, cells) for (look, *cells) in parts(scene)]
    return bars + swatch_table(HEADS, rows)


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
    total = f'<b class="lk-sum">{value}</b>{before} <span class="lk-q lk-s">{PER}</span>'
    who = f'<span class="lk-who {hue}">{plain_line(name)}</span>'
    head = f'<div class="lk-row">{who} <span class="lk-n">{total}</span></div>'
    return f'<div class="lk-money">{head}{stack_html(blocks, scene.whole, mark)}</div>'


HEADS = ("", "as it was", "with these fixes")


def parts(scene: BillScene) -> list[tuple[str, str, str, str]]:
    """Each cause: its look, its name, and what it costs before and after; then the sums."""
    after = {one.name: one.usd for one in scene.after}
    rows = [
        (one.look, one.name, usd(one.usd), usd(after.get(one.name, 0.0))) for one in scene.before
    ]
    sums = usd(amount(scene.before)), usd(amount(scene.after))
    dotted = [] if scene.without is None else [("dots", WITHOUT, "", usd(scene.without))]
    return [*rows, ("", "together", *sums), *dotted, ("", READ, *scene.read)]


WITHOUT, READ = "the same without a cache", "prompts read from a cache"


def picture(scene: BillScene) -> str:
    """The still picture: both bars."""
    sides = (("p", BEFORE, scene.before, None), ("d", AFTER, scene.after, scene.without))
    bars = (
        div("margin:12px 0 0", still.who(name, hue), span(QUIET, f" {usd(amount(all_))} {PER}"))
        + stack_image(all_, scene.whole, alt(name, all_), mark=mark)
        for hue, name, all_, mark in sides
    )
    line = div(QUIET, f"Upright line: {WITHOUT}") if scene.without is not None else ""
    return div("margin:0 0 12px", *bars, line)


def alt(name: str, blocks: tuple[Block, ...]) -> str:
    """The bar in words."""
    return f"{name}: " + ", ".join(f"{one.name} {usd(one.usd)}" for one in blocks)


def table(scene: BillScene) -> Table:
    """The same numbers as text."""
    rows = tuple((name, before, after) for _, name, before, after in parts(scene))
    return Table(HEADS, rows, "Both bills by cause", frozenset({1, 2}))
