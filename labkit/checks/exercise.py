"""An exercise: cases, what each misconception does in them, and how an answer is judged.

answers -> every case is run -> the first that fails -> the hint that fits what came -> Verdict
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from labkit.arguments import shown
from labkit.checks.limits import NeverCame, Raised, Stopped, at_most, run
from labkit.checks.verdict import Verdict

Answer = Callable[..., object]
LONGEST_GOT = 160
OTHER = "other"
"""The id of a hint for what nobody has thought of."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One misconception, recognised by what an answer gives in one case."""

    id: str
    fits: Callable[[object], bool]
    """Whether what came is what this misconception gives."""
    says: str
    """What it does to a person; then where to look."""
    more: str = ""
    """A fuller hint, for ``hint=2``."""


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that an answer must do."""

    given: str
    ask: Callable[[Sequence[Answer]], object]
    """Calls one of the answers and says what came."""
    expected: str
    holds: Callable[[object], bool]
    hints: tuple[Hint, ...]
    """The last one fits everything."""
    part: int = 0
    """Which of the answers it judges."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """What ``check`` knows of one exercise."""

    code: str
    names: tuple[str, ...]
    """The functions to write, in the order in which ``check`` takes them."""
    parameters: tuple[int, ...]
    """How many arguments each takes."""
    cases: tuple[Case, ...]
    minutes: int
    points: float
    after: str
    """What to do when it is solved."""
    keywords: tuple[tuple[str, ...], ...] = ()
    """What each takes by name only, besides; empty where none does."""

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """What its hints can name, in the order of the cases."""
        ids = (hint.id for case in self.cases for hint in case.hints)
        return tuple(dict.fromkeys(id for id in ids if id != OTHER))

    @property
    def name(self) -> str:
        """The functions in words."""
        return " and ".join(self.names)


def judge(exercise: Exercise, answers: Sequence[Answer], *, hint: int, limit_s: float) -> Verdict:
    """Run every case and say how it went."""
    done: list[tuple[Case, object]] = []
    try:
        with at_most(limit_s):
            for case in exercise.cases:
                done.append((case, run(partial(case.ask, answers))))
                if isinstance(done[-1][1], NeverCame):
                    return _stopped(
                        exercise, case, "It used up its attempts or its time in the lab"
                    )
    except Stopped:
        return _stopped(exercise, exercise.cases[len(done)], f"Stopped after {limit_s:g} s")
    failed = [(case, got) for case, got in done if not _holds(case, got)]
    held = len(done) - len(failed)
    parts = range(len(exercise.names))
    right = [part for part in parts if all(case.part != part for case, _ in failed)]
    points = exercise.points * len(right) / len(exercise.names)
    if not failed:
        return _verdict(exercise, held, points, state="solved", note=exercise.after)
    case, got = failed[0]
    if is_stub(got):
        stubs = {case.part for case, got in failed if is_stub(got)}
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
        got=shown(got, LONGEST_GOT),
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
    try:
        return bool(asks(got))
    except Exception:
        return False


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
