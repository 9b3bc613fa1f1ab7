"""Finding in many texts: the same as taking every one of them apart."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labkit.sim.model.context import SAMPLED, read, read_plain
from labkit.sim.model.index import Index
from labkit.sim.model.statements import sentences
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


@given(TEXTS)
@example(["a lad", "two ladies"])
def test_a_term_is_found_where_taking_everything_apart_finds_it(texts: list[str]) -> None:
    """Every term of every text, in just the texts that have it, and none that stands nowhere."""
    index, apart = Index(texts), [terms(text) for text in texts]
    for term in {"day", "keep", "nowhere"}.union(*apart):
        assert index.places(term) == [at for at, found in enumerate(apart) if term in found]
    assert index.vocabulary == {word for text in texts for word in words(text)}


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
