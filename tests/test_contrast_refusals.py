"""Which replies two chat apps read rightly: counted by the way each reply comes."""

import pytest

from labkit.case import samples, system_prompt
from labkit.contrast import refusals, replies_read
from labkit.errors import ArgumentError

DESK = "Ask at the desk."
HAPPY = [sample.input for sample in samples() if "happy" in sample.tags][:3]


def asked(client, messages):
    """The question over the whole library."""
    return client.messages.create(
        model="lab-frontier-1", max_tokens=300, system=system_prompt(), messages=messages
    )


def trusting(client, messages, screen):
    """Shows the first block, whatever it is."""
    screen.write(asked(client, messages).content[0].text)
    return messages


def careful(client, messages, screen):
    """Shows an answer that names its source, and the way to the desk."""
    text = "".join(block.text for block in asked(client, messages).content)
    screen.write(text if text.endswith("]") else DESK)
    return messages


def test_each_app_is_counted_by_what_stands_on_the_screen():
    """A crash, half a sentence and a canned text are not read rightly; the way to the desk is."""
    rows = replies_read(trusting, careful, HAPPY, DESK)
    assert [(row.label, row.who, row.part, row.whole) for row in rows] == [
        ("an answer", "prototype", 3, 3),
        ("an answer", "production", 3, 3),
        ("empty content", "prototype", 0, 3),
        ("empty content", "production", 3, 3),
        ("mid-stream", "prototype", 0, 3),
        ("mid-stream", "production", 3, 3),
        ("canned text", "prototype", 0, 3),
        ("canned text", "production", 3, 3),
    ]


def test_the_way_to_the_desk_is_no_answer():
    """An app that sends everybody to the desk reads refusals rightly and answers wrongly."""

    def refuses_all(client, messages, screen):
        asked(client, messages)
        screen.write(DESK)
        return messages

    rows = replies_read(refuses_all, careful, HAPPY, DESK)
    assert [row.part for row in rows if row.who == "prototype"] == [0, 3, 3, 3]


@pytest.mark.parametrize("count", [replies_read, refusals])
def test_an_app_that_cannot_be_called_is_refused(count):
    """Both say what they need, before anything is asked."""
    said = r"production is .desk.\. It cannot be called with \(client, messages, screen\)"
    with pytest.raises(ArgumentError, match=said):
        count(trusting, "desk", HAPPY, DESK)


def test_nothing_to_ask_is_refused():
    """A share of no questions is none."""
    with pytest.raises(ArgumentError, match=r"questions is \[\]"):
        replies_read(trusting, careful, [], DESK)
