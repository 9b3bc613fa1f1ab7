"""R7, what a schema cannot see: which fields of a quote an answer must find fault with.

a quote that fits the schema -> the learner's check -> the fields of its problems
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import TypeAlias

from labkit.case import LoanTerms
from labkit.checks.exercise import Answer, Case, Exercise, Hint
from labkit.checks.reliability import quote_hints as hints
from labkit.checks.reliability.quote_hints import Found
from labkit.reliability import LoanQuote

RECORD: Mapping[str, LoanTerms] = MappingProxyType(
    {
        terms.id: terms
        for terms in (
            LoanTerms("telescope", 20_00, 100_00, 3),
            LoanTerms("ramp", 0, 0, 14),
            LoanTerms("lamp", 29, 58, 3),
            LoanTerms("kayak", 7_25, 10_00, 3),
        )
    }
)
"""None of it stands in the case's own catalogue."""
LONG_AGO, TODAY = date(2024, 2, 5), date(2040, 5, 8)
SOON = date(2040, 5, 20)
Changes: TypeAlias = Mapping[str, object]
NONE: Changes = MappingProxyType({})


def quote(item: str = "telescope", *, first: date = SOON, but: Changes = NONE) -> LoanQuote:
    """A right quote at the full fee, but for the changes."""
    terms = RECORD[item]
    right = {
        "item": item,
        "concession": False,
        "first_day": first,
        "due_day": first + timedelta(days=terms.days),
        "loan_fee": terms.loan_fee_cents / 100,
        "deposit": terms.deposit_cents / 100,
        "total": (terms.loan_fee_cents + terms.deposit_cents) / 100,
    }
    return LoanQuote.model_validate({**right, **but})


def fields(answer: Answer, asked: LoanQuote, today: date) -> Found:
    """The fields that an answer finds fault with, or what came instead of problems."""
    came = answer(asked.model_copy(), dict(RECORD), today)
    if came is None or isinstance(came, (str, bytes, bool)):
        return Found(came, None)
    try:
        return Found(came, tuple(one.field for one in came))  # type: ignore[attr-defined]
    except (TypeError, AttributeError):
        return Found(came, None)


def finds(
    given: str, asked: LoanQuote, wanted: str, *own: Hint, today: date = TODAY, also: str = ""
) -> Case:
    """The answer must find fault with exactly these fields; ``also`` is as good."""
    exactly = frozenset(wanted.split())
    return Case(
        given=given,
        ask=lambda answer: fields(answer, asked, today),
        expected=" and ".join(wanted.split()) or "no problem",
        holds=lambda got: hints.fits(got, exactly, frozenset(also.split())),
        usual=hints.USUAL,
        own=own,
    )


def passes(given: str, asked: LoanQuote, *own: Hint, today: date = TODAY) -> Case:
    """The answer must leave this quote alone."""
    return finds(f"a right quote: {given}", asked, "", *own, hints.FALSE_ALARM, today=today)


EARLY = date(2024, 2, 20)
LEAP = date(2040, 2, 28)
NAN = float("nan")
HALF = {"concession": True, "loan_fee": 10.0, "total": 110.0}
ODD = {"concession": True, "loan_fee": 3.62, "total": 13.62}
SHORT = {"deposit": 2.0, "total": 22.0}
SWAPPED = {"loan_fee": 100.0, "deposit": 20.0}
WRONG_THRICE = {"deposit": 10.0, "total": 1.2, "due_day": date(2040, 5, 27)}

R7 = Exercise(
    code="R7",
    names=("check_quote",),
    parameters=(3,),
    cases=(
        passes(
            "the full fee, made in 2024",
            quote(first=EARLY),
            hints.OWN_CATALOGUE,
            hints.OWN_TODAY,
            today=LONG_AGO,
        ),
        finds(
            "a deposit of 2.00, not 100.00; the sum fits",
            quote(but=SHORT),
            "deposit",
            hints.NO_RECORD,
            hints.RECORDS_TOTAL,
        ),
        finds(
            "loan fee and deposit in each other's place",
            quote(but=SWAPPED),
            "loan_fee deposit",
            hints.FIRST_ONLY,
        ),
        finds(
            "a total of 100.00, not 120.00",
            quote(but={"total": 100.0}),
            "total",
            hints.TRUSTS_TOTAL,
        ),
        passes("the ramp, free, from today", quote("ramp", first=TODAY), hints.ZERO, hints.TODAY),
        passes("0.29 and 0.58, total 0.87", quote("lamp"), hints.FLOATS),
        finds(
            "a total of 120.01, not 120.00", quote(but={"total": 120.01}), "total", hints.TOLERANT
        ),
        finds(
            "a deposit of NaN",
            quote(but={"deposit": NAN}),
            "deposit",
            hints.NOT_A_NUMBER,
            also="total",
        ),
        finds(
            "a loan fee of NaN",
            quote(but={"loan_fee": NAN}),
            "loan_fee",
            replace(hints.NOT_A_NUMBER, fits=hints.silent("loan_fee")),
            also="total",
        ),
        finds(
            "a total of NaN",
            quote(but={"total": NAN}),
            "total",
            replace(hints.NOT_A_NUMBER, fits=hints.silent("total")),
        ),
        passes(
            "half of 20.00 with the concession rate",
            quote(but=HALF),
            hints.FULL_FOR_ALL,
            hints.HALF_DEPOSIT,
        ),
        passes("half of 7.25 with the concession rate", quote("kayak", but=ODD), hints.HALF_CENT),
        finds(
            "half the fee without the concession rate",
            quote(but={**HALF, "concession": False}),
            "loan_fee",
            hints.HALF_FOR_ALL,
        ),
        finds(
            "half the deposit with the concession rate",
            quote(but={**HALF, "deposit": 50.0, "total": 60.0}),
            "deposit",
            replace(hints.HALF_DEPOSIT, fits=hints.silent("deposit")),
        ),
        finds(
            "due three days before collection",
            quote(but={"due_day": date(2040, 5, 17)}),
            "due_day",
            hints.NO_ORDER,
        ),
        finds(
            "due a day too late",
            quote(but={"due_day": date(2040, 5, 24)}),
            "due_day",
            hints.NO_DAYS,
        ),
        passes(
            "28 February to 2 March 2040", quote(first=LEAP), hints.CALENDAR, today=date(2040, 2, 1)
        ),
        finds("collected yesterday", quote(first=date(2040, 5, 7)), "first_day", hints.NO_TODAY),
        finds(
            "a thing that nobody lends",
            quote().model_copy(update={"item": "flying-carpet"}),
            "item",
            hints.UNKNOWN,
        ),
        finds(
            "deposit, total and due day are wrong",
            quote(but=WRONG_THRICE),
            "deposit total due_day",
            hints.FIRST_ONLY,
        ),
    ),
    minutes=20,
    points=4.0,
    after="Tick R7 when a reviewer, not a member, reads the next wrong number.",
)
