"""How faults are scripted: by times, by rate, together, and with which arguments."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import anthropic
import pytest
from sim_facts import imitates
from sim_world import (
    ANSWER,
    EVERYTHING,
    STREAMING_WAYS,
    TEXT,
    THINKING,
    TOOL,
    Says,
    World,
    asked,
    body_of,
)

import labkit.sim
from labkit.errors import ArgumentError
from labkit.sim import (
    connection_lost,
    empty_reply,
    malformed_frame,
    overloaded,
    rate_limited,
    refused,
    says,
    server_error,
    slow,
    stream_ends,
    stream_lost,
    thinking_first,
    timed_out,
)
from labkit.sim.faults import Fault, FaultScript
from labkit.sim.faults.shapes import BEGUN, CANNED
from labkit.sim.luck import Luck

RETRIES = "anthropic 2.12.0, _base_client.py"


def statuses(world: World, count: int) -> list[int]:
    """The statuses of so many attempts."""
    return [world.post().status for _ in range(count)]


def test_scripted_faults_strike_in_the_order_given() -> None:
    """Each attempt meets one fault until all are used up; then it is answered."""
    world = World((overloaded(), rate_limited(times=2), server_error()))
    assert statuses(world, 5) == [529, 429, 429, 500, 200]


def test_without_a_number_a_fault_strikes_always() -> None:
    """A fault with times=None never ends."""
    assert statuses(World((overloaded(times=None),)), 6) == [529] * 6


def test_a_fault_of_zero_times_never_strikes() -> None:
    """times=0 is allowed and does nothing, so that a control may go down to it."""
    assert statuses(World((overloaded(times=0),)), 2) == [200, 200]


def test_reply_shapes_combine_with_faults_and_with_each_other() -> None:
    """A failing attempt uses up no reply shape; two shapes change one reply."""
    world = World((overloaded(), refused("midstream", times=1), thinking_first(times=1)))
    assert world.post().status == 529
    both = body_of(world.post())
    assert [block["type"] for block in both["content"]] == ["thinking", "text"]
    assert both["stop_reason"] == "refusal"
    plain = body_of(world.post())
    assert plain["content"] == [{"type": "text", "text": ANSWER}]


def test_several_questions_at_a_rate() -> None:
    """A rate strikes about its share of different questions."""
    struck = hits(0.3, range(400))
    assert 90 <= len(struck) <= 150


def hits(rate: float, questions: range, fault: Callable[..., Fault] = overloaded) -> set[int]:
    """Which questions meet the fault at their first attempt."""
    world = World((fault(rate=rate),))
    return {number for number in questions if world.post(question(number)).status != 200}


def question(number: int, **changes: Any) -> dict[str, Any]:
    """A request of its own for each number."""
    return asked(messages=[{"role": "user", "content": f"Question {number}?"}], **changes)


def test_a_higher_rate_strikes_the_same_attempts_and_more() -> None:
    """Raising a rate adds attempts and never spares one."""
    sets = [hits(rate / 10, range(100)) for rate in range(11)]
    assert all(lower <= higher for lower, higher in pairwise(sets))
    assert sets[0] == set()
    assert sets[-1] == set(range(100))


def test_two_rates_strike_independently() -> None:
    """Two faults with one rate do not strike the same attempts."""
    assert hits(0.3, range(200)) != hits(0.3, range(200), rate_limited)
    twins = World((overloaded(rate=0.5), overloaded(rate=0.5)))
    both = sum(twins.post(question(n)).status == 529 for n in range(200))
    assert 130 <= both <= 170


def test_a_retry_has_luck_of_its_own() -> None:
    """A question that fails once at a rate may be answered at the next attempt."""
    world = World((overloaded(rate=0.5),))
    rows = [[world.post(question(n)).status for _ in range(4)] for n in range(30)]
    assert any(row[0] == 529 and 200 in row for row in rows)
    assert any(row[0] == 200 and 529 in row for row in rows)


def test_two_apps_that_ask_the_same_meet_the_same_faults() -> None:
    """Rates hang on the last message: a system prompt or more tokens do not change them."""
    one, other = World((overloaded(rate=0.4),)), World((overloaded(rate=0.4),))
    for number in range(40):
        plain = one.post(question(number)).status
        rich = other.post(question(number, system="Be kind.", max_tokens=300)).status
        assert plain == rich


@imitates("a failed attempt is retried twice, by status or connection", source=RETRIES)
@pytest.mark.parametrize(
    "faults",
    [
        (overloaded(), rate_limited()),
        (server_error(), connection_lost()),
        (timed_out(), stream_lost()),
    ],
)
def test_the_sdk_survives_two_faults(faults: tuple[Fault, ...]) -> None:
    """The SDK's own retries get through two faults and wait in simulated time."""
    world = World(faults)
    message = world.client(retries=2).messages.create(**asked())
    assert message.content[0].text == ANSWER
    assert world.clock.monotonic() > 1.0


@imitates("retry-after is obeyed as it is", source=RETRIES)
def test_the_sdk_waits_as_long_as_it_is_told() -> None:
    """A rate limit that says 20 seconds costs 20 seconds."""
    world = World((rate_limited(retry_after=20),))
    world.client(retries=2).messages.create(**asked())
    assert 20 < world.clock.monotonic() < 25


@imitates("after two retries the error is raised", source=RETRIES)
def test_the_sdk_gives_up_after_two_retries() -> None:
    """Three faults are one too many for the SDK's own retries."""
    with pytest.raises(anthropic.OverloadedError):
        World((overloaded(times=3),)).client(retries=2).messages.create(**asked())


@imitates(
    "a refusal before any output has empty content, stop_reason refusal and stop_details",
    source="docs: refusals and fallback, 2026-08-22; anthropic 2.12.0, "
    "types/refusal_stop_details.py",
)
def test_a_refusal_can_be_empty() -> None:
    """The first shape of a refusal has nothing to show."""
    message = World((refused(category="cyber"),)).ask()
    assert message.content == []
    assert message.stop_reason == "refusal"
    assert message.stop_details.category == "cyber"
    assert message.stop_details.explanation


@imitates(
    "a refusal may come after part of the text", source="docs: refusals and fallback, 2026-08-22"
)
def test_a_refusal_can_come_in_the_middle() -> None:
    """The second shape keeps the beginning of the text, and no tool call."""
    message = World((refused("midstream"),), model=Says(EVERYTHING, "tool_use")).ask()
    assert [block.type for block in message.content] == ["thinking", "text"]
    assert ANSWER.startswith(message.content[1].text)
    assert 0 < len(message.content[1].text) < len(ANSWER)
    assert message.stop_reason == "refusal"


def test_a_refusal_can_be_an_ordinary_text() -> None:
    """The third shape is told from an answer by no field, and names no document."""
    message = World((refused("canned"),)).ask()
    assert message.stop_reason == "end_turn"
    assert message.stop_details is None
    assert message.content[0].text in CANNED["en"]
    assert "[" not in message.content[0].text


@pytest.mark.parametrize(
    ("asked_in", "code"),
    [
        ("¿Cuánto tiempo puedo tener el taladro?", "es"),
        ("Wie lange darf ich die Leiter behalten?", "de"),
        ("Est-ce que je peux garder la perceuse ?", "fr"),
        ("May I keep the drill?", "en"),
        ("???", "en"),
    ],
)
def test_canned_refusals_speak_the_askers_language(asked_in: str, code: str) -> None:
    """A canned refusal is in the language of the question where that is known."""
    world = World((refused("canned"),))
    message = world.ask(messages=[{"role": "user", "content": asked_in}])
    assert message.content[0].text in CANNED[code]


def test_the_language_is_that_of_all_text_blocks() -> None:
    """A question in content blocks is read like one in a string."""
    blocks = [
        {"type": "text", "text": "Hola."},
        {"type": "text", "text": "¿Qué puedo hacer en el taller?"},
    ]
    message = World((refused("canned"),)).ask(messages=[{"role": "user", "content": blocks}])
    assert message.content[0].text in CANNED["es"]


def test_a_refusal_in_the_middle_of_nothing_but_thinking_keeps_it() -> None:
    """Without text to cut, what the model thought is all that was said."""
    message = World((refused("midstream"),), model=Says((THINKING,))).ask()
    assert [block.type for block in message.content] == ["thinking"]
    assert message.stop_reason == "refusal"


def test_canned_refusals_vary() -> None:
    """Nobody can recognise canned refusals by one sentence."""
    world = World((refused("canned"),))
    texts = {body_of(world.post(question(n)))["content"][0]["text"] for n in range(40)}
    assert texts == set(CANNED["en"])


@pytest.mark.parametrize("code", CANNED)
def test_canned_refusals_name_no_source(code: str) -> None:
    """No wording could pass for an answer that rests on a document."""
    assert all(not re.search(r"\[|\]", text) for text in CANNED[code])


def test_thinking_comes_first() -> None:
    """content[0] is no text when the model thinks first; no model thinks twice."""
    assert [b.type for b in World((thinking_first(),)).ask().content] == ["thinking", "text"]
    already = World((thinking_first(),), model=Says(EVERYTHING)).ask()
    assert [block.type for block in already.content] == ["thinking", "text", "tool_use"]


@pytest.mark.parametrize("content", [(TOOL,), (TOOL, TEXT), ()])
def test_a_refusal_in_the_middle_always_begins_with_text(content: tuple[Any, ...]) -> None:
    """Where the model would say nothing before it acts, a refusal has a beginning of its own."""
    message = World((refused("midstream"),), model=Says(content, "tool_use")).ask()
    assert [block.text for block in message.content] == [BEGUN["en"]]
    assert message.stop_reason == "refusal"


def test_a_stream_goes_on_after_a_malformed_frame() -> None:
    """One frame takes the place of one token; a client that skips it reads the rest."""
    spoilt = World((malformed_frame(after=2),)).post(asked(stream=True)).frames
    whole = World().post(asked(stream=True)).frames
    assert [a.data == b.data for a, b in zip(spoilt, whole, strict=True)].count(False) == 1
    assert b"message_stop" in spoilt[-1].data


def test_slow_answers_take_longer() -> None:
    """A factor stretches the whole answer."""
    usual, late = World(), World((slow(4),))
    usual.ask()
    late.ask()
    assert late.clock.monotonic() == pytest.approx(4 * usual.clock.monotonic())


@pytest.mark.parametrize("way", STREAMING_WAYS)
def test_a_fault_after_the_end_strikes_before_the_end(way: str) -> None:
    """A stream cannot break after more tokens than it has; then it breaks before its last event."""
    with pytest.raises(Exception, match="peer closed connection"):
        World((stream_lost(after=10_000),)).ask(way)


def test_a_fault_may_strike_before_the_first_token() -> None:
    """after=0 lets the message start and nothing more."""
    frames = World((stream_lost(after=0),)).post(asked(stream=True)).frames
    assert b"content_block_start" in frames[0].data
    assert [frame.broken for frame in frames] == [None, "connection_lost"]


def test_faults_are_explained() -> None:
    """A reply's explanation has the model's rules and the names of the faults."""
    world = World((refused("midstream"), thinking_first()))
    explanation = world.provider.explain(world.ask().id)
    assert explanation.faults == ("refused", "thinking_first")
    assert [rule.name for rule in explanation.rules] == ["said-as-told"]
    assert "said-as-told: The test told it so." in repr(explanation)
    assert "fault refused: scripted by the lab" in repr(explanation)
    cut = World((stream_ends(),))
    assert cut.provider.explain(cut.ask("stream").id).faults == ("stream_ends",)


@pytest.mark.parametrize("message_id", ["msg_other", "", None, 5, []])
def test_only_replies_of_this_provider_are_explained(message_id: Any) -> None:
    """An id from elsewhere has no explanation here, and the error says what to give."""
    with pytest.raises(ArgumentError, match="Give the id of a message of this lab"):
        World().provider.explain(message_id)


@pytest.mark.parametrize("way", ["create", "stream", "async create", "async stream"])
def test_the_model_can_be_made_to_say_anything(way: str) -> None:
    """The words come in every way of asking, and the explanation says that they were scripted."""
    world = World(faults=(says('{"deposit": 40'),))
    message = world.ask(way)
    assert (message.content[0].text, message.stop_reason) == ('{"deposit": 40', "end_turn")
    assert world.provider.explain(message.id).faults == ("says",)


def test_words_that_are_too_long_are_cut_like_any_others() -> None:
    """A ceiling of output tokens holds for scripted words, too."""
    message = World(faults=(says("one two three four five six"),)).ask(max_tokens=2)
    assert message.stop_reason == "max_tokens"
    assert message.usage.output_tokens == 2
    cut = World(faults=(says("one two", stop_reason="max_tokens"),)).ask()
    assert (cut.content[0].text, cut.stop_reason) == ("one two", "max_tokens")


BAD: list[tuple[Callable[..., Fault], dict[str, Any], str]] = [
    (overloaded, {"times": -1}, "times is -1"),
    (overloaded, {"times": 1.5}, "times is 1.5"),
    (overloaded, {"times": "2"}, "times is '2'"),
    (overloaded, {"times": True}, "times is True"),
    (overloaded, {"rate": 1.1}, "rate is 1.1"),
    (overloaded, {"rate": float("nan")}, "rate is nan"),
    (overloaded, {"rate": "often"}, "rate is 'often'"),
    (overloaded, {"times": 2, "rate": 0.5}, "Give one of the two"),
    (rate_limited, {"retry_after": -5}, "retry_after is -5"),
    (rate_limited, {"retry_after": float("inf")}, "retry_after is inf"),
    (rate_limited, {"retry_after": "soon"}, "retry_after is 'soon'"),
    (server_error, {"status": 200}, "status is 200"),
    (server_error, {"status": "500"}, "status is '500'"),
    (server_error, {"status": []}, "status is []"),
    (timed_out, {"after": -1}, "after is -1"),
    (stream_lost, {"after": None}, "after is None"),
    (connection_lost, {"shape": "halfway"}, "shape is 'halfway'"),
    (refused, {"shape": "polite"}, "shape is 'polite'"),
    (says, {"words": ""}, "words is ''"),
    (says, {"words": None}, "words is None"),
    (says, {"words": "Hi", "stop_reason": "refusal"}, "stop_reason is 'refusal'"),
    (refused, {"category": "rude"}, "category is 'rude'"),
    (slow, {"factor": 0}, "factor is 0"),
    (slow, {"factor": float("nan")}, "factor is nan"),
    (empty_reply, {"rate": -0.1}, "rate is -0.1"),
]


@pytest.mark.parametrize(("make", "arguments", "start"), BAD)
def test_bad_arguments_say_what_to_do(
    make: Callable[..., Fault], arguments: dict[str, Any], start: str
) -> None:
    """A fault that cannot be is refused with the value, what follows, and what to do."""
    with pytest.raises(ArgumentError) as caught:
        make(**arguments)
    message = str(caught.value)
    assert start in message
    assert len(re.findall(r"\. [A-Z]", message)) >= 2


def test_faults_are_values() -> None:
    """Equal faults are equal, can be kept in sets, and show how they were made."""
    assert refused("canned", times=2) == refused("canned", times=2)
    assert len({overloaded(), overloaded(), overloaded(2)}) == 2
    assert repr(rate_limited(retry_after=20)) == "rate_limited(times=1, retry_after=20)"
    assert repr(refused()) == "refused(shape='empty', category='general_harms')"
    assert repr(FaultScript([slow(2)])) == "FaultScript([slow(factor=2)])"


def test_what_a_fault_shows_makes_it_again() -> None:
    """The text of a fault can be pasted into a cell."""
    made = [
        rate_limited(retry_after=20),
        refused("canned", rate=0.2),
        says("Seven days.", times=1),
        slow(2),
        stream_lost(after=3),
    ]
    for fault in made:
        assert eval(repr(fault), vars(labkit.sim)) == fault


def test_the_public_faults_are_listed() -> None:
    """labkit.sim shows exactly the faults, the limits, and the model that obeys."""
    assert sorted(labkit.sim.__all__) == labkit.sim.__all__
    faults = set(labkit.sim.__all__) - {"Drift", "Limits", "ObedientModel"}
    needs = {"says": ("Seven days.",)}
    made = [getattr(labkit.sim, name)(*needs.get(name, ())) for name in faults]
    assert all(isinstance(one, Fault) for one in made)


def test_a_script_counts_for_itself() -> None:
    """Two scripts of the same faults are used up separately."""
    faults = [overloaded()]
    one, other = FaultScript(faults), FaultScript(faults)
    luck = Luck(7)
    assert one.breaks(luck) == overloaded()
    assert one.breaks(luck) is None
    assert other.breaks(luck) == overloaded()
