"""What the provider alone costs as a conversation grows: no SDK, no transport."""

import json
from itertools import count

from benchmarks.floors import median_ms
from labkit import Lab
from labkit.sim.clock import LAB_BEGINS
from labkit.sim.core import Provider, Request
from labkit.sim.model import SimulatedModel

TURN_TOKENS = 100
WORDS = "the ladder stands in the yard and nobody has asked for it today, so it waits. " * 5
HEADERS = {"authorization": "Bearer simulated", "anthropic-version": "2026-10-21"}
ROUND = count()


def history_ms(tokens: int) -> float:
    """How long the provider takes for a cached history of about so many tokens, seen first."""
    provider = Provider(7, SimulatedModel(), started_at=LAB_BEGINS)
    bodies = [history(tokens) for _ in range(8)]

    def ask() -> None:
        plan = provider.plan(Request("POST", "/v1/messages", HEADERS, bodies.pop()), 0.0)
        assert plan.status == 200, plan

    return median_ms(ask)


def history(tokens: int) -> bytes:
    """A request with a history that has not been seen before."""
    number = next(ROUND)
    roles = ("user", "assistant")
    turns: list[dict[str, object]] = [
        {"role": roles[at % 2], "content": f"{number}.{at} {WORDS}"}
        for at in range(2 * (tokens // TURN_TOKENS // 2))
    ]
    turns.append({"role": "user", "content": "How long may I keep a drill?"})
    body = {"model": Lab().model(), "max_tokens": 100, "messages": turns}
    return json.dumps(body | {"cache_control": {"type": "ephemeral"}}).encode()
