"""C10, slow work: a queue that forgets nothing, does nothing for ever, and says when it is full.

a learner's class -> a disk, a clock and work in one world -> Seen -> the first case that fails
"""

from collections.abc import Callable

from labkit.checks.cost import job_queue_hints as hints
from labkit.checks.cost.job_world import LEASE_S, RAISED, REFUSED, TAKEN, Seen, World
from labkit.checks.exercise import Case, Exercise, Hint, Usual

SIX = ("January", "February", "March", "April", "May", "June")
USUAL = Usual("Go through what was given step by step, and note the disk.", empty=None)


def written(world: World) -> Seen:
    """A job is submitted, and no worker comes."""
    return world.seen(*world.submit("May"))


def in_order(world: World) -> Seen:
    """Two jobs and a worker that looks three times."""
    ids = world.submit("May", "June")
    world.run(3)
    return world.seen(*ids)


def clicked_twice(world: World) -> Seen:
    """The same key again, before it is done."""
    return again(world, world.submit("May"))


def asked_again(world: World) -> Seen:
    """The same key again, after it is done."""
    ids = world.submit("May")
    world.run()
    return again(world, ids)


def again(world: World, ids: list[object]) -> Seen:
    """The key a second time; then the worker looks twice."""
    same = world.submit("May") == ids
    world.run(2)
    return world.seen(*ids, notes=("one id" if same else "two ids",))


def restarted(world: World) -> Seen:
    """The process ends before any worker has come."""
    ids = world.submit("May")
    world.restart()
    world.run()
    return world.seen(*ids)


def died(world: World) -> Seen:
    """The process ends in mid-work; another one looks after the lease."""
    ids = world.submit("May")
    world.dies.add("May")
    world.run()
    world.dies.clear()
    world.restart(LEASE_S)
    world.run()
    return world.seen(*ids)


def two_workers(world: World) -> Seen:
    """A second process looks while the first works."""
    ids = world.submit("May")
    second = world.process()

    def looks() -> None:
        world.meanwhile = None
        second.run_next()

    world.meanwhile = looks
    world.run()
    return world.seen(*ids)


def poisoned(world: World) -> Seen:
    """One job always fails, another stands behind it; the worker looks six times."""
    ids = world.submit("May", "June")
    world.fails.add("May")
    gave = world.run(6)
    return world.seen(*ids, notes=(RAISED,) if RAISED in gave else ())


def deadly(world: World) -> Seen:
    """One job ends each process that takes it."""
    ids = world.submit("May")
    world.dies.add("May")
    for _ in range(5):
        world.run()
        world.restart(LEASE_S)
    world.run()
    return world.seen(*ids)


def full(world: World) -> Seen:
    """A sixth job; then one that is there already; then the sixth again, when one is done."""
    world.submit(*SIX[:5])
    notes = (world.tried(SIX[5]), world.tried(SIX[0]))
    world.run()
    return world.seen(notes=(*notes, world.tried(SIX[5])))


def full_of_parked(world: World) -> Seen:
    """Five jobs that nobody can do, until all are parked; then a sixth."""
    world.fails.update(SIX[:5])
    world.submit(*SIX[:5])
    world.run(15)
    return world.seen(notes=(world.tried(SIX[5]),))


def shows(
    given: str, story: Callable[[World], Seen], expected: Seen, *own: Hint
) -> Case:  # fmt: skip
    """This story must end so."""
    return Case(
        given=given,
        ask=lambda answer: story(World(answer)),
        expected=repr(expected),
        holds=lambda got: got == expected,
        usual=USUAL,
        own=own,
    )


MAY, BOTH = ("May",), ("May", "June")
C10 = Exercise(
    code="C10",
    names=("JobQueue",),
    parameters=(3,),
    cases=(
        shows(
            "submit, and no worker comes", written, Seen((), ("waiting",)), hints.WORKS_IN_SUBMIT
        ),
        shows(
            "two jobs; run_next() three times",
            in_order,
            Seen(BOTH, ("done", "done")),
            hints.NEWEST_FIRST,
            hints.AGAIN,
        ),
        shows(
            "the same key twice, then run_next() twice",
            clicked_twice,
            Seen(MAY, ("done",), ("one id",)),
            hints.FORGETS_KEY,
        ),
        shows(
            "a job is done, its key comes again, run_next() twice",
            asked_again,
            Seen(MAY, ("done",), ("one id",)),
            hints.FORGETS_WHEN_DONE,
        ),
        shows(
            "submit; the process ends; a new one on the same disk: run_next()",
            restarted,
            Seen(MAY, ("done",)),
            hints.IN_MEMORY,
        ),
        shows(
            "the process dies in mid-work; 60 s later a new one: run_next()",
            died,
            Seen((*MAY, "May"), ("done",)),
            hints.LOST_ON_CRASH,
            hints.STUCK,
        ),
        shows(
            "while one worker works, another calls run_next()",
            two_workers,
            Seen(MAY, ("done",)),
            hints.BOTH,
        ),
        shows(
            "work fails for May each time; June waits behind it; run_next() six times",
            poisoned,
            Seen(("May", "June", "May", "May"), ("parked", "done")),
            hints.STOPS,
            hints.CALLED_DONE,
            hints.GIVES_UP,
            hints.FOR_EVER,
            hints.BLOCKS,
        ),
        shows(
            "May ends every process that takes it; five restarts, 60 s apart",
            deadly,
            Seen(("May",) * 3, ("parked",)),
            hints.KILLS,
        ),
        shows(
            "five jobs wait: a sixth; then one of the five again; one is done: the sixth again",
            full,
            Seen(("January",), (), (REFUSED, TAKEN, TAKEN)),
            hints.UNBOUNDED,
            hints.FULL_FOR_KNOWN,
            hints.NEVER_ROOM,
        ),
        shows(
            "five jobs fail until they are parked; then a sixth",
            full_of_parked,
            Seen(SIX[:5] * 3, (), (TAKEN,)),
            hints.COUNTS_PARKED,
        ),
    ),
    minutes=25,
    points=4.0,
    after="Tick C10 when you have ended your own worker in mid-job, and the job was done.",
)
