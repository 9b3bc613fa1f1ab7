"""The simulated provider's things for cells: what goes wrong, what is allowed, who obeys or drifts.

    Lab(7, model=ObedientModel(), limits=Limits(requests_per_minute=50))

Everything else of it is reached through ``labkit.Lab``.
"""

from labkit.sim.drift import Drift
from labkit.sim.faults import (
    batch_errors,
    batch_expires,
    batch_slow,
    connection_lost,
    empty_reply,
    html_page,
    malformed_frame,
    odd_arguments,
    overloaded,
    paused,
    rate_limited,
    refused,
    server_error,
    slow,
    stream_ends,
    stream_error,
    stream_lost,
    thinking_first,
    timed_out,
    truncated_json,
)
from labkit.sim.limits import Limits
from labkit.sim.model import ObedientModel

__all__ = [
    "Drift",
    "Limits",
    "ObedientModel",
    "batch_errors",
    "batch_expires",
    "batch_slow",
    "connection_lost",
    "empty_reply",
    "html_page",
    "malformed_frame",
    "odd_arguments",
    "overloaded",
    "paused",
    "rate_limited",
    "refused",
    "server_error",
    "slow",
    "stream_ends",
    "stream_error",
    "stream_lost",
    "thinking_first",
    "timed_out",
    "truncated_json",
]
