"""Whether to try again, and when: pure decisions."""

import json
import random
import threading
from datetime import UTC, datetime, timedelta

import anthropic
import httpx2
import pytest
from blocks_world import QUESTION, Wire, answer, ask, failed
from hypothesis import given
from hypothesis import strategies as st

from labkit import Lab
from labkit.reliability import RetryBudget, RetryPolicy, is_retryable, next_delay
from labkit.reliability.retrying import is_transient, retry_after_s
from labkit.sim import connection_lost, rate_limited, stream_error, stream_lost, timed_out
from labkit.sim import server_error as sim_error

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECONDS = st.floats(0, 1e6)


def rng(seed=7):
    """A source of chance."""
    return random.Random(seed)


def error_of(*responses, **changes):
    """What the SDK raises."""
    with pytest.raises(anthropic.AnthropicError) as raised:
        ask(Wire(*responses).client(), **changes)
    return raised.value


@pytest.mark.parametrize(
    ("status", "again"),
    [
        (400, False),
        (401, False),
        (403, False),
        (404, False),
        (413, False),
        (422, False),
        (408, True),
        (409, True),
        (429, True),
        (500, True),
        (501, True),
        (529, True),
    ],
)
def test_a_status_is_tried_again_as_the_sdk_does(status, again):
    """Our decision, and the attempts that the SDK itself makes."""
    assert is_retryable(error_of(failed(status))) is again
    wire = Wire(failed(status, retry_after_ms="1"))
    with pytest.raises(anthropic.APIStatusError):
        ask(wire.client(max_retries=1))
    assert len(wire.seen) == 1 + again


def test_the_providers_own_word_counts_first():
    """It knows more than a status says, but a good reply stays good."""
    assert is_retryable(error_of(failed(400, x_should_retry="true")))
    assert not is_retryable(error_of(failed(529, x_should_retry="false")))
    assert is_retryable(error_of(failed(529, x_should_retry="perhaps")))
    assert not is_transient({"x-should-retry": "true"}, 200)


@pytest.mark.parametrize("code", ["enforced_spend_limit_reached", "contract_spend_limit_reached"])
def test_no_wait_of_seconds_lifts_a_spend_limit(code):
    """It has the status of a rate limit; its code says that it is none."""
    assert not is_retryable(error_of(failed(429, code=code)))
    assert is_retryable(error_of(failed(429, code="ramp_limit_exceeded")))


def test_a_lost_connection_and_a_timeout_may_be_tried_again():
    """Nobody knows what came of the attempt, and a question may be asked twice."""
    for fault in (connection_lost(), timed_out(), connection_lost(shape="connect")):
        with pytest.raises(anthropic.APIConnectionError) as raised:
            ask(Lab(faults=[fault]).client.with_options(max_retries=0, timeout=5))
        assert is_retryable(raised.value)


@pytest.mark.parametrize("fault", [stream_error(), stream_lost(), timed_out(after=2)])
def test_a_stream_that_breaks_is_tried_again_only_while_nobody_has_read_from_it(fault):
    """The errors of three kinds; the visitor must not read two different beginnings."""
    lab = Lab(faults=[fault])
    request = {"model": lab.model(), "max_tokens": 200, "messages": [QUESTION]}
    with (
        pytest.raises((anthropic.APIStatusError, httpx2.TransportError)) as raised,
        lab.client.with_options(max_retries=2, timeout=5).messages.stream(**request) as stream,
    ):
        for _ in stream.text_stream:
            pass
    assert len(lab.trace) == 1
    assert is_retryable(raised.value)
    assert not is_retryable(raised.value, chars_shown=1)


@pytest.mark.parametrize(
    ("kind", "again"),
    [("overloaded_error", True), ("api_error", True), ("invalid_request_error", False)],
)
def test_an_error_event_is_judged_by_its_type(kind, again):
    """Its status is 200, as the response had begun well."""
    error = json.dumps({"type": "error", "error": {"type": kind, "message": "x"}})
    event = f"event: error\ndata: {error}\n\n"
    stream = httpx2.Response(
        200, headers={"content-type": "text/event-stream"}, content=event.encode()
    )
    with pytest.raises(anthropic.APIStatusError) as raised:
        list(ask(Wire(stream).client(), stream=True))
    assert raised.value.status_code == 200
    assert is_retryable(raised.value) is again


def test_errors_of_the_app_are_not_tried_again():
    """Only what the SDK raised for an attempt can be another one next time."""
    assert not is_retryable(ValueError("no"))
    assert not is_retryable(KeyboardInterrupt())


@given(
    attempt=st.integers(0, 2_000),
    base=SECONDS,
    cap=SECONDS,
    retry_after=st.none() | SECONDS | st.just(float("inf")),
    deadline_left=st.floats(-10, 1e7) | st.just(float("inf")),
    seed=st.integers(0, 99),
)
def test_a_wait_keeps_its_bounds(attempt, base, cap, retry_after, deadline_left, seed):
    """Never shorter than what was asked for, never more than the spread beyond it, never late."""
    wait_s = next_delay(
        attempt,
        base=base,
        cap=cap,
        retry_after=retry_after,
        deadline_left=deadline_left,
        rng=rng(seed),
    )
    least_s = retry_after or 0.0
    if wait_s is None:
        assert least_s + min(cap, base * 2.0 ** min(attempt, 64)) >= deadline_left
    else:
        assert least_s <= wait_s <= least_s + min(cap, base * 2.0 ** min(attempt, 64))
        assert wait_s < deadline_left


@pytest.mark.parametrize(("attempt", "mean_s"), [(0, 0.25), (1, 0.5), (3, 2.0), (10, 4.0)])
def test_jitter_is_full(attempt, mean_s):
    """Over 10,000 waits the mean is half the spread, and both ends are reached."""
    chance = rng()
    waits = [next_delay(attempt, rng=chance) for _ in range(10_000)]
    assert sum(waits) / len(waits) == pytest.approx(mean_s, rel=0.03)
    assert min(waits) < 0.01 * 2 * mean_s
    assert max(waits) > 0.99 * 2 * mean_s


def test_what_the_provider_asks_for_is_the_least_and_jitter_comes_on_top():
    """A crowd that was told one second does not come back in the same millisecond."""
    chance = rng()
    waits = [next_delay(0, retry_after=5, rng=chance) for _ in range(1_000)]
    assert min(waits) >= 5
    assert max(waits) - min(waits) > 0.4


def test_a_wait_that_cannot_fit_is_none():
    """The person is told now, not after an hour."""
    assert next_delay(0, retry_after=3_600, deadline_left=20, rng=rng()) is None
    assert next_delay(0, deadline_left=-1, rng=rng()) is None
    assert next_delay(0, retry_after=float("inf"), rng=rng()) is None


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "1500", "retry-after": "7"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "7"}, 7),
        ({"retry-after": "Mon, 23 Nov 2026 09:00:30 GMT"}, 30),
        ({"retry-after": "Mon, 23 Nov 2026 10:00:30 +0100"}, 30),
        ({"retry-after": "Mon, 23 Nov 2026 09:00:30 -0000"}, 30),
        ({"retry-after": "Mon, 23 Nov 2026 08:00:00 GMT"}, 0),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "nan"}, 0),
        ({"retry-after": "inf"}, float("inf")),
        ({"retry-after": "1e9"}, 1e9),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "Mon, 23 Nov 2026 09:00:30 +9999999999999999"}, None),
    ],
)
def test_a_wait_is_read_in_three_forms(headers, wanted):
    """Milliseconds win, then seconds, then a date; what cannot be read says nothing."""
    assert retry_after_s(httpx2.Headers(headers), NOW) == wanted


@given(st.text(), st.text())
def test_no_header_makes_it_raise(seconds, milliseconds):
    """A provider, or a proxy before it, may send anything."""
    said = retry_after_s({"retry-after": seconds, "retry-after-ms": milliseconds}, NOW)
    assert said is None or said >= 0


@given(st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31)))
def test_a_date_is_read_as_the_sdk_writes_it(when):
    """Every date that a header can hold, to the second."""
    header = when.strftime("%a, %d %b ") + f"{when.year:04} " + when.strftime("%H:%M:%S GMT")
    wanted = (when.replace(microsecond=0, tzinfo=UTC) - NOW) / timedelta(seconds=1)
    assert retry_after_s({"retry-after": header}, NOW) == max(0, wanted)


def test_a_budget_is_a_share_of_the_calls():
    """Ten calls earn one retry, and what is saved has a limit."""
    budget = RetryBudget(0.25, reserve=2)
    assert [budget.spend() for _ in range(3)] == [True, True, False]
    for _ in range(3):
        budget.earn()
    assert not budget.spend()
    budget.earn()
    assert budget.spend()
    for _ in range(100):
        budget.earn()
    assert budget.left == 2


def test_threads_never_spend_a_retry_twice():
    """Eight threads want 800 retries of a budget that has 300."""
    budget = RetryBudget(0, reserve=300)
    taken = []

    def spend():
        taken.extend(budget.spend() for _ in range(100))

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(taken), budget.left) == (300, 0)


def test_the_sdk_alone_sleeps_as_long_as_it_is_told():
    """Why a ceiling is ours to set: an hour, and nobody is there any more."""
    lab = Lab(faults=[rate_limited(retry_after=3_600)])
    lab.ask(lambda client, question: ask(client).id, "Hello")
    assert lab.clock.monotonic() > 3_600


def test_a_decorator_around_the_sdk_multiplies_attempts():
    """Three tries of three attempts: nine, for one question (the contrast)."""
    lab = Lab(faults=[sim_error(times=None)])

    def app(client, question):
        for _ in range(3):
            try:
                return ask(client).id
            except anthropic.InternalServerError:
                continue
        return None

    lab.ask(app, "Hello")
    assert len(lab.trace) == 9


def test_a_policy_says_what_it_is():
    """Its values are what a person may be kept waiting."""
    assert RetryPolicy().deadline_s == 20
    assert ask(Wire(answer()).client()).content[0].text == "Seven days."
