"""R3, the threshold that blocks a merge: what a paired gate must decide about each table."""

from collections.abc import Collection

from labkit.checks.exercise import Answer, Case, Exercise, Hint
from labkit.checks.reliability.gate_hints import (
    ALPHA_FIXED,
    APPROXIMATE,
    AVERAGE,
    BELOW_ALPHA,
    BLOCKS_ALL,
    COUNTS_NEW,
    CRASH_AS_OUTAGE,
    CRITICAL_ANYWAY,
    DROPS_MISSING,
    EMPTY_PASSES,
    HIDES_CRITICAL,
    NO_DECISION,
    OUTAGE_AS_FAILURE,
    OUTAGE_LEFT_OUT,
    TWO_SIDED,
    USUAL,
    decision,
    names,
)

States = dict[str, str]
N = 50
LEAST_WORSE = (5, 7, 9, 10, 12, 13)
"""By the number of better flips: the fewest worse ones whose one-sided exact p is at most 0.05."""


def run(n: int = N, **states: int) -> States:
    """A run of n samples: so many failed, raised or not run from the front, the rest passed."""
    words = [word.replace("_", " ") for word, many in states.items() for _ in range(many)]
    return {f"q{i:03}": word for i, word in enumerate([*words, *["passed"] * (n - len(words))])}


def flipped(worse: int, better: int, n: int = N) -> tuple[States, States, set[str]]:
    """Two runs in which so many got worse and better, and the ids of both."""
    before, after = run(n, failed=better), run(n)
    got_worse = [f"q{n - 1 - i:03}" for i in range(worse)]
    after |= dict.fromkeys(got_worse, "failed")
    return before, after, {*got_worse, *list(before)[:better]}


def decides(
    given: str,
    tables: tuple[States, States, Collection[str]],
    verdict: str,
    *hints: Hint,
    alpha: float = 0.05,
    critical: Collection[str] = (),
) -> Case:
    """The gate must give this verdict and name these flips."""
    before, after, flips = tables
    settings: dict[str, object] = {"critical": frozenset(critical)} if critical else {}
    settings |= {} if alpha == 0.05 else {"alpha": alpha}  # noqa: PLR2004 - the default

    def ask(answer: Answer) -> object:
        return answer(dict(before), dict(after), **settings)

    return Case(
        given=given,
        ask=ask,
        expected=f"{verdict}, {len(flips)} flips",
        holds=lambda got: decision(got) == (verdict, frozenset(flips)),
        usual=USUAL,
        own=(NO_DECISION, *names(verdict, flips), *hints),
    )


SAME = (run(failed=5), run(failed=5), ())
SWAPPED = flipped(3, 3)
LOWER = flipped(4, 3)
HIGH = flipped(6, 0, 200)
CRITICAL = flipped(1, 1)
OUT = run(failed=5), run(failed=5, not_run=5), ()
FIRST = "q000"


def asks_a_table(answer: Answer) -> object:
    """For each number of better flips: how many worse ones it takes until the gate blocks."""
    found = []
    for better in range(len(LEAST_WORSE)):
        verdicts = [decision(answer(*flipped(worse, better, 100)[:2])) for worse in range(20)]
        found.append(next((i for i, one in enumerate(verdicts) if one and one[0] == "BLOCK"), 0))
    return tuple(found)


R3 = Exercise(
    code="R3",
    names=("gate",),
    parameters=(2,),
    cases=(
        decides("the same 45 of 50 passed in both", SAME, "PASS", BLOCKS_ALL),
        decides("45 of 50, then 44: 4 worse, 3 better", LOWER, "PASS", AVERAGE),
        decides("47 of 50 in both: 3 worse, 3 better", SWAPPED, "PASS", BLOCKS_ALL),
        decides("200 of 200, then 194: 6 worse, none better", HIGH, "BLOCK", AVERAGE),
        decides("5 worse, none better", flipped(5, 0), "BLOCK", TWO_SIDED),
        decides("4 worse, none better", flipped(4, 0), "PASS", APPROXIMATE),
        decides("6 worse, none better, alpha 0.01", HIGH, "PASS", ALPHA_FIXED, alpha=0.01),
        decides(
            "5 worse, none better, alpha 1/32",
            flipped(5, 0),
            "BLOCK",
            BELOW_ALPHA,
            alpha=1 / 32,
        ),
        decides(
            "a critical sample worse, another one better",
            CRITICAL,
            "BLOCK",
            HIDES_CRITICAL,
            critical=["q049"],
        ),
        decides(
            "a critical sample that failed before and after",
            SAME,
            "PASS",
            CRITICAL_ANYWAY,
            critical=[FIRST],
        ),
        decides(
            "a critical sample that got better",
            flipped(0, 1),
            "PASS",
            CRITICAL_ANYWAY,
            critical=[FIRST],
        ),
        decides(
            "the candidate's provider failed at 5",
            (run(), run(not_run=5), ()),
            "INCONCLUSIVE",
            OUTAGE_AS_FAILURE,
            OUTAGE_LEFT_OUT,
        ),
        decides(
            "the baseline's provider failed at 5",
            (run(not_run=5), run(), ()),
            "INCONCLUSIVE",
            OUTAGE_AS_FAILURE,
            OUTAGE_LEFT_OUT,
        ),
        decides(
            "a critical sample worse, and the provider failed at 5 others",
            (run(), run(not_run=5) | {"q049": "failed"}, ["q049"]),
            "BLOCK",
            HIDES_CRITICAL,
            critical=["q049"],
        ),
        decides(
            "the provider failed at the critical sample",
            (run(), run(not_run=1), ()),
            "INCONCLUSIVE",
            OUTAGE_AS_FAILURE,
            OUTAGE_LEFT_OUT,
            critical=[FIRST],
        ),
        decides(
            "the app itself raised at 5 that passed",
            (run(), run(error=5), list(run(error=5))[:5]),
            "BLOCK",
            CRASH_AS_OUTAGE,
        ),
        decides(
            "the app raises at 5 that failed before",
            (run(failed=5), run(error=5), ()),
            "PASS",
            CRASH_AS_OUTAGE,
        ),
        decides(
            "the candidate answered 40 of 50",
            (run(), run(40), ()),
            "BLOCK",
            DROPS_MISSING,
        ),
        decides(
            "6 new samples, and all of them fail",
            (run(), run() | {f"new{i}": "failed" for i in range(6)}, ()),
            "PASS",
            COUNTS_NEW,
        ),
        decides("no sample at all", ({}, {}, ()), "INCONCLUSIVE", EMPTY_PASSES),
        USUAL.gives(
            "0, 1, 2, 3, 4, 5 better of 100: how many worse until it blocks?",
            asks_a_table,
            LEAST_WORSE,
        ),
    ),
    minutes=20,
    points=4.0,
    after="Tick R3 in your own repository when a bad hour of the provider leaves your gate grey.",
)
