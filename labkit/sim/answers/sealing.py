"""Signatures of thinking blocks: opaque to everybody, and proof to the provider that made them.

    E | drawn | seal of the model | seal of the words shown | seal of what came before | =

A seal is a hash that only the provider makes. So a block tells, without any memory, which model
wrote it, whether its words were changed, and whether it comes back after the same conversation.
"""

import re
from collections.abc import Iterable

from labkit.sim.ids import CHARACTERS, SIGNATURE_BYTES
from labkit.sim.luck import Luck

SEAL_CHARS = 21
DRAWN_CHARS = SIGNATURE_BYTES - 3 * SEAL_CHARS
PROVIDER = Luck(0, ("signature",))
"""The same for every seed: what one provider signed, an equal one knows."""

FORM = re.compile(
    rf"E(\w{{{DRAWN_CHARS}}})(\w{{{SEAL_CHARS}}})(\w{{{SEAL_CHARS}}})(\w{{{SEAL_CHARS}}})=",
    re.ASCII,
)


def sign(drawn: bytes, shown: str, model_id: str, before: bytes) -> str:
    """The signature of a block that shows these words after this conversation."""
    head = drawn[:DRAWN_CHARS].translate(CHARACTERS).decode()
    return f"E{head}{seal(head, model_id)}{seal(head, shown)}{seal(head, before.hex())}="


def seal(head: str, value: str) -> str:
    """A part of a signature."""
    return PROVIDER.octets(SEAL_CHARS, head, value).translate(CHARACTERS).decode()


def maker_of(signature: str, model_ids: Iterable[str]) -> str | None:
    """The model that wrote a block; None of a signature that was never given."""
    parts = FORM.fullmatch(signature)
    if parts is None:
        return None
    return next((one for one in model_ids if seal(parts[1], one) == parts[2]), None)


def shows(signature: str, shown: str) -> bool:
    """Whether a block still says what it said when it was signed."""
    parts = FORM.fullmatch(signature)
    return parts is not None and seal(parts[1], shown) == parts[3]


def follows(signature: str, before: bytes) -> bool:
    """Whether a block stands after the conversation after which it was written."""
    parts = FORM.fullmatch(signature)
    return parts is not None and seal(parts[1], before.hex()) == parts[4]
