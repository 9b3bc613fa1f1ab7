"""One attempt while it is under way: what it is for, and its answer as it passes.

request -> Attempt -> (response bytes pass a Tee) -> Ended: the answers, and how it ended
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpx2
from anthropic import (
    APIConnectionError,
    APIRequest,
    APIResponse,
    APITimeoutError,
    AsyncAPIResponse,
)

from labkit.arguments import text, whole, yes_or_no
from labkit.clock import current
from labkit.cost.lines import Line
from labkit.cost.pieces import pieces_of
from labkit.cost.pricing import Bill
from labkit.cost.reading import Answer, Reader
from labkit.trace.wire import object_of

COUNT_HEADER = "x-stainless-retry-count"
"""Where a retry layer of one's own says which attempt it is; the SDK's is in the request."""
MESSAGES, BATCHES, RESULTS = "/v1/messages", "/v1/messages/batches/", "/results"
UNFINISHED = ("cut_stream", "not a message")
"""What an answer is while its end has not come."""
WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (APITimeoutError, "timeout"),
    (httpx2.TimeoutException, "timeout"),
    (APIConnectionError, "connection lost"),
    (httpx2.TransportError, "connection lost"),
    (GeneratorExit, "abandoned"),
    (asyncio.CancelledError, "cancelled"),
)
"""Why no whole answer came, the first that fits."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What calls are for."""

    label: str = "unlabelled"
    again: bool = False
    examples: int = 0


_purpose: ContextVar[Purpose] = ContextVar("labkit_cost_purpose", default=Purpose())  # noqa: B039


@contextmanager
def labelled(label: str, *, again: bool = False, examples: int = 0) -> Iterator[None]:
    """Say what the calls inside a ``with`` block are for; the innermost block counts.

    Args:
        label: The task, the route or the feature: few names, no person's.
        again: Whether they ask again for what an answer that was paid did not give: a repair,
            a second try after a cut stream.
        examples: How many of the first messages are few-shot examples. Examples in the system
            prompt are seen by their ``<examples>`` tags.
    """
    text("label", label, "Nobody could read what was paid for.")
    whole("examples", examples, "Messages cannot be counted so.", least=0)
    yes_or_no("again", again, "An answer is asked for once more, or for the first time.")
    token = _purpose.set(Purpose(label, again, examples))
    try:
        yield
    finally:
        _purpose.reset(token)


def purpose() -> Purpose:
    """What the calls of whoever runs this code are for."""
    return _purpose.get()


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of an attempt."""

    attempt: "Attempt"
    answers: tuple[Answer, ...]
    """Several for the results of a batch; none where nothing was sent, or nothing was billed."""


class Attempt:
    """One attempt of which the answer may still come; it ends once."""

    def __init__(self, request: APIRequest, ended: Callable[[Ended], object]) -> None:
        """Note what is sent, and tell ``ended`` when all has come."""
        body = object_of(request.json)
        self.purpose = purpose()
        self.when = current().utcnow()
        self.is_results = kind_of(request) == "results"
        self.asked = str(body.get("model", ""))
        told = str(request.headers.get(COUNT_HEADER, ""))
        self.retry = int(told) if told.isdecimal() else request.retries_taken
        self.pieces = pieces_of(body, self.purpose.examples)
        self.reader: Reader | None = None
        self.ended = ended
        self.is_over = False

    def failed(self, error: BaseException) -> None:
        """No response came; an inner layer that sent nothing leaves no line."""
        word = word_for(error)
        self.end([Answer(error=word)] if word else [])

    def reads(self, response: APIResponse[Any] | AsyncAPIResponse[Any]) -> bool:
        """Whether the body is still to come; a body that is there is read at once."""
        raw = response.http_response
        self.reader = Reader(
            raw.status_code,
            raw.headers.get("content-type", ""),
            is_results=self.is_results,
            packed="" if raw.is_closed else raw.headers.get("content-encoding", ""),
        )
        if not raw.is_closed:
            return True
        self.feed(raw.content)
        self.done()
        return False

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body."""
        assert self.reader is not None, "a body without a response"
        self.reader.feed(data)

    def done(self, error: BaseException | None = None) -> None:
        """The body has ended, or nobody reads on; the answer says itself whether it is whole."""
        if self.is_over:
            return
        assert self.reader is not None, "a body without a response"
        answers = self.reader.answers()
        word = word_for(error) if error else None
        for answer in answers:
            if word and answer.error in UNFINISHED:
                answer.error = word
        self.end(answers)

    def end(self, answers: list[Answer]) -> None:
        """Tell what came."""
        self.is_over = True
        self.ended(Ended(self, tuple(answers)))

    def line(self, answer: Answer, bills: tuple[Bill, ...] | None) -> Line:
        """The line of one of its answers."""
        return Line(
            label=self.purpose.label,
            model=answer.model or self.asked,
            outcome=answer.error or answer.stop_reason or "no stop_reason",
            when=self.when,
            bills=bills,
            retry=self.retry,
            again=self.purpose.again,
            at_least=answer.error is not None and not answer.is_rejected,
            pieces=self.pieces,
            usage=answer.usage,
            message_id=answer.message_id,
        )


def kind_of(request: APIRequest) -> str | None:
    """Whether a request is answered by a ``message`` or by ``results`` of a batch; else None."""
    path = request.url.partition("?")[0]
    if request.method.lower() == "post":
        return "message" if path.endswith(MESSAGES) else None
    return "results" if BATCHES in path and path.endswith(RESULTS) else None


def word_for(error: BaseException) -> str | None:
    """Why no whole answer came; None of an error that says nothing of the answer."""
    for kind, word in WORDS:
        if isinstance(error, kind):
            return word
    return None if isinstance(error, Exception) else "given up"
