"""Pages are found by the rare words that a question shares with them."""

import gzip
import json
import math
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.case import documents, samples
from labkit.errors import ArgumentError
from labkit.reliability import Bm25, Hit

PAGES = {"a": "The drill is red.", "b": "A red ladder, a red one.", "c": "Nothing else here."}
HAPPY = [one for one in samples() if "happy" in one.tags]


def test_a_score_is_the_published_formula():
    """k1 1.2, b 0.75, and the logarithm that never falls below nothing."""
    (hit,) = Bm25({"a": "red drill drill", "b": "ladder"}).search("drill", 1)
    length = 1.2 * (1 - 0.75 + 0.75 * 3 / 2)
    assert hit == Hit(
        "a", pytest.approx(math.log(1 + 1.5 / 1.5) * 2 * 2.2 / (2 + length)), "red drill drill"
    )


def test_the_page_with_the_rarer_word_stands_first():
    """Rare words tell more than frequent ones, and order is best first."""
    found = Bm25(PAGES).search("Which red drills are there?")
    assert [hit.id for hit in found] == ["a", "b"]
    assert found[0].text == PAGES["a"]
    assert repr(found) == f"[a {found[0].score:.1f}, b {found[1].score:.1f}]"


def test_what_shares_no_word_is_not_found():
    """No page is returned to fill a list; common words are no words."""
    assert Bm25(PAGES).search("How much is the fog machine?") == []
    assert Bm25({"a": ""}).search("drill") == []
    assert len(Bm25(PAGES).search("red", 1)) == 1


def test_the_case_is_found():
    """Of the happy questions' pages 31 of 34 stand first, and all among the first three."""
    index = Bm25({page.id: f"{page.title}\n{page.text}" for page in documents()})

    def found(most):
        hits = [{hit.id for hit in index.search(one.input, most)} for one in HAPPY]
        return sum(bool(ids & {*one.documents}) for ids, one in zip(hits, HAPPY, strict=True))

    assert (found(1), found(3), len(HAPPY)) == (31, 34, 34)


@pytest.mark.skipif("LABKIT_EXTERNAL_DATA" not in os.environ, reason="foreign data is not shipped")
def test_the_published_recall_is_what_it_is():
    """On 2,655 questions and 2,600 passages that nobody here wrote."""
    path = Path(os.environ["LABKIT_EXTERNAL_DATA"]) / "qa" / "nq-open-oracle.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(row) for row in file]
    gold = ["{title}\n{text}".format(**next(c for c in row["ctxs"] if c["isgold"])) for row in rows]
    ids = {text: str(place) for place, text in enumerate(dict.fromkeys(gold))}
    index = Bm25({id: text for text, id in ids.items()})
    hits = [[hit.id for hit in index.search(row["question"], 5)] for row in rows]

    def recall(most):
        return sum(ids[g] in h[:most] for g, h in zip(gold, hits, strict=True)) / len(rows)

    assert (len(rows), len(ids)) == (2_655, 2_600)
    assert (round(recall(1), 3), round(recall(5), 3)) == (0.777, 0.923)


@given(st.text(), st.dictionaries(st.sampled_from(["a", "b"]), st.text(), min_size=1))
def test_no_text_makes_it_raise(question, pages):
    """Scores are above nothing, best first, and whoever asks again gets the same."""
    index = Bm25(pages)
    found = index.search(question)
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert all(hit.score > 0 for hit in found)
    assert found == index.search(question)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Bm25({}),
        lambda: Bm25("pages"),
        lambda: Bm25({"a": 5}),
        lambda: Bm25(PAGES).search(None),
        lambda: Bm25(PAGES).search("red", 0),
    ],
)
def test_what_cannot_be_searched_is_refused(ask):
    """Each bad argument is named, with what to do."""
    with pytest.raises(ArgumentError, match=r"\. [A-Z]"):
        ask()
