"""R12, a limit for the tool loop: what a loop must do with tools that never get done.

limits, a model in a few lines, tools -> the answer's loop -> Looped -> the first case that fails
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anthropic
import httpx2

from labkit.checks.exercise import Answer, Case, Exercise, Hint, Usual
from labkit.checks.messages import text, wire
from labkit.checks.signs import raised
from labkit.checks.verdict import told
from labkit.reliability import LoopLimits, LoopResult, Tool
from labkit.trace import Usage

Body = Mapping[str, Any]
PATIENCE = 40
"""More turns than any case allows; after them the model ends by itself."""
DONE = "It is free on that day."
SO_FAR = "The calendar does not answer."
MANY = 30
LARGE = "x" * 1_000_000
ASKED = ({"role": "user", "content": "Is the fog machine free?"},)
SHORT = LoopLimits(turns=6, calls=1_000, repeats=1_000)
WIDE = LoopLimits(turns=12, calls=1_000, repeats=1_000)


def no_tools(body: Body) -> bool:
    """Whether the request lets no tool be called."""
    return body.get("tool_choice", {}).get("type") == "none" or not body.get("tools")


def look(*days: int, name: str = "check_availability") -> Body:
    """A turn that asks about these days."""
    calls = [
        {"type": "tool_use", "id": f"toolu_{name}_{day}_{at}", "name": name, "input": {"day": day}}
        for at, day in enumerate(days)
    ]
    return wire(calls, "tool_use")


def words(said: str) -> Body:
    """A turn of words."""
    return wire([text(said)], "end_turn")


def missing(messages: Sequence[Body]) -> bool:
    """Whether a tool call in them has no result in the next turn."""
    for at, message in enumerate(messages):
        blocks = [b for b in message["content"] if isinstance(b, Mapping)]
        asked = {b["id"] for b in blocks if b["type"] == "tool_use"}
        after = messages[at + 1]["content"] if at + 1 < len(messages) else []
        given = {b.get("tool_use_id") for b in after if isinstance(b, Mapping)}
        if asked - given:
            return True
    return False


class Played:
    """The SDK's client in front of a model in one function; it wants its results, as the API."""

    def __init__(self, model: Callable[[int, Body], Body]) -> None:
        """Answer with what ``model`` says to the number of the turn and the request."""
        self.model = model
        self.requests: list[Body] = []
        self.client = anthropic.Anthropic(
            api_key="simulated",
            base_url="https://provider.invalid",
            max_retries=0,
            http_client=httpx2.Client(
                transport=httpx2.MockTransport(self._answer), trust_env=False
            ),
        )

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        self.requests.append(body)
        if missing(body["messages"]):
            says = "messages: `tool_use` ids were found without `tool_result` blocks after them"
            error = {"type": "invalid_request_error", "message": says}
            return httpx2.Response(400, json={"type": "error", "error": error})
        turn = len(self.requests)
        said = words(DONE) if turn > PATIENCE else self.model(turn, body)
        return httpx2.Response(200, json=said)


@dataclass(frozen=True, slots=True)
class Looped:
    """What came back, and what it took."""

    result: object
    turns: int
    """Calls of the model."""
    runs: int
    """Tool calls that were run."""
    longest: int
    """Characters of the longest request."""

    def __repr__(self) -> str:
        said = getattr(self.result, "text", self.result)
        return f"{told(said)} after {self.turns} turns and {self.runs} tool calls"

    @property
    def said(self) -> str:
        """What the person reads; empty where that is no text."""
        said = getattr(self.result, "text", "")
        return said.strip() if isinstance(said, str) else ""

    @property
    def is_counted(self) -> bool:
        """Whether the tokens of all turns are counted."""
        paid = Usage(input_tokens=10 * self.turns, output_tokens=5 * self.turns)
        return getattr(self.result, "usage", None) == paid


def of(got: object) -> Looped:
    """What was looped; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Looped)
    return got


NO_RESULT = Hint(
    "not-a-result",
    lambda got: not isinstance(of(got).result, LoopResult),
    "The page asks for `.text` and `.why` and finds none. Return a `LoopResult`.",
    "`return LoopResult(text, why, turns, calls, usage)`, on every path through the loop.",
)
UNBOUNDED = Hint(
    "no-limit",
    lambda got: of(got).turns > WIDE.turns + 1,
    "Noor waits while your loop goes on, and each turn costs more than the one before. Nothing in "
    "it counts the turns.",
    "`for turn in range(limits.turns)` instead of `while`, and a last word in the last one.",
)
ONE_MORE = Hint(
    "off-by-one",
    lambda got: of(got).turns > SHORT.turns,
    "One call of the model more than the limit allows. The last word is a turn, too, and is paid.",
    "Ask for the last word when one turn is left: `turn == limits.turns - 1`, counted from 0.",
)
BLANK = Hint(
    "blank-at-the-cap",
    lambda got: not of(got).said,
    "Noor looks at an empty bubble. The loop ended, and nobody said anything.",
    'In the last turn send `tool_choice={"type": "none"}`; where it still has no words, or the '
    "model declines, use a sentence of your own.",
)
THREW_AWAY = Hint(
    "throws-the-answer-away",
    lambda got: DONE not in of(got).said,
    "The model had the answer, and Noor reads another sentence. What the model says in the end, "
    "also in the last turn allowed, is what she wants.",
    "Join the text blocks of that reply, and use your own sentence only where they are empty.",
)
UNCOUNTED = Hint(
    "no-usage",
    lambda got: not of(got).is_counted,
    "The bill counts every turn and your result does not. The worst price of a question stays "
    "unknown.",
    "Start with `usage = Usage()`, and add `usage_of(reply)` in each turn.",
)
NOT_SEEN = Hint(
    "no-repeat-detector",
    lambda got: of(got).runs > 3,  # noqa: PLR2004 - what the case allows
    "The same call had the same result again and again, and each was paid. The third time says "
    "what the tenth will.",
    "Count `(name, input, result)` in a `Counter`, and end when one reaches `limits.repeats`.",
)
BY_NAME = Hint(
    "repeats-by-name",
    lambda got: of(got).turns < 6,  # noqa: PLR2004 - what the case needs
    "The model looked at one day after the other, and you took it for a circle. Noor gets no "
    "answer to a good question.",
    "A repeat is the same name, the same input *and* the same result.",
)
AS_TURNS = Hint(
    "calls-as-turns",
    lambda got: of(got).runs > LoopLimits().calls,
    "One turn asked for thirty calls, and all of them ran: thirty paid lookups behind a limit of "
    "twenty. A limit of turns does not limit calls.",
    "Count calls as they are run; one that may not run any more still gets a result that says so.",
)
NO_PAIR = Hint(
    "forgets-a-result",
    raised("BadRequestError"),
    "The API answers 400 and Noor gets nothing: a tool call without its result. Each `tool_use` "
    "needs a `tool_result`, run or not.",
    'For a call that is not run: `{"type": "tool_result", "tool_use_id": call.id, "content": '
    '"Not run: ...", "is_error": True}`.',
)
FALLS = Hint(
    "tool-takes-all-down",
    raised("TimeoutError", "KeyError", "StopIteration"),
    "One tool failed and the whole answer with it. A model that is told can ask again, or say "
    "what is missing.",
    "Catch what the tool raises, and a name that no tool has; send it back with `is_error`.",
)
WHOLE = Hint(
    "whole-result",
    lambda got: of(got).longest > len(LARGE) // 2,
    "A megabyte went to the model, and goes again with every turn after it. That is the whole "
    "month's money for one question.",
    "`said[: limits.result_chars]`, with a note that it was cut.",
)
PAUSE = Hint(
    "pause-is-end",
    lambda got: of(got).turns == 1,
    "The model was in the middle of its work, and Noor reads half of it. `pause_turn` asks to be "
    "sent back as it is.",
    "Append the assistant's content and call again, without a user turn; it counts as a turn.",
)
USUAL = Usual(
    "Compare what was expected with what came, turn by turn.",
    shape=(NO_RESULT,),
    empty=lambda got: of(got).result is None,
)


def loops(  # noqa: PLR0913 - a case in one line each
    given: str,
    model: Callable[[int, Body], Body],
    expected: str,
    holds: Callable[[Looped], bool],
    *hints: Hint,
    tool: Callable[[Body], object] = lambda _: "The calendar is still working.",
    limits: LoopLimits = WIDE,
) -> Case:
    """The loop must do this with this model, tool and limits."""

    def ask(answer: Answer) -> object:
        played, runs = Played(model), [0]

        def called(asked: Body) -> object:
            runs[0] += 1
            return tool(asked)

        schema = {"type": "object", "properties": {"day": {"type": "integer"}}}
        definition: Any = {"name": "check_availability", "input_schema": schema}
        tools = [Tool(definition, called)]
        result = answer(played.client, list(ASKED), tools, limits)
        longest = max((len(json.dumps(one)) for one in played.requests), default=0)
        return Looped(result, len(played.requests), runs[0], longest)

    def is_whole(got: object) -> bool:
        one = of(got)
        return isinstance(one.result, LoopResult) and bool(one.said) and holds(one)

    return Case(given, ask, expected, is_whole, USUAL, hints, first=(NO_PAIR, FALLS))


def pending(_: int, body: Body) -> Body:
    """Asks for the same as long as it may."""
    return words(SO_FAR) if no_tools(body) else look(5)


def speechless(_: int, body: Body) -> Body:
    """The same, without a last word."""
    return wire([], "end_turn") if no_tools(body) else look(5)


def after(turns: int, *days: int, name: str = "check_availability") -> Callable[..., Body]:
    """Asks in so many turns, then has the answer."""
    return lambda turn, _: words(DONE) if turn > turns else look(*days, name=name)


def day_by_day(turn: int, body: Body) -> Body:
    """Asks for another day in each turn, then has the answer."""
    return words(DONE) if turn > 5 or no_tools(body) else look(turn)  # noqa: PLR2004


def paused(turn: int, _: Body) -> Body:
    """Pauses once, then has the answer."""
    return wire([text("I am looking it up")], "pause_turn") if turn == 1 else words(DONE)


def broken(_: Body) -> object:
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
            UNBOUNDED,
            THREW_AWAY,
            UNCOUNTED,
        ),
        loops(
            "a tool that is always pending, limits.turns = 6",
            pending,
            "some text after at most 6 turns",
            ended(6),
            UNBOUNDED,
            BLANK,
            ONE_MORE,
            UNCOUNTED,
            limits=SHORT,
        ),
        loops(
            "the same, and a model without a last word",
            speechless,
            "a sentence of your own after at most 6 turns",
            ended(6),
            BLANK,
            ONE_MORE,
            limits=SHORT,
        ),
        loops(
            "the answer comes in the last turn that is allowed, the sixth",
            after(5, 5),
            f"the text {DONE!r} after 6 turns",
            answered(6),
            BLANK,
            THREW_AWAY,
            limits=SHORT,
        ),
        loops(
            "the same call with the same result, limits.repeats = 3",
            pending,
            "some text, and the tool run 3 times",
            lambda got: got.runs == 3 and got.turns <= 4,  # noqa: PLR2004
            NOT_SEEN,
            limits=LoopLimits(turns=12, repeats=3),
        ),
        loops(
            "the same tool for five different days, limits.repeats = 3",
            day_by_day,
            f"the text {DONE!r} after 6 turns",
            answered(6),
            BY_NAME,
            limits=LoopLimits(turns=12, repeats=3),
        ),
        loops(
            "thirty calls in one turn, limits.calls = 20",
            after(1, *range(MANY)),
            f"the text {DONE!r}, at most 20 calls run, a result for each of the 30",
            lambda got: got.runs <= LoopLimits().calls and DONE in got.said,
            AS_TURNS,
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
            WHOLE,
            tool=lambda _: LARGE,
        ),
        loops(
            'stop_reason "pause_turn", then the answer',
            paused,
            f"the text {DONE!r} after 2 turns",
            answered(2),
            PAUSE,
        ),
        loops(
            "a refusal without content",
            lambda *_: wire([], "refusal"),
            "a sentence of your own after 1 turn",
            lambda got: got.turns == 1,
            BLANK,
        ),
    ),
    minutes=20,
    points=4.0,
    after="Tick R12 in your own app when you can say what the worst question costs.",
)
