"""Tools in five moods, and what a loop without a limit makes of them beside one with limits.

    mood, turn cap -> tools that count, a model -> both apps, a fresh lab each -> LoopScene -> view

The prototype takes ``(client, question, tools)``; production also takes how many turns it may use.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import anthropic

from labkit import case, clock
from labkit.arguments import function, sendable, whole
from labkit.errors import OutOfBudget
from labkit.lab import Lab, one_line
from labkit.lab.run import as_text
from labkit.reliability import Tool
from labkit.sim.luck import Luck
from labkit.sim.model import SimulatedModel
from labkit.sim.reply import Reply
from labkit.trace import Trace
from labkit.views import PairScene, PairSide, Provenance, Step, View, Who, amount, choice
from labkit.views.reliability.tool_loop import LoopScene, draw_loop
from labkit.views.words import number, usd

Loop = Callable[[anthropic.Anthropic, str, Sequence[Tool]], str]
CappedLoop = Callable[[anthropic.Anthropic, str, Sequence[Tool], int], str]
Given = Mapping[str, Any]

BUDGET = 20
"""Calls of the model after which the lab ends an app that goes on."""
MOST_TURNS, FIRST_TURNS = 12, 6
ENDED = Step(f"after {BUDGET} turns", "bad", "the lab's budget ends it; nothing else would")
AT_ONCE = 30
SCRIPTED = ("ping-pong", "30 calls at once")
"""Moods in which a script writes the model's turns; in the others the simulated model does."""
WORKS = "It is free on those days."
PENDING = "The calendar is still working. Try again."
NOT_SHOWN = (
    "How often a tool hangs, and how often a real model calls it again. Both are made up here; "
    "the limits hold whatever they are."
)


def tool_moods(prototype: Loop, production: CappedLoop, question: str, *, seed: int = 7) -> View:
    """Give the tools another mood and production another cap, and show what each loop spends.

    Args:
        prototype: Shown left; takes ``(client, question, tools)``.
        production: Shown right; takes ``(client, question, tools, turns)``.
        question: What both are asked; it should want ``check_availability``.
        seed: The same seed gives the same bytes.
    """
    function("prototype", prototype, "client", "question", "tools")
    function("production", production, "client", "question", "tools", "turns")
    sendable("question", question, "No app can be asked it.")
    whole("seed", seed, "The same seed must give the same bytes.")

    def scene(mood: str, turns: int) -> LoopScene:
        def limited(client: anthropic.Anthropic, asked: str, tools: Sequence[Tool]) -> str:
            return production(client, asked, tools, turns)

        capped = side("production", limited, question, Mood.of(mood, seed))
        plain = side("prototype", prototype, question, Mood.of(mood, seed))
        by = "a script" if mood in SCRIPTED else "the simulated model"
        notes = (f"seed {seed}", f"the turns are written by {by}", f"the lab ends at {BUDGET}")
        pair = PairScene(
            finding=finding(plain.side, capped.side),
            given=question,
            gets_label="What the person reads",
            provenance=Provenance("simulated", notes),
            not_shown=NOT_SHOWN,
            prototype=plain.side,
            production=capped.side,
        )
        return LoopScene(pair, plain.tokens, capped.tokens)

    moods = choice("The tools", list(MOODS), value="always pending")
    turns = amount("Turn cap of production", 2, MOST_TURNS, value=FIRST_TURNS, unit="turns")
    return View.of(scene, draw_loop, {"mood": moods, "turns": turns})


@dataclass(slots=True)
class Mood:
    """A fresh lab, and tools that count how often they are called."""

    lab: Lab
    answer: Callable[[Given, int], str]
    """What a tool says to its input, at its so many-th call."""
    calls: int = 0
    tools: tuple[Tool, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Make the tools: one that looks, one that searches."""
        self.tools = tuple(
            Tool(one.definition(), self.called)
            for one in case.tools()
            if one.name in ("check_availability", "search_catalogue")
        )

    @classmethod
    def of(cls, name: str, seed: int) -> "Mood":
        """This mood, unused."""
        model, answer = MOODS[name]
        return cls(Lab(seed, model=model(), max_attempts=BUDGET), answer)

    def called(self, given: Given) -> str:
        """Count the call and answer it."""
        self.calls += 1
        return self.answer(given, self.calls)


class PingPong(SimulatedModel):
    """Asks one tool, then the other, and so on; without tools it says what it has."""

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:  # noqa: ARG002 - as all models
        """The next turn of the script."""
        if no_tools(body):
            return says("I could not find out which fog machine it is.")
        if turns_of(body) % 2:
            return asks(("search_catalogue", {"query": "fog machine"}))
        return asks(("check_availability", days_of(0, "fog machine")))


class Eager(SimulatedModel):
    """Asks for thirty days in one turn, and then says what it has."""

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:  # noqa: ARG002 - as all models
        """The next turn of the script."""
        if no_tools(body) or turns_of(body):
            return says("It is free on each day that I could look at.")
        return asks(*(("check_availability", days_of(day)) for day in range(AT_ONCE)))


def no_tools(body: Mapping[str, object]) -> bool:
    """Whether the request lets no tool be called."""
    return body.get("tool_choice") == {"type": "none"}


def turns_of(body: Mapping[str, object]) -> int:
    """How many turns of the model stand in the request."""
    messages = body["messages"]
    assert isinstance(messages, Sequence)
    return sum(message["role"] == "assistant" for message in messages)


def says(words: str) -> Reply:
    """A turn of words."""
    return Reply(({"type": "text", "text": words},))


def asks(*calls: tuple[str, Given]) -> Reply:
    """A turn of tool calls."""
    blocks = ({"type": "tool_use", "name": name, "input": given} for name, given in calls)
    return Reply(tuple(blocks), "tool_use")


def days_of(day: int, item: str = "fog-machine") -> Given:
    """The input for one day, so many after the fifth of December."""
    iso = (date(2026, 12, 5) + timedelta(days=day)).isoformat()
    return {"item": item, "first_day": iso, "last_day": iso}


def always(words: str) -> Callable[[Given, int], str]:
    """A tool that says the same to everything."""
    return lambda *_: words


def fails_once(_: Given, count: int) -> str:
    """The first call finds the calendar away."""
    if count == 1:
        raise TimeoutError("the calendar did not answer")
    return WORKS


def to_the_other(given: Given, _: int) -> str:
    """Each tool sends the model to the other one."""
    if "query" in given:
        return "One thing found: fog machine. For its item name ask check_availability."
    return "There is no such item. Ask search_catalogue for its name."


MOODS: Mapping[str, tuple[Callable[[], SimulatedModel], Callable[[Given, int], str]]] = (
    MappingProxyType(
        {
            "work": (SimulatedModel, always(WORKS)),
            "fail once": (SimulatedModel, fails_once),
            "always pending": (SimulatedModel, always(PENDING)),
            "ping-pong": (PingPong, to_the_other),
            "30 calls at once": (Eager, always(WORKS)),
        }
    )
)
"""What writes the model's turns, and what a tool says."""


@dataclass(frozen=True, slots=True)
class Spun:
    """One app's side, and the input tokens of each of its turns."""

    side: PairSide
    tokens: tuple[int, ...]


def side(who: Who, app: Callable[..., object], question: str, mood: Mood) -> Spun:
    """What one app gave the person, and what it spent on it."""
    shown = error = ""
    word = "said something"
    with clock.use(mood.lab.clock):
        try:
            answer = app(mood.lab.client, question, mood.tools)
            shown = "" if answer is None else as_text(answer)
            word = word if shown.strip() else "a blank bubble"
        except OutOfBudget:
            word = "still going"
        except Exception as raised:
            word, error = "crashed", one_line(raised)
    trace = mood.lab.trace
    one = PairSide(
        who=who,
        word=word,
        ending="ok" if word == "said something" else "bad",
        shown=shown,
        error=error,
        steps=(ENDED,) if word == "still going" else (),
        facts=facts(trace, mood.calls),
    )
    sent = tuple(one.usage.total_input_tokens for one in trace if one.error is None)
    return Spun(one, sent)


def facts(trace: Trace, calls: int) -> dict[str, str]:
    """What it took."""
    return {
        "turns": number(sum(one.error is None for one in trace)),
        "tool calls": number(calls),
        "tokens in": number(trace.usage.total_input_tokens),
        "USD per 1,000 questions": usd(1000 * trace.cost_usd),
    }


def finding(prototype: PairSide, production: PairSide) -> str:
    """What both did, with the numbers."""
    left, right = (
        f"{VERBS[one.word]} after {counted(one, 'turn')} and {counted(one, 'tool call')}"
        for one in (prototype, production)
    )
    return f"The prototype {left}; production {right}."


def counted(one: PairSide, what: str) -> str:
    """``20 turns``, ``1 tool call``."""
    count = one.facts[f"{what}s"]
    return f"{count} {what}{'s' * (count != '1')}"


VERBS: Mapping[str, str] = MappingProxyType(
    {
        "said something": "says something",
        "a blank bubble": "shows a blank bubble",
        "still going": "still goes on",
        "crashed": "crashes",
    }
)
