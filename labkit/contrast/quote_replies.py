"""Quotes for one loan: the right one, and the replies in which one field of it is wrong.

field, way, whether the amounts add up -> Reply: its text, and the first layer that can notice
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from labkit.case import LoanTerms, catalogue
from labkit.reliability import LoanQuote, Problem, check_quote
from labkit.sim.clock import LAB_BEGINS

Values = Mapping[str, Any]

RIGHT: Values = MappingProxyType(
    {
        "item": "projector",
        "concession": False,
        "first_day": "2026-12-04",
        "due_day": "2026-12-07",
        "loan_fee": 20.0,
        "deposit": 100.0,
        "total": 120.0,
    }
)
AMOUNTS = ("loan_fee", "deposit", "total")
CUT = "cut off"
WAYS: Mapping[str, Values] = MappingProxyType(
    {
        "not at all": RIGHT,
        "a little": {
            "item": "projektor",
            "concession": True,
            "first_day": "2026-12-03",
            "due_day": "2026-12-08",
            "loan_fee": 21.0,
            "deposit": 101.0,
            "total": 121.0,
        },
        "by far": {
            "item": "fog-machine",
            "concession": True,
            "first_day": "2025-12-04",
            "due_day": "2028-12-07",
            "loan_fee": 0.2,
            "deposit": 1.0,
            "total": 1.2,
        },
        "exchanged": {
            "item": "chainsaw",
            "concession": True,
            "first_day": ("due_day",),
            "due_day": ("first_day",),
            "loan_fee": ("deposit",),
            "deposit": ("loan_fee",),
            "total": ("deposit",),
        },
        "impossible": {
            "item": "flying-carpet",
            "concession": None,
            "first_day": "2026-11-20",
            "due_day": "2026-12-01",
            "loan_fee": float("nan"),
            "deposit": -100.0,
            "total": float("inf"),
        },
        "of another kind": {
            "item": 7,
            "concession": "perhaps",
            "first_day": "a Friday",
            "due_day": "a Monday",
            "loan_fee": "twenty",
            "deposit": "a hundred",
            "total": "more",
        },
        CUT: {},
    }
)
"""What stands in a field that is wrong in this way; in brackets, with whom it changes places."""
RULE, RECORD = "business rule", "source of record"
LAYERS = ("JSON", "schema", RULE, RECORD)
ONLY: Mapping[str, Values] = MappingProxyType(
    {
        RULE: {**RIGHT, "first_day": "2026-11-16", "due_day": "2026-11-19"},
        RECORD: {**RIGHT, "loan_fee": 100.0, "deposit": 20.0},
    }
)
"""A quote that this layer alone can notice."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model is made to write."""

    text: str
    is_cut: bool = False

    @property
    def quote(self) -> LoanQuote | None:
        """The quote in it, where it fits the schema."""
        try:
            return LoanQuote.model_validate_json(self.text, strict=True)
        except ValidationError:
            return None

    @property
    def is_json(self) -> bool:
        """Whether it is a whole object."""
        try:
            json.loads(self.text)
        except json.JSONDecodeError:
            return False
        return True

    @property
    def misfit(self) -> str:
        """What the schema says, in a few words; nothing where it is content or was not reached."""
        try:
            LoanQuote.model_validate_json(self.text, strict=True)
        except ValidationError as problem:
            first = problem.errors()[0]
            return f"{first['loc'][0]}: {first['msg']}" if first["loc"] else ""
        return ""

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the quote in it."""
        return check_quote(self.quote, catalogue(), LAB_BEGINS.date()) if self.quote else []

    @property
    def first(self) -> str:
        """The first layer that can notice something; empty where nothing is wrong."""
        if self.quote is None:
            return "schema" if self.is_json else "JSON"
        return self.problems[0].layer if self.problems else ""


def all_replies() -> Iterator[Reply]:
    """Every field, in every way, with and without a sum that fits."""
    for field in RIGHT:
        for way in WAYS:
            yield from (written(field, way, fit=fit) for fit in (False, True))


def right_quotes() -> Iterator[Values]:
    """One for each thing, with the full fee and with half of it."""
    for terms in catalogue().values():
        for concession in (False, True):
            yield right_quote(terms, concession=concession)


def right_quote(terms: LoanTerms, *, concession: bool) -> Values:
    """The quote that the library would write."""
    fee = terms.loan_fee_cents // (1 + concession)
    first = LAB_BEGINS.date()
    return {
        "item": terms.id,
        "concession": concession,
        "first_day": str(first),
        "due_day": str(first + timedelta(days=terms.days)),
        "loan_fee": fee / 100,
        "deposit": terms.deposit_cents / 100,
        "total": (fee + terms.deposit_cents) / 100,
    }


def written(field: str, way: str, *, fit: bool) -> Reply:
    """The reply in which a field is wrong in this way."""
    if way == CUT:
        text = json.dumps(dict(RIGHT))
        return Reply(text[: text.index(f'"{field}"') + len(field) + 3], is_cut=True)
    values, wrong = dict(RIGHT), WAYS[way][field]
    if isinstance(wrong, tuple):
        (other,) = wrong
        values |= {field: RIGHT[other], other: RIGHT[field]}
    else:
        values[field] = wrong
    return Reply(json.dumps(added_up(values, field) if fit else values))


def added_up(values: Values, field: str) -> Values:
    """The same with a total that is the sum; where the total is wrong, the deposit goes along."""
    fee, deposit, total = (values[name] for name in AMOUNTS)
    if not all(isinstance(one, float) for one in (fee, deposit, total)):
        return values
    if field == "total":
        return {**values, "deposit": total - fee}
    return {**values, "total": fee + deposit}
