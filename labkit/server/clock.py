"""The time of a provider that has clients outside.

pace 0: the time that answers take is added up, one after another; nothing else moves it.
pace 1: real time. Another pace: so many real seconds for each simulated one.
"""

import asyncio
from datetime import datetime, timedelta

from labkit.arguments import number, refused
from labkit.clock import SystemClock
from labkit.sim.clock import LAB_BEGINS

FASTEST = 0.0001
"""Real seconds per simulated one; faster, and the calendar would end while somebody is there."""


class ServerClock:
    """Simulated seconds since the server began; a ``Clock``."""

    def __init__(self, *, begins: datetime = LAB_BEGINS, pace: float = 0.0) -> None:
        """Start at ``begins``.

        Args:
            begins: The date and time at simulated second 0.
            pace: Real seconds per simulated second; 0 does not wait at all.
        """
        self.begins = begins
        self.pace = number("pace", pace, "Time cannot run so.")
        if 0 < self.pace < FASTEST:
            raise refused(
                "pace", pace, "Time cannot run so fast.", f"Give 0, or {FASTEST} or more."
            )
        self._real = SystemClock()
        self._began_s = self._real.monotonic()
        self._now_s = 0.0

    def monotonic(self) -> float:
        """Simulated seconds since the server began."""
        if self.pace:
            return (self._real.monotonic() - self._began_s) / self.pace
        return self._now_s

    def utcnow(self) -> datetime:
        """The server's date and time, in UTC."""
        return self.begins + timedelta(seconds=self.monotonic())

    def advance(self, seconds: float) -> None:
        """Let that many simulated seconds have passed; real time passes by itself."""
        self._now_s += seconds

    def sleep(self, seconds: float) -> None:
        """Let that many simulated seconds pass."""
        self.advance(seconds)
        self._real.sleep(seconds * self.pace)

    async def sleep_async(self, seconds: float) -> None:
        """Let that many simulated seconds pass; others are answered meanwhile."""
        self.advance(seconds)
        await asyncio.sleep(seconds * self.pace)
