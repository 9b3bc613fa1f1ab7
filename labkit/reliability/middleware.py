"""Retries inside the SDK, as its middleware, sync and async.

    client.with_options(max_retries=0, middleware=[Retries(), CircuitBreaker()])

The outermost comes first: every attempt of ``Retries`` passes the breaker.
"""

import json
import random
from typing import Any, TypeAlias

import httpx2
from anthropic import (
    APIRequest,
    APIResponse,
    AsyncAPIResponse,
    AsyncCallNext,
    CallNext,
    Middleware,
)

from labkit.arguments import given
from labkit.clock import current
from labkit.errors import LabkitError
from labkit.reliability.retrying import (
    LOST,
    RetryBudget,
    RetryPolicy,
    error_code,
    is_transient,
    next_delay,
    retry_after_s,
)

Response: TypeAlias = APIResponse[Any] | AsyncAPIResponse[Any]
TOO_MANY = 429
UNUSABLE = "Retries cannot work with it."
SHORTEST_S = 0.001
"""The least timeout of an attempt whose deadline is reached in this moment."""
COUNT_HEADER = "x-stainless-retry-count"
"""By which a provider sees retries; the SDK would say 0 each time (anthropic 2.12.0)."""


class TwoRetryLayersError(LabkitError):
    """The SDK retries around a layer that retries: attempts would multiply."""


class Retries(Middleware):
    """One retry layer inside the SDK: full jitter, a deadline, a budget.

    It sees what the SDK would see: statuses and lost connections. An error inside a stream comes
    after the response has begun, so the app that shows the text decides (``is_retryable``). As in
    the SDK, whatever the client sends is tried again, also what creates something.
    """

    def __init__(
        self,
        policy: RetryPolicy | None = None,
        *,
        budget: RetryBudget | None = None,
        rng: random.Random | None = None,
    ) -> None:
        """Retry by a policy; several clients may share one budget."""
        self.policy = given("policy", policy, RetryPolicy, UNUSABLE) or RetryPolicy()
        self.budget = given("budget", budget, RetryBudget, UNUSABLE)
        self.rng = given("rng", rng, random.Random, UNUSABLE) or random.Random()

    def handle(self, request: APIRequest, call_next: CallNext) -> APIResponse[Any]:
        """Send attempts until one is good or another makes no sense."""
        call = Call(self, request)
        while True:
            try:
                response = call_next(call.attempt())
                code = code_of(response.read()) if call.needs_code(response) else None
            except LOST:
                if (wait_s := call.wait_s()) is None:
                    raise
            else:
                if (wait_s := call.wait_s(response, code)) is None:
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
                code = code_of(await response.read()) if call.needs_code(response) else None
            except LOST:
                if (wait_s := call.wait_s()) is None:
                    raise
            else:
                if (wait_s := call.wait_s(response, code)) is None:
                    return response
                await response.close()
            await call.clock.sleep_async(wait_s)


def code_of(body: bytes) -> str | None:
    """The error code in the body of a failed response."""
    try:
        return error_code(json.loads(body))
    except (ValueError, RecursionError):
        return None


class Call:
    """The attempts of one call, and what is left of its time."""

    def __init__(self, layer: Retries, request: APIRequest) -> None:
        """Start the person's patience."""
        if request.retries_taken:
            raise TwoRetryLayersError(
                f"The SDK is at retry {request.retries_taken} of a call that Retries has given up. "
                "Attempts would multiply, and the deadline would not be kept. "
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
        own = self.request.timeout
        own_s = own.read if isinstance(own, httpx2.Timeout) else own
        longest_s = min(self.layer.policy.timeout_s, self.left_s)
        if isinstance(own_s, (int, float)):
            longest_s = min(longest_s, own_s)
        return self.request.copy(
            timeout=max(longest_s, SHORTEST_S),
            headers={**self.request.headers, COUNT_HEADER: str(self.sent - 1)},
        )

    def needs_code(self, response: Response) -> bool:
        """Whether the body says if another attempt makes sense: a spend limit is a 429, too."""
        return response.status_code == TOO_MANY

    def wait_s(self, response: Response | None = None, code: str | None = None) -> float | None:
        """Seconds until the next attempt; None where this one was good, or the last."""
        headers = {} if response is None else response.headers
        if response is not None and not is_transient(headers, response.status_code, code):
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
        has_budget = wait_s is None or budget is None or budget.spend()
        return wait_s if has_budget else None
