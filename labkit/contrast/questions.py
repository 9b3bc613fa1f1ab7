"""The contrast: many people ask, something goes wrong at some rate, and both apps answer.

    fault, rate, question -> both apps, a fresh lab per person -> ContrastResult -> view

``outcome_of`` decides how a question ended from what the person got, never from who answered.
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, Protocol

from labkit.errors import ArgumentError
from labkit.lab import App, Lab, Run
from labkit.sim import (
    connection_lost,
    html_page,
    overloaded,
    rate_limited,
    refused,
    thinking_first,
    timed_out,
)
from labkit.sim.faults import Fault
from labkit.views import ContrastResult, Drawing, View, amount, choice, draw_contrast
from labkit.views.sides import Outcome, Side, side_from_run


class FaultAtRate(Protocol):
    """Makes a fault that strikes a share of attempts."""

    def __call__(self, *, rate: float) -> Fault:
        """The fault at ``rate``, 0 to 1."""


FAULTS: Mapping[str, FaultAtRate] = MappingProxyType(
    {
        "529 overloaded": overloaded,
        "429 rate limited": rate_limited,
        "no answer": timed_out,
        "a lost connection": connection_lost,
        "a refusal": refused,
        "a web page": html_page,
        "a thinking block first": thinking_first,
    }
)
PEOPLE = 4
"""How many people ask each question; each has a lab of their own."""
PATIENCE_S = 60.0
"""Longer than this nobody waits for a library."""
SOURCE = re.compile(r"\[[a-z0-9-]+\]\s*$")
SENTENCE_END = (".", "!", "?", "”", ")")


def contrast(
    prototype: App,
    production: App,
    questions: Sequence[str],
    *,
    seed: int = 7,
    faults: Mapping[str, FaultAtRate] = FAULTS,
) -> View:
    """Run both apps on the same questions under the same faults, and show what people get.

    Args:
        prototype: Shown left.
        production: Shown right.
        questions: One to seven questions; four people ask each.
        seed: The same seed gives the same bytes.
        faults: What the first control offers, by the words for it.
    """
    _check(prototype, production, questions)

    def draw(fault: str, rate: float, question: str, was: Mapping[str, str]) -> Drawing:
        return draw_contrast(measure(fault, rate / 100, question), was)

    def measure(fault: str, rate: float, question: str) -> ContrastResult:
        scripted = [faults[fault](rate=rate)] if rate else []
        asked = [(q, person) for q in questions for person in range(PEOPLE)]
        runs = {
            who: [Lab(_seed(seed, person), faults=scripted).ask(app, q) for q, person in asked]
            for who, app in (("prototype", prototype), ("production", production))
        }
        ends = {who: tuple(map(outcome_of, done)) for who, done in runs.items()}
        shown = _parting(asked, question, ends)
        return ContrastResult(
            question=question,
            prototype=_side("prototype", runs, ends, shown),
            production=_side("production", runs, ends, shown),
            fault=fault,
            rate=rate,
            seed=seed,
            shown_index=shown,
        )

    controls = {
        "fault": choice("What goes wrong", list(faults)),
        "rate": amount("How often (share of attempts)", 0, 100, step=10, value=60, unit="%"),
        "question": choice("Question", list(questions)),
    }
    return View(draw, controls)


def outcome_of(run: Run) -> Outcome:
    """How a question ended for the person who asked it."""
    if run.total_s > PATIENCE_S:
        return "waited too long"
    if run.error is not None:
        return "crashed"
    text = (run.text or "").strip()
    if not text:
        return "blank"
    if SOURCE.search(text):
        return "answered"
    return "helped" if text.endswith(SENTENCE_END) else "half a sentence"


Who = Literal["prototype", "production"]


def _side(
    who: Who,
    runs: Mapping[str, Sequence[Run]],
    ends: Mapping[str, tuple[Outcome, ...]],
    shown: int,
) -> Side:
    """One column: the run on show, and how all of them ended."""
    mean_cost_usd = sum(run.trace.cost_usd for run in runs[who]) / len(runs[who])
    return side_from_run(
        runs[who][shown],
        who,
        ends[who][shown],
        cost_usd_per_1000=1000 * mean_cost_usd,
        outcomes=ends[who],
    )


def _parting(
    asked: Sequence[tuple[str, int]], question: str, ends: Mapping[str, tuple[Outcome, ...]]
) -> int:
    """The first person with this question for whom the apps differ, else the first with it."""
    places = [place for place, (q, _) in enumerate(asked) if q == question]
    left, right = ends["prototype"], ends["production"]
    return next((place for place in places if left[place] != right[place]), places[0])


def _seed(seed: int, person: int) -> int:
    """Each person's own luck; the first has the lab's."""
    return seed + 1000 * person


def _check(prototype: App, production: App, questions: Sequence[str]) -> None:
    """Refuse what cannot be compared, before anything runs."""
    for name, app in (("prototype", prototype), ("production", production)):
        if not callable(app):
            raise ArgumentError(
                f"{name} is {app!r}. It cannot be asked anything. "
                "Give a function of (client, question) that returns text."
            )
    if isinstance(questions, str) or not questions:
        raise ArgumentError(
            f"questions is {questions!r}. Nobody would ask anything. Give a list of questions."
        )
