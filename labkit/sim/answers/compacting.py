"""Writing a summary before an answer: what it reads, what it costs, and how the model goes on.

    asked -> the conversation and a prompt to sum it up -> Compacted -> asked, of the summary alone

Source: docs: compaction at a token threshold, read 2026-11-24.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from labkit.sim.answers import latency
from labkit.sim.answers.thinking import messages_of
from labkit.sim.asked import Asked
from labkit.sim.caching.breakpoints import with_automatic
from labkit.sim.caching.cache import PromptCache, PromptUsage
from labkit.sim.caching.rendered import Rendered, Segment, render
from labkit.sim.luck import Luck
from labkit.sim.model.scene import Scene
from labkit.sim.model.summary import Summary, summed_up
from labkit.sim.model.unfolding import unfolded
from labkit.sim.reply import RuleFired
from labkit.sim.tokens import MESSAGE_TOKENS, TOKENIZERS

PROMPT_TOKENS = 120
"""What the default prompt for a summary costs."""
END_TOKENS = 2
"""What ending a summary costs; a summary that failed is billed this much."""
FAILS = 0.05
"""How often a model calls a tool instead of writing, where it brings tools; made up."""
WARNED = re.compile(r"\b(?:not|never|no|without)\b[^.]{0,40}\btools?\b", re.IGNORECASE)
"""Instructions after which it does not."""

Body = Mapping[str, object]


class Compacted(NamedTuple):
    """A summary that was written before an answer."""

    block: Mapping[str, object]
    prompt: PromptUsage
    output_tokens: int
    delays_s: tuple[float, ...]
    """To its first token, then before each later one."""
    rules: tuple[RuleFired, ...]
    """What it kept and what it lost."""
    pauses: bool

    @property
    def first_s(self) -> float:
        """Seconds until it begins."""
        return self.delays_s[0]

    @property
    def total_s(self) -> float:
        """Seconds until it is there."""
        return sum(self.delays_s)

    def slower(self, factor: float) -> "Compacted":
        """The same, each of its delays so many times longer."""
        return self._replace(delays_s=tuple(delay * factor for delay in self.delays_s))


def compacted(cache: PromptCache, asked: Asked, luck: Luck) -> tuple[Compacted | None, Asked]:
    """The summary that a request asks for, and the request as the model then reads it."""
    edit = asked.compact
    if edit is None:
        return None, asked
    summing = asked._replace(rendered=with_prompt(asked, edit.instructions))
    prompt = cache.read(summing)
    summary = written(asked, edit.instructions, luck)
    block = {"type": "compaction", "content": summary.text or None, "encrypted_content": None}
    said = TOKENIZERS[asked.model.tokenizer].count(summary.text)
    drawn = luck.octets(1 + said, "compaction")
    done = Compacted(
        block,
        prompt,
        said + END_TOKENS,
        tuple(latency.delays_s(asked.model.tier, prompt.uncached_tokens, drawn)),
        summary.rules,
        edit.pauses,
    )
    cache.write(summing, prompt, asked.now_s + done.first_s * latency.START_SHARE)
    return done, from_summary(asked, block) if summary.text else asked


def with_prompt(asked: Asked, instructions: str | None) -> Rendered:
    """What is read to write a summary: the conversation, then what to do."""
    before = asked.rendered.segments[-1]
    words = TOKENIZERS[asked.model.tokenizer].count(instructions) if instructions else PROMPT_TOKENS
    size = MESSAGE_TOKENS + words
    last = Segment("messages", "compaction", "text", size, before.prefix_tokens + size, b"")
    return asked.rendered._replace(segments=(*asked.rendered.segments, last))


def written(asked: Asked, instructions: str | None, luck: Luck) -> Summary:
    """The summary; without text where the model called a tool instead of writing one."""
    is_warned = instructions is not None and WARNED.search(instructions)
    if asked.body.get("tools") and not is_warned and luck.uniform("calls a tool") < FAILS:
        why = "the model called a tool instead of writing a summary, so nothing is left out"
        return Summary("", (RuleFired("compaction-failed", f"{why}; its content is null"),))
    return summed_up(Scene(as_read(asked.body), luck), instructions)


def from_summary(asked: Asked, block: Mapping[str, object]) -> Asked:
    """The request of a summary alone; thinking is bound to what stands before the summary."""
    turn = {"role": "assistant", "content": [block]}
    body = {**asked.body, "messages": [turn]}
    rendered = render(body, TOKENIZERS[asked.model.tokenizer])
    before = [one.prefix for one in rendered.segments if one.part != "messages"]
    return asked._replace(
        body=body,
        rendered=with_automatic(rendered, body.get("cache_control")),
        sent=before[-1] if before else b"",
    )


def as_read(body: Body) -> Body:
    """The request as the model takes it: a summary as the conversation that it stands for."""
    messages = unfolded(messages_of(body))
    return body if messages is messages_of(body) else {**body, "messages": messages}
