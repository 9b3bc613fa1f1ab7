"""What an eval set can show: its interval, what it covers, and the planted bugs that it finds.

EvalSetScene -> draw_eval_set -> Drawing

Above, two whiskers on one scale. Below, the grid of slice and topic, then one row for each bug.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from labkit.evals import wilson
from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import plain_line
from labkit.views.pieces import SHARES, badge, interval_html, was_html, who_html
from labkit.views.sides import HUE
from labkit.views.still import DASH, DOT_FILL, MARK, QUIET, SMALL, div, span
from labkit.views.words import NARROW, between, several, share

Who = Literal["prototype", "production", "target"]
NAMES: Mapping[Who, str] = {
    "prototype": "Prototype",
    "production": "Production",
    "target": "Computed",
}
HUES: Mapping[Who, str] = {
    "prototype": HUE["prototype"],
    "production": HUE["production"],
    "target": "i",
}
WHISKER_PX = 18
MARK_PX = 8


@dataclass(frozen=True, slots=True)
class Whisker:
    """How many of how many passed, and whose."""

    who: Who
    part: int
    whole: int
    what: str
    """Which examples: ``hand-picked``."""

    @property
    def share(self) -> str:
        """``6 of 6 (61–100 %)``, for every size."""
        return share(self.part, self.whole, always=True)

    @property
    def between(self) -> str:
        """``61–100 %``."""
        return between(self.part, self.whole)


@dataclass(frozen=True, slots=True)
class Bug:
    """A fault of an application, and the examples that it breaks."""

    name: str
    picked: tuple[str, ...]
    """The hand-picked examples that it breaks."""
    drawn: tuple[str, ...]
    """The examples of the set that it breaks."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One slice and one topic."""

    drawn: int
    written: int
    """How many there are in the whole set."""

    def __str__(self) -> str:
        if not self.written:
            return "none written"
        return f"{self.drawn} of {self.written}" if self.drawn else "no example"


@dataclass(frozen=True, slots=True)
class EvalSetScene:
    """Two eval sets: the hand-picked one, and the one that the controls make."""

    finding: str
    whiskers: tuple[Whisker, ...]
    """The prototype's, production's, and a computed one where the set is too small for n."""
    slices: tuple[str, ...]
    topics: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]
    bugs: tuple[Bug, ...]
    provenance: Provenance
    not_shown: str

    @property
    def facts(self) -> dict[str, str]:
        """What the next drawing may show as ``was``."""
        bugs = {one.name: found(one.drawn) for one in self.bugs}
        return {"between": self.whiskers[1].between, **bugs}


def draw_eval_set(scene: EvalSetScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Whiskers, grid and bugs; ``was`` holds the facts of the drawing before."""
    return Drawing.of(
        scene,
        body=whiskers_html(scene, was) + grid_html(scene) + bugs_html(scene, was),
        table=table(scene),
        picture=picture(scene),
        facts=scene.facts,
    )


def whiskers_html(scene: EvalSetScene, was: Mapping[str, str]) -> str:
    """A line for each: whose, how many, dot and interval."""
    rows = "".join(whisker_html(one, was) for one in scene.whiskers)
    return f'<div class="lk-shares">{rows}{SHARES}</div>'


def whisker_html(one: Whisker, was: Mapping[str, str]) -> str:
    """One set of examples."""
    hue = HUES[one.who]
    name = who_html(NAMES[one.who], hue)
    if one.who == "target":
        name = f'<span class="lk-q">{NAMES[one.who]}</span>'
    before = was_html(one.between, was.get("between")) if one.who == "production" else ""
    counted = f'<b>{one.part}</b> of {one.whole} <span class="lk-q lk-s">({one.between})</span>'
    what = f'<br><span class="lk-q lk-s">{plain_line(one.what, 80)}</span>'
    return (
        f"<span>{name}{what}</span><span>{counted}{before}</span>"
        f"{interval_html(one.part, one.whole, hue)}"
    )


def grid_html(scene: EvalSetScene) -> str:
    """Slices down, topics across; an empty cell says so."""
    heads = "".join(f'<span class="h">{plain_line(one, 40)}</span>' for one in scene.topics)
    rows = "".join(
        f'<span class="l">{plain_line(slice, 40)}</span>'
        + "".join(cell_html(scene.cells[slice, topic]) for topic in scene.topics)
        for slice in scene.slices
    )
    columns = f"grid-template-columns:92px repeat({len(scene.topics)},minmax(0,1fr))"
    label = f"Examples by slice and topic, {covered(scene)}"
    return (
        f'<p class="lk-say">{label}</p><div class="lk-grid" role="group" aria-label="{label}" '
        f'style="{columns}"><span class="h"></span>{heads}{rows}</div>'
    )


def cell_html(one: Cell) -> str:
    """How many of how many, or that there is none."""
    if not one.drawn:
        return f'<span class="lk-cell none">{one}</span>'
    filled = round(100 * one.drawn / one.written)
    bar = f'<i class="f1" style="display:block;height:4px;width:{filled}%"></i>'
    return f'<span class="lk-cell"><b>{one.drawn}</b> of {one.written}{bar}</span>'


def bugs_html(scene: EvalSetScene, was: Mapping[str, str]) -> str:
    """One row for each planted bug: what the six see of it, and what this set sees."""
    rows = "".join(
        f'<span class="l">{plain_line(one.name, 80)}</span><span>{seen(one.picked)}</span>'
        f"<span>{seen(one.drawn)}{was_html(found(one.drawn), was.get(one.name))}</span>"
        for one in scene.bugs
    )
    picked, drawn = scene.whiskers[:2]
    heads = f'<span class="h">{picked.whole} hand-picked</span><span class="h">{drawn.whole} drawn'
    columns = "grid-template-columns:minmax(0,1.5fr) minmax(max-content,1fr) minmax(0,1.3fr)"
    return (
        f'<p class="lk-say">Bugs planted in the application</p><div class="lk-grid" '
        f'style="{columns}"><span class="h"></span>{heads}</span>{rows}</div>'
    )


def seen(ids: tuple[str, ...]) -> str:
    """Whether any example shows a bug, and which one first."""
    if not ids:
        return badge("bad", "not found")
    first = f'<br><span class="lk-q lk-s">{plain_line(ids[0], 60)}</span>'
    return badge("ok", found(ids)) + first


def found(ids: tuple[str, ...]) -> str:
    """How many examples show a bug."""
    return f"found by {len(ids)}" if ids else "not found"


def covered(scene: EvalSetScene) -> str:
    """``18 of 20 cells have one``."""
    filled = sum(one.drawn > 0 for one in scene.cells.values())
    return f"{filled} of {several(len(scene.cells), 'cell')} have one"


def picture(scene: EvalSetScene) -> str:
    """The still picture: the whiskers on one scale, then the bugs."""
    lines = [
        div(
            "margin:6px 0",
            div("", named(one), f"&emsp;<b>{one.share}</b> {span(QUIET, plain_line(one.what))}"),
            still.image(marks(one), WHISKER_PX, f"{NAMES[one.who]}: {one.share}"),
        )
        for one in scene.whiskers
    ]
    bugs = [
        div(
            f"{SMALL};padding:3px 0",
            still.badge("ok" if one.drawn else "bad", found(one.drawn)),
            f" {plain_line(one.name)} ",
            span("opacity:.8", f"({scene.whiskers[0].whole} hand-picked: {found(one.picked)})"),
        )
        for one in scene.bugs
    ]
    scale = still.scale(*(f"{end}{NARROW}%" for end in (0, 25, 50, 75, 100)))
    return div("max-width:680px;margin:12px 0", *lines, scale, *bugs)


def named(one: Whisker) -> str:
    """Whose it is, with the stroke of the whisker."""
    if one.who == "target":
        return f"<b>{NAMES[one.who]}</b>"
    return still.who(NAMES[one.who], HUES[one.who])


def marks(one: Whisker) -> str:
    """A still whisker: the interval as a line, the share as a square on it."""
    hue, middle = HUES[one.who], WHISKER_PX / 2
    low, high = (100 * end for end in wilson(one.part, one.whole))
    at = 100 * one.part / one.whole
    around, top = (max(at - 0.5, 0), min(at + 0.5, 100)), middle - MARK_PX / 2
    return (
        still.base(middle)
        + still.rule((low, high), y=middle, stroke=MARK[hue], width=2.5, dash=DASH[hue])
        + still.rect(around, y=top, height=MARK_PX, stroke=MARK[hue], fill=DOT_FILL[hue])
    )


def table(scene: EvalSetScene) -> Table:
    """The same numbers, one row each."""
    picked, drawn = scene.whiskers[:2]
    rows = [("passed", picked.share, drawn.share)]
    rows += [(one.what, "", one.share) for one in scene.whiskers[2:]]
    for slice in scene.slices:
        cells = ((topic, scene.cells[slice, topic]) for topic in scene.topics)
        said = ", ".join(f"{topic} {cell}" for topic, cell in cells)
        rows.append((f"slice {slice}", "", said))
    rows += [(f"bug: {one.name}", all_of(one.picked), all_of(one.drawn)) for one in scene.bugs]
    header = ("", f"{picked.whole} hand-picked", f"{drawn.whole} drawn")
    return Table(header, tuple(rows), "Both eval sets as a table")


def all_of(ids: tuple[str, ...]) -> str:
    """How many examples show a bug, and the first of them."""
    return f"{found(ids)}: {ids[0]}" if ids else found(ids)
