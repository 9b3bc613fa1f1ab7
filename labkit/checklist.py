"""The production checklist: 56 items in six areas, and the five incidents they prevent.

Typed by hand in ``labkit/data/checklist.toml``. ``item("R9")`` finds one by its code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from labkit.arguments import known
from labkit.tables import Row, read_rows

PRIORITIES = ("P0", "P1", "P2", "later")


@dataclass(frozen=True, slots=True)
class Area:
    """One of the six areas; each has its lab."""

    id: str
    title: str
    covers: str


@dataclass(frozen=True, slots=True)
class FailureMode:
    """An incident that the checklist prevents."""

    id: str
    story: str
    """What happens, in a sentence or two."""
    fix: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a production system has."""

    code: str
    """Letter of the area and a number: ``R9``."""
    id: str
    """The same in words: ``handles-refusals``."""
    area: Area
    section: str
    """The group that it stands in within its area."""
    text: str
    """What holds when the item is done."""
    priority: str
    """``P0`` before launch, ``P1`` first sprint after, ``P2`` within 30 days, ``later``."""
    failure_modes: tuple[FailureMode, ...]
    """The incidents it helps to prevent."""


@dataclass(frozen=True, slots=True)
class Checklist:
    """Everything in one checklist file."""

    areas: tuple[Area, ...]
    failure_modes: tuple[FailureMode, ...]
    items: tuple[Item, ...]


def items() -> tuple[Item, ...]:
    """All 56 items, in the order of the areas."""
    return checklist().items


def item(code: str) -> Item:
    """The item with this code, such as ``R9``."""
    found = {one.code: one for one in items()}
    kind, follows = "an item of the checklist", "Nothing can be shown or ticked for it."
    return known(code, found, kind, follows)


def areas() -> tuple[Area, ...]:
    """The six areas, in the order of the labs."""
    return checklist().areas


def failure_modes() -> tuple[FailureMode, ...]:
    """The five incidents."""
    return checklist().failure_modes


@cache
def checklist() -> Checklist:
    """The checklist that labkit carries, read once."""
    return load_checklist(files("labkit") / "data" / "checklist.toml")


def load_checklist(file: Traversable) -> Checklist:
    """A checklist from its TOML file."""
    known_areas = [read_area(row) for row in read_rows(file, "area")]
    known_modes = [read_failure_mode(row) for row in read_rows(file, "failure_mode")]
    by_area = {one.id: one for one in known_areas}
    by_mode = {one.id: one for one in known_modes}
    found: dict[str, Item] = {}
    for row in read_rows(file, "item"):
        one = read_item(row, by_area, by_mode)
        if one.code in found:
            raise row.wrong(f"the code {one.code} is taken", "give the item another code")
        found[one.code] = one
    return Checklist(tuple(known_areas), tuple(known_modes), tuple(found.values()))


def read_area(row: Row) -> Area:
    """One ``[[area]]``."""
    row.only("id", "title", "covers")
    return Area(row.text("id"), row.text("title"), row.text("covers"))


def read_failure_mode(row: Row) -> FailureMode:
    """One ``[[failure_mode]]``."""
    row.only("id", "story", "fix")
    return FailureMode(row.text("id"), row.text("story"), row.text("fix"))


def read_item(row: Row, areas: Mapping[str, Area], modes: Mapping[str, FailureMode]) -> Item:
    """One ``[[item]]``."""
    row.only("code", "id", "area", "section", "text", "priority", "failure_modes")
    return Item(
        code=row.text("code"),
        id=row.text("id"),
        area=named(row, areas, row.text("area")),
        section=row.text("section"),
        text=row.text("text"),
        priority=row.one_of("priority", PRIORITIES),
        failure_modes=tuple(named(row, modes, one) for one in row.texts("failure_modes")),
    )


Thing = TypeVar("Thing")


def named(row: Row, things: Mapping[str, Thing], id: str) -> Thing:
    """What a row means by an id."""
    if id not in things:
        raise row.wrong(f"nothing is called {id!r}", f"use one of {', '.join(things)}")
    return things[id]
