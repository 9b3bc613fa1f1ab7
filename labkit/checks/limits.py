"""Running a learner's code to its end, or to ours.

Two nets hold an answer that never ends: a lab's budget raises ``OutOfBudget`` from below the SDK,
and a timer stops pure computation. Both are ``BaseException``, and the timer strikes again, so no
``except`` in a loop can swallow it.
"""

import ctypes
import io
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass

from labkit.errors import OutOfBudget
from labkit.lab import one_line

AGAIN_S = 0.02


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
            return work()
        except (Stopped, KeyboardInterrupt):
            raise
        except OutOfBudget:
            return NeverCame()
        except BaseException as problem:
            return Raised(type(problem).__name__, one_line(problem)[:200])


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

    def strike(number: int, frame: object) -> None:
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
    here = ctypes.c_ulong(threading.get_ident())

    def watch() -> None:
        wait_s = limit_s
        while not over.wait(wait_s):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(here, ctypes.py_object(Stopped))
            wait_s = AGAIN_S

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
