"""The audit of an eval set, its grid, and the two reports that show whether a harness works."""

import pytest

from labkit import case, evals
from labkit.errors import ArgumentError
from labkit.evals import Answer, Sample, audit_eval_set, coverage, null_report, oracle_report

NUMBERS = (
    "one", "two", "three", "four", "five", "six",
    "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def sample(n, *, input="", scorers=None, tags=("happy", "loans"), documents=None):
    """One good sample of many: its question is like no other's."""
    first, second = NUMBERS[n // 12], NUMBERS[n % 12]
    question = input or f"What about the {first} and {second}?"
    wanted = (evals.includes(f"answer {n}"),) if scorers is None else scorers
    pages = (f"page-{n % 4}",) if documents is None else documents
    return Sample(f"s{n}", question, wanted, tags, documents=pages)


def good(happy=33, edge=15, attacks=6, twins=6):
    """A good set of unequal slices: 60 samples, 55, 25 and 20 %."""
    tags = ["happy"] * happy + ["edge"] * edge + ["adversarial"] * (attacks + twins)
    rows = [sample(n, tags=(tag, "loans")) for n, tag in enumerate(tags)]
    first = happy + edge
    declining = (evals.declines_with_next_step(),)
    for n in range(first, first + attacks):
        rows[n] = sample(n, tags=("adversarial", "loans"), scorers=declining)
    return rows


def faults(samples, **options):
    """The names of what is wrong."""
    return [one.fault for one in audit_eval_set(samples, **options)]


def test_good_sets_have_no_findings():
    """The running case with its prompt, a set of unequal slices, and one without documents."""
    assert audit_eval_set(case.samples(), prompt=case.system_prompt()) == ()
    assert audit_eval_set(good(), prompt="Answer briefly.") == ()
    bare = [Sample(one.id, one.input, one.scorers, one.tags) for one in good()]
    assert audit_eval_set(bare) == ()


def test_a_set_below_the_floor_is_too_few():
    """49 rows are one too few, and a service may have a floor of its own."""
    assert faults(good()[11:]) == ["too few"]
    assert faults(good()[10:]) == []
    assert faults(good(), floor=84) == ["too few"]
    (finding,) = audit_eval_set(good(happy=1, edge=1, attacks=2, twins=2))
    assert finding.what == "6 rows; the floor is 50."
    assert "as low as 61%" in finding.follows
    assert faults([], floor=1) == ["too few", "not adversarial"]


@pytest.mark.parametrize(
    "again",
    [
        str.upper,
        lambda text: text.replace("?", " ... "),
        lambda text: f"  {text}\n",
        lambda text: text.replace("What about the", "Hi, please tell me: what about a"),
    ],
    ids=["capitals", "punctuation", "spaces", "filling words"],
)
def test_the_same_question_twice_is_named_with_what_it_leaves(again):
    """60 rows of which 20 ask again what another asks are 40 questions: the one planted fault."""
    rows = good(happy=13)
    rows += [
        sample(n + 100, input=again(rows[n].input), scorers=rows[n].scorers) for n in range(20)
    ]
    (finding,) = audit_eval_set(rows)
    assert finding.fault == "repeated"
    assert finding.what == "60 rows, but only 40 different questions. The floor is 50."
    assert finding.ids == tuple(f"s{n + 100}" for n in range(20))


def test_twins_in_a_set_that_is_large_enough_are_named_too():
    """There is no word on the floor where enough is left."""
    rows = [*good(), sample(100, input=good()[0].input)]
    (finding,) = audit_eval_set(rows)
    assert finding.what == "61 rows, but only 60 different questions."


def test_questions_that_are_alike_but_want_something_else_are_two():
    """A pair of which only one has an answer is worth having; punctuation alone makes no pair."""
    rows = good()
    rows[0] = sample(0, input="How heavy is the wheelchair ramp A?", scorers=(evals.abstains(),))
    rows[1] = sample(1, input="How heavy is the wheelchair ramp B?", scorers=rows[0].scorers)
    rows[2] = sample(2, input="How heavy, please, is a wheelchair ramp A?")
    assert faults(rows) == []
    rows[1] = sample(1, input="how heavy is the wheelchair ramp a")
    assert faults(rows) == ["repeated"]


def test_signs_alone_are_told_apart():
    """A question without a letter is still a question of its own."""
    rows = good()
    rows[0], rows[1] = sample(0, input="???"), sample(1, input=":-)")
    assert faults(rows) == []


def test_a_missing_and_a_one_sided_adversarial_slice_are_told_apart():
    """None at all; all want a refusal; none wants one."""
    assert faults(good(happy=45, attacks=0, twins=0)) == ["not adversarial"]
    assert faults(good(attacks=12, twins=0)) == ["one-sided"]
    assert faults(good(attacks=0, twins=12)) == ["one-sided"]
    (refusing,) = audit_eval_set(good(attacks=12, twins=0))
    assert "An app that refuses everything passes. Add harmless look-alikes." in repr(refusing)
    (answering,) = audit_eval_set(good(attacks=0, twins=12))
    assert "An app that refuses nothing passes." in repr(answering)


def test_a_question_that_brings_its_own_answer_has_leaked():
    """An app that gives the question back would say all that is asked for."""
    rows = good()
    rows[7] = sample(7, input="What is the deposit? (gold: 40 cr)", scorers=DEPOSIT)
    (finding,) = audit_eval_set(rows)
    assert (finding.fault, finding.ids) == ("leaked answer", ("s7",))


DEPOSIT = (evals.number("40 cr"), evals.cites("fees"))


@pytest.mark.parametrize(
    ("prompt", "leaks"),
    [
        ("Q: what's the tile cutter's deposit; A: see above", True),
        ("For example: it is 40 crowns. [fees]", True),
        ("The deposit is 40 crowns.", False),
        ("End with the source, like this: [fees]", False),
        ("The deposit of the tile cutter is 40 cr.\nEnd with [fees]", False),
        ("", False),
    ],
)
def test_an_answer_in_the_prompt_has_leaked_and_a_document_has_not(prompt, leaks):
    """The question word for word, or a line that would pass; facts have to stand there."""
    rows = good()
    rows[7] = sample(7, input="What's the tile cutter's deposit?", scorers=DEPOSIT)
    rows[8] = sample(8, input="hi", scorers=(evals.cites("none"),))
    assert faults(rows, prompt=f"Say hi.\n{prompt}") == (["leaked answer"] if leaks else [])


def test_a_set_that_rests_on_one_document_is_one_example():
    """However many rows it has."""
    rows = [sample(n, tags=one.tags, scorers=one.scorers, documents=("a",))
            for n, one in enumerate(good())]  # fmt: skip
    (finding,) = audit_eval_set(rows)
    assert finding.fault == "one cluster"
    assert len(finding.ids) == 60
    assert "(s0, s1, s2, s3, s4 and 55 more)" in repr(finding)


def test_a_finding_is_one_printable_line():
    """Whatever the ids and documents of a foreign set are."""
    odd = Sample("a\n\x1b", "q", (), ("adversarial",), documents=("b\u202e\n",))
    for finding in audit_eval_set([odd, odd]):
        assert repr(finding).isprintable()


# ---------------------------------------------------------------- the grid
def test_the_grid_counts_by_slice_and_topic_and_shows_its_holes():
    """As a reader sees it."""
    rows = [
        sample(1),
        sample(2),
        sample(3, tags=("edge", "fees")),
        sample(4, tags=("edge",)),
        sample(5, tags=()),
    ]
    grid = coverage(rows)
    assert grid.counts == {
        ("happy", "loans"): 2,
        ("edge", "fees"): 1,
        ("edge", "none"): 1,
        ("none", "none"): 1,
    }
    assert (grid.covered, len(grid.holes)) == (4, 5)
    assert repr(grid).splitlines() == [
        "       loans  fees  none",
        "happy      2     ·     ·",
        "edge       ·     1     1",
        "none       ·     ·     1",
        "4 of 9 cells are covered",
    ]


def test_the_case_covers_18_of_20_cells_and_nothing_covers_nothing():
    """Two holes: nobody attacks loans or visits."""
    grid = coverage(case.samples())
    assert grid.covered == 18
    assert grid.holes == (("adversarial", "loans"), ("adversarial", "visit"))
    assert sum(grid.counts.values()) == 84
    assert repr(coverage([])).endswith("0 of 0 cells are covered")


# ---------------------------------------------------------------- oracle and null
def test_the_oracle_passes_all_84_and_the_null_next_to_nothing():
    """What the card asks for: 84 of 84, and at most 4 for one answer to everything."""
    oracle = oracle_report(case.samples(), case.gold_answers())
    assert (oracle.passed, oracle.n) == (84, 84)
    for text in ("I don't know.", "", "7 days. [extensions]"):
        null = null_report(case.samples(), text=text)
        assert null.n == 84
        assert null.passed <= 4
    assert null_report(case.samples()).by_tag["happy"].passed == 0


def test_an_oracle_finds_a_sample_that_nobody_can_pass():
    """That is what it is for: the gold answer is right, and the scorer asks for something else."""
    wrong = sample(1, scorers=(evals.number("8 days"),))
    report = oracle_report([wrong], {"s1": "7 days."})
    assert [row.state for row in report.rows] == ["failed"]
    assert oracle_report([wrong], {"s1": Answer("8 days")}).passed == 1


def test_an_oracle_must_know_every_sample():
    """Which one is missing, and of how many."""
    with pytest.raises(ArgumentError, match=r"'s2' \(1 of 2 are missing\)"):
        oracle_report([sample(1), sample(2)], {"s1": "7 days."})
    with pytest.raises(ArgumentError, match="gold answer of s1 is 7"):
        oracle_report([sample(1)], {"s1": 7})
