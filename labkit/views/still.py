"""Hand-written SVG for the still pictures: rounded numbers, generic fonts, its own light ground.

A ``Still`` collects marks from top to bottom; text takes the reader's fonts, so nothing depends
on its exact width and wrapped text leaves slack.
"""

import textwrap

from labkit.views.escape import line, plain_line

WIDTH = 672
INK = "#1f1f1f"
QUIET = "#595959"
RULE = "#dcdcdc"
EDGE = "#7a7a7a"
WASH = "#f3f3f3"
GREY = "#6B6B6B"
MARK = {"p": "#D55E00", "d": "#0072B2"}
WORD = {"p": "#B34700", "d": "#005A8C"}
FONTS = "system-ui,-apple-system,'Segoe UI',Helvetica,Arial,'DejaVu Sans',sans-serif"
PER_CHARACTER = 0.58  # width of a character in ems, a wide font's; 15 % more than most need


class Still:
    """An SVG picture that grows downwards."""

    def __init__(self) -> None:
        """Begin with an empty sheet."""
        self.marks: list[str] = []
        self.bottom = 0.0

    def text(  # noqa: PLR0913 - all but two by name
        self,
        at: tuple[float, float],
        words: str,
        *,
        size: float = 12.5,
        fill: str = INK,
        bold: bool = False,
        anchor: str = "start",
        struck: bool = False,
    ) -> None:
        """One line of text; ``at`` is the left end of its baseline, or where ``anchor`` says."""
        style = (' font-weight="600"' if bold else "") + (
            ' text-decoration="line-through"' if struck else ""
        )
        end = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.put(
            f'<text x="{n(at[0])}" y="{n(at[1])}" font-size="{n(size)}" fill="{fill}"{style}{end}>'
            f"{plain_line(words, 400)}</text>",
            at[1] + size * 0.4,
        )

    def rect(  # noqa: PLR0913 - all but one by name
        self,
        box: tuple[float, float, float, float],
        *,
        fill: str = "none",
        stroke: str = "none",
        width: float = 1,
        dash: str = "",
        round_: float = 0,
    ) -> None:
        """A box: left, top, width, height."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        corner = f' rx="{n(round_)}"' if round_ else ""
        x, y, w, h = box
        self.put(
            f'<rect x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}"{corner} fill="{fill}" '
            f'stroke="{stroke}" stroke-width="{n(width)}"{dashed}/>',
            y + h,
        )

    def line(
        self,
        from_: tuple[float, float],
        to: tuple[float, float],
        *,
        stroke: str = INK,
        width: float = 1,
        dash: str = "",
    ) -> None:
        """A straight line."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.put(
            f'<path d="M{n(from_[0])} {n(from_[1])}L{n(to[0])} {n(to[1])}" stroke="{stroke}" '
            f'stroke-width="{n(width)}" fill="none"{dashed}/>',
            max(from_[1], to[1]),
        )

    def put(self, mark: str, bottom: float) -> None:
        """Add a mark that reaches down to ``bottom``."""
        self.marks.append(mark)
        self.bottom = max(self.bottom, bottom)

    def svg(self) -> str:
        """The picture."""
        height = n(self.bottom + 8)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
            f'viewBox="0 0 {WIDTH} {height}" font-family="{FONTS}">{HATCH}'
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>{"".join(self.marks)}</svg>'
        )


def _hatch(name: str, colour: str, step: float) -> str:
    return (
        f'<pattern id="{name}" width="{step}" height="{step}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0V{step}" stroke="{colour}" '
        'stroke-width="3"/></pattern>'
    )


HATCH = f"<defs>{_hatch('bad', GREY, 5)}{_hatch('p', MARK['p'], 5)}</defs>"


def n(value: float) -> str:
    """A coordinate: at most two decimals, no more digits than it needs."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def wrapped(words: str, width: float, most: int, size: float = 12.5) -> list[str]:
    """Lines that fit a width in any common font; what is left out ends in an ellipsis."""
    columns = max(8, int(width / (size * PER_CHARACTER)))
    return textwrap.wrap(
        line(words, 600), columns, max_lines=most, placeholder=" …", break_on_hyphens=False
    ) or [""]


def who(still: Still, at: tuple[float, float], name: str, hue: str) -> None:
    """The line key and the name of an app."""
    x, y = at
    dash = "6 3" if hue == "p" else ""
    still.line((x, y - 5), (x + 22, y - 5), stroke=MARK[hue], width=3, dash=dash)
    still.text((x + 30, y), name, size=14, fill=WORD[hue], bold=True)


def edge(still: Still, x: float, top: float, hue: str) -> None:
    """The edge along a whole column, dashed or solid."""
    dash = "9 5" if hue == "p" else ""
    still.line((x, top), (x, still.bottom), stroke=MARK[hue], width=4, dash=dash)


def badge(still: Still, at: tuple[float, float], kind: str, word: str) -> None:
    """How it went, ending at ``right``: filled, outlined or dotted; glyph and word."""
    right, y = at
    glyph = {"ok": "✓", "bad": "✕", "na": "–"}[kind]
    width = 30 + len(word) * 12 * 0.6
    fill, stroke, ink, dash = {
        "ok": (INK, INK, "#fff", ""),
        "bad": ("#fff", INK, INK, ""),
        "na": ("#fff", GREY, QUIET, "2 2"),
    }[kind]
    box = (right - width, y - 15, width, 21.0)
    still.rect(box, fill=fill, stroke=stroke, width=1.5, dash=dash, round_=3)
    still.text(
        (right - width / 2, y), f"{glyph} {word}", size=12, fill=ink, bold=True, anchor="middle"
    )


def bubble(
    still: Still, box: tuple[float, float, float], words: str, *, empty: bool = False
) -> float:
    """A reply in its bubble (left, top, width); an empty one is dashed. Returns its lower end."""
    x, y, width = box
    rows = wrapped(words, width - 28, 4)
    height = max(48, 20 + len(rows) * 18)
    if empty:
        still.rect((x, y, width, height), stroke=EDGE, dash="4 3", round_=8)
    else:
        still.rect((x, y, width, height), fill=WASH, round_=8)
    for i, row in enumerate(rows):
        still.text((x + 14, y + 23 + i * 18), row, fill=QUIET if empty else INK)
    return y + height
