"""Every exercise: right answers pass, and each misconception gets the hint that names it.

``answers_*.py`` beside this file has, for one exercise, ``CODE``, ``RIGHT`` (at least two answers
written otherwise than the solution) and ``WRONG``: for each misconception at least three answers.
An answer is a function, or a tuple of them where the exercise asks for several.
"""

from importlib import import_module
from pathlib import Path

import pytest

from labkit import check
from labkit.checks import EXERCISES

PLANTED = {
    module.CODE: module
    for path in sorted(Path(__file__).parent.glob("answers_*.py"))
    for module in [import_module(path.stem)]
}
RIGHT = [(code, answer) for code, module in PLANTED.items() for answer in module.RIGHT]
WRONG = [
    (code, id, answer)
    for code, module in PLANTED.items()
    for id, ways in module.WRONG.items()
    for answer in ways
]
THREE_WAYS = 3


def judged(code, answer):
    """The verdict on an answer."""
    return check(code, *(answer if isinstance(answer, tuple) else (answer,)))


def test_every_exercise_has_planted_answers():
    """An exercise without them would be a check that nobody has checked."""
    assert PLANTED.keys() == EXERCISES.keys()


@pytest.mark.parametrize("code", PLANTED)
def test_each_misconception_is_planted_three_times_and_nothing_else_is(code):
    """Three ways to write each that a hint can name; two right answers beside the solution."""
    planted = PLANTED[code].WRONG
    assert planted.keys() == set(EXERCISES[code].misconceptions)
    assert min(map(len, planted.values())) >= THREE_WAYS
    assert len(planted) >= THREE_WAYS
    assert len(PLANTED[code].RIGHT) > 1


@pytest.mark.parametrize(("code", "answer"), RIGHT)
def test_a_right_answer_passes_however_it_is_written(code, answer):
    """Every case holds, with full points."""
    verdict = judged(code, answer)
    assert verdict.state == "solved", verdict
    assert verdict.points == verdict.max_points == EXERCISES[code].points


@pytest.mark.parametrize(("code", "id", "answer"), WRONG)
def test_a_misconception_gets_its_own_hint(code, id, answer):
    """It is rejected with what was given, expected and got, and the hint that names it."""
    verdict = judged(code, answer)
    assert verdict.state == "not yet", verdict
    assert verdict.misconception == id, verdict
    assert all((verdict.given, verdict.expected, verdict.got, verdict.hint))
    assert verdict.points < verdict.max_points


def stub(*_, **__):
    """What every exercise comes with."""
    raise NotImplementedError


@pytest.mark.parametrize("code", EXERCISES)
def test_a_stub_is_not_written_yet_and_scores_nothing(code):
    """No mark against it, no points for it, and which function to write."""
    exercise = EXERCISES[code]
    verdict = check(code, *[stub for _ in exercise.names])
    assert (verdict.state, verdict.points) == ("not written", 0)
    assert all(name in verdict.note for name in exercise.names)
    assert "\u2715" not in repr(verdict)


@pytest.mark.parametrize("value", [None, "", "no", 0, 1, True, False, [], {}, 0.5], ids=repr)
@pytest.mark.parametrize("code", EXERCISES)
def test_one_answer_to_everything_is_no_solution(code, value):
    """Refusing everything, allowing everything, nothing at all: none of them scores."""
    verdict = check(code, *[lambda *_, **__: value for _ in EXERCISES[code].names])
    assert (verdict.state, verdict.points) == ("not yet", 0), verdict
