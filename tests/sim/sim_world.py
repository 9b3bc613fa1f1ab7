"""A small world for tests: a model that says what it is told, a provider, the SDK's clients."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import anthropic
import httpx2
from anthropic.types import Message

from labkit.sim.clock import SimClock
from labkit.sim.core import Plan, Provider, Request
from labkit.sim.faults import Fault, FaultScript
from labkit.sim.limits import Limits
from labkit.sim.luck import Luck
from labkit.sim.reply import Reply, RuleFired
from labkit.sim.transport import BASE_URL, AsyncSimulatedTransport, SimulatedTransport

MODEL = "lab-balanced-1"
QUESTION = "How long may I keep a drill?"
ANSWER = "You may keep it for seven days, and twice as long if nobody waits for it. [extensions]"
THINKING = {"type": "thinking", "thinking": "The page on extensions covers this."}
TEXT = {"type": "text", "text": ANSWER}
TOOL = {"type": "tool_use", "name": "extend_loan", "input": {"item": "drill", "días": 7}}
EVERYTHING = (THINKING, TEXT, TOOL)
TOOLS = [{"name": "extend_loan", "description": "Extends.", "input_schema": {"type": "object"}}]

VERSION = "2026-10-21"
HEADERS = {"authorization": "Bearer simulated", "anthropic-version": VERSION}

WAYS = ("create", "stream", "raw", "async create", "async stream", "async raw")
STREAMING_WAYS = ("stream", "raw", "async stream", "async raw")


@dataclass(frozen=True)
class Says:
    """A model that always says the same."""

    content: tuple[Mapping[str, object], ...] = (TEXT,)
    stop_reason: str = "end_turn"

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
        """The same reply to everything."""
        rule = RuleFired("said-as-told", "The test told it so.")
        return Reply(self.content, self.stop_reason, rules=(rule,))


class WaitingClient(anthropic.Anthropic):
    """The SDK's client, whose retries wait on the world's clock."""

    clock: SimClock

    def _sleep_for_retry(
        self, *, retries_taken: int, max_retries: int, options: Any, response: Any
    ) -> None:
        headers = response.headers if response is not None else None
        left = max_retries - retries_taken
        self.clock.sleep(self._calculate_retry_timeout(left, options, headers))


@dataclass
class World:
    """One provider with its clock and clients."""

    faults: tuple[Fault, ...] = ()
    model: Any = Says()
    seed: int = 7
    limits: Limits | None = None
    clock: SimClock = field(default_factory=SimClock)

    def __post_init__(self) -> None:
        """Build the provider."""
        script = FaultScript(self.faults)
        self.provider = Provider(
            self.seed,
            self.model,
            started_at=self.clock.utcnow(),
            faults=script,
            limits=self.limits,
        )

    def client(self, *, retries: int = 0, strict: bool = True) -> anthropic.Anthropic:
        """The synchronous client."""
        transport = SimulatedTransport(self.provider, self.clock)
        client = WaitingClient(
            http_client=httpx2.Client(transport=transport), **options(retries, strict)
        )
        client.clock = self.clock
        return client

    def async_client(self, *, retries: int = 0, strict: bool = True) -> anthropic.AsyncAnthropic:
        """The asynchronous client."""
        transport = AsyncSimulatedTransport(self.provider, self.clock)
        http_client = httpx2.AsyncClient(transport=transport)
        return anthropic.AsyncAnthropic(http_client=http_client, **options(retries, strict))

    def ask(self, way: str = "create", **changes: Any) -> Any:
        """Ask in one of the SDK's ways; a list of events for the raw ones, else a message."""
        strict = changes.pop("strict", True)
        request = {**asked(), **changes}
        if way.startswith("async"):
            return self.clock.run(lambda: ASYNC[way](self.async_client(strict=strict), request))
        return SYNC[way](self.client(strict=strict), request)

    def post(self, body: object = None, **changes: Any) -> Plan:
        """The plan for a request, without the SDK."""
        content = body if isinstance(body, bytes) else json.dumps(body or asked()).encode()
        request = {
            "method": "POST",
            "path": "/v1/messages",
            "headers": HEADERS,
            "body": content,
            **changes,
        }
        return self.provider.plan(Request(**request), self.clock.monotonic())


def asked(**changes: Any) -> dict[str, Any]:
    """A valid request body."""
    question = {"role": "user", "content": QUESTION}
    return {"model": MODEL, "max_tokens": 500, "messages": [question], **changes}


def options(retries: int, strict: bool) -> dict[str, Any]:
    """The SDK options of both clients."""
    return {
        "api_key": "simulated",
        "base_url": BASE_URL,
        "max_retries": retries,
        "_strict_response_validation": strict,
    }


def body_of(plan: Plan) -> Any:
    """The JSON body of a plan."""
    return json.loads(b"".join(frame.data for frame in plan.frames))


def events_of(plan: Plan) -> list[tuple[str, Any]]:
    """The events of a streamed plan, with their names."""
    text = b"".join(frame.data for frame in plan.frames).decode()
    events = []
    for part in filter(None, text.split("\n\n")):
        name, data = part.split("\n")
        events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def create(client: anthropic.Anthropic, request: dict[str, Any]) -> Message:
    """Without streaming."""
    return client.messages.create(**request)  # type: ignore[no-any-return]


def stream(client: anthropic.Anthropic, request: dict[str, Any]) -> Message:
    """With the SDK's stream helper."""
    with client.messages.stream(**request) as events:
        return events.get_final_message()


def raw(client: anthropic.Anthropic, request: dict[str, Any]) -> list[Any]:
    """With the events as they are."""
    return list(client.messages.create(**request, stream=True))


async def async_create(client: anthropic.AsyncAnthropic, request: dict[str, Any]) -> Message:
    """Without streaming."""
    async with client:
        return await client.messages.create(**request)  # type: ignore[no-any-return]


async def async_stream(client: anthropic.AsyncAnthropic, request: dict[str, Any]) -> Message:
    """With the SDK's stream helper."""
    async with client, client.messages.stream(**request) as events:
        return await events.get_final_message()


async def async_raw(client: anthropic.AsyncAnthropic, request: dict[str, Any]) -> list[Any]:
    """With the events as they are."""
    async with client:
        events: AsyncIterator[Any] = await client.messages.create(**request, stream=True)
        return [event async for event in events]


SYNC: dict[str, Callable[..., Any]] = {"create": create, "stream": stream, "raw": raw}
ASYNC: dict[str, Callable[..., Awaitable[Any]]] = {
    "async create": async_create,
    "async stream": async_stream,
    "async raw": async_raw,
}
