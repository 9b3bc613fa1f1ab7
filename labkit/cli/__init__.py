"""The command line: start, serve, doctor, notebooks, exercises."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from labkit.cli.machine import count, day, port, port_or_any, real_number

EPILOG = """\
examples:
  labkit start                                          open JupyterLab on the first page
  labkit serve --port 8787 --faults 'overloaded(times=2)'
                                                        the simulated provider for other programs
  labkit doctor                                         say what is wrong with this installation
  labkit notebooks --check                              run them again; no byte may change
  labkit notebooks --write notebooks/01_reliability.ipynb
  labkit exercises --write                              make exercises/ from solutions/

exit codes: 0 all is well; 1 something is not as it should be; 2 the command was not understood;
130 it was interrupted
"""
WRONG, INTERRUPTED = 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what goes wrong is one message, no traceback."""
    speak_plainly()
    options = parser().parse_args(arguments)
    try:
        code = run(options)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return sorry("interrupted: what was not finished was not written", INTERRUPTED)
    except BrokenPipeError:  # pragma: no cover - tested in a process of its own
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WRONG
    except ImportError as problem:
        return sorry(f"{problem}. Without it nothing can be done. Run `labkit doctor`.")
    except OSError as problem:
        where, why = problem.filename or "a file", problem.strerror or problem
        return sorry(f"{where}: {why}. Nothing more was done. Look at its folder and its rights.")
    except labkits_own() as problem:
        return sorry(str(problem))


def run(options: argparse.Namespace) -> int:
    """Load a command when it is asked for: the doctor must work where other things are missing."""
    module, name = options.command.split(":")
    command: Callable[[argparse.Namespace], int] = getattr(import_module(module), name)
    return command(options)


def labkits_own() -> type[Exception]:
    """The base of what labkit raises; loaded late, because it needs the SDK."""
    from labkit.errors import LabkitError

    return LabkitError


def sorry(says: str, code: int = WRONG) -> int:
    """Say what went wrong."""
    print(f"labkit: {says}", file=sys.stderr)
    return code


def speak_plainly() -> None:
    """A mark that the terminal cannot show is spelled out and ends nothing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    whole = argparse.ArgumentParser(
        prog="labkit",
        description="A lab kit that takes an LLM prototype to a production system.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(title="commands", required=True, metavar="COMMAND")

    start = commands.add_parser("start", help="open JupyterLab on the first page")
    start.add_argument("--port", type=port, default=8888, help="the port to listen on (8888)")
    start.set_defaults(command="labkit.cli.start:start")

    add_serve(commands.add_parser("serve", help="the simulated provider for other programs"))

    doctor = commands.add_parser("doctor", help="say what is wrong with this installation")
    doctor.set_defaults(command="labkit.cli.doctor:doctor")

    notebooks = commands.add_parser("notebooks", help="execute and normalise notebooks")
    what = notebooks.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="write them back executed")
    what.add_argument("--check", action="store_true", help="fail if that would change a byte")
    what.add_argument("--minutes", action="store_true", help="count how long each takes to read")
    notebooks.add_argument("paths", nargs="*", help="notebooks; without any, all of them")
    notebooks.set_defaults(command="labkit.cli.notebooks:notebooks")

    exercises = commands.add_parser("exercises", help="make exercises/ from solutions/")
    what = exercises.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="write them")
    what.add_argument("--check", action="store_true", help="fail if they differ")
    exercises.set_defaults(command="labkit.cli.exercises:exercises")
    return whole


def add_serve(serve: argparse.ArgumentParser) -> None:
    """The options of ``labkit serve``."""
    serve.description = "Answer the Messages API on 127.0.0.1, and nowhere else, until Ctrl-C."
    serve.add_argument("--port", type=port_or_any, default=8787, help="0 picks one (8787)")
    serve.add_argument("--seed", type=count, default=7, help="the same seed, the same bytes (7)")
    serve.add_argument(
        "--pace",
        type=real_number,
        default=0.0,
        help="real seconds per simulated second: 0 does not wait, 1 streams at full length (0)",
    )
    serve.add_argument("--today", type=day, help="the lab's first day (2026-11-23)")
    serve.add_argument("--faults", default="", help="for example 'overloaded(times=2), slow(3)'")
    serve.add_argument("--trace", metavar="FILE", help="write the trace there in the end")
    serve.set_defaults(command="labkit.cli.serve:serve")
