r"""A batch of messages, and how far it has come by when.

    created -> in_progress ---------------------> ended -> archived
                    \-> canceling (some seconds) ---/

Nothing runs: what has happened is worked out from the clock at each request. All times here are
seconds since the batch was created. How long a batch takes is made up, see ``course``.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from labkit.sim.answers import latency
from labkit.sim.envelope import Call
from labkit.sim.faults import Fault, FaultScript
from labkit.sim.luck import Luck

DAY_S = 24 * 3600.0
"""When a batch expires. Source: docs: batch processing, 2026-08-22."""
KEPT_S = 29 * DAY_S
"""How long its results are kept. Source: docs: batch processing, 2026-08-22."""

TYPICAL_S, PER_REQUEST_S, SIGMA = 600.0, 0.02, 0.8
"""Ten minutes and a little for each request, spread so that about one batch in a hundred takes
longer than an hour; the documentation says that most take less."""
CANCEL_S = (10.0, 60.0)
"""What is under way when a batch is canceled is finished within that time."""

OUTCOMES = ("succeeded", "errored", "canceled", "expired")


class Course(NamedTuple):
    """How a batch gets on if nobody cancels it: its requests are done evenly over ``work_s``."""

    requests: int
    """How many there are."""
    served: int
    """How many of them are done before the batch expires."""
    work_s: float

    @property
    def ends_s(self) -> float:
        """When the last one is done, or the batch expires."""
        return self.work_s if self.served == self.requests else DAY_S

    def done(self, age_s: float) -> int:
        """How many requests are done by then."""
        return self.served if age_s >= self.work_s else int(self.served * age_s / self.work_s)


class Settled(NamedTuple):
    """What came of a batch that has ended."""

    lines: bytes
    counts: Mapping[str, int]


@dataclass(slots=True)
class Batch:
    """One batch, as the provider remembers it."""

    id: str
    call: Call
    """The request that created it."""
    requests: Mapping[str, object]
    """The ``params`` of each ``custom_id``."""
    luck: Luck
    course: Course
    faults: Sequence[Fault] = ()
    """What goes wrong with this batch."""
    script: FaultScript = field(default_factory=FaultScript)
    """What went wrong with replies when it was created."""
    is_lasting: bool = False
    """Whether it survives being canceled and deleted: for conformance runs."""
    canceled_s: float | None = None
    settled: Settled | None = None

    def age_s(self, call: Call) -> float:
        """Seconds since it was created."""
        return call.now_s - self.call.now_s

    @property
    def ends_s(self) -> float:
        """When its processing ends, as things stand."""
        if self.canceled_s is None:
            return self.course.ends_s
        least, most = CANCEL_S
        wait_s = least + (most - least) * self.luck.uniform("cancel")
        return min(self.course.ends_s, self.canceled_s + wait_s)

    def has_ended(self, call: Call) -> bool:
        """Whether its processing is over."""
        return self.age_s(call) >= self.ends_s

    def is_archived(self, call: Call) -> bool:
        """Whether its results are gone."""
        return self.age_s(call) >= KEPT_S

    def status(self, call: Call) -> str:
        """``in_progress``, ``canceling`` or ``ended``."""
        if self.has_ended(call):
            return "ended"
        return "in_progress" if self.canceled_s is None else "canceling"


def course(count: int, luck: Luck, faults: Sequence[Fault]) -> Course:
    """How a batch will get on."""
    spread = latency.QUANTILES[luck.octets(1, "course")[0]]
    work_s = (TYPICAL_S + PER_REQUEST_S * count) * math.exp(SIGMA * spread)
    served = count
    for fault in faults:
        if fault.name == "batch_slow" and fault.factor is not None:
            work_s *= fault.factor
        if fault.name == "batch_expires":
            served = min(served, count - part(fault, count))
    if work_s > DAY_S:
        served, work_s = int(served * DAY_S / work_s), DAY_S
    return Course(count, served, work_s)


def part(fault: Fault, count: int) -> int:
    """How many of so many requests a fault strikes: its share, rounded up."""
    return math.ceil(round((fault.share or 0.0) * count, 6))


def order(batch: Batch) -> list[str]:
    """The order in which its requests are done, and stand in the results: never as they came."""
    given = list(batch.requests)
    drawn = sorted(given, key=lambda custom_id: batch.luck.uniform("order", custom_id))
    return drawn if drawn != given else drawn[::-1]
