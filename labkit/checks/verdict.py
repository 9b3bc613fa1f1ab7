"""What a check says: a frozen value whose text is all that a learner needs."""

import os
from dataclasses import dataclass
from typing import Literal

State = Literal["solved", "not yet", "not written", "could not tell"]

WORDS = {
    "solved": "✓ solved",
    "not yet": "✕ not yet",
    "not written": "– not written yet",
    "could not tell": "– could not tell",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an answer to an exercise did."""

    code: str
    """The checklist item, or its warm-up."""
    name: str
    """The function or functions that were checked."""
    state: State
    cases_held: int = 0
    cases_total: int = 0
    given: str = ""
    """The first case that does not hold, in words."""
    expected: str = ""
    got: str = ""
    hint: str = ""
    """What the misconception does to a person, then where to look."""
    misconception: str | None = None
    """Id of the planted misconception that was recognised; None where it was another."""
    note: str = ""
    """What else there is to say."""
    points: float = 0.0
    max_points: float = 0.0

    def __repr__(self) -> str:
        """The points for nbgrader, the whole verdict for a person."""
        if os.environ.get("NBGRADER_EXECUTION") == "autograde":
            return f"{self.points:g}"
        held = f" · {self.cases_held} of {self.cases_total} cases hold" if self.cases_held else ""
        lines = [f"{WORDS[self.state]} · {self.code} {self.name}{held}"]
        for label in ("given", "expected", "got", "hint", "note"):
            if text := getattr(self, label):
                lines.append(f"{label:<9}{text}")
        return "\n".join(lines)
