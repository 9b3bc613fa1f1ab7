"""The values of an eval: what is asked, what came back, what a scorer says about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from labkit.arguments import every, sendable, table, text


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the app asked for while it answered."""

    name: str
    input: Mapping[str, object]

    def __post_init__(self) -> None:
        """Refuse a call that no scorer can compare."""
        text("name", self.name, "No tool is called so.")
        table("input", self.input, "A tool takes its arguments by name.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one app made of one question. An app without tools returns the text alone."""

    text: str
    tool_calls: tuple[ToolCall, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no scorer can read."""
        text("text", self.text, "No scorer can read it.")
        every("tool_calls", self.tool_calls, ToolCall, 'ToolCall("extend_loan", {})')


@dataclass(frozen=True, slots=True)
class Score:
    """What one scorer says about one answer."""

    scorer: str
    """The scorer as one would write it: ``number('7 days')``."""
    holds: bool
    reason: str
    """Why it does not hold; empty when it holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """A rule for one answer, with its target. Call it with an answer to get a ``Score``."""

    name: str
    targets: tuple[object, ...]
    """What the rule compares with."""
    fault: Callable[[Answer], str] = field(repr=False)
    """Says what is wrong with an answer, and nothing when it holds."""

    def __call__(self, answer: Answer | str) -> Score:
        """Score one answer."""
        reason = self.fault(answer if isinstance(answer, Answer) else Answer(answer))
        return Score(str(self), not reason, reason)

    def __str__(self) -> str:
        """The scorer as one would write it."""
        return f"{self.name}({', '.join(map(repr, self.targets))})"


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled example: a question, and the scorers that an answer must satisfy."""

    id: str
    input: str
    scorers: tuple[Scorer, ...]
    """All of them must hold."""
    tags: tuple[str, ...] = ()
    """The slices it is counted in; its kind comes first."""
    language: str = "en"
    """The language of the question."""
    source: str = "written"
    """Where the input comes from: ``written``, ``simulated-log`` or ``off-topic``."""
    documents: tuple[str, ...] = ()
    """Ids of the documents it rests on: samples that share one are not independent."""

    def __post_init__(self) -> None:
        """Refuse a sample that cannot be asked or scored."""
        for name in ("id", "input", "language", "source"):
            sendable(name, getattr(self, name), "A sample cannot be told by it.")
        every("scorers", self.scorers, Scorer, '(cites("extensions"),)')
        every("tags", self.tags, str, '("happy",)')
        every("documents", self.documents, str, '("extensions",)')
