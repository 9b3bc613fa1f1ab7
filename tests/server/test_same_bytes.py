"""In process and over loopback: the same bytes, for the same requests in the same order."""

import json
from typing import Any

import httpx2
import pytest
from served import SOON_S, served
from sim_world import EVERYTHING, HEADERS, TOOLS, Says, asked

from labkit.sim import (
    connection_lost,
    empty_reply,
    html_page,
    malformed_frame,
    overloaded,
    rate_limited,
    refused,
    server_error,
    slow,
    stream_ends,
    stream_error,
    stream_lost,
    thinking_first,
    timed_out,
    truncated_json,
)
from labkit.sim.clock import LAB_BEGINS, SimClock
from labkit.sim.core import Provider
from labkit.sim.faults import Fault, FaultScript
from labkit.sim.transport import BASE_URL, SimulatedTransport
from labkit.trace import Recorder, RecordingTransport, Trace

MODEL = Says(EVERYTHING, "tool_use")
OLD = {"x-api-key": "any", "anthropic-version": "2023-06-01"}
ONLY_LOOPBACK = {"transfer-encoding", "content-length", "connection"}
PATIENCE_S = 100.0
"""How long the client says that it waits, in simulated seconds; no answer takes so long."""
REALLY_S = 1.0
"""How long it waits in silence on loopback; all else is there at once."""

REQUESTS: dict[str, dict[str, Any]] = {
    "plain": {"json": asked()},
    "streamed": {"json": asked(stream=True)},
    "tools": {"json": asked(tools=TOOLS)},
    "tools streamed": {"json": asked(tools=TOOLS, stream=True)},
    "other letters": {"json": asked(system="Sé breve: 借りる 🔨")},
    "cut": {"json": asked(max_tokens=3)},
    "older version": {"json": asked(), "headers": OLD},
    "older address": {"json": asked(), "headers": OLD, "url": "/v1/messages?beta=true"},
    "odd address": {"json": asked(), "url": "/v1/mess%61ges/ü?a=%20&b"},
    "no key": {"json": asked(), "headers": {"anthropic-version": "2026-10-21"}},
    "empty key": {"json": asked(), "headers": {**OLD, "x-api-key": ""}},
    "no version": {"json": asked(), "headers": {"x-api-key": "any"}},
    "odd version": {"json": asked(), "headers": {**OLD, "anthropic-version": "1"}},
    "not JSON": {"content": b"{"},
    "no body": {"content": b""},
    "not letters": {"content": b"\xff\xfe"},
    "a wrong field": {"json": asked(max_tokens="many")},
    "a wrong model": {"json": asked(model="nobody")},
    "another method": {"method": "GET"},
    "another address": {"method": "GET", "url": "/v1/nothing"},
    "too long": {"content": b" " * 32_000_001},
}

FAULTS: dict[str, tuple[Fault, ...]] = {
    "statuses": (overloaded(), rate_limited(retry_after=3), server_error(status=503)),
    "gateway": (server_error(status=504), server_error(status=413)),
    "a page": (html_page(),),
    "cut JSON": (truncated_json(), truncated_json(shape="malformed")),
    "a lost stream": (stream_lost(times=2, after=3),),
    "a lost answer": (connection_lost(times=2),),
    "an error event": (stream_error(times=2, after=2),),
    "an early end": (stream_ends(times=2, after=2),),
    "a bad frame": (malformed_frame(times=2, after=1),),
    "a refusal": (refused(), thinking_first(), slow(3)),
    "nothing": (empty_reply(),),
    "silence": (timed_out(),),
    "silence in the middle": (timed_out(after=2, times=2),),
    "at random": (overloaded(rate=0.5), stream_lost(rate=0.5), refused("canned", rate=0.5)),
}


def received(client: httpx2.Client, given: dict[str, Any]) -> dict[str, Any]:
    """What one attempt brings: status, our headers, the bytes, and how it broke off."""
    request = {"method": "POST", "url": "/v1/messages", "headers": HEADERS, **given}
    seen: dict[str, Any] = {"body": b""}
    try:
        with client.stream(**request) as response:
            seen["status"] = response.status_code
            headers = response.headers.multi_items()
            seen["headers"] = [pair for pair in headers if pair[0] not in ONLY_LOOPBACK]
            for chunk in response.iter_raw():
                seen["body"] += chunk
    except httpx2.TransportError as error:
        seen["broken"] = type(error)
    return seen


def in_process(rows: list[dict[str, Any]], *faults: Fault) -> tuple[list[Any], Trace]:
    """The rows through the transport of a lab."""
    clock = SimClock()
    provider = Provider(7, MODEL, started_at=LAB_BEGINS, faults=FaultScript(faults))
    recorder = Recorder(clock)
    transport = RecordingTransport(SimulatedTransport(provider, clock), recorder)
    with httpx2.Client(transport=transport, base_url=BASE_URL, timeout=PATIENCE_S) as client:
        return [waited(clock, received(client, row)) for row in rows], recorder.trace


def waited(clock: SimClock, seen: dict[str, Any]) -> dict[str, Any]:
    """Wait as the SDK would after this answer."""
    clock.sleep(float(dict(seen.get("headers", ())).get("retry-after", 0)))
    return seen


def over_loopback(rows: list[dict[str, Any]], *faults: Fault) -> tuple[list[Any], Trace]:
    """The rows over a socket; the client says how patient it is, as the SDKs do."""
    wait_s = REALLY_S if any(fault.name == "timed_out" for fault in faults) else SOON_S
    told = {"x-stainless-read-timeout": str(PATIENCE_S)}
    with served(*faults, model=MODEL) as there:
        plain = {"base_url": there.url, "timeout": wait_s, "trust_env": False}
        with httpx2.Client(**plain, headers=told) as client:
            seen = [received(client, row) for row in rows]
    return seen, there.app.trace


def test_every_kind_of_request_gets_the_same_bytes() -> None:
    """Answers, streams and refusals, twice over, so that later ones depend on earlier ones."""
    rows = [*REQUESTS.values(), *REQUESTS.values()]
    (here, noted), (there, noted_there) = in_process(rows), over_loopback(rows)
    for name, one, other in zip([*REQUESTS, *REQUESTS], here, there, strict=True):
        assert one == other, name
    assert {one["status"] for one in here} == {200, 400, 401, 404, 413}
    assert len(noted) == len(noted_there) == len(rows)


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_gives_the_same_bytes_and_breaks_off_alike(name: str) -> None:
    """What arrives before a fault, and the kind of error that the client meets there."""
    rows = [{"json": asked(stream=n % 2 == 1, max_tokens=40 + n // 4)} for n in range(6)]
    here, noted = in_process(rows, *FAULTS[name])
    there, noted_there = over_loopback(rows, *FAULTS[name])
    assert here == there
    assert noted == noted_there


def test_a_connection_that_is_never_made_is_one_that_says_nothing() -> None:
    """A server cannot refuse a connection that it has: it hangs up before the first byte."""
    (seen,), trace = over_loopback([{"json": asked()}], connection_lost(shape="connect"))
    assert seen == {"body": b"", "broken": httpx2.RemoteProtocolError}
    assert [attempt.error for attempt in trace] == ["connection_lost"]


def test_the_bytes_are_the_apis_and_nothing_else() -> None:
    """No server name and no second date: the calendar is the lab's."""
    with served() as there:
        answer = there.raw(
            b"POST /v1/messages HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n"
            b"x-api-key: any\r\nanthropic-version: 2023-06-01\r\n\r\n{}"
        )
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    names = [line.split(b":")[0].decode().lower() for line in head.split(b"\r\n")[1:]]
    assert "server" not in names
    assert head.count(b"date: Mon, 23 Nov 2026 09:00") == names.count("date") == 1
    assert {"request-id", "content-length", "connection"} <= set(names)
    assert json.loads(body)["error"]["type"] == "invalid_request_error"
