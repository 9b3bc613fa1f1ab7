"""The drawing of two apps and one input; the prototype always stands left.

PairScene -> draw_pair -> Drawing
"""

from collections.abc import Mapping

from labkit.views.drawing import NO_FACTS, Drawing, Table
from labkit.views.escape import line, plain, plain_line
from labkit.views.pair import LONGEST, MARKS, WORDS, PairScene, PairSide, Step
from labkit.views.pieces import badge, bubble, column_html, facts_html, nothing
from labkit.views.sides import named_facts
from labkit.views.still_pair import pair_picture


def draw_pair(scene: PairScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Both sides under what came in; ``was`` holds the facts of the drawing before."""
    return Drawing.of(
        scene,
        body=body_html(scene, was),
        table=table(scene),
        picture=pair_picture(scene),
        facts=named_facts({side.who: {"ending": side.word, **side.facts} for side in scene.sides}),
    )


def body_html(scene: PairScene, was: Mapping[str, str]) -> str:
    """What came in, and the two columns."""
    said = plain(scene.given, LONGEST)
    given = (
        f'<pre class="lk-mono lk-given" dir="ltr">{said}</pre>'
        if scene.given_is_code
        else f'<p class="lk-h" dir="auto">“{plain_line(scene.given, LONGEST)}”</p>'
    )
    columns = "".join(column(side, scene, was) for side in scene.sides)
    return (
        f'<div class="lk-asked"><p class="lk-q lk-s">{plain_line(scene.given_label, 80)}</p>'
        f'{given}</div><div class="lk-two lk-even n5">{columns}</div>'
    )


def column(side: PairSide, scene: PairScene, was: Mapping[str, str]) -> str:
    """One app: its ending, what it gives, its steps and facts."""
    ending = badge(side.ending, side.word, was.get(f"{side.who} ending"))
    return column_html(
        side,
        f"<span>{ending}</span>",
        f'<p class="lk-say">{plain_line(scene.gets_label, 80)}</p>{result(side)}',
        steps_html(side.steps) or no_steps(scene),
        facts_html(side.facts, was, side.who) if side.facts else "",
    )


def result(side: PairSide) -> str:
    """What the person or the program gets."""
    if side.error:
        return nothing("Nothing. The app stopped with an exception.", line(side.error, 200))
    if not side.shown.strip():
        return nothing("Nothing.")
    if side.is_code:
        return f'<pre class="lk-bubble lk-mono">{plain(side.shown, LONGEST)}</pre>'
    return bubble(side.shown, limit=LONGEST)


def steps_html(steps: tuple[Step, ...]) -> str:
    """A line down through the steps; it ends in a bar where one failed."""
    rows = "".join(
        f'<li class="{step.ending}"><b><span aria-hidden="true">{MARKS[step.ending]}</span>'
        f"{plain_line(step.name, 80)}</b>{off(step)} "
        f'<span class="lk-q">{plain_line(step.note, 200)}</span></li>'
        for step in steps
    )
    return f'<ol class="lk-steps">{rows}</ol>' if steps else ""


def no_steps(scene: PairScene) -> str:
    """Room beside the other app's steps, so that the facts below stand in one line."""
    return '<div class="lk-steps"></div>' if any(side.steps for side in scene.sides) else ""


def off(step: Step) -> str:
    """The word behind a mark, for a screen reader."""
    word = WORDS.get(step.ending)
    return f'<span class="lk-off"> {word}</span>' if word else ""


def table(scene: PairScene) -> Table:
    """The same, one row each."""
    names = list(dict.fromkeys(step.name for side in scene.sides for step in side.steps))
    labels = list(dict.fromkeys(label for side in scene.sides for label in side.facts))
    rows = [
        ("outcome", *(side.word for side in scene.sides)),
        (scene.gets_label, *(gets(side) for side in scene.sides)),
        *((name, *(step_words(side, name) for side in scene.sides)) for name in names),
        *((label, *(side.facts.get(label, "none") for side in scene.sides)) for label in labels),
    ]
    given = (scene.given_label, *(line(scene.given, 240) for _ in scene.sides))
    header = ("", *(side.name for side in scene.sides))
    return Table(header, (given, *rows), "Both apps as a table")


def gets(side: PairSide) -> str:
    """What the person or the program gets, on one line."""
    return line(side.error or side.shown, 240) or "nothing"


def step_words(side: PairSide, name: str) -> str:
    """How one step went, and what was seen there."""
    for step in side.steps:
        if step.name == name:
            return ": ".join(filter(None, (WORDS.get(step.ending), step.note)))
    return "no such step"
