"""Right answers over what they cost, with whiskers: which tiers no other one beats.

FrontScene -> draw_front -> Drawing: a plot, and below it the loss with the margin, where one is

The tier that runs today is the prototype's, the one in question production's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from labkit.evals import wilson
from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import plain_line
from labkit.views.pieces import across, axis_html, was_html
from labkit.views.plots import plot_html, still_dot, still_line
from labkit.views.still import GREY, MARK, QUIET, div
from labkit.views.words import MINUS, number, percent, seconds, share, usd

HEIGHT_PX = 190
STILL_LOSS_PX = 22
RIGHT_HALF = 60
"""Per cent of the width from which on a name stands to the left of its point."""
NEAR = 22
"""Per cent of width and height within which a name would run into the next whisker."""
LEAST_LOSS, MOST_LOSS = -10, 30
"""Points, the ends of the axis of the loss."""
X_AXIS = "USD for 1,000 right answers"
Y_AXIS = "Share of answers that are right, with 95 % interval"


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """One tier."""

    name: str
    right: int
    n: int
    usd: float
    """For 1,000 right answers."""
    p95_s: float
    hue: str = "i"
    """``p`` what runs today, ``d`` what is in question, ``i`` any other."""
    on_front: bool = True

    @property
    def share(self) -> float:
        """Of its answers, those that are right."""
        return self.right / self.n

    @property
    def counted(self) -> str:
        """``80 of 84 (88–98 %)``."""
        return share(self.right, self.n, always=True)

    @property
    def interval(self) -> tuple[float, float]:
        """The ends of its whisker, in shares."""
        return wilson(self.right, self.n)


@dataclass(frozen=True, slots=True)
class Loss:
    """How much is lost against what runs today, in shares; a gain is below 0."""

    low: float
    middle: float
    high: float
    margin: float
    word: str
    """``switch``, ``keep``, or how many examples are missing."""


@dataclass(frozen=True)
class FrontScene:
    """All tiers of one task."""

    finding: str
    points: tuple[FrontPoint, ...]
    provenance: Provenance
    not_shown: str
    loss: Loss | None = None

    @property
    def dearest(self) -> float:
        """The right end of the price axis."""
        return 1.12 * max(one.usd for one in self.points)

    @property
    def floor(self) -> float:
        """The lower end of the axis of shares: a full tenth."""
        return int(10 * min(one.interval[0] for one in self.points)) / 10

    def x(self, one: FrontPoint) -> float:
        """Per cent from the left."""
        return round(100 * one.usd / self.dearest, 2)

    def y(self, share: float) -> float:
        """Per cent from above."""
        return round(100 * (1 - share) / (1 - self.floor), 2)

    def place(self, one: FrontPoint) -> tuple[float, float]:
        """Both."""
        return self.x(one), self.y(one.share)

    @property
    def line(self) -> list[FrontPoint]:
        """The front, the cheapest first."""
        return sorted((one for one in self.points if one.on_front), key=lambda one: one.usd)


def draw_front(scene: FrontScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """The plot, and the loss; ``was`` holds the word of the drawing before."""
    facts = {"verdict": scene.loss.word} if scene.loss else {}
    return Drawing.of(
        scene,
        body=plot(scene) + (loss_html(scene.loss, was) if scene.loss else ""),
        table=table(scene),
        picture=picture(scene),
        facts=facts,
    )


def plot(scene: FrontScene) -> str:
    """Whiskers and front, and the points over them."""
    front = " ".join(f"{x},{y}" for x, y in map(scene.place, scene.line))
    whiskers = "".join(
        f'<path class="w{one.hue}" d="M{scene.x(one)} {scene.y(low)}V{scene.y(high)}"/>'
        for one in scene.points
        for low, high in [one.interval]
    )
    levels = (scene.floor + (1 - scene.floor) * part / 2 for part in (2, 1, 0))
    plotted = plot_html(
        f'<polyline class="fr" points="{front}"/>{whiskers}',
        "".join(point_html(scene, one) for one in scene.points),
        levels=((scene.y(level), percent(level)) for level in levels),
        ticks=((at, usd(scene.dearest * at / 100)) for at in (0, 50, 100)),
        high_px=HEIGHT_PX,
        said=alt(scene),
        kind=" lk-front",
    )
    return (
        f'<p class="lk-s lk-q">{Y_AXIS}</p>{plotted}'
        f'<p class="lk-s lk-q lk-mid">{X_AXIS}. Dotted: no tier is better in one thing and as good '
        "in the others.</p>"
    )


def point_html(scene: FrontScene, one: FrontPoint) -> str:
    """A point with its name and, where there is room, its wait."""
    x, y = scene.x(one), scene.y(one.share)
    side = " e" if x > RIGHT_HALF or is_crowded(scene, one) else ""
    off = "" if one.on_front else " off"
    return (
        f'<i class="{one.hue}{off}" style="left:{x}%;top:{y}%"></i> '
        f'<span class="n{side}" style="left:{x}%;top:{y}%">{plain_line(one.name, 40)}'
        f'<span class="wide"> · {seconds(one.p95_s)}</span></span>'
    )


def is_crowded(scene: FrontScene, one: FrontPoint) -> bool:
    """Whether another point stands close by on the right, and there is room on the left."""
    x, y = scene.x(one), scene.y(one.share)
    near = (
        0 < scene.x(other) - x < NEAR and abs(scene.y(other.share) - y) < NEAR
        for other in scene.points
    )
    return x > NEAR - 5 and any(near)


def at_loss(share: float) -> float:
    """Where a loss stands on its axis, in per cent of its length."""
    wide = MOST_LOSS - LEAST_LOSS
    return round(min(max(100 * (100 * share - LEAST_LOSS) / wide, 0), 100), 2)


def loss_html(loss: Loss, was: Mapping[str, str]) -> str:
    """The loss as a dot with its interval, the margin as a dashed line."""
    ticks = ((at_loss(one / 100), number(one)) for one in range(LEAST_LOSS, MOST_LOSS + 1, 10))
    before = was_html(loss.word, was.get("verdict"))
    return (
        f'<p class="lk-say">What is lost: <b class="lk-h">{plain_line(loss.word, 60)}</b>'
        f"{before}</p>"
        f'<div class="lk-loss" role="img" aria-label="{plain_line(loss_alt(loss), 300)}">'
        f'<b style="left:{at_loss(0)}%"></b><s style="left:{at_loss(loss.margin)}%"></s>'
        f'<i style="{across(at_loss(loss.low), at_loss(loss.high))}"></i>'
        f'<u style="left:{at_loss(loss.middle)}%"></u></div>{axis_html(ticks)}'
        '<p class="lk-s lk-q lk-mid">Points that are lost, with the interval of the test. Dashed: '
        "the margin</p>"
    )


def loss_alt(loss: Loss) -> str:
    """The loss in words."""
    low, middle, high = (points(one) for one in (loss.low, loss.middle, loss.high))
    return f"{middle} points lost ({low} to {high}), margin {points(loss.margin)}: {loss.word}"


def points(share: float) -> str:
    """A share as points of a hundred."""
    said = f"{100 * share:.1f}".removesuffix(".0")
    return "0" if said == "-0" else said.replace("-", MINUS)


def alt(scene: FrontScene) -> str:
    """The plot in words."""
    said = "; ".join(
        f"{one.name}: {one.counted} right, {usd(one.usd)} {X_AXIS}, {seconds(one.p95_s)}"
        for one in scene.points
    )
    return f"{said}."


def picture(scene: FrontScene) -> str:
    """The same, as a still picture."""
    ends = (usd(scene.dearest * at) for at in (0, 0.5, 1))
    parts = [
        div(QUIET, f"{Y_AXIS}: {percent(scene.floor)} to {percent(1)}, from below"),
        still.image(marks(scene), HEIGHT_PX, alt(scene)),
        still.scale(*ends),
        div(QUIET, f"{X_AXIS}. From left to right: {names(scene)}"),
    ]
    if scene.loss:
        axis = (number(one) for one in range(LEAST_LOSS, MOST_LOSS + 1, 10))
        parts += [
            div("margin-top:12px", f"What is lost: <b>{plain_line(scene.loss.word, 60)}</b>"),
            still.image(loss_marks(scene.loss), STILL_LOSS_PX, loss_alt(scene.loss)),
            still.scale(*axis),
            div(QUIET, "Points that are lost; upright and grey: the margin"),
        ]
    return div("margin:12px 0", *parts)


def names(scene: FrontScene) -> str:
    """The points from left to right, each with its wait."""
    ordered = sorted(scene.points, key=lambda one: one.usd)
    return ", ".join(f"{plain_line(one.name, 40)} ({seconds(one.p95_s)})" for one in ordered)


def marks(scene: FrontScene) -> str:
    """The front as dotted lines, the points with their whiskers."""
    drawn = still_line([*map(scene.place, scene.line)], HEIGHT_PX, dash="1 3")
    for one in scene.points:
        colour, is_open = MARK[one.hue], one.hue == "p" or not one.on_front
        low, high = (HEIGHT_PX * scene.y(end) / 100 for end in one.interval)
        drawn += still.upright(scene.x(one), top=high, bottom=low, stroke=colour, width=2)
        drawn += still_dot(scene.place(one), HEIGHT_PX, colour, is_open=is_open)
    return drawn


def loss_marks(loss: Loss) -> str:
    """The interval, the dot, the margin."""
    middle = STILL_LOSS_PX / 2
    return (
        still.rule((0, 100), y=middle, stroke=GREY, dash="1 3")
        + still.upright(at_loss(loss.margin), top=0, bottom=STILL_LOSS_PX, stroke=GREY, width=2.5)
        + still.rule((at_loss(loss.low), at_loss(loss.high)), y=middle, stroke=MARK["d"], width=2)
        + f'<circle cx="{at_loss(loss.middle)}%" cy="{middle:g}" r="5" fill="{MARK["d"]}"/>'
    )


def table(scene: FrontScene) -> Table:
    """A row for each tier; the loss below."""
    rows = [
        (one.name, usd(one.usd), one.counted, seconds(one.p95_s), "no" if one.on_front else "yes")
        for one in scene.points
    ]
    if scene.loss:
        loss = scene.loss
        interval = f"{points(loss.low)} to {points(loss.high)}"
        rows.append(
            ("lost, in points", points(loss.middle), interval, f"margin {points(loss.margin)}",
             loss.word)
        )  # fmt: skip
    header = ("tier", X_AXIS, "right", "95 of 100 within", "beaten by another")
    return Table(header, tuple(rows), "Every tier as a table", frozenset({1, 2, 3}))
