"""Answering from the documents, in other words or as JSON, or owning up that they do not say."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from labkit.sim.model.finding import Found
from labkit.sim.model.question import Part, asks, is_number
from labkit.sim.model.scene import Scene
from labkit.sim.model.statements import Statement
from labkit.sim.model.words import NUMBERS, language_of, words
from labkit.sim.reply import Reply, RuleFired

UNITS = {
    "days": ("day", "dia", "dni", "días"),
    "weeks": ("week", "semana", "tygodni", "semanas"),
    "months": ("month", "mes", "miesięcy", "meses"),
    "hours": ("hour", "hora", "godzin", "horas"),
    "minutes": ("minut", "minut", "minut", "minutos"),
    "crowns": ("cr", "corona", "koron", "coronas"),
}
"""English name: how it begins in English and in Spanish; in Polish; in Spanish."""
MOST_IN_SERIES = 3
LONGEST_QUOTE = 80
"""Characters of a question that are said again."""
INVENTED = (
    *("about a week", "two days", "ten days", "after 18:00", "three at a time", "150 kg", "90 kg"),
    *("up to 50 crowns", "8 crowns", "10 crowns", "12 crowns"),
)


def grounded(scene: Scene) -> Reply | None:
    """What the documents say about each part that they cover."""
    return quoted(scene, scene.founds)


def quoted(scene: Scene, founds: Sequence[Found | None]) -> Reply | None:
    """What these statements say; None where none of them answers."""
    known = [found for found in founds if found and found.answers]
    if not known:
        return None
    unique = list({found.statement: found for found in known}.values())
    said = [
        _in_language(scene, found.part, one) for found in unique for one in series(scene, found)
    ]
    if len(known) < len(scene.founds):
        said += _left_open(scene)
    return scene.say(
        " ".join(said), [one.statement.document for one in unique], *map(covers, unique)
    )


def series(scene: Scene, found: Found) -> list[Statement]:
    """The statement, with those beside it that begin alike and hold as much of the question.

    Opening hours stand in one sentence for each kind of day; asked for all, all are told.
    """
    every, best = scene.context.statements, found.statement
    asked = {term for term, weight in found.part.weights.items() if weight == 1}
    misread = every[found.place] is not best
    if misread or found.part.things or not asked <= best.terms:
        return [best]

    def goes_on(one: Statement) -> bool:
        alike = (one.document, one.subject) == (best.document, best.subject)
        return alike and asked <= one.terms

    before = list(takewhile(goes_on, map(every.__getitem__, range(found.place - 1, -1, -1))))
    after = takewhile(goes_on, map(every.__getitem__, range(found.place + 1, len(every))))
    return [*reversed(before), best, *after][:MOST_IN_SERIES]


def _left_open(scene: Scene) -> list[str]:
    """A sentence for each part of the question that no statement answers."""
    if not _owns_up(scene):
        return []
    pairs = zip(scene.question.parts, scene.founds, strict=True)
    parts = [
        part.asked
        for part, found in pairs
        if not (found and found.answers) and part.weights and asks(part.asked)
    ]
    return [scene.phrase("left open").format(part=one[:LONGEST_QUOTE]) for one in parts]


def _owns_up(scene: Scene) -> bool:
    """Whether the instructions tell it to say what the documents do not."""
    return scene.asks_for(r"do not (?:say|know)|don['’]t know")


def as_json(scene: Scene) -> Reply | None:
    """One JSON object with the keys that were named, each looked up by its words."""
    keys = re.findall(r'"(\w+)"', scene.question.text)
    if "json" not in scene.question.folded or not keys or not scene.question.things:
        return None
    thing = " ".join(sorted(scene.question.things))
    founds = {key: scene.look_up(f"{key.replace('_', ' ')} {thing}") for key in keys}
    known = {key: found for key, found in founds.items() if found and found.answers}
    values = {key: _number(known[key]) if key in known else None for key in keys}
    sources = [found.statement.document for found in known.values()]
    rule = RuleFired("format", f"the question names the JSON keys {', '.join(keys)}")
    return scene.say(json.dumps(values), sources, rule, *map(covers, known.values()))


def not_understood(scene: Scene) -> Reply | None:
    """No word is known: neither a guess nor a search."""
    if scene.question.is_known:
        return None
    rule = RuleFired("not-understood", "no word of the message is known")
    return scene.say(f"{scene.phrase('not understood')} {scene.topics()}", [], rule)


def abstained(scene: Scene) -> Reply | None:
    """Told to say so, it says that the documents do not."""
    if not _owns_up(scene):
        return None
    rule = RuleFired("abstain", "no statement covers half of the question")
    return scene.say(scene.phrase("not said") + scene.offer(), [], rule)


def invented(scene: Scene) -> Reply:
    """A plausible answer out of nothing, of the kind that is asked for."""
    rule = RuleFired("invention", "no statement answers, and nobody asked it to say so")
    wanted = [part.wants for part in scene.question.parts if part.wants]
    fitting = [one for one in INVENTED if any(kind.search(one) for kind in wanted)]
    return scene.say(f"That is {scene.luck.choice(fitting or INVENTED, 'invention')}.", [], rule)


def covers(found: Found) -> RuleFired:
    """The rule of an answer that rests on a statement."""
    one = found.statement
    reason = f"{one.document or 'a sentence'} covers {found.cover:.0%} of the question by "
    reason += ", ".join(found.words)
    if found.overruled:
        reason += f"; its date is later than that of {found.overruled}"
    return RuleFired("grounded-answer", reason)


def _in_language(scene: Scene, part: Part, one: Statement) -> str:
    """The statement, or the one amount that it has, in the language of the question."""
    wanted = scene.question.language
    if _language_in(one.text) == wanted:
        return one.text
    amounts = [found[0] for found in part.wants.finditer(one.folded)] if part.wants else []
    is_amount = len(amounts) == 1 and is_number(amounts[0].split()[0])
    value = _translated(amounts[0], wanted) if is_amount else f"“{one.text}”"
    return scene.phrase("page").format(document=one.document, value=value)


@lru_cache(maxsize=4_000)
def _language_in(text: str) -> str:
    return language_of(words(text))


def _translated(amount: str, language: str) -> str:
    """An amount in another language: "7 more days" as "7 días"."""
    number, _, rest = amount.partition(" ")
    unit = rest.split()[-1] if rest else ""
    for english, (one, other, polish, spanish) in UNITS.items():
        if unit.startswith((one, other)):
            unit = {"en": english, "es": spanish, "pl": polish}[language]
    return f"{NUMBERS.get(number, number)} {unit}".strip()


def _number(found: Found) -> int | str | None:
    amount = re.search(r"\d+", found.statement.text)
    return int(amount[0]) if amount else found.statement.text
