"""Slow work that is written down: one job for a key, none lost, none for ever, and not too many."""

import asyncio
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from labkit import Lab, clock
from labkit.cost import Job, JobQueue, QueueFullError
from labkit.errors import ArgumentError, OutOfBudget

START = datetime(2026, 11, 1, tzinfo=UTC)


class Stopped(clock.SystemClock):
    """A clock that stands still until it is moved."""

    def __init__(self, now=START):
        self.now = now

    def utcnow(self):
        """The moment."""
        return self.now

    def sleep(self, seconds):
        """Move on."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def time():
    """The time of a test."""
    with clock.use(Stopped()) as stopped:
        yield stopped


@pytest.fixture
def file(tmp_path):
    """Where the queue is."""
    return tmp_path / "jobs.db"


OPEN = []
"""The connections of the test that runs."""


@pytest.fixture(autouse=True)
def all_closed():
    """No connection outlives its test."""
    yield
    while OPEN:
        OPEN.pop().close()


def opened(file, **limits):
    """A queue on a file, as a new process would open it."""
    # In a lab asynchronous work runs in a thread of its own, which the caller waits for.
    OPEN.append(sqlite3.connect(file, check_same_thread=False))
    return JobQueue(OPEN[-1], **limits)


def fails(payload):
    """Work that cannot be done."""
    raise ValueError(f"no {payload}")


def dies(payload):
    """Work that takes its worker with it."""
    raise OutOfBudget


def test_a_job_is_written_down_done_and_asked_for(time, file):
    """Nothing is done before a worker comes; the oldest is first."""
    queue = opened(file)
    job = queue.submit("report-11", "november")
    queue.submit("report-12", "december")
    assert job == Job(job.id, "november", "waiting")
    assert (job.id[:4], len(job.id)) == ("job_", 28)
    assert queue.run_next(str.upper) == Job(job.id, "november", "done", 1, "NOVEMBER")
    assert queue.status(job.id).result == "NOVEMBER"
    assert queue.run_next(str.upper).result == "DECEMBER"
    assert queue.run_next(str.upper) is None
    assert repr(queue.status(job.id)) == f"{job.id} · done · 1 attempt"


def test_the_same_key_is_the_same_job(time, file):
    """Also after it is done, and after a restart; work is done once."""
    queue, calls = opened(file), []
    first = queue.submit("k", "p")
    assert queue.submit("k", "p") == first
    queue.run_next(lambda payload: calls.append(payload) or "r")
    assert opened(file).submit("k", "p").result == "r"
    assert opened(file).run_next(str.upper) is None
    assert calls == ["p"]
    with pytest.raises(ArgumentError, match="It belongs to a job with another payload"):
        queue.submit("k", "other")


@pytest.mark.parametrize("key", ["", " \n"])
def test_a_job_needs_a_key(time, file, key):
    """Two jobs that forgot theirs would be taken for one."""
    with pytest.raises(ArgumentError, match="would all be the same job"):
        opened(file).submit(key, "p")


def test_a_worker_that_dies_loses_nothing(time, file):
    """Nobody takes its job while its lease lasts; then the next one does, in a new process."""
    queue = opened(file, lease_s=60)
    id = queue.submit("k", "p").id
    with pytest.raises(OutOfBudget):
        queue.run_next(dies)
    queue.connection.close()
    after = opened(file, lease_s=60)
    assert after.status(id).state == "running"
    time.sleep(59)
    assert after.run_next(str.upper) is None
    time.sleep(1)
    assert after.run_next(str.upper) == Job(id, "p", "done", 2, "P")


def test_a_process_that_is_ended_in_mid_work_loses_nothing(time, file):
    """A real process, which ends at once and without a word."""
    code = f"""
import os, sqlite3
from datetime import UTC, datetime
from labkit import clock
from labkit.cost import JobQueue

class Stopped(clock.SystemClock):
    def utcnow(self):
        return datetime(2026, 11, 1, tzinfo=UTC)

with clock.use(Stopped()):
    queue = JobQueue(sqlite3.connect({str(file)!r}), lease_s=60)
    queue.submit("a", "first")
    queue.submit("b", "second")
    queue.run_next(str.upper)
    queue.run_next(lambda payload: os._exit(9))
"""
    ended = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert ended.returncode == 9, ended.stderr.decode()
    queue = opened(file, lease_s=60)
    assert [one.payload for one in queue.jobs("done")] == ["first"]
    assert [one.payload for one in queue.jobs("running")] == ["second"]
    time.sleep(60)
    assert queue.run_next(str.upper).result == "SECOND"


def test_a_late_worker_does_not_overwrite(time, file):
    """It was thought dead, its job was given away, and the other one's result stands."""
    slow, other = opened(file, lease_s=60), opened(file, lease_s=60)
    id = slow.submit("k", "p").id

    def slowly(payload):
        time.sleep(61)
        assert other.run_next(lambda _: "the other's").state == "done"
        return "too late"

    assert slow.run_next(slowly) == Job(id, "p", "done", 2, "the other's")

    def fails_late(payload):
        time.sleep(61)
        other.run_next(lambda _: "done already")
        raise ValueError("too late")

    again = slow.submit("l", "p").id
    assert slow.run_next(fails_late).result == slow.status(again).result == "done already"


def test_a_late_worker_does_not_end_what_another_one_is_at(file):
    """Both work at the same time: the first is thought dead, and comes before the second."""
    lab, queue = Lab(seed=1), opened(file, lease_s=60)

    async def works(words):
        async def slowly(payload):
            await clock.current().sleep_async(100)
            return words

        return await queue.run_next_async(slowly)

    async def second():
        await clock.current().sleep_async(61)
        return await works("in time")

    async def main(client):
        queue.submit("k", "p")
        return await asyncio.gather(works("too late"), second())

    first, then = lab.run(main)
    assert (first.state, first.result) == ("running", "")
    assert (then.state, then.result) == ("done", "in time")


def test_a_late_worker_does_not_revive_what_was_parked(time, file):
    """A person looks first."""
    queue = opened(file, lease_s=60, most_attempts=1)
    id = queue.submit("k", "p").id

    def slowly(payload):
        time.sleep(61)
        assert opened(file, lease_s=60, most_attempts=1).run_next(str.upper) is None
        return "too late"

    assert queue.run_next(slowly).state == queue.status(id).state == "parked"


def test_what_fails_waits_behind_the_others_and_is_parked(time, file):
    """It does not hold them up, and it does not come back for ever."""
    queue = opened(file, most_attempts=2)
    bad, good = queue.submit("bad", "paper"), queue.submit("good", "paper")
    time.sleep(1)
    first = queue.run_next(fails)
    assert first == Job(bad.id, "paper", "waiting", 1, "", "ValueError: no paper")
    assert queue.run_next(str.upper).id == good.id
    assert queue.run_next(fails).state == "parked"
    assert queue.run_next(fails) is None
    assert queue.jobs("parked") == [queue.status(bad.id)]
    assert repr(queue.status(bad.id)) == f"{bad.id} · parked · 2 attempts · ValueError: no paper"


def test_what_kills_its_worker_is_parked_too(time, file):
    """It never raises anything that the queue sees."""
    queue = opened(file, most_attempts=2, lease_s=10)
    id = queue.submit("k", "p").id
    for _ in range(2):
        with pytest.raises(OutOfBudget):
            queue.run_next(dies)
        time.sleep(10)
    assert queue.run_next(str.upper) is None
    assert queue.status(id).reason == "its worker died, or it ran too long"
    assert queue.release(id)
    assert queue.status(id) == Job(id, "p", "waiting")
    assert queue.run_next(str.upper).attempts == 1
    assert not queue.release(id)
    assert not queue.release("job_of_nobody")


def test_it_is_bounded(time, file):
    """What waits or runs counts, what is done or parked does not; a known key is always known."""
    queue = opened(file, most_waiting=2, most_attempts=1)
    first = queue.submit("1", "p")
    queue.submit("2", "p")
    with pytest.raises(QueueFullError, match="2 jobs are waiting"):
        queue.submit("3", "p")
    assert queue.submit("1", "p") == first

    def meanwhile(payload):
        with pytest.raises(QueueFullError):
            opened(file, most_waiting=2).submit("3", "p")
        return "r"

    queue.run_next(meanwhile)
    queue.submit("3", "p")
    queue.run_next(fails)
    assert queue.submit("4", "p").state == "waiting"


def test_two_workers_never_take_the_same_job(time, file):
    """While one works, another one on the same file gets the next."""
    one, other = opened(file), opened(file)
    for key in "abc":
        one.submit(key, key)

    def while_working(payload):
        return other.run_next(str.upper).payload

    assert one.run_next(while_working).result == "b"
    assert other.run_next(str.upper).payload == "c"


def test_asynchronous_work_is_done_side_by_side(file):
    """In the time of a lab: two workers need ten seconds for two jobs of ten, not twenty."""
    lab = Lab(seed=1)
    queue = opened(file)

    async def slowly(payload):
        await clock.current().sleep_async(10)
        return payload.upper()

    async def fails_slowly(payload):
        await clock.current().sleep_async(1)
        fails(payload)

    async def main(client):
        queue.submit("a", "a"), queue.submit("b", "b")
        before = clock.current().monotonic()
        jobs = await asyncio.gather(*[queue.run_next_async(slowly) for _ in range(3)])
        queue.submit("c", "c")
        bad = await queue.run_next_async(fails_slowly)
        return jobs, bad, clock.current().monotonic() - before

    jobs, bad, took = lab.run(main)
    assert [job and job.result for job in jobs] == ["A", "B", None]
    assert (bad.state, bad.reason) == ("waiting", "ValueError: no c")
    assert took == pytest.approx(11)


def test_odd_texts_are_kept_or_refused(time, file):
    """Half a character is refused in a payload and marked in a result or a reason."""
    queue = opened(file)
    odd = "\ud800"
    with pytest.raises(ArgumentError, match="half of a character"):
        queue.submit("k", odd)
    job = queue.submit(odd, "p\0\n")
    assert queue.run_next(lambda payload: odd + payload).result == "?p\0\n"
    assert queue.submit(odd, "p\0\n").id == job.id
    queue.submit("l", "p")
    assert queue.run_next(lambda _: 1 / 0).reason == "ZeroDivisionError: division by zero"
    assert "is 5. Nobody could be given it" in queue.run_next(lambda _: 5).reason
    with pytest.raises(ArgumentError, match="No job has it"):
        queue.status(odd)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda q: JobQueue("jobs.db"), "connection is 'jobs.db'"),
        (lambda q: JobQueue(q.connection, most_waiting=0), "most_waiting is 0"),
        (lambda q: JobQueue(q.connection, most_attempts=0), "most_attempts is 0"),
        (lambda q: JobQueue(q.connection, lease_s=-1), "lease_s is -1"),
        (lambda q: q.submit(1, "p"), "key is 1"),
        (lambda q: q.submit("k", {}), "payload is {}"),
        (lambda q: q.status("nobody"), "id is 'nobody'. No job has it"),
        (lambda q: q.release(None), "id is None"),
        (lambda q: q.jobs("lost"), "'lost' is not a state of a job"),
        (lambda q: q.run_next("upper"), "work is 'upper'"),
        (lambda q: q.run_next(lambda: "r"), "work is <function"),
    ],
)
def test_what_no_queue_can_do_is_refused(time, file, act, words):
    """Before anything is written."""
    with pytest.raises(ArgumentError, match=words):
        act(opened(file))


class Queues(RuleBasedStateMachine):
    """Any order of submitting, working, failing, dying, waiting and reopening."""

    def __init__(self):
        super().__init__()
        self.clock, self.results, self.starts = Stopped(), {}, {}
        self.database = sqlite3.connect(":memory:")

    def queue(self):
        """A new one on what is there."""
        return JobQueue(self.database, most_waiting=4, most_attempts=2, lease_s=10)

    @rule(key=st.sampled_from("abcdef"))
    def submit(self, key):
        """A job of this key."""
        with clock.use(self.clock):
            try:
                self.results.setdefault(self.queue().submit(key, key).id, "")
            except QueueFullError:
                assert len(self.open()) == 4

    @rule(how=st.sampled_from(["works", "fails", "dies"]))
    def work(self, how):
        """A worker comes."""

        def attempt(payload):
            self.starts[payload] = self.starts.get(payload, 0) + 1
            return {"works": str.upper, "fails": fails, "dies": dies}[how](payload)

        with clock.use(self.clock):
            try:
                job = self.queue().run_next(attempt)
            except OutOfBudget:
                return
            if job and how == "works":
                self.results[job.id] = job.result

    @rule(seconds=st.integers(1, 15))
    def wait(self, seconds):
        """Time goes by."""
        self.clock.sleep(seconds)

    def open(self):
        """Jobs that are not ended."""
        return [one for state in ("waiting", "running") for one in self.queue().jobs(state)]

    @invariant()
    def nothing_is_lost(self):
        """Each job is where it must be, and none was begun too often."""
        jobs = {id: self.queue().status(id) for id in self.results}
        for id, result in self.results.items():
            assert (jobs[id].state == "done") == bool(result)
            assert jobs[id].result == result
            assert self.starts.get(jobs[id].payload, 0) == jobs[id].attempts <= 2
        assert len(self.open()) <= 4

    def teardown(self):
        """The end."""
        self.database.close()


TestQueues = Queues.TestCase
TestQueues.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
