"""A name in the code and what it means, week by week: the alias's lane and the pinned id's.

CalendarScene -> draw_calendar -> Drawing: two lanes over one calendar, what came back on one day

A lane ends at the chosen day: what a name will mean next month is known to nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import plain_line
from labkit.views.pieces import across, badge, column_html, facts_html, label_at, nothing, who_html
from labkit.views.sides import Party, named_facts
from labkit.views.still import BAR_FILL, GREY, MARK, QUIET, SMALL, div

LANE_PX, BAR_PX, FIRST_PX = 22, 16, 3
NEAR_THE_END = 70
"""Per cent; a label that begins farther right ends at the right."""
TEXTURES = 2
"""How many versions look different from one another; then they take turns."""
Fate = Literal["ok", "bad"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """Some days in which a name means one version."""

    since: date
    model: str
    """The version; empty where no model answers to the name."""

    @property
    def words(self) -> str:
        """As it stands below its lane."""
        return self.model or f"no answer since {day_of(self.since)}"


@dataclass(frozen=True, slots=True)
class Lane(Party):
    """One name, what it has meant so far, and what a call gets on the chosen day."""

    called: str
    """The name as it stands in the code."""
    meanings: tuple[Meaning, ...]
    """Oldest first; none begins after the chosen day."""
    fate: Fate
    word: str
    """How the call ended, in a few words."""
    shown: str
    """What came back; empty for nothing."""
    facts: Mapping[str, str]

    @property
    def now(self) -> Meaning:
        """What it means on the chosen day."""
        return self.meanings[-1]

    @property
    def said(self) -> str:
        """The lane in words."""
        parts = (f"{one.words} from {day_of(one.since)}" for one in self.meanings if one.model)
        end = "" if self.now.model else f", {self.now.words}"
        return f"{self.name}, {self.called}: {', then '.join(parts)}{end}"


@dataclass(frozen=True, slots=True)
class CalendarScene:
    """Both names on one calendar."""

    finding: str
    first: date
    last: date
    day: date
    lanes: tuple[Lane, Lane]
    """The prototype's first."""
    asked: str
    provenance: Provenance
    not_shown: str

    def at(self, day: date) -> float:
        """Where a day lies, in per cent of the width."""
        return round(100 * (day - self.first) / (self.last - self.first), 2)

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of its months."""
        days = (self.first + timedelta(days=n) for n in range((self.last - self.first).days))
        return tuple(one for one in days if one.day == 1)

    def bars(self, lane: Lane) -> list[tuple[Meaning, float, float]]:
        """Each meaning of a name with both its ends in per cent."""
        ends = [self.at(one.since) for one in lane.meanings] + [self.at(self.day)]
        return [
            (one, *both) for one, both in zip(lane.meanings, pairwise(ends), strict=True)
        ]  # fmt: skip


def draw_calendar(scene: CalendarScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Lanes above, columns below; ``was`` holds the facts of the drawing before."""
    columns = "".join(column(one, was) for one in scene.lanes)
    return Drawing.of(
        scene,
        body=(
            f"{calendar_html(scene)}"
            f'<p class="lk-say">The same call on {day_of(scene.day)}: {plain_line(scene.asked)}</p>'
            f'<div class="lk-two">{columns}</div>'
        ),
        table=table(scene),
        picture=picture(scene),
        facts=named_facts({lane.who: lane.facts for lane in scene.lanes}),
    )


def calendar_html(scene: CalendarScene) -> str:
    """Both lanes over the months, and an upright line at the chosen day."""
    lanes = "".join(lane_html(scene, one) for one in scene.lanes)
    at = scene.at(scene.day)
    side = label_at(at, turn=NEAR_THE_END)
    return (
        f'<div class="lk-cal" role="img" aria-label="{plain_line(alt(scene), 600)}">'
        f'<span class="day" style="{side}">{day_of(scene.day)}</span>{lanes}'
        f'{axis_html(scene)}<u style="left:{at}%"></u></div>'
    )


def lane_html(scene: CalendarScene, lane: Lane) -> str:
    """The name in the code, its bars, and below each bar what it means."""
    bars = "".join(
        f'<i class="{texture(lane, n, one)}" style="{across(left, right)}"></i>'
        for n, (one, left, right) in enumerate(scene.bars(lane))
    )
    names = "".join(
        f'<span style="{place(left)}">{plain_line(one.words, 60)}</span>'
        for one, left, _ in scene.bars(lane)
    )
    return (
        f"<p>{who_html(lane.name, lane.hue)} <code>{plain_line(lane.called, 60)}</code></p>"
        f'<div class="bars">{bars}</div><div class="names">{names}</div>'
    )


def texture(lane: Lane, n: int, one: Meaning) -> str:
    """The class of a bar: whose it is, and which of its versions."""
    return f"{lane.hue} v{n % TEXTURES}" if one.model else "gone"


def place(left: float) -> str:
    """Where a label stands: from its bar's beginning, or up to the right end."""
    return "right:0" if left > NEAR_THE_END else f"left:{left}%"


def axis_html(scene: CalendarScene) -> str:
    """The months by their names."""
    names = "".join(f'<span style="left:{scene.at(one)}%">{one:%b}</span>' for one in scene.months)
    return f'<div class="months">{names}</div>'


def column(lane: Lane, was: Mapping[str, str]) -> str:
    """What the call got under one name."""
    by = f' <span class="lk-q lk-s">by {plain_line(lane.now.model, 60)}</span>'
    shown = (
        f'<pre class="lk-bubble"><code>{plain_line(lane.shown, 200)}</code></pre>'
        if lane.shown
        else nothing("Nothing that could be read.")
    )
    fate = f'<p class="lk-known">{badge(lane.fate, lane.word)}{by if lane.now.model else ""}</p>'
    return column_html(lane, "", fate, shown, facts_html(lane.facts, was, lane.who))


def alt(scene: CalendarScene) -> str:
    """Both lanes in words."""
    return f"{'. '.join(lane.said for lane in scene.lanes)}."


def picture(scene: CalendarScene) -> str:
    """The same for a page that has not run."""
    lanes = [
        div(
            "margin-top:8px",
            div("", still.who(lane.name, lane.hue), f" <code>{plain_line(lane.called)}</code>"),
            still.image(marks(scene, lane), LANE_PX, lane.said),
            div(SMALL, " → ".join(plain_line(one.words, 60) for one in lane.meanings)),
        )
        for lane in scene.lanes
    ]
    sides = (
        still.column(
            lane,
            "",
            div("margin-top:4px", still.badge(lane.fate, lane.word)),
            still.bubble(lane.shown or "Nothing that could be read.", empty=not lane.shown),
            still.facts(lane.facts, above_px=8),
        )
        for lane in scene.lanes
    )
    months = f"{day_of(scene.first)} to {day_of(scene.last)}; the upright line is "
    return div(
        "margin:12px 0",
        *lanes,
        div(f"{QUIET};border-top:1px solid {GREY}", f"{months}{day_of(scene.day)}"),
        still.label(f"The same call on {day_of(scene.day)}: {scene.asked}"),
        still.beside(*sides),
    )


def marks(scene: CalendarScene, lane: Lane) -> str:
    """The bars of a lane as an image."""
    drawn = still.base(LANE_PX / 2)
    for n, (one, left, right) in enumerate(scene.bars(lane)):
        if not one.model:
            drawn += still.rule((left, right), y=LANE_PX / 2, stroke=GREY, width=2, dash="2 3")
            continue
        second = n % TEXTURES
        drawn += still.rect(
            (left, right),
            y=FIRST_PX,
            height=BAR_PX,
            stroke=MARK[lane.hue],
            fill="none" if second else BAR_FILL[lane.hue],
            dash="3 2" if second else "",
        )
    return drawn + still.upright(scene.at(scene.day), top=0, bottom=LANE_PX, stroke=GREY, width=2)


def table(scene: CalendarScene) -> Table:
    """Both names: what each has meant, and what the call got."""
    left, right = scene.lanes
    rows = (
        ("name in the code", left.called, right.called),
        *(("means", *pair) for pair in meanings(left, right)),
        ("the call", left.word, right.word),
        ("what came", left.shown or "nothing", right.shown or "nothing"),
        *((name, value, right.facts[name]) for name, value in left.facts.items()),
    )
    header = (f"on {day_of(scene.day)}", left.name, right.name)
    return Table(header, rows, "Both names as a table")


def meanings(left: Lane, right: Lane) -> list[tuple[str, str]]:
    """What both names have meant, in rows of two."""
    columns = [
        [f"{one.words}, from {day_of(one.since)}" if one.model else one.words
         for one in lane.meanings]
        for lane in (left, right)
    ]  # fmt: skip
    longest = max(map(len, columns))
    first, second = ([*column, *[""] * (longest - len(column))] for column in columns)
    return list(zip(first, second, strict=True))


def day_of(day: date) -> str:
    """``7 October``."""
    return f"{day.day} {day:%B}"
