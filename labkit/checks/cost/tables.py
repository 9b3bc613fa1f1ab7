"""C2: tables of two tiers on the same examples, and what was said of them.

examples, worse, better -> outcomes by id for both tiers -> the answer's verdict -> Said
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from labkit.arguments import LONGEST
from labkit.checks.exercise import Answer
from labkit.checks.verdict import as_text, told

WORDS = ("yes", "no", "need_more")
Outcomes = dict[str, bool]


@dataclass(frozen=True, slots=True)
class Table:
    """How two tiers did on the same examples."""

    n: int
    worse: int
    """Right with the dearer tier, wrong with the cheaper one."""
    better: int
    """The other way round."""
    margin: float = 0.05
    alpha: float = 0.05
    wrong: int = 0
    """Wrong with both."""
    is_shuffled: bool = False
    """Whether the cheaper tier's answers came in another order."""

    def both(self) -> tuple[Outcomes, Outcomes]:
        """Whether each example was right: the dearer tier's outcomes and the cheaper one's."""
        ids = [f"q{i:04}" for i in range(self.n)]
        random.Random(7).shuffle(ids)
        flips = self.worse + self.better
        dearer = {id: not self.worse <= i < flips + self.wrong for i, id in enumerate(ids)}
        cheaper = {
            id: i >= self.worse and not flips <= i < flips + self.wrong for i, id in enumerate(ids)
        }
        order = ids[:]
        if self.is_shuffled:
            random.Random(8).shuffle(order)
        return {id: dearer[id] for id in ids}, {id: cheaper[id] for id in order}

    def __repr__(self) -> str:
        """The table in words."""
        flips = f"{self.worse or 'none'} worse, {self.better or 'none'} better"
        alpha = "" if self.alpha == 0.05 else f", alpha {self.alpha}"  # noqa: PLR2004 - the usual
        points = "1 point" if self.margin == 0.01 else f"{100 * self.margin:g} points"  # noqa: PLR2004
        return f"{self.n:,} examples: {flips}; margin {points}{alpha}"


@dataclass(frozen=True, slots=True)
class Said:
    """What came for some tables."""

    came: tuple[object, ...]

    def __repr__(self) -> str:
        """The word and how many examples it takes, of each."""
        if not self.are_verdicts:
            return told(self.came[0], LONGEST)
        said = []
        for word, needed in zip(self.words, self.needed, strict=True):
            number = f"{needed:,}" if isinstance(needed, int) else told(needed, 20)
            said.append(f"{word}, {number} needed" if word == "need_more" else as_text(word))
        return "; ".join(said)

    @property
    def are_verdicts(self) -> bool:
        """Whether each has one of the three words, and a number or None."""
        return all(one in WORDS for one in self.words) and all(
            one is None or (isinstance(one, int) and not isinstance(one, bool))
            for one in self.needed
        )

    @property
    def words(self) -> tuple[object, ...]:
        """The words."""
        return tuple(getattr(one, "word", None) for one in self.came)

    @property
    def needed(self) -> tuple[object, ...]:
        """The numbers; a text where there is no such field."""
        return tuple(getattr(one, "n_needed", "no n_needed") for one in self.came)

    @property
    def word(self) -> object:
        """The first word."""
        return self.words[0]

    @property
    def number(self) -> int:
        """The first number; an exception where there is none."""
        assert isinstance(self.needed[0], int)
        return self.needed[0]


def of(got: object) -> Said:
    """What was said; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Said)
    return got


def said(answer: Answer, tables: Sequence[Table]) -> Said:
    """Ask about each table."""
    return Said(tuple(answer(*one.both(), one.margin, one.alpha) for one in tables))
