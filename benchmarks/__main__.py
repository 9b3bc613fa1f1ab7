"""Print the table of ratios: `make bench`.

A ratio survives a slow machine; a time does not. Each row names its floor.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.cost import rows as cost_rows
from benchmarks.floors import (
    QUESTION,
    app,
    async_app,
    canned_answer,
    canned_async_ms,
    canned_client,
    in_turn_ms,
    question_body,
    spent_ms,
)
from benchmarks.growth import SHAPES, growth_ms
from benchmarks.memory import day_mb, kernels
from benchmarks.serving import served_and_bare
from benchmarks.views import HEAD, moved
from labkit import Lab, contrast
from labkit.case import samples
from labkit.traffic import traffic

CALLS, REDRAWS = 20, 10
HOUR_CALLS, HOUR_PARTS = 3_600, 6
GROWTH_TARGETS = ((1.0, 0.6), (2.8, 2.8), (1.2, 0.2), (1.3, 0.4), (1.8, 1.2))
"""For each shape seen first and again, over 50 ms; the docstring of ``growing`` says why."""
CALL_TARGET, STREAM_TARGET, HOUR_TARGET, SERVED_TARGET = 2.2, 1.4, 2.4, 7.0
"""What holds today, so that a loss is seen; 1.2, 1.2, 1.85 and 3 were planned (decision 20)."""
EVAL_TARGET = 3.5
"""Less than 0.2 s for the eval set, where a call from memory takes 0.6 ms."""


@dataclass(frozen=True)
class Row:
    """One measured ratio."""

    what: str
    measured: float
    floor: float
    target: float

    def __str__(self) -> str:
        """The row of the printed table."""
        ratio = self.measured / self.floor
        mark = "✓" if ratio <= self.target else "✕"
        return (
            f"{mark} {self.what:<52}{self.measured:>10.2f}{self.floor:>10.2f}"
            f"{ratio:>8.2f}{self.target:>8.2f}"
        )


def one_call() -> Row:
    """A call, against the same call on a canned reply."""
    body, client, floor = question_body(), Lab().client, canned_answer()
    return Row(
        "one call, over the same reply from memory",
        *in_turn_ms(
            lambda: client.messages.create(**body), lambda: floor.messages.create(**body), CALLS
        ),
        CALL_TARGET,
    )


def one_stream() -> Row:
    """A long streamed answer, against the same events from memory."""
    rule = " ".join(f"part {n}" for n in range(60))
    system = f'<document id="long" title="The long rule">The long rule has {rule}.</document>'
    body = question_body("What is the long rule?") | {"system": system, "max_tokens": 1000}
    client = Lab().client
    raw = client.messages.with_raw_response.create(**body, stream=True)
    data = b"".join(raw.http_response.iter_bytes())
    floor = canned_client(data, raw.headers)

    def read(streaming: object) -> None:
        with streaming.messages.stream(**body) as stream:
            stream.until_done()

    return Row(
        f"a stream of {data.count(b'event: content_block_delta')} deltas, over the same events",
        *in_turn_ms(lambda: read(client), lambda: read(floor), CALLS // 4),
        STREAM_TARGET,
    )


def eval_set() -> Row:
    """The whole eval set, against as many calls from memory."""
    cases, body, floor = samples(), question_body(), canned_answer()
    return Row(
        f"the eval set of {len(cases)}, over as many calls from memory",
        *in_turn_ms(
            lambda: Lab().evaluate(app, cases),
            lambda: [floor.messages.create(**body) for _ in cases],
        ),
        EVAL_TARGET,
    )


def redraw() -> Row:
    """A control moved until the picture is drawn, against as many calls from memory."""
    view = contrast(app, app, [QUESTION])
    body, floor = question_body(), canned_answer()
    calls = 2 * 4
    rates = iter(range(10, 10**9, 10))
    return Row(
        f"a control moved, over the {calls} calls behind it",
        *in_turn_ms(
            lambda: view.move(rate=next(rates) % 100),
            lambda: [floor.messages.create(**body) for _ in range(calls)],
            REDRAWS,
        ),
        5.0,
    )


def growing() -> Iterator[Row]:
    """Requests of 200,000 tokens in the provider alone: against 50 ms, and against half of each.

    A conversation stays below; a manual, too, but for the question that is asked here, of which
    every sentence holds nearly every word. What is far above is one pass over each piece in
    Python, at some microseconds a piece: 14,000 messages are checked, counted and named each
    time, because the API keeps no conversation, and 580 tools are as many schemas.
    """
    for shape, (first, again) in zip(SHAPES, GROWTH_TARGETS, strict=True):
        what = f"200,000 tokens, {shape.__name__.replace('_', ' ')},"
        (half_ms, _), (first_ms, again_ms) = growth_ms(shape, 100_000, 200_000)
        yield Row(f"{what} first, over 50 ms", first_ms, 50.0, first)
        yield Row(f"{what} again, over 50 ms", again_ms, 50.0, again)
        yield Row(f"{what} first, over half", first_ms, half_ms, 2.5)


def importing() -> Iterator[Row]:
    """Building blocks imported in a service, against the SDK alone: the quickest of seven."""

    def seconds(names: str) -> float:
        code = f"import time; s = time.process_time(); import {names}; print(time.process_time()-s)"
        run = [sys.executable, "-c", code]
        return min(float(subprocess.check_output(run)) for _ in range(7))

    floor = seconds("anthropic")
    for room, target in (("reliability", 1.15), ("cost", 1.2)):
        what = f"import labkit.{room}, over import anthropic (s)"
        yield Row(what, seconds(f"anthropic, labkit.{room}"), floor, target)


def serving(connections: int) -> Row:
    """The same call over loopback, against a bare uvicorn that answers the same bytes."""
    served, bare = served_and_bare(connections)
    return Row(
        f"{1000 / served:,.0f} calls a second over {connections} sockets, bare uvicorn",
        served,
        bare,
        SERVED_TARGET,
    )


def hour() -> Row:
    """A simulated hour in which 50 users ask 3,600 questions, against as many canned calls.

    Ten minutes of the one and as many calls of the other take turns.
    """
    lab, hour_ms, floor_ms = Lab(), 0.0, 0.0
    some = {"users": 50, "hours": 1 / HOUR_PARTS, "per_hour": HOUR_CALLS, "lab": lab}
    for part in range(HOUR_PARTS):
        hour_ms += spent_ms(lambda seed=part: traffic(async_app, seed=seed, **some))
        floor_ms += canned_async_ms(HOUR_CALLS // HOUR_PARTS)
    assert len(lab.trace) == HOUR_CALLS
    return Row(
        "an hour: 3,600 calls by 50 users, over canned calls", hour_ms, floor_ms, HOUR_TARGET
    )


def memory() -> Iterator[Row]:
    """What a learner's kernel holds after each page, and what a day leaves in a process."""
    for page, held_mb in kernels():
        yield Row(f"a kernel after {page}, over 200 MB", held_mb, 200.0, 1.0)
    yield Row("a day of 20,000 calls, memory grown over 200 MB", day_mb(), 200.0, 1.0)


def main() -> None:
    """Print the table; say so where a target is missed."""
    print(f"  {'':<52}{'ms':>10}{'floor':>10}{'ratio':>8}{'target':>8}")
    for measure in (
        one_call,
        one_stream,
        eval_set,
        redraw,
    ):
        print(measure(), flush=True)
    for row in importing():
        print(row, flush=True)
    for measured in cost_rows():
        print(Row(*measured), flush=True)
    for row in growing():
        print(row, flush=True)
    for connections in (1, 16, 64):
        print(serving(connections), flush=True)
    print(hour(), flush=True)
    for row in memory():
        print(row, flush=True)
    print(HEAD)
    for view in moved():
        print(view, flush=True)


if __name__ == "__main__":
    main()
