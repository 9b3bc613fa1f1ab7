"""R6: right answers written otherwise, and each misconception written three ways."""

import math
from fractions import Fraction
from itertools import accumulate, groupby, takewhile
from math import nextafter

from labkit.reliability import RiskPoint, choose_threshold, risk_coverage

CODE = "R6"


# -- right answers, written otherwise -----------------------------------------------------------


def by_counting(scores, answerable, limit):
    """Counts anew for each score."""
    best = math.inf
    for threshold in scores:
        shown = [has for score, has in zip(scores, answerable, strict=True) if score >= threshold]
        if shown.count(False) <= limit * len(shown):
            best = min(best, threshold)
    return best


def by_groups(scores, answerable, limit):
    """Groups of equal scores from the top, in fractions."""
    pairs = sorted(zip(scores, answerable, strict=True), reverse=True)
    shown, wrong, found = 0, 0, float("inf")
    for score, group in groupby(pairs, key=lambda pair: pair[0]):
        labels = [has for _, has in group]
        shown, wrong = shown + len(labels), wrong + labels.count(False)
        if Fraction(wrong, shown) <= limit:
            found = score
    return found


def halfway(scores, answerable, limit):
    """Halfway down to the next score, where there is one."""
    found = choose_threshold(scores, answerable, limit)
    below = [score for score in scores if score < found < math.inf]
    return (found + max(below)) / 2 if below else found


RIGHT = [choose_threshold, by_counting, by_groups, halfway]


# -- planted misconceptions ----------------------------------------------------------------------


def lowest(keeps, default=math.inf):
    """The lowest score that keeps a rule of the shown labels, all labels and the limit."""

    def answer(scores, answerable, limit):
        def shown(threshold):
            return [
                has for score, has in zip(scores, answerable, strict=True) if score >= threshold
            ]

        kept = [one for one in scores if keeps(shown(one), answerable, limit)]
        return min(kept, default=default)

    return answer


def risk(shown):
    """The share of wrong ones."""
    return shown.count(False) / len(shown) if shown else 0


def kept(shown, answerable, limit):
    """The right rule."""
    return risk(shown) <= limit


def result(change):
    """What ``change`` makes of the right threshold."""
    return lambda scores, answerable, limit: change(choose_threshold(scores, answerable, limit))


def best_of(score_of):
    """The threshold that is best by some measure of a point."""
    return lambda scores, answerable, limit: (
        max(
            risk_coverage(scores, answerable), key=lambda one: (score_of(one), -one.threshold)
        ).threshold
    )


def next_below(scores, answerable, limit):
    """The highest score under the right threshold."""
    found = choose_threshold(scores, answerable, limit)
    below = [score for score in scores if score < found < math.inf]
    return max(below, default=found)


def above(scores, answerable, limit):
    """Counts what is above each score."""
    for threshold in sorted(scores):
        shown = [has for score, has in zip(scores, answerable, strict=True) if score > threshold]
        if shown and risk(shown) <= limit:
            return threshold
    return math.inf


def in_order(pairs, limit, *, stop=False):
    """Row by row through pairs, however they are sorted."""
    wrong, found = 0, math.inf
    for shown, (score, has) in enumerate(pairs, 1):
        wrong += not has
        if wrong <= limit * shown:
            found = score
        elif stop:
            break
    return found


def in_groups(scores, answerable, limit, *, stop=False):
    """Through the points from the top."""
    found = math.inf
    for one in risk_coverage(scores, answerable):
        if one.risk > limit and stop:
            break
        found = one.threshold if one.risk <= limit else found
    return found


def taken_while(scores, answerable, limit):
    """What is taken while the limit is kept."""
    fine = takewhile(lambda one: one.risk <= limit, risk_coverage(scores, answerable))
    return min((one.threshold for one in fine), default=math.inf)


def before_the_break(scores, answerable, limit):
    """The last of the points that keep it without a break."""
    points = risk_coverage(scores, answerable)
    fine = list(accumulate((one.risk <= limit for one in points), lambda a, b: a and b))
    return points[sum(fine) - 1].threshold if any(fine) else math.inf


def into_the_gap(far):
    """From the right threshold so far down to the next score."""

    def answer(scores, answerable, limit):
        found, below = (
            choose_threshold(scores, answerable, limit),
            next_below(scores, answerable, limit),
        )
        return found if below == found else found - far * (found - below)

    return answer


def barely(scores, answerable, limit):
    """The least above the next score."""
    found, below = (
        choose_threshold(scores, answerable, limit),
        next_below(scores, answerable, limit),
    )
    return found if below == found else nextafter(below, math.inf)


def sorted_alone(scores, answerable, limit):
    """Sorts the scores and leaves the labels."""
    return choose_threshold(sorted(scores, reverse=True), answerable, limit)


def as_it_comes(scores, answerable, limit):
    """Takes the rows as they come for the best first."""
    rows = list(zip(scores, answerable, strict=True))
    found = math.inf
    for place, (score, _) in enumerate(rows):
        if place + 1 < len(rows) and rows[place + 1][0] == score:
            continue
        if risk([has for _, has in rows[: place + 1]]) <= limit:
            found = score
    return found


def up_to_its_place(scores, answerable, limit):
    """Counts the labels up to where a score last stands."""
    last = {score: place for place, score in enumerate(scores)}
    fine = [one for one, place in last.items() if risk(answerable[: place + 1]) <= limit]
    return min(fine, default=math.inf)


def changing(change):
    """Right, but a list is another afterwards."""

    def answer(scores, answerable, limit):
        found = choose_threshold(scores, answerable, limit)
        change(scores, answerable)
        return found

    return answer


WRONG = {
    "returns-nothing": [
        lambda scores, answerable, limit: None,
        result(print),
        lambda scores, answerable, limit: scores.sort(),
    ],
    "raises": [
        lambda scores, answerable, limit: min(scores[answerable]),
        lambda scores, answerable, limit: scores.index(limit),
        lambda scores, answerable, limit: {one.threshold: one for one in scores},
    ],
    "not-a-number": [
        result(str),
        result(lambda found: (found, 0.5)),
        lambda scores, answerable, limit: RiskPoint(scores[0], 1, 0, 0, 1),
    ],
    "changes-the-lists": [
        changing(lambda scores, answerable: scores.sort()),
        changing(lambda scores, answerable: answerable.pop()),
        changing(lambda scores, answerable: scores.clear()),
    ],
    "maximises-accuracy": [
        best_of(lambda one: -(one.wrong + one.sent_away)),
        best_of(lambda one: one.shown - 2 * one.wrong),
        best_of(lambda one: one.coverage - 2 * one.wrong / one.asked),
    ],
    "another-share": [
        lowest(lambda shown, has, limit: shown.count(False) / len(has) <= limit),
        lowest(lambda shown, has, limit: shown.count(False) / has.count(False) <= limit),
        lowest(lambda shown, has, limit: shown.count(False) <= int(limit * len(has))),
    ],
    "above-instead-of-from": [above, next_below, result(lambda found: found - 4)],
    "limit-not-met": [
        lowest(lambda shown, has, limit: risk(shown) < limit),
        lowest(lambda shown, has, limit: limit - risk(shown) > 1e-9),
        lowest(lambda shown, has, limit: not risk(shown) >= limit),
    ],
    "splits-equal-scores": [
        lambda scores, answerable, limit: in_order(zip(scores, answerable, strict=True), limit),
        lambda scores, answerable, limit: in_order(
            sorted(zip(scores, answerable, strict=True), reverse=True), limit
        ),
        lambda scores, answerable, limit: in_order(
            sorted(zip(scores, answerable, strict=True), key=lambda pair: -pair[0]),
            limit,
            stop=True,
        ),
    ],
    "stops-at-the-first-break": [
        lambda *given: in_groups(*given, stop=True),
        taken_while,
        before_the_break,
    ],
    "impossible": [
        lowest(kept, default=None),
        lambda scores, answerable, limit: min(
            one for one in scores if one >= choose_threshold(scores, answerable, limit)
        ),
        lambda scores, answerable, limit: min(
            choose_threshold(scores, answerable, limit), max(scores) + 1
        ),
    ],
    "worse-on-others": [barely, into_the_gap(0.9), into_the_gap(0.999)],
    "needs-an-order": [sorted_alone, as_it_comes, up_to_its_place],
    "over-the-limit": [
        lambda scores, answerable, limit: min(scores),
        lambda scores, answerable, limit: limit,
        lambda scores, answerable, limit: min(
            score for score, has in zip(scores, answerable, strict=True) if not has
        ),
    ],
    "sends-away-for-nothing": [
        lambda scores, answerable, limit: math.inf,
        lambda scores, answerable, limit: max(scores),
        lambda scores, answerable, limit: max(
            one for one in scores if choose_threshold(scores, answerable, limit) <= one
        ),
    ],
}
