"""The view of a prompt's rules really runs the app: what is lost, what is read, what it costs."""

import pytest

from labkit import Lab
from labkit.case import sample, samples, system_prompt
from labkit.contrast import prompt_bill
from labkit.errors import ArgumentError
from labkit.views.twin import static_html

MODEL = Lab().model("frontier")
HEAD, _, PAGES = system_prompt().partition("<documents>")
LINES = [one for one in HEAD.splitlines() if one.startswith("- ")]
TWIN = (
    "- Always use the newest document. What an older one says may have changed since, as fees do."
)
DATES = next(one for one in LINES if "later date" in one)
PADDING = "- Be friendly, warm and professional, and thank the member for the question. " + (
    "Read it twice, and think about what the member wants to know before you answer it. " * 9
)
RULES = [*LINES, TWIN, PADDING.strip()]
VERDICTS = dict.fromkeys(RULES, "untested") | {DATES: "keep", TWIN: "drop"}
EXAMPLES = [sample(id) for id in ("drill-days", "late-fee-corrected", "ramp-load")]


def app_for(rules):
    """Latch with these rules; they stand before the cache's marker, the documents behind it."""
    own = {
        "type": "text",
        "text": "\n".join(["You are Latch.", *rules]),
        "cache_control": {"type": "ephemeral"},
    }

    def app(client, question):
        reply = client.messages.create(
            model=MODEL,
            max_tokens=300,
            system=[own, {"type": "text", "text": f"<documents>{PAGES}"}],
            messages=[{"role": "user", "content": question}],
        )
        return reply.content[0].text

    return app


@pytest.fixture(scope="module")
def view():
    """One view for all tests; each sets its controls."""
    return prompt_bill(app_for, VERDICTS, EXAMPLES, model=MODEL)


def lost(view):
    """The examples that do not hold."""
    return [row[0].split()[-1] for row in view.drawing.table.rows if row[3] == "lost"]


def at(view, rule=None, out="nothing", questions=10_000):
    """The view with one rule more out."""
    place = 0 if rule is None else RULES.index(rule) + 1
    return view.move(out=out, one=place, questions=questions)


def test_each_twin_alone_may_go_and_both_may_not(view):
    """That is what one at a time cannot see."""
    assert not lost(at(view))
    assert not lost(at(view, DATES))
    assert not lost(at(view, TWIN))
    assert lost(at(view, DATES, out="the spare ones")) == ["late-fee-corrected"]
    assert "2 of 3 examples hold" in view.drawing.finding


def test_each_slice_says_what_holds_of_how_many_and_what_is_lost(view):
    """In the bar, beside it, in the table and in the still picture; n stands in each."""
    full = at(view).drawing
    assert full.facts["examples that hold"] == "3 of 3"
    assert full.body.count("none lost") == 2
    cut = at(view, DATES, out="the spare ones").drawing
    assert cut.facts["examples that hold"] == "2 of 3"
    rows = {row[0]: row[3] for row in cut.table.rows}
    assert rows["slice happy"].startswith("2 of 2 (")
    assert rows["slice edge"] == "0 of 1 (0–79\N{NARROW NO-BREAK SPACE}%); 1 lost"
    for html in (cut.body, static_html(cut)):
        assert "0 of 1 (0–79" in html
        assert "1 lost: late-fee-corrected" in html
    assert cut.body.count('class="f6" style="flex:1') == 1


def test_a_set_of_any_size_is_asked_in_one_lab():
    """The lab's budget is for each question: with sixty examples it is not used up."""
    many = prompt_bill(app_for, {RULES[0]: "keep"}, samples()[:60], model=MODEL)
    assert many.error is None
    assert many.drawing.facts["examples that hold"].endswith(" of 60")


def test_below_the_minimum_nothing_is_read_and_a_question_costs_more(view):
    """Both are read off the app's calls, in one lab whose first question writes."""
    facts = at(view).drawing.facts
    assert int(facts["read from the cache"]) >= 512
    dear = at(view, PADDING.strip()).drawing
    assert dear.facts["read from the cache"] == "none"
    assert float(dear.facts["USD a month, all"]) > float(facts["USD a month, all"])
    assert "begins at 512 tokens" in dear.finding
    assert "more" in dear.finding


def test_money_follows_the_questions(view):
    """Ten times as many cost ten times as much; the rest is the same."""
    few, many = (
        float(at(view, questions=count).drawing.facts["USD a month, all"])
        for count in (1_000, 10_000)
    )
    assert many == pytest.approx(10 * few, abs=0.06)


def test_a_rule_that_nobody_asks_for_says_so_in_words(view):
    """Beside its dotted edge, in the table and in the still picture."""
    at(view)
    assert "for 12 no example asks" in view.drawing.finding
    for html in (view.drawing.body, static_html(view.drawing)):
        assert html.count("no example asks") >= 12
    assert "dotted" in view.drawing.body
    at(view, TWIN)
    assert "<s" in view.drawing.body
    assert "out · spare" in view.text


def test_what_a_reader_puts_in_cannot_break_the_page():
    """A rule is text, however it looks."""
    odd = prompt_bill(app_for, {"<b>x</b>": "keep"}, EXAMPLES[:2], model=MODEL)
    assert "<b>x" not in odd.drawing.body
    assert "<b>x" not in odd.static


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((None, VERDICTS, EXAMPLES), "app_for is None"),
        ((app_for, RULES, EXAMPLES), "verdicts is"),
        ((app_for, {}, EXAMPLES), "verdicts is {}"),
        ((app_for, {"a": "maybe"}, EXAMPLES), "'maybe' is not a verdict"),
        ((app_for, VERDICTS, EXAMPLES[:1]), "number of examples is 1"),
        ((app_for, VERDICTS, [*EXAMPLES, EXAMPLES[0]]), "id is 'drill-days'. 2 examples have it"),
        ((app_for, VERDICTS, ["a"]), "something in examples is 'a'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(given, words):
    """In words that say what to give."""
    with pytest.raises(ArgumentError, match=words):
        prompt_bill(*given, model=MODEL)


def test_a_model_must_be_known():
    """Its prices are needed."""
    with pytest.raises(ArgumentError, match="no-model"):
        prompt_bill(app_for, VERDICTS, EXAMPLES, model="no-model")
