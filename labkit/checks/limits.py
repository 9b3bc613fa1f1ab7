"""Running a learner's code to its end, or to ours.

Two nets hold an answer that never ends: a lab's budget raises ``OutOfBudget`` from below the SDK,
and a timer stops pure computation. Both are ``BaseException``. The timer strikes again and again
while learner's code is on the stack, so that an ``except`` in a loop cannot swallow it for long.
"""

import ctypes
import io
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from itertools import cycle
from types import FrameType

from labkit.errors import OutOfBudget
from labkit.lab import one_line

AGAIN_S = 0.0005
SOON_S = tuple(k * 1e-6 for k in range(1, 25))
"""A swallowed strike is followed by another so soon that it falls outside the loop's ``try``."""


class Stopped(BaseException):
    """The time for an answer is over."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception instead of a value."""

    kind: str
    says: str

    def __repr__(self) -> str:
        return self.says


@dataclass(frozen=True, slots=True)
class NeverCame:
    """No value: the answer was stopped."""


def run(work: Callable[[], object]) -> object:
    """The value of ``work``, or what it raised; what it prints is not shown."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        try:
            return answering(work)
        except (Stopped, KeyboardInterrupt):
            raise
        except OutOfBudget:
            return NeverCame()
        except BaseException as problem:
            return Raised(type(problem).__name__, one_line(problem)[:200])


def answering(work: Callable[[], object]) -> object:
    """The frame that marks everything above it as a learner's code."""
    return work()


def inside(frame: FrameType | None) -> bool:
    """Whether a learner's code is running in this frame."""
    while frame is not None and frame.f_code is not answering.__code__:
        frame = frame.f_back
    return frame is not None


@contextmanager
def at_most(limit_s: float) -> Iterator[None]:
    """Raise ``Stopped`` in this thread when the time is over, again and again until it ends."""
    can_signal = hasattr(signal, "setitimer")
    if can_signal and threading.current_thread() is threading.main_thread():
        with _by_signal(limit_s):
            yield
    else:
        with _by_watchdog(limit_s):
            yield


@contextmanager
def _by_signal(limit_s: float) -> Iterator[None]:
    """Stops everything, a sleep and a slow regular expression too."""
    soon = cycle(SOON_S)

    def strike(_: int, frame: FrameType | None) -> None:
        if inside(frame):
            signal.setitimer(signal.ITIMER_REAL, next(soon), AGAIN_S)
            raise Stopped

    before = signal.signal(signal.SIGALRM, strike)
    signal.setitimer(signal.ITIMER_REAL, limit_s, AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _by_watchdog(limit_s: float) -> Iterator[None]:
    """Stops plain Python loops, on every system and in every thread."""
    over = threading.Event()
    here = threading.get_ident()

    def watch() -> None:
        wait_s = limit_s
        while not over.wait(wait_s):
            if inside(sys._current_frames().get(here)):
                strike = ctypes.py_object(Stopped)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(here), strike)
            wait_s = AGAIN_S

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
