"""Working out what no document says by itself: a day, a half, a limit that is passed."""

import re
from datetime import date, timedelta

from labkit.sim.model.answering import covers
from labkit.sim.model.question import AMOUNT, DATE
from labkit.sim.model.scene import Scene
from labkit.sim.model.words import MONTHS
from labkit.sim.reply import Reply, RuleFired

DUE = re.compile(r"\bdue\b|\b(?:when|by|which)\b.*\b(?:return|back|devolver)\b|deadline")
AT_MOST = re.compile(r"\b(?:at most|up to|never|not above|hasta)\b")
PRICE = re.compile(r"(\d+) (cr\b|crowns)")
FROM_TO = re.compile(rf"\b(\d\d?) (?:to|and|until|-) \d\d? ({'|'.join(MONTHS)}) (\d{{4}})")
TOLD = 0.6
"""The share of a statement's terms that a question has when the statement is about who asks."""


def due_date(scene: Scene, lost_days: int = 0) -> Reply | None:
    """The day a loan ends: the day it was collected and the thing's own loan period.

    Who counts the first day too loses one.
    """
    days = days_in(scene.question.folded)
    if not (days and DUE.search(scene.question.folded) and scene.question.things):
        return None
    period = scene.look_up(f"how many days keep {min(scene.question.things)}")
    length = period and period.answers and re.search(r"(\d{1,4}) days", period.statement.text)
    if not (period and length):
        return None
    try:
        due = days[0] + timedelta(days=int(length[1]) - lost_days)
    except OverflowError:
        return None
    said = f"Collected on {_spelled(days[0])}, it is due on {_spelled(due)}."
    rule = RuleFired("calculation", f"{length[1]} days were added to the day in the question")
    one = period.statement
    return scene.say(f"{one.text} {said}", [one.document], covers(period), rule)


def halved(scene: Scene) -> Reply | None:
    """Half of a price, where a statement about who asks says "half"."""
    found = scene.founds[0] if scene.founds and scene.question.things else None
    price = PRICE.search(found.statement.text) if found and found.answers else None
    if not (found and price):
        return None
    asked = scene.question.terms.union(scene.question.beside)
    for one in map(scene.context.statements.__getitem__, scene.context.at("half")):
        if len(one.terms & asked) >= TOLD * len(one.terms):
            text = f"{one.text} {found.statement.text} So it is {int(price[1]) / 2:g} {price[2]}."
            rule = RuleFired("calculation", f"{one.document} halves the {price[0]}")
            return scene.say(text, [one.document, found.statement.document], covers(found), rule)
    return None


def over_limit(scene: Scene) -> Reply | None:
    """A limit of the thing that the question's own amount is beyond."""
    for number, unit in AMOUNT.findall(scene.question.folded):
        for thing in sorted(scene.question.things):
            for one in map(scene.context.statements.__getitem__, scene.context.at(thing)):
                limits = [float(n) for n, of in AMOUNT.findall(one.folded) if of == unit]
                if limits and max(limits) < float(number) and AT_MOST.search(one.folded):
                    reason = f"{number} {unit} is beyond what {one.document} allows"
                    text = f"{one.text} {number} {unit} is more than that."
                    return scene.say(text, [one.document], RuleFired("limit", reason))
    return None


def days_in(text: str) -> list[date]:
    """Every day in a folded text, in order; "from 5 to 12 December 2026" has two."""
    whole = FROM_TO.sub(lambda found: f"{found[1]} {found[2]} {found[3]} {found[0]}", text)
    days = (_day(*one.groups()) for one in DATE.finditer(whole))
    return [day for day in days if day]


def _day(day: str | None, month: str, year: str | None, *iso: str | None) -> date | None:
    try:
        if year and day:
            return date(int(year), MONTHS.index(month) + 1, int(day))
        return date(*(int(part or 0) for part in iso))
    except ValueError:
        return None


def _spelled(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"
