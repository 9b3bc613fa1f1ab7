"""What comes back for one request, as timed frames, whole or broken by a fault.

    Spoken + message id + tier -> steps (delay, bytes) -> Frame, Frame, ... -> Plan

An answer that is not streamed is one frame after the time that the stream would have taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from labkit.sim import latency, wire
from labkit.sim.faults import Fault
from labkit.sim.ids import make_id
from labkit.sim.luck import Luck
from labkit.sim.spoken import Block, Spoken

OK = 200
JSON, HTML, EVENTS = "application/json", "text/html", "text/event-stream; charset=utf-8"

SHOWN_MESSAGE_CHARS = 2_000

PAGE = b"""<!DOCTYPE html>
<html><head><title>Please wait</title></head>
<body><h1>One moment</h1><p>Your network asks you to sign in first.</p></body></html>
"""
MALFORMED = b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"del\n\n'


@dataclass(frozen=True, slots=True)
class Frame:
    """Some bytes of an answer, after a delay."""

    delay_s: float
    """Simulated seconds since the frame before; of the first, until the headers arrive."""
    data: bytes = b""
    broken: str | None = None
    """What happens instead of more: ``connection_lost``, ``no_answer``, ``no_connection`` or
    ``timeout``."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole answer: status, headers, frames."""

    status: int
    headers: wire.Headers
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """What every plan needs to know."""

    luck: Luck
    now: datetime
    streamed: bool
    factor: float = 1.0
    """How many times slower than usual."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before it is put into frames."""

    spoken: Spoken
    message_id: str
    model_id: str
    tier: str


Step = tuple[float, bytes, bool]
"""Delay, bytes, and whether the bytes are a token of the answer."""


def error_plan(
    status: int, kind: str, message: str, scene: Scene, *, retry_after_s: float | None = None
) -> Plan:
    """A failing status with the API's body."""
    request_id = make_id("req", scene.luck)
    headers = wire.headers(request_id, scene.now, content_type=JSON, used=0)
    if retry_after_s is not None:
        headers += (("retry-after", f"{retry_after_s:.15g}"),)
    body = wire.error(kind, message[:SHOWN_MESSAGE_CHARS], request_id)
    delay_s = latency.error_s(status, scene.luck) * scene.factor
    return Plan(status, headers, (Frame(delay_s, body),))


def silent_plan(fault: Fault) -> Plan:
    """Nothing arrives: the client waits until its patience ends, or the connection is gone."""
    if fault.name == "timed_out":
        return Plan(OK, (), (Frame(latency.SILENCE_S, broken="timeout"),))
    broken = "no_connection" if fault.shape == "connect" else "no_answer"
    return Plan(OK, (), (Frame(latency.REJECTED_DELAY_S, broken=broken),))


def page_plan() -> Plan:
    """A web page that some proxy serves in the API's place."""
    headers = (("content-type", HTML),)
    return Plan(OK, headers, (Frame(latency.REJECTED_DELAY_S, PAGE),))


def answer_plan(answer: Answer, fault: Fault | None, scene: Scene) -> Plan:
    """The frames of an answer, broken on its way if there is a fault."""
    used = answer.spoken.input_tokens
    headers = wire.headers(
        make_id("req", scene.luck),
        scene.now,
        content_type=EVENTS if scene.streamed else JSON,
        used=used,
    )
    first_s = latency.first_token_s(answer.tier, used, scene.luck) * scene.factor
    gaps_s = (gap * scene.factor for gap in latency.gaps_s(answer.tier, scene.luck))
    if scene.streamed:
        steps = stream_steps(answer, first_s, gaps_s)
        return Plan(OK, headers, broken_stream(steps, fault) if fault else merged(steps))
    blocks = answer.spoken.blocks
    total_s = first_s + sum(islice(gaps_s, sum(block.cost_tokens for block in blocks)))
    body = wire.whole_message(answer.spoken, answer.message_id, answer.model_id)
    frames = broken_body(total_s, body, fault) if fault else (Frame(total_s, body),)
    return Plan(OK, headers, frames)


def stream_steps(answer: Answer, first_s: float, gaps_s: Iterator[float]) -> list[Step]:
    """The events of an answer in the documented order, each with its delay."""
    start = wire.message_start(answer.spoken, answer.message_id, answer.model_id)
    steps: list[Step] = [(first_s * latency.START_SHARE, start + wire.event("ping"), False)]
    wait_s = first_s * (1 - latency.START_SHARE)
    for index, block in enumerate(answer.spoken.blocks):
        steps.append((0.0, wire.block_start(index, block), False))
        wait_s += sum(islice(gaps_s, block.extra_tokens))
        wait_s = say_block(steps, (index, block), wait_s, gaps_s)
        steps.append((0.0, wire.block_stop(index, block), False))
    steps.append((wait_s, wire.message_delta(answer.spoken) + wire.event("message_stop"), False))
    return steps


def say_block(
    steps: list[Step], placed: tuple[int, Block], wait_s: float, gaps_s: Iterator[float]
) -> float:
    """Add the deltas of one block; returns the wait before whatever comes next."""
    index, block = placed
    for data, piece in zip(wire.deltas(index, block), block.pieces, strict=True):
        if not piece:
            steps.append((0.0, data, False))
            continue
        steps.append((wait_s, data, True))
        wait_s = next(gaps_s)
    return wait_s


def merged(steps: Sequence[Step]) -> tuple[Frame, ...]:
    """One frame for all bytes that come at the same moment."""
    frames: list[Frame] = []
    delay_s, data = steps[0][:2]
    for step_s, more, _ in steps[1:]:
        if step_s:
            frames.append(Frame(delay_s, data))
            delay_s, data = step_s, more
        else:
            data += more
    return (*frames, Frame(delay_s, data))


def broken_stream(steps: Sequence[Step], fault: Fault) -> tuple[Frame, ...]:
    """The stream up to the token before which the fault strikes, and what happens there."""
    count = sum(is_token for _, _, is_token in steps)
    after = count // 2 if fault.after is None else fault.after
    place = nth_token(steps, after)
    wait_s = steps[place][0]
    kept = merged(steps[:place])
    if fault.name == "stream_lost":
        return (*kept, Frame(wait_s, broken="connection_lost"))
    if fault.name == "timed_out":
        return (*kept, Frame(latency.SILENCE_S, broken="timeout"))
    if fault.name == "stream_error":
        return (*kept, Frame(wait_s, wire.stream_error("overloaded_error", "Overloaded")))
    if fault.name == "stream_ends":
        return kept
    rest = ((wait_s, MALFORMED, False), *steps[place + 1 :])
    return (*kept, *merged(rest))


def nth_token(steps: Sequence[Step], after: int) -> int:
    """The place of the token after that many; of the last step when there are fewer."""
    places = (place for place, step in enumerate(steps) if step[2])
    return next(islice(places, after, None), len(steps) - 1)


def broken_body(total_s: float, body: bytes, fault: Fault) -> tuple[Frame, ...]:
    """What a fault of streams, or of JSON, does to a body that comes in one piece."""
    text = body.decode()
    half = text[: len(text) // 2].encode()
    if fault.name == "stream_lost":
        return Frame(total_s, half), Frame(0.0, broken="connection_lost")
    if fault.name == "malformed_frame" or fault.shape == "malformed":
        return (Frame(total_s, body[:-1] + b",}"),)
    return (Frame(total_s, half),)
