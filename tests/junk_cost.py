"""What the second lab's views usually take, and which junk is none to them."""

from datetime import UTC, datetime

from test_arguments import FULL_TEXTS, LAB, NONE_OF_THEM, SENT, app

from labkit import case, cost
from labkit.catalog import Price
from labkit.contrast.rushes import CHATS, MONTHS

MODEL = "lab-frontier-1"
SAMPLES = case.samples()[:2]
AMOUNTS = {"zero", "half"}
TIERS = ("fast", "balanced", "frontier")
OUTCOMES = cost.Outcomes(
    [cost.Outcome("a", tier, True, 0.1, 1.0, prompt_tokens=9, output_tokens=9) for tier in TIERS]
)
USAGE = {"input_tokens": 20, "output_tokens": 30}
LINE = cost.Line(
    label="answer",
    model=MODEL,
    outcome="end_turn",
    when=datetime(2026, 11, 23, 9, tzinfo=UTC),
    bills=(cost.cost_of(USAGE, MODEL),),
    usage=USAGE,
)
EXAMPLE = cost.Example("a", "b", "c", 1)
TIMES = dict.fromkeys([*MONTHS, *(f"chat {n}" for n in range(CHATS))], 1.0)


def writes(client, question, screen):
    """An app that writes nothing."""


async def works(client, payload):
    """Work that takes no time."""
    return ""


async def handles(desk, kind, payload):
    """A service that does nothing."""


def called(client, model, question):
    """One real call."""
    asked = [{"role": "user", "content": "Hello"}]
    return client.messages.create(model=model, max_tokens=5, messages=asked)


USUAL = {
    "batching": {"sort_out": lambda asked, came: ({}, [], {}), "usd": 0.1, "seconds": 1.0},
    "cache_pays": {"model": MODEL},
    "ceilings": {},
    "cheaper": {"outcomes": OUTCOMES},
    "day_bills": {"lines": [LINE], "needs": {"answer": MODEL}, "per_hour": 5},
    "few_shot": {
        "pasted": [EXAMPLE],
        "picker": lambda k, seed: [EXAMPLE],
        "learner": lambda some, question: "c",
        "asked": [EXAMPLE],
        "model": MODEL,
    },
    "formulas": {
        "naive": lambda model, into, out: 0,
        "parts": cost.cost_usd,
        "model": MODEL,
        "system": "x",
        "questions": ["?"],
    },
    "front": {"outcomes": OUTCOMES},
    "moving_names": {"ask": called, "question": "Hello"},
    "outcomes_of": {"lab": LAB, "app": app, "samples": SAMPLES, "tier": "fast"},
    "output_lengths": {"task": "topic"},
    "placing": {
        "outcomes": OUTCOMES,
        "chosen": {"answers": "fast"},
        "prices": dict.fromkeys(TIERS, Price(1, 2)),
    },
    "prefixes": {},
    "price_step": {},
    "prompt_bill": {
        "app_for": lambda rules: app,
        "verdicts": {"a": "keep"},
        "examples": SAMPLES,
        "model": MODEL,
    },
    "rush": {"handle": handles, "chat": works, "report": works},
    "slow_work": {
        "prototype": handles,
        "production": handles,
        "queue": cost.JobQueue,
        "seconds": TIMES,
    },
    "topic_examples": {"client": LAB.client, "model": MODEL},
    "two_phones": {
        "prototype": writes,
        "production": writes,
        "question": "Hello?",
        "words": "Yes. No.",
        "secret": "4711.",
    },
}
TAKES = {
    "batching.seconds": AMOUNTS,
    "chat": {"async"},
    "day_bills.needs": {"table"},
    "day_bills.per_hour": {"half"},
    "front.chosen": {"empty"},
    "notes": {*NONE_OF_THEM, "texts"},
    "outcomes_of.task": FULL_TEXTS,
    "outcomes_of.tier": FULL_TEXTS,
    "question": SENT,
    "questions": {"texts"},
    "report": {"async"},
    "reports": {"zero"},
    "restart_s": {"none", *AMOUNTS},
    "rush.queue": {"none"},
    "samples": NONE_OF_THEM,
    "secret": SENT - {"empty"},
    "system": SENT - {"empty"},
    "thinking": {"true"},
    "usd": AMOUNTS,
    "words": SENT - {"empty"},
}
