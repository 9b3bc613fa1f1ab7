"""A stream on its way to somebody who reads it: shown sentence by sentence, each one checked.

    events of the SDK -> relay: held until a sentence is whole -> check -> emit -> Relayed

Nothing is shown before it is checked, and no half sentence ever. What a refusal follows is taken
back. A stream that ends without a word of why is incomplete: the SDK raises nothing there, and the
stop reason stays None (seen with anthropic 2.12.0). A reader may stop it; then it is closed.
"""

import inspect
import json
import re
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import anthropic
import httpx2

from labkit.arguments import function, line, refused, words
from labkit.clock import Clock, a_clock, current

Ending: TypeAlias = Literal[
    "done",
    "empty",
    "tool_use",
    "truncated",
    "refused",
    "withheld",
    "stopped",
    "incomplete",
    "unknown",
]

BY_REASON: dict[str | None, Ending] = {
    None: "incomplete",
    "end_turn": "done",
    "stop_sequence": "done",
    "tool_use": "tool_use",
    "max_tokens": "truncated",
    "model_context_window_exceeded": "truncated",
    "refusal": "refused",
}
WHOLE = frozenset({"done", "tool_use"})
"""Endings after which the last words are a whole sentence, with a full stop or without."""
CLOSING = "\"'”’»)\\]}*_」』\uff09"
SENTENCE = re.compile(
    rf"[.!?…]++[{CLOSING}]*+\s++(?=[^\sa-z])"
    rf"|[。\uff01\uff1f]++[{CLOSING}]*+\s*+(?=\S)"
    r"|\n\s*+(?=\S)"
)
"""Where a sentence ends. What follows must have begun, so that the end is the same however the text
was cut into events; a small letter goes on with the sentence, as after "e.g."."""
BROKEN = (anthropic.APIError, httpx2.TransportError, json.JSONDecodeError)
"""What the SDK raises in the middle of a stream: an error event (with the status 200), a lost
connection, a line that is no JSON."""

Check: TypeAlias = Callable[[str], bool]
Emit: TypeAlias = Callable[[str], object]
Retract: TypeAlias = Callable[[], object]
Stop: TypeAlias = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Relayed:
    """What became of a stream."""

    outcome: Ending
    """``done``; ``empty``: it ended well and said nothing; ``tool_use``; ``truncated``: at a limit
    of tokens; ``refused``; ``withheld``: the check stopped a sentence; ``stopped``: the reader did;
    ``incomplete``: the stream broke or ended early; ``unknown``: any other stop reason."""
    shown: str
    """What stands before the reader now; empty after a refusal that was taken back."""
    first_s: float | None
    """Seconds until the first sentence was shown, since ``relay`` was called; what the stream took
    to open is not in it. None where none was shown."""
    held: str = ""
    """What came and was not shown: half a sentence, or one that did not pass and its rest."""
    stop_reason: str | None = None
    reason: str = ""
    """Which error broke the stream, or the category of a refusal."""

    def __repr__(self) -> str:
        """The outcome, how much was shown and when it began, and why."""
        began = "" if self.first_s is None else f", the first after {self.first_s:.2f} s"
        held = f", {len(self.held):,} held" if self.held else ""
        why = f" ({self.reason})" if self.reason else ""
        return f"{self.outcome}{why}: {len(self.shown):,} characters shown{held}{began}"


def relay(  # noqa: PLR0913 - the card's four, and two by name
    events: Iterable[object],
    check: Check,
    emit: Emit,
    clock: Clock | None = None,
    *,
    retract: Retract | None = None,
    stop: Stop | None = None,
) -> Relayed:
    """Show a stream's text as it comes, one checked sentence after another.

    Errors in the middle of the stream end it and are no exception here; those of ``check`` and
    ``emit`` are, and then nothing more is shown. A stream that is left before its end is closed;
    close any other afterwards, as ``with`` does.

    Args:
        events: ``client.messages.stream(...)`` once it is entered, or ``create(stream=True)``.
        check: Whether a sentence may be shown. It sees one at a time, without the white space
            around it; after the first that may not, no more is read.
        emit: Shows a piece of text behind what is there; all pieces joined are the answer.
        clock: Measures ``first_s``; the current one if not given.
        retract: Takes back all that was shown, after a refusal. Without it the caller must: the
            text of a refused answer is nothing to read or to keep.
        stop: Whether the reader has had enough, such as ``button.is_set`` of a
            ``threading.Event``; asked whenever something comes. What was shown stays. To end the
            silence before the first word, too, close the stream itself, from another thread.
    """
    run = Run(check, emit, retract, clock, stop)
    for event in guarded(events):
        if not run.goes_on_after(event):
            closed(events)
            break
    return run.ended()


async def relay_async(  # noqa: PLR0913 - the same six
    events: AsyncIterable[object],
    check: Check,
    emit: Emit,
    clock: Clock | None = None,
    *,
    retract: Retract | None = None,
    stop: Stop | None = None,
) -> Relayed:
    """The same for an asynchronous client's stream.

    ``emit`` must not wait, so give it a queue. To end a silence, cancel the task.
    """
    run = Run(check, emit, retract, clock, stop)
    async for event in guarded_async(events):
        if not run.goes_on_after(event):
            closing = closed(events)
            if inspect.isawaitable(closing):
                await closing
            break
    return run.ended()


def closed(events: object) -> object:
    """Close a stream, so that nothing more is sent to nobody; of an asynchronous one await it."""
    close = getattr(events, "close", None) or getattr(events, "aclose", None)
    return close() if callable(close) else None


def guarded(events: Iterable[object]) -> Iterator[object]:
    """The events, and in the place of an error that breaks the stream the error itself."""
    if isinstance(events, str | bytes | Mapping) or not isinstance(events, Iterable):
        follows = "Nothing comes from it, one event after another."
        remedy = "Give client.messages.stream(...) once it is entered; for async, use relay_async."
        raise refused("events", events, follows, remedy)
    try:
        yield from events
    except BROKEN as problem:
        yield problem


async def guarded_async(events: AsyncIterable[object]) -> AsyncIterator[object]:
    """The same for an asynchronous stream."""
    if not isinstance(events, AsyncIterable):
        follows = "Nothing can be awaited from it, one event after another."
        remedy = "Give the stream of an AsyncAnthropic once it is entered, or use relay."
        raise refused("events", events, follows, remedy)
    try:
        async for event in events:
            yield event
    except BROKEN as problem:
        yield problem


class Run:
    """One stream while it is shown."""

    def __init__(
        self,
        check: Check,
        emit: Emit,
        retract: Retract | None,
        clock: Clock | None,
        stop: Stop | None,
    ) -> None:
        """Begin with nothing shown."""
        function("check", check, "sentence")
        function("emit", emit, "text")
        for name, call in (("retract", retract), ("stop", stop)):
            if call is not None:
                function(name, call)
        self.check, self.emit, self.retract, self.stop = check, emit, retract, stop
        self.clock = current() if clock is None else a_clock(clock)
        self.began_s = self.clock.monotonic()
        self.first_s: float | None = None
        self.shown, self.held = "", ""
        self.stop_reason: str | None = None
        self.reason = ""
        self.is_withheld = self.is_stopped = False

    def goes_on_after(self, event: object) -> bool:
        """Take in one event, and say whether the next one is wanted."""
        if self.stop is not None and self.stop():
            self.is_stopped = True
            return False
        if isinstance(event, BROKEN):
            self.reason = line(f"{type(event).__name__}: {words(event)}")
        kind = getattr(event, "type", None)
        if kind == "message_delta":
            self.stops(getattr(event, "delta", None))
        said = text_of(event)
        self.held += said
        while said and not self.is_withheld and (end := SENTENCE.search(self.held)):
            self.offer(end.end())
        return not self.is_withheld

    def stops(self, delta: object) -> None:
        """Keep why the message ends; a refusal may have a category."""
        self.stop_reason = getattr(delta, "stop_reason", None) or self.stop_reason
        details = getattr(delta, "stop_details", None)
        self.reason = getattr(details, "category", None) or self.reason

    def offer(self, length: int) -> None:
        """Show the first characters of what is held if they pass; else nothing any more."""
        sentence = self.held[:length]
        if sentence.strip() and not self.check(sentence.strip()):
            self.is_withheld = True
            return
        if self.first_s is None and sentence.strip():
            self.first_s = self.clock.monotonic() - self.began_s
        self.held = self.held[length:]
        self.shown += sentence
        self.emit(sentence)

    def ended(self) -> Relayed:
        """Show the last sentence, or take back all, and say what became of the stream."""
        outcome = self.outcome()
        if outcome in WHOLE and self.held:
            self.offer(len(self.held))
            outcome = self.outcome()
        if outcome == "refused" and self.shown and self.retract is not None:
            self.retract()
            self.shown = ""
        if outcome == "done" and not self.shown.strip():
            outcome = "empty"
        return Relayed(outcome, self.shown, self.first_s, self.held, self.stop_reason, self.reason)

    def outcome(self) -> Ending:
        """How it ended, as far as its stop reason and the check say."""
        if self.is_withheld:
            return "withheld"
        if self.is_stopped:
            return "stopped"
        return BY_REASON.get(self.stop_reason, "unknown")


def text_of(event: object) -> str:
    """The visible text that an event adds; thinking and tools add none.

    The SDK's stream gives each piece twice, as the raw event and as its own ``text``: one counts.
    """
    kind = getattr(event, "type", None)
    part = {"content_block_start": "content_block", "content_block_delta": "delta"}.get(str(kind))
    holder = getattr(event, part, None) if part else None
    if getattr(holder, "type", None) not in ("text", "text_delta"):
        return ""
    said = getattr(holder, "text", "")
    return said if isinstance(said, str) else ""
