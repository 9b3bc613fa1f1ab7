"""Two apps, the same questions, the same fault, one clock: the contrast as a drawing.

The prototype always stands left; hue and line say who, glyph and word say how it went.
"""

from collections.abc import Mapping
from itertools import groupby

from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import line, plain_line
from labkit.views.pieces import (
    axis_html,
    badge,
    bubble,
    column_html,
    facts_html,
    interval_html,
    nothing,
    who_html,
)
from labkit.views.sides import ContrastResult, Outcome, Side, named_facts, side_from_run
from labkit.views.still_contrast import KINDS, SQUARE, contrast_picture
from labkit.views.timeline import Axis, axis_to, timeline_html
from labkit.views.unknown import unknown_html
from labkit.views.words import interval, number, percent, seconds, several, usd, usd_per_1000

__all__ = ["ContrastResult", "Outcome", "Side", "draw_contrast", "side_from_run"]

MADE_UP = "models, prices and delays are made up"
SHARES = axis_html([(0, "0"), (50, "50"), (100, percent(1))])
"""The axis of a share: under the last app where they stand together, else under each."""
LIMITS = "How often a real provider fails. That number has to come from your own logs."
DOES = {
    "answered": "answers in {0}",
    "helped": "says where to turn after {0}",
    "crashed": "crashes after {0}",
    "blank": "shows nothing",
    "half a sentence": "stops in half a sentence",
    "waited too long": "lets the person wait {0}",
    "could not tell": "was not measured",
}


def draw_contrast(result: ContrastResult, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """The whole contrast; ``was`` holds the facts of the drawing before."""
    return Drawing(
        finding=finding(result),
        body=body_html(result, was),
        table=table(result),
        provenance=provenance(result),
        picture=contrast_picture(result),
        not_shown=LIMITS,
        facts=named_facts({side.who: side.facts for side in result.sides}) | tallies(result),
        change=change(result, was),
    )


def finding(result: ContrastResult) -> str:
    """The difference in one or two sentences."""
    lead = f"With {cause(result)}, production" if result.has_fault else "Production"
    prototype, production = result.sides
    a, h, n = production.count("answered"), production.count("helped"), len(production.outcomes)
    if result.is_calm:
        calm = f"With {cause(result)}" if result.has_fault else "No fault, no difference"
        joint = "," if result.has_fault else ":"
        return f"{calm}{joint} both apps answer {f'all {n} people' if n else 'at once'}."
    if not n:
        return f"{lead} {does(production)}. The prototype {does(prototype)}."
    b = prototype.count("answered")
    rest = f" and helps with {h}; the prototype answers" if h else " and the prototype"
    return f"{lead} answers {a} of {n} people{rest}\u00a0{b}."


def cause(result: ContrastResult) -> str:
    """The fault and how often it strikes."""
    often = "" if result.rate is None else f" on {percent(result.rate)} of attempts"
    return line(result.fault, 80) + often


def does(side: Side) -> str:
    """What the app does, as a verb."""
    whole = seconds(side.total_s).replace("\N{NARROW NO-BREAK SPACE}s", " seconds")
    return DOES[side.outcome].format(whole)


def tallies(result: ContrastResult) -> dict[str, str]:
    """How many questions each app answered, for the sentence about a change."""
    return {f"{s.who} answered": number(s.count("answered")) for s in result.sides if s.outcomes}


def change(result: ContrastResult, was: Mapping[str, str]) -> str:
    """What the headline numbers were before a control moved."""
    now = tallies(result)
    before = [was.get(name) for name in ("production answered", "prototype answered")]
    if not now or None in before or [was.get(n) for n in now] == list(now.values()):
        return ""
    return f"Before: {before[0]} and {before[1]}."


def provenance(result: ContrastResult) -> Provenance:
    """Seed, fault, and what is made up."""
    fault = f"fault: {cause(result)}" if result.has_fault else "no fault"
    return Provenance("simulated", (f"seed {result.seed}", fault, MADE_UP))


def body_html(result: ContrastResult, was: Mapping[str, str]) -> str:
    """The question, the two columns, and all questions below them."""
    axis = axis_to(max(side.reach_s for side in result.sides))
    calm = ""
    if result.is_calm:
        more = "Let it strike more often" if result.has_fault else "Choose a fault above"
        calm = (
            '<p class="lk-empty"><b>Both apps answered at the first attempt.</b> '
            f"{more} to see them part.</p>"
        )
    asked = (
        '<p class="lk-asked"><span class="lk-q lk-s">Both apps were asked</span><br>'
        f'<span class="lk-h" dir="auto">“{plain_line(result.question, 300)}”</span></p>'
    )
    columns = "".join(column(side, result, axis, was) for side in result.sides)
    return f'{calm}{asked}<div class="lk-two lk-even n6">{columns}</div>{all_questions(result)}'


def column(side: Side, result: ContrastResult, axis: Axis, was: Mapping[str, str]) -> str:
    """One app: badge, reply, attempts, facts, cost."""
    ending = badge(side.ending, side.outcome)
    if side.outcome == "could not tell":
        happened = side.error or "It did not come to an end."
        advice = "Nobody is blamed and nothing is scored. Press Reset."
        return column_html(side, ending, unknown_html(happened, advice, named=False))
    return column_html(
        side,
        ending,
        f'<p class="lk-say">What {plain_line(result.person, 40)} sees</p>{screen(side)}',
        timeline_html(side.attempts, axis, side.hue),
        facts_html(side.facts, was, side.who),
        f'<p class="lk-s lk-q lk-cost">{cost(side)}</p>',
    )


def screen(side: Side) -> str:
    """What stands in front of the person."""
    if side.outcome == "crashed":
        return nothing("Nothing. The page shows its own error screen.", line(side.error or "", 160))
    if not (side.shown or "").strip():
        return nothing("Nothing. An empty bubble.")
    return bubble(side.shown or "")


def cost(side: Side) -> str:
    """What a thousand such questions cost, and why not more."""
    why = "; failed attempts cost nothing" if any(row.failed for row in side.attempts) else ""
    if not side.outcomes and side.outcome in ("crashed", "blank", "half a sentence"):
        why = "; nobody was helped"
    return usd_per_1000(side.cost_usd_per_1000) + why


def all_questions(result: ContrastResult) -> str:
    """One square per person, both apps under each other, and the share with its interval."""
    n = len(result.production.outcomes)
    if not n:
        return ""
    framed = "" if result.shown_index is None else ", the framed one is shown above"
    rows = "".join(question_row(side, result.shown_index) + SHARES for side in result.sides)
    everybody = several(n, "person", "people")
    return (
        f'<p class="lk-s lk-q lk-allhead">All {everybody}, one square each{framed}</p>'
        f'<div class="lk-all">{rows}</div>'
    )


def question_row(side: Side, shown: int | None) -> str:
    """The squares of one app."""
    cells = []
    for i, outcome in enumerate(side.outcomes):
        kind = KINDS.get(outcome, "no")
        here = " here" if i == shown else ""
        cells.append(f'<i class="{kind}{here}">{SQUARE[kind][1]}</i>')
    a, n = side.count("answered"), len(side.outcomes)
    rest = " · ".join(filter(None, [interval(a, n), side.otherwise]))
    said = ", ".join(filter(None, [f"{a} of {n} answered", side.otherwise]))
    return (
        f"{who_html(side.name, side.hue)}"
        f'<span class="lk-cells" role="img" aria-label="{side.name}: {said}">'
        f"{''.join(cells)}</span>"
        f'<span class="lk-tally"><b>{a} of {n}</b> answered <span class="lk-q lk-s">{rest}</span>'
        f"</span>{interval_html(a, n, side.hue)}"
    )


def table(result: ContrastResult) -> Table:
    """The same numbers, one row each."""
    one, other = (told(side, result) for side in result.sides)
    return Table.of_two(one, other, "The contrast as a table")


def told(side: Side, result: ContrastResult) -> dict[str, str]:
    """What the table says of one app."""
    n = len(result.production.outcomes)
    everybody = {f"answered, all {n}": side.answered, "the others": side.otherwise or "none"}
    return {
        "outcome": outcome_words(side),
        f"what {line(result.person, 40)} sees": line(side.shown or "nothing", 160),
        "attempts": attempt_words(side),
        "waited between": seconds(side.waited_s),
        "first token": seconds(side.first_token_s),
        "total": seconds(side.total_s),
        "tokens in": number(side.tokens_in),
        "tokens out": number(side.tokens_out),
        **(everybody if n else {}),
        "USD per 1,000 questions": usd(side.cost_usd_per_1000),
    }


def outcome_words(side: Side) -> str:
    """The outcome, and the error behind a crash."""
    return f"{side.outcome}: {line(side.error, 80)}" if side.error else side.outcome


def attempt_words(side: Side) -> str:
    """How many, and what became of each."""
    runs = [(label, len(list(same))) for label, same in groupby(row.label for row in side.attempts)]
    labels = ", ".join(line(label, 40) + f", {n} times" * (n > 1) for label, n in runs)
    return f"{number(len(side.attempts))} ({labels})" if labels else "none"
