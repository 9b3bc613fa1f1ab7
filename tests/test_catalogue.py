"""The library's record of prices: whole, typed right, and the same as on the pages."""

import re
from dataclasses import FrozenInstanceError

import pytest

from labkit.case import LoanTerms, catalogue, document, documents
from labkit.case.loading import load_catalogue
from labkit.errors import CaseDataError
from labkit.tables import Row

THING = """[[thing]]
id = "drill"
loan_fee = "12.50"
deposit = "20.00"
days = 7
"""
PERIODS = {
    "drill": ("extensions", "A drill may be kept for 7 days"),
    "ladder": ("extensions", "A ladder may be kept for 7 days"),
    "tile-cutter": ("extensions", "A tile cutter may be kept for 7 days"),
    "chainsaw": ("power-tools-18plus", "A chainsaw may be kept for 2 days"),
    "pressure-washer": ("pressure-washer", "The pressure washer may be kept for 3 days"),
    "sewing-machine": ("sewing-machines", "se puede tener en casa 21 días"),
    "camping-stove": ("camping-stove-and-gas", "The camping stove may be kept for 14 days"),
    "fog-machine": ("fog-machine", "The fog machine may be kept for 3 days"),
    "projector": ("projector", "The projector may be kept for 3 days"),
    "giant-chess-set": ("giant-games", "A giant game may be kept for 7 days"),
    "bat-detector": ("bat-detector", "The bat detector may be kept for 14 days"),
    "event-kit": ("event-kit-checklist", "The event kit may be kept for 4 days"),
    "wheelchair-ramp": ("wheelchair-ramp", "The wheelchair ramp may be kept for 28 days"),
}


def price_table():
    """The rows of the page's table, by id: loan fee and deposit in cents."""
    rows = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in document("fees-and-deposits").text.splitlines()
        if line.startswith("| ")
    )
    _, *things = rows
    return {
        name.split(" (")[0].lower().replace(" ", "-"): tuple(map(cents, prices))
        for name, *prices in things
    }


def cents(price):
    """A price of the table."""
    return 0 if price == "none" else 100 * int(price.removesuffix(" cr"))


def test_every_price_is_the_tables():
    """No thing is missing on either side."""
    have = {one.id: (one.loan_fee_cents, one.deposit_cents) for one in catalogue().values()}
    assert have == price_table()


@pytest.mark.parametrize("id", catalogue())
def test_every_period_stands_on_a_page(id):
    """The sentence that gives it, with its number."""
    page, sentence = PERIODS[id]
    assert sentence in document(page).text
    assert re.search(r"\d+", sentence)[0] == str(catalogue()[id].days)
    assert catalogue()[id].id == id


def test_every_period_on_a_page_is_a_things():
    """A page cannot give a thing of the record another period elsewhere."""
    said = re.compile(r"(?:The|A) ([a-z ]+) may be kept for (\d+) days")
    names = {"giant game": "giant-chess-set"}
    for page in documents():
        for name, days in said.findall(page.text):
            id = names.get(name, name.replace(" ", "-"))
            if id in catalogue():
                assert catalogue()[id].days == int(days), page.id


def test_nobody_can_change_a_price():
    """It is read once and shared."""
    with pytest.raises(TypeError):
        catalogue()["drill"] = None
    with pytest.raises(FrozenInstanceError):
        catalogue()["drill"].days = 1
    assert catalogue() is catalogue()


def test_amounts_are_read_as_cents(tmp_path):
    """Without a detour by floating point."""
    file = tmp_path / "catalogue.toml"
    file.write_text(THING)
    assert load_catalogue(file) == {"drill": LoanTerms("drill", 1_250, 2_000, 7)}


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"12.50"', '"12.5"', 1),
        ('"12.50"', '"12"', 1),
        ('"12.50"', '"-2.50"', 1),
        ('"12.50"', '"12,50"', 1),
        ('"12.50"', '".50 "', 1),
        ('"12.50"', "12.50", 1),
        ('deposit = "20.00"\n', "", 1),
        ("days = 7", "days = 0", 1),
        ("days = 7", "days = 7.5", 1),
        ("days = 7", "days = true", 1),
        ("days = 7", 'days = "7"', 1),
        ("days = 7\n", "", 1),
        ("days = 7", "days = 7\nprice = 3", 1),
        ('id = "drill"', 'id = ""', 1),
        ("days = 7\n", f"days = 7\n{THING}", 6),
    ],
)
def test_a_wrong_thing_names_its_file_and_line(tmp_path, old, new, line):
    """An amount without cents, a period of no days, a key too many, an id that is taken."""
    file = tmp_path / "catalogue.toml"
    file.write_text(THING.replace(old, new, 1))
    wanted = rf"^catalogue\.toml, line {line}: .+\. .+\. To mend it, .+\.$"
    with pytest.raises(CaseDataError, match=wanted):
        load_catalogue(file)


@pytest.mark.parametrize("value", [1, 7, 10**9])
def test_a_whole_number_of_a_row_is_1_or_more(value):
    """As a person counts."""
    assert Row("a.toml", 3, {"days": value}).whole("days") == value
