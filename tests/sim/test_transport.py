"""The drivers: simulated time, the client's patience, closed doors, and bugs of our own."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import anthropic
import httpx2
import pytest
from sim_facts import imitates
from sim_world import EVERYTHING, MODEL, STREAMING_WAYS, WAYS, Says, World, asked, options

from labkit.clock import SystemClock
from labkit.errors import (
    ArgumentError,
    LabkitError,
    NetworkBlockedError,
    OutOfBudget,
    SimulatorError,
)
from labkit.sim import slow, timed_out
from labkit.sim.clock import SimClock
from labkit.sim.luck import Luck
from labkit.sim.reply import Reply
from labkit.sim.transport import AsyncSimulatedTransport, SimulatedTransport

TIMEOUTS = "anthropic 2.12.0, _constants.py: 600 s"


class Buggy:
    """A model with a bug."""

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
        """Fail."""
        raise KeyError("planned")


def test_an_answer_takes_simulated_time() -> None:
    """A call moves the lab's clock by the time of its plan."""
    planned = World().post().frames[0].delay_s
    world = World()
    world.ask()
    assert world.clock.monotonic() == planned


@pytest.mark.parametrize("way", ["raw", "async raw"])
def test_a_stream_arrives_little_by_little(way: str) -> None:
    """Between two pieces of a stream the clock moves on, and the first comes before the end."""
    world = World()
    times: list[float] = []

    def read() -> None:
        for _ in world.client().messages.create(**asked(), stream=True):
            times.append(world.clock.monotonic())

    async def read_async() -> None:
        async for _ in await world.async_client().messages.create(**asked(), stream=True):
            times.append(world.clock.monotonic())

    read() if way == "raw" else world.clock.run(read_async)
    assert times == sorted(times)
    assert len(set(times)) > 15
    assert times[0] < times[-1] / 2


def test_overlapping_calls_take_the_longest_wait() -> None:
    """Eight calls at once take as long as the slowest of them, not as all together."""
    world = World()
    ended: list[float] = []

    async def one(client: anthropic.AsyncAnthropic, number: int) -> None:
        await client.messages.create(**asked(system=f"Number {number}."))
        ended.append(world.clock.monotonic())

    async def all_at_once() -> None:
        client = world.async_client()
        await asyncio.gather(*(one(client, number) for number in range(8)))

    world.clock.run(all_at_once)
    assert len(set(ended)) == 8
    assert world.clock.monotonic() == max(ended) < 3


@imitates("the SDK's own timeout is ten minutes", source=TIMEOUTS)
def test_without_a_timeout_of_ones_own_the_sdks_applies() -> None:
    """A silent provider costs a client who set nothing ten minutes per attempt."""
    world = World((timed_out(),))
    with pytest.raises(anthropic.APITimeoutError):
        world.ask()
    assert world.clock.monotonic() == 600


def test_a_client_without_patience_limits_waits_an_hour() -> None:
    """Without any timeout a silent connection is closed after an hour."""
    world = World((timed_out(),))
    with pytest.raises(anthropic.APIConnectionError):
        world.ask(timeout=None)
    assert world.clock.monotonic() == 3600


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_slower_than_the_timeout_is_not_waited_for(way: str) -> None:
    """A client gives up on a slow answer when its own time is over."""
    world = World((slow(100),))
    with pytest.raises(anthropic.APITimeoutError):
        world.ask(way, timeout=10.0)
    assert world.clock.monotonic() == 10.0


def test_a_read_timeout_is_for_one_read_not_for_all() -> None:
    """A stream may take longer than the read timeout if no single gap does."""
    world = World((slow(3),))
    message = world.ask("stream", timeout=2.0)
    assert message.stop_reason == "end_turn"
    assert world.clock.monotonic() > 2.0


@pytest.mark.parametrize("url", ["https://api.anthropic.com", "http://localhost:8000"])
def test_other_hosts_are_blocked(url: str) -> None:
    """A client with another address is stopped before anything is sent, and never retried."""
    world = World()
    client = world.client(retries=2).with_options(base_url=url)
    with pytest.raises(NetworkBlockedError, match="nothing may leave this process"):
        client.messages.create(**asked())
    assert world.clock.monotonic() == 0


def test_other_hosts_are_blocked_for_async_clients_too() -> None:
    """The asynchronous transport is as closed as the other."""
    world = World()

    async def call() -> None:
        client = world.async_client().with_options(base_url="https://api.anthropic.com")
        await client.messages.create(**asked())

    with pytest.raises(NetworkBlockedError):
        world.clock.run(call)


@pytest.mark.parametrize("way", WAYS)
def test_a_bug_of_ours_is_not_a_connection_error(way: str) -> None:
    """A failing model surfaces at once, as our own error, with its cause."""
    with pytest.raises(SimulatorError, match="KeyError: 'planned'") as caught:
        World(model=Buggy()).ask(way)
    assert isinstance(caught.value, LabkitError)
    assert not isinstance(caught.value, anthropic.APIError)
    assert isinstance(caught.value.__cause__, KeyError)


def test_our_own_errors_pass_as_they_are() -> None:
    """What a model refuses with an error of the kit reaches the caller unchanged."""

    class Strict(Says):
        def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
            raise ArgumentError("the lab's model has no such skill")

    with pytest.raises(ArgumentError, match="no such skill"):
        World(model=Strict()).ask()


def test_a_bug_of_ours_is_not_retried() -> None:
    """The SDK does not repeat what can only fail again."""
    calls = []

    class Counting(Buggy):
        def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
            calls.append(1)
            return super().reply(body, luck)

    with pytest.raises(SimulatorError):
        World(model=Counting()).client(retries=5).messages.create(**asked())
    assert calls == [1]


@pytest.mark.parametrize("content", [({"type": "text"},), ({},), (5,), ({"text": "x"},)])
def test_a_model_that_replies_nonsense_is_a_bug(content: Any) -> None:
    """Content blocks without their fields surface as our own error."""
    with pytest.raises(SimulatorError):
        World(model=Says(content)).ask()


def spending(limit: int) -> Iterator[None]:
    """A budget of so many attempts."""
    for _ in range(limit):
        yield
    raise OutOfBudget("planned")


def test_a_budget_is_asked_before_each_attempt() -> None:
    """A budget that is used up ends the app, past every `except Exception`."""
    world = World()
    budget = spending(2)
    transport = SimulatedTransport(world.provider, world.clock, budget=lambda: next(budget))
    client = anthropic.Anthropic(http_client=httpx2.Client(transport=transport), **options(2, True))
    client.messages.create(**asked())
    client.messages.create(**asked())
    with pytest.raises(OutOfBudget):
        client.messages.create(**asked())


def test_a_budget_ends_async_apps_too() -> None:
    """The asynchronous transport asks the same budget."""
    world = World()
    budget = spending(0)
    transport = AsyncSimulatedTransport(world.provider, world.clock, budget=lambda: next(budget))

    async def call() -> None:
        http_client = httpx2.AsyncClient(transport=transport)
        client = anthropic.AsyncAnthropic(http_client=http_client, **options(2, True))
        await client.messages.create(**asked())

    with pytest.raises(OutOfBudget):
        world.clock.run(call)


@pytest.mark.parametrize("way", STREAMING_WAYS)
def test_a_simulated_limit_ends_a_stream(way: str) -> None:
    """A clock that may not go on ends the app in the middle of a stream."""
    world = World(model=Says(EVERYTHING), clock=SimClock(limit_s=1.0))
    with pytest.raises(OutOfBudget):
        world.ask(way)


def test_pace_makes_waits_real() -> None:
    """At a pace above zero the machine waits too."""
    clock = SimClock(pace=0.05)
    begun = SystemClock().monotonic()
    World(clock=clock).ask()
    assert SystemClock().monotonic() - begun >= 0.05 * clock.monotonic()


def test_a_stream_can_be_left_early() -> None:
    """An app that stops reading costs only the time until then."""
    world = World(model=Says(EVERYTHING))
    with world.client().messages.stream(**asked()) as stream:
        first = next(iter(stream.text_stream))
    assert first == "You"
    world_to_end = World(model=Says(EVERYTHING))
    world_to_end.ask("stream")
    assert world.clock.monotonic() < world_to_end.clock.monotonic()


def test_the_sdk_reads_elapsed_time_and_raw_bodies() -> None:
    """Responses are real enough for with_raw_response and its clock."""
    raw = World().client().messages.with_raw_response.create(**asked())
    assert raw.status_code == 200
    assert raw.elapsed.total_seconds() >= 0
    assert raw.parse().model == MODEL
