"""The assistant as a good engineer writes it on the first day."""

from typing import Any

import anthropic

from labkit.arguments import sendable, text
from labkit.assistant.talk import Asked, talk_of
from labkit.case import system_prompt

MAX_TOKENS = 300


class Prototype:
    """One call, and what its first block says: right on every happy path."""

    def __init__(self, model: str, *, rules: str | None = None) -> None:
        """Choose the model; ``rules`` is the whole system prompt, the case's if None."""
        self.model = text("model", model, "Nobody could be asked.")
        self.rules = system_prompt() if rules is None else sendable("rules", rules, "None holds.")

    def answer(self, client: anthropic.Anthropic, asked: Asked) -> str:
        """What the person reads, or an exception."""
        reply = client.messages.create(**self._request(asked))
        said: str = reply.content[0].text
        return said

    async def answer_async(self, client: anthropic.AsyncAnthropic, asked: Asked) -> str:
        """The same, for an asynchronous client."""
        reply = await client.messages.create(**self._request(asked))
        said: str = reply.content[0].text
        return said

    def _request(self, asked: Asked) -> dict[str, Any]:
        return {
            "model": self.model,
            "max_tokens": MAX_TOKENS,
            "system": self.rules,
            "messages": talk_of(asked),
        }
