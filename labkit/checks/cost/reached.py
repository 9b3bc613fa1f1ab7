"""C6's warm-up: how many replies a ceiling cuts, thinking counted."""

from collections.abc import Sequence

from labkit.checks.exercise import Case, Exercise, Hint, Usual

LABELS = (7, 9, 8, 12, 6)
REPORTS = (300, 900, 5_200, 700, 4_100)


def is_count(got: object) -> bool:
    """Whether it is a whole number."""
    return isinstance(got, int) and not isinstance(got, bool)


NO_COUNT = Hint(
    "not-a-count",
    lambda got: not is_count(got),
    "How many are cut is asked for: a whole number of replies. A share, a list or a yes says "
    "something else.",
    "`sum(... for length in lengths)` counts what is true.",
)
OTHERS = Hint(
    "counts-the-whole-ones",
    lambda got: got == len(REPORTS) - 2,
    "That many replies end by themselves, and nobody has to do anything about them. Count those "
    "that would go on.",
    "What is cut is longer than the ceiling.",
)
DARK = Hint(
    "forgets-thinking",
    is_count,
    "The classifier goes dark here, and your count says that all is well. The model thinks first, "
    "and its thinking counts toward the ceiling.",
    "Compare `thinking + length` with the ceiling.",
)
ROOM = Hint(
    "thinking-alone",
    is_count,
    "The thinking has room, and the words behind it have not. Both come in one reply and share "
    "its ceiling.",
    "Add both; do not look at the larger of the two.",
)
EXACT = Hint(
    "cuts-the-exact-one",
    is_count,
    "A reply of exactly as many tokens as the ceiling allows is whole. Only a longer one is cut.",
    "Use `>`, not `>=`.",
)
USUAL = Usual("Count the replies that would be longer than the ceiling.", shape=(NO_COUNT,))


def counts(
    given: str,
    lengths: Sequence[int],
    numbers: tuple[int, int, int],
    *hints: Hint,
) -> Case:
    """The warm-up's function must count so many, for this ceiling and this much thinking."""
    ceiling, thinking, expected = numbers
    return USUAL.gives(
        given, lambda answer: answer(list(lengths), ceiling, thinking), expected, *hints
    )


C6_WARMUP = Exercise(
    code="C6-warmup",
    names=("count_cut",),
    parameters=(3,),
    cases=(
        counts("300 to 5,200 tokens under 4,096, no thinking", REPORTS, (4_096, 0, 2), OTHERS),
        counts("6 to 12 tokens under 10, no thinking", LABELS, (10, 0, 1)),
        counts("6 to 12 tokens under 16, 900 of thinking", LABELS, (16, 900, 5), DARK),
        counts("the same under 910, 900 of thinking", LABELS, (910, 900, 1), ROOM),
        counts("12 tokens under 12", (12, 12), (12, 0, 0), EXACT),
        counts("no reply", (), (16, 0, 0)),
    ),
    minutes=2,
    points=1.0,
    after="Run this over your log for each task: that is the number behind the stop reason.",
)
