"""A job in a loop and as a batch: what both cost, when both are done, and whose label is whose.

rows, deadline, order of the results -> 100 simulated batches, one list of results -> BatchScene

The loop's numbers are those that the page has measured. How long a batch takes is the simulated
provider's; the results are paired by place and by the page's own function.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache, partial
from types import MappingProxyType, SimpleNamespace
from typing import Any, Literal, NamedTuple

from labkit.arguments import function, number, refused, whole
from labkit.sim.endpoints.batch import DAY_S, course
from labkit.sim.luck import Luck
from labkit.views import Provenance, View, choice
from labkit.views.cost.batches import BatchScene, Labels, Way, draw_batch, lasting
from labkit.views.words import number as figure
from labkit.views.words import usd as money

SortOut = Callable[[Sequence[Mapping[str, Any]], Iterable[Any]], tuple[Mapping[str, Any], Any, Any]]
HALF = 0.5
"""What a batch pays. Source: docs: batch processing, 2026-08-22."""
AT_ONCE = 16
DRAWN = 100
"""Batches that are simulated for each size."""
SIZES = (40, 400, 4_000)
DEADLINES_S = MappingProxyType(
    {
        "10 seconds: somebody waits": 10.0,
        "10 minutes": 600.0,
        "1 hour": 3600.0,
        "8 hours: by the morning": 8 * 3600.0,
        "24 hours": DAY_S,
        "48 hours": 2 * DAY_S,
    }
)
AS_SENT, ONE_FAILED, SWAPPED, ANY = (
    "as sent",
    "as sent, the first one failed",
    "as sent, but for two",
    "in any order",
)
ORDERS = (ANY, SWAPPED, ONE_FAILED, AS_SENT)
OVERLOADED = SimpleNamespace(type="error", error=SimpleNamespace(type="overloaded_error"))
"""An error of a moment."""
NOT_SHOWN = (
    "How long your provider's batches take, and in which order their results come: look at your "
    "own. Nor the limits of your account, which may not let 16 calls run at once."
)


class Said(NamedTuple):
    """What the page's function reads of a message."""

    id: str
    stop_reason: str = "end_turn"
    content: tuple[()] = ()


class Result(NamedTuple):
    """What came of a request, with the SDK's names: its own objects are slow to make."""

    type: str
    message: Said | None = None
    error: object = None


class Came(NamedTuple):
    """One line of the results."""

    custom_id: str
    result: Result


def batching(sort_out: SortOut, *, usd: float | Decimal, seconds: float, seed: int = 7) -> View:
    """Set the size and the deadline of a job, and the order in which its results come.

    Args:
        sort_out: Takes requests and results; returns what is done by ``custom_id``, and two more.
        usd: What one row costs in the loop.
        seconds: How long one row takes in the loop.
        seed: The same seed gives the same bytes.
    """
    function("sort_out", sort_out, "requests", "results")
    each = priced(usd)
    each_s = number("seconds", seconds, "Nobody could say how long the loop takes.")
    whole("seed", seed, "The same seed must give the same batches.")
    taking = cache(partial(durations, seed=seed))
    labels = cache(partial(paired, sort_out, seed=seed))

    def scene(rows: int, deadline: float, order: str) -> BatchScene:
        ways = (
            looped("loop", rows * each, rows * each_s, deadline),
            looped(f"{AT_ONCE} at once", rows * each, rows * each_s / AT_ONCE, deadline),
            batched(HALF * rows * each, taking(rows), deadline),
        )
        sides = labels(rows, order)
        notes = (f"seed {seed}", f"{DRAWN} batches", "prices, delays and order are made up")
        return BatchScene(
            finding=finding(rows, ways, sides, deadline),
            ways=ways,
            deadline_s=deadline,
            labels=sides,
            provenance=Provenance("simulated", notes),
            not_shown=NOT_SHOWN,
        )

    sizes = {f"{figure(rows)} rows": rows for rows in SIZES}
    controls = {
        "rows": choice("The job", sizes, value=4_000),
        "deadline": choice("It must be there within", DEADLINES_S, value=3600.0),
        "order": choice("The results come", ORDERS),
    }
    return View.of(scene, draw_batch, controls)


def priced(usd: object) -> float:
    """The price of one row as a float."""
    follows = "Nobody could say what the loop costs."
    if isinstance(usd, Decimal):
        if not usd.is_finite():
            raise refused("usd", usd, follows, "Give a number, 0 or more.")
        usd = float(usd)
    return number("usd", usd, follows)


def durations(rows: int, seed: int) -> tuple[float, ...]:
    """How long so many batches of this size take, the fastest first."""
    return tuple(sorted(course(rows, Luck(seed, ("batch", n)), ()).ends_s for n in range(DRAWN)))


def looped(name: str, usd: float, takes_s: float, deadline_s: float) -> Way:
    """A loop on one's own machine: it takes what it takes."""
    in_time = takes_s <= deadline_s
    return Way(
        who="prototype",
        name=name,
        usd=usd,
        span_s=(takes_s, takes_s, takes_s),
        ending="ok" if in_time else "bad",
        word="in time" if in_time else "too late",
    )


def batched(usd: float, taken: Sequence[float], deadline_s: float) -> Way:
    """A batch: mostly soon, promised after a day."""
    ending, word = kept(taken, deadline_s)
    middle = taken[len(taken) // 2]
    return Way(
        who="production",
        name="batch",
        usd=usd,
        span_s=(taken[0], middle, taken[-1]),
        ending=ending,
        word=word,
    )


def kept(taken: Sequence[float], deadline_s: float) -> tuple[Literal["ok", "bad", "na"], str]:
    """Whether a batch meets a deadline: for sure, for the most part, or never."""
    early = sum(one <= deadline_s for one in taken)
    if deadline_s >= DAY_S:
        return "ok", "ended by then"
    if not early:
        return "bad", "too late"
    return "na", f"{early} of {len(taken)} in time"


def paired(sort_out: SortOut, rows: int, order: str, seed: int) -> tuple[Labels, Labels]:
    """The rows by place, and by the page's function."""
    names = [f"row-{n}" for n in range(rows)]
    requests = [{"custom_id": name, "params": {}} for name in names]
    results = came(names, order, seed)
    good = (one.result.message for one in results if one.result.type == "succeeded")
    zipped = dict(zip(names, good, strict=False))
    done = done_of(sort_out(requests, iter(results)))
    return (
        Labels("prototype", "zip(), by place", marks(names, zipped)),
        Labels("production", "by custom_id", marks(names, done)),
    )


def done_of(sorted_out: object) -> Mapping[str, Any]:
    """What is done, the first of the three that the page's function gives."""
    if isinstance(sorted_out, Sequence) and sorted_out and isinstance(sorted_out[0], Mapping):
        return sorted_out[0]
    follows = "Nobody can tell which rows are done."
    remedy = "Return (done, again, failed), the first by custom_id."
    raise refused("what sort_out gave", sorted_out, follows, remedy)


def marks(names: Sequence[str], answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Whose answer each row has."""
    ids = ((name, getattr(answers.get(name), "id", None)) for name in names)
    return tuple("na" if id is None else "ok" if id == name else "bad" for name, id in ids)


def came(names: Sequence[str], order: str, seed: int) -> list[Came]:
    """A result for each row, in this order; a message's id is its row."""
    ranked = list(names)
    if order == ANY:
        random.Random(seed).shuffle(ranked)
    if order == SWAPPED:
        ranked[1], ranked[2] = ranked[2], ranked[1]
    results = [Came(name, Result("succeeded", Said(name))) for name in ranked]
    if order == ONE_FAILED:
        results[0] = Came(ranked[0], Result("errored", error=OVERLOADED))
    return results


def finding(rows: int, ways: Sequence[Way], sides: tuple[Labels, Labels], deadline_s: float) -> str:
    """What the batch saves, whether it is in time, and what pairing by place does."""
    loop, batch = ways[0], ways[-1]
    wrong, wrong_by_id = (one.marks.count("bad") for one in sides)
    return (
        f"{figure(rows)} rows: {money(batch.usd)} USD as a batch, {money(loop.usd)} in a loop. "
        f"{promise(batch, deadline_s)} By place {figure(wrong)} rows get somebody else's answer, "
        f"by id {figure(wrong_by_id) if wrong_by_id else 'none'}."
    )


def promise(batch: Way, deadline_s: float) -> str:
    """The batch and the deadline, in a sentence."""
    within = lasting(deadline_s)
    if batch.ending == "ok":
        return f"Within {within} every batch has ended."
    if batch.ending == "bad":
        return f"Within {within} no batch is there."
    early = batch.word.removesuffix(" in time")
    return f"Within {within} {early} batches have ended; the promise is {lasting(DAY_S)}."
