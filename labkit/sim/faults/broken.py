"""What a fault makes of an attempt: a failing status, silence, or an answer that breaks off."""

from datetime import datetime

from labkit.sim.answers import latency, wire
from labkit.sim.answers.plan import OK, Frame, Plan, error_plan
from labkit.sim.faults import Fault
from labkit.sim.luck import Luck
from labkit.sim.rejection import Rejection

MESSAGES = {
    400: "The request was refused.",
    401: "invalid x-api-key",
    402: "Your credit balance is too low to access the API.",
    403: "Your API key does not have permission to use the specified resource.",
    404: "Not found",
    409: "The request conflicts with another one.",
    413: "Request exceeds the maximum size",
    429: "This request would exceed your organization's rate limit.",
    500: "Internal server error",
    503: "Service unavailable",
    504: "The request timed out while it was processed.",
    529: "Overloaded",
}
"""What failing statuses say; the wording is ours but for 529."""

STATUSES = {"rate_limited": 429, "overloaded": 529}

PAGE = b"""<!DOCTYPE html>
<html><head><title>Please wait</title></head>
<body><h1>One moment</h1><p>Your network asks you to sign in first.</p></body></html>
"""
MALFORMED = b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"del\n\n'


UNAVAILABLE = "compaction_unavailable"
"""Source: anthropic 2.12.0, ``types/compaction_unavailable_error_details.py``."""


def broken_at_once(
    fault: Fault, now: datetime, luck: Luck, *, streamed: bool, compacts: bool = False
) -> Plan | None:
    """The plan of a fault that lets nothing of the answer through; None if it strikes later.

    An overloaded provider ``compacts`` nothing, and has a finer code for that.
    """
    status = STATUSES.get(fault.name, fault.status)
    if fault.name == "stream_error" and not streamed:
        status = 529
    if status:
        code = UNAVAILABLE if compacts and fault.name == "overloaded" else None
        no = Rejection(status, MESSAGES[status], code, retry_after(fault))
        return error_plan(no, now, luck)
    if fault.name == "timed_out" and not (streamed and fault.after is not None):
        return Plan(OK, (), (Frame(latency.SILENCE_S, broken="timeout"),))
    if fault.name == "connection_lost":
        broken = "no_connection" if fault.shape == "connect" else "no_answer"
        return Plan(OK, (), (Frame(latency.REJECTED_DELAY_S, broken=broken),))
    if fault.name == "html_page":
        return Plan(OK, (("content-type", "text/html"),), (Frame(latency.REJECTED_DELAY_S, PAGE),))
    return None


def retry_after(fault: Fault) -> wire.Headers:
    """How long to wait, if the fault says so."""
    wait_s = fault.retry_after
    return () if wait_s is None else (("retry-after", f"{wait_s:.15g}"),)


def broken_on_its_way(plan: Plan, fault: Fault, *, streamed: bool) -> Plan:
    """The plan of an answer that a fault breaks off or spoils."""
    broken = broken_stream if streamed else broken_body
    return plan._replace(frames=broken(plan.frames, fault))


def broken_stream(frames: tuple[Frame, ...], fault: Fault) -> tuple[Frame, ...]:
    """The stream up to the token before which the fault strikes, and what happens there."""
    tokens = len(frames) - 2
    place = 1 + min(tokens, tokens // 2 if fault.after is None else fault.after)
    kept, wait_s = frames[:place], frames[place].delay_s
    if fault.name == "stream_lost":
        return (*kept, Frame(wait_s, broken="connection_lost"))
    if fault.name == "timed_out":
        return (*kept, Frame(latency.SILENCE_S, broken="timeout"))
    if fault.name == "stream_error":
        return (*kept, Frame(wait_s, wire.stream_error("overloaded_error", MESSAGES[529])))
    if fault.name == "stream_ends":
        return kept
    return (*kept, Frame(wait_s, MALFORMED), *frames[place + 1 :])


def broken_body(frames: tuple[Frame, ...], fault: Fault) -> tuple[Frame, ...]:
    """What a fault of streams, or of JSON, does to a body that comes in one piece."""
    whole = frames[0]
    text = whole.data.decode()
    half = whole._replace(data=text[: len(text) // 2].encode())
    if fault.name == "stream_lost":
        return half, Frame(0.0, broken="connection_lost")
    if fault.name == "malformed_frame" or fault.shape == "malformed":
        return (whole._replace(data=whole.data[:-1] + b",}"),)
    return (half,)
