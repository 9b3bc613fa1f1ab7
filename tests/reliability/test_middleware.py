"""Retries inside the SDK: one layer, a deadline, a budget; sync and async, in simulated time."""

import random

import anthropic
import httpx2
import pytest
from blocks_world import QUESTION, WAYS, Wire, answer, ask, failed, through
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit import Lab, clock
from labkit.reliability import Retries, RetryBudget, RetryPolicy, TwoRetryLayersError
from labkit.sim import Limits, overloaded, rate_limited, server_error, stream_error, timed_out
from labkit.sim.clock import SimClock


def retries(**settings_of):
    """One layer with chance from a seed."""
    budget = settings_of.pop("budget", None)
    return Retries(RetryPolicy(**settings_of), budget=budget, rng=random.Random(7))


def asked(way, lab, layer, max_retries=0, **changes):
    """What one question gives through the layer: a message, or the SDK's error."""
    options = {"max_retries": max_retries, "middleware": [layer]}
    try:
        if way == "sync":
            with clock.use(lab.clock):
                return ask(lab.client.with_options(**options), **changes)

        async def main(client):
            return await ask(client.with_options(**options), **changes)

        return lab.run(main)
    except anthropic.AnthropicError as error:
        return error


@pytest.mark.parametrize("way", WAYS)
def test_it_tries_again_until_one_is_good(way):
    """A 429 and a 529, then an answer; the provider can count the retries."""
    lab = Lab(faults=[rate_limited(), overloaded()])
    assert asked(way, lab, retries()).stop_reason == "end_turn"
    assert [(one.status, one.retry) for one in lab.trace] == [(429, 0), (529, 1), (200, 2)]


@pytest.mark.parametrize("way", WAYS)
def test_a_timeout_is_tried_again_and_waits_no_longer_than_the_policy(way):
    """The SDK alone would wait ten minutes."""
    lab = Lab(faults=[timed_out()])
    assert asked(way, lab, retries(timeout_s=3)).stop_reason == "end_turn"
    assert [one.error for one in lab.trace] == ["timeout", None]
    assert lab.trace[0].seconds == pytest.approx(3)


@pytest.mark.parametrize("given", [2, httpx2.Timeout(60, read=2)])
def test_a_shorter_timeout_of_the_call_holds(given):
    """The policy's is the most, not the least."""
    lab = Lab(faults=[timed_out()])
    asked("sync", lab, retries(), timeout=given)
    assert lab.trace[0].seconds == pytest.approx(2)


@pytest.mark.parametrize("way", WAYS)
def test_it_gives_up_after_its_attempts_with_the_providers_error(way):
    """What is raised is what the SDK would raise."""
    lab = Lab(faults=[overloaded(times=None)])
    assert isinstance(asked(way, lab, retries(attempts=3)), anthropic.OverloadedError)
    assert len(lab.trace) == 3


@pytest.mark.parametrize("way", WAYS)
def test_it_gives_up_a_connection_that_stays_lost(way):
    """The last timeout reaches the app as the SDK raises it."""
    lab = Lab(faults=[timed_out(times=None)])
    found = asked(way, lab, retries(deadline_s=10, timeout_s=4))
    assert isinstance(found, anthropic.APITimeoutError)
    assert lab.clock.monotonic() <= 10 + 1e-6


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", [rate_limited(retry_after=3_600), server_error(status=400)])
def test_what_makes_no_sense_is_not_tried(way, fault):
    """An hour does not fit, and a bad request stays one."""
    lab = Lab(faults=[fault])
    assert isinstance(asked(way, lab, retries()), anthropic.APIStatusError)
    assert len(lab.trace) == 1
    assert lab.clock.monotonic() < 5


@pytest.mark.parametrize("way", WAYS)
def test_a_spend_limit_is_not_tried_again(way):
    """It is a 429, which the SDK tries three times in vain; its body says what it is."""
    lab = Lab(limits=Limits(spend_usd=0))
    found = asked(way, lab, retries())
    assert found.error_code == "enforced_spend_limit_reached"
    assert len(lab.trace) == 1


def test_a_body_that_says_nothing_does_not_keep_a_rate_limit_from_being_tried():
    """A proxy may answer 429 with a page, with JSON without end, or break off."""
    deep = httpx2.Response(429, content=b"[" * 100_000)
    page = httpx2.Response(429, content=b"<html>")
    wire = Wire(page, deep, failed(429), answer())
    with clock.use(SimClock()):
        ask(wire.client(middleware=[retries(deadline_s=90)]))
    assert len(wire.seen) == 4


class Breaks(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body whose connection breaks."""

    def __iter__(self):
        raise httpx2.ReadError("broken")
        yield b""

    async def __aiter__(self):
        raise httpx2.ReadError("broken")
        yield b""


@pytest.mark.parametrize("way", WAYS)
def test_a_rate_limit_whose_body_breaks_off_is_a_lost_connection(way):
    """Of a stream the layer reads the body itself; then the next attempt is made."""
    seen = []

    def answers(request):
        seen.append(request)
        if len(seen) == 1:
            return httpx2.Response(429, stream=Breaks())
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=b"")

    async def answers_async(request):
        return answers(request)

    options = {"api_key": "simulated", "base_url": "https://p.invalid", "max_retries": 0}
    time = SimClock()
    with clock.use(time):
        if way == "sync":
            transport = httpx2.Client(transport=httpx2.MockTransport(answers))
            client = anthropic.Anthropic(**options, http_client=transport, middleware=[retries()])
            assert list(ask(client, stream=True)) == []
        else:

            async def main():
                transport = httpx2.AsyncClient(transport=httpx2.MockTransport(answers_async))
                client = anthropic.AsyncAnthropic(
                    **options, http_client=transport, middleware=[retries()]
                )
                return [event async for event in await ask(client, stream=True)]

            assert time.run(main) == []
    assert len(seen) == 2


@settings(max_examples=60, deadline=None)
@given(
    statuses=st.lists(st.sampled_from([200, 408, 429, 500, 529, "timeout"]), min_size=1),
    after_s=st.none() | st.floats(0, 40),
    deadline_s=st.floats(0, 60),
    timeout_s=st.floats(0, 30),
    attempts=st.integers(1, 6),
    seed=st.integers(0, 9),
)
def test_the_deadline_and_the_attempts_are_never_exceeded(
    statuses, after_s, deadline_s, timeout_s, attempts, seed
):
    """Whatever comes, however long the provider asks to wait."""
    time = SimClock()
    wire = Wire()

    def answers(request):
        wire.seen.append(request)
        status = statuses[min(len(wire.seen), len(statuses)) - 1]
        if status == "timeout":
            time.advance(request.extensions["timeout"]["read"])
            raise httpx2.ReadTimeout("silent")
        if status == 200:
            return answer()
        return failed(status, **({} if after_s is None else {"retry_after": str(after_s)}))

    http_client = httpx2.Client(transport=httpx2.MockTransport(answers))
    layer = Retries(
        RetryPolicy(attempts, deadline_s=deadline_s, timeout_s=timeout_s), rng=random.Random(seed)
    )
    client = CLIENT.with_options(http_client=http_client, middleware=[layer])
    with clock.use(time):
        try:
            ask(client)
        except anthropic.APIError:
            pass
    assert time.monotonic() <= deadline_s + 0.001 * len(wire.seen) + 1e-6
    assert 1 <= len(wire.seen) <= attempts


CLIENT = Wire(answer()).client()


@pytest.mark.parametrize("way", WAYS)
def test_a_budget_that_is_used_up_ends_the_retries_of_everybody(way):
    """Two calls share it; the third gets no retry."""
    lab, budget = Lab(faults=[overloaded(times=None)]), RetryBudget(0, reserve=2)
    for _ in range(3):
        asked(way, lab, retries(attempts=2, budget=budget))
    assert len(lab.trace) == 5
    assert budget.left == 0


def test_a_call_earns_its_share_of_the_budget():
    """Calls that go well pay for retries later."""
    budget = RetryBudget(0.5, reserve=1)
    budget.spend()
    asked("sync", Lab(), retries(budget=budget))
    assert budget.left == 0.5


@pytest.mark.parametrize("way", WAYS)
def test_two_layers_are_an_error_that_says_what_to_do(way):
    """The SDK's own retries around it would make three times five attempts."""
    lab = Lab(faults=[overloaded(times=None)])
    found = asked(way, lab, retries(attempts=2), max_retries=2)
    assert isinstance(found, TwoRetryLayersError)
    assert str(found).endswith("Make the client with max_retries=0.")
    assert len(lab.trace) == 2


def test_a_layer_with_its_own_chance_needs_no_seed():
    """In a service nothing is given, and nothing needs to be."""
    lab = Lab(faults=[overloaded()])
    assert asked("sync", lab, Retries()).stop_reason == "end_turn"


@pytest.mark.parametrize("way", WAYS)
def test_streams_are_tried_again_before_they_begin(way):
    """The layer sees the status; what comes later is the app's to judge."""
    lab = Lab(faults=[overloaded(), stream_error()])
    request = {"model": lab.model(), "max_tokens": 200, "messages": [QUESTION]}
    options = {"max_retries": 0, "middleware": [retries()]}

    def main(client):
        with client.with_options(**options).messages.stream(**request) as stream:
            stream.get_final_message()

    async def main_async(client):
        async with client.with_options(**options).messages.stream(**request) as stream:
            await stream.get_final_message()

    with pytest.raises(anthropic.APIStatusError) as raised:
        through(way, lab, (main, main_async))
    assert raised.value.status_code == 200
    assert [one.status for one in lab.trace] == [529, 200]


def test_raw_responses_and_streaming_responses_pass_through():
    """The caller gets what was asked for, after the retry."""
    lab = Lab(faults=[overloaded(), overloaded()])
    request = {"model": lab.model(), "max_tokens": 200, "messages": [QUESTION]}
    with clock.use(lab.clock):
        client = lab.client.with_options(max_retries=0, middleware=[retries()])
        raw = client.messages.with_raw_response.create(**request)
        assert raw.parse().stop_reason == "end_turn"
        with client.messages.with_streaming_response.create(**request) as streamed:
            assert streamed.parse().stop_reason == "end_turn"
    assert [one.status for one in lab.trace] == [529, 529, 200, 200]


def test_batches_are_made_read_and_streamed_through_it():
    """Other endpoints have other shapes; the layer does not look into them."""
    lab = Lab(faults=[overloaded(times=2)])
    params = {"model": lab.model(), "max_tokens": 50, "messages": [QUESTION]}
    with clock.use(lab.clock):
        client = lab.client.with_options(max_retries=0, middleware=[retries()])
        batch = client.messages.batches.create(requests=[{"custom_id": "one", "params": params}])
        while client.messages.batches.retrieve(batch.id).processing_status != "ended":
            lab.clock.sleep(3_600)
        results = list(client.messages.batches.results(batch.id))
    assert [one.result.type for one in results] == ["succeeded"]
