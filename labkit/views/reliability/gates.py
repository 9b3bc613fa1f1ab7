"""Two gates in front of the same simulated CI runs: what each blocks for nothing, and misses.

GateScene -> draw_gates -> Drawing: two columns, in each two histograms on one scale

A run in which the gate was wrong is filled in the gate's hue; one in which it was right is empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import plain_line
from labkit.views.pieces import across, axis_html, column_html, was_html
from labkit.views.sides import Party, named_facts
from labkit.views.still import GREY, SMALL, div
from labkit.views.words import NARROW, number, percent

LEAST_PERCENT, MOST_PERCENT = 65, 100
"""What the axis of the scores shows; runs below it stand in the first column."""
AXIS = "score of the candidate: share of examples that pass"
STILL_PX = 64
Wrong = Literal["blocked for nothing", "missed"]


@dataclass(frozen=True, slots=True)
class Column:
    """The runs whose score lies between two shares."""

    low: float
    high: float
    wrong: int
    """Runs about which the gate was wrong."""
    right: int

    @property
    def across(self) -> tuple[float, float]:
        """Its left and right end in per cent of the axis."""
        left, right = (100 * (100 * end - LEAST_PERCENT) for end in (self.low, self.high))
        wide = MOST_PERCENT - LEAST_PERCENT
        return round(max(left / wide, 0), 2), round(min(right / wide, 100), 2)


@dataclass(frozen=True, slots=True)
class Histogram:
    """One kind of change, as one gate judged it."""

    change: str
    """What was changed: ``a harmless change``."""
    wrong: Wrong
    columns: tuple[Column, ...]

    @property
    def runs(self) -> int:
        """All of its runs."""
        return sum(one.wrong + one.right for one in self.columns)

    @property
    def wrongs(self) -> int:
        """Its runs about which the gate was wrong."""
        return sum(one.wrong for one in self.columns)

    @property
    def tallest(self) -> int:
        """The runs in its highest column."""
        return max(one.wrong + one.right for one in self.columns)

    @property
    def count(self) -> str:
        """``389 of 1,000``."""
        return f"{number(self.wrongs)} of {number(self.runs)}"


@dataclass(frozen=True, slots=True)
class GateSide(Party):
    """One gate: its rule in words, and its two histograms."""

    rule: str
    histograms: tuple[Histogram, Histogram]
    mark: float | None = None
    """The score at which it decides, where it looks at the score."""

    @property
    def facts(self) -> dict[str, str]:
        """What the next drawing may show as ``was``."""
        return {one.wrong: number(one.wrongs) for one in self.histograms}


@dataclass(frozen=True, slots=True)
class GateScene:
    """Both gates in front of the same runs."""

    finding: str
    prototype: GateSide
    production: GateSide
    provenance: Provenance
    not_shown: str

    @property
    def sides(self) -> tuple[GateSide, GateSide]:
        """Prototype first."""
        return self.prototype, self.production

    @property
    def tallest(self) -> int:
        """The highest column of all: one scale for four histograms."""
        return max(one.tallest for side in self.sides for one in side.histograms)


def draw_gates(scene: GateScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Both gates beside each other; ``was`` holds the counts of the drawing before."""
    columns = "".join(column(side, scene.tallest, was) for side in scene.sides)
    return Drawing.of(
        scene,
        body=f'<div class="lk-two">{columns}</div>',
        table=table(scene),
        picture=still.beside(*(still_column(side, scene.tallest) for side in scene.sides)),
        facts=named_facts({side.who: side.facts for side in scene.sides}),
    )


def column(side: GateSide, tallest: int, was: Mapping[str, str]) -> str:
    """One gate: its name, its rule, its two histograms over one axis."""
    plots = "".join(histogram(one, side, tallest, was) for one in side.histograms)
    return column_html(side, f"<code>{plain_line(side.rule, 60)}</code>", plots, axis())


def histogram(one: Histogram, side: GateSide, tallest: int, was: Mapping[str, str]) -> str:
    """The count of the wrong decisions, and where they lie."""
    before = was_html(number(one.wrongs), was.get(f"{side.who} {one.wrong}"))
    marks = "".join(stack(each, side.hue, tallest) for each in one.columns)
    limit = f'<s style="left:{at(side.mark)}%"></s>' if side.mark is not None else ""
    return (
        f'<p class="lk-say">{plain_line(one.change, 60)}</p>'
        f'<p class="lk-tall"><b class="lk-h">{one.count}</b> {one.wrong}{before}</p>'
        f'<div class="lk-cols" role="img" aria-label="{plain_line(alt(one), 200)}">'
        f"{marks}{limit}</div>"
    )


def stack(one: Column, hue: str, tallest: int) -> str:
    """One column: the wrong decisions below, filled; the right ones above, empty."""
    wrong, whole = heights(one, tallest)
    place = across(*one.across)
    empty = f'<i style="{place};height:{whole}%"></i>'
    filled = f'<i class="{hue}" style="{place};height:{wrong}%"></i>' if one.wrong else ""
    return empty + filled


def heights(one: Column, tallest: int) -> tuple[float, float]:
    """How high its wrong part and the whole of it stand, in per cent of the tallest."""
    whole = one.wrong + one.right
    return round(100 * one.wrong / tallest, 1), round(100 * whole / tallest, 1)


def axis() -> str:
    """The score, from its least to its most."""
    ticks = [(0.0, f"{LEAST_PERCENT}{NARROW}%")]
    ticks += [(at(score / 100), number(score)) for score in (70, 80, 90, MOST_PERCENT)]
    return f'{axis_html(ticks)}<p class="lk-s lk-q">{AXIS}</p>'


def at(share: float) -> float:
    """Where a score stands on the axis, in per cent of its length."""
    return round(100 * (100 * share - LEAST_PERCENT) / (MOST_PERCENT - LEAST_PERCENT), 2)


def alt(one: Histogram) -> str:
    """A histogram in words."""
    return f"{one.change}: {one.count} {one.wrong}"


def still_column(side: GateSide, tallest: int) -> str:
    """The same as a still picture."""
    parts = []
    for one in side.histograms:
        parts += [
            still.label(one.change),
            div("margin:2px 0 4px", f"<b>{one.count}</b> {one.wrong}"),
            still.image(marks(one, side, tallest), STILL_PX, alt(one)),
        ]
    ends = still.scale(f"{LEAST_PERCENT}{NARROW}%", f"{MOST_PERCENT}{NARROW}%")
    rule = f"<code>{plain_line(side.rule)}</code>"
    return still.column(side, rule, *parts, ends, div(f"{SMALL};opacity:.8", AXIS))


def marks(one: Histogram, side: GateSide, tallest: int) -> str:
    """The columns of a still histogram, and the score at which the gate decides."""
    drawn = ""
    for each in one.columns:
        wrong, whole = (STILL_PX * part / 100 for part in heights(each, tallest))
        drawn += still.rect(each.across, y=STILL_PX - whole, height=whole, stroke=GREY)
        if each.wrong:
            drawn += still.bar(each.across, side.hue, y=STILL_PX - wrong, height=wrong)
    if side.mark is not None:
        x = at(side.mark)
        drawn += still.upright(x, top=0, bottom=STILL_PX, stroke=GREY, width=2)
    return drawn


def table(scene: GateScene) -> Table:
    """Both counts of both gates, with their shares."""
    rows = tuple(
        (side.name, side.rule, *(f"{one.count} ({percent(one.wrongs / one.runs)})" for one in pair))
        for side in scene.sides
        for pair in [side.histograms]
    )
    first, second = (f"{one.change}: {one.wrong}" for one in scene.prototype.histograms)
    header = ("", "blocks when", first, second)
    return Table(header, rows, "What both gates did, as a table", frozenset({2, 3}))
