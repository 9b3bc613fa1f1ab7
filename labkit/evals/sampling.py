"""Samples out of a traffic log: what people really ask, without what they said about themselves.

    log -> eligible (nobody who opted out, nothing expired) -> redact -> one of each twin
        -> cells (each stratum, and thumbs down) -> draw by seed -> Drawn, with its weight

Every record has a known chance to be drawn, so the weighted mean of a result is unbiased.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from labkit import clock
from labkit.arguments import every, function, known, number, refused, whole
from labkit.errors import ArgumentError
from labkit.evals.auditing import plain
from labkit.evals.records import Drawn, LogRecord, a_day

STRATA = ("topic", "language", "feedback")
DOWN = "thumbs down"
"""The cell of the records with negative feedback, whatever their stratum."""


def sample_for_eval(  # noqa: PLR0913 - the last two are settings that are seldom given
    log: Iterable[LogRecord],
    k: int,
    *,
    seed: int,
    redact: Callable[[str], str],
    stratify_by: str,
    oversample: float = 1.0,
    today: date | None = None,
) -> tuple[Drawn, ...]:
    """Draw k different messages so that each stratum and negative feedback are there.

    The order of the log does not count. Messages that differ in capitals and punctuation only are
    one message that stands for all of them.

    Args:
        log: The records; each has its own id.
        k: How many to draw; at least one for each stratum, and one for negative feedback.
        seed: The same seed draws the same messages.
        redact: Takes out what must not be kept. It sees a text before anything else does.
        stratify_by: ``topic``, ``language`` or ``feedback``: what must not be missing.
        oversample: How many times likelier negative feedback is drawn; weights make up for it.
        today: The day that decides what has expired; the clock's day if not given.
    """
    records = every("log", log, LogRecord, 'LogRecord("a", "hi", topic="greeting")')
    whole("k", k, "So many cannot be drawn.", least=1)
    rng = random.Random(whole("seed", seed, "The same seed must draw the same messages."))
    function("redact", redact, "text")
    known(stratify_by, dict.fromkeys(STRATA), "a field to stratify by", "No stratum can be made.")
    pull = number("oversample", oversample, "Nothing can be drawn so much likelier.")
    day = a_day("today", today) or clock.current().utcnow().date()
    messages = distinct(kept(records, redact, day))
    cells = in_cells(messages, stratify_by)
    check_size(k, len(messages), len(cells))
    many = {
        name: sizes(cell) * (pull if all(one.feedback == "down" for one in cell) else 1.0)
        for name, cell in cells.items()
    }
    picks = shared_out(k, many, {name: len(cell) for name, cell in cells.items()})
    found = [one for name in sorted(cells) for one in draw(cells[name], picks[name], rng)]
    return tuple(sorted(found, key=lambda one: one.id))


def kept(records: Iterable[LogRecord], redact: Callable[[str], str], day: date) -> Iterator[Drawn]:
    """The eligible records, redacted, in the order of their ids; each stands for itself."""
    before = None
    for one in sorted(records, key=lambda one: one.id):
        if one.id == before:
            follows = "Nobody could tell which of them was drawn."
            raise refused("an id twice in log", one.id, follows, "Give each record its own id.")
        before = one.id
        if one.opted_out or (one.expires is not None and one.expires <= day):
            continue
        if clean := redacted(one, redact):
            yield Drawn(
                one.id, clean, one.topic, one.language, one.feedback, 1.0, received=one.received
            )


def redacted(record: LogRecord, redact: Callable[[str], str]) -> str:
    """A record's text after redaction; nothing of it stands in an error message."""
    problem = ""
    try:
        clean = redact(record.text)
    except Exception as error:
        problem = f"raises {type(error).__name__}"
    else:
        if isinstance(clean, str):
            return clean.strip()
        problem = f"returns a value of {type(clean).__name__}"
    raise ArgumentError(
        f"redact {problem} for the record {record.id!r}. What is not redacted cannot be kept. "
        "Give a function that takes any text and returns a text."
    )


def distinct(messages: Iterable[Drawn]) -> list[Drawn]:
    """One of each group of twins, with the group's weight; one with negative feedback if any."""
    groups: dict[str, list[Drawn]] = defaultdict(list)
    for one in messages:
        groups[plain(one.text)].append(one)
    return [replace(first_down(group), weight=len(group)) for group in groups.values()]


def first_down(group: Sequence[Drawn]) -> Drawn:
    """The first message with negative feedback, or the first."""
    return next((one for one in group if one.feedback == "down"), group[0])


def in_cells(messages: Iterable[Drawn], by: str) -> dict[str, list[Drawn]]:
    """Each stratum is a cell; negative feedback is one more, taken out of the strata.

    A stratum that has nothing else keeps its own, so that it cannot be missing.
    """
    strata: dict[str, list[Drawn]] = defaultdict(list)
    for one in messages:
        strata[getattr(one, by)].append(one)
    cells: dict[str, list[Drawn]] = defaultdict(list)
    for name, members in strata.items():
        others = [one for one in members if one.feedback != "down"]
        for one in members:
            is_apart = others and one.feedback == "down"
            cells[DOWN if is_apart else f"stratum {name}"].append(one)
    return cells


def check_size(k: int, messages: int, cells: int) -> None:
    """Refuse what cannot be drawn."""
    if k > messages:
        follows = f"There are only {messages} different messages that may be used."
        raise refused("k", k, follows, "Draw fewer, or give a longer log.")
    if k < cells:
        follows = f"There are {cells} strata, negative feedback among them, and some would be lost."
        raise refused("k", k, follows, f"Give {cells} or more, or stratify by something coarser.")


def sizes(cell: Iterable[Drawn]) -> float:
    """How many records a cell's messages stand for."""
    return sum(one.weight for one in cell)


def shared_out(k: int, wanted: Mapping[str, float], most: Mapping[str, int]) -> dict[str, int]:
    """How many to draw from each cell: one at least, then whoever is owed most (Sainte-Laguë)."""
    picks = dict.fromkeys(sorted(wanted), 1)
    for _ in range(k - len(picks)):
        open_cells = [name for name in picks if picks[name] < most[name]]
        picks[max(open_cells, key=lambda name: wanted[name] / (2 * picks[name] + 1))] += 1
    return picks


def draw(cell: Sequence[Drawn], k: int, rng: random.Random) -> list[Drawn]:
    """Draw k messages, each likelier the more records it stands for, with new weights.

    A message that stands for so many that it is sure to be drawn is taken first, with its own
    weight; the others are drawn by equal steps through a shuffled line of all records.
    """
    rest = sorted(cell, key=lambda one: (-one.weight, one.id))
    sure: list[Drawn] = []
    while rest and len(sure) < k and rest[0].weight * (k - len(sure)) >= sizes(rest):
        sure.append(rest.pop(0))
    steps = k - len(sure)
    if not steps:
        return sure
    step, start = sizes(rest) / steps, rng.random()
    line = sorted(rest, key=lambda _: rng.random())
    marks = [(start + n) * step for n in range(steps)]
    return [*sure, *(replace(one, weight=step) for one in hit(line, marks))]


def hit(line: Iterable[Drawn], marks: Sequence[float]) -> Iterator[Drawn]:
    """The messages of a line on which the marks fall, each of which is shorter than a step."""
    end, left = 0.0, list(marks)
    for one in line:
        end += one.weight
        if left and left[0] < end:
            left.pop(0)
            yield one
