"""Running an eval: every sample once, through a fresh client, into a report."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias, TypeVar

import anthropic
import httpx2

from labkit.arguments import every, function, known, line, refused, shown, whole, words
from labkit.errors import OutOfBudget, SimulatorError
from labkit.evals.values import Answer, Sample, Score

Client = TypeVar("Client")
App: TypeAlias = Callable[[Client, str], str | Answer]

Z_95 = 1.959963984540054
LONGEST_REASON = 160
ROWS_SHOWN = 10
MOST_SAMPLES = 10**15
CLIENTS_FAULT = frozenset(range(400, 500)) - {408, 409, 429}
"""Statuses that no retry helps; the others are the provider's (anthropic 2.12.0, _should_retry)."""


def evaluate(
    app: App[Client], samples: Iterable[Sample], client_for: Callable[[Sample], Client]
) -> "Report":
    """Ask the app every sample, each with a client of its own, and score what comes back."""
    function("app", app, "client", "question")
    function("client_for", client_for, "sample")
    wanted = every("samples", samples, Sample, "labkit.case.samples()")
    return Report(tuple(ask(app, sample, client_for(sample)) for sample in wanted))


def ask(app: App[Client], sample: Sample, client: Client) -> "Row":
    """One sample's row. An app that raises makes a row too; only a bug of the simulator passes."""
    try:
        answer = app(client, sample.input)
    except SimulatorError:
        raise
    except (Exception, OutOfBudget) as error:
        state = "not run" if is_providers_failure(error) else "error"
        return Row(
            sample, state, reason=line(f"{type(error).__name__}: {words(error)}", LONGEST_REASON)
        )
    if isinstance(answer, str):
        answer = Answer(answer)
    if not isinstance(answer, Answer):
        return Row(sample, "error", reason=f"the app returned {type(answer).__name__}, not a text")
    scores = tuple(scorer(answer) for scorer in sample.scorers)
    said = "; ".join(f"{one.scorer}: {one.reason}" for one in scores if not one.holds)
    faults = line(said, LONGEST_REASON)
    return Row(sample, "failed" if faults else "passed", answer, scores, faults)


def is_providers_failure(error: BaseException) -> bool:
    """Whether the provider, not the app's answer, is why there is none."""
    if isinstance(error, anthropic.APIStatusError):  # status 200: an error event in a stream
        return error.status_code not in CLIENTS_FAULT
    return isinstance(error, (anthropic.APIConnectionError, httpx2.TransportError))


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one sample."""

    sample: Sample
    state: str
    """``passed``, ``failed``, ``error`` (the app raised) or ``not run`` (the provider failed)."""
    answer: Answer | None = None
    """What the app returned; None when it raised."""
    scores: tuple[Score, ...] = ()
    reason: str = ""
    """Why it did not pass, on one line; empty when it passed."""

    def __repr__(self) -> str:
        """One line: the sample, its state, the reason."""
        return " · ".join(filter(None, (self.sample.id, self.state, self.reason)))


@dataclass(frozen=True, slots=True)
class Report:
    """How many samples passed, with the interval, whole and by tag."""

    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        """Refuse what is not rows."""
        every("rows", self.rows, Row, "evaluate(app, samples, client_for).rows")

    @property
    def n(self) -> int:
        """Samples that were scored: those that passed, failed or raised, not those not run."""
        return len(self.rows) - self.not_run

    @property
    def passed(self) -> int:
        """Samples of which every scorer holds."""
        return self.count("passed")

    @property
    def errors(self) -> int:
        """Samples on which the app raised; they count as scored and not passed."""
        return self.count("error")

    @property
    def not_run(self) -> int:
        """Samples that the provider's failure kept from being scored."""
        return self.count("not run")

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson interval of the share that passed; None when nothing was scored."""
        return wilson(self.passed, self.n) if self.n else None

    @property
    def by_tag(self) -> dict[str, "Report"]:
        """A report for each tag: first the kinds, then the topics, then the rest."""
        place = {tag: n for row in self.rows for n, tag in enumerate(row.sample.tags)}
        return {tag: self.only(tag) for tag in sorted(place, key=place.__getitem__)}

    def only(self, tag: str) -> "Report":
        """The report on the samples that carry a tag."""
        if not any(tag in row.sample.tags for row in self.rows):
            tags = [one for row in self.rows for one in row.sample.tags]
            known(tag, dict.fromkeys(tags), "a tag of these samples", "Nothing is counted by it.")
        return Report(tuple(row for row in self.rows if tag in row.sample.tags))

    def count(self, state: str) -> int:
        """How many rows are in a state."""
        return sum(row.state == state for row in self.rows)

    def __repr__(self) -> str:
        """A small table: all samples, then each tag; then the first rows that did not pass."""
        parts = {"all": self, **self.by_tag}
        width = max(map(len, parts))
        table = [f"{tag:<{width}}  {part.share()}" for tag, part in parts.items()]
        others = [row for row in self.rows if row.state != "passed"]
        more = [f"and {len(others) - ROWS_SHOWN} more"] * (len(others) > ROWS_SHOWN)
        return "\n".join([*table, *map(repr, others[:ROWS_SHOWN]), *more])

    def share(self) -> str:
        """The count with its interval, and how many raised or were not run."""
        extra = [f"{self.errors} raised"] * (self.errors > 0)
        extra += [f"{self.not_run} not run"] * (self.not_run > 0)
        if self.interval is None:
            return ", ".join(["none scored", *extra])
        low, high = self.interval
        share = f"{self.passed} of {self.n} ({low * 100:.0f}\u2013{high * 100:.0f}\u202f%)"
        return ", ".join([share, *extra])


def wilson(passed: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share, as two numbers from 0 to 1.

    E. B. Wilson, 1927; without continuity correction.
    """
    follows = "No interval can be given for it."
    whole("n", n, follows, least=1, most=MOST_SAMPLES)
    if whole("passed", passed, follows, least=0) > n:
        raise refused("passed", passed, f"It is more than n, {shown(n)}.", "Give n or less.")
    share, z2 = passed / n, Z_95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    low = middle - half if passed else 0.0
    high = middle + half if passed < n else 1.0
    return low, high
