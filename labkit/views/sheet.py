"""The sheet and the two small scripts that travel with the live views."""

from functools import cache
from importlib.resources import files


@cache
def sheet() -> str:
    """The style sheet; every rule hangs on ``.lk``, so nothing leaks into the reader's page."""
    return asset("sheet.css")


@cache
def asset(name: str) -> str:
    """The text of a file of this room."""
    return files("labkit.views").joinpath(name).read_text(encoding="utf-8")
