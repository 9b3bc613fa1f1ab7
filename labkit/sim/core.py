"""The simulated provider as one function: a request and the time in, a plan of timed bytes out.

    Request -> asked (valid?) -> faults -> model -> shapes -> spoken -> wire, latency -> Plan

It knows no sockets, event loops or clocks. The same seed and the same requests give the same
bytes: luck hangs on what is asked and how often it was asked before, not on who came first.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from labkit.errors import ArgumentError
from labkit.sim.answer import Answer, make_answer
from labkit.sim.asked import Asked, Request, fingerprint, understand, words_of
from labkit.sim.broken import broken_at_once, broken_on_its_way
from labkit.sim.faults import Fault, FaultScript
from labkit.sim.luck import Luck
from labkit.sim.plan import Frame, Plan, answer_plan, error_plan
from labkit.sim.rejection import Rejection
from labkit.sim.reply import Explanation, Reply
from labkit.sim.shapes import factor_of, shaped

__all__ = ["Frame", "Plan", "Provider", "ReplyModel", "Request"]


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
            return error_plan(no.status, no.message, now, self._luck("rejected", no.message))
        luck = self._luck("attempt", asked.whole, asked.retry)
        fault_luck = self._fault_luck(asked)
        fault = self.faults.breaks(fault_luck)
        if fault and (nothing := broken_at_once(fault, now, luck, streamed=asked.streamed)):
            return nothing
        answer = self._answer(asked, luck, self.faults.reply_shapes(fault_luck), fault)
        whole = answer_plan(answer, now, streamed=asked.streamed)
        return broken_on_its_way(whole, fault, streamed=asked.streamed) if fault else whole

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

    def _fault_luck(self, asked: Asked) -> Luck:
        """What rates of faults hang on: the last message alone, and how often it was sent.

        So two apps that ask the same question meet the same faults, whatever else they send.
        """
        if not self.faults.faults:
            return self.luck
        return self._luck("fault", fingerprint(asked.last_message), asked.retry)

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
        if shapes:
            reply = shaped(reply, shapes, words_of(asked.last_message), luck)
        answer = make_answer(reply, asked, luck, factor_of(shapes))
        struck = tuple(known.name for known in (*shapes, *([fault] if fault else ())))
        self._journal[answer.message_id] = Explanation(answer.message_id, reply.rules, struck)
        return answer

    def _luck(self, *key: str) -> Luck:
        """The luck of the next attempt of this kind."""
        self._counts[key] += 1
        return self.luck.child(*key, self._counts[key])
