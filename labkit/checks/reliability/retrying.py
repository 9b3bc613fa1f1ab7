"""R11, retry with back-off: how long the first function must wait, and when it must not."""

import random
from collections.abc import Callable

from labkit.checks.exercise import Answer, Case, Exercise, Hint, Usual
from labkit.checks.reliability.retrying_which import WHICH
from labkit.checks.reliability.waits import (
    EQUAL_JITTER,
    NO_JITTER,
    NOT_SECONDS,
    OWN_CHANCE,
    SMALL_JITTER,
    Waits,
    drawn,
    fits,
)
from labkit.checks.signs import anything, raised

BASE, CAP = 0.5, 8.0
ENDLESS = float("inf")
SAID, TOO_LONG, PATIENCE = 3.0, 3600.0, 20.0

GIVES_UP = Hint(
    "gives-up",
    fits(lambda waits: not waits.odd and not waits.seconds),
    "The visitor was told to come later, although there was time for another try. None says "
    "exactly that, and a function without `return` gives it, too.",
    "Draw the wait first. Return None only where *this* wait does not end before the deadline.",
)
ADDED = Hint(
    "added-jitter",
    fits(lambda waits: min(waits.seconds) >= BASE and max(waits.seconds) > 1.5 * BASE),
    "The chance comes on top of the whole wait: the visitor waits longer than the back-off, and in "
    "its first part nobody comes back. The chance is the wait.",
    "`rng.uniform(0, widest)`, and nothing added to it.",
)
WRONG_SPREAD = Hint(
    "wrong-spread",
    anything,
    "The first wait is drawn from another range: too wide keeps the visitor waiting after one "
    "hiccup, too narrow brings the crowd back at once.",
    "Attempt 0 waits up to `base`, attempt 1 up to `2 * base`, attempt 2 up to `4 * base`.",
)
NOT_DOUBLED = Hint(
    "not-doubled",
    anything,
    "The overload lasts, and the crowd keeps coming at the same rate. The room for each wait must "
    "double, attempt by attempt.",
    "`base * 2**attempt`, and not more than `cap`.",
)
NO_CAP = Hint(
    "no-cap",
    fits(lambda waits: max(waits.seconds) > CAP),
    "The visitor stares at the page for minutes. After ten failures the doubled wait is 512 s.",
    "`min(cap, base * 2**attempt)`: the smaller of both, after doubling.",
)
TOO_LARGE = Hint(
    "too-large",
    raised("OverflowError"),
    "A job that retries all night has come to attempt 5000, and it crashes here: two to the power "
    "of 5000 is more than a float holds. `min` with `cap` comes too late for it.",
    "Bound the exponent before the power: `base * 2.0 ** min(attempt, 64)`.",
)
IGNORES = Hint(
    "ignores-provider",
    fits(lambda waits: min(waits.seconds) < SAID),
    "The provider said when it will have room, and you asked before. That attempt is wasted, and "
    "with some providers it makes the wait longer.",
    "What the provider asks for is the least: `retry_after` plus what `rng` draws.",
)
EXACT = Hint(
    "exact-retry-after",
    fits(lambda waits: set(waits.seconds) == {SAID}),
    "The provider told everybody the same second, and in that second all 180 come back. Obeyed to "
    "the letter, retry-after makes the second spike.",
    "Add the jitter to it: `retry_after + rng.uniform(0, widest)`.",
)
SLEEPS = Hint(
    "sleeps-on",
    fits(lambda waits: bool(waits.seconds) and max(waits.seconds) >= PATIENCE),
    "The visitor left long ago, and your app still sleeps. A wait that does not end before the "
    "deadline helps nobody.",
    "Compare the whole wait with `deadline_left`, the part that the provider asks for included.",
)
PAST = Hint(
    "past-the-deadline",
    fits(lambda waits: bool(waits.seconds)),
    "Nobody waits any more, and the app asks once again. With no time left every wait is too long.",
    "`wait < deadline_left`, or None.",
)
CUTS_SHORT = Hint(
    "cuts-short",
    fits(lambda waits: bool(waits.seconds)),
    "Your app asks before the provider has room, is turned away, and the visitor has waited for "
    "nothing. A ceiling on retry-after does not mean to ask earlier.",
    "Where `retry_after` does not fit before the deadline, return None: tell the person now.",
)
TOO_LATE = Hint(
    "too-late",
    fits(lambda waits: bool(waits.seconds) and max(waits.seconds) >= 1),
    "Some of these waits end after the visitor has left. You looked at the deadline before the "
    "jitter was drawn, or not at all.",
    "Draw the whole wait first, then compare it with `deadline_left`.",
)
USUAL = Usual("What came is not what these settings should give.", shape=(NOT_SECONDS,), empty=None)


def waits(  # noqa: PLR0913 - the settings of one question
    given: str,
    expected: str,
    holds: Callable[[Waits], bool],
    *hints: Hint,
    attempt: int = 0,
    retry_after: float | None = None,
    deadline_left: float = ENDLESS,
) -> Case:
    """The first function, asked many times with the same settings."""

    def ask(answer: Answer) -> object:
        def once(rng: random.Random) -> object:
            return answer(
                attempt,
                base=BASE,
                cap=CAP,
                retry_after=retry_after,
                deadline_left=deadline_left,
                rng=rng,
            )

        return drawn(once)

    return Case(
        given=given,
        ask=ask,
        expected=expected,
        holds=lambda got: isinstance(got, Waits) and not got.odd and holds(got),
        usual=USUAL,
        own=hints,
        first=(TOO_LARGE,),
    )


def twice(answer: Answer) -> object:
    """The waits of one generator, if those of an equal one are the same; else those of both."""

    def once(rng: random.Random) -> object:
        settings = {"base": BASE, "cap": CAP, "retry_after": None, "deadline_left": ENDLESS}
        return answer(2, **settings, rng=rng)

    first, second = drawn(once, 5), drawn(once, 5)
    return first if first.values == second.values else Waits(first.values + second.values)


FIVE = 5
WAITING = (
    Case(
        given="two generators with the same seed",
        ask=twice,
        expected="the same waits from both",
        holds=lambda got: isinstance(got, Waits) and len(got.values) == FIVE,
        usual=USUAL,
        own=(OWN_CHANCE,),
    ),
    waits(
        "attempt 0, base 0.5, cap 8",
        "waits from 0 to 0.5 s, all equally likely",
        lambda got: got.within(0, BASE),
        GIVES_UP,
        NO_JITTER,
        ADDED,
        SMALL_JITTER,
        EQUAL_JITTER,
        WRONG_SPREAD,
    ),
    waits(
        "attempt 3, base 0.5, cap 8",
        "waits from 0 to 4 s, all equally likely",
        lambda got: got.within(0, 4),
        NOT_DOUBLED,
        attempt=3,
    ),
    waits(
        "attempt 10, base 0.5, cap 8",
        "waits from 0 to 8 s, all equally likely",
        lambda got: got.within(0, CAP),
        NO_CAP,
        attempt=10,
    ),
    waits(
        "attempt 5000, base 0.5, cap 8",
        "waits from 0 to 8 s, all equally likely",
        lambda got: got.within(0, CAP),
        attempt=5000,
    ),
    waits(
        "retry_after 3, attempt 0",
        "waits from 3 to 3.5 s, all equally likely",
        lambda got: got.within(SAID, SAID + BASE),
        GIVES_UP,
        IGNORES,
        EXACT,
        retry_after=SAID,
    ),
    waits(
        "retry_after 3600, deadline_left 20",
        "None",
        lambda got: not got.seconds,
        SLEEPS,
        CUTS_SHORT,
        retry_after=TOO_LONG,
        deadline_left=PATIENCE,
    ),
    waits(
        "deadline_left 0, attempt 0",
        "None",
        lambda got: not got.seconds,
        PAST,
        deadline_left=0.0,
    ),
    waits(
        "deadline_left 1, attempt 4",
        "waits below 1 s; None where the wait that was drawn is longer",
        lambda got: bool(got.seconds) and min(got.seconds) >= 0 and max(got.seconds) < 1,
        GIVES_UP,
        TOO_LATE,
        attempt=4,
        deadline_left=1.0,
    ),
)

R11 = Exercise(
    code="R11",
    names=("next_delay", "is_retryable"),
    parameters=(1, 2),
    keywords=(("base", "cap", "retry_after", "deadline_left", "rng"), ()),
    cases=WAITING + WHICH,
    minutes=20,
    points=4.0,
    after="Tick R11 in your own app when one layer retries, and you have seen its longest wait.",
)
