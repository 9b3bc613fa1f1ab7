"""What a person asks: a question, or a talk whose last turn is one."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from labkit.arguments import every, refused, sendable

Message: TypeAlias = Mapping[str, Any]
Asked: TypeAlias = str | Sequence[Message]
EXAMPLE = '"How long may I keep a drill?", or messages that end with such a turn'


def talk_of(asked: Asked) -> list[Message]:
    """The messages so far, the last one the person's."""
    if isinstance(asked, str):
        question = sendable("asked", asked, "Nobody knows what to answer.")
        return [{"role": "user", "content": question}]
    talk = [*every("asked", asked, Mapping, EXAMPLE)]
    if not talk or talk[-1].get("role") != "user" or not isinstance(talk[-1].get("content"), str):
        raise refused("asked", asked, "Nobody knows what to answer.", f"Give {EXAMPLE}.")
    sendable("asked", talk[-1]["content"], "Nobody knows what to answer.")
    return talk
