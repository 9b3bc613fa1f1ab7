"""Two people wait for the same answer: what stands on each screen, and when it came.

    ReplayScene -> draw_replay -> Drawing: two screens, below each what was shown on one clock

The picture is finished. With ``play`` the same picture arrives at the pace at which it came: by the
style sheet alone, so that no kernel waits; it stops by itself, and leaves the finished picture. Who
asks their system for less motion keeps that from the beginning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import line, plain, plain_line
from labkit.views.pieces import axis_html, badge, column_html, facts_html
from labkit.views.sides import Party, named_facts
from labkit.views.still import DASH, GREY, MARK, div
from labkit.views.timeline import Axis, axis_to
from labkit.views.words import duration, number, seconds

LONGEST = 2_400
"""Characters of a screen that are shown."""
TRACK_PX = 22
CALM = "Your system asks for less motion: the finished picture stays."


@dataclass(frozen=True, slots=True)
class Layer:
    """A text that grew on a screen until it was taken back, if it was."""

    pieces: tuple[tuple[float, str], ...]
    """When each piece was shown, and the piece."""
    until_s: float | None = None
    """When it was taken back; None of what stands there in the end."""

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(piece for _, piece in self.pieces)


@dataclass(frozen=True, slots=True)
class ReplaySide(Party):
    """One person's wait."""

    word: str
    """How it ended, in a few words."""
    ending: Literal["ok", "bad"]
    layers: tuple[Layer, ...]
    """What stood on the screen, one text after another; what stands there in the end is last."""
    total_s: float
    """When nothing more came."""
    seen: int
    """Characters that may not be shown and were."""
    error: str = ""
    """The exception in one line, of an app that crashed."""

    @property
    def times(self) -> tuple[float, ...]:
        """When something was shown."""
        return tuple(at_s for layer in self.layers for at_s, _ in layer.pieces)

    @property
    def first_s(self) -> float | None:
        """When the first words were shown."""
        return self.times[0] if self.times else None

    @property
    def facts(self) -> dict[str, str]:
        """The numbers below the screen."""
        return {
            "first words": seconds(self.first_s),
            "the end": seconds(self.total_s),
            "parts": number(len(self.times)),
            "leaked": number(self.seen),
        }


@dataclass(frozen=True, slots=True)
class ReplayScene:
    """Both screens."""

    finding: str
    question: str
    prototype: ReplaySide
    production: ReplaySide
    provenance: Provenance
    not_shown: str = ""

    @property
    def sides(self) -> tuple[ReplaySide, ReplaySide]:
        """Prototype first."""
        return self.prototype, self.production

    @property
    def whole_s(self) -> float:
        """Until nothing more comes on either screen."""
        return max(side.total_s for side in self.sides)

    @property
    def axis(self) -> Axis:
        """One clock for both."""
        return axis_to(self.whole_s)


def draw_replay(
    scene: ReplayScene, was: Mapping[str, str] = NO_FACTS, *, play: int | None = None
) -> Drawing:
    """Both screens; ``play`` is how often it was played before, so that it begins anew each time.

    Args:
        scene: What to draw.
        was: The facts of the drawing before.
        play: None for the finished picture at once.
    """
    plays = "" if play is None else f" lk-play {'ab'[play % 2]}"
    calm = "" if play is None else f'<p class="lk-s lk-q lk-calm">{CALM}</p>'
    columns = "".join(column(side, scene, was) for side in scene.sides)
    return Drawing.of(
        scene,
        body=f'{calm}<div class="lk-two lk-even lk-replay{plays}">{columns}</div>',
        table=table(scene),
        picture=still.beside(*(still_column(side, scene) for side in scene.sides)),
        facts=named_facts({side.who: {"ending": side.word, **side.facts} for side in scene.sides}),
    )


def column(side: ReplaySide, scene: ReplayScene, was: Mapping[str, str]) -> str:
    """One person: how it ended, the screen, the clock, the facts."""
    ending = badge(side.ending, side.word, was.get(f"{side.who} ending"))
    return column_html(
        side,
        f"<span>{ending}</span>",
        screen(side, scene),
        clock(side, scene.axis),
        facts_html(side.facts, was, side.who),
    )


def screen(side: ReplaySide, scene: ReplayScene) -> str:
    """The chat: the question, and below it one text above another, of which the last is seen."""
    asked = f'<p class="lk-me" dir="auto">{plain_line(scene.question, 300)}</p>'
    blank = blank_html(side.first_s if side.first_s is not None else side.total_s)
    layers = "".join(map(layer_html, side.layers))
    if not left(side):
        layers += nothing_html(side)
    return (
        '<div class="lk-screen"><p class="lk-top lk-s lk-q">Latch</p>'
        f'<div class="lk-talk">{asked}<div class="lk-layers">{blank}{layers}</div></div>'
        '<p class="lk-write lk-s lk-q" aria-hidden="true">Write a message</p></div>'
    )


def blank_html(until_s: float) -> str:
    """What a person looks at before the first word; seen only while it plays."""
    return f'<p class="lk-it none gone" aria-hidden="true" style="{span_of(0, until_s)}">…</p>'


def layer_html(layer: Layer) -> str:
    """One text; what was taken back is seen only while it plays, and only by the eye."""
    begins_s = layer.pieces[0][0]
    rest, parts = LONGEST, []
    for at_s, piece in layer.pieces:
        if rest <= 0:
            break
        parts.append(f'<span class="late" style="{span_of(at_s)}">{plain(piece[:rest])}</span>')
        rest -= len(piece)
    words = "".join(parts)
    if layer.until_s is None:
        return f'<p class="lk-it late" dir="auto" style="{span_of(begins_s)}">{words}</p>'
    shown = span_of(begins_s, layer.until_s)
    return f'<p class="lk-it gone" aria-hidden="true" dir="auto" style="{shown}">{words}</p>'


def nothing_html(side: ReplaySide) -> str:
    """A screen without any words."""
    code = f"<br><code>{plain_line(side.error, 160)}</code>" if side.error else ""
    said = f"This page has stopped working.{code}" if code else "Nothing."
    return f'<p class="lk-it none late" style="{span_of(side.total_s)}">{said}</p>'


def span_of(from_s: float, until_s: float | None = None) -> str:
    """When a mark comes, and how long it stays if it goes again; for the style sheet."""
    begins = f"--t:{still.n(from_s)}s"
    return begins if until_s is None else f"{begins};--d:{still.n(until_s - from_s)}s"


def clock(side: ReplaySide, axis: Axis) -> str:
    """Dotted while nothing stands there, then solid; upright where something was shown."""
    first_s = side.total_s if side.first_s is None else side.first_s
    wide = still.n(axis.at(side.total_s) - axis.at(first_s))
    marks = "".join(f'<u style="left:{axis.at(at_s)}%"></u>' for at_s in spread(side, axis))
    end = axis.at(side.total_s)
    return (
        f'<div class="lk-track lk-came" style="--t:{axis.step_percent}%" role="img" '
        f'aria-label="{plain_line(said(side), 300)}">'
        f'<i class="wait" style="left:0%;width:{axis.at(first_s)}%"></i>'
        f'<i class="{side.hue} first" style="left:{axis.at(first_s)}%;width:{wide}%"></i>{marks}'
        f'<s style="left:{end}%;--x:{end}%;--d:{still.n(side.total_s)}s"></s></div>'
        f"{axis_html(axis.marks)}"
    )


def spread(side: ReplaySide, axis: Axis, apart: float = 0.7) -> list[float]:
    """When something was shown; of what lies too close to be told apart only the first."""
    kept: list[float] = []
    for at_s in side.times:
        if not kept or axis.at(at_s) - axis.at(kept[-1]) >= apart:
            kept.append(at_s)
    return kept


def said(side: ReplaySide) -> str:
    """One person's wait in a sentence."""
    if side.first_s is None:
        return f"{side.name}: no words; it ends after {duration(side.total_s)}"
    parts = f"{len(side.times)} parts" if len(side.times) > 1 else "one part"
    return (
        f"{side.name}: the first words after {duration(side.first_s)}, shown in {parts}, "
        f"the end after {duration(side.total_s)}"
    )


def still_column(side: ReplaySide, scene: ReplayScene) -> str:
    """One person as a still picture."""
    axis = scene.axis
    return still.column(
        side,
        still.badge(side.ending, side.word),
        still.label(scene.question),
        still.bubble(standing(side), empty=not left(side)),
        div("margin-top:10px", still.image(still_clock(side, axis), TRACK_PX, said(side))),
        still.scale(*axis.names),
        still.facts(side.facts),
    )


def still_clock(side: ReplaySide, axis: Axis) -> str:
    """The marks of one wait."""
    colour, y = MARK[side.hue], TRACK_PX / 2
    first_s = side.total_s if side.first_s is None else side.first_s
    ends = axis.at(first_s), axis.at(side.total_s)
    return (
        still.rule((0, ends[0]), y=y, stroke=GREY, width=1.5, dash="1 3")
        + still.rule(ends, y=y, stroke=colour, width=3, dash=DASH[side.hue])
        + "".join(
            still.upright(axis.at(at_s), top=3, bottom=TRACK_PX - 3, stroke=colour, width=2)
            for at_s in spread(side, axis)
        )
    )


def left(side: ReplaySide) -> str:
    """The words that stand on the screen in the end."""
    last = side.layers[-1] if side.layers else None
    return last.text if last and last.until_s is None and last.text.strip() else ""


def standing(side: ReplaySide) -> str:
    """What stands there in the end, or what does instead."""
    stopped = f"This page has stopped working. {side.error}"
    return left(side) or (stopped if side.error else "Nothing.")


def table(scene: ReplayScene) -> Table:
    """The same, one row each."""
    one, other = map(told, scene.sides)
    return Table.of_two(one, other, "Both waits as a table")


def told(side: ReplaySide) -> dict[str, str]:
    """What the table says of one wait."""
    return {
        "outcome": side.word,
        **side.facts,
        "in the end": line(standing(side), 240),
        "taken back": line(taken_back(side), 240) or "nothing",
    }


def taken_back(side: ReplaySide) -> str:
    """What stood on the screen and does not any more."""
    return " ".join(layer.text for layer in side.layers if layer.until_s is not None)
