"""The clock that production code asks, and simulated time behind it."""

import asyncio
import contextlib
import signal
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from labkit.clock import SystemClock, current, use
from labkit.errors import ArgumentError, OutOfBudget
from labkit.sim.clock import LAB_BEGINS, SimClock


def test_the_system_clock_is_current_until_a_lab_sets_its_own():
    """Code outside a lab gets real time, inside a lab the lab's, and real time again after it."""
    before = current()
    assert isinstance(before, SystemClock)
    with use(SimClock()) as simulated:
        assert current() is simulated
    assert current() is before


def test_the_system_clock_tells_utc_and_never_goes_back():
    """The system clock is aware of its zone and its seconds only grow."""
    clock = SystemClock()
    first = clock.monotonic()
    clock.sleep(0)
    asyncio.run(clock.sleep_async(0))
    assert clock.monotonic() >= first
    assert abs(clock.utcnow() - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 1e12, "1", None])
def test_a_wait_that_cannot_be_is_refused_in_both_kinds_of_code(seconds):
    """Real time refuses in the same three parts whether one waits or awaits."""
    clock = SystemClock()
    for wait in (clock.sleep, lambda s: asyncio.run(clock.sleep_async(s))):
        with pytest.raises(ArgumentError, match=r"sleep length is .* Nobody can wait so many"):
            wait(seconds)


def test_what_is_no_clock_is_refused_and_the_old_one_stays():
    """Neither a value nor the class in place of a clock gets in."""
    before = current()
    for junk in (None, SystemClock, time):
        with pytest.raises(ArgumentError, match=r"lab\.clock or SystemClock\(\)"), use(junk):
            pytest.fail("it got in")
    assert current() is before


def test_an_hour_of_sleep_takes_no_real_time():
    """A simulated hour moves the clock and the date by an hour, and nobody waits."""
    clock = SimClock()
    started = time.perf_counter()
    clock.sleep(3600)
    assert clock.monotonic() == 3600
    assert clock.utcnow() == LAB_BEGINS + timedelta(hours=1)
    assert time.perf_counter() - started < 1


def test_pace_makes_waiting_real():
    """With a pace of 0.02, half a simulated second takes a hundredth of a real one."""
    clock = SimClock(pace=0.02)
    started = time.perf_counter()
    clock.sleep(0.5)
    assert time.perf_counter() - started >= 0.01
    assert clock.run(lambda: asyncio.sleep(0.5, "done")) == "done"
    assert time.perf_counter() - started >= 0.02


@pytest.mark.parametrize("pace", [-1, float("inf"), float("nan")])
def test_a_pace_that_cannot_be_is_refused(pace):
    """Time that runs backwards or stands still is refused in words."""
    with pytest.raises(ArgumentError, match="pace is"):
        SimClock(pace=pace)


@pytest.mark.parametrize("seconds", [-0.1, float("nan")])
def test_a_negative_sleep_is_refused(seconds):
    """A sleep that would move time backwards is refused, and the clock stays."""
    clock = SimClock()
    with pytest.raises(ArgumentError, match="sleep length"):
        clock.sleep(seconds)
    assert clock.monotonic() == 0


def test_overlapping_waits_cost_the_longest_not_the_sum():
    """Sixteen tasks of two seconds, four at a time, end after eight simulated seconds."""
    clock = SimClock()

    async def main():
        gate = asyncio.Semaphore(4)

        async def task():
            async with gate:
                await clock.sleep_async(2)

        await asyncio.gather(*(task() for _ in range(16)))
        return clock.monotonic()

    assert clock.run(main) == 8


def test_two_asynchronous_runs_follow_each_other_on_one_clock():
    """A second run begins where the first one ended."""
    clock = SimClock()
    clock.run(lambda: clock.sleep_async(3))
    clock.run(lambda: clock.sleep_async(4))
    assert clock.monotonic() == 7


def test_a_wait_outside_the_private_loop_moves_the_clock_at_once():
    """A coroutine on somebody else's loop cannot hang on simulated time."""
    clock = SimClock()
    asyncio.run(clock.sleep_async(5))
    assert clock.monotonic() == 5


def test_work_for_a_thread_runs_in_order():
    """Functions handed to threads finish in the order in which they were handed over."""
    clock, seen = SimClock(), []

    async def main():
        await asyncio.gather(*(asyncio.to_thread(seen.append, number) for number in range(20)))

    clock.run(main)
    assert seen == list(range(20))


def test_an_error_in_a_thread_reaches_whoever_awaits_it():
    """An exception of handed-over work is raised where it is awaited."""
    with pytest.raises(ZeroDivisionError):
        SimClock().run(lambda: asyncio.to_thread(lambda: 1 / 0))


def test_an_error_of_an_asynchronous_app_reaches_the_caller():
    """The caller sees the app's own exception, not one about threads."""

    async def main():
        raise LookupError("no such drill")

    with pytest.raises(LookupError, match="no such drill"):
        SimClock().run(main)


def test_an_app_may_wait_for_a_real_thread():
    """Where no timer is set the loop waits for whoever wakes it, and no simulated time passes."""
    clock = SimClock()

    async def main():
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        threading.Timer(0.05, loop.call_soon_threadsafe, (answer.set_result, "done")).start()
        return await answer

    assert clock.run(main) == "done"
    assert clock.monotonic() == 0


def test_an_interrupt_ends_an_asynchronous_app():
    """Ctrl-C in a cell reaches the caller at once, and the app does not run on behind it."""
    clock, ended = SimClock(pace=1), threading.Event()

    async def main():
        try:
            await clock.sleep_async(60)
        finally:
            ended.set()

    def interrupted(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupted)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(KeyboardInterrupt):
            clock.run(main)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert ended.is_set()


def test_an_interrupt_ends_an_app_that_catches_its_cancellation():
    """It goes on for a simulated minute; then its thread is gone, and the clock can be used."""
    clock = SimClock()

    async def main():
        while True:
            with contextlib.suppress(asyncio.CancelledError):
                await clock.sleep_async(1)

    def interrupted(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupted)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(KeyboardInterrupt):
            clock.run(main)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert not [one for one in threading.enumerate() if one.name == "labkit-async"]
    clock.sleep(3_600)


def test_a_limit_ends_an_app_that_catches_everything():
    """`except Exception` does not hold an app that has used up its simulated seconds."""
    clock = SimClock(limit_s=10)

    def app():
        while True:
            try:
                clock.sleep(3)
            except Exception:
                continue

    with pytest.raises(OutOfBudget, match="10 simulated seconds"):
        app()
    assert clock.monotonic() == 10


def test_a_limit_ends_an_asynchronous_app():
    """The limit holds for asynchronous waiting too."""

    async def main():
        while True:
            await asyncio.sleep(1)

    with pytest.raises(OutOfBudget):
        SimClock(limit_s=5).run(main)
