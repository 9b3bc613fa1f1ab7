"""Which conversations the API refuses: roles, blocks, and tool calls without their results.

Source: docs: working with messages, handling tool calls, errors, 2026-08-22.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby, takewhile

from labkit.sim.rejection import (
    invalid,
    need_boolean,
    need_list,
    need_object,
    need_one_of,
    need_string,
    need_tag,
    no_extras,
    required,
)
from labkit.sim.validation import sources

MAX_MESSAGES = 100_000
COMPACTION = "compaction"
"""The type of a block that sums up what came before it."""

FIELDS = {
    "text": ("type", "text", "cache_control", "citations"),
    "tool_use": ("type", "id", "name", "input", "cache_control", "caller", "toolset_name"),
    "server_tool_use": ("type", "id", "name", "input", "cache_control", "caller"),
    "tool_result": (
        "type",
        "tool_use_id",
        "content",
        "is_error",
        "cache_control",
        "toolset_name",
    ),
    "thinking": ("type", "thinking", "signature"),
    "redacted_thinking": ("type", "data"),
    COMPACTION: (
        "type",
        "content",
        "encrypted_content",
        "signature",
        "tool_changes",
        "cache_control",
    ),
}
USER = ("document", "image", "search_result", "text", "tool_result")
ASSISTANT = ("redacted_thinking", "server_tool_use", "text", "thinking", "tool_use")
TOOL_BLOCKS = ("tool_use", "tool_result")
RESULT = ("document", "image", "search_result", "text")
PAUSES = (COMPACTION, "server_tool_use")
"""Behind such a block the model goes on."""

Blocks = Sequence[tuple[str, Mapping[str, object]]]
"""Content blocks, each with its place in the request."""
Turn = tuple[str, Blocks]
Kinds = Mapping[str, Sequence[str]]
TEXT: Blocks = (("", {"type": "text"}),)
"""The blocks of a text that nobody needs to name any more."""


def check_messages(value: object, *, system_turns: bool = False, compacts: bool = False) -> None:
    """Refuse a conversation that cannot be answered.

    ``system_turns`` is whether a message in its middle may have the role ``system``, and
    ``compacts`` whether summaries may stand in it.
    """
    messages = need_list("messages", value)
    if not messages:
        raise invalid("messages: at least one message is required")
    if len(messages) > MAX_MESSAGES:
        raise invalid(f"messages: List should have at most {MAX_MESSAGES} items")
    first, later = (
        kinds_of(instructs=instructs, compacts=compacts) for instructs in (False, system_turns)
    )
    last = len(messages) - 1
    checked = [
        (role, TEXT)
        if place < last and (role := role_of_text(item))
        else check_message(place, item, is_last=place == last, takes=later if place else first)
        for place, item in enumerate(messages)
    ]
    role, blocks = checked[0]
    if role == "assistant" and not any(is_summary(block) for _, block in blocks[:1]):
        raise invalid('messages: first message must use the "user" role')
    others = (block for _, blocks in checked if blocks is not TEXT for _, block in blocks)
    if any(block["type"] in TOOL_BLOCKS for block in others):
        check_tool_pairs(merged(from_summary(checked) if compacts else checked))


def role_of_text(message: object) -> str | None:
    """Who says a message of plain text, as most are; None where more has to be looked at."""
    if not isinstance(message, dict) or len(message) != len(("role", "content")):
        return None
    role, content = message.get("role"), message.get("content")
    is_text = isinstance(content, str) and content and not content.isspace()
    return role if is_text and role in ("user", "assistant") else None


def kinds_of(*, instructs: bool, compacts: bool) -> Kinds:
    """The kinds of blocks that each role may have; a role that is not there may not speak."""
    assistant = (*ASSISTANT, COMPACTION) if compacts else ASSISTANT
    kinds = {"user": USER, "assistant": assistant}
    return {**kinds, "system": ("text",)} if instructs else kinds


def is_summary(block: Mapping[str, object]) -> bool:
    """Whether a block stands for all that came before it; one without content does nothing."""
    return block["type"] == COMPACTION and block.get("content") is not None


def from_summary(turns: Sequence[Turn]) -> Sequence[Turn]:
    """The conversation from its last summary on: what stands before it is not read."""
    for place in range(len(turns) - 1, -1, -1):
        role, blocks = turns[place]
        for at in range(len(blocks) - 1, -1, -1):
            if is_summary(blocks[at][1]):
                return [(role, blocks[at:]), *turns[place + 1 :]]
    return turns


def check_message(place: int, value: object, *, is_last: bool, takes: Kinds) -> Turn:
    """One message: a role and content that is not empty."""
    where = f"messages.{place}"
    message = need_object(where, value)
    role = required("role", message, where)
    check_role(where, role, may_instruct="system" in takes)
    content = required("content", message, where)
    no_extras(where, message, ("role", "content"))
    if not isinstance(content, str):
        need_list(f"{where}.content", content)
    if not content and not (is_last and role == "assistant"):
        raise invalid(
            f"{where}: all messages must have non-empty content except for the optional final "
            "assistant message"
        )
    if isinstance(content, str):
        if is_last and role == "assistant":
            check_prefill(content)
        else:
            check_text("messages", content)
        return str(role), [(f"{where}.content", {"type": "text", "text": content})]
    return str(role), check_blocks(f"{where}.content", content, str(role), takes[str(role)])


def check_role(where: str, role: object, *, may_instruct: bool) -> None:
    """A person, the model, or where the model takes it a new instruction."""
    if role != "system":
        need_one_of(f"{where}.role", role, ("user", "assistant"))
    elif not may_instruct:
        raise invalid(
            'messages: Unexpected role "system". The Messages API accepts a top-level `system` '
            'parameter, not "system" as an input message role.'
        )


def check_blocks(where: str, content: object, role: str, known: Sequence[str]) -> Blocks:
    """All blocks of one message."""
    blocks = []
    for place, item in enumerate(need_list(where, content)):
        at = f"{where}.{place}"
        block = need_object(at, item)
        check_block(at, block, need_tag(at, block, known))
        if role == "user" and block["type"] == "text" and block.get("citations") is not None:
            raise invalid(f"{at}.text.citations: Extra inputs are not permitted")
        blocks.append((at, block))
    return blocks


def check_block(at: str, block: Mapping[str, object], kind: str) -> None:
    """One block of a known kind."""
    where = f"{at}.{kind}"
    if block.get("cache_control") is not None:
        check_cache_control(f"{where}.cache_control", block["cache_control"])
    if kind in sources.FIELDS:
        inside = sources.check_attached(where, kind, block)
        if inside:
            check_inside(*inside)
        return
    no_extras(where, block, FIELDS[kind])
    if kind == "text":
        text = need_string(f"{where}.text", required("text", block, where))
        check_text(at.partition(".")[0], text)
    elif kind in ("tool_use", "server_tool_use"):
        for name in ("id", "name"):
            need_string(f"{where}.{name}", required(name, block, where))
        need_object(f"{where}.input", required("input", block, where))
    elif kind == "tool_result":
        check_result(where, block)
    elif kind == COMPACTION:
        check_summary(where, block)
    else:
        for name in FIELDS[kind][1:]:
            need_string(f"{where}.{name}", required(name, block, where))


def check_summary(where: str, block: Mapping[str, object]) -> None:
    """A summary as it was returned: null where none was written, never empty."""
    for name in ("content", "encrypted_content", "signature"):
        if block.get(name) is not None:
            need_string(f"{where}.{name}", block[name])
    if block.get("content") == "":
        raise invalid(f"{where}.content: String should have at least 1 character")
    if block.get("tool_changes") is not None:
        need_list(f"{where}.tool_changes", block["tool_changes"])


def check_result(where: str, block: Mapping[str, object]) -> None:
    """What a tool gave back."""
    need_string(f"{where}.tool_use_id", required("tool_use_id", block, where))
    if block.get("is_error") is not None:
        need_boolean(f"{where}.is_error", block["is_error"])
    content = block.get("content")
    if content is None or isinstance(content, str):
        return
    check_inside(f"{where}.content", need_list(f"{where}.content", content), RESULT)


def check_inside(where: str, content: Sequence[object], kinds: Sequence[str]) -> None:
    """Blocks inside a block."""
    for place, item in enumerate(content):
        at = f"{where}.{place}"
        inner = need_object(at, item)
        check_block(at, inner, need_tag(at, inner, kinds))


def check_cache_control(where: str, value: object) -> None:
    """An ephemeral breakpoint."""
    fields = need_object(where, value)
    need_tag(where, fields, ("ephemeral",))
    no_extras(where, fields, ("type", "ttl"))
    if fields.get("ttl") is not None:
        need_one_of(f"{where}.ttl", fields["ttl"], ("5m", "1h"))


def check_text_blocks(where: str, content: Sequence[object]) -> None:
    """A list of text blocks, for the system prompt."""
    for place, item in enumerate(content):
        at = f"{where}.{place}"
        block = need_object(at, item)
        check_block(at, block, need_tag(at, block, ("text",)))


def check_text(where: str, text: str) -> None:
    """Refuse text with nothing to read."""
    if not text:
        raise invalid(f"{where}: text content blocks must be non-empty")
    if text.isspace():
        raise invalid(f"{where}: text content blocks must contain non-whitespace text")


def check_prefill(text: str) -> None:
    """Refuse a last assistant message that ends in white space; an empty one is ignored."""
    if text != text.rstrip():
        raise invalid("messages: final assistant content cannot end with trailing whitespace")


def merged(turns: Sequence[Turn]) -> list[Turn]:
    """Consecutive messages of one role are one turn."""
    return [
        (role, [block for _, blocks in group for block in blocks])
        for role, group in groupby(turns, key=lambda turn: turn[0])
    ]


def check_tool_pairs(turns: Sequence[Turn]) -> None:
    """Each tool call is answered at the start of the next turn, and nothing else is."""
    seen: set[object] = set()
    for place, (role, blocks) in enumerate(turns):
        if role != "assistant":
            check_asked(blocks, turns[place - 1][1] if place else [])
            continue
        for at, block in blocks:
            if block["type"] == "tool_use":
                if block["id"] in seen:
                    raise invalid(f"{at}: `tool_use` ids must be unique")
                seen.add(block["id"])
        check_answered(blocks, turns[place + 1][1] if place + 1 < len(turns) else [])


def check_asked(results: Blocks, calls: Blocks) -> None:
    """Refuse a result that nobody asked for, and a second one."""
    asked = {block["id"] for _, block in calls if block["type"] == "tool_use"}
    given: set[object] = set()
    for at, block in results:
        if block["type"] != "tool_result":
            continue
        name = block["tool_use_id"]
        if name not in asked:
            raise invalid(
                f"{at}: unexpected `tool_use_id` found in `tool_result` blocks: {name}. Each "
                "`tool_result` block must have a corresponding `tool_use` block in the previous "
                "message."
            )
        if name in given:
            raise invalid(
                f"{at}: each tool_use must have a single result. "
                f"Found multiple `tool_result` blocks with id: {name}"
            )
        given.add(name)


def check_answered(calls: Blocks, results: Blocks) -> None:
    """Refuse a call without its result; results stand before anything else."""
    given = {
        block["tool_use_id"]
        for _, block in takewhile(lambda result: result[1]["type"] == "tool_result", results)
    }
    missing = [
        (at, str(block["id"]))
        for at, block in calls
        if block["type"] == "tool_use" and block["id"] not in given
    ]
    if missing:
        message = ".".join(missing[0][0].split(".")[:2])
        raise invalid(
            f"{message}: `tool_use` ids were found without `tool_result` blocks immediately after: "
            f"{', '.join(name for _, name in missing)}. Each `tool_use` block must have a "
            "corresponding `tool_result` block in the next message."
        )


def prefilled(messages: object) -> bool:
    """Whether the conversation ends with the assistant's own words; a paused turn only goes on."""
    if not isinstance(messages, list) or messages[-1]["role"] != "assistant":
        return False
    content = messages[-1]["content"]
    paused = isinstance(content, list) and content and content[-1]["type"] in PAUSES
    return not paused
