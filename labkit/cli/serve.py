"""``labkit serve``: the simulated provider on this machine, for programs of any language."""

import argparse
import sys
from datetime import datetime
from pathlib import Path
from socket import socket

from labkit.cli.machine import in_words, next_port, save, why_not_save
from labkit.errors import ArgumentError, LabkitError
from labkit.server import LOOPBACK, ProviderApp, Server, ServerClock, listen, read_faults
from labkit.sim.clock import LAB_BEGINS
from labkit.sim.core import Provider
from labkit.sim.faults import FaultScript
from labkit.sim.model import SimulatedModel
from labkit.sim.preset import load
from labkit.trace import Trace, json_lines


def serve(options: argparse.Namespace) -> int:
    """Answer until Ctrl-C or SIGTERM, then write the trace and say what there was."""
    app = provider_app(options)
    path = checked(Path(options.trace)) if options.trace else None
    listener = listening(options.port)
    address = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    try:
        Server(app, ready=lambda: say(f"the provider is at {address}; Ctrl-C ends it")).run(
            [listener]
        )
    finally:
        if path:
            keep(app.trace, path)
    say(summary(app))
    return 0


def say(words: str) -> None:
    """One line, at once, also where somebody reads it through a pipe."""
    print(f"labkit: {words}", flush=True)


def provider_app(options: argparse.Namespace) -> ProviderApp:
    """The provider that was asked for."""
    faults = read_faults(options.faults) if options.faults.strip() else ()
    today = options.today or LAB_BEGINS.date()
    begins = datetime.combine(today, LAB_BEGINS.timetz())
    clock = ServerClock(begins=begins, pace=options.pace)
    provider = Provider(
        options.seed, SimulatedModel(), started_at=clock.begins, faults=FaultScript(faults)
    )
    if options.state:
        load(provider.state, Path(options.state))
    return ProviderApp(provider, clock)


def listening(port: int) -> socket:
    """A socket that listens, or one sentence on why not."""
    try:
        return listen(port)
    except OSError as problem:
        raise LabkitError(
            f"Port {port} {in_words(problem)}. The provider cannot listen on it. "
            f"Try `labkit serve --port {next_port(port)}`."
        ) from None


def checked(path: Path) -> Path:
    """Refuse at once what could not be written in the end."""
    if why := why_not_save(path):
        raise ArgumentError(
            f"--trace is {str(path)!r}: {why}. The trace would be lost in the end, so nothing was "
            "started. Give a file in a folder that you can write."
        )
    return path


def keep(trace: Trace, path: Path) -> None:
    """Write the trace; where that has become impossible, print it, so that it is not lost."""
    text = json_lines(trace)
    try:
        save(path, text)
    except OSError as problem:
        sys.stdout.write(text)
        why = f"{path}: {problem.strerror or problem}"
        print(f"labkit: {why}. The trace was printed instead. Copy it.", file=sys.stderr)


def summary(app: ProviderApp) -> str:
    """The whole run on one line."""
    trace = app.trace
    failed = sum(attempt.error is not None for attempt in trace)
    used = trace.usage
    return (
        f"{len(trace):,} attempts, {failed:,} of them failed; {used.total_input_tokens:,} tokens "
        f"in, {used.output_tokens:,} out; {app.clock.monotonic():,.1f} simulated seconds"
    )
