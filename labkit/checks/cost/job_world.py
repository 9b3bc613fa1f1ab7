"""C10: a disk that outlives a process, a clock, and work that fails or takes its process with it.

a learner's class -> World -> what the work was called with, how the jobs stand -> Seen
"""

import json
from dataclasses import dataclass
from typing import Any

from labkit.checks.exercise import Answer

WORK_S, LEASE_S = 5.0, 60.0
RAISED = "run_next raised"
DIED = "the process died"
UNKNOWN = "unknown"
"""What a queue says of an id that it does not know, whatever it does then."""
REFUSED, TAKEN = "refused", "taken"


class Died(BaseException):
    """The process ends in mid-work: nothing after it runs."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of some jobs."""

    calls: tuple[str, ...]
    """What the work was called with, in order."""
    states: tuple[str, ...] = ()
    """How the jobs stand in the end, in the order in which they came."""
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Both in words."""
        done = f"work was called for: {', '.join(self.calls) or 'nothing'}"
        states = f"the jobs are: {', '.join(self.states)}" if self.states else ""
        return "; ".join(filter(None, (done, states, *self.notes)))


class World:
    """One disk and the processes on it."""

    def __init__(self, answer: Answer) -> None:
        """The first process begins."""
        self.make = answer
        self.disk: dict[str, object] = {}
        self.now_s = 1_000.0
        self.calls: list[str] = []
        self.fails: set[str] = set()
        self.dies: set[str] = set()
        self.left = ""
        self.meanwhile: Any = None
        self.queue: Any = self.process()

    def process(self) -> Any:
        """Another process on the same disk."""
        return self.make(self.disk, self.work, lambda: self.now_s)

    def work(self, payload: str) -> str:
        """Five seconds; then it fails, takes the process with it, or is done."""
        self.calls.append(payload)
        self.now_s += WORK_S
        if self.meanwhile:
            self.meanwhile()
        if payload in self.dies:
            self.left = json.dumps(self.disk)
            raise Died
        if payload in self.fails:
            raise ValueError(payload)
        return f"the report of {payload}"

    def submit(self, *payloads: str) -> list[Any]:
        """A job for each, a second apart; its key is the payload in small letters."""
        ids = []
        for payload in payloads:
            self.now_s += 1
            ids.append(self.queue.submit(payload.lower(), payload))
        return ids

    def tried(self, payload: str) -> str:
        """Whether a job is taken."""
        try:
            self.submit(payload)
        except NotImplementedError:
            raise
        except Exception:
            return REFUSED
        return TAKEN

    def run(self, times: int = 1) -> list[Any]:
        """Let the worker look so often; what it gave each time."""
        given: list[Any] = []
        for _ in range(times):
            try:
                given.append(self.queue.run_next())
            except Died:
                given.append(DIED)
            except NotImplementedError:
                raise
            except Exception:
                given.append(RAISED)
        return given

    def restart(self, after_s: float = 0.0) -> None:
        """The process ends; the next one finds what stood on the disk as JSON."""
        kept = json.loads(self.left or json.dumps(self.disk))
        self.disk, self.left = kept, ""
        self.now_s += after_s
        self.queue = self.process()

    def status(self, id: Any) -> str:
        """How a job stands."""
        try:
            return str(self.queue.status(id))
        except NotImplementedError:
            raise
        except Exception:
            return UNKNOWN

    def seen(self, *ids: Any, notes: tuple[str, ...] = ()) -> Seen:
        """All that can be seen from outside."""
        return Seen(tuple(self.calls), tuple(map(self.status, ids)), notes)
