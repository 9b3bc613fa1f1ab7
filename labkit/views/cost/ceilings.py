"""The lengths of answers as a histogram, and a ceiling that cuts what is longer.

CeilingScene -> draw_ceilings -> Drawing: empty columns are whole, hatched ones are cut, filled ones
were cut before any text
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import log2

from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import plain, plain_line
from labkit.views.pieces import across, axis_html, facts_html, label_at
from labkit.views.still import GREY, QUIET, SMALL, div, span
from labkit.views.words import number

LOW, HIGH = 2.0, 16.0
"""The powers of two at both ends of the axis."""
HEIGHT_PX, LEAST = 150, 2.0
"""A column that is not empty has at least so many per cent of the height."""
MARKS = (4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536)
KINDS = ("whole", "cut", "dark")
NAMES = {"whole": "whole", "cut": "cut in the text", "dark": "cut before any text"}
FILLS = {"whole": "none", "cut": "url(#bad)", "dark": GREY}


@dataclass(frozen=True, slots=True)
class LengthBin:
    """The answers of about one length."""

    low: float
    high: float
    whole: int
    cut: int
    dark: int
    """Cut before any text came."""

    @staticmethod
    def edges() -> Iterator[tuple[float, float]]:
        """Where the bins begin and end: half powers of two."""
        return pairwise(2 ** (half / 2) for half in range(int(2 * LOW), int(2 * HIGH) + 1))

    @staticmethod
    def longest() -> float:
        """What is longer stands in the last bin."""
        return 2**HIGH - 1

    @property
    def stack(self) -> tuple[tuple[str, int], ...]:
        """Its parts from below."""
        return (("dark", self.dark), ("cut", self.cut), ("whole", self.whole))

    @property
    def across(self) -> tuple[float, float]:
        """Where it stands, in per cent of the axis."""
        return at(self.low), at(self.high)


@dataclass(frozen=True, slots=True)
class CeilingScene:
    """The answers to one task under one ceiling."""

    finding: str
    task: str
    bins: tuple[LengthBin, ...]
    ceiling: int
    own: int
    """The ceiling that the building block takes for these lengths."""
    said: Mapping[str, str]
    """The facts: a label and a value."""
    provenance: Provenance
    not_shown: str

    @property
    def tallest(self) -> int:
        """The answers in the highest column."""
        return max(one.whole + one.cut + one.dark for one in self.bins)

    @property
    def own_said(self) -> str:
        """The building block's ceiling in words."""
        return f"set_ceiling takes {number(self.own)} where 1 in 100 may be cut"


def draw_ceilings(scene: CeilingScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """The histogram and the facts; ``was`` holds the facts of the drawing before."""
    return Drawing.of(
        scene,
        body=key_html() + plot_html(scene) + facts_html(scene.said, was),
        table=table(scene),
        picture=picture(scene),
        facts=scene.said,
    )


def at(tokens: float) -> float:
    """Where a length stands on the axis, in per cent."""
    power = min(max(log2(max(tokens, 1)), LOW), HIGH)
    return round(100 * (power - LOW) / (HIGH - LOW), 2)


def key_html() -> str:
    """What the columns mean."""
    signs = "".join(f'<span><i class="{kind}"></i>{NAMES[kind]}</span> ' for kind in KINDS)
    return f'<p class="lk-keys lk-s">Answers by their output tokens: {signs}</p>'


def plot_html(scene: CeilingScene) -> str:
    """Columns, the ceiling as a solid line, the building block's as a dotted one."""
    columns = "".join(column_html(one, scene.tallest) for one in scene.bins)
    ticks = axis_html(((at(one), number(one)) for one in MARKS), spare=at(MARKS[-2]))
    own, line = at(scene.own), at(scene.ceiling)
    return (
        f'<div class="lk-lengths" role="img" aria-label="{alt(scene)}">'
        f"{label_html('own', own, f'set_ceiling {number(scene.own)}')}"
        f"{label_html('now', line, f'max_tokens {number(scene.ceiling)}')}"
        f'<div class="lk-cols">{columns}<s style="left:{own}%"></s>'
        f'<u style="left:{line}%"></u></div></div>{ticks}'
        f'<p class="lk-s lk-q">output tokens, each step four times as many; {scene.own_said}</p>'
    )


def label_html(kind: str, place: float, words: str) -> str:
    """The words at a line, on the side where there is room."""
    return f'<span class="{kind}" style="{label_at(place)}">{plain(words, 60)}</span> '


def column_html(one: LengthBin, tallest: int) -> str:
    """One column, its parts upon each other."""
    place, parts, below = across(*one.across), "", 0.0
    for kind, count in one.stack:
        if count:
            high = max(LEAST, round(100 * count / tallest, 2))
            parts += f'<i class="{kind}" style="{place};bottom:{below}%;height:{high}%"></i>'
            below = round(below + high, 2)
    return parts


def alt(scene: CeilingScene) -> str:
    """The histogram in words."""
    said = ", ".join(f"{name} {value}" for name, value in scene.said.items())
    return plain_line(f"Lengths of 1,000 {scene.task}s; {said}; {scene.own_said}.", 300)


def picture(scene: CeilingScene) -> str:
    """The same as a still picture."""
    names = ("empty", "hatched", "filled")
    key = ", ".join(f"{name}: {NAMES[kind]}" for name, kind in zip(names, KINDS, strict=True))
    return div(
        "margin:12px 0",
        div(QUIET, f"Answers by their output tokens. {key.capitalize()}."),
        div(
            SMALL, f"Solid line: max_tokens {number(scene.ceiling)}. Dotted line: {scene.own_said}."
        ),
        still.image(marks(scene), HEIGHT_PX, alt(scene)),
        scale(),
        div(f"{SMALL};margin-top:8px", still.in_a_line(scene.said)),
    )


def scale() -> str:
    """The marks of the still axis, each beginning at its place."""
    step = f"flex:1 1 0;min-width:0;border-left:1px solid {GREY};padding-left:3px"
    steps = (span(step, number(one)) for one in MARKS[:-1])
    return div(f"display:flex;border-top:1px solid {GREY};{QUIET}", " ".join(steps))


def marks(scene: CeilingScene) -> str:
    """The columns of the still histogram and both lines."""
    drawn = ""
    for one in scene.bins:
        y = float(HEIGHT_PX)
        for kind, count in one.stack:
            if count:
                high = HEIGHT_PX * max(LEAST / 100, count / scene.tallest)
                y -= high
                fill = FILLS[kind]
                drawn += still.rect(one.across, y=y, height=high, stroke=GREY, fill=fill)
    drawn += still.upright(at(scene.ceiling), top=0, bottom=HEIGHT_PX, stroke=GREY, width=3)
    x = f"{still.n(at(scene.own))}%"
    return drawn + (
        f'<line x1="{x}" x2="{x}" y1="0" y2="{HEIGHT_PX}" stroke="{GREY}" stroke-width="2" '
        'stroke-dasharray="2 4"/>'
    )


def table(scene: CeilingScene) -> Table:
    """Each column that has answers, then the facts."""
    rows = [
        (f"{number(one.low)} to {number(one.high)}", *map(number, (one.whole, one.cut, one.dark)))
        for one in scene.bins
        if one.whole or one.cut or one.dark
    ]
    rows += [(name, value, "", "") for name, value in scene.said.items()]
    rows.append(("set_ceiling", number(scene.own), "", ""))
    header = ("output tokens", *(NAMES[kind] for kind in KINDS))
    return Table(header, tuple(rows), "Lengths and what the ceiling cuts", frozenset({1, 2, 3}))
