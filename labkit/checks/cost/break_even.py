"""C8's warm-up: the share of requests that must read, so that a cache costs what none does."""

import math
from collections.abc import Callable

from labkit.checks.exercise import Case, Exercise, Hint, Usual
from labkit.checks.signs import anything

CLOSE = 1e-3


def is_about(got: object, value: float) -> bool:
    """Whether an answer is this number, rounded or not."""
    is_number = isinstance(got, int | float) and not isinstance(got, bool)
    return is_number and math.isclose(got, value, abs_tol=CLOSE)  # type: ignore[arg-type]


def is_same(value: float) -> Callable[[object], bool]:
    """An answer that is this number."""
    return lambda got: is_about(got, value)


def free(write: float) -> Hint:
    """Reads that cost nothing."""
    return Hint(
        "reads-are-free",
        is_same((write - 1) / write),
        "Here a read is free. It costs less than a plain token, and not nothing.",
        "A read wins `1 - read`, a write loses `write - 1`.",
    )


def odds(write: float, read: float) -> Hint:
    """Reads for each write, and not their share of all."""
    return Hint(
        "reads-per-write",
        is_same((write - 1) / (1 - read)),
        "These are the reads for each *write*. Asked is their share of all requests, and the "
        "writes are among them.",
        "With r reads for each write the share is `r / (1 + r)`.",
    )


def writes(write: float, read: float) -> Hint:
    """The share of the others."""
    return Hint(
        "share-of-writes",
        is_same((1 - read) / (write - read)),
        "This is the share that may *write*. The others must read.",
        "Take it from 1.",
    )


def saved(read: float) -> Hint:
    """What a read saves: the post's 90 %."""
    return Hint(
        "ninety",
        is_same(1 - read),
        "This is what one read saves. A cache pays long before nine of ten requests read, "
        "and what it writes costs more than without it.",
        "Set equal: `share * read + (1 - share) * write` and 1.",
    )


def percents(write: float, read: float) -> Hint:
    """Per cent, where a share was asked."""
    return Hint(
        "in-per-cent",
        is_same(100 * (write - 1) / (write - read)),
        "A share lies between 0 and 1; this is in per cent.",
        "Leave out the 100.",
    )


OTHER_PRICES = Hint(
    "one-price",
    anything,
    "It was right for five minutes at one model's prices. An hour costs more to write, and "
    "another model less to read.",
    "Use both arguments, `write` and `read`.",
)
USUAL = Usual("At this share the reads win as much as the writes lose.")


def pays(given: str, write: float, read: float, *more: Hint) -> Case:
    """The share for one pair of prices."""
    right = (write - 1) / (write - read)
    return Case(
        given=f"{given}: write {write:g}, read {read:g}",
        ask=lambda answer: answer(write, read),
        expected=f"{right:.3f}",
        holds=is_same(right),
        usual=USUAL,
        own=more,
    )


C8_WARMUP = Exercise(
    code="C8-warmup",
    names=("break_even",),
    parameters=(2,),
    cases=(
        pays(
            "five minutes",
            1.25,
            0.1,
            free(1.25),
            odds(1.25, 0.1),
            writes(1.25, 0.1),
            saved(0.1),
            percents(1.25, 0.1),
        ),
        pays("an hour", 2.0, 0.1, OTHER_PRICES),
        pays("an hour, cheaper reads", 2.0, 0.025, OTHER_PRICES),
        pays("a write that costs no more", 1.0, 0.5, OTHER_PRICES),
    ),
    minutes=2,
    points=1.0,
    after="Your log says which share reads. The exercise counts it.",
)
