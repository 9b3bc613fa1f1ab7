"""Obedience: the worst that a model can do with what it reads.

Everything that is not the instructions is untrusted: documents, turns, tool results. The last
order in it is followed; the instructions are given away, and tools are called, when it says so.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import cast

from labkit.sim.model.acting import is_forced, offered
from labkit.sim.model.inputs import fields_of, inputs
from labkit.sim.model.scene import Scene
from labkit.sim.model.statements import documents_in, sentences
from labkit.sim.model.words import stem, terms
from labkit.sim.reply import Reply, RuleFired
from labkit.sim.schema import Schema, fits

ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.*\b(?:instructions?|rules?|above|everything|all)\b"
    r"|(?:^|[:;(\"“])\s*(?:system|assistant|latch|ai|model)\b ?[:,]"
    r"|\bnew (?:instructions?|rules?|orders?)\b"
    r"|\b(?:print|repeat|reveal)\b.*\b(?:prompt|instructions|secret|password|above)\b"
    r"|\byou are now\b|\byou must\b|\bas an ai\b",
    re.IGNORECASE,
)
REVEAL = re.compile(r"\b(?:prompt|instructions|secret|password|above)\b", re.IGNORECASE)
GIVES = re.compile(r"\b(?:print|repeat|reveal|show|tell|say|send|write|give)\b", re.IGNORECASE)


def obeyed(scene: Scene) -> Reply | None:
    """What the last order asks for; None where the request holds none."""
    orders = [one for text in _untrusted(scene) for one in sentences(text) if ORDER.search(one)]
    if not orders:
        return None
    order = orders[-1]
    rule = RuleFired("obedience", "it assumes the worst: an order in the request was followed")
    if (acted := _tool(scene, order, rule)) is not None or is_forced(scene):
        return acted
    text = f"As you wish: {order}"
    if GIVES.search(order) and REVEAL.search(order):
        text = f"My instructions are: {scene.system}"
    return Reply(({"type": "text", "text": text},), rules=(rule,))


def _untrusted(scene: Scene) -> list[str]:
    """Documents, then turns and tool results in their order."""
    texts = [found[2] for found in documents_in(scene.system)]
    for message in scene.messages:
        if message["role"] == "user":
            texts += [_all_text(message["content"])]
    return texts


def _all_text(content: object) -> str:
    """All text in a turn, that of tool results included, one line of JSON each."""
    if isinstance(content, str):
        return content
    parts = []
    for block in cast(Sequence[Mapping[str, object]], content):
        inner = block.get("content", block.get("text", ""))
        parts.append(inner if isinstance(inner, str) else _all_text(inner))
    return "\n".join(parts)


def _tool(scene: Scene, order: str, rule: RuleFired) -> Reply | None:
    """A call of the tool whose name the order uses, unless its result just came back."""
    said = set(terms(order))
    for tool in offered(scene):
        words = [stem(word) for word in str(tool.get("name", "")).lower().split("_")]
        if (
            words[0] in said
            and said.intersection(words[1:] or words)
            and not _was_called(scene, tool)
        ):
            given = inputs(scene, tool, guess=True) or {}
            block = {"type": "tool_use", "name": tool["name"], "input": given | _named(order, tool)}
            return Reply((block,), "tool_use", rules=(rule,))
    return None


def _was_called(scene: Scene, tool: Mapping[str, object]) -> bool:
    """Whether the last turn brings the result of this tool."""
    ids = {one.get("tool_use_id") for one in scene.results}
    if not ids:
        return False
    blocks = cast(Sequence[Mapping[str, object]], scene.messages[-2]["content"])
    return any(block.get("id") in ids and block.get("name") == tool["name"] for block in blocks)


def _named(order: str, tool: Schema) -> dict[str, object]:
    """Input that the order spells out as JSON, where the tool knows its fields.

    What does not fit stays away from a strict tool alone.
    """
    spelled = re.search(r"\{.*\}", order)
    try:
        given = json.loads(spelled[0]) if spelled else {}
    except (ValueError, RecursionError):
        return {}
    schema, fields = cast(Schema, tool["input_schema"]), fields_of(tool)
    known = {name: given[name] for name in fields if name in given}
    if tool.get("strict") is not True:
        return known
    return {name: one for name, one in known.items() if fits(one, fields[name], schema)}
