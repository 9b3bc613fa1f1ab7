"""The ledger: a line for each attempt, and the provider's own invoice as their sum."""

import asyncio
import threading
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import anthropic
import httpx2
import pytest
from cost_world import LONG, MODEL, QUESTION, SENTENCE, WAYS, ask, cached, request, through

from labkit import Lab, clock
from labkit.catalog import Price
from labkit.cost import Line, Spend, UsageLedger, cost_usd, labelled
from labkit.errors import ArgumentError
from labkit.reliability import CircuitBreaker, CircuitOpenError, Retries
from labkit.sim import (
    html_page,
    malformed_frame,
    overloaded,
    rate_limited,
    refused,
    server_error,
    stream_ends,
    stream_error,
    stream_lost,
    thinking_first,
    timed_out,
    truncated_json,
)
from labkit.traffic import traffic


def outcomes(ledger):
    """What came of each attempt."""
    return [line.outcome for line in ledger.lines]


def survives(lab, way, ledger, **changes):
    """One call, whatever comes of it."""
    try:
        return through(lab, way, [ledger], **changes)
    except (anthropic.APIError, httpx2.TransportError, ValueError, AssertionError) as error:
        return error


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_asking_is_counted(way):
    """Sync and async, whole and streamed: the line is the invoice, to the last digit."""
    lab, ledger = Lab(7), UsageLedger()
    for _ in range(2):
        through(lab, way, [ledger], system=cached(ttl="1h"))
        lab.clock.sleep(20)
    assert outcomes(ledger) == ["end_turn"] * 2
    first, second = ledger.lines
    assert first.bills[0].write_1h_usd > 0 == first.bills[0].read_usd
    assert second.bills[0].read_usd > 0 == second.bills[0].write_1h_usd
    assert ledger.total.usd == lab.invoice.total_usd
    assert ledger.under_way == 0


FAULTS = {
    "overloaded": overloaded(),
    "rate limited": rate_limited(retry_after=2),
    "server error": server_error(),
    "timed out": timed_out(),
    "page": html_page(),
    "refused": refused(),
    "refused midstream": refused("midstream"),
    "thinking": thinking_first(),
    "lost": stream_lost(),
    "ends": stream_ends(),
    "stream error": stream_error(),
    "malformed": malformed_frame(),
    "cut": truncated_json(),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("way", WAYS)
def test_the_invoice_agrees_under_every_fault(way, fault):
    """Whatever goes wrong, what is known to be billed is counted once, and nothing else."""
    lab, ledger = Lab(7, faults=[FAULTS[fault]]), UsageLedger()
    for _ in range(2):
        survives(lab, way, ledger, system=cached())
    assert ledger.total.usd == lab.invoice.total_usd
    assert (ledger.total.usd == 0) is (fault == "refused")
    assert ledger.total.attempts == len(lab.trace)
    assert ledger.under_way == 0


@pytest.mark.parametrize(
    ("way", "fault", "words"),
    [
        ("create", overloaded(), "529 overloaded_error"),
        ("create", timed_out(), "timeout"),
        ("create", stream_lost(), "connection lost"),
        ("stream", stream_lost(), "connection lost"),
        ("async stream", stream_lost(), "connection lost"),
        ("stream", stream_ends(), "cut_stream"),
        ("stream", stream_error(), "overloaded_error"),
        ("create", refused(), "refusal"),
        ("create", html_page(), "not a message"),
    ],
)
def test_the_line_says_what_came_of_it(way, fault, words):
    """In the API's word, or ours where no answer came."""
    lab, ledger = Lab(7, faults=[fault]), UsageLedger()
    survives(lab, way, ledger, options={"max_retries": 0})
    assert outcomes(ledger)[0].startswith(words)


def test_what_may_cost_more_is_marked():
    """The provider bills an answer that the client gave up: the ledger says that it cannot know."""
    lab, ledger = Lab(7), UsageLedger()
    survives(lab, "create", ledger, options={"max_retries": 0, "timeout": 0.01})
    assert lab.invoice.total_usd > ledger.total.usd == 0
    (line,) = ledger.lines
    assert line.at_least
    assert ledger.total.at_least == 1
    assert "1 may cost more" in repr(ledger)
    assert "timeout, 0.000000 USD, at least" in repr(line)


def test_a_rejected_attempt_is_free_for_sure():
    """An error status bills nothing, and a refusal before any output neither."""
    lab, ledger = Lab(7, faults=[overloaded(), refused()]), UsageLedger()
    through(lab, "create", [ledger])
    assert [line.cost_usd for line in ledger.lines] == [0, 0]
    assert ledger.total.at_least == 0
    assert ledger.lines[1].usage["input_tokens"] > 0


def test_each_attempt_says_which_it_is():
    """Retries of the SDK, and those of a layer of one's own, which the SDK calls the first."""
    for layers, options in (([], {}), ([Retries()], {"max_retries": 0})):
        lab, ledger = Lab(7, faults=[overloaded(times=2)]), UsageLedger()
        through(lab, "create", [*layers, ledger], options=options)
        assert [line.retry for line in ledger.lines] == [0, 1, 2]
        assert [line.cost_usd > 0 for line in ledger.lines] == [False, False, True]


def test_what_nobody_sent_has_no_line():
    """A circuit breaker behind the ledger that lets nothing through."""
    ledger, breaker = UsageLedger(), CircuitBreaker(failures=1)
    lab = Lab(7, faults=[overloaded()])
    survives(lab, "create", ledger, options={"max_retries": 0})
    breaker.opened_s = lab.clock.monotonic()
    with pytest.raises(CircuitOpenError):
        through(lab, "create", [ledger, breaker])
    assert outcomes(ledger) == ["529 overloaded_error"]
    assert ledger.under_way == 0


@pytest.mark.parametrize("way", ["stream", "async stream"])
def test_a_reader_who_stops_is_seen(way):
    """What is known by then is counted, and marked."""
    lab, ledger = Lab(7), UsageLedger()

    async def stops(client):
        client = client.with_options(middleware=[ledger])
        async with client.messages.stream(**request()) as events:
            async for _ in events.text_stream:
                break

    if way == "async stream":
        lab.run(stops)
    else:
        client = lab.client.with_options(middleware=[ledger])
        with client.messages.stream(**request()) as events:
            next(iter(events.text_stream))
    (line,) = ledger.lines
    assert (line.outcome, line.at_least) == ("abandoned", True)
    assert 0 < line.cost_usd < lab.invoice.total_usd


def test_a_stream_that_nobody_reads_is_under_way():
    """It is not forgotten, and counted when it is closed."""
    lab, ledger = Lab(7), UsageLedger()
    client = lab.client.with_options(middleware=[ledger])
    stream = client.messages.create(**request(), stream=True)
    assert ledger.under_way == 1
    assert "1 attempt under way" in repr(ledger)
    stream.close()
    assert (ledger.under_way, outcomes(ledger)) == (0, ["abandoned"])


def test_a_cancelled_task_is_seen():
    """The app stops waiting: nobody knows what the provider bills."""
    lab, ledger = Lab(7), UsageLedger()

    async def main(client):
        client = client.with_options(middleware=[ledger])
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.messages.create(**request()), 0.1)

    lab.run(main)
    (line,) = ledger.lines
    assert (line.outcome, line.at_least) == ("cancelled", True)


def test_what_parse_throws_away_is_counted():
    """A truncated value raises from inside the call, and its usage is lost to the app."""

    class Day(anthropic.BaseModel):
        when: str

    lab, ledger = Lab(7), UsageLedger()
    client = lab.client.with_options(middleware=[ledger])
    with pytest.raises(ValueError, match="Day"):
        client.messages.parse(**request(max_tokens=2), output_format=Day)
    assert ledger.total.usd == lab.invoice.total_usd > 0


def test_raw_and_streamed_responses_are_counted():
    """Where the app reads the bytes itself, too; reading on works as before."""
    lab, ledger = Lab(7), UsageLedger()
    client = lab.client.with_options(middleware=[ledger])
    raw = client.messages.with_raw_response.create(**request())
    assert raw.parse().stop_reason == "end_turn"
    assert raw.elapsed is not None
    with client.messages.with_streaming_response.create(**request()) as response:
        assert response.parse().stop_reason == "end_turn"
    assert response.elapsed is not None
    assert ledger.total.usd == lab.invoice.total_usd
    assert ledger.total.attempts == 2


def test_other_endpoints_have_no_line():
    """Counting tokens is free, and so is making a batch."""
    lab, ledger = Lab(7), UsageLedger()
    client = lab.client.with_options(middleware=[ledger])
    client.messages.count_tokens(model=MODEL, messages=[QUESTION])
    client.models.list()

    async def main(client):
        client = client.with_options(middleware=[ledger])
        await client.messages.count_tokens(model=MODEL, messages=[QUESTION])

    lab.run(main)
    assert ledger.lines == ()
    assert repr(ledger) == "nothing spent yet"


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_batch_is_counted_when_its_results_are_read(kind):
    """Each answer once, at half the price, however often somebody reads."""
    lab, ledger = Lab(7), UsageLedger()
    wanted = [
        {"custom_id": f"n{number}", "params": request(system=cached())} for number in range(3)
    ]
    wanted.append({"custom_id": "bad", "params": {"model": MODEL, "messages": []}})

    async def main(client):
        batches = client.with_options(middleware=[ledger]).messages.batches
        batch = await batches.create(requests=wanted)
        await clock.current().sleep_async(24 * 3_600)
        for _ in range(2):
            assert len([one async for one in await batches.results(batch.id)]) == 4

    if kind == "async":
        lab.run(main)
    else:
        batches = lab.client.with_options(middleware=[ledger]).messages.batches
        batch = batches.create(requests=wanted)
        lab.clock.sleep(24 * 3_600)
        for _ in range(2):
            assert len(list(batches.results(batch.id))) == 4
    assert ledger.total.attempts == 3
    assert {line.bills[0].terms for line in ledger.lines} == {"batch"}
    assert ledger.total.usd == lab.invoice.total_usd > 0


def test_a_message_can_be_handed_over():
    """From a client without the ledger or a file; once, also if the ledger has seen it."""
    lab, ledger = Lab(7), UsageLedger()
    other = ask(lab.client, system=cached())
    seen = through(lab, "create", [ledger], system=cached())
    with labelled("by hand"):
        ledger.add(other)
        ledger.add(other.to_dict())
        ledger.add(seen)
    assert ledger.total.usd == lab.invoice.total_usd
    assert ledger.by_label()["by hand"].attempts == 1
    half = UsageLedger()
    half.add(other, batch=True)
    assert half.total.usd == cost_usd(other.usage, other.model) / 2


@pytest.mark.parametrize("way", ["create", "async stream"])
def test_labels_say_what_was_paid_for(way):
    """The innermost block counts, also for tasks that it starts; a stream keeps its own."""
    lab, ledger = Lab(7), UsageLedger()
    through(lab, way, [ledger])
    with labelled("answer"):
        through(lab, way, [ledger])
        with labelled("repair", again=True):
            through(lab, way, [ledger], system=LONG)
        through(lab, way, [ledger])
    spends = ledger.by_label()
    assert list(spends) == ["repair", "answer", "unlabelled"]
    assert [spends[name].attempts for name in spends] == [1, 2, 1]
    assert [line.again for line in ledger.lines] == [False, False, True, False]
    assert spends.total == ledger.total


def test_tasks_beside_each_other_keep_their_labels():
    """Fifty at once, each in a task of its own."""
    lab, ledger = Lab(7), UsageLedger()

    async def one(client, label):
        with labelled(label):
            await client.with_options(middleware=[ledger]).messages.create(**request())

    async def main(client):
        await asyncio.gather(*(one(client, f"n{number % 5}") for number in range(50)))

    lab.run(main)
    assert {spend.attempts for spend in ledger.by_label().values()} == {10}
    assert ledger.total.usd == lab.invoice.total_usd


def test_a_model_without_a_price_is_not_free():
    """Its attempts stop nothing, and stand beside the sum."""
    lab, ledger = Lab(7), UsageLedger(prices={"lab-fast-2": Price(1, 5)})
    through(lab, "create", [ledger])
    through(lab, "create", [ledger], model="lab-fast-2")
    unknown, known = ledger.lines
    assert unknown.cost_usd is None
    assert known.cost_usd == ledger.total.usd > 0
    assert ledger.total.unpriced == 1
    assert "1 without a known price" in repr(ledger)
    assert "1 without a known price" in repr(ledger.total)
    assert "unknown price" in repr(unknown)


def test_the_ledger_is_a_text():
    """The dearest label first, with a total."""
    lab, ledger = Lab(7), UsageLedger()
    for label, times in (("triage", 1), ("answer", 2)):
        for _ in range(times):
            with labelled(label):
                through(lab, "create", [ledger])
    answer, triage = ledger.by_label().values()
    head, *rows, total = repr(ledger).splitlines()
    assert head.split() == [
        "label", "attempts", "prompt", "tokens", "output", "tokens", "USD",
    ]  # fmt: skip
    assert [row.split()[0] for row in rows] == ["answer", "triage"]
    assert total.split()[-1] == f"{lab.invoice.total_usd:.6f}"
    assert repr(ledger.by_model()).splitlines()[1].startswith(MODEL)
    assert repr(answer) == f"{answer.usd:.6f} USD, 2 attempts"
    assert repr(triage) == f"{triage.usd:.6f} USD, 1 attempt"
    line = ledger.lines[0]
    assert repr(line) == f"triage: {MODEL}, end_turn, {line.cost_usd:.6f} USD"
    assert line.when == lab.clock.begins.replace(tzinfo=UTC)


def test_lines_can_be_taken_and_sums_stay():
    """For a store of one's own; a long day keeps the newest lines alone."""
    lab, ledger = Lab(7), UsageLedger(most=2)
    for words in ("A", "B", "C"):
        through(lab, "create", [ledger], system=words)
    taken = ledger.take()
    assert [line.pieces[0] for line in taken] == [("system", 1)] * 2
    assert ledger.lines == ()
    assert ledger.total.attempts == 3
    assert ledger.total.usd == lab.invoice.total_usd


def test_threads_share_a_ledger():
    """Nothing is lost between them."""
    ledger = UsageLedger()

    def work(seed):
        client = Lab(seed).client.with_options(middleware=[ledger])
        for _ in range(20):
            ask(client)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.total.attempts == len(ledger.lines) == 80


# A day

KINDS = ("create", "stream", "raw")


def system_of(question):
    """A prompt that is cached for a time that hangs on the question."""
    return cached(ttl=("5m", "1h")[len(question) % 2]) if len(question) % 3 else SENTENCE


async def served(client, question):
    """An app of three tasks on three models, some of them streamed."""
    task = ("triage", "answer", "report")[len(question) % 3]
    model = {"triage": "lab-fast-2", "answer": MODEL, "report": "claude-haiku-5-5"}[task]
    sent = request(
        model=model,
        system=system_of(question),
        max_tokens=60,
        messages=[{"role": "user", "content": question}],
    )
    with labelled(task):
        if len(question) % 2:
            async with client.messages.stream(**sent) as events:
                return await events.get_final_text()
        return (await client.messages.create(**sent)).content[0].text


def served_in_line(client, question):
    """The same by one worker."""
    sent = request(system=system_of(question), messages=[{"role": "user", "content": question}])
    return client.messages.create(**sent).content[0].text


@pytest.mark.parametrize("seed", [1, 7])
def test_a_day_adds_up_to_the_invoice(seed):
    """A day of traffic with faults: the sum of all lines is the provider's bill, exactly."""
    rates = (overloaded(rate=0.05), rate_limited(rate=0.05), refused("empty", rate=0.05))
    lab = Lab(seed, faults=[*rates, stream_lost(rate=0.05), stream_ends(rate=0.03)])
    ledger = UsageLedger()

    async def app(client, question):
        return await served(client.with_options(middleware=[ledger]), question)

    traffic(app, users=12, hours=24, per_hour=15, pattern="daily", seed=seed, lab=lab)
    assert ledger.total.usd == lab.invoice.total_usd > Decimal("0.01")
    assert sum(line.cost_usd for line in ledger.lines) == ledger.total.usd
    assert len(ledger.lines) == len(lab.trace) > 360
    assert set(ledger.by_label()) == {"triage", "answer", "report"}
    billed = {line.model: line.cost_usd for line in lab.invoice.lines}
    assert {name: spend.usd for name, spend in ledger.by_model().items()} == billed
    assert len(Counter(outcomes(ledger))) > 4


def test_a_day_in_line_adds_up_too():
    """The synchronous app's."""
    lab, ledger = Lab(7), UsageLedger()

    def app(client, question):
        return served_in_line(client.with_options(middleware=[ledger]), question)

    traffic(app, users=5, hours=24, per_hour=4, lab=lab)
    assert ledger.total.usd == lab.invoice.total_usd > 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"prices": 3}, "prices is 3.*Give a dict"),
        ({"prices": {"mine": 2}}, "the price of 'mine' is 2"),
        ({"most": -1}, "most is -1"),
        ({"most": 1.5}, "most is 1.5"),
    ],
)
def test_a_ledger_refuses_what_it_cannot_use(given, words):
    """Before anything is sent."""
    with pytest.raises(ArgumentError, match=words):
        UsageLedger(**given)


@pytest.mark.parametrize(
    ("label", "given", "words"),
    [(3, {}, "label is 3"), ("a", {"examples": -1}, "examples is -1")],
)
def test_a_label_is_a_text(label, given, words):
    """And examples are a number of messages."""
    with pytest.raises(ArgumentError, match=words), labelled(label, **given):
        pass


@pytest.mark.parametrize("message", [None, "hello", {"id": "msg"}, {"usage": {"input_tokens": 1}}])
def test_what_is_no_message_is_not_added(message):
    """Nothing can be counted by it."""
    with pytest.raises(ArgumentError, match=r"message is .*no id and no usage"):
        UsageLedger().add(message)


def test_a_line_can_be_written_by_hand():
    """For a bill that was kept elsewhere."""
    line = Line("triage", MODEL, "end_turn", datetime(2026, 11, 23, tzinfo=UTC))
    assert line.cost_usd == 0
    assert Spend().plus(Spend(attempts=1)) == Spend(attempts=1)
