"""Dictionaries that hold what was written last, so that a long day needs no more memory."""

from collections import OrderedDict
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Latest(OrderedDict[Key, Value]):
    """A dictionary that forgets what was written longest ago once it holds too much."""

    def __init__(self, most: int) -> None:
        """Hold at most ``most`` things."""
        super().__init__()
        self.most = most

    def __setitem__(self, key: Key, value: Value) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > self.most:
            self.popitem(last=False)


class Counts(Latest[tuple[str, ...], int]):
    """Counts of the latest things; what was never counted, or forgotten, counts 0."""

    def __missing__(self, key: tuple[str, ...]) -> int:
        return 0
