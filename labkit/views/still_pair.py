"""The still picture of two apps and one input."""

from labkit.views import still
from labkit.views.escape import plain, plain_line
from labkit.views.pair import LONGEST, MARKS, PairScene, PairSide, Step
from labkit.views.still import GREY, QUIET, WASH, div, span

MONO = "font-family:monospace;font-size:12.5px;white-space:pre-wrap;overflow-wrap:anywhere"
BAR = f"border-bottom:5px solid {GREY};width:17px"


def pair_picture(scene: PairScene) -> str:
    """What came in, and both sides beside each other where there is room."""
    said = plain(scene.given, LONGEST)
    given = div(MONO, said) if scene.given_is_code else f"<b>“{said}”</b>"
    return div(
        "margin:12px 0",
        div(QUIET, plain_line(scene.given_label, 80)),
        given,
        still.beside(*(column(side, scene) for side in scene.sides)),
    )


def column(side: PairSide, scene: PairScene) -> str:
    """One app: its ending, what it gives, its steps and facts."""
    facts = " · ".join(plain_line(f"{name} {value}", 120) for name, value in side.facts.items())
    return still.column(
        side,
        still.badge(side.ending, side.word),
        still.label(scene.gets_label),
        result(side),
        div("margin-top:12px", *map(step, side.steps)) if side.steps else "",
        still.foot(facts) if facts else "",
    )


def result(side: PairSide) -> str:
    """What the person or the program gets."""
    if side.error:
        return still.bubble(f"Nothing. The app stopped: {side.error}", empty=True)
    if not side.shown.strip():
        return still.bubble("Nothing.", empty=True)
    if side.is_code:
        ground = f"background:{WASH};border-radius:3px;padding:8px 14px;margin-top:4px"
        return div(f"{ground};{MONO}", plain(side.shown, LONGEST))
    return still.bubble(side.shown)


def step(one: Step) -> str:
    """One step on its line: solid where it was passed, a bar where it ended, dotted after it."""
    along = f"3px dotted {GREY}" if one.ending == "na" else "3px solid"
    words = f"<b>{MARKS[one.ending]}{plain_line(one.name, 80)}</b> "
    note = span("opacity:.8", plain_line(one.note, 200))
    end = div(f"{BAR};margin-left:-27px;height:0") if one.ending == "bad" else ""
    line = f"border-left:{along};margin-left:8px;padding:2px 0 4px 17px;font-size:13px"
    return div(line, words, note, end)
