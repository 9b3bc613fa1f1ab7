"""Ids and signatures of the real form, made from luck."""

from labkit.sim.luck import Luck

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ID_DIGITS = 22


def make_id(prefix: str, luck: Luck) -> str:
    """An id such as ``msg_01`` and 22 characters; ``req_`` and ``toolu_`` look the same."""
    return f"{prefix}_01{base62(luck.hex(40, 'id', prefix), ID_DIGITS)}"


def signature(thinking: str, luck: Luck) -> str:
    """An opaque proof that this thinking came from the provider."""
    parts = [base62(luck.hex(64, "signature", thinking, part), 42) for part in range(3)]
    return f"E{''.join(parts)}="


def base62(hexadecimal: str, length: int) -> str:
    """The lowest digits of a number, written with figures and letters."""
    number, digits = int(hexadecimal, 16), ""
    for _ in range(length):
        number, rest = divmod(number, len(BASE62))
        digits += BASE62[rest]
    return digits
