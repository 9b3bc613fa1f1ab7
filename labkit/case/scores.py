"""Scores of a search, measured on questions of other people: numbers alone, none of their text.

retrieval_scores.toml -> ScoreTable
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

FILE = files("labkit") / "data" / "retrieval_scores.toml"


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Best scores, and whether the index held the page that answers; quantiles of many more."""

    scores: tuple[float, ...]
    answerable: tuple[bool, ...]
    """For each score, whether its question's page was in the index."""
    questions: int
    """Questions that were asked, each with its page and without."""
    passages: int
    """Passages in the index."""
    measured: date
    source: str

    def __repr__(self) -> str:
        """What it stands for."""
        return (
            f"{len(self.scores)} scores for {self.questions:,} questions, with their page and "
            f"without; measured {self.measured} on {self.source}"
        )


@cache
def retrieval_scores() -> ScoreTable:
    """What ``Bm25`` finds at best for 2,655 questions, with their page in the index and without."""
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))
    has, has_not = found["with_page"], found["without_page"]
    return ScoreTable(
        scores=(*has, *has_not),
        answerable=(True,) * len(has) + (False,) * len(has_not),
        questions=found["questions"],
        passages=found["passages"],
        measured=found["measured"],
        source=found["source"],
    )
