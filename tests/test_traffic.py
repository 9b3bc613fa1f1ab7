"""Traffic: who asks when, what they get, and what is left of it when somebody stops it."""

import asyncio
import gc
import hashlib
import os
import signal
import subprocess
import sys
import threading
import tracemalloc
from collections import Counter
from datetime import datetime
from pathlib import Path

import anthropic
import pytest

from labkit import Lab, clock
from labkit.case import samples, system_prompt
from labkit.errors import ArgumentError, SimulatorError
from labkit.sim import Limits, overloaded
from labkit.trace import Attempt, Trace
from labkit.traffic import PATTERNS, Stretch, Traffic, Visit, traffic

MODEL = Lab().model()
OF_KIND = {
    kind: {one.input for one in samples() if one.tags[0] == kind}
    for kind in ("happy", "production", "adversarial")
}


async def app(client: anthropic.AsyncAnthropic, question: str) -> str:
    """An asynchronous app of one call."""
    said = {"role": "user", "content": question}
    reply = await client.messages.create(model=MODEL, max_tokens=100, messages=[said])
    return reply.content[0].text


def sync_app(client: anthropic.Anthropic, question: str) -> str:
    """The same without async."""
    said = {"role": "user", "content": question}
    return client.messages.create(model=MODEL, max_tokens=100, messages=[said]).content[0].text


async def waits(client: anthropic.AsyncAnthropic, question: str) -> str:
    """An app that takes a hundred seconds and asks nobody."""
    await clock.current().sleep_async(100)
    return "done"


def digest(day: Traffic) -> str:
    """All that came of it."""
    return hashlib.sha256(repr((day.visits, day.trace.attempts, repr(day))).encode()).hexdigest()


def test_as_many_questions_are_asked_as_were_planned():
    """An hour of 120 questions has 120 visits within the hour, and an attempt for each."""
    day = traffic(app, users=10, per_hour=120)
    assert len(day.visits) == day.planned == len(day.trace) == 120
    assert all(0 <= visit.when_s < 3600 for visit in day.visits)
    assert [visit.when_s for visit in day.visits] == sorted(visit.when_s for visit in day.visits)
    assert {visit.user for visit in day.visits} == set(range(1, 11))
    assert {visit.question for visit in day.visits} <= OF_KIND["happy"] | OF_KIND["production"]
    assert all(visit.text and visit.error is None for visit in day.visits)


def test_attempts_are_on_the_clock_of_the_traffic():
    """Each attempt begins when its question is asked, whatever the lab did before."""
    lab = Lab()
    lab.clock.sleep(50)
    lab.ask(sync_app, "How long may I keep a drill?")
    day = traffic(app, per_hour=60, lab=lab)
    assert len(lab.trace) == 61
    for visit, attempt in zip(day.visits, day.trace, strict=True):
        assert attempt.started_s == pytest.approx(visit.when_s)
        assert attempt.seconds == pytest.approx(visit.total_s)
    assert day.begins == lab.clock.begins.replace(
        second=day.begins.second, microsecond=day.begins.microsecond
    )


def test_an_asynchronous_app_serves_everybody_at_once():
    """Arrivals do not wait for earlier answers: ten a minute take a hundred seconds each."""
    day = traffic(waits, per_hour=600)
    assert {round(visit.total_s, 6) for visit in day.visits} == {100.0}


def test_a_synchronous_app_serves_one_after_another():
    """People wait in line in the order in which they asked, and their wait counts."""

    def slow(client, question):
        clock.current().sleep(100)
        return "done"

    day = traffic(slow, per_hour=360)
    free_s = 0.0
    for visit in day.visits:
        free_s = max(free_s, visit.when_s) + 100
        assert visit.when_s + visit.total_s == pytest.approx(free_s)
    assert day.visits[-1].total_s > 30_000


def test_both_kinds_of_app_are_asked_the_same_questions():
    """The arrivals hang on the seed and not on the app."""
    asked = [
        [(v.user, v.when_s, v.question) for v in traffic(one, per_hour=60).visits]
        for one in (app, sync_app)
    ]
    assert asked[0] == asked[1]


def test_a_spike_is_a_short_crowd():
    """The middle three minutes of an hour hold about half of all questions."""
    day = traffic(waits, per_hour=2_000, pattern="spike")
    crowd = [visit for visit in day.visits if 1710 <= visit.when_s < 1890]
    assert 0.45 < len(crowd) / 2_000 < 0.58
    steady = traffic(waits, per_hour=2_000)
    assert 0.03 < sum(1710 <= v.when_s < 1890 for v in steady.visits) / 2_000 < 0.07


def test_a_day_has_a_night():
    """By the lab's own hours, from nine in the morning on: few come after midnight."""
    day = traffic(waits, hours=24, per_hour=100, pattern="daily")
    by_hour = {(9 + n) % 24: len(part.visits) for n, part in enumerate(day.every())}
    assert sum(by_hour.values()) == 2_400
    assert max(by_hour[hour] for hour in range(5)) < 30
    assert min(by_hour[hour] for hour in (10, 11, 15, 16)) > 150


def test_one_heavy_user_asks_half_of_everything():
    """User 1 asks as much as all others together, and they ask alike."""
    day = traffic(waits, users=5, per_hour=2_000, pattern="heavy user")
    heavy = Counter(visit.kind for visit in day.visits)
    assert 900 < heavy["heavy user"] < 1_100
    assert {visit.user for visit in day.visits if visit.kind == "heavy user"} == {1}
    rest = Counter(visit.user for visit in day.visits if visit.kind == "user")
    assert sorted(rest) == [1, 2, 3, 4, 5]
    assert max(rest.values()) < 1.4 * min(rest.values())


def test_attackers_ask_what_attackers_ask():
    """A tenth of the users send the case's attacks, and the others never do."""
    day = traffic(waits, users=20, per_hour=1_000, pattern="attackers")
    attacks = [visit for visit in day.visits if visit.kind == "attacker"]
    assert {visit.user for visit in attacks} == {1, 2}
    assert {visit.question for visit in attacks} == OF_KIND["adversarial"]
    others = {visit.question for visit in day.visits if visit.kind == "user"}
    assert not others & OF_KIND["adversarial"]


@pytest.mark.parametrize("asynchronous", [True, False])
def test_a_conversation_goes_on_after_an_answer(asynchronous):
    """The app gets all messages; the next question comes when the answer has been read."""
    seen = []

    async def chat(client, messages):
        seen.append(messages)
        return await app(client, messages[-1]["content"])

    def sync_chat(client, messages):
        seen.append(messages)
        return sync_app(client, messages[-1]["content"])

    day = traffic(chat if asynchronous else sync_chat, users=3, per_hour=12, turns=3)
    assert Counter(visit.turn for visit in day.visits) == {1: 4, 2: 4, 3: 4}
    assert Counter(len(messages) for messages in seen) == {1: 4, 3: 4, 5: 4}
    last = next(messages for messages in seen if len(messages) == 5)
    assert [message["role"] for message in last] == ["user", "assistant"] * 2 + ["user"]
    first = next(visit for visit in day.visits if visit.question == last[0]["content"])
    assert last[1]["content"] == first.text
    then = next(
        v for v in day.visits if v.user == first.user and v.turn == 2 and v.when_s > first.when_s
    )
    assert then.when_s - first.when_s - first.total_s >= 5


def test_who_gets_no_answer_asks_no_more():
    """A crash or a blank screen ends the conversation."""

    async def fails(client, messages):
        raise ValueError("no answer. Nothing follows")

    async def blank(client, messages):
        return None

    for silent, error in ((fails, "ValueError: no answer"), (blank, None)):
        day = traffic(silent, per_hour=30, turns=3)
        assert [visit.turn for visit in day.visits] == [1] * 10
        assert {(visit.text, visit.error) for visit in day.visits} == {(None, error)}


def test_limits_and_faults_of_the_lab_hold():
    """A crowd meets the lab's rate limits, and the SDK's retries are in the trace."""
    lab = Lab(limits=Limits(requests_per_minute=2), faults=[overloaded(times=3)])
    day = traffic(app, per_hour=200, lab=lab)
    outcomes = Counter(attempt.status for attempt in day.trace)
    assert outcomes[529] == 3
    assert outcomes[429] > 20
    assert day.trace.calls == 200 < len(day.trace)
    failed = sum(visit.error is not None for visit in day.visits)
    assert f"{failed:,} errors" in repr(day)


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from test_traffic import *
print(digest(traffic(app, per_hour=30, pattern="attackers")), end=" ")
print(digest(traffic(sync_app, per_hour=30)), end="")
"""


def test_the_same_seed_gives_the_same_bytes_in_another_process():
    """Whatever the order of sets is there; another seed gives others."""
    here = [
        digest(traffic(app, per_hour=30, pattern="attackers")),
        digest(traffic(sync_app, per_hour=30)),
    ]
    environment = {"PYTHONHASHSEED": "77", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", SCRIPT, str(Path(__file__).parent)]
    told = subprocess.run(command, check=True, capture_output=True, env=environment)
    assert told.stdout.decode().split() == here
    assert digest(traffic(sync_app, per_hour=30, seed=8)) != here[1]


def test_an_interrupt_leaves_what_was_done_and_nothing_else(caplog):
    """An asynchronous app that is stopped in the middle: no thread, no task, half a day."""
    begun, ended = [], []

    async def stopped(client, question):
        begun.append(question)
        if len(begun) == 20:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        try:
            return await app(client, question)
        finally:
            ended.append(question)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        day = traffic(stopped, per_hour=3_000)
    finally:
        signal.signal(signal.SIGINT, before)
    assert day.stopped == "interrupted"
    assert 0 < len(day.visits) < day.planned == 3_000
    assert len(day.visits) <= len(day.trace) <= len(ended) == len(begun)
    assert "3,000 were planned, but it stopped: interrupted" in repr(day)
    gc.collect()
    assert not caplog.records
    assert not [one for one in threading.enumerate() if one.name == "labkit-async"]


def test_an_interrupt_of_a_synchronous_app():
    """What was asked before stays."""

    def stops(client, question):
        if len(lab.trace) == 5:
            raise KeyboardInterrupt
        return sync_app(client, question)

    lab = Lab()
    day = traffic(stops, lab=lab)
    assert (len(day.visits), len(day.trace), day.stopped) == (5, 5, "interrupted")


@pytest.mark.parametrize("one", [app, sync_app])
def test_an_interrupt_before_anybody_came(one, monkeypatch):
    """To draw a million arrivals takes a while, too."""

    def drawn(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("labkit.traffic.running.arrivals", drawn)
    day = traffic(one)
    assert (day.visits, day.stopped) == ((), "interrupted")


@pytest.mark.parametrize("one", [app, sync_app])
def test_a_budget_ends_the_traffic(one):
    """The lab's own net: so many attempts, or so many seconds."""
    day = traffic(one, lab=Lab(max_attempts=7))
    assert len(day.visits) == 7
    assert day.stopped == "the answer used up its attempts"
    day = traffic(one, lab=Lab(max_seconds=600), per_hour=60)
    assert 0 < len(day.visits) < 30
    assert day.stopped == "the answer used more than 600 simulated seconds"


@pytest.mark.parametrize("one", [app, sync_app])
def test_a_bug_of_the_simulator_is_no_error_of_the_app(one):
    """It ends everything, as it is not the app's doing."""

    class Broken:
        def reply(self, body, luck):
            raise KeyError("bug")

    with pytest.raises(SimulatorError, match="bug in it"):
        traffic(one, lab=Lab(model=Broken()))


@pytest.mark.parametrize("asynchronous", [True, False])
def test_a_task_that_somebody_cancels_is_an_error(asynchronous):
    """An app that cancels itself loses its own question and nobody else's."""

    async def cancels(client, question):
        asyncio.current_task().cancel()
        await asyncio.sleep(0)

    def raises(client, question):
        raise asyncio.CancelledError

    day = traffic(cancels if asynchronous else raises, per_hour=10)
    assert [visit.error for visit in day.visits] == ["CancelledError"] * 10


def test_a_group_of_tasks_that_fails_is_an_error_of_one_question():
    """A sub-task that raises cancels its siblings and its app, and nobody else's question."""

    async def fails(client, question):
        raise ValueError("the sub-task failed")

    async def groups(client, question):
        async with asyncio.TaskGroup() as group:
            group.create_task(fails(client, question))
            group.create_task(app(client, question))

    day = traffic(groups, per_hour=10)
    assert (len(day.visits), day.stopped) == (10, "")
    told = "ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)"
    assert {visit.error for visit in day.visits} == {told}


def exits_at_the_fifth(error: BaseException, *, asynchronous: bool):
    """An app that answers four questions and then raises what ends a process."""
    asked = []

    def counted(question):
        asked.append(question)
        if len(asked) == 5:
            raise error

    def waits_for_nobody(client, question):
        counted(question)
        return sync_app(client, question)

    async def waits_for_others(client, question):
        counted(question)
        return await app(client, question)

    return waits_for_others if asynchronous else waits_for_nobody


@pytest.mark.parametrize("asynchronous", [True, False])
def test_an_app_that_exits_ends_the_traffic_without_noise(asynchronous, caplog, capfd):
    """The exit goes on to whoever asked for traffic, the lab keeps the trace, nothing is told."""
    lab = Lab()
    with pytest.raises(SystemExit) as ended:
        traffic(exits_at_the_fifth(SystemExit(3), asynchronous=asynchronous), lab=lab)
    assert ended.value.code == 3
    assert len(lab.trace) == 4
    del ended
    gc.collect()
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("asynchronous", [True, False])
def test_an_interrupt_inside_the_app_ends_the_traffic_without_noise(asynchronous, caplog):
    """Ctrl-C that meets the app itself: what was done before is returned, nothing is told."""
    day = traffic(exits_at_the_fifth(KeyboardInterrupt(), asynchronous=asynchronous))
    assert (len(day.visits), len(day.trace), day.stopped) == (4, 4, "interrupted")
    gc.collect()
    assert not caplog.records


def test_an_object_can_be_an_asynchronous_app():
    """A class with an async call method is awaited."""

    class Assistant:
        async def __call__(self, client, question):
            return await app(client, question)

    assert traffic(Assistant(), per_hour=3).visits[0].text


def test_a_function_that_returns_what_must_be_awaited_is_told_so():
    """A lambda around an asynchronous app is the likeliest slip."""
    day = traffic(lambda client, question: app(client, question + "?"), per_hour=3)
    assert "what the app returned is <coroutine object app>" in day.visits[0].error


def test_the_progress_bar_is_for_people_at_a_terminal(capsys):
    """Nothing is written unless it is asked for, and then to stderr, without a thread."""
    traffic(app, per_hour=5)
    assert capsys.readouterr() == ("", "")
    threads = set(threading.enumerate())
    traffic(app, per_hour=5, progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "0/5" in err
    assert set(threading.enumerate()) <= threads


def test_the_real_api_is_not_asked_for_hours(monkeypatch):
    """It would take hours and cost money."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "no-key")
    with pytest.raises(ArgumentError, match="lab talks to the real API"):
        traffic(app, lab=Lab(provider="live"))


def visit(when_s: float, total_s: float, error: str | None = None) -> Visit:
    """A visit of the first user."""
    return Visit(
        user=1,
        kind="user",
        turn=1,
        when_s=when_s,
        question="?",
        text="!",
        error=error,
        total_s=total_s,
    )


def made(visits, attempts, hours=1.0) -> Traffic:
    """Traffic by hand."""
    return Traffic(
        visits=tuple(visits),
        trace=Trace(attempts),
        begins=datetime(2026, 11, 23, 23, 50),
        hours=hours,
        users=3,
        pattern="steady",
        seed=7,
        planned=len(visits),
    )


def test_the_text_is_a_table_that_can_be_checked_by_hand():
    """An hour by ten minutes: questions, errors, waits, calls, attempts, money; no p95 of a few."""
    visits = [visit(n, n + 1.0) for n in range(20)] + [visit(700, 9, "ValueError: no")]
    attempts = [
        Attempt(1, 0, "x", False, 5.0, cost_usd=0.25),
        Attempt(1, 1, "x", False, 6.0),
        Attempt(2, 0, "x", False, 3_700.0, cost_usd=float("nan")),
    ]
    assert (
        repr(made(visits, attempts))
        == """\
21 questions of 3 users in 1 h, steady: 1 errors
from (UTC)   questions  errors     p50     p95  calls  attempts      USD
11-23 23:50         20       0  10.0 s  19.0 s      1         2   0.2500
11-24 00:00          1       1   9.0 s       –      0         0   0.0000
11-24 00:10          0       0       –       –      0         0   0.0000
11-24 00:20          0       0       –       –      0         0   0.0000
11-24 00:30          0       0       –       –      0         0   0.0000
11-24 00:40          0       0       –       –      1         1  unknown
all                 21       1  10.0 s  19.0 s      2         3  unknown"""
    )


def test_longer_traffic_is_shown_by_the_hour():
    """Three hours have three rows, and the total."""
    assert len(repr(made([visit(1, 1)], [], hours=3)).splitlines()) == 6
    assert len(repr(made([visit(1, 1)], [], hours=2)).splitlines()) == 15


def test_a_stretch_can_be_of_any_length():
    """Whoever draws it cuts it as they like; nobody gets lost."""
    day = made([visit(n * 60, 1) for n in range(60)], [])
    parts = day.every(90)
    assert [part.begins_s for part in parts] == [n * 90 for n in range(40)]
    assert sum(len(part.visits) for part in parts) == 60
    assert isinstance(parts[0], Stretch)
    with pytest.raises(ArgumentError, match="seconds is 0"):
        day.every(0)


def test_a_day_keeps_no_request():
    """A hundred calls with a prompt of 100,000 characters keep less than ten of them."""
    lab, system = Lab(), system_prompt() * 4

    async def long(client, question):
        said = {"role": "user", "content": question}
        await client.messages.create(model=MODEL, max_tokens=9, system=system, messages=[said])

    traffic(long, per_hour=100, lab=lab)
    tracemalloc.start()
    try:
        traffic(long, per_hour=100, lab=lab)
        assert tracemalloc.get_traced_memory()[0] < 10 * len(system)
    finally:
        tracemalloc.stop()


def test_the_patterns_are_these():
    """Their names are what the documentation says."""
    assert list(PATTERNS) == ["steady", "daily", "spike", "heavy user", "attackers"]
