"""What the provider alone costs as a request grows, by its shape: no SDK, no transport.

shape, tokens -> new requests -> milliseconds at first sight, and seen again
"""

import gc
import json
from collections.abc import Callable, Mapping
from itertools import count

from benchmarks.floors import QUESTION, spent_ms
from labkit import Lab
from labkit.sim.clock import LAB_BEGINS
from labkit.sim.core import Provider, Request
from labkit.sim.limits import MOST, Limits
from labkit.sim.model import SimulatedModel

SENTENCE = "the ladder stands in the yard and nobody has asked for it today, so it waits. "
LONG_TURN_TOKENS, SHORT_TURN_TOKENS, TOOL_TOKENS = 100, 14, 345
PAGE_SENTENCES, PAGE_TOKENS = 34, 900
WORDS_EVERYWHERE = "Who asked for the ladder in the yard today, and how long may it wait?"
"""The dearest question to a manual: every sentence has nearly every word of it."""
HEADERS = {"authorization": "Bearer simulated", "anthropic-version": "2026-10-21"}
ROUNDS, ROUND = 7, count()

Fields = Mapping[str, object]


def growth_ms(shape: Callable[[int], Fields], *sizes: int) -> list[tuple[float, float]]:
    """How long the provider takes for about so many tokens, seen first and again: for each size.

    The sizes take turns, as a measurement and its floor do. The quickest counts: whatever else the
    machine does can only add to a time.
    """
    rounds = [[sights_ms(shape(tokens)) for tokens in sizes] for _ in range(ROUNDS)]
    sights = [zip(*of_size, strict=True) for of_size in zip(*rounds, strict=True)]
    return [(min(first), min(again)) for first, again in sights]


def sights_ms(fields: Fields) -> tuple[float, float]:
    """How long one request takes in a new provider, and the same request once more.

    Time of the processor: the provider waits for nothing, and a busy machine does not count. The
    garbage of the measurement is collected before, that of the request within.
    """
    limits = Limits(requests_per_minute=MOST, input_tokens_per_minute=MOST)
    provider = Provider(7, SimulatedModel(), started_at=LAB_BEGINS, limits=limits)
    whole = {"model": Lab().model(), "max_tokens": 100, "messages": [turn(0, QUESTION)]} | fields
    body = json.dumps(whole | {"cache_control": {"type": "ephemeral"}}).encode()

    def once(now_s: float) -> float:
        plans: list[object] = []
        request = Request("POST", "/v1/messages", HEADERS, body)
        gc.collect()
        spent = spent_ms(lambda: plans.append(provider.plan(request, now_s)))
        assert plans[0].status == 200, plans
        return spent

    return once(0.0), once(60.0)


def long_turns(tokens: int) -> Fields:
    """A conversation of long turns."""
    return conversation(tokens // LONG_TURN_TOKENS, SENTENCE * 5)


def short_turns(tokens: int) -> Fields:
    """A conversation of very many short turns."""
    return conversation(tokens // SHORT_TURN_TOKENS, "yes, so it is.")


def documents_in_system(tokens: int) -> Fields:
    """A system prompt that holds a manual."""
    pages = (
        f'<document id="page-{at}" title="Page {at}">{text}</document>'
        for at, text in enumerate(manual(tokens))
    )
    return {"system": "\n".join(pages), "messages": [turn(0, WORDS_EVERYWHERE)]}


def documents_in_turn(tokens: int) -> Fields:
    """A turn that brings a manual, page by page."""
    pages: list[object] = [
        {
            "type": "document",
            "title": f"Page {at}",
            "source": {"type": "text", "media_type": "text/plain", "data": text},
        }
        for at, text in enumerate(manual(tokens))
    ]
    asked = {"type": "text", "text": WORDS_EVERYWHERE}
    return {"messages": [{"role": "user", "content": [*pages, asked]}]}


def tools(tokens: int) -> Fields:
    """A question with very many tools."""
    number = next(ROUND)
    when = {"type": "string", "description": SENTENCE}
    schema = {"type": "object", "properties": {"when": when}, "required": ["when"]}
    return {
        "tools": [
            {
                "name": f"tool_{number}_{at}",
                "description": f"Does {at}. {SENTENCE * 15}",
                "input_schema": schema,
            }
            for at in range(tokens // TOOL_TOKENS)
        ]
    }


SHAPES = (long_turns, short_turns, documents_in_system, documents_in_turn, tools)


def conversation(turns: int, words: str) -> Fields:
    """So many turns that nobody has seen before, and a question."""
    number = next(ROUND)
    said = [turn(at, f"{number}.{at} {words}") for at in range(turns // 2 * 2)]
    return {"messages": [*said, turn(0, QUESTION)]}


def turn(at: int, words: str) -> Fields:
    """A message of the person, or the model's in between."""
    return {"role": ("user", "assistant")[at % 2], "content": words}


def manual(tokens: int) -> list[str]:
    """Pages of which no sentence has been seen before."""
    number = next(ROUND)
    return [
        "\n".join(f"Shelf {number}.{page}.{at} has {SENTENCE}" for at in range(PAGE_SENTENCES))
        for page in range(tokens // PAGE_TOKENS)
    ]
