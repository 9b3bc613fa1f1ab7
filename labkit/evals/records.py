"""A traffic log's records, and what was drawn from them for an eval set."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from labkit.arguments import known, refused, text

Feedback = Literal["none", "up", "down"]
FEEDBACK = ("none", "up", "down")


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One message of the traffic log."""

    id: str
    text: str
    """As it was written: it may hold anything about anybody."""
    topic: str
    language: str = "en"
    feedback: Feedback = "none"
    opted_out: bool = False
    """Whether the person has said no to this use."""
    received: date | None = None
    expires: date | None = None
    """The first day on which the record must not be used any more; None where there is none."""

    def __post_init__(self) -> None:
        """Refuse a record whose use nobody could decide."""
        for name in ("id", "text", "topic", "language"):
            text(name, getattr(self, name), "The record cannot be told by it.")
        known(self.feedback, dict.fromkeys(FEEDBACK), "a feedback", "It cannot be counted.")
        if not isinstance(self.opted_out, bool):
            follows = "Nobody knows whether the record may be used."
            raise refused("opted_out", self.opted_out, follows, "Give True or False.")
        for name in ("received", "expires"):
            a_day(name, getattr(self, name))

    def __repr__(self) -> str:
        """Everything but the text, which must not reach a log by being printed."""
        return f"LogRecord({self.id!r}, {self.topic!r}, {self.language!r}, {self.feedback!r})"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message that was drawn for the eval set, redacted; its targets are written by a person."""

    id: str
    """The record's id in the log."""
    text: str
    """After redaction; the original is not kept."""
    topic: str
    language: str
    feedback: Feedback
    weight: float
    """How many eligible records it stands for; all weights add up to their number."""
    received: date | None
    source: str = "production"


def a_day(what: str, value: object) -> date | None:
    """A day, or none."""
    if value is None or type(value) is date:
        return value
    raise refused(what, value, "It is not a day.", "Give date(2026, 11, 23), or leave it out.")
