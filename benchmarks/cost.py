"""The room of costs: what its blocks add to a call, and how they grow.

block -> the same work without it, or a tenth of the work ten times -> what, ms, floor ms, target
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from benchmarks.floors import QUESTION, canned_answer, canned_client, in_turn_ms, question_body
from labkit import Lab, clock
from labkit.cost import (
    UsageLedger,
    blame,
    cache_bill,
    common_prefix,
    cost_of,
    labelled,
    reconcile,
    relay,
)

CALLS = 20
LINES = 1_000
MANY, FEW = 10_000, 1_000
LEDGER_TARGET, BLAME_TARGET, LINEAR_TARGET = 1.8, 8.0, 1.6
RELAY_TARGET, PREFIX_TARGET = 1.3, 1.8
"""What holds today with head-room, so that a loss is seen. A line is priced on the
model that was needed and with the cache that was missed, and split by its pieces: hence eight."""
Measured = tuple[str, float, float, float]
"""What was measured, both in milliseconds, and the ratio that must hold."""


def rows() -> Iterator[Measured]:
    """All rows, in the order of the page."""
    for measure in (ledgered, blamed, cached, reconciled, relayed, compared):
        yield measure()


def ledgered() -> Measured:
    """A call that a ledger reads along, over the same call without one."""
    body, floor = question_body(), canned_answer()
    counted = floor.with_options(middleware=[UsageLedger()])
    return (
        "a call with a UsageLedger, over one without",
        *in_turn_ms(
            lambda: counted.messages.create(**body), lambda: floor.messages.create(**body), CALLS
        ),
        LEDGER_TARGET,
    )


def blamed() -> Measured:
    """A ledger's lines split by cause, over pricing each of them once."""
    found = lines(LINES)
    usages = [one.usage for one in found]
    model = found[0].model
    needs = {"answer": Lab().model("fast")}
    return (
        f"blame of {LINES:,} lines, over pricing each once",
        *in_turn_ms(
            lambda: blame(found, needs=needs), lambda: [cost_of(usage, model) for usage in usages]
        ),
        BLAME_TARGET,
    )


def lines(number: int) -> tuple[object, ...]:
    """So many lines of a ledger: each is the same cached call, a minute after the one before."""
    lab, ledger = Lab(), UsageLedger()
    body = question_body() | {"cache_control": {"type": "ephemeral"}}
    client = lab.client.with_options(middleware=[ledger])
    with clock.use(lab.clock), labelled("answer"):
        for _ in range(2):
            client.messages.create(**body)
    _, one = ledger.lines
    begun = datetime(2026, 11, 23, tzinfo=UTC)
    later = (begun + timedelta(minutes=at) for at in range(number))
    return tuple(replace(one, when=when) for when in later)


def cached() -> Measured:
    """A long log replayed, over ten times a tenth of it."""

    def replay(number: int) -> Callable[[], object]:
        times = [17.0 * at for at in range(number)]
        return lambda: cache_bill(times, 6_000, "5m", Lab().model("balanced"))

    return (
        f"cache_bill of {MANY:,} requests, over {FEW:,} times ten",
        *in_turn_ms(replay(MANY), ten_times(replay(FEW))),
        LINEAR_TARGET,
    )


def ten_times(work: Callable[[], object]) -> Callable[[], object]:
    """The same work ten times."""
    return lambda: [work() for _ in range(MANY // FEW)]


def reconciled() -> Measured:
    """The results of a large batch, over ten times a tenth of them."""

    def sort_out(number: int) -> Callable[[], object]:
        names = [f"row-{at}" for at in range(number)]
        requests = [{"custom_id": name, "params": {}} for name in names]
        message = SimpleNamespace(stop_reason="end_turn")
        done = SimpleNamespace(type="succeeded", message=message)
        results = [SimpleNamespace(custom_id=name, result=done) for name in reversed(names)]
        return lambda: reconcile(requests, results)

    return (
        f"reconcile of {MANY:,} results, over {FEW:,} times ten",
        *in_turn_ms(sort_out(MANY), ten_times(sort_out(FEW))),
        LINEAR_TARGET,
    )


def relayed() -> Measured:
    """A stream shown sentence by checked sentence, over reading it."""
    rule = " ".join(f"Part {at} is a sentence of its own." for at in range(60))
    system = f'<document id="long" title="The long rule">The long rule says: {rule}</document>'
    body = question_body("What is the long rule?") | {"system": system, "max_tokens": 1_000}
    raw = Lab().client.messages.with_raw_response.create(**body, stream=True)
    floor = canned_client(b"".join(raw.http_response.iter_bytes()), raw.headers)

    def shown() -> None:
        with floor.messages.stream(**body) as stream:
            relay(stream, bool, str)

    def read() -> None:
        with floor.messages.stream(**body) as stream:
            stream.until_done()

    return (
        "a stream relayed by the sentence, over reading it",
        *in_turn_ms(shown, read, CALLS // 4),
        RELAY_TARGET,
    )


def compared() -> Measured:
    """The common prefix of two long requests, over writing both as JSON."""
    words = "The ladder stands in the yard and nobody has asked for it today. " * 12_000
    pair = [
        {"system": words, "messages": [{"role": "user", "content": f"{at}: {QUESTION}"}]}
        for at in range(2)
    ]
    return (
        "common_prefix of two long requests, over their JSON",
        *in_turn_ms(lambda: common_prefix(*pair), lambda: [json.dumps(one) for one in pair]),
        PREFIX_TARGET,
    )
