"""What a message says that it used: the same numbers as on the wire, and nothing invented."""

import types

import pytest

from labkit import Lab
from labkit.case import system_prompt
from labkit.checks.messages import message, received, text
from labkit.trace import Usage, usage_of


def asked(lab, **changes):
    """One answer."""
    system = {"type": "text", "text": system_prompt(), "cache_control": {"type": "ephemeral"}}
    request = {"model": lab.model(), "max_tokens": 50, "system": [system]}
    question = {"role": "user", "content": "How long may I keep a drill?"}
    return lab.client.messages.create(**request, messages=[question], **changes)


def test_it_is_what_the_wire_said():
    """Cache writes, cache reads and output, as the trace has read them from the bytes."""
    lab = Lab()
    for _ in range(2):
        reply = asked(lab)
        assert usage_of(reply) == lab.trace[-1].usage
    assert usage_of(reply).cache_read_input_tokens > 1_000


def test_a_stream_that_was_folded_says_the_same():
    """The final message of the SDK's helper."""
    lab = Lab()
    question = {"role": "user", "content": "How long may I keep a drill?"}
    request = {"model": lab.model(), "max_tokens": 50, "messages": [question]}
    with lab.client.messages.stream(**request) as stream:
        assert usage_of(stream.get_final_message()) == lab.trace[-1].usage


def test_writes_that_are_kept_for_an_hour_are_told_apart():
    """They stand one level deeper."""
    told = {
        "input_tokens": 1,
        "output_tokens": 2,
        "cache_creation_input_tokens": 7,
        "cache_read_input_tokens": 3,
        "cache_creation": {"ephemeral_1h_input_tokens": 4, "ephemeral_5m_input_tokens": 3},
    }
    assert usage_of(message(usage=told)) == Usage(1, 2, 7, 3, 4)


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        "many",
        {"input_tokens": "ten", "output_tokens": None},
        {"input_tokens": -1, "output_tokens": 1.5},
        {"input_tokens": True, "output_tokens": 10**30},
        {"cache_creation": 7},
    ],
)
def test_what_is_no_count_counts_nothing(told):
    """The SDK builds a message from it all the same, and no warning is given."""
    assert usage_of(message(text("Hello"), usage=told)) == Usage()


@pytest.mark.parametrize(
    "junk", [None, "", 7, received("<html>"), types.SimpleNamespace(usage={"input_tokens": 3})]
)
def test_what_is_no_message_used_nothing_or_what_it_says(junk):
    """Whatever an app hands over."""
    assert usage_of(junk).input_tokens in (0, 3)
