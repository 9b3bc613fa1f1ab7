"""Chance without a generator: every draw is a hash of the seed and of what is drawn for.

The same seed and labels give the same draw in any order, process and Python version, so
concurrent calls cannot disturb each other and a second run gives the same bytes.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Luck:
    """Draws for one seed and one key; draws with different labels are independent."""

    seed: int
    key: tuple[str | int, ...] = ()

    def child(self, *labels: str | int) -> "Luck":
        """The luck of something smaller, for example of one attempt of a call."""
        return Luck(self.seed, (*self.key, *labels))

    def uniform(self, *labels: str | int) -> float:
        """A number in [0, 1)."""
        return (int.from_bytes(self._digest(labels)[:8], "big") >> 11) / (1 << 53)

    def choice(self, options: Sequence[T], *labels: str | int) -> T:
        """One of the options, each equally likely."""
        return options[int(self.uniform(*labels) * len(options))]

    def octets(self, length: int, *labels: str | int) -> bytes:
        """That many bytes, for many small draws at the price of one."""
        return hashlib.shake_256(self._named(labels)).digest(length)

    def _digest(self, labels: tuple[str | int, ...]) -> bytes:
        return hashlib.sha256(self._named(labels)).digest()

    def _named(self, labels: tuple[str | int, ...]) -> bytes:
        parts = (self.seed, *self.key, *labels)
        return "\x1f".join([f"{type(part).__name__}:{part}" for part in parts]).encode()
