"""The view of tool moods really runs both loops; its picture holds every turn of theirs."""

import pytest

from labkit import Lab
from labkit.case import document
from labkit.contrast import tool_moods
from labkit.contrast.tool_moods import BUDGET, MOODS
from labkit.errors import ArgumentError
from labkit.reliability import LoopLimits, run_tools
from labkit.views.twin import static_html

QUESTION = "Is the fog machine free on 5 December 2026?"
REQUEST = {
    "model": Lab().model(),
    "max_tokens": 2500,
    "system": f"You are Latch. You lend things.\n\n{document('fees-and-deposits').rendered()}",
}


def endless(client, question, tools):
    """Goes on as long as a tool is asked for."""
    run = {tool.definition["name"]: tool.call for tool in tools}
    given = {**REQUEST, "tools": [tool.definition for tool in tools]}
    messages = [{"role": "user", "content": question}]
    reply = client.messages.create(messages=messages, **given)
    while reply.stop_reason == "tool_use":
        results = [
            {"type": "tool_result", "tool_use_id": one.id, "content": run[one.name](one.input)}
            for one in reply.content
        ]
        messages += [
            {"role": "assistant", "content": reply.content},
            {"role": "user", "content": results},
        ]
        reply = client.messages.create(messages=messages, **given)
    return reply.content[0].text


def limited(client, question, tools, turns):
    """The building block."""
    asked = [{"role": "user", "content": question}]
    return run_tools(client, asked, tools, LoopLimits(turns=turns), **REQUEST).text


def row(view, name):
    """One row of the table."""
    return next(row[1:] for row in view.drawing.table.rows if row[0] == name)


@pytest.mark.parametrize(
    ("mood", "prototype", "calls"),
    [
        ("work", "said something", ("1", "1")),
        ("fail once", "crashed", ("1", "2")),
        ("always pending", "still going", (f"{BUDGET}", "3")),
        ("ping-pong", "still going", (f"{BUDGET}", "5")),
        ("30 calls at once", "said something", ("30", "20")),
    ],
)
def test_each_mood_does_what_it_does(mood, prototype, calls):
    """The endless loop crashes or goes on; the limited one always has a last word."""
    view = tool_moods(endless, limited, QUESTION).move(mood=mood)
    assert view.error is None
    assert row(view, "outcome") == (prototype, "said something")
    assert row(view, "tool calls") == calls


def test_every_mood_is_tried():
    """No mood is left out above."""
    assert len(MOODS) == 5


def test_a_lower_cap_costs_less():
    """The cap is production's alone; its turns are the cap's at most."""
    view = tool_moods(endless, limited, QUESTION).move(mood="ping-pong")
    six = row(view, "turns")
    view.move(turns=2)
    assert (six[0], six[1], row(view, "turns")[1]) == (f"{BUDGET}", "6", "2")


def test_the_turns_of_an_endless_loop_grow():
    """Each turn sends more than the one before, in the table, the plot and the still picture."""
    view = tool_moods(endless, limited, QUESTION)
    sent = [
        int(one.replace(",", "")) for one in row(view, "input tokens of each turn")[0].split(" · ")
    ]
    assert len(sent) == BUDGET
    assert sent == sorted(set(sent))
    assert view.drawing.body.count("<path") == 3
    assert f'viewBox="0 0 {BUDGET} 100"' in view.drawing.body
    assert f"{sent[-1]:,}" in view.drawing.body
    assert static_html(view.drawing).count("<img") >= 2


def test_a_blank_bubble_and_an_app_without_a_turn_are_drawn():
    """An app that says nothing is bad; one that never asked the model has no bars."""
    view = tool_moods(lambda c, q, t: " ", lambda c, q, t, n: None, QUESTION)
    assert row(view, "outcome") == ("a blank bubble", "a blank bubble")
    assert row(view, "input tokens of each turn") == ("none", "none")
    assert view.drawing.body.count("<path") == 1
    assert "turn 1" in view.drawing.picture


@pytest.mark.parametrize(
    "arguments",
    [(None, limited, QUESTION), (endless, endless, QUESTION), (endless, limited, 5)],
)
def test_what_cannot_be_compared_is_refused(arguments):
    """Each bad argument is named, with what to do."""
    with pytest.raises(ArgumentError, match=r"\. [A-Z]"):
        tool_moods(*arguments)
