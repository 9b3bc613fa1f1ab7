"""Memory: what people said of themselves some turns ago, and when it is forgotten.

    turns, what the system prompt restates -> Recalled(kept, forgotten)

A model reads all of its input at every turn, and still a constraint that was said once carries
less and less weight. Here it holds for a number of turns, or for as long as the system prompt
says it again.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from labkit.sim.model.words import terms

CLOSE = 2
"""Turns before the last one that are always read with it."""
LONGEST_TOLD = 300
"""Characters of such a sentence that are read."""
SAME = 0.5
"""The share of its terms that the system prompt must have to say it again."""
STATES = r"(?:am|are|is|use|uses|have|has|need|needs|live|lives|cannot|can't|pay|pays)\b"
SENTENCE_ENDS = re.compile(r"[.!;] |\n")
FIRST_LETTERS = frozenset("IiWwMm")
FIRST_WORDS = ("i ", "i'm ", "we ", "my ")
"""In lower case; a turn with none of them tells nothing of the person."""
TELLS = re.compile(
    rf"(?:[Ii]|[Ww]e|[Mm]y \w+) {STATES}[^.!?;]{{1,{LONGEST_TOLD}}}(?=[.!;]|$)"
    rf"|[Ii]'m [^.!?;]{{1,{LONGEST_TOLD}}}(?=[.!;]|$)"
)
RESTATED = re.compile(
    rf"^[-* ]*(?:The (?:member|person|visitor|customer|user)|I|We) {STATES}"
    rf"[^.!?\n]{{1,{LONGEST_TOLD}}}",
    re.MULTILINE,
)


class Recalled(NamedTuple):
    """What is kept in mind of earlier turns."""

    kept: tuple[str, ...] = ()
    forgotten: tuple[tuple[str, int], ...] = ()
    """What was said, and how many turns ago."""


def restatements(instructions: str) -> list[str]:
    """What the system prompt says of the person who asks."""
    return RESTATED.findall(instructions)


def recall(turns: Sequence[str], restated: Sequence[str], remembers_turns: int) -> Recalled:
    """What a model that remembers for so many turns still knows of what people told it."""
    if len(turns) <= CLOSE + 1 and not restated:
        return Recalled()
    again = set(terms(" ".join(restated)))
    kept, forgotten = list(restated), []
    for at, turn in enumerate(turns[: -CLOSE - 1]):
        ago = len(turns) - 1 - at
        for said in told_in(turn):
            if ago <= remembers_turns:
                kept.append(said)
            elif not _is_restated(said, again):
                forgotten.append((said, ago))
    return Recalled(tuple(kept), tuple(forgotten))


def told_in(turn: str) -> list[str]:
    """What somebody says of themselves in a turn: whole sentences, by their first words."""
    lower = turn.lower()
    if not any(word in lower for word in FIRST_WORDS):
        return []
    begun = (one for one in SENTENCE_ENDS.split(turn) if one[:1] in FIRST_LETTERS)
    return [found[0] for one in begun if (found := TELLS.match(one))]


def _is_restated(said: str, again: set[str]) -> bool:
    own = set(terms(said))
    return len(own & again) >= SAME * len(own)
