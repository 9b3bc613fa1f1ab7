"""From the model's reply to the answer that is given: within limits, with ids, usage and delays."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from labkit.catalog import Model
from labkit.sim.answers import latency
from labkit.sim.answers.compacting import Compacted
from labkit.sim.answers.spoken import Cut, Spoken, Voice, as_block, speak
from labkit.sim.asked import Asked
from labkit.sim.caching.cache import PromptUsage
from labkit.sim.ids import ID_BYTES, make_id
from labkit.sim.luck import Luck
from labkit.sim.reply import Reply
from labkit.sim.tokens import TOKENIZERS


class Iteration(NamedTuple):
    """One time that the model worked for an answer."""

    kind: str
    """``compaction`` or ``message``."""
    prompt: PromptUsage
    output_tokens: int


class Answer(NamedTuple):
    """An answer before it becomes bytes."""

    message_id: str
    request_id: str
    model: Model
    spoken: Spoken
    prompt: PromptUsage
    delays_s: Sequence[float] = ()
    """To the first token, then before each later one and before the end."""
    stop_details: Mapping[str, object] | None = None
    service_tier: str = "standard"
    speed: str = "standard"
    inference_geo: str = "global"
    diagnostics: Mapping[str, object] | None = None
    applied_edits: Sequence[Mapping[str, object]] | None = None
    """What was cleared of the conversation; None where nobody asked for that."""
    compacted: Compacted | None = None
    """The summary that was written before the answer; None where there was none."""
    tells_iterations: bool = False
    """Whether the usage lists what it was summed from."""

    @property
    def begins_s(self) -> float:
        """Seconds until the answer begins: the headers and ``message_start`` are there."""
        first_s = self.compacted.first_s if self.compacted else self.delays_s[0]
        return first_s * latency.START_SHARE

    @property
    def total_s(self) -> float:
        """Seconds until the last token."""
        return sum(self.delays_s) + (self.compacted.total_s if self.compacted else 0.0)

    @property
    def iterations(self) -> tuple[Iteration, ...]:
        """What the model worked on, each part billed: the summary, then the message."""
        done = []
        if self.compacted:
            summary = self.compacted
            done.append(Iteration("compaction", summary.prompt, summary.output_tokens))
        if self.spoken.stop_reason != "compaction":
            done.append(Iteration("message", self.prompt, self.spoken.output_tokens))
        return tuple(done)

    @property
    def begun(self) -> "Answer":
        """The answer as ``message_start`` shows it, before anything has been written."""
        first = Spoken(output_tokens=min(1, self.spoken.output_tokens))
        return self._replace(
            spoken=first,
            stop_details=None,
            applied_edits=None,
            compacted=None,
            tells_iterations=False,
        )

    def slower(self, factor: float) -> "Answer":
        """The same answer, each of its delays so many times longer."""
        if factor == 1:
            return self
        summary = self.compacted.slower(factor) if self.compacted else None
        delays_s = [delay * factor for delay in self.delays_s]
        return self._replace(delays_s=delays_s, compacted=summary)


def make_answer(reply: Reply, asked: Asked, prompt: PromptUsage, luck: Luck) -> Answer:
    """The reply as it is really given; what was read from the cache takes no time."""
    body, voice = asked.body, voice_of(asked)
    blocks = [as_block(block, voice, luck.child(n)) for n, block in enumerate(reply.content)]
    spoken = speak(blocks, reply.stop_reason, cut_of(asked))
    drawn = luck.octets(2 * ID_BYTES + 1 + spoken.length, "answer")
    speed = speed_of(asked)
    return Answer(
        message_id=make_id("msg", drawn),
        request_id=make_id("req", drawn[ID_BYTES:]),
        model=asked.model,
        spoken=spoken,
        prompt=prompt,
        delays_s=latency.delays_s(
            asked.model.tier,
            prompt.uncached_tokens,
            drawn[2 * ID_BYTES :],
            is_fast=speed == "fast",
        ),
        stop_details=reply.stop_details if spoken.stop_reason == "refusal" else None,
        speed=speed,
        inference_geo=str(body.get("inference_geo", "global")),
        applied_edits=asked.applied_edits,
        tells_iterations=asked.tells_iterations,
    )


def paused_answer(asked: Asked, luck: Luck) -> Answer:
    """An answer of a summary alone: the model has not begun with the message itself."""
    drawn = luck.octets(2 * ID_BYTES, "answer")
    return Answer(
        message_id=make_id("msg", drawn),
        request_id=make_id("req", drawn[ID_BYTES:]),
        model=asked.model,
        spoken=Spoken(stop_reason="compaction"),
        prompt=PromptUsage(0),
        speed=str(asked.body.get("speed", "standard")),
        inference_geo=str(asked.body.get("inference_geo", "global")),
        applied_edits=asked.applied_edits,
        tells_iterations=asked.tells_iterations,
    )


def speed_of(asked: Asked) -> str:
    """The speed at which a request is answered."""
    wanted = str(asked.body.get("speed", "standard"))
    return "standard" if "ignores_speed" in asked.model.requests else wanted


def voice_of(asked: Asked) -> Voice:
    """How the model of a request speaks."""
    config = asked.body.get("thinking")
    display = config.get("display") if isinstance(config, dict) else None
    shows = display or ("omitted" if "omits_thinking" in asked.model.requests else "summarized")
    tokenizer = TOKENIZERS[asked.model.tokenizer]
    return Voice(tokenizer, shows == "summarized", asked.model.id, asked.sent)


def cut_of(asked: Asked) -> Cut:
    """Where the request, or the rest of the window, ends a reply."""
    limit, stops = asked.body["max_tokens"], asked.body.get("stop_sequences", ())
    assert isinstance(limit, int)
    assert isinstance(stops, Sequence)
    room = asked.model.context_window - asked.input_tokens
    if room < limit:
        return Cut(room, "model_context_window_exceeded", stops)
    return Cut(limit, stops=stops)
