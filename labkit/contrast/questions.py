"""The contrast: many people ask, something goes wrong at some rate, and both apps answer.

    fault, rate, question -> both apps, a fresh lab per person -> ContrastResult -> view

``outcome_of`` decides how a question ended from what the person got, never from who answered.
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from labkit.arguments import fits, function, shown, table, whole
from labkit.arguments import refused as refused_value
from labkit.contrast.worlds import askable, run_app
from labkit.lab import App, Run
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
from labkit.views import View, Who, amount, choice
from labkit.views.contrast import draw_contrast
from labkit.views.controls import MOST_OPTIONS
from labkit.views.sides import ContrastResult, Outcome, Side, side_from_run


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
USUAL_RATE = 60
"""Percent of attempts that the fault strikes before anybody moves the control."""
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
        questions: One to seven questions; four people ask each. The view begins with one for
            which the apps differ.
        seed: The same seed gives the same bytes.
        faults: What the first control offers, by the words for it.

    Raises:
        ArgumentError: Something of this cannot be compared.
    """
    function("prototype", prototype, "client", "question")
    function("production", production, "client", "question")
    questions = askable(questions)
    _check(questions, faults)
    whole("seed", seed, "The same seed must give the same bytes.")

    def measured(fault: str, rate: float, question: str) -> ContrastResult:
        scripted = [faults[fault](rate=rate / 100)] if rate else []
        asked = [(q, person) for q in questions for person in range(PEOPLE)]
        runs = {
            who: [run_app(app, q, _seed(seed, person), scripted) for q, person in asked]
            for who, app in (("prototype", prototype), ("production", production))
        }
        ends = {who: tuple(map(outcome_of, done)) for who, done in runs.items()}
        shown = _parting(asked, question, ends)
        return ContrastResult(
            question=asked[shown][0],
            prototype=_side("prototype", runs, ends, shown),
            production=_side("production", runs, ends, shown),
            fault=fault,
            rate=rate / 100,
            seed=seed,
            shown_index=shown,
        )

    first = measured(next(iter(faults)), USUAL_RATE, "")
    controls = {
        "fault": choice("What goes wrong", list(faults)),
        "rate": amount(
            "How often (share of attempts)", 0, 100, step=10, value=USUAL_RATE, unit="%"
        ),
        "question": choice("Question", questions, value=first.question),
    }
    return View.of(measured, draw_contrast, controls)


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
    """The first person with this question for whom the apps differ, else the first with it.

    No question in particular means any of them.
    """
    places = [place for place, (q, _) in enumerate(asked) if question in ("", q)]
    left, right = ends["prototype"], ends["production"]
    return next((place for place in places if left[place] != right[place]), places[0])


def _seed(seed: int, person: int) -> int:
    """Each person's own luck; the first has the lab's."""
    return seed + 1000 * person


def _check(questions: Sequence[str], faults: Mapping[str, FaultAtRate]) -> None:
    """Refuse what cannot be asked or cannot go wrong, before anything runs."""
    if not 0 < len(set(questions)) == len(questions) <= MOST_OPTIONS:
        follows = "The view has a list to choose from."
        remedy = f"Give 1 to {MOST_OPTIONS} different ones; four people ask each."
        raise refused_value("questions", list(questions), follows, remedy)
    if not table("faults", faults, "Nothing can go wrong by it."):
        follows = "The view has nothing to let go wrong."
        raise refused_value("faults", {}, follows, 'Give {"529 overloaded": overloaded}.')
    for name, make in faults.items():
        if not (callable(make) and fits(make, 0, "rate") and isinstance(make(rate=0.5), Fault)):
            follows = "It makes no fault that strikes a share of attempts."
            raise refused_value(
                f"faults[{shown(name)}]", make, follows, "Give, for example, overloaded."
            )
