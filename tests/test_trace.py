"""What a trace reads from the wire, through the real SDK on a canned transport."""

import asyncio
import contextlib
import json
import math

import anthropic
import httpx2
import pytest

from labkit import Lab
from labkit.errors import NetworkBlockedError, OutOfBudget, SimulatorError
from labkit.sim.clock import SimClock
from labkit.trace import AsyncRecordingTransport, Recorder, RecordingTransport, Trace, Usage
from labkit.trace import recorder as recorder_module

MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "lab-balanced-1",
    "content": [{"type": "text", "text": "Seven days. [extensions]"}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 1000, "output_tokens": 100, "cache_read_input_tokens": 500},
}
ASK = {
    "model": "lab-balanced-1",
    "max_tokens": 50,
    "messages": [{"role": "user", "content": "How long?"}],
}


class Canned:
    """A transport that plays responses in order, each after two simulated seconds."""

    def __init__(self, clock, *responses):
        self.clock, self.responses = clock, list(responses)

    def __call__(self, request):
        """The next response."""
        self.clock.advance(2)
        response = self.responses.pop(0)
        if isinstance(response, Exception):
            raise response
        return response


def sse(*events):
    """A stream of events, one chunk each."""
    chunks = [f"event: {e['type']}\ndata: {json.dumps(e)}\n\n".encode() for e in events]
    return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=iter(chunks))


def client_for(*responses, max_retries=0):
    """A client whose answers are canned, and the recorder of what passes."""
    clock = SimClock()
    recorder = Recorder(clock)
    inner = httpx2.MockTransport(Canned(clock, *responses))
    client = anthropic.Anthropic(
        api_key="x",
        base_url="https://provider.invalid",
        max_retries=max_retries,
        http_client=httpx2.Client(transport=RecordingTransport(inner, recorder)),
    )
    return client, recorder


START = {"type": "message_start", "message": {**MESSAGE, "content": [], "stop_reason": None}}
BLOCK = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
DELTA = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hi"}}
STOP_BLOCK = {"type": "content_block_stop", "index": 0}
END = {
    "type": "message_delta",
    "delta": {"stop_reason": "end_turn", "stop_sequence": None},
    "usage": {"output_tokens": 77},
}
STOP = {"type": "message_stop"}


def test_an_answer_is_recorded_with_tokens_cost_and_time():
    """One answered attempt carries what the wire said and what the catalogue charges for it."""
    client, recorder = client_for(httpx2.Response(200, json=MESSAGE))
    client.messages.create(**ASK)
    (attempt,) = recorder.trace
    assert attempt.usage == Usage(1000, 100, 0, 500)
    assert attempt.cost_usd == pytest.approx((1000 * 2 + 100 * 10 + 500 * 0.2) / 1e6)
    assert (attempt.started_s, attempt.ended_s, attempt.first_token_s) == (0, 2, 2)
    assert (attempt.call, attempt.retry, attempt.status) == (1, 0, 200)
    assert attempt.outcome == "end_turn"


def test_an_hour_in_the_cache_is_told_apart_from_five_minutes():
    """The trace keeps the wire's split of written tokens and prices both kinds."""
    split = {"ephemeral_5m_input_tokens": 400, "ephemeral_1h_input_tokens": 600}
    usage = {
        "input_tokens": 10,
        "output_tokens": 1,
        "cache_creation_input_tokens": 1000,
        "cache_creation": split,
    }
    client, recorder = client_for(httpx2.Response(200, json={**MESSAGE, "usage": usage}))
    client.messages.create(**ASK)
    assert recorder.trace.usage == Usage(10, 1, 1000, 0, 600)
    assert recorder.trace.cost_usd == pytest.approx((10 * 2 + 400 * 2.5 + 600 * 4 + 10) / 1e6)


def test_a_stream_is_recorded_as_it_passes():
    """A streamed answer takes its last usage, and its first text has a time."""
    client, recorder = client_for(sse(START, BLOCK, DELTA, STOP_BLOCK, END, STOP))
    with client.messages.stream(**ASK) as stream:
        assert stream.get_final_text() == "Hi"
    (attempt,) = recorder.trace
    assert attempt.streamed
    assert attempt.usage.output_tokens == 77
    assert attempt.first_token_s == 2
    assert attempt.outcome == "end_turn"


@pytest.mark.parametrize(
    ("events", "outcome"),
    [
        ((START, BLOCK, DELTA), "cut_stream"),
        (
            (START, {"type": "error", "error": {"type": "overloaded_error", "message": "x"}}),
            "overloaded_error",
        ),
    ],
)
def test_a_broken_stream_is_not_recorded_as_an_answer(events, outcome):
    """A stream that ends early or reports an error leaves its reason in the trace."""
    client, recorder = client_for(sse(*events))
    stream = client.messages.create(**ASK, stream=True)
    try:
        list(stream)
    except anthropic.APIStatusError:
        pass
    assert recorder.trace[0].outcome == outcome


def test_a_stream_that_nobody_reads_to_the_end_is_abandoned():
    """Closing a stream early is not an error of the provider."""
    client, recorder = client_for(sse(START, BLOCK, DELTA, STOP_BLOCK, END, STOP))
    stream = client.messages.create(**ASK, stream=True)
    next(iter(stream))
    stream.close()
    assert recorder.trace[0].error == "abandoned"


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        (
            httpx2.Response(529, json={"type": "error", "error": {"type": "overloaded_error"}}),
            "529 overloaded_error",
        ),
        (httpx2.Response(502, text="<html>"), "502 http_502"),
        (httpx2.Response(200, text="<html>"), "not_json"),
        (httpx2.Response(200, json={"hello": 1}), "not_a_message"),
        (httpx2.ReadTimeout("slow"), "timeout"),
        (httpx2.ConnectError("gone"), "connection_lost"),
    ],
)
def test_a_failed_attempt_says_why_and_costs_nothing(response, outcome):
    """Every way to fail has its own word, and none is billed."""
    client, recorder = client_for(response)
    try:
        client.messages.create(**ASK)
    except anthropic.AnthropicError:
        pass
    (attempt,) = recorder.trace
    assert attempt.outcome == outcome
    assert attempt.cost_usd == 0


def test_retries_belong_to_their_call():
    """A call of two attempts and a call of one are two calls of three attempts."""
    failed = httpx2.Response(529, headers={"retry-after-ms": "1"}, json={"error": {"type": "x"}})
    ok = [httpx2.Response(200, json=MESSAGE) for _ in range(2)]
    client, recorder = client_for(failed, *ok, max_retries=1)
    client.messages.create(**ASK)
    client.messages.create(**ASK)
    assert [(a.call, a.retry) for a in recorder.trace] == [(1, 0), (1, 1), (2, 0)]
    assert recorder.trace.calls == 2
    assert recorder.trace.usage.input_tokens == 2000


def test_a_refusal_before_any_output_is_not_billed():
    """Its tokens are reported and cost nothing (docs: refusals and fallback, 2026-08-22)."""
    refusal = {**MESSAGE, "content": [], "stop_reason": "refusal"}
    client, recorder = client_for(httpx2.Response(200, json=refusal))
    client.messages.create(**ASK)
    assert recorder.trace.usage.input_tokens == 1000
    assert recorder.trace.cost_usd == 0


def test_a_model_without_a_price_is_not_priced_at_zero():
    """An unknown model costs an unknown amount, and the text says so."""
    unknown = {**MESSAGE, "model": "someone-elses-model"}
    client, recorder = client_for(httpx2.Response(200, json=unknown))
    client.messages.create(**ASK)
    assert math.isnan(recorder.trace.cost_usd)
    assert "unknown" in repr(recorder.trace)


def test_an_asynchronous_client_is_recorded_alike():
    """The same exchange gives the same trace on the asynchronous client."""
    clock = SimClock()
    recorder = Recorder(clock)
    inner = httpx2.MockTransport(Canned(clock, httpx2.Response(200, json=MESSAGE)))

    async def main():
        async with anthropic.AsyncAnthropic(
            api_key="x",
            base_url="https://provider.invalid",
            http_client=httpx2.AsyncClient(transport=AsyncRecordingTransport(inner, recorder)),
        ) as client:
            await client.messages.create(**ASK)

    clock.run(main)
    sync_client, sync_recorder = client_for(httpx2.Response(200, json=MESSAGE))
    sync_client.messages.create(**ASK)
    assert recorder.trace == sync_recorder.trace


class Lost(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body of one piece, after which an error comes."""

    def __init__(self, error):
        self.error = error
        self.closed = False

    def __iter__(self):
        yield f"event: message_start\ndata: {json.dumps(START)}\n\n".encode()
        raise self.error

    async def __aiter__(self):
        for piece in self:
            yield piece

    def close(self):
        """Note that it was closed."""
        self.closed = True

    async def aclose(self):
        """Note that it was closed."""
        self.closed = True


def streamed(body):
    """A response with this body that says that it is a stream of events."""
    return httpx2.Response(200, headers={"content-type": "text/event-stream"}, stream=body)


async def read_all(client):
    """Everything of one streamed answer, or the SDK's error."""
    try:
        async for _ in await client.messages.create(**ASK, stream=True):
            pass
    except (anthropic.AnthropicError, httpx2.TransportError):
        pass


async def read_one(client):
    """The first event of a streamed answer, and no more."""
    async with await client.messages.create(**ASK, stream=True) as stream:
        async for _ in stream:
            break


async def create(client):
    """One whole answer, or the SDK's error."""
    try:
        await client.messages.create(**ASK)
    except anthropic.AnthropicError:
        pass


def recorded_async(read, response):
    """The outcome that the asynchronous transport records for one exchange."""
    clock = SimClock()
    recorder = Recorder(clock)
    inner = httpx2.MockTransport(Canned(clock, response))

    async def main():
        async with anthropic.AsyncAnthropic(
            api_key="x",
            base_url="https://provider.invalid",
            max_retries=0,
            http_client=httpx2.AsyncClient(transport=AsyncRecordingTransport(inner, recorder)),
        ) as client:
            await read(client)

    clock.run(main)
    (attempt,) = recorder.trace
    return attempt.outcome


@pytest.mark.parametrize(
    ("read", "response", "outcome"),
    [
        (create, lambda: httpx2.ReadTimeout("slow"), "timeout"),
        (create, lambda: httpx2.ConnectError("gone"), "connection_lost"),
        (create, lambda: httpx2.Response(529, json={"error": {"type": "x"}}), "529 x"),
        (read_all, lambda: streamed(Lost(httpx2.ReadTimeout("slow"))), "timeout"),
        (read_all, lambda: streamed(Lost(httpx2.ReadError("gone"))), "connection_lost"),
        (read_one, lambda: streamed(Lost(httpx2.ReadError("gone"))), "abandoned"),
    ],
)
def test_an_asynchronous_failure_has_the_same_word_as_a_synchronous_one(read, response, outcome):
    """Before the answer, in the middle of it, and when nobody reads on."""
    assert recorded_async(read, response()) == outcome


@pytest.mark.parametrize(("way", "status"), [("limit", None), ("task", None), ("stream", 200)])
def test_an_attempt_that_the_app_gives_up_is_cancelled(way, status):
    """Its row says so, from its start to that moment, whether or not the answer had begun."""
    lab = Lab()

    async def asks(client):
        if way != "stream":
            await client.messages.create(**ASK)
        async with await client.messages.create(**ASK, stream=True) as stream:
            async for event in stream:
                if event.type == "content_block_delta":
                    asyncio.current_task().cancel()

    async def main(client):
        task = asyncio.create_task(asks(client))
        with contextlib.suppress(TimeoutError, asyncio.CancelledError):
            async with asyncio.timeout(0.25 if way == "limit" else None):
                if way == "task":
                    await lab.clock.sleep_async(0.25)
                    task.cancel()
                await task

    lab.run(main)
    (attempt,) = lab.trace
    assert (attempt.error, attempt.outcome) == ("cancelled", "cancelled")
    assert attempt.status == status
    assert attempt.ended_s == lab.clock.monotonic()
    assert (attempt.first_token_s is None) == (way != "stream")
    assert "cancelled" in repr(lab.trace)


def test_an_interrupted_call_is_cancelled_too():
    """Ctrl-C while synchronous code waits for the answer, or reads a stream."""

    class Interrupted:
        def __iter__(self):
            yield f"event: message_start\ndata: {json.dumps(START)}\n\n".encode()
            raise KeyboardInterrupt

        def close(self):
            pass

    stream = type("Stream", (Interrupted, httpx2.SyncByteStream), {})()
    client, recorder = client_for(streamed(stream))
    with pytest.raises(KeyboardInterrupt):
        list(client.messages.create(**ASK, stream=True))
    assert recorder.trace[0].outcome == "cancelled"
    assert recorder.trace[0].message_id == "msg_1"

    def stops():
        raise KeyboardInterrupt

    inner = httpx2.MockTransport(lambda request: stops())
    client._client = httpx2.Client(transport=RecordingTransport(inner, recorder))
    with pytest.raises(KeyboardInterrupt):
        client.messages.create(**ASK)
    assert recorder.trace[1].outcome == "cancelled"


@pytest.mark.parametrize("asynchronous", [True, False])
def test_an_attempt_that_the_budget_refuses_says_so(asynchronous):
    """The attempts before it keep their answers; it has no status and costs nothing."""
    lab = Lab(max_attempts=2)

    async def main(client):
        while True:
            await client.messages.create(**ASK)

    def app(client, question):
        while True:
            client.messages.create(**ASK)

    with pytest.raises(OutOfBudget):
        lab.run(main) if asynchronous else lab.ask(app, "?")
    assert [attempt.outcome for attempt in lab.trace[2:]] == ["out_of_budget"]
    assert (lab.trace[2].status, lab.trace[2].cost_usd) == (None, 0.0)
    assert all(attempt.error is None for attempt in lab.trace[:2])


def test_an_attempt_that_the_lab_could_not_answer_says_why():
    """One that would leave a simulated lab is blocked; a bug of the simulator is named."""

    class Broken:
        def reply(self, body, luck):
            raise KeyError("bug")

    lab = Lab(model=Broken())
    with pytest.raises(SimulatorError):
        lab.client.messages.create(**ASK)
    with pytest.raises(NetworkBlockedError):
        lab.client.with_options(base_url="https://elsewhere.invalid").messages.create(**ASK)
    assert [attempt.outcome for attempt in lab.trace] == ["simulator_error", "blocked"]


def test_an_attempt_under_way_has_no_outcome_yet():
    """Whoever reads the trace meanwhile is told so."""
    lab = Lab()
    seen = []

    async def main(client):
        asked = asyncio.create_task(client.messages.create(**ASK))
        await lab.clock.sleep_async(0.01)
        seen.append(lab.trace[0].outcome)
        await asked

    lab.run(main)
    assert [*seen, lab.trace[0].outcome] == ["under way", lab.trace[0].stop_reason]


def test_a_recorder_can_hand_on_what_it_keeps_no_longer():
    """The oldest that has ended leaves first; one under way stays, whatever comes after it."""
    left = []
    recorder = Recorder(SimClock(), most=2, leaves=left.append)
    slow = recorder.begin("POST", "/v1/messages", {}, b"{}")
    for n in range(5):
        body = json.dumps({"model": f"m{n}"}).encode()
        recorder.end(recorder.begin("POST", "/v1/messages", {}, body), error="timeout")
    assert [attempt.model for attempt in left] == ["m0", "m1", "m2"]
    assert [attempt.model for attempt in recorder.trace] == ["", "m3", "m4"]
    recorder.end(slow, error=None)
    assert [attempt.model for attempt in left] == ["m0", "m1", "m2", ""]
    assert recorder.number == 6
    again = recorder.begin("POST", "/v1/messages", {"x-stainless-retry-count": "1"}, body)
    assert recorder.trace[-1].call == recorder.trace[-2].call
    assert again == 6


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(httpx2.ReadTimeout("slow"), "timeout"), (httpx2.ReadError("gone"), "connection_lost")],
)
def test_a_connection_that_breaks_in_a_stream_says_how(error, outcome):
    """What came before it stays known; the attempt is an error and the body is closed."""
    body = Lost(error)
    client, recorder = client_for(streamed(body))
    with pytest.raises((anthropic.APIConnectionError, httpx2.TransportError)):
        list(client.messages.create(**ASK, stream=True))
    assert recorder.trace[0].outcome == outcome
    assert recorder.trace[0].message_id == "msg_1"
    assert body.closed


def test_closing_a_client_closes_what_carries_its_requests():
    """The transport in the middle keeps no connection open, in either kind of code."""
    closed = []

    class Inner(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
        def close(self):
            closed.append("sync")

        async def aclose(self):
            closed.append("async")

    recorder = Recorder(SimClock())
    RecordingTransport(Inner(), recorder).close()
    SimClock().run(AsyncRecordingTransport(Inner(), recorder).aclose)
    assert closed == ["sync", "async"]


@pytest.mark.parametrize(
    "usage",
    [
        {"input_tokens": -5, "output_tokens": "many"},
        {"input_tokens": True, "output_tokens": 10**400},
        {"input_tokens": 1.5, "output_tokens": None},
        [],
        None,
    ],
)
def test_a_usage_that_cannot_be_is_not_counted(usage):
    """A provider's odd numbers cost nothing, and never break the call that they came with."""
    client, recorder = client_for(httpx2.Response(200, json={**MESSAGE, "usage": usage}))
    client.messages.create(**ASK)
    assert recorder.trace.usage == Usage()
    assert recorder.trace.cost_usd == 0


@pytest.mark.parametrize("body", [b"[" * 100_000, b"\xff", b'{"type": "message"', b"1" * 5_000])
def test_a_body_that_cannot_be_read_is_told_by_its_word(body):
    """However deep, cut or strange the JSON is."""
    client, recorder = client_for(httpx2.Response(200, content=body))
    try:
        client.messages.create(**ASK)
    except (anthropic.AnthropicError, ValueError, RecursionError):
        pass
    assert recorder.trace[0].outcome == "not_json"


def test_a_count_of_retries_that_is_none_is_a_first_attempt():
    """A person's own header does not end a call below the SDK."""
    client, recorder = client_for(httpx2.Response(200, json=MESSAGE))
    client.messages.create(**ASK, extra_headers={"x-stainless-retry-count": "a few"})
    assert recorder.trace[0].retry == 0


def test_what_a_provider_says_cannot_steer_the_table():
    """A stop reason full of controls and length stays in its column."""
    odd = {**MESSAGE, "stop_reason": "\x1b[2J\n" + "x" * 500}
    client, recorder = client_for(httpx2.Response(200, json=odd))
    client.messages.create(**ASK)
    said = repr(recorder.trace)
    assert len(said.splitlines()) == 2
    assert "\x1b" not in said
    assert max(map(len, said.splitlines())) < 140


def test_traces_are_equal_by_what_is_in_them():
    """An empty trace took no time; a trace is not a list."""
    assert Trace() == Trace([])
    assert Trace().total_s == 0
    assert Trace() != []


def test_a_trace_reads_as_a_table():
    """The text of a trace is aligned, and an empty one says so in words."""
    assert repr(Trace()) == "no attempt yet"
    client, recorder = client_for(httpx2.Response(200, json=MESSAGE))
    client.messages.create(**ASK)
    heading, row = repr(recorder.trace).splitlines()
    assert heading.split()[:3] == ["call", "attempt", "outcome"]
    assert "end_turn" in row
    assert "0.0 s" in row


def test_a_part_of_a_trace_is_a_trace_with_its_own_clock():
    """Slicing keeps the type, and times can be counted from the first attempt of the part."""
    client, recorder = client_for(*(httpx2.Response(200, json=MESSAGE) for _ in range(2)))
    client.messages.create(**ASK)
    client.messages.create(**ASK)
    later = recorder.trace[1:].since(recorder.trace[1].started_s)
    assert isinstance(later, Trace)
    assert (later[0].started_s, later[0].ended_s, later[0].first_token_s) == (0, 2, 2)
    assert later.total_s == 2


def test_a_repeated_question_that_is_retried_is_a_call_of_its_own():
    """The same bytes asked again and then retried belong to the second call, not to the first."""
    failed = httpx2.Response(529, headers={"retry-after-ms": "1"}, json={"error": {"type": "x"}})
    ok = [httpx2.Response(200, json=MESSAGE) for _ in range(2)]
    client, recorder = client_for(ok[0], failed, ok[1], max_retries=1)
    client.messages.create(**ASK)
    client.messages.create(**ASK)
    assert [(a.call, a.retry) for a in recorder.trace] == [(1, 0), (2, 0), (2, 1)]


BATCH = {"id": "msgbatch_0123456789abcdef", "type": "message_batch", "processing_status": "ended"}
RESULTS_URL = "https://provider.invalid/v1/messages/batches/msgbatch_0123456789abcdef/results"


def batch_line(message_id, **changes):
    """One line of a batch's results: an answer of 1,000 input tokens, 500 of them from a cache."""
    usage = {**MESSAGE["usage"], "service_tier": "batch"}
    message = {**MESSAGE, "id": message_id, "usage": usage, **changes}
    return {"custom_id": message_id, "result": {"type": "succeeded", "message": message}}


def batch_results(*lines):
    """The answer to the two attempts that the SDK makes for the results of a batch."""
    text = "".join(json.dumps(line) + "\n" for line in lines)
    batch = httpx2.Response(200, json={**BATCH, "results_url": RESULTS_URL})
    return batch, httpx2.Response(200, text=text)


def test_the_results_of_a_batch_are_counted_at_half_price():
    """Tokens and price of all answers stand in the attempt that reads them; others are free."""
    errored = {"custom_id": "c", "result": {"type": "errored", "error": {}}}
    lines = batch_line("msg_1"), errored, batch_line("msg_2")
    client, recorder = client_for(*batch_results(*lines))
    list(client.messages.batches.results(BATCH["id"]))
    asked, read = recorder.trace
    assert asked.cost_usd == 0
    assert asked.outcome == "GET /v1/messages/batches/{id}"
    assert read.outcome == "GET /v1/messages/batches/{id}/results"
    assert read.usage == Usage(2000, 200, 0, 1000)
    assert read.cost_usd == pytest.approx((1000 * 2 + 100 * 10 + 500 * 0.2) / 1e6)


def test_results_that_are_read_twice_are_counted_once():
    """A second reading adds what is new in it, and a refusal without output costs nothing."""
    refusal = batch_line("msg_2", content=[], stop_reason="refusal")
    first, both = batch_line("msg_1"), (batch_line("msg_1"), refusal)
    client, recorder = client_for(*batch_results(first), *batch_results(*both))
    list(client.messages.batches.results(BATCH["id"]))
    list(client.messages.batches.results(BATCH["id"]))
    _, one, _, other = recorder.trace
    assert one.usage == other.usage == Usage(1000, 100, 0, 500)
    assert one.cost_usd > other.cost_usd == 0


def test_a_recorder_remembers_a_bounded_number_of_results(monkeypatch):
    """What was counted longest ago is forgotten first, and counts again."""
    assert recorder_module.MOST_COUNTED == 200_000
    monkeypatch.setattr(recorder_module, "MOST_COUNTED", 1)
    names = (["msg_1", "msg_2"], ["msg_2"], ["msg_1"])
    read = [batch_results(*map(batch_line, some)) for some in names]
    client, recorder = client_for(*(response for pair in read for response in pair))
    for _ in names:
        list(client.messages.batches.results(BATCH["id"]))
    assert [one.usage.output_tokens for one in recorder.trace[1::2]] == [200, 0, 100]


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        (httpx2.Response(200, text="<html>"), "not_json"),
        (httpx2.Response(404, json={"error": {"type": "not_found_error"}}), "404 not_found_error"),
        (httpx2.ConnectError("gone"), "connection_lost"),
    ],
)
def test_an_attempt_without_a_message_says_why_it_failed(response, outcome):
    """The words are the same at every endpoint."""
    client, recorder = client_for(response)
    with contextlib.suppress(anthropic.AnthropicError):
        client.messages.batches.retrieve(BATCH["id"])
    assert recorder.trace[0].outcome == outcome
    assert recorder.trace[0].endpoint == "GET /v1/messages/batches/{id}"


def test_results_that_end_in_the_middle_say_so():
    """What came is counted, and the cut line is not."""
    batch, results = batch_results(batch_line("msg_1"), batch_line("msg_2"))
    client, recorder = client_for(batch, httpx2.Response(200, content=results.content[:-50]))
    with pytest.raises(json.JSONDecodeError):
        list(client.messages.batches.results(BATCH["id"]))
    assert recorder.trace[1].outcome == "not_json"
    assert recorder.trace[1].usage.input_tokens == 1000


def test_results_that_failed_cost_nothing():
    """An error in place of the results is told by its type."""
    failed = httpx2.Response(529, json={"error": {"type": "overloaded_error"}})
    client, recorder = client_for(batch_results()[0], failed)
    with pytest.raises(anthropic.APIStatusError):
        client.messages.batches.results(BATCH["id"])
    assert recorder.trace[1].outcome == "529 overloaded_error"
    assert recorder.trace.cost_usd == 0


def test_polling_is_a_call_each_time_and_a_retry_belongs_to_its_own_path():
    """Attempts without a body are told apart by what they ask for."""
    failed = httpx2.Response(529, headers={"retry-after-ms": "1"}, json={"error": {"type": "x"}})
    ok = [httpx2.Response(200, json=BATCH) for _ in range(2)]
    client, recorder = client_for(failed, failed, ok[0], ok[1], max_retries=1)
    with pytest.raises(anthropic.InternalServerError):
        client.with_options(max_retries=0).messages.batches.retrieve("msgbatch_1")
    client.messages.batches.retrieve("msgbatch_2")
    client.messages.batches.retrieve("msgbatch_2")
    assert [(a.call, a.retry) for a in recorder.trace] == [(1, 0), (2, 0), (2, 1), (3, 0)]


def test_an_upload_that_is_retried_is_one_call():
    """Each attempt draws another boundary, and the file between the boundaries is the same."""
    failed = httpx2.Response(529, headers={"retry-after-ms": "1"}, json={"error": {"type": "x"}})
    client, recorder = client_for(failed, httpx2.Response(200, json={"id": "f"}), max_retries=1)
    client.files.upload(file=("notes.txt", b"Returned with a dent.", "text/plain"))
    assert [(a.call, a.retry) for a in recorder.trace] == [(1, 0), (1, 1)]
    assert recorder.trace[1].outcome == "POST /v1/files"


def test_the_bytes_of_a_file_are_no_failure():
    """A download need not be JSON."""
    client, recorder = client_for(httpx2.Response(200, content=b"%PDF"))
    assert client.files.download("file_0123456789").read() == b"%PDF"
    assert recorder.trace[0].outcome == "GET /v1/files/{id}/content"


def test_a_failed_attempt_waits_for_its_retry_among_ten_thousand():
    """Of more, the oldest is forgotten, so that a long day needs no more memory."""
    recorder, path = Recorder(SimClock()), "/v1/messages"
    for _ in range(10_001):
        recorder.failed(recorder.begin("POST", path, {}, b"{}"), httpx2.ConnectError("lost"))
    for _ in range(2):
        recorder.begin("POST", path, {"x-stainless-retry-count": "1"}, b"{}")
    assert [attempt.call for attempt in recorder.trace[-2:]] == [2, 3]
