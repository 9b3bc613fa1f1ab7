"""Faults as a person types them: ``overloaded(times=2), slow(3)``.

The text is parsed and never run: only the names of faults, and numbers, strings and None.
"""

import ast
import inspect
from collections.abc import Callable
from typing import get_type_hints

from labkit import sim
from labkit.arguments import known, refused
from labkit.errors import ArgumentError
from labkit.sim.faults import Fault

FAULTS: dict[str, Callable[..., Fault]] = {
    name: getattr(sim, name)
    for name in sim.__all__
    if get_type_hints(getattr(sim, name)).get("return") is Fault
}

FOLLOWS = "Nothing can be made to go wrong by it."
REMEDY = "Write, for example, 'overloaded(times=2), slow(3)'."


def read_faults(text: str) -> tuple[Fault, ...]:
    """The faults that a text names.

    Raises:
        ArgumentError: It names none, or gives one what it does not take.
    """
    try:
        whole = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise refused("faults", text, FOLLOWS, REMEDY) from None
    parts = whole.elts if isinstance(whole, ast.Tuple | ast.List) else [whole]
    return tuple(one_fault(part, text) for part in parts)


def one_fault(part: ast.expr, text: str) -> Fault:
    """One fault, with or without brackets."""
    call = part if isinstance(part, ast.Call) else ast.Call(part, [], [])
    if not isinstance(call.func, ast.Name):
        raise refused("faults", text, FOLLOWS, REMEDY)
    make = known(call.func.id, FAULTS, "a fault", FOLLOWS)
    try:
        values = [ast.literal_eval(value) for value in call.args]
        named = {word.arg or "": ast.literal_eval(word.value) for word in call.keywords}
        inspect.signature(make).bind(*values, **named)
    except (TypeError, ValueError, RecursionError, MemoryError):
        takes = ", ".join(inspect.signature(make).parameters)
        raise ArgumentError(
            f"{call.func.id} was given something that it does not take. {FOLLOWS} "
            f"Give it plain values, by these names: {takes}."
        ) from None
    return make(*values, **named)
