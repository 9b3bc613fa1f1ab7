"""C10: right answers written otherwise, and each misconception written three ways."""

import asyncio
import copy
import json
import queue
import sqlite3
import threading
from base64 import b64decode, b64encode
from contextlib import closing, contextmanager
from datetime import UTC, datetime

from labkit import clock
from labkit.cost import JobQueue

CODE = "C10"
MOST_WAITING, MOST_ATTEMPTS, LEASE_S = 5, 3, 60
OPEN = ("waiting", "running")


class FullError(Exception):
    """No place."""


class Right:
    """A dict on the disk for each job, by its key."""

    def __init__(self, disk, work, now):
        self.disk, self.work, self.now = disk, work, now

    def job(self, payload):
        """A job that waits."""
        return {"payload": payload, "state": "waiting", "tried": 0, "since": self.now()}

    def is_full(self):
        """Whether no new one has a place."""
        return sum(job["state"] in OPEN for job in self.disk.values()) >= MOST_WAITING

    def submit(self, key, payload):
        """Write it down."""
        if key not in self.disk:
            if self.is_full():
                raise FullError
            self.disk[key] = self.job(payload)
        return key

    def status(self, id):
        """How it stands."""
        return self.disk[id]["state"]

    def after_loss(self, job):
        """What becomes of a job whose worker has died."""
        return "waiting" if job["tried"] < MOST_ATTEMPTS else "parked"

    after_failure = after_loss

    def find(self):
        """The job that is next."""
        for job in self.disk.values():
            if job["state"] == "running" and job["since"] <= self.now() - LEASE_S:
                job["state"] = self.after_loss(job)
        waiting = [id for id, job in self.disk.items() if job["state"] == "waiting"]
        return min(waiting, key=lambda id: self.disk[id]["since"], default=None)

    def begin(self, job):
        """Say that it is worked on."""
        job.update(state="running", tried=job["tried"] + 1, since=self.now())

    def end(self, job, state):
        """Say how it went."""
        job.update(state=state, since=self.now())

    def run_next(self):
        """Do the next one."""
        id = self.find()
        if id is None:
            return None
        job = self.disk[id]
        self.begin(job)
        try:
            self.work(job["payload"])
        except Exception:
            self.end(job, self.after_failure(job))
        else:
            self.end(job, "done")
        return id


class Lists:
    """Two lists in the disk; an id is a number as a text."""

    def __init__(self, disk, work, now):
        self.work, self.now = work, now
        self.jobs = disk.setdefault("jobs", [])

    def submit(self, key, payload):
        """A row: key, payload, state, attempts, moment."""
        for n, row in enumerate(self.jobs):
            if row[0] == key:
                return f"job-{n}"
        if len([row for row in self.jobs if row[2] in OPEN]) >= MOST_WAITING:
            raise ValueError("full")
        self.jobs.append([key, payload, "waiting", 0, self.now()])
        return f"job-{len(self.jobs) - 1}"

    def status(self, id):
        """The third column."""
        return self.jobs[int(id[4:])][2]

    def run_next(self):
        """The row that has waited longest, also one whose worker has died."""
        lost = self.now() - LEASE_S
        rows = sorted(self.jobs, key=lambda row: row[4])
        for row in rows:
            if row[2] == "running" and row[4] <= lost and row[3] >= MOST_ATTEMPTS:
                row[2] = "parked"
        for row in rows:
            if row[2] == "waiting" or (row[2] == "running" and row[4] <= lost):
                row[2:] = ["running", row[3] + 1, self.now()]
                try:
                    self.work(row[1])
                    row[2] = "done"
                except Exception:
                    row[2:] = [
                        "parked" if row[3] >= MOST_ATTEMPTS else "waiting",
                        row[3],
                        self.now(),
                    ]
                return row[0]
        return None  # fmt: skip


class Texts(Right):
    """Each job as JSON under its key."""

    def __init__(self, disk, work, now):
        super().__init__(Parsed(disk), work, now)


class Parsed(dict):
    """A view of a dict of texts as a dict of dicts, which writes through."""

    def __init__(self, disk):
        super().__init__((id, Row(disk, id, json.loads(text))) for id, text in disk.items())
        self.on = disk

    def __setitem__(self, id, job):
        super().__setitem__(id, Row(self.on, id, job))
        self[id].update()


class Row(dict):
    """A job that is written at each change."""

    def __init__(self, disk, id, job):
        super().__init__(job)
        self.on, self.id = disk, id

    def update(self, **changes):
        """Change it here and there."""
        super().update(changes)
        self.on[self.id] = json.dumps(self)

    def __setitem__(self, name, value):
        self.update(**{name: value})


def fresh(make):
    """A queue that reads the disk anew before each step."""

    class Fresh:
        """Nothing is kept between two calls."""

        def __init__(self, *given):
            self.given = given

        def submit(self, key, payload):
            """By a new one."""
            return make(*self.given).submit(key, payload)

        def status(self, id):
            """By a new one."""
            return make(*self.given).status(id)

        def run_next(self):
            """By a new one."""
            return make(*self.given).run_next()

    return Fresh


class At(clock.SystemClock):
    """A clock that shows the seconds of the check."""

    def __init__(self, now):
        self.now = now

    def utcnow(self):
        """The moment as a date."""
        return datetime.fromtimestamp(self.now(), UTC)


class Block:
    """labkit's own queue, whose file is kept on the disk after each step."""

    def __init__(self, disk, work, now):
        self.disk, self.inner, self.clock = disk, work, At(now)

    @contextmanager
    def opened(self):
        """The queue on what the disk has."""
        with closing(sqlite3.connect(":memory:")) as connection, clock.use(self.clock):
            if "file" in self.disk:
                connection.deserialize(b64decode(self.disk["file"]))
            limits = {"most_waiting": MOST_WAITING, "most_attempts": MOST_ATTEMPTS}
            jobs = JobQueue(connection, lease_s=LEASE_S, **limits)
            yield jobs
            self.save(jobs)

    def save(self, jobs):
        """Write the file."""
        self.disk["file"] = b64encode(jobs.connection.serialize()).decode()

    def submit(self, key, payload):
        """The id of its job."""
        with self.opened() as jobs:
            return jobs.submit(key, payload).id

    def status(self, id):
        """The state of its job."""
        with self.opened() as jobs:
            return jobs.status(id).state

    def run_next(self):
        """The file is written before the work begins."""
        with self.opened() as jobs:

            def work(payload):
                self.save(jobs)
                return self.inner(payload)

            job = jobs.run_next(work)
            return job and job.id


RIGHT = [Right, Lists, fresh(Texts), Block]


def built(**methods):
    """The right class in which some methods are otherwise."""
    return type("JobQueue", (Right,), methods)


UNDONE = (*OPEN, "parked")


def states(self):
    """How every job stands."""
    return [job["state"] for job in self.disk.values()]


def works_at_once(how):
    """Submit that does the work itself, in one way."""

    def submit(self, key, payload):
        id = Right.submit(self, key, payload)
        how(self.run_next)
        return id

    return built(submit=submit)


def in_a_thread(work):
    """Somebody waits for its end."""
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def in_a_task(work):
    """A task that is awaited."""

    async def main():
        await asyncio.create_task(asyncio.to_thread(work))

    asyncio.run(main())


def newest(self):
    """The last of those that wait."""
    Right.find(self)
    waiting = [id for id, job in self.disk.items() if job["state"] == "waiting"]
    return waiting[-1] if waiting else None


def latest(self):
    """By the time, the wrong end."""
    Right.find(self)
    waiting = [id for id, job in self.disk.items() if job["state"] == "waiting"]
    return max(waiting, key=lambda id: self.disk[id]["since"], default=None)


def as_a_stack(self):
    """Turned round."""
    Right.find(self)
    for id, job in reversed(self.disk.items()):
        if job["state"] == "waiting":
            return id
    return None


def stays(self, job, state):
    """A job that is done waits again."""
    Right.end(self, job, "waiting" if state == "done" else state)


def stays_running(self):
    """Whatever is not parked is next."""
    ids = [id for id, job in self.disk.items() if job["state"] not in ("parked",)]
    return min(ids, key=lambda id: self.disk[id]["since"], default=None)


def never_done(self, job, state):
    """Only the moment changes; a state that is done is left out."""
    job.update(since=self.now(), state=state if state == "parked" else "waiting")


def numbered(self, key, payload):
    """A new id for each."""
    if self.is_full():
        raise FullError
    self.disk[f"{key}-{len(self.disk)}"] = self.job(payload)
    return f"{key}-{len(self.disk) - 1}"


def overwritten(self, key, payload):
    """A timestamp makes each key its own."""
    return Right.submit(self, f"{key}-{self.now()}", payload)


def by_payload(self, key, payload):
    """A key that nobody looks for."""
    return Right.submit(self, f"{key}{payload}{self.now()}", payload)


def renewed(*states):
    """A key whose job is over makes a new one."""

    def submit(self, key, payload):
        if key in self.disk and self.disk[key]["state"] in states:
            del self.disk[key]
        return Right.submit(self, key, payload)

    return submit


def cleans(self, job, state):
    """What is done is thrown away."""
    Right.end(self, job, state)
    for id in [id for id, one in self.disk.items() if one["state"] == "done"]:
        self.disk[id] = {**self.disk[id], "key": "gone"}
        self.over = {*getattr(self, "over", ()), id}


def after_cleaning(self, key, payload):
    """It is made anew where it is over."""
    if key in getattr(self, "over", ()):
        self.disk.pop(key)
    return Right.submit(self, key, payload)


class Memory(Right):
    """Jobs in the object."""

    def __init__(self, disk, work, now):
        super().__init__({}, work, now)


class Copied(Right):
    """A copy of the disk."""

    def __init__(self, disk, work, now):
        super().__init__(copy.deepcopy(disk), work, now)


class Queued(Memory):
    """A queue.Queue of the standard library beside it."""

    def __init__(self, disk, work, now):
        super().__init__(disk, work, now)
        self.waiting = queue.Queue()

    def submit(self, key, payload):
        """Into both."""
        self.waiting.put(key)
        return super().submit(key, payload)


def done_first(self, job):
    """It is called done before it is."""
    job.update(state="done", tried=job["tried"] + 1, since=self.now())


def parked_first(self, job):
    """Only a whole work takes it off the shelf again."""
    job.update(state="parked", tried=job["tried"] + 1, since=self.now())


def taken_off(self):
    """It is popped, worked on, and put back when it went well."""
    id = self.find()
    if id is None:
        return None
    job = self.disk.pop(id)
    job["tried"] += 1
    try:
        self.work(job["payload"])
        state = "done"
    except Exception:
        state = self.after_failure(job)
    self.disk[id] = {**job, "state": state, "since": self.now()}
    return id


def without_lease(self):
    """Only what waits."""
    waiting = [id for id, job in self.disk.items() if job["state"] == "waiting"]
    return min(waiting, key=lambda id: self.disk[id]["since"], default=None)


def patient(seconds):
    """A lease of another length."""

    def find(self):
        for job in self.disk.values():
            if job["state"] == "running" and job["since"] <= self.now() - seconds:
                job["state"] = self.after_loss(job)
        return without_lease(self)

    return find


def says_later(self, job):
    """It is marked when its work is done."""
    job.update(tried=job["tried"] + 1, since=self.now())


def forgets_to_say(self, job):
    """Only the count."""
    job["tried"] += 1


def impatient(self):
    """Whoever runs is taken for dead."""
    for job in self.disk.values():
        if job["state"] == "running":
            job["state"] = self.after_loss(job)
    return without_lease(self)


def caught(*kinds, then="waiting", again=False):
    """run_next that catches only some failures."""

    def run_next(self):
        id = self.find()
        if id is None:
            return None
        job = self.disk[id]
        self.begin(job)
        try:
            self.work(job["payload"])
        except kinds:
            self.end(job, then)
        except Exception:
            self.end(job, self.after_failure(job))
            if again:
                raise
        else:
            self.end(job, "done")
        return id

    return run_next


def uncaught(self):
    """Nothing is caught."""
    id = self.find()
    if id is None:
        return None
    self.begin(self.disk[id])
    self.work(self.disk[id]["payload"])
    self.end(self.disk[id], "done")
    return id


def finally_done(self):
    """Done, whatever came."""
    id = self.find()
    if id is None:
        return None
    self.begin(self.disk[id])
    try:
        self.work(self.disk[id]["payload"])
    except Exception:
        pass
    finally:
        self.end(self.disk[id], "done")
    return id


def in_front(self, job, state):
    """A failed job keeps its place."""
    job.update(state=state, since=0 if state == "waiting" else self.now())


def by_key(self):
    """By the place in the dict."""
    Right.find(self)
    return next((id for id, job in self.disk.items() if job["state"] == "waiting"), None)


def tries_thrice(self):
    """All attempts at once."""
    id = Right.run_next(self)
    while id is not None and self.disk[id]["state"] == "waiting":
        self.begin(self.disk[id])
        try:
            self.work(self.disk[id]["payload"])
            self.end(self.disk[id], "done")
        except Exception:
            self.end(self.disk[id], self.after_failure(self.disk[id]))
    return id


def counts_after(self, job):
    """The count comes with the end."""
    job.update(state="running", since=self.now())


def counted(self, job, state):
    """The count, with the end."""
    job["tried"] += 1
    job.update(state=self.after_failure(job) if state != "done" else state, since=self.now())


def always_waits(self, job):
    """A lost job is tried again, however often it was."""
    return "waiting"


def at_most(count):
    """A place where fewer than so many are."""
    return lambda self: count(self) >= MOST_WAITING


def refuses_known(self, key, payload):
    """A place is looked for first."""
    if self.is_full():
        raise FullError
    return Right.submit(self, key, payload)


def refuses_all(self, key, payload):
    """Whoever comes to a full queue."""
    waiting = [job for job in self.disk.values() if job["state"] == "waiting"]
    if len(waiting) == MOST_WAITING:
        raise FullError
    return Right.submit(self, key, payload)


def asserts(self, key, payload):
    """By an assertion, which comes first."""
    assert not self.is_full()
    return Right.submit(self, key, payload)


WRONG = {
    "works-in-submit": [
        works_at_once(lambda work: work()),
        works_at_once(in_a_thread),
        works_at_once(in_a_task),
    ],
    "newest-first": [built(find=newest), built(find=latest), built(find=as_a_stack)],
    "does-it-again": [built(end=stays), built(find=stays_running), built(end=never_done)],
    "forgets-key": [
        built(submit=numbered),
        built(submit=overwritten),
        built(submit=by_payload),
    ],
    "forgets-when-done": [
        built(submit=renewed("done")),
        built(submit=renewed("done", "parked")),
        built(end=cleans, submit=after_cleaning),
    ],
    "in-memory": [Memory, Copied, Queued],
    "lost-on-crash": [
        built(begin=done_first),
        built(begin=parked_first),
        built(run_next=taken_off),
    ],
    "runs-for-ever": [
        built(find=without_lease),
        built(find=patient(3_600)),
        built(find=patient(10 * LEASE_S)),
    ],
    "both-do-it": [
        built(begin=says_later),
        built(begin=forgets_to_say),
        built(find=impatient),
    ],
    "stops-the-worker": [
        built(run_next=uncaught),
        built(run_next=caught(KeyError, again=True)),
        built(run_next=caught(TimeoutError, OSError, again=True)),
    ],
    "calls-it-done": [
        built(run_next=finally_done),
        built(run_next=caught(Exception, then="done")),
        built(after_failure=lambda self, job: "done"),
    ],
    "gives-up-at-once": [
        built(after_failure=lambda self, job: "parked"),
        built(run_next=caught(Exception, then="parked")),
        built(after_failure=lambda self, job: "parked" if job["tried"] > 1 else "waiting"),
    ],
    "poison-for-ever": [
        built(after_failure=lambda self, job: "waiting"),
        built(run_next=caught(Exception, then="waiting")),
        built(after_failure=lambda self, job: "waiting" if job["tried"] < 10 else "parked"),
    ],
    "blocks-the-queue": [
        built(end=in_front),
        built(find=by_key),
        built(run_next=tries_thrice),
    ],
    "counts-after-the-work": [
        built(begin=counts_after, end=counted),
        built(after_loss=always_waits, after_failure=Right.after_loss),
        built(after_loss=lambda self, job: "waiting" if job["tried"] < 9 else "parked",
              after_failure=Right.after_loss),
    ],
    "unbounded": [
        built(is_full=lambda self: False),
        built(is_full=at_most(lambda self: len(self.disk) - 1)),
        built(is_full=lambda self: len(self.disk) > 100),
    ],
    "full-for-a-known-key": [
        built(submit=refuses_known),
        built(submit=refuses_all),
        built(submit=asserts),
    ],
    "counts-the-done": [
        built(is_full=at_most(lambda self: len(self.disk))),
        built(is_full=at_most(lambda self: sum(1 for _ in self.disk.values()))),
        built(is_full=at_most(lambda self: len([j for j in self.disk.values() if j["payload"]]))),
    ],
    "counts-the-parked": [
        built(is_full=at_most(lambda self: len(states(self)) - states(self).count("done"))),
        built(is_full=at_most(lambda self: sum(one != "done" for one in states(self)))),
        built(is_full=at_most(lambda self: sum(map(UNDONE.__contains__, states(self))))),
    ],
    "raises": [
        built(submit=lambda self, key: key),
        built(submit=lambda self, key, payload: self.disk[key]),
        built(status=lambda self: "waiting", submit=lambda self, key, payload: self.missing),
    ],
}  # fmt: skip
