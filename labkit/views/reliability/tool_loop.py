"""Two tool loops: what each turn sends, and what the person reads at the end.

LoopScene -> draw_loop -> Drawing: the growing turns above, the two apps as a pair below
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Table
from labkit.views.pair import PairScene
from labkit.views.pair_drawing import draw_pair
from labkit.views.pieces import who_html
from labkit.views.sides import PARTIES, Party
from labkit.views.still import BAR_FILL, GREY, MARK, QUIET
from labkit.views.words import number

LABEL = "Input tokens of each turn"
STILL_PX = 72
PLOT_PX = 120


@dataclass(frozen=True, slots=True)
class LoopScene:
    """Both sides, and the input tokens of each turn of theirs."""

    pair: PairScene
    prototype: tuple[int, ...]
    production: tuple[int, ...]

    @property
    def series(self) -> dict[Party, tuple[int, ...]]:
        """The turns of each app."""
        return dict(zip(PARTIES, (self.prototype, self.production), strict=True))

    @property
    def turns(self) -> int:
        """The most turns that one of them took."""
        return max(len(self.prototype), len(self.production), 1)

    @property
    def most(self) -> int:
        """The tokens of the largest turn."""
        return max((*self.prototype, *self.production, 1))


def draw_loop(scene: LoopScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """The turns of both apps on one scale, and both apps below them."""
    below = draw_pair(scene.pair, was)
    return replace(
        below,
        body=f"{plot_html(scene)}{below.body}",
        picture=f"{plot_picture(scene)}{below.picture}",
        table=table(scene, below.table),
    )


def table(scene: LoopScene, below: Table | None) -> Table:
    """The pair's table with the turns."""
    assert below is not None
    row = (LABEL.lower(), *(in_words(tokens) for tokens in scene.series.values()))
    return replace(below, rows=(*below.rows, row))


def in_words(tokens: Sequence[int]) -> str:
    """All of them, in order."""
    return " · ".join(map(number, tokens)) or "none"


def plot_html(scene: LoopScene) -> str:
    """Each app's turns as steps on one axis: what grows with every turn is a triangle."""
    paths = "".join(
        f'<path class="lk-l{party.hue}" d="{steps(tokens, scene.most)}"/>'
        for party, tokens in scene.series.items()
        if tokens
    )
    base = f'<path d="M0 100H{scene.turns}" stroke="var(--lk-edge)"/>'
    keys = "&emsp;".join(who_html(party.name, party.hue) for party in scene.series)
    return (
        f'<div class="lk-row"><b>{LABEL}</b> <span>{keys}</span></div>'
        f'<div class="lk-plot" style="--h:{PLOT_PX}px;margin:16px 0 36px" role="img" '
        f'aria-label="{said(scene)}">'
        f'<svg viewBox="0 0 {scene.turns} 100" preserveAspectRatio="none" aria-hidden="true">'
        f'{base}{paths}</svg><span style="left:0;top:-7px">{number(scene.most)} tokens</span>'
        f'<span class="x s" style="left:0">turn 1</span>'
        f'<span class="x e" style="left:100%">{number(scene.turns)}</span></div>'
    )


def said(scene: LoopScene) -> str:
    """The plot in words."""
    ends = (
        f"{party.who}: {len(tokens)} turns, from {number(tokens[0])} to {number(tokens[-1])}"
        for party, tokens in scene.series.items()
        if tokens
    )
    return f"{LABEL}. {'; '.join(ends)}."


def steps(tokens: Sequence[int], most: int) -> str:
    """A path that stands as high as each turn's tokens, and comes down after the last."""
    heights = "".join(
        f"V{still.n(100 - 100 * one / most)}H{turn}" for turn, one in enumerate(tokens, 1)
    )
    return f"M0 100{heights}V100"


def plot_picture(scene: LoopScene) -> str:
    """The same as bars: one row for each app, on one scale."""
    rows = "".join(
        still.div("margin-top:8px", still.who(party.name, party.hue), bars(scene, party))
        for party in scene.series
    )
    names = ("turn 1", number(scene.turns))
    scale = still.scale(*names) if scene.turns > 1 else still.div(QUIET, names[0])
    top = f"{LABEL}; the highest bar is {number(scene.most)}"
    return still.div("margin:12px 0", still.div(QUIET, top), rows, scale)


def bars(scene: LoopScene, party: Party) -> str:
    """One app's turns as bars."""
    hue, tokens = party.hue, scene.series[party]
    width = 100 / scene.turns
    drawn = still.rule((0, 100), y=STILL_PX - 1, stroke=GREY)
    for turn, one in enumerate(tokens):
        high = (STILL_PX - 4) * one / scene.most
        drawn += still.rect(
            (turn * width + width / 10, (turn + 1) * width - width / 10),
            y=STILL_PX - 1 - high,
            height=high,
            stroke=MARK[hue],
            fill=BAR_FILL[hue],
            dash="4 2" if hue == "p" else "",
        )
    alt = f"{party.who}: {LABEL.lower()}, {in_words(tokens)}"
    return still.image(drawn, STILL_PX, alt)
