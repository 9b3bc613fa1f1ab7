"""The assistant, first day and production: what a person reads, whatever a provider does."""

import asyncio
import inspect

import pytest
from lessons import LESSONS, area

from labkit import Lab
from labkit.assistant import Latch, Prototype, production
from labkit.assistant.production import DESK, LATER, STOPPED
from labkit.case import samples
from labkit.clock import use
from labkit.cost import UsageLedger, blame
from labkit.errors import ArgumentError
from labkit.sim import (
    empty_reply,
    html_page,
    overloaded,
    refused,
    says,
    server_error,
    stream_ends,
    stream_error,
    thinking_first,
    timed_out,
)
from labkit.traffic import traffic

MODEL = "lab-frontier-1"
ASKED = "How long may I keep a drill?"


class Screen:
    """What stands before a person."""

    def __init__(self):
        """Nothing yet."""
        self.text = ""

    def show(self, piece):
        """Behind what is there."""
        self.text += piece

    def retract(self):
        """All of it."""
        self.text = ""


def told(*faults, asked=ASKED, **settings):
    """What a person is told in a lab with these faults, what they see, and the lab."""
    lab, screen = Lab(7, faults=faults), Screen()
    latch = Latch(MODEL, **settings)
    with use(lab.clock):
        came = latch.tell(lab.client, asked, show=screen.show, retract=screen.retract)
    assert screen.text == came.text
    return came, lab, latch


def test_on_a_good_day_both_say_the_same():
    """And the eval set cannot tell them apart."""
    lab, prototype, latch = Lab(7), Prototype(MODEL), Latch(MODEL)
    for case in samples()[:20]:
        assert latch.answer(lab.client, case.input) == prototype.answer(lab.client, case.input)


def test_the_prototype_serves_talks_and_crashes_where_production_does_not():
    """Asynchronously, too."""
    lab, prototype = Lab(7, faults=[empty_reply(rate=0.3)]), Prototype(MODEL, rules="Be kind.")
    day = traffic(prototype.answer_async, lab=lab, users=3, per_hour=12, turns=2, seed=7)
    assert any(visit.text for visit in day.visits)
    assert any(visit.error for visit in day.visits)


@pytest.mark.parametrize(
    "fault", [overloaded(times=1), server_error(times=1), timed_out(times=1), empty_reply(times=1)]
)
def test_what_passes_is_asked_again(fault):
    """And the person reads the answer, where the prototype crashes or has none."""
    came, lab, _ = told(fault)
    assert (came.outcome, len(lab.trace)) == ("done", 2)
    assert came.text == told()[0].text


@pytest.mark.parametrize(
    ("fault", "outcome", "read"),
    [
        (overloaded(times=None), "unavailable", LATER),
        (timed_out(times=None), "unavailable", LATER),
        (refused("empty"), "refused", DESK),
        (refused("midstream"), "refused", DESK),
        (empty_reply(), "empty", DESK),
        (html_page(times=None), "incomplete", STOPPED),
    ],
)
def test_what_does_not_pass_becomes_a_sentence(fault, outcome, read):
    """Never an exception, and never half of something that was refused."""
    came, _, _ = told(fault)
    assert (came.outcome, came.text) == (outcome, read)


def test_what_no_waiting_mends_is_not_put_off():
    """A model that is not there sends the person to the desk, and its error to the log."""
    came = Latch("no-such-model").tell(Lab(7).client, ASKED)
    assert (came.outcome, came.text) == ("unavailable", DESK)
    assert "NotFoundError" in came.reason


@pytest.mark.parametrize("fault", [stream_ends(times=None), stream_error(times=None)])
def test_a_stream_that_breaks_twice_ends_with_whole_sentences(fault):
    """And with the way forward."""
    came, lab, _ = told(says("One. Two three four five six. Seven."), fault)
    assert came.outcome == "incomplete"
    assert came.text.endswith(STOPPED)
    assert came.text.removesuffix(STOPPED).strip() in {"", "One."}
    assert len(lab.trace) == 2


def test_a_cut_answer_is_asked_for_once_more_with_room():
    """What was shown is taken back first."""
    long = "One sentence of the report. " * 40
    came, lab, _ = told(says(long), ceiling=60)
    assert [attempt.stop_reason for attempt in lab.trace] == ["max_tokens", "max_tokens"]
    assert came.text.endswith(STOPPED)
    came, lab, _ = told(says(long[:700]), ceiling=60)
    assert [attempt.stop_reason for attempt in lab.trace] == ["max_tokens", "end_turn"]
    assert came.text.split() == long[:700].split()


def test_a_sentence_that_may_not_be_shown_ends_the_answer():
    """Nobody reads it, and the person is told where to turn."""
    came, _, _ = told(
        says("The safe stands by the door. It opens with 4711. Mind the step."),
        may_be_shown=lambda sentence: "4711" not in sentence,
    )
    assert came.text == f"The safe stands by the door. {STOPPED}"


def test_thinking_before_the_text_is_no_crash():
    """As it is for whoever reads the first block."""
    assert told(thinking_first())[0].outcome == "done"
    with pytest.raises(AttributeError):
        Prototype(MODEL).answer(Lab(7, faults=[thinking_first()]).client, ASKED)


def test_a_day_of_talks_is_served_and_its_ledger_is_the_invoice():
    """Asynchronously; a second question reads what the first has written."""
    ledger, lab = UsageLedger(), Lab(7, faults=[empty_reply(rate=0.1), overloaded(rate=0.1)])
    latch = Latch(MODEL, ledger=ledger)
    day = traffic(latch.answer_async, lab=lab, users=5, hours=3, per_hour=10, turns=3, seed=7)
    assert all(visit.text for visit in day.visits)
    assert ledger.total.usd == lab.invoice.total_usd
    split = blame(ledger.lines)
    assert split.causes["retries"] > 0
    assert lab.trace.usage.cache_read_input_tokens > 5 * lab.trace.usage.cache_creation_input_tokens


@pytest.mark.parametrize(
    "fault",
    [refused("midstream"), stream_ends(times=1), empty_reply(), overloaded(times=None)],
)
def test_sync_and_async_tell_the_same(fault):
    """Under each fault that ends differently."""
    lab = Lab(7, faults=[fault])
    later = lab.run(lambda client: Latch(MODEL).tell_async(client, ASKED))
    assert later.text == told(fault)[0].text


def test_the_first_sentence_is_timed_from_the_question():
    """What the stream takes to open is in it, and a first asking that came empty."""
    came, lab, _ = told()
    assert came.first_s > lab.trace[0].first_token_s > 0
    again, lab, _ = told(empty_reply(times=1))
    assert again.first_s > lab.trace[1].started_s > 0


def test_the_time_stands_last_and_the_rules_are_read():
    """Two questions a minute apart share the whole prompt but their ends."""
    lab, latch = Lab(7), Latch(MODEL)
    latch.answer(lab.client, ASKED)
    lab.clock.sleep(60)
    latch.answer(lab.client, "What does membership cost?")
    assert lab.trace[1].usage.cache_read_input_tokens > 0
    assert lab.trace[1].usage.cache_creation_input_tokens == 0


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"model": 3}, "model"),
        ({"rules": 3}, "rules"),
        ({"ceiling": 0}, "ceiling"),
        ({"may_be_shown": "yes"}, "may_be_shown"),
        ({"ttl": "2h"}, "lifetime"),
        ({"asked": []}, "asked"),
        ({"asked": [{"role": "assistant", "content": "Hello."}]}, "asked"),
        ({"asked": 3}, "asked"),
        ({"asked": "How long?\ud800"}, "half of a character"),
        ({"asked": [{"role": "user", "content": "\ud800"}]}, "half of a character"),
        ({"rules": "Be \ud800kind."}, "half of a character"),
        ({"client": None}, "client"),
        ({"show": 3}, "show"),
        ({"retries": 3}, "retries"),
        ({"breaker": 3}, "breaker"),
        ({"ledger": 3}, "ledger"),
    ],
)
def test_what_cannot_be_used_is_refused(broken, said):
    """Before anything is sent, in words that name it."""
    lab = Lab(7)
    given = {"model": MODEL, "client": lab.client, "asked": ASKED, "show": str} | broken
    client, asked, show = (given.pop(name) for name in ("client", "asked", "show"))
    with pytest.raises(ArgumentError, match=said):
        Latch(**given).tell(client, asked, show=show)
    assert not lab.trace


def test_the_wrong_kind_of_client_is_refused():
    """Nobody would await it."""
    with pytest.raises(ArgumentError, match="client"):
        asyncio.run(Latch(MODEL).tell_async(Lab(7).client, ASKED))


def test_it_composes_blocks_of_every_lab():
    """A block that does not fit the others would be noticed only in somebody's service."""
    imports = inspect.getsource(production)
    assert [one for one in LESSONS if f"from labkit.{area(one).id} import" not in imports] == []
