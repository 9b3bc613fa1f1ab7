"""What came of each request of a batch that has ended: the lines of its results.

    order -> done in time? -> valid? -> the model's answer, or an error -> one JSON line each

They are worked out once, when somebody first asks for a batch that has ended.
"""

from datetime import timedelta

from labkit.sim.answers import wire
from labkit.sim.asked import Asked
from labkit.sim.caching.fingerprints import fingerprint
from labkit.sim.endpoints import messages
from labkit.sim.endpoints.batch import OUTCOMES, Batch, Settled, order, part
from labkit.sim.endpoints.batch_check import asked_in
from labkit.sim.endpoints.stored_files import check_sources
from labkit.sim.envelope import Call
from labkit.sim.faults import Fault
from labkit.sim.faults.broken import MESSAGES
from labkit.sim.ids import ID_BYTES, make_id
from labkit.sim.rejection import Rejection
from labkit.sim.state import State


def settle(state: State, batch: Batch) -> Settled:
    """The results of a batch that has ended."""
    if batch.settled is None:
        batch.settled = work_out(state, batch)
    return batch.settled


def work_out(state: State, batch: Batch) -> Settled:
    """Every request's result, in the order in which they were done."""
    done = batch.course.done(batch.ends_s)
    missed = "expired" if batch.canceled_s is None else "canceled"
    failing = errors(batch)
    counts = dict.fromkeys(OUTCOMES, 0)
    lines = []
    for place, custom_id in enumerate(order(batch)):
        if place >= done:
            kind, result = missed, f'{{"type":"{missed}"}}'
        else:
            call = call_at(batch, batch.course.work_s * (place + 1) / batch.course.served)
            kind, result = one_result(state, batch, custom_id, call, failing.get(custom_id))
        counts[kind] += 1
        lines.append(f'{{"custom_id":"{custom_id}","result":{result}}}\n')
    return Settled("".join(lines).encode(), counts)


def one_result(
    state: State, batch: Batch, custom_id: str, call: Call, status: int | None
) -> tuple[str, str]:
    """What came of one request that was done: its kind, and the JSON of its result."""
    try:
        asked = asked_in(batch.requests[custom_id], call)
        check_sources(state.files, asked.body, call.now)
        if status is not None:
            raise Rejection(status, MESSAGES[status])
    except Rejection as no:
        request_id = make_id("req", batch.luck.octets(ID_BYTES, "error", custom_id))
        error = wire.error(no.status, no.message, request_id, no.error_code).decode()
        return "errored", f'{{"type":"errored","error":{error}}}'
    message = answer(state, batch, custom_id, asked).decode()
    return "succeeded", f'{{"type":"succeeded","message":{message}}}'


def answer(state: State, batch: Batch, custom_id: str, asked: Asked) -> bytes:
    """The model's message, billed."""
    shapes: tuple[Fault, ...] = ()
    if batch.script.faults:
        luck = state.next_luck("fault", fingerprint(asked.last_message))
        shapes = batch.script.reply_shapes(luck)
    given = messages.answer(state, asked, batch.luck.child("answer", custom_id), shapes)
    given = given._replace(service_tier="batch")
    state.ledger.bill(given)
    return wire.whole_message(given)


def errors(batch: Batch) -> dict[str, int]:
    """The requests that a fault lets fail, and the status of each."""
    found: dict[str, int] = {}
    for place, fault in enumerate(batch.faults):
        if fault.name == "batch_errors" and fault.status is not None:
            drawn = {one: batch.luck.uniform("errors", place, one) for one in batch.requests}
            struck = sorted(drawn, key=lambda one: drawn[one])[: part(fault, len(drawn))]
            found.update(dict.fromkeys(struck, fault.status))
    return found


def call_at(batch: Batch, age_s: float) -> Call:
    """The request that created the batch, as if it came when it was worked on."""
    made = batch.call
    return made._replace(now_s=made.now_s + age_s, now=made.now + timedelta(seconds=age_s))
