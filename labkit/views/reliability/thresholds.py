"""Risk against coverage: how often a shown answer is wrong, by how many people get one.

ThresholdScene -> draw_thresholds -> Drawing: a curve with a dot on it, two columns of counts

The prototype answers everybody and stands at the right end of the curve. Production stands where
its threshold puts it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from labkit.reliability import RiskPoint
from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.pieces import facts_html
from labkit.views.sides import HUE
from labkit.views.still import GREY, MARK, QUIET, RULE, SMALL, div
from labkit.views.words import NARROW, number, percent

HEIGHT_PX = 170
PEOPLE = 1_000
WRONG, AWAY, SHOWN = "wrong answers shown", "sent away for nothing", "people who get an answer"


@dataclass(frozen=True)
class ThresholdScene:
    """All thresholds, and the one that was chosen."""

    finding: str
    points: tuple[RiskPoint, ...]
    """From the strictest threshold to the laxest; the last one answers everybody."""
    at: RiskPoint
    provenance: Provenance
    not_shown: str = ""

    @property
    def sides(self) -> tuple[tuple[str, RiskPoint], ...]:
        """Who stands where; prototype first."""
        return ("prototype", self.points[-1]), ("production", self.at)

    @cached_property
    def top(self) -> float:
        """The risk at the upper end of the axis: the next full tenth."""
        most = max(point.risk for point in self.points)
        return max(0.1, -(-round(most * 100) // 10) / 10)

    def place(self, point: RiskPoint) -> tuple[float, float]:
        """Per cent from the left, per cent from above."""
        return round(100 * point.coverage, 2), round(100 * (1 - point.risk / self.top), 2)


def draw_thresholds(scene: ThresholdScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """The curve with both apps on it; ``was`` holds the counts of the drawing before."""
    return Drawing.of(
        scene,
        body=body_html(scene, was),
        table=table(scene),
        picture=picture(scene),
        facts={
            f"{who} {name}": text for who, at in scene.sides for name, text in counts(at).items()
        },
    )


def counts(at: RiskPoint) -> dict[str, str]:
    """Both mistakes and the coverage, for a thousand people."""
    each = PEOPLE / at.asked
    values = {WRONG: at.wrong, AWAY: at.sent_away, SHOWN: at.shown}
    return {name: number(value * each) for name, value in values.items()}


def body_html(scene: ThresholdScene, was: Mapping[str, str]) -> str:
    """The plot above, the two columns of counts below."""
    columns = "".join(
        f'<div class="lk-col {HUE[who]}" role="group" aria-label="{who.capitalize()}">'
        f'<div class="lk-row"><span class="lk-who {HUE[who]}">{who.capitalize()}</span>'
        f'<span class="lk-q lk-s">{rule(who, at)}</span></div>'
        f"{facts_html(counts(at), before(who, at, was))}</div>"
        for who, at in scene.sides
    )
    return (
        f'<p class="lk-s lk-q">Of the shown answers so many are wrong</p>{plot(scene)}'
        '<p class="lk-s lk-q lk-mid">People who get an answer, of those who ask</p>'
        f'<div class="lk-two">{columns}</div>'
    )


def before(who: str, at: RiskPoint, was: Mapping[str, str]) -> dict[str, str]:
    """The counts of the drawing before."""
    return {name: was.get(f"{who} {name}", now) for name, now in counts(at).items()}


def rule(who: str, at: RiskPoint) -> str:
    """When an app answers."""
    return (
        "answers everybody" if who == "prototype" else f"answers from a score of {at.threshold:g}"
    )


def plot(scene: ThresholdScene) -> str:
    """The curve as SVG, the dots and the axes as HTML over it."""
    line = " ".join(f"{x},{y}" for x, y in map(scene.place, thinned(scene.points)))
    dots = "".join(dot(HUE[who], *scene.place(at)) for who, at in scene.sides)
    levels = "".join(
        f'<span class="y" style="top:{HEIGHT_PX * place / 100 - 7:.1f}px">{percent(risk)}</span>'
        for risk, place in grid(scene)
    )
    rules = "".join(f'<path class="lk-lim" d="M0 {place}H100"/>' for _, place in grid(scene))
    ends = "".join(
        f'<span class="x {kind}" style="left:{at}%">{at}{NARROW}%</span>'
        for at, kind in ((0, "s"), (25, ""), (50, ""), (75, ""), (100, "e"))
    )
    return (
        f'<div class="lk-plot lk-risk" style="--h:{HEIGHT_PX}px" role="img" '
        f'aria-label="{alt(scene)}">'
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">'
        f'{rules}<polyline class="lk-li" points="{line}"/></svg>{dots}{levels}{ends}</div>'
    )


def dot(hue: str, x: float, y: float) -> str:
    """One app on the curve: open or filled."""
    return f'<i class="{hue}" style="left:{x}%;top:{y}%"></i>'


def grid(scene: ThresholdScene) -> tuple[tuple[float, float], ...]:
    """Three levels of the risk, and where they lie from above."""
    return tuple((scene.top * part / 2, 100 - 50 * part) for part in (2, 1, 0))


def thinned(points: Sequence[RiskPoint], most: int = 80) -> list[RiskPoint]:
    """At most so many points of the curve, both ends among them."""
    every = max(1, len(points) // most)
    return [*points[:-1:every], points[-1]]


def alt(scene: ThresholdScene) -> str:
    """The curve in words."""
    said = "; ".join(
        f"{who} shows an answer to {percent(at.coverage)}, of which {percent(at.risk)} are wrong"
        for who, at in scene.sides
    )
    return f"The fewer people get an answer, the fewer of the answers are wrong: {said}."


def picture(scene: ThresholdScene) -> str:
    """The same, as a still picture."""
    sides = (
        still.side(
            HUE[who],
            div("", still.who(who.capitalize(), HUE[who])),
            still.label(rule(who, at), 4),
            div(
                f"margin-top:8px;border-top:1px solid {RULE};padding-top:6px;{SMALL}",
                " · ".join(f"<b>{value}</b> {name}" for name, value in counts(at).items()),
            ),
        )
        for who, at in scene.sides
    )
    levels = f"0 to {percent(scene.top)}, from below"
    return div(
        "margin:12px 0",
        div(QUIET, f"Of the shown answers so many are wrong ({levels})"),
        still.image(marks(scene), HEIGHT_PX, alt(scene)),
        still.scale("0", "50", percent(1)),
        div(QUIET, "People who get an answer, of those who ask"),
        still.beside(*sides),
    )


def marks(scene: ThresholdScene) -> str:
    """The curve as short lines between points in per cent, and the two dots."""
    places = [scene.place(point) for point in thinned(scene.points, 60)]
    drawn = "".join(
        still.rule((0, 100), y=HEIGHT_PX * place / 100, stroke=GREY, dash="1 3")
        for _, place in grid(scene)
    )
    for (x1, y1), (x2, y2) in pairwise(places):
        drawn += (
            f'<line x1="{x1}%" y1="{px(y1)}" x2="{x2}%" y2="{px(y2)}" stroke="{GREY}" '
            'stroke-width="2"/>'
        )
    for who, at in scene.sides:
        x, y = scene.place(at)
        colour = MARK[HUE[who]]
        fill = colour if who == "production" else "#fff"
        drawn += (
            f'<circle cx="{x}%" cy="{px(y)}" r="5" fill="{fill}" stroke="{colour}" '
            'stroke-width="2.5"/>'
        )
    return drawn


def px(place: float) -> str:
    """Per cent from above as pixels."""
    return still.n(HEIGHT_PX * place / 100)


def table(scene: ThresholdScene) -> Table:
    """Both apps, one row for each count."""
    rows = (
        ("rule", *(rule(who, at) for who, at in scene.sides)),
        *((name, *(counts(at)[name] for _, at in scene.sides)) for name in counts(scene.at)),
        ("of the shown answers wrong", *(percent(at.risk) for _, at in scene.sides)),
    )
    header = (f"of {number(PEOPLE)} people", "Prototype", "Production")
    return Table(header, rows, "Both apps as a table", frozenset({1, 2}))
