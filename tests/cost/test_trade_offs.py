"""The record of a decision about tiers: what it says, what it leaves open, and where it is kept."""

from datetime import date, datetime

import pytest

from labkit.cost import Outcome, Outcomes, noninferior, trade_off
from labkit.errors import ArgumentError

DAY = date(2026, 11, 23)


def outcomes(n=100, lost=2, task="answers"):
    """Frontier is always right, fast but for the first few."""
    rows = [
        Outcome(f"q{at}", tier, tier == "frontier" or at >= lost, cost, 1.0, task=task)
        for tier, cost in (("fast", 0.001), ("frontier", 0.01))
        for at in range(n)
    ]
    return Outcomes(rows)


def record(found=None, chosen=None, **changes):
    """Fast instead of frontier."""
    settings = {"today": "frontier", "margin": 0.05, "decided_by": "Kofi", "on": DAY, **changes}
    return trade_off(found or outcomes(), chosen or {"answers": "fast"}, **settings)


def test_the_record_says_everything_that_a_reader_needs_in_a_year():
    """Who, when, the margin, n and interval, saving, loss, and which examples are lost."""
    assert record(outcomes(n=400), source="simulated, seed 7").markdown().splitlines() == [
        "# Which tier does which task",
        "",
        "Decided on 2026-11-23 by Kofi. Before it: frontier for every task.",
        "",
        "Outcomes: simulated, seed 7. Margin, agreed before looking: 5 points; alpha 0.05.",
        "",
        "| task | tier | right (95 %) | USD for 1,000 right | p95 | less right than frontier "
        "| as good? |",
        "|---|---|---|---|---|---|---|",
        "| answers | fast | 398 of 400 (98% to 100%) | 1.01 instead of 10.00 | 1.0 s "
        "| 0.5 (\N{MINUS SIGN}0.2 to 1.5) points | yes |",
        "",
        "What gets worse:",
        "",
        "- answers: q0, q1",
    ]


def test_a_choice_that_the_numbers_do_not_carry_is_called_that():
    """Few examples, or a loss beyond the margin; what is as good is not."""
    few = record(outcomes(n=12, lost=0))
    assert "do not carry the choice for answers (need 40 more)" in few.markdown()
    assert few.tasks[0].is_open
    assert "for answers (no)" in record(outcomes(lost=30)).markdown()
    assert "carry" not in record(outcomes(n=400)).markdown()


def test_a_task_that_stays_is_neither_a_loss_nor_open():
    """And the price is the one it has."""
    stays = record(chosen={"answers": "frontier"})
    assert "it is the same | it is the same" in stays.markdown()
    assert "instead of" not in stays.markdown()
    assert "no example of these" in stays.markdown()
    assert not stays.tasks[0].is_open


def test_the_verdict_is_that_of_the_block():
    """For every task, with the margin and alpha that were given."""
    found = Outcomes([*outcomes().rows, *outcomes(lost=9, task="topic").rows])
    made = record(found, {"answers": "fast", "topic": "fast"}, margin=0.1, alpha=0.01)
    for one in made.tasks:
        both = found.only(one.task)
        expected = noninferior(both.right("frontier"), both.right("fast"), 0.1, 0.01)
        assert one.verdict == expected
    assert "10 points; alpha 0.01" in made.markdown()


def test_many_lost_examples_are_counted_and_one_point_is_one():
    """The first are named."""
    text = record(outcomes(lost=30), margin=0.01).markdown()
    assert "q11 and 18 more" in text
    assert "looking: 1 point;" in text


def test_names_cannot_break_the_table():
    """Neither a bar nor a line break in a name, nor what Markdown takes for its own."""
    rows = [Outcome("a|b", tier, True, 0.1, 1.0, task="x\n# y") for tier in ("f*", "frontier")]
    text = record(Outcomes(rows), {"x\n# y": "f*"}).markdown()
    assert r"| x # y | f\* |" in text


def test_it_is_written_only_when_asked_and_never_over_another(tmp_path):
    """A record that exists stays as it was."""
    made, path = record(), tmp_path / "tiers.md"
    assert not list(tmp_path.iterdir())
    assert made.write(path) == path
    assert path.read_text(encoding="utf-8") == made.markdown() == repr(made)
    with pytest.raises(ArgumentError, match=r"tiers.md cannot be made: File exists.*of its own"):
        record(margin=0.2).write(str(path))
    assert path.read_text(encoding="utf-8") == made.markdown()
    with pytest.raises(ArgumentError, match=r"cannot be made: .*Nothing was written"):
        made.write(tmp_path / "half \ud800 of one.md")
    with pytest.raises(ArgumentError, match="path is ''"):
        made.write("")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: record("outcomes.csv"), "outcomes is 'outcomes.csv'.*read_outcomes"),
        (lambda: record(chosen={"answer": "fast"}), "'answer' is not a task.*'answers'"),
        (lambda: record(chosen={"answers": "fats"}), "'fats' is not a tier"),
        (lambda: record(chosen={"answers": None}), "chosen is .*has a tier"),
        (lambda: record(chosen=["fast"]), "chosen is"),
        (
            lambda: record(Outcomes([*outcomes().rows, *outcomes(task="topic").rows])),
            "chosen has no tier for 'topic'.*Use one of: fast, frontier",
        ),
        (lambda: record(today="frontire"), "'frontire' is not a tier"),
        (lambda: record(margin=5), "margin is 5"),
        (lambda: record(decided_by=" "), "decided_by is ''.*such as \"Kofi\""),
        (lambda: record(decided_by=None), "decided_by is None"),
        (lambda: record(on="2026-11-23"), "on is '2026-11-23'.*date"),
        (lambda: record(on=datetime(2026, 11, 23)), "It is no day"),
        (lambda: record(source=7), "source is 7"),
    ],
)
def test_a_record_that_nobody_could_use_is_refused(make, words):
    """Each in words that say what to do."""
    with pytest.raises(ArgumentError, match=words):
        make()
