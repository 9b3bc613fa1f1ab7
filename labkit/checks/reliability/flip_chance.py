"""R3's warm-up: the chance of at least so many worse flips."""

from math import isclose

from labkit.checks.exercise import Case, Exercise, Hint, Usual
from labkit.checks.signs import Sign


def close(*values: float) -> Sign:
    """Fits one of these numbers."""

    def fits(got: object) -> bool:
        if isinstance(got, bool) or not isinstance(got, (int, float)):
            return False
        return any(isclose(got, one, abs_tol=1e-9) for one in values)

    return fits


EXACTLY = Hint(
    "exactly-so-many",
    close(6 / 64),
    "That is the chance of exactly five worse flips. Six of six would be even stronger evidence, "
    "so it belongs in the sum.",
    "Sum from `worse` to `n`, both included.",
)
MORE_THAN = Hint(
    "more-than-so-many",
    close(1 / 64),
    "You left out the case itself: that is the chance of more than five. Then one flip of one "
    "would have p = 0 and block a merge.",
    "`range(worse, n + 1)` begins with `worse`.",
)
TWO_SIDED = Hint(
    "two-sided",
    close(14 / 64),
    "That asks whether the two runs differ. The gate asks only whether the candidate is worse, and "
    "a p twice as large would miss more bad changes.",
)
OTHER_TAIL = Hint(
    "other-tail",
    close(63 / 64, 57 / 64),
    "You counted the other end: it is almost sure, so nothing would ever be blocked. Worse flips "
    "are evidence when there are many.",
    "Sum from `worse` upwards.",
)
A_SHARE = Hint(
    "a-share",
    close(5 / 6, 1 / 6),
    "That is a share of the flips. Five of six and fifty of sixty have the same share; the second "
    "can hardly be chance.",
    "Count the ways: `comb(n, k)` of `2**n` have k worse flips.",
)
USUAL = Usual(
    "With n flips there are `2**n` ways to go, and `comb(n, k)` of them have k worse ones.",
)


def chance(given: str, worse: int, better: int, expected: float, *hints: Hint) -> Case:
    """The warm-up's function must return this chance."""
    return Case(
        given=given,
        ask=lambda answer: answer(worse, better),
        expected=repr(expected),
        holds=close(expected),
        usual=USUAL,
        own=hints,
    )


R3_WARMUP = Exercise(
    code="R3-warmup",
    names=("p_of",),
    parameters=(2,),
    cases=(
        chance(
            "5 worse, 1 better",
            5,
            1,
            7 / 64,
            EXACTLY,
            MORE_THAN,
            TWO_SIDED,
            OTHER_TAIL,
            A_SHARE,
        ),
        chance("6 worse, none better", 6, 0, 1 / 64),
        chance("3 worse, 3 better", 3, 3, 42 / 64),
        chance("none worse, 4 better", 0, 4, 1.0),
        chance("no flips at all", 0, 0, 1.0),
        chance("20 worse, 20 better", 20, 20, 0.5626853438097896),
    ),
    minutes=2,
    points=1.0,
    after="`labkit.evals.mcnemar_p` is the same sum, for any number of flips.",
)
