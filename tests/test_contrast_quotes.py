"""The view of quotes really runs both apps, and finds out which lamps they have."""

import pytest

from labkit import Lab
from labkit.case import catalogue
from labkit.clock import current
from labkit.contrast import quotes, quotes_checked
from labkit.contrast.quote_replies import LAYERS, ONLY, RIGHT, WAYS, Reply, all_replies, written
from labkit.contrast.quotes import ended, lamps_of
from labkit.errors import ArgumentError
from labkit.reliability import LoanQuote, check_quote
from labkit.views.twin import static_html

MODEL = Lab().model()
RULE, RECORD = LAYERS[2:]


def trusting(client, question):
    """What the SDK's parse says is a quote."""
    reply = client.messages.parse(
        model=MODEL,
        max_tokens=300,
        messages=[{"role": "user", "content": question}],
        output_format=LoanQuote,
    )
    return reply.parsed_output


def layers(*wanted):
    """An app that has these layers beyond the schema."""

    def app(client, question):
        try:
            quote = trusting(client, question)
        except ValueError:
            return None
        found = check_quote(quote, catalogue(), current().utcnow().date())
        return [one for one in found if one.layer in wanted] or quote

    return app


careful = layers(RULE, RECORD)


def rows(view):
    """The table by its row heads."""
    assert view.error is None
    return {row[0]: row[1:] for row in view.drawing.table.rows}


@pytest.fixture(scope="module")
def view():
    """One view for all tests; each sets its controls."""
    return quotes(trusting, careful)


@pytest.mark.parametrize("fit", [False, True])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("field", RIGHT)
def test_production_stores_no_wrong_quote_and_names_the_first_layer(view, field, way, fit):
    """Each field in each way: the layer that notices first is the one that can."""
    reply = written(field, way, fit=fit)
    found = rows(view.move(field=field, way=way, fit=fit))
    assert found["first to notice"][1] == (reply.first or "nobody")
    assert found["outcome"][1] in ("to a reviewer", "handed to a person") or way == "not at all"
    by_schema = reply.first in ("JSON", "schema")
    stored = "stored" if way == "not at all" else "stored, and wrong"
    assert found["outcome"][0] == ("crashed" if by_schema else stored)


def test_a_reply_that_is_cut_says_so():
    """An app that reads the stop reason first can tell; a whole reply ends its turn."""
    seen = []

    def reads(client, question):
        turn = {"role": "user", "content": question}
        reply = client.messages.create(model=MODEL, max_tokens=300, messages=[turn])
        seen.append(reply.stop_reason)

    for way in ("cut off", "a little"):
        assert ended(reads, written("total", way, fit=False), 7).word == "handed to a person"
    assert seen == ["max_tokens", "end_turn"]


def test_a_sum_that_fits_hides_a_wrong_amount_from_the_business_rule(view):
    """Without the tick the rule notices, with it the record alone; the total's tick moves on."""
    assert written("deposit", "a little", fit=False).first == RULE
    assert written("deposit", "a little", fit=True).first == RECORD
    total = rows(view.move(field="total", way="a little", fit=True))
    assert total["first to notice"] == ("nobody", RECORD)
    assert "deposit" in total[RECORD][1]


def test_an_exchange_needs_no_tick(view):
    """Fee and deposit in each other's place add up as before."""
    for fit in (False, True):
        found = rows(view.move(field="loan_fee", way="exchanged", fit=fit))
        assert found[RULE] == ("no such step", "passed")
        assert found["problems for the reviewer"] == ("0", "2")
    assert "First to notice: source of record." in view.drawing.finding


def test_only_the_first_lamp_stops(view):
    """Where two layers notice, the second is seen and not stopped; all problems are counted."""
    found = rows(view.move(field="loan_fee", way="by far", fit=False))
    assert found[RULE][1].startswith("stopped here")
    assert "20" in found[RECORD][1]
    assert "stopped" not in found[RECORD][1]


def test_lamps_are_found_out_by_what_an_app_lets_through():
    """Each probe is noticed by one layer alone, and an app has the lamps that it acts on."""
    for layer, values in ONLY.items():
        quote = LoanQuote.model_validate(dict(values))
        found = {one.layer for one in check_quote(quote, catalogue(), Lab().clock.utcnow().date())}
        assert found == {layer}
    assert lamps_of(trusting, 7) == set()
    assert lamps_of(layers(RULE), 7) == {RULE}
    assert lamps_of(careful, 7) == {RULE, RECORD}
    one = rows(quotes(layers(RULE), layers(RECORD)))
    assert one[RULE] == ("passed", "no such step")
    assert one["outcome"] == ("stored, and wrong", "to a reviewer")


def test_a_right_quote_sent_to_a_reviewer_is_no_success():
    """An app that finds fault with everything is said to."""
    problem = check_quote(
        LoanQuote.model_validate(dict(ONLY[RECORD])), catalogue(), Lab().clock.utcnow().date()
    )
    view = quotes(trusting, lambda client, question: problem).move(way="not at all")
    assert rows(view)["outcome"] == ("stored", "a right one to a reviewer")
    assert "sends a right quote to a reviewer" in view.drawing.finding


def test_quotes_are_counted_by_the_layer_that_can_notice():
    """Schema alone keeps out what it can; the careful app all, and both store the right ones."""
    counted = {
        (row.label, row.who): (row.part, row.whole) for row in quotes_checked(trusting, careful)
    }
    for layer in LAYERS:
        part, whole = counted[layer, "prototype"]
        assert part == (whole if layer in ("JSON", "schema") else 0)
        assert counted[layer, "production"] == (whole, whole)
        assert whole >= 7
    assert counted["nothing is wrong", "prototype"] == (26, 26)
    assert counted["nothing is wrong", "production"] == (26, 26)
    assert sum(counted[one, "production"][1] for one in LAYERS) == len(
        {one.text for one in all_replies() if one.first}
    )


def test_refusing_everything_fails_the_right_quotes():
    """None for every reply keeps all wrong ones out, and none of the right ones in."""
    never = quotes_checked(trusting, lambda client, question: None)
    assert never[-1].part == 0
    assert never[-2].part == 26


def test_both_forms_say_what_the_table_says(view):
    """Live and still hold the reply, the lamps and the outcome."""
    view.move(field="loan_fee", way="exchanged", fit=False)
    for html in (view.drawing.body, static_html(view.drawing)):
        for word in ("source of record", "to a reviewer", "stored, and wrong", "loan_fee"):
            assert word in html
    assert "was" in view.move(way="not at all").drawing.body


def test_a_reply_that_is_no_object_at_all_is_no_misfit_of_a_field():
    """The schema names a field, or nothing."""
    assert Reply("[]").misfit == ""
    assert Reply("[]").first == "schema"


@pytest.mark.parametrize(
    "make",
    [
        lambda: quotes(None, careful),
        lambda: quotes(trusting, lambda: 1),
        lambda: quotes(trusting, careful, seed="7"),
        lambda: quotes_checked(5, careful),
        lambda: quotes_checked(trusting, careful, seed=0.5),
        lambda: ended(lambda client, question: "a text", written("item", "a little", fit=False), 7),
        lambda: ended(lambda client, question: 5, written("item", "a little", fit=False), 7),
        lambda: ended(lambda client, question: ["a"], written("item", "a little", fit=False), 7),
    ],
)
def test_what_cannot_be_compared_is_refused(make):
    """Each bad argument, and each strange result, is named with what to do."""
    with pytest.raises(ArgumentError, match=r"\. [A-Z]"):
        make()
