"""From the model's reply to the answer that is given: within limits, with ids, usage and delays."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from labkit.catalog import Model
from labkit.sim.answers import latency
from labkit.sim.answers.spoken import Limits, Spoken, Voice, as_block, speak
from labkit.sim.asked import Asked
from labkit.sim.caching.cache import PromptUsage
from labkit.sim.ids import ID_BYTES, make_id
from labkit.sim.luck import Luck
from labkit.sim.reply import Reply
from labkit.sim.tokens import TOKENIZERS


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

    @property
    def begins_s(self) -> float:
        """Seconds until the answer begins: the headers and ``message_start`` are there."""
        return self.delays_s[0] * latency.START_SHARE

    @property
    def begun(self) -> "Answer":
        """The answer as ``message_start`` shows it, before anything has been written."""
        first = Spoken(output_tokens=min(1, self.spoken.output_tokens))
        return self._replace(spoken=first, stop_details=None, applied_edits=None)

    def slower(self, factor: float) -> "Answer":
        """The same answer, each of its delays so many times longer."""
        if factor == 1:
            return self
        return self._replace(delays_s=[delay * factor for delay in self.delays_s])


def make_answer(reply: Reply, asked: Asked, prompt: PromptUsage, luck: Luck) -> Answer:
    """The reply as it is really given; what was read from the cache takes no time."""
    body, voice = asked.body, voice_of(asked)
    blocks = [as_block(block, voice, luck.child(n)) for n, block in enumerate(reply.content)]
    spoken = speak(blocks, reply.stop_reason, limits_of(asked))
    drawn = luck.octets(2 * ID_BYTES + 1 + spoken.length, "answer")
    return Answer(
        message_id=make_id("msg", drawn),
        request_id=make_id("req", drawn[ID_BYTES:]),
        model=asked.model,
        spoken=spoken,
        prompt=prompt,
        delays_s=latency.delays_s(asked.model.tier, prompt.uncached_tokens, drawn[2 * ID_BYTES :]),
        stop_details=reply.stop_details if spoken.stop_reason == "refusal" else None,
        speed=str(body.get("speed", "standard")),
        inference_geo=str(body.get("inference_geo", "global")),
        applied_edits=asked.applied_edits,
    )


def voice_of(asked: Asked) -> Voice:
    """How the model of a request speaks."""
    config = asked.body.get("thinking")
    display = config.get("display") if isinstance(config, dict) else None
    shows = display or ("omitted" if "omits_thinking" in asked.model.requests else "summarized")
    tokenizer = TOKENIZERS[asked.model.tokenizer]
    return Voice(tokenizer, shows == "summarized", asked.model.id, asked.sent)


def limits_of(asked: Asked) -> Limits:
    """Where the request, or the rest of the window, ends a reply."""
    limit, stops = asked.body["max_tokens"], asked.body.get("stop_sequences", ())
    assert isinstance(limit, int)
    assert isinstance(stops, Sequence)
    room = asked.model.context_window - asked.input_tokens
    if room < limit:
        return Limits(room, "model_context_window_exceeded", stops)
    return Limits(limit, stops=stops)
