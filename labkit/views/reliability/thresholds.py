"""Risk against coverage: how often a shown answer is wrong, by how many people get one.

ThresholdScene -> draw_thresholds -> Drawing: a curve with a dot on it, two columns of counts

The prototype answers everybody and stands at the right end of the curve. Production stands where
its threshold puts it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from labkit.reliability import RiskPoint
from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.pieces import column_html, facts_html
from labkit.views.plots import plot_html, still_dot, still_grid, still_line
from labkit.views.sides import PARTIES, Party, named_facts
from labkit.views.still import MARK, QUIET, div
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
    def sides(self) -> tuple[tuple[Party, RiskPoint], ...]:
        """Who stands where; prototype first."""
        return tuple(zip(PARTIES, (self.points[-1], self.at), strict=True))

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
        facts=named_facts({party.who: counts(at) for party, at in scene.sides}),
    )


def counts(at: RiskPoint) -> dict[str, str]:
    """Both mistakes and the coverage, for a thousand people."""
    each = PEOPLE / at.asked
    values = {WRONG: at.wrong, AWAY: at.sent_away, SHOWN: at.shown}
    return {name: number(value * each) for name, value in values.items()}


def body_html(scene: ThresholdScene, was: Mapping[str, str]) -> str:
    """The plot above, the two columns of counts below."""
    columns = "".join(
        column_html(
            party,
            f'<span class="lk-q lk-s">{rule(party, at)}</span>',
            facts_html(counts(at), was, party.who),
        )
        for party, at in scene.sides
    )
    return (
        f'<p class="lk-s lk-q">Of the shown answers so many are wrong</p>{plot(scene)}'
        '<p class="lk-s lk-q lk-mid">People who get an answer, of those who ask</p>'
        f'<div class="lk-two">{columns}</div>'
    )


def rule(party: Party, at: RiskPoint) -> str:
    """When an app answers."""
    if party.who == "prototype":
        return "answers everybody"
    return f"answers from a score of {at.threshold:g}"


def plot(scene: ThresholdScene) -> str:
    """The curve, and a dot for each app."""
    line = " ".join(f"{x},{y}" for x, y in map(scene.place, thinned(scene.points)))
    return plot_html(
        f'<polyline class="lk-li" points="{line}"/>',
        "".join(dot(party.hue, *scene.place(at)) for party, at in scene.sides),
        levels=grid(scene),
        ticks=((at, f"{at}{NARROW}%") for at in (0, 25, 50, 75, 100)),
        high_px=HEIGHT_PX,
        said=alt(scene),
    )


def dot(hue: str, x: float, y: float) -> str:
    """One app on the curve: open or filled."""
    return f'<i class="{hue}" style="left:{x}%;top:{y}%"></i>'


def grid(scene: ThresholdScene) -> tuple[tuple[float, str], ...]:
    """Three levels of the risk: where they lie from above, and their names."""
    return tuple((100 - 50 * part, percent(scene.top * part / 2)) for part in (2, 1, 0))


def thinned(points: Sequence[RiskPoint], most: int = 80) -> list[RiskPoint]:
    """At most so many points of the curve, both ends among them."""
    every = max(1, len(points) // most)
    return [*points[:-1:every], points[-1]]


def alt(scene: ThresholdScene) -> str:
    """The curve in words."""
    said = "; ".join(
        f"{party.who} shows an answer to {percent(at.coverage)}, "
        f"of which {percent(at.risk)} are wrong"
        for party, at in scene.sides
    )
    return f"The fewer people get an answer, the fewer of the answers are wrong: {said}."


def picture(scene: ThresholdScene) -> str:
    """The same, as a still picture."""
    sides = (
        still.column(
            party,
            "",
            still.label(rule(party, at), 4),
            still.foot(" · ".join(f"<b>{value}</b> {name}" for name, value in counts(at).items())),
        )
        for party, at in scene.sides
    )
    levels = f"0 to {percent(scene.top)}, from below"
    return div(
        "margin:12px 0",
        div(QUIET, f"Of the shown answers so many are wrong ({levels})"),
        still.image(marks(scene), HEIGHT_PX, alt(scene)),
        still.SHARES,
        div(QUIET, "People who get an answer, of those who ask"),
        still.beside(*sides),
    )


def marks(scene: ThresholdScene) -> str:
    """The levels, the curve and the two dots."""
    places = [scene.place(point) for point in thinned(scene.points, 60)]
    levels = still_grid((y for y, _ in grid(scene)), HEIGHT_PX)
    dots = (
        still_dot(scene.place(at), HEIGHT_PX, MARK[party.hue], is_open=party.hue == "p")
        for party, at in scene.sides
    )
    return levels + still_line(places, HEIGHT_PX, width=2) + "".join(dots)


def table(scene: ThresholdScene) -> Table:
    """Both apps, one row for each count."""
    one, other = (
        {"rule": rule(party, at), **counts(at), "of the shown answers wrong": percent(at.risk)}
        for party, at in scene.sides
    )
    corner, right = f"of {number(PEOPLE)} people", frozenset({1, 2})
    return Table.of_two(one, other, "Both apps as a table", corner=corner, right=right)
