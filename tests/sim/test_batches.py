"""Batches of messages: when they end, what comes of each request, and what is refused."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import anthropic
import pytest
from anthropic.types import messages as types
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sim_batches import (
    BAD,
    BATCHES,
    DAY_S,
    HOUR_S,
    PATH,
    created,
    ended,
    kinds,
    lines,
    requests,
    seen,
    send,
)
from sim_facts import imitates
from sim_world import ANSWER, MODEL, Says, World, asked, body_of
from test_junk import JUNK, NEARLY

from labkit import Lab, catalog
from labkit.clock import current, use
from labkit.errors import ArgumentError
from labkit.sim import (
    batch_errors,
    batch_expires,
    batch_slow,
    connection_lost,
    html_page,
    overloaded,
    rate_limited,
    refused,
    truncated_json,
)
from labkit.sim.endpoints.batch import OUTCOMES

SDK = "anthropic 2.12.0, types/messages"


def poll(lab: Lab, wanted: list[Any], wait_s: float = 60) -> str:
    """An app that waits for a batch, as one would write it; gives its results as text."""
    with use(lab.clock):
        batch = lab.client.messages.batches.create(requests=wanted)
        while batch.processing_status != "ended":
            current().sleep(wait_s)
            batch = lab.client.messages.batches.retrieve(batch.id)
        results = lab.client.messages.batches.results(batch.id)
        return "\n".join(result.to_json() for result in results)


async def poll_async(client: anthropic.AsyncAnthropic, wanted: list[Any]) -> str:
    """The same, asynchronous."""
    batch = await client.messages.batches.create(requests=wanted)
    while batch.processing_status != "ended":
        await current().sleep_async(60)
        batch = await client.messages.batches.retrieve(batch.id)
    results = await client.messages.batches.results(batch.id)
    return "\n".join([result.to_json() async for result in results])


@imitates("a batch has these keys, and validates strictly", source=f"{SDK}/message_batch.py")
def test_a_batch_has_the_sdks_keys() -> None:
    """A new batch and one that has ended carry every field of the SDK's MessageBatch."""
    world = World()
    batch = created(world)
    for body in (batch, ended(world, batch)):
        assert set(body) == set(types.MessageBatch.model_fields)
        types.MessageBatch.model_validate(body, strict=False)
    assert body["id"].startswith("msgbatch_01")


@imitates(
    "request counts are processing, succeeded, errored, canceled, expired",
    source=f"{SDK}/message_batch_request_counts.py",
)
def test_the_outcomes_are_the_sdks() -> None:
    """Our list of outcomes is the SDK's."""
    theirs = set(types.MessageBatchRequestCounts.model_fields)
    assert {*OUTCOMES, "processing"} == theirs, "update sim/endpoints/batch.py, OUTCOMES"


@imitates("a batch begins in progress, and expires 24 hours later", source=BATCHES)
def test_a_new_batch_is_in_progress() -> None:
    """Nothing has come of it yet, and it says until when it can."""
    batch = created(World())
    assert batch["processing_status"] == "in_progress"
    assert batch["created_at"] == "2026-11-23T09:00:00.000000Z"
    assert batch["expires_at"] == "2026-11-24T09:00:00.000000Z"
    not_yet = ("ended_at", "cancel_initiated_at", "archived_at", "results_url")
    assert [batch[name] for name in not_yet] == [None] * 4


@imitates("all requests are counted as processing until the whole batch has ended", source=BATCHES)
def test_counts_change_when_the_batch_ends() -> None:
    """Polling every minute never shows a half-done batch."""
    world = World()
    batch = created(world, [*requests(5), {"custom_id": "bad", "params": BAD}])
    seen_counts = []
    while batch["processing_status"] != "ended":
        seen_counts.append(batch["request_counts"])
        world.clock.advance(60)
        batch = seen(world, batch)
    before = {"processing": 6, "succeeded": 0, "errored": 0, "canceled": 0, "expired": 0}
    assert len(seen_counts) > 2
    assert all(counts == before for counts in seen_counts)
    after = {"processing": 0, "succeeded": 5, "errored": 1, "canceled": 0, "expired": 0}
    assert batch["request_counts"] == after


@imitates("most batches end within an hour, and none later than after 24", source=BATCHES)
def test_most_batches_end_within_an_hour() -> None:
    """Of 200 batches of other seeds, nearly all end within the hour, a few do not."""
    late = 0
    for seed in range(200):
        world = World(seed=seed)
        batch = created(world)
        world.clock.advance(HOUR_S)
        late += seen(world, batch)["processing_status"] != "ended"
        world.clock.advance(DAY_S - HOUR_S)
        assert seen(world, batch)["processing_status"] == "ended"
    assert 0 < late < 10


@imitates(
    "results() asks for the batch first, then for its results_url",
    source="anthropic 2.12.0, resources/messages/batches.py",
)
def test_results_stay_on_the_simulated_host() -> None:
    """The SDK finds the results where the client already is."""
    lab = Lab(7)
    poll(lab, requests())
    last = [attempt.endpoint for attempt in lab.trace][-2:]
    assert last == [f"GET {PATH}/{{id}}", f"GET {PATH}/{{id}}/results"]


def test_results_are_found_where_the_client_found_the_provider() -> None:
    """On a loopback address, the results are there too."""
    world = World()
    path = f"{PATH}/{created(world)['id']}"
    world.clock.advance(DAY_S)
    body = body_of(send(world, "GET", path, host="127.0.0.1:8010"))
    assert body["results_url"] == f"http://127.0.0.1:8010{path}/results"


@imitates("each line of the results validates strictly", source=f"{SDK}/message_batch_result.py")
@imitates("an answer in a batch says service_tier batch", source="anthropic 2.12.0, types/usage.py")
def test_a_line_has_the_sdks_shape() -> None:
    """A succeeded line carries a whole message."""
    world = World()
    batch = created(world)
    ended(world, batch)
    for line in lines(world, batch):
        types.MessageBatchIndividualResponse.model_validate(line)
        message = line["result"]["message"]
        assert message["content"][0]["text"] == ANSWER
        assert message["usage"]["service_tier"] == "batch"


@pytest.mark.parametrize(
    ("params", "kind", "field"),
    [
        (BAD, "invalid_request_error", "max_tokens"),
        ({}, "invalid_request_error", "model"),
        (asked(model="lab-huge-1"), "not_found_error", "model"),
        (asked(temperature=1.0), "invalid_request_error", "temperature"),
        (asked(stream=True), "invalid_request_error", "stream"),
        (asked(max_tokens=0), "invalid_request_error", "max_tokens"),
        (asked(speed="fast"), "invalid_request_error", "speed"),
        (asked(fallbacks=[]), "invalid_request_error", "fallbacks"),
    ],
)
@imitates(
    "params are validated later: a bad one is an errored result with a full error body",
    source=BATCHES,
)
@imitates("stream, speed, max_tokens 0 and fallbacks are not for batches", source=BATCHES)
def test_a_bad_request_fails_alone_and_later(params: Any, kind: str, field: str) -> None:
    """The batch is accepted, the other requests are answered, and the error names the field."""
    world = World()
    batch = created(world, [*requests(), {"custom_id": "bad", "params": params}])
    ended(world, batch)
    (bad,) = [line for line in lines(world, batch) if line["custom_id"] == "bad"]
    assert bad["result"]["type"] == "errored"
    error = bad["result"]["error"]
    assert set(error) == {"type", "error", "request_id"}
    assert error["error"]["type"] == kind
    assert field in error["error"]["message"]
    assert kinds(world, batch) == {"succeeded": 3, "errored": 1}


TWICE = [*requests(1), *requests(1)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "request"),
        ({}, "requests"),
        ({"requests": {}}, "requests"),
        ({"requests": []}, "requests"),
        ({"requests": requests(1), "model": MODEL}, "model"),
        ({"requests": ["x"]}, "requests.0"),
        ({"requests": [{"params": {}}]}, "requests.0.custom_id"),
        ({"requests": [{"custom_id": 1, "params": {}}]}, "requests.0.custom_id"),
        ({"requests": [{"custom_id": "a b", "params": {}}]}, "requests.0.custom_id"),
        ({"requests": [{"custom_id": "ä", "params": {}}]}, "requests.0.custom_id"),
        ({"requests": [{"custom_id": "x" * 65, "params": {}}]}, "requests.0.custom_id"),
        ({"requests": [{"custom_id": "x"}]}, "requests.0.params"),
        ({"requests": [{"custom_id": "x", "params": "y"}]}, "requests.0.params"),
        ({"requests": [{"custom_id": "x", "params": {}, "n": 1}]}, "requests.0.n"),
        ({"requests": TWICE}, "requests.1.custom_id"),
        ({"requests": [{}] * 100_001}, "requests"),
    ],
)
@imitates(
    "a custom_id matches ^[a-zA-Z0-9_-]{1,64}$ and is unique in its batch of 1 to 100,000",
    source=BATCHES,
)
def test_a_batch_that_cannot_be_taken_on_is_refused(body: Any, field: str) -> None:
    """The refusal comes at once, names the field, and nothing is begun."""
    world = World()
    plan = world.post(json.dumps(body).encode(), path=PATH)
    assert plan.status == 400
    assert body_of(plan)["error"]["type"] == "invalid_request_error"
    assert body_of(plan)["error"]["message"].startswith(f"{field}: ")
    assert body_of(send(world, "GET", PATH))["data"] == []


@imitates("a batch of more than 256 MB is refused with 413", source="docs: errors, 2026-08-22")
def test_a_batch_that_is_too_long_is_refused() -> None:
    """A batch may be longer than a message, up to its own limit."""
    world = World()
    assert world.post(b" " * 32_000_001, path=PATH).status == 400
    assert world.post(b" " * 256_000_001, path=PATH).status == 413


def test_results_before_the_end_are_refused() -> None:
    """The SDK says that there is no results_url; without it, the API says what it waits for."""
    world = World()
    batch = created(world)
    with pytest.raises(anthropic.AnthropicError, match="in_progress"):
        world.client().messages.batches.results(batch["id"])
    plan = send(world, "GET", f"{PATH}/{batch['id']}/results")
    assert plan.status == 400
    assert "in_progress" in body_of(plan)["error"]["message"]


@imitates("only succeeded requests are billed, at half the price", source=BATCHES)
def test_a_batch_costs_half() -> None:
    """The trace counts each answer once, at half of what it costs alone."""
    lab, alone = Lab(7), Lab(7)
    message = alone.client.messages.create(**asked(max_tokens=20))
    bad = {"custom_id": "bad", "params": BAD}
    poll(lab, [*requests(3, max_tokens=20), bad])
    assert lab.trace.usage.output_tokens > 0
    usage = lab.trace.usage
    assert usage.input_tokens == 3 * message.usage.input_tokens
    alone_usd = catalog.cost_usd(usage, MODEL, service_tier="standard")
    assert lab.trace.cost_usd == pytest.approx(alone_usd / 2)
    (line,) = lab.invoice.lines
    assert (line.batch, line.attempts) == (True, 3)
    assert float(line.cost_usd) == pytest.approx(lab.trace.cost_usd)


@imitates("cancel: canceling, then ended; requests that were not done are canceled", source=BATCHES)
def test_a_canceled_batch_keeps_what_was_done() -> None:
    """What was done is there, what was not is canceled, and nothing more is done."""
    world = World(faults=(batch_slow(200),))
    batch = created(world, requests(50))
    world.clock.advance(HOUR_S)
    stopped = body_of(send(world, "POST", f"{PATH}/{batch['id']}/cancel"))
    assert stopped["processing_status"] == "canceling"
    assert stopped["cancel_initiated_at"] == "2026-11-23T10:00:00.000000Z"
    assert stopped["request_counts"]["processing"] == 50
    world.clock.advance(60)
    batch = seen(world, batch)
    assert batch["processing_status"] == "ended"
    assert "2026-11-23T10:00:10" < batch["ended_at"] < "2026-11-23T10:01:00"
    found = kinds(world, batch)
    assert set(found) == {"succeeded", "canceled"}
    assert ended(world, batch)["request_counts"] == {
        "processing": 0, "errored": 0, "expired": 0, **found
    }  # fmt: skip


def test_canceling_twice_changes_nothing_and_after_the_end_is_refused() -> None:
    """The first time counts; what has ended cannot be stopped."""
    world = World(faults=(batch_slow(10),))
    path = f"{PATH}/{created(world)['id']}/cancel"
    first = body_of(send(world, "POST", path))
    world.clock.advance(5)
    assert body_of(send(world, "POST", path)) == first
    world.clock.advance(60)
    assert send(world, "POST", path).status == 400


@imitates("only a batch that has ended can be deleted", source=f"{SDK}/deleted_message_batch.py")
def test_a_batch_is_deleted_once_it_has_ended() -> None:
    """Before, it is refused; afterwards the batch is gone."""
    world = World()
    batch = created(world)
    client = world.client()
    with pytest.raises(anthropic.BadRequestError):
        client.messages.batches.delete(batch["id"])
    ended(world, batch)
    gone = client.messages.batches.delete(batch["id"])
    assert gone.to_dict() == {"id": batch["id"], "type": "message_batch_deleted"}
    with pytest.raises(anthropic.NotFoundError):
        client.messages.batches.retrieve(batch["id"])


@pytest.mark.parametrize("step", ["", "/results", "/cancel"])
def test_an_unknown_batch_is_not_found(step: str) -> None:
    """Whatever is asked of it."""
    world = World()
    method = "POST" if step == "/cancel" else "GET"
    plan = send(world, method, f"{PATH}/msgbatch_nobody{step}")
    assert plan.status == 404
    assert "msgbatch_nobody" in body_of(plan)["error"]["message"]


@imitates("after 24 hours a batch ends; what was not done has expired", source=BATCHES)
def test_a_slow_batch_expires() -> None:
    """Most requests of a batch that would take days expire at the end of the first."""
    world = World(faults=(batch_slow(10_000),))
    batch = created(world, requests(50))
    world.clock.advance(DAY_S - 1)
    assert seen(world, batch)["processing_status"] == "in_progress"
    world.clock.advance(1)
    batch = seen(world, batch)
    assert batch["processing_status"] == "ended"
    assert batch["ended_at"] == batch["expires_at"]
    found = kinds(world, batch)
    assert set(found) == {"succeeded", "expired"}
    assert found["expired"] > found["succeeded"] > 0


@pytest.mark.parametrize(("share", "expired"), [(0.0, 0), (0.1, 1), (0.25, 3), (1.0, 10)])
def test_a_share_of_a_batch_expires(share: float, expired: int) -> None:
    """The fault strikes its share, rounded up, and the batch ends when it expires."""
    world = World(faults=(batch_expires(share),))
    batch = created(world, requests(10))
    world.clock.advance(DAY_S - 1)
    assert (seen(world, batch)["processing_status"] == "ended") is (share == 0)
    world.clock.advance(1)
    assert seen(world, batch)["request_counts"]["expired"] == expired


@pytest.mark.parametrize(
    ("status", "kind"), [(500, "api_error"), (529, "overloaded_error"), (504, "timeout_error")]
)
def test_a_share_of_a_batch_fails(status: int, kind: str) -> None:
    """Errors that are not the request's own have their own types; a bad request stays bad."""
    world = World(faults=(batch_errors(0.3, status=status),))
    batch = created(world, requests(10))
    ended(world, batch)
    errors = [one["result"]["error"] for one in lines(world, batch) if "error" in one["result"]]
    assert [error["error"]["type"] for error in errors] == [kind] * 3


def test_faults_of_batches_strike_the_first_ones_and_leave_messages_alone() -> None:
    """They count batches, and no attempt at a message meets them."""
    world = World(faults=(batch_errors(1.0, times=1), batch_expires(times=0)))
    assert world.ask().content[0].text == ANSWER
    first, second = created(world), created(world)
    ended(world, first)
    assert kinds(world, first) == {"errored": 3}
    assert kinds(world, second) == {"succeeded": 3}


@pytest.mark.parametrize("share", [-0.1, 1.1, "half", True, float("nan")])
def test_a_share_that_is_none_is_refused(share: Any) -> None:
    """The three parts of the error name the value and what to give."""
    with pytest.raises(ArgumentError, match=r"^share is .*\. .*\. .*\.$"):
        batch_expires(share)


def test_refusals_stand_inside_succeeded() -> None:
    """A reply that a fault shapes is an answer like any other, also later on."""
    world = World(faults=(refused(times=2),))
    batch = created(world)
    world.provider.state.faults = type(world.provider.state.faults)()
    ended(world, batch)
    messages = [line["result"]["message"] for line in lines(world, batch)]
    assert [m["stop_reason"] for m in messages] == ["refusal", "refusal", "end_turn"]


def test_an_answer_of_a_batch_can_be_explained() -> None:
    """The lab knows the rules behind it."""
    lab = Lab(7)
    first = json.loads(poll(lab, requests(1)))
    assert (
        "greeting" in repr(lab.explain(first["result"]["message"]["id"]))
        or lab.explain(first["result"]["message"]["id"]).rules
    )


@imitates("results are kept for 29 days; then the batch is archived", source=BATCHES)
def test_results_are_kept_for_29_days() -> None:
    """The batch itself can still be seen."""
    world = World()
    batch = created(world)
    world.clock.advance(29 * DAY_S - 1)
    assert seen(world, batch)["archived_at"] is None
    assert len(lines(world, batch)) == 3
    world.clock.advance(1)
    batch = seen(world, batch)
    assert batch["archived_at"] == "2026-12-22T09:00:00.000000Z"
    assert batch["results_url"] is None
    assert batch["request_counts"]["succeeded"] == 3
    assert send(world, "GET", f"{PATH}/{batch['id']}/results").status == 404


@imitates("the list has the newest batch first, and pages", source=f"{SDK}/batch_list_params.py")
def test_batches_are_listed_newest_first() -> None:
    """The SDK walks through all pages, forwards."""
    world = World()
    ids = [created(world)["id"] for _ in range(5)]
    assert len(set(ids)) == 5
    listed = list(world.client().messages.batches.list(limit=2))
    assert [batch.id for batch in listed] == ids[::-1]
    page = world.client().messages.batches.list(before_id=ids[1], limit=1)
    assert [batch.id for batch in page.data] == [ids[2]]


def test_simulated_hours_pass_at_once_in_both_kinds_of_code() -> None:
    """A loop that polls every minute gets the same results, whether it waits or awaits."""
    wanted = requests(4)
    one, other = Lab(7), Lab(7)
    text = poll(one, wanted)
    assert other.run(lambda client: poll_async(client, wanted)) == text
    assert one.trace == other.trace
    assert one.clock.monotonic() > 300
    assert poll(Lab(8), wanted) != text


def test_results_are_the_same_whenever_and_however_often_they_are_read() -> None:
    """A second reading gives the same bytes."""
    world = World()
    batch = created(world)
    ended(world, batch)
    first = lines(world, batch)
    ended(world, batch)
    assert lines(world, batch) == first


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (overloaded(), anthropic.InternalServerError),
        (rate_limited(), anthropic.RateLimitError),
        (connection_lost(), anthropic.APIConnectionError),
        (truncated_json(), ValueError),
    ],
)
def test_faults_strike_attempts_at_batches_too(fault: Any, error: type[Exception]) -> None:
    """The first attempt meets the fault, the next one is answered."""
    world = World(faults=(fault,))
    client = world.client()
    with pytest.raises(error):
        client.messages.batches.create(requests=requests())
    assert client.messages.batches.create(requests=requests()).processing_status == "in_progress"
    was_made = fault.name == "truncated_json"
    assert len(client.messages.batches.list().data) == 1 + was_made


def test_a_fault_leaves_a_refused_request_to_be_refused() -> None:
    """It waits for an attempt that the API would take."""
    world = World(faults=(html_page(),))
    assert world.post({"requests": []}, path=PATH).status == 400
    assert dict(world.post({"requests": requests()}, path=PATH).headers) == {
        "content-type": "text/html"
    }


def test_the_sdk_retries_while_it_polls() -> None:
    """Attempts that fail on the way are repeated by the SDK, and the batch is one."""
    lab = Lab(7)
    with lab.faults(overloaded(rate=0.1)):
        text = poll(lab, requests())
    assert len(text.splitlines()) > 3
    assert any(attempt.error == "overloaded_error" for attempt in lab.trace)
    made = [a for a in lab.trace if a.endpoint == f"POST {PATH}" and a.error is None]
    assert len(made) == 1


NAMES = st.text("abcdefgXYZ019_-", min_size=1, max_size=64)


@st.composite
def courses(draw: st.DrawFn) -> tuple[list[dict[str, Any]], tuple[Any, ...], float | None]:
    """Requests, faults, and when the batch is canceled, if it is."""
    names = draw(st.lists(NAMES, min_size=1, max_size=12, unique=True))
    wanted = [
        {"custom_id": name, "params": draw(st.sampled_from([asked(), BAD, {}]))} for name in names
    ]
    share = st.floats(0, 1)
    faults = draw(
        st.lists(
            st.builds(batch_expires, share)
            | st.builds(batch_errors, share)
            | st.builds(batch_slow, st.floats(0.01, 1e6)),
            max_size=3,
        )
    )
    return wanted, tuple(faults), draw(st.none() | st.floats(0, 2 * DAY_S))


@given(courses(), st.integers(0, 5))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@imitates("results come in any order; each custom_id exactly once", source=BATCHES)
def test_every_request_comes_back_exactly_once(course: Any, seed: int) -> None:
    """Whatever happens to a batch: counts add up, match the lines, and no order is kept."""
    wanted, faults, canceled_s = course
    world = World(faults=faults, seed=seed)
    batch = created(world, wanted)
    assert sum(batch["request_counts"].values()) == len(wanted)
    if canceled_s is not None:
        world.clock.advance(canceled_s)
        send(world, "POST", f"{PATH}/{batch['id']}/cancel")
    batch = ended(world, batch)
    names = [one["custom_id"] for one in wanted]
    back = [line["custom_id"] for line in lines(world, batch)]
    assert sorted(back) == sorted(names)
    assert back != names or len(names) == 1
    counts = batch["request_counts"]
    assert +Counter(counts) == kinds(world, batch)
    assert sum(counts.values()) == len(wanted)


def junk() -> Iterator[Any]:
    """Bodies that are nearly a batch, or nothing like it."""
    names = st.sampled_from(["a", "b", "a b", ""]) | JUNK
    one = st.fixed_dictionaries({}, optional={"custom_id": names, "params": NEARLY, "x": JUNK})
    yield JUNK
    yield st.fixed_dictionaries({}, optional={"requests": st.lists(one | JUNK, max_size=3)})
    yield st.fixed_dictionaries({"requests": st.lists(one, min_size=1, max_size=2)})


@given(st.one_of(*junk()))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_batch_makes_the_provider_fail(body: Any) -> None:
    """Junk is refused at once or becomes an errored result; it is never a 500 of our own."""
    world = World()
    plan = world.post(json.dumps(body).encode(), path=PATH)
    assert plan.status in (200, 400)
    if plan.status == 200:
        batch = ended(world, body_of(plan))
        assert batch["request_counts"]["errored"] == len(lines(world, batch))


def test_the_model_of_the_world_answers_every_request_of_a_batch() -> None:
    """A batch's answers are the model's own, shaped by nothing else."""
    world = World(model=Says(stop_reason="max_tokens"))
    batch = created(world)
    ended(world, batch)
    ends = {line["result"]["message"]["stop_reason"] for line in lines(world, batch)}
    assert ends == {"max_tokens"}
