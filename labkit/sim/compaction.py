"""Compaction: from a size on, a conversation is summed up, and the model reads on from the summary.

    messages as sent -> resumed: what stands from the last summary on -> is_due? -> a new summary

The client sends the summary back in its own history; the provider keeps nothing.
Source: docs: compaction at a token threshold, read 2026-11-24.
"""

from collections.abc import Mapping
from typing import NamedTuple

from labkit.sim.answers.thinking import blocks_in, blocks_of, messages_of
from labkit.sim.validation.messages import COMPACTION, is_summary

COMPACT = "compact_20260112"
"""The type of the edit."""

Body = Mapping[str, object]
Message = Mapping[str, object]


class Compact(NamedTuple):
    """The edit that sums a conversation up."""

    trigger: int = 150_000
    """Input tokens from which on it is made."""
    pauses: bool = False
    """Whether the answer ends with the summary."""
    instructions: str | None = None
    """What to keep, in place of the default prompt."""


def resumed(body: Body) -> Body:
    """The request without what stands before its last summary, and without failed ones."""
    messages = messages_of(body)
    if all(block["type"] != COMPACTION for block in blocks_in(messages)):
        return body
    kept: list[Message] = []
    for message in messages:
        left = from_summary(message)
        if any(map(is_summary, blocks_of(left))):
            kept.clear()
        if left is message or left["content"]:
            kept.append(left)
    return {**body, "messages": kept}


def from_summary(message: Message) -> Message:
    """A message from its last summary on, without summaries that failed."""
    blocks = blocks_of(message)
    if all(block["type"] != COMPACTION for block in blocks):
        return message
    last = max((place for place, block in enumerate(blocks) if is_summary(block)), default=0)
    kept = [one for one in blocks[last:] if is_summary(one) or one["type"] != COMPACTION]
    return {**message, "content": kept}


def due(edit: Compact | None, body: Body, tokens: int) -> Compact | None:
    """The edit, if there is so much to sum up, and more than a summary."""
    if edit is None or tokens < edit.trigger or body["max_tokens"] == 0:
        return None
    messages = messages_of(body)
    blocks = [block for message in messages[:1] for block in blocks_of(message)]
    is_news = len(messages) > 1 or not blocks or not all(map(is_summary, blocks))
    return edit if is_news else None
