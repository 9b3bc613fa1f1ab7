"""Refusing an argument: what is wrong with the value; what follows; what to do.

Every room that takes a value from a person asks here, so that each refusal has its three parts,
offers the nearest name, and stays short and printable whatever the value is.
"""

import inspect
import math
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from labkit.errors import ArgumentError

Thing = TypeVar("Thing")

ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
"""Where an object lies in memory: other bytes in each run, and nothing to a reader."""
LONGEST = 80
FEW = 12
"""So many names are all shown; of more, the nearest or the first."""


def refused(what: str, value: object, follows: str, remedy: str) -> ArgumentError:
    """The error for an argument: ``what`` names it, the two sentences say the rest."""
    return ArgumentError(f"{line(what)} is {shown(value)}. {follows} {remedy}")


def known(name: object, things: Mapping[str, Thing], kind: str, follows: str) -> Thing:
    """The thing with this name; a refusal offers the nearest names."""
    if isinstance(name, str) and name in things:
        return things[name]
    raise ArgumentError(f"{shown(name)} is not {kind}. {follows} {offer(name, things)}")


def offer(name: object, names: Iterable[str]) -> str:
    """Which names to use instead: the nearest, and all where they are few."""
    every = list(names)
    plain = {one.lower(): one for one in every}
    wanted = name[:LONGEST].lower() if isinstance(name, str) else ""
    near = [plain[one] for one in get_close_matches(wanted, plain, cutoff=0.6)]
    meant = f"Did you mean {' or '.join(map(repr, near))}?" if near else ""
    if near and len(every) > FEW:
        return meant
    more = f" and {len(every) - FEW} more" if len(every) > FEW else ""
    return f"{meant} Use one of: {', '.join(every[:FEW])}{more}.".strip()


def whole(
    what: str, value: object, follows: str, *, least: int | None = None, most: int | None = None
) -> int:
    """A whole number within bounds."""
    if isinstance(value, int) and not isinstance(value, bool):
        lowest = value if least is None else least
        highest = value if most is None else most
        if lowest <= value <= highest:
            return value
    bounds = "" if least is None else f", {least} or more"
    bounds += "" if most is None else f", at most {most:,}"
    raise refused(what, value, follows, f"Give a whole number{bounds}.")


def number(what: str, value: object, follows: str, *, endless: bool = False) -> float:
    """A number from 0 on; ``endless`` allows infinity."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            size = float(value)
        except OverflowError:
            size = math.nan
        if size >= 0 and (endless or size < math.inf):
            return size
    raise refused(what, value, follows, "Give a number, 0 or more.")


def yes_or_no(what: str, value: object, follows: str) -> bool:
    """True or False, and nothing that merely counts as one."""
    if isinstance(value, bool):
        return value
    raise refused(what, value, follows, "Give True or False.")


def text(what: str, value: object, follows: str) -> str:
    """A text."""
    if isinstance(value, str):
        return value
    raise refused(what, value, follows, "Give a text in quotation marks.")


def sendable(what: str, value: object, follows: str) -> str:
    """A text that can be sent and kept: no character of it is half a one."""
    said = text(what, value, follows)
    try:
        said.encode()
    except UnicodeEncodeError:
        half = "It has half of a character, which cannot be sent or kept."
        raise refused(what, said, half, "Leave it out.") from None
    return said


def given(what: str, value: object, kind: type[Thing], follows: str) -> Thing | None:
    """A value of one kind, or None where it was left out."""
    if value is None or isinstance(value, kind):
        return value
    raise refused(what, value, follows, f"Give {kind.__name__}(), or leave it out.")


def table(what: str, value: object, follows: str) -> Mapping[str, object]:
    """A mapping of names to values."""
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return value
    raise refused(what, value, follows, 'Give a dict, for example {"item": "drill"}.')


def function(what: str, value: object, *takes: str, awaited: bool = False) -> None:
    """Refuse what cannot be called with these arguments, and async where nobody awaits it."""
    call = f"({', '.join(takes)})"
    if not callable(value) or not fits(value, len(takes)):
        how = f"It cannot be called with {call}."
        raise refused(what, value, how, f"Give a function that takes {call}, without calling it.")
    if inspect.iscoroutinefunction(value) and not awaited:
        how = "It is asynchronous, and nobody would wait for it here."
        raise refused(what, value, how, "Give a function without async, or use lab.run(main).")


def fits(answer: Callable[..., object], count: int, *names: str) -> bool:
    """Whether a function can be called with that many arguments; so if nobody can tell."""
    try:
        inspect.signature(answer).bind(*[None] * count, **dict.fromkeys(names))
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def every(what: str, values: Iterable[Thing], kind: type, example: str) -> tuple[Thing, ...]:
    """Values that are all of one kind."""
    if not isinstance(values, Iterable) or isinstance(values, (str, bytes)):
        follows = f"It is not a list of {kind.__name__} values."
        raise refused(what, values, follows, f"Give a list, for example {example}.")
    found = tuple(values)
    for one in found:
        if not isinstance(one, kind):
            follows = f"Only {kind.__name__} values can stand in {what}."
            raise refused(f"something in {what}", one, follows, f"Use, for example, {example}.")
    return found


BREAKS = re.compile(r"\s*[^\S ]\s*")
"""A line break or a tab, with the white space around it."""


def shown(value: object, most: int = LONGEST) -> str:
    """A value as one would write it, on one short line, whatever its repr does."""
    try:
        return line(ADDRESS.sub("", repr(value)), most)
    except Exception as problem:
        return f"a value of {type(value).__name__} whose repr raises {type(problem).__name__}"


def words(value: object) -> str:
    """The text of a value, such as an exception, whatever its str does."""
    try:
        return str(value)
    except Exception:
        return ""


def line(text: str, most: int = LONGEST) -> str:
    """A text on one line, without characters that a terminal would obey, cut when long."""
    flat = BREAKS.sub(" ", text).strip()
    clean = "".join(char if char.isprintable() else "\ufffd" for char in flat[: most + 1])
    return clean if len(clean) <= most else f"{clean[:most]} …"
