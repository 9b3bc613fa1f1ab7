"""Reading a request for a message: a valid body, or the API's refusal.

Also its fingerprints: luck hangs on what is asked, so equal requests have equal luck whatever
else is going on, and streaming a request does not change its answer.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from labkit.catalog import Model
from labkit.sim.answers.thinking import messages_of
from labkit.sim.caching.breakpoints import (
    check_breakpoints,
    with_automatic,
    without_breakpoints,
)
from labkit.sim.caching.fingerprints import fingerprint
from labkit.sim.caching.rendered import Rendered, render
from labkit.sim.compaction import Compact, due, resumed
from labkit.sim.edits import Edited, edited
from labkit.sim.envelope import Call
from labkit.sim.rejection import invalid
from labkit.sim.tokens import TOKENIZERS
from labkit.sim.validation import check_request
from labkit.sim.validation.edits import COMPACT_BETA, Wished, check_edits, taken_edits
from labkit.sim.validation.thinking import check_thoughts


class Asked(NamedTuple):
    """A valid request."""

    body: Mapping[str, object]
    """Its fields as the model reads them, without those that are null."""
    model: Model
    rendered: Rendered
    """What the model reads."""
    sent: bytes
    """The name of all that was sent, to which the answer's thinking is bound."""
    last_message: Mapping[str, object]
    """What was said last, as it was sent."""
    now_s: float
    """When it was sent, in simulated seconds."""
    retry: str
    """The SDK's count of attempts before this one."""
    whole: str
    """Fingerprint of all that can change the answer; caching, streaming and the speed cannot."""
    applied_edits: Sequence[Mapping[str, object]] | None = None
    """What was cleared before the model read it; None where nobody asked for that."""
    compact: Compact | None = None
    """How the conversation is summed up first; None where it is short enough."""
    tells_iterations: bool = False
    """Whether the usage of the answer lists what it was summed from."""

    @property
    def input_tokens(self) -> int:
        """All tokens that the model reads."""
        return self.rendered.tokens

    @property
    def streamed(self) -> bool:
        """Whether the answer comes as events."""
        return self.body.get("stream") is True


class Reading(NamedTuple):
    """A valid request as its model reads it."""

    fields: Mapping[str, object]
    """What is set, from the last summary on."""
    is_whole: bool
    """Whether all messages that were sent are among them."""
    read: Edited
    sent: Rendered
    rendered: Rendered


def reading(plain: Mapping[str, object], wished: Wished, known: Model) -> Reading:
    """What the model reads of checked fields; everything that hangs on several of them is checked.

    Raises:
        Rejection: The API would refuse it.
    """
    fields = resumed({name: value for name, value in plain.items() if value is not None})
    dropped = len(messages_of(plain)) - len(messages_of(fields))
    tokenizer = TOKENIZERS[known.tokenizer]
    sent = rendered = render(fields, tokenizer)
    check_thoughts(fields, known, sent, dropped=dropped)
    check_edits(wished.edits, fields, known)
    read = edited(fields, wished.edits, tokenizer)
    if read.body is not fields:
        rendered = render(read.body, tokenizer)
    is_whole = messages_of(fields) is messages_of(plain)
    check_breakpoints(sent if is_whole else render(plain, tokenizer), fields.get("cache_control"))
    return Reading(fields, is_whole, read, sent, rendered)


def understand(body: object, call: Call) -> Asked:
    """The body of a message request, checked.

    Raises:
        Rejection: The API would refuse it.
    """
    plain, wished = taken_edits(body, call.betas)
    compacts = wished.compact is not None
    known = check_request(plain, call.version, call.now.date(), call.betas, compacts=compacts)
    assert isinstance(plain, dict)
    fields, _, read, sent, rendered = reading(plain, wished, known)
    rendered = with_automatic(rendered, fields.get("cache_control"))
    check_window(rendered.tokens, known)
    compact = due(wished.compact, read.body, rendered.tokens)
    plain_body = without_breakpoints(read.body)
    return Asked(
        read.body,
        known,
        rendered,
        sent=sent.segments[-1].prefix,
        last_message=messages_of(plain)[-1],
        now_s=call.now_s,
        retry=call.request.headers.get("x-stainless-retry-count") or "0",
        whole=fingerprint([plain_body, compact] if compact else plain_body),
        applied_edits=read.applied if wished.is_given else None,
        compact=compact,
        tells_iterations=COMPACT_BETA in call.betas,
    )


def check_window(size: int, known: Model) -> None:
    """Refuse what the model's window cannot take. Source: docs: context windows, 2026-08-22."""
    if size > known.context_window:
        raise invalid(f"prompt is too long: {size} tokens > {known.context_window} maximum")


def question_of(asked: Asked) -> str:
    """What was asked last: the latest words of the user, before results of tools too."""
    said = (words_of(one) for one in reversed(messages_of(asked.body)) if one["role"] == "user")
    return next(filter(None, said), "")


def words_of(message: Mapping[str, object]) -> str:
    """The text of a message."""
    content = message["content"]
    if not isinstance(content, list):
        return str(content)
    return "\n".join(str(block["text"]) for block in content if block["type"] == "text")
