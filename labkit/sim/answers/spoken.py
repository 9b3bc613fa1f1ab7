"""From a whole reply to what is really said: pieces, cut where the request says so.

    Reply.content -> blocks of tokens -> cut at stop sequences and at the token budget -> Spoken

A cut falls between two tokens, wherever that is: in a sentence, in thinking, in a tool's JSON.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from jiter import from_json

from labkit.sim import ids
from labkit.sim.answers import sealing
from labkit.sim.luck import Luck
from labkit.sim.tokens import OLDER, Tokenizer

END_TOKENS = 2
"""What ending a turn costs; an empty reply is billed this much."""
THINKING_TOKENS = 2
"""The delimiters of a thinking block."""
TOOL_TOKENS = 12
"""What announcing a tool call costs beside its name and its input."""

DELTAS = {
    "text": ("text_delta", "text"),
    "thinking": ("thinking_delta", "thinking"),
    "tool_use": ("input_json_delta", "partial_json"),
    "server_tool_use": ("input_json_delta", "partial_json"),
}
"""Block type to the type of its deltas and the field that grows."""

Content = Mapping[str, object]


class Block(NamedTuple):
    """One content block as a list of tokens."""

    start: Mapping[str, object]
    """The block as ``content_block_start`` shows it, with nothing in it."""
    pieces: tuple[str, ...] = ()
    extra_tokens: int = 0
    """Tokens that are billed but not seen in ``pieces``."""
    signature: str | None = None
    """Ends a thinking block; None when the block was cut before it."""

    @property
    def kind(self) -> str:
        """The block's type."""
        return str(self.start["type"])

    @property
    def delta_type(self) -> str:
        """The type of its deltas."""
        return DELTAS[self.kind][0]

    @property
    def field(self) -> str:
        """The field that its deltas carry."""
        return DELTAS[self.kind][1] if self.kind in DELTAS else ""

    @property
    def cost_tokens(self) -> int:
        """What the block costs."""
        return self.extra_tokens + len(self.pieces) - self.pieces.count("")

    def whole(self) -> Mapping[str, object]:
        """The block as a finished message has it: its deltas folded into its start."""
        if self.kind not in DELTAS:
            return self.start
        said = "".join(self.pieces)
        if self.field != "partial_json":
            folded = {**self.start, self.field: said}
            return folded if self.signature is None else {**folded, "signature": self.signature}
        # The SDK folds cut JSON with jiter's partial mode; so must a body that is not streamed.
        given = from_json(said.encode(), partial_mode=True) if said else {}
        return {**self.start, "input": given}

    def cut(self, budget: int) -> "Block | None":
        """As much of the block as ``budget`` tokens allow; None when nothing of it is left."""
        left = budget - self.extra_tokens
        if left <= 0 or not self.pieces:
            return None
        first = 1 if self.field == "partial_json" else 0
        return self._replace(pieces=self.pieces[: left + first], signature=None)


class Spoken(NamedTuple):
    """What is said in an answer, why it ends, and what it costs."""

    blocks: tuple[Block, ...] = ()
    stop_reason: str | None = None
    stop_sequence: str | None = None
    output_tokens: int = 0
    thinking_tokens: int = 0

    @property
    def length(self) -> int:
        """Tokens whose writing takes time: all but those that end the turn."""
        return sum(block.cost_tokens for block in self.blocks)


class Cut(NamedTuple):
    """Where the request ends a reply that would go on."""

    budget: int
    """Tokens that may be said."""
    reason: str = "max_tokens"
    """The stop reason when the budget ends."""
    stops: Sequence[str] = ()


def speak(blocks: Iterable[Block], stop_reason: str, cut: Cut) -> Spoken:
    """Say the blocks until they end, a stop sequence comes, or the budget is used up."""
    said: list[Block] = []
    used = thought = 0
    stop: str | None = None
    for planned in blocks:
        block, stop = until_stop(planned, cut.stops)
        cost = block.cost_tokens
        if used + cost > cut.budget:
            left = cut.budget - used
            thought += left if block.kind == "thinking" else 0
            if part := block.cut(left):
                said.append(part)
            return Spoken(tuple(said), cut.reason, None, cut.budget, thought)
        used += cost
        thought += cost if block.kind == "thinking" else 0
        if block.pieces or block.kind != "text":
            said.append(block)
        if stop is not None:
            break
    if used + END_TOKENS > cut.budget:
        return Spoken(tuple(said), cut.reason, None, cut.budget, thought)
    reason = stop_reason if stop is None else "stop_sequence"
    return Spoken(tuple(said), reason, stop, used + END_TOKENS, thought)


def until_stop(block: Block, stops: Sequence[str]) -> tuple[Block, str | None]:
    """The block up to the first stop sequence, and which one it was; only text is searched."""
    if not stops or block.kind != "text":
        return block, None
    text = "".join(block.pieces)
    found = [(text.find(stop), -len(stop), stop) for stop in stops if stop in text]
    if not found:
        return block, None
    place, _, stop = min(found)
    return block._replace(pieces=tuple(up_to(block.pieces, place))), stop


def up_to(pieces: Sequence[str], chars: int) -> list[str]:
    """The pieces of the first so many characters."""
    starts = accumulate(map(len, pieces), initial=0)
    return [
        piece[: chars - start]
        for start, piece in zip(starts, pieces, strict=False)
        if start < chars
    ]


class Voice(NamedTuple):
    """How a model speaks."""

    tokenizer: Tokenizer = OLDER
    shows_thinking: bool = True
    """Whether thinking can be read; else it is billed and signed, and empty."""
    model_id: str = ""
    """Who speaks."""
    before: bytes = b""
    """The name of all that was sent; a signature binds thinking to it."""


def as_block(content: Content, voice: Voice, luck: Luck) -> Block:
    """A block of the model's reply as tokens."""
    kind = content["type"]
    if kind == "text":
        return Block({**content, "text": ""}, tuple(voice.tokenizer.split(str(content["text"]))))
    if kind == "thinking":
        return thinking_block(content, voice, luck)
    if kind in ("tool_use", "server_tool_use"):
        return tool_block(content, voice, luck)
    return Block(content, (), voice.tokenizer.count(json.dumps(dict(content))))


def thinking_block(content: Content, voice: Voice, luck: Luck) -> Block:
    """A signed thinking block; what is not shown of it is billed all the same."""
    start = {"type": "thinking", "thinking": "", "signature": ""}
    shown = str(content.get("summary", content["thinking"])) if voice.shows_thinking else ""
    pieces = tuple(voice.tokenizer.split(shown))
    hidden = voice.tokenizer.count(str(content["thinking"])) - len(pieces)
    drawn = luck.octets(ids.SIGNATURE_BYTES, "signature")
    signed = sealing.sign(drawn, shown, voice.model_id, voice.before)
    return Block(start, pieces, THINKING_TOKENS + hidden, signed)


def tool_block(content: Content, voice: Voice, luck: Luck) -> Block:
    """A tool call; the first delta of its JSON is empty, as on the wire."""
    name = str(content["name"])
    start = {
        "type": content["type"],
        "id": content.get("id") or ids.make_id("toolu", luck.octets(ids.ID_BYTES, "tool")),
        "name": name,
        "input": {},
        "caller": {"type": "direct"},
    }
    given = json.dumps(content["input"], ensure_ascii=False)
    extra_tokens = TOOL_TOKENS + voice.tokenizer.count(name)
    return Block(start, ("", *voice.tokenizer.split(given)), extra_tokens)
