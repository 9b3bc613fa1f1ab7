"""The simulated provider as one function: a request and the time in, a plan of timed bytes out.

    Request -> asked (valid?) -> faults -> model -> shapes -> spoken -> wire, latency -> Plan

It knows no sockets, event loops or clocks. The same seed and the same requests give the same
bytes: luck hangs on what is asked and how often it was asked before, not on who came first.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from math import prod
from typing import Protocol

from labkit.errors import ArgumentError
from labkit.sim import wire
from labkit.sim.asked import Asked, Request, last_words, understand
from labkit.sim.faults import Fault, FaultScript
from labkit.sim.ids import make_id
from labkit.sim.luck import Luck
from labkit.sim.plan import (
    Answer,
    Frame,
    Plan,
    Scene,
    answer_plan,
    error_plan,
    page_plan,
    silent_plan,
)
from labkit.sim.rejection import Rejection
from labkit.sim.reply import Explanation, Reply
from labkit.sim.shapes import shaped
from labkit.sim.spoken import Spoken, as_block, speak

__all__ = ["Frame", "Plan", "Provider", "ReplyModel", "Request"]

MESSAGES = {
    400: "The request was refused.",
    401: "invalid x-api-key",
    402: "Your credit balance is too low to access the API.",
    403: "Your API key does not have permission to use the specified resource.",
    404: "Not found",
    409: "The request conflicts with another one.",
    413: "Request exceeds the maximum size",
    429: "This request would exceed your organization's rate limit.",
    500: "Internal server error",
    503: "Service unavailable",
    504: "The request timed out while it was processed.",
    529: "Overloaded",
}
"""What failing statuses say; the wording is ours but for 529."""


class ReplyModel(Protocol):
    """What answers behind the provider."""

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
        """The whole reply to a valid request."""


class Provider:
    """A simulated provider and its memory: what was asked how often, and why it answered so."""

    def __init__(
        self,
        seed: int,
        model: ReplyModel,
        *,
        started_at: datetime,
        faults: FaultScript | None = None,
    ) -> None:
        """Answer with ``model``.

        Args:
            seed: The same seed gives the same bytes.
            model: What answers.
            started_at: The date and time at second 0.
            faults: What goes wrong; may be replaced at any time.
        """
        self.luck = Luck(seed, ("provider",))
        self.model = model
        self.started_at = started_at
        self.faults = faults or FaultScript()
        self._counts: Counter[tuple[str, ...]] = Counter()
        self._journal: dict[str, Explanation] = {}

    def plan(self, request: Request, now_s: float) -> Plan:
        """What comes back for this request, ``now_s`` seconds after the start."""
        now = self.started_at + timedelta(seconds=now_s)
        try:
            asked = understand(request, now.date())
        except Rejection as no:
            luck = self._luck("rejected", no.kind, no.message)
            return error_plan(no.status, no.kind, no.message, Scene(luck, now, streamed=False))
        scene = Scene(self._luck("attempt", asked.whole, asked.retry), now, asked.streamed)
        fault = self.faults.breaks(fault_luck := self._luck("fault", asked.last, asked.retry))
        if fault and (early := early_plan(fault, scene)):
            return early
        shapes = self.faults.reply_shapes(fault_luck)
        scene = replace(scene, factor=prod(shape.factor or 1.0 for shape in shapes))
        return answer_plan(self._answer(asked, scene.luck, shapes, fault), fault, scene)

    def explain(self, message_id: str) -> Explanation:
        """Which rules and faults made a reply.

        Raises:
            ArgumentError: This provider has made no such reply.
        """
        known = self._journal.get(message_id) if isinstance(message_id, str) else None
        if known is None:
            raise ArgumentError(
                f"message id is {message_id!r}. This provider has not made that reply, so it has "
                "no reasons for it. Give the id of a message of this lab."
            )
        return known

    def _answer(
        self, asked: Asked, luck: Luck, shapes: tuple[Fault, ...], fault: Fault | None
    ) -> Answer:
        """Let the model reply, and note why.

        The same question gets the next wording only after a whole answer to it, so that an
        attempt which fails on its way does not change what a later one says.
        """
        key = ("reply", asked.whole)
        reply = self.model.reply(asked.body, self.luck.child(*key, self._counts[key]))
        self._counts[key] += fault is None
        spoken = say(shaped(reply, shapes, last_words(asked.body), luck), asked, luck)
        message_id = make_id("msg", luck)
        struck = [*shapes, fault] if fault else shapes
        names = tuple(known.name for known in struck)
        self._journal[message_id] = Explanation(message_id, reply.rules, names)
        return Answer(spoken, message_id, asked.model.id, asked.model.tier)

    def _luck(self, *key: str) -> Luck:
        """The luck of the next attempt of this kind."""
        self._counts[key] += 1
        return self.luck.child(*key, self._counts[key])


def early_plan(fault: Fault, scene: Scene) -> Plan | None:
    """The plan of a fault that lets nothing of the answer through; None if it strikes later."""
    status = {"rate_limited": 429, "overloaded": 529}.get(fault.name, fault.status)
    if fault.name == "stream_error" and not scene.streamed:
        status = 529
    if status:
        kind = wire.ERROR_TYPES[status]
        return error_plan(status, kind, MESSAGES[status], scene, retry_after_s=fault.retry_after_s)
    falls_silent = fault.name == "timed_out" and not (scene.streamed and fault.after is not None)
    if falls_silent or fault.name == "connection_lost":
        return silent_plan(fault)
    return page_plan() if fault.name == "html_page" else None


def say(reply: Reply, asked: Asked, luck: Luck) -> Spoken:
    """The reply as it is really said: within the request's limits, and with its usage."""
    body = asked.body
    limit = int(str(body["max_tokens"]))
    room = asked.model.context_window - asked.input_tokens
    stops = body.get("stop_sequences")
    spoken = speak(
        [as_block(content, body, luck.child(place)) for place, content in enumerate(reply.content)],
        stop_reason=reply.stop_reason,
        budget=min(limit, room),
        stops=stops if isinstance(stops, list) else (),
    )
    reason = spoken.stop_reason
    if reason == "max_tokens" and room < limit:
        reason = "model_context_window_exceeded"
    return replace(
        spoken,
        stop_reason=reason,
        stop_details=reply.stop_details if reason == "refusal" else None,
        input_tokens=asked.input_tokens,
        speed=str(body.get("speed", "standard")),
        inference_geo=str(body.get("inference_geo", "global")),
    )
