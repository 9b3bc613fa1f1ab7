"""The view of a changing fact: what the apps say is what they were given."""

import pytest

from labkit import Lab
from labkit.case import documents
from labkit.contrast import facts
from labkit.contrast.facts import WRITES
from labkit.errors import ArgumentError
from labkit.reliability import Bm25, grounded

MODEL = Lab().model()
PAGES = {page.id: page.rendered() for page in documents()}
QUESTION = "How much is the late fee for one day?"
RULES = (
    "Answer from the documents. Of two that disagree the later one holds. End with the id of the "
    "document in square brackets: [extensions]."
)
SEEDS = (7, 1, 2, 42, 1234, 99999)


def asked(client, system, question):
    """The model's text."""
    turn = {"role": "user", "content": question}
    reply = client.messages.create(model=MODEL, max_tokens=300, system=system, messages=[turn])
    return reply.content[0].text


def from_memory(client, question):
    """An app without pages."""
    return asked(client, "You are Latch. Answer in one sentence.", question)


def from_pages(client, question, pages):
    """An app that finds pages, and looks its answer up in them."""
    found = {hit.id: hit.text for hit in Bm25(pages).search(question)}
    handed = "\n".join(found.values())
    text = asked(client, f"{RULES}\n\n<documents>\n{handed}\n</documents>", question)
    passages = {id: page.partition("\n")[2] for id, page in found.items()}
    return text if grounded(text, passages).holds else "Please ask at the desk."


def view(seed=7):
    """The view of both."""
    return facts(from_memory, from_pages, QUESTION, PAGES, seed=seed)


def rows(one):
    """The table by its row heads."""
    return {row[0]: row[1:] for row in one.drawing.table.rows}


@pytest.mark.parametrize("seed", SEEDS)
def test_one_answer_goes_along_with_the_page_and_the_other_stays(seed):
    """For every fee, production says what the page says now; the prototype says one thing."""
    one, memory = view(seed), set()
    for fee in range(1, 7):
        one.move(fee=fee)
        assert one.error is None
        left, right = rows(one)["fee in the answer"]
        assert right == f"{fee} crown{'s' * (fee != 1)}"
        assert rows(one)["stands there"] == ("none", "yes")
        memory.add(left)
    assert len(memory) == 1
    assert not memory & {f"{fee} crowns" for fee in range(1, 7)}


@pytest.mark.parametrize("writes", WRITES)
def test_what_does_not_stand_on_its_page_never_reaches_a_person(writes):
    """A true quote and a paraphrase do; the others end at the desk, and stand on the left."""
    one = view().move(writes=writes)
    holds = writes in ("its own answer", "a true quote", "a paraphrase")
    assert rows(one)["outcome"][1] == ("the page's fee" if holds else "sent to the desk")
    is_own = writes == "its own answer"
    assert rows(one)["stands there"][0] == ("none" if is_own else "yes" if holds else "no")
    assert ("scripted" in one.text) is not is_own


def test_a_quote_of_another_page_is_none_of_this_page_s():
    """What is quoted moves with the page; the older page's quote fails even at its own fee."""
    one = view().move(fee=3, writes="a quote of another page")
    assert rows(one)["fee in the answer"] == ("3 crowns", "none")
    assert rows(one)["outcome"] == ("the page's fee", "sent to the desk")


def test_a_crash_and_an_invented_rule_are_said():
    """An app that raises has no fee; an answer without one is a rule of its own."""
    one = facts(lambda c, q: 1 / 0, from_pages, QUESTION, PAGES)
    assert "the prototype crashes" in one.drawing.finding
    two = view().move(writes="an invented quote")
    assert "invents a rule, production sends Noor to the desk" in two.drawing.finding


def test_the_same_settings_give_the_same_bytes():
    """A moved control that comes back paints the first picture again."""
    one = view()
    first = one.text
    assert one.move(fee=2).move(fee=4).text == first == view().text


@pytest.mark.parametrize(
    "arguments",
    [
        (None, from_pages, QUESTION, PAGES),
        (from_memory, from_memory, QUESTION, PAGES),
        (from_memory, from_pages, 5, PAGES),
        (from_memory, from_pages, QUESTION, [PAGES]),
        (from_memory, from_pages, QUESTION, {}),
        (from_memory, from_pages, QUESTION, {"late-returns": "The late fee is 2 crowns."}),
    ],
)
def test_what_cannot_be_compared_is_refused(arguments):
    """Each bad argument is named, with what to do."""
    with pytest.raises(ArgumentError, match=r"\. [A-Z]"):
        facts(*arguments)
