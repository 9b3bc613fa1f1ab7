"""What came of a batch: every request once, by its id, whatever the order and the kind."""

import json
import random

import pytest
from anthropic.types.messages import MessageBatchIndividualResponse
from cost_world import MODEL, QUESTION, request
from hypothesis import given
from hypothesis import strategies as st

from labkit import Lab
from labkit.cost import reconcile
from labkit.errors import ArgumentError
from labkit.sim import refused


def requests(*names):
    """Requests with these ids."""
    return [{"custom_id": name, "params": request()} for name in names]


def came(name, kind="succeeded", **fields):
    """One line of results."""
    return {"custom_id": name, "result": {"type": kind, **fields}}


def message(stop_reason="end_turn", words="Seven days."):
    """A message as it stands in a line of results."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": [{"type": "text", "text": words}],
        "stop_reason": stop_reason,
        "usage": {"input_tokens": 10, "output_tokens": 5},
    }


def said(name, stop_reason="end_turn", words="Seven days."):
    """A result that succeeded, with a message that ended so."""
    return came(name, message=message(stop_reason, words))


def failed(name, kind):
    """A result with an error of the API."""
    inner = {"type": kind, "message": "It failed."}
    return came(name, "errored", error={"type": "error", "error": inner, "request_id": None})


def test_each_answer_belongs_to_its_request():
    """Results in another order: by position every label would be wrong."""
    wanted = requests("a", "b", "c")
    results = [said(name, words=f"For {name}.") for name in ("c", "a", "b")]
    found = reconcile(wanted, results)
    texts = {name: one["content"][0]["text"] for name, one in found.done.items()}
    assert texts == {"a": "For a.", "b": "For b.", "c": "For c."}
    assert list(found.done) == ["a", "b", "c"]
    assert (found.retry, found.dead) == ((), {})
    assert repr(found) == "3 done, 0 to send again, 0 dead"


@pytest.mark.parametrize(
    ("result", "kind", "why"),
    [
        (said("a", "end_turn"), "done", ""),
        (said("a", "stop_sequence"), "done", ""),
        (said("a", "tool_use"), "done", ""),
        (said("a", "refusal"), "dead", "refused"),
        (said("a", "max_tokens"), "dead", "cut off at max_tokens"),
        (said("a", "model_context_window_exceeded"), "dead", "window"),
        (said("a", "pause_turn"), "dead", "not finished"),
        (said("a", "a new one"), "dead", "ended with 'a new one'"),
        (said("a", None), "dead", "ended with None"),
        (failed("a", "overloaded_error"), "retry", "overloaded_error"),
        (failed("a", "api_error"), "retry", "api_error"),
        (failed("a", "rate_limit_error"), "retry", "rate_limit_error"),
        (failed("a", "timeout_error"), "retry", "timeout_error"),
        (failed("a", "invalid_request_error"), "dead", "invalid_request_error: It failed."),
        (failed("a", "not_found_error"), "dead", "not_found_error"),
        (failed("a", "a new one"), "dead", "a new one"),
        (came("a", "errored"), "dead", "None"),
        (came("a", "expired"), "retry", "expired"),
        (came("a", "canceled"), "dead", "cancelled"),
        (came("a", "a new one"), "dead", "unknown kind, 'a new one'"),
        (came("a", "succeeded"), "dead", "ended with None"),
        ({"custom_id": "a"}, "dead", "unknown kind, None"),
    ],
)
@pytest.mark.parametrize("shape", ["dict", "sdk"])
def test_each_kind_of_result_has_its_fate(shape, result, kind, why):
    """Only what can succeed is sent again; a refusal inside ``succeeded`` is not done."""
    if shape == "sdk":
        result = MessageBatchIndividualResponse.construct(**json.loads(json.dumps(result)))
    wanted = requests("a")
    found = reconcile(wanted, [result])
    assert [bool(found.done), bool(found.retry), bool(found.dead)] == [
        kind == one for one in ("done", "retry", "dead")
    ]
    assert why in {**found.why, **found.dead}.get("a", "")
    assert found.retry in ((), (wanted[0],))


def test_what_has_no_result_is_sent_again():
    """It is not lost."""
    found = reconcile(requests("a", "b"), [said("a")])
    assert [one["custom_id"] for one in found.retry] == ["b"]
    assert found.why == {"b": "no result"}


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_results_the_answer_counts(order):
    """Whichever came first; and the id is named."""
    results = [failed("a", "invalid_request_error"), said("a")][::order]
    found = reconcile(requests("a"), results)
    assert list(found.done) == ["a"]
    assert found.duplicates == ("a",)
    results = [failed("a", "invalid_request_error"), came("a", "expired")][::order]
    assert list(reconcile(requests("a"), results).dead) == ["a"]


def test_of_two_answers_the_first_counts():
    """Both were paid; only one is kept."""
    found = reconcile(requests("a"), [said("a", words="One"), said("a", words="Two")])
    assert found.done["a"]["content"][0]["text"] == "One"


def test_a_result_that_nobody_asked_for_is_named():
    """It is neither an answer nor dropped without a word."""
    found = reconcile(requests("a"), [said("a"), said("z")])
    assert (list(found.done), found.strange) == (["a"], ("z",))


def test_the_last_try_gives_up():
    """What fails every time is not sent for ever."""
    wanted, results = requests("a"), [came("a", "expired")]
    assert reconcile(wanted, results, tries=2).retry
    found = reconcile(wanted, results, tries=3)
    assert found.retry == ()
    assert "given up after 3 attempts" in found.dead["a"]
    assert reconcile(wanted, [said("a")], tries=3).done
    assert not reconcile(wanted, results, most_tries=1).retry


def test_it_is_a_text():
    """The counts, the first reasons, and what is odd."""
    names = [f"n{number}" for number in range(8)]
    results = [
        said("n0"),
        said("n1"),
        *(failed(name, "invalid_request_error") for name in names[2:]),
        said("n1"),
        said("z"),
    ]
    assert repr(reconcile(requests(*names, "late"), results)) == (
        "2 done, 1 to send again, 6 dead\n"
        "again: late: no result\n"
        + "".join(f"dead: n{n}: invalid_request_error: It failed.\n" for n in range(2, 7))
        + "dead: 1 more\n"
        "1 id with more than one result\n"
        "1 result that nobody asked for"
    )


KINDS = ("end_turn", "refusal", "overloaded_error", "invalid_request_error", "expired", "missing")


def result_of(name, kind):
    """One result of a kind."""
    if kind.endswith("_error"):
        return failed(name, kind)
    return came(name, kind) if kind == "expired" else said(name, kind)


@given(st.lists(st.sampled_from(KINDS), max_size=30), st.randoms(use_true_random=False))
def test_no_request_is_lost_or_counted_twice(kinds, rng):
    """Each is in exactly one of three, whatever the order."""
    names = [f"n{number}" for number in range(len(kinds))]
    results = [
        result_of(name, kind) for name, kind in zip(names, kinds, strict=True) if kind != "missing"
    ]
    found = reconcile(requests(*names), results)
    again = [one["custom_id"] for one in found.retry]
    assert sorted([*found.done, *again, *found.dead]) == sorted(names)
    rng.shuffle(results)
    assert reconcile(requests(*names), results) == found


def test_the_provider_s_own_results_are_understood():
    """Answers, a bad request and refusals of a batch, as the SDK reads them."""
    lab = Lab(7, faults=[refused(times=2)])
    wanted = requests(*(f"n{number}" for number in range(6)))
    wanted.append({"custom_id": "bad", "params": {"model": MODEL, "messages": []}})
    batch = lab.client.messages.batches.create(requests=wanted)
    lab.clock.sleep(24 * 3_600)
    results = list(lab.client.messages.batches.results(batch.id))
    random.Random(3).shuffle(results)
    found = reconcile(wanted, results)
    assert len(found.done) + len(found.dead) == 7
    assert found.dead["bad"].startswith("invalid_request_error: ")
    assert sum(why.startswith("refused") for why in found.dead.values()) == 2
    assert all(one.stop_reason == "end_turn" for one in found.done.values())


def test_a_cancelled_batch_asks_a_person():
    """Who cancelled it decides what is sent again."""
    lab = Lab(7)
    wanted = requests(*(f"n{number}" for number in range(50)))
    batches = lab.client.messages.batches
    batch = batches.create(requests=wanted)
    batches.cancel(batch.id)
    lab.clock.sleep(24 * 3_600)
    found = reconcile(wanted, batches.results(batch.id))
    assert len(found.done) + len(found.dead) == 50
    assert found.dead
    assert all(why.startswith("cancelled") for why in found.dead.values())


@pytest.mark.parametrize(
    ("wanted", "results", "words"),
    [
        (3, [], r"requests is 3.*\[\{\"custom_id\""),
        ("ab", [], "requests is 'ab'"),
        ([QUESTION], [], "a request is .*no custom_id"),
        (requests("a", "a"), [], "custom_id is 'a'. Two requests have it"),
        (requests("a"), None, "results is None.*batches.results"),
        (requests("a"), {"a": 1}, "results is {'a': 1}"),
        (requests("a"), [3], "a result is 3.*no custom_id"),
        (requests("a"), [{"custom_id": 7}], "a result is .*no custom_id"),
    ],
)
def test_what_cannot_be_matched_is_refused(wanted, results, words):
    """With the value and what to give."""
    with pytest.raises(ArgumentError, match=words):
        reconcile(wanted, results)


@pytest.mark.parametrize("given", [{"tries": 0}, {"most_tries": 0}, {"tries": "2"}])
def test_tries_are_counted_from_one(given):
    """Nobody knows when to give up otherwise."""
    with pytest.raises(ArgumentError, match="when to give up"):
        reconcile(requests("a"), [], **given)
