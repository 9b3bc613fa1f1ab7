"""The command line: start, eval, serve, doctor, notebooks, exercises."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from labkit.cli.machine import chance, count, day, port, port_or_any, real_number

EXAMPLES = {
    "start": ("labkit start", "labkit start --port 9000", "BROWSER=none labkit start"),
    "eval": (
        "labkit eval my_app:answer --write-baseline baseline.json",
        "labkit eval my_app:answer --baseline baseline.json --critical adversarial",
        "labkit eval my_app:answer --samples my_samples.toml --junit build/eval.xml",
    ),
    "serve": (
        "labkit serve --port 8787",
        "labkit serve --faults 'overloaded(times=2)' --trace day.jsonl",
    ),
    "doctor": ("labkit doctor",),
    "notebooks": (
        "labkit notebooks --check",
        "labkit notebooks --write notebooks/01_reliability.ipynb",
        "labkit notebooks --minutes",
    ),
    "exercises": ("labkit exercises --write", "labkit exercises --check"),
}
CODES = """\
exit codes: 0 all is well; 1 something is not as it should be; 2 the command was not understood;
130 it was interrupted"""
EVAL_CODES = """\
exit codes: 0 PASS; 1 BLOCK; 2 something cannot be used, nothing was compared;
3 INCONCLUSIVE, run it again; 130 it was interrupted"""
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
        epilog=ending(*EXAMPLES),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action="version", version=f"labkit {installed()}")
    commands = whole.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, does: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=does,
            description=f"{does[:1].upper()}{does[1:]}.",
            epilog=ending(name),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    start = command("start", "open JupyterLab on the first page")
    start.add_argument("--port", type=port, default=8888, help="the port to listen on (8888)")
    start.set_defaults(command="labkit.cli.start:start")

    add_eval(command("eval", "run an eval set on your app, and gate changes of it"))

    add_serve(command("serve", "the simulated provider for other programs"))

    doctor = command("doctor", "say what is wrong with this installation")
    doctor.set_defaults(command="labkit.cli.doctor:doctor")

    notebooks = command("notebooks", "execute and normalise notebooks")
    what = notebooks.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="write them back executed")
    what.add_argument("--check", action="store_true", help="fail if that would change a byte")
    what.add_argument("--minutes", action="store_true", help="count how long each takes to read")
    notebooks.add_argument("paths", nargs="*", help="notebooks; without any, all of them")
    notebooks.set_defaults(command="labkit.cli.notebooks:notebooks")

    exercises = command("exercises", "make exercises/ from solutions/")
    what = exercises.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="write them")
    what.add_argument("--check", action="store_true", help="fail if they differ")
    exercises.set_defaults(command="labkit.cli.exercises:exercises")
    return whole


def installed() -> str:
    """The version that is installed."""
    try:
        return version("labkit")
    except PackageNotFoundError:
        return "that is run from its folder, and not installed"


def ending(*commands: str) -> str:
    """What stands below a help: examples, and what the exit codes mean."""
    lines = [f"  {line}" for name in commands for line in EXAMPLES[name]]
    return "\n".join(["examples:", *lines, "", EVAL_CODES if commands == ("eval",) else CODES])


def add_eval(command: argparse.ArgumentParser) -> None:
    """The options of ``labkit eval``."""
    add = command.add_argument
    add("app", metavar="MODULE:APP", help="a function of (client, question) in this folder")
    add("--samples", default="case", metavar="FILE.toml", help="the eval set (case)")
    what = command.add_mutually_exclusive_group()
    what.add_argument("--baseline", metavar="FILE.json", help="gate against this recorded run")
    what.add_argument("--write-baseline", metavar="FILE.json", help="record this run")
    add("--critical", action="append", default=[], metavar="TAG", help="none may get worse")
    add("--alpha", type=chance, default=0.05, help="the p at which flips are no chance (0.05)")
    add("--max-not-run", type=count, default=0, help="so many may be missing (0)")
    add("--junit", metavar="FILE.xml", help="write a JUnit report")
    add("--seed", type=count, default=7, help="the same seed, the same bytes (7)")
    add("--provider", choices=("sim", "live"), default="sim", help="who answers (sim)")
    add("--tier", help="fast, balanced or frontier, for an app that takes a model")
    add("--faults", default="", help="for example 'overloaded(rate=0.1)'")
    command.set_defaults(command="labkit.cli.eval:eval_app")


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
    serve.add_argument("--state", metavar="FILE", help="begin with what this JSON file holds")
    serve.add_argument("--trace", metavar="FILE", help="write the trace there in the end")
    serve.set_defaults(command="labkit.cli.serve:serve")
