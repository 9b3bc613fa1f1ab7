"""How a check speaks, how it stops what never ends, and that nothing breaks it."""

import re
import sys
import threading
import time
from functools import partial

import pytest
from answers_r9 import READING, RIGHT
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit import check, reliability
from labkit.checks import EXERCISES
from labkit.checks.messages import TOOL_USE
from labkit.cost import Relayed, Spend
from labkit.reliability import Outcome


def stub(*_):
    """What the exercise comes with."""
    raise NotImplementedError


def test_one_right_function_is_worth_half():
    """Half the points, and the verdict names the function that is missing."""
    verdict = check("R9", reliability.classify_outcome, stub)
    assert (verdict.state, verdict.points) == ("not written", 2)
    assert "history_after" in verdict.note


# -- how it speaks -----------------------------------------------------------------------------


def test_a_second_hint_says_more_and_a_third_says_that_there_is_none():
    """Hints come in steps, and the verdict says how to get the next one."""
    answers = READING["text-only"][0], reliability.history_after
    first, second, third = (check("R9", *answers, hint=level) for level in (1, 2, 3))
    assert "hint=2" in first.note
    assert second.hint != first.hint
    assert "no further hint" in third.note
    assert check("R9", *answers, hint="more") == check("R9", *answers, hint=0) == first


def test_a_verdict_reads_as_a_card_of_text():
    """Given, expected, got and hint stand in this order, in at most eight lines."""
    lines = repr(check("R9", READING["text-only"][0], reliability.history_after)).splitlines()
    assert [line.split()[0] for line in lines] == ["✕", "given", "expected", "got", "hint", "note"]


def test_nbgrader_reads_points(monkeypatch):
    """Where nbgrader runs the cell, the verdict's text is its points."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert repr(check("R9", *RIGHT[0])) == "4"
    assert repr(check("R9", reliability.classify_outcome, stub)) == "2"
    assert repr(check("R9", stub, stub)) == "0"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (("R9-warmupp", stub), "R9-warmup"),
        (("nothing like it", stub), "R9"),
        ((None,), "R9"),
        (("R9",), "takes 2 functions, not 0"),
        (("R9", stub), "takes 2 functions, not 1"),
        (("R9", stub, 3), "cannot be called"),
        (("R9", lambda: 1, stub), "cannot be called with 1 arguments"),
        (("R9", lambda m: 1, lambda h: 1), "cannot be called with 2 arguments"),
    ],
)
def test_a_wrong_call_is_answered_in_words(call, says):
    """A check never raises: it says what is wrong with the call and how it should look."""
    verdict = check(*call)
    assert verdict.state == "could not tell"
    assert says in verdict.note
    assert verdict.points == 0


class Unprintable:
    """A value that cannot even be shown."""

    kind = "answered"

    def __repr__(self):
        raise RuntimeError


@pytest.mark.parametrize(
    "answer",
    [
        lambda m: Unprintable(),
        lambda m: {"kind": "answered"},
        lambda m: "x" * 1_000_000,
        lambda m: 1 / 0,
        lambda m: (_ for _ in ()).throw(SystemExit),
        lambda m: print("noise") or Outcome("answered"),
        Outcome,
    ],
)
def test_junk_from_an_answer_becomes_a_verdict(answer, capsys):
    """Whatever an answer returns, raises or prints, the verdict is short and calm."""
    verdict = check("R9", answer, reliability.history_after)
    assert verdict.state == "not yet"
    assert len(repr(verdict)) < 1500
    assert capsys.readouterr().out == ""


class Loud:
    """A value whose text is a megabyte."""

    def __repr__(self):
        return "x" * 1_000_000


class Ends:
    """A value that ends the process when it is looked at."""

    def __eq__(self, other):
        raise SystemExit

    __hash__ = None

    def __repr__(self):
        raise SystemExit


class Broken(Unprintable):
    """A value that is neither shown nor compared."""

    def __eq__(self, other):
        raise RuntimeError

    __hash__ = None


BY_HAND = [Unprintable, Broken, Loud, Ends, partial(Spend, "x"), partial(Relayed, *"xyz")]


@pytest.mark.parametrize("make", BY_HAND, ids=lambda make: str(getattr(make, "func", make)))
@pytest.mark.parametrize("code", EXERCISES)
def test_a_value_that_cannot_be_shown_gets_a_calm_verdict(code, make):
    """In every exercise, alone and in a list: no traceback, one short line, no name of ours."""
    answers = [lambda *_, **__: make(), lambda *_, **__: [make()]]
    for answer in answers:
        verdict = check(code, *[answer for _ in EXERCISES[code].names])
        assert verdict.state == "not yet"
        assert verdict.hint
        assert len(repr(verdict)) < 1500
        ours = {case.holds.__module__ for case in EXERCISES[code].cases}
        assert not any(f"a value of {name} " in verdict.got for name in wrappers(ours)), verdict.got


def wrappers(modules):
    """The values of these modules' checks that stand around what came."""
    return {
        name
        for module in modules
        for name, thing in vars(sys.modules[module]).items()
        if isinstance(thing, type) and thing.__module__.startswith("labkit.checks.")
    }


# -- answers that never end --------------------------------------------------------------------


def spins(_):
    """Computes for ever."""
    while True:
        pass


def swallows(_):
    """Computes for ever and catches everything."""
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722
            continue


def sleeps(_):
    """Waits for ever."""
    time.sleep(1000)


def backtracks(_):
    """A regular expression that takes longer than the universe."""
    re.match(r"(a+)+$", "a" * 60 + "b")


@pytest.mark.parametrize("answer", [spins, swallows, sleeps, backtracks])
def test_an_answer_that_never_ends_is_stopped(answer):
    """Neither right nor wrong, and the next check works."""
    verdict = check("R9", answer, reliability.history_after, limit_s=0.2)
    assert verdict.state == "could not tell"
    assert "0.2 s" in verdict.note
    assert check("R9", *RIGHT[0]).state == "solved"


def test_an_endless_loop_is_stopped_in_any_thread():
    """Where signals do not work, a watchdog stops plain Python loops."""
    verdicts = []
    worker = threading.Thread(
        target=lambda: verdicts.append(check("R9", spins, reliability.history_after, limit_s=0.2))
    )
    worker.start()
    worker.join(10)
    assert verdicts[0].state == "could not tell"


def test_a_budget_of_the_lab_ends_an_answer_too():
    """`OutOfBudget` from a lab inside an answer is caught and not blamed."""
    from labkit import Lab

    def asks_for_ever(_):
        lab = Lab(max_attempts=3)
        while True:
            try:
                lab.client.messages.create(
                    model=lab.model(), max_tokens=9, messages=[{"role": "user", "content": "Hi"}]
                )
            except Exception:
                continue

    verdict = check("R9", asks_for_ever, reliability.history_after)
    assert verdict.state == "could not tell"
    assert "attempts" in verdict.note


# -- whatever an answer returns ------------------------------------------------------------------


class Contrary:
    """A value that answers no question about itself."""

    kind = "answered"

    def __eq__(self, other):
        raise RuntimeError

    __hash__ = None

    def __bool__(self):
        raise RuntimeError

    def __getattr__(self, name):
        raise RuntimeError(name)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.builds(Contrary),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.tuples(inner)
        | st.dictionaries(st.sampled_from(["role", "content", "kind"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(value=VALUES, turns=st.lists(VALUES, max_size=2))
def test_no_value_of_an_answer_breaks_a_check(value, turns):
    """Strange turns, lists and objects get a verdict with a hint, never a traceback."""
    for answers in (
        (lambda m: value, reliability.history_after),
        (reliability.classify_outcome, lambda h, o: value),
        (reliability.classify_outcome, lambda h, o: [*h, *turns, value]),
    ):
        verdict = check("R9", *answers)
        assert verdict.state == "not yet"
        assert verdict.hint
        assert len(repr(verdict)) < 1500


def test_white_space_in_what_came_is_shown_as_it_is():
    """Two texts that differ in spaces alone must not look alike in a verdict."""
    verdict = check("R9-warmup", lambda m: " ".join(b.text for b in m.content if b.type == "text"))
    assert verdict.got == "'Seven days.  No longer.'"
    assert verdict.expected == "'Seven days. No longer.'"


@pytest.mark.parametrize("answers", RIGHT)
def test_a_right_history_is_one_that_the_provider_takes(answers):
    """After every outcome of the exercise the next call with it is no bad request."""
    from labkit import Lab

    _, after = answers
    lab = Lab()
    for case in HISTORY_CASES:
        sent = after(*case)
        results = [
            {"type": "tool_result", "tool_use_id": block["id"], "content": "free"}
            for turn in sent[-1:]
            for block in turn["content"]
            if isinstance(block, dict) and block["type"] == "tool_use"
        ]
        lab.client.messages.create(
            model=lab.model(),
            max_tokens=50,
            messages=[*sent, {"role": "user", "content": results or "And the ladder?"}],
            tools=[{"name": "check_availability", "input_schema": {"type": "object"}}],
        )


HISTORY_CASES = [
    ([{"role": "user", "content": "How long?"}], Outcome(kind, said, content=content))
    for kind, said, content in (
        ("answered", "A week. [a]", ({"type": "text", "text": "A week. [a]"},)),
        ("tool_use", "", (TOOL_USE,)),
        ("refused", "", ()),
        ("declined", "No.", ({"type": "text", "text": "No."},)),
    )
]


def test_a_queue_that_is_half_written_is_not_written_yet():
    """C10: who has written ``submit`` alone is told to go on, and gets no hint yet."""

    class Half:
        """One of three methods."""

        def __init__(self, disk, work, now):
            self.disk = disk

        def submit(self, key, payload):
            """Write it down."""
            return self.disk.setdefault(key, key)

        def status(self, id):
            """Always the same."""
            return "waiting"

        def run_next(self):
            """Not yet."""
            raise NotImplementedError

    verdict = check("C10", Half)
    assert (verdict.state, verdict.points) == ("not written", 0)
