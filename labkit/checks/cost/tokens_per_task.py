"""C6, max_tokens per task: what a ceiling must hold, and when there can be none."""

from collections.abc import Callable

from labkit.checks.cost import ceilings
from labkit.checks.cost.ceilings import Ceilings, for_classifier, for_reports, of
from labkit.checks.exercise import Asks, Case, Exercise, Hint, Usual
from labkit.checks.signs import anything

THINKS, SHORT, ROOM = 900, 7, 1_100

NOT_WHOLE = Hint(
    "not-a-whole-number",
    lambda got: bool(of(got).odd),
    "The provider refuses this with a 400: `max_tokens` is a whole number. Every call of the task "
    "fails.",
    "`int(...)` around what you computed, or one of the lengths as it is.",
)
GIVES_NONE = Hint(
    "gives-nothing",
    lambda got: None in of(got).values,
    "There are lengths enough here, and the task goes live without a ceiling. None says exactly "
    "that, and a function without `return` gives it, too.",
    "Return None only where `(1 - max_truncation) ** n` is above 0.05, or the length that you "
    "would take is not known.",
)
ONE_FOR_ALL = Hint(
    "one-for-all",
    lambda got: len(set(of(got).whole)) == 1,
    "Fifty logs, and always the same number. It stops the report in the middle of a sentence, "
    "and lets the classifier ramble for as long.",
    "The ceiling comes from `lengths`.",
)
FROM_THE_MEAN = Hint(
    "no-look-at-the-tail",
    lambda got: of(got).held < ceilings.FEW,
    "Many more reports stop in the middle of a sentence than you allow. A mean, doubled or with "
    "some deviations on top, says nothing about how long the longest are.",
    "Sort the lengths and count from the long end: `max_truncation` of them may be cut.",
)
NO_MARGIN = Hint(
    "no-margin",
    lambda got: of(got).held < ceilings.HELD,
    "It fits the log, and too often it cuts too much of what comes next. A ceiling that cuts just "
    "so many answers of a log cuts more of all answers half of the time.",
    "Take a longer one: the place in order that is far enough up in 19 of 20 logs. Add up the "
    "chances that 0, 1, 2 … of n are above the quantile, until the sum is above 0.05.",
)
OUTLIER = Hint(
    "outlier-sets-the-price",
    lambda got: not of(got).is_tight,
    "Hardly any report comes near this ceiling: it only makes the worst call dearer, and its wait "
    "longer. Whoever takes the longest lets one answer that ran away set the price.",
    "Not the longest: some may be cut. Of 1,000 lengths and 1 % the fifth longest is sure enough.",
)
IGNORES_SHARE = Hint(
    "ignores-the-share",
    lambda got: not of(got).is_tight,
    "Five of a hundred may be cut here, and your ceiling is still that for one. Each task has its "
    "own share: a draft can be continued, a JSON cannot.",
    "Use `max_truncation` instead of a number of your own.",
)
TOO_FEW = Hint(
    "too-few-to-know",
    lambda got: bool(of(got).whole),
    "These are too few to see what happens once in a hundred. The 99th percentile of 20 lengths "
    "is the longest of them, and the next answer may be twice as long.",
    "Where `(1 - max_truncation) ** n` is above 0.05, return None: measure more.",
)
DROPS_CUT = Hint(
    "drops-the-cut-ones",
    anything,
    "The answers that were cut are the longest, and you left them out. The new ceiling is lower "
    "than the old one, and next month it is lower again.",
    "Sort a None as longer than all others: `math.inf`.",
)
UNKNOWN = Hint(
    "guesses-the-cut-ones",
    lambda got: bool(of(got).whole),
    "Eight of a hundred were longer than all that you know, and five may be cut. So the ceiling "
    "lies among those which nobody has seen to the end.",
    "Where the length that you would take is a None, return None: measure with a higher ceiling.",
)
DARK = Hint(
    "ignores-thinking",
    lambda got: of(got).whole[0] < THINKS,
    "The classifier goes dark: the model thinks for 900 tokens, reaches the ceiling, and no text "
    "has come. Thinking counts toward `max_tokens`.",
    "Add `thinking_p99` to what the answers need.",
)
NO_ROOM = Hint(
    "thinking-takes-it-all",
    lambda got: of(got).whole[0] < THINKS + SHORT,
    "The ceiling has room for the thinking and none for the answer behind it. Both come in one "
    "message, one after the other.",
    "Add both; the larger of the two is too little.",
)
THINKS_ANYWAY = Hint(
    "thinks-anyway",
    lambda got: of(got).whole[0] > THINKS // 2,
    "This model does not think, and a label of seven tokens may become a page.",
    "`thinking_p99` is 0 here: add that.",
)
USUAL = Usual(
    "What came is not what these lengths should give.",
    shape=(NOT_WHOLE,),
    stops="No ceiling comes out, so the task goes live with the one of another. A log may be "
    "short, and it may hold a None.",
    empty=None,
)


def asks(
    given: str,
    ask: Asks,
    expected: str,
    holds: Callable[[Ceilings], bool],
    *hints: Hint,
) -> Case:
    """The ceilings for some logs must do this."""

    def is_right(got: object) -> bool:
        return not of(got).odd and holds(of(got))

    first = () if expected == "None" else (GIVES_NONE,)
    return Case(given, ask, expected, is_right, USUAL, (*first, *hints))


def holds_for_most(got: Ceilings) -> bool:
    """Sure, and no higher than that takes."""
    return got.held >= ceilings.HELD and got.is_tight


def between(low: int, high: int) -> Callable[[Ceilings], bool]:
    """One ceiling within bounds."""
    return lambda got: low <= got.whole[0] <= high


def is_none(got: Ceilings) -> bool:
    """No ceiling at all."""
    return not got.whole


C6 = Exercise(
    code="C6",
    names=("set_ceiling",),
    parameters=(1,),
    keywords=(("max_truncation", "thinking_p99"),),
    cases=(
        asks(
            "50 logs of 1,000 reports each; 1 % may be cut",
            for_reports(1_000, 0.01),
            "at least 45 ceilings hold for all reports, and half cut 0.15 % or more",
            holds_for_most,
            ONE_FOR_ALL,
            FROM_THE_MEAN,
            NO_MARGIN,
            OUTLIER,
        ),
        asks(
            "the same; in each log one of 60,000 tokens",
            for_reports(1_000, 0.01, ran_away=1),
            "at least 45 ceilings hold for all reports, and half cut 0.15 % or more",
            holds_for_most,
            OUTLIER,
        ),
        asks(
            "the same 50 logs; 5 % may be cut",
            for_reports(1_000, 0.05),
            "at least 45 ceilings hold for all reports, and half cut 0.75 % or more",
            holds_for_most,
            IGNORES_SHARE,
            NO_MARGIN,
        ),
        asks(
            "20 reports; 1 % may be cut",
            for_reports(20, 0.01, logs=1),
            "None",
            is_none,
            TOO_FEW,
        ),
        asks(
            "100 reports; 1 % may be cut",
            for_reports(100, 0.01, logs=1),
            "None",
            is_none,
            TOO_FEW,
        ),
        asks(
            "50 logs of 100 reports; 10 % may be cut",
            for_reports(100, 0.1),
            "50 ceilings",
            lambda got: len(got.whole) == ceilings.LOGS,
        ),
        asks(
            "50 logs of 1,000; the 25 longest of each were cut; 5 % may be cut",
            for_reports(1_000, 0.05, cut=25),
            "at least 45 ceilings hold for all reports, and half cut 0.75 % or more",
            holds_for_most,
            DROPS_CUT,
        ),
        asks(
            "1,000 reports, the 80 longest were cut; 5 % may be cut",
            for_reports(1_000, 0.05, logs=1, cut=80),
            "None",
            is_none,
            UNKNOWN,
        ),
        asks(
            "1,000 labels of 4 to 7 tokens, thinking_p99 900; 1 % may be cut",
            for_classifier(THINKS),
            "907 to 1,100",
            between(THINKS + SHORT, ROOM),
            DARK,
            NO_ROOM,
        ),
        asks(
            "the same labels, thinking_p99 0",
            for_classifier(0),
            "7 to 20",
            between(SHORT, 20),
            THINKS_ANYWAY,
        ),
    ),
    minutes=20,
    points=4.0,
    after="Tick C6 when each task has a ceiling of its own, and somebody handles `max_tokens`.",
)
