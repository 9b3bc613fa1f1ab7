"""``labkit serve``: the simulated provider on this machine, for programs of any language."""

import argparse
from pathlib import Path
from socket import socket

from labkit.cli.machine import in_words, next_port, why_not_save
from labkit.cli.trace_file import TraceFile
from labkit.clock import Clock
from labkit.errors import ArgumentError, LabkitError
from labkit.server import LOOPBACK, ProviderApp, Server, ServerClock, listen, read_faults
from labkit.sim.clock import LAB_BEGINS, begins_on
from labkit.sim.core import Provider
from labkit.sim.faults import FaultScript
from labkit.sim.model import SimulatedModel
from labkit.sim.preset import load


def serve(options: argparse.Namespace) -> int:
    """Answer until Ctrl-C or SIGTERM, then end the trace and say what there was."""
    rows = TraceFile(checked(Path(options.trace)) if options.trace else None)
    app = provider_app(options, rows)
    listener = listening(options.port)
    address = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    try:
        Server(app, ready=lambda: say(f"the provider is at {address}; Ctrl-C ends it")).run(
            [listener]
        )
    finally:
        rows.finish(app.trace)
    say(summary(rows, app.clock))
    return 0


def say(words: str) -> None:
    """One line, at once, also where somebody reads it through a pipe."""
    print(f"labkit: {words}", flush=True)


def provider_app(options: argparse.Namespace, rows: TraceFile) -> ProviderApp:
    """The provider that was asked for."""
    faults = read_faults(options.faults) if options.faults.strip() else ()
    begins = begins_on(options.today) if options.today else LAB_BEGINS
    clock = ServerClock(begins=begins, pace=options.pace)
    provider = Provider(
        options.seed, SimulatedModel(), started_at=clock.begins, faults=FaultScript(faults)
    )
    if options.state:
        load(provider.state, Path(options.state))
    return ProviderApp(provider, clock, leaves=rows.add)


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


def summary(rows: TraceFile, clock: Clock) -> str:
    """The whole run on one line."""
    used = rows.usage
    return (
        f"{rows.attempts:,} attempts, {rows.failed:,} of them failed; "
        f"{used.total_input_tokens:,} tokens in, {used.output_tokens:,} out; "
        f"{clock.monotonic():,.1f} simulated seconds"
    )
