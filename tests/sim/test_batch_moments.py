"""What a batch does hangs on the clock alone, not on who looks at it and how often."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sim_batches import (
    BAD,
    BATCHES,
    DAY_S,
    HOUR_S,
    PATH,
    created,
    each,
    kinds,
    lines,
    requests,
    send,
)
from sim_caching import counted, text, turn
from sim_facts import imitates
from sim_world import HEADERS, World, asked, body_of

from labkit import Lab
from labkit.sim import batch_errors, batch_expires, batch_slow, refused

NOTE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx\r\n--b--\r\n'
LONG_RULES = [text(ttl="1h")]
"""A system prompt that is kept for an hour."""


def upload(world: World) -> str:
    """The id of a new file."""
    headers = {**HEADERS, "content-type": "multipart/form-data; boundary=b"}
    return str(body_of(world.post(NOTE, path="/v1/files", headers=headers))["id"])


def about(file_id: str) -> dict[str, Any]:
    """A request that refers to a file."""
    return asked(
        messages=[turn({"type": "document", "source": {"type": "file", "file_id": file_id}})]
    )


def test_a_file_that_is_deleted_midway_is_missing_for_the_rest() -> None:
    """What was done before has read it, what comes after is an error that names the file."""
    world = World(faults=(batch_slow(20),))
    name = upload(world)
    batch = created(world, each(40, about(name)))
    world.clock.advance(HOUR_S)
    send(world, "DELETE", f"/v1/files/{name}")
    world.clock.advance(DAY_S)
    found = kinds(world, batch)
    assert set(found) == {"succeeded", "errored"}
    bad = [one["result"] for one in lines(world, batch) if one["result"]["type"] == "errored"]
    assert {one["error"]["error"]["type"] for one in bad} == {"not_found_error"}
    assert all(name in one["error"]["error"]["message"] for one in bad)


@imitates(
    "requests of a batch read and write the prompt cache, for an hour where they ask",
    source=BATCHES,
)
def test_a_message_reads_what_a_batch_has_written() -> None:
    """Nobody has looked at the batch; before it was worked on there was nothing to read."""
    world = World()
    batch = created(world, each(3, asked(system=LONG_RULES)))
    assert counted(world, 1.0, system=[text(ttl=None)]).read == 0
    other = World()
    batch = created(other, each(3, asked(system=LONG_RULES)))
    later = counted(other, 0.75 * HOUR_S, system=LONG_RULES)
    assert (later.written, later.read > 0) == (0, True)
    told = [one["result"]["message"]["usage"] for one in lines(other, batch)]
    assert [one["cache_read_input_tokens"] > 0 for one in told] == [False, True, True]


@imitates("batches take longer than five minutes: an hour's lifetime is hit more", source=BATCHES)
def test_a_slow_batch_reads_only_what_lives_for_an_hour() -> None:
    """Five minutes are over before the next request that shares a prefix."""
    hits = {}
    for ttl in ("5m", "1h"):
        world = World(faults=(batch_slow(4),))
        batch = created(world, each(5, asked(system=[text(ttl=ttl)])))
        world.clock.advance(DAY_S)
        told = [one["result"]["message"]["usage"] for one in lines(world, batch)]
        hits[ttl] = sum(one["cache_read_input_tokens"] > 0 for one in told)
    assert hits == {"5m": 0, "1h": 4}


def test_the_invoice_counts_what_nobody_has_looked_at() -> None:
    """An app that never asks for its results pays for them all the same."""
    seen, unseen = Lab(7), Lab(7)
    wanted: list[Any] = requests()
    for lab in (seen, unseen):
        batch = lab.client.messages.batches.create(requests=wanted)
        lab.clock.sleep(DAY_S)
        if lab is seen:
            list(lab.client.messages.batches.results(batch.id))
    assert unseen.invoice == seen.invoice
    assert unseen.invoice.lines[0].attempts == 3


def a_day(faults: tuple[Any, ...], polls: list[tuple[float, str]]) -> tuple[Any, ...]:
    """A day with two batches, messages and a file, and all that came of it but the polls."""
    world = World(faults=faults)
    name = upload(world)
    mixed = [*each(4, about(name)), *each(3, asked(system=LONG_RULES), "c"), *each(1, BAD, "b")]
    batch, answers = created(world, mixed), []
    same = [*each(5, asked(system=LONG_RULES)), *each(2, asked(), "q")]

    def stop() -> None:
        answers.append(send(world, "POST", f"{PATH}/{batch['id']}/cancel"))

    steps: list[tuple[float, Any]] = [
        (60.0, lambda: answers.append(world.post({"requests": same}, path=PATH))),
        (240.0, lambda: answers.append(world.post(asked(system=LONG_RULES)))),
        (400.0, lambda: send(world, "DELETE", f"/v1/files/{name}")),
        (900.0, lambda: answers.append(world.post(asked()))),
        (3_000.0, lambda: answers.append(world.post(asked(system=LONG_RULES)))),
        (40_000.0, stop),
        (2 * DAY_S, lambda: answers.append(world.post(asked()))),
    ]
    looks = [(at_s, lambda path=path: look(world, batch, path)) for at_s, path in polls]
    for at_s, step in sorted([*steps, *looks], key=lambda one: one[0]):
        world.clock.advance(at_s - world.clock.monotonic())
        step()
    other = body_of(answers[0])
    ends = [send(world, "GET", f"{PATH}/{one['id']}/results") for one in (batch, other)]
    state = world.provider.state
    bodies = [b"".join(frame.data for frame in plan.frames) for plan in (*answers, *ends)]
    return bodies, state.ledger.invoice(), state.cache.entries, state.meter.spent_usd


def look(world: World, batch: Any, path: str) -> None:
    """Ask for a batch, for all of them, for results, or for the invoice."""
    if path == "invoice":
        world.provider.invoice(world.clock.monotonic())
    else:
        send(world, "GET", path.replace("{id}", batch["id"]))


PATHS = [PATH, f"{PATH}/{{id}}", f"{PATH}/{{id}}/results", "invoice"]
POLLS = st.lists(st.tuples(st.floats(0, 2 * DAY_S) | st.floats(0, 1_500), st.sampled_from(PATHS)))
SCRIPTS = st.lists(
    st.sampled_from(
        [
            batch_errors(0.3),
            batch_expires(0.3, times=1),
            batch_slow(0.3),
            batch_slow(3),
            batch_slow(200),
            refused(rate=0.5),
            refused(times=3),
        ]
    ),
    max_size=3,
)


@given(SCRIPTS, POLLS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_polls_change_nothing_else(faults: list[Any], polls: list[tuple[float, str]]) -> None:
    """Whoever looks and however often: the same answers, results, bill, cache and spend."""
    assert a_day(tuple(faults), polls) == a_day(tuple(faults), [])
