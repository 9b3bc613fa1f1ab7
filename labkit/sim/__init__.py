"""The simulated provider's things for cells: what can go wrong, limits, drift, the obedient model.

    Request -> core -> endpoints -> validation, caching -> model -> faults -> answers -> Plan

``transport`` walks a plan's frames on a ``clock``; ``state`` is what lasts between requests, and
``ledger`` what they cost. Everything else is reached through ``labkit.Lab``.
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
    says,
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
    "says",
    "server_error",
    "slow",
    "stream_ends",
    "stream_error",
    "stream_lost",
    "thinking_first",
    "timed_out",
    "truncated_json",
]
