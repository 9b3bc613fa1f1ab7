"""C9: what a wrong amount does to whoever trusts it."""

from collections.abc import Callable
from decimal import Decimal

from labkit.checks.cost.five_parts import UNKNOWN, Priced, Refused
from labkit.checks.exercise import Hint, Usual
from labkit.checks.signs import Sign, anything, raised

TINY = Decimal("1e-10")
DIGITS = range(10)
TOO_MUCH = 100


def of(got: object) -> Priced:
    """What was priced; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Priced)
    return got


def amounts(sign: Callable[[Priced], bool]) -> Sign:
    """A sign for amounts; anything else it does not fit."""
    return lambda got: sign(of(got))


def rounded(got: Priced) -> bool:
    """Whether it is the right amount with fewer digits."""
    return got.usd != got.right and any(got.usd == round(got.right, n) for n in DIGITS)


def naive(got: Priced) -> Decimal:
    """Input and output, and nothing else."""
    return got.at(input="input", output="output")


low = amounts(lambda got: got.usd < got.right)
high = amounts(lambda got: got.usd > got.right)

NOT_DECIMAL = Hint(
    "not-a-decimal",
    amounts(lambda got: not isinstance(got.value, Decimal) or 0 < abs(got.usd - got.right) < TINY),
    "Your sum and the invoice differ in the last digits, and whoever compares both looks for a "
    "call that never was. Binary fractions cannot hold a tenth.",
    "Stay in `Decimal` from the price to the sum: an int times a `Decimal` is one, and no `float` "
    "may come between.",
)
ROUNDED = Hint(
    "rounds",
    amounts(rounded),
    "One answer costs less than a cent. Rounded one by one, a million of them are free or cost "
    "twice as much.",
    "Return the amount as it is. Round once, where a person reads it.",
)
PER_MILLION = Hint(
    "not-per-million",
    amounts(lambda got: got.usd > TOO_MUCH * got.right or 0 <= got.usd < got.right / TOO_MUCH),
    "The answer of a second costs hundreds of dollars here, or nothing at all. Prices are for a "
    "million tokens.",
    "Divide the sum by 1,000,000, once.",
)
OUTPUT = Hint(
    "output-is-dearer",
    low,
    "The bill is higher than you said: a token of output costs several times as much as one that "
    "goes in.",
    '`usage.output_tokens * price["output"]`.',
)
NONE = Hint(
    "none-plus-int",
    raised("TypeError", "AttributeError"),
    "Half of the calls are missing in your report: the sum stopped at the first usage whose cache "
    "fields are None.",
    "`usage.cache_read_input_tokens or 0`, and the same for what was written; `cache_creation` as "
    "a whole may be None, too, so look whether it is there before you ask it for its counts.",
)
SUBTRACTS = Hint(
    "subtracts-cached",
    amounts(lambda got: got.usd < naive(got)),
    "Some answers pay you money. In `usage`, `input_tokens` is what was *not* cached: there is "
    "nothing to take away from it. The span attribute of the same name counts cached tokens in.",
    "Add the parts; subtract nothing from `usage.input_tokens`.",
)
LEFT_OUT = Hint(
    "leaves-out-cached",
    low,
    "The call read 4,100 tokens from the cache and you priced 20. `usage.input_tokens` leaves "
    "cached tokens out, and they are on the invoice.",
    '`usage.cache_read_input_tokens * price["read"]`.',
)
FULL = Hint(
    "cached-at-full-price",
    high,
    "Your report says that the cache saves nothing, so somebody switches it off. What was read "
    "from it has its own price.",
    '`price["read"]`, and not `price["input"]`, for `cache_read_input_tokens`.',
)
FIRST = Hint(
    "write-is-dearer",
    low,
    "Somebody comes first and writes the cache, and pays more than without one. Where few come "
    "after, the cache costs money, and your report does not show it.",
    '`cache_creation.ephemeral_5m_input_tokens * price["write_5m"]`.',
)
PREMIUM = Hint(
    "one-premium",
    low,
    "A prefix that is kept for an hour costs more to write than one for five minutes, and you "
    "priced all of them alike.",
    "`usage.cache_creation` says how many are kept for five minutes and how many for an hour.",
)
TWICE = Hint(
    "counts-writes-twice",
    high,
    "Each token that was written is on your bill twice: `cache_creation_input_tokens` is the sum "
    "of the two counts in `cache_creation`.",
    "Take the two counts, or the sum where they are missing; not all three.",
)
SPLIT = Hint(
    "needs-the-split",
    lambda got: raised()(got) or low(got),
    "Not every provider says for how long it was written; then `cache_creation` is None and 4,100 "
    "written tokens are free, or your report stops.",
    "The hour's part is 0 then: five minutes is `cache_creation_input_tokens` without that part.",
)
FIXED = Hint(
    "fixed-multiples",
    anything,
    "It was right for one model and is wrong for the other. How much dearer a write is, and how "
    "much cheaper a read, is the model's own.",
    'Use `price["write_5m"]`, `price["write_1h"]` and `price["read"]`; multiply nothing by 1.25.',
)
NO_STEP = Hint(
    "no-step",
    amounts(lambda got: got.usd == naive(got)),
    "Somebody pastes a whole manual, and the bill is five times what you said.",
    'Where the prompt is longer than `price["step"]`, each price is `price["times"]` as high.',
)
PART_ABOVE = Hint(
    "part-above",
    low,
    "Past the step it is not the part above that costs more, and not the input alone: the whole "
    "request does, its first token and its output too.",
    'Multiply the whole sum by `price["times"]`.',
)
CACHED_COUNT = Hint(
    "step-without-cached",
    low,
    "The prompt had 110,000 tokens, 70,000 of them cached. They were cheap, and still they count "
    "toward the step: the call cost five times what you said.",
    "The length of the prompt is input plus written plus read.",
)
WRITTEN_COUNT = Hint(
    "step-without-written",
    low,
    "The first question about a long document writes it to the cache, and its prompt is as long as "
    "that of the next ones: the call cost five times what you said.",
    "The length of the prompt is input plus written plus read.",
)
AT_STEP = Hint(
    "at-the-step",
    high,
    "A prompt of exactly the step's length is not above it.",
    '`prompt > price["step"]`.',
)
OUTPUT_COUNTS = Hint(
    "output-counts",
    high,
    "The prompt was below the step. What the model wrote is no part of the prompt.",
    "Add input, written and read; leave `output_tokens` out of it.",
)
FULL_BATCH = Hint(
    "batch-at-full-price",
    high,
    "The night's batch looks twice as dear as it is, and somebody moves it back to the day.",
    '`usage.service_tier == "batch"` pays half.',
)
HALF = Hint(
    "half-of-a-part",
    high,
    "In a batch all parts pay half, what is read and written as well.",
    "Halve the sum, after all parts were added.",
)
FREE = Hint(
    "free-model",
    amounts(lambda got: not got.value),
    "The new model was free all week, in your report. On the invoice it was not.",
    "Let it raise: `prices[model]` does.",
)
GUESSES = Hint(
    "guesses-a-price",
    amounts(lambda got: bool(got.value)),
    f"{UNKNOWN} has no price here and got that of another model. The number looks right, so "
    "nobody will ever look for the mistake.",
    "No default, and no nearest name: raise.",
)
NAMELESS = Hint(
    "names-no-model",
    lambda got: isinstance(got, Refused) and UNKNOWN not in got.says,
    "It is three in the morning, and the log says that something is None, not which model has no "
    "price.",
    "`prices[model]` names it, or `raise ValueError` with the model in its text.",
)
USUAL = Usual(
    "Price each of the five parts by hand and compare.",
    shape=(NOT_DECIMAL, ROUNDED, PER_MILLION),
    empty=amounts(lambda got: got.value is None),
)
