"""R9: right answers written otherwise, and each misconception written three ways."""

import re
import sys

from anthropic.types import TextBlock

from labkit import reliability
from labkit.reliability import Outcome

CODE = "R9"
SOURCE = re.compile(r"\[[\w-]+\]\s*$")


def words(message):
    """The visible text of a message; nothing for what is no message."""
    blocks = getattr(message, "content", [])
    return "".join(block.text for block in blocks if block.type == "text")


def right_by_table(message):
    """A table from stop reason to kind."""
    reasons = {"refusal": "refused", "max_tokens": "truncated", "tool_use": "tool_use"}
    reasons |= {"model_context_window_exceeded": "truncated", None: "truncated"}
    if isinstance(message, str):
        return Outcome("unknown")
    text = words(message)
    if message.stop_reason not in ("end_turn", "stop_sequence"):
        return Outcome(reasons.get(message.stop_reason, "unknown"), text)
    if not text.strip():
        return Outcome("empty")
    last = text.split()[-1]
    return Outcome("answered" if last[0] == "[" and last[-1] == "]" else "declined", text)


def right_by_match(message):
    """Structural pattern matching, and `try` for what is no message."""
    try:
        reason, text = message.stop_reason, words(message)
    except AttributeError:
        return Outcome("unknown")
    match reason, bool(text.strip()), bool(SOURCE.search(text)):
        case "refusal", _, _:
            kind = "refused"
        case "tool_use", _, _:
            kind = "tool_use"
        case "max_tokens" | "model_context_window_exceeded" | None, _, _:
            kind = "truncated"
        case "end_turn" | "stop_sequence", False, _:
            kind = "empty"
        case "end_turn" | "stop_sequence", _, named:
            kind = "answered" if named else "declined"
        case _:
            kind = "unknown"
    return Outcome(kind, text)


def history_by_slice(history, outcome):
    """Two slices."""
    if outcome.kind in {"answered", "tool_use"}:
        return [*history[:], {"role": "assistant", "content": list(outcome.content)}]
    return history[:-1]


def history_by_loop(history, outcome):
    """A copy, then pop the person's turns from the copy."""
    turns = list(history)
    if outcome.keep_in_history:
        text = outcome.text if outcome.kind == "answered" else None
        turns.append({"role": "assistant", "content": text or [*outcome.content]})
        return turns
    while turns and turns[-1]["role"] != "assistant":
        turns.pop()
    return turns


def outcome(kind, message):
    """An outcome with the visible text, where there is any."""
    return Outcome(kind, words(message))


READING = {
    "text-only": [
        lambda m: outcome("answered" if words(m) else "refused", m),
        lambda m: outcome("refused" if len(m.content) == 0 else "answered", m),
        lambda m: outcome("answered" if any(b.type == "text" for b in m.content) else "refused", m),
    ],
    "stop-reason-only": [
        lambda m: outcome("refused" if m.stop_reason == "refusal" else "answered", m),
        lambda m: outcome({"refusal": "refused"}.get(m.stop_reason, "answered"), m),
        lambda m: outcome("answered" if m.stop_reason == "end_turn" else "refused", m),
    ],
    "phrase-list": [
        lambda m: (
            outcome("refused", m)
            if m.stop_reason == "refusal"
            else outcome("declined" if "I'm sorry" in words(m) else "answered", m)
        ),
        lambda m: (
            outcome("refused", m)
            if m.stop_reason == "refusal"
            else outcome("declined" if re.search("can.?t help|unable", words(m)) else "answered", m)
        ),
        lambda m: (
            outcome("refused", m)
            if m.stop_reason == "refusal"
            else outcome(
                "declined" if {"sorry,", "can't"} & set(words(m).lower().split()) else "answered", m
            )
        ),
    ],
    "by-class": [
        lambda m: by_class(m, [b.text for b in m.content if isinstance(b, TextBlock)]),
        lambda m: by_class(m, [b.text for b in m.content if type(b) is TextBlock]),
        lambda m: by_class(m, [b.text for b in m.content if hasattr(b, "text")]),
    ],
    "first-block": [
        lambda m: outcome(m.content[0].text and "answered", m),
        lambda m: Outcome("answered", m.content[0].text) if m.content else outcome("refused", m),
        lambda m: (
            Outcome("answered", next(iter(m.content)).text) if m.content else Outcome("refused")
        ),
    ],
    "refuse-everything": [
        lambda m: Outcome("refused"),
        lambda m: outcome("declined", m),
        lambda m: outcome("unknown" if m else "empty", m),
    ],
    "not-an-outcome": [
        lambda m: "answered",
        lambda m: ("answered", words(m)),
        lambda m: Outcome,
    ],
    "returns-nothing": [
        lambda m: None,
        lambda m: print(right_by_match(m)),
        lambda m: right_by_match(m) if isinstance(m, str) else None,
    ],
    "no-such-kind": [
        lambda m: but(m, lambda one: one.kind.upper()),
        lambda m: but(m, lambda one: "refusal" if one.kind == "refused" else one.kind),
        lambda m: but(m, lambda one: "cut" if one.kind == "truncated" else one.kind),
    ],
    "other-text": [
        lambda m: Outcome(right_by_match(m).kind),
        lambda m: Outcome(right_by_match(m).kind, "You may keep a drill for 7 days. [extensions]"),
        lambda m: Outcome(right_by_match(m).kind, words(m).removesuffix(" [extensions]")),
    ],
    "raises": [
        lambda m: Outcome({"end_turn": "answered"}[m.stop_reason], words(m)),
        lambda m: right_by_match(m) if m.stop_reason == "end_turn" else 1 / 0,
        lambda m: right_by_match(m) if words(m) else sys.exit("no text"),
    ],
    "declined-as-refused": [
        lambda m: but(m, lambda one: "refused" if one.kind == "declined" else one.kind),
        lambda m: Outcome(
            "answered" if m.stop_reason == "end_turn" and SOURCE.search(words(m)) else "refused",
            words(m),
        ),
        lambda m: outcome("answered" if words(m).endswith("]") and answers(m) else "refused", m),
    ],
    "any-bracket": [
        lambda m: but(m, lambda one: "answered" if "[" in one.text and answers(m) else one.kind),
        lambda m: but(
            m,
            lambda one: "answered" if re.search(r"\[.+\]", one.text) and answers(m) else one.kind,
        ),
        lambda m: but(
            m, lambda one: "answered" if one.text.endswith("]") and answers(m) else one.kind
        ),
    ],
    "empty-as-declined": [
        lambda m: but(m, lambda one: "declined" if one.kind == "empty" else one.kind),
        lambda m: but(m, lambda one: "refused" if not one.text and answers(m) else one.kind),
        lambda m: but(m, lambda one: "declined" if one.text == "  " else one.kind),
    ],
    "cut-as-whole": [
        lambda m: but(m, lambda one: "answered" if one.kind == "truncated" else one.kind),
        lambda m: but(m, lambda one: "unknown" if one.kind == "truncated" else one.kind),
        lambda m: but(
            m,
            lambda one: "answered" if one.kind == "truncated" and not m.stop_reason else one.kind,
        ),
    ],
    "unlisted-as-known": [
        lambda m: but(m, lambda one: "answered" if one.kind == "unknown" else one.kind),
        lambda m: but(m, lambda one: "truncated" if one.kind == "unknown" else one.kind),
        lambda m: but(m, lambda one: "empty" if isinstance(m, str) else one.kind),
    ],
}


def but(message, kind):
    """Right but for the kind that a function makes of the right outcome."""
    right = right_by_match(message)
    return Outcome(kind(right), right.text)


def answers(message):
    """Whether the turn simply ended."""
    return getattr(message, "stop_reason", "") == "end_turn"


def by_class(message, texts):
    """Everything right but for which blocks are taken for text."""
    text = "".join(texts)
    if message.stop_reason == "refusal":
        return Outcome("refused", text)
    if not text.strip():
        return Outcome("empty")
    return Outcome("answered" if SOURCE.search(text) else "declined", text)


def append_here(history, outcome):
    """Changes the caller's list for an answer."""
    if outcome.keep_in_history:
        history.append({"role": "assistant", "content": list(outcome.content)})
        return history
    return history[:-1]


def pop_here(history, outcome):
    """Changes the caller's list for everything else."""
    if outcome.keep_in_history:
        return with_blocks(history, outcome)
    history.pop()
    return history


def delete_here(history, outcome):
    """The same with `del`."""
    if outcome.keep_in_history:
        return with_blocks(history, outcome)
    del history[-1:]
    return list(history)


def with_blocks(history, outcome):
    """The history and the reply's blocks."""
    return [*history, {"role": "assistant", "content": list(outcome.content)}]


def with_answer(history, outcome):
    """The history and the answer."""
    return [*history, {"role": "assistant", "content": outcome.text}]


HISTORY = {
    "left-in": [
        with_answer,
        lambda h, o: with_answer(h, o) if o.kind == "answered" else list(h),
        lambda h, o: with_answer(h, o) if o.text else h[:],
        lambda h, o: (
            with_blocks(h, o)
            if o.keep_in_history
            else [t for t in h if "guard" not in t["content"]]
        ),
        lambda h, o: with_blocks(h, o) if o.keep_in_history else h[:2] if len(h) == 3 else h,
        lambda h, o: (
            with_blocks(h, o) if o.kind not in ("refused", "declined", "empty") else h[:-1]
        ),
    ],
    "all-gone": [
        lambda h, o: with_answer(h, o) if o.kind == "answered" else [],
        lambda h, o: with_answer(h, o) if o.kind == "answered" else h[:0],
        lambda h, o: with_answer(h, o) if o.keep_in_history else [][:],
    ],
    "changed-in-place": [append_here, pop_here, delete_here],
    "tool-call-gone": [
        lambda h, o: with_answer(h, o) if o.kind == "answered" else h[:-1],
        lambda h, o: with_blocks(h, o) if o.text and o.keep_in_history else h[:-1],
        lambda h, o: with_blocks(h, o) if o.kind != "tool_use" and o.keep_in_history else h[:-1],
    ],
    "text-for-a-tool-call": [
        lambda h, o: with_answer(h, o) if o.keep_in_history else h[:-1],
        lambda h, o: history_by_loop(h, Outcome(o.kind, o.text)),
        lambda h, o: (
            [*h, {"role": "assistant", "content": [{"type": "text", "text": o.text}]}]
            if o.keep_in_history
            else h[:-1]
        ),
    ],
    "not-a-turn": [
        lambda h, o: [*h, o.text] if o.kind == "answered" else h[:-1],
        lambda h, o: tuple(history_by_slice(h, o)),
        lambda h, o: {"role": "assistant", "content": o.text},
    ],
    "returns-nothing": [
        lambda h, o: None,
        lambda h, o: print(history_by_slice(h, o)),
        lambda h, o: history_by_slice(h, o) if o.kind == "answered" else None,
    ],
}


def with_a_tuple(history, outcome):
    """With the blocks as they come, a tuple: the API takes that as well."""
    if outcome.kind in ("answered", "tool_use"):
        return [*history, {"role": "assistant", "content": outcome.content}]
    return [*history[:-1]]


RIGHT = [
    (reliability.classify_outcome, reliability.history_after),
    (reliability.classify_outcome, with_a_tuple),
    (right_by_table, history_by_slice),
    (right_by_match, history_by_loop),
]
WRONG = {id: [(way, reliability.history_after) for way in ways] for id, ways in READING.items()}
for id, ways in HISTORY.items():
    WRONG[id] = WRONG.get(id, []) + [(reliability.classify_outcome, way) for way in ways]
