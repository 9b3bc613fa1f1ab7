"""``check("R9", f, g)``: run an answer through its cases and say how it went.

A check never raises: a wrong call gets a verdict too. Each hint comes from the first case that
fails and from what came there, never from the answer's name or source.
"""

from difflib import get_close_matches

from labkit.arguments import LONGEST, fits, shown
from labkit.checks.cost import EXERCISES as COST
from labkit.checks.exercise import Answer, Exercise
from labkit.checks.judging import judge
from labkit.checks.reliability import EXERCISES as RELIABILITY
from labkit.checks.verdict import Verdict

__all__ = ["EXERCISES", "Exercise", "Verdict", "check"]

EXERCISES = {exercise.code: exercise for exercise in (*RELIABILITY, *COST)}
LIMIT_S = 5.0
LONGEST_S = 3600


def check(code: str, *answers: Answer, hint: int = 1, limit_s: float = LIMIT_S) -> Verdict:
    """Judge the answers to an exercise.

    Args:
        code: The exercise, for example ``R9``.
        answers: The functions it asks for, in its order.
        hint: 1 shows the hint, 2 a fuller one.
        limit_s: Real seconds after which an answer that has not come is stopped.
    """
    exercise = EXERCISES.get(code) if isinstance(code, str) else None
    if exercise is None:
        name = shown(code) if not isinstance(code, str) else code[:LONGEST]
        near = get_close_matches(name, EXERCISES, n=1, cutoff=0.3)
        known = near or list(EXERCISES)
        return _misused(name, f"There is no exercise {shown(code)}. Try {' or '.join(known)}.")
    if problem := _unusable(exercise, answers):
        return _misused(code, problem, exercise)
    if not isinstance(limit_s, (int, float)) or not 0 < limit_s <= LONGEST_S:
        return _misused(
            code, f"limit_s is {shown(limit_s)}. Give seconds, at most 3,600.", exercise
        )
    level = hint if isinstance(hint, int) and hint >= 1 else 1
    return judge(exercise, answers, hint=level, limit_s=limit_s)


def _unusable(exercise: Exercise, answers: tuple[Answer, ...]) -> str:
    """What is wrong with the call, and how it should look; nothing where it is right."""
    right = f'check("{exercise.code}", {", ".join(exercise.names)})'
    if len(answers) != len(exercise.names):
        return f"{exercise.code} takes {len(exercise.names)} functions, not {len(answers)}: {right}"
    by_name = exercise.keywords or ((),) * len(answers)
    takes = zip(exercise.names, exercise.parameters, by_name, answers, strict=True)
    for name, count, keywords, answer in takes:
        if not callable(answer):
            return f"{name} is {shown(answer)}, which cannot be called. Give the function: {right}"
        if not fits(answer, count, *keywords):
            named = "".join(f", {one}=…" for one in keywords)
            return f"{name} cannot be called with {count} arguments{named}. Its stub shows which."
    return ""


def _misused(code: str, problem: str, exercise: Exercise | None = None) -> Verdict:
    name = exercise.name if exercise else "no such exercise"
    points = exercise.points if exercise else 0.0
    return Verdict(code, name, "could not tell", note=problem, max_points=points)
