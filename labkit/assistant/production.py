"""The production assistant: the areas' building blocks, composed.

    asked -> a request with a stable prefix and a ceiling (C7, C8, C6)
          -> retries, a circuit breaker, a ledger around each attempt (R11, C9)
          -> relayed sentence by checked sentence (C12)
          -> how it ended: shown, asked once more, or a way forward (R9, R10)

Reliability and Cost & Latency are in it so far.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import anthropic

from labkit.arguments import function, given, refused, sendable, text, whole
from labkit.assistant.talk import Asked, talk_of
from labkit.case import system_prompt
from labkit.clock import current
from labkit.cost import Relayed, UsageLedger, build_request, labelled, relay, relay_async
from labkit.reliability import CircuitBreaker, CircuitOpenError, Retries, is_retryable

LATER = "Latch cannot be reached just now. Please try again in a few minutes."
DESK = "Latch cannot answer that. Please ask at the desk, open Tuesday to Saturday."
STOPPED = "I had to stop here. Please ask at the desk."
CEILING, ROOM = 300, 4
"""Tokens of an answer, and how many times as many the second asking has after a cut one."""
AGAIN = frozenset({"empty", "truncated", "incomplete"})
"""Endings after which a second asking may do better: once, and what was shown is taken back."""
WHOLE = frozenset({"done", "stopped"})
SAID = dict.fromkeys(("refused", "tool_use", "unknown", "empty"), DESK)
"""What is read in place of an answer."""
FAILED = (anthropic.APIError, CircuitOpenError)
"""What is left of a provider's failures behind the retries."""
CLIENT = "an anthropic.Anthropic(), or anthropic.AsyncAnthropic() for the asynchronous form"

ClientT = TypeVar("ClientT", anthropic.Anthropic, anthropic.AsyncAnthropic)
Came: TypeAlias = Relayed | anthropic.APIError | CircuitOpenError
Steps: TypeAlias = Generator["tuple[dict[str, Any], bool] | Told", Came, None]


@dataclass(frozen=True, slots=True)
class Told:
    """What a person reads, and why."""

    text: str
    """Always a sentence at least."""
    outcome: str
    """How the last stream ended (``Relayed.outcome``); ``unavailable``: it never began."""
    first_s: float | None = None
    """Seconds from the question until the first sentence that still stands."""
    reason: str = ""
    """The error, or the category of a refusal: for the log and not for the person."""


class Latch:
    """Answers from the library's documents: every time a sentence, at a known price.

    It keeps nothing of anybody. Threads and tasks may share one; so do its retries' budget, its
    breaker and its ledger, where they are given.
    """

    def __init__(  # noqa: PLR0913 - settings, all but the model by name
        self,
        model: str,
        *,
        rules: str | None = None,
        ceiling: int = CEILING,
        ttl: str | None = "1h",
        may_be_shown: Callable[[str], bool] = bool,
        retries: Retries | None = None,
        breaker: CircuitBreaker | None = None,
        ledger: UsageLedger | None = None,
    ) -> None:
        """Compose it.

        Args:
            model: The id that answers; pin it.
            rules: The whole system prompt, the same for everybody; the case's if None.
            ceiling: ``max_tokens`` of an answer, read off the task's own lengths (``set_ceiling``).
            ttl: How long a cache keeps the rules: ``5m`` or ``1h``; None for no cache.
            may_be_shown: Sees each sentence before anybody reads it.
            retries: The one layer that tries again; ``Retries()`` if None.
            breaker: Shared by all clients of a provider; a new one if None.
            ledger: Counts every attempt; a new one if None.
        """
        self.model = text("model", model, "Nobody could be asked.")
        self.rules = system_prompt() if rules is None else sendable("rules", rules, "None holds.")
        self.ceiling = whole("ceiling", ceiling, "Nothing could be said.", least=1)
        self.ttl = ttl
        function("may_be_shown", may_be_shown, "sentence")
        self.may_be_shown = may_be_shown
        follows = "No attempt could pass through it."
        self.retries = given("retries", retries, Retries, follows) or Retries()
        self.breaker = given("breaker", breaker, CircuitBreaker, follows) or CircuitBreaker()
        self.ledger = given("ledger", ledger, UsageLedger, follows) or UsageLedger()

    def answer(self, client: anthropic.Anthropic, asked: Asked) -> str:
        """What the person reads; never an exception for what a provider does."""
        return self.tell(client, asked).text

    async def answer_async(self, client: anthropic.AsyncAnthropic, asked: Asked) -> str:
        """The same, for an asynchronous client."""
        return (await self.tell_async(client, asked)).text

    def tell(
        self,
        client: anthropic.Anthropic,
        asked: Asked,
        *,
        show: Callable[[str], object] = str,
        retract: Callable[[], object] = str,
    ) -> Told:
        """Answer, and show each sentence as soon as it may be read.

        Args:
            client: Any; it is given the layers for this answer alone.
            asked: A question, or the messages so far, the last one the person's.
            show: Puts a piece of text behind what is there. All pieces after the last ``retract``
                are ``Told.text``.
            retract: Takes back all that was shown.
        """
        layered, reader = self._on(client, anthropic.Anthropic), Reader(show, retract)
        steps = self._steps(asked, reader)
        step = next(steps)
        while not isinstance(step, Told):
            request, again = step
            came: Came
            try:
                with labelled("answer", again=again), layered.messages.stream(**request) as stream:
                    came = relay(stream, self.may_be_shown, reader.show, retract=reader.retract)
            except FAILED as error:
                came = error
            step = steps.send(came)
        return step

    async def tell_async(
        self,
        client: anthropic.AsyncAnthropic,
        asked: Asked,
        *,
        show: Callable[[str], object] = str,
        retract: Callable[[], object] = str,
    ) -> Told:
        """The same for an asynchronous client; ``show`` must not wait."""
        layered, reader = self._on(client, anthropic.AsyncAnthropic), Reader(show, retract)
        steps = self._steps(asked, reader)
        step = next(steps)
        while not isinstance(step, Told):
            request, again = step
            came: Came
            try:
                with labelled("answer", again=again):
                    async with layered.messages.stream(**request) as stream:
                        came = await relay_async(
                            stream, self.may_be_shown, reader.show, retract=reader.retract
                        )
            except FAILED as error:
                came = error
            step = steps.send(came)
        return step

    def _on(self, client: ClientT, kind: type[ClientT]) -> ClientT:
        """The client with one retry layer, the breaker and the ledger, in this order."""
        if not isinstance(client, kind):
            raise refused("client", client, "No model can be asked through it.", f"Give {CLIENT}.")
        once = client.with_options(max_retries=0)
        return once.with_middleware(self.retries, self.breaker, self.ledger)

    def _request(self, talk: list[Any]) -> dict[str, Any]:
        """What everybody shares first; the time and the question last."""
        *history, asked = talk
        parts = build_request(
            rules=self.rules,
            history=history,
            question=asked["content"],
            today=f"{current().utcnow():%A, %d %B %Y, %H:%M}",
            ttl=self.ttl,
        )
        return {"model": self.model, "max_tokens": self.ceiling, **parts}

    def _steps(self, asked: Asked, reader: "Reader") -> Steps:
        """Ask, ask again where that may help, and end with a sentence."""
        request = self._request(talk_of(asked))
        came = yield request, False
        if isinstance(came, Relayed) and came.outcome in AGAIN:
            reader.retract()
            room = self.ceiling * (ROOM if came.outcome == "truncated" else 1)
            came = yield request | {"max_tokens": room}, True
        if not isinstance(came, Relayed):
            outcome, reason = "unavailable", f"{type(came).__name__}: {came}"
            passes = isinstance(came, CircuitOpenError) or is_retryable(came)
            said = LATER if passes else DESK
        else:
            outcome, reason = came.outcome, came.reason
            said = SAID.get(outcome, "" if outcome in WHOLE else STOPPED)
        if said in (LATER, DESK):
            reader.retract()
        reader.go_on(said)
        yield Told(reader.text, outcome, reader.first_s, reason)


class Reader:
    """What stands before the person, and since when."""

    def __init__(self, show: Callable[[str], object], retract: Callable[[], object]) -> None:
        """Nothing yet; the person has just asked."""
        function("show", show, "piece")
        function("retract", retract)
        self._show, self._retract = show, retract
        self._asked_s = current().monotonic()
        self.text = ""
        self.first_s: float | None = None

    def show(self, piece: str) -> None:
        """Put a piece behind what is there."""
        if self.first_s is None:
            self.first_s = current().monotonic() - self._asked_s
        self.text += piece
        self._show(piece)

    def retract(self) -> None:
        """Take back all of it."""
        self.text, self.first_s = "", None
        self._retract()

    def go_on(self, said: str) -> None:
        """Put a sentence of our own behind what is there, or nothing."""
        if said:
            gap = " " * bool(self.text and not self.text[-1].isspace())
            self.show(gap + said)
