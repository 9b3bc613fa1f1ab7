"""Reading answers as their bytes pass, in whatever pieces they come; tripwires of the SDK."""

import asyncio
import gzip
import inspect
import json
from itertools import pairwise
from typing import get_args

import anthropic
import httpx2
import pytest
from anthropic import _tracing
from anthropic.types import StopReason
from anthropic.types.shared.error_type import ErrorType
from cost_world import MODEL, request
from hypothesis import given
from hypothesis import strategies as st

from labkit.cost import UsageLedger, batches, ledger
from labkit.cost.reading import Reader
from labkit.trace.passing import AsyncTee

STREAM = "text/event-stream; charset=utf-8"
START = {
    "type": "message_start",
    "message": {
        "id": "msg_1",
        "type": "message",
        "model": MODEL,
        "content": [],
        "stop_reason": None,
        "usage": {
            "input_tokens": 10,
            "output_tokens": 1,
            "cache_read_input_tokens": 500,
            "cache_creation_input_tokens": 40,
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 40},
            "service_tier": "standard",
        },
    },
}
DELTA = {
    "type": "message_delta",
    "delta": {"stop_reason": "end_turn"},
    "usage": {
        "input_tokens": None,
        "output_tokens": 25,
        "cache_read_input_tokens": None,
        "output_tokens_details": {"thinking_tokens": 20},
    },
}
BLOCK = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
TEXT = {
    "type": "content_block_delta",
    "index": 0,
    "delta": {"type": "text_delta", "text": 'He said "message_stop" and "error", ¡olé!'},
}
STOP = {"type": "message_stop"}
WHOLE = (START, BLOCK, TEXT, {"type": "ping", "error": None}, DELTA, STOP)


def frames(*events, end="\n"):
    """The bytes of a stream."""
    told = (
        f"event: {one['type']}{end}data: {json.dumps(one, ensure_ascii=False)}{end}{end}"
        for one in events
    )
    return "".join(told).encode()


def read(body, content_type=STREAM, status=200, **more):
    """What a body says that comes at once."""
    reader = Reader(status, content_type, **more)
    reader.feed(body)
    return reader.answers()


def test_totals_overwrite_and_none_does_not():
    """The counts of a stream's end are totals; what they leave out stays as it began."""
    (answer,) = read(frames(*WHOLE))
    assert answer.usage == {
        **START["message"]["usage"],
        "output_tokens": 25,
        "output_tokens_details": {"thinking_tokens": 20},
    }
    assert (answer.error, answer.stop_reason, answer.has_content) == (None, "end_turn", True)
    assert answer.is_billed


@given(cuts=st.lists(st.integers(0, 3_000), max_size=12), end=st.sampled_from(["\n", "\r\n"]))
def test_bytes_may_come_in_any_pieces(cuts, end):
    """Cut inside a line, a word or a letter: the answer is the same."""
    body = frames(*WHOLE, end=end)
    reader = Reader(200, STREAM)
    places = sorted({0, *(min(one, len(body)) for one in cuts), len(body)})
    for start, stop in pairwise(places):
        reader.feed(body[start:stop])
    assert reader.answers() == read(frames(*WHOLE))


def test_a_packed_stream_is_read_too():
    """As far as it came: the real API may pack what it sends."""
    packed = gzip.compress(frames(*WHOLE))
    assert read(packed, packed="gzip") == read(frames(*WHOLE))
    assert read(frames(*WHOLE), packed="identity") == read(frames(*WHOLE))
    (cut,) = read(packed[:-40], packed="gzip")
    assert cut.message_id == "msg_1"
    assert read(b"no gzip", packed="gzip")[0].error == "cut_stream"
    assert read(b"", packed="gzip")[0].error == "cut_stream"


@pytest.mark.parametrize("streamed", [True, False])
def test_a_packed_response_is_counted(streamed):
    """The SDK unpacks for the app, and the ledger for itself."""
    message = {**START["message"], "role": "assistant", "content": [], "stop_reason": "end_turn"}
    body = frames(*WHOLE) if streamed else json.dumps(message).encode()
    headers = {"content-encoding": "gzip"}
    headers["content-type"] = STREAM if streamed else "application/json"

    def answer(_):
        return httpx2.Response(200, content=gzip.compress(body), headers=headers)

    kept = UsageLedger()
    http_client = httpx2.Client(transport=httpx2.MockTransport(answer))
    client = anthropic.Anthropic(api_key="simulated", http_client=http_client, middleware=[kept])
    if streamed:
        with client.messages.stream(**request()) as events:
            assert events.get_final_message().usage.output_tokens == 25
    else:
        client.messages.create(**request())
        with client.messages.with_streaming_response.create(**request()) as response:
            assert response.parse().id == "msg_1"
    (line,) = kept.lines
    assert line.outcome == "end_turn"
    assert line.usage["output_tokens"] == (25 if streamed else 1)


@pytest.mark.parametrize("events", [(), WHOLE[:1], WHOLE[:3], WHOLE[:5]])
def test_a_stream_without_its_end_is_cut(events):
    """Whatever has come by then."""
    (answer,) = read(frames(*events))
    assert answer.error == "cut_stream"
    assert answer.is_billed is bool(events)


def test_the_last_line_may_lack_its_end():
    """And a line that is no JSON says nothing."""
    body = frames(*WHOLE).rstrip()
    assert read(body) == read(frames(*WHOLE))
    broken = body.replace(b'data: {"type": "message_delta"', b'data: {"type": "message_delta" oops')
    (answer,) = read(broken)
    assert answer.usage["output_tokens"] == 1


@pytest.mark.parametrize(
    ("status", "body", "error", "rejected"),
    [
        (529, b'{"error": {"type": "overloaded_error"}}', "529 overloaded_error", True),
        (502, b"<html>", "502", True),
        (500, b"", "500", True),
        (200, b"<html>", "not a message", False),
        (200, b'{"type": "model"}', "not a message", False),
        (200, b'["message"]', "not a message", False),
    ],
)
def test_what_is_no_answer_says_so(status, body, error, rejected):
    """An error status was not answered for sure; a strange page may have been."""
    (answer,) = read(body, "application/json", status)
    assert (answer.error, answer.is_rejected, answer.is_billed) == (error, rejected, False)


def test_results_of_a_batch_are_read_line_by_line():
    """Answers alone, and half price is the ledger's to know where the usage does not say it."""
    message = {**START["message"], "content": [{"type": "text", "text": "Yes."}]}
    lines = [
        {"custom_id": "a", "result": {"type": "succeeded", "message": message}},
        {"custom_id": "b", "result": {"type": "errored", "error": {"message": message}}},
        {"custom_id": "c", "result": {"type": "expired"}},
    ]
    body = "\n".join(map(json.dumps, lines)).encode()
    assert [one.message_id for one in read(body, "application/x-jsonl", is_results=True)] == [
        "msg_1"
    ]
    half, full = UsageLedger(), UsageLedger()
    served = served_by(body)
    client = anthropic.Anthropic(**served, middleware=[half])
    assert len(list(client.messages.batches.results("msgbatch_1"))) == 3
    full.add(message)
    assert half.total.usd * 2 == full.total.usd > 0


def served_by(body):
    """Options of a client whose batch has ended with these results."""
    url = "https://provider.invalid/v1/messages/batches/msgbatch_1/results"
    batch = {"id": "msgbatch_1", "results_url": url, "processing_status": "ended"}

    def answer(sent):
        if sent.url.path.endswith("/results"):
            return httpx2.Response(200, content=body, headers={"content-type": "x-jsonl"})
        return httpx2.Response(200, json=batch)

    http_client = httpx2.Client(transport=httpx2.MockTransport(answer))
    base = {"api_key": "simulated", "base_url": "https://provider.invalid"}
    return {**base, "http_client": http_client}


def test_only_so_many_messages_are_remembered(monkeypatch):
    """A service that runs for a year does not grow; the oldest ids are forgotten first."""
    monkeypatch.setattr(ledger, "MOST_SEEN", 2)
    kept = UsageLedger()
    message = {**START["message"], "content": [{}]}
    for name in ("a", "b", "c", "c", "a"):
        kept.add({**message, "id": name})
    assert [line.message_id for line in kept.lines] == ["a", "b", "c", "a"]


class Plain(httpx2.AsyncByteStream):
    """A body that is its own iterator."""

    def __init__(self):
        """Two pieces to give."""
        self.left = [b"a", b"b"]

    def __aiter__(self):
        """Itself."""
        return self

    async def __anext__(self):
        """The next piece."""
        if not self.left:
            raise StopAsyncIteration
        return self.left.pop(0)


class Heard:
    """What a tee told."""

    def __init__(self):
        """Nothing yet."""
        self.data, self.ends = [], []

    def feed(self, data):
        """Some bytes."""
        self.data.append(data)

    def done(self, error=None):
        """The end."""
        self.ends.append(error)


def test_any_body_can_be_noted():
    """One that is no generator, too; nothing is kept back."""
    heard = Heard()

    async def main():
        return [data async for data in AsyncTee(Plain(), heard)]

    assert asyncio.run(main()) == heard.data == [b"a", b"b"]
    assert heard.ends == [None]
    assert AsyncTee(Plain(), heard).elapsed is None


# Tripwires: what is copied from the SDK by hand


def test_every_stop_reason_is_known_to_reconcile():
    """A new one: decide in ``labkit/cost/batches.py`` whether its answer is done."""
    assert set(get_args(StopReason)) == batches.WHOLE | set(batches.REASONS)


def test_every_error_type_has_been_thought_of():
    """A new one: decide in ``labkit/cost/batches.py`` whether to send it again."""
    dead = {
        "invalid_request_error",
        "authentication_error",
        "billing_error",
        "permission_error",
        "not_found_error",
        "memory_precondition_failed_error",
        "memory_path_conflict_error",
        "conflict_error",
    }
    assert set(get_args(ErrorType)) == batches.RETRYABLE | dead


def test_the_sdk_notes_a_body_in_the_same_way():
    """Where it no longer puts a stream around ``response.stream``, look at ``passing.py`` again."""
    source = inspect.getsource(_tracing.end_api_call_span_when_body_ends)
    assert "response.stream = span_ending_stream(response.stream" in source


def test_the_fields_that_cost_are_all_known():
    """A new field of a usage: decide in ``labkit/cost/tokens.py`` what it costs."""
    assert set(anthropic.types.Usage.model_fields) == {
        "cache_creation",
        "cache_creation_input_tokens",
        "cache_read_input_tokens",
        "inference_geo",
        "input_tokens",
        "output_tokens",
        "output_tokens_details",
        "server_tool_use",
        "service_tier",
        "speed",
    }
    assert set(anthropic.types.CacheCreation.model_fields) == {
        "ephemeral_1h_input_tokens",
        "ephemeral_5m_input_tokens",
    }
    tools = set(anthropic.types.ServerToolUsage.model_fields)
    assert tools == {"web_search_requests", "web_fetch_requests"}
