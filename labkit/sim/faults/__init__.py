"""What can go wrong, as values: each small function here makes one ``Fault``.

attempt   rate_limited overloaded server_error timed_out connection_lost html_page truncated_json
stream    stream_lost stream_error stream_ends malformed_frame
reply     refused says thinking_first empty_reply slow
batch     batch_errors batch_expires batch_slow
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from labkit.arguments import shown
from labkit.errors import ArgumentError
from labkit.sim.answers.wire import ERROR_TYPES
from labkit.sim.luck import Luck

REFUSALS = ("empty", "midstream", "canned")
CATEGORIES = ("cyber", "bio", "frontier_llm", "reasoning_extraction", "general_harms")
"""Source: anthropic 2.12.0, ``types/refusal_stop_details.py``."""

ODD = ("wrong_type", "missing", "extra", "empty")

REPLY_SHAPES = frozenset(
    {"refused", "says", "thinking_first", "empty_reply", "slow", "odd_arguments", "paused"}
)
OF_BATCHES = frozenset({"batch_errors", "batch_expires", "batch_slow"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong; the functions of this module make them."""

    name: str
    times: int | None = None
    """It strikes the first so many attempts; None means every attempt."""
    rate: float | None = None
    """It strikes this share of attempts instead, decided by what is asked."""
    retry_after: float | None = None
    """Seconds that a rate limit tells the client to wait."""
    after: int | None = None
    """Tokens that arrive before it strikes."""
    shape: str | None = None
    category: str | None = None
    words: str | None = None
    """What the model says instead."""
    stop_reason: str | None = None
    """Why it stops there."""
    status: int | None = None
    factor: float | None = None
    share: float | None = None
    """Part of a batch's requests that it strikes."""

    @property
    def shapes_reply(self) -> bool:
        """Whether it changes what the model says, not whether it arrives."""
        return self.name in REPLY_SHAPES

    @property
    def breaks_attempt(self) -> bool:
        """Whether it strikes an attempt, not what the model says or a batch."""
        return not self.shapes_reply and self.name not in OF_BATCHES

    def __repr__(self) -> str:
        given = [(f.name, getattr(self, f.name)) for f in fields(self)[1:]]
        shown = ", ".join(f"{name}={value!r}" for name, value in given if value is not None)
        return f"{self.name}({shown})"


def rate_limited(
    times: int | None = 1, *, rate: float | None = None, retry_after: float | None = None
) -> Fault:
    """The status 429; with ``retry_after`` seconds the answer says how long to wait."""
    if retry_after is not None and not 0 <= number("retry_after", retry_after) < float("inf"):
        raise ArgumentError(
            f"retry_after is {retry_after!r}. A client cannot wait that long. "
            "Give a number of seconds, or None for an answer without the header."
        )
    return replace(fault("rate_limited", times, rate), retry_after=retry_after)


def overloaded(times: int | None = 1, *, rate: float | None = None) -> Fault:
    """The status 529: too many people ask at once."""
    return fault("overloaded", times, rate)


def server_error(times: int | None = 1, *, rate: float | None = None, status: int = 500) -> Fault:
    """A failing status; 500 unless another documented one is given."""
    if not whole(status) or status not in ERROR_TYPES:
        raise ArgumentError(
            f"status is {status!r}. The API does not fail with it. "
            f"Use one of {', '.join(map(str, ERROR_TYPES))}."
        )
    return replace(fault("server_error", times, rate), status=status)


def timed_out(
    times: int | None = 1, *, rate: float | None = None, after: int | None = None
) -> Fault:
    """Nothing ever arrives; with ``after``, a stream falls silent after so many tokens.

    The client's own read timeout ends the wait. A client without one waits for an hour; then the
    connection is closed.
    """
    after = None if after is None else counted("after", after)
    return replace(fault("timed_out", times, rate), after=after)


def connection_lost(
    times: int | None = 1, *, rate: float | None = None, shape: str = "answer"
) -> Fault:
    """The connection breaks before the first byte, or (``shape="connect"``) is never made."""
    shape = one_of("shape", shape, ("answer", "connect"))
    return replace(fault("connection_lost", times, rate), shape=shape)


def html_page(times: int | None = 1, *, rate: float | None = None) -> Fault:
    """A proxy answers with the status 200 and a web page."""
    return fault("html_page", times, rate)


def truncated_json(
    times: int | None = 1, *, rate: float | None = None, shape: str = "cut"
) -> Fault:
    """The status 200 and JSON that ends in the middle, or (``shape="malformed"``) is not JSON.

    In a stream this is one frame whose JSON is cut, half-way through the answer.
    """
    shape = one_of("shape", shape, ("cut", "malformed"))
    return replace(fault("truncated_json", times, rate), shape=shape)


def stream_lost(times: int | None = 1, *, rate: float | None = None, after: int = 5) -> Fault:
    """The connection breaks after so many tokens; without streaming, in the middle of the body."""
    return replace(fault("stream_lost", times, rate), after=counted("after", after))


def stream_error(times: int | None = 1, *, rate: float | None = None, after: int = 5) -> Fault:
    """The stream reports ``overloaded_error``; without streaming, the status 529."""
    return replace(fault("stream_error", times, rate), after=counted("after", after))


def stream_ends(times: int | None = 1, *, rate: float | None = None, after: int = 5) -> Fault:
    """The stream ends early, cleanly; without streaming, a body that ends in the middle."""
    return replace(fault("stream_ends", times, rate), after=counted("after", after))


def malformed_frame(times: int | None = 1, *, rate: float | None = None, after: int = 5) -> Fault:
    """One frame of the stream is not JSON; without streaming, the body is not."""
    return replace(fault("malformed_frame", times, rate), after=counted("after", after))


def refused(
    shape: str = "empty",
    *,
    category: str | None = "general_harms",
    times: int | None = None,
    rate: float | None = None,
) -> Fault:
    """The model declines, in one of three shapes.

    Args:
        shape: ``empty`` (stop reason ``refusal``, no content), ``midstream`` (part of the text,
            then ``refusal``) or ``canned`` (an ordinary text that declines, ``end_turn``).
        category: What ``stop_details`` names; None for a refusal without a category.
        times: The first so many replies; None for every one.
        rate: This share of replies instead.
    """
    shape = one_of("shape", shape, REFUSALS)
    category = category if category is None else one_of("category", category, CATEGORIES)
    return replace(fault("refused", times, rate), shape=shape, category=category)


def thinking_first(times: int | None = None, *, rate: float | None = None) -> Fault:
    """A thinking block stands before the text, so ``content[0]`` has no ``text``."""
    return fault("thinking_first", times, rate)


def empty_reply(times: int | None = None, *, rate: float | None = None) -> Fault:
    """The model ends its turn (``end_turn``) without any content."""
    return fault("empty_reply", times, rate)


def says(
    words: str,
    *,
    stop_reason: str = "end_turn",
    times: int | None = None,
    rate: float | None = None,
) -> Fault:
    """The model says exactly this, whatever is asked; ``max_tokens`` may still cut it.

    Args:
        words: What it says.
        stop_reason: Why it stops there: ``end_turn``, or ``max_tokens`` for a text that was cut.
        times: The first so many replies; None for every one.
        rate: This share of replies instead.
    """
    if not isinstance(words, str) or not words:
        raise ArgumentError(
            f"words is {shown(words)}. The model could not say it. "
            "Give a text, or use empty_reply() for a turn without content."
        )
    reason = one_of("stop_reason", stop_reason, ("end_turn", "max_tokens"))
    return replace(fault("says", times, rate), words=words, stop_reason=reason)


def odd_arguments(
    shape: str = "wrong_type", *, times: int | None = 1, rate: float | None = None
) -> Fault:
    """The model calls a tool with input that does not fit its schema; never that of a strict tool.

    Args:
        shape: ``wrong_type`` (a value of another type), ``missing`` (a required field is not
            there), ``extra`` (a field that the tool does not have) or ``empty`` (nothing at all).
        times: The first so many replies; None for every one.
        rate: This share of replies instead.
    """
    shape = one_of("shape", shape, ODD)
    return replace(fault("odd_arguments", times, rate), shape=shape)


def paused(times: int | None = 1, *, rate: float | None = None) -> Fault:
    """The turn stops with ``pause_turn`` before it says anything; sent back, it goes on."""
    return fault("paused", times, rate)


def slow(factor: float = 4.0, *, times: int | None = None, rate: float | None = None) -> Fault:
    """Every answer takes ``factor`` times as long; failing statuses come as quickly as ever."""
    if not 0 < number("factor", factor) < float("inf"):
        raise ArgumentError(
            f"factor is {factor!r}. No answer can take that long. "
            "Give a number above 0, for example 4."
        )
    return replace(fault("slow", times, rate), factor=factor)


def batch_errors(share: float = 0.1, *, status: int = 500, times: int | None = None) -> Fault:
    """A share of each batch's requests ends as errored, for no fault of theirs.

    Args:
        share: From 0 to 1; rounded up to whole requests.
        status: What kind of error the results hold; 529 for an overloaded provider.
        times: The first so many batches; None for every one.
    """
    failing = server_error(times, status=status)
    return replace(failing, name="batch_errors", share=a_share(share))


def batch_expires(share: float = 0.2, *, times: int | None = None) -> Fault:
    """A share of each batch's requests is not done within the 24 hours, and expires."""
    return replace(fault("batch_expires", times, None), share=a_share(share))


def batch_slow(factor: float = 4.0, *, times: int | None = None) -> Fault:
    """Every batch takes ``factor`` times as long; what is not done after 24 hours expires."""
    return replace(slow(factor, times=times), name="batch_slow")


class FaultScript:
    """Faults in the order in which they strike, and how often each has struck."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        """Strike with these faults."""
        self.faults = tuple(faults)
        self.struck = [0] * len(self.faults)

    def breaks(self, luck: Luck) -> Fault | None:
        """The fault that breaks this attempt: the first one that is not used up."""
        for place, known in enumerate(self.faults):
            if known.breaks_attempt and self.strikes(place, luck):
                return known
        return None

    def of_batch(self, luck: Luck) -> tuple[Fault, ...]:
        """All faults that strike this new batch; they combine."""
        return tuple(
            known
            for place, known in enumerate(self.faults)
            if known.name in OF_BATCHES and self.strikes(place, luck)
        )

    def reply_shapes(self, luck: Luck) -> tuple[Fault, ...]:
        """All faults that change this reply; they combine."""
        return tuple(
            known
            for place, known in enumerate(self.faults)
            if known.shapes_reply and self.strikes(place, luck)
        )

    def strikes(self, place: int, luck: Luck) -> bool:
        """Decide and count; at a higher rate the same attempts are struck, and more."""
        known = self.faults[place]
        if known.rate is not None:
            twins = self.faults[:place]
            number_of_twin = sum(other.name == known.name for other in twins)
            if luck.uniform("fault", known.name, number_of_twin) >= known.rate:
                return False
        elif known.times is not None and self.struck[place] >= known.times:
            return False
        self.struck[place] += 1
        return True

    def __repr__(self) -> str:
        return f"FaultScript({list(self.faults)!r})"


def fault(name: str, times: int | None, rate: float | None) -> Fault:
    """A fault that strikes so many times, or at a rate."""
    if rate is None:
        return Fault(name, times=None if times is None else counted("times", times))
    if not 0 <= number("rate", rate) <= 1:
        raise ArgumentError(
            f"rate is {rate!r}. It is the share of attempts that the fault strikes. "
            "Give a number from 0 to 1."
        )
    if times not in (None, 1):
        raise ArgumentError(
            f"times is {times!r} and rate is {rate!r}. A fault strikes the first attempts or "
            "a share of all. Give one of the two."
        )
    return Fault(name, rate=rate)


def counted(label: str, value: int) -> int:
    """The value as a number of things, or a refusal."""
    if not whole(value) or value < 0:
        raise ArgumentError(
            f"{label} is {value!r}. It cannot be counted. Give a whole number, 0 or more."
        )
    return value


def a_share(value: float) -> float:
    """The value as a part of a whole, or a refusal."""
    if not 0 <= number("share", value) <= 1:
        raise ArgumentError(
            f"share is {value!r}. No such part of a batch can be struck. "
            "Give a number from 0 to 1, for example 0.2."
        )
    return value


def one_of(label: str, value: str, known: tuple[str, ...]) -> str:
    """The value if it is one of the known ones, or a refusal."""
    if value not in known:
        raise ArgumentError(
            f"{label} is {value!r}. The fault has no such variant. Use one of {', '.join(known)}."
        )
    return value


def number(label: str, value: float) -> float:
    """The value as a number, or a refusal."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ArgumentError(f"{label} is {value!r}. It must be a number. Write it without quotes.")
    return value


def whole(value: object) -> bool:
    """Whether the value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)
