"""The still picture of a contrast: both columns with reply and attempts, then all who asked."""

from collections.abc import Sequence

from labkit.evals import wilson
from labkit.views import still
from labkit.views.escape import line, plain_line
from labkit.views.pieces import GLYPHS
from labkit.views.sides import ContrastResult, Side
from labkit.views.still import DASH, DOT_FILL, FILL, GREY, MARK, QUIET, SMALL, WASH, div, span
from labkit.views.timeline import AttemptRow, Axis, axis_to, folded
from labkit.views.words import NARROW, interval, number, seconds, several

ROW_PX = 22
KINDS = {"answered": "ok", "helped": "help", "could not tell": "na"}
BOX = (
    "display:inline-block;width:16px;height:16px;font-size:12px;line-height:14px;"
    "text-align:center;font-weight:600;border:1.5px solid;border-radius:2px"
)
FRAME = "display:inline-block;border:1.5px solid;border-radius:3px;padding:1px"
SQUARE = {
    "ok": (f";{FILL}", GLYPHS["ok"]),
    "help": (f";background:{WASH};border-style:double", GLYPHS["ok"]),
    "na": (f";border:1.5px dotted {GREY}", GLYPHS["na"]),
    "no": ("", GLYPHS["bad"]),
}

MARGIN = 2
"""Per cent at each end of an interval's image, so that a dot at 0 or 100 % is whole."""


def contrast_picture(result: ContrastResult) -> str:
    """The question, both apps, and everybody who asked."""
    axis = axis_to(max(side.reach_s for side in result.sides))
    asked = f"<b>“{still.foreign(result.question, 300)}”</b>"
    head = div("margin-top:12px", div(QUIET, "Both apps were asked"), asked)
    columns = still.beside(*(column(side, result, axis) for side in result.sides))
    return head + columns + all_questions(result)


def column(side: Side, result: ContrastResult, axis: Axis) -> str:
    """One app: badge, reply, attempts."""
    spread = "display:flex;flex-wrap:wrap;justify-content:space-between;gap:4px 12px"
    name = f"<span>{still.who(side.name, side.hue)}</span>"
    head = div(spread, name, " ", still.badge(side.ending, side.outcome))
    words, empty = screen(side)
    reply = still.bubble(words, empty=empty)
    sees = still.label(f"What {line(result.person, 40)} sees")
    return still.side(side.hue, head, sees, reply, attempts(side, axis))


def screen(side: Side) -> tuple[str, bool]:
    """The words in front of the person, and whether they are ours instead of a reply."""
    if side.outcome == "crashed":
        return f"Nothing. The page shows its own error screen. {line(side.error or '', 160)}", True
    if side.outcome == "could not tell":
        return line(side.error or "It did not come to an end.", 400), True
    shown = side.shown or ""
    return (shown, False) if shown.strip() else ("Nothing. An empty bubble.", True)


def attempts(side: Side, axis: Axis) -> str:
    """One line per attempt over one axis."""
    if not side.attempts:
        return still.label("No attempt was made.")
    starts = [row.started_s for row in side.attempts[1:]]
    shown, left_out = folded(side.attempts)
    rows = [attempt(i, row, starts[i - 1 : i], axis, side.hue) for i, row in shown]
    if left_out:
        rows.insert(-1, attempt_line("", "", f"and {left_out} more"))
    rows.append(attempt_line("", still.scale(*axis.names), ""))
    return div("margin-top:12px", *rows)


def attempt_line(name: str, middle: str, took: str) -> str:
    """Name, track and seconds on one line."""
    return div(
        f"display:flex;gap:12px;{SMALL};line-height:{ROW_PX}px",
        span("flex:0 0 116px", plain_line(name, 60)),
        " ",
        div("flex:1 1 80px;min-width:0", middle),
        " ",
        span("flex:0 0 auto;min-width:34px;text-align:right;opacity:.8", plain_line(took, 60)),
    )


def attempt(i: int, row: AttemptRow, next_start: Sequence[float], axis: Axis, hue: str) -> str:
    """One attempt: its marks on the clock of all attempts."""
    first = "" if row.first_token_s is None else f", first token at {seconds(row.first_token_s)}"
    alt = f"attempt from {seconds(row.started_s)} to {seconds(row.ended_s)}{first}"
    grid = "".join(
        still.upright(axis.at(tick), top=0, bottom=ROW_PX, stroke=GREY, width=0.4)
        for tick in axis.ticks[:-1]
    )
    waits = "".join(
        still.rule((axis.at(row.ended_s), axis.at(at)), y=11, stroke=GREY, dash="1.5 2.5")
        for at in next_start
        if at > row.ended_s
    )
    track = still.image(grid + waits + marks(row, axis, hue), ROW_PX, alt)
    return attempt_line(f"{i} {row.label}", track, seconds(row.took_s))


def marks(row: AttemptRow, axis: Axis, hue: str) -> str:
    """Grey and hatched when it failed; thin, upright, thick when it did not."""
    start, end = axis.at(row.started_s), axis.at(row.ended_s)
    if row.failed:
        fill, dash = ("none", "3 2") if row.is_open else ("url(#bad)", "")
        return still.rect((start, end), y=6, height=10, stroke=GREY, fill=fill, dash=dash)
    first = end if row.first_token_s is None else axis.at(row.first_token_s)
    thin = still.rule((start, first), y=11, stroke=MARK[hue], width=3, dash=DASH[hue])
    if row.first_token_s is None:
        return thin
    thick = still.bar((first, end), hue, y=6, height=10)
    return thin + thick + still.upright(first, top=2, bottom=20, stroke=GREY, width=2)


def all_questions(result: ContrastResult) -> str:
    """One square per person; the share with its interval."""
    n = len(result.production.outcomes)
    if not n:
        return ""
    framed = "" if result.shown_index is None else ", the framed one is shown above"
    head = still.label(f"All {several(n, 'person', 'people')}, one square each{framed}")
    sides = (question_side(side, result.shown_index) for side in result.sides)
    return head + still.beside(*sides)


def question_side(side: Side, shown: int | None) -> str:
    """The squares of one app, their count, and its interval."""
    squares = " ".join(square(o, here=i == shown) for i, o in enumerate(side.outcomes))
    others = f" · {plain_line(side.otherwise, 200)}" if side.otherwise else ""
    part, whole = side.count("answered"), len(side.outcomes)
    counted = f"<b>{number(part)} of {number(whole)}</b> answered"
    return still.half(
        div("", still.who(side.name, side.hue)),
        div("margin:4px 0;line-height:22px", squares),
        div("", counted, " ", span(QUIET, interval(part, whole), others)),
        interval_image(part, whole, side.hue),
        div(f"padding:0 {MARGIN}%", still.SHARES),
    )


def square(outcome: str, *, here: bool) -> str:
    """One question: filled when answered, pale when helped, else a cross in a box."""
    form, glyph = SQUARE[KINDS.get(outcome, "no")]
    box = span(BOX + form, glyph)
    return span(FRAME, box) if here else box


def interval_image(part: int, whole: int, hue: str) -> str:
    """A share as a dot and its 95 % Wilson interval as a line, on 0 to 100 %."""
    low, high = (100 * end for end in wilson(part, whole))
    at, colour, dash = f"{still.n(100 * part / whole)}%", MARK[hue], DASH[hue]
    hole = (
        '<mask id="m" maskUnits="userSpaceOnUse" x="-9" y="0" width="120%" height="14">'
        '<rect x="-9" width="120%" height="14" fill="#fff"/>'
        f'<circle cx="{at}" cy="7" r="4"/></mask>'
    )
    drawn = (
        hole
        + still.rule((0, 100), y=7, stroke=GREY, width=0.4, more=' mask="url(#m)"')
        + still.rule((low, high), y=7, stroke=colour, width=2, dash=dash, more=' mask="url(#m)"')
        + f'<circle cx="{at}" cy="7" r="4" stroke="{colour}" stroke-width="2" '
        + f'fill="{DOT_FILL[hue]}"/>'
    )
    alt = f"{number(low)} to {number(high)}{NARROW}%, the 95{NARROW}% Wilson interval"
    inside = f'<svg x="{MARGIN}%" width="{100 - 2 * MARGIN}%" overflow="visible">{drawn}</svg>'
    return still.image(inside, 14, alt)
