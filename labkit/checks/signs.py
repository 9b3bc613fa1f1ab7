"""Signs by which a hint knows what came from an answer.

A sign may raise on a strange value; then the hint does not fit.
"""

from collections.abc import Callable, Mapping

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
