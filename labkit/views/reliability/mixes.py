"""Two sets beside the traffic: what was written by hand, and what was drawn out of the log.

MixScene -> draw_mixes -> Drawing: how far each set is from the traffic, then up to three histograms

In a histogram each bin has a bar for either set, and a line where the traffic's share is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import plain_line
from labkit.views.pieces import SHARES, axis_html, facts_html, was_html, who_html
from labkit.views.still import QUIET, SMALL, div, span
from labkit.views.words import NARROW, number, percent

MOST_BITS = 0.4
"""The end of the scale of distances; what is farther away stands at it."""
LAST = f"{number(MOST_BITS, 1)}{NARROW}bits"
BAR_PX, FIRST_PX, SECOND_PX, ROW_PX = 9, 3, 15, 28
Pair = tuple[float, float]
"""The prototype's and production's."""


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of each set: which part of it, and of the traffic, is such."""

    name: str
    written: float
    drawn: float
    traffic: float

    @property
    def bars(self) -> Pair:
        """Both sets' shares in per cent."""
        return 100 * self.written, 100 * self.drawn

    @property
    def words(self) -> tuple[str, str]:
        """Both sets' shares as they are read."""
        return percent(self.written), percent(self.drawn)


@dataclass(frozen=True, slots=True)
class Mix:
    """One way to sort messages, and how far both sets are from the traffic in it."""

    name: str
    """What is told apart, in the plural: ``topics``."""
    bins: tuple[Bin, ...]
    written_bits: float
    drawn_bits: float

    @property
    def words(self) -> tuple[str, str]:
        """Both distances, to two decimals."""
        return number(self.written_bits, 2), number(self.drawn_bits, 2)

    @property
    def bars(self) -> Pair:
        """Both distances in per cent of the scale."""
        first, second = self.written_bits, self.drawn_bits
        return 100 * min(first / MOST_BITS, 1), 100 * min(second / MOST_BITS, 1)


@dataclass(frozen=True, slots=True)
class MixScene:
    """What was written and what was drawn, in up to three ways to sort them."""

    finding: str
    mixes: tuple[Mix, ...]
    written: str
    """What the prototype's bars count: ``68 written by hand``."""
    drawn: str
    traffic: str
    said: Mapping[str, str]
    """What else is to be said of the draw: a label and a value."""
    provenance: Provenance
    not_shown: str

    @property
    def facts(self) -> dict[str, str]:
        """What the next drawing may show as ``was``."""
        return {**{one.name: one.words[1] for one in self.mixes}, **self.said}


def draw_mixes(scene: MixScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Distances and histograms; ``was`` holds the facts of the drawing before."""
    first, *others = scene.mixes
    columns = [
        distances_html(scene, was) + histogram_html(first),
        "".join(map(histogram_html, others)) + facts_html(scene.said, was),
    ]
    sides = "".join(f'<div role="group" aria-label="Mixes">{one}</div>' for one in columns)
    return Drawing.of(
        scene,
        body=f'{key_html(scene)}<div class="lk-two">{sides}</div>',
        table=table(scene),
        picture=picture(scene),
        facts=scene.facts,
    )


def key_html(scene: MixScene) -> str:
    """Whose bars are whose, and what the line is."""
    return (
        '<p class="lk-key lk-s">'
        f"<span>{who_html('Prototype', 'p')} {plain_line(scene.written, 60)}</span> "
        f"<span>{who_html('Production', 'd')} {plain_line(scene.drawn, 60)}</span> "
        f"<span><i></i><b>Traffic</b> {plain_line(scene.traffic, 60)}: the line, and "
        "beside the name</span></p>"
    )


def distances_html(scene: MixScene, was: Mapping[str, str]) -> str:
    """A row for each way to sort: two bars, from the traffic at zero to the end of the scale."""
    rows = "".join(
        row_html(one.name, "", one.bars, one.words, was_html(one.words[1], was.get(one.name)))
        for one in scene.mixes
    )
    label = "Distance from the traffic: 0 the same mix, 1 nothing in common"
    axis = axis_html([(0, "0"), (50, number(MOST_BITS / 2, 1)), (100, LAST)])
    return block_html(label, rows, axis)


def histogram_html(one: Mix) -> str:
    """One way to sort: a row for each bin."""
    rows = "".join(
        row_html(
            each.name,
            percent(each.traffic),
            each.bars,
            each.words,
            at=100 * each.traffic,
        )
        for each in one.bins
    )
    said = f"{one.name.capitalize()}: share of messages"
    return block_html(said, rows, SHARES)


def block_html(label: str, rows: str, axis: str) -> str:
    """Rows over one axis."""
    below = f"<span></span>{axis}<span></span>"
    return f'<p class="lk-say">{label}</p><div class="lk-mix">{rows}{below}</div>'


def row_html(  # noqa: PLR0913 - two of them seldom
    name: str,
    quiet: str,
    bars: Pair,
    values: tuple[str, str],
    after: str = "",
    *,
    at: float | None = None,
) -> str:
    """A name, two bars with a line where the traffic is, and both values."""
    line = f'<u style="left:{still.n(at)}%"></u>' if at is not None else ""
    drawn = "".join(
        f'<i class="{hue}" style="top:{top}px;height:{BAR_PX}px;width:{still.n(wide)}%"></i>'
        for hue, top, wide in zip("pd", (FIRST_PX, SECOND_PX), bars, strict=True)
        if wide
    )
    beside = f' <span class="lk-q lk-s">{quiet}</span>' if quiet else ""
    return (
        f"<span>{plain_line(name, 40)}{beside}</span>"
        f'<span class="lk-track" aria-hidden="true">{drawn}{line}</span>'
        f'<span class="v"><span>{values[0]}</span> <span>{values[1]}{after}</span></span>'
    )


def picture(scene: MixScene) -> str:
    """The still picture: the key, the distances, the histograms."""
    keys = [
        still.who("Prototype", "p") + f" {plain_line(scene.written)}",
        still.who("Production", "d") + f" {plain_line(scene.drawn)}",
        f"<b>Traffic</b> {plain_line(scene.traffic)} (upright line)",
    ]
    first, *others = scene.mixes
    bits = [still_row(one.name, one.bars, one.words) for one in scene.mixes]
    label = still.label("How far from the traffic, in bits")
    left = [label, *bits, still.scale("0", LAST), *still_histogram(first)]
    right = [part for one in others for part in still_histogram(one)]
    said = [
        div(f"{SMALL};margin-top:8px", f"{plain_line(name)}: <b>{plain_line(value)}</b>")
        for name, value in scene.said.items()
    ]
    sides = still.beside(still.half(*left), still.half(*right, *said))
    return div(SMALL, *(div("", key) for key in keys)) + sides


def still_histogram(one: Mix) -> list[str]:
    """A row for each bin, over one scale."""
    rows = [still_row(each.name, each.bars, each.words, at=100 * each.traffic) for each in one.bins]
    label = still.label(f"{one.name.capitalize()}: share of messages")
    return [label, *rows, still.SHARES]


def still_row(name: str, bars: Pair, values: tuple[str, str], *, at: float | None = None) -> str:
    """Name and values above, both bars below."""
    drawn = ""
    for hue, top, wide in zip("pd", (FIRST_PX, SECOND_PX), bars, strict=True):
        if wide:
            drawn += still.bar((0, wide), hue, y=top, height=BAR_PX)
    if at is not None:
        drawn += still.upright(at, top=0, bottom=ROW_PX, stroke=still.GREY, width=2)
    said = f"{values[0]} and {values[1]}" + (f", traffic {percent(at / 100)}" if at else "")
    words = div(SMALL, f"<b>{plain_line(name)}</b> ", span(QUIET, said))
    return words + still.image(drawn, ROW_PX, f"{name}: {said}")


def table(scene: MixScene) -> Table:
    """The same numbers, one row each."""
    rows: list[tuple[str, ...]] = []
    for one in scene.mixes:
        rows.append((f"{one.name}, bits apart", *one.words, "0"))
        rows += [(f"{one.name}: {b.name}", *b.words, percent(b.traffic)) for b in one.bins]
    rows += [(name, "", value, "") for name, value in scene.said.items()]
    header = ("", scene.written, scene.drawn, scene.traffic)
    return Table(header, tuple(rows), "Both sets and the traffic as a table", frozenset({1, 2, 3}))
