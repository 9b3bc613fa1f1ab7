"""A tool loop that ends, and never with an empty bubble.

    messages -> model -> tool_use -> tools -> tool_result -> model -> ... -> LoopResult

Five limits hold it: turns, tool calls, seconds, tokens, and the same call with the same result.
At a limit the model gets one turn without tools for a last word. Errors of the API pass through.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import anthropic
from anthropic.types import ToolParam

from labkit.arguments import every, function, line, number, refused, text, whole, words
from labkit.clock import current
from labkit.reliability.driving import Steps, asked, carry_out, carry_out_async
from labkit.reliability.replies import Kind, Outcome, classify_outcome
from labkit.trace import Usage, usage_of

Why: TypeAlias = Kind | Literal["turns", "calls", "seconds", "tokens", "repeated"]
LONGEST_ERROR = 200
SORRY = "I could not finish this. Please ask at the desk."
NOT_RUN = "Not run: the limit of this question is reached."
ASK_LAST_WORD = "No more tools now. Say what you have found so far, and what is missing."


@dataclass(frozen=True, slots=True)
class Tool:
    """Something the model may ask for, and the function that does it."""

    definition: ToolParam
    """Name, description and input schema, as the API takes them."""
    call: Callable[[Mapping[str, Any]], object]
    """Takes the input; what it returns goes back as text. An exception goes back as an error."""

    def __post_init__(self) -> None:
        """Refuse what nobody could call."""
        if not isinstance(self.definition, Mapping) or not self.definition.get("name"):
            follows = "The model could not ask for it."
            raise refused("definition", self.definition, follows, 'Give {"name": ..., ...}.')
        function("call", self.call, "input")


@dataclass(frozen=True, slots=True)
class LoopLimits:
    """The most that one question may use."""

    turns: int = 6
    """Calls of the model, the last word included."""
    calls: int = 20
    """Tool calls, all turns together; one turn may ask for many."""
    seconds: float = 60.0
    """After so long no tool and no turn begins, but for the last word."""
    tokens: int = 200_000
    """Input and output tokens of all turns, cached ones too; after so many no turn begins, but for
    the last word."""
    repeats: int = 3
    """So often the same call may give the same result."""
    result_chars: int = 20_000
    """Characters of one result that go back to the model; the rest is cut off, and it is told."""

    def __post_init__(self) -> None:
        """Refuse limits under which nothing could be answered."""
        for name in ("turns", "calls", "tokens", "repeats", "result_chars"):
            whole(name, getattr(self, name), "Nothing could be answered.", least=1)
        number("seconds", self.seconds, "Nothing could be answered.")


@dataclass(frozen=True, slots=True)
class LoopResult:
    """How a question with tools ended."""

    text: str
    """What the person reads; never empty."""
    why: Why
    """``answered``, another kind of reply, or the limit that ended it."""
    turns: int
    """Calls of the model."""
    calls: int
    """Tool calls that were run."""
    usage: Usage
    """The tokens of all turns."""
    messages: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    """The conversation as it went to the model; every tool call in it has its result."""


def run_tools(
    client: anthropic.Anthropic,
    messages: Sequence[Mapping[str, Any]],
    tools: Iterable[Tool],
    limits: LoopLimits | None = None,
    *,
    last_word: str = SORRY,
    **request: Any,
) -> LoopResult:
    """Let the model use tools until it has answered or a limit is reached.

    Args:
        client: Any synchronous client of the SDK.
        messages: The conversation so far.
        tools: What the model may ask for.
        limits: The most that this question may use.
        last_word: What the person reads where the model has no words at the end.
        request: Everything else that ``messages.create`` takes.
    """
    return carry_out(client, looping(messages, tools, limits, last_word, request))


async def run_tools_async(
    client: anthropic.AsyncAnthropic,
    messages: Sequence[Mapping[str, Any]],
    tools: Iterable[Tool],
    limits: LoopLimits | None = None,
    *,
    last_word: str = SORRY,
    **request: Any,
) -> LoopResult:
    """What ``run_tools`` does, for an asynchronous client; the tools are plain functions."""
    return await carry_out_async(client, looping(messages, tools, limits, last_word, request))


def looping(
    messages: Sequence[Mapping[str, Any]],
    tools: Iterable[Tool],
    limits: LoopLimits | None,
    last_word: str,
    request: Mapping[str, Any],
) -> Steps[LoopResult]:
    """The turns of one question."""
    if not text("last_word", last_word, "Nobody could read it.").strip():
        raise refused("last_word", last_word, "The person would see nothing.", "Give a sentence.")
    loop = Loop(tools_by_name(tools), limits_of(limits))
    body = asked(messages, request)
    body["tools"] = [tool.definition for tool in loop.tools.values()]
    while True:
        over = loop.reached
        if over:
            body["tool_choice"] = {"type": "none"}
            if loop.turns:
                body["messages"] = with_last_question(body["messages"])
        message = yield body
        loop.turns += 1
        loop.usage += usage_of(message)
        outcome = classify_outcome(message, source=None)
        if over or not goes_on(message, outcome):
            said = outcome.text.strip() if outcome.kind == "answered" else ""
            return loop.result(said or last_word, over or outcome.kind, body["messages"])
        body["messages"] = [*body["messages"], *loop.answered(outcome.content)]


def tools_by_name(tools: Iterable[Tool]) -> dict[str, Tool]:
    """The tools, once there are some and each has a name of its own."""
    given = every("tools", tools, Tool, "Tool(definition, call)")
    named = {str(tool.definition["name"]): tool for tool in given}
    if not given:
        raise refused("tools", [], "The model could ask for nothing.", "Give a list of Tool.")
    if len(named) < len(given):
        names = [tool.definition["name"] for tool in given]
        raise refused("tools", names, "One would hide another.", "Give each its own name.")
    return named


def limits_of(limits: LoopLimits | None) -> LoopLimits:
    """The limits, or the usual ones."""
    if limits is None or isinstance(limits, LoopLimits):
        return limits or LoopLimits()
    follows = "Nothing would end the loop."
    raise refused("limits", limits, follows, "Give LoopLimits(turns=6), or leave it out.")


def goes_on(message: object, outcome: Outcome) -> bool:
    """Whether the model waits for tools, or for another turn after a pause."""
    if getattr(message, "stop_reason", None) == "pause_turn":
        return bool(outcome.content)
    return outcome.kind == "tool_use" and any(map(is_call, outcome.content))


def is_call(block: Mapping[str, Any]) -> bool:
    """Whether a block asks for a tool of ours."""
    return block.get("type") == "tool_use"


def with_last_question(talk: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The conversation with the request for a last word at its end, in the person's turn."""
    ask = {"type": "text", "text": ASK_LAST_WORD}
    last = talk[-1]
    if last.get("role") != "user":
        return [*talk, {"role": "user", "content": [ask]}]
    said = last["content"]
    blocks = [{"type": "text", "text": said}] if isinstance(said, str) else said
    return [*talk[:-1], {"role": "user", "content": [*blocks, ask]}]


class Loop:
    """What one question has used so far."""

    def __init__(self, tools: Mapping[str, Tool], limits: LoopLimits) -> None:
        """Begin with nothing used."""
        self.tools = tools
        self.limits = limits
        self.turns = 0
        self.calls = 0
        self.usage = Usage()
        self._same: Counter[tuple[str, str]] = Counter()
        self._clock = current()
        self._began_s = self._clock.monotonic()

    @property
    def reached(self) -> Why | None:
        """The limit that lets only a last word through; None while there is room."""
        used = self.usage.total_input_tokens + self.usage.output_tokens
        past: tuple[tuple[Why, bool], ...] = (
            ("repeated", max(self._same.values(), default=0) >= self.limits.repeats),
            ("calls", self.calls >= self.limits.calls),
            ("tokens", used >= self.limits.tokens),
            ("seconds", self._is_late),
            ("turns", self.turns >= self.limits.turns - 1),
        )
        return next((name for name, is_past in past if is_past), None)

    @property
    def _is_late(self) -> bool:
        return self._clock.monotonic() - self._began_s >= self.limits.seconds

    def answered(self, content: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """The model's turn, and the results of the calls in it as the next one."""
        results = [self.answer(block) for block in content if is_call(block)]
        after = [{"role": "user", "content": results}] if results else []
        return [{"role": "assistant", "content": list(content)}, *after]

    def answer(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """The tool_result of one call; one that is not run has a result, too."""
        if self.calls >= self.limits.calls or self._is_late:
            said, failed = NOT_RUN, True
        else:
            self.calls += 1
            said, failed = self._run(str(call.get("name")), call.get("input") or {})
        same = json.dumps([call.get("name"), call.get("input")], sort_keys=True, default=str)
        self._same[same, said] += 1
        result = {"type": "tool_result", "tool_use_id": call.get("id"), "content": self._cut(said)}
        return {**result, "is_error": True} if failed else result

    def result(self, said: str, why: Why, talk: Sequence[Mapping[str, Any]]) -> LoopResult:
        """How it ended."""
        return LoopResult(said, why, self.turns, self.calls, self.usage, tuple(talk))

    def _run(self, name: str, given: Mapping[str, Any]) -> tuple[str, bool]:
        """What the tool says, and whether it failed."""
        if name not in self.tools:
            return f"There is no tool {name!r}.", True
        try:
            said = self.tools[name].call(given)
            if not isinstance(said, str):
                said = json.dumps(said, default=str, ensure_ascii=False)
            return said.encode("utf-8", "replace").decode(), False
        except Exception as problem:
            return line(f"{type(problem).__name__}: {words(problem)}", LONGEST_ERROR), True

    def _cut(self, said: str) -> str:
        most = self.limits.result_chars
        if len(said) <= most:
            return said
        return f"{said[:most]}\n[cut: the first {most:,} of {len(said):,} characters]"
