"""What each worker did in a minute, and how long each chat waited for one: both apps, one clock.

WorkersScene -> draw_workers -> Drawing: for each app its workers' lanes and a column for each chat
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import plain_line
from labkit.views.pieces import axis_html, facts_html, who_html
from labkit.views.sides import Party, named_facts
from labkit.views.still import GREY, QUIET, div
from labkit.views.timeline import Axis, bar
from labkit.views.words import seconds

LANE_PX, WAITS_PX = 22, 48
INK = "#808080"
"""The chats' colour in a still picture, which stands on white and on black."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some seconds of a worker."""

    kind: Literal["chat", "report"]
    from_s: float
    to_s: float
    is_whole: bool = True
    """Whether it came to its end."""


@dataclass(frozen=True, slots=True)
class WorkerLane:
    """One worker, by its name."""

    name: str
    stretches: tuple[Stretch, ...]

    @property
    def said(self) -> str:
        """What it did, in words."""
        counts = {
            kind: sum(one.kind == kind for one in self.stretches) for kind in ("report", "chat")
        }
        cut = sum(not one.is_whole for one in self.stretches)
        done = ", ".join(f"{count} {kind}s" for kind, count in counts.items() if count)
        return f"{done or 'nothing'}{f', {cut} of them cut off' if cut else ''}"


@dataclass(frozen=True, slots=True)
class ChatWait:
    """Somebody who asked, and how long until the answer."""

    came_s: float
    waited_s: float | None
    """None where nothing ever came."""


@dataclass(frozen=True, slots=True)
class WorkersSide(Party):
    """One app."""

    lanes: tuple[WorkerLane, ...]
    waits: tuple[ChatWait, ...]
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WorkersScene:
    """Both apps on one clock."""

    finding: str
    sides: tuple[WorkersSide, WorkersSide]
    axis: Axis
    longest_s: float
    """The wait that reaches the top of the columns, the same for both."""
    restart_s: float | None
    provenance: Provenance
    not_shown: str

    def high(self, wait: ChatWait) -> float:
        """How high a chat's column is, in per cent."""
        waited = self.longest_s if wait.waited_s is None else wait.waited_s
        return round(100 * min(waited / self.longest_s, 1), 1)


def draw_workers(scene: WorkersScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Both apps, one below the other; ``was`` holds the facts of the drawing before."""
    return Drawing.of(
        scene,
        body=key_html() + "".join(side_html(scene, one, was) for one in scene.sides),
        table=table(scene),
        picture=picture(scene),
        facts=named_facts({side.who: side.facts for side in scene.sides}),
    )


def key_html() -> str:
    """What the marks are."""
    return (
        '<p class="lk-key lk-s"><span>A bar in the hue of its app: <b>a report</b></span> '
        "<span>A thin bar in ink: <b>a chat</b></span> "
        "<span>Hatched grey: <b>cut off</b></span></p>"
    )


def side_html(scene: WorkersScene, side: WorkersSide, was: Mapping[str, str]) -> str:
    """One app: its workers, its chats' waits, its facts."""
    rows = "".join(
        f'<span>{plain_line(lane.name, 40)}</span><div class="lk-track">'
        f"{''.join(stretch_html(scene, side, one) for one in lane.stretches)}{restart(scene)}</div>"
        for lane in side.lanes
    )
    columns = "".join(wait_html(scene, side, one) for one in side.waits)
    waits = (
        f'<span>chats wait<br><span class="lk-q">top: {seconds(scene.longest_s)}</span></span>'
        f'<div class="lk-track lk-waits">{columns}{restart(scene)}</div>'
    )
    return (
        f'<div class="lk-wave"><p>{who_html(side.name, side.hue)}</p>'
        f'<div class="lk-gantt" style="--t:{scene.axis.step_percent}%" role="img" '
        f'aria-label="{plain_line(alt(side), 400)}">{rows}{waits}<span></span>'
        f"{axis_html(scene.axis.marks)}</div>{facts_html(side.facts, was, side.who)}</div>"
    )


def stretch_html(scene: WorkersScene, side: WorkersSide, one: Stretch) -> str:
    """One bar: long for a report, thin for a chat, grey where it was cut off."""
    kind = "bad" if not one.is_whole else side.hue if one.kind == "report" else "i chat"
    return bar(kind, one.from_s, one.to_s, scene.axis)


def wait_html(scene: WorkersScene, side: WorkersSide, one: ChatWait) -> str:
    """One column, at the moment at which somebody came."""
    kind = "bad" if one.waited_s is None else side.hue
    style = f"left:{scene.axis.at(one.came_s)}%;height:{scene.high(one)}%"
    return f'<i class="{kind}" style="{style}"></i>'


def restart(scene: WorkersScene) -> str:
    """An upright line where the process begins again."""
    if scene.restart_s is None:
        return ""
    return f'<u style="left:{scene.axis.at(scene.restart_s)}%"></u>'


def alt(side: WorkersSide) -> str:
    """One app's picture in words."""
    lanes = "; ".join(f"{lane.name}: {lane.said}" for lane in side.lanes)
    facts = ", ".join(f"{name} {value}" for name, value in side.facts.items())
    return f"{side.name}. {lanes}. {facts}."


def picture(scene: WorkersScene) -> str:
    """The same for a page that has not run."""
    blocks = [
        still.column(
            side,
            "",
            *(still_lane(scene, side, lane) for lane in side.lanes),
            still.label(f"How long each chat waited (top: {seconds(scene.longest_s)})", 4),
            still.image(wait_marks(scene, side), WAITS_PX, alt(side)),
            still.scale(*scene.axis.names),
            still.facts(side.facts),
        )
        for side in scene.sides
    ]  # fmt: skip
    said = "Thick bars are reports, thin grey ones chats, dashed ones were cut off."
    return div("margin:12px 0", div(QUIET, said), *(div("margin:12px 0", one) for one in blocks))


def still_lane(scene: WorkersScene, side: WorkersSide, lane: WorkerLane) -> str:
    """One worker as an image with its name above."""
    drawn = still.base(LANE_PX / 2)
    for one in lane.stretches:
        ends = scene.axis.at(one.from_s), scene.axis.at(one.to_s)
        if not one.is_whole:
            drawn += still.rect(ends, y=5, height=12, stroke=GREY, dash="3 2")
        elif one.kind == "chat":
            drawn += still.rect(ends, y=9, height=4, stroke=INK, fill=INK)
        else:
            drawn += still.bar((ends[0], ends[1] - 0.4), side.hue, y=5, height=12)
    said = f"{lane.name}: {lane.said}"
    whole = f"{said}, on a clock of {seconds(scene.axis.ticks[-1])}"
    return still.label(said, 4) + still.image(drawn, LANE_PX, whole)


def wait_marks(scene: WorkersScene, side: WorkersSide) -> str:
    """A column for each chat."""
    drawn = still.base(WAITS_PX - 0.5)
    for one in side.waits:
        left, high = scene.axis.at(one.came_s), WAITS_PX * scene.high(one) / 100
        ends, y = (left, left + 0.8), WAITS_PX - high
        if one.waited_s is None:
            drawn += still.rect(ends, y=y, height=high, stroke=GREY, dash="3 2")
        else:
            drawn += still.bar(ends, side.hue, y=y, height=high)
    return drawn


def table(scene: WorkersScene) -> Table:
    """The same numbers: each worker's, then each fact."""
    left, right = scene.sides
    one = told(left, [lane.said for lane in left.lanes])
    other = told(right, [f"{lane.name}: {lane.said}" for lane in right.lanes])
    return Table.of_two(one, other, "Both apps as a table")


def told(side: WorkersSide, lanes: Sequence[str]) -> dict[str, str]:
    """What the table says of one app, whose workers did this."""
    workers = {f"worker {n}": said for n, said in enumerate(lanes, 1)}
    return {**workers, **side.facts, "chats wait": listed(side.waits)}


def listed(waits: Sequence[ChatWait]) -> str:
    """Each chat's wait in seconds, in the order in which people came."""
    return " ".join("never" if one.waited_s is None else f"{one.waited_s:.0f}" for one in waits)
