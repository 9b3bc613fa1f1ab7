"""R7: what each misconception about a quote does, and how it is recognised."""

from collections.abc import Set
from dataclasses import dataclass

from labkit.checks.exercise import Hint, Usual
from labkit.checks.signs import Sign
from labkit.checks.verdict import as_text, told


@dataclass(frozen=True, slots=True)
class Found:
    """What an answer said of one quote."""

    came: object
    fields: tuple[object, ...] | None
    """The fields of its problems; None where something came that is not problems."""

    def __repr__(self) -> str:
        if self.fields is None:
            return told(self.came)
        return " and ".join(dict.fromkeys(map(as_text, self.fields))) or "no problem"


def of(got: object) -> Found:
    """What was found; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Found)
    return got


def fits(got: object, exactly: Set[str], also: Set[str] = frozenset()) -> bool:
    """Whether exactly these fields are named; ``also`` may be, too."""
    fields = of(got).fields
    return fields is not None and exactly <= set(fields) <= exactly | also


def nothing_came(got: object) -> bool:
    """Fits an answer without ``return``."""
    return of(got).came is None


def named(field: str) -> Sign:
    """Fits an answer that finds fault with this field."""
    return lambda got: field in (of(got).fields or ())


def silent(field: str) -> Sign:
    """Fits an answer that finds no fault with it."""
    return lambda got: field not in (of(got).fields or ())


def some(got: object) -> bool:
    """Fits an answer that finds any fault."""
    return bool(of(got).fields)


NOT_PROBLEMS = Hint(
    "not-problems",
    lambda got: of(got).fields is None,
    "The reviewer's list shows a field and what is wrong with it, and cannot be made of this. "
    "Return a list of `Problem`, empty where nothing is wrong.",
    "`found.append(Problem('total', 'is not the sum'))`, and `return found` at the end.",
)
OWN_CATALOGUE = Hint(
    "another-catalogue",
    named("item"),
    "The library bought something new, and no quote for it goes out: you looked it up in another "
    "catalogue than the one that was handed in.",
    "`catalogue.get(quote.item)`; no import of a catalogue.",
)
OWN_TODAY = Hint(
    "another-today",
    named("first_day"),
    "This quote was made in time, and you compared it with the computer's own date. A test or an "
    "audit of last year's quotes then finds fault with all of them.",
    "Compare with the `today` that is handed in; no `date.today()`.",
)
FALSE_ALARM = Hint(
    "false-alarm",
    some,
    "Nothing is wrong with this quote. A reviewer who gets good ones stops reading.",
    "Print the problems that your function gives for it, and undo the rule that named them.",
)
NO_RECORD = Hint(
    "no-record",
    silent("deposit"),
    "Noor pays a deposit that nobody asked for: the sum fits, and the number is still not the "
    "library's. Only the catalogue knows it.",
    "`catalogue[quote.item].deposit_cents`, and the same for the loan fee.",
)
RECORDS_TOTAL = Hint(
    "total-of-the-record",
    named("total"),
    "This quote adds up. A reviewer who mends the deposit alone must find one fault, and reads of "
    "two: the total is the sum of what the quote says, not of what it should say.",
    "`loan_fee` and `deposit` of the quote; the record's come in where each is compared.",
)
FIRST_ONLY = Hint(
    "stops-at-the-first",
    some,
    "The reviewer mends one field, sends it off, and gets the quote back for the next. Name all "
    "of them at once.",
    "Append to a list and return it at the end; no `return` and no `elif` in between.",
)
TRUSTS_TOTAL = Hint(
    "trusts-the-total",
    silent("total"),
    "The total is the number that is paid, and you took the model's word for it. Recompute it.",
    "`loan_fee` and `deposit` of the quote, in cents, added up.",
)
ZERO = Hint(
    "zero-is-missing",
    lambda got: bool({"loan_fee", "deposit", "total"} & {*(of(got).fields or ())}),
    "The wheelchair ramp costs nothing, and nobody can borrow it now: 0 is an amount, too.",
    "`not quote.deposit` is true for 0. Compare with the record instead.",
)
TODAY = Hint(
    "today-is-past",
    named("first_day"),
    "Somebody stands at the desk and may not take the thing along. Today is not past.",
    "`quote.first_day < today`.",
)
FLOATS = Hint(
    "float-money",
    some,
    "These amounts are right: 0.29 + 0.58 is 0.87 for everybody but a float. Count whole cents, "
    "each rounded.",
    "`round(quote.total * 100)`; `int` cuts 28.999999999999996 down to 28.",
)
TOLERANT = Hint(
    "too-tolerant",
    silent("total"),
    "The till is a cent short every evening, and your tolerance lets it through. Amounts are "
    "equal in whole cents, or they are not.",
    "`round(quote.total * 100) == ...`, without `isclose` and without `< 0.05`.",
)
NOT_A_NUMBER = Hint(
    "nan-slips",
    silent("deposit"),
    "NaN came through the schema, and a quote goes out with an amount of “nan”. Every comparison "
    "with NaN is false, so `abs(a - b) > limit` never strikes.",
    "Ask `math.isfinite(amount)` first.",
)
FULL_FOR_ALL = Hint(
    "forgets-the-concession",
    named("loan_fee"),
    "A member with the concession rate pays half the loan fee, and this quote says so. Sam's quote "
    "goes to a reviewer each time.",
    "`quote.concession` halves the catalogue's loan fee.",
)
HALF_DEPOSIT = Hint(
    "halves-the-deposit",
    named("deposit"),
    "The concession rate halves the loan fee alone. The deposit is paid back, so it stays whole.",
    "Halve `loan_fee_cents`, and never `deposit_cents`.",
)
HALF_CENT = Hint(
    "half-a-cent",
    named("loan_fee"),
    "Half of 7.25 is 3.625, and the half cent is the member's: 3.62 is right.",
    "`loan_fee_cents // 2`; `round` goes to the even neighbour, and up as often as down.",
)
HALF_FOR_ALL = Hint(
    "half-for-everybody",
    silent("loan_fee"),
    "Somebody without the concession rate pays half, and the library is short of the rest. Only "
    "one of both fees is right for a quote.",
    "`quote.concession` decides which; `in (whole, half)` allows both.",
)
NO_ORDER = Hint(
    "ignores-the-days",
    silent("due_day"),
    "The thing is due before it can be collected, and the late fee runs from the first hour.",
    "`(quote.due_day - quote.first_day).days` is a number to compare.",
)
NO_DAYS = Hint(
    "order-alone",
    silent("due_day"),
    "The dates stand in order, and the loan is a day longer than the record allows: the next "
    "member waits at the desk.",
    "Compare with `catalogue[quote.item].days`.",
)
CALENDAR = Hint(
    "own-calendar",
    named("due_day"),
    "This loan lasts three days, over the end of a month in a leap year. Let the calendar count.",
    "Subtract two dates: `(due_day - first_day).days`. No `.day`, no 30, no 365.",
)
NO_TODAY = Hint(
    "ignores-today",
    silent("first_day"),
    "Noor is told to come yesterday. Dates in order are not enough: compare with `today`.",
    "`quote.first_day < today`.",
)
UNKNOWN = Hint(
    "unknown-thing",
    silent("item"),
    "The library lends no such thing, and a quote for it goes out. What is in no record cannot be "
    "compared, and that is a problem of its own.",
    "`catalogue.get(quote.item)` gives None for it.",
)
USUAL = Usual(
    "Print what your function gives for this quote, and compare it with the table, field by field.",
    shape=(NOT_PROBLEMS,),
    empty=nothing_came,
)
