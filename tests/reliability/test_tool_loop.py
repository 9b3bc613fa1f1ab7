"""Tools, limits, and always a last word; the provider checks that every call has its result."""

import json

import pytest
from blocks_world import QUESTION, WAYS, calling, lab_of, said, through
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labkit import Lab
from labkit.arguments import shown
from labkit.clock import current
from labkit.errors import ArgumentError
from labkit.reliability import LoopLimits, Tool, run_tools, run_tools_async
from labkit.reliability.tool_loop import ASK_LAST_WORD, NOT_RUN, SORRY
from labkit.sim.reply import Reply

RUN = (run_tools, run_tools_async)
LOOK = ("look", {"item": "drill"})
PAUSE = Reply(
    (*said("Searching.").content, {"type": "server_tool_use", "name": "web_search", "input": {}}),
    "pause_turn",
)
WORD = "It is still pending; ask again tomorrow."


def tool(name, call):
    """A tool of any input."""
    definition = {"name": name, "description": name, "input_schema": {"type": "object"}}
    return Tool(definition, call)


def pending(given):
    """The tool that never has anything to say."""
    return "pending"


def looped(lab, tools, limits=None, *, way="sync", **named):
    """What a question with tools gives."""
    given = {"model": lab.model(), "max_tokens": 2_000, **named}
    return through(way, lab, RUN, [QUESTION], tools, limits, **given)


def results(body):
    """The tool results in what was sent, by the call's id, and the ids of all calls."""
    blocks = [
        block
        for turn in body["messages"]
        if isinstance(turn["content"], list)
        for block in turn["content"]
    ]
    answers = {one["tool_use_id"]: one for one in blocks if one["type"] == "tool_result"}
    return answers, [one["id"] for one in blocks if one["type"] == "tool_use"]


@pytest.mark.parametrize("way", WAYS)
def test_a_tool_is_run_and_its_result_goes_back(way):
    """Two turns; the answer is the text, and nothing is missing on the wire."""
    lab, script = lab_of(calling(LOOK), said("It is free."))
    found = looped(lab, [tool("look", lambda given: f"{given['item']}: free")], way=way)
    assert (found.text, found.why, found.turns, found.calls) == ("It is free.", "answered", 2, 1)
    assert found.usage == lab.trace.usage
    answers, calls = results(script.bodies[1])
    assert [answers[one]["content"] for one in calls] == ["drill: free"]
    assert "tool_choice" not in script.bodies[1]


@pytest.mark.parametrize("way", WAYS)
def test_a_tool_that_is_always_pending_ends_when_it_repeats_itself(way):
    """The same call with the same result, three times; then a last word without tools."""
    lab, script = lab_of(calling(LOOK), calling(LOOK), calling(LOOK), said(WORD))
    found = looped(lab, [tool("look", pending)], way=way)
    assert (found.text, found.why, found.turns, found.calls) == (WORD, "repeated", 4, 3)
    assert script.bodies[3]["tool_choice"] == {"type": "none"}
    assert script.bodies[3]["messages"][-1]["content"][-1]["text"] == ASK_LAST_WORD


def test_ping_pong_ends_at_the_cap_or_when_it_repeats_itself():
    """Two tools that send the model to each other."""
    ping, pong = calling(("ping", {})), calling(("pong", {}))
    tools = [tool("ping", lambda given: "ask pong"), tool("pong", lambda given: "ask ping")]
    lab, _ = lab_of(*[ping, pong] * 3)
    found = looped(lab, tools, LoopLimits(turns=4))
    assert (found.text, found.why, found.turns, found.calls) == (SORRY, "turns", 4, 3)
    lab, _ = lab_of(*[ping, pong] * 9)
    found = looped(lab, tools, LoopLimits(turns=20))
    assert (found.text, found.why, found.turns, found.calls) == (SORRY, "repeated", 6, 5)


def test_thirty_calls_in_one_turn_are_thirty_calls():
    """Twenty are run; the others have a result that says so, and the model has a last word."""
    ran = []
    lab, script = lab_of(calling(*[("look", {"n": n}) for n in range(30)]), said(WORD))
    found = looped(lab, [tool("look", ran.append)])
    assert (found.text, found.why, found.turns, found.calls) == (WORD, "calls", 2, 20)
    assert len(ran) == 20
    answers, calls = results(script.bodies[1])
    assert len(calls) == len(answers) == 30
    left = [answers[one] for one in calls[20:]]
    assert {(one["content"], one["is_error"]) for one in left} == {(NOT_RUN, True)}


@pytest.mark.parametrize("way", WAYS)
def test_a_tool_that_raises_and_one_that_is_not_there_are_results(way):
    """The model is told, in one short line, and can do something else."""

    def breaks(given):
        raise KeyError("x" * 1_000)

    lab, script = lab_of(calling(("breaks", {}), ("nothing", {})), said("Sorry."))
    found = looped(lab, [tool("breaks", breaks)], way=way)
    assert (found.text, found.why, found.calls) == ("Sorry.", "answered", 2)
    answers, calls = results(script.bodies[1])
    raised, unknown = (answers[one] for one in calls)
    assert raised["is_error"]
    assert raised["content"].startswith("KeyError: 'xxx")
    assert len(raised["content"]) < 210
    assert unknown["content"] == "There is no tool 'nothing'."


def test_a_result_of_a_megabyte_is_cut_and_the_model_is_told():
    """It would be paid for again in every later turn."""
    lab, script = lab_of(calling(LOOK), said("Long."))
    looped(lab, [tool("look", lambda given: "é" * 1_000_000)])
    answers, [call] = results(script.bodies[1])
    content = answers[call]["content"]
    assert content == "é" * 20_000 + "\n[cut: the first 20,000 of 1,000,000 characters]"


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ({"días": 7}, '{"días": 7}'),
        (None, "null"),
        (["a"], '["a"]'),
        ("\ud800", "?"),
        ({"a": "\ud800"}, '{"a": "?"}'),
        ("", ""),
    ],
)
def test_what_a_tool_returns_goes_back_as_text(value, sent):
    """JSON where it is none, in characters that can be sent."""
    lab, script = lab_of(calling(LOOK), said("Good."))
    looped(lab, [tool("look", lambda given: value)])
    answers, [call] = results(script.bodies[1])
    assert answers[call]["content"] == sent


def test_a_value_that_is_no_json_is_a_result_all_the_same():
    """A list within itself cannot be written down."""
    endless = []
    endless.append(endless)
    lab, script = lab_of(calling(LOOK), said("Good."))
    looped(lab, [tool("look", lambda given: endless)])
    answers, [call] = results(script.bodies[1])
    assert answers[call] == {
        "type": "tool_result",
        "tool_use_id": call,
        "content": "ValueError: Circular reference detected",
        "is_error": True,
    }


def numbered(count):
    """So many turns that each ask for something new, then an answer."""
    return [*(calling(("look", {"n": n})) for n in range(count)), said("Done.")]


@pytest.mark.parametrize(("turns", "why"), [(7, "answered"), (6, "turns")])
def test_an_answer_exactly_at_the_cap_is_an_answer(turns, why):
    """Five turns with tools and the answer are six; the last of six may not ask for tools."""
    lab, _ = lab_of(*numbered(5))
    found = looped(lab, [tool("look", pending)], LoopLimits(turns=turns, repeats=9))
    assert (found.text, found.why, found.turns, found.calls) == ("Done.", why, 6, 5)
    assert len(lab.trace) == 6


def test_one_turn_is_one_turn():
    """With nothing found yet, no last word is asked for; tools are only forbidden."""
    lab, script = lab_of(said("Seven days."))
    found = looped(lab, [tool("look", pending)], LoopLimits(turns=1))
    assert (found.text, found.turns) == ("Seven days.", 1)
    assert script.bodies[0]["messages"] == [QUESTION]
    assert script.bodies[0]["tool_choice"] == {"type": "none"}


def test_tokens_end_it():
    """Input grows with every turn; the limit is on all of them together."""
    lab, _ = lab_of(*numbered(9))
    limits = LoopLimits(turns=20, tokens=1_500, repeats=9)
    found = looped(lab, [tool("look", lambda given: "word " * 500)], limits)
    assert (found.why, found.turns) == ("tokens", 4)
    before = [one.usage for one in lab.trace[:-1]]
    used = [one.total_input_tokens + one.output_tokens for one in before]
    assert sum(used[:-1]) < 1_500 <= sum(used)


@pytest.mark.parametrize("way", WAYS)
def test_seconds_end_it_also_within_one_turn(way):
    """Thirty tools of ten seconds each in one turn do not take five minutes."""

    def slow(given):
        current().sleep(10)
        return "done"

    lab, script = lab_of(calling(*[("look", {"n": n}) for n in range(20)]), said(WORD))
    found = looped(lab, [tool("look", slow)], LoopLimits(seconds=60), way=way)
    assert (found.text, found.why, found.turns) == (WORD, "seconds", 2)
    assert 60 <= lab.trace[1].started_s < 70
    answers, calls = results(script.bodies[1])
    contents = [answers[one]["content"] for one in calls]
    assert contents == ["done"] * found.calls + [NOT_RUN] * (20 - found.calls)
    assert 4 <= found.calls <= 6


def test_a_pause_is_followed_by_another_turn():
    """The turn goes back as it came; a pause without content has nothing to go on with."""
    lab, script = lab_of(PAUSE, PAUSE, said("Found it."))
    found = looped(lab, [tool("look", pending)])
    assert (found.text, found.why, found.turns) == ("Found it.", "answered", 3)
    assert script.bodies[1]["messages"][-1]["role"] == "assistant"
    lab, _ = lab_of(Reply((), "pause_turn"))
    found = looped(lab, [tool("look", pending)])
    assert (found.text, found.why, found.turns) == (SORRY, "unknown", 1)


def test_a_last_word_after_a_pause_is_asked_for_in_a_turn_of_its_own():
    """The person's turn comes after the assistant's."""
    lab, script = lab_of(PAUSE, said("So far: a."))
    found = looped(lab, [tool("look", pending)], LoopLimits(turns=2))
    assert (found.text, found.why) == ("So far: a.", "turns")
    assert script.bodies[1]["messages"][-1] == {
        "role": "user",
        "content": [{"type": "text", "text": ASK_LAST_WORD}],
    }


def test_a_last_word_is_joined_to_a_question_of_one_text():
    """Where a pause left nothing between, the person's own text stays first."""
    from labkit.reliability.tool_loop import with_last_question

    [turn] = with_last_question([QUESTION])
    assert [one["text"] for one in turn["content"]] == [QUESTION["content"], ASK_LAST_WORD]


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply((), "refusal"), "refused"),
        (Reply(said("Half a sen").content, "max_tokens"), "truncated"),
        (Reply((*said("Half").content, *calling(LOOK).content), "max_tokens"), "truncated"),
        (Reply((), "end_turn"), "empty"),
        (said(" \n"), "empty"),
        (Reply(said("Let me look.").content, "tool_use"), "tool_use"),
        (Reply(said("Odd.").content, "new_reason"), "unknown"),
    ],
)
def test_a_reply_that_is_no_answer_ends_with_the_apps_own_words(reply, why):
    """A tool call that was cut is not run, and no bubble is empty."""
    lab, _ = lab_of(reply)
    found = looped(lab, [tool("look", pending)], last_word="Please ask at the desk.")
    assert (found.text, found.why, found.calls) == ("Please ask at the desk.", why, 0)


def test_a_model_that_asks_for_tools_in_its_last_word_gets_none():
    """`tool_choice` forbids it; a model that does it all the same ends the loop."""
    lab, _ = lab_of(calling(LOOK))
    found = looped(lab, [tool("look", pending)], LoopLimits(turns=3, repeats=9))
    assert (found.text, found.why, found.turns, found.calls) == (SORRY, "turns", 3, 2)


def test_what_was_sent_is_kept_without_the_tools_and_can_be_sent_again():
    """A conversation that goes on begins with it."""
    lab, script = lab_of(calling(LOOK), said("Free."))
    found = looped(lab, [tool("look", pending)])
    assert json.loads(json.dumps(list(found.messages))) == script.bodies[1]["messages"]
    assert "messages" not in repr(found)


def test_two_tools_of_one_name_are_refused():
    """One would hide the other, and the model would not know."""
    lab, _ = lab_of(said("Free."))
    with pytest.raises(ArgumentError, match=r"^tools is .*Give each its own name\.$"):
        looped(lab, [tool("look", pending), tool("look", len)])


NAMES = st.sampled_from(["look", "breaks", "slow", "long", "pending", "nothing"])
CALLS = st.lists(
    st.tuples(NAMES, st.dictionaries(st.sampled_from("ab"), st.integers(0, 2))), max_size=8
)
REPLIES = st.one_of(
    CALLS.filter(bool).map(lambda calls: calling(*calls)),
    st.sampled_from(
        [
            said("An answer."),
            said(""),
            Reply((), "refusal"),
            Reply((), "end_turn"),
            PAUSE,
            Reply(said("Cut").content, "max_tokens"),
        ]
    ),
)


def tools_of_chance(ran, lab):
    """Tools that behave well and badly, and say that they were run."""

    def breaks(given):
        raise RuntimeError(shown(given))

    def slow(given):
        lab.clock.sleep(7)

    ways = {
        "look": lambda given: f"seen {given}",
        "breaks": breaks,
        "slow": slow,
        "long": lambda given: "x" * 5_000,
        "pending": pending,
    }
    return [
        tool(name, lambda given, call=call: (ran.append(1), call(given))[1])
        for name, call in ways.items()
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    replies=st.lists(REPLIES, min_size=1, max_size=10),
    turns=st.integers(1, 8),
    calls=st.integers(1, 10),
    seconds=st.integers(0, 40),
    chars=st.integers(1, 100),
)
def test_no_behaviour_of_model_and_tools_exceeds_a_limit(replies, turns, calls, seconds, chars):
    """Turns and calls hold to the number, results to the character, and the text is never empty."""
    lab, script = lab_of(*replies)
    ran = []
    limits = LoopLimits(turns=turns, calls=calls, seconds=seconds, result_chars=chars)
    found = looped(lab, tools_of_chance(ran, lab), limits)
    assert found.text.strip()
    assert found.turns == len(lab.trace) <= turns
    assert len(ran) <= found.calls <= calls
    assert found.usage == lab.trace.usage
    assert {one.status for one in lab.trace} == {200}
    answers, asked = results({"messages": found.messages})
    assert sorted(answers) == sorted(asked)
    assert all(len(one["content"]) <= chars + 60 for one in answers.values())
    assert len(script.bodies) == found.turns


@pytest.mark.parametrize("client", [None, 7, "client", object()])
def test_what_is_no_client_is_refused(client):
    """It names the client, before anything is asked."""
    with pytest.raises(ArgumentError, match=r"client is .*\. No model can be asked .*\. Give anth"):
        run_tools(client, [], [tool("look", pending)], model="any", max_tokens=10)


def test_a_client_of_the_other_kind_is_refused():
    """A coroutine would be read as a reply, and nobody would await it."""
    lab, tools = Lab(), [tool("look", pending)]
    with pytest.raises(ArgumentError, match="client is LabAsyncClient"):
        run_tools(lab.async_client, [], tools, model="any", max_tokens=10)
    with pytest.raises(ArgumentError, match="client is LabClient"):
        lab.run(lambda _: run_tools_async(lab.client, [], tools, model="any", max_tokens=10))
