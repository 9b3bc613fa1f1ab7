"""C9, cache writes in the cost model: sixteen usages, a model without a price, and a whole day."""

from decimal import Decimal

from anthropic.types import Usage

from labkit.checks.cost import five_parts_hints as hints
from labkit.checks.cost.five_parts import UNKNOWN, Refused, cost_of, day, one, unpriced, used
from labkit.checks.exercise import Case, Exercise, Hint


def exact(got: object) -> bool:
    """The amount is the invoice's, to the last digit."""
    return isinstance(hints.of(got).value, Decimal) and hints.of(got).usd == hints.of(got).right


def costs(
    given: str, usage: Usage, *own: Hint, model: str = "swift", first: tuple[Hint, ...] = ()
) -> Case:
    """One usage must cost this."""
    amount = f"Decimal('{cost_of(usage, model).normalize():f}')"
    return Case(
        given=f"{model}: {given}",
        ask=one(usage, model),
        expected=amount,
        holds=exact,
        usual=hints.USUAL,
        own=own,
        first=first,
    )


C9 = Exercise(
    code="C9",
    names=("cost_usd",),
    parameters=(3,),
    cases=(
        costs("1,001 tokens in, 201 out, nothing cached", used(1_001, 201), hints.OUTPUT),
        costs(
            "the same, and the cache fields are None",
            used(1_001, 201, read=None, written=None, split=False, tier=None),
            first=(hints.NONE,),
        ),
        costs(
            "20 in, 4,100 read from the cache, 301 out",
            used(20, 301, read=4_100),
            hints.SUBTRACTS,
            hints.LEFT_OUT,
            hints.FULL,
        ),
        costs(
            "20 in, 4,100 written for five minutes, 301 out",
            used(20, 301, written=4_100),
            hints.FIRST,
            hints.TWICE,
        ),
        costs(
            "20 in, 4,100 written for an hour, 301 out",
            used(20, 301, written=4_100, hour=4_100),
            hints.PREMIUM,
            hints.TWICE,
        ),
        costs(
            "20 in, 1,000 written for five minutes and 3,100 for an hour, 301 out",
            used(20, 301, written=4_100, hour=3_100),
            hints.PREMIUM,
            hints.TWICE,
        ),
        costs(
            "20 in, 4,100 written, nothing says for how long (cache_creation is None), 301 out",
            used(20, 301, written=4_100, split=False),
            first=(hints.SPLIT,),
        ),
        costs(
            "20 in, 4,000 read, 700 written for five minutes and 300 for an hour, 301 out",
            used(20, 301, read=4_000, written=1_000, hour=300),
            hints.FIXED,
            model="sound",
        ),
        costs(
            "120,000 in, 500 out",
            used(120_000, 500),
            hints.NO_STEP,
            hints.PART_ABOVE,
        ),
        costs(
            "40,000 in, 70,000 read, 500 out", used(40_000, 500, read=70_000), hints.CACHED_COUNT
        ),
        costs("100,000 in, 500 out", used(100_000, 500), hints.AT_STEP),
        costs("99,900 in, 500 out", used(99_900, 500), hints.OUTPUT_COUNTS),
        costs(
            "1,000 in, 100,000 written for five minutes, 500 out",
            used(1_000, 500, written=100_000),
            hints.WRITTEN_COUNT,
        ),
        costs("120,000 in, 500 out", used(120_000, 500), hints.FIXED, model="sound"),
        costs(
            "1,001 in, 201 out, in a batch",
            used(1_001, 201, tier="batch"),
            hints.FULL_BATCH,
        ),
        costs(
            "20 in, 4,100 read, 900 written for an hour, 301 out, in a batch",
            used(20, 301, read=4_100, written=900, hour=900, tier="batch"),
            hints.HALF,
        ),
        Case(
            given=f"{UNKNOWN}, which has no price: 1,001 tokens in, 201 out",
            ask=unpriced,
            expected=f"an exception whose text names {UNKNOWN}",
            holds=lambda got: isinstance(got, Refused) and UNKNOWN in got.says,
            usual=hints.USUAL,
            first=(hints.FREE, hints.GUESSES, hints.NAMELESS),
        ),
        Case(
            given="300 answers of a day, each priced, then added",
            ask=day,
            expected="the sum of the invoice, to the last digit",
            holds=exact,
            usual=hints.USUAL,
        ),
    ),
    minutes=20,
    points=4.0,
    after="Tick C9 when the sum over your own log is the provider's invoice.",
)
