"""The front and the loss: which tiers nothing beats, and when a cheaper one may take over."""

import pytest

from labkit.contrast import cheaper, front
from labkit.cost import Outcome, Outcomes, noninferior
from labkit.errors import ArgumentError


def tried(tier, wrong, usd, seconds=1.0):
    """84 outcomes of which the first few are wrong."""
    return [Outcome(f"q{n}", tier, n >= wrong, usd, seconds) for n in range(84)]


OUTCOMES = Outcomes(
    [
        *tried("fast", 12, 0.007),
        *tried("slow", 12, 0.008, 2.0),
        *tried("balanced", 4, 0.013, 1.5),
        *tried("frontier", 3, 0.033, 2.7),
    ]
)


def word(view):
    """What the view says to do."""
    return view.drawing.facts["verdict"]


def test_the_front_leaves_out_what_another_tier_beats():
    """As good, dearer and slower: beaten, and drawn open."""
    drawing = front(OUTCOMES, chosen="balanced").drawing
    beaten = {row[0]: row[4] for row in drawing.table.rows}
    assert beaten == {"fast": "no", "slow": "yes", "balanced": "no", "frontier": "no"}
    assert "slow beaten by another" in drawing.finding
    assert drawing.finding.startswith("Simulated: 1,000 right answers cost 34.22 USD on frontier")
    assert '<i class="i off"' in drawing.body


def test_outcomes_of_a_real_model_are_measured():
    """The title and the source say so."""
    drawing = front(OUTCOMES, kind="measured", notes=("n = 84",)).drawing
    assert drawing.finding.startswith("Measured: ")
    assert str(drawing.provenance) == "measured · n = 84"


def test_the_verdict_is_the_blocks_at_the_examples_that_there_are():
    """At 84 examples nothing is scaled."""
    view = cheaper(OUTCOMES)
    for tier in ("fast", "balanced"):
        for margin in (1, 5, 8, 15):
            view.move(tier=tier, margin=margin)
            both = OUTCOMES.right("frontier"), OUTCOMES.right(tier)
            found = noninferior(*both, margin / 100)
            words = {"yes": "switch", "no": "keep what runs today"}
            assert word(view) == words.get(found.word, found.said())


def test_the_loss_stands_in_the_table_from_best_to_worst():
    """A gain is below 0, and flips both ways are kept apart."""
    mixed = [
        Outcome(f"q{n}", "mixed", n not in (10, 11, 12), 0.01, 1.0) for n in range(84)
    ]  # it has the three that frontier lacks, and lacks three others
    view = cheaper(Outcomes([*OUTCOMES.rows, *mixed]), first="mixed")
    assert "3 worse and 3 better of 84" in view.drawing.finding
    found = noninferior(OUTCOMES.right("frontier"), {one.id: one.ok for one in mixed}, 0.05)
    row = view.drawing.table.rows[-1]
    assert row[:2] == ("lost, in points", "0")
    low, high = (f"{100 * end:.1f}" for end in found.interval)
    assert row[2] == f"\N{MINUS SIGN}{high} to {low.removeprefix('-')}"
    worse = cheaper(OUTCOMES, first="fast").drawing.table.rows[-1]
    assert (worse[1], worse[2], worse[3]) == ("10.7", "6.3 to 17.5", "margin 5")


def test_the_verdict_flips_through_need_more():
    """A wider margin, or more examples, and never straight from keep to switch."""
    view = cheaper(OUTCOMES)
    words = [word(view.move(margin=margin)) for margin in range(1, 16)]
    assert words[0].startswith("need")
    assert words[-1] == "switch"
    switched = words.index("switch")
    assert all(one == "switch" for one in words[switched:])
    assert [word(view.move(margin=5, n=n)) for n in (84, 480)] == ["need 5 more", "switch"]
    fast = [word(view.move(tier="fast", margin=margin, n=480)) for margin in (5, 11, 15)]
    assert [one[:4] for one in fast] == ["keep", "need", "swit"]


def test_one_point_is_one_and_the_word_before_is_struck_out():
    """In the finding and beside the new word."""
    view = cheaper(OUTCOMES)
    assert view.move(margin=1).drawing.finding.endswith("agreed: 1 point.")
    assert "was <s>need 5 more</s>" in view.html


def test_equal_settings_give_equal_bytes():
    """Back at the first settings, and in another view."""
    view = cheaper(OUTCOMES)
    first = view.html
    view.move(tier="slow", margin=15, n=492)
    assert view.reset().html == first == cheaper(OUTCOMES).html


@pytest.mark.parametrize("form", ["live", "still"])
@pytest.mark.parametrize("make", [front, cheaper])
def test_both_forms_hold_every_tier(make, form):
    """Names and waits, and where there is one the verdict."""
    drawing = make(OUTCOMES).drawing
    page = drawing.body if form == "live" else drawing.picture
    for name, _, _, wait, *_ in drawing.table.rows[:4]:
        assert name in page
        assert wait in page
    assert drawing.facts.get("verdict", "") in page


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: front("a.csv"), "outcomes is 'a.csv'.*read_outcomes"),
        (lambda: front(OUTCOMES, today="top"), "'top' is not a tier"),
        (lambda: front(OUTCOMES, chosen="frontier"), "cheaper tier is 'frontier'. It runs today"),
        (lambda: front(OUTCOMES, kind="published"), "kind is 'published'"),
        (lambda: front(OUTCOMES, notes="seed"), "notes is 'seed'"),
        (lambda: front(Outcomes(tried("frontier", 84, 1))), "nothing to draw"),
        (lambda: cheaper(OUTCOMES, first="fats"), "Did you mean 'fast'"),
        (lambda: cheaper(OUTCOMES, first="frontier"), "It runs today"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make, words):
    """Each in words that say what to do."""
    with pytest.raises(ArgumentError, match=words):
        make()


@pytest.mark.parametrize("n", [2, 11, 12, 30, 84, 1_300])
def test_only_as_many_examples_as_were_tried_are_measured(n):
    """The view begins there; any other n keeps the shares and is worked out."""
    rows = [
        Outcome(id=f"q{at}", tier=tier, ok=tier == "big" or at > 0, cost_usd=cost, seconds=1.0)
        for at in range(n)
        for tier, cost in (("small", 0.001), ("big", 0.01))
    ]
    view = cheaper(Outcomes(rows), today="big", first="small", kind="measured")
    assert f"{n - 1:,} of {n:,}".replace(",", "") in view.text.replace(",", "")
    assert view.drawing.finding.startswith("Measured")
    control = view.controls["n"].widget
    other = control.max if n != control.max else control.min
    assert view.move(n=other).drawing.finding.startswith("Simulated")
