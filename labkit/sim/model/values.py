"""Single values of a structured answer, read from tool results, the turn itself and documents.

    name and type -> a field of a result | words in the turn | the statement that answers | None

A unit at the end of a name is looked for: ``loan_days`` wants the number before "days".
"""

import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import cast

from labkit.sim.model.calculating import days_in
from labkit.sim.model.finding import Found
from labkit.sim.model.scene import Scene, text_of
from labkit.sim.model.speaking import in_words
from labkit.sim.model.words import folded, known_terms, terms
from labkit.sim.reply import RuleFired

PROPER = {"city", "country", "location", "name", "person", "place"}
"""Fields that want a name and not the whole message."""
NAME = re.compile(r"\b(?:in|for|at|to|of|about) ([A-Z][\w'-]+(?: [A-Z][\w'-]+)*)")
ANSWERS = {"answer", "message", "reply", "response", "text"}
SOURCES = {"citation", "citations", "document", "documents", "source", "sources"}
KNOWS = {"answered", "found", "grounded", "is_answered", "is_grounded", "known"}
THINGS = {"item", "product", "thing", "tool"}

UNITS = {"cr": "(?:cr|crowns?)", "crowns": "(?:cr|crowns?)", "kg": "kg", "cm": "cm", "m": "m"}
SPANS = ("minutes", "hours", "days", "weeks", "months", "years", "people")
NUMBER = r"(\d{1,12}(?:\.\d{1,6})?)"
NEGATIVE = re.compile(r"\b(?:not|no|never|nobody|cannot|closed|without)\b")
CITED = re.compile(r"(?: \[[\w-]+\])+$")
IN_TURN = {
    "email": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "uri": re.compile(r"https?://[\w./?=&%#-]+\w"),
    "uuid": re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"),
}


class Values:
    """What one request says about fields, by their names."""

    def __init__(self, scene: Scene) -> None:
        """Read this request."""
        self.scene = scene
        self.results = fields_of_results(scene)
        self.days = [day.isoformat() for day in days_in(scene.question.folded)]
        self.founds: dict[str, Found] = {}
        """What was looked up with success, by the statement's text."""
        self.said: tuple[RuleFired, ...] = ()
        """The rules of what is said in words, where a field holds that."""

    def find(self, name: str, about: str) -> Found | None:
        """The statement that answers what the name and its surroundings ask for."""
        if not about.strip():
            return None
        found = self.scene.look_up(f"{as_question(name)} {about}")
        if found is None or not found.answers:
            return None
        self.founds[found.statement.text] = found
        return found

    def string(self, name: str, about: str, form: str) -> str | None:
        """Text, or a string of a format."""
        if form == "date":
            return self.day(name, about)
        if form != "text":
            known = IN_TURN.get(form)
            hit = known.search(self.scene.asked) if known else None
            return hit[0] if hit else None
        if name in {*ANSWERS, *SOURCES, *THINGS}:
            return self.by_name(name, about)
        found = self.in_turn(name)
        if found is None and (one := self.find(name, about)):
            return one.statement.text
        return found

    def by_name(self, name: str, about: str) -> str | None:
        """What a field of a usual name wants: the answer, its source, the thing in question."""
        if name in ANSWERS:
            return self.plain_answer()
        if name in SOURCES:
            return next(iter(self.sources()), None)
        things = self.scene.question.things
        named = [about] if about in things else sorted(things)
        return named[0].strip() if named else None

    def in_turn(self, name: str) -> str | None:
        """What the turn itself says for a field: "colour: red", or a name in capitals."""
        asked = self.scene.asked
        if name in PROPER and (named := NAME.search(asked)):
            return named[1]
        lower = asked.lower() if len(asked.lower()) == len(asked) else asked
        words = re.escape(spelled(name))
        told = re.search(rf"\b{words}(?: is|:| =) ?([^,.;\n]+)", lower) if words else None
        return asked[told.start(1) : told.end(1)].strip() if told else None

    def day(self, name: str, about: str) -> str | None:
        """A day of the turn, the next one for each field; else one that a document names."""
        if self.days:
            return self.days.pop(0) if len(self.days) > 1 else self.days[0]
        found = self.find(name, about)
        days = days_in(found.statement.folded) if found else []
        return days[0].isoformat() if days else None

    def plain_answer(self) -> str | None:
        """What the model would say without a schema, without its sources in brackets."""
        if self.results:
            return "; ".join(f"{name.replace('_', ' ')}: {v}" for name, v in self.results.items())
        return CITED.sub("", self.words)

    @cached_property
    def words(self) -> str:
        """What the model says in words, with its sources where the instructions ask for them."""
        reply = in_words(self.scene)
        self.said = reply.rules
        return text_of(reply.content)

    def sources(self) -> list[str]:
        """The documents on which the answer rests, as it names them or as they were found."""
        cited = CITED.search(self.words)
        named = re.findall(r"[\w-]+", cited[0]) if cited else []
        if not named and not self.results:
            named = [one.statement.document for one in self.scene.answers]
        return [one for one in dict.fromkeys(named) if one not in ("", "none")]

    def number(self, name: str, about: str) -> int | float | None:
        """The number that stands by the name in the turn, or in the statement that answers."""
        if name == "confidence":
            return round(max((one.cover for one in self.scene.answers), default=0.0), 2)
        last = spelled(name).split()[-1] if spelled(name).split() else ""
        unit = UNITS.get(last, f"{re.escape(last)}?" if last in SPANS else "")
        asked = self.scene.question.folded
        by_name = rf"\b{re.escape(spelled(name))}\D{{1,5}}{NUMBER}"
        hit = re.search(rf"\b{NUMBER} {unit}\b", asked) if unit else re.search(by_name, asked)
        if hit is None and (found := self.find(name, about)):
            text = found.statement.folded
            hit = (unit and re.search(rf"\b{NUMBER} {unit}\b", text)) or re.search(NUMBER, text)
        if not hit:
            return None
        return float(hit[1]) if "." in hit[1] else int(hit[1])

    def boolean(self, name: str, about: str) -> bool | None:
        """Whether the statement that answers agrees."""
        if name in KNOWS:
            return bool(self.scene.answers or self.results)
        found = self.find(name, about)
        return None if found is None else NEGATIVE.search(found.statement.folded) is None

    def choice(self, name: str, about: str, options: list[str]) -> str | None:
        """The option that stands in the turn, in a result, or in the statement that answers.

        Else the one that the instructions describe in the turn's words.
        """
        found = self.find(name, about)
        texts = [self.scene.question.folded, *map(str, self.results.values())]
        texts += [found.statement.folded] if found else []
        for text in texts:
            for option in options:
                words = re.escape(folded(option).replace("_", " "))
                if words and re.search(rf"\b{words}\b", folded(text)):
                    return option
        return self.described(options)

    def described(self, options: list[str]) -> str | None:
        """The option whose own line in the instructions, ``fees: prices, deposits``, fits best."""
        asked, best, chosen = set(terms(self.scene.question.folded)), 0, None
        for option in options:
            pattern = rf"^[^\w\n]{{0,9}}{re.escape(option)}[^\w\n]{{0,9}}: (.+)$"
            line = re.search(pattern, self.scene.system, re.MULTILINE)
            shared = len(asked & set(known_terms(line[1]))) if line else 0
            if shared > best:
                best, chosen = shared, option
        return chosen


def fields_of_results(scene: Scene) -> dict[str, object]:
    """The fields of all JSON objects that tools gave back in the last turn."""
    fields: dict[str, object] = {}
    for result in scene.results:
        content = result.get("content", "")
        try:
            read = json.loads(content if isinstance(content, str) else text_of(content))
        except (ValueError, RecursionError):
            continue
        if isinstance(read, dict):
            fields |= cast(Mapping[str, object], read)
    return fields


def as_question(name: str) -> str:
    """What a field asks for: ``loan_days`` is "how many days loan"."""
    *rest, last = spelled(name).split() or [""]
    if last in SPANS:
        return f"how many {last} {' '.join(rest).replace('loan', 'keep')}"
    return spelled(name)


def spelled(name: str) -> str:
    """A field's name as words: ``loanDays`` and ``loan_days`` are "loan days"."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return re.sub(r"[\W_]+", " ", apart).strip().lower()
