"""The view of a moving name: its lanes are the catalogue's, its facts those of the calls."""

from datetime import date, timedelta

import pytest

from labkit import Lab, catalog
from labkit.contrast import moving_names
from labkit.errors import ArgumentError
from labkit.views.twin import static_html

QUESTION = "How much is the deposit on the tile cutter?"
FIRST = date(2026, 9, 1)


TOPICS = {"type": "string", "enum": ["fees", "loans", "other"]}
FIXED = {"type": "object", "properties": {"topic": TOPICS}, "required": ["topic"]}
FORM = {"type": "json_schema", "schema": FIXED | {"additionalProperties": False}}
SYSTEM = "Name the topic of what a member writes.\n\nfees: deposits, prices, crowns\n" * 3


def ask(client, model, question, **more):
    """A short call, with a ceiling that leaves no room for thinking."""
    asked = [{"role": "user", "content": question}]
    given = {"output_config": {"format": FORM}} | more
    return client.messages.create(
        model=model, max_tokens=32, system=SYSTEM, messages=asked, **given
    )


def view(**more):
    """The view of this call."""
    return moving_names(ask, QUESTION, **more)


def rows(one):
    """The table by its row heads; of equal heads the last."""
    return {row[0]: row[1:] for row in one.drawing.table.rows}


@pytest.mark.parametrize("name", ["lab-fast-latest", "lab-fast-1"])
@pytest.mark.parametrize("weeks", [1, 5, 6, 12, 13, 21, 22, 25])
def test_each_week_shows_what_the_same_call_gets_on_that_day(name, weeks):
    """The model that answers, its tokens and its price, under both names."""
    one = view().move(weeks=weeks, name=name)
    assert one.error is None
    day = FIRST + timedelta(days=7 * weeks)
    found = rows(one)
    assert found["name in the code"] == (name, catalog.model(name, FIRST).id)
    for column, named in enumerate(found["name in the code"]):
        if catalog.model(named, day).stage(day) == "retired":
            assert found["the call"][column] == "404, no such model"
            continue
        message = ask(Lab(7, today=day).client, named, QUESTION)
        assert message.model in one.html
        assert found["tokens in"][column] == str(message.usage.input_tokens)
        assert found["tokens out"][column] == str(message.usage.output_tokens)
        cost = 1000 * catalog.cost_usd(message.usage, message.model)
        assert found["USD per 1,000 calls"][column] == f"{cost:.2f}"


def test_the_name_that_says_latest_moves_to_another_price_and_is_cut():
    """A day before nothing is to be seen; afterwards the old ceiling cuts what thinks first."""
    before = view().move(weeks=5).drawing.finding
    assert before == "On 6 October both names mean lab-fast-2, and both apps get the same."
    after = view().move(weeks=6).drawing.finding
    assert after.startswith("Since 7 October the unchanged line asks lab-fast-3: ")
    assert "and the reply is cut at max_tokens" in after


def test_the_pinned_lane_stays_and_ends_on_its_day():
    """A week before it answers; then it says that no model has its name."""
    one = view().move(weeks=21, name="lab-fast-1")
    assert one.drawing.finding.startswith("Since 1 December the unchanged line asks lab-fast-1-2")
    one.move(weeks=22)
    assert "Since 1 February no model answers to lab-fast-1-20260301" in one.drawing.finding
    assert "no answer since 1 February" in one.html
    assert rows(one)["USD per 1,000 calls"][1] == "none"


def test_a_move_that_changes_nothing_to_be_seen_is_said_to_be_one():
    """Price and reply as before: only the reply's own model tells. Free words change."""
    one = view().move(weeks=13, name="lab-fast-1")
    assert "price and reply are as before" in one.drawing.finding
    free = moving_names(lambda *given: ask(*given, output_config={}), QUESTION)
    assert "other words" in free.move(weeks=13, name="lab-fast-1").drawing.finding


@pytest.mark.parametrize("form", ["live", "still"])
def test_both_forms_say_both_lanes_in_words(form):
    """Names, versions, the chosen day and all facts; a dotted or empty bar is not all there is."""
    one = view()
    html = one.drawing.body if form == "live" else static_html(one.drawing)
    for word in ("lab-fast-latest", "lab-fast-2", "lab-fast-3", "24 November", "from 7 October"):
        assert word in html
    found = rows(one)
    for head in ("the call", "tokens in", "tokens out", "USD per 1,000 calls"):
        assert all(value in html for value in found[head])


def test_equal_settings_give_equal_bytes():
    """Back and forth; another seed is named."""
    one = view(seed=3)
    first = one.html
    assert one.move(weeks=20).reset().html == first == view(seed=3).html
    assert "seed 3" in one.text


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("no", QUESTION), "ask"),
        ((lambda client, model: None, QUESTION), "ask"),
        ((ask, 5), "question"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments, named):
    """With the argument's name and what to do."""
    with pytest.raises(ArgumentError, match=rf"{named}.*\. [A-Z]"):
        moving_names(*arguments)
    with pytest.raises(ArgumentError, match="seed is"):
        view(seed="seven")


def test_a_function_that_returns_no_message_is_told_so():
    """The view says it in words; nobody is scored."""
    one = moving_names(lambda client, model, question: "fees", QUESTION)
    assert "what ask returned" in str(one.error)
    assert "Return the provider's message." in str(one.error)
