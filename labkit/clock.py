"""Where production code asks for time.

``current()`` is the system's clock unless a lab has set its own for the app that it runs, so
deadlines, back-off and expiry work alike in real and in simulated time.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

from labkit.arguments import number, refused


@runtime_checkable
class Clock(Protocol):
    """What code may ask of time."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""

    def utcnow(self) -> datetime:
        """The date and time, in UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait, in synchronous code."""

    async def sleep_async(self, seconds: float) -> None:
        """Wait, in asynchronous code."""


class SystemClock:
    """The machine's own time."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        return time.monotonic()

    def utcnow(self) -> datetime:
        """The date and time, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait really."""
        time.sleep(waiting_s(seconds))

    async def sleep_async(self, seconds: float) -> None:
        """Wait really, and let other tasks run."""
        await asyncio.sleep(waiting_s(seconds))


LONGEST_WAIT_S = 3e7
"""About a year; far beyond it the system refuses the number in words of its own."""

_current: ContextVar[Clock] = ContextVar("labkit_clock", default=SystemClock())  # noqa: B039


def current() -> Clock:
    """The clock of whoever runs this code."""
    return _current.get()


@contextmanager
def use(clock: Clock) -> Iterator[Clock]:
    """Make ``clock`` the current one inside a ``with`` block, also for what it calls."""
    token = _current.set(a_clock(clock))
    try:
        yield clock
    finally:
        _current.reset(token)


def a_clock(clock: object) -> Clock:
    """Refuse what cannot be asked for the time."""
    if isinstance(clock, Clock) and not isinstance(clock, type):
        return clock
    follows = "It cannot be asked for the time."
    raise refused("clock", clock, follows, "Give a clock, for example lab.clock or SystemClock().")


def waiting_s(seconds: float) -> float:
    """Refuse a wait that cannot be or that would never end."""
    wanted = number("sleep length", seconds, "Nobody can wait so many seconds.")
    if wanted > LONGEST_WAIT_S:
        follows = "Nobody can wait so many seconds."
        raise refused("sleep length", seconds, follows, "Give at most 30,000,000, about a year.")
    return wanted
