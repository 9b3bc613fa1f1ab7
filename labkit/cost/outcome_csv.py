"""Outcomes from a CSV of one's own; whatever is wrong in it names the file and the line.

    id,tier,ok,cost_usd,seconds          one row for each example on each tier
    drill-days,fast,true,0.0067,0.6      ok: true or false, yes or no, 1 or 0; empty: not scored

May also have: task (without it: answers), prompt_tokens, output_tokens, escalated. Others are left
out. UTF-8, with or without a byte order mark; commas between, points in numbers.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from labkit.arguments import line, offer, refused, shown
from labkit.cost.outcomes import Outcome, Outcomes
from labkit.errors import ArgumentError

NEEDED = ("id", "tier", "ok", "cost_usd", "seconds")
OPTIONAL = ("task", "prompt_tokens", "output_tokens", "escalated")
WORDS: Mapping[str, bool] = {
    "true": True, "yes": True, "1": True,
    "false": False, "no": False, "0": False,
}  # fmt: skip
HEADER = ",".join(NEEDED)


def read_outcomes(path: str | Path) -> Outcomes:
    """Read what an eval of one's own saw: a CSV with id, tier, ok, cost_usd and seconds.

    Args:
        path: The file. Tiers are shown in the order of their first rows.

    Raises:
        ArgumentError: It cannot be read, or not be compared; with the line.
    """
    if not isinstance(path, (str, Path)) or not str(path):
        raise refused("path", path, "No file can be found by it.", 'Give "outcomes.csv".')
    file = Path(path)
    content = content_of(file)
    try:
        table = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    except csv.Error as problem:
        raise wrong(file, None, f"is no CSV: {line(str(problem))}", "Write it anew.") from None
    if not any(any(cell.strip() for cell in cells) for cells in table):
        raise wrong(file, None, "is empty", f"Begin it with {HEADER}.")
    lines = numbered(content)
    names = header_of(file, table[0])
    rows = [
        outcome_of(file, at, dict(zip(names, padded(file, at, cells, names), strict=True)))
        for at, cells in zip(lines[1:], table[1:], strict=True)
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        raise wrong(file, None, "has a header and no row", "Write one for each example and tier.")
    try:
        return Outcomes(tuple(rows))
    except ArgumentError as problem:
        raise ArgumentError(f"{line(file.name, 60)}: {problem}") from None


def content_of(file: Path) -> str:
    """The text of the file, without a byte order mark."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise wrong(file, None, "is not UTF-8", "Save it as CSV UTF-8.") from None
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or str(problem)
        raise wrong(file, None, f"cannot be read: {line(why)}", "Check the path.") from None


def numbered(content: str) -> list[int]:
    """The line in which each record of a CSV begins: a quoted cell may have several."""
    reader = csv.reader(io.StringIO(content, newline=""))
    found, at = [], 1
    for _ in reader:
        found.append(at)
        at = reader.line_num + 1
    return found


def header_of(file: Path, cells: Sequence[str]) -> list[str]:
    """The names of the columns; those that are needed are there once."""
    names = [cell.strip().lower() for cell in cells]
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        remedy = f"Save it with commas between, and points in numbers: {HEADER}."
        raise wrong(file, 1, "has no commas between its columns", remedy)
    for name in NEEDED:
        if name not in names:
            missing = f"has no column {name}"
            raise wrong(file, 1, missing, f"{meant(name, names)}Begin it with {HEADER}.")
    for name in (*NEEDED, *OPTIONAL):
        if names.count(name) > 1:
            raise wrong(file, 1, f"has the column {name} twice", "Take one of them out.")
    return names


def meant(name: str, names: Sequence[str]) -> str:
    """The nearest of the columns that nobody reads."""
    near = offer(name, [one for one in names if one and one not in (*NEEDED, *OPTIONAL)])
    begins = near.partition("? ")[0]
    return f"{begins}? " if begins.startswith("Did you mean") else ""


def padded(file: Path, at: int, cells: Sequence[str], names: Sequence[str]) -> Sequence[str]:
    """The cells of a row, as many as there are columns."""
    if len(cells) != len(names):
        what = f"has {len(cells)} cells, and the header {len(names)}"
        raise wrong(file, at, what, "A comma inside a cell needs quotation marks around it.")
    return cells


def outcome_of(file: Path, at: int, cells: Mapping[str, str]) -> Outcome:
    """One row as a value."""
    read: dict[str, Callable[[str], object]] = {
        "cost_usd": amount,
        "seconds": lambda cell: float(amount(cell)),
        "prompt_tokens": count,
        "output_tokens": count,
        "escalated": lambda cell: WORDS[cell.lower()] if cell else False,
        "ok": lambda cell: WORDS[cell.lower()] if cell else None,
    }
    values: dict[str, object] = {}
    for name in (*NEEDED, *OPTIONAL):
        cell = cells.get(name, "").strip()
        if name in OPTIONAL and not cell:
            continue
        try:
            values[name] = read.get(name, str)(cell)
        except (KeyError, ValueError, InvalidOperation):
            what = f"has {shown(cell, 40)} as {name}"
            raise wrong(file, at, what, REMEDY[name]) from None
    try:
        return Outcome(**values)  # type: ignore[arg-type]
    except ArgumentError as problem:
        raise ArgumentError(f"{line(file.name, 60)}, line {at}: {problem}") from None


def amount(cell: str) -> Decimal:
    """A number that is not endless."""
    value = Decimal(cell)
    if not value.is_finite():
        raise ValueError
    return value


def count(cell: str) -> int:
    """A whole number; a table may have written it as ``1200.0``."""
    value = amount(cell)
    if value != int(value):
        raise ValueError
    return int(value)


POINT = "Write a number with a point and without a unit, such as 0.0067."
WHOLE = "Write a whole number such as 1200, or leave the cell empty."
REMEDY = {
    "ok": "Write true or false; leave it empty where the provider failed.",
    "cost_usd": POINT,
    "seconds": POINT,
    "prompt_tokens": WHOLE,
    "output_tokens": WHOLE,
    "escalated": "Write true or false, or leave the cell empty.",
}


def wrong(file: Path, at: int | None, what: str, remedy: str) -> ArgumentError:
    """The error of a file: its name without the folders, and the line."""
    where = line(file.name, 60) or "."
    place = where if at is None else f"{where}, line {at}"
    return ArgumentError(f"{place} {what}. No outcome was read. {remedy}")
