"""What a view of refusals draws: two screens, what goes back to the model, the next turn's fate."""

from dataclasses import dataclass
from typing import Literal

from labkit.views.sides import Party

Shown = Literal["answered", "helped", "crashed", "blank", "half a sentence", "refused"]

SEES: dict[Shown, str] = {
    "answered": "an answer",
    "helped": "where to turn",
    "crashed": "an error page",
    "blank": "an empty bubble",
    "half a sentence": "half a sentence",
    "refused": "a refusal",
}
"""How a question ended, in words for what stands on the screen."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the history."""

    role: Literal["person", "assistant"]
    text: str
    removed: bool = False
    """Whether the app took it out before it asked again."""
    refused: bool = False
    """Whether it belongs to the refused turn."""

    @property
    def note(self) -> str:
        """What the history says about it, after the name of who wrote it."""
        if self.removed:
            return " · refused, taken out" if self.refused else " · taken out"
        return " · refused, still there" if self.refused else ""


@dataclass(frozen=True, slots=True)
class Phone(Party):
    """One person's screen after a refusal, and what the app did about the next question."""

    outcome: Shown
    """How the refusal reached the screen."""
    text: str = ""
    """What the screen shows; empty for a crash and for a blank bubble."""
    error: str = ""
    """The exception in one line, for a crash."""
    history: tuple[Turn, ...] = ()
    """What goes back with the next question, in order, with what was taken out."""
    next_outcome: Shown = "answered"
    """How the next question ended."""
    next_text: str = ""
    """What the screen shows then, or the exception in one line."""

    @property
    def fates(self) -> tuple[tuple[str, Shown], ...]:
        """How both questions ended, each with the name of its fact."""
        return ("outcome", self.outcome), ("next", self.next_outcome)

    @property
    def words(self) -> dict[str, str]:
        """How both questions ended, in words, by the name of the fact."""
        again = "refused again" if self.next_outcome == "refused" else SEES[self.next_outcome]
        return {"outcome": SEES[self.outcome], "next": again}

    @property
    def kept(self) -> tuple[Turn, ...]:
        """The messages that really go back."""
        return tuple(turn for turn in self.history if not turn.removed)

    @property
    def removed(self) -> tuple[Turn, ...]:
        """The messages that were taken out."""
        return tuple(turn for turn in self.history if turn.removed)


@dataclass(frozen=True, slots=True)
class RefusalScene:
    """One refusal in one shape, on two screens."""

    shape: str
    """The shape as people say it: ``empty content``, ``mid-stream``, ``canned text``."""
    question: str
    """What the person asked when the refusal came."""
    next_question: str
    """What the person asks after that."""
    prototype: Phone
    production: Phone
    seed: int = 7
    person: str = "Noor"

    @property
    def phones(self) -> tuple[Phone, Phone]:
        """Prototype first."""
        return self.prototype, self.production
