"""The drill: a bad hour, five possible fixes, room for two; then the same hour again.

    two fixes -> an app -> 60 people, each in a lab of their own with a fault -> Hour -> view

What went wrong is a fixed list. An app with a fix is built here, from the same few lines as on the
page, so that any two can be put together.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice
from types import MappingProxyType
from typing import Any

import anthropic
from anthropic.types import Message

from labkit import catalog
from labkit.arguments import sendable, text, whole
from labkit.contrast.worlds import at_least_one
from labkit.lab import Lab, Run
from labkit.reliability import Retries, RetryPolicy
from labkit.sim import overloaded, refused, thinking_first, timed_out
from labkit.sim.faults import Fault
from labkit.views import PairScene, PairSide, Provenance, Step, View, Who, choice, draw_pair

HOUR: Mapping[str, tuple[tuple[Fault, ...], int]] = MappingProxyType(
    {
        "nothing went wrong": ((), 22),
        "overloaded three times": ((overloaded(times=3),), 12),
        "no answer at all": ((timed_out(times=3),), 4),
        "declined, empty": ((refused("empty"),), 8),
        "declined, canned text": ((refused("canned"),), 6),
        "a thinking block first": ((thinking_first(),), 8),
    }
)
"""What happened, and to how many people."""
NONE = "nothing yet"
FIXES = (
    "a deadline of 20 s",
    "five attempts",
    "read what the reply is",
    "ask again when it declines",
    "catch every exception",
)
LATER = "Latch cannot be reached just now. Please try again in a few minutes."
DESK = "Latch cannot answer that. Ask at the desk, open Tuesday to Saturday."
SOURCE = re.compile(r"\[[\w-]+\]\s*$")
PATIENCE_S = 60.0
LONG_S, SDK_TIMEOUT_S = 100_000.0, 600.0
OUTAGES = frozenset({"overloaded three times", "no answer at all"})
GOOD = frozenset({"answered", "told where to turn", "told to come back"})
NOT_SHOWN = (
    "How often each of these happens to you. Sort a week of your own log into these six lines, and "
    "choose the two fixes again."
)


def bad_hour(model: str, system: str, questions: Sequence[str], *, seed: int = 7) -> View:
    """Choose two of five fixes and replay the hour.

    Args:
        model: The model's id.
        system: The system prompt.
        questions: What people ask, in turn.
        seed: The same seed gives the same bytes.
    """
    catalog.model(text("model", model, "Nobody would answer."))
    sendable("system", system, "The model would not know what it is.")
    asked = at_least_one(questions)
    whole("seed", seed, "The same seed must give the same bytes.")

    @cache
    def replay(fixes: frozenset[str]) -> Hour:
        app = app_with(fixes, model, system, seed)
        return Hour({name: ends(app, name, asked, seed) for name in HOUR})

    def chosen(first: str, second: str) -> PairScene:
        fixes = frozenset({first, second}) - {NONE}
        return scene(replay(frozenset()), replay(fixes), fixes, seed)

    return View.of(
        chosen,
        draw_pair,
        {
            "first": choice("First fix", [NONE, *FIXES], value=FIXES[0]),
            "second": choice("Second fix", [NONE, *FIXES], value=FIXES[4]),
        },
    )


@dataclass(frozen=True, slots=True)
class Hour:
    """How the hour ended for everybody."""

    endings: Mapping[str, Counter[str]]
    """By what went wrong: how many people met which end."""

    @property
    def people(self) -> int:
        """Everybody who asked."""
        return sum(map(Counter.total, self.endings.values()))

    @property
    def helped(self) -> int:
        """Those who got an answer, or the right word about where or when to get one."""
        return sum(map(well, self.endings.values()))


def well(ends: Counter[str]) -> int:
    """How many of these ends are good ones."""
    return sum(count for end, count in ends.items() if end in GOOD)


App = Callable[[anthropic.Anthropic, str], str]


def app_with(fixes: frozenset[str], model: str, system: str, seed: int) -> App:
    """The seven lines with these fixes; waiting and trying again is one layer of its own."""
    waits = "a deadline of 20 s" in fixes
    policy = RetryPolicy(
        attempts=5 if "five attempts" in fixes else 3,
        deadline_s=20.0 if waits else LONG_S,
        timeout_s=6.0 if waits else SDK_TIMEOUT_S,
    )

    def ask(client: anthropic.Anthropic, question: str) -> str:
        layer = Retries(policy, rng=random.Random(seed))
        once = client.with_options(max_retries=0, middleware=[layer])
        for _ in range(3 if "ask again when it declines" in fixes else 1):
            reply = once.messages.create(
                model=model,
                max_tokens=300,
                system=system,
                messages=[{"role": "user", "content": question}],
            )
            if reply.stop_reason != "refusal":
                break
        return read(reply) if "read what the reply is" in fixes else first_block(reply)

    caught: list[type[Exception]] = [anthropic.APITimeoutError] * waits
    caught += [Exception] * ("catch every exception" in fixes)

    def app(client: anthropic.Anthropic, question: str) -> str:
        try:
            return ask(client, question)
        except tuple(caught):
            return LATER

    return app


def first_block(reply: Any) -> str:
    """What the prototype reads."""
    return str(reply.content[0].text)


def read(reply: Message) -> str:
    """The answer, or the way to the desk."""
    said = "".join(block.text for block in reply.content if block.type == "text")
    return said if reply.stop_reason == "end_turn" and SOURCE.search(said) else DESK


def ends(app: App, name: str, questions: Sequence[str], seed: int) -> Counter[str]:
    """How everybody ended whom this went wrong for."""
    faults, people = HOUR[name]
    asked = islice(cycle(questions), people)
    runs = (Lab(seed + n, faults=faults).ask(app, question) for n, question in enumerate(asked))
    return Counter(end_of(run, name) for run in runs)


def end_of(run: Run, name: str) -> str:
    """How it ended for one person."""
    said = (run.text or "").strip()
    if run.total_s > PATIENCE_S:
        return "waited too long"
    if run.error is not None:
        return "crashed"
    if said == LATER:
        return "told to come back" if name in OUTAGES else "told to come back in vain"
    if said == DESK:
        return "told where to turn"
    return "answered" if SOURCE.search(said) else "left with a no"


def scene(before: Hour, after: Hour, fixes: frozenset[str], seed: int) -> PairScene:
    """The hour before and after."""
    chosen = " and ".join(f"“{fix}”" for fix in sorted(fixes, key=FIXES.index)) or "no fix"
    troubled = before.people - HOUR["nothing went wrong"][1]
    return PairScene(
        finding=f"With {chosen}, {after.helped} of {after.people} people are helped; "
        f"without, {before.helped}.",
        given=f"{before.people} people ask in one hour; {troubled} of them meet trouble.",
        given_label="The hour",
        given_is_code=True,
        gets_label="How it ended",
        prototype=side("prototype", before),
        production=side("production", after),
        provenance=Provenance("simulated", (f"seed {seed}", "what goes wrong is scripted")),
        not_shown=NOT_SHOWN,
    )


def side(who: Who, hour: Hour) -> PairSide:
    """One version of the hour: everybody, then what went wrong line by line."""
    everybody = sum(hour.endings.values(), Counter[str]())
    said = ", ".join(f"{count} {end}" for end, count in everybody.most_common())
    is_well = hour.helped == hour.people
    return PairSide(
        who=who,
        word=f"{hour.helped} of {hour.people} helped",
        ending="ok" if is_well else "bad",
        shown=said,
        steps=tuple(step(name, counted) for name, counted in hour.endings.items()),
    )


def step(name: str, counted: Counter[str]) -> Step:
    """One thing that went wrong, and how it ended."""
    said = ", ".join(f"{count} {end}" for end, count in counted.most_common())
    return Step(name, "ok" if well(counted) == counted.total() else "bad", said)
