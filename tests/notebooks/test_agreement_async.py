"""Async and batching: the page of the second lab and ``labkit.cost`` say the same."""

import sqlite3
from contextlib import closing
from functools import partial
from itertools import pairwise

import anthropic
import pytest

from labkit.assistant import Latch
from labkit.checks.cost.batch_lines import (
    CANCELED,
    CUT,
    DONE,
    EXPIRED,
    INVALID,
    MISSING,
    NEW_KIND,
    OVERLOADED,
    REFUSED,
    TRANSIENT,
    answered,
    asked,
    failed,
    named,
    result_of,
)
from labkit.clock import use
from labkit.contrast import rush
from labkit.contrast.two_phones import Script
from labkit.cost import JobQueue, QueueFullError, reconcile, relay
from labkit.cost.batches import RETRYABLE
from labkit.sim import refused, says, stream_ends, stream_error


def test_a_queue_does_the_minute_alike(cost_page):
    """C10: with the page's list and with the block the same chats wait, and nothing is lost."""
    served = [
        rush(
            cost_page["production_handle"],
            cost_page["chat"],
            cost_page["report"],
            queue=queue,
            restart_s=restart_s,
            seed=cost_page["SEED"],
        )
        for restart_s in (None, 30)
        for queue in (cost_page["Jobs"], partial(JobQueue, lease_s=60))
    ]
    for page, block in pairwise(served):
        assert page.p95_s("chat") == pytest.approx(block.p95_s("chat"), abs=0.01)
        assert page.lost == block.lost == []


def test_what_the_list_of_the_page_leaves_out_the_block_has(cost_page):
    """C10: a job that always fails is parked, a full queue says so, two workers share."""
    with closing(sqlite3.connect(":memory:")) as connection:
        listed = cost_page["Jobs"](connection)
        listed.submit("k", "p")
        assert [listed.submit("k", "p"), listed.status("k")] == ["k", "waiting"]

    def fails(payload):
        raise ValueError(payload)

    with closing(sqlite3.connect(":memory:")) as connection:
        queue = JobQueue(connection, most_waiting=1)
        queue.submit("k", "p")
        with pytest.raises(QueueFullError):
            queue.submit("other", "p")
        assert [queue.run_next(fails).state for _ in range(3)] == ["waiting", "waiting", "parked"]


LINES = named(
    [DONE, OVERLOADED, INVALID, EXPIRED, CANCELED, REFUSED, CUT, MISSING, NEW_KIND]
    + [failed(kind, "retry") for kind in TRANSIENT]
)


def both(cost_page, lines, more=()):
    """Where the page's fix and the block put each request."""
    sent = asked(list(lines))
    pairs = [*lines.items(), *more]
    came = [result_of(name, one.result) for name, one in pairs if one.result is not None]
    done, again, parked = cost_page["sort_out"](sent, reversed(came))
    whole = reconcile(sent, reversed(came))
    ids = [one["custom_id"] for one in again], [one["custom_id"] for one in whole.retry]
    return (dict(done), ids[0], set(parked)), (dict(whole.done), ids[1], set(whole.dead))


def test_each_result_goes_on_the_same_pile(cost_page):
    """C11: every kind of result of the API, in another order, and one that is missing."""
    fix, block = both(cost_page, LINES)
    assert fix == block
    assert cost_page["PASSING"] == RETRYABLE


def test_a_stranger_is_left_alone_by_both(cost_page):
    """C11: a result that nobody had asked for is on no pile."""
    fix, block = both(cost_page, named([DONE]), [("stranger", DONE)])
    assert fix == block == ({"note-1": fix[0]["note-1"]}, [], set())


@pytest.mark.parametrize("ending", ["tool_use", "stop_sequence"])
def test_an_answer_that_is_no_text_is_left_to_the_exercise(cost_page, ending):
    """C11: the page's fix parks it, the block does not."""
    fix, block = both(cost_page, named([answered(ending)]))
    assert fix[2] == set(block[0]) == {"note-1"}


def test_two_results_for_one_are_left_to_the_exercise(cost_page):
    """C11: the page takes the last one, whichever it is; an answer stays an answer in the block."""
    fix, block = both(cost_page, named([DONE]), [("note-1", OVERLOADED)])
    assert set(fix[0]) == set(block[0]) == {"note-1"}  # reversed: the answer came last
    sent, came = asked(["note-1"]), [result_of("note-1", one.result) for one in (DONE, OVERLOADED)]
    assert cost_page["sort_out"](sent, came)[1] == sent
    assert set(reconcile(sent, came).done) == {"note-1"}


def test_every_row_of_the_sheet_is_accounted_for(cost_page):
    """C11: what is written and what is parked are all rows, and no row has another one's answer."""
    month, own = cost_page["MONTH"], cost_page["OWN"]
    written = cost_page["WRITTEN"]  # by the whole of batch_sheet, in a bad month
    assert sorted(written) == sorted(month)
    parked = [row for row, said in written.items() if said != own.get(row)]
    assert all(written[row].startswith("for a person: ") for row in parked)


def relayed(cost_page, block, faults):
    """How a stream ended by the page's relay or by the block, and what was shown."""
    here, shown = cost_page["lab"].fresh(faults=faults), []
    with use(here.clock), here.client.messages.stream(**cost_page["asks"]("How?")) as stream:
        came = block(stream, cost_page["may_be_shown"], shown.append)
    return getattr(came, "outcome", came), "".join(shown)


@pytest.mark.parametrize("name", ["it ends well", "the code comes", "it refuses", "it just ends"])
def test_a_stream_is_relayed_alike(cost_page, name):
    """C12: the same outcome, and the same words before it."""
    faults = cost_page["STREAMS"][name]
    assert relayed(cost_page, cost_page["relay"], faults) == relayed(cost_page, relay, faults)


@pytest.mark.parametrize("at", [20, 60, 100])
@pytest.mark.parametrize("happens", ["a sentence may not be shown", "the stream just ends"])
def test_a_stream_is_relayed_alike_wherever_it_happens(cost_page, happens, at):
    """C12: also at other tokens."""
    faults = Script(cost_page["ANSWER"], cost_page["CODE"]).faults(happens, at)
    assert relayed(cost_page, cost_page["relay"], faults) == relayed(cost_page, relay, faults)


def test_what_the_exercise_asks_for_is_left_out(cost_page):
    """C12: an error inside a stream goes through, and a limit looks like a lost connection."""
    broken = [says(cost_page["ANSWER"]), stream_error(after=60)]
    with pytest.raises(anthropic.APIError):
        relayed(cost_page, cost_page["relay"], broken)
    assert relayed(cost_page, relay, broken)[0] == "incomplete"
    limit = [says(cost_page["ANSWER"], stop_reason="max_tokens")]
    assert relayed(cost_page, cost_page["relay"], limit)[0] == "incomplete"
    assert relayed(cost_page, relay, limit)[0] == "truncated"
    assert relayed(cost_page, cost_page["relay"], [refused("empty")]) == ("refused", "")
    assert (
        relayed(cost_page, cost_page["relay"], [says("One."), stream_ends(after=1)])[0]
        == "incomplete"
    )


def test_the_composed_assistant_answers_as_the_page_does(cost_page):
    """Lab 02's last part: the same words to the first people of the day."""
    lab, latch = cost_page["lab"].fresh(), Latch(cost_page["BALANCED"])
    firsts = [visit for visit in cost_page["mended"].visits if visit.turn == 1][:12]
    with use(lab.clock):
        assert [latch.answer(lab.client, one.question) for one in firsts] == [
            one.text for one in firsts
        ]
