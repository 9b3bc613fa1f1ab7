"""One seeded world: a provider, clients of the real SDK, a clock, and the trace of it all.

    app -> lab.client -> RecordingTransport -> the simulated provider   (or the real API)

Two labs with the same settings answer alike to the byte, so an app is run in a fresh one.
"""

from labkit.lab.run import App, Run, Screen, one_line
from labkit.lab.world import Lab

__all__ = ["App", "Lab", "Run", "Screen", "one_line"]
