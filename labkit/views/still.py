"""HTML for the still pictures: the page's own ink, inline styles, small images for the marks.

A page that nobody has run and nobody trusts loses sheets, inline SVG and roles; it keeps inline
styles and images. So every word is HTML in the page's own colours and wraps as the page is wide;
marks are transparent images in colours with a contrast of 3 on white and on black alike.
"""

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING

from labkit.views.escape import plain, plain_line
from labkit.views.pieces import GLYPHS, split_source
from labkit.views.words import percent

if TYPE_CHECKING:
    from labkit.views.sides import Party

GREY = "#808080"
MARK = {"p": "#D55E00", "d": "#0072B2", "i": GREY}
"""The colour of a mark by its hue: an app's, or ``i`` for what is nobody's."""
STROKE = {"p": "dashed", "d": "solid"}
DASH = {"p": "6 3", "d": "", "i": ""}
"""The dashes of a line."""
BAR_FILL = MARK | {"p": "url(#p)"}
DOT_FILL = MARK | {"p": "none"}
"""The inside of a bar and of a dot: the prototype's is hatched, or open."""
FILL = "background:#6b6b6b;color:#fff;border-color:#6b6b6b"
WASH = "rgba(128,128,128,.14)"
RULE = "rgba(128,128,128,.4)"
SMALL = "font-size:12px;line-height:18px"
QUIET = f"{SMALL};opacity:.8"
SIDE_PX = 280
"""Narrower than this no side stands beside another one."""
LONGEST = 600
"""Characters of a reply that are shown."""
BADGE = "display:inline-block;border:1.5px solid;border-radius:3px;padding:1px 8px"
FORM = {"ok": f";{FILL}", "bad": "", "na": f";border:1.5px dotted {GREY}"}


def div(style: str, *parts: str) -> str:
    """A block."""
    return f'<div style="{style}">{"".join(parts)}</div>'


def span(style: str, *parts: str) -> str:
    """A piece of a line."""
    return f'<span style="{style}">{"".join(parts)}</span>'


def label(words: str, above_px: int = 12) -> str:
    """A quiet line over what it names."""
    return div(f"{QUIET};margin-top:{above_px}px", plain_line(words, 400))


def in_a_line(facts: Mapping[str, str]) -> str:
    """Labels and values."""
    return " · ".join(
        f"{plain_line(name)} <b>{plain_line(said)}</b>" for name, said in facts.items()
    )


def facts(facts: Mapping[str, str], above_px: int = 6) -> str:
    """The same below a thin line, at the end of a side."""
    return foot(in_a_line(facts), above_px)


def foot(words: str, above_px: int = 8) -> str:
    """Words below a thin line, at the end of a side."""
    style = f"margin-top:{above_px}px;border-top:1px solid {RULE};padding-top:6px;{SMALL}"
    return div(style, words)


def foreign(text: str, limit: int) -> str:
    """What a person or a model wrote, in the direction of its writing."""
    return f'<span dir="auto">{plain(text, limit)}</span>'


def beside(*sides: str) -> str:
    """Sides that stand beside each other where there is room, else below each other."""
    return div("display:flex;flex-wrap:wrap;gap:16px 24px;margin:12px 0", *sides)


def half(*parts: str, style: str = "") -> str:
    """One of the things that stand beside each other."""
    return div(f"flex:1 1 {SIDE_PX}px;min-width:0{style}", *parts)


def side(hue: str, *parts: str) -> str:
    """What one app did, with its edge: dashed or solid."""
    edge = f";border-left:4px {STROKE[hue]} {MARK[hue]};padding-left:16px"
    return half(*parts, style=edge)


def column(party: "Party", beside: str, *parts: str) -> str:
    """The same under the app's name and what stands beside that."""
    apart = f"&emsp;{beside}" if beside else ""
    return side(party.hue, div("", who(party.name, party.hue), apart), *parts)


def who(name: str, hue: str) -> str:
    """The line key and the name of an app."""
    key = f"border-top:3px {STROKE[hue]} {MARK[hue]}"
    line = span(f"display:inline-block;width:22px;vertical-align:4px;margin-right:8px;{key}")
    return f"{line}<b>{plain_line(name, 40)}</b>"


def badge(kind: str, word: str) -> str:
    """How it went: filled, outlined or dotted; glyph and word."""
    return f'<b style="{BADGE};{SMALL}{FORM[kind]}">{GLYPHS[kind]} {plain_line(word, 60)}</b>'


def bubble(text: str, *, empty: bool = False) -> str:
    """What a person reads; dashed where there is nothing to read."""
    words, source = ("", "") if empty else split_source(text)
    quiet = f" {span(QUIET, plain(source))}" if source else ""
    # The clear border shows where a reader's own colours take the ground away.
    ground = f"1px dashed {GREY}" if empty else f"1px solid transparent;background:{WASH}"
    said = span("opacity:.8", plain(text, LONGEST)) if empty else foreign(words, LONGEST)
    shape = "border-radius:3px 12px 12px 12px;padding:8px 14px;margin-top:4px"
    return div(f"border:{ground};{shape};overflow-wrap:break-word", said, quiet)


def image(marks: str, height: int, alt: str) -> str:
    """Marks in per cent of the width: an image that is stretched without being distorted."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="{height}">'
        f"{HATCHES if 'url(#' in marks else ''}{marks}</svg>"
    )
    data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return (
        f'<img alt="{plain_line(alt, 600)}" src="data:image/svg+xml;base64,{data}" width="160" '
        f'height="{height}" style="display:block;width:100%;height:{height}px">'
    )


def rect(  # noqa: PLR0913 - all but one by name
    span_percent: tuple[float, float],
    *,
    y: float,
    height: float,
    stroke: str,
    fill: str = "none",
    dash: str = "",
) -> str:
    """A bar from one per cent to another."""
    left, right = span_percent
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<rect x="{n(left)}%" y="{n(y)}" width="{n(max(right - left, 0.6))}%" '
        f'height="{n(height)}" fill="{fill}" stroke="{stroke}" stroke-width="1.5"{dashed}/>'
    )


def bar(span_percent: tuple[float, float], hue: str, *, y: float, height: float) -> str:
    """A bar of an app's: hatched or filled."""
    return rect(span_percent, y=y, height=height, stroke=MARK[hue], fill=BAR_FILL[hue])


def base(y: float) -> str:
    """The thin line on which marks stand or lie."""
    return rule((0, 100), y=y, stroke=GREY, width=0.5)


def rule(  # noqa: PLR0913 - all but one by name
    span_percent: tuple[float, float],
    *,
    y: float,
    stroke: str,
    width: float = 1.0,
    dash: str = "",
    more: str = "",
) -> str:
    """A level line from one per cent to another."""
    left, right = span_percent
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{n(left)}%" x2="{n(right)}%" y1="{n(y)}" y2="{n(y)}" stroke="{stroke}" '
        f'stroke-width="{n(width)}"{dashed}{more}/>'
    )


def upright(at_percent: float, *, top: float, bottom: float, stroke: str, width: float) -> str:
    """An upright line at one per cent."""
    x = f"{n(at_percent)}%"
    return (
        f'<line x1="{x}" x2="{x}" y1="{n(top)}" y2="{n(bottom)}" stroke="{stroke}" '
        f'stroke-width="{n(width)}"/>'
    )


def scale(*names: str) -> str:
    """Equal steps below an image, named from its left end to its right end."""
    line = f"display:flex;justify-content:space-between;border-top:1px solid {GREY}"
    return div(f"{line};{QUIET}", " ".join(span("", plain_line(name, 20)) for name in names))


SHARES = scale("0", "50", percent(1))
"""The scale of a share."""


def n(value: float) -> str:
    """A coordinate: at most two decimals, no more digits than it needs."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _hatch(name: str, colour: str) -> str:
    return (
        f'<pattern id="{name}" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0V5" stroke="{colour}" '
        'stroke-width="3"/></pattern>'
    )


HATCHES = f"<defs>{_hatch('bad', GREY)}{_hatch('p', MARK['p'])}</defs>"
