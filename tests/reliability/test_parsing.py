"""From a reply to a value, or to the reason why there is none; at most two calls, all counted."""

import time

import pytest
from anthropic import BaseModel as SdkModel
from blocks_world import QUESTION, WAYS, calling, lab_of, said, through
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, field_validator

from labkit.checks.messages import NEW_KIND, THINKING, TOOL_USE, message, received, text
from labkit.reliability import Fallback, Parsed, ask_for, ask_for_async, parse_reply
from labkit.sim.reply import Reply
from labkit.trace import Usage

ASK = (ask_for, ask_for_async)
GOOD = '{"item": "drill", "refund_cents": 1200}'


class Refund(BaseModel):
    """What goes back to a member."""

    model_config = ConfigDict(extra="forbid")

    item: str
    refund_cents: int


class Rate(BaseModel):
    """A share."""

    rate: float


VALUE = Refund(item="drill", refund_cents=1200)
ACCEPTED = {
    "plain": (text(GOOD),),
    "a fence": (text(f"```json\n{GOOD}\n```"),),
    "prose before": (text(f"Here is the refund [of today]: {GOOD}"),),
    "prose after": (text(f"{GOOD}\nThat is 12 crowns [see fees]."),),
    "thinking first": (THINKING, text(GOOD)),
    "two text blocks": (text(GOOD[:9]), text(GOOD[9:])),
    "a new kind of block first": (NEW_KIND, text(GOOD)),
}
NOT_ACCEPTED = {
    "NaN": '{"item": "drill", "refund_cents": NaN}',
    "a key twice": '{"item": "drill", "refund_cents": 12, "refund_cents": 1200}',
    "a key twice, deeper": '{"item": {"a": 1, "a": 2}, "refund_cents": 1200}',
    "two objects": f"{GOOD} or {GOOD}",
    "two objects, one broken": GOOD + ' {"item"',
    "a list": f"[{GOOD}]",
    "a list that begins otherwise": f"[1, {GOOD}]",
    "a list with an end missing": f"[{GOOD}",
    "a number as text": '{"item": "drill", "refund_cents": "1200"}',
    "a fraction": '{"item": "drill", "refund_cents": 1200.5}',
    "true": '{"item": "drill", "refund_cents": true}',
    "a field missing": '{"item": "drill"}',
    "a field too many": '{"item": "drill", "refund_cents": 1200, "to": "Rosa"}',
    "cut, with end_turn": '{"item": "drill", "refund_cents": 12',
    "single quotes": "{'item': 'drill', 'refund_cents': 1200}",
    "a comma at the end": '{"item": "drill", "refund_cents": 1200,}',
    "prose with braces": f"Write {{like this}}: {GOOD}",
    "no object": "I cannot help with that.",
    "a canned refusal": "I'm sorry, but I can't help with refunds.",
    "an empty object": "{}",
    "a lone surrogate": '{"item": "\ud800", "refund_cents": 1200}',
    "an escaped lone surrogate": '{"item": "\\ud800", "refund_cents": 1200}',
    "NUL": '{"item": "\x00", "refund_cents": 1200}',
    "a long number": '{"item": "drill", "refund_cents": ' + "9" * 5_000 + "}",
    "deep": '{"item": ' + "[" * 100_000,
    "deep, with objects": '{"item": ' + '{"a":' * 100_000,
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_whole_object_is_a_value(name):
    """Fences, prose and blocks that are no text do not matter."""
    parsed = parse_reply(message(*ACCEPTED[name]), Refund)
    assert parsed == Parsed(VALUE, Usage(10, 5))


@pytest.mark.parametrize("name", NOT_ACCEPTED)
def test_what_would_have_to_be_guessed_is_no_value(name):
    """The reason says so, the problem is one line for a question, and the tokens are kept."""
    found = parse_reply(message(text(NOT_ACCEPTED[name])), Refund)
    assert isinstance(found, Fallback)
    assert (found.reason, found.usage) == ("invalid", Usage(10, 5))
    assert found.problem.isprintable()
    assert 0 < len(found.problem) <= 402


@pytest.mark.parametrize(
    ("reply", "reason", "problem"),
    [
        (
            message(text(GOOD[:-4]), stop_reason="max_tokens"),
            "truncated",
            "the reply was truncated",
        ),
        (message(text(GOOD), stop_reason="max_tokens"), "truncated", "the reply was truncated"),
        (message(text(GOOD), stop_reason=None), "truncated", "the reply was truncated"),
        (message(THINKING, stop_reason="max_tokens"), "truncated", "the reply was truncated"),
        (message(stop_reason="refusal"), "refused", "the reply was refused"),
        (message(text(GOOD), stop_reason="refusal"), "refused", "the reply was refused"),
        (message(), "invalid", "the reply has no text"),
        (message(THINKING), "invalid", "the reply has no text"),
        (message(NEW_KIND), "invalid", "the reply has no text"),
        (
            message(text(GOOD), TOOL_USE, stop_reason="tool_use"),
            "invalid",
            "the reply asks for a tool instead of answering",
        ),
        (message(text(GOOD), stop_reason="paused"), "invalid", "the reply cannot be read"),
        (received("<html>busy</html>"), "invalid", "the reply cannot be read"),
        (None, "invalid", "the reply cannot be read"),
    ],
)
def test_the_stop_reason_is_read_first(reply, reason, problem):
    """A whole object in a reply that was cut or refused is not trusted."""
    found = parse_reply(reply, Refund)
    assert isinstance(found, Fallback)
    assert (found.reason, found.problem) == (reason, problem)


def test_every_fault_is_named_and_nothing_of_the_value_is_repeated():
    """The question for a repair needs all of them at once."""
    found = parse_reply(message(text('{"item": 7, "refund_cents": "secret"}')), Refund)
    assert found.problem == (
        "item: Input should be a valid string; refund_cents: Input should be a valid integer"
    )


def test_a_number_beyond_every_float_is_not_infinity():
    """`1e999` is JSON, and no rate."""
    assert parse_reply(message(text('{"rate": 1e30}')), Rate).value.rate == 1e30
    assert parse_reply(message(text('{"rate": 1e999}')), Rate).problem == (
        "1e999 is not a number in JSON"
    )


def test_aliases_and_models_within_models_are_read():
    """What the class says about names holds, and a fault names the place as JSON has it."""

    class Line(BaseModel):
        cents: int = Field(alias="amountCents")

    class Bill(BaseModel):
        lines: list[Line]

    assert (
        parse_reply(message(text('{"lines": [{"amountCents": 5}]}')), Bill).value.lines[0].cents
        == 5
    )
    found = parse_reply(message(text('{"lines": [{"cents": 5}]}')), Bill)
    assert found.problem == "lines.0.amountCents: Field required"


def test_a_validator_that_breaks_is_a_reason_and_not_a_crash():
    """The reply brought the value on which it broke."""

    class Odd(BaseModel):
        n: int

        @field_validator("n")
        @classmethod
        def share(cls, n: int) -> float:
            """Divide by it."""
            if n == 0:
                raise KeyError
            return 1 / (n - 1)

    assert parse_reply(message(text('{"n": 1}')), Odd).problem == "division by zero"
    assert parse_reply(message(text('{"n": 0}')), Odd).problem == "KeyError"


def test_a_class_that_cannot_be_used_is_an_error_of_the_app():
    """No reply can mend it, so it is not the reply's fault."""
    from pydantic.errors import PydanticUserError

    class Half(BaseModel):
        other: "Nowhere"  # noqa: F821 - it is not there

    with pytest.raises(PydanticUserError):
        parse_reply(message(text("{}")), Half)


def test_ten_megabytes_take_no_minute():
    """Neither a long text nor a million keys make the reading quadratic."""
    keys = ", ".join(f'"{n}": 1' for n in range(300_000))
    began = time.perf_counter()
    assert (
        parse_reply(message(text(f'{{{keys}, "7": 2}}')), Rate).problem
        == "the key '7' stands twice"
    )
    assert parse_reply(message(text("[" * 10_000_000 + '{"rate": 1}')), Rate).reason == "invalid"
    assert parse_reply(message(text('{"rate": 1} ' + "x" * 10_000_000)), Rate).value.rate == 1
    assert time.perf_counter() - began < 20


@given(st.text() | st.text(alphabet='{}[]",: 0123456789eE+-.naNtrufls\\'))
def test_no_text_makes_it_raise(words):
    """Whatever a model writes is a value or a reason."""
    assert isinstance(parse_reply(message_of(words), Rate), (Parsed, Fallback))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)
KEYS = st.sampled_from(["content", "stop_reason", "usage", "stop_details", "type", "text"])


@given(st.dictionaries(KEYS, JSON | st.lists(st.dictionaries(KEYS, JSON))))
def test_no_message_makes_it_raise(fields):
    """The SDK builds a message from whatever a response with the status 200 holds."""
    found = parse_reply(SdkModel.construct(**fields), Refund)
    assert isinstance(found, (Parsed, Fallback))
    assert found.calls == 1


def message_of(words):
    """A message of one text, without a client: hypothesis asks for hundreds."""
    return SdkModel.construct(
        content=[SdkModel.construct(type="text", text=words)], stop_reason="end_turn"
    )


@pytest.mark.parametrize("way", WAYS)
def test_a_good_reply_takes_one_call(way):
    """Nothing is asked again."""
    lab, _ = lab_of(said(GOOD))
    found = through(way, lab, ASK, Refund, **request(lab))
    assert found == Parsed(VALUE, lab.trace.usage, calls=1)
    assert len(lab.trace) == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_reply_that_was_cut_gets_a_higher_ceiling_once(way):
    """The question stays the same; four times the tokens."""
    lab, script = lab_of(said(f"{'Well. ' * 60}{GOOD}"))
    found = through(way, lab, ASK, Refund, **request(lab, max_tokens=60))
    assert [body["max_tokens"] for body in script.bodies] == [60, 240]
    assert [body["messages"] for body in script.bodies] == [[QUESTION], [QUESTION]]
    assert found == Parsed(VALUE, lab.trace.usage, calls=2)


@pytest.mark.parametrize("way", WAYS)
def test_a_reply_that_is_cut_twice_is_given_up(way):
    """The tokens of both calls are in the reason."""
    lab, script = lab_of(said("Well. " * 400))
    found = through(way, lab, ASK, Refund, **request(lab, max_tokens=20, ceiling=30))
    assert [body["max_tokens"] for body in script.bodies] == [20, 30]
    assert (found.reason, found.calls, found.usage) == ("truncated", 2, lab.trace.usage)
    assert found.usage.output_tokens == 50


@pytest.mark.parametrize("way", WAYS)
def test_an_invalid_reply_gets_one_question_with_the_fault(way):
    """The model sees what it wrote and what is wrong with it."""
    lab, script = lab_of(said('{"item": "drill", "refund_cents": "x"}'), said(GOOD))
    found = through(way, lab, ASK, Refund, **request(lab))
    roles = [turn["role"] for turn in script.bodies[1]["messages"]]
    assert roles == ["user", "assistant", "user"]
    assert "refund_cents: Input should be a valid integer" in str(script.bodies[1]["messages"][2])
    assert found == Parsed(VALUE, lab.trace.usage, calls=2)


@pytest.mark.parametrize("way", WAYS)
def test_there_is_no_third_call(way):
    """Whatever the second reply is: the wire sees two attempts."""
    lab, _ = lab_of(said("No."), said("Still no."), said(GOOD))
    found = through(way, lab, ASK, Refund, **request(lab))
    assert (found.reason, found.calls, len(lab.trace)) == ("invalid", 2, 2)
    assert found.usage == lab.trace.usage


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply((), "refusal", {"type": "refusal", "category": "bio"}), "refused"),
        (Reply(({"type": "text", "text": GOOD},), "refusal"), "refused"),
        (calling(("extend_loan", {})), "invalid"),
    ],
)
def test_what_no_question_can_mend_is_asked_once(reply, reason):
    """A refusal, with or without text, is final; a tool call is another conversation."""
    lab, _ = lab_of(reply)
    tools = [{"name": "extend_loan", "input_schema": {"type": "object"}}]
    found = through("sync", lab, ASK, Refund, **request(lab, tools=tools))
    assert (found.reason, found.calls, len(lab.trace)) == (reason, 1, 1)
    assert found.usage == lab.trace.usage


def test_an_empty_reply_is_asked_for_again_without_an_empty_turn():
    """The API refuses a turn without text."""
    lab, script = lab_of(Reply((), "end_turn"), said(GOOD))
    found = through("sync", lab, ASK, Refund, **request(lab))
    assert [turn["role"] for turn in script.bodies[1]["messages"]] == ["user", "user"]
    assert found.calls == 2
    assert isinstance(found, Parsed)


def test_messages_may_come_from_an_iterator():
    """The SDK takes any iterable; the second call needs them again."""
    lab, script = lab_of(said("No."), said(GOOD))
    through("sync", lab, ASK, Refund, **request(lab, messages=iter([QUESTION])))
    assert script.bodies[1]["messages"][0] == QUESTION


def test_the_second_call_is_never_one_that_the_sdk_refuses():
    """Four times 8,000 tokens would need a stream (anthropic 2.12.0)."""
    lab, script = lab_of(said("Well. " * 20_000))
    found = through("sync", lab, ASK, Refund, **request(lab, max_tokens=8_000))
    assert [body["max_tokens"] for body in script.bodies] == [8_000, 21_333]
    assert found.calls == 2


def request(lab, **changes):
    """What an app asks."""
    return {"model": lab.model(), "max_tokens": 200, "messages": [QUESTION], **changes}
