"""C9's warm-up: the whole prompt of a call, which no single field of its usage has."""

from anthropic.types import Usage

from labkit.checks.cost.five_parts import used
from labkit.checks.exercise import Case, Exercise, Hint, Usual
from labkit.checks.signs import Sign

WRITTEN = used(20, 301, written=4_100, hour=3_100)
BOTH = used(20, 301, read=4_000, written=1_000, hour=300)
ABSENT = used(1_001, 201, read=None, written=None, split=False, tier=None)


def number(*values: int) -> Sign:
    """Fits one of these counts."""
    return lambda got: not isinstance(got, bool) and isinstance(got, int) and got in values


def fails_on_none(got: object) -> bool:
    """Adds None to a number."""
    return getattr(got, "kind", "") == "TypeError"


NOT_CACHED = Hint(
    "input-tokens-only",
    number(20),
    "That is `input_tokens`, the rest that is neither read nor written. By it a prompt of 5,020 "
    "tokens looks like one of 20, and nearly all of the bill is missing.",
    "Add what was written to the cache and what was read from it.",
)
NO_READS = Hint(
    "reads-left-out",
    number(1_020),
    "What was read is missing. A token costs little when it is read, but it is in the prompt, and "
    "it counts toward a price step.",
)
NO_WRITES = Hint(
    "writes-left-out",
    number(4_020),
    "What was written is missing. The one who writes pays most for a token.",
)
TWICE = Hint(
    "written-twice",
    number(6_020, 5_320, 5_720),
    "What was written is in there twice: `cache_creation_input_tokens` is the sum of both fields "
    "of `cache_creation`.",
    "Take the sum, or its two parts, not both.",
)
WITH_OUTPUT = Hint(
    "output-counted",
    number(5_321),
    "The output is in there, too. It is no part of the prompt, and has a price of its own.",
)
NONE = Hint(
    "none-added",
    fails_on_none,
    "A cache field is None here, as the SDK writes what does not apply, and None cannot be added.",
    "`usage.cache_read_input_tokens or 0`",
)
USUAL = Usual(
    "Three fields of a usage make the prompt; each token stands in exactly one of them.",
)


def counts(
    given: str, usage: Usage, expected: int, *hints: Hint, first: tuple[Hint, ...] = ()
) -> Case:
    """The warm-up's function must return this count."""
    return USUAL.gives(given, lambda answer: answer(usage), expected, *hints, first=first)


C9_WARMUP = Exercise(
    code="C9-warmup",
    names=("prompt_tokens",),
    parameters=(1,),
    cases=(
        counts(
            "20 not cached, 4,000 read, 700 written for five minutes and 300 for an hour, 301 out",
            BOTH,
            5_020,
            NOT_CACHED,
            NO_READS,
            NO_WRITES,
            TWICE,
            WITH_OUTPUT,
        ),
        counts("20 not cached, 4,100 written, most of it for an hour, 301 out", WRITTEN, 4_120),
        counts(
            "1,001 tokens in, 201 out; the cache fields are None",
            ABSENT,
            1_001,
            first=(NONE,),
        ),
    ),
    minutes=2,
    points=1.0,
    after="This is the number that a span calls `gen_ai.usage.input_tokens`.",
)
