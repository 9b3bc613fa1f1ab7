"""R12, a limit for the tool loop: what a loop must do with tools that never get done.

limits, a model in a few lines, tools -> the answer's loop -> Looped -> the first case that fails
"""

import json
from collections.abc import Callable
from typing import Any

from labkit.checks.exercise import Answer, Case, Exercise, Hint
from labkit.checks.messages import text, wire
from labkit.checks.reliability import tool_loop_hints as hints
from labkit.checks.reliability.looped import (
    ASKED,
    DONE,
    LARGE,
    MANY,
    SHORT,
    SO_FAR,
    WIDE,
    Body,
    Looped,
    Played,
    look,
    no_tools,
    of,
    words,
)
from labkit.reliability import LoopLimits, LoopResult, Tool


def loops(  # noqa: PLR0913 - a case in one line each
    given: str,
    model: Callable[[int, Body], Body],
    expected: str,
    holds: Callable[[Looped], bool],
    *own: Hint,
    tool: Callable[[int], object] = lambda _: "The calendar is still working.",
    limits: LoopLimits = WIDE,
) -> Case:
    """The loop must do this with this model, tool and limits."""

    def ask(answer: Answer) -> object:
        played, runs = Played(model), [0]

        def called(_: Body) -> object:
            runs[0] += 1
            return tool(runs[0])

        schema = {"type": "object", "properties": {"day": {"type": "integer"}}}
        definition: Any = {"name": "check_availability", "input_schema": schema}
        tools = [Tool(definition, called)]
        result = answer(played.client, list(ASKED), tools, limits)
        longest = max((len(json.dumps(one)) for one in played.requests), default=0)
        return Looped(result, len(played.requests), runs[0], longest)

    def is_whole(got: object) -> bool:
        one = of(got)
        return isinstance(one.result, LoopResult) and bool(one.said) and holds(one)

    return Case(
        given,
        ask,
        expected,
        is_whole,
        hints.USUAL,
        own,
        first=(hints.NO_PAIR, hints.NO_TALK, hints.FALLS),
    )


def pending(turn: int, body: Body) -> Body:
    """Asks for the same as long as it may."""
    return words(SO_FAR) if no_tools(body) else look(turn, 5)


def speechless(turn: int, body: Body) -> Body:
    """The same, without a last word."""
    return wire([], "end_turn") if no_tools(body) else look(turn, 5)


def after(turns: int, *days: int, name: str = "check_availability") -> Callable[..., Body]:
    """Asks in so many turns, then has the answer."""
    return lambda turn, _: words(DONE) if turn > turns else look(turn, *days, name=name)


def day_by_day(turn: int, body: Body) -> Body:
    """Asks for another day in each turn, then has the answer."""
    return words(DONE) if turn > 5 or no_tools(body) else look(turn, turn)  # noqa: PLR2004


def paused(turn: int, _: Body) -> Body:
    """Pauses once, then has the answer."""
    return wire([text("I am looking it up")], "pause_turn") if turn == 1 else words(DONE)


def broken(_: int) -> object:
    """A tool that raises."""
    raise TimeoutError("the calendar did not answer")


def answered(turns: int) -> Callable[[Looped], bool]:
    """Whether the answer came after so many turns, all of them counted."""
    return lambda got: DONE in got.said and got.turns == turns and got.is_counted


def ended(turns: int) -> Callable[[Looped], bool]:
    """Whether it ended within so many turns, all of them counted."""
    return lambda got: got.turns <= turns and got.is_counted


R12 = Exercise(
    code="R12",
    names=("run_tools",),
    parameters=(4,),
    cases=(
        loops(
            "one tool call, then the answer",
            after(1, 5),
            f"the text {DONE!r} after 2 turns; the tokens of both",
            answered(2),
            hints.UNBOUNDED,
            hints.THREW_AWAY,
            hints.UNCOUNTED,
        ),
        loops(
            "a tool that is always pending, limits.turns = 6",
            pending,
            "some text after at most 6 turns",
            ended(6),
            hints.UNBOUNDED,
            hints.BLANK,
            hints.ONE_MORE,
            hints.UNCOUNTED,
            limits=SHORT,
        ),
        loops(
            "the same, and a model without a last word",
            speechless,
            "a sentence of your own after at most 6 turns",
            ended(6),
            hints.BLANK,
            hints.ONE_MORE,
            limits=SHORT,
        ),
        loops(
            "the answer comes in the last turn that is allowed, the sixth",
            after(5, 5),
            f"the text {DONE!r} after 6 turns",
            answered(6),
            hints.BLANK,
            hints.THREW_AWAY,
            limits=SHORT,
        ),
        loops(
            "always pending, limits.turns = 6, and a model that says so when it may call no tool",
            pending,
            f"the text {SO_FAR!r}",
            lambda got: SO_FAR in got.said and got.turns <= SHORT.turns,
            hints.NO_LAST_WORD,
            limits=SHORT,
        ),
        loops(
            "the same call with the same result, limits.repeats = 3",
            pending,
            "some text, and the tool run 3 times",
            lambda got: got.runs == 3 and got.turns <= 4,  # noqa: PLR2004
            hints.NOT_SEEN,
            limits=LoopLimits(turns=12, repeats=3),
        ),
        loops(
            "the same tool for five different days, limits.repeats = 3",
            day_by_day,
            f"the text {DONE!r} after 6 turns",
            answered(6),
            hints.BY_NAME,
            limits=LoopLimits(turns=12, repeats=3),
        ),
        loops(
            "the same call with another result each time, limits.repeats = 3",
            after(5, 5),
            f"the text {DONE!r} after 6 turns",
            answered(6),
            hints.BY_CALL,
            tool=lambda run: f"{run} of 6 shelves are searched.",
            limits=LoopLimits(turns=12, repeats=3),
        ),
        loops(
            "thirty calls in one turn, limits.calls = 20",
            after(1, *range(MANY)),
            f"the text {DONE!r}, at most 20 calls run, a result for each of the 30",
            lambda got: got.runs <= LoopLimits().calls and DONE in got.said,
            hints.AS_TURNS,
            limits=LoopLimits(turns=12, calls=20, repeats=1_000),
        ),
        loops(
            "a tool that raises TimeoutError",
            after(1, 5),
            f"the text {DONE!r} after 2 turns",
            answered(2),
            tool=broken,
        ),
        loops(
            "a call of a tool that does not exist",
            after(1, 5, name="teleport"),
            f"the text {DONE!r} after 2 turns",
            answered(2),
        ),
        loops(
            "a result of a megabyte",
            after(1, 5),
            "at most limits.result_chars characters of it go to the model",
            lambda got: DONE in got.said and got.longest < len(LARGE) // 2,
            hints.WHOLE,
            tool=lambda _: LARGE,
        ),
        loops(
            'stop_reason "pause_turn", then the answer',
            paused,
            f"the text {DONE!r} after 2 turns",
            answered(2),
            hints.PAUSE,
        ),
        loops(
            "a refusal without content",
            lambda *_: wire([], "refusal"),
            "a sentence of your own after 1 turn",
            lambda got: got.turns == 1,
            hints.BLANK,
        ),
    ),
    minutes=20,
    points=4.0,
    after="Tick R12 in your own app when you can say what the worst question costs.",
)
