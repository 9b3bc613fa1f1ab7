"""Signs by which a hint knows what came from an answer.

A sign may raise on a strange value; then the hint does not fit.
"""

from collections.abc import Callable, Mapping

from labkit.checks.exercise import Hint
from labkit.checks.limits import Raised

Sign = Callable[[object], bool]


def anything(_: object) -> bool:
    """Fits what no other hint fits."""
    return True


def nothing(got: object) -> bool:
    """Fits None, which is what a function without ``return`` gives."""
    return got is None


def raised(*names: str) -> Sign:
    """Fits an exception of one of these names; of any name where none is given."""
    return lambda got: isinstance(got, Raised) and (not names or got.kind in names)


def kind_of(got: object) -> str:
    """The kind of an outcome; empty where it is not one."""
    kind = getattr(got, "kind", "")
    return kind if isinstance(kind, str) and not isinstance(got, Raised) else ""


def came(*kinds: str) -> Sign:
    """Fits an outcome of one of these kinds."""
    return lambda got: kind_of(got) in kinds


def is_turn(got: object, role: str) -> bool:
    """Whether a value is a turn of this role."""
    return isinstance(got, Mapping) and got.get("role") == role


PRINTED = Hint(
    "returns-nothing",
    nothing,
    "Nothing came back. `print` shows a value to you; only `return` hands it to the app.",
    "End the function with `return` and the value, on every path through it.",
)
RAISED = Hint(
    "raises",
    raised(),
    "The app stops here, and Noor sees an error page. Whatever came from the provider, this "
    "function must give a value.",
    "The line above names the exception. Find which line of yours raises it for what was given.",
)
