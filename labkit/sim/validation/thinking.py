"""Which thinking may come back: the model's own, unchanged, and after the same conversation.

    history, rendered as it was sent -> each thinking block with what stood before it -> a refusal

Sources: docs: extended thinking, errors, 2026-08-22; preserved thinking, read 2026-11-24.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from labkit import catalog
from labkit.catalog import Model
from labkit.sim.answers import sealing
from labkit.sim.answers.thinking import THINKING, blocks_of, messages_of, thinks, turn_start
from labkit.sim.caching.rendered import Rendered
from labkit.sim.rejection import invalid
from labkit.sim.validation.messages import is_summary
from labkit.sim.validation.model_rules import thinking_kind

Body = Mapping[str, object]


class Returned(NamedTuple):
    """A thinking block that comes back."""

    place: str
    shown: str
    signature: str
    before: bytes
    """The name of everything that stands before its message."""
    is_latest: bool
    """Whether it belongs to the model's latest turn, which is not over."""


def check_thoughts(body: Body, known: Model, sent: Rendered, *, dropped: int = 0) -> None:
    """Refuse thinking that the model did not write, or not so, or not there.

    ``dropped`` is how many messages were sent before those that are read.
    """
    check_begins_with_thinking(body, dropped)
    goes_on = thinks(body, known) or thinking_kind(body) == "enabled"
    for block in returned(body, sent, dropped):
        if "binds_thinking" in known.requests or (goes_on and block.is_latest):
            check_thought(block, known)


def check_thought(block: Returned, known: Model) -> None:
    """One block: signed, unchanged, and where it was written; another model's is not read."""
    maker = sealing.maker_of(block.signature, (one.id for one in catalog.models()))
    is_unchanged = maker is not None and sealing.shows(block.signature, block.shown)
    if maker is not None and not is_unchanged and block.is_latest:
        raise invalid(
            f"{block.place}: `thinking` or `redacted_thinking` blocks in the latest assistant "
            "message cannot be modified. These blocks must remain as they were in the original "
            "response."
        )
    if not is_unchanged:
        raise invalid(f"{block.place}: Invalid `signature` in `thinking` block")
    is_bound = "binds_thinking" in known.requests and maker == known.id
    if is_bound and not sealing.follows(block.signature, block.before):
        raise invalid(
            f"{block.place}: Invalid `signature` in `thinking` block. The block is bound to a "
            "different conversation. Remove the block, or set "
            '`thinking.block_binding.prefix_mismatch_behavior` to "drop_block".'
        )


def check_begins_with_thinking(body: Body, dropped: int) -> None:
    """With a budget, the turn that goes on after tool results must begin with its thinking."""
    messages = messages_of(body)
    begun = turn_start(messages)
    if thinking_kind(body) != "enabled" or begun >= len(messages):
        return
    blocks = blocks_of(messages[begun])
    if blocks and is_summary(blocks[0]):
        return
    first = blocks[0]["type"] if blocks else "text"
    if first not in THINKING:
        raise invalid(
            f"messages.{dropped + begun}.content.0.type: Expected `thinking` or "
            f"`redacted_thinking`, but found `{first}`. When `thinking` is enabled, a final "
            "`assistant` message must start with a thinking block."
        )


def returned(body: Body, sent: Rendered, dropped: int) -> Iterator[Returned]:
    """The thinking blocks of a history, in their order."""
    messages = messages_of(body)
    begun = turn_start(messages)
    found = [
        (number, place, block)
        for number, message in enumerate(messages)
        if isinstance(message["content"], list)
        for place, block in enumerate(message["content"])
        if block["type"] == "thinking"
    ]
    before = prefixes(sent) if found else {}
    for number, place, block in found:
        yield Returned(
            f"messages.{dropped + number}.content.{place}",
            str(block["thinking"]),
            str(block["signature"]),
            before[number],
            number >= begun,
        )


def prefixes(sent: Rendered) -> Mapping[int, bytes]:
    """For each message, the name of everything before it."""
    before: dict[int, bytes] = {}
    last = b""
    for segment in sent.segments:
        if segment.part == "messages":
            before.setdefault(int(segment.place.split(".")[1]), last)
        last = segment.prefix
    return before
