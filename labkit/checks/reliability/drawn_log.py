"""R4: the logs that an answer draws from, and what came of drawing with many seeds."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from labkit.checks.exercise import Answer
from labkit.checks.reliability.eval_sets import THINGS
from labkit.checks.verdict import told
from labkit.evals import LogRecord

TODAY = date(2026, 11, 23)
"""The day that the exercise names."""
KEPT = TODAY + timedelta(days=14)
MASK = "[number]"
Log = tuple[LogRecord, ...]


def redact(text: str) -> str:
    """The redactor that every case hands over: it takes out numbers such as 555-0142."""
    return re.sub(r"\d{3}-\d{4}", MASK, text)


def rows(topic: str, *texts: str, language: str = "en") -> list[LogRecord]:
    """Messages that may be used and that nobody has judged; the text is the id for now."""
    return [LogRecord(text, text, topic, language, expires=KEPT) for text in texts]


def numbered(records: Sequence[LogRecord]) -> Log:
    """The same records with ids in the order of their arrival."""
    return tuple(replace(one, id=f"m{n:03}") for n, one in enumerate(records, 1))


QUIET = [
    *rows("loans", *(f"can i extend the {thing}" for thing in THINGS)),
    *rows("loans", *(f"how long can i keep the {thing}" for thing in THINGS)),
    *rows("fees", *(f"how much is the {thing}" for thing in THINGS[:8])),
    *rows("loans", *(f"puedo alargar: {thing}" for thing in THINGS[:3]), language="es"),
    *rows("visit", *(f"are you open on day {n}" for n in range(7))),
    *rows("safety", "the heater smells of gas", "the ladder has a crack"),
]
"""48 different messages in four topics and two languages."""
HI = ("hi", "Hi", "HI", "hi!", "Hi!", "hi!!", "hi.", "HI!")
GREETINGS = rows("scope", *HI, *HI, *HI, "ok")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked, once for each seed."""

    log: Log
    k: int
    seeds: Sequence[int]
    by: str
    shows: "Callable[[Draws], str]"
    """What a reader must see of what comes."""


@dataclass(frozen=True, slots=True)
class Draws:
    """What came of the same question with many seeds."""

    plan: Plan
    came: tuple[object, ...]
    """One for each seed."""
    changed: bool
    """Whether the log that was handed over is another now."""

    def __repr__(self) -> str:
        if self.odd:
            return told(self.odd[0])
        return "another log than before" if self.changed else self.plan.shows(self)

    @property
    def log(self) -> Log:
        """What was drawn from."""
        return self.plan.log

    @property
    def k(self) -> int:
        """How many were asked for."""
        return self.plan.k

    @property
    def by_id(self) -> Mapping[str, LogRecord]:
        """The records of the log."""
        return {one.id: one for one in self.log}

    @property
    def odd(self) -> tuple[object, ...]:
        """What is no list of examples."""
        return tuple(one for one in self.came if not is_examples(one, self.by_id))

    @property
    def ids(self) -> tuple[tuple[str, ...], ...]:
        """Whom each draw has drawn."""
        return tuple(tuple(each.id for each in one) for one in self.came)  # type: ignore[attr-defined]

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """What each draw keeps."""
        return tuple(tuple(each.text for each in one) for one in self.came)  # type: ignore[attr-defined]

    @property
    def records(self) -> tuple[tuple[LogRecord, ...], ...]:
        """The records behind the examples of each draw."""
        return tuple(tuple(self.by_id[id] for id in ids) for ids in self.ids)

    @property
    def strays(self) -> tuple[str, ...]:
        """The ids in the draws that must not be used."""
        free = {one.id for one in usable(self.log)}
        return tuple(sorted({id for ids in self.ids for id in ids if id not in free}))

    @property
    def twins(self) -> tuple[str, ...]:
        """The texts of the first draw that has one message as two examples."""
        for texts in self.texts:
            keys = [plain(text) for text in texts]
            if again := tuple(text for text in texts if keys.count(plain(text)) > 1):
                return again
        return ()

    @property
    def raw(self) -> tuple[str, ...]:
        """The texts in which something is left to take out."""
        return tuple(text for texts in self.texts for text in texts if redact(text) != text)

    @property
    def sizes(self) -> set[int]:
        """How many were drawn."""
        return {len(ids) for ids in self.ids}

    def missing(self, field: str) -> set[str]:
        """The values of a field that at least one draw has lost."""
        wanted = {getattr(one, field) for one in usable(self.log)}
        return {
            value
            for draw in self.records
            for value in wanted - {getattr(one, field) for one in draw}
        }

    def stand_for(self) -> Mapping[str, float]:
        """By topic, the sum of the weights, on average over the draws."""
        sums: dict[str, float] = defaultdict(float)
        for draw in self.came:
            for one in draw:  # type: ignore[attr-defined]
                sums[self.by_id[one.id].topic] += one.weight / len(self.came)
        return sums


def is_examples(value: object, ids: Collection[str]) -> bool:
    """Whether a value is a list of examples out of this log."""
    return isinstance(value, (list, tuple)) and all(is_example(one, ids) for one in value)


def is_example(value: object, ids: Collection[str]) -> bool:
    """Whether a value has an id of the log, a text and a weight."""
    id, text, weight = (getattr(value, name, None) for name in ("id", "text", "weight"))
    is_number = isinstance(weight, (int, float)) and not isinstance(weight, bool)
    return isinstance(id, str) and id in ids and isinstance(text, str) and is_number


def usable(log: Sequence[LogRecord]) -> list[LogRecord]:
    """What an eval set may be drawn from."""
    return [one for one in log if not one.opted_out and one.expires and one.expires > TODAY]


def plain(text: str) -> str:
    """A text without capitals and punctuation, after redaction."""
    return re.sub(r"\W+", " ", redact(text)).lower().strip()


def draws(answer: Answer, plan: Plan) -> Draws:
    """Ask once for each seed, each time with a log of its own."""
    came, changed = [], False
    for seed in plan.seeds:
        given = list(plan.log)
        found = answer(given, plan.k, seed=seed, redact=redact, stratify_by=plan.by)
        came.append(list(found) if isinstance(found, (map, filter, zip)) else found)
        changed = changed or tuple(given) != plan.log
    return Draws(plan, tuple(came), changed)
