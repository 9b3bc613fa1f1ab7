"""What this machine allows: where files can be written, and which port is free."""

import argparse
import errno
import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

HIGHEST_PORT = 65535
LONGEST_NUMBER = 18
YEARS = range(2000, 2100)
KEPT_AT_HOME = (".config", ".cache", ".local/share/jupyter", ".jupyter", ".ipython")
"""Where JupyterLab, IPython and matplotlib keep their files."""

FIRST_PAGE = Path("notebooks", "01_reliability.ipynb")
"""What opens first, below the repository."""


def save(path: Path, text: str) -> None:
    """Write a file whole or not at all: a full disk or an interrupt leaves what was there."""
    half = half_of(path)
    try:
        half.write_text(text, encoding="utf-8", newline="\n")
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def half_of(path: Path) -> Path:
    """Where a file is written before it takes its place."""
    return path.with_name(f"{path.name}.half")


def why_not_save(path: Path) -> str:
    """Why ``save`` cannot work, in words; nothing where it can."""
    try:
        if path.exists() and not path.is_file():
            return "it is not a file"
        half_of(path).touch()
        half_of(path).unlink()
    except (OSError, ValueError) as problem:
        return str(getattr(problem, "strerror", None) or problem)
    return ""


def is_writable(path: Path) -> bool:
    """Whether a folder, or the one in which it would be made, can be written."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return path.is_dir() and os.access(path, os.W_OK)


def home_is_writable() -> bool:
    """Whether programs can keep their files where they always do."""
    home = os.path.expanduser("~")
    return os.path.isabs(home) and all(is_writable(Path(home, part)) for part in KEPT_AT_HOME)


def with_a_home(folder: str) -> Mapping[str, str]:
    """The environment, with ``folder`` as home where there is none that can be written."""
    if home_is_writable():
        return os.environ
    return {**os.environ, "HOME": folder, "USERPROFILE": folder}


def port(text: str) -> int:
    """A port from the command line or from PORT."""
    if text.isascii() and text.isdecimal() and 0 < int(text[:6]) <= HIGHEST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(
        f"{text!r} is not a port. Nothing can listen on it. "
        f"Give a number from 1 to {HIGHEST_PORT}, for example 8889"
    )


def port_or_any(text: str) -> int:
    """A port, or 0 for any that is free."""
    return 0 if text == "0" else port(text)


def why_not_listen(number: int) -> str:
    """Why nobody can listen on a port of this machine, in words; nothing where it is free."""
    with socket.socket() as probe:
        if os.name != "nt":  # pragma: no branch - Windows has another meaning for it
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError as problem:
            return in_words(problem)
    return ""


def in_words(problem: OSError) -> str:
    """Why a port cannot be listened on."""
    if isinstance(problem, PermissionError):
        return "is for administrators"
    no_loopback = problem.errno == errno.EADDRNOTAVAIL
    return "cannot be used: this machine has no loopback" if no_loopback else "is in use"


def next_port(number: int) -> int:
    """Another port to try."""
    return number + 1 if 1024 <= number < HIGHEST_PORT else 8889  # noqa: PLR2004 - ours begin there


def count(text: str) -> int:
    """A whole number from the command line."""
    if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER:
        return int(text)
    raise argparse.ArgumentTypeError(
        f"{text[:LONGEST_NUMBER]!r} is not a whole number. Nothing can be made from it. "
        "Give 0 or more, for example 7"
    )


def real_number(text: str) -> float:
    """A number from the command line that is not negative, with or without a point."""
    whole, _, part = text.partition(".")
    digits = whole + part
    if digits.isascii() and digits.isdecimal() and len(text) <= LONGEST_NUMBER:
        return float(text)
    raise argparse.ArgumentTypeError(
        f"{text[:LONGEST_NUMBER]!r} is not a number. Nothing can be made from it. "
        "Give 0 or more, for example 0.5"
    )


def chance(text: str) -> float:
    """A number between 0 and 1 from the command line."""
    found = real_number(text)
    if 0 < found < 1:
        return found
    raise argparse.ArgumentTypeError(
        f"{text!r} is not between 0 and 1. It would let everything through or nothing. "
        "Give, for example, 0.05"
    )


def day(text: str) -> date:
    """A day from the command line."""
    with suppress(ValueError):
        found = date.fromisoformat(text)
        if found.year in YEARS:
            return found
    raise argparse.ArgumentTypeError(
        f"{text[:LONGEST_NUMBER]!r} is not a day of this century. No calendar can begin on it. "
        "Write it as in 2026-11-23"
    )
