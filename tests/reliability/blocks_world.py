"""Labs in which a script answers, and both kinds of client for one test."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import anthropic
import httpx2

from labkit import Lab, clock
from labkit.sim.luck import Luck
from labkit.sim.reply import Reply

QUESTION = {"role": "user", "content": "How long may I keep a drill?"}
WAYS = ("sync", "async")


@dataclass
class Script:
    """A model that says one thing after another, the last one for ever."""

    replies: tuple[Reply, ...]
    bodies: list[Any] = field(default_factory=list)
    """What it was asked, in order."""

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
        """The next reply."""
        self.bodies.append(body)
        return self.replies[min(len(self.bodies), len(self.replies)) - 1]


def said(*words: str, stop_reason: str = "end_turn") -> Reply:
    """A reply of text blocks."""
    return Reply(tuple({"type": "text", "text": one} for one in words), stop_reason)


def calling(*calls: tuple[str, Mapping[str, object]]) -> Reply:
    """A reply that asks for tools."""
    blocks = ({"type": "tool_use", "name": name, "input": given} for name, given in calls)
    return Reply(tuple(blocks), "tool_use")


def lab_of(*replies: Reply, **settings: Any) -> tuple[Lab, Script]:
    """A lab in which a script answers."""
    script = Script(replies)
    return Lab(model=script, **settings), script


def through(
    way: str, lab: Lab, blocks: tuple[Callable[..., Any], ...], *given: Any, **named: Any
) -> Any:
    """What a block gives through the lab's client, ``blocks`` being the sync and the async one."""
    block, block_async = blocks
    if way == "async":
        return lab.run(lambda client: block_async(client, *given, **named))
    with clock.use(lab.clock):
        return block(lab.client, *given, **named)


class Wire:
    """A provider of hand-written responses, which counts the attempts that reach it."""

    def __init__(self, *responses: httpx2.Response | Exception) -> None:
        """Answer with one after another, the last one for ever."""
        self.responses = responses
        self.seen: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """The next response, made anew: a body is read once."""
        self.seen.append(request)
        found = self.responses[min(len(self.seen), len(self.responses)) - 1]
        if isinstance(found, Exception):
            raise found
        return httpx2.Response(found.status_code, headers=found.headers, content=found.content)

    async def answer(self, request: httpx2.Request) -> httpx2.Response:
        """The same for an asynchronous client."""
        return self(request)

    def client(self, **options: Any) -> anthropic.Anthropic:
        """A client of the SDK that reaches it."""
        http_client = httpx2.Client(transport=httpx2.MockTransport(self))
        return anthropic.Anthropic(**settings(options), http_client=http_client)

    def async_client(self, **options: Any) -> anthropic.AsyncAnthropic:
        """An asynchronous client of the SDK that reaches it."""
        http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(self.answer))
        return anthropic.AsyncAnthropic(**settings(options), http_client=http_client)


def settings(options: Mapping[str, Any]) -> dict[str, Any]:
    """The SDK's options of every client here."""
    return {
        "api_key": "simulated",
        "base_url": "https://provider.invalid",
        "max_retries": 0,
        **options,
    }


def answer(words: str = "Seven days.", **headers: str) -> httpx2.Response:
    """A message, as the API sends it."""
    body = {
        "id": "msg_wire",
        "type": "message",
        "role": "assistant",
        "model": "lab-balanced-1",
        "content": [{"type": "text", "text": words}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 5},
    }
    return response(200, body, headers)


def failed(status: int, *, code: str | None = None, **headers: str) -> httpx2.Response:
    """An error of the API, with an error code in its details."""
    error: dict[str, object] = {"type": "api_error", "message": "It failed."}
    if code is not None:
        error["details"] = {"error_code": code}
    return response(status, {"type": "error", "error": error}, headers)


def response(status: int, body: object, headers: Mapping[str, str]) -> httpx2.Response:
    """JSON with headers, whose names are written with underscores here."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = {"content-type": "application/json"}
    return httpx2.Response(status, headers={**kind, **named}, content=json.dumps(body).encode())


def ask(client: Any, **changes: Any) -> Any:
    """One question through a client."""
    request = {"model": "lab-balanced-1", "max_tokens": 200, "messages": [QUESTION]}
    return client.messages.create(**{**request, **changes})
