"""R11's warm-up: one line of full jitter."""

from labkit.checks.exercise import Case, Exercise, Hint, Usual
from labkit.checks.reliability import retrying
from labkit.checks.reliability.retrying import NO_CAP, NOT_DOUBLED, WRONG_SPREAD
from labkit.checks.reliability.waits import (
    EQUAL_JITTER,
    NO_JITTER,
    NOT_SECONDS,
    SMALL_JITTER,
    Waits,
    drawn,
    fits,
)

USUAL = Usual(
    retrying.USUAL.other,
    shape=(NOT_SECONDS, NO_JITTER),
    empty=fits(lambda waits: not waits.odd and not waits.seconds),
)


def jitters(attempt: int, widest: float, *hints: Hint) -> Case:
    """The warm-up's function must draw from 0 to this number."""
    return Case(
        given=f"attempt {attempt}",
        ask=lambda answer: drawn(lambda rng: answer(attempt, rng)),
        expected=f"waits from 0 to {widest:g} s, all equally likely",
        holds=lambda got: isinstance(got, Waits) and not got.odd and got.within(0, widest),
        usual=USUAL,
        own=hints,
    )


R11_WARMUP = Exercise(
    code="R11-warmup",
    names=("full_jitter",),
    parameters=(2,),
    cases=(
        jitters(0, 0.5, SMALL_JITTER, EQUAL_JITTER, WRONG_SPREAD),
        jitters(3, 4.0, NOT_DOUBLED),
        jitters(10, 8.0, NO_CAP),
    ),
    minutes=2,
    points=1.0,
    after="That line decides when a crowd comes back. The exercise adds when it should not.",
)
