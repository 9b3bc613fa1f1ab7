"""Quotes and numbers are looked up in the passages that an answer names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.case import documents
from labkit.reliability import grounded

PASSAGES = {
    "late-returns": "The late fee is 2.00 crowns per day for each thing.\nIt never grows beyond\n"
    "30 crowns. Don’t hide a thing: one reminder comes 2 days before.",
    "projector": "The projector gives 3,200 lumens and may be kept for 3 days.",
    "visits": "You can bring a friend. The desk lends two straps. Room 12 opens at 10:00.",
    "ids": "Ask for lab-fast-7 or model 1.2.3, in room4.",
}
HOLDS = {
    "a quote": "“The late fee is 2.00 crowns per day” [late-returns]",
    "a quote in other marks": "«the late fee is 2.00 crowns» [late-returns]",
    "a quote in single marks": "\u2018Don’t hide a thing’ [late-returns]",
    "a quote across a line break": '"It never grows beyond 30 crowns." [late-returns]',
    "straight for curly": '"Don\'t hide a thing" [late-returns]',
    "curly for straight": "“don’t hide a thing” [late-returns]",
    "a paraphrase with the right number": "You pay 2 crowns for each day. [late-returns]",
    "a paraphrase without a number": "You pay for each day. [late-returns]",
    "a number as a word": "It stops at thirty... or rather 30; two crowns a day. [late-returns]",
    "a word as a number": "There are 2 straps. [visits]",
    "a pronoun": "You can bring one friend; one of the straps is red. [visits]",
    "one, counted": "There is 1 reminder. [late-returns]",
    "no thousands separator": "It gives 3200 lumens. [projector]",
    "another separator": "It gives 3\u202f200 lumens, 3’200 or 3 200. [projector]",
    "more zeros": "2.0 crowns, 30.00 at most [late-returns]",
    "a time": "It opens at 10:00. [visits]",
    "two sources": "3 days, then 2 crowns a day [projector] [late-returns]",
    "a sentence's end": "The fee is 2. It ends at 30! [late-returns]",
    "a number in an id": "Ask for lab-fast-9 or 9.9.9 in room9. [ids]",
}
DOES_NOT = {
    "no source": ("You pay 2 crowns.", ["it names no source"]),
    "nothing": ("", ["it names no source"]),
    "none": ("I do not know. [none]", ["it says that it rests on nothing"]),
    "an invented source": ("You pay. [fees]", ["there is no passage [fees]"]),
    "an invented quote": (
        '"The late fee is waived" [late-returns]',
        ["the quote “The late fee is waived” is not in the source: it stands nowhere"],
    ),
    "an invented quote in single marks": (
        "\u2018We don’t mind’ [late-returns]",
        ["the quote “We don’t mind” is not in the source: it stands nowhere"],
    ),
    "the wrong document": (
        '"never grows beyond 30 crowns" [projector]',
        [
            "the quote “never grows beyond 30 crowns” is not in the source: it stands in "
            "[late-returns]",
            "the number 30 is not in the source",
        ],
    ),
    "a quote that begins within a word": (
        '"row beyond" it says [late-returns]',
        ["the quote “row beyond” is not in the source: it stands nowhere"],
    ),
    "a quote across two passages": (
        '"for 3 days. The late fee" [projector] [late-returns]',
        ["the quote “for 3 days. The late fee” is not in the source: it stands nowhere"],
    ),
    "an altered number": (
        "You pay 3 crowns. [late-returns]",
        ["the number 3 is not in the source"],
    ),
    "a decimal": ("You pay 2.50. [late-returns]", ["the number 2.50 is not in the source"]),
    "a moved point": ("3.2 lumens [projector]", ["the number 3.2 is not in the source"]),
    "half a number": ("200 lumens [projector]", ["the number 200 is not in the source"]),
    "a number with its unit": ("It weighs 5kg. [projector]", ["the number 5 is not in the source"]),
    "a word as a number": ("seven days [projector]", ["the number 7 is not in the source"]),
    "a number as one, uncounted": ("1 friend [visits]", ["the number 1 is not in the source"]),
    "a number of an id": (
        "7 rooms, 4 desks [ids]",
        [
            "the number 7 is not in the source",
            "the number 4 is not in the source",
        ],
    ),
    "a number that another passage has": (
        "It costs 2 crowns. [projector]",
        ["the number 2 is not in the source"],
    ),
}


@pytest.mark.parametrize("name", HOLDS)
def test_what_stands_in_the_source_holds(name):
    """Other marks, spaces, zeros and separators are the same words and numbers."""
    found = grounded(HOLDS[name], PASSAGES)
    assert found.holds, found
    assert repr(found).startswith("grounded in ")


@pytest.mark.parametrize("name", DOES_NOT)
def test_what_does_not_stand_there_is_named(name):
    """Each quote and number that is missing, and where a quote stands instead."""
    answer, problems = DOES_NOT[name]
    found = grounded(answer, PASSAGES)
    assert list(found.problems) == problems
    assert not found.holds
    assert repr(found) == "; ".join(problems)


def test_a_source_is_named_once_in_the_order_of_the_answer():
    """However often it stands there."""
    assert grounded("[b] then [a] then [b]", {"a": "", "b": ""}).sources == ("b", "a")


@pytest.mark.parametrize("page", documents(), ids=lambda page: page.id)
def test_every_document_is_grounded_in_itself(page):
    """Every number that is found in an answer is found in a passage, too."""
    assert grounded(f"{page.text} [{page.id}]", {page.id: page.text}).holds


@given(st.text(), st.dictionaries(st.sampled_from(["a", "b"]), st.text()))
def test_no_text_makes_it_raise(answer, passages):
    """Digits of other scripts, lone marks, line breaks of all kinds."""
    assert isinstance(grounded(f"{answer} [a]", passages).holds, bool)


@given(st.floats(0, 1e6), st.sampled_from(["{:.2f}", "{:,.2f}", "{:.0f}", "{:,.0f}"]))
def test_a_number_is_found_however_it_is_written(value, form):
    """With or without separators, in the source or in the answer."""
    written = form.format(value)
    bare = written.replace(",", "")
    assert grounded(f"It is {written}. [a]", {"a": f"It is {bare}."}).holds
    assert grounded(f"It is {bare}. [a]", {"a": f"It is {written}."}).holds
    assert not grounded(f"It is 1{bare}. [a]", {"a": f"It is {written}."}).holds
