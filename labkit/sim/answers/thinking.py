"""Thinking as the generations have it: whether a model thinks, how much, and what comes back.

    request -> thinks? -> thoughtful(reply): a thinking block first, progress hidden
    history -> without_old_thoughts: what the model reads of earlier thinking

Sources: docs: extended and adaptive thinking, 2026-08-22; official claude-api skill, 2026-10-06.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from labkit.catalog import Model
from labkit.sim.luck import Luck
from labkit.sim.reply import Reply, RuleFired
from labkit.sim.validation.model_rules import effort_of, thinking_kind

SENTENCES = {"low": 1, "medium": 2, "high": 4, "xhigh": 8, "max": 12}
"""How many sentences a model thinks at each effort: made up, but that more effort thinks more."""
THOUGHTS = (
    "Let me see what is asked, and what I was given to answer it with.",
    "The instructions come first, so I read them again before the question.",
    "Which words of the question carry its meaning, and which are only manners?",
    "I look for the passage that bears on this, and for one that speaks against it.",
    "If two passages disagree, I must say which of them holds, or that I cannot tell.",
    "Numbers and dates need care, so I compare each with where it stands.",
    "What would the person do with a wrong answer here?",
    "If nothing in front of me answers this, I should not make something up.",
    "A short and direct answer fits best, in the language of the question.",
    "Is there a next step that I should name?",
    "I check the form that was asked for before I write.",
    "Now I put it into words.",
)
"""All invented. They name no document, so an app cannot mistake them for an answer."""

THINKING = ("thinking", "redacted_thinking")

Body = Mapping[str, object]
Message = Mapping[str, object]


def thinks(body: Body, known: Model) -> bool:
    """Whether this request's model thinks before it answers."""
    kind = thinking_kind(body)
    if kind == "enabled":
        return not results_in(messages_of(body)[-1])
    return kind == "adaptive" or (kind is None and "thinks" in known.requests)


def thoughtful(reply: Reply, body: Body, known: Model, luck: Luck) -> Reply:
    """The reply with thinking in front, where the model thinks; nothing precedes a refusal."""
    reply = hide_progress(reply, body, known)
    first = reply.content[0]["type"] if reply.content else None
    if first in {None, "thinking"} or not thinks(body, known):
        return reply
    effort = effort_of(body) or known.default_effort
    begin = int(luck.uniform("thought") * len(THOUGHTS))
    said = [THOUGHTS[(begin + n) % len(THOUGHTS)] for n in range(SENTENCES[effort])]
    block = {"type": "thinking", "thinking": " ".join(said), "summary": said[0]}
    rule = RuleFired("thinking", f"thought before it answered, {len(said)} sentences at {effort}")
    return replace(reply, content=(block, *reply.content), rules=(rule, *reply.rules))


def hide_progress(reply: Reply, body: Body, known: Model) -> Reply:
    """Words between two tool calls come as thinking from some models."""
    calls = [n for n, block in enumerate(reply.content) if block["type"] == "tool_use"]
    is_between = calls and results_in(messages_of(body)[-1])
    if not is_between or "hides_progress" not in known.requests:
        return reply
    hidden = (
        {"type": "thinking", "thinking": block["text"]}
        if block["type"] == "text" and place < calls[-1]
        else block
        for place, block in enumerate(reply.content)
    )
    return replace(reply, content=tuple(hidden))


def without_old_thoughts(body: Body) -> Body:
    """The request without the thinking of turns that are over: the model does not read it again.

    Source: docs: token counting, 2026-08-22.
    """
    messages = messages_of(body)
    if all(block["type"] not in THINKING for block in blocks_in(messages)):
        return body
    begun = turn_start(messages)
    read = [forgotten(one) if place < begun else one for place, one in enumerate(messages)]
    return {**body, "messages": read} if read != messages else body


def forgotten(message: Message) -> Message:
    """A message without its thinking."""
    content = message["content"]
    if not isinstance(content, list):
        return message
    kept = [block for block in content if block["type"] not in THINKING]
    return message if len(kept) == len(content) else {**message, "content": kept}


def turn_start(messages: Sequence[Message]) -> int:
    """Where the model's latest turn begins, with the tool calls and results that belong to it."""
    for place in range(len(messages), 0, -1):
        one = messages[place - 1]
        if one["role"] == "user" and not results_in(one):
            return place
    return 0


def results_in(message: Message) -> bool:
    """Whether a message brings results of tools."""
    return any(block["type"] == "tool_result" for block in blocks_of(message))


def blocks_of(message: Message) -> Sequence[Mapping[str, object]]:
    """The content blocks of a message; a string has none to look at."""
    content = message["content"]
    return content if isinstance(content, list) else ()


def blocks_in(messages: Sequence[Message]) -> list[Mapping[str, object]]:
    """The content blocks of a whole conversation, in their order."""
    some = [one["content"] for one in messages if isinstance(one["content"], list)]
    return [block for content in some for block in content]


def messages_of(body: Body) -> Sequence[Message]:
    """The messages of a valid request."""
    messages = body["messages"]
    assert isinstance(messages, list)
    return messages
