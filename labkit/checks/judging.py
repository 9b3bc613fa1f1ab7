"""How an answer is judged.

answers -> every case is run -> the first that fails -> the hint that fits what came -> Verdict
"""

from collections.abc import Callable, Sequence
from functools import partial

from labkit.checks.exercise import Answer, Case, Exercise, Hint
from labkit.checks.limits import NeverCame, Raised, Stopped, at_most, run
from labkit.checks.verdict import Verdict, told

USED_UP = "It used up its attempts or its time in the lab"


def judge(exercise: Exercise, answers: Sequence[Answer], *, hint: int, limit_s: float) -> Verdict:
    """Run every case and say how it went."""
    done: list[tuple[Case, object, bool]] = []
    try:
        with at_most(limit_s):
            for case in exercise.cases:
                got = run(partial(case.ask, answers[case.usual.part]))
                if isinstance(got, NeverCame):
                    return _stopped(exercise, case, USED_UP)
                done.append((case, got, _holds(case, got)))
    except Stopped:
        return _stopped(exercise, exercise.cases[len(done)], f"Stopped after {limit_s:g} s")
    failed = [(case, got) for case, got, holds in done if not holds]
    held = len(done) - len(failed)
    parts = range(len(exercise.names))
    right = [part for part in parts if all(case.usual.part != part for case, _ in failed)]
    points = exercise.points * len(right) / len(exercise.names)
    if not failed:
        return _verdict(exercise, held, points, state="solved", note=exercise.after)
    case, got = failed[0]
    if is_stub(got):
        stubs = {case.usual.part for case, got in failed if is_stub(got)}
        names = " and of ".join(exercise.names[part] for part in sorted(stubs))
        note = f"Write the body of {names}, run the cell, then this one."
        return _verdict(exercise, held, points, state="not written", note=note)
    fitting = next(one for one in case.hints if _surely(one.fits, got))
    return _verdict(
        exercise,
        held,
        points,
        state="not yet",
        given=case.given,
        expected=case.expected,
        got=told(got),
        misconception=fitting.id,
        **_hint(exercise, fitting, hint),
    )


def is_stub(got: object) -> bool:
    """Whether an answer is still what the exercise comes with."""
    return isinstance(got, Raised) and got.kind == "NotImplementedError"


def _holds(case: Case, got: object) -> bool:
    return not isinstance(got, Raised) and _surely(case.holds, got)


def _surely(asks: Callable[[object], bool], got: object) -> bool:
    """The answer to a question about a value; no where the value does not let itself be asked."""
    return run(lambda: bool(asks(got))) is True


def _hint(exercise: Exercise, hint: Hint, level: int) -> dict[str, str]:
    """The hint that was asked for, and whether there is another."""
    steps = [hint.says, hint.more] if hint.more else [hint.says]
    note = "There is no further hint."
    if level < len(steps):
        names = ", ".join(exercise.names)
        note = f'More: `check("{exercise.code}", {names}, hint=2)`'
    elif level == len(steps):
        note = ""
    return {"hint": steps[min(level, len(steps)) - 1], "note": note}


def _stopped(exercise: Exercise, case: Case, how: str) -> Verdict:
    return _verdict(
        exercise,
        0,
        0.0,
        state="could not tell",
        given=case.given,
        note=f"{how}: neither right nor wrong. A loop without an end is the likeliest reason.",
    )


def _verdict(exercise: Exercise, held: int, points: float, **values: object) -> Verdict:
    return Verdict(
        code=exercise.code,
        name=exercise.name,
        cases_held=held,
        cases_total=len(exercise.cases),
        points=points,
        max_points=exercise.points,
        **values,  # type: ignore[arg-type]
    )
