"""Tasks placed on tiers: the bill follows, and a price step is felt at its place."""

from decimal import Decimal

import pytest

from labkit import Lab
from labkit.case import samples, topic_samples
from labkit.catalog import Price
from labkit.contrast import outcomes_of, placing
from labkit.cost import Outcome, Outcomes
from labkit.errors import ArgumentError
from labkit.sim import overloaded

CHOSEN = {"answers": "balanced", "topic": "fast"}
UP = "fast, then balanced"


def tried(tier, right, task="answers", tokens=6_000, up=0):
    """A hundred outcomes."""
    return [
        Outcome(
            f"q{n}", tier, n < right, 0.01, 1.5, task=task, prompt_tokens=tokens,
            output_tokens=100, escalated=n < up,
        )
        for n in range(100)
    ]  # fmt: skip


OUTCOMES = Outcomes(
    [
        *tried("fast", 80),
        *tried(UP, 90, up=40),
        *tried("balanced", 95),
        *tried("frontier", 96),
        *(
            one
            for tier in ("fast", "balanced", "frontier")
            for one in tried(tier, 60, "topic", 100)
        ),
    ]
)


@pytest.fixture
def view():
    """At first sight."""
    return placing(OUTCOMES, CHOSEN, notes=("seed 7",))


def prices(view, task="answers"):
    """USD for 1,000 right answers, by tier."""
    rows = view.drawing.table.rows
    return {row[1]: float(row[3].replace(",", "")) for row in rows if row[0] == task}


def test_a_task_is_text_whatever_it_is_called():
    """In the live picture and in the still one; a CSV may name it."""
    odd = Outcomes(tuple(one for tier in ("fast", "frontier") for one in tried(tier, 9, "<u>x")))
    placed = placing(odd, {"<u>x": "fast"})
    assert "&lt;u&gt;x" in placed.static
    assert "<u>" not in placed.html + placed.static


def test_the_first_picture_is_the_plan_beside_the_prototype(view):
    """The bill is worked out by hand here: rates times tokens, a thousand times."""
    before = 6_000 * 5 + 100 * 25 + 100 * 5 + 100 * 25
    after = 6_000 * 2 + 100 * 10 + 100 * 0.5 + 100 * 2.5
    said = view.drawing.finding
    assert f"cost {after / 1000:.2f} USD for 1,000 questions instead of {before / 1000:.2f}" in said
    assert said.startswith("Simulated: answers on balanced and topic on fast")
    assert said.endswith("1 of 100 answers fewer right.")


def test_what_is_handed_up_is_paid_on_both_tiers(view):
    """Four of ten, and the price of a right answer has it in."""
    fast, next_ = 6_000 * 0.5 + 250, 6_000 * 2 + 1_000
    assert prices(view)[UP] == pytest.approx((fast + 0.4 * next_) / 1000 / 0.9, abs=0.005)


def test_the_bar_jumps_where_the_prompt_passes_the_step(view):
    """At 96,000 tokens not yet, at 106,000 five times; and then the middle tier is cheaper."""
    before, after = (prices(view.move(added=added)) for added in (90, 100))
    assert before["fast"] < before["balanced"]
    assert after["fast"] > after["balanced"]
    assert after["fast"] / before["fast"] == pytest.approx(5 * 106 / 96, rel=0.01)
    assert "above the step" in view.drawing.body
    assert prices(view, "topic")["fast"] == pytest.approx(0.5, abs=0.01)


def test_a_task_that_is_moved_says_what_the_bill_was(view):
    """Only its own rows change hands."""
    bill = view.drawing.facts["production USD for 1,000 questions"]
    view.move(first="frontier")
    assert f"was <s>{bill}</s>" in view.html
    holders = {row[1]: row[2] for row in view.drawing.table.rows if row[0] == "answers"}
    assert holders["frontier"] == "prototype production"
    assert holders["balanced"] == "nobody"
    assert view.drawing.finding.endswith("as many right.")


def test_one_task_alone_has_two_controls():
    """And prices of one's own, without a step."""
    own = {"fast": Price(1, 1), "balanced": Price(2, 2), "frontier": Price(4, 4)}
    view = placing(OUTCOMES.only("answers"), {"answers": "fast"}, prices=own)
    assert [*view.controls] == ["first", "added"]
    assert prices(view.move(added=150))["fast"] == pytest.approx(156.1 / 0.8, abs=0.01)
    assert "above the step" not in view.drawing.body


def test_equal_settings_give_equal_bytes(view):
    """Back at the first settings, and in another view."""
    first = view.html
    view.move(first="fast", second="frontier", added=150)
    assert view.reset().html == first == placing(OUTCOMES, CHOSEN, notes=("seed 7",)).html


@pytest.mark.parametrize("form", ["live", "still"])
def test_both_forms_hold_every_tier_with_its_numbers(view, form):
    """Names, prices and counts of the table stand in the picture."""
    page = view.drawing.body if form == "live" else view.drawing.picture
    for task, tier, _, price, right, wait in view.drawing.table.rows:
        assert all(text in page for text in (task, tier, price, right, wait))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: placing("a.csv", CHOSEN), "outcomes is 'a.csv'.*read_outcomes"),
        (lambda: placing(OUTCOMES, {"answers": "fast"}), "None is not a tier of topic"),
        (lambda: placing(OUTCOMES, CHOSEN, today="frontire"), "Did you mean 'frontier'"),
        (lambda: placing(OUTCOMES, CHOSEN, prices={"fast": Price(1, 2)}), "with a price"),
        (lambda: placing(OUTCOMES, CHOSEN, notes="seed"), "notes is 'seed'"),
        (
            lambda: placing(
                Outcomes([*tried("frontier", 9), *tried("a, then b, then c", 9)]),
                {"answers": "frontier"},
            ),
            "a way is 'a, then b, then c'.*Name one step",
        ),
        (
            lambda: placing(Outcomes([*OUTCOMES.rows, *tried("fast", 9, "third")]), CHOSEN),
            r"have 3 tasks.*only\('answers'\)",
        ),
        (
            lambda: placing(
                Outcomes([Outcome("q", "frontier", True, 1, 1)]), {"answers": "frontier"}
            ),
            "have no prompt_tokens",
        ),
    ],
)
def test_what_cannot_be_placed_is_refused(make, words):
    """Each in words that say what to do."""
    with pytest.raises(ArgumentError, match=words):
        make()


# -- outcomes of an app -----------------------------------------------------------------------


def app(client, question):
    """One call on the smallest tier."""
    asked = [{"role": "user", "content": question}]
    reply = client.messages.create(model="lab-fast-2", max_tokens=50, messages=asked)
    return reply.content[0].text


def twice(client, question):
    """Two calls."""
    app(client, question)
    return app(client, question)


def test_an_app_is_asked_each_sample_in_a_lab_of_its_own():
    """Right as its eval says; cost and seconds of every call, tokens of the first."""
    few = samples()[:3]
    once, more = (outcomes_of(Lab(7), one, few, tier="fast") for one in (app, twice))
    passed = [row.state == "passed" for row in Lab(7).evaluate(app, few).rows]
    assert [one.ok for one in once] == passed
    for one, other in zip(once, more, strict=True):
        tokens = Decimal(one.prompt_tokens) + 5 * one.output_tokens
        assert one.cost_usd == pytest.approx(float(tokens) / 1e6)
        assert (one.escalated, other.escalated) == (False, True)
        assert other.prompt_tokens == one.prompt_tokens
        assert other.seconds > one.seconds
    assert once == outcomes_of(Lab(7), app, few, tier="fast")


def test_an_outage_is_nobodys_wrong_answer():
    """Neither is an attempt that failed the first call."""
    always, once = (Lab(7, faults=[fault]) for fault in (overloaded(rate=1.0), overloaded(times=1)))
    (gone,) = outcomes_of(always, app, samples()[:1], tier="fast")
    assert (gone.ok, gone.cost_usd, gone.prompt_tokens) == (None, 0, 0)
    (late,) = outcomes_of(once, app, samples()[:1], tier="fast", task="topic")
    assert late.prompt_tokens
    assert (late.escalated, late.task) == (False, "topic")


def test_what_is_no_app_or_no_sample_is_refused():
    """Before anything is sent."""
    with pytest.raises(ArgumentError, match="app is 7"):
        outcomes_of(Lab(7), 7, samples(), tier="fast")
    with pytest.raises(ArgumentError, match="something in samples is 'a'"):
        outcomes_of(Lab(7), app, ["a"], tier="fast")


def test_the_topic_of_each_sample_is_its_own_tag():
    """The same questions and ids, one scorer each, in the words of the desk."""
    topics = topic_samples()
    assert [one.id for one in topics] == [one.id for one in samples()]
    found = {str(one.scorers[0]) for one in topics}
    wanted = ("fees", "loans", "things", "visits", "other")
    assert found == {f"includes({topic!r})" for topic in wanted}
    assert all(len(one.scorers) == 1 for one in topics)
