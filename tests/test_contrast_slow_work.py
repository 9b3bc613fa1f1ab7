"""A minute at two services: who waits for whom, what a restart takes, and the view of both."""

import asyncio
import json
from functools import partial

import pytest

from labkit import clock
from labkit.contrast import rush, slow_work
from labkit.contrast.rushes import CHATS, MONTHS, Rush, coming
from labkit.cost import JobQueue
from labkit.errors import ArgumentError
from labkit.views.twin import static_html

CHAT_S, REPORT_S = 1.5, 18.0


async def chat(client, question):
    """A second and a half."""
    await clock.current().sleep_async(CHAT_S)
    return question


async def report(client, month):
    """Eighteen seconds."""
    await clock.current().sleep_async(REPORT_S)
    return month


async def first_come(desk, kind, payload):
    """Whoever comes first is served first."""
    async with desk.slots:
        return await desk.work(kind, payload)


async def off_the_path(desk, kind, payload):
    """A report is written down."""
    if kind == "report":
        return desk.jobs.submit(payload, payload)
    return await first_come(desk, kind, payload)


QUEUE = partial(JobQueue, lease_s=60)
served = partial(rush, first_come, chat, report)
queued = partial(rush, off_the_path, chat, report, queue=QUEUE)
SECONDS = {one.payload: {"chat": CHAT_S, "report": REPORT_S}[one.kind] for one in coming(8)}


def view(**more):
    """The view of both handlers."""
    given = {"queue": QUEUE, "seconds": SECONDS} | more
    return slow_work(first_come, off_the_path, **given)


def waits(one):
    """How long each chat waited."""
    return [round(person.waited_s, 3) for person in one.of("chat")]


def test_five_reports_take_both_workers_and_every_chat_stands_behind_them():
    """Two rounds of eighteen seconds; by hand for the first chat, which came after a second."""
    found = served()
    assert waits(found)[0] == pytest.approx(2 * REPORT_S + 0.1 + CHAT_S - 1, abs=0.2)
    assert waits(found) == sorted(waits(found), reverse=True)
    assert found.lost == []
    assert found.done_s == pytest.approx(3 * REPORT_S, abs=0.5)


def test_off_the_path_no_chat_notices_how_many_reports_there_are():
    """Each waits for its own work alone; the reports follow one another."""
    for reports in (0, 1, 8):
        found = queued(reports=reports)
        assert set(waits(found)) == {CHAT_S}
        assert found.lost == []
        assert max((one.waited_s for one in found.of("report")), default=0) < 0.1
    assert found.done_s == pytest.approx(8 * REPORT_S, abs=2)


def test_no_more_is_done_at_once_than_there_are_workers():
    """Neither service has more of them than it says; the queue's worker is one of them."""
    for one in (served(workers=3), queued(workers=3), queued(restart_s=30)):
        for at in range(200):
            working = [span for span in one.spans if span.began_s <= at / 2 < span.ended_s]
            assert len(working) <= 3


def test_a_restart_takes_what_only_memory_knows():
    """Reports in the workers' hands and behind them are lost; those in the file are not."""
    lost = served(restart_s=30)
    assert len(lost.lost) == 3
    assert [one.told_s is None for one in lost.of("chat")] == [True] * 10 + [False] * 10
    assert "3 of them never told anything" in repr(lost)
    kept = queued(restart_s=30)
    assert kept.lost == []
    assert [span.is_whole for span in kept.spans if span.kind == "report"].count(False) == 1


@pytest.mark.parametrize("keep", [False, True])
def test_a_task_that_answers_at_once_is_lost_with_its_process(keep):
    """Whether somebody keeps it or not: only memory knows it."""
    tasks = set()

    async def in_the_background(desk, kind, payload):
        if kind == "chat":
            return await first_come(desk, kind, payload)
        task = asyncio.create_task(first_come(desk, kind, payload))
        if keep:
            tasks.add(task)
        return payload

    assert len(rush(in_the_background, chat, report, restart_s=30).lost) >= 2


def test_a_handler_that_fails_tells_nothing_and_a_queue_that_fails_is_an_error():
    """The first is a service's own business; without the second nothing could be measured."""

    async def breaks(desk, kind, payload):
        raise ValueError(kind)

    assert {one.told_s for one in rush(breaks, chat, report).people} == {None}

    class Broken(JobQueue):
        """Its worker cannot work."""

        async def run_next_async(self, work):
            """Fail."""
            raise ValueError("no table")

    with pytest.raises(ValueError, match="no table"):
        rush(off_the_path, chat, report, queue=Broken)


def test_the_repr_says_both_waits_and_what_is_lost():
    """One line each; nobody is said to have waited where nobody came."""
    text = repr(queued(reports=0))
    assert text.splitlines() == [
        "20 chats: 19 of 20 told within 1.5 s, all within 1.5 s",
        "no reports",
        "reports lost: 0; the last one was done after none",
    ]
    assert "5 reports: all told within" in repr(queued(reports=5))  # of five, 19 of 20 are all
    assert Rush().p95_s("chat") is None
    assert len(json.dumps(served().seconds)) > CHATS


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("workers", [2, 4])
@pytest.mark.parametrize("reports", [0, 5, 8])
def test_the_view_shows_what_was_measured(reports, workers, restarts):
    """Both sides' facts are those of a run of the same handlers."""
    one = view().move(reports=reports, workers=workers, restarts=restarts)
    assert one.error is None
    given = {"reports": reports, "workers": workers, "restart_s": 30 if restarts else None}
    rows = {row[0]: row[1:] for row in one.drawing.table.rows}
    for column, found in enumerate((served(**given), queued(**given))):
        p95 = found.p95_s("chat")
        said = "no answer" if p95 == float("inf") else f"{p95:.1f} s"
        assert rows["19 of 20 chats told within"][column] == said
        assert rows["reports lost"][column].split()[0] == (str(len(found.lost) or "none"))
        assert len(rows["chats wait"][column].split()) == CHATS
    assert sum(name.startswith("worker") for name in rows) == workers


def test_the_finding_says_what_the_restart_takes():
    """From the prototype something, from production nothing."""
    assert "and within 1.5 s in production" in view().drawing.finding
    moved = view().move(restarts=True).drawing.finding
    assert moved.startswith("The restart takes 10 chats and 3 reports from the prototype and ")
    assert "nothing from production" in moved
    assert "was <s>none</s>" in view().move(restarts=True).html


@pytest.mark.parametrize("form", ["live", "still"])
def test_both_forms_have_every_worker_and_every_fact(form):
    """Words beside the bars; what was cut off is said as well as drawn."""
    one = view().move(restarts=True)
    html = one.drawing.body if form == "live" else static_html(one.drawing)
    for word in ("worker 1", "worker 2", "reports, from the queue", "of them cut off", "1.5 s"):
        assert word in html
    assert "lk-" not in one.drawing.picture


def test_equal_settings_give_equal_bytes():
    """Back and forth, from the cache or anew."""
    one = view()
    first = one.html
    assert one.move(reports=8).reset().html == first == view().html


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"reports": len(MONTHS) + 1}, "reports"),
        ({"reports": -1}, "reports"),
        ({"workers": 0}, "workers"),
        ({"workers": 99}, "workers"),
        ({"restart_s": "soon"}, "restart_s"),
        ({"seed": "seven"}, "seed"),
    ],
)
def test_a_minute_that_cannot_pass_is_refused(given, named):
    """With the value and what to do."""
    with pytest.raises(ArgumentError, match=rf"{named}.*\. [A-Z]"):
        served(**given)


def test_what_cannot_be_run_or_drawn_is_refused():
    """A handler, work, a queue and times that cannot be used; each is named."""
    for bad in ("no", lambda desk: None):
        with pytest.raises(ArgumentError, match="handle"):
            rush(bad, chat, report)
        with pytest.raises(ArgumentError, match="chat"):
            rush(first_come, bad, report)
        with pytest.raises(ArgumentError, match="report"):
            rush(first_come, chat, bad)
    with pytest.raises(ArgumentError, match="workers"):
        queued(workers=1)
    with pytest.raises(ArgumentError, match="queue"):
        view(queue=5)
    for seconds in ({}, {"2026-11": 5.0}, 5):
        with pytest.raises(ArgumentError, match="seconds"):
            view(seconds=seconds)
