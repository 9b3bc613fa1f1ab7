"""What came of running an app: the text on the screen, the crash, the attempts."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field

import anthropic

from labkit.arguments import ADDRESS, function, line, refused, words
from labkit.arguments import text as need_text
from labkit.clock import current
from labkit.trace import Recorder, Trace

LONGEST_ERROR = 300

App = Callable[[anthropic.Anthropic, str], str]
"""An app answers one question through a client."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one app did with one question."""

    question: str
    text: str | None
    """What the person reads; None when the app returned nothing or raised."""
    error: str | None
    """The exception in one line; None when the app returned."""
    trace: Trace
    """This run's attempts; times begin with the question."""
    total_s: float
    """From the question to the answer or the crash, in seconds."""

    @property
    def first_token_s(self) -> float | None:
        """When the first text came, in seconds after the question."""
        return next((a.first_token_s for a in self.trace if a.first_token_s is not None), None)

    def __repr__(self) -> str:
        """The question, what the person got, and the attempts."""
        shown = self.error if self.error else self.text or "nothing"
        return f"asked: {self.question}\ngot:   {shown}\n{self.trace!r}"


@dataclass(slots=True)
class Screen:
    """What a person sees of an app that streams."""

    text: str = ""
    states: list[str] = field(default_factory=list)
    """Every text that stood on the screen, oldest first."""
    times_s: list[float] = field(default_factory=list, repr=False)
    """When each of them came, in seconds on the clock of whoever shows it."""

    def write(self, piece: str) -> None:
        """Add a piece of text."""
        self.replace(self.text + need_text("piece", piece, "It cannot stand on a screen."))

    def replace(self, text: str) -> None:
        """Take back what stands there and show ``text`` instead."""
        self.text = need_text("text", text, "It cannot stand on a screen.")
        self.states.append(text)
        self.times_s.append(current().monotonic())


def one_line(error: BaseException) -> str:
    """An exception in one line that a person can read: its name, status and first sentence."""
    name = type(error).__name__
    if isinstance(error, anthropic.APIStatusError):
        said = f"{name}: {error.status_code} {error.api_message or ''}".rstrip()
        return line(said, LONGEST_ERROR)
    first = words(error).strip().partition("\n")[0].partition(". ")[0].rstrip(".")
    return line(f"{name}: {first}" if first else name, LONGEST_ERROR)


def run_once(app: App, client: anthropic.Anthropic, question: str, *, recorder: Recorder) -> Run:
    """Ask an app one question and note what came; an exception of the app is a result."""
    function("app", app, "client", "question")
    need_text("question", question, "No app can be asked it.")
    start_s, done = recorder.now_s(), len(recorder.trace)
    text = error = None
    try:
        answer = _answered(app(client, question))
        text = None if answer is None else as_text(answer)
    except Exception as raised:
        error = one_line(raised)
    return Run(
        question=question,
        text=text,
        error=error,
        trace=recorder.trace[done:].since(start_s),
        total_s=recorder.now_s() - start_s,
    )


def as_text(answer: object) -> str:
    """What an app returned as text; of an object not where it lies in memory."""
    return answer if isinstance(answer, str) else ADDRESS.sub("", str(answer))


def _answered(answer: object) -> object:
    """Refuse an answer that has not come yet."""
    if inspect.iscoroutine(answer):
        answer.close()
        how = "Nobody waits for it here."
        raise refused("what the app returned", answer, how, "Use lab.run(main).")
    return answer
