"""Ids and times of the real form; ids are made from drawn bytes."""

from datetime import datetime

BASE62 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHARACTERS = bytes(BASE62[byte % len(BASE62)] for byte in range(256))
"""Turns any byte into a figure or a letter."""

ID_BYTES = 22
SIGNATURE_BYTES = 126
"""What a signature of thinking has between its first and its last character."""


def make_id(prefix: str, drawn: bytes) -> str:
    """An id such as ``msg_01`` and 22 characters; ``req_`` and ``toolu_`` look the same."""
    return f"{prefix}_01{drawn[:ID_BYTES].translate(CHARACTERS).decode()}"


def timestamp(moment: datetime) -> str:
    """A time as the API writes it, in UTC."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
