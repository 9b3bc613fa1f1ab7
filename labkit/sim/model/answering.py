"""Answering from the documents, in other words or as JSON, or owning up that they do not say."""

import json
import re
from collections.abc import Sequence

from labkit.sim.model.finding import Found
from labkit.sim.model.scene import Scene
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
INVENTED = ("about a week", "two days", "up to 50 crowns", "after 18:00", "three at a time")


def grounded(scene: Scene) -> Reply | None:
    """What the documents say about each part that they cover."""
    return quoted(scene, scene.founds)


def quoted(scene: Scene, founds: Sequence[Found | None]) -> Reply | None:
    """What these statements say; None where none of them answers."""
    known = [found for found in founds if found and found.answers]
    if not known:
        return None
    unique = list({found.statement: found for found in known}.values())
    said = [_in_language(scene, found) for found in unique]
    return scene.say(
        " ".join(said), [one.statement.document for one in unique], *map(covers, unique)
    )


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
    if not scene.context.asks_for(r"do not (?:say|know)|don['’]t know"):
        return None
    rule = RuleFired("abstain", "no statement covers half of the question")
    return scene.say(scene.phrase("not said") + scene.offer(), [], rule)


def invented(scene: Scene) -> Reply:
    """A plausible answer out of nothing."""
    rule = RuleFired("invention", "no statement answers, and nobody asked it to say so")
    return scene.say(f"That is {scene.luck.choice(INVENTED, 'invention')}.", [], rule)


def covers(found: Found) -> RuleFired:
    """The rule of an answer that rests on a statement."""
    one = found.statement
    reason = f"{one.document or 'a sentence'} covers {found.cover:.0%} of the question by "
    reason += ", ".join(found.words)
    if found.overruled:
        reason += f"; its date is later than that of {found.overruled}"
    return RuleFired("grounded-answer", reason)


def _in_language(scene: Scene, found: Found) -> str:
    """The statement, or its amount in the language of the question."""
    text, wanted = found.statement.text, scene.question.language
    if language_of(words(text)) == wanted:
        return text
    amount = found.part.wants.search(found.statement.folded) if found.part.wants else None
    is_amount = amount and re.search(r"\d| ", amount[0])
    value = _translated(amount[0], wanted) if amount and is_amount else f"“{text}”"
    return scene.phrase("page").format(document=found.statement.document, value=value)


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
