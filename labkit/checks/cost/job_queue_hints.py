"""C10: what a queue that forgets, waits or takes too much does to the people behind it."""

from collections.abc import Callable

from labkit.checks.cost.job_world import RAISED, REFUSED, TAKEN, UNKNOWN, Seen
from labkit.checks.exercise import Hint


def hint(id: str, fits: Callable[[Seen], bool], says: str, more: str = "") -> Hint:
    """A hint for what was seen; nothing else fits it."""
    return Hint(id, lambda got: isinstance(got, Seen) and fits(got), says, more)


def is_state(*states: str) -> Callable[[Seen], bool]:
    """Whether the first job is in one of these states."""
    return lambda got: got.states[0] in states


WORKS_IN_SUBMIT = hint(
    "works-in-submit",
    lambda got: bool(got.calls),
    "The work was done while the person waited for the id. A thread or a task that is awaited is "
    "the same wait in another place.",
    "`submit` writes the job down and returns; only `run_next` calls `work`.",
)
NEWEST_FIRST = hint(
    "newest-first",
    lambda got: got.calls[:1] == ("June",),
    "The newest job was done first. On a busy day the oldest never comes.",
    "Take the waiting job with the earliest time.",
)
AGAIN = hint(
    "does-it-again",
    lambda got: len(got.calls) > len(set(got.calls)),
    "A job was done twice. Its report is paid twice, or its letter goes out twice.",
    "After the work the job's state is `done`; `run_next` takes only what waits.",
)
FORGETS_KEY = hint(
    "forgets-key",
    lambda got: len(got.calls) > 1 or "two ids" in got.notes,
    "Somebody clicked twice, and there are two jobs. The key says that it is the same wish.",
    "Look whether the key is there before you write a job; return the id of the one that is.",
)
FORGETS_WHEN_DONE = hint(
    "forgets-when-done",
    lambda got: len(got.calls) > 1 or "two ids" in got.notes,
    "The report was done, somebody asked for it again, and it was made a second time. A key holds "
    "whatever the state of its job.",
    "Keep done jobs on the disk, and find them by their key.",
)
IN_MEMORY = hint(
    "in-memory",
    lambda got: not got.calls or is_state(UNKNOWN)(got),
    "We restarted the service, and the job was gone. What stands only in the object, in a list, a "
    "`queue.Queue` or a copy of the disk, ends with the process.",
    "Write into the `disk` that you are given, at once, and read from it each time.",
)
LOST_ON_CRASH = hint(
    "lost-on-crash",
    lambda got: len(got.calls) == 1 and not is_state("running")(got),
    "The process died in mid-work, and nobody does the job again: it was taken off the list, or "
    "called done, before its work was.",
    "While it is worked on the job is `running`, on the disk, with the time at which it began.",
)
STUCK = hint(
    "runs-for-ever",
    is_state("running"),
    "The worker died a minute ago, and its job still counts as running. Nobody will ever do it.",
    "A job that began `LEASE_S` ago and still runs has lost its worker: it waits again.",
)
BOTH = hint(
    "both-do-it",
    lambda got: len(got.calls) > 1,
    "Two workers do the same job at the same time. The second looked while the first had begun.",
    "Write `running` and the time on the disk before you call `work`.",
)
STOPS = hint(
    "stops-the-worker",
    lambda got: RAISED in got.notes,
    "One report that cannot be made ended the worker, and all jobs behind it wait for a person.",
    "Catch `Exception` around `work`; it is a failed attempt of this job and nothing more.",
)
CALLED_DONE = hint(
    "calls-it-done",
    is_state("done"),
    "The work raised, and its job is called done. Somebody looks for a report that is not there.",
    "A job is done where `work` returned.",
)
GIVES_UP = hint(
    "gives-up-at-once",
    lambda got: got.calls.count("May") < 3,  # noqa: PLR2004 - MOST_ATTEMPTS
    "The provider was overloaded for a moment, and the job was given up. The next attempt may do.",
    "It waits again until it was tried `MOST_ATTEMPTS` times.",
)
FOR_EVER = hint(
    "poison-for-ever",
    lambda got: got.calls.count("May") > 3,  # noqa: PLR2004 - MOST_ATTEMPTS
    "A job that can never be done is tried for ever. Each attempt is paid.",
    "Count the attempts on the disk; after `MOST_ATTEMPTS` the job is `parked`, for a person.",
)
BLOCKS = hint(
    "blocks-the-queue",
    lambda got: got.calls[:2] == ("May", "May"),
    "The job that fails is tried again before anybody else's turn. It blocks the queue.",
    "After a failure its time is now: it waits behind the others.",
)
KILLS = hint(
    "counts-after-the-work",
    lambda got: got.calls.count("May") > 3,  # noqa: PLR2004 - MOST_ATTEMPTS
    "This job ends each process that takes it, and is never parked. Either an attempt is counted "
    "after the work, which it never reaches, or nobody looks at the count when a job was lost.",
    "Count it on the disk before you call `work`; where the lease is over and the count has "
    "reached `MOST_ATTEMPTS`, the job is `parked` and does not wait again.",
)
UNBOUNDED = hint(
    "unbounded",
    lambda got: got.notes[0] == TAKEN,
    "The queue takes any number of jobs. Everybody gets an id, the last one for a report next "
    "week, and its worker runs into the provider's limit (429).",
    "Where `MOST_WAITING` jobs wait or run, a new one raises `FullError`.",
)
FULL_FOR_KNOWN = hint(
    "full-for-a-known-key",
    lambda got: got.notes[1] == REFUSED,
    "Somebody whose job is in the queue was told that the queue is full, and asked later for "
    "another. A known key needs no place.",
    "Look for the key first, then for a place.",
)
NEVER_ROOM = hint(
    "counts-the-done",
    lambda got: got.notes[2] == REFUSED,
    "A job was done, and the queue is still full: it counts what is over, and one day it takes "
    "nothing any more.",
    "Count the jobs that wait or run.",
)
COUNTS_PARKED = hint(
    "counts-the-parked",
    lambda got: got.notes[0] == REFUSED,
    "Five jobs wait for a person, and till she comes nobody can ask for a report: the queue says "
    "that it is full, and its worker has nothing to do.",
    "Count the jobs that wait or run; a parked one does neither.",
)
