"""The work on batches: each request is done at its own moment, whoever looks and however often.

State.underway (of which batch something is due, and when) -> the earliest one -> one_result

So what a batch bills, what it keeps in the cache and which files it finds hang on the clock alone.
"""

from datetime import timedelta
from heapq import heapify, heappop, heappush

from labkit.sim.answers import wire
from labkit.sim.asked import Asked
from labkit.sim.caching.fingerprints import fingerprint
from labkit.sim.endpoints import messages
from labkit.sim.endpoints.batch import Batch, line
from labkit.sim.endpoints.batch_check import asked_in
from labkit.sim.endpoints.stored_files import check_sources
from labkit.sim.envelope import Call
from labkit.sim.faults import Fault
from labkit.sim.faults.broken import MESSAGES
from labkit.sim.ids import ID_BYTES, make_id
from labkit.sim.rejection import Rejection
from labkit.sim.state import State

MOST_BATCHES, MOST_BYTES = 1_000, 512_000_000
"""Batches that are kept, and the bytes of all their requests together; made up."""


def begin(state: State, batch: Batch) -> None:
    """Take on a batch."""
    state.batches[batch.id] = batch
    make_room(state)
    line_up(state, batch)


def make_room(state: State) -> None:
    """Forget the oldest batches where there are too many; those that last take no room."""
    kept = [one for one in state.batches.values() if not one.is_lasting]
    size_bytes = sum(one.size_bytes for one in kept)
    for left, one in zip(range(len(kept), 1, -1), kept, strict=False):
        if left <= MOST_BATCHES and size_bytes <= MOST_BYTES:
            return
        size_bytes -= one.size_bytes
        del state.batches[one.id]
        state.underway = [due for due in state.underway if due[2] is not one]
        heapify(state.underway)


def catch_up(state: State, now_s: float) -> None:
    """Do what is due by now, of all batches in the order in which it is due."""
    while state.underway and state.underway[0][0] <= now_s:
        _, _, batch = heappop(state.underway)
        if batch.next_s is None:  # it was canceled meanwhile
            continue
        custom_id, params = batch.waiting.popleft()
        kind, result = one_result(state, batch, custom_id, params)
        batch.counts[kind] += 1
        batch.done.append(line(custom_id, result))
        line_up(state, batch)


def line_up(state: State, batch: Batch) -> None:
    """Note when something of a batch is due next, if anything is."""
    if batch.next_s is not None:
        heappush(state.underway, (batch.next_s, batch.id, batch))


def one_result(state: State, batch: Batch, custom_id: str, params: object) -> tuple[str, str]:
    """What comes of the next request of a batch: its kind, and the JSON of its result."""
    try:
        asked = taken(state, params, call_at(batch, batch.course.done_s(len(batch.done))))
        if status := batch.failing.get(custom_id):
            raise Rejection(status, MESSAGES[status])
    except Rejection as no:
        request_id = make_id("req", batch.luck.octets(ID_BYTES, "error", custom_id))
        said = no.status, no.message, request_id, no.error_code
        error = wire.error(*said, details=no.details).decode()
        return "errored", f'{{"type":"errored","error":{error}}}'
    message = answer(state, batch, custom_id, asked).decode()
    return "succeeded", f'{{"type":"succeeded","message":{message}}}'


def taken(state: State, params: object, call: Call) -> Asked:
    """A request of a batch, checked when its turn comes.

    Raises:
        Rejection: It becomes an errored result.
    """
    asked = asked_in(params, call)
    check_sources(state.files, asked.body, call.now)
    state.meter.admit_spend(call.now)
    return asked


def answer(state: State, batch: Batch, custom_id: str, asked: Asked) -> bytes:
    """The model's message, billed."""
    shapes: tuple[Fault, ...] = ()
    if batch.script.faults:
        luck = state.next_luck("fault", fingerprint(asked.last_message))
        shapes = batch.script.reply_shapes(luck)
    given = messages.answer(state, asked, batch.luck.child("answer", custom_id), shapes)
    given = given._replace(service_tier="batch")
    state.meter.spend(float(state.ledger.bill(given)))
    return wire.whole_message(given)


def call_at(batch: Batch, age_s: float) -> Call:
    """The request that created the batch, as if it came when it was worked on."""
    made = batch.call
    return made._replace(now_s=made.now_s + age_s, now=made.now + timedelta(seconds=age_s))
