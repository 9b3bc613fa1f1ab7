r"""A batch of messages, and how far it has come by when.

    created -> in_progress ---------------------> ended -> archived
                    \-> canceling (some seconds) ---/

Ages are seconds since the batch was created. How long a batch takes is made up, see ``course``;
``batch_work`` does its requests.
"""

import math
from collections import Counter, deque
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

    def done_s(self, place: int) -> float:
        """How old the batch is when the request at this place is done."""
        return self.work_s * ((place + 1) / self.served)


@dataclass(slots=True)
class Batch:
    """One batch, as the provider remembers it."""

    id: str
    call: Call
    """The request that created it."""
    waiting: deque[tuple[str, object]]
    """The ``custom_id`` and ``params`` of each request that is not done, in the order of work."""
    luck: Luck
    course: Course
    failing: Mapping[str, int] = field(default_factory=dict)
    """The requests that a fault lets fail, and the status of each."""
    script: FaultScript = field(default_factory=FaultScript)
    """What went wrong with replies when it was created."""
    size_bytes: int = 0
    """Of all its requests."""
    is_lasting: bool = False
    """Whether it survives being canceled and deleted: for conformance runs."""
    canceled_s: float | None = None
    done: list[str] = field(default_factory=list)
    """A line of JSON for each request that is done."""
    counts: Counter[str] = field(default_factory=Counter)
    """How many of them came out how."""

    @property
    def next_s(self) -> float | None:
        """When the next request is done, in the provider's seconds; None if none is any more."""
        place = len(self.done)
        if place == self.course.served or self.course.done_s(place) > self.ends_s:
            return None
        return self.call.now_s + self.course.done_s(place)

    @property
    def missed(self) -> str:
        """What becomes of requests that are not done when it ends."""
        return "expired" if self.canceled_s is None else "canceled"

    @property
    def lines(self) -> bytes:
        """The results of a batch that has ended, a line each."""
        result = f'{{"type":"{self.missed}"}}'
        return "".join([*self.done, *(line(name, result) for name, _ in self.waiting)]).encode()

    @property
    def outcomes(self) -> Mapping[str, int]:
        """How many requests of a batch that has ended came out how."""
        counts = {**self.counts, self.missed: len(self.waiting)}
        return {kind: counts.get(kind, 0) for kind in OUTCOMES}

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
        return call.now_s >= self.call.now_s + self.ends_s

    def is_archived(self, call: Call) -> bool:
        """Whether its results are gone."""
        return call.now_s >= self.call.now_s + KEPT_S

    def status(self, call: Call) -> str:
        """``in_progress``, ``canceling`` or ``ended``."""
        if self.has_ended(call):
            return "ended"
        return "in_progress" if self.canceled_s is None else "canceling"


def line(custom_id: str, result: str) -> str:
    """One line of the results."""
    return f'{{"custom_id":"{custom_id}","result":{result}}}\n'


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


def in_order(requests: Mapping[str, object], luck: Luck) -> deque[tuple[str, object]]:
    """The requests in the order of work, in which the results stand: never as they came."""
    given = list(requests)
    drawn = sorted(given, key=lambda custom_id: luck.uniform("order", custom_id))
    order = drawn if drawn != given else drawn[::-1]
    return deque((custom_id, requests[custom_id]) for custom_id in order)


def failing(requests: Mapping[str, object], luck: Luck, faults: Sequence[Fault]) -> dict[str, int]:
    """The requests that faults let fail, and the status of each."""
    found: dict[str, int] = {}
    for place, fault in enumerate(faults):
        if fault.name == "batch_errors" and fault.status is not None:
            drawn = {one: luck.uniform("errors", place, one) for one in requests}
            struck = sorted(drawn, key=lambda one: drawn[one])[: part(fault, len(drawn))]
            found.update(dict.fromkeys(struck, fault.status))
    return found
