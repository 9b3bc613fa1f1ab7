"""R1's warm-up: how many different questions there are."""

from collections.abc import Sequence

from labkit.checks.exercise import Case, Exercise, Hint, Usual

TWO = ("How long may I keep a drill?", "How much is the deposit on the drill?")


def more(least: int) -> Hint:
    """Some questions are counted twice; which ones is said by the case."""
    return Hint(
        "counts-rows",
        lambda got: isinstance(got, int) and got > least,
        "The same question is counted twice, and the score looks surer than it is. A set keeps "
        "one of each.",
        "`len({... for question in questions})`.",
    )


CAPITALS = Hint(
    "case-matters",
    lambda got: isinstance(got, int),
    "These are the same question in other letters, and it counts twice. Compare them lower-cased.",
    "`question.lower()`.",
)
MARKS = Hint(
    "marks-matter",
    lambda got: isinstance(got, int),
    "A missing question mark or one more space makes no new question. Compare words only.",
    r"`re.sub(r'\W+', ' ', question.lower()).strip()`, or the words: `re.findall(r'\w+', ...)`.",
)
MERGED = Hint(
    "merges-different",
    lambda got: isinstance(got, int),
    "Two people ask two things here, and one of them is no longer tested. Keep every word, in its "
    "order, in every language.",
    r"`\W` is what is no letter in any language; `[^a-z ]` throws whole languages away.",
)
USUAL = Usual("The function returns a whole number: how many differ.")


def counts(given: str, questions: Sequence[str], expected: int, *hints: Hint) -> Case:
    """The warm-up's function must return this number."""
    return USUAL.gives(given, lambda answer: answer(list(questions)), expected, *hints)


R1_WARMUP = Exercise(
    code="R1-warmup",
    names=("different",),
    parameters=(1,),
    cases=(
        counts("two questions, each three times", TWO * 3, 2, more(2), MERGED),
        counts("one in small letters and in capitals", ["hi there", "HI THERE"], 1, CAPITALS),
        counts(
            "one with other marks and spaces",
            ["Is it free?", "is it free", "  Is  it - free !"],
            1,
            MARKS,
        ),
        counts(
            "the same words in another order",
            ["Must I wait if the desk calls?", "If I must wait, the desk calls?"],
            2,
            MERGED,
        ),
        counts(
            "two in Chinese",
            ["\u4ec0\u4e48\u65f6\u5019\u5f00\u95e8?", "\u62bc\u91d1\u591a\u5c11?"],
            2,
            MERGED,
        ),
        counts("no question", [], 0),
    ),
    minutes=2,
    points=1.0,
    after="Print this number beside every score: n is the number of different questions.",
)
