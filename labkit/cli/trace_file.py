"""The trace of a server as a file of JSON lines, written while it runs.

    attempt that leaves the memory -> add -> run.jsonl.half ... -> finish -> run.jsonl

The file takes its place whole in the end; what a full disk does not take is printed.
"""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from labkit.cli.machine import half_of
from labkit.trace import Attempt, Trace, Usage, json_lines


class TraceFile:
    """Writes attempts and counts them."""

    def __init__(self, path: Path | None) -> None:
        """Write to ``path`` in the end; None only counts."""
        self.attempts = self.failed = 0
        self.usage = Usage()
        self._path = path
        self._file: TextIO | None = None
        self._is_broken = False

    def add(self, attempt: Attempt) -> None:
        """Count an attempt and write it behind the others, or print it."""
        self.attempts += 1
        self.failed += attempt.error is not None
        self.usage += attempt.usage
        if self._path is not None:
            self._write(json_lines(Trace([attempt])), self._path)

    def finish(self, rest: Trace) -> None:
        """Add the attempts that are left, and let the file take its place."""
        for attempt in rest:
            self.add(attempt)
        if self._path is None:
            return
        self._write("", self._path)
        if self._file is None:
            return
        try:
            self._file.close()
            half_of(self._path).replace(self._path)
        except OSError as problem:
            complain(self._path, problem, f"The trace was written to {half_of(self._path)}.")

    def _write(self, text: str, path: Path) -> None:
        """Write a line at once; from the first that the disk does not take on, print them all."""
        try:
            if not self._is_broken:
                self._file = self._file or half_of(path).open("w", 1, "utf-8", newline="\n")
                self._file.write(text)
                return
        except OSError as problem:
            self._is_broken = True
            complain(path, problem, f"{self._give_up(path)} was printed instead. Copy it.")
        sys.stdout.write(text)

    def _give_up(self, path: Path) -> str:
        """Close what was written so far, and say what has to be printed."""
        before = self.attempts - 1
        with suppress(OSError):
            if self._file:
                self._file.close()
        self._file = None
        if before > 0:
            return f"It has {before:,} attempts in {half_of(path)}. The rest"
        with suppress(OSError):
            half_of(path).unlink(missing_ok=True)
        return "The trace"


def complain(path: Path, problem: OSError, follows: str) -> None:
    """What went wrong with a file, and where the trace is now."""
    print(f"labkit: {path}: {problem.strerror or problem}. {follows}", file=sys.stderr)
