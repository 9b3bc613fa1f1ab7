"""After a tool's results: calling again, or calling what is left.

pending -> the same call again, as long as it is pending
error   -> the same call once more, then the person is told
else    -> what was asked for and not called yet, then the person is told
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from labkit.sim.model.acting import Call, calls, offered, wanted
from labkit.sim.model.results import as_json, text_of_result
from labkit.sim.model.scene import Block, Scene, text_of
from labkit.sim.reply import Reply

TRIES = 2
"""How often a call is made that fails."""
PENDING = re.compile(
    r"\b(?:pending|queued|processing|in progress|not (?:ready|done|finished)|still (?:running"
    r"|working)|try again)\b",
    re.IGNORECASE,
)
STATUS = ("status", "state")
SHORT_WORDS = 12
"""A longer text that happens to say "pending" is an answer."""


class Made(NamedTuple):
    """A call that was made, and what came back."""

    call: Call
    result: Block

    @property
    def said(self) -> str:
        """The call as one text: equal calls have the same."""
        return json.dumps(self.call[:2], sort_keys=True)

    @property
    def is_pending(self) -> bool:
        """Whether the tool says that it is not done yet."""
        text = text_of_result(self.result)
        read = as_json(text)
        if isinstance(read, dict):
            return any(PENDING.search(str(read.get(name, ""))) for name in STATUS)
        return len(text.split()) <= SHORT_WORDS and PENDING.search(text) is not None


def continued(scene: Scene) -> Reply | None:
    """The next calls of a turn that has begun; None where the person has to be told."""
    if not scene.results or text_of(scene.messages[-1]["content"]).strip():
        return None
    made = made_for(scene)
    failed = any(one.result.get("is_error") for one in made)
    times = Counter(one.said for one in made if failed)
    again = [one.call for one in made[-len(scene.results) :] if is_to_repeat(one, times)]
    offers = names_of_tools(scene)
    if known := [one for one in again if one.name in offers]:
        return calls(scene, known)
    names = [one.call.name for one in made]
    left = []
    for one in wanted(scene):
        if one.name in names:
            names.remove(one.name)
        else:
            left.append(one)
    return calls(scene, left)


def is_to_repeat(one: Made, times: Mapping[str, int]) -> bool:
    """Whether a call is made again with the same input, which was made so many times."""
    failed = bool(one.result.get("is_error"))
    return one.is_pending or (failed and times[one.said] < TRIES)


def made_for(scene: Scene) -> list[Made]:
    """Every call since the person last wrote, in order."""
    made: list[Made] = []
    results: dict[object, Block] = {}
    for message in reversed(scene.messages):
        if message["role"] == "user":
            if text_of(message["content"]).strip():
                break
            results |= {one["tool_use_id"]: one for one in blocks_of(message, "tool_result")}
            continue
        for block in reversed(blocks_of(message, "tool_use")):
            if block["id"] in results:
                made.append(Made(again(block), results[block["id"]]))
    return made[::-1]


def again(block: Block) -> Call:
    """The same call once more."""
    given = dict(cast(Mapping[str, object], block["input"]))
    return Call(str(block["name"]), given, f"{block['name']} is not done, so it is called again")


def names_of_tools(scene: Scene) -> set[object]:
    """The names of the tools that the request lets the model choose from."""
    return {tool["name"] for tool in offered(scene)}


def blocks_of(message: Mapping[str, object], kind: str) -> list[Block]:
    """The blocks of one type in a message."""
    content = message["content"]
    blocks = cast(Sequence[Block], () if isinstance(content, str) else content)
    return [block for block in blocks if block.get("type") == kind]
