"""R6, when to say "I don't know": which threshold must be chosen for which questions.

questions with scores -> the learner's threshold -> Chosen -> the first case that fails
"""

import math
from dataclasses import replace

from labkit.case import retrieval_scores
from labkit.checks.exercise import Answer, Case, Exercise, Hint
from labkit.checks.reliability import abstaining_hints as hints
from labkit.checks.reliability.abstaining_rules import Asked, Chosen, of


def asked(scored: str, limit: float) -> Asked:
    """``20+ 11-``: a score for each question, and whether a page answers it."""
    marks = [(float(one[:-1]), one[-1] == "+") for one in scored.split()]
    return Asked(tuple(score for score, _ in marks), tuple(has for _, has in marks), limit)


EIGHT = "20+ 18+ 15+ 11- 9+ 8+ 5- 3-"
TURNED = "9+ 3- 20+ 11- 5- 18+ 8+ 15+"
TWICE = "18+ 16+ 16- 12+ 8- 2-"
GAP = "20+ 19+ 18+ 17- 16+ 15+ 14+ 13+ 12+ 4- 3- 2+ 1-"
OTHERS = "19.5+ 18.5+ 17.5+ 16.5+ 15.5- 14.5+ 13.5+ 12.5+ 6- 5+ 5- 3- 2- 1-"
TABLE = retrieval_scores()
MEASURED = Asked(TABLE.scores, TABLE.answerable, 0.1)


def chosen(answer: Answer, people: Asked) -> Chosen:
    """What an answer gives for these questions, and whether it left the lists alone."""
    scores, answerable = list(people.scores), list(people.answerable)
    came = answer(scores, answerable, people.limit)
    changed = (tuple(scores), tuple(answerable)) != (people.scores, people.answerable)
    return Chosen(came, people, changed)


def fits(got: object) -> bool:
    """Whether as many are shown as the limit allows, here and to others, and nothing changed."""
    one, right = of(got), of(got).asked.right
    if one.threshold is None or one.changed:
        return False
    if right == math.inf:
        return one.threshold == math.inf
    if one.own.shown != one.asked.at(right).shown:
        return False
    judged = one.asked.others or one.asked
    return one.judged.risk <= judged.limit and one.judged.shown >= judged.at(right).shown


def chooses(given: str, people: Asked, *own: Hint) -> Case:
    """As many answers as the limit allows."""
    judged = people.others or people
    expected = (
        "inf, so that nothing is shown"
        if people.right == math.inf
        else f"what shows the same as {judged.at(people.right)!r}"
    )

    return Case(
        given=f"{given}, at most {people.limit:g} wrong",
        ask=lambda answer: chosen(answer, people),
        expected=expected,
        holds=fits,
        usual=hints.USUAL,
        own=(*own, hints.OVER, hints.TOO_STRICT),
        first=own if people.right == math.inf else (),
    )


R6 = Exercise(
    code="R6",
    names=("choose_threshold",),
    parameters=(3,),
    cases=(
        chooses(EIGHT, asked(EIGHT, 0.1), hints.ABOVE, hints.ACCURACY),
        chooses(EIGHT, asked(EIGHT, 0.3), hints.ANOTHER_SHARE, hints.ACCURACY),
        chooses(EIGHT, asked(EIGHT, 0.26), hints.ANOTHER_SHARE),
        chooses("20+ 18+ 15+ 11- 2-", asked("20+ 18+ 15+ 11- 2-", 0.25), hints.NOT_MET),
        chooses(TWICE, asked(TWICE, 0.2), hints.TIES),
        chooses(TWICE, asked(TWICE, 0.25), hints.STOPS),
        chooses("18- 4+", asked("18- 4+", 0.3), hints.IMPOSSIBLE),
        chooses(
            f"chosen on {GAP}, judged on another half",
            replace(asked(GAP, 0.15), others=asked(OTHERS, 0.15)),
            hints.IN_THE_GAP,
        ),
        chooses(TURNED, asked(TURNED, 0.1), hints.UNSORTED),
        chooses(f"the {len(TABLE.scores)} measured scores of the page", MEASURED),
    ),
    minutes=15,
    points=4.0,
    after="Tick R6 when you know, on questions it was not chosen on, how many answers your "
    "threshold lets through that are wrong, and how many people it sends away for nothing.",
)
