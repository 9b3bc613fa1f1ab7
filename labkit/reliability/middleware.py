"""Retries and the circuit breaker as middlewares of the SDK, sync and async.

    client.with_options(max_retries=0, middleware=[Retries(), CircuitBreaker()])

The outermost comes first: every attempt of ``Retries`` passes the breaker.
"""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from anthropic import (
    APIConnectionError,
    APIRequest,
    APIResponse,
    AsyncAPIResponse,
    AsyncCallNext,
    CallNext,
    Middleware,
)

from labkit.arguments import number, whole
from labkit.clock import current
from labkit.errors import LabkitError
from labkit.reliability.retrying import (
    SERVER_ERROR,
    RetryBudget,
    RetryPolicy,
    is_transient,
    next_delay,
    retry_after_s,
)

COUNT_HEADER = "x-stainless-retry-count"
"""By which a provider sees retries; the SDK would say 0 each time (anthropic 2.12.0)."""


class TwoRetryLayersError(LabkitError):
    """The SDK retries around a layer that retries: attempts would multiply."""


class CircuitOpenError(LabkitError):
    """Nothing was sent, because the provider has failed again and again."""


class Retries(Middleware):
    """One retry layer inside the SDK: full jitter, a deadline, a budget.

    It sees what the SDK would see: statuses and lost connections. An error inside a stream comes
    after the response has begun, so the app that shows the text decides (``is_retryable``).
    """

    def __init__(
        self,
        policy: RetryPolicy | None = None,
        *,
        budget: RetryBudget | None = None,
        rng: random.Random | None = None,
    ) -> None:
        """Retry by a policy; several clients may share one budget."""
        self.policy = policy or RetryPolicy()
        self.budget = budget
        self.rng = rng or random.Random()

    def handle(self, request: APIRequest, call_next: CallNext) -> APIResponse[Any]:
        """Send attempts until one is good or another makes no sense."""
        call = Call(self, request)
        while True:
            try:
                response = call_next(call.attempt())
            except APIConnectionError:
                if (wait_s := call.wait_s()) is None:
                    raise
            else:
                if (wait_s := call.wait_s(response)) is None:
                    return response
                response.close()
            call.clock.sleep(wait_s)

    async def handle_async(
        self, request: APIRequest, call_next: AsyncCallNext
    ) -> AsyncAPIResponse[Any]:
        """Send attempts until one is good or another makes no sense."""
        call = Call(self, request)
        while True:
            try:
                response = await call_next(call.attempt())
            except APIConnectionError:
                if (wait_s := call.wait_s()) is None:
                    raise
            else:
                if (wait_s := call.wait_s(response)) is None:
                    return response
                await response.close()
            await call.clock.sleep_async(wait_s)


class Call:
    """The attempts of one call, and what is left of its time."""

    def __init__(self, layer: Retries, request: APIRequest) -> None:
        """Start the person's patience."""
        if request.retries_taken:
            raise TwoRetryLayersError(
                f"The SDK is at retry {request.retries_taken} of a call that Retries has tried "
                f"{layer.policy.attempts} times. Attempts multiply, and the deadline is not kept. "
                "Make the client with max_retries=0."
            )
        self.layer = layer
        self.request = request
        self.clock = current()
        self.ends_s = self.clock.monotonic() + layer.policy.deadline_s
        self.sent = 0
        if layer.budget is not None:
            layer.budget.earn()

    @property
    def left_s(self) -> float:
        """Seconds until nobody waits any longer."""
        return self.ends_s - self.clock.monotonic()

    def attempt(self) -> APIRequest:
        """The request of the next attempt: no longer than the person waits, and counted."""
        self.sent += 1
        return self.request.copy(
            timeout=min(self.layer.policy.timeout_s, self.left_s),
            headers={**self.request.headers, COUNT_HEADER: str(self.sent - 1)},
        )

    def wait_s(
        self, response: APIResponse[Any] | AsyncAPIResponse[Any] | None = None
    ) -> float | None:
        """Seconds until the next attempt; None where this one was good, or the last."""
        headers = {} if response is None else response.headers
        if response is not None and not is_transient(headers, response.status_code):
            return None
        policy, budget = self.layer.policy, self.layer.budget
        if self.sent >= policy.attempts:
            return None
        wait_s = next_delay(
            self.sent - 1,
            base=policy.base_s,
            cap=policy.cap_s,
            retry_after=retry_after_s(headers, self.clock.utcnow()),
            deadline_left=self.left_s,
            rng=self.layer.rng,
        )
        return None if wait_s is None or (budget and not budget.spend()) else wait_s


class CircuitBreaker(Middleware):
    """Stops asking a provider that fails, and tries it with one request after a while.

    A lost connection, a timeout and a status of 500 or more are failures of the provider; 429 is
    not: it says that we ask too much. Share one breaker between all clients of one provider.
    """

    def __init__(self, failures: int = 5, *, cool_s: float = 30.0) -> None:
        """Open after so many failures in a row; try again after ``cool_s`` seconds."""
        self.failures = whole("failures", failures, "The breaker would never close.", least=1)
        self.cool_s = number("cool_s", cool_s, "Nobody can wait so many seconds.")
        self.in_a_row = 0
        self.opened_s: float | None = None
        self._probing = False
        self._lock = threading.Lock()

    def handle(self, request: APIRequest, call_next: CallNext) -> APIResponse[Any]:
        """Send the request if the circuit is closed, and see how it went."""
        with self._watched() as seen:
            response = call_next(request)
            seen.status = response.status_code
            return response

    async def handle_async(
        self, request: APIRequest, call_next: AsyncCallNext
    ) -> AsyncAPIResponse[Any]:
        """Send the request if the circuit is closed, and see how it went."""
        with self._watched() as seen:
            response = await call_next(request)
            seen.status = response.status_code
            return response

    @contextmanager
    def _watched(self) -> Iterator["Seen"]:
        """Let one attempt through, and count it; one that was given up counts for nothing."""
        is_probe, seen = self._enter(), Seen()
        try:
            yield seen
        except APIConnectionError:
            seen.status = SERVER_ERROR
            raise
        finally:
            with self._lock:
                self._probing = self._probing and not is_probe
                self._count(seen.status)

    def _enter(self) -> bool:
        """Whether this attempt is the one that tries an open circuit."""
        with self._lock:
            if self.opened_s is None:
                return False
            left_s = self.opened_s + self.cool_s - current().monotonic()
            if left_s > 0 or self._probing:
                when = f"for {left_s:.0f} s" if left_s > 0 else "until one attempt has come back"
                raise CircuitOpenError(
                    f"The provider failed {self.in_a_row} times in a row. Nothing is sent {when}. "
                    "Tell the person now, or answer without it."
                )
            self._probing = True
            return True

    def _count(self, status: int | None) -> None:
        """Open after enough failures; close after a reply."""
        if status is None:
            return
        if status < SERVER_ERROR:
            self.in_a_row, self.opened_s = 0, None
            return
        self.in_a_row += 1
        if self.in_a_row >= self.failures:
            self.opened_s = current().monotonic()


@dataclass(slots=True)
class Seen:
    """How an attempt went."""

    status: int | None = None
    """None where nobody waited for it."""
