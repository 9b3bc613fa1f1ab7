"""What a schema cannot see: whether a quote is true.

    quote that fits the schema -> business rules, the catalogue -> problems for a reviewer

Amounts are compared as whole cents: 0.1 + 0.2 is not 0.3 in floating point.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from labkit.arguments import every, refused, shown, table
from labkit.case import LoanTerms

Layer: TypeAlias = Literal["business rule", "source of record"]
LONGEST_LOAN_DAYS = 366
AMOUNTS = ("loan_fee", "deposit", "total")
NOISE = 1e-6
"""Of a cent; what floating point adds to an amount, and no person does."""


class LoanQuote(BaseModel):
    """What one loan costs, as a model writes it. Amounts in crowns."""

    model_config = ConfigDict(extra="forbid")

    item: str
    """As the catalogue names it: ``fog-machine``."""
    concession: bool
    """Whether the member pays half the loan fee."""
    first_day: date
    """The day of collection."""
    due_day: date
    loan_fee: float
    deposit: float
    total: float
    """Loan fee and deposit together: what is paid at the desk."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a quote."""

    field: str
    layer: Layer
    """``business rule``: the quote contradicts itself or the calendar; ``source of record``: it
    contradicts the catalogue."""
    says: str
    """What a reviewer reads."""

    def __repr__(self) -> str:
        """The field and what is wrong with it."""
        return f"{self.field}: {self.says}"


def check_quote(quote: LoanQuote, catalogue: Mapping[str, LoanTerms], today: date) -> list[Problem]:
    """Everything that is wrong with a quote, not the first thing alone.

    Args:
        quote: A quote that fits the schema.
        catalogue: What things cost and how long they may be kept, by their id.
        today: The day on which the quote is made.
    """
    if not isinstance(quote, LoanQuote):
        follows = "Its fields cannot be trusted to be there."
        raise refused("quote", quote, follows, "Give LoanQuote(...), or parse_reply(...).value.")
    table("catalogue", catalogue, "Nothing can be compared with it.")
    every("catalogue", catalogue.values(), LoanTerms, "labkit.case.catalogue()")
    if not isinstance(today, date) or isinstance(today, datetime):
        follows = "No day can be compared with it."
        raise refused("today", today, follows, "Give date(2026, 12, 1).")
    return [*rules(quote, today), *records(quote, catalogue)]


def rules(quote: LoanQuote, today: date) -> Iterator[Problem]:
    """What the quote alone and the calendar can say."""
    for name in AMOUNTS:
        amount = getattr(quote, name)
        if cents(amount) is None:
            yield Problem(name, "business rule", f"{amount!r} is no amount of crowns and cents")
    if quote.first_day < today:
        yield Problem("first_day", "business rule", f"{quote.first_day} is past")
    days = (quote.due_day - quote.first_day).days
    if not 0 < days <= LONGEST_LOAN_DAYS:
        yield Problem(
            "due_day", "business rule", f"{quote.due_day} is {days} days after collection"
        )
    fee, deposit = cents(quote.loan_fee), cents(quote.deposit)
    if fee is not None and deposit is not None and cents(quote.total) != fee + deposit:
        said = f"{quote.total} is not {crowns(fee + deposit)}, the sum"
        yield Problem("total", "business rule", said)


def records(quote: LoanQuote, catalogue: Mapping[str, LoanTerms]) -> Iterator[Problem]:
    """What the catalogue says otherwise; half a cent of a halved fee is the member's."""
    terms = catalogue.get(quote.item)
    if terms is None:
        yield Problem("item", "source of record", f"the library lends no {shown(quote.item)}")
        return
    fee = terms.loan_fee_cents // 2 if quote.concession else terms.loan_fee_cents
    for name, wanted in (("loan_fee", fee), ("deposit", terms.deposit_cents)):
        if cents(getattr(quote, name)) != wanted:
            said = f"{getattr(quote, name)} is not {crowns(wanted)}, as the catalogue has it"
            yield Problem(name, "source of record", said)
    days = (quote.due_day - quote.first_day).days
    if days != terms.days:
        said = f"{quote.due_day} is {days} days after collection, not {terms.days}"
        yield Problem("due_day", "source of record", said)


def cents(amount: float) -> int | None:
    """An amount of crowns in whole cents; None where it is none."""
    exact = amount * 100
    if not 0 <= exact < math.inf or abs(exact - round(exact)) > NOISE:
        return None
    return round(exact)


def crowns(cents: int) -> str:
    """Cents as crowns with two decimals."""
    return f"{cents // 100}.{cents % 100:02}"
