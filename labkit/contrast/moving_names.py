"""One line of code on a calendar: a name that moves beside the id that it meant at first.

week, name -> the catalogue's day -> the same call under both names -> CalendarScene -> view

The calendar, the models and their prices are simulated. Which model the app asks, what it pays
and what it makes of the reply is what happens.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

import anthropic
from anthropic.types import Message

from labkit import catalog
from labkit.arguments import function, refused, sendable, whole
from labkit.contrast.worlds import MOST_ATTEMPTS, MOST_SECONDS
from labkit.lab import Lab, one_line
from labkit.views import Provenance, View, Who, amount, choice
from labkit.views.cost.calendar import CalendarScene, Lane, Meaning, day_of, draw_calendar
from labkit.views.words import number, usd

Ask = Callable[[anthropic.Anthropic, str, str], Message]
FIRST_DAY = date(2026, 9, 1)
MOST_WEEKS, FIRST_WEEK = 25, 12
WEEK = timedelta(days=7)
NAMES: Mapping[str, str] = MappingProxyType(
    {"lab-fast-latest": "it says so", "lab-fast-1": "looks like an id"}
)
"""The names of the catalogue that move within the calendar."""
ENDS: Mapping[str | None, str] = MappingProxyType(
    {"end_turn": "whole", "max_tokens": "cut at max_tokens", "refusal": "declined"}
)
NOT_SHOWN = (
    "When a real provider moves a name, and what it costs then: these models, days and prices are "
    "made up. Look your own names up on the provider's page of models."
)
NOTHING: Mapping[str, str] = MappingProxyType(
    {"tokens in": "none", "tokens out": "none", "USD per 1,000 calls": "none"}
)


@dataclass(frozen=True, slots=True)
class Got:
    """What one call got."""

    word: str
    shown: str = ""
    facts: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    is_whole: bool = False

    @property
    def usd(self) -> str:
        """What a thousand such calls cost."""
        return self.facts["USD per 1,000 calls"]


def moving_names(ask: Ask, question: str, *, seed: int = 7) -> View:
    """Move the calendar, and see which model answers the same call under either name.

    Args:
        ask: ``(client, model, question)``; it returns the provider's message.
        question: What is asked every week.
        seed: The same seed gives the same bytes.
    """
    function("ask", ask, "client", "model", "question")
    sendable("question", question, "Nobody can be asked it.")
    whole("seed", seed, "The same seed must give the same answers.")

    @cache
    def got(name: str, day: date) -> Got:
        lab = Lab(seed, today=day, max_attempts=MOST_ATTEMPTS, max_seconds=MOST_SECONDS)
        return called(ask, lab.client, name, question)

    def scene(weeks: int, name: str) -> CalendarScene:
        day = FIRST_DAY + weeks * WEEK
        pinned = catalog.model(name, FIRST_DAY).id
        left, right = got(name, day), got(pinned, day)
        lanes = lane("prototype", name, day, left), lane("production", pinned, day, right)
        notes = (f"seed {seed}", "models, days and prices are made up")
        return CalendarScene(
            finding=finding(lanes, left, right, day),
            first=FIRST_DAY,
            last=FIRST_DAY + MOST_WEEKS * WEEK,
            day=day,
            lanes=lanes,
            asked=question,
            provenance=Provenance("simulated", notes),
            not_shown=NOT_SHOWN,
        )

    since = f"Weeks since {day_of(FIRST_DAY)}"
    weeks = amount(since, 1, MOST_WEEKS, value=FIRST_WEEK, unit="weeks")
    named = {f"{name} ({looks})": name for name, looks in NAMES.items()}
    names = choice("The name that moves", named, radio=True)
    return View.of(scene, draw_calendar, {"weeks": weeks, "name": names})


def called(ask: Ask, client: anthropic.Anthropic, name: str, question: str) -> Got:
    """What the call gets under a name; that no model has it is a result, too."""
    try:
        message = ask(client, name, question)
    except anthropic.APIStatusError as problem:
        return Got(f"{problem.status_code}, no such model", one_line(problem))
    if not isinstance(message, Message):
        follows = "Nobody can tell which model answered."
        raise refused("what ask returned", message, follows, "Return the provider's message.")
    usage = message.usage
    cost = catalog.cost_usd(usage, message.model)
    return Got(
        word=ENDS.get(message.stop_reason, f"{message.stop_reason}"),
        shown="".join(block.text for block in message.content if block.type == "text"),
        facts={
            "tokens in": number(usage.input_tokens),
            "tokens out": number(usage.output_tokens),
            "USD per 1,000 calls": usd(1000 * cost),
        },
        is_whole=message.stop_reason == "end_turn",
    )


def lane(who: Who, name: str, day: date, got: Got) -> Lane:
    """A name with its meanings up to a day."""
    return Lane(
        who=who,
        called=name,
        meanings=meanings(name, day),
        fate="ok" if got.is_whole else "bad",
        word=got.word,
        shown=got.shown,
        facts=got.facts,
    )


def meanings(name: str, until: date) -> tuple[Meaning, ...]:
    """What a name has meant since the first day, as the catalogue has it."""
    found: list[Meaning] = []
    for n in range((until - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=n)
        means = catalog.model(name, day)
        answers = "" if means.stage(day) == "retired" else means.id
        if not found or found[-1].model != answers:
            found.append(Meaning(day, answers))
    return tuple(found)


def finding(lanes: tuple[Lane, Lane], left: Got, right: Got, day: date) -> str:
    """Since when the name means another model, and what that changed."""
    moving, pinned = lanes
    if not pinned.now.model:
        return (
            f"Since {day_of(pinned.now.since)} no model answers to {pinned.called}: the pinned app "
            f"stops where everybody sees it. {moving.called} has meant another one since "
            f"{day_of(moving.now.since)}."
        )
    if moving.now.model == pinned.now.model:
        return f"On {day_of(day)} both names mean {pinned.called}, and both apps get the same."
    return (
        f"Since {day_of(moving.now.since)} the unchanged line asks {moving.now.model}: "
        f"{changes(left, right)}."
    )


def changes(left: Got, right: Got) -> str:
    """What a call gets now and did not get before."""
    said = []
    if left.usd != right.usd:
        said.append(f"{left.usd} instead of {right.usd} USD per 1,000 calls")
    if left.word != right.word:
        said.append(f"the reply is {left.word}")
    elif left.shown != right.shown:
        said.append("other words")
    return ", and ".join(said) or "price and reply are as before, and nothing says that it moved"
