"""Requests that share what a cache can read: what is stable first, what changes last.

    tools -> system -> messages: the order in which the API reads, and compares byte for byte

A cache reads from the beginning up to the first difference, in whole blocks, and only what ends at
a breakpoint is written: at most 4, found again at most 20 blocks back. A date on line one, a
member's name or another order of keys makes everything behind it another prefix, which costs the
premium for writing each time. Source: docs: prompt caching, 2026-08-22.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from labkit.arguments import every, known, refused, text
from labkit.cost.blocks import as_blocks, unmarked

LIFETIMES = {"5m": "five minutes", "1h": "an hour"}
HISTORY = '[{"role": "user", "content": "..."}]'
UNMARKABLE = ("thinking", "redacted_thinking")
"""Blocks on which a breakpoint is refused. Source: docs: prompt caching, 2026-08-22."""


def build_request(  # noqa: PLR0913 - the card's seven, all by name
    *,
    question: str,
    rules: str = "",
    docs: Mapping[str, str] | None = None,
    tools: Iterable[Mapping[str, Any]] = (),
    history: Iterable[Mapping[str, Any]] = (),
    today: date | str | None = None,
    member: str | None = None,
    ttl: str | None = "5m",
) -> dict[str, Any]:
    """The ``tools``, ``system`` and ``messages`` of a request, with two breakpoints.

    The first stands behind what everybody shares, the second behind the conversation so far. The
    date and who asks stand in the last turn, beside the question. Keep the turns of ``history`` as
    they were asked and answered, without the date: it is added for the last turn alone.

    Args:
        question: What is asked now.
        rules: The system prompt; the same for everybody, every day.
        docs: Documents by id; their order does not matter.
        tools: Their order and the order of their keys do not matter.
        history: The turns so far; breakpoints in it are taken out.
        today: The date, or the words for it.
        member: Who asks, in the model's words: "Member 4711".
        ttl: How long the cache keeps it, ``5m`` or ``1h``; None sets no breakpoint.
    """
    if not text("question", question, "Nobody could answer it.").strip():
        raise refused("question", question, "Nobody could answer it.", "Ask something.")
    text("rules", rules, "No system prompt can be made of it.")
    if ttl is not None:
        known(ttl, LIFETIMES, "a lifetime", "Nothing would be cached.")
    shared = {"tools": tools_of(tools), "system": system_of(rules, docs)}
    turns = [turn_of(one) for one in every("history", history, Mapping, HISTORY)]
    if ttl is not None:
        mark([*shared["tools"], *shared["system"]], ttl)
        mark([block for turn in turns[-1:] for block in turn["content"]], ttl)
    asked = [{"type": "text", "text": words} for words in (now(today, member), question) if words]
    request = {name: blocks for name, blocks in shared.items() if blocks}
    return {**request, "messages": [*turns, {"role": "user", "content": asked}]}


def tools_of(tools: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The tools by name, with their keys in order and without breakpoints."""
    found = every("tools", tools, Mapping, '[{"name": "find_item", "input_schema": {...}}]')
    return sorted((in_order(unmarked(one)) for one in found), key=name_of)


def name_of(tool: Mapping[str, Any]) -> str:
    """The name of a tool; what is no name, the API refuses."""
    name = tool.get("name")
    return name if isinstance(name, str) else ""


def system_of(rules: str, docs: Mapping[str, str] | None) -> list[dict[str, Any]]:
    """The rules and the documents, which everybody shares."""
    if docs is not None and not isinstance(docs, Mapping):
        follows = "Documents in another order would be another prefix."
        raise refused("docs", docs, follows, 'Give {"opening-hours": "..."}, by id.')
    every("docs", docs or {}, str, '{"opening-hours": "..."}')
    every("docs", (docs or {}).values(), str, '{"opening-hours": "..."}')
    by_id = sorted((docs or {}).items())
    pages = "\n".join(f'<document id="{id}">\n{words}\n</document>' for id, words in by_id)
    blocks = (rules, f"<documents>\n{pages}\n</documents>" if pages else "")
    return [{"type": "text", "text": words} for words in blocks if words.strip()]


def turn_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """A turn of the conversation as blocks, without breakpoints."""
    content = message.get("content")
    if not isinstance(content, str | list | tuple):
        raise refused(
            "the content of a turn", content, "Nothing is said in it.", f"Give {HISTORY}."
        )
    blocks = every("the content of a turn", as_blocks(content), Mapping, HISTORY)
    return {"role": message.get("role"), "content": [*blocks]}


def mark(blocks: list[dict[str, Any]], ttl: str) -> None:
    """Set a breakpoint on the last block that can carry one."""
    for block in reversed(blocks):
        if block.get("type") not in UNMARKABLE and block.get("text") != "":
            block["cache_control"] = {"type": "ephemeral", "ttl": ttl}
            return


def in_order(value: Any) -> Any:
    """A value whose dicts have their keys in alphabetical order."""
    if isinstance(value, dict):
        return {name: in_order(value[name]) for name in sorted(value)}
    return [in_order(one) for one in value] if isinstance(value, list) else value


def now(today: date | str | None, member: str | None) -> str:
    """What changes from turn to turn, in words."""
    follows = "The model would read it as it stands."
    day = today.isoformat() if isinstance(today, date) else today
    for what, value in (("today", day), ("member", member)):
        if value is not None:
            text(what, value, follows)
    said = (day and f"Today is {day}.", member and f"{member} asks.")
    return " ".join(one for one in said if one)
