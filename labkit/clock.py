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
from typing import Protocol


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
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Wait really, and let other tasks run."""
        await asyncio.sleep(seconds)


_current: ContextVar[Clock] = ContextVar("labkit_clock", default=SystemClock())  # noqa: B039


def current() -> Clock:
    """The clock of whoever runs this code."""
    return _current.get()


@contextmanager
def use(clock: Clock) -> Iterator[Clock]:
    """Make ``clock`` the current one inside a ``with`` block, also for what it calls."""
    token = _current.set(clock)
    try:
        yield clock
    finally:
        _current.reset(token)
