"""The command line: start, doctor, notebooks, exercises."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from labkit.errors import LabkitError

EPILOG = """\
examples:
  labkit start                                          open JupyterLab on the first page
  labkit doctor                                         say what is wrong with this installation
  labkit notebooks --check                              run them again; no byte may change
  labkit notebooks --write notebooks/01_reliability.ipynb
  labkit exercises --write                              make exercises/ from solutions/

exit codes: 0 all is well; 1 something is not as it should be; 2 the command was not understood
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(arguments)
    module, name = options.command.split(":")
    command: Callable[[argparse.Namespace], int] = getattr(import_module(module), name)
    try:
        return command(options)
    except LabkitError as problem:
        print(f"labkit: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


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
    start.add_argument("--port", type=int, default=8888, help="the port to listen on (8888)")
    start.set_defaults(command="labkit.cli.start:start")

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
