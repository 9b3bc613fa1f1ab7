"""Tasks placed on tiers: what a right answer costs on each, and where today's app stands.

PlacingScene -> draw_placing -> Drawing: for each task a row for each tier, two of them in hue

The tier that runs today is the prototype's, the one that was chosen is production's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import plain_line
from labkit.views.pieces import column_html, facts_html, interval_html, was_html, who_html
from labkit.views.sides import HUE, PARTIES, named_facts
from labkit.views.still import QUIET, div, span
from labkit.views.words import seconds, share, usd

BAR_PX = 12
PRICE, RIGHT, WAIT = "USD for 1,000 right", "right", "95 of 100 within"


@dataclass(frozen=True, slots=True)
class TierRow:
    """One tier for one task."""

    name: str
    usd: float
    """For 1,000 right answers."""
    right: int
    n: int
    p95_s: float
    who: str = ""
    """``prototype`` where it runs today, ``production`` where it was chosen, both, or nobody."""
    note: str = ""
    """What is special about its price."""

    @property
    def hue(self) -> str:
        """The class of its marks; ink for a tier that nobody runs."""
        last = self.who.rpartition(" ")[2]
        return HUE.get(last, "i")

    @property
    def counted(self) -> str:
        """``80 of 84 (88–98 %)``."""
        return share(self.right, self.n, always=True)


@dataclass(frozen=True, slots=True)
class TaskRows:
    """One task on every tier that it was tried on."""

    name: str
    rows: tuple[TierRow, ...]

    @property
    def most(self) -> float:
        """The dearest of them: the length of a whole bar."""
        return max(row.usd for row in self.rows) or 1.0


@dataclass(frozen=True, slots=True)
class PlacingScene:
    """All tasks, and what both apps come to."""

    finding: str
    tasks: tuple[TaskRows, ...]
    totals: Mapping[str, Mapping[str, str]]
    """For each app its facts by name; prototype first."""
    provenance: Provenance
    not_shown: str


def draw_placing(scene: PlacingScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Both apps below, the tiers of each task above; ``was`` holds the drawing before."""
    prices = {f"{task.name} {row.name}": usd(row.usd) for task in scene.tasks for row in task.rows}
    return Drawing.of(
        scene,
        body="".join(block(task, was) for task in scene.tasks) + totals(scene, was),
        table=table(scene),
        picture=picture(scene),
        facts=named_facts(scene.totals) | prices,
    )


def block(task: TaskRows, was: Mapping[str, str]) -> str:
    """One task: a line of headings, then its tiers."""
    heads = "".join(f' <span class="lk-q lk-s {at}">{name}</span>' for name, at in HEADS)
    rows = "".join(row_html(row, task, was) for row in task.rows)
    name = plain_line(task.name, 60)
    return (
        f'<div class="lk-tiers" role="group" aria-label="{name}">'
        f'<div class="w"><b class="ta">{name}</b>{heads}</div>{rows}</div>'
    )


HEADS = ((PRICE, "tu"), (RIGHT, "tr"), (WAIT, "ts"))


def row_html(row: TierRow, task: TaskRows, was: Mapping[str, str]) -> str:
    """A tier: its name and whose it is, the bar of its price, its right answers, its wait."""
    wide = round(100 * row.usd / task.most, 1)
    price = usd(row.usd)
    before = was_html(price, was.get(f"{task.name} {row.name}"))
    whose = "".join(f" {who_html(one.capitalize(), HUE[one])}" for one in row.who.split())
    note = f' <span class="lk-q">{plain_line(row.note, 60)} ·</span>' if row.note else ""
    return (
        f'<div class="w"><span class="ta">{plain_line(row.name, 40)}{whose}</span> '
        f'<span class="tu"><span class="lk-track" aria-hidden="true">'
        f'<i class="{row.hue}" style="left:0;width:{wide}%"></i></span>'
        f"<span><b>{price}</b>{note}{before}</span></span> "
        f'<span class="tr">{interval_html(row.right, row.n, row.hue)}'
        f"<span>{row.counted}</span></span> "
        f'<span class="ts">{seconds(row.p95_s)}</span></div>'
    )


def totals(scene: PlacingScene, was: Mapping[str, str]) -> str:
    """What both apps come to."""
    columns = "".join(
        column_html(party, "", facts_html(scene.totals[party.who], was, party.who))
        for party in PARTIES
    )
    return f'<div class="lk-two">{columns}</div>'


def picture(scene: PlacingScene) -> str:
    """The same, as a still picture."""
    sides = (
        still.column(party, "", still.foot(" · ".join(map(said, scene.totals[party.who].items()))))
        for party in PARTIES
    )
    return div("margin:12px 0", *map(still_block, scene.tasks), still.beside(*sides))


def said(fact: tuple[str, str]) -> str:
    """A value and what it counts."""
    name, value = map(plain_line, fact)
    return f"<b>{value}</b> {name}"


def still_block(task: TaskRows) -> str:
    """One task: a bar for each tier, its words below."""
    parts = [div("margin-top:12px", f"<b>{plain_line(task.name, 60)}</b>")]
    parts.append(div(QUIET, f"{PRICE}, as bars"))
    for row in task.rows:
        bar = still.bar((0, 100 * row.usd / task.most), row.hue, y=1, height=BAR_PX)
        words = f"{row.counted} {RIGHT}, {WAIT} {seconds(row.p95_s)}"
        name = f"<b>{plain_line(row.name, 40)}</b>{' · ' * bool(row.who)}{row.who}"
        alt = f"{row.name}: {usd(row.usd)} {PRICE}"
        parts += [
            div("margin-top:6px", name, " ", span(QUIET, words)),
            div(
                "display:flex;gap:8px;align-items:center;max-width:680px",
                div("flex:1;min-width:0", still.image(bar, BAR_PX + 2, alt)),
                span("min-width:52px", usd(row.usd)),
            ),
        ]
    return div("", *parts)


def table(scene: PlacingScene) -> Table:
    """A row for each tier of each task."""
    rows = tuple(
        (task.name, row.name, row.who or "nobody", usd(row.usd), row.counted, seconds(row.p95_s))
        for task in scene.tasks
        for row in task.rows
    )
    header = ("task", "tier", "runs it", PRICE, RIGHT, WAIT)
    return Table(header, rows, "Every tier of every task as a table", frozenset({3, 4, 5}))
