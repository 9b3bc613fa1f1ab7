"""The view of three formulas: usage, span and invoice of the same calls, and who is how far off."""

from decimal import Decimal

import pytest

from labkit import catalog
from labkit.case import system_prompt
from labkit.contrast import formulas
from labkit.contrast.formulas import FIVE, SPAN, TRAFFIC, USAGE
from labkit.cost import cost_usd
from labkit.errors import ArgumentError

MODEL = "lab-frontier-1"
QUESTIONS = ["How long may I keep a drill?", "What does the fog machine cost?", "Are you open?"]
WRITES, READS, HOUR, PLAIN = TRAFFIC


def naive(model, tokens_in, tokens_out):
    """The page's two parts."""
    price = catalog.model(model).price
    return (tokens_in * price.input + tokens_out * price.output) / 1_000_000


@pytest.fixture(scope="module")
def view():
    """The view of the page's formulas."""
    return formulas(naive, cost_usd, MODEL, system_prompt(), QUESTIONS)


def off(view, formula, traffic):
    """What is said of the error."""
    return view.move(formula=formula, traffic=traffic).drawing.facts["error"].replace("\u202f", " ")


@pytest.mark.parametrize("traffic", TRAFFIC)
def test_five_parts_are_the_invoice_on_every_traffic(view, traffic):
    """To the last digit, in every row."""
    assert off(view, FIVE, traffic) == "equal to the last digit"
    assert all(said == billed for *_, said, billed in view.drawing.table.rows)


def test_the_naive_formula_fails_in_both_directions(view):
    """From usage it is too low wherever a cache works; from the span both ways."""
    assert all("too low" in off(view, USAGE, traffic) for traffic in (WRITES, READS, HOUR))
    assert "too low" in off(view, SPAN, WRITES)
    assert "times the invoice" in off(view, SPAN, READS)
    assert "too low" in off(view, SPAN, HOUR)


def test_where_nothing_is_cached_all_three_agree(view):
    """The naive formula is right on the day on which it is written."""
    found = {off(view, formula, PLAIN) for formula in (USAGE, SPAN, FIVE)}
    assert found == {"equal to the last digit"}


def test_a_formula_of_the_reader_is_what_is_drawn():
    """One that forgets the writes is called so, by as much as it is."""
    view = formulas(naive, lambda usage, _: Decimal(usage.output_tokens), MODEL, "x " * 3000, ["?"])
    assert "times the invoice" in off(view, FIVE, WRITES)


@pytest.mark.parametrize("form", ["live", "still"])
def test_both_forms_hold_both_amounts(view, form):
    """The formula's and the invoice's, and how far apart they are."""
    drawing = view.move(formula=SPAN, traffic=READS).drawing
    page = drawing.body if form == "live" else drawing.picture
    *_, (word, _, said, billed) = drawing.table.rows
    assert all(one in page for one in (said, billed, word.removeprefix("together: ")))


def test_equal_settings_give_equal_bytes(view):
    """The same seed draws the same picture."""
    again = formulas(naive, cost_usd, MODEL, system_prompt(), QUESTIONS)
    assert view.reset().html == again.html


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"naive": 3}, "naive"),
        ({"parts": lambda: 0}, "parts"),
        ({"model": ""}, "model"),
        ({"system": ""}, "system"),
        ({"questions": []}, "questions"),
        ({"seed": "x"}, "seed"),
    ],
)
def test_what_cannot_be_used_is_refused(changed, said):
    """In words that name it."""
    given = {"naive": naive, "parts": cost_usd, "model": MODEL, "system": "x", "questions": ["?"]}
    with pytest.raises(ArgumentError, match=said):
        formulas(**given | changed)
