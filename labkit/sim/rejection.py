"""Why a request is refused, and the checks of single values, in the API's words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

SHOWN_CHARS = 60


@dataclass(slots=True)
class Rejection(Exception):  # noqa: N818 - an answer of the API, not an error of ours
    """The API refuses a request."""

    status: int
    message: str
    error_code: str | None = None
    """The finer reason in ``error.details``."""
    headers: tuple[tuple[str, str], ...] = ()
    """What the answer carries beside the usual headers, such as ``retry-after``."""
    details: Mapping[str, object] = field(default_factory=dict)
    """What ``error.details`` tells beside the finer reason."""


def invalid(message: str) -> Rejection:
    """The usual refusal: status 400."""
    return Rejection(400, message)


def required(name: str, fields: Mapping[str, object], where: str = "") -> object:
    """The value of a field that must be there."""
    if name not in fields:
        raise invalid(f"{where}.{name}: Field required" if where else f"{name}: Field required")
    return fields[name]


def no_extras(where: str, fields: Mapping[str, object], known: Collection[str]) -> None:
    """Refuse fields that the API does not know."""
    for name in fields:
        if name not in known:
            raise invalid(f"{where}.{name}: Extra inputs are not permitted")


def need_string(where: str, value: object) -> str:
    """The value as a string."""
    if not isinstance(value, str):
        raise invalid(f"{where}: Input should be a valid string")
    return value


def need_boolean(where: str, value: object) -> None:
    """Refuse anything but true and false."""
    if not isinstance(value, bool):
        raise invalid(f"{where}: Input should be a valid boolean")


def need_number(where: str, value: object) -> None:
    """Refuse anything but a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid(f"{where}: Input should be a valid number")


def need_whole(where: str, value: object, *, least: int) -> None:
    """Refuse anything but a whole number that is not too small."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise invalid(f"{where}: Input should be a valid integer")
    if value < least:
        raise invalid(f"{where}: Input should be greater than or equal to {least}")


def need_list(where: str, value: object) -> Sequence[object]:
    """The value as a list."""
    if not isinstance(value, list):
        raise invalid(f"{where}: Input should be a valid list")
    return value


def need_object(where: str, value: object) -> Mapping[str, object]:
    """The value as an object."""
    if not isinstance(value, dict):
        raise invalid(f"{where}: Input should be an object")
    return value


def need_one_of(where: str, value: object, known: Sequence[str]) -> None:
    """Refuse a word that is not known."""
    if not isinstance(value, str) or value not in known:
        raise invalid(f"{where}: Input should be {either(known)}")


def need_tag(where: str, fields: Mapping[str, object], known: Sequence[str]) -> str:
    """The ``type`` of an object that comes in several kinds."""
    tag = required("type", fields, where)
    if not isinstance(tag, str) or tag not in known:
        expected = ", ".join(f"'{name}'" for name in known)
        raise invalid(
            f"{where}: Input tag '{str(tag)[:SHOWN_CHARS]}' found using 'type' does not match any "
            f"of the expected tags: {expected}"
        )
    return tag


def either(known: Sequence[str]) -> str:
    """'a', 'b' or 'c'."""
    quoted = [f"'{name}'" for name in known]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
