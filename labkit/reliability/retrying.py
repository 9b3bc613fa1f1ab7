"""Trying again: whether, when, and when to stop.

    error -> is_retryable -> next_delay -> a wait, or None: tell the person

Pure decisions; ``Retries`` in ``middleware`` carries them out inside the SDK.
"""

import math
import random
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
from anthropic import APIConnectionError, APIStatusError

from labkit.arguments import number, refused, whole

TRANSIENT = frozenset({408, 409, 429})
"""Statuses below 500 that another try may change (anthropic 2.12.0, ``_should_retry``)."""
TRANSIENT_TYPES = frozenset({"overloaded_error", "api_error", "rate_limit_error", "timeout_error"})
"""Error types that mean the same inside a stream, where the status is 200."""
IN_VAIN = frozenset({"enforced_spend_limit_reached", "contract_spend_limit_reached"})
"""Error codes of a 429 that no wait of seconds changes (docs: rate limits, 2026-08-22; anthropic
2.12.0, ``types/shared``)."""
HTTP_OK, BAD_REQUEST, SERVER_ERROR = 200, 400, 500
MOST_DOUBLINGS = 64


def is_retryable(error: BaseException, chars_shown: int = 0) -> bool:
    """Whether the same request may be sent again.

    Args:
        error: What the SDK raised.
        chars_shown: Characters of this reply that somebody has read. After the first one a second
            beginning would contradict it, so nothing is tried again.
    """
    if not isinstance(error, BaseException):
        raise refused("error", error, "Nothing is known of it.", "Give what the SDK raised.")
    if whole("chars_shown", chars_shown, "Nobody can have read so many.", least=0):
        return False
    if not isinstance(error, APIStatusError):
        return isinstance(error, LOST)
    if error.status_code == HTTP_OK:  # an event in a stream: its response had begun well
        return error.type in TRANSIENT_TYPES
    return is_transient(error.response.headers, error.status_code, error_code(error.body))


LOST = (APIConnectionError, httpx2.TransportError)
"""A connection that breaks inside a stream raises the second one (anthropic 2.12.0)."""


def is_transient(headers: Mapping[str, str], status: int, code: str | None = None) -> bool:
    """Whether a failed status may be another one next time; the provider's own word counts first.

    Args:
        headers: Of the response.
        status: Of the response; what is below 400 has not failed.
        code: Its ``error.details.error_code``, where it has one.
    """
    if status < BAD_REQUEST:
        return False
    said = headers.get("x-should-retry")
    if said in ("true", "false"):
        return said == "true"
    return (status >= SERVER_ERROR or status in TRANSIENT) and code not in IN_VAIN


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that the provider asks to wait: milliseconds first, then seconds or a date."""
    for name, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        with suppress(ValueError, KeyError):
            said_s = float(headers[name]) * unit_s
            return 0.0 if math.isnan(said_s) else max(0.0, said_s)
    with suppress(ValueError, KeyError, OverflowError):
        date = parsedate_to_datetime(headers["retry-after"])
        return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds())
    return None


def error_code(body: object) -> str | None:
    """``error.details.error_code`` of a response body, where there is one."""
    for key in ("error", "details", "error_code"):
        body = body.get(key) if isinstance(body, Mapping) else None
    return body if isinstance(body, str) else None


def next_delay(  # noqa: PLR0913 - each says something else about one wait
    attempt: int,
    *,
    base: float = 0.5,
    cap: float = 8.0,
    retry_after: float | None = None,
    deadline_left: float = float("inf"),
    rng: random.Random,
) -> float | None:
    """Seconds to wait before the next attempt; None when it would come too late.

    Full jitter: anything from 0 to ``min(cap, base * 2**attempt)``, all equally likely, so that a
    crowd that failed together does not come back together (AWS Architecture Blog, 2015). What the
    provider asks for is the least; the jitter comes on top.

    Args:
        attempt: 0 after the first failure.
        base: Seconds; the spread after the first failure.
        cap: Seconds; the widest spread.
        retry_after: Seconds that the provider asks for; None where it says nothing.
        deadline_left: Seconds until nobody waits any longer; below 0 nobody does.
        rng: The source of chance.
    """
    doublings = min(whole("attempt", attempt, "No wait follows from it.", least=0), MOST_DOUBLINGS)
    follows = "Nobody can wait so many seconds."
    spread_s = min(number("cap", cap, follows), number("base", base, follows) * 2.0**doublings)
    asked_s = 0.0 if retry_after is None else retry_after
    least_s = number("retry_after", asked_s, follows, endless=True)
    if not isinstance(rng, random.Random):
        raise refused("rng", rng, "No chance can be drawn from it.", "Give random.Random().")
    is_past = isinstance(deadline_left, (int, float)) and deadline_left < 0
    number("deadline_left", 0.0 if is_past else deadline_left, follows, endless=True)
    wait_s = least_s + rng.uniform(0, spread_s)
    return wait_s if wait_s < deadline_left else None


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long a person may be kept waiting, and how a wait is spread."""

    attempts: int = 5
    """Attempts in all, the first one included."""
    deadline_s: float = 20.0
    """Seconds from the first attempt until nothing more is tried."""
    timeout_s: float = 8.0
    """Seconds of silence after which one attempt is given up, as the SDK's ``timeout`` counts
    them; less where the deadline is nearer, and a shorter one of the call holds."""
    base_s: float = 0.5
    """Seconds; the spread of the first wait."""
    cap_s: float = 8.0
    """Seconds; the widest spread of a wait, beyond what the provider asks for."""

    def __post_init__(self) -> None:
        """Refuse a policy that could not be kept."""
        whole("attempts", self.attempts, "Nothing would be asked.", least=1)
        for name in ("deadline_s", "timeout_s", "base_s", "cap_s"):
            number(name, getattr(self, name), "Nobody can wait so many seconds.")


class RetryBudget:
    """Retries as a share of calls, for everybody who shares it.

    When everything fails, retries would multiply the load just when it hurts. Each call earns
    ``ratio`` of a retry; a retry costs one.
    """

    def __init__(self, ratio: float = 0.1, *, reserve: float = 10.0) -> None:
        """Begin with ``reserve`` retries, which is also the most that can be saved."""
        self.ratio = number("ratio", ratio, "A call cannot earn so much.")
        self.reserve = number("reserve", reserve, "So many retries cannot be kept.")
        self.left = self.reserve
        self._lock = threading.Lock()

    def earn(self) -> None:
        """A call begins."""
        with self._lock:
            self.left = min(self.reserve, self.left + self.ratio)

    def spend(self) -> bool:
        """Take one retry; False where none is left."""
        with self._lock:
            if self.left < 1:
                return False
            self.left -= 1
            return True
