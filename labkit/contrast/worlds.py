"""The lab in which an app of the reader's runs: fresh, equal, and left again.

seed, faults  -> world   -> Lab that ends an app which goes on asking or waiting: OutOfBudget
app, question -> run_app -> Run, also of such an app
"""

from collections.abc import Iterable, Sequence

from labkit.arguments import every, refused, sendable
from labkit.errors import OutOfBudget
from labkit.lab import App, Lab, Run, one_line
from labkit.sim.faults import Fault

MOST_ATTEMPTS = 40
"""For one question; two layers of retries send nine."""
MOST_SECONDS = 100_000.0
"""Simulated, for one question; three attempts without an answer take half an hour."""


def world(seed: int, faults: Iterable[Fault] = (), *, questions: int = 1) -> Lab:
    """A fresh lab for one question or one conversation, or for several questions in a row."""
    attempts, seconds = questions * MOST_ATTEMPTS, questions * MOST_SECONDS
    return Lab(seed, faults=faults, max_attempts=attempts, max_seconds=seconds)


def run_app(app: App, question: str, seed: int, faults: Iterable[Fault] = ()) -> Run:
    """What an app does with one question in a fresh lab; that it never ends is a result, too."""
    lab = world(seed, faults)
    try:
        return lab.ask(app, question)
    except OutOfBudget as over:
        return Run(question, None, one_line(over), lab.trace, lab.clock.monotonic())


def askable(questions: Sequence[str]) -> tuple[str, ...]:
    """Questions that can be sent."""
    found = every("questions", questions, str, '["How long may I keep a drill?"]')
    for one in found:
        sendable("something in questions", one, "Nobody can be asked it.")
    return found


def at_least_one(questions: Sequence[str]) -> tuple[str, ...]:
    """Questions that can be counted."""
    found = askable(questions)
    if not found:
        raise refused("questions", [], "A share of none says nothing.", "Give at least one.")
    return found
