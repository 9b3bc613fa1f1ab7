"""Carrying out steps that ask a model, with a client of either kind.

    steps: yields what messages.create takes, is sent the message, returns the result

The steps hold all decisions once; only the waiting differs.
"""

import inspect
from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any, TypeAlias, TypeVar

import anthropic
from anthropic.types import Message

from labkit.arguments import every, refused

Result = TypeVar("Result")
Steps: TypeAlias = Generator[Mapping[str, Any], Message, Result]


def asked(messages: Iterable[Mapping[str, Any]], request: Mapping[str, Any]) -> dict[str, Any]:
    """What every call of the steps sends; the messages are kept, as an iterator gives them once."""
    if request.get("stream"):
        follows = "A reply that is still coming cannot be judged."
        raise refused("stream", request["stream"], follows, "Leave it out.")
    talk = every("messages", messages, Mapping, '[{"role": "user", "content": "..."}]')
    return {**request, "messages": list(talk)}


def carry_out(client: anthropic.Anthropic, steps: Steps[Result]) -> Result:
    """The result of the steps, asked through a synchronous client."""
    create = create_of(client, "anthropic.Anthropic()", is_async=False)
    try:
        request = next(steps)
        while True:
            request = steps.send(create(**request))
    except StopIteration as done:
        result: Result = done.value
        return result


async def carry_out_async(client: anthropic.AsyncAnthropic, steps: Steps[Result]) -> Result:
    """The result of the steps, asked through an asynchronous client."""
    create = create_of(client, "anthropic.AsyncAnthropic()", is_async=True)
    try:
        request = next(steps)
        while True:
            request = steps.send(await create(**request))
    except StopIteration as done:
        result: Result = done.value
        return result


def create_of(client: object, example: str, *, is_async: bool) -> Callable[..., Any]:
    """The ``messages.create`` of a client of the right kind."""
    messages: Any = getattr(client, "messages", None)
    create: Any = getattr(messages, "create", None)
    if callable(create) and inspect.iscoroutinefunction(inspect.unwrap(create)) is is_async:
        found: Callable[..., Any] = create
        return found
    follows = "No model can be asked through it here."
    raise refused("client", client, follows, f"Give {example}, or another client of that kind.")
