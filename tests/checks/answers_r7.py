"""R7: right answers written otherwise, and each misconception written three ways."""

import math
from collections import namedtuple
from datetime import date, timedelta
from decimal import Decimal

from labkit import case, reliability

CODE = "R7"
Problem = namedtuple("Problem", "field says")


def by_decimal(quote, catalogue, today):
    """Decimals of what is written; a set of fields."""
    wrong = set()
    terms = catalogue.get(quote.item)
    fee, deposit, total = (
        Decimal(repr(one)) for one in (quote.loan_fee, quote.deposit, quote.total)
    )
    if quote.first_day < today:
        wrong.add("first_day")
    if fee + deposit != total:
        wrong.add("total")
    if terms is None:
        return [Problem("item", "is not lent"), *(Problem(one, "is wrong") for one in wrong)]
    if fee != Decimal(terms.loan_fee_cents // (1 + quote.concession)) / 100:
        wrong.add("loan_fee")
    if deposit != Decimal(terms.deposit_cents) / 100:
        wrong.add("deposit")
    if quote.due_day != quote.first_day + timedelta(days=terms.days):
        wrong.add("due_day")
    return [Problem(one, "is wrong") for one in sorted(wrong)]


class Check:
    """One check with a method for each decision, so that a wrong one can take its place."""

    def cents(self, amount):
        """An amount in cents."""
        return round(amount * 100) if math.isfinite(amount) else -1

    def terms(self, quote, catalogue):
        """What the record says of the thing."""
        return catalogue.get(quote.item)

    def fee(self, quote, terms):
        """The fees that are right."""
        return [terms.loan_fee_cents // 2 if quote.concession else terms.loan_fee_cents]

    def deposit(self, quote, terms):
        """The deposits that are right."""
        return [terms.deposit_cents]

    def adds_up(self, quote):
        """Whether the total is the sum."""
        fee, deposit, total = map(self.cents, (quote.loan_fee, quote.deposit, quote.total))
        return fee + deposit == total

    def is_past(self, quote, today):
        """Whether the first day is."""
        return quote.first_day < today

    def lasts(self, quote, terms):
        """Whether the loan lasts as long as the record says."""
        return (quote.due_day - quote.first_day).days == terms.days

    def is_known(self, terms):
        """Whether the record has the thing."""
        return terms is not None

    def amounts(self, quote, terms):
        """The amounts that are not the record's."""
        if self.cents(quote.loan_fee) not in self.fee(quote, terms):
            yield "loan_fee"
        if self.cents(quote.deposit) not in self.deposit(quote, terms):
            yield "deposit"

    def fields(self, quote, catalogue, today):
        """The fields that are wrong."""
        terms = self.terms(quote, catalogue)
        if self.is_past(quote, today):
            yield "first_day"
        if not self.adds_up(quote):
            yield "total"
        if not self.is_known(terms):
            yield "item"
        elif terms is not None:
            yield from self.amounts(quote, terms)
            if not self.lasts(quote, terms):
                yield "due_day"

    def __call__(self, quote, catalogue, today):
        """All problems."""
        return [Problem(one, "is wrong") for one in self.fields(quote, catalogue, today)]


def but(**methods):
    """The right check with other methods."""
    return type("Wrong", (Check,), methods)().__call__


def of(change):
    """The right check with its list changed."""
    right = Check()
    return lambda *given: change(right(*given))


RIGHT = [
    reliability.check_quote,
    by_decimal,
    but(),
    lambda quote, catalogue, today: (one for one in Check()(quote, catalogue, today)),
]


def without(field):
    """Right but for a field that is never named."""
    return of(lambda found: [one for one in found if one.field != field])


def first_by_if(quote, catalogue, today):
    """The first rule that strikes returns."""
    for one in Check()(quote, catalogue, today):
        return [one]
    return []


def record_first(quote, catalogue, today):
    """Amounts, then all else where they are right."""
    found = Check()(quote, catalogue, today)
    amounts = [one for one in found if one.field in ("loan_fee", "deposit")]
    return amounts[:1] or found


def sums(holds):
    """A rule about the total of the three amounts."""
    return but(adds_up=lambda self, quote: holds(quote.loan_fee, quote.deposit, quote.total))


def due(holds):
    """A rule about both days and the record's number of days."""
    return but(lasts=lambda self, quote, terms: holds(quote.first_day, quote.due_day, terms.days))


def past(holds):
    """A rule about the first day and today."""
    return but(is_past=lambda self, quote, today: holds(quote.first_day, today))


def near(self, quote, terms):
    """The amounts that are further than a cent from the record's."""
    if self.cents(quote.loan_fee) not in self.fee(quote, terms):
        yield "loan_fee"
    if abs(quote.deposit - terms.deposit_cents / 100) > 0.005:
        yield "deposit"


def outside(self, quote, terms):
    """The deposits below or above the record's."""
    if self.cents(quote.loan_fee) not in self.fee(quote, terms):
        yield "loan_fee"
    wanted = terms.deposit_cents / 100
    if quote.deposit < wanted - 0.001 or quote.deposit > wanted + 0.001:
        yield "deposit"


def where_it_is_a_number(self, quote, terms):
    """The amounts that are other numbers than the record's."""
    if self.cents(quote.loan_fee) not in self.fee(quote, terms):
        yield "loan_fee"
    if math.isfinite(quote.deposit) and round(quote.deposit * 100) != terms.deposit_cents:
        yield "deposit"


def right_amounts(quote, terms):
    """Fee and deposit as the record has them, in cents."""
    return terms.loan_fee_cents // (1 + quote.concession), terms.deposit_cents


def total_is(right):
    """The total must be this, whatever else the quote says."""

    def check(quote, catalogue, today):
        found = [one for one in Check()(quote, catalogue, today) if one.field != "total"]
        terms = catalogue.get(quote.item)
        holds = terms is None or round(100 * quote.total) == right(quote, terms)
        return found if holds else [*found, Problem("total", "is not the record's")]

    return check


def of_the_record(quote, catalogue, today):
    """Every field of the quote that would be written now."""
    found = {one.field for one in Check()(quote, catalogue, today)}
    if found & {"loan_fee", "deposit"}:
        found.add("total")
    return [Problem(one, "is not as it would be written") for one in found]


def if_any(field):
    """Right, and a field is also wrong where it is zero."""

    def check(quote, catalogue, today):
        found = Check()(quote, catalogue, today)
        return found if getattr(quote, field) else [*found, Problem(field, "is missing")]

    return check


def days_of_month(first, due_day, days):
    """The numbers of the days, without their months."""
    return due_day.day - first.day == days


def thirty(first, due_day, days):
    """Every month has thirty days."""
    months = due_day.month - first.month
    return 30 * months + due_day.day - first.day == days


def no_leap(first, due_day, days):
    """February has 28 days."""
    place = [
        date(2023, one.month, min(one.day, 28 if one.month == 2 else 31))
        for one in (first, due_day)
    ]
    return (place[1] - place[0]).days == days


def fee_is(right):
    """The fees that are right, by the concession and the whole fee."""
    return but(fee=lambda self, quote, terms: right(quote.concession, terms.loan_fee_cents))


def deposit_is(right):
    """The deposits that are right, by the concession and the whole deposit."""
    return but(deposit=lambda self, quote, terms: right(quote.concession, terms.deposit_cents))


def in_the_case(self, quote, catalogue):
    """The library's own record."""
    return case.catalogue().get(quote.item)


def both_records(quote, catalogue, today):
    """Right, and the thing must stand in the case's record, too."""
    found = Check()(quote, catalogue, today)
    known = quote.item in case.catalogue()
    return found if known else [*found, Problem("item", "is unknown")]


def from_a_list(quote, catalogue, today):
    """Right for things that stand in a list of its own."""
    found = Check()(quote, catalogue, today)
    mine = ("projector", "fog-machine", "drill")
    return found if quote.item in mine else [Problem("item", "is not in my list"), *found]


WRONG = {
    "returns-nothing": [
        lambda *given: None,
        of(print),
        of(lambda found: found or None),
    ],
    "raises": [
        lambda *given: 1 / 0,
        but(cents=lambda self, amount: round(amount * 100)),
        but(terms=lambda self, quote, catalogue: catalogue[quote.item]),
    ],
    "not-problems": [
        of(lambda found: [one.field for one in found] or ["nothing"]),
        of(lambda found: not found),
        of(len),
    ],
    "another-catalogue": [
        but(terms=in_the_case),
        both_records,
        from_a_list,
    ],
    "another-today": [
        past(lambda first, today: first < date.today()),
        past(lambda first, today: first < today or first < date(2026, 11, 23)),
        past(lambda first, today: (first - date.today()).days < 0),
    ],
    "false-alarm": [
        of(lambda found: [*found, Problem("total", "please look")]),
        of(lambda found: found or [Problem("loan_fee", "is not certain")]),
        due(lambda first, due_day, days: (due_day - first).days + 1 == days),
    ],
    "no-record": [
        without("deposit"),
        but(amounts=lambda self, quote, terms: ()),
        deposit_is(lambda concession, cents: range(20_000)),
    ],
    "total-of-the-record": [
        total_is(lambda quote, terms: sum(right_amounts(quote, terms))),
        total_is(lambda quote, terms: right_amounts(quote, terms)[1] + round(100 * quote.loan_fee)),
        of_the_record,
    ],
    "stops-at-the-first": [
        first_by_if,
        of(lambda found: found[:1]),
        record_first,
    ],
    "trusts-the-total": [
        without("total"),
        sums(lambda fee, deposit, total: total >= 0),
        sums(lambda fee, deposit, total: total),
    ],
    "zero-is-missing": [
        if_any("deposit"),
        if_any("loan_fee"),
        if_any("total"),
    ],
    "today-is-past": [
        past(lambda first, today: first <= today),
        past(lambda first, today: not first > today),
        past(lambda first, today: (first - today).days < 1),
    ],
    "float-money": [
        sums(lambda fee, deposit, total: fee + deposit == total),
        but(cents=lambda self, amount: int(amount * 100) if math.isfinite(amount) else -1),
        but(cents=lambda self, amount: amount * 100),
    ],
    "too-tolerant": [
        sums(lambda fee, deposit, total: abs(fee + deposit - total) < 0.05),
        sums(lambda fee, deposit, total: math.isclose(fee + deposit, total, rel_tol=1e-3)),
        sums(
            lambda fee, deposit, total: (
                round(fee + deposit) == round(total) or not math.isfinite(deposit)
            )
        ),
    ],
    "nan-slips": [
        but(
            amounts=near, adds_up=lambda self, q: not abs(q.loan_fee + q.deposit - q.total) > 0.005
        ),
        but(amounts=outside),
        but(amounts=where_it_is_a_number),
    ],
    "forgets-the-concession": [
        fee_is(lambda concession, cents: [cents]),
        fee_is(lambda concession, cents: [max(cents, cents // 2)]),
        fee_is(lambda concession, cents: [cents * 3 // 4 if concession else cents]),
    ],
    "halves-the-deposit": [
        deposit_is(lambda concession, cents: [cents // (1 + concession)]),
        deposit_is(lambda concession, cents: [cents, cents // 2] if concession else [cents]),
        deposit_is(lambda concession, cents: [cents / 2 if concession else cents]),
    ],
    "half-a-cent": [
        fee_is(lambda concession, cents: [-(-cents // (1 + concession))]),
        fee_is(lambda concession, cents: [cents / (1 + concession)]),
        fee_is(lambda concession, cents: [(cents + concession) // (1 + concession)]),
    ],
    "half-for-everybody": [
        fee_is(lambda concession, cents: [cents, cents // 2]),
        fee_is(lambda concession, cents: range(cents // 2, cents + 1)),
        fee_is(lambda concession, cents: [cents // 2, *([cents] if not concession else [])]),
    ],
    "ignores-the-days": [
        without("due_day"),
        due(lambda first, due_day, days: due_day < first or (due_day - first).days == days),
        due(lambda first, due_day, days: abs((due_day - first).days) == days),
    ],
    "order-alone": [
        due(lambda first, due_day, days: due_day > first),
        due(lambda first, due_day, days: 0 < (due_day - first).days <= 366),
        due(lambda first, due_day, days: days <= (due_day - first).days <= days + 1),
    ],
    "own-calendar": [
        due(days_of_month),
        due(thirty),
        due(no_leap),
    ],
    "ignores-today": [
        without("first_day"),
        past(lambda first, today: first.year < today.year),
        past(lambda first, today: (first.year, first.month) < (today.year, today.month)),
    ],
    "unknown-thing": [
        but(is_known=lambda self, terms: True),
        without("item"),
        but(is_known=lambda self, terms: terms is None or terms.id),
    ],
}
