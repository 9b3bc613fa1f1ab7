"""Transports that record what passes through them."""

import asyncio
import math
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import cast

import httpx2

from labkit import catalog
from labkit.arguments import refused
from labkit.clock import Clock, a_clock
from labkit.errors import ArgumentError, NetworkBlockedError, OutOfBudget, SimulatorError
from labkit.trace.elsewhere import endpoint_of, messages_in, received_elsewhere
from labkit.trace.values import HTTP_OK, MESSAGES, Attempt, Trace, Usage
from labkit.trace.wire import Received, json_object, received


class RecordingTransport(httpx2.BaseTransport):
    """Records what a synchronous client sends and receives."""

    def __init__(self, inner: httpx2.BaseTransport, recorder: "Recorder") -> None:
        """Pass everything on to ``inner`` and note it in ``recorder``."""
        _check(inner, httpx2.BaseTransport, recorder)
        self._inner = inner
        self._recorder = recorder

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request and record it."""
        request.headers["accept-encoding"] = "identity"
        content = request.read()
        number = self._recorder.begin(request.method, request.url.path, request.headers, content)
        try:
            response = self._inner.handle_request(request)
        except BaseException as error:
            self._recorder.failed(number, error)
            raise
        reading = Reading(self._recorder, number, response.status_code, response.headers)
        stream = _Tee(cast(httpx2.SyncByteStream, response.stream), reading)
        if response.status_code != HTTP_OK:
            return _rebuilt(response, httpx2.ByteStream(b"".join(stream)))
        return _rebuilt(response, stream)

    def close(self) -> None:
        """Close the inner transport."""
        self._inner.close()


class AsyncRecordingTransport(httpx2.AsyncBaseTransport):
    """Records what an asynchronous client sends and receives."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, recorder: "Recorder") -> None:
        """Pass everything on to ``inner`` and note it in ``recorder``."""
        _check(inner, httpx2.AsyncBaseTransport, recorder)
        self._inner = inner
        self._recorder = recorder

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request and record it."""
        request.headers["accept-encoding"] = "identity"
        content = await request.aread()
        number = self._recorder.begin(request.method, request.url.path, request.headers, content)
        try:
            response = await self._inner.handle_async_request(request)
        except BaseException as error:
            self._recorder.failed(number, error)
            raise
        reading = Reading(self._recorder, number, response.status_code, response.headers)
        stream = _AsyncTee(cast(httpx2.AsyncByteStream, response.stream), reading)
        if response.status_code != HTTP_OK:
            return _rebuilt(response, httpx2.ByteStream(b"".join([data async for data in stream])))
        return _rebuilt(response, stream)

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()


GIVES_UP = (asyncio.CancelledError, KeyboardInterrupt, OutOfBudget)
"""What ends an attempt from the client's side."""
NO_ANSWER: tuple[tuple[type[BaseException], str], ...] = (
    (httpx2.TimeoutException, "timeout"),
    (NetworkBlockedError, "blocked"),
    (SimulatorError, "simulator_error"),
    (OutOfBudget, "out_of_budget"),
    (Exception, "connection_lost"),
    (BaseException, "cancelled"),
)
"""Why no whole answer came, the first that fits: the SDK takes any other error for a lost
connection (anthropic 2.12.0, ``_base_client.py``)."""

MOST_OPEN = 10_000
"""Failed attempts without a retry that are remembered; a later retry of others is a new call."""


class Recorder:
    """The attempts of one lab; its synchronous and asynchronous clients share it."""

    def __init__(self, clock: Clock) -> None:
        """Begin now, by ``clock``."""
        self._clock = a_clock(clock)
        self._begins_s = self._clock.monotonic()
        self._attempts: list[Attempt] = []
        self._open: dict[int, tuple[int, int]] = {}
        """Content and retry of the attempts that a retry may follow: under way, or failed."""
        self._calls = 0
        self._counted: set[str | None] = set()

    @property
    def trace(self) -> Trace:
        """Every attempt so far."""
        return Trace(self._attempts)

    def now_s(self) -> float:
        """Seconds since the recorder began."""
        return self._clock.monotonic() - self._begins_s

    def begin(self, method: str, path: str, headers: Mapping[str, str], content: bytes) -> int:
        """Note a request that is about to be sent, and say under which number."""
        told = headers.get("x-stainless-retry-count", "0")
        retry = int(told) if told.isascii() and told.isdecimal() else 0
        body = json_object(content)
        now_s = self.now_s()
        endpoint = endpoint_of(method, path)
        call = self._call(hash((endpoint, path, _without_boundary(headers, content))), retry)
        self._attempts.append(
            Attempt(
                call=call,
                retry=retry,
                model=str(body.get("model", "")),
                streamed=body.get("stream") is True,
                started_s=now_s,
                ended_s=now_s,
                endpoint=endpoint,
            )
        )
        return len(self._attempts) - 1

    def failed(self, number: int, error: BaseException) -> None:
        """Note that no answer came."""
        self.change(number, error=word_for(error))

    def change(self, number: int, **values: object) -> None:
        """Write what has become known of an attempt."""
        values.setdefault("ended_s", self.now_s())
        if values.get("error", "not yet") is None:
            self._open.pop(number, None)
        self._attempts[number] = replace(self._attempts[number], **values)  # type: ignore[arg-type]

    def endpoint(self, number: int) -> str:
        """What an attempt asked for."""
        return self._attempts[number].endpoint

    def count(self, replies: Iterable[Received]) -> tuple[Usage, float]:
        """Tokens and price of the messages that have not been counted before, in USD."""
        usage, cost_usd = Usage(), 0.0
        for reply in replies:
            if reply.message_id not in self._counted:
                self._counted.add(reply.message_id)
                usage += reply.usage
                cost_usd += _cost_usd(reply) if reply.is_billed else 0.0
        return usage, cost_usd

    def _call(self, content: int, retry: int) -> int:
        """The number of the call: a retry repeats the bytes of an attempt that failed."""
        before = self._failed(content, retry - 1) if retry else None
        if before is not None:
            del self._open[before]
        self._open[len(self._attempts)] = (content, retry)
        if len(self._open) > MOST_OPEN:
            del self._open[next(iter(self._open))]
        if before is not None:
            return self._attempts[before].call
        self._calls += 1
        return self._calls

    def _failed(self, content: int, retry: int) -> int | None:
        """The first attempt of these bytes that failed and has had no retry."""
        wanted = (content, retry)
        numbers = (number for number, sent in self._open.items() if sent == wanted)
        return next((number for number in numbers if self._attempts[number].error), None)


class Reading:
    """Notes one response as its bytes pass."""

    def __init__(
        self, recorder: Recorder, number: int, status: int, headers: Mapping[str, str]
    ) -> None:
        """Note in ``recorder`` what comes for the attempt with this number."""
        self._recorder = recorder
        self._number = number
        self._endpoint = recorder.endpoint(number)
        self._status = status
        self._content_type = headers.get("content-type", "")
        self._chunks: list[bytes] = []
        self._first_token_s: float | None = None
        self._done = False
        recorder.change(number, status=status, request_id=headers.get("request-id"))

    def chunk(self, data: bytes) -> bytes:
        """Keep a piece and hand it on."""
        if self._first_token_s is None and b'"text_delta"' in data:
            self._first_token_s = self._recorder.now_s()
        self._chunks.append(data)
        return data

    def broken(self, error: BaseException) -> None:
        """The answer broke off in the middle."""
        self.end(word_for(error))

    def end(self, error: str | None = None) -> None:
        """Read what came, once."""
        if self._done:
            return
        self._done = True
        if self._endpoint != MESSAGES:
            self._end_elsewhere(error)
            return
        reply = received(self._status, self._content_type, b"".join(self._chunks))
        first_token_s = self._first_token_s
        if first_token_s is None and reply.has_text:
            first_token_s = self._recorder.now_s()
        self._recorder.change(
            self._number,
            error=_what_failed(error, reply),
            stop_reason=reply.stop_reason,
            message_id=reply.message_id,
            usage=reply.usage,
            first_token_s=first_token_s,
            cost_usd=_cost_usd(reply) if reply.is_billed else 0.0,
        )

    def _end_elsewhere(self, error: str | None) -> None:
        """The same where no message was asked for; the results of a batch carry many."""
        body = b"".join(self._chunks)
        reply = received_elsewhere(self._endpoint, self._status, body)
        messages = messages_in(self._endpoint, self._status, body)
        usage, cost_usd = self._recorder.count(messages)
        failed = _what_failed(error, reply)
        self._recorder.change(self._number, error=failed, usage=usage, cost_usd=cost_usd)


class _Tee(httpx2.SyncByteStream):
    """A response stream that is noted while it is read."""

    def __init__(self, stream: httpx2.SyncByteStream, reading: Reading) -> None:
        self._stream = stream
        self._reading = reading

    def __iter__(self) -> Iterator[bytes]:
        try:
            for data in self._stream:
                yield self._reading.chunk(data)
        except (httpx2.TransportError, *GIVES_UP) as error:
            self._reading.broken(error)
            raise
        self._reading.end()

    def close(self) -> None:
        self._reading.end("abandoned")
        self._stream.close()


class _AsyncTee(httpx2.AsyncByteStream):
    """The same for an asynchronous client."""

    def __init__(self, stream: httpx2.AsyncByteStream, reading: Reading) -> None:
        self._stream = stream
        self._reading = reading

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for data in self._stream:
                yield self._reading.chunk(data)
        except (httpx2.TransportError, *GIVES_UP) as error:
            self._reading.broken(error)
            raise
        self._reading.end()

    async def aclose(self) -> None:
        self._reading.end("abandoned")
        await self._stream.aclose()


def word_for(error: BaseException) -> str:
    """Why no whole answer came, in the trace's word."""
    return next(word for kind, word in NO_ANSWER if isinstance(error, kind))


def _rebuilt(
    response: httpx2.Response, stream: httpx2.SyncByteStream | httpx2.AsyncByteStream
) -> httpx2.Response:
    """The same response with another body; a failed one is read first, as the SDK may not."""
    return httpx2.Response(
        response.status_code,
        headers=response.headers,
        stream=stream,
        extensions=response.extensions,
    )


def _check(inner: object, kind: type, recorder: object) -> None:
    """Refuse what could not be sent through or written to, before anything is sent."""
    if not isinstance(inner, kind):
        how = "No request can be sent through it."
        raise refused("inner", inner, how, f"Give a transport of httpx2, a {kind.__name__}.")
    if not isinstance(recorder, Recorder):
        how = "Nothing could be noted in it."
        raise refused("recorder", recorder, how, "Give Recorder(clock).")


def _without_boundary(headers: Mapping[str, str], content: bytes) -> bytes:
    """The body without what stands between its parts, which is drawn anew for each attempt."""
    boundary = headers.get("content-type", "").partition("boundary=")[2].encode()
    return content.replace(boundary, b"") if boundary else content


def _what_failed(error: str | None, reply: Received) -> str | None:
    """Why an attempt failed; a reader who stops after the last byte has missed nothing."""
    return reply.error if error == "abandoned" and not reply.is_cut else error or reply.error


def _cost_usd(reply: Received) -> float:
    """The price of a reply in USD; not a number where the catalogue does not know the model."""
    told = {"service_tier": reply.service_tier, "inference_geo": reply.inference_geo}
    try:
        parts = reply.parts or (reply.usage,)
        return sum(catalog.cost_usd(part, reply.model or "", **told) for part in parts)
    except ArgumentError:
        return math.nan
