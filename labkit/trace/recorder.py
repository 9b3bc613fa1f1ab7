"""What is kept of each attempt while it passes, and after it.

    begin -> Attempt (under way) -> Reading: its bytes -> end -> kept, or handed on

A lab keeps every attempt. Whoever runs without end says how many, and takes the others.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import httpx2

from labkit import catalog
from labkit.clock import Clock, a_clock
from labkit.errors import ArgumentError, NetworkBlockedError, OutOfBudget, SimulatorError
from labkit.trace.elsewhere import endpoint_of, messages_in, received_elsewhere
from labkit.trace.values import MESSAGES, Attempt, Trace, Usage
from labkit.trace.wire import Received, json_object, received

NO_ANSWER: tuple[tuple[type[BaseException], str], ...] = (
    (httpx2.TimeoutException, "timeout"),
    (NetworkBlockedError, "blocked"),
    (SimulatorError, "simulator_error"),
    (OutOfBudget, "out_of_budget"),
    (Exception, "connection_lost"),
    (GeneratorExit, "abandoned"),
    (BaseException, "cancelled"),
)
"""Why no whole answer came, the first that fits: the SDK takes any other error for a lost
connection (anthropic 2.12.0, ``_base_client.py``)."""

MOST_OPEN = 10_000
"""Failed attempts without a retry that are remembered; a later retry of others is a new call."""


MOST_COUNTED = 200_000
"""Messages in results of batches that are remembered as counted: those of the two largest."""


Leaves = Callable[[Attempt], object]


class Recorder:
    """The attempts of one lab; its synchronous and asynchronous clients share it."""

    def __init__(
        self, clock: Clock, *, most: float = math.inf, leaves: Leaves = lambda _: None
    ) -> None:
        """Begin now, by ``clock``.

        Args:
            clock: What tells when things happen.
            most: Attempts that are kept, those under way aside.
            leaves: Is given each attempt that is kept no longer, the oldest first.
        """
        self._clock = a_clock(clock)
        self._begins_s = self._clock.monotonic()
        self._attempts: dict[int, Attempt] = {}
        self._ended: set[int] = set()
        """Which of them have ended."""
        self._most, self._leaves = most, leaves
        self._open: dict[int, tuple[int, int]] = {}
        """Content and retry of the attempts that a retry may follow: under way, or failed."""
        self._calls = 0
        self._counted: dict[str | None, None] = {}
        self.number = 0
        """How many attempts there were."""

    @property
    def trace(self) -> Trace:
        """Every attempt that is kept."""
        return Trace(tuple(self._attempts.values()))

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
        self._attempts[self.number] = Attempt(
            call=call,
            retry=retry,
            model=str(body.get("model", "")),
            streamed=body.get("stream") is True,
            started_s=now_s,
            ended_s=now_s,
            endpoint=endpoint,
        )
        self.number += 1
        return self.number - 1

    def failed(self, number: int, error: BaseException) -> None:
        """Note that no answer came."""
        self.end(number, error=word_for(error))

    def change(self, number: int, **values: object) -> None:
        """Write what has become known of an attempt."""
        known = {"ended_s": self.now_s(), **values}
        self._attempts[number] = replace(self._attempts[number], **known)  # type: ignore[arg-type]

    def end(self, number: int, error: str | None, **values: object) -> None:
        """Write what has become of an attempt; only one that failed waits for a retry."""
        self.change(number, error=error, **values)
        if error is None:
            self._open.pop(number, None)
        self._ended.add(number)
        if len(self._ended) > self._most:
            oldest = next(one for one in self._attempts if one in self._ended)
            self._ended.remove(oldest)
            self._open.pop(oldest, None)
            self._leaves(self._attempts.pop(oldest))

    def endpoint(self, number: int) -> str:
        """What an attempt asked for."""
        return self._attempts[number].endpoint

    def count(self, replies: Iterable[Received]) -> tuple[Usage, float]:
        """Tokens and price of the messages that have not been counted before, in USD."""
        usage, cost_usd = Usage(), 0.0
        for reply in replies:
            if reply.message_id not in self._counted:
                self._counted[reply.message_id] = None
                usage += reply.usage
                cost_usd += _cost_usd(reply) if reply.is_billed else 0.0
        while len(self._counted) > MOST_COUNTED:
            del self._counted[next(iter(self._counted))]
        return usage, cost_usd

    def _call(self, content: int, retry: int) -> int:
        """The number of the call: a retry repeats the bytes of an attempt that failed."""
        before = self._failed(content, retry - 1) if retry else None
        if before is not None:
            del self._open[before]
        self._open[self.number] = (content, retry)
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
        self._is_done = False
        recorder.change(number, status=status, request_id=headers.get("request-id"))

    def feed(self, data: bytes) -> None:
        """Keep a piece."""
        if self._first_token_s is None and b'"text_delta"' in data:
            self._first_token_s = self._recorder.now_s()
        self._chunks.append(data)

    def done(self, error: BaseException | None = None) -> None:
        """Nothing more comes: it has ended, or an error broke it off in the middle."""
        self.end(word_for(error) if error else None)

    def end(self, error: str | None = None) -> None:
        """Read what came, once."""
        if self._is_done:
            return
        self._is_done = True
        if self._endpoint != MESSAGES:
            self._end_elsewhere(error)
            return
        reply = received(self._status, self._content_type, b"".join(self._chunks))
        first_token_s = self._first_token_s
        if first_token_s is None and reply.has_text:
            first_token_s = self._recorder.now_s()
        self._recorder.end(
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
        self._recorder.end(self._number, error=failed, usage=usage, cost_usd=cost_usd)


def word_for(error: BaseException) -> str:
    """Why no whole answer came, in the trace's word."""
    return next(word for kind, word in NO_ANSWER if isinstance(error, kind))


def _without_boundary(headers: Mapping[str, str], content: bytes) -> bytes:
    """The body without what stands between its parts, which is drawn anew for each attempt."""
    boundary = headers.get("content-type", "").partition("boundary=")[2].encode()
    return content.replace(boundary, b"") if boundary else content


def _what_failed(error: str | None, reply: Received) -> str | None:
    """Why an attempt failed; a reader who stops after the last byte has missed nothing."""
    return reply.error if error == "abandoned" and not reply.is_cut else error or reply.error


def _cost_usd(reply: Received) -> float:
    """The price of a reply in USD; not a number where the catalogue does not know the model."""
    told = {
        "service_tier": reply.service_tier,
        "inference_geo": reply.inference_geo,
        "speed": reply.speed,
    }
    try:
        parts = reply.parts or (reply.usage,)
        return sum(catalog.cost_usd(part, reply.model or "", **told) for part in parts)
    except ArgumentError:
        return math.nan
