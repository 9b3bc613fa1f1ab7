"""What the SDK makes of each fault, row by row.

Source of the table: measured with anthropic 2.12.0 on in-process transports, 2026-11.
"""

import json

import anthropic
import httpx2
import pytest
from sim_facts import imitates
from sim_world import EVERYTHING, STREAMING_WAYS, WAYS, Says, World

from labkit.sim import (
    connection_lost,
    empty_reply,
    html_page,
    malformed_frame,
    overloaded,
    rate_limited,
    refused,
    server_error,
    stream_ends,
    stream_error,
    stream_lost,
    timed_out,
    truncated_json,
)
from labkit.sim.faults import Fault

MEASURED = "measured: anthropic 2.12.0"

STATUSES = [
    (server_error(status=400), anthropic.BadRequestError),
    (server_error(status=401), anthropic.AuthenticationError),
    (server_error(status=402), anthropic.PaymentRequiredError),
    (server_error(status=403), anthropic.PermissionDeniedError),
    (server_error(status=404), anthropic.NotFoundError),
    (server_error(status=409), anthropic.ConflictError),
    (server_error(status=413), anthropic.ContentTooLargeError),
    (rate_limited(), anthropic.RateLimitError),
    (server_error(), anthropic.InternalServerError),
    (server_error(status=503), anthropic.ServiceUnavailableError),
    (server_error(status=504), anthropic.GatewayTimeoutError),
    (overloaded(), anthropic.OverloadedError),
]


@imitates("each failing status is its own exception class", source=MEASURED)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("fault", "error"), STATUSES)
def test_a_failing_status_is_an_exception_of_its_class(
    fault: Fault, error: type[anthropic.APIStatusError], way: str
) -> None:
    """Each failing status arrives as the SDK's class for it, however one asks."""
    with pytest.raises(error) as caught:
        World((fault,)).ask(way)
    assert isinstance(caught.value, anthropic.APIError)
    assert caught.value.request_id is not None
    assert caught.value.request_id.startswith("req_01")
    assert caught.value.type == caught.value.body["error"]["type"]  # type: ignore[index]


@imitates("a refused connection is an APIConnectionError", source=MEASURED)
@imitates("a connection closed before the headers is an APIConnectionError", source=MEASURED)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("shape", ["answer", "connect"])
def test_no_connection_is_an_api_connection_error(shape: str, way: str) -> None:
    """A connection that breaks before the headers is the SDK's connection error."""
    with pytest.raises(anthropic.APIConnectionError) as caught:
        World((connection_lost(shape=shape),)).ask(way)
    assert not isinstance(caught.value, anthropic.APITimeoutError)
    wanted = {"answer": httpx2.RemoteProtocolError, "connect": httpx2.ConnectError}
    assert isinstance(caught.value.__cause__, wanted[shape])


@imitates("a read timeout before the headers is an APITimeoutError", source=MEASURED)
@pytest.mark.parametrize("way", WAYS)
def test_silence_is_an_api_timeout_error(way: str) -> None:
    """An answer that never comes ends after the client's own timeout, in simulated time."""
    world = World((timed_out(),))
    with pytest.raises(anthropic.APITimeoutError):
        world.ask(way, timeout=20.0)
    assert world.clock.monotonic() == 20.0


@imitates("status 200 with cut JSON is a JSONDecodeError, not an APIError", source=MEASURED)
@pytest.mark.parametrize("way", ["create", "async create"])
@pytest.mark.parametrize(
    "fault",
    [truncated_json(), truncated_json(shape="malformed"), stream_ends(), malformed_frame()],
)
def test_a_spoilt_body_is_a_json_error(fault: Fault, way: str) -> None:
    """JSON that is cut or malformed breaks through the SDK as the json module's own error."""
    with pytest.raises(json.JSONDecodeError):
        World((fault,)).ask(way)


@imitates("status 200 with HTML makes create() return a str", source=MEASURED)
@pytest.mark.parametrize("way", ["create", "async create"])
def test_a_web_page_is_a_string(way: str) -> None:
    """A web page with status 200 comes back as a string, which has no content."""
    page = World((html_page(),)).ask(way, strict=False)
    assert isinstance(page, str)
    assert "<html>" in page


@imitates("a web page in place of a stream yields no events", source=MEASURED)
@pytest.mark.parametrize("way", ["raw", "async raw"])
def test_a_web_page_is_a_stream_without_events(way: str) -> None:
    """A web page in place of a stream is an empty stream: nothing is raised."""
    assert World((html_page(),)).ask(way) == []


@imitates("a web page in place of a stream: get_final_message() fails bare", source=MEASURED)
@pytest.mark.parametrize("way", ["stream", "async stream"])
def test_a_web_page_breaks_the_stream_helper(way: str) -> None:
    """The stream helper asserts that a message came; its error is nobody's class."""
    with pytest.raises(AssertionError):
        World((html_page(),)).ask(way)


@imitates(
    "a connection lost in mid-stream is httpx2.RemoteProtocolError, not an APIError",
    source=MEASURED,
)
@pytest.mark.parametrize("way", STREAMING_WAYS)
def test_a_lost_stream_is_a_bare_protocol_error(way: str) -> None:
    """A stream whose connection breaks raises below the SDK's own exceptions."""
    with pytest.raises(httpx2.RemoteProtocolError):
        World((stream_lost(after=3),)).ask(way)


@imitates("a body whose connection is lost is an APIConnectionError", source=MEASURED)
@pytest.mark.parametrize("way", ["create", "async create"])
def test_a_lost_body_is_an_api_connection_error(way: str) -> None:
    """Without streaming the SDK reads the body itself, so it wraps the same fault."""
    with pytest.raises(anthropic.APIConnectionError):
        World((stream_lost(),)).ask(way)


@imitates("a read timeout in mid-stream is httpx2.ReadTimeout, not an APIError", source=MEASURED)
@pytest.mark.parametrize("way", STREAMING_WAYS)
def test_a_silent_stream_is_a_bare_read_timeout(way: str) -> None:
    """A stream that falls silent ends after the client's timeout, below the SDK's exceptions."""
    world = World((timed_out(after=3),))
    with pytest.raises(httpx2.ReadTimeout):
        world.ask(way, timeout=5.0)
    assert 5.0 < world.clock.monotonic() < 7.0


@imitates("a stream frame that is not JSON is a JSONDecodeError", source=MEASURED)
@pytest.mark.parametrize("way", STREAMING_WAYS)
@pytest.mark.parametrize("fault", [malformed_frame(after=2), truncated_json()])
def test_a_malformed_frame_is_a_json_error(fault: Fault, way: str) -> None:
    """One frame that is not JSON breaks through the SDK as the json module's own error."""
    with pytest.raises(json.JSONDecodeError):
        World((fault,)).ask(way)


@imitates(
    "an error event in mid-stream is a plain APIStatusError with status 200, never retried",
    source=MEASURED,
)
@pytest.mark.parametrize("way", STREAMING_WAYS)
def test_an_error_event_is_a_plain_status_error(way: str) -> None:
    """An overload reported inside a stream is not an OverloadedError."""
    with pytest.raises(anthropic.APIStatusError) as caught:
        World((stream_error(after=2),)).ask(way)
    assert type(caught.value) is anthropic.APIStatusError
    assert caught.value.status_code == 200
    assert caught.value.type == "overloaded_error"


@imitates("without streaming an overload is the status 529", source="docs: errors, 2026-08-22")
@pytest.mark.parametrize("way", ["create", "async create"])
def test_an_error_event_without_a_stream_is_the_status(way: str) -> None:
    """A stream's error event becomes the failing status where nothing is streamed."""
    with pytest.raises(anthropic.OverloadedError):
        World((stream_error(),)).ask(way)


@imitates("a stream that ends early raises nothing", source=MEASURED)
@pytest.mark.parametrize("way", ["stream", "async stream"])
def test_a_stream_that_just_ends_raises_nothing(way: str) -> None:
    """A stream that ends early leaves a message without a stop reason, and no exception."""
    message = World((stream_ends(after=3),)).ask(way)
    assert message.stop_reason is None
    assert message.usage.output_tokens == 1
    assert message.content[0].text == "You may keep"


@imitates("a refusal is not an error", source=MEASURED)
@imitates("an empty end_turn is not an error", source=MEASURED)
@pytest.mark.parametrize("way", ["create", "stream", "async create", "async stream"])
@pytest.mark.parametrize("fault", [refused(), empty_reply()])
def test_nothing_to_read_is_not_an_error(fault: Fault, way: str) -> None:
    """A reply without content is a success for the SDK."""
    message = World((fault,)).ask(way)
    assert message.content == []
    assert message.stop_reason == {"refused": "refusal", "empty_reply": "end_turn"}[fault.name]


@imitates("an unknown stop reason is passed through", source=MEASURED)
@pytest.mark.parametrize("way", ["create", "stream"])
def test_an_unknown_stop_reason_is_passed_through(way: str) -> None:
    """A stop reason that the SDK does not know reaches the app as it is."""
    world = World(model=Says(EVERYTHING, stop_reason="moon_phase"))
    assert world.ask(way, strict=False).stop_reason == "moon_phase"
