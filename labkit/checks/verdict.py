"""What a check says: a frozen value whose text is all that a learner needs."""

import os
from dataclasses import dataclass
from functools import partial
from typing import Literal

from labkit.arguments import line, shown
from labkit.checks.limits import run

LONGEST_GOT = 160
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


def told(came: object, most: int = LONGEST_GOT) -> str:
    """What came from an answer, on one short line, whatever its repr does or prints."""
    is_ours = type(came).__module__.startswith(f"{__package__}.")
    can_be = not is_ours or isinstance(run(partial(repr, came)), str)
    said = run(partial(shown, came, most)) if can_be else None
    return said if isinstance(said, str) else "a value that cannot be shown"


def as_text(came: object) -> str:
    """The same, but a text without its quotation marks."""
    return line(came, LONGEST_GOT) if isinstance(came, str) else told(came)
