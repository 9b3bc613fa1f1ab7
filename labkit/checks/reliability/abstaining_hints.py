"""R6: what each misconception about a threshold does to a person."""

import math

from labkit.checks.exercise import Hint, Usual
from labkit.checks.reliability.abstaining_rules import (
    Chosen,
    accurate,
    among_all,
    among_unanswerable,
    as_if,
    either,
    of,
    one_below,
    row_by_row,
    strictly,
    too_few,
    too_many,
    too_many_of_others,
    until_broken,
)
from labkit.checks.signs import anything

NO_NUMBER = Hint(
    "not-a-number",
    lambda got: of(got).threshold is None,
    "The app compares each score with what you return, and cannot do that with this. Return one "
    "number.",
    "The threshold alone, as a float: no pair, no list, no text, no yes or no.",
)
CHANGED = Hint(
    "changes-the-lists",
    lambda got: of(got).changed,
    "Whoever counts with these lists after you counts something else: you changed what you were "
    "given.",
    "`sorted(...)` makes a new list; `.sort()` and `.pop()` change the one that is not yours.",
)
ACCURACY = Hint(
    "maximises-accuracy",
    as_if(accurate),
    "The limit is on wrong answers, not on accuracy. You found the threshold with the most right "
    "decisions; a wrong answer and a walk to the desk cost the same there.",
    "Among the thresholds that keep the limit take the one that shows most.",
)
ANOTHER_SHARE = Hint(
    "another-share",
    either(as_if(among_all), as_if(among_unanswerable)),
    "Who reads an answer wants to know how many of *those* are wrong. You divided by other people: "
    "by all who asked, or by those whom nobody can answer.",
    "wrong / shown: both count only scores of at least the threshold.",
)
ABOVE = Hint(
    "above-instead-of-from",
    as_if(one_below),
    "The app shows from the threshold on, `score >= threshold`, so the first answer that you meant "
    "to hold back is shown. You counted with `>`.",
    "The threshold is the lowest score that is still shown.",
)
NOT_MET = Hint(
    "limit-not-met",
    as_if(strictly),
    "One wrong in four is what was allowed, and somebody goes to the desk for nothing. A limit "
    "that is met exactly is kept.",
    "`wrong / shown <= max_wrong_rate`.",
)
TIES = Hint(
    "splits-equal-scores",
    as_if(row_by_row),
    "Two questions have the same score, and you counted one of them. Nobody can show one and hold "
    "the other back.",
    "Count for each threshold all scores that are at least as high, not one row after the other.",
)
STOPS = Hint(
    "stops-at-the-first-break",
    as_if(until_broken),
    "The limit is broken once and kept again further down, where more people get an answer. You "
    "stopped at the break.",
    "Look at every score as a threshold, then take the lowest that keeps the limit.",
)
IMPOSSIBLE = Hint(
    "impossible",
    lambda got: not isinstance(got, Chosen) or got.threshold != math.inf,
    "No threshold keeps this limit: the best score belongs to a wrong answer. Any finite number "
    "lets somebody's score through, tomorrow if not today.",
    "`min(..., default=math.inf)`: nothing is at least infinite, so nothing is shown.",
)
IN_THE_GAP = Hint(
    "worse-on-others",
    too_many_of_others,
    "On the half that you chose on it keeps the limit; on other people's questions it does not. "
    "You went down into a gap in which you had seen nobody.",
    "Return a score that stands in the list, the lowest of those that may be shown.",
)
UNSORTED = Hint(
    "needs-an-order",
    anything,
    "These are the questions of the first case in another order, and something else came. A score "
    "lost the label that belongs to it, or you took the first for the best.",
    "Pair them before anything else: `zip(scores, answerable)`.",
)
OVER = Hint(
    "over-the-limit",
    too_many,
    "More of the shown answers are wrong than was allowed. People read them and act on them.",
    "For each score as a threshold, count the shown and the wrong among them.",
)
TOO_STRICT = Hint(
    "sends-away-for-nothing",
    too_few,
    "The limit is kept, and people are sent to the desk who could have had an answer. Of all "
    "thresholds that keep it the lowest shows most.",
    "Do not stop at the first that keeps the limit: take the lowest of them.",
)
USUAL = Usual(
    "Count by hand what your threshold shows, and how much of it is wrong.",
    shape=(NO_NUMBER, CHANGED),
    empty=lambda got: of(got).came is None,
)
