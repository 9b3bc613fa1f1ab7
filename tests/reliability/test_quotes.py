"""Quotes that fit the schema: twelve that are wrong, and seven that must pass untouched."""

from datetime import date, datetime

import pytest

from labkit.case import LoanTerms, catalogue
from labkit.checks.messages import message, text
from labkit.errors import ArgumentError
from labkit.reliability import LoanQuote, Problem, check_quote, parse_reply

TODAY = date(2026, 11, 23)
FOG = {
    "item": "fog-machine",
    "concession": False,
    "first_day": date(2026, 12, 4),
    "due_day": date(2026, 12, 7),
    "loan_fee": 30.0,
    "deposit": 80.0,
    "total": 110.0,
}
ODD = {
    **catalogue(),
    "cheap": LoanTerms("cheap", 10, 20, 3),
    "odd": LoanTerms("odd", 725, 1_000, 3),
    "dear": LoanTerms("dear", 10**17, 0, 3),
}


def checked(today=TODAY, **changes):
    """The fields in which a quote is wrong, with their layers."""
    return [
        (one.field, one.layer) for one in check_quote(LoanQuote(**{**FOG, **changes}), ODD, today)
    ]


RULE, RECORD = "business rule", "source of record"
MUTANTS = {
    "a deposit without zeros": ({"deposit": 0.8}, [("total", RULE), ("deposit", RECORD)]),
    "a total that is not the sum": ({"total": 111.0}, [("total", RULE)]),
    "the deposit left out of the total": ({"total": 30.0}, [("total", RULE)]),
    "a fee of yesterday": (
        {"loan_fee": 25.0, "total": 105.0},
        [("loan_fee", RECORD)],
    ),
    "a negative fee": (
        {"loan_fee": -30.0, "total": 50.0},
        [("loan_fee", RULE), ("loan_fee", RECORD)],
    ),
    "a third decimal": ({"total": 110.001}, [("total", RULE), ("total", RULE)]),
    "not a number": ({"deposit": float("nan")}, [("deposit", RULE), ("deposit", RECORD)]),
    "endless": ({"total": float("inf")}, [("total", RULE), ("total", RULE)]),
    "due before collection": (
        {"due_day": date(2026, 12, 1)},
        [("due_day", RULE), ("due_day", RECORD)],
    ),
    "due on the same day": (
        {"due_day": date(2026, 12, 4)},
        [("due_day", RULE), ("due_day", RECORD)],
    ),
    "a day too many": ({"due_day": date(2026, 12, 8)}, [("due_day", RECORD)]),
    "a year too many": (
        {"due_day": date(2027, 12, 7)},
        [("due_day", RULE), ("due_day", RECORD)],
    ),
    "collected yesterday": (
        {"first_day": date(2026, 11, 22), "due_day": date(2026, 11, 25)},
        [("first_day", RULE)],
    ),
    "half the fee for everybody": ({"loan_fee": 15.0, "total": 95.0}, [("loan_fee", RECORD)]),
    "half the deposit for the concession rate": (
        {"concession": True, "loan_fee": 15.0, "deposit": 40.0, "total": 55.0},
        [("deposit", RECORD)],
    ),
    "a thing that nobody lends": ({"item": "fog machine"}, [("item", RECORD)]),
    "the end of all calendars": (
        {"first_day": date.max, "due_day": date.max},
        [("due_day", RULE), ("due_day", RECORD)],
    ),
}
VALID = {
    "the full fee": {},
    "the concession rate": {"concession": True, "loan_fee": 15.0, "total": 95.0},
    "today": {"first_day": TODAY, "due_day": date(2026, 11, 26)},
    "no fee and no deposit": {
        "item": "wheelchair-ramp",
        "due_day": date(2027, 1, 1),
        "loan_fee": 0.0,
        "deposit": 0.0,
        "total": -0.0,
    },
    "0.1 and 0.2": {"item": "cheap", "loan_fee": 0.1, "deposit": 0.2, "total": 0.3},
    "0.1 + 0.2": {"item": "cheap", "loan_fee": 0.1, "deposit": 0.2, "total": 0.1 + 0.2},
    "half a cent is the member's": {
        "item": "odd",
        "concession": True,
        "loan_fee": 3.62,
        "deposit": 10.0,
        "total": 13.62,
    },
    "a large amount": {"item": "dear", "loan_fee": 1e15, "deposit": 0.0, "total": 1e15},
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_quote_is_found_by_the_layer_that_can_see_it(name):
    """All that is wrong, in the order of the layers; nothing else."""
    changes, problems = MUTANTS[name]
    assert checked(**changes) == problems


@pytest.mark.parametrize("name", VALID)
def test_a_valid_quote_is_untouched(name):
    """No false alarm."""
    assert checked(**VALID[name]) == []


def test_a_leap_day_is_a_day():
    """From 28 February three days lead to 2 March in a leap year, to 3 March in another."""
    leap = {"first_day": date(2028, 2, 28), "due_day": date(2028, 3, 2)}
    assert checked(**leap) == []
    assert checked(first_day=date(2028, 2, 29), due_day=date(2028, 3, 3)) == []
    assert checked(first_day=date(2027, 2, 28), due_day=date(2027, 3, 3)) == []
    assert checked(first_day=date(2028, 2, 28), due_day=date(2028, 3, 3)) != []


def test_a_reviewer_reads_what_is_wrong_and_what_would_be_right():
    """All three problems of one quote, with the values of both sides."""
    quote = LoanQuote(**{**FOG, "deposit": 0.8, "due_day": date(2026, 12, 1), "total": 5.0})
    assert list(map(repr, check_quote(quote, catalogue(), TODAY))) == [
        "due_day: 2026-12-01 is -3 days after collection",
        "total: 5.0 is not 30.80, the sum",
        "deposit: 0.8 is not 80.00, as the catalogue has it",
        "due_day: 2026-12-01 is -3 days after collection, not 3",
    ]
    odd = LoanQuote(**{**FOG, "item": "x" * 500 + "\n", "loan_fee": -1.0})
    first, last = check_quote(odd, catalogue(), TODAY)
    assert first == Problem("loan_fee", RULE, "-1.0 is no amount of crowns and cents")
    assert len(last.says) < 120


def test_a_quote_comes_from_a_reply():
    """Dates as JSON has them; nothing that the schema does not know."""
    body = '{"item": "fog-machine", "concession": false, "first_day": "2026-12-04", "due_day": '
    body += '"2026-12-07", "loan_fee": 30, "deposit": 80, "total": 110'
    assert parse_reply(message(text(body + "}")), LoanQuote).value == LoanQuote(**FOG)
    assert parse_reply(message(text(body + ', "tip": 5}')), LoanQuote).reason == "invalid"


@pytest.mark.parametrize("today", [datetime(2026, 11, 23), "2026-11-23", None])
def test_today_is_a_day(today):
    """A moment cannot be compared with a day."""
    with pytest.raises(ArgumentError, match=r"^today is .*Give date\("):
        check_quote(LoanQuote(**FOG), catalogue(), today)


def test_a_catalogue_has_terms():
    """A dict of dicts is refused before anything is compared."""
    with pytest.raises(ArgumentError, match=r"Only LoanTerms values can stand in catalogue"):
        check_quote(LoanQuote(**FOG), {"fog-machine": {"days": 3}}, TODAY)
