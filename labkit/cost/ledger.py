"""What an app spends, and on what: a middleware of the SDK, sync and async.

    client.with_options(middleware=[Retries(), UsageLedger()])     # innermost: it sees each attempt
    with labelled("triage"): client.messages.create(...)

It reads answers as their bytes pass, so a stream is counted when it ends, and a reply that
``parse`` throws away is counted, too; so are the results of a batch, when somebody reads them.
"""

import threading
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any

from anthropic import (
    APIRequest,
    APIResponse,
    AsyncAPIResponse,
    AsyncCallNext,
    BaseModel,
    CallNext,
    Middleware,
)

from labkit.arguments import refused, whole
from labkit.clock import current
from labkit.cost.attempts import Attempt, Ended, Purpose, kind_of, purpose
from labkit.cost.lines import Line, Spend, Spending, counted, spend_of
from labkit.cost.pricing import Bill, Prices, all_priced, bills_of
from labkit.cost.reading import Answer, answer_of
from labkit.errors import ArgumentError
from labkit.trace.passing import AsyncTee, Tee

MOST_LINES, MOST_POSSIBLE = 100_000, 10**9
MOST_SEEN = 200_000
"""Message ids that are remembered as counted: those of the two largest batches."""


class UsageLedger(Middleware):
    """Keeps a line for each attempt, and sums by label and by model.

    A model without a known price stops nothing and is not free: its attempts are counted as
    unpriced. What the provider bills for an answer that the client gave up, nobody but the provider
    knows: such an attempt is marked ``at_least``. Clients may share a ledger, and threads a client.
    """

    def __init__(self, *, prices: Prices | None = None, most: int = MOST_LINES) -> None:
        """Begin with nothing spent.

        Args:
            prices: Prices by model id; the catalogue's if None.
            most: Lines that are kept, the newest; sums hold all.
        """
        self.prices = all_priced(prices)
        most = whole("most", most, "No lines could be kept.", least=0, most=MOST_POSSIBLE)
        self._lines: deque[Line] = deque(maxlen=most)
        self._sums: defaultdict[tuple[str, str], Spend] = defaultdict(Spend)
        self._seen: dict[str, None] = {}
        self._open = 0
        self._lock = threading.RLock()

    def __repr__(self) -> str:
        """What has been spent, by label."""
        still = f"\n{counted(self._open, 'attempt')} under way" if self._open else ""
        return f"{self.by_label()!r}{still}"

    @property
    def lines(self) -> tuple[Line, ...]:
        """The newest lines, in the order in which they ended."""
        with self._lock:
            return tuple(self._lines)

    @property
    def total(self) -> Spend:
        """Everything so far."""
        return self.by_label().total

    @property
    def under_way(self) -> int:
        """Attempts of which the answer has not ended, and streams that nobody has closed."""
        return self._open

    def by_label(self) -> Spending:
        """What was spent on what."""
        return self._by("label", 0)

    def by_model(self) -> Spending:
        """What was spent on which model."""
        return self._by("model", 1)

    def take(self) -> tuple[Line, ...]:
        """The lines so far, which are kept no longer: for a store of one's own. Sums stay."""
        with self._lock:
            taken = tuple(self._lines)
            self._lines.clear()
            return taken

    def add(self, message: object, *, batch: bool = False) -> None:
        """Count a message that came another way; one that has been counted is not counted again.

        Args:
            message: The SDK's message, or the same as a dict, such as one of a file of results.
            batch: Whether it was answered in a batch, where its usage does not say so.
        """
        told = message.model_dump(warnings=False) if isinstance(message, BaseModel) else message
        answer = answer_of(told) if isinstance(told, Mapping) else Answer()
        if answer.message_id is None or not answer.usage:
            follows = "It has no id and no usage, so nothing can be counted."
            raise refused("message", message, follows, "Give what messages.create returned.")
        bills = self._bills(answer, batch=batch)
        self._keep(answer_line(answer, purpose(), bills))

    def handle(self, request: APIRequest, call_next: CallNext) -> APIResponse[Any]:
        """Send an attempt, and count its answer when that has come."""
        if kind_of(request) is None:
            return call_next(request)
        attempt = self._begin(request)
        try:
            response = call_next(request)
        except BaseException as error:
            attempt.failed(error)
            raise
        if attempt.reads(response):
            response.http_response.stream = Tee(response.http_response.stream, attempt)
        return response

    async def handle_async(
        self, request: APIRequest, call_next: AsyncCallNext
    ) -> AsyncAPIResponse[Any]:
        """Send an attempt, and count its answer when that has come."""
        if kind_of(request) is None:
            return await call_next(request)
        attempt = self._begin(request)
        try:
            response = await call_next(request)
        except BaseException as error:
            attempt.failed(error)
            raise
        if attempt.reads(response):
            response.http_response.stream = AsyncTee(response.http_response.stream, attempt)
        return response

    def _begin(self, request: APIRequest) -> Attempt:
        """Note an attempt that is about to be sent."""
        attempt = Attempt(request, self._end)
        with self._lock:
            self._open += 1
        return attempt

    def _end(self, ended: Ended) -> None:
        """Keep a line for each answer of an attempt."""
        attempt = ended.attempt
        lines = [
            attempt.line(answer, self._bills(answer, batch=attempt.is_results))
            for answer in ended.answers
        ]
        with self._lock:
            self._open -= 1
            for line in lines:
                self._keep(line)

    def _keep(self, line: Line) -> None:
        """Keep a line, unless its message has been counted."""
        with self._lock:
            if line.message_id in self._seen:
                return
            if line.message_id is not None:
                self._seen[line.message_id] = None
            if len(self._seen) > MOST_SEEN:
                del self._seen[next(iter(self._seen))]
            self._lines.append(line)
            key = line.label, line.model
            self._sums[key] = self._sums[key].plus(spend_of(line))

    def _bills(self, answer: Answer, *, batch: bool) -> tuple[Bill, ...] | None:
        """What an answer costs; None where nobody knows its price."""
        if not answer.is_billed:
            return ()
        try:
            return bills_of(answer.usage, answer.model or "", prices=self.prices, batch=batch)
        except ArgumentError:
            return None

    def _by(self, of: str, place: int) -> Spending:
        """The sums by one half of their key."""
        found: defaultdict[str, Spend] = defaultdict(Spend)
        with self._lock:
            for key, spend in self._sums.items():
                found[key[place]] = found[key[place]].plus(spend)
        return Spending(of, found)


def answer_line(answer: Answer, for_what: Purpose, bills: tuple[Bill, ...] | None) -> Line:
    """The line of an answer of which the request is not known."""
    return Line(
        label=for_what.label,
        model=answer.model or "",
        outcome=answer.stop_reason or "no stop_reason",
        when=current().utcnow(),
        bills=bills,
        again=for_what.again,
        usage=answer.usage,
        message_id=answer.message_id,
    )
