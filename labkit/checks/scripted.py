"""A client whose replies are written beforehand, and that remembers what it was asked."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import anthropic
import httpx2

from labkit.checks.messages import wire
from labkit.sim.rejection import Rejection
from labkit.sim.validation.messages import check_messages

PATIENCE = 3
"""More calls than any exercise asks for."""


class Scripted:
    """The SDK's client in front of a list of replies; after the last one it repeats it."""

    def __init__(self, *replies: Mapping[str, Any], spare: Mapping[str, Any] | None = None) -> None:
        """Answer with these; whoever asks more than three times gets ``spare``, so that it ends."""
        self.replies = replies
        self.spare = spare
        self.requests: list[Mapping[str, Any]] = []
        transport = httpx2.MockTransport(self._answer)
        self.client = anthropic.Anthropic(
            api_key="simulated",
            base_url="https://provider.invalid",
            http_client=httpx2.Client(transport=transport, trust_env=False),
        )

    @property
    def calls(self) -> int:
        """How often it was asked."""
        return len(self.requests)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(json.loads(request.content))
        if refused := no_talk(self.requests[-1]):
            return refused
        if self.spare is not None and self.calls > PATIENCE:
            return httpx2.Response(200, json=self.spare)
        return httpx2.Response(200, json=self.replies[min(self.calls, len(self.replies)) - 1])


def no_talk(body: Mapping[str, Any]) -> httpx2.Response | None:
    """The API's refusal of messages that are no conversation; None where they are one."""
    try:
        check_messages(body.get("messages"))
    except Rejection as problem:
        error = {"type": "invalid_request_error", "message": problem.message}
        return httpx2.Response(problem.status, json={"type": "error", "error": error})
    return None


def reply(*content: Mapping[str, Any], stop_reason: str = "end_turn") -> Mapping[str, Any]:
    """One reply for the script; it counts ten tokens in and five out."""
    return wire(content, stop_reason)


def said(requests: Sequence[Mapping[str, Any]], place: int) -> str:
    """All text of the request at a place, as one string."""
    return json.dumps(requests[place].get("messages"), ensure_ascii=False)
