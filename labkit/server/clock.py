"""The time of a provider that has clients outside.

pace 0: what answers take is added up, one after another, and what clients are told to wait;
        nothing else moves it, so the same requests find the same time.
pace 1: real time. Another pace: so many real seconds for each simulated one.
"""

import asyncio
from datetime import datetime, timedelta

from labkit.arguments import number
from labkit.clock import SystemClock
from labkit.sim.clock import END_S, LAB_BEGINS


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
        self._real = SystemClock()
        self._began_s = self._real.monotonic()
        self._now_s = 0.0

    def monotonic(self) -> float:
        """Simulated seconds since the server began."""
        if self.pace:
            return min((self._real.monotonic() - self._began_s) / self.pace, END_S)
        return self._now_s

    def utcnow(self) -> datetime:
        """The server's date and time, in UTC."""
        return self.begins + timedelta(seconds=self.monotonic())

    def advance(self, seconds: float) -> None:
        """Let that many simulated seconds have passed; real time passes by itself.

        Whatever clients announce, the calendar's end is the end.
        """
        self._now_s = min(self._now_s + seconds, END_S)

    def sleep(self, seconds: float) -> None:
        """Let that many simulated seconds pass."""
        self.advance(seconds)
        self._real.sleep(seconds * self.pace)

    async def sleep_async(self, seconds: float) -> None:
        """Let that many simulated seconds pass; others are answered meanwhile."""
        self.advance(seconds)
        await asyncio.sleep(seconds * self.pace)


def seconds_in(text: str) -> float | None:
    """The number of seconds that a header says; None where it says none."""
    whole, _, part = text.partition(".")
    is_number = (whole + part).isascii() and whole.isdecimal() and (part or "0").isdecimal()
    return float(text) if is_number else None
