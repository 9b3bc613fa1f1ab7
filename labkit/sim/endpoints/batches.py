"""Batches of messages: ``/v1/messages/batches`` and below.

    create -> retrieve, list, cancel ... -> results (JSON lines) -> delete

Source: docs: batch processing, 2026-08-22; anthropic 2.12.0, ``types/messages``.
"""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256

from labkit.sim.answers import wire
from labkit.sim.answers.plan import Plan
from labkit.sim.endpoints.batch import (
    DAY_S,
    KEPT_S,
    OUTCOMES,
    Batch,
    course,
    failing,
    in_order,
)
from labkit.sim.endpoints.batch_check import MAX_BODY_BYTES, requests_of
from labkit.sim.endpoints.batch_work import begin
from labkit.sim.endpoints.paging import page
from labkit.sim.envelope import Call
from labkit.sim.faults.struck import answered
from labkit.sim.ids import ID_BYTES, make_id, timestamp
from labkit.sim.rejection import Rejection, invalid
from labkit.sim.state import State

PATH = "/v1/messages/batches"
LINES = "application/x-jsonl"

Record = Mapping[str, object]


def create(state: State, call: Call) -> Plan:
    """Take on a batch.

    Raises:
        Rejection: The whole batch is refused; a single bad request is not looked at yet.
    """
    requests = requests_of(call.json(MAX_BODY_BYTES))
    state.meter.admit_spend(call.now)

    def work() -> bytes:
        batch = made(state, call, requests)
        begin(state, batch)
        return wire.as_body(record(batch, call))

    return answered(state, call, work)


def made(state: State, call: Call, requests: Mapping[str, object]) -> Batch:
    """A new batch, and what will go wrong with it."""
    luck = state.next_luck("batch", sha256(call.request.body).hexdigest())
    faults = state.faults.of_batch(luck)
    return Batch(
        id=make_id("msgbatch", luck.octets(ID_BYTES, "id")),
        call=call._replace(request=call.request._replace(body=b"")),
        waiting=in_order(requests, luck),
        luck=luck,
        course=course(len(requests), luck, faults),
        failing=failing(requests, luck, faults),
        script=state.faults,
        size_bytes=len(call.request.body),
    )


def retrieve(state: State, call: Call) -> Plan:
    """How a batch stands."""
    batch = find(state, call)
    return answered(state, call, lambda: wire.as_body(record(batch, call)))


def listed(state: State, call: Call) -> Plan:
    """All batches, the newest first."""
    newest_first = [{"id": name} for name in reversed(state.batches)]
    shown = page(newest_first, call.query, state.empty_cursors)

    def work() -> bytes:
        data = [record(state.batches[name], call) for name in names_on(shown)]
        return wire.as_body({**shown, "data": data})

    return answered(state, call, work)


def cancel(state: State, call: Call) -> Plan:
    """Stop a batch; a second time changes nothing.

    Raises:
        Rejection: There is nothing left to stop.
    """
    batch = find(state, call)
    if batch.has_ended(call) and not batch.is_lasting:
        raise invalid(f"Message batch {batch.id} has ended and cannot be canceled.")

    def work() -> bytes:
        if batch.canceled_s is None and not batch.is_lasting:
            batch.canceled_s = batch.age_s(call)
        return wire.as_body(record(batch, call))

    return answered(state, call, work)


def results(state: State, call: Call) -> Plan:
    """What came of each request, one JSON object a line.

    Raises:
        Rejection: There are no results yet, or none any more.
    """
    batch = find(state, call)
    if not batch.has_ended(call):
        raise invalid(
            f"Message batch {batch.id} has no results yet: it is {batch.status(call)}. They are "
            "there when its processing_status is ended."
        )
    if batch.is_archived(call):
        raise Rejection(404, f"The results of message batch {batch.id} are no longer available.")
    return answered(state, call, lambda: batch.lines, kind=LINES)


def delete(state: State, call: Call) -> Plan:
    """Forget a batch.

    Raises:
        Rejection: It has not ended.
    """
    batch = find(state, call)
    if not batch.has_ended(call):
        raise invalid(f"Message batch {batch.id} cannot be deleted before it has ended.")

    def work() -> bytes:
        if not batch.is_lasting:
            del state.batches[batch.id]
        return wire.as_body({"id": batch.id, "type": "message_batch_deleted"})

    return answered(state, call, work)


def find(state: State, call: Call) -> Batch:
    """The batch that the path names.

    Raises:
        Rejection: There is none.
    """
    batch = state.batches.get(call.names[0])
    if batch is None:
        raise Rejection(404, f"Message batch {call.names[0][:200]} was not found.")
    return batch


def record(batch: Batch, call: Call) -> Record:
    """What the API tells about a batch. Source: anthropic 2.12.0, ``message_batch.py``."""
    ended, archived = batch.has_ended(call), batch.is_archived(call)
    url = f"{call.base_url}{PATH}/{batch.id}/results"
    return {
        "id": batch.id,
        "type": "message_batch",
        "processing_status": batch.status(call),
        "request_counts": counts(batch, call),
        "created_at": at(batch, 0.0),
        "expires_at": at(batch, DAY_S),
        "ended_at": at(batch, batch.ends_s if ended else None),
        "cancel_initiated_at": at(batch, batch.canceled_s),
        "archived_at": at(batch, KEPT_S if archived else None),
        "results_url": url if ended and not archived else None,
    }


def at(batch: Batch, age_s: float | None) -> str | None:
    """The time at which a batch is that old, if it is told."""
    if age_s is None:
        return None
    return timestamp(batch.call.now + timedelta(seconds=age_s))


def counts(batch: Batch, call: Call) -> Mapping[str, int]:
    """How many requests there are of each outcome: all are processing until the batch ends."""
    if not batch.has_ended(call):
        return {"processing": batch.course.requests, **dict.fromkeys(OUTCOMES, 0)}
    return {"processing": 0, **batch.outcomes}


def names_on(shown: Record) -> list[str]:
    """The ids on a page."""
    data = shown["data"]
    assert isinstance(data, list)
    return [str(item["id"]) for item in data]
