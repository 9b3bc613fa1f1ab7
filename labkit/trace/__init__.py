"""The ground truth of what was sent, what was billed and how long it took.

A recording transport sits between the SDK and whatever carries its requests, reads the bytes
that pass on the wire, and keeps one ``Attempt`` per HTTP request; a ``Trace`` is a list of them.

    SDK -> RecordingTransport -> the inner transport (simulated, or the real network)
"""

from labkit.trace.lines import json_lines
from labkit.trace.recorder import Recorder
from labkit.trace.recording import AsyncRecordingTransport, RecordingTransport
from labkit.trace.values import Attempt, Trace, Usage
from labkit.trace.wire import usage_of

__all__ = [
    "AsyncRecordingTransport",
    "Attempt",
    "Recorder",
    "RecordingTransport",
    "Trace",
    "Usage",
    "json_lines",
    "usage_of",
]
