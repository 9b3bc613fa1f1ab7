"""The checks are checked: each planted misconception gets its own hint, right answers pass."""

import json
import re
import sys
import threading
import time
from pathlib import Path

import pytest
from anthropic.types import TextBlock
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit import check, reliability
from labkit.checks import EXERCISES
from labkit.checks.messages import TOOL_USE
from labkit.reliability import Outcome

ROOT = Path(__file__).parents[2]
SOURCE = re.compile(r"\[[\w-]+\]\s*$")


def words(message):
    """The visible text of a message; nothing for what is no message."""
    blocks = getattr(message, "content", [])
    return "".join(block.text for block in blocks if block.type == "text")


# -- right answers, written otherwise ---------------------------------------------------------


def right_by_table(message):
    """A table from stop reason to kind."""
    reasons = {"refusal": "refused", "max_tokens": "truncated", "tool_use": "tool_use"}
    reasons |= {"model_context_window_exceeded": "truncated", None: "truncated"}
    if isinstance(message, str):
        return Outcome("unknown")
    text = words(message)
    if message.stop_reason not in ("end_turn", "stop_sequence"):
        return Outcome(reasons.get(message.stop_reason, "unknown"), text)
    if not text.strip():
        return Outcome("empty")
    last = text.split()[-1]
    return Outcome("answered" if last[0] == "[" and last[-1] == "]" else "declined", text)


def right_by_match(message):
    """Structural pattern matching, and `try` for what is no message."""
    try:
        reason, text = message.stop_reason, words(message)
    except AttributeError:
        return Outcome("unknown")
    match reason, bool(text.strip()), bool(SOURCE.search(text)):
        case "refusal", _, _:
            kind = "refused"
        case "tool_use", _, _:
            kind = "tool_use"
        case "max_tokens" | "model_context_window_exceeded" | None, _, _:
            kind = "truncated"
        case "end_turn" | "stop_sequence", False, _:
            kind = "empty"
        case "end_turn" | "stop_sequence", _, named:
            kind = "answered" if named else "declined"
        case _:
            kind = "unknown"
    return Outcome(kind, text)


def history_by_slice(history, outcome):
    """Two slices."""
    if outcome.kind in {"answered", "tool_use"}:
        return [*history[:], {"role": "assistant", "content": list(outcome.content)}]
    return history[:-1]


def history_by_loop(history, outcome):
    """A copy, then pop the person's turns from the copy."""
    turns = list(history)
    if outcome.keep_in_history:
        text = outcome.text if outcome.kind == "answered" else None
        turns.append({"role": "assistant", "content": text or [*outcome.content]})
        return turns
    while turns and turns[-1]["role"] != "assistant":
        turns.pop()
    return turns


RIGHT = [
    (reliability.classify_outcome, reliability.history_after),
    (right_by_table, history_by_slice),
    (right_by_match, history_by_loop),
]


@pytest.mark.parametrize("answers", RIGHT)
def test_right_answers_pass_however_they_are_written(answers):
    """The building block and two answers written otherwise hold every case, with full points."""
    verdict = check("R9", *answers)
    assert verdict.state == "solved", verdict
    assert verdict.points == verdict.max_points == 4


# -- planted misconceptions, each three ways ---------------------------------------------------


def outcome(kind, message):
    """An outcome with the visible text, where there is any."""
    return Outcome(kind, words(message))


READING = {
    "text-only": [
        lambda m: outcome("answered" if words(m) else "refused", m),
        lambda m: outcome("refused" if len(m.content) == 0 else "answered", m),
        lambda m: outcome("answered" if any(b.type == "text" for b in m.content) else "refused", m),
    ],
    "stop-reason-only": [
        lambda m: outcome("refused" if m.stop_reason == "refusal" else "answered", m),
        lambda m: outcome({"refusal": "refused"}.get(m.stop_reason, "answered"), m),
        lambda m: outcome("answered" if m.stop_reason == "end_turn" else "refused", m),
    ],
    "phrase-list": [
        lambda m: (
            outcome("refused", m)
            if m.stop_reason == "refusal"
            else outcome("declined" if "I'm sorry" in words(m) else "answered", m)
        ),
        lambda m: (
            outcome("refused", m)
            if m.stop_reason == "refusal"
            else outcome("declined" if re.search("can.?t help|unable", words(m)) else "answered", m)
        ),
        lambda m: (
            outcome("refused", m)
            if m.stop_reason == "refusal"
            else outcome(
                "declined" if {"sorry,", "can't"} & set(words(m).lower().split()) else "answered", m
            )
        ),
    ],
    "by-class": [
        lambda m: by_class(m, [b.text for b in m.content if isinstance(b, TextBlock)]),
        lambda m: by_class(m, [b.text for b in m.content if type(b) is TextBlock]),
        lambda m: by_class(m, [b.text for b in m.content if hasattr(b, "text")]),
    ],
    "first-block": [
        lambda m: outcome(m.content[0].text and "answered", m),
        lambda m: Outcome("answered", m.content[0].text) if m.content else outcome("refused", m),
        lambda m: (
            Outcome("answered", next(iter(m.content)).text) if m.content else Outcome("refused")
        ),
    ],
    "refuse-everything": [
        lambda m: Outcome("refused"),
        lambda m: outcome("declined", m),
        lambda m: outcome("unknown" if m else "empty", m),
    ],
    "not-an-outcome": [
        lambda m: "answered",
        lambda m: ("answered", words(m)),
        lambda m: Outcome,
    ],
    "returns-nothing": [
        lambda m: None,
        lambda m: print(right_by_match(m)),
        lambda m: right_by_match(m) if isinstance(m, str) else None,
    ],
    "no-such-kind": [
        lambda m: but(m, lambda one: one.kind.upper()),
        lambda m: but(m, lambda one: "refusal" if one.kind == "refused" else one.kind),
        lambda m: but(m, lambda one: "cut" if one.kind == "truncated" else one.kind),
    ],
    "other-text": [
        lambda m: Outcome(right_by_match(m).kind),
        lambda m: Outcome(right_by_match(m).kind, "You may keep a drill for 7 days. [extensions]"),
        lambda m: Outcome(right_by_match(m).kind, words(m).removesuffix(" [extensions]")),
    ],
    "raises": [
        lambda m: Outcome({"end_turn": "answered"}[m.stop_reason], words(m)),
        lambda m: right_by_match(m) if m.stop_reason == "end_turn" else 1 / 0,
        lambda m: right_by_match(m) if words(m) else sys.exit("no text"),
    ],
    "declined-as-refused": [
        lambda m: but(m, lambda one: "refused" if one.kind == "declined" else one.kind),
        lambda m: Outcome(
            "answered" if m.stop_reason == "end_turn" and SOURCE.search(words(m)) else "refused",
            words(m),
        ),
        lambda m: outcome("answered" if words(m).endswith("]") and answers(m) else "refused", m),
    ],
    "any-bracket": [
        lambda m: but(m, lambda one: "answered" if "[" in one.text and answers(m) else one.kind),
        lambda m: but(
            m,
            lambda one: "answered" if re.search(r"\[.+\]", one.text) and answers(m) else one.kind,
        ),
        lambda m: but(
            m, lambda one: "answered" if one.text.endswith("]") and answers(m) else one.kind
        ),
    ],
    "empty-as-declined": [
        lambda m: but(m, lambda one: "declined" if one.kind == "empty" else one.kind),
        lambda m: but(m, lambda one: "refused" if not one.text and answers(m) else one.kind),
        lambda m: but(m, lambda one: "declined" if one.text == "  " else one.kind),
    ],
    "cut-as-whole": [
        lambda m: but(m, lambda one: "answered" if one.kind == "truncated" else one.kind),
        lambda m: but(m, lambda one: "unknown" if one.kind == "truncated" else one.kind),
        lambda m: but(
            m,
            lambda one: "answered" if one.kind == "truncated" and not m.stop_reason else one.kind,
        ),
    ],
    "unlisted-as-known": [
        lambda m: but(m, lambda one: "answered" if one.kind == "unknown" else one.kind),
        lambda m: but(m, lambda one: "truncated" if one.kind == "unknown" else one.kind),
        lambda m: but(m, lambda one: "empty" if isinstance(m, str) else one.kind),
    ],
}


def but(message, kind):
    """Right but for the kind that a function makes of the right outcome."""
    right = right_by_match(message)
    return Outcome(kind(right), right.text)


def answers(message):
    """Whether the turn simply ended."""
    return getattr(message, "stop_reason", "") == "end_turn"


def by_class(message, texts):
    """Everything right but for which blocks are taken for text."""
    text = "".join(texts)
    if message.stop_reason == "refusal":
        return Outcome("refused", text)
    if not text.strip():
        return Outcome("empty")
    return Outcome("answered" if SOURCE.search(text) else "declined", text)


def append_here(history, outcome):
    """Changes the caller's list for an answer."""
    if outcome.keep_in_history:
        history.append({"role": "assistant", "content": list(outcome.content)})
        return history
    return history[:-1]


def pop_here(history, outcome):
    """Changes the caller's list for everything else."""
    if outcome.keep_in_history:
        return with_blocks(history, outcome)
    history.pop()
    return history


def delete_here(history, outcome):
    """The same with `del`."""
    if outcome.keep_in_history:
        return with_blocks(history, outcome)
    del history[-1:]
    return list(history)


def with_blocks(history, outcome):
    """The history and the reply's blocks."""
    return [*history, {"role": "assistant", "content": list(outcome.content)}]


def with_answer(history, outcome):
    """The history and the answer."""
    return [*history, {"role": "assistant", "content": outcome.text}]


HISTORY = {
    "left-in": [
        with_answer,
        lambda h, o: with_answer(h, o) if o.kind == "answered" else list(h),
        lambda h, o: with_answer(h, o) if o.text else h[:],
    ],
    "all-gone": [
        lambda h, o: with_answer(h, o) if o.kind == "answered" else [],
        lambda h, o: with_answer(h, o) if o.kind == "answered" else h[:0],
        lambda h, o: with_answer(h, o) if o.keep_in_history else [][:],
    ],
    "changed-in-place": [append_here, pop_here, delete_here],
    "tool-call-gone": [
        lambda h, o: with_answer(h, o) if o.kind == "answered" else h[:-1],
        lambda h, o: with_blocks(h, o) if o.text and o.keep_in_history else h[:-1],
        lambda h, o: with_blocks(h, o) if o.kind != "tool_use" and o.keep_in_history else h[:-1],
    ],
    "text-for-a-tool-call": [
        lambda h, o: with_answer(h, o) if o.keep_in_history else h[:-1],
        lambda h, o: history_by_loop(h, Outcome(o.kind, o.text)),
        lambda h, o: (
            [*h, {"role": "assistant", "content": [{"type": "text", "text": o.text}]}]
            if o.keep_in_history
            else h[:-1]
        ),
    ],
    "not-a-turn": [
        lambda h, o: [*h, o.text] if o.kind == "answered" else h[:-1],
        lambda h, o: tuple(history_by_slice(h, o)),
        lambda h, o: {"role": "assistant", "content": o.text},
    ],
    "returns-nothing": [
        lambda h, o: None,
        lambda h, o: print(history_by_slice(h, o)),
        lambda h, o: history_by_slice(h, o) if o.kind == "answered" else None,
    ],
    "left-in (by words, by count, by kind)": [
        lambda h, o: (
            with_blocks(h, o)
            if o.keep_in_history
            else [t for t in h if "guard" not in t["content"]]
        ),
        lambda h, o: with_blocks(h, o) if o.keep_in_history else h[:2] if len(h) == 3 else h,
        lambda h, o: (
            with_blocks(h, o) if o.kind not in ("refused", "declined", "empty") else h[:-1]
        ),
    ],
}


@pytest.mark.parametrize("id", READING)
@pytest.mark.parametrize("way", range(3))
def test_a_misconception_about_reading_gets_its_own_hint(id, way):
    """Written three ways, it is rejected three times with the hint that names it."""
    verdict = check("R9", READING[id][way], reliability.history_after)
    assert verdict.state == "not yet"
    assert verdict.misconception == id, verdict
    assert verdict.given
    assert verdict.expected
    assert verdict.got
    assert 0 < verdict.points < verdict.max_points


@pytest.mark.parametrize("id", HISTORY)
@pytest.mark.parametrize("way", range(3))
def test_a_misconception_about_the_history_gets_its_own_hint(id, way):
    """Written three ways, it is rejected three times with the hint that names it."""
    verdict = check("R9", reliability.classify_outcome, HISTORY[id][way])
    assert verdict.state == "not yet"
    assert verdict.misconception == id.partition(" ")[0], verdict
    assert 0 < verdict.points < verdict.max_points


def test_every_listed_misconception_of_the_exercise_is_planted_here():
    """A misconception that the exercise names and nobody plants would be untested."""
    assert set(EXERCISES["R9"].misconceptions) <= READING.keys() | HISTORY.keys()


def stub(*_):
    """What the exercise comes with."""
    raise NotImplementedError


def test_the_stub_is_not_written_yet_and_scores_nothing():
    """No mark against it, no points for it, and what to do next."""
    verdict = check("R9", stub, stub)
    assert (verdict.state, verdict.points) == ("not written", 0)
    assert "classify_outcome" in verdict.note
    assert "✕" not in repr(verdict)


def test_one_right_function_is_worth_half():
    """Half the points, and the verdict names the function that is missing."""
    verdict = check("R9", reliability.classify_outcome, stub)
    assert (verdict.state, verdict.points) == ("not written", 2)
    assert "history_after" in verdict.note


def test_refusing_everything_scores_nothing_for_reading():
    """An app that throws every answer away is told so."""
    verdict = check("R9", lambda m: Outcome("refused"), lambda h, o: [])
    assert verdict.misconception == "refuse-everything"
    assert verdict.points == 0


# -- the warm-up -------------------------------------------------------------------------------

WARM_UP = {
    "first-block": [
        lambda m: m.content[0].text,
        lambda m: m.content[0].text if m.content else "",
        lambda m: next((b.text for b in m.content if b.type == "text"), ""),
    ],
    "by-class": [
        lambda m: "".join(b.text for b in m.content if isinstance(b, TextBlock)),
        lambda m: "".join(getattr(b, "text", "") for b in m.content),
        lambda m: "".join(b.text for b in m.content if type(b).__name__ == "TextBlock"),
    ],
    "a-list": [
        lambda m: [b.text for b in m.content if b.type == "text"],
        lambda m: tuple(b.text for b in m.content if b.type == "text"),
        lambda m: (b.text for b in m.content if b.type == "text"),
    ],
    "spaced": [
        lambda m: " ".join(b.text for b in m.content if b.type == "text"),
        lambda m: "\n".join(b.text for b in m.content if b.type == "text"),
        lambda m: "".join(b.text + "\n" for b in m.content if b.type == "text").strip(),
    ],
    "returns-nothing": [
        lambda m: None,
        lambda m: print(words(m)),
        lambda m: words(m) or None,
    ],
}


@pytest.mark.parametrize("id", WARM_UP)
@pytest.mark.parametrize("way", range(3))
def test_a_misconception_of_the_warm_up_gets_its_own_hint(id, way):
    """Written three ways, it is rejected three times with the hint that names it."""
    verdict = check("R9-warmup", WARM_UP[id][way])
    assert verdict.state == "not yet"
    assert verdict.misconception == id, verdict


@pytest.mark.parametrize(
    "answer",
    [
        words,
        lambda m: "".join([b.text if b.type == "text" else "" for b in m.content]),
        lambda m: "".join(b.text for b in filter(lambda b: b.type == "text", m.content)),
    ],
)
def test_the_warm_up_accepts_right_answers(answer):
    """One line, written three ways, passes."""
    assert check("R9-warmup", answer).state == "solved"
    assert check("R9-warmup", stub).state == "not written"


def test_an_answer_that_returns_nothing_is_rejected():
    """`pass` and an empty text for everything are not solutions."""
    assert check("R9-warmup", lambda m: None).state == "not yet"
    assert check("R9-warmup", lambda m: "").state == "not yet"


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


@pytest.mark.parametrize("answers", [*RIGHT, "the solution"])
def test_a_right_history_is_one_that_the_provider_takes(answers):
    """After every outcome of the exercise the next call with it is no bad request."""
    from labkit import Lab

    after = solution()["history_after"] if answers == "the solution" else answers[1]
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


def solution():
    """The names that the committed solution defines."""
    page = json.loads((ROOT / "solutions" / "01_reliability.ipynb").read_text(encoding="utf-8"))
    names = {}
    for cell in page["cells"]:
        if cell["cell_type"] == "code" and cell["id"] in ("r9-given", "r9-answer-history"):
            exec("".join(cell["source"]), names)
    return names
