"""What came of traffic: every visit, the trace of all attempts, and a table per hour."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, isnan
from typing import TypeVar

from labkit.arguments import number, refused
from labkit.trace import Trace

T = TypeVar("T")

HOUR_S, TEN_MINUTES_S = 3600.0, 600.0
LONG_HOURS = 3
"""Traffic of so many hours or more is shown by the hour, shorter traffic by ten minutes."""
FEWEST = 20
"""Of fewer questions, a p95 would be the slowest one and nothing else."""
MOST_STRETCHES = 100_000


@dataclass(frozen=True, slots=True)
class Visit:
    """One question of one person, and what came of it."""

    user: int
    """From 1 on."""
    kind: str
    """``user``, ``heavy user`` or ``attacker``."""
    turn: int
    """Which question of the conversation it is, from 1 on."""
    when_s: float
    """When it was asked, in seconds since the traffic began."""
    question: str
    text: str | None
    """What the person read; None when the app returned nothing or raised."""
    error: str | None
    """The exception in one line; None when the app returned."""
    total_s: float
    """From the question to the answer or the crash, waiting in line included."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the time: the questions asked in it, and the attempts that began in it."""

    begins_s: float
    """Seconds since the traffic began."""
    visits: tuple[Visit, ...]
    trace: Trace

    @property
    def errors(self) -> int:
        """Questions on which the app raised."""
        return sum(visit.error is not None for visit in self.visits)

    @property
    def p50_s(self) -> float | None:
        """The median of the seconds that people waited; None where nobody asked."""
        return self.percentile_s(0.5)

    @property
    def p95_s(self) -> float | None:
        """What 19 of 20 people waited at most; None where fewer than 20 asked."""
        return self.percentile_s(0.95) if len(self.visits) >= FEWEST else None

    def percentile_s(self, share: float) -> float | None:
        """The nearest rank: the shortest wait that at least this share of people did not exceed."""
        waits = sorted(visit.total_s for visit in self.visits)
        return waits[max(0, ceil(share * len(waits)) - 1)] if waits else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """A stretch of simulated time in which many people asked an app."""

    visits: tuple[Visit, ...]
    """Every question that came to an end, in the order in which they were asked."""
    trace: Trace
    """Every attempt; times are seconds since the traffic began."""
    begins: datetime
    """The lab's date and time at the beginning."""
    hours: float
    users: int
    pattern: str
    seed: int
    planned: int
    """Questions that were to be asked."""
    stopped: str = ""
    """Why it ended early; empty when it did not."""

    def every(self, seconds: float = HOUR_S) -> tuple[Stretch, ...]:
        """The time cut into equal stretches, empty ones too; what came later is in the last."""
        wanted = number("seconds", seconds, "The time cannot be cut by it.")
        if not wanted or wanted * MOST_STRETCHES < self.hours * HOUR_S:
            follows = "The time cannot be cut by it."
            raise refused("seconds", seconds, follows, "Give 3600 for hours, or 60.")
        count = max(1, ceil(self.hours * HOUR_S / wanted))
        visits = cut([(visit.when_s, visit) for visit in self.visits], wanted, count)
        attempts = cut([(attempt.started_s, attempt) for attempt in self.trace], wanted, count)
        return tuple(
            Stretch(n * wanted, tuple(visits[n]), Trace(attempts[n])) for n in range(count)
        )

    def __repr__(self) -> str:
        """One line about all of it, and a row for each hour, or for each ten minutes."""
        return "\n".join([headline(self), *table(self)])


def cut(things: Sequence[tuple[float, T]], seconds: float, count: int) -> list[list[T]]:
    """Things by the stretch in which their time falls."""
    parts: list[list[T]] = [[] for _ in range(count)]
    for at_s, thing in things:
        parts[min(int(at_s / seconds), count - 1)].append(thing)
    return parts


def headline(traffic: Traffic) -> str:
    """How many asked how much in which time."""
    whole = Stretch(0.0, traffic.visits, traffic.trace)
    said = (
        f"{len(traffic.visits):,} questions of {traffic.users:,} users in {traffic.hours:g} h, "
        f"{traffic.pattern}: {whole.errors:,} errors"
    )
    if not traffic.stopped:
        return said
    return f"{said}; {traffic.planned:,} were planned, but it stopped: {traffic.stopped}"


HEADINGS = ("from (UTC)", "questions", "errors", "p50", "p95", "calls", "attempts", "USD")


def table(traffic: Traffic) -> Iterator[str]:
    """The rows, right-aligned under their headings; the last one is about all of it."""
    step_s = HOUR_S if traffic.hours >= LONG_HOURS else TEN_MINUTES_S
    rows: list[tuple[str, ...]] = [HEADINGS]
    for part in traffic.every(step_s):
        begins = traffic.begins + timedelta(seconds=part.begins_s)
        rows.append(row(f"{begins:%m-%d %H:%M}", part))
    rows.append(row("all", Stretch(0.0, traffic.visits, traffic.trace)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for one in rows:
        cells = zip(one, widths, strict=True)
        yield "  ".join(
            text.rjust(width) if n else text.ljust(width) for n, (text, width) in enumerate(cells)
        )


def row(name: str, part: Stretch) -> tuple[str, ...]:
    """One stretch; a dash where there is too little to say."""
    cost_usd = part.trace.cost_usd
    return (
        name,
        f"{len(part.visits):,}",
        f"{part.errors:,}",
        *("–" if s is None else f"{s:.1f} s" for s in (part.p50_s, part.p95_s)),
        f"{part.trace.calls:,}",
        f"{len(part.trace):,}",
        "unknown" if isnan(cost_usd) else f"{cost_usd:.4f}",
    )
