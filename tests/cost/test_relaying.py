"""A stream, sentence by checked sentence: what is shown, what is not, what is taken back."""

import asyncio
from itertools import pairwise
from threading import Event
from types import SimpleNamespace as Thing

import anthropic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import Lab, clock
from labkit.cost import Relayed, relay, relay_async
from labkit.errors import ArgumentError
from labkit.sim import (
    empty_reply,
    malformed_frame,
    refused,
    says,
    stream_ends,
    stream_error,
    stream_lost,
    thinking_first,
)

THREE = "You may keep it a week. Late returns cost 2.50 a day! Ask at the desk"
SENTENCES = ["You may keep it a week. ", "Late returns cost 2.50 a day! ", "Ask at the desk"]
REQUEST = {
    "model": "lab-balanced-1",
    "max_tokens": 300,
    "messages": [{"role": "user", "content": "How long may I keep a drill?"}],
}
WAYS = ("stream", "raw", "async")


def through(way, *faults, screen=None, changes=None, **settings):
    """What comes through one of the SDK's streams, and what was emitted."""
    lab, shown = Lab(seed=4), [] if screen is None else screen
    asked = {**REQUEST, **(changes or {})}
    settings = {"check": lambda sentence: True, "emit": shown.append, **settings}

    async def main(client):
        async with client.messages.stream(**asked) as stream:
            return await relay_async(stream, **settings)

    with lab.faults(*faults):
        if way == "async":
            return lab.run(main), shown
        with clock.use(lab.clock):
            if way == "raw":
                events = lab.client.messages.create(**asked, stream=True)
                return relay(events, **settings), shown
            with lab.client.messages.stream(**asked) as stream:
                return relay(stream, **settings), shown


@pytest.mark.parametrize("way", WAYS)
def test_each_sentence_is_shown_when_it_is_whole(way):
    """Once, in order, as it was written; the last one needs no full stop."""
    result, shown = through(way, says(THREE))
    assert shown == SENTENCES
    assert (result.outcome, result.shown, result.held) == ("done", THREE, "")
    assert result.stop_reason == "end_turn"


@pytest.mark.parametrize("way", WAYS)
def test_thinking_is_not_shown(way):
    """It comes first, and the first sentence comes later for it."""
    plain, _ = through(way, says(THREE))
    thinking, shown = through(way, says(THREE), thinking_first())
    assert shown == SENTENCES
    assert thinking.first_s > plain.first_s


def test_the_first_sentence_comes_long_before_the_last():
    """In the time of the lab: two sentences of many are there in a fraction of it."""
    long = "It is short. " + "And so on and on it goes for a while. " * 30
    lab, times = Lab(seed=4), []
    with clock.use(lab.clock), lab.faults(says(long)):
        began = lab.clock.monotonic()
        with lab.client.messages.stream(**{**REQUEST, "max_tokens": 2_000}) as stream:
            came = lab.clock.monotonic()
            result = relay(stream, bool, lambda text: times.append(lab.clock.monotonic() - came))
    assert result.first_s == times[0]
    assert times[0] < 0.2 * times[-1]
    assert came >= began


@pytest.mark.parametrize("way", WAYS)
def test_a_sentence_that_may_not_be_shown_stops_it(way):
    """Not one of its characters is shown, and nothing behind it; no more is read."""
    seen = []

    def check(sentence):
        seen.append(sentence)
        return "2.50" not in sentence

    result, shown = through(way, says(THREE), check=check)
    assert shown == SENTENCES[:1]
    assert seen == ["You may keep it a week.", "Late returns cost 2.50 a day!"]
    assert result.outcome == "withheld"
    assert result.held.startswith("Late returns")
    assert result.stop_reason is None


def test_the_last_words_are_checked_too():
    """Also without a full stop."""
    result, shown = through("stream", says(THREE), check=lambda one: "desk" not in one)
    assert (result.outcome, shown) == ("withheld", SENTENCES[:2])
    assert result.held == "Ask at the desk"


@pytest.mark.parametrize("way", WAYS)
def test_a_refusal_in_the_middle_takes_back_what_was_shown(way):
    """Once, after the last word; without a way to do it the result says what still stands."""
    screen = []
    text = " ".join(["It is one of many sentences."] * 12)

    def refusing(retract):
        fault = (says(text), refused("midstream", category="bio"))
        return through(way, *fault, screen=screen, retract=retract)[0]

    result = refusing(screen.clear)
    assert screen == []
    assert (result.outcome, result.shown, result.reason) == ("refused", "", "bio")
    left = refusing(None)
    assert left.outcome == "refused"
    assert left.shown == "".join(screen) != ""
    assert repr(left).startswith(f"refused (bio): {len(left.shown)} characters shown, ")


def test_a_refusal_of_nothing_takes_nothing_back():
    """There is nothing to take back."""
    result, shown = through("stream", refused("empty", category=None), retract=pytest.fail)
    assert (result.outcome, result.first_s, result.reason, shown) == ("refused", None, "", [])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (stream_ends(after=12), ""),
        (stream_error(after=12), "APIStatusError: "),
        (stream_lost(after=12), "RemoteProtocolError: "),
        (malformed_frame(after=12), "JSONDecodeError: "),
    ],
)
def test_a_stream_that_breaks_is_incomplete(way, fault, reason):
    """Half a sentence is not shown: "you may" could have become "you may not"."""
    result, shown = through(way, says(THREE), fault)
    assert result.outcome == "incomplete"
    assert result.reason.startswith(reason)
    assert bool(result.reason) == bool(reason)
    assert shown == SENTENCES[:1]
    assert THREE.startswith(result.shown + result.held)
    assert result.held


def test_what_a_limit_cuts_is_held():
    """The caller has it to go on with."""
    result, shown = through("stream", says(THREE), changes={"max_tokens": 9})
    assert (result.outcome, result.stop_reason) == ("truncated", "max_tokens")
    assert shown == SENTENCES[:1]
    assert result.held.startswith("Late")


def test_an_answer_of_nothing_is_empty():
    """It is not done."""
    result, shown = through("raw", empty_reply())
    assert (result.outcome, shown) == ("empty", [])
    assert repr(result) == "empty: 0 characters shown"


def stream_of(pieces, stop_reason="end_turn"):
    """The events of a text in these pieces."""
    yield Thing(type="message_start", message=None)
    yield Thing(type="content_block_start", content_block=Thing(type="text", text=""))
    for one in pieces:
        yield Thing(type="content_block_delta", delta=Thing(type="text_delta", text=one))
        yield Thing(type="text", text=one)
    yield Thing(type="message_delta", delta=Thing(stop_reason=stop_reason))
    yield Thing(type="message_stop")


def pieces_of(text, cuts):
    """A text cut at some places."""
    places = sorted({cut % (len(text) + 1) for cut in cuts} | {0, len(text)})
    return [text[a:b] for a, b in pairwise(places)]


texts = st.lists(st.sampled_from(["A", "b", ".", "!", "。", "」", '"', " ", "\n", "2"])).map(
    "".join
)


@given(texts, st.lists(st.integers(0, 99)))
def test_where_a_text_is_cut_into_events_does_not_matter(text, cuts):
    """The same sentences, and joined they are the text."""
    whole, cut = [], []
    relay(stream_of([text]), lambda _: True, whole.append)
    relay(stream_of(pieces_of(text, cuts)), lambda _: True, cut.append)
    assert whole == cut
    assert "".join(whole) == text
    assert all(whole)


@given(texts, st.lists(st.integers(0, 99)), st.sampled_from(["end_turn", "max_tokens", None]))
def test_nothing_is_shown_that_was_not_checked(text, cuts, stop_reason):
    """The sentences that hold a B are not, and nothing behind them."""
    shown, seen = [], []

    def check(sentence):
        seen.append(sentence)
        return "2" not in sentence

    result = relay(stream_of(pieces_of(text, cuts), stop_reason), check, shown.append)
    assert "2" not in "".join(shown)
    assert result.shown == "".join(shown)
    assert [one.strip() for one in shown if one.strip()] == [one for one in seen if "2" not in one]
    assert text.startswith(result.shown + result.held)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It costs 2.50 a day.", 1),
        ("Bring it back, e.g. on Monday.", 1),
        ('He said "No." Then he left.', 2),
        ("Really?! Yes… No.", 3),
        ("借りられます。返却は「日曜」です。", 2),
        ("「はい。」次", 2),
        ("First:\n- a drill\n- a saw", 3),
        ("See **here.** Then go.", 2),
        ("One.\n\n\nTwo.", 2),
        ("", 0),
    ],
)
def test_where_a_sentence_ends(text, sentences):
    """At a full stop before white space, in Japanese without, and at the end of a line."""
    shown = []
    relay(stream_of(text), lambda _: True, shown.append)
    assert len(shown) == sentences


@pytest.mark.parametrize(
    ("stop_reason", "outcome", "shown"),
    [
        ("stop_sequence", "done", "Half a"),
        ("tool_use", "tool_use", "Half a"),
        ("model_context_window_exceeded", "truncated", ""),
        ("pause_turn", "unknown", ""),
        ("something new", "unknown", ""),
        (None, "incomplete", ""),
    ],
)
def test_how_it_ends_is_the_stop_reasons_word(stop_reason, outcome, shown):
    """None is no success, and a reason that nobody knows is not one either."""
    result = relay(stream_of(["Half a"], stop_reason), bool, lambda _: None)
    assert (result.outcome, result.shown) == (outcome, shown)
    assert result.shown + result.held == "Half a"


def test_a_block_may_begin_with_text_and_events_may_be_strange():
    """What is unknown is passed over."""
    events = [
        Thing(type="content_block_start", content_block=Thing(type="text", text="A. ")),
        Thing(type="content_block_start", content_block=Thing(type="thinking", thinking="B. ")),
        Thing(type="content_block_delta", delta=Thing(type="text_delta", text=None)),
        Thing(type="content_block_delta", delta=Thing(type="input_json_delta", partial_json="C")),
        Thing(type="news"),
        None,
        Thing(type="message_delta", delta=Thing(stop_reason="end_turn")),
        Thing(type="message_delta", delta=Thing(stop_reason=None)),
    ]
    result = relay(events, lambda _: True, lambda _: None)
    assert (result.outcome, result.shown) == ("done", "A. ")


@pytest.mark.parametrize("way", WAYS)
def test_a_reader_may_stop_it(way):
    """What was shown stays, half a sentence is held, and nothing more is read."""
    shown = []
    result, _ = through(way, says(THREE), screen=shown, stop=lambda: len(shown) > 1)
    assert shown == SENTENCES[:2]
    assert (result.outcome, result.shown) == ("stopped", "".join(SENTENCES[:2]))
    assert result.stop_reason is None
    assert THREE.startswith(result.shown + result.held)


def test_one_who_has_stopped_before_the_first_word_sees_none():
    """A stop that comes too late changes nothing."""
    button = Event()
    late, _ = through("stream", says(THREE), stop=button.is_set)
    button.set()
    early, shown = through("stream", says(THREE), stop=button.is_set)
    assert late.outcome == "done"
    assert (early.outcome, early.shown, early.first_s, shown) == ("stopped", "", None, [])


class Tap:
    """Events that say whether somebody has closed them."""

    def __init__(self, pieces):
        """Open, with these pieces to come."""
        self.events, self.closed = stream_of(pieces), 0

    def __iter__(self):
        return self.events

    def close(self):
        """Count it."""
        self.closed += 1


class AsyncTap(Tap):
    """The same for an asynchronous client."""

    async def __aiter__(self):
        for event in self.events:
            yield event

    async def close(self):
        """Count it."""
        self.closed += 1


@pytest.mark.parametrize(
    ("settings", "closed"),
    [({}, 0), ({"stop": lambda: True}, 1), ({"check": lambda _: False}, 1)],
)
def test_a_stream_that_is_left_early_is_closed(settings, closed):
    """Stopped or withheld; one that has ended is the caller's to close."""
    wanted = {"check": lambda _: True, "emit": lambda _: None, **settings}
    tap, tapped = Tap([THREE]), AsyncTap([THREE])
    relay(tap, **wanted)
    asyncio.run(relay_async(tapped, **wanted))
    assert (tap.closed, tapped.closed) == (closed, closed)


def test_events_of_any_kind_may_be_left_early():
    """A list has nothing to close, and an asynchronous generator ends in its own way."""
    ended = []

    async def generated():
        try:
            for event in stream_of([THREE]):
                yield event
        finally:
            ended.append(True)

    stopped = asyncio.run(relay_async(generated(), bool, print, stop=lambda: True))
    assert ended == [True]
    assert relay([*stream_of([THREE])], bool, print, stop=lambda: True).outcome == stopped.outcome


def test_the_trace_says_that_nobody_read_on():
    """The connection is closed before the answer has ended."""
    lab, shown = Lab(seed=4), []
    with clock.use(lab.clock), lab.faults(says(THREE)):
        events = lab.client.messages.create(**REQUEST, stream=True)
        relay(events, lambda _: True, shown.append, stop=lambda: bool(shown))
    (attempt,) = lab.trace
    assert (attempt.error, attempt.stop_reason) == ("abandoned", None)


def test_errors_of_the_caller_are_the_callers():
    """A check that raises shows nothing, and an emit that fails is no broken stream."""
    shown = []
    with pytest.raises(ZeroDivisionError):
        relay(stream_of([THREE]), lambda _: 1 / 0, shown.append)
    assert shown == []

    def emit(text):
        raise anthropic.APIConnectionError(request=None)

    with pytest.raises(anthropic.APIConnectionError):
        relay(stream_of([THREE]), lambda _: True, emit)


def test_the_clock_may_be_given():
    """A value shows how it went."""
    lab = Lab(seed=1)

    def slowly():
        for event in stream_of([THREE]):
            lab.clock.sleep(0.5)
            yield event

    result = relay(slowly(), lambda _: True, lambda _: None, lab.clock)
    assert result.first_s == 1.5
    assert repr(result) == "done: 69 characters shown, the first after 1.50 s"
    assert result == Relayed("done", THREE, 1.5, "", "end_turn")
    assert repr(Relayed("incomplete", "", None, "abc")) == "incomplete: 0 characters shown, 3 held"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("x", None, print), "check is None"),
        (("x", bool, "print"), "emit is 'print'"),
        (("x", bool, print, "now"), "clock is 'now'"),
    ],
)
def test_what_cannot_be_called_is_refused(given, words):
    """Before anything is read."""
    with pytest.raises(ArgumentError, match=words):
        relay(*given)
    with pytest.raises(ArgumentError, match="retract is"):
        relay([], bool, print, retract="x")
    with pytest.raises(ArgumentError, match="stop is"):
        relay([], bool, print, stop=True)
