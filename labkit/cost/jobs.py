"""Slow work off the path of a request: written down now, done later, and never lost.

    submit(key, payload) -> Job -> status(id): waiting -> running -> done
                                      a failure -> waiting again, in the end parked
                                      a worker that dies -> waiting again when its lease is over

The file is the queue: whatever process opens it goes on where the last one ended. Work may be done
twice, when a worker dies after the work and before it could say so; so it must bear that.
"""

import hashlib
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from labkit import clock
from labkit.arguments import function, known, line, number, refused, sendable, text, whole, words
from labkit.errors import LabkitError

State: TypeAlias = Literal["waiting", "running", "done", "parked"]
STATES = dict.fromkeys(get_args(State))
COLUMNS = "id, payload, state, attempts, result, reason"
LONGEST_REASON = 160
KEY = "Make the key from all that the work depends on."


class QueueFullError(LabkitError):
    """So much waits already that a new job would only wait for nothing: say that you are busy."""


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work, as it stands now."""

    id: str
    """To ask for it by; the same key has the same one."""
    payload: str
    state: State
    """``waiting``, ``running``, ``done``; ``parked``: it failed so often that a person looks."""
    attempts: int = 0
    """How often it was begun."""
    result: str = ""
    """What the work returned, once it is done."""
    reason: str = ""
    """Why it failed the last time."""

    def __repr__(self) -> str:
        """Its id and state, then how often it was tried and why it failed."""
        tried = f"{self.attempts} attempt{'s' * (self.attempts != 1)}"
        return " · ".join(filter(None, (self.id, self.state, tried, self.reason)))


Work: TypeAlias = Callable[[str], str]
WorkAsync: TypeAlias = Callable[[str], Awaitable[str]]


class JobQueue:
    """Jobs in a table, the oldest first; each worker has a queue of its own on the same file.

    Time is the clock's date, not its seconds: another process must understand it.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        most_waiting: int = 100,
        most_attempts: int = 3,
        lease_s: float = 300.0,
    ) -> None:
        """Keep the jobs in this database; the table is made where it is missing.

        Args:
            connection: To a file; what is kept in memory is lost with its process.
            most_waiting: So many may wait or run; the next one is told that the queue is full.
            most_attempts: A job that was begun so often and is not done is parked.
            lease_s: A job that runs longer counts as lost: its worker has died. Take several times
                what the slowest work needs.
        """
        if not isinstance(connection, sqlite3.Connection):
            follows = "No job can be kept in it."
            raise refused("connection", connection, follows, 'Give sqlite3.connect("jobs.db").')
        whole("most_waiting", most_waiting, "No job could ever wait.", least=1)
        whole("most_attempts", most_attempts, "No job could ever run.", least=1)
        number("lease_s", lease_s, "Nobody could tell when a worker has died.")
        self.connection = connection
        self.most_waiting, self.most_attempts = most_waiting, most_attempts
        self.lease_s = lease_s
        with connection:
            connection.execute(
                "create table if not exists jobs (place integer primary key, id text unique, "
                "payload text, state text, attempts integer, result text, reason text, "
                "since real)"
            )

    def submit(self, key: str, payload: str) -> Job:
        """Write a job down and return at once; the same key is the same job, whatever its state.

        Raises:
            QueueFullError: So many are waiting already.
            ArgumentError: The key belongs to another payload.
        """
        if not text("key", key, "A job is told from others by it.").strip():
            raise refused("key", key, "Jobs without a key would all be the same job.", KEY)
        id = id_of(key)
        asked = sendable("payload", payload, "The work would not know what to do.")
        with self.connection:
            self.connection.execute(
                "insert or ignore into jobs (id, payload, state, attempts, result, reason, since) "
                "select ?, ?, 'waiting', 0, '', '', ? where (select count(*) from jobs "
                "where state in ('waiting', 'running')) < ?",
                (id, asked, now_s(), self.most_waiting),
            )
        found = self.found(id)
        if found is None:
            raise QueueFullError(
                f"{self.most_waiting} jobs are waiting. One more would only wait longer. "
                "Tell the person to come back, and start more workers if it lasts."
            )
        if found.payload != asked:
            follows = (
                "It belongs to a job with another payload, whose result would be given for it."
            )
            raise refused("key", key, follows, KEY)
        return found

    def status(self, id: str) -> Job:
        """How a job stands."""
        found = self.found(text("id", id, "No job has it."))
        if found is None:
            raise refused("id", id, "No job has it.", "Give the id of what submit() returned.")
        return found

    def jobs(self, state: str) -> list[Job]:
        """The jobs in a state, in the order in which they came into it."""
        known(state, STATES, "a state of a job", "No job can be in it.")
        rows = self.connection.execute(
            f"select {COLUMNS} from jobs where state = ? order by since, place", (state,)
        )
        return [job_of(row) for row in rows]

    def run_next(self, work: Work) -> Job | None:
        """Do the job that has waited longest, and say how it stands then; None where none waits.

        Args:
            work: From a payload to a result. An exception is a failed attempt; what ends the
                process, such as an interrupt, leaves the job to the next worker.
        """
        function("work", work, "payload")
        job = self.taken()
        if job is None:
            return None
        try:
            return self.done(job, work(job.payload))
        except Exception as problem:
            return self.failed(job, problem)

    async def run_next_async(self, work: WorkAsync) -> Job | None:
        """The same with work that is awaited; run it in as many tasks as may work at once."""
        function("work", work, "payload", awaited=True)
        job = self.taken()
        if job is None:
            return None
        try:
            return self.done(job, await work(job.payload))
        except Exception as problem:
            return self.failed(job, problem)

    def release(self, id: str) -> bool:
        """A person has looked at a parked job and lets it run again; False where it is not parked.

        Its attempts are counted anew.
        """
        job = self.found(text("id", id, "No job has it."))
        return job is not None and job.state == "parked" and self.put(job, "waiting", attempts=0)

    def taken(self) -> Job | None:
        """Mark the next job as running, in one step that no other worker can come between."""
        now = now_s()
        lost = now - self.lease_s
        with self.connection:
            self.connection.execute(
                "update jobs set state = 'parked', reason = ?, since = ? "
                "where state = 'running' and since <= ? and attempts >= ?",
                ("its worker died, or it ran too long", now, lost, self.most_attempts),
            )
            rows = self.connection.execute(
                "update jobs set state = 'running', attempts = attempts + 1, since = ? "
                "where place = (select place from jobs where state = 'waiting' "
                "or (state = 'running' and since <= ?) order by since, place limit 1) "
                f"returning {COLUMNS}",
                (now, lost),
            ).fetchall()
        return job_of(rows[0]) if rows else None

    def done(self, job: Job, result: str) -> Job:
        """Keep a result, unless the job was given to another worker in the meantime."""
        text("the result of the work", result, "Nobody could be given it.")
        self.put(job, "done", result=clean(result))
        return self.status(job.id)

    def failed(self, job: Job, problem: Exception) -> Job:
        """Let a job wait at the end of the queue, or park it after its last attempt."""
        is_last = job.attempts >= self.most_attempts
        reason = line(clean(f"{type(problem).__name__}: {words(problem)}"), LONGEST_REASON)
        self.put(job, "parked" if is_last else "waiting", reason=reason)
        return self.status(job.id)

    def put(
        self,
        job: Job,
        state: State,
        *,
        result: str = "",
        reason: str = "",
        attempts: int | None = None,
    ) -> bool:
        """Change a job that stands as it was seen; its attempts tell one worker from the next."""
        tried = job.attempts if attempts is None else attempts
        with self.connection:
            changed = self.connection.execute(
                "update jobs set state = ?, attempts = ?, result = ?, reason = ?, since = ? "
                "where id = ? and state = ? and attempts = ?",
                (state, tried, result, reason, now_s(), job.id, job.state, job.attempts),
            )
        return changed.rowcount == 1

    def found(self, id: str) -> Job | None:
        """The job with this id."""
        query = f"select {COLUMNS} from jobs where id = ?"
        rows = self.connection.execute(query, (clean(id),)).fetchall()
        return job_of(rows[0]) if rows else None


def now_s() -> float:
    """The clock's date in seconds: unlike its monotonic time, it outlives a process."""
    return clock.current().utcnow().timestamp()


def id_of(key: str) -> str:
    """What a job is asked for by: made from the key, which it does not show."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"job_{digest[:24]}"


def job_of(row: Sequence[Any]) -> Job:
    """A row of the table as a value."""
    return Job(*row)


def clean(said: str) -> str:
    """The text with a question mark for each half of a character."""
    return said.encode("utf-8", "replace").decode("utf-8")
