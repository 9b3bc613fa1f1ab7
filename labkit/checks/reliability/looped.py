"""R12: a model in a few lines in front of the SDK's client, and what a loop made of it.

requests -> Played, which answers or refuses them -> Looped
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import anthropic
import httpx2

from labkit.checks.messages import text, wire
from labkit.checks.scripted import no_talk
from labkit.checks.verdict import told
from labkit.reliability import LoopLimits
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


def look(turn: int, *days: int, name: str = "check_availability") -> Body:
    """A turn that asks about these days."""
    calls = [
        {"type": "tool_use", "id": f"toolu_{turn}_{at}", "name": name, "input": {"day": day}}
        for at, day in enumerate(days)
    ]
    return wire(calls, "tool_use")


def words(said: str) -> Body:
    """A turn of words."""
    return wire([text(said)], "end_turn")


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
        if refused := no_talk(body):
            return refused
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
