"""A crowd that was turned away together, and when it comes back: two histograms on one clock.

    CrowdScene -> draw_crowd -> Drawing

Bars are attempts in a tenth of a second; prototype above and hatched, production below and solid.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import plain_line
from labkit.views.pieces import axis_html, column_html, facts_html, label_at
from labkit.views.sides import Party, named_facts
from labkit.views.still import BAR_FILL, MARK, n
from labkit.views.words import number, seconds

BIN_S = 0.1
HIGH_PX, ROOM_PX = 128, 34
"""The highest bar, and the lines of words above it."""
PARTS_S = (0, 1, 2, 5, 10, 20)
"""The borders between the rows of the table."""


@dataclass(frozen=True, slots=True)
class Wave(Party):
    """What one way of waiting makes of the crowd."""

    waits: str
    """How its clients wait, in a few words."""
    counts: tuple[int, ...]
    """Attempts in each tenth of a second, up to the last one."""
    attempts_each: float
    """Attempts per question."""
    peak: int
    """The most attempts in a tenth of a second after the first one."""
    peak_s: float
    """When that tenth begins; 0 where nobody came back."""
    last_s: float
    """When the last one who waited was answered."""
    in_time: int
    """People who were answered while they waited."""
    told: int
    """People who were told to come later."""

    def between(self, from_s: float, to_s: float) -> int:
        """Attempts in a part of the time."""
        return sum(self.counts[round(from_s / BIN_S) : round(to_s / BIN_S)])

    def facts(self, patience_s: float) -> dict[str, str]:
        """The numbers under the picture, by their labels."""
        return {
            "attempts a question": number(self.attempts_each, 1),
            "peak after 0.1 s": number(self.peak),
            f"answered in {seconds_of(patience_s)}": number(self.in_time),
            "told to come later": number(self.told),
            "last answer": seconds(self.last_s),
        }


@dataclass(frozen=True, slots=True)
class CrowdScene:
    """Both crowds."""

    finding: str
    patience_s: float
    """Seconds that a person waits."""
    prototype: Wave
    production: Wave
    provenance: Provenance
    not_shown: str = ""

    @property
    def waves(self) -> tuple[Wave, Wave]:
        """Prototype first."""
        return self.prototype, self.production

    @property
    def ticks(self) -> list[str]:
        """Five names below the bars; the last one is when people leave."""
        return [seconds_of(self.patience_s * part / 4) for part in range(5)]

    @property
    def highest(self) -> int:
        """The most attempts in a tenth of a second on the page."""
        return max(max(wave.counts, default=1) for wave in self.waves)


def draw_crowd(scene: CrowdScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Both histograms; ``was`` holds the facts of the drawing before."""
    return Drawing.of(
        scene,
        body="".join(block(wave, scene, was) for wave in scene.waves),
        table=table(scene),
        picture="".join(still_block(wave, scene) for wave in scene.waves),
        facts=named_facts({one.who: one.facts(scene.patience_s) for one in scene.waves}),
    )


def block(wave: Wave, scene: CrowdScene, was: Mapping[str, str]) -> str:
    """One crowd: whose, the histogram with its words, the axis, the facts."""
    marks = f'<g class="b">{bars(wave, scene)}</g>{leader(wave, scene)}'
    high = HIGH_PX + ROOM_PX
    return column_html(
        wave,
        f'<span class="lk-q lk-s">{plain_line(wave.waits, 80)}</span>',
        f'<div class="lk-crowd {wave.hue}" style="height:{high}px" role="img" '
        f'aria-label="{plain_line(said(wave), 300)}">'
        f'<svg width="100%" height="{high}" aria-hidden="true">{PATTERN}{marks}</svg>'
        f"{words(wave, scene)}</div>",
        axis_html((25 * i, name) for i, name in enumerate(scene.ticks)),
        facts_html(wave.facts(scene.patience_s), was, wave.who),
    )


PATTERN = (
    '<defs><pattern id="lk-crowd-p" width="4" height="4" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><path d="M0 0V4"/></pattern></defs>'
)


def bars(wave: Wave, scene: CrowdScene, *, room_px: int = ROOM_PX) -> str:
    """One bar for each tenth of a second in which somebody came."""
    wide = 100 * BIN_S / scene.patience_s
    shown = wave.counts[: round(scene.patience_s / BIN_S)]
    return "".join(
        f'<rect x="{n(i * wide)}%" width="{n(wide * 0.84)}%" y="{n(room_px + HIGH_PX - high)}" '
        f'height="{n(high)}"/>'
        for i, count in enumerate(shown)
        if (high := max(HIGH_PX * count / scene.highest, 1)) and count
    )


def leader(wave: Wave, scene: CrowdScene) -> str:
    """A thin line from the words of the peak down to its bar."""
    if not is_seen(wave, scene):
        return ""
    x = n(100 * (wave.peak_s + 0.42 * BIN_S) / scene.patience_s)
    y = ROOM_PX + HIGH_PX * (1 - wave.peak / scene.highest)
    return f'<line class="l" x1="{x}%" x2="{x}%" y1="{ROOM_PX - 3}" y2="{n(y)}"/>'


def is_seen(wave: Wave, scene: CrowdScene) -> bool:
    """Whether somebody came back, before the axis ends."""
    return bool(wave.peak) and wave.peak_s < scene.patience_s


def words(wave: Wave, scene: CrowdScene) -> str:
    """What stands above the bars: the start, and the peak after it."""
    start = f'<span style="left:0;top:0">{number(wave.counts[0])} in the first 0.1 s</span>'
    if not wave.peak:
        return start
    peak = f"{number(wave.peak)} after {seconds(wave.peak_s)}"
    if not is_seen(wave, scene):
        return f'{start}<span style="right:0;top:16px">{peak} →</span>'
    at = round(100 * wave.peak_s / scene.patience_s, 2)
    return f'{start}<span style="{label_at(at)};top:16px">{peak}</span>'


def seconds_of(value: float) -> str:
    """Seconds on an axis, with a decimal only where it has one."""
    return f"{number(value, 0 if float(value).is_integer() else 1)} s"


def said(wave: Wave) -> str:
    """The histogram in a sentence."""
    start = f"{wave.name}: {number(wave.counts[0])} attempts in the first 0.1 s"
    if not wave.peak:
        return f"{start}, and nobody comes back."
    return f"{start}, at most {number(wave.peak)} in 0.1 s later, after {seconds(wave.peak_s)}."


def still_block(wave: Wave, scene: CrowdScene) -> str:
    """The same for a page that has not run."""
    hue = wave.hue
    edge = f' stroke="{MARK[hue]}" stroke-width=".6"' if hue == "p" else ""
    marks = f'<g fill="{BAR_FILL[hue]}"{edge}>{bars(wave, scene, room_px=2)}</g>'
    return still.div(
        "margin:12px 0",
        still.column(
            wave,
            "",
            still.label(wave.waits, 0),
            still.image(marks, HIGH_PX + 2, said(wave)),
            still.scale(*scene.ticks),
            still.facts(wave.facts(scene.patience_s)),
        ),
    )


def table(scene: CrowdScene) -> Table:
    """The same numbers, and the attempts in each part of the time."""
    one, other = (told(wave, scene.patience_s) for wave in scene.waves)
    return Table.of_two(one, other, "The two crowds as a table")


def told(wave: Wave, patience_s: float) -> dict[str, str]:
    """What the table says of one crowd."""
    ends = [edge for edge in PARTS_S if edge < patience_s] + [patience_s]
    parts = {
        f"attempts, {number(a)} to {seconds_of(b)}": number(wave.between(a, b))
        for a, b in pairwise(ends)
    }
    later = number(sum(wave.counts) - wave.between(0, patience_s))
    return {"waits": wave.waits, **wave.facts(patience_s), **parts, "attempts, later": later}
