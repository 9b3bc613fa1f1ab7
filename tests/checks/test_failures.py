"""The failures of the cases are the SDK's own exceptions."""

import anthropic
import httpx2
import pytest

from labkit.checks import check, failures


def test_a_status_is_the_sdks_exception_for_it():
    """With the type, the error code and the headers that were given."""
    code = "enforced_spend_limit_reached"
    limit = failures.status(429, "rate_limit_error", error_code=code, headers={"retry-after": "3"})
    assert isinstance(limit, anthropic.EnforcedSpendLimitReachedError)
    assert limit.body["error"]["details"]["error_code"] == code
    assert limit.response.headers["retry-after"] == "3"
    assert isinstance(failures.status(529, "overloaded_error"), anthropic.OverloadedError)


def test_a_lost_connection_has_no_status():
    """Neither before a response nor inside a stream, where httpx2's own exception comes out."""
    assert isinstance(failures.lost(httpx2.ReadTimeout), anthropic.APITimeoutError)
    assert isinstance(failures.lost(httpx2.ConnectError), anthropic.APIConnectionError)
    assert isinstance(failures.lost_in_stream(), httpx2.RemoteProtocolError)


def test_an_error_inside_a_stream_has_the_status_200():
    """And the type of the event, but not the class of an overload."""
    inside = failures.in_stream("overloaded_error")
    assert (inside.status_code, inside.type) == (200, "overloaded_error")
    assert not isinstance(inside, anthropic.OverloadedError)


def test_a_failure_that_does_not_fail_is_a_bug_of_the_cases():
    """A reply that goes well is no case."""
    end = b'event: message_stop\ndata: {"type": "message_stop"}\n\n'
    headers = {"content-type": "text/event-stream"}
    data = failures.event(failures.BEGINS) + end
    with pytest.raises(AssertionError, match="did not fail"):
        failures.raised(lambda _: httpx2.Response(200, headers=headers, content=data))


def test_an_answer_without_the_names_of_its_arguments_is_told_so():
    """The arguments that R11 gives by name are named."""
    verdict = check("R11", lambda attempt: 1.0, lambda exc, chars_shown: True)
    assert verdict.state == "could not tell"
    assert "retry_after=…" in verdict.note
