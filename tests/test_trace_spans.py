"""The SDK's own spans, kept in this process."""

import pytest

from labkit import Lab
from labkit.errors import ArgumentError
from labkit.trace.spans import Spans

ASK = {
    "model": "lab-fast-2",
    "max_tokens": 50,
    "messages": [{"role": "user", "content": "How long may I keep a drill?"}],
}


def test_each_call_leaves_a_span_sync_and_async():
    """In the order in which they ended, with the tokens that the usage tells."""
    lab, spans = Lab(7), Spans()
    first = spans.on(lab.client).messages.create(**ASK)
    then = lab.run(lambda client: spans.on(client).messages.create(**ASK | {"max_tokens": 9}))
    assert repr(spans) == "2 spans"
    told = [one["gen_ai.usage.output_tokens"] for one in spans]
    assert told == [first.usage.output_tokens, then.usage.output_tokens]
    assert spans[0] == spans[:1][0]


def test_a_client_without_them_leaves_none():
    """And neither does the client that was asked to."""
    lab, spans = Lab(7), Spans()
    spans.on(lab.client)
    lab.client.messages.create(**ASK)
    assert len(spans) == 0


@pytest.mark.parametrize("client", [None, "client", Lab(7)])
def test_only_a_client_of_the_sdk_makes_spans(client):
    """And the message says where one is."""
    with pytest.raises(ArgumentError, match=r"lab\.client"):
        Spans().on(client)
