"""The circuit breaker: opens under failures, tries with one request, closes after a reply."""

import asyncio
import threading

import anthropic
import pytest
from blocks_world import WAYS, Wire, answer, ask, failed

from labkit import Lab, clock
from labkit.reliability import CircuitBreaker, CircuitOpenError, Retries, RetryPolicy
from labkit.sim import overloaded, rate_limited, timed_out
from labkit.sim.clock import SimClock


def guarded(client, breaker):
    """The client behind the breaker."""
    return client.with_options(max_retries=0, middleware=[breaker])


def tried(way, lab, breaker):
    """What came of one question: ``answered``, or the error's name."""
    try:
        if way == "sync":
            with clock.use(lab.clock):
                ask(guarded(lab.client, breaker))
        else:

            async def main(client):
                return await ask(guarded(client, breaker))

            lab.run(main)
    except anthropic.AnthropicError as error:
        return type(error).__name__
    return "answered"


@pytest.mark.parametrize("way", WAYS)
def test_it_opens_under_529_and_closes_after_a_reply(way):
    """Three failures; nothing is sent for 30 seconds; one try; open for everybody again."""
    lab, breaker = Lab(faults=[overloaded(times=3)]), CircuitBreaker(3)
    outcomes = [tried(way, lab, breaker) for _ in range(5)]
    assert outcomes == ["OverloadedError"] * 3 + ["CircuitOpenError"] * 2
    assert len(lab.trace) == 3
    lab.clock.sleep(31)
    assert tried(way, lab, breaker) == "answered"
    assert tried(way, lab, breaker) == "answered"
    assert (breaker.in_a_row, breaker.opened_s) == (0, None)


@pytest.mark.parametrize("way", WAYS)
def test_a_try_that_fails_opens_it_for_as_long_again(way):
    """One failure is enough while it is half-open."""
    lab, breaker = Lab(faults=[timed_out(times=4)]), CircuitBreaker(3, cool_s=100)
    outcomes = [tried(way, lab, breaker) for _ in range(3)]
    assert outcomes == ["APITimeoutError"] * 3
    lab.clock.sleep(101)
    assert tried(way, lab, breaker) == "APITimeoutError"
    assert tried(way, lab, breaker) == "CircuitOpenError"
    lab.clock.sleep(101)
    assert tried(way, lab, breaker) == "answered"


@pytest.mark.parametrize("way", WAYS)
def test_a_rate_limit_is_no_failure_of_the_provider(way):
    """It says that we ask too much; the provider works, so the row is broken."""
    lab, breaker = Lab(faults=[rate_limited(times=20)]), CircuitBreaker(3)
    assert {tried(way, lab, breaker) for _ in range(20)} == {"RateLimitError"}
    wire = Wire(failed(529), failed(529), failed(429), failed(529), failed(529), answer())
    client = guarded(wire.client(), breaker)
    with clock.use(SimClock()):
        for _ in range(5):
            with pytest.raises(anthropic.APIStatusError):
                ask(client)
        assert ask(client).stop_reason == "end_turn"


def test_the_message_says_how_often_how_long_and_what_to_do():
    """Three parts, as every error of ours."""
    lab, breaker = Lab(faults=[overloaded(times=2)]), CircuitBreaker(2, cool_s=12)
    for _ in range(2):
        tried("sync", lab, breaker)
    with pytest.raises(CircuitOpenError) as raised, clock.use(lab.clock):
        ask(guarded(lab.client, breaker))
    assert str(raised.value) == (
        "The provider failed 2 times in a row. Nothing is sent for 12 s. "
        "Tell the person now, or answer without it."
    )


def test_an_open_circuit_ends_the_retries():
    """Retries passes the breaker with every attempt, and does not wait for it."""
    lab, breaker = Lab(faults=[overloaded(times=None)]), CircuitBreaker(2)
    layers = [Retries(RetryPolicy(attempts=5)), breaker]
    with pytest.raises(CircuitOpenError), clock.use(lab.clock):
        ask(lab.client.with_options(max_retries=0, middleware=layers))
    assert len(lab.trace) == 2


def opened(lab):
    """A breaker that may try again."""
    breaker = CircuitBreaker(1, cool_s=5)
    assert tried("sync", lab, breaker) == "OverloadedError"
    lab.clock.sleep(6)
    return breaker


def test_only_one_attempt_tries_an_open_circuit():
    """The crowd that waits does not fall upon a provider that gets up again."""
    lab = Lab(faults=[overloaded()])
    breaker = opened(lab)

    async def main(client):
        asks = [ask(guarded(client, breaker)) for _ in range(5)]
        return await asyncio.gather(*asks, return_exceptions=True)

    names = [type(one).__name__ for one in lab.run(main)]
    assert names == ["Message"] + ["CircuitOpenError"] * 4
    assert len(lab.trace) == 2


def test_a_try_that_is_cancelled_lets_the_next_one_through():
    """Nobody saw how it went, so it counts for nothing and blocks nobody."""
    lab = Lab(faults=[overloaded()])
    breaker = opened(lab)

    async def main(client):
        first = asyncio.create_task(ask(guarded(client, breaker)))
        await asyncio.sleep(0.001)
        with pytest.raises(CircuitOpenError, match="until one attempt has come back"):
            await ask(guarded(client, breaker))
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert breaker.opened_s is not None
        return await ask(guarded(client, breaker))

    assert lab.run(main).stop_reason == "end_turn"
    assert breaker.opened_s is None


def test_attempts_under_way_when_it_opens_do_not_put_off_the_next_try():
    """Twenty that fail ten seconds later: the next try still comes after 30 seconds."""
    time, breaker = SimClock(), CircuitBreaker(1, cool_s=30)
    late = iter([0, 10])

    async def fails(request):
        await asyncio.sleep(next(late))
        return failed(529)

    async def main():
        wire = Wire(failed(529))
        wire.answer = fails
        client = guarded(wire.async_client(), breaker)
        await asyncio.gather(ask(client), ask(client), return_exceptions=True)

    with clock.use(time):
        time.run(main)
    assert (time.monotonic(), breaker.opened_s) == (pytest.approx(10), 0)


def test_threads_share_one_breaker():
    """Of 40 attempts in eight threads five reach the provider; each gets an error of its own."""
    wire, breaker, found = Wire(failed(529)), CircuitBreaker(5), []
    client = guarded(wire.client(), breaker)
    lock = threading.Lock()

    def work():
        for _ in range(5):
            with lock:
                try:
                    ask(client)
                except anthropic.AnthropicError as error:
                    found.append(type(error).__name__)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wire.seen) == 5
    assert sorted(found) == ["CircuitOpenError"] * 35 + ["OverloadedError"] * 5


def test_threads_at_once_try_an_open_circuit_once():
    """Eight threads meet at the moment in which one may pass."""
    time, breaker = SimClock(), CircuitBreaker(1, cool_s=5)
    wire, gate, found = Wire(failed(529)), threading.Event(), []
    client = guarded(wire.client(), breaker)
    with clock.use(time), pytest.raises(anthropic.OverloadedError):
        ask(client)
    time.sleep(6)
    refused = threading.Barrier(8)

    def answers(request):
        gate.wait(10)
        return answer()

    slow = Wire(answer())
    slow.__class__ = type("Slow", (Wire,), {"__call__": lambda self, request: answers(request)})
    behind = guarded(slow.client(), breaker)

    def work():
        with clock.use(time):
            refused.wait(10)
            try:
                found.append(type(ask(behind)).__name__)
            except CircuitOpenError:
                found.append("CircuitOpenError")
                if found.count("CircuitOpenError") == 7:
                    gate.set()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["CircuitOpenError"] * 7 + ["Message"]
