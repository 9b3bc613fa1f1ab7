"""A threshold on a search's best score: who gets an answer, and who is sent away for nothing.

scores, answerable, threshold, how many ask what no page answers -> ThresholdScene -> view

Runs no app: the scores say it all. Where no page answers, an answer that is shown is wrong.
"""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from labkit.arguments import every, refused
from labkit.arguments import number as number_of
from labkit.reliability import RiskPoint, risk_coverage
from labkit.views import Provenance, View, amount, choice
from labkit.views.reliability.thresholds import PEOPLE, ThresholdScene, counts, draw_thresholds
from labkit.views.words import number, percent

MIXES: Mapping[str, int] = MappingProxyType({"1 in 2": 1, "1 in 5": 4, "1 in 20": 19})
"""How many people ask what no page answers: for each of them, so many ask what one does."""
FIRST_MIX = "1 in 2"
STEP = 0.5
HIGHEST = 1e9
"""No score of a search; beyond it a slider has no steps."""
FEWEST = 0.05
"""The share of questions at which the slider ends; beyond it hardly anybody gets an answer."""
NOT_SHOWN = (
    "Your own pages and questions. And answers that are wrong although the page was found: here "
    "every one of them counts as right."
)


def thresholds(
    scores: Sequence[float],
    answerable: Sequence[bool],
    *,
    first: float | None = None,
    notes: Sequence[str] = (),
) -> View:
    """Move the score from which production answers; the prototype answers everybody.

    Args:
        scores: The best score for each question.
        answerable: Whether a page answers it.
        first: The threshold at first; without it the middle of all scores.
        notes: Where the scores come from: n, date, source.
    """
    curves = {name: curve(scores, answerable, more) for name, more in MIXES.items()}
    for one in scores:
        if not -HIGHEST < one < HIGHEST:
            raise refused("a score", one, "It has no place on the axis.", "Take it out.")
    every("notes", notes, str, '("n = 40",)')
    least, most = ends(curves[FIRST_MIX])
    begins = sorted(scores)[len(scores) // 2] if first is None else first
    begins = min(max(number_of("first", begins, "No answer has such a score."), least), most)

    def scene(threshold: float, unanswerable: str) -> ThresholdScene:
        points = curves[unanswerable]
        at = shown_from(threshold, points)
        return ThresholdScene(
            finding=finding(at, points[-1]),
            points=points,
            at=at,
            provenance=Provenance("measured", tuple(notes)),
            not_shown=NOT_SHOWN,
        )

    slider = amount(
        "Answers from a score of", least, most, step=STEP, value=STEP * round(begins / STEP)
    )
    mix = choice("Questions that no page answers", list(MIXES), value=FIRST_MIX)
    return View.of(scene, draw_thresholds, {"threshold": slider, "unanswerable": mix})


def curve(scores: Sequence[float], answerable: Sequence[bool], more: int) -> tuple[RiskPoint, ...]:
    """Every threshold, each answerable question counted so many times."""
    points = risk_coverage(scores, answerable)
    could = sum(answerable)
    asked = points[-1].asked + could * (more - 1)
    return tuple(
        RiskPoint(
            one.threshold,
            one.wrong + (one.shown - one.wrong) * more,
            one.wrong,
            one.sent_away * more,
            asked,
        )
        for one in points
    )


def ends(points: Sequence[RiskPoint]) -> tuple[float, float]:
    """From where everybody gets an answer to where hardly anybody does, in steps of the slider."""
    strict = next(one for one in points if one.coverage >= FEWEST)
    least = STEP * math.floor(points[-1].threshold / STEP)
    return least, max(STEP * math.ceil(strict.threshold / STEP), least + STEP)


def shown_from(threshold: float, points: Sequence[RiskPoint]) -> RiskPoint:
    """What a threshold does: the last point that it lets through; nobody where there is none."""
    through = [one for one in points if one.threshold >= threshold]
    could = points[0].sent_away + points[0].shown - points[0].wrong
    last = through[-1] if through else RiskPoint(threshold, 0, 0, could, points[0].asked)
    return RiskPoint(threshold, last.shown, last.wrong, last.sent_away, last.asked)


def finding(at: RiskPoint, everybody: RiskPoint) -> str:
    """Both mistakes, of a thousand people, beside what answering everybody does."""
    now, then = counts(at), counts(everybody)
    wrong, away, _ = now.values()
    if not at.shown:
        return f"Nobody gets an answer, and {away} of {number(PEOPLE)} could have had one."
    return (
        f"Of {number(PEOPLE)} people {wrong} read a wrong answer instead of "
        f"{next(iter(then.values()))}, and {away} are sent away for nothing; "
        f"{percent(at.risk)} of what is shown is wrong."
    )
