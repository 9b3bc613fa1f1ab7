"""A trace as JSON lines: one attempt a line, its fields as they are named, for other programs."""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict

from labkit.trace.values import Attempt, Trace


def json_lines(trace: Trace) -> str:
    """The whole trace; a cost that nobody knows is null, because JSON has no word for it."""
    return "".join(lines(trace))


def lines(trace: Trace) -> Iterator[str]:
    """The lines of the attempts, in the order in which they began."""
    for attempt in trace:
        yield json.dumps(plain(attempt), ensure_ascii=False, allow_nan=False) + "\n"


def plain(attempt: Attempt) -> dict[str, object]:
    """An attempt as JSON can say it."""
    fields = asdict(attempt)
    if math.isnan(attempt.cost_usd):
        fields["cost_usd"] = None
    return fields
