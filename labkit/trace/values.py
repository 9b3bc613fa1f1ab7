"""The values of a trace: tokens, attempts, and the list of attempts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import overload

from labkit.arguments import every, line, number, whole

HTTP_OK = 200
LONGEST_OUTCOME = 60
MESSAGES = "POST /v1/messages"
"""The endpoint that answers one message; others have no stop reason."""
USAGE_FIELDS = (
    "input_tokens",
    "output_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "ephemeral_1h_input_tokens",
)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one attempt or of many, in the API's spelling."""

    input_tokens: int = 0
    """Input tokens after the last cache breakpoint; excludes cached ones."""
    output_tokens: int = 0
    """All output tokens, thinking included."""
    cache_creation_input_tokens: int = 0
    """Input tokens written to the cache."""
    cache_read_input_tokens: int = 0
    """Input tokens read from the cache."""
    ephemeral_1h_input_tokens: int = 0
    """Of those written, the ones that are kept for an hour; the others are kept five minutes."""

    def __post_init__(self) -> None:
        """Refuse what cannot be counted."""
        for name in USAGE_FIELDS:
            whole(name, getattr(self, name), "Nothing can be billed by it.", least=0)

    def __add__(self, other: "Usage") -> "Usage":
        """Both together."""
        if not isinstance(other, Usage):
            return NotImplemented
        return Usage(*(getattr(self, name) + getattr(other, name) for name in USAGE_FIELDS))

    @property
    def total_input_tokens(self) -> int:
        """All input tokens, cached ones included."""
        return self.input_tokens + self.cache_creation_input_tokens + self.cache_read_input_tokens


@dataclass(frozen=True, slots=True)
class Attempt:
    """One HTTP request and what came back."""

    call: int
    """Which SDK method call it belongs to, from 1."""
    retry: int
    """0 for the first attempt of its call."""
    model: str
    """The requested model id."""
    streamed: bool
    started_s: float
    """Seconds on the lab's clock since the lab began."""
    ended_s: float = 0.0
    """When the last byte came, or when the attempt failed."""
    first_token_s: float | None = None
    """When the first text came; None when none did."""
    status: int | None = None
    """HTTP status; None when no response came."""
    error: str | None = None
    """The error type on the wire, or ``timeout``, ``connection_lost``, ``not_json``,
    ``cut_stream``; ``abandoned`` when nobody read on, ``cancelled`` when the app gave it up,
    ``out_of_budget`` when the lab's budget refused or ended it, ``blocked`` when it would have
    left a simulated lab, ``simulator_error`` for a bug there; None when it went well."""
    stop_reason: str | None = None
    usage: Usage = Usage()
    cost_usd: float = 0.0
    """What the provider bills for it; 0 for a failed attempt and a refusal without output,
    not a number where the catalogue does not know the model."""
    request_id: str | None = None
    message_id: str | None = None
    endpoint: str = MESSAGES
    """Method and path, with ``{id}`` for an id. The tokens and the price of a batch stand in the
    attempt that reads its results, each answer once."""

    @property
    def seconds(self) -> float:
        """How long the attempt took."""
        return self.ended_s - self.started_s

    @property
    def outcome(self) -> str:
        """What became of it in a few words: ``529 overloaded_error``, ``timeout``, ``end_turn``.

        Where no message was asked for and all went well, it names the endpoint instead; before
        anything has come, it is ``under way``.
        """
        if self.error is None and self.status is None:
            return "under way"
        if self.error is None and self.endpoint != MESSAGES:
            return self.endpoint
        if self.error is None:
            return self.stop_reason or "no stop_reason"
        return self.error if self.status in (None, HTTP_OK) else f"{self.status} {self.error}"


class Trace(Sequence[Attempt]):
    """Attempts in the order in which they began."""

    def __init__(self, attempts: Sequence[Attempt] = ()) -> None:
        """Keep the attempts; a trace never changes."""
        self.attempts = every("attempts", attempts, Attempt, "lab.trace.attempts")

    @overload
    def __getitem__(self, index: int) -> Attempt: ...
    @overload
    def __getitem__(self, index: slice) -> "Trace": ...
    def __getitem__(self, index: int | slice) -> "Attempt | Trace":
        """One attempt, or a shorter trace."""
        if isinstance(index, slice):
            return Trace(self.attempts[index])
        return self.attempts[index]

    def __len__(self) -> int:
        """How many attempts there were."""
        return len(self.attempts)

    def __eq__(self, other: object) -> bool:
        """Traces are equal when all their attempts are."""
        return isinstance(other, Trace) and self.attempts == other.attempts

    __hash__ = None  # type: ignore[assignment]

    @property
    def calls(self) -> int:
        """How many SDK method calls there were."""
        return len({attempt.call for attempt in self.attempts})

    @property
    def usage(self) -> Usage:
        """All tokens together."""
        return sum((attempt.usage for attempt in self.attempts), Usage())

    @property
    def cost_usd(self) -> float:
        """All attempts together, in USD."""
        return sum(attempt.cost_usd for attempt in self.attempts)

    @property
    def total_s(self) -> float:
        """From the first attempt's start to the last one's end, waiting included."""
        if not self.attempts:
            return 0.0
        return max(a.ended_s for a in self.attempts) - self.attempts[0].started_s

    def since(self, start_s: float) -> "Trace":
        """The same attempts on a clock that began at ``start_s``."""
        number("start_s", start_s, "No time can be counted from it.")
        return Trace([shifted(attempt, start_s) for attempt in self.attempts])

    def __repr__(self) -> str:
        if not self.attempts:
            return "no attempt yet"
        rows = [HEADINGS, *(_row(attempt) for attempt in self.attempts)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(_aligned(row, widths) for row in rows)


HEADINGS = ("call", "attempt", "outcome", "start", "took", "tokens in", "out", "USD")


def shifted(attempt: Attempt, start_s: float) -> Attempt:
    """The same attempt on a clock that began at ``start_s``."""
    first = attempt.first_token_s
    return replace(
        attempt,
        started_s=attempt.started_s - start_s,
        ended_s=attempt.ended_s - start_s,
        first_token_s=None if first is None else first - start_s,
    )


def _row(attempt: Attempt) -> tuple[str, ...]:
    return (
        str(attempt.call),
        str(attempt.retry + 1),
        line(attempt.outcome, LONGEST_OUTCOME),
        f"{attempt.started_s:.1f} s",
        f"{attempt.seconds:.1f} s",
        f"{attempt.usage.total_input_tokens:,}",
        f"{attempt.usage.output_tokens:,}",
        "unknown" if math.isnan(attempt.cost_usd) else f"{attempt.cost_usd:.6f}",
    )


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        text.ljust(width) if i == 2 else text.rjust(width)  # noqa: PLR2004 - the one text column
        for i, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
