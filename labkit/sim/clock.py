"""Simulated time: nothing waits, and everybody agrees how long it took.

Synchronous code moves the clock by sleeping. An asynchronous app runs on a private event loop
whose clock jumps to the next timer as soon as nobody has anything to do, so calls that overlap
cost the longest wait and not the sum. ``pace=1`` makes every wait real, for a live audience.
"""

import asyncio
import math
import selectors
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from contextvars import copy_context
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from labkit.arguments import number, refused
from labkit.errors import ArgumentError, OutOfBudget

T = TypeVar("T")

RESOLUTION_S = 1e-9
"""How close to its time a timer is due, as an ordinary event loop has it."""

GLANCE_S, GRACE_S = 0.5, 5.0
"""Real seconds: how often an interrupt is looked for (some systems never wake a thread that
waits), and how long an interrupted app may take to clear up."""
CLEARING_S = 60.0
"""Simulated seconds for the same: they end an app that catches its own cancellation and goes on."""

LAB_BEGINS = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
YEARS = range(2000, 2100)
"""A calendar begins in this century."""
END_S = 100 * 365.25 * 86_400
"""A hundred years: no calendar goes on longer, so there is a date for every moment, and for
everything that the API says of the time after it."""


class SimClock:
    """A clock that jumps; the lab, its provider and its clients share one."""

    def __init__(
        self,
        *,
        begins: datetime = LAB_BEGINS,
        pace: float = 0.0,
        limit_s: float = math.inf,
    ) -> None:
        """Start at ``begins``.

        Args:
            begins: The date and time at simulated second 0.
            pace: Real seconds per simulated second; 0 does not wait at all.
            limit_s: Simulated seconds after which ``OutOfBudget`` ends the app.
        """
        if not 0 <= pace < math.inf:
            raise ArgumentError(
                f"pace is {pace!r}. Time cannot run backwards or stand still; "
                "give 0 (do not wait) or a number of real seconds per simulated second."
            )
        self.begins = begins
        self.pace = pace
        self.limit_s = limit_s
        self._now_s = 0.0

    def monotonic(self) -> float:
        """Simulated seconds since the lab began."""
        return self._now_s

    def utcnow(self) -> datetime:
        """The lab's date and time, in UTC."""
        return self.begins + timedelta(seconds=self._now_s)

    def __repr__(self) -> str:
        """The date and time, and the seconds since the lab began."""
        return f"SimClock: {self.utcnow():%Y-%m-%d %H:%M:%S} UTC, second {self._now_s:,.1f}"

    def sleep(self, seconds: float) -> None:
        """Let that many simulated seconds pass."""
        self.check(seconds)
        if self.pace:
            time.sleep(min(seconds, self.limit_s - self._now_s) * self.pace)
        self.advance(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Let that many simulated seconds pass; other tasks of the same app go on meanwhile."""
        self.check(seconds)
        if isinstance(asyncio.get_running_loop(), JumpingLoop):
            await asyncio.sleep(seconds)
        else:
            self.sleep(seconds)

    def check(self, seconds: float) -> None:
        """Refuse a wait that cannot be, or that goes beyond the calendar and every budget."""
        follows = "The lab's clock cannot go there."
        wanted = number("sleep length", seconds, follows, endless=True)
        if self._now_s + wanted > END_S and self.limit_s >= END_S:
            remedy = f"It ends after 100 years: wait less than {END_S - self._now_s:,.0f} seconds."
            raise refused("sleep length", seconds, follows, remedy)

    def advance(self, seconds: float) -> None:
        """Move the clock without waiting, whatever the pace."""
        self.check(seconds)
        self._now_s += seconds
        if self._now_s > self.limit_s:
            self._now_s, self.limit_s = self.limit_s, math.inf
            raise OutOfBudget(f"the answer used more than {self._now_s:g} simulated seconds")

    def run(self, main: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run an asynchronous app to its end and return what it returns.

        The loop runs in a thread of its own that the caller waits for: a notebook's kernel already
        has a running loop in the calling thread.
        """
        limit_s = self.limit_s
        result: list[T] = []
        failure: list[BaseException] = []
        done = threading.Event()
        loop = JumpingLoop(self)
        context = copy_context()

        def work() -> None:
            try:
                with asyncio.Runner(loop_factory=lambda: loop) as runner:
                    result.append(runner.run(main(), context=context))
            except BaseException as error:
                failure.append(error)
            finally:
                done.set()

        thread = threading.Thread(target=work, name="labkit-async", daemon=True)
        thread.start()
        try:
            while not done.wait(GLANCE_S):  # an interrupted join() takes the thread for dead
                pass
        except BaseException:
            self.limit_s = min(limit_s, self._now_s + CLEARING_S)
            with suppress(RuntimeError):  # the loop may have closed by itself meanwhile
                loop.call_soon_threadsafe(loop.stop)
            done.wait(GRACE_S)
            thread.join(GLANCE_S)
            self.limit_s = limit_s
            raise
        thread.join()
        if failure:
            raise failure[0]
        return result[0]


def begins_on(day: date) -> datetime:
    """When the calendar begins that has this first day: at nine.

    Raises:
        ArgumentError: It is not of this century.
    """
    if day.year in YEARS:
        return datetime.combine(day, LAB_BEGINS.timetz())
    remedy = f"Give a day from {YEARS[0]} to {YEARS[-1]}, such as date(2026, 12, 1)."
    raise refused("today", day, "No calendar begins so.", remedy)


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop on a simulated clock."""

    def __init__(self, clock: SimClock) -> None:
        """Take the time from ``clock``."""
        self._sim_clock = clock
        super().__init__(_JumpingSelector(clock))

    def time(self) -> float:
        """Simulated seconds, as timers see them.

        A timer is due within the loop's resolution, which must not be finer than the number:
        after half a year it would never be.
        """
        now_s = self._sim_clock.monotonic()
        self._clock_resolution = max(RESOLUTION_S, 2 * math.ulp(now_s))
        return now_s

    def run_in_executor(  # type: ignore[override]
        self,
        executor: object,  # noqa: ARG002 - the loop's own signature
        func: Callable[..., T],
        *args: object,
    ) -> Awaitable[T]:
        """Run ``func`` at once instead of in a thread, so that the order of calls never varies.

        The SDK hands its first look at the platform to a thread.
        """
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future


class _JumpingSelector(selectors.DefaultSelector):
    """Jumps over the time that a selector would wait."""

    def __init__(self, clock: SimClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            return super().select(None)
        ready = super().select(timeout * self._clock.pace)
        if not ready and timeout > 0:
            self._clock.advance(timeout)
        return ready
