"""Junk for every argument of the second lab's views: a message of three parts, or a picture."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from test_arguments import FULL_TEXTS, NONE_OF_THEM, SENT, meets_junk

from labkit import Lab, case, cost
from labkit.catalog import Price
from labkit.contrast.rushes import CHATS, MONTHS
from labkit.errors import ArgumentError

ROOM = import_module("labkit.contrast")
MODEL = "lab-frontier-1"
LAB = Lab()
SAMPLES = case.samples()[:2]
SEEDS = {"zero", "minus", "huge"}
AMOUNTS = {"zero", "half"}
NOTES = {*NONE_OF_THEM, "texts"}
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
OTHERS = {
    "FAULTS",
    "bad_hour",
    "contrast",
    "crowd",
    "eval_light",
    "eval_set",
    "facts",
    "forms_read",
    "gates",
    "letters",
    "letters_held",
    "lights_right",
    "parsing",
    "posted",
    "quotes",
    "quotes_checked",
    "refusals",
    "replies_read",
    "thresholds",
    "tool_moods",
    "traffic_mix",
}
"""The first lab's: their own tests have what they refuse."""


def app(client, question):
    """An app that answers nothing."""
    return ""


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
    "batching": {"sort_out": set(), "usd": AMOUNTS, "seconds": AMOUNTS, "seed": SEEDS},
    "cache_pays": {"model": set(), "seed": SEEDS},
    "ceilings": {"seed": SEEDS},
    "cheaper": {"outcomes": set(), "today": set(), "first": set(), "kind": set(), "notes": NOTES},
    "day_bills": {"lines": set(), "needs": {"table"}, "per_hour": {"half"}, "seed": SEEDS},
    "few_shot": {
        "pasted": set(),
        "picker": set(),
        "learner": set(),
        "asked": set(),
        "model": set(),
        "seed": SEEDS,
    },
    "formulas": {
        "naive": set(),
        "parts": set(),
        "model": set(),
        "system": SENT - {"empty"},
        "questions": {"texts"},
        "seed": SEEDS,
    },
    "front": {
        "outcomes": set(),
        "today": set(),
        "chosen": {"empty"},
        "kind": set(),
        "notes": NOTES,
    },
    "moving_names": {"ask": set(), "question": SENT, "seed": SEEDS},
    "outcomes_of": {
        "lab": set(),
        "app": set(),
        "samples": NONE_OF_THEM,
        "tier": FULL_TEXTS,
        "task": FULL_TEXTS,
    },
    "output_lengths": {"task": set(), "n": set(), "thinking": {"true"}, "seed": SEEDS},
    "placing": {
        "outcomes": set(),
        "chosen": set(),
        "today": set(),
        "prices": set(),
        "notes": NOTES,
    },
    "prefixes": {"seed": SEEDS},
    "price_step": {"seed": SEEDS},
    "prompt_bill": {
        "app_for": set(),
        "verdicts": set(),
        "examples": set(),
        "model": set(),
        "seed": SEEDS,
    },
    "rush": {
        "handle": set(),
        "chat": {"async"},
        "report": {"async"},
        "queue": {"none"},
        "reports": {"zero"},
        "workers": set(),
        "restart_s": {"none", *AMOUNTS},
        "seed": SEEDS,
    },
    "slow_work": {"prototype": set(), "production": set(), "queue": set(), "seconds": set()},
    "topic_examples": {"client": set(), "model": set()},
    "two_phones": {
        "prototype": set(),
        "production": set(),
        "question": SENT,
        "words": SENT - {"empty"},
        "secret": SENT - {"empty"},
        "tier": set(),
        "seed": SEEDS,
    },
}
"""Of each argument the junk that is none."""


@pytest.mark.parametrize(
    ("name", "argument"), [(name, argument) for name in TAKES for argument in TAKES[name]]
)
def test_junk_is_refused_in_three_parts(name, argument):
    """What is wrong with the value; what follows; what to do: before anything is drawn."""
    view = getattr(ROOM, name)
    meets_junk(lambda x: view(**USUAL[name] | {argument: x}), TAKES[name][argument])


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("formulas", {"questions": ["a \ud800 b"]}),
        ("prompt_bill", {"verdicts": {"a \ud800 b": "keep"}}),
        ("contrast", {"prototype": app, "production": app, "questions": ["a \ud800 b"]}),
        ("bad_hour", {"model": MODEL, "system": "a", "questions": ["a \ud800 b"]}),
    ],
)
def test_half_of_a_character_in_a_list_is_refused_before_it_is_sent(name, given):
    """No error of a codec, and no view in which every app has failed."""
    with pytest.raises(ArgumentError, match=r"is 'a \\ud800 b'. It has half of a character.*Leave"):
        getattr(ROOM, name)(**USUAL.get(name, {}) | given)


def test_every_view_meets_junk():
    """A name that is new stands in one of both."""
    assert TAKES.keys() == USUAL.keys()
    assert TAKES.keys() | OTHERS == set(ROOM.__all__)
    assert not TAKES.keys() & OTHERS
