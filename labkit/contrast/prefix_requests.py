"""Twelve people ask one assistant, each with a prompt that is put together in the same way.

Layout -> built -> Lab -> Sent: the request, its blocks, and what the provider counted for it

Only prompts are sent (``max_tokens=0``), so that nothing but their order makes a difference.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import anthropic

from labkit import case
from labkit.arguments import line
from labkit.cost import Tokens
from labkit.lab import Lab
from labkit.sim.caching.rendered import render

TIER = "frontier"
APART_S = 40.0
PEOPLE = (
    ("Noor", "How long may I keep a drill?"),
    ("Tomasz", "What does a day of delay cost?"),
    ("Mei-Ling", "When is the next repair café?"),
    ("Rosa", "May I extend a loan?"),
    ("Kofi", "How much does the ramp carry?"),
    ("Sam", "Is there a fog machine?"),
    ("Amara", "How much is the deposit on the tile cutter?"),
    ("Jun", "May my son borrow the chainsaw?"),
    ("Leila", "What do I clean before I return a tent?"),
    ("Piotr", "Is the desk open on Sunday?"),
    ("Ana", "Is there a ladder of four metres?"),
    ("Yusuf", "How do I reserve the projector?"),
)
"""Who asks what, one after the other."""
DATE_FIRST, DATE_BEHIND, DATE_LAST = "on line one", "behind the documents", "beside the question"
BY_NAME, AS_FOUND = "by name", "as the database gives them"
SYSTEM_END, DOCS_END, LAST = "end of the system prompt", "documents", "last block (automatic)"
EVERY, NO_MARKER = "every block", "none"
MARK = {"type": "ephemeral"}
MOST_CHARS = 50

Block = dict[str, Any]
Part = tuple[str, Block]
"""A block with the name under which it is drawn."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a prompt is put together."""

    date: str = DATE_FIRST
    tools: str = BY_NAME
    marker: str = SYSTEM_END


@dataclass(frozen=True, slots=True)
class Piece:
    """One block of a prompt, or several under one name."""

    content: str
    """All of it, without markers: what must be equal."""
    says: str
    """A short form of it: the text, or the names of the tools."""
    tokens: int
    fate: str
    """How it is billed: ``read``, ``written`` or ``full price``."""
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """One request and what the provider counted for it."""

    request: Mapping[str, Any]
    pieces: Mapping[str, Piece]
    """By name, in the order of the prompt."""
    usage: Tokens | None
    """None where the provider refused it."""

    @property
    def prompt(self) -> int:
        """All tokens of the prompt."""
        return sum(piece.tokens for piece in self.pieces.values())


def series(layout: Layout, seed: int) -> list[Sent]:
    """The requests of all people, sent one after the other to one provider."""
    lab, rng, sent = Lab(seed), random.Random(seed), []
    for name, question in PEOPLE:
        now = f"It is {lab.clock.utcnow():%A, %H:%M:%S}."
        parts = parts_of(layout, rng, name, question, now)
        sent.append(send(lab, parts, is_automatic=layout.marker == LAST))
        lab.clock.sleep(APART_S)
    return sent


def parts_of(layout: Layout, rng: random.Random, name: str, question: str, now: str) -> list[Part]:
    """Somebody's prompt in this layout, block by block in the order in which the API reads."""
    tools = sorted(
        (dict(one.definition()) for one in case.tools()), key=lambda one: str(one["name"])
    )
    tools = rng.sample(tools, len(tools)) if layout.tools == AS_FOUND else tools
    rules, mark, documents = case.system_prompt().partition("<documents>")
    places = {
        DATE_FIRST: ("clock", "rules", "documents", "history", "member", "question"),
        DATE_BEHIND: ("rules", "documents", "clock", "history", "member", "question"),
        DATE_LAST: ("rules", "documents", "history", "clock", "member", "question"),
    }
    words = {
        "clock": now,
        "rules": rules.strip(),
        "documents": mark + documents,
        "history": f"Hello, this is {name}.",
        "member": f"{name} asks.",
        "question": question,
    }
    parts = [("tools", tool) for tool in tools]
    parts += [(one, {"type": "text", "text": words[one]}) for one in places[layout.date]]
    for place in marked(layout, [one for one, _ in parts]):
        parts[place][1]["cache_control"] = MARK
    return parts


def marked(layout: Layout, names: list[str]) -> list[int]:
    """The places of the blocks with a marker; the automatic one is a field of the request."""
    last_tool, history = names.count("tools") - 1, names.index("history")
    return {
        SYSTEM_END: [history - 1],
        DOCS_END: [names.index("documents")],
        EVERY: [*range(last_tool, len(names))],
    }.get(layout.marker, [])


def request_of(parts: list[Part], *, is_automatic: bool) -> dict[str, Any]:
    """The arguments of ``messages.create``: tools, system, and a conversation of three turns."""
    at = [name for name, _ in parts].index("history")
    request: dict[str, Any] = {
        "tools": [block for name, block in parts if name == "tools"],
        "system": [block for name, block in parts[:at] if name != "tools"],
        "messages": [
            {"role": "user", "content": [parts[at][1]]},
            {"role": "assistant", "content": "Hello. How can I help?"},
            {"role": "user", "content": [block for _, block in parts[at + 1 :]]},
        ],
    }
    return request | ({"cache_control": MARK} if is_automatic else {})


def send(lab: Lab, parts: list[Part], *, is_automatic: bool) -> Sent:
    """Send a prompt, and see how each of its blocks was billed."""
    request = request_of(parts, is_automatic=is_automatic)
    try:
        usage = lab.client.messages.create(model=lab.model(TIER), max_tokens=0, **request).usage
    except anthropic.BadRequestError:
        return Sent(request, pieces_of(parts, request, 0, 0), None)
    counted = Tokens(
        input_tokens=usage.input_tokens,
        ephemeral_5m_input_tokens=usage.cache_creation_input_tokens or 0,
        cache_read_input_tokens=usage.cache_read_input_tokens or 0,
    )
    read = counted.cache_read_input_tokens
    kept = read + counted.ephemeral_5m_input_tokens
    return Sent(request, pieces_of(parts, request, read, kept), counted)


def pieces_of(
    parts: list[Part], request: Mapping[str, Any], read: int, kept: int
) -> dict[str, Piece]:
    """The blocks by name; the assistant's greeting belongs to the history."""
    at = [name for name, _ in parts].index("history")
    names = [name for name, _ in parts]
    names.insert(at + 1, "history")
    blocks = [block for _, block in parts]
    blocks.insert(at + 1, {})
    sizes = [segment.tokens for segment in render(request).segments]
    ends = list(accumulate(sizes))
    found: dict[str, Piece] = {}
    for name, block, size, end in zip(names, blocks, sizes, ends, strict=True):
        before = found.get(name, Piece("", "", 0, "", is_marked=False))
        fate = "read" if end <= read else "written" if end <= kept else "full price"
        found[name] = Piece(
            before.content + unmarked(block),
            line(f"{before.says} {block.get('name') or block.get('text', '')}", MOST_CHARS),
            before.tokens + size,
            fate,
            before.is_marked or "cache_control" in block,
        )
    return found


def unmarked(block: Mapping[str, Any]) -> str:
    """A block as text, its keys in their own order and its marker left out."""
    return str({name: value for name, value in block.items() if name != "cache_control"})
