"""Rate limits: buckets of requests, input and output tokens for each tier of models, and the spend.

    Limits (what is allowed) -> Meter (what is left): admit -> the answer -> charge -> headers

A bucket holds a minute's allowance and is refilled all the time, not once a minute.
Source: docs: rate limits, 2026-08-22.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from labkit.arguments import number, whole
from labkit.catalog import Model
from labkit.sim.answers.wire import Headers
from labkit.sim.rejection import Rejection

MINUTE_S = 60.0
MOST = 10**9
COUNTS_PER_MINUTE = 2_000
"""Token counts have a limit of their own. Source: docs: token counting, 2026-08-22."""
SLACK = 1e-9
"""Of a minute's allowance: more than rounding can lose of it in many small refills."""
PREFIX = "anthropic-ratelimit-"
NAMES = ("requests", "tokens", "input-tokens", "output-tokens")
SPEND_CODE = "enforced_spend_limit_reached"
"""Source: anthropic 2.12.0, ``types/shared/enforced_spend_limit_reached_error.py``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a lab may use: per minute and tier of models, and in USD.

    The defaults are the first tier of the documentation.
    """

    requests_per_minute: int = 1_000
    input_tokens_per_minute: int = 2_000_000
    """Tokens read from the cache do not count."""
    output_tokens_per_minute: int = 400_000
    """Tokens really written; ``max_tokens`` does not count."""
    spend_usd: float = 500.0
    """Of all tiers together; a lab has no end of the month."""

    def __post_init__(self) -> None:
        """Refuse what nothing could be counted down from."""
        for name in ("requests_per_minute", "input_tokens_per_minute", "output_tokens_per_minute"):
            follows = "Nothing can be counted down from it."
            whole(name, getattr(self, name), follows, least=1, most=MOST)
        number("spend_usd", self.spend_usd, "No spend can be compared with it.", endless=True)


class Used(NamedTuple):
    """The tokens of an answer, in the API's spelling."""

    input_tokens: int
    output_tokens: int
    cache_creation_input_tokens: int = 0
    cache_read_input_tokens: int = 0


class Standing(NamedTuple):
    """How a bucket stands at a moment."""

    per_minute: int
    left: float
    full_s: float
    """Seconds until it is full again."""

    def beside(self, other: "Standing") -> "Standing":
        """Two buckets as one."""
        left, full_s = self.left + other.left, max(self.full_s, other.full_s)
        return Standing(self.per_minute + other.per_minute, left, full_s)


@dataclass(slots=True)
class Bucket:
    """What may still be used, refilled continuously up to a minute's allowance."""

    name: str
    per_minute: int
    left: float
    at_s: float = 0.0

    def refill(self, now_s: float) -> float:
        """What is left now."""
        grown = self.left + max(0.0, now_s - self.at_s) * self.per_minute / MINUTE_S
        self.left, self.at_s = min(grown, self.per_minute), now_s
        return self.left + SLACK * self.per_minute

    def standing(self, now_s: float) -> Standing:
        """How it stands now."""
        left = self.refill(now_s)
        full_s = max(0.0, self.per_minute - left) * MINUTE_S / self.per_minute
        return Standing(self.per_minute, left, full_s)

    def take(self, amount: float, now_s: float) -> None:
        """Use so much; an answer that is longer than what is left leaves a debt."""
        self.refill(now_s)
        self.left -= amount

    def wait_s(self, amount: float, now_s: float) -> float:
        """Seconds until so much is there; infinite if it never will be."""
        missing = amount - self.refill(now_s)
        if missing <= 0:
            return 0.0
        return math.inf if amount > self.per_minute else missing * MINUTE_S / self.per_minute


class Meter:
    """What is left of the limits."""

    def __init__(self, limits: Limits) -> None:
        """Begin with full buckets and nothing spent."""
        self.limits = limits
        self.spent_usd = 0.0
        self._buckets: dict[str, tuple[Bucket, Bucket, Bucket]] = {}
        self._counts = full("token counting requests", COUNTS_PER_MINUTE)

    def admit(self, model: Model, input_tokens: int, now_s: float, now: datetime) -> None:
        """Count a request in.

        Raises:
            Rejection: It would exceed a limit; ``retry-after`` says when it will not.
        """
        if self.is_spent:
            raise Rejection(429, spend_words(now), SPEND_CODE, self.headers(model, now_s, now))
        buckets = self._of(model)
        needed = zip(buckets, (1, input_tokens, 1), strict=True)
        waits = [(bucket.wait_s(amount, now_s), bucket) for bucket, amount in needed]
        wait_s, short = max(waits, key=lambda one: one[0])
        if wait_s:
            left = self.headers(model, now_s, now)
            raise Rejection(429, limit_words(short), headers=(*retry_after(wait_s), *left))
        buckets[0].take(1, now_s)

    @property
    def is_spent(self) -> bool:
        """Whether the spend limit is reached."""
        return self.spent_usd >= self.limits.spend_usd

    def admit_spend(self, now: datetime) -> None:
        """Let a batch, or one of its requests, begin.

        Raises:
            Rejection: The spend limit is reached.
        """
        if self.is_spent:
            raise Rejection(429, spend_words(now), SPEND_CODE)

    def admit_count(self, now_s: float) -> None:
        """Count a token count in: it takes nothing from the other buckets.

        Raises:
            Rejection: Too many were counted; ``retry-after`` says when to go on.
        """
        if wait_s := self._counts.wait_s(1, now_s):
            raise Rejection(429, limit_words(self._counts), headers=retry_after(wait_s))
        self._counts.take(1, now_s)

    def charge(self, model: Model, used: Used, now_s: float, *, cost_usd: float = 0.0) -> None:
        """Take what an answer used out of the buckets, and add what it costs, if that is known."""
        _, read, written = self._of(model)
        read.take(used.input_tokens + used.cache_creation_input_tokens, now_s)
        written.take(used.output_tokens, now_s)
        self.spend(cost_usd)

    def spend(self, cost_usd: float) -> None:
        """Add what an answer costs, if that is known."""
        if not math.isnan(cost_usd):
            self.spent_usd += cost_usd

    def headers(self, model: Model, now_s: float, now: datetime) -> Headers:
        """What an answer tells of what is left; ``tokens`` are input and output together."""
        requests, read, written = (bucket.standing(now_s) for bucket in self._of(model))
        found: list[tuple[str, str]] = []
        for name, one in zip(NAMES, (requests, read.beside(written), read, written), strict=True):
            found += [
                (f"{PREFIX}{name}-limit", str(one.per_minute)),
                (f"{PREFIX}{name}-remaining", remaining(name, one.left)),
                (f"{PREFIX}{name}-reset", rounded_up(now + timedelta(seconds=one.full_s))),
            ]
        return tuple(found)

    def _of(self, model: Model) -> tuple[Bucket, Bucket, Bucket]:
        """The buckets of a model's tier."""
        if model.tier not in self._buckets:
            limits = self.limits
            self._buckets[model.tier] = (
                full("requests", limits.requests_per_minute),
                full("input tokens", limits.input_tokens_per_minute),
                full("output tokens", limits.output_tokens_per_minute),
            )
        return self._buckets[model.tier]


def full(name: str, per_minute: int) -> Bucket:
    """A bucket of which nothing has been used."""
    return Bucket(name, per_minute, float(per_minute))


def remaining(name: str, left: float) -> str:
    """What is left, as the API writes it: tokens rounded to thousands."""
    whole_left = max(0, int(left))
    return str(whole_left if name == "requests" else round(whole_left, -3))


def rounded_up(when: datetime) -> str:
    """The whole second that is not before a time, as RFC 3339."""
    return (when + timedelta(microseconds=-when.microsecond % 1_000_000)).isoformat()[:19] + "Z"


def retry_after(wait_s: float) -> Headers:
    """How long to wait, in whole seconds; nothing where no wait would help."""
    return () if wait_s == math.inf else (("retry-after", str(math.ceil(wait_s))),)


def limit_words(short: Bucket) -> str:
    """Which limit a request would exceed; our wording."""
    limit = f"{short.per_minute:,} {short.name} per minute"
    return f"This request would exceed your organization's rate limit of {limit}."


def spend_words(now: datetime) -> str:
    """What the spend limit says; wording as users have reported it."""
    again = (now.replace(day=1) + timedelta(days=31)).replace(day=1)
    return (
        "You have reached your API usage limits: your organization has crossed its monthly API "
        "usage threshold, set based on your organization's API tier. "
        f"You will regain access on {again:%Y-%m-%d} at 00:00 UTC."
    )
