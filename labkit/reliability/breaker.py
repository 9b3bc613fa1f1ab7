"""A circuit breaker inside the SDK, as its middleware, sync and async.

    closed -> so many failures in a row -> open -> some seconds -> one try -> closed, or open again

Put it behind ``Retries``, so that every attempt passes it.
"""

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
from labkit.reliability.retrying import SERVER_ERROR


class CircuitOpenError(LabkitError):
    """Nothing was sent, because the provider has failed again and again."""


class CircuitBreaker(Middleware):
    """Stops asking a provider that fails, and tries it with one request after a while.

    A lost connection, a timeout and a status of 500 or more are failures of the provider. Every
    other status shows that it works, 429 too: that says that we ask too much. An error inside a
    stream comes too late for it. Share one breaker between all clients of one provider.
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
                self._count(seen.status, is_probe)

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

    def _count(self, status: int | None, is_probe: bool) -> None:
        """Open after enough failures; close after a reply.

        Attempts that were under way when it opened do not put off the next try.
        """
        if status is None:
            return
        if status < SERVER_ERROR:
            self.in_a_row, self.opened_s = 0, None
            return
        self.in_a_row += 1
        if is_probe or (self.opened_s is None and self.in_a_row >= self.failures):
            self.opened_s = current().monotonic()


@dataclass(slots=True)
class Seen:
    """How an attempt went."""

    status: int | None = None
    """None where nobody waited for it."""
