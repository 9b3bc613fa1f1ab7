"""Carrying out steps that ask a model, with a client of either kind.

    steps: yields what messages.create takes, is sent the message, returns the result

The steps hold all decisions once; only the waiting differs.
"""

from collections.abc import Generator, Iterable, Mapping
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
    try:
        request = next(steps)
        while True:
            request = steps.send(client.messages.create(**request))
    except StopIteration as done:
        result: Result = done.value
        return result


async def carry_out_async(client: anthropic.AsyncAnthropic, steps: Steps[Result]) -> Result:
    """The result of the steps, asked through an asynchronous client."""
    try:
        request = next(steps)
        while True:
            request = steps.send(await client.messages.create(**request))
    except StopIteration as done:
        result: Result = done.value
        return result
