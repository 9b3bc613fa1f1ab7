"""Context editing: what of a conversation is cleared before the model reads it.

    fields -> thinking of earlier turns -> results of earlier tool calls -> Edited

The client's own conversation stays as it is, so every request is edited anew.
Source: docs: context editing, read 2026-11-24.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from labkit.sim.answers.thinking import (
    THINKING,
    blocks_in,
    blocks_of,
    forgotten,
    messages_of,
    results_in,
    without_old_thoughts,
)
from labkit.sim.caching.rendered import blocks_of as rendered_blocks
from labkit.sim.tokens import Tokenizer

CLEAR_THINKING, CLEAR_TOOL_USES = "clear_thinking_20251015", "clear_tool_uses_20250919"
PLACEHOLDER = "[This tool result was cleared to save context.]"
"""What stands in place of a cleared result; the words are made up."""

Body = Mapping[str, object]
Block = Mapping[str, object]


class ClearThinking(NamedTuple):
    """Thinking of all but the latest turns is cleared."""

    keep: int | None = 1
    """Latest turns whose thinking stays; None keeps it all."""


class ClearToolUses(NamedTuple):
    """Results of all but the latest tool calls are cleared once there is too much."""

    trigger: int = 100_000
    """Begin above so many."""
    counts_uses: bool = False
    """Whether ``trigger`` counts tool calls; else it counts input tokens."""
    keep: int = 3
    """Latest calls that stay."""
    least_tokens: int = 0
    """Clear nothing if it would be fewer."""
    exclude: Sequence[str] = ()
    """Tools that are never cleared."""
    inputs: bool | Sequence[str] = False
    """Whether what the tools were called with goes too, or of which tools."""


Edit = ClearThinking | ClearToolUses
Edits = tuple[Edit, ...]


class Edited(NamedTuple):
    """A request as the model reads it."""

    body: Body
    before: Body
    """The same before any edit that was asked for."""
    applied: tuple[Mapping[str, object], ...] = ()
    """What the answer tells of each edit that changed something."""


def edited(body: Body, edits: Edits, tokenizer: Tokenizer) -> Edited:
    """Apply the edits in their order; without one for thinking, only the latest is read."""
    keeps_thoughts = any(isinstance(edit, ClearThinking) for edit in edits)
    read = before = body if keeps_thoughts else without_old_thoughts(body)
    applied = []
    for edit in edits:
        if not is_due(edit, read, tokenizer):
            continue
        shorter, count = cleared(read, edit)
        saved = size(read, tokenizer) - size(shorter, tokenizer)
        if count and is_enough(edit, saved):
            read = shorter
            applied.append(report(edit, count, saved))
    return Edited(read, before, tuple(applied))


def size(body: Body, tokenizer: Tokenizer) -> int:
    """The input tokens of a request."""
    return sum(block.tokens for block in rendered_blocks(body, tokenizer))


def cleared(body: Body, edit: Edit) -> tuple[Body, int]:
    """The request without what an edit clears, and how many turns or calls that is."""
    if isinstance(edit, ClearThinking):
        return without_thinking(body, edit)
    return without_results(body, edit)


def is_due(edit: Edit, body: Body, tokenizer: Tokenizer) -> bool:
    """Whether there is so much that an edit begins."""
    if isinstance(edit, ClearThinking):
        return True
    there = len(calls_in(body)) if edit.counts_uses else size(body, tokenizer)
    return there > edit.trigger


def is_enough(edit: Edit, saved: int) -> bool:
    """Whether an edit that saves so many tokens is made."""
    return isinstance(edit, ClearThinking) or saved >= max(1, edit.least_tokens)


def report(edit: Edit, count: int, saved: int) -> Mapping[str, object]:
    """One of ``applied_edits``. Source: anthropic 2.12.0, the edits' response types."""
    if isinstance(edit, ClearThinking):
        return {
            "type": CLEAR_THINKING,
            "cleared_thinking_turns": count,
            "cleared_input_tokens": saved,
        }
    return {"type": CLEAR_TOOL_USES, "cleared_tool_uses": count, "cleared_input_tokens": saved}


def without_thinking(body: Body, edit: ClearThinking) -> tuple[Body, int]:
    """Without the thinking of turns before the latest ones that have some."""
    messages = messages_of(body)
    turns = list(accumulate(one["role"] == "user" and not results_in(one) for one in messages))
    thoughtful = {turn: None for turn, one in zip(turns, messages, strict=True) if thinks_in(one)}
    gone = [] if edit.keep is None else list(thoughtful)[: -edit.keep]
    kept = [
        forgotten(one) if turn in gone else one for turn, one in zip(turns, messages, strict=True)
    ]
    return {**body, "messages": kept}, len(gone)


def thinks_in(message: Mapping[str, object]) -> bool:
    """Whether a message has thinking."""
    return any(block["type"] in THINKING for block in blocks_of(message))


def without_results(body: Body, edit: ClearToolUses) -> tuple[Body, int]:
    """With a placeholder for the results of calls before the latest ones."""
    calls = calls_in(body)
    old = calls[: max(0, len(calls) - edit.keep)]
    gone = {call["id"] for call in old if call["name"] not in edit.exclude}
    kept = [
        {**one, "content": [emptied(block, gone, edit) for block in blocks_of(one)]}
        if isinstance(one["content"], list)
        else one
        for one in messages_of(body)
    ]
    return {**body, "messages": kept}, len(gone)


def calls_in(body: Body) -> list[Block]:
    """Every call of a tool, in order; each has its result."""
    return [block for block in blocks_in(messages_of(body)) if block["type"] == "tool_use"]


def emptied(block: Block, gone: set[object], edit: ClearToolUses) -> Block:
    """A block without what is cleared of it."""
    if block["type"] == "tool_result" and block["tool_use_id"] in gone:
        return {**block, "content": PLACEHOLDER}
    if block["type"] == "tool_use" and block["id"] in gone and clears_input(block, edit):
        return {**block, "input": {}}
    return block


def clears_input(call: Block, edit: ClearToolUses) -> bool:
    """Whether what a tool was called with goes too."""
    return edit.inputs if isinstance(edit.inputs, bool) else call["name"] in edit.inputs
