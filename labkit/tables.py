"""Hand-typed TOML tables, read so that a mistake can be found.

In: a data file with ``[[name]]`` tables. Out: one ``Row`` for each table, which knows its file
and line. Every wrong or missing value becomes a ``CaseDataError`` that names both.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable

from labkit.arguments import refused
from labkit.errors import CaseDataError


@dataclass(frozen=True, slots=True)
class Row:
    """One table of a data file, and where it stands."""

    file: str
    line: int
    fields: Mapping[str, object]

    def text(self, key: str) -> str:
        """The text under a key; it must be there and not be empty."""
        value = self.fields.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"`{key}` is {value!r}, not a text", f'write {key} = "..."')
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under a key; empty when the key is missing."""
        value = self.fields.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(f"`{key}` is {value!r}, not a list of texts", f'write {key} = ["..."]')
        return tuple(value)

    def flag(self, key: str) -> bool:
        """The true or false under a key."""
        value = self.fields.get(key)
        if not isinstance(value, bool):
            raise self.wrong(f"`{key}` is {value!r}", f"write {key} = true or {key} = false")
        return value

    def whole(self, key: str) -> int:
        """The whole number under a key, 1 or more."""
        value = self.fields.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.wrong(f"`{key}` is {value!r}, not a whole number", f"write {key} = 7")
        return value

    def table(self, key: str) -> Mapping[str, object]:
        """The table under a key; it must be there and not be empty."""
        value = self.fields.get(key)
        if not isinstance(value, dict) or not value:
            raise self.wrong(f"`{key}` is {value!r}, not a table", f"write {key} = {{ ... }}")
        return value

    def one_of(self, key: str, known: tuple[str, ...]) -> str:
        """The text under a key, which must be one of the known ones."""
        value = self.text(key)
        if value not in known:
            raise self.wrong(f"`{key}` is {value!r}", f"use one of {', '.join(known)}")
        return value

    def day(self, key: str) -> date:
        """The day under a key, written as text: ``2026-05-04``."""
        try:
            return date.fromisoformat(self.text(key))
        except ValueError:
            raise self.wrong(
                f"`{key}` is {self.text(key)!r}, not a day", f"write {key} like 2026-05-04"
            ) from None

    def only(self, *known: str) -> None:
        """Refuse a key that nobody reads: most likely a typing mistake."""
        if strange := sorted(set(self.fields) - set(known)):
            raise self.wrong(f"nobody reads `{strange[0]}`", f"use one of {', '.join(known)}")

    def wrong(self, what: str, remedy: str) -> CaseDataError:
        """The error for this row."""
        return wrong(self.file, self.line, what, remedy)


def read_rows(file: Traversable, table: str) -> tuple[Row, ...]:
    """Every ``[[table]]`` of a TOML file, in the order of the file."""
    text = read_text(file)
    try:
        tables = tomllib.loads(text).get(table)
    except tomllib.TOMLDecodeError as error:
        raise wrong(file.name, toml_line(error), str(error), "correct the TOML there") from None
    mark = f"[[{table}]]"
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == mark]
    if not lines or not isinstance(tables, list) or len(lines) != len(tables):
        raise wrong(file.name, 1, f"{table} is not made of {mark}", f"write {mark} above each row")
    return tuple(Row(file.name, line, row) for line, row in zip(lines, tables, strict=True))


def read_text(file: Traversable) -> str:
    """The UTF-8 text of a data file."""
    if not isinstance(file, Traversable):
        raise refused("file", file, "No data can be read from it.", "Give a Path.")
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise wrong(file.name, 1, "the file is missing", "install labkit again") from None
    except OSError as error:
        what = f"the file cannot be read ({error.strerror})"
        raise wrong(file.name, 1, what, "install labkit again") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise wrong(file.name, line, "a character is not UTF-8", "save the file as UTF-8") from None


def wrong(file: str, line: int, what: str, remedy: str) -> CaseDataError:
    """What is wrong and where; what follows; what to do."""
    return CaseDataError(
        f"{file}, line {line}: {what}. The file cannot be used as it is. To mend it, {remedy}."
    )


def toml_line(error: tomllib.TOMLDecodeError) -> int:
    """The line of a TOML error, which Python 3.11 gives in the message only; 1 when unknown."""
    words = str(error).replace(",", " ").split()
    return int(words[words.index("line") + 1]) if "line" in words else 1
