"""What the measurements stand on: canned replies, two apps, and taking turns with the floor."""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator
from functools import cache

import anthropic
import httpx2

from labkit import Lab
from labkit.case import system_prompt

ROUNDS = 15
QUESTION = "How long may I keep a drill?"


def in_turn_ms(
    work: Callable[[], object], floor: Callable[[], object], times: int = 1
) -> tuple[float, float]:
    """The medians over some rounds of how long one piece of each takes, in time of the processor.

    Each round has both, so that a machine that gets slower for a while does so for both.
    """
    works = work, floor
    spent = [[spent_ms(one, times) for one in works] for _ in range(ROUNDS + 1)][1:]
    work_ms, floor_ms = map(statistics.median, zip(*spent, strict=True))
    return work_ms, floor_ms


def spent_ms(work: Callable[[], object], times: int = 1) -> float:
    """Milliseconds of the processor for one piece of work, done so many times."""
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times * 1000


class Chunks(httpx2.SyncByteStream):
    """A body in pieces, as a stream brings it."""

    def __init__(self, body: bytes) -> None:
        """One piece per event."""
        self._pieces = [piece + b"\n\n" for piece in body.split(b"\n\n") if piece]

    def __iter__(self) -> Iterator[bytes]:
        """The pieces, from memory."""
        return iter(self._pieces)


def canned_client(body: bytes, headers: httpx2.Headers) -> anthropic.Anthropic:
    """The floor: the SDK on a transport that plays one reply from memory, headers and all."""
    kept = headers.multi_items()

    def play(_: httpx2.Request) -> httpx2.Response:
        is_stream = "stream" in headers["content-type"]
        stream = Chunks(body) if is_stream else httpx2.ByteStream(body)
        return httpx2.Response(200, headers=kept, stream=stream)

    client = httpx2.Client(transport=httpx2.MockTransport(play))
    return anthropic.Anthropic(api_key="x", base_url="https://floor.invalid", http_client=client)


def question_body(question: str = QUESTION) -> dict[str, object]:
    """One question over the whole library."""
    return {
        "model": Lab().model("balanced"),
        "max_tokens": 300,
        "system": system_prompt(),
        "messages": [{"role": "user", "content": question}],
    }


def app(client: anthropic.Anthropic, question: str) -> str:
    """The prototype."""
    return client.messages.create(**question_body(question)).content[0].text


def canned_answer() -> anthropic.Anthropic:
    """A client that always plays the simulated answer to the question."""
    raw = Lab().client.messages.with_raw_response.create(**question_body())
    return canned_client(raw.read(), raw.headers)


async def async_app(client: anthropic.AsyncAnthropic, question: str) -> str:
    """The prototype for many people at once."""
    return (await client.messages.create(**library_body(question))).content[0].text


@cache
def library() -> str:
    """What every question of the traffic sends along."""
    return system_prompt()


def library_body(question: str) -> dict[str, object]:
    """One question over the whole library, without reading the library anew."""
    return {
        "model": "lab-balanced-1",
        "max_tokens": 300,
        "system": library(),
        "messages": [{"role": "user", "content": question}],
    }


def canned_async_ms(calls: int) -> float:
    """Milliseconds of so many asynchronous calls on one reply from memory, one after another."""
    raw = Lab().client.messages.with_raw_response.create(**library_body(QUESTION))
    body, kept = raw.read(), raw.headers.multi_items()

    async def play(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers=kept, stream=httpx2.ByteStream(body))

    async def ask() -> None:
        http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(play))
        where = {"api_key": "x", "base_url": "https://floor.invalid", "http_client": http_client}
        async with anthropic.AsyncAnthropic(**where) as client:
            for _ in range(calls):
                await async_app(client, QUESTION)

    return spent_ms(lambda: asyncio.run(ask()))
