"""A loop beside a batch: what they cost, when the last row is there, whose answer stands where.

BatchScene -> draw_batch -> Drawing: two bars and three whiskers above, two rows of squares below

The time has a logarithmic axis, so it has dots and lines; bars begin at zero.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import plain_line
from labkit.views.pieces import GLYPHS, axis_html, column_html, facts_html, was_html, who_html
from labkit.views.sides import HUE, Party, Who, named_facts
from labkit.views.still import BAR_FILL, DASH, DOT_FILL, GREY, MARK, QUIET, SMALL, div, span
from labkit.views.words import NARROW, number, seconds, usd

MINUTE_S, HOUR_S = 60.0, 3600.0
FIRST_S, LAST_S = 10.0, 48 * HOUR_S
"""The ends of the axis of time; what lies outside stands at its end."""
TICKS_S = (FIRST_S, 600.0, HOUR_S, LAST_S)
COLUMNS = "grid-template-columns:116px minmax(0,1fr) 128px"
SQUARES = 40
"""Rows that are drawn one by one; the counts hold all."""
SQUARE_PX, WHISKER_PX, BAR_PX = 16, 18, 12
WORDS = {"ok": "its own answer", "bad": "somebody else's answer", "na": "no answer yet"}
COSTS, TIMES = "What it costs, USD", "When the last row is there"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to get all rows answered."""

    who: Who
    name: str
    usd: float
    span_s: tuple[float, float, float]
    """The fastest, the one in the middle and the slowest that was seen."""
    ending: Literal["ok", "bad", "na"]
    word: str
    """Whether it meets the deadline."""

    @property
    def takes(self) -> str:
        """How long it takes, in words."""
        return lasting(self.span_s[1])


@dataclass(frozen=True, slots=True)
class Labels:
    """Whose answer stands in each row, by one way to pair them."""

    who: Who
    name: str
    marks: tuple[str, ...]
    """``ok``, ``bad`` or ``na`` for each row."""

    @property
    def counts(self) -> dict[str, str]:
        """How many rows have what."""
        return {word: number(self.marks.count(mark)) for mark, word in WORDS.items()}

    @property
    def first(self) -> tuple[str, ...]:
        """The rows that are drawn."""
        return self.marks[:SQUARES]

    @property
    def said(self) -> str:
        """The counts as a sentence."""
        return ", ".join(f"{count} with {word}" for word, count in self.counts.items())


@dataclass(frozen=True, slots=True)
class BatchScene:
    """A job, its deadline, and what each way makes of it."""

    finding: str
    ways: tuple[Way, ...]
    """Those of the prototype first, the batch last."""
    deadline_s: float
    labels: tuple[Labels, Labels]
    provenance: Provenance
    not_shown: str

    @property
    def priced(self) -> tuple[Way, Way]:
        """The ways whose costs differ."""
        return self.ways[0], self.ways[-1]

    @property
    def facts(self) -> dict[str, str]:
        """What the next drawing may show as ``was``."""
        costs = {f"{way.name}, USD": usd(way.usd) for way in self.priced}
        times = {f"{way.name}, time": way.takes for way in self.ways}
        return {**costs, **times, **named_facts({one.who: one.counts for one in self.labels})}


def lasting(value: float) -> str:
    """``44 s``, ``11 min``, ``1.2 h``, ``24 h``."""
    if value < MINUTE_S:
        return seconds(value)
    if value < HOUR_S:
        return f"{number(value / MINUTE_S)}{NARROW}min"
    hours = f"{number(value / HOUR_S, 1)}".removesuffix(".0")
    return f"{hours}{NARROW}h"


def place(value: float) -> float:
    """Where a time lies on the axis, in per cent."""
    inside = min(max(value, FIRST_S), LAST_S)
    return 100 * math.log(inside / FIRST_S) / math.log(LAST_S / FIRST_S)


def draw_batch(scene: BatchScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Costs, times and labels; ``was`` holds the facts of the drawing before."""
    above = costs_html(scene, was) + times_html(scene, was)
    below = "".join(labels_html(one, was) for one in scene.labels)
    return Drawing.of(
        scene,
        body=f'{above}<div class="lk-two" style="margin-top:24px">{below}</div>',
        table=table(scene),
        picture=picture(scene),
        facts=scene.facts,
    )


def costs_html(scene: BatchScene, was: Mapping[str, str]) -> str:
    """A bar for the loop, and one for the batch."""
    most = max(way.usd for way in scene.priced) or 1
    rows = "".join(
        f"{named(way)}"
        f'<span class="lk-track" aria-hidden="true"><i class="{HUE[way.who]}" '
        f'style="left:0;width:{still.n(100 * way.usd / most)}%"></i></span>'
        f'<span class="v"><span><b>{usd(way.usd)}</b>'
        f"{was_html(usd(way.usd), was.get(f'{way.name}, USD'))}</span></span>"
        for way in scene.priced
    )
    return f'<p class="lk-say">{COSTS}</p><div class="lk-mix" style="{COLUMNS}">{rows}</div>'


def named(way: Way) -> str:
    """The name of a way with its app's stroke."""
    return who_html(way.name, HUE[way.who])


def times_html(scene: BatchScene, was: Mapping[str, str]) -> str:
    """A dot and a line for each way, and the deadline across them."""
    rows = "".join(time_html(way, scene.deadline_s, was) for way in scene.ways)
    ticks = axis_html(((place(one), lasting(one)) for one in TICKS_S), spare=place(TICKS_S[1]))
    axis = f"<span></span>{ticks}<span></span>"
    return (
        f'<p class="lk-say">{TIMES}; dashed: the deadline, {lasting(scene.deadline_s)}</p>'
        f'<div class="lk-mix" style="{COLUMNS}">{rows}{axis}</div>'
    )


def time_html(way: Way, deadline_s: float, was: Mapping[str, str]) -> str:
    """One way on the axis of time."""
    low, middle, high = map(place, way.span_s)
    line = f'<i style="left:{still.n(low)}%;width:{still.n(high - low)}%"></i>'
    before = was_html(way.takes, was.get(f"{way.name}, time"))
    mark = f'<span aria-hidden="true">{GLYPHS[way.ending]}</span>'
    return (
        f"{named(way)}"
        f'<span class="lk-wh {HUE[way.who]}" aria-hidden="true">'
        f'<s style="left:{still.n(place(deadline_s))}%"></s>{line if high > low else ""}'
        f'<u style="left:{still.n(middle)}%"></u></span>'
        f'<span class="v"><span><b>{way.takes}</b>{before}</span> '
        f'<span class="lk-s">{mark} {plain_line(way.word, 40)}</span></span>'
    )


def labels_html(one: Labels, was: Mapping[str, str]) -> str:
    """The first rows as squares, and how many of all have what."""
    squares = "".join(f'<i class="{mark}">{GLYPHS[mark]}</i>' for mark in one.first)
    return column_html(
        Party(one.who),
        f"<span>{plain_line(one.name, 60)}</span>",
        f'<p class="lk-say">{head(one)}</p>',
        f'<div class="lk-cells" aria-hidden="true">{squares}</div>',
        facts_html(one.counts, was, one.who),
    )


def head(one: Labels) -> str:
    """Which rows are drawn."""
    return f"Whose answer stands in the first {len(one.first)} rows"


def picture(scene: BatchScene) -> str:
    """The still picture: the same bars, whiskers and squares."""
    most = max(way.usd for way in scene.priced) or 1
    costs = (
        still_row(way, f"{usd(way.usd)} USD", bar(way, 100 * way.usd / most), BAR_PX)
        for way in scene.priced
    )
    times = (
        still_row(
            way,
            f"{way.takes}, {way.word}",
            whisker(way, scene.deadline_s),
            WHISKER_PX,
        )
        for way in scene.ways
    )
    deadline = f"{TIMES}; upright: the deadline, {lasting(scene.deadline_s)}"
    left = (still.label(COSTS), *costs)
    right = (still.label(deadline), *times, ticks())
    above = still.beside(still.half(*left), still.half(*right))
    return above + still.beside(*map(still_labels, scene.labels))


def still_row(way: Way, said: str, marks: str, height: int) -> str:
    """A name and a value above its mark."""
    words = div(SMALL, still.who(way.name, HUE[way.who]), f" {plain_line(said)}")
    return div("margin-top:4px", words, still.image(marks, height, f"One bar, {way.name}: {said}"))


def bar(way: Way, wide: float) -> str:
    """A bar from zero."""
    hue = HUE[way.who]
    dash = "4 2" if hue == "p" else ""
    fill, stroke = BAR_FILL[hue], MARK[hue]
    return still.rect((0.0, wide), y=1, height=BAR_PX - 2, stroke=stroke, fill=fill, dash=dash)


def whisker(way: Way, deadline_s: float) -> str:
    """A line from the fastest to the slowest, a square in the middle, the deadline."""
    hue, middle = HUE[way.who], WHISKER_PX / 2
    low, at, high = map(place, way.span_s)
    around = (max(at - 1, 0.0), min(at + 1, 100.0))
    end = still.upright(place(deadline_s), top=0, bottom=WHISKER_PX, stroke=GREY, width=2)
    line = still.rule((low, high), y=middle, stroke=MARK[hue], width=2.5, dash=DASH[hue])
    dot = still.rect(around, y=middle - 4, height=8, stroke=MARK[hue], fill=DOT_FILL[hue])
    return still.base(middle) + end + line + dot


def ticks() -> str:
    """The axis of time, named where its steps lie."""
    *rest, last = TICKS_S
    names = [
        span(
            f"position:absolute;left:{still.n(place(one))}%;margin-left:-{back}",
            plain_line(lasting(one)),
        )
        for one, back in zip(rest, ("0", "2em", "1em"), strict=True)
    ]
    names.append(span("position:absolute;right:0", plain_line(lasting(last))))
    style = f"position:relative;height:18px;border-top:1px solid {GREY};{QUIET};white-space:nowrap"
    return div(style, " ".join(names))


def still_labels(one: Labels) -> str:
    """The squares of the first rows in a still picture, and the counts."""
    wide = 100 / SQUARES
    marks = "".join(
        still.rect(
            (n * wide + 0.25, (n + 1) * wide - 0.25),
            y=1,
            height=SQUARE_PX - 2,
            stroke=GREY,
            fill=GREY if mark == "ok" else "none",
            dash="2 2" if mark == "na" else "",
        )
        for n, mark in enumerate(one.first)
    )
    said = " · ".join(f"<b>{count}</b> {word}" for word, count in one.counts.items())
    return still.column(
        Party(one.who),
        plain_line(one.name),
        still.label(f"{head(one)}; filled: its own", 4),
        still.image(marks, SQUARE_PX, f"{one.name}, row by row: {one.said}"),
        div(f"{SMALL};margin-top:4px", said),
    )


def table(scene: BatchScene) -> Table:
    """The same numbers, one row each; the loops stand on the prototype's side."""
    loop, batch = scene.priced
    zipped, by_id = scene.labels
    rows = [("costs, USD", usd(loop.usd), usd(batch.usd))]
    for way in scene.ways:
        low, _, high = map(lasting, way.span_s)
        ends = f" ({low} to {high})" if low != high else ""
        said = f"{way.takes}{ends}, {way.word}"
        pair = (said, "") if way.who == "prototype" else ("", said)
        rows.append((f"time: {way.name}", *pair))
    rows += [
        (f"rows with {word}", zipped.counts[word], by_id.counts[word]) for word in WORDS.values()
    ]
    header = ("", f"Prototype: {loop.name}, {zipped.name}", f"Production: batch, {by_id.name}")
    return Table(header, tuple(rows), "The loop and the batch as a table", frozenset({1, 2}))
