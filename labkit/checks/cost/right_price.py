"""C1's warm-up: what one right answer costs."""

from labkit.checks.exercise import Case, Exercise, Hint, Usual
from labkit.checks.reliability.flip_chance import close

PER_CALL = Hint(
    "price-of-a-call",
    close(0.002),
    "That is the price of a call. One call in five is thrown away here, and the others pay for it.",
    "Divide by the share that is right.",
)
TIMES = Hint(
    "multiplies",
    close(0.002 * 0.8),
    "Then a tier gets cheaper the more of its answers are wrong.",
    "Divide by the share that is right, instead of multiplying.",
)
FREE = Hint(
    "handing-up-is-free",
    close(0.002 / 0.8),
    "Four answers in ten are asked again of the tier above, and nobody pays for that in your sum.",
    "Add `handed_up * above`.",
)
INSTEAD = Hint(
    "paid-once",
    close((0.6 * 0.002 + 0.4 * 0.01) / 0.8),
    "You pay for what is handed up only above. The call that failed here was billed, too.",
    "Every answer pays `call`; a part of them pays `above` besides.",
)
ALL_OF_THEM = Hint(
    "all-handed-up",
    close((0.002 + 0.01) / 0.8),
    "You let every answer go up, and only four in ten do.",
    "`handed_up * above`.",
)
USUAL = Usual("What do 1,000 calls cost together, and how many are right?")


def costs(given: str, values: tuple[float, float, float, float], usd: float, *own: Hint) -> Case:
    """The warm-up's function must return this price."""
    return Case(
        given=given,
        ask=lambda answer: answer(*values),
        expected=repr(usd),
        holds=close(usd),
        usual=USUAL,
        own=own,
    )


C1_WARMUP = Exercise(
    code="C1-warmup",
    names=("usd_for_right",),
    parameters=(4,),
    cases=(
        costs(
            "0.002 USD a call, none handed up, 80 % right",
            (0.002, 0.01, 0.0, 0.8),
            0.0025,
            PER_CALL,
            TIMES,
            ALL_OF_THEM,
        ),
        costs(
            "0.002 USD a call, 40 % handed up at 0.01 USD, 80 % right",
            (0.002, 0.01, 0.4, 0.8),
            0.0075,
            FREE,
            INSTEAD,
        ),
        costs(
            "0.004 USD a call, 10 % handed up at 0.02 USD, all right",
            (0.004, 0.02, 0.1, 1.0),
            0.006,
        ),
    ),
    minutes=2,
    points=1.0,
    after="`labkit.cost.choose_tier` compares tiers by this number, once they clear the bar.",
)
