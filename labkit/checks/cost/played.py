"""C12: streams that are played to a learner's relay, and what a reader saw of them.

pieces of text and an ending -> the SDK's own events, at their times -> relay -> Screen
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import anthropic
import httpx2

from labkit.arguments import line
from labkit.checks.exercise import Answer, Asks
from labkit.checks.failures import BEGINS, event
from labkit.checks.verdict import told
from labkit.lab import one_line

BEGIN_S, PIECE_S = 0.4, 0.08
"""Until the first event, and between two."""
SHOWN = 60
FORBIDDEN = ("4711",)


@dataclass
class Watch:
    """A clock that the stream sets; it does not begin at zero."""

    now_s: float = 5_000.0

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""
        return self.now_s

    def utcnow(self) -> datetime:
        """The date and time that belong to it."""
        return datetime(2026, 11, 23, 10, 0, tzinfo=UTC) + timedelta(seconds=self.now_s)

    def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        self.now_s += seconds

    async def sleep_async(self, seconds: float) -> None:
        """The same."""
        self.now_s += seconds


@dataclass
class Screen:
    """What a reader saw while a stream was relayed, and what came of it."""

    watch: Watch = field(default_factory=Watch)
    pieces: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    """When each piece was shown, in seconds from the call."""
    taken_back: int = 0
    came: object = None

    def __repr__(self) -> str:
        """The outcome, what was seen, and when the first of it."""
        if not self.is_outcome:
            return line(
                one_line(self.came) if isinstance(self.came, Exception) else f"{self.came!r}"
            )
        back = ", taken back" if self.taken_back else ""
        first = f", first after {self.times[0]:.2f} s" if self.times else ""
        if not self.is_timed:
            first += f", first_s {told(getattr(self.came, 'first_s', None), 20)}"
        said = self.seen if len(self.seen) <= SHOWN else f"… {self.seen[-SHOWN:]}"
        return f"{self.outcome!r}{first}; seen in {len(self.pieces)}: {said!r}{back}"

    @property
    def seen(self) -> str:
        """All that was ever shown, also what was taken back."""
        return "".join(self.pieces)

    @property
    def outcome(self) -> object:
        """The word for how it ended."""
        return getattr(self.came, "outcome", None)

    @property
    def is_outcome(self) -> bool:
        """Whether what came has the three fields."""
        return all(hasattr(self.came, name) for name in ("outcome", "shown", "first_s"))

    @property
    def is_timed(self) -> bool:
        """Whether the time to the first piece is what it was."""
        said, was = getattr(self.came, "first_s", None), self.times[0] if self.times else None
        if said is None or was is None:
            return said is was
        return bool(abs(said - was) < 1e-6)  # noqa: PLR2004 - rounding alone

    @property
    def leaks(self) -> bool:
        """Whether something was seen that may not be shown."""
        return any(one in self.seen for one in FORBIDDEN)

    def show(self, text: str) -> None:
        """Put a piece behind what is there."""
        if not isinstance(text, str):
            raise TypeError(f"emit takes a text, not {type(text).__name__}")
        self.pieces.append(text)
        self.times.append(self.watch.now_s - Watch.now_s)

    def take_back(self) -> None:
        """Empty it."""
        self.taken_back += 1


def of(got: object) -> Screen:
    """What was seen; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Screen)
    return got


def may_be_shown(text: str) -> bool:
    """The check: no number of a door."""
    return not any(one in text for one in FORBIDDEN)


def words(text: str) -> list[str]:
    """A text as a stream cuts it: word by word, each with the space before it."""
    return re.findall(r"\s*\S+", text)


def frames(
    pieces: Sequence[str], stop: str | None, *, thinks: str = "", breaks: bool = False
) -> list[dict[str, Any]]:
    """The events of a stream as JSON; without a stop reason it ends in the middle."""
    blocks = [("thinking", words(thinks))] * bool(thinks) + [("text", list(pieces))]
    found: list[dict[str, Any]] = [BEGINS]
    for index, (kind, parts) in enumerate(blocks):
        signed = {"signature": ""} if kind == "thinking" else {}
        block = {"type": kind, kind: "", **signed}
        found.append({"type": "content_block_start", "index": index, "content_block": block})
        for part in parts:
            delta = {"type": f"{kind}_delta", kind: part}
            found.append({"type": "content_block_delta", "index": index, "delta": delta})
        found.append({"type": "content_block_stop", "index": index})
    if breaks:
        error = {"type": "overloaded_error", "message": "Overloaded"}
        return [*found[:-1], {"type": "error", "error": error}]
    if stop is None:
        return found[:-1]
    why = {"stop_reason": stop, "stop_sequence": None}
    usage = {"output_tokens": len(pieces)}
    end = {"type": "message_delta", "delta": why, "usage": usage}
    return [*found, end, {"type": "message_stop"}]


def received(sent: Sequence[Mapping[str, Any]]) -> Iterator[object]:
    """What the SDK makes of them; an error inside the stream is raised, as there."""
    headers = {"content-type": "text/event-stream"}
    data = b"".join(map(event, sent))
    answer = httpx2.MockTransport(lambda _: httpx2.Response(200, headers=headers, content=data))
    client = anthropic.Anthropic(
        api_key="simulated",
        base_url="https://provider.invalid",
        http_client=httpx2.Client(transport=answer, trust_env=False),
    )
    asked: Any = [{"role": "user", "content": "?"}]
    model = "lab-balanced-1"
    yield from client.messages.create(model=model, max_tokens=900, messages=asked, stream=True)


def playing(sent: Sequence[Mapping[str, Any]]) -> Asks:
    """Relay a stream, at its pace, and keep what was seen."""

    def ask(answer: Answer) -> object:
        screen = Screen()

        def events() -> Iterator[object]:
            screen.watch.now_s += BEGIN_S
            for one in received(sent):
                yield one
                screen.watch.now_s += PIECE_S

        show, back = screen.show, screen.take_back
        screen.came = answer(events(), may_be_shown, show, screen.watch, retract=back)
        return screen

    return ask
