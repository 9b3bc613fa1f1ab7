"""The seeded world: clients, clock, faults, trace, and nothing that leaves the process."""

import asyncio
import contextlib
import importlib
import inspect
import os
import re
import socket
import sys
import threading
from datetime import date, timedelta

import anthropic
import httpx2
import pytest

import labkit
from labkit import Lab
from labkit.case import samples, system_prompt
from labkit.clock import SystemClock, current, use
from labkit.errors import ArgumentError, NetworkBlockedError, OutOfBudget
from labkit.lab import Screen, live
from labkit.sim import Limits, overloaded, rate_limited, timed_out
from labkit.sim.clock import END_S, LAB_BEGINS

QUESTION = "How long may I keep a drill?"


def app(client, question):
    """Ask over the whole library."""
    reply = client.messages.create(
        model="lab-balanced-1",
        max_tokens=200,
        system=system_prompt(),
        messages=[{"role": "user", "content": question}],
    )
    return reply.content[0].text


def test_a_lab_answers_without_a_key_or_a_network():
    """The first call of a fresh lab is answered from the library's documents."""
    run = Lab().ask(app, QUESTION)
    assert "7 days" in run.text
    assert run.error is None
    assert len(run.trace) == 1


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ids():
    """Runs of equal labs are equal to the last digit; ids and times come from the seed."""
    first, again, other = (Lab(seed).ask(app, QUESTION) for seed in (7, 7, 8))
    assert first == again
    assert first.trace[0].message_id != other.trace[0].message_id


def test_the_sdk_retries_in_simulated_time():
    """After a 429 and a 529 the third attempt answers; back-off and latency show in the trace."""
    lab = Lab()
    with lab.faults(rate_limited(), overloaded()):
        run = lab.ask(app, QUESTION)
    assert [attempt.status for attempt in run.trace] == [429, 529, 200]
    first_wait = run.trace[1].started_s - run.trace[0].ended_s
    second_wait = run.trace[2].started_s - run.trace[1].ended_s
    assert 0.375 <= first_wait <= 0.5
    assert 0.75 <= second_wait <= 1
    assert run.total_s == pytest.approx(run.trace[2].ended_s)


def test_a_retry_after_of_an_hour_is_obeyed_as_the_sdk_does():
    """The SDK has no ceiling: it waits 3,600 seconds when it is told to."""
    lab = Lab()
    with lab.faults(rate_limited(retry_after=3600)):
        assert lab.ask(app, QUESTION).total_s > 3600


def test_a_time_out_takes_ten_minutes_three_times_over():
    """The SDK's default time-out and its two retries make half an hour of silence."""
    lab = Lab()
    with lab.faults(timed_out(times=3)):
        run = lab.ask(app, QUESTION)
    assert run.error.startswith("APITimeoutError")
    assert 1800 < run.total_s < 1803


def test_options_keep_the_lab():
    """`with_options()` keeps simulated time, the trace and the time-out it was given."""
    lab = Lab()

    def patient(client, question):
        return app(client.with_options(max_retries=0, timeout=3), question)

    with lab.faults(timed_out(times=1)):
        run = lab.ask(patient, QUESTION)
    assert run.total_s == pytest.approx(3)
    assert len(run.trace) == 1


def test_faults_end_with_their_block():
    """After the `with` block everything is well again, also when the block raised."""
    lab = Lab()
    with pytest.raises(LookupError), lab.faults(overloaded(times=None)):
        raise LookupError
    assert lab.ask(app, QUESTION).error is None


def test_calls_that_overlap_take_the_longest_wait():
    """Eight asynchronous calls take as long as the slowest, and the trace has all of them."""
    lab = Lab()

    async def main(client):
        async def one(number):
            await client.messages.create(
                model=lab.model(),
                max_tokens=50,
                messages=[{"role": "user", "content": f"Hello {number}"}],
            )

        await asyncio.gather(*(one(number) for number in range(8)))

    lab.run(main)
    assert len(lab.trace) == 8
    assert lab.trace.total_s == pytest.approx(max(a.seconds for a in lab.trace))


def test_asynchronous_retries_are_repeatable():
    """Two equal labs retry at the same simulated moments."""

    def trace():
        lab = Lab(faults=[overloaded(times=2)])

        async def main(client):
            await client.messages.create(
                model=lab.model(), max_tokens=50, messages=[{"role": "user", "content": "Hi"}]
            )

        lab.run(main)
        return lab.trace

    assert trace() == trace()
    assert len(trace()) == 3


def test_an_app_finds_the_labs_clock():
    """Inside a lab `current()` is the lab's clock; outside it is the system's."""
    lab, seen = Lab(), []
    lab.ask(lambda client, question: seen.append(current()), QUESTION)
    assert seen == [lab.clock]
    assert isinstance(current(), SystemClock)


def test_each_sample_of_an_eval_has_its_own_fresh_lab():
    """Faults strike every sample anew, and the app's clock is that sample's."""
    moments = []

    def watching(client, question):
        answer = app(client, question)
        moments.append(current().monotonic())
        return answer

    report = Lab(faults=[overloaded()]).evaluate(watching, samples()[:5])
    assert report.n == 5
    assert all(0 < moment < 10 for moment in moments)


def test_a_fresh_lab_is_equal_and_empty():
    """`fresh()` keeps seed and faults and forgets what happened."""
    lab = Lab(seed=11, faults=[overloaded()])
    lab.ask(app, QUESTION)
    fresh = lab.fresh()
    assert (fresh.seed, len(fresh.trace)) == (11, 0)
    assert fresh.ask(app, QUESTION) == Lab(seed=11, faults=[overloaded()]).ask(app, QUESTION)
    assert fresh.fresh(faults=[]).ask(app, QUESTION).trace[0].status == 200


def test_a_lab_can_begin_on_another_day():
    """Its clock, and those of the fresh labs that are equal to it, begin on that morning."""
    lab = Lab(today=date(2027, 1, 2))
    assert lab.clock.utcnow() == lab.fresh().clock.utcnow() == LAB_BEGINS + timedelta(days=40)


@pytest.mark.parametrize("today", [date(2000, 1, 1), date(2099, 12, 31)])
def test_a_calendar_has_room_for_everything_that_the_api_says(today):
    """In its last hour there are limits that are reset, files and batches that expire."""
    lab = Lab(today=today)
    lab.clock.sleep(END_S - 3_600)
    limits = Limits(spend_usd=0)
    for one in (lab, Lab(today=today, limits=limits)):
        with contextlib.suppress(anthropic.APIStatusError):
            one.client.messages.create(
                model="lab-balanced-1", max_tokens=9, messages=[{"role": "user", "content": "Hi"}]
            )
        assert one.trace[0].status in (200, 404, 429)
    file = lab.client.beta.files.upload(file=("a.txt", b"text", "text/plain"))
    assert lab.client.beta.files.retrieve_metadata(file.id).id == file.id
    params = {"model": "lab-balanced-1", "max_tokens": 9, "messages": []}
    request = {"custom_id": "one", "params": params}
    assert lab.client.messages.batches.create(requests=[request]).processing_status


@pytest.mark.parametrize("seconds", [1e12, 1e300, float("inf")])
def test_no_lab_goes_on_for_more_than_a_hundred_years(seconds):
    """A wait beyond the calendar is refused in three parts, before time moves, in either code."""
    lab = Lab()

    async def waits(client):
        await lab.clock.sleep_async(seconds)

    async def waits_without_the_lab(client):
        await asyncio.sleep(seconds)

    told = r"sleep length is .* cannot go there\. It ends after 100 years: wait less than "
    with pytest.raises(ArgumentError, match=told + "3,155,760,000 seconds"):
        lab.clock.sleep(seconds)
    with pytest.raises(ArgumentError, match=told):
        lab.run(waits)
    assert lab.clock.monotonic() == 0
    with pytest.raises(ArgumentError, match=told):
        lab.run(waits_without_the_lab)
    assert lab.clock.utcnow().year == 2126
    with pytest.raises(OutOfBudget):
        Lab(max_seconds=60).clock.sleep(seconds)


def test_a_lab_and_its_clients_say_which_lab_it_is():
    """Seed, provider, date and what has happened; no address of this process's memory."""
    lab = Lab(8, today=date(2027, 2, 2))
    name = "Lab(seed=8, provider='sim'): 2027-02-02"
    assert repr(lab) == f"{name}, no attempt yet"
    app(lab.client, QUESTION)
    assert repr(lab) == f"{name}, 1 attempt so far"
    app(lab.client.with_options(timeout=3), QUESTION)
    assert repr(lab.client.with_options(timeout=3)) == f"LabClient of {name}, 2 attempts so far"
    assert repr(lab.async_client) == f"LabAsyncClient of {name}, 2 attempts so far"
    assert re.fullmatch(r"SimClock: 2027-02-02 09:00:\d\d UTC, second \d\.\d", repr(lab.clock))


def test_every_answer_can_be_explained():
    """The lab says which rules made a reply, by the message or by its id."""
    lab = Lab()
    reply = lab.client.messages.create(
        model=lab.model(), max_tokens=50, messages=[{"role": "user", "content": "Hello"}]
    )
    assert lab.explain(reply) == lab.explain(reply.id)
    assert lab.explain(reply).rules
    with pytest.raises(ArgumentError, match="not made that reply"):
        lab.explain("msg_nobody_sent")


def test_a_waiting_time_that_the_provider_names_is_obeyed_by_both_clients():
    """After `retry-after: 30` the second attempt comes 30 simulated seconds later."""

    async def main(client):
        await client.messages.create(
            model="lab-balanced-1", max_tokens=50, messages=[{"role": "user", "content": "Hi"}]
        )

    for ask in (lambda lab: lab.ask(app, QUESTION), lambda lab: lab.run(main)):
        lab = Lab(faults=[rate_limited(retry_after=30)])
        ask(lab)
        assert lab.trace[1].started_s - lab.trace[0].ended_s == pytest.approx(30)


def test_a_run_knows_when_its_first_text_came():
    """Counted from the question; None where no text came."""
    assert 0 < Lab(faults=[overloaded()]).ask(app, QUESTION).first_token_s < 5
    assert Lab(faults=[overloaded(times=3)]).ask(app, QUESTION).first_token_s is None


def test_a_crash_that_cannot_be_told_is_still_one_line():
    """An exception whose text raises, steers a terminal or runs on does not harm its run."""

    class OddError(Exception):
        def __str__(self):
            raise RuntimeError

    def crashing(error):
        def app(client, question):
            raise error

        return Lab().ask(app, QUESTION).error

    assert crashing(OddError()) == "OddError"
    assert crashing(KeyError()) == "KeyError"
    assert crashing(ValueError("\x1b[31mred\u202e")) == "ValueError: \ufffd[31mred\ufffd"
    assert len(crashing(ValueError("x" * 5_000))) < 310


def test_a_crash_is_one_line_for_people():
    """A run keeps the exception's name and first sentence, no traceback and no body."""

    def crashing(client, question):
        raise RuntimeError("The cable is out. Look under the table.\nAnd further down.")

    run = Lab().ask(crashing, QUESTION)
    assert run.error == "RuntimeError: The cable is out"
    assert "RuntimeError: The cable is out" in repr(run)
    lab = Lab(faults=[overloaded(times=3)])
    assert lab.ask(app, QUESTION).error == "OverloadedError: 529 Overloaded"


def test_an_app_that_returns_nothing_shows_nothing():
    """None stays None; other values are shown as text."""
    assert Lab().ask(lambda client, question: None, QUESTION).text is None
    assert Lab().ask(lambda client, question: 7, QUESTION).text == "7"


def test_a_budget_ends_an_app_that_catches_everything():
    """Neither attempts nor seconds can be spent without end, whatever the app catches."""

    def stubborn(client, question):
        while True:
            try:
                app(client, question)
            except Exception:
                continue

    with pytest.raises(OutOfBudget, match="attempts"):
        Lab(max_attempts=5).ask(stubborn, QUESTION)
    with pytest.raises(OutOfBudget, match="seconds"):
        Lab(max_seconds=60).ask(stubborn, QUESTION)


def test_nothing_leaves_the_process(monkeypatch):
    """Whatever keys, proxies, profiles and custom headers the machine has, no socket is opened."""

    def refuse(*args, **kwargs):
        raise AssertionError("a socket was opened")

    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "somebody's key")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ANTHROPIC_PROFILE", "nobody")
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert Lab().ask(app, QUESTION).error is None


def test_another_http_client_or_host_is_refused():
    """A client that could reach a network is refused in words, at once and not retried."""
    lab = Lab()
    with pytest.raises(NetworkBlockedError, match="could leave this process"):
        lab.client.with_options(http_client=httpx2.Client())
    with pytest.raises(NetworkBlockedError):
        app(lab.client.with_options(base_url="https://elsewhere.invalid"), QUESTION)
    assert len(lab.trace) <= 1


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"seed": "seven"}, "whole number"),
        ({"seed": True}, "whole number"),
        ({"provider": "production"}, "sim"),
        ({"provider": None}, "sim"),
        ({"pace": -1}, "pace"),
        ({"faults": ["overloaded"]}, "Only Fault values"),
        ({"today": "2026-12-01"}, "No calendar begins so"),
        ({"today": LAB_BEGINS}, "No calendar begins so"),
        ({"today": date(9999, 12, 31)}, "No calendar begins so. Give a day from 2000 to 2099"),
        ({"today": date(1, 1, 1)}, "No calendar begins so. Give a day from 2000 to 2099"),
        ({"today": date(2026, 12, 1), "provider": "live"}, "calendar is the real one"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings, says):
    """Each message says what is wrong with the value and what to give instead."""
    with pytest.raises(ArgumentError, match=says):
        Lab(**settings)


def test_the_real_api_needs_a_key_and_has_no_faults(monkeypatch):
    """`live` says what is missing before anything is sent, and what it cannot do."""
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    with pytest.raises(ArgumentError, match="ANTHROPIC_API_KEY"):
        Lab(provider="live")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "x")
    with pytest.raises(ArgumentError, match="only be simulated"):
        Lab(provider="live", faults=[overloaded()])
    lab = Lab(provider="live")
    assert type(lab.client) is anthropic.Anthropic
    assert type(lab.async_client) is anthropic.AsyncAnthropic
    assert lab.model("fast").startswith("claude-")
    with pytest.raises(ArgumentError, match="simulated time"):
        lab.run(lambda client: client.models.list())
    assert repr(lab.explain("msg_1")) == "live: the real API gives no reasons"
    run = lab.fresh(faults=[overloaded(times=9)]).ask(app, "How long?")
    assert run.error == "OverloadedError: 529 Overloaded"


class OneRequest(threading.Thread):
    """A proxy on this machine that keeps the first line of one request, and hangs up."""

    def __init__(self):
        super().__init__(daemon=True)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        self.line = b""
        self.start()

    def run(self):
        """Answer once."""
        with self.server, self.server.accept()[0] as connection:
            self.line = connection.recv(1000).partition(b"\r\n")[0]


@pytest.mark.parametrize("kind", ["client", "async_client"])
def test_a_live_lab_goes_through_the_machines_proxy(monkeypatch, kind):
    """Behind a proxy the real API is reached as the SDK alone would reach it."""
    proxy = OneRequest()
    for name in [one for one in os.environ if one.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "nobody's")
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    client = getattr(Lab(provider="live"), kind).with_options(max_retries=0)

    def call():
        ask = {"max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}]}
        answer = client.messages.create(model="claude-haiku-4-5", **ask)
        return asyncio.run(answer) if inspect.iscoroutine(answer) else answer

    with pytest.raises(anthropic.APIConnectionError):
        call()
    proxy.join(5)
    assert proxy.line == b"CONNECT api.anthropic.com:443 HTTP/1.1"


def test_a_host_that_needs_no_proxy_gets_none(monkeypatch):
    """NO_PROXY holds, for another address of the API too."""
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "https://gateway.invalid/v1")
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    monkeypatch.delenv("https_proxy", raising=False)
    assert live.proxy() == "http://127.0.0.1:9"
    monkeypatch.setenv("NO_PROXY", "gateway.invalid")
    monkeypatch.setenv("no_proxy", "gateway.invalid")
    assert live.proxy() is None


def test_a_screen_remembers_what_was_taken_back():
    """Text that was replaced is still known to have stood there."""
    screen = Screen()
    screen.write("Sure, ")
    screen.write("first you")
    screen.replace("Ask at the desk.")
    assert screen.text == "Ask at the desk."
    assert screen.states == ["Sure, ", "Sure, first you", "Ask at the desk."]


def test_a_screen_remembers_when_each_text_came():
    """On the lab's clock where an app runs in it, so waiting costs nothing."""
    lab, screen = Lab(7), Screen()
    with use(lab.clock):
        screen.write("One.")
        lab.clock.sleep(2)
        screen.write(" Two.")
    first, then = screen.times_s
    assert then - first == 2


def test_the_private_names_that_are_overridden_still_exist():
    """Tripwire: the SDK changed its retry loop; read it again and mend labkit/lab/clients.py."""
    from anthropic._base_client import BaseClient, SyncAPIClient

    sleep = inspect.signature(SyncAPIClient._sleep_for_retry)
    delay = inspect.signature(BaseClient._calculate_retry_timeout)
    assert list(sleep.parameters) == [
        "self",
        "retries_taken",
        "max_retries",
        "options",
        "response",
    ]
    assert list(delay.parameters) == [
        "self",
        "remaining_retries",
        "options",
        "response_headers",
    ]


def test_back_off_is_the_sdks_own():
    """Tripwire: initial delay, ceiling and jitter as in anthropic 2.12.0, `_constants.py`."""
    from anthropic import _base_client, _constants

    from labkit.lab import clients

    assert clients.INITIAL_DELAY_S == _constants.INITIAL_RETRY_DELAY
    assert clients.MAX_DELAY_S == _constants.MAX_RETRY_DELAY
    source = inspect.getsource(_base_client.BaseClient._calculate_retry_timeout)
    assert f"1 - {clients.JITTER} * random()" in source


def test_the_front_door_has_three_names_with_and_without_ipython(monkeypatch):
    """They are loaded when they are asked for; another name is an AttributeError that names it."""
    importlib.import_module("IPython")
    for name in labkit.__all__:
        monkeypatch.delitem(vars(labkit), name, raising=False)
        assert callable(getattr(labkit, name))
    monkeypatch.delitem(sys.modules, "IPython")
    monkeypatch.delitem(vars(labkit), "Lab")
    assert labkit.Lab is Lab
    with pytest.raises(AttributeError, match="module 'labkit' has no attribute 'lab_kit'"):
        getattr(labkit, "lab" + "_kit")


def test_the_environment_is_left_alone():
    """A lab reads the environment and never writes it."""
    before = dict(os.environ)
    Lab().ask(app, QUESTION)
    assert dict(os.environ) == before


@pytest.mark.parametrize("years", [0.5, 1, 100])
def test_asynchronous_code_waits_long_after_the_lab_began(years):
    """Timers come due however large the number of seconds has become."""
    lab = Lab()
    lab.clock.sleep(years * 365 * 86_400)
    began = lab.clock.monotonic()

    async def main(client):
        await asyncio.sleep(1.0)

    lab.run(main)
    assert lab.clock.monotonic() - began == pytest.approx(1.0, abs=1e-6)
