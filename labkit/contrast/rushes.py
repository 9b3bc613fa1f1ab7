"""A minute at a service: chats all the time, monthly reports at its beginning, few workers.

handle, work, queue -> rush -> Rush: who waited how long, what each worker did, what is lost

Time is simulated; waiting for a worker and for the queue is what the handler's own code does.
"""

import asyncio
import math
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import anthropic

from labkit import clock
from labkit.arguments import function, number, refused, whole
from labkit.case import samples
from labkit.lab import Lab

CHATS, EVERY_S, FIRST_S = 20, 3.0, 1.0
"""Twenty people ask in a minute, one every three seconds."""
MONTHS = tuple(f"2026-{month:02}" for month in range(11, 3, -1))
LOOKS_S = 1.0
"""So often the worker looks whether a job is there."""
LONGEST_S = 1_000.0
"""Then nobody waits any more."""
FEW = 20
"""Of fewer people, 19 of 20 are all of them."""
MOST_WORKERS = 8


class Queue(Protocol):
    """What a handler and the worker ask of a queue; ``labkit.cost.JobQueue`` is one."""

    def submit(self, key: str, payload: str) -> object:
        """Write a job down and return at once."""

    async def run_next_async(self, work: Callable[[str], Awaitable[str]]) -> object:
        """Do the next job; something false where there is none."""


Work = Callable[[anthropic.AsyncAnthropic, str], Awaitable[str]]
OpenQueue = Callable[[sqlite3.Connection], Queue]


@dataclass(slots=True)
class Desk:
    """What a handler works with: the workers, the queue, and the work itself."""

    slots: asyncio.Semaphore
    """Its free workers: ``async with desk.slots``."""
    work: Callable[[str, str], Awaitable[str]]
    """Does a piece of work by its kind and payload, and returns the text."""
    jobs: Any = None
    """The queue; None where the service has none."""


Handle = Callable[[Desk, str, str], Awaitable[object]]


@dataclass(slots=True)
class Person:
    """Somebody who came, and when they were told something."""

    kind: str
    payload: str
    came_s: float
    told_s: float | None = None
    """None where the connection was lost."""

    @property
    def waited_s(self) -> float:
        """From coming to reading; without end where nothing came."""
        return math.inf if self.told_s is None else self.told_s - self.came_s


@dataclass(slots=True)
class Span:
    """Some seconds in which a worker did one thing."""

    kind: str
    payload: str
    began_s: float
    ended_s: float = math.inf
    is_whole: bool = False
    """Whether it came to its end."""


@dataclass(slots=True)
class Rush:
    """What became of everybody."""

    people: list[Person] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)

    def of(self, kind: str) -> list[Person]:
        """The people who wanted this."""
        return [one for one in self.people if one.kind == kind]

    def p95_s(self, kind: str) -> float | None:
        """What 19 of 20 people waited at most; None where nobody came."""
        waits = sorted(one.waited_s for one in self.of(kind))
        return waits[math.ceil(0.95 * len(waits)) - 1] if waits else None

    @property
    def lost(self) -> list[str]:
        """The reports that nobody will ever get."""
        whole = {one.payload for one in self.spans if one.is_whole}
        return [one.payload for one in self.of("report") if one.payload not in whole]

    @property
    def done_s(self) -> float | None:
        """When the last report was done; None where none was."""
        ends = [one.ended_s for one in self.spans if one.kind == "report" and one.is_whole]
        return max(ends, default=None)

    @property
    def seconds(self) -> dict[str, float]:
        """How long each piece of work took by itself, by its payload."""
        return {one.payload: one.ended_s - one.began_s for one in self.spans if one.is_whole}

    def __repr__(self) -> str:
        """A line for the chats, one for the reports, one for what is lost."""
        end = f"reports lost: {len(self.lost)}; the last one was done after {said(self.done_s)}"
        return "\n".join([self.told("chat"), self.told("report"), end])

    def told(self, kind: str) -> str:
        """How long the people with one kind of wish waited."""
        people = self.of(kind)
        never = sum(one.told_s is None for one in people)
        if not people:
            return f"no {kind}s"
        if never:
            return f"{len(people)} {kind}s: {never} of them never told anything"
        longest = said(max(one.waited_s for one in people))
        if len(people) < FEW:
            return f"{len(people)} {kind}s: all told within {longest}"
        p95 = said(self.p95_s(kind))
        return f"{len(people)} {kind}s: 19 of 20 told within {p95}, all within {longest}"


def said(value_s: float | None) -> str:
    """Seconds in words: ``4.9 s``, ``no answer``, ``none``."""
    if value_s is None:
        return "none"
    return f"{value_s:.1f} s" if math.isfinite(value_s) else "no answer"


def rush(  # noqa: PLR0913 - all but three by name
    handle: Handle,
    chat: Work,
    report: Work,
    *,
    queue: OpenQueue | None = None,
    reports: int = 5,
    workers: int = 2,
    restart_s: float | None = None,
    seed: int = 7,
) -> Rush:
    """Let everybody come, and note who waits how long.

    Args:
        handle: The service's code for one person: ``(desk, kind, payload)``.
        chat: The work for a chat: ``(client, question)``.
        report: The work for a report: ``(client, month)``.
        queue: Makes the queue on a connection to a file; one worker then does its jobs, and the
            others are left for ``desk.slots``. None for a service without one.
        reports: So many people want one, all in the first second.
        workers: How many pieces of work are done at once, in all.
        restart_s: When the service's process ends and begins again; None for never.
        seed: The same seed gives the same seconds.
    """
    function("chat", chat, "client", "question", awaited=True)
    function("report", report, "client", "month", awaited=True)
    whole("seed", seed, "The same seed must give the same seconds.")
    lab = Lab(seed)
    works = {"chat": chat, "report": report}

    async def work(kind: str, payload: str) -> str:
        return await works[kind](lab.async_client, payload)

    minute = Minute(handle, work, queue, reports, workers, restart_s)
    lab.run(lambda _: minute.passes())
    return minute.rush


def replay(  # noqa: PLR0913 - all but two by name
    handle: Handle,
    seconds: Mapping[str, float],
    *,
    queue: OpenQueue | None,
    reports: int,
    workers: int,
    restart_s: float | None,
) -> Rush:  # fmt: skip
    """The same with work that only takes its time."""

    async def work(_: str, payload: str) -> str:
        await clock.current().sleep_async(seconds[payload])
        return payload

    minute = Minute(handle, work, queue, reports, workers, restart_s)
    Lab().run(lambda _: minute.passes())
    return minute.rush


class Minute:
    """One service on one file, with everybody who comes to it."""

    def __init__(  # noqa: PLR0913, PLR0917 - what ``rush`` was given
        self,
        handle: Handle,
        work: Callable[[str, str], Awaitable[str]],
        queue: OpenQueue | None,
        reports: int,
        workers: int,
        restart_s: float | None,
    ) -> None:
        """Nobody has come yet."""
        function("handle", handle, "desk", "kind", "payload", awaited=True)
        if queue is not None:
            function("queue", queue, "connection")
        whole("reports", reports, "So many people cannot come.", least=0)
        whole("workers", workers, "Nobody could be served.", least=1 if queue is None else 2)
        if reports > len(MONTHS) or workers > MOST_WORKERS:
            most = f"at most {len(MONTHS)} reports and {MOST_WORKERS} workers"
            raise refused(
                "reports, workers", (reports, workers), "They are too many.", f"Take {most}."
            )
        if restart_s is not None:
            number("restart_s", restart_s, "Nothing can end then.")
        self.handle, self.inner, self.queue = handle, work, queue
        self.workers, self.restart_s = workers, restart_s
        self.rush = Rush(coming(reports))
        self.serving: set[asyncio.Task[None]] = set()
        self.start_s = 0.0

    @property
    def now_s(self) -> float:
        """Seconds since the beginning."""
        return clock.current().monotonic() - self.start_s

    async def passes(self) -> None:
        """Everybody comes; it ends when everybody has been told and every job is done."""
        self.start_s = clock.current().monotonic()
        with TemporaryDirectory(prefix="labkit-") as folder:
            file = Path(folder) / "jobs.db"
            ends = [LONGEST_S] if self.restart_s is None else [self.restart_s, LONGEST_S]
            for end_s in ends:
                await self.one_process(file, end_s)

    async def one_process(self, file: Path, end_s: float) -> None:
        """From the start of a process to its end; what it held in memory ends with it."""
        connection = sqlite3.connect(file, check_same_thread=False)
        connection.execute("pragma synchronous = off")  # a process ends here, never the machine
        try:
            desk, worker = self.opened(connection)
            for person in self.rush.people:
                if self.now_s <= person.came_s < end_s:
                    await self.until(person.came_s)
                    self.serving.add(asyncio.create_task(self.serve(desk, person)))
            await self.settled(others(*worker), end_s)
            ending = others() | {*worker}
            for task in ending:
                task.cancel()
            for came in await asyncio.gather(*ending, return_exceptions=True):
                if isinstance(came, Exception):
                    raise came  # the worker's own: its queue is at fault
        finally:
            connection.close()

    def opened(self, connection: sqlite3.Connection) -> tuple[Desk, list[asyncio.Task[None]]]:
        """A desk with its free workers; with a queue one of them does its jobs."""
        if self.queue is None:
            return Desk(asyncio.Semaphore(self.workers), self.work), []
        jobs = self.queue(connection)
        worker = asyncio.create_task(self.works_on(jobs))
        return Desk(asyncio.Semaphore(self.workers - 1), self.work, jobs), [worker]

    async def settled(self, tasks: set[asyncio.Task[Any]], end_s: float) -> None:
        """Wait until everybody is told and every report is there, or the process ends."""
        if tasks:
            await asyncio.wait(tasks, timeout=end_s - self.now_s)
        while self.now_s < end_s:
            if end_s == LONGEST_S and (self.queue is None or not self.rush.lost):
                return
            await self.until(min(self.now_s + LOOKS_S, end_s))

    async def until(self, moment_s: float) -> None:
        """Wait for a moment."""
        await clock.current().sleep_async(max(0.0, moment_s - self.now_s))

    async def serve(self, desk: Desk, person: Person) -> None:
        """One person, from coming to being told."""
        with suppress(Exception):  # a handler that fails tells nothing
            await self.handle(desk, person.kind, person.payload)
            person.told_s = self.now_s

    async def works_on(self, jobs: Queue) -> None:
        """The worker of the queue."""

        async def report(month: str) -> str:
            return await self.work("report", month)

        while True:
            if not await jobs.run_next_async(report):
                await clock.current().sleep_async(LOOKS_S)

    async def work(self, kind: str, payload: str) -> str:
        """Do it, and note from when to when."""
        span = Span(kind, payload, self.now_s)
        self.rush.spans.append(span)
        try:
            done = await self.inner(kind, payload)
            span.is_whole = True
            return done
        finally:
            span.ended_s = self.now_s


def others(*but: asyncio.Task[Any]) -> set[asyncio.Task[Any]]:
    """Every task of this process but the one that asks; also those that a handler began."""
    return asyncio.all_tasks() - {asyncio.current_task(), *but}


def coming(reports: int) -> list[Person]:
    """Everybody in the order in which they come."""
    questions = [one.input for one in samples() if "happy" in one.tags][:CHATS]
    people = [Person("report", month, 0.1 * n) for n, month in enumerate(MONTHS[:reports])]
    people += [Person("chat", one, FIRST_S + EVERY_S * n) for n, one in enumerate(questions)]
    return sorted(people, key=lambda one: one.came_s)
