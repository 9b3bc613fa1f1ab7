"""Finding in many texts: the same as taking every one of them apart."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labkit.sim.model import statements
from labkit.sim.model.context import SAMPLED, read, read_plain
from labkit.sim.model.index import MOST_SEARCHED, Index
from labkit.sim.model.statements import (
    DOCUMENT,
    LONGEST_NAME,
    beside_documents,
    documents_in,
    sentences,
)
from labkit.sim.model.words import folded, slips_of, terms, within_one_slip, words

WRITTEN = (
    "day days día dni open opens closed ladies lady lad ladder Ladders ladder, (ladder) ladder's "
    "it's use used because uses 12 1.5 12.5 3:30 kept keep machine-drill machine_drill perder "
    "O'Neil l'escalera 'ladder' · łódź wiertarkę Öffnung ПРИВЕТ 東京 \t \u00a0"
)
PIECES = WRITTEN.split(" ")
TEXTS = st.lists(
    st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join) | st.text("ady os's1.í,-_"),
    max_size=6,
)


def named(at: int) -> str:
    """One of many words, which is its own stem."""
    return "lamp" + str(at).translate(str.maketrans("0123456789", "klmnopqrtu"))


@given(TEXTS)
@example(["a lad", "two ladies"])
def test_a_term_is_found_where_taking_everything_apart_finds_it(texts: list[str]) -> None:
    """Every term of every text, in just the texts that have it, and none that stands nowhere."""
    index, apart = Index(texts), [terms(text) for text in texts]
    for term in {"day", "keep", "nowhere"}.union(*apart):
        assert index.places(term) == [at for at, found in enumerate(apart) if term in found]
    assert index.vocabulary == {word for text in texts for word in words(text)}


@given(TEXTS)
def test_who_asks_often_finds_the_same(texts: list[str]) -> None:
    """Behind so many terms all is taken apart once, and every term is where it was."""
    once, often = Index(texts), Index(texts)
    every = {"day", "nowhere"}.union(*map(terms, texts))
    searched = {term: once.places(term) for term in every}
    for at in range(MOST_SEARCHED):
        often.places(f"other{at}")
    assert {term: [*often.places(term)] for term in every} == searched


def test_a_page_in_one_line_is_not_searched_for_each_of_its_words(monkeypatch) -> None:
    """To weigh a statement, all its terms are looked up: that must not be a search for each."""
    searched = []
    search = Index._places
    monkeypatch.setattr(
        Index,
        "_places",
        lambda index, stub, term: searched.append(term) or search(index, stub, term),
    )
    context = read_plain(" ".join(map(named, range(5 * MOST_SEARCHED))))
    assert context.mass(0) == pytest.approx(5 * MOST_SEARCHED * context.rarity(named(7)))
    assert len(searched) <= MOST_SEARCHED


@given(st.text("abc", min_size=1, max_size=7), st.lists(st.text("abc", min_size=1, max_size=7)))
def test_slips_are_all_the_words_that_one_slip_makes(word: str, known: list[str]) -> None:
    """Looking at halves first misses none."""
    assert slips_of(word, known) == [one for one in known if within_one_slip(word, one)]


@given(st.text() | st.sampled_from(PIECES))
def test_folding_takes_every_accent_away(text: str) -> None:
    """Wherever letters stand."""
    plain = text.lower().replace("’", "'").replace("ł", "l")
    letters = unicodedata.normalize("NFD", plain)
    assert folded(text) == "".join(one for one in letters if not unicodedata.combining(one))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It is 3. It is 4!  Is it?\nyes. no", ["It is 3.", "It is 4!", "Is it?", "yes. no"]),
        ("# Hours\n- Open. ¿Sí? 7 days", ["Hours", "Open.", "¿Sí?", "7 days"]),
        ("one.\r\nTwo.\u2028Three", ["one.", "Two.", "Three"]),
        ("v1.2 costs 3.50 e.g. today.", ["v1.2 costs 3.50 e.g. today."]),
        ("", []),
    ],
)
def test_sentences_end_at_a_mark_or_at_a_line(text: str, said: list[str]) -> None:
    """A capital, a digit or an opening mark begins the next; a list's mark is no word."""
    assert list(filter(None, sentences(text))) == said


def test_a_long_manual_is_searched_as_a_short_one_is() -> None:
    """What is common is judged by a part of it; one sentence of thousands is still found."""
    halls = ["lamp"] * 2 * SAMPLED + ["pump"] * SAMPLED
    lines = [
        f"Shelf {at} has a {what} and stands in hall {at % 7}." for at, what in enumerate(halls)
    ]
    lines[1_234] = "The kiln reaches 1100 degrees."
    context = read_plain("\n".join(lines))
    assert context.own("kiln") == [1_234]
    assert len(context.sample.statements) <= SAMPLED
    assert context.sample.rarest > context.sample.rarity("pump") > context.sample.rarity("lamp")
    assert context.mass(1_234) > context.mass(0)
    assert context.corrected("klin") == "kiln"


def test_things_and_titles_are_told_apart() -> None:
    """A row is about its thing, a sentence that names the thing too, and a title is no text."""
    rows = [("Steam press", 3), ("Fog press", 2), ("Steam iron", 1), ("Fog lamp", 1)]
    table = "\n".join(
        ["| Thing | Fee |", "|---|---|", *(f"| {who} | {fee} |" for who, fee in rows)]
    )
    kept = "Keep the press for steam dry. Each thing is dried. Any item is a fog lamp."
    context = read((('id="fees" title="Steam fees"', table), ('id="care"', kept)))
    assert context.statements[3].text == "The fee for the fog lamp is 1."
    assert [sorted(context.things_of(at)) for at in range(7)] == [
        ["steam press "],
        ["fog press ", "steam press "],
        ["steam iron "],
        ["fog lamp "],
        ["steam press "],
        [],
        ["fog lamp "],
    ]
    assert context.own("steam press ") == [0, 1, 4]
    assert (context.own("steam"), context.title("steam")) == ([0, 2, 4], [1, 3])
    assert context.of_any == {5}


def test_a_list_is_told_item_by_item_and_whole() -> None:
    """Where a line ends with a colon, what follows belongs to it."""
    context = read((("", "Bring:\n- A cup.\n- A towel. It dries.\n\nThen wash."),))
    assert [one.text for one in context.statements] == [
        "A cup.",
        "A towel.",
        "It dries.",
        "Bring: A cup; A towel. It dries.",
        "Then wash.",
    ]


def test_a_line_below_a_heading_is_told_with_it() -> None:
    """A heading by itself says nothing, and the one above a table is the table's."""
    table = "Fees:\n| Thing | Fee |\n|---|---|\n| Kiln | 3 |\nDry it.\n"
    several = "Bring:\nWhat for:\n- A cup.\n|A|B|\n|-|-|\n|C|4|\nSee:"
    context = read((("", f"Hours:\n\nTen to six. Or so.\n{table}{several}"),))
    assert [one.text for one in context.statements] == [
        "Hours: Ten to six.",
        "Or so.",
        "The fee for the kiln is 3.",
        "Dry it.",
        "A cup.",
        "The b for the c is 4.",
        "What for: A cup.",
    ]


SOME = '<document id="a > b" title="<t>">x < y</document>'


@given(
    st.lists(
        st.sampled_from(
            ["<document", "<document ", "<document>", "</document>", "<documents>", " ", ">", "a<b"]
        ),
        max_size=12,
    ).map("".join)
)
@example(f"a {SOME} b {SOME}{SOME} c")
@example("<document><document>x</document></document>")
def test_documents_are_where_a_plain_pattern_finds_them(text: str) -> None:
    """Whatever is left open."""
    plain = re.compile(r"<document\b([^>]*)>(.*?)</document>", re.DOTALL)
    assert [found.groups() for found in documents_in(text)] == plain.findall(text)
    assert beside_documents(text) == plain.sub("", text)


@pytest.mark.parametrize("open_tag", ["<document ", "<document>", "<document></document "])
@pytest.mark.parametrize("end", ["", "</document>"])
def test_documents_that_nobody_closes_are_read_once(
    open_tag: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would be read to the end: a minute for 200,000 characters, and four for twice that."""
    read_from: list[int] = []

    class Counted:
        """The pattern, and from where it was tried."""

        def match(self, text: str, at: int) -> re.Match[str] | None:
            """Try it."""
            read_from.append(at)
            return DOCUMENT.match(text, at)

    monkeypatch.setattr(statements, "DOCUMENT", Counted())
    assert len([*documents_in(open_tag * 20_000 + end)]) <= 1
    assert len(read_from) <= 1


def test_a_table_with_a_page_in_a_cell_is_read_once() -> None:
    """Its cells do not repeat the page, nor is every end of it a name."""
    page = " ".join(map(named, range(4_000)))
    rows = [f"| {page} |" + " 3 |" * 500, "| Kiln |" + " 4 |" * 500]
    context = read(
        (("", f"| Thing | {page} |" + " Fee |" * 499 + f"\n|---|\n{rows[0]}\n{rows[1]}"),)
    )
    assert len(context.statements) == 1_000
    assert max(len(one.text) for one in context.statements) < 3 * LONGEST_NAME
    assert context.names["kiln",] == "kiln "
    assert context.names[named(3_998), named(3_999)] == f"{page} "
    assert len(context.names) == 5  # both whole, and the ends of three words, two and one


def test_a_line_of_white_space_says_nothing() -> None:
    """Not even where its page has the word of the question in its title."""
    context = read((('title="Kiln"', "It is hot.\n\t\n \u00a0\nSo."),))
    assert [one.text for one in context.statements] == ["It is hot.", "So."]
