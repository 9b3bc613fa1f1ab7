"""R3: the misconceptions about gates, each known by the verdict that it gives."""

from collections.abc import Callable, Collection
from dataclasses import replace

from labkit.checks.exercise import Hint, Usual
from labkit.checks.signs import anything

Read = tuple[str, frozenset[object]]
VERDICTS = ("PASS", "BLOCK", "INCONCLUSIVE")


def decision(got: object) -> Read | None:
    """The verdict and the flips of whatever came; None where it is no decision."""
    if isinstance(got, tuple) and len(got) == 2:  # noqa: PLR2004 - verdict and flips
        verdict, flips = got
    else:
        verdict, flips = getattr(got, "verdict", None), getattr(got, "flips", None)
    is_list = isinstance(flips, Collection) and not isinstance(flips, str)
    return (verdict, frozenset(flips)) if verdict in VERDICTS and is_list else None


def says(word: str) -> Callable[[object], bool]:
    """Fits this verdict."""
    return lambda got: (decision(got) or ("",))[0] == word


def names(verdict: str, flips: Collection[str]) -> tuple[Hint, ...]:
    """The hints for the right verdict with other flips than these: none, too many, other ones."""
    wanted = frozenset(flips)

    def where(differs: Callable[[frozenset[object]], bool]) -> Callable[[object], bool]:
        def fits(got: object) -> bool:
            read = decision(got)
            return read is not None and read[0] == verdict and differs(read[1])

        return fits

    return (
        replace(NO_FLIPS, fits=where(lambda named: bool(wanted) and not named)),
        replace(NOT_FLIPPED, fits=where(lambda named: bool(named - wanted))),
        replace(ONE_WAY, fits=where(lambda named: named != wanted)),
    )


NO_DECISION = Hint(
    "no-decision",
    lambda got: decision(got) is None,
    "The build cannot act on this: it stays green whatever you found. It knows three words and "
    "needs the examples that flipped. Return `Decision(verdict, flips)`.",
    'The words are "PASS", "BLOCK" and "INCONCLUSIVE"; the flips are ids, also when there are '
    "none.",
)
NO_FLIPS = Hint(
    "no-flips",
    anything,
    "The author sees a verdict and no example, and merges by gut feeling. Name every example whose "
    "outcome differs.",
    "`flips` holds the ids that passed before and do not now, and those that pass only now.",
)
NOT_FLIPPED = Hint(
    "counts-no-flip",
    anything,
    "The author is sent to examples that did not flip. One that was not run has no outcome, and "
    "one that failed and now raises is as wrong as before.",
    "Leave out every `not run`, then compare `before == 'passed'` with `after == 'passed'`.",
)
ONE_WAY = Hint(
    "one-way-flips",
    anything,
    "The reviewer sees half of what the change did. A flip is a difference in either direction, "
    "between two runs that were both scored.",
    "Compare `(before == 'passed') != (after == 'passed')` where neither is `not run`.",
)
BLOCKS_ALL = Hint(
    "blocks-the-harmless",
    says("BLOCK"),
    "A harmless change waits, and next week somebody switches the gate off. As many got better as "
    "got worse: chance does that.",
    "Count the worse and the better flips apart, and ask how likely so many worse ones are.",
)
AVERAGE = Hint(
    "compares-averages",
    lambda got: says("BLOCK")(got) or says("PASS")(got),
    "A good change is stopped or a bad one merged, because two averages were compared. Both scores "
    "are close: which examples changed?",
    "Pair by id. Six worse and none better is p = 1/64, whatever the average is; four against "
    "three is nothing.",
)
TWO_SIDED = Hint(
    "two-sided",
    says("PASS"),
    "Five answers were lost, none won, and the change is merged. You asked whether the two differ; "
    "the gate asks whether the candidate is worse.",
    "One-sided: `sum(comb(n, k) for k in range(worse, n + 1)) / 2**n`, not twice that.",
)
APPROXIMATE = Hint(
    "approximate",
    says("BLOCK"),
    "This change is stopped for four flips, which chance does once in sixteen runs. Formulas for "
    "large numbers, or a fixed number of flips, do not hold here.",
    "`math.comb` counts exactly; four of four is 1/16, more than 0.05.",
)
ALPHA_FIXED = Hint(
    "fixed-alpha",
    says("BLOCK"),
    "The team asked for 0.01 and got another limit. One in 64 is more than one in 100.",
    "Compare p with `alpha`, not with a number of your own.",
)
BELOW_ALPHA = Hint(
    "only-below-alpha",
    says("PASS"),
    "p is the team's limit, to the last digit, and the change is merged. What is agreed on counts "
    "from there on.",
    "`p <= alpha`.",
)
HIDES_CRITICAL = Hint(
    "hides-critical",
    says("PASS"),
    "Somebody gets hurt by the one answer that matters, and an easy win elsewhere hides it. A "
    "critical example has no average.",
    "Before any p: is one of `critical` among the worse? Then BLOCK.",
)
CRITICAL_ANYWAY = Hint(
    "critical-although-not-worse",
    says("BLOCK"),
    "Nothing critical got worse here, and the merge is blocked for ever: it failed before, too. "
    "Only a flip from passed counts.",
    "`critical & worse`, not `critical & failed`, and not `critical & flips`.",
)
OUTAGE_AS_FAILURE = Hint(
    "outage-as-failure",
    says("BLOCK"),
    "A bad hour of the provider is put down to somebody's prompt. The provider was down: is the "
    "prompt worse?",
    "`not run` is no outcome. Where one of the two was not run, nothing was compared.",
)
OUTAGE_LEFT_OUT = Hint(
    "outage-left-out",
    says("PASS"),
    "The examples that did not run are left out, and the rest is green. If all but one had failed "
    "to run, it would be, too.",
    "Any `not run`, before or after, is INCONCLUSIVE: run it again.",
)
CRASH_AS_OUTAGE = Hint(
    "crash-as-outage",
    says("INCONCLUSIVE"),
    "The app crashes on five questions, and the build says: try again. `error` is the app's own "
    "exception; only `not run` is the provider's.",
    "Everything but `passed` and `not run` has failed.",
)
DROPS_MISSING = Hint(
    "drops-missing",
    lambda got: says("PASS")(got) or says("INCONCLUSIVE")(got),
    "The candidate answered 40 of 50 and you compared 40. Who deletes the hard examples gets a "
    "green build.",
    "`baseline.keys() - candidate.keys()` must be empty, or it is BLOCK.",
)
COUNTS_NEW = Hint(
    "counts-new",
    lambda got: says("BLOCK")(got) or says("INCONCLUSIVE")(got),
    "Somebody added six hard examples, and is stopped for it. There is nothing to compare them "
    "with yet.",
    "Go through the baseline's ids; the candidate's new ones count from the next baseline on.",
)
EMPTY_PASSES = Hint(
    "empty-passes",
    lambda got: says("PASS")(got) or says("BLOCK")(got),
    "An eval set that could not be read is merged as green. Nothing was compared, so nothing is "
    "known.",
    "Where no example was scored in both, it is INCONCLUSIVE.",
)
USUAL = Usual(
    "The verdict is another one, or the flips are. First what is missing, then what is critical, "
    "then what was not run, then p.",
)
