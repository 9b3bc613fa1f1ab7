"""The settings of a server: faults as words, a clock, a port, a patience."""

import asyncio
import socket
from datetime import timedelta

import pytest

import labkit.sim
from labkit.clock import Clock
from labkit.errors import ArgumentError
from labkit.server import ServerClock, listen, read_faults
from labkit.server.app import patience_s
from labkit.server.fault_words import FAULTS
from labkit.sim import overloaded, rate_limited, refused, slow
from labkit.sim.clock import LAB_BEGINS
from labkit.sim.faults import Fault


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("overloaded", [overloaded()]),
        (" overloaded() ", [overloaded()]),
        ("overloaded(times=2), slow(3)", [overloaded(times=2), slow(3)]),
        ("[slow, rate_limited(rate=0.25)]", [slow(), rate_limited(rate=0.25)]),
        ("refused('canned', category=None)", [refused("canned", category=None)]),
        ("()", []),
    ],
)
def test_faults_are_read_from_words(text: str, faults: list[Fault]) -> None:
    """Names, with or without arguments, one or several."""
    assert list(read_faults(text)) == faults


def test_every_fault_has_a_word() -> None:
    """Whatever a cell can make go wrong, the command line can."""
    made = {name for name in labkit.sim.__all__ if isinstance(was_made(name), Fault)}
    assert made == FAULTS.keys()


def was_made(name: str) -> object:
    """What something of ``labkit.sim`` makes of nothing, or of the words that it needs."""
    needs = {"says": ("Seven days.",)}
    try:
        return getattr(labkit.sim, name)(*needs.get(name, ()))
    except TypeError:
        return None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "faults is ''"),
        ("overloaded(", "faults is 'overloaded('"),
        ("sim.overloaded()", "faults is"),
        ("overloaded() if 1 else 2", "faults is"),
        ("lambda: 1", "faults is"),
        ("\0", "faults is"),
        ("(" * 5_000, "faults is"),
        ("-" * 5_000 + "1", "faults is"),
        ("overload", "Did you mean 'overloaded'?"),
        ("__import__('os').system('true')", "faults is"),
        ("eval('1')", "'eval' is not a fault"),
        ("overloaded(times=__import__('os'))", "overloaded was given something"),
        ("overloaded(when=2)", "by these names: times, rate"),
        ("overloaded(**{'times': 2})", "by these names: times, rate"),
        ("overloaded(1, 2, 3)", "overloaded was given something"),
        ("slow(-1)", "factor is -1"),
        ("overloaded(times='two')", "times is 'two'"),
    ],
    ids=range(17),
)
def test_other_words_are_refused(text: str, says: str) -> None:
    """Nothing that is typed is run; the message says what to write instead."""
    with pytest.raises(ArgumentError) as caught:
        read_faults(text)
    assert says in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_clock_adds_up_what_answers_take() -> None:
    """At pace 0 nothing waits, in synchronous and in asynchronous code."""
    clock = ServerClock()
    assert isinstance(clock, Clock)
    clock.sleep(3600)
    asyncio.run(clock.sleep_async(60))
    assert clock.monotonic() == 3660
    assert clock.utcnow() == LAB_BEGINS + timedelta(seconds=3660)


def test_a_clock_at_a_pace_follows_real_time() -> None:
    """At pace 0.001 a simulated minute takes 60 milliseconds."""
    clock = ServerClock(pace=0.001)
    clock.sleep(60)
    assert 60 <= clock.monotonic() < 60_000


@pytest.mark.parametrize("pace", [0, 1e-300])
def test_a_clock_stops_before_the_calendar_does(pace: float) -> None:
    """However fast it runs and whatever clients announce, there is a date."""
    clock = ServerClock(pace=pace)
    clock.advance(1e300)
    assert clock.utcnow().year == 2126


@pytest.mark.parametrize("pace", [-1, float("nan"), float("inf"), "1"])
def test_a_pace_that_cannot_be_is_refused(pace: float) -> None:
    """Time does not run backwards, nor not at all."""
    with pytest.raises(ArgumentError, match="pace is"):
        ServerClock(pace=pace)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("600", 600), ("2.5", 2.5), ("", 0), ("-1", 0), ("nan", 0), ("1e9", 0), ("²", 0), (".5", 0)],
)
def test_the_announced_patience_of_a_client_is_a_number_or_nothing(
    told: str, seconds: float
) -> None:
    """What the SDKs send is read; anything else counts as no announcement."""
    assert patience_s({"x-stainless-timeout": told}) == seconds
    assert patience_s({"x-stainless-read-timeout": "7", "x-stainless-timeout": told}) == 7


def test_a_port_is_of_this_machine_alone() -> None:
    """The socket is bound to the loopback; a second one on it is an error, and closed."""
    with listen(0) as listener:
        address, number = listener.getsockname()
        assert address == "127.0.0.1"
        assert listener.proto == socket.IPPROTO_TCP
        with pytest.raises(OSError, match="in use"):
            listen(number)


@pytest.mark.parametrize("port", [-1, 65_536, None, "8000", True])
def test_what_is_no_port_is_refused_in_words(port: object) -> None:
    """The bounds are named, and no error of the socket's comes out."""
    with pytest.raises(ArgumentError, match=r"port is .* 0 or more, at most 65,535"):
        listen(port)  # type: ignore[arg-type]
