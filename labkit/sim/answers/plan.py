"""What comes back for one request, as timed frames.

streamed:  message_start, ping | one frame per token ... | message_delta, message_stop
else:      the whole message, after the time that the stream would have taken
"""

from datetime import datetime
from itertools import islice
from typing import NamedTuple

from labkit.sim.answers import latency, wire
from labkit.sim.answers.answer import Answer
from labkit.sim.ids import ID_BYTES, make_id
from labkit.sim.luck import Luck
from labkit.sim.rejection import Rejection

OK = 200
JSON, EVENTS = "application/json", "text/event-stream; charset=utf-8"

PING = wire.event("ping")
MESSAGE_STOP = wire.event("message_stop")


class Frame(NamedTuple):
    """Some bytes of an answer, after a delay."""

    delay_s: float
    """Simulated seconds since the frame before; of the first, until the headers arrive."""
    data: bytes = b""
    broken: str | None = None
    """What happens instead of more: ``connection_lost``, ``no_answer``, ``no_connection`` or
    ``timeout``."""


class Plan(NamedTuple):
    """A whole answer: status, headers, frames."""

    status: int
    headers: wire.Headers
    frames: tuple[Frame, ...]


def error_plan(no: Rejection, now: datetime, luck: Luck) -> Plan:
    """A failing status with the API's body."""
    drawn = luck.octets(ID_BYTES + 1, "error")
    request_id = make_id("req", drawn)
    delay_s = latency.error_s(no.status, drawn[ID_BYTES])
    body = wire.error(no.status, no.message, request_id, no.error_code, details=no.details)
    headers = (*wire.headers(request_id, now, JSON), *no.headers)
    return Plan(no.status, headers, (Frame(delay_s, body),))


def data_plan(data: bytes, now: datetime, luck: Luck, *, kind: str = JSON) -> Plan:
    """The answer of an endpoint at which no model works."""
    drawn = luck.octets(ID_BYTES + 1, "data")
    request_id = make_id("req", drawn)
    frame = Frame(latency.lookup_s(drawn[ID_BYTES]), data)
    return Plan(OK, wire.headers(request_id, now, kind), (frame,))


def answer_plan(answer: Answer, now: datetime, *, streamed: bool) -> Plan:
    """The frames of an answer."""
    kind = EVENTS if streamed else JSON
    headers = wire.headers(answer.request_id, now, kind)
    if streamed:
        return Plan(OK, headers, stream_frames(answer))
    return Plan(OK, headers, (Frame(answer.total_s, wire.whole_message(answer)),))


def stream_frames(answer: Answer) -> tuple[Frame, ...]:
    """The events of an answer in the documented order: its start, each token, its end.

    Events that carry no token come with the frame before; a new summary is one frame.
    """
    gaps_s = iter(answer.delays_s)
    delays_s = [answer.begins_s]
    data = [wire.message_start(answer) + PING]
    wait_s = -answer.begins_s
    if answer.compacted:
        data[-1] += wire.summary_start()
        delays_s.append(wait_s + answer.compacted.total_s)
        data.append(wire.summary_whole(answer.compacted.block))
        wait_s = 0.0
    wait_s += next(gaps_s, 0.0)
    for index, block in enumerate(answer.spoken.blocks, len(data) - 1):
        data[-1] += wire.block_start(index, block)
        wait_s += sum(islice(gaps_s, block.extra_tokens))
        for delta, piece in zip(wire.deltas(index, block), block.pieces, strict=True):
            if piece:
                delays_s.append(wait_s)
                data.append(delta)
                wait_s = next(gaps_s)
            else:
                data[-1] += delta
        data[-1] += wire.block_stop(index, block)
    delays_s.append(wait_s)
    data.append(wire.message_delta(answer) + MESSAGE_STOP)
    return tuple(map(Frame, delays_s, data))
