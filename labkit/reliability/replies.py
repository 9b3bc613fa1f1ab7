"""Reliability: reading what a provider sent before anybody sees it.

    message -> classify_outcome -> Outcome -> history_after -> the messages to send next time

Runs unchanged against the real API; nothing here knows of a lab.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from anthropic import BaseModel

from labkit.arguments import every, refused

Kind = Literal["answered", "refused", "declined", "truncated", "empty", "tool_use", "unknown"]
Message = Mapping[str, Any]

SOURCE = re.compile(r"\[[\w-]+\]\s*$")
"""What an answer of the running case must end with: the name of a document, in brackets."""

CUT = frozenset({"max_tokens", "model_context_window_exceeded", None})
"""Stop reasons of a reply that is not whole; None is what a stream leaves that just ended."""

WHOLE = frozenset({"end_turn", "stop_sequence"})
BY_REASON: Mapping[str | None, Kind] = {"refusal": "refused", "tool_use": "tool_use"}

KEPT = frozenset({"answered", "tool_use"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reply is, before anybody looks at what it says."""

    kind: Kind
    """``answered``; ``refused``: the stop reason says so; ``declined``: a whole text that lacks
    what an answer must carry; ``truncated``; ``empty``; ``tool_use``; ``unknown``."""
    text: str = ""
    """All visible text, also that of a reply that must not be shown."""
    category: str | None = None
    """The provider's category of a refusal; it may name none."""
    content: tuple[Mapping[str, Any], ...] = ()
    """The content blocks to put into the history, as the API takes them."""

    def __repr__(self) -> str:
        """The kind and the text, and a category where there is one."""
        category = f", category={self.category!r}" if self.category else ""
        return f"Outcome({self.kind!r}, {self.text!r}{category})"

    @property
    def keep_in_history(self) -> bool:
        """Whether the conversation may go on with this turn in it."""
        return self.kind in KEPT


def classify_outcome(message: object, *, source: re.Pattern[str] | None = SOURCE) -> Outcome:
    """Say what a reply is; never raises, whatever came.

    Args:
        message: What ``messages.create`` returned, or a stream's final message.
        source: What the text of an answer must match; None accepts any text.
    """
    if source is not None and not isinstance(source, re.Pattern):
        follows = "No text can be compared with it."
        raise refused("source", source, follows, "Give re.compile(...), or None for any text.")
    blocks = getattr(message, "content", None)
    if not isinstance(blocks, Sequence) or isinstance(blocks, (str, bytes)):
        return Outcome("unknown")
    text = "".join(block.text for block in blocks if is_text(block))
    return Outcome(
        _kind(message, text, source),
        text,
        getattr(getattr(message, "stop_details", None), "category", None),
        tuple(as_param(block) for block in blocks if isinstance(block, (BaseModel, Mapping))),
    )


def history_after(history: Sequence[Message], outcome: Outcome) -> list[Message]:
    """The messages to send with the next question.

    ``history`` is what was sent, with the person's turn at its end. An answer is added to it. Any
    other reply takes the turn out that it belongs to, back to the last whole answer: a refused turn
    that stays is refused again (docs: refusals and fallback, 2026-08-22), and a tool call without
    its result is a bad request.
    """
    if not isinstance(outcome, Outcome):
        follows = "Nothing is known of the reply."
        raise refused("outcome", outcome, follows, "Give classify_outcome(message).")
    every("history", history, Mapping, '[{"role": "user", "content": "..."}]')
    if outcome.keep_in_history:
        return [*history, {"role": "assistant", "content": list(outcome.content)}]
    kept = list(history)
    while kept and not _is_answer(kept[-1]):
        kept.pop()
    return kept


def is_text(block: object) -> bool:
    """Whether a block is visible text, by its type.

    The SDK builds the class ``TextBlock`` for types that it does not know (anthropic 2.12.0).
    """
    return getattr(block, "type", None) == "text" and isinstance(getattr(block, "text", None), str)


def as_param(block: BaseModel | Mapping[str, Any]) -> Mapping[str, Any]:
    """A content block as the API takes it back."""
    return (
        block if isinstance(block, Mapping) else block.model_dump(exclude_none=True, warnings=False)
    )


def _is_answer(turn: Message) -> bool:
    """Whether a turn is the assistant's and waits for no tool."""
    content = turn.get("content")
    blocks = content if isinstance(content, list) else []
    calls = [one for one in blocks if isinstance(one, Mapping) and one.get("type") == "tool_use"]
    return turn.get("role") == "assistant" and not calls


def _kind(message: object, text: str, source: re.Pattern[str] | None) -> Kind:
    stop_reason = getattr(message, "stop_reason", None)
    if stop_reason is not None and not isinstance(stop_reason, str):
        return "unknown"
    if stop_reason in CUT:
        return "truncated"
    if stop_reason not in WHOLE:
        return BY_REASON.get(stop_reason, "unknown")
    if not text.strip():
        return "empty"
    return "answered" if source is None or source.search(text) else "declined"
