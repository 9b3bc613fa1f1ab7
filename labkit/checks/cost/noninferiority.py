"""C2, both tiers on the eval: what can be said of each table, and how many examples are missing."""

from collections.abc import Callable
from dataclasses import replace

from labkit.checks.cost import noninferiority_hints as hints
from labkit.checks.cost.tables import Said, Table, of, said
from labkit.checks.exercise import Case, Exercise, Hint

HALF = Table(1_000, 30, 30, margin=0.009)
LOW, HIGH = 1_600, 2_400
SAME = Table(300, 3, 3, margin=0.03, wrong=87)
GROWING = tuple(Table(n, 8 * n // 100, 5 * n // 100) for n in (100, 400, 1_600))


def asks(
    tables: tuple[Table, ...],
    expected: str,
    holds: Callable[[Said], bool],
    *own: Hint,
    given: str = "",
) -> Case:
    """Something must be said of these tables."""

    def is_right(got: object) -> bool:
        return of(got).are_verdicts and holds(of(got))

    return Case(
        given=given or repr(tables[0]),
        ask=lambda answer: said(answer, tables),
        expected=expected,
        holds=is_right,
        usual=hints.USUAL,
        own=own,
    )


def says(table: Table, word: str, *own: Hint, given: str = "") -> Case:
    """This word."""
    return asks((table,), word, lambda got: got.word == word, *own, given=given)


C2 = Exercise(
    code="C2",
    names=("noninferior",),
    parameters=(4,),
    cases=(
        says(Table(200, 2, 3), "yes", hints.NEVER_YES),
        says(Table(12, 2, 0), "need_more", hints.NO_DIFFERENCE, hints.POINT_SAYS_NO),
        says(Table(12, 0, 0), "need_more", hints.SURE_OF_NOTHING),
        says(Table(100, 8, 5), "need_more", hints.POINT_SAYS_YES),
        says(Table(1_000, 20, 5), "yes", hints.SIGNIFICANT),
        says(Table(400, 60, 10), "no", hints.NEVER_NO),
        says(
            SAME,
            "yes",
            hints.UNPAIRED,
            given=f"{SAME!r}; 87 wrong with both",
        ),
        says(
            replace(SAME, is_shuffled=True),
            "yes",
            hints.BY_POSITION,
            given="the same; the second dict has the ids in another order",
        ),
        says(replace(SAME, margin=0.01), "need_more", hints.OWN_MARGIN),
        says(Table(600, 12, 12, margin=0.015), "yes", hints.TWO_SIDED),
        says(Table(600, 12, 12, margin=0.015, alpha=0.01), "need_more", hints.OWN_ALPHA),
        asks(
            (HALF,),
            f"need_more, {LOW:,} to {HIGH:,} needed",
            lambda got: got.word == "need_more" and LOW <= got.number <= HIGH,
            hints.NO_NUMBER,
            hints.ONLY_MORE,
            hints.NOT_SQUARED,
        ),
        says(
            Table(100, 5, 0),
            "need_more",
            given="100 examples: 5 worse, none better; margin 5 points, which is the loss itself",
        ),
        asks(
            GROWING,
            "need_more, need_more, yes",
            lambda got: got.words == ("need_more", "need_more", "yes"),
            given="8 worse and 5 better of 100; 32 and 20 of 400; 128 and 80 of 1,600",
        ),
    ),
    minutes=20,
    points=4.0,
    after="Tick C2 when your record of the decision has a margin that is older than its numbers.",
)
