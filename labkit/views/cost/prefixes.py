"""Two requests as two stacks of blocks, from the top as the API reads them.

PrefixScene -> draw_prefixes -> Drawing: filled down to the first byte that differs

Each block says how it was billed: read, written, or full price.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import plain, plain_line
from labkit.views.pieces import facts_html
from labkit.views.still import GREY, QUIET, SMALL, WASH, div, span
from labkit.views.words import number

LEAST_PX, MORE_PX = 26.0, 0.8
"""A block's height: so much, and so much for the root of each token. Not to scale."""
MARKER = "cache marker"


@dataclass(frozen=True, slots=True)
class PrefixBlock:
    """A block of both requests."""

    name: str
    tokens: tuple[int, int]
    fates: tuple[str, str]
    """How it was billed in either: ``read``, ``written``, ``full price``, ``refused``."""
    is_same: bool
    """Whether it and all before it are the same in both."""
    is_marked: bool
    """Whether a cache marker stands on it."""

    @property
    def height_px(self) -> int:
        """How high it is drawn."""
        return round(LEAST_PX + MORE_PX * math.sqrt(max(self.tokens)))


@dataclass(frozen=True, slots=True)
class PrefixScene:
    """Two requests, and what became of all."""

    finding: str
    heads: tuple[str, str]
    """Who asks first, and who asks second."""
    blocks: tuple[PrefixBlock, ...]
    differs: tuple[str, str]
    """What either says where they differ first."""
    said: Mapping[str, str]
    """The facts: a label and a value."""
    provenance: Provenance
    not_shown: str

    @property
    def names(self) -> tuple[str, str]:
        """What stands over either stack."""
        first, second = self.heads
        return f"First request: {first}", f"Second request: {second}"

    @property
    def groups(self) -> list[list[PrefixBlock]]:
        """What is the same, then what is not."""
        return [list(some) for _, some in groupby(self.blocks, lambda one: one.is_same)]


def draw_prefixes(scene: PrefixScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Both stacks and the facts; ``was`` holds the facts of the drawing before."""
    return Drawing.of(
        scene,
        body=stacks_html(scene) + facts_html(scene.said, was),
        table=table(scene),
        picture=picture(scene),
        facts=scene.said,
    )


def stacks_html(scene: PrefixScene) -> str:
    """Both stacks over one grid, so that equal blocks stand beside each other."""
    heads = "".join(f'<span class="h">{plain(name, 60)}</span> ' for name in scene.names)
    rows = ""
    for some in scene.groups:
        if not some[0].is_same:
            rows += difference_html(scene)
        rows += "".join(cell_html(one, side) for one in some for side in (0, 1))
    return f'<div class="lk-prefix" role="img" aria-label="{alt(scene)}">{heads}{rows}</div>'


def cell_html(one: PrefixBlock, side: int) -> str:
    """A block of one request: its name, its tokens, how it was billed."""
    kind = "same" if one.is_same else "other"
    flag = f"<em>{MARKER}</em> " if one.is_marked else ""
    return (
        f'<span class="{kind}{" mark" if one.is_marked else ""}" '
        f'style="min-height:{one.height_px}px"><b>{plain(one.name, 40)}</b> '
        f'<span class="lk-q">{number(one.tokens[side])}</span> '
        f'<span class="f {one.fates[side].split()[0]}">{one.fates[side]}</span> {flag}</span>'
    )


def difference_html(scene: PrefixScene) -> str:
    """A line across both stacks, with what differs first."""
    sides = "".join(f"<code>{plain_line(one, 60)}</code> " for one in scene.differs)
    return f'<span class="cut"><b>first difference</b></span>{sides}'


def alt(scene: PrefixScene) -> str:
    """Both stacks in words."""
    same = [one.name for one in scene.blocks if one.is_same]
    begins = (
        f"Both requests begin with the same {', '.join(same)}"
        if same
        else ("The two requests differ from the first block on")
    )
    fates = ", ".join(f"{one.name} {one.fates[1]}" for one in scene.blocks)
    return plain_line(f"{begins}. In the second: {fates}.", 400)


def picture(scene: PrefixScene) -> str:
    """The same as a still picture."""
    stacks = [
        div("flex:1 1 200px;min-width:0", div(SMALL, f"<b>{plain_line(name)}</b>"), *rows)
        for side, name in enumerate(scene.names)
        for rows in [[still_cell(one, side) for one in scene.blocks]]
    ]
    cut = ""
    if not all(one.is_same for one in scene.blocks):
        pair = (f"<code>{plain_line(one, 60)}</code>" for one in scene.differs)
        cut = div(f"{SMALL};margin:8px 0", "<b>First difference</b>: ", " and ".join(pair))
    key = div(
        QUIET, "Solid: the same from the start. Dashed: the first difference and all behind it."
    )
    return (
        still.beside(*stacks)
        + key
        + cut
        + div(f"{SMALL};margin-top:8px", still.in_a_line(scene.said))
    )


def still_cell(one: PrefixBlock, side: int) -> str:
    """A block of one request."""
    ground = f"1px solid {GREY};background:{WASH}" if one.is_same else f"1px dashed {GREY}"
    lower = ";border-bottom:3px solid" if one.is_marked else ""
    shape = f"padding:3px 8px;margin-top:3px;min-height:{one.height_px - 6}px"
    flag = span(QUIET, f" · {MARKER}") if one.is_marked else ""
    return div(
        f"border:{ground}{lower};{shape};{SMALL}",
        f"<b>{plain_line(one.name)}</b> {number(one.tokens[side])} · {one.fates[side]}{flag}",
    )


def table(scene: PrefixScene) -> Table:
    """Every block: its tokens, and how it was billed in either request."""
    rows = [
        (
            one.name + (f" ({MARKER})" if one.is_marked else ""),
            number(one.tokens[1]),
            *one.fates,
            "yes" if one.is_same else "no",
        )
        for one in scene.blocks
    ]
    rows += [(name, value, "", "", "") for name, value in scene.said.items()]
    header = ("block", "tokens", *scene.heads, "same from the start")
    return Table(header, tuple(rows), "Both requests, block by block", frozenset({1}))
