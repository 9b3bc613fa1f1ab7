"""Which sentence earns its tokens: needed, spare, or of a kind that no example asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.cost import Ablated, Ablation, ablate
from labkit.errors import ArgumentError
from labkit.evals import Report, Row, Sample, Score, evaluate, includes

RULES = {
    "Say the days.": {"days"},
    "Always say for how many days.": {"days"},
    "Say the fee.": {"fee"},
    "Never mention the weather.": set(),
    "Speak of the weather always.": {"no weather"},
}
FULL = ["days", "fee", "no weather"]


class Eval:
    """An eval of which each rule fulfils some demands; it counts its runs."""

    def __init__(self, rules=RULES):
        """With these rules."""
        self.rules, self.prompts = rules, []

    def __call__(self, sentences):
        """What holds with these sentences: the weather is only ever a harm."""
        self.prompts.append(sentences)
        said = {demand for one in sentences for demand in self.rules[one]}
        return {one: (one in said) != (one == "no weather") for one in FULL}


def test_each_kind_of_sentence():
    """Of two twins the longer goes, what harms goes, what nobody asks for is untested."""
    asked = Eval()
    result = ablate(RULES, asked, budget=100)
    assert dict(zip(RULES, result.verdicts, strict=True)) == {
        "Say the days.": "keep",
        "Always say for how many days.": "drop",
        "Say the fee.": "keep",
        "Never mention the weather.": "untested",
        "Speak of the weather always.": "drop",
    }
    assert result.kept == ("Say the days.", "Say the fee.", "Never mention the weather.")
    assert result.rows[0].lost == ("days",)
    assert result.rows[4].gained == ("no weather",)
    assert result.calls == len(asked.prompts) == len(set(asked.prompts)) <= 2 * len(RULES) + 2
    assert repr(result).splitlines()[:3] == [
        f"3 of 5 stay, 1 of them untested ({result.calls} runs of the eval)",
        "keep     Say the days. (1 lost without it)",
        "drop     Always say for how many days.",
    ]


def test_the_same_sentence_twice_stays_once():
    """They are told apart by their place."""
    assert ablate(["Say the fee."] * 3, Eval(), budget=9).verdicts == ["drop", "drop", "keep"]


def test_no_run_goes_beyond_the_budget():
    """What was not reached is untested and stays; nothing is dropped on half of the proof."""
    for budget in range(1, 13):
        asked = Eval()
        result = ablate(RULES, asked, budget=budget)
        assert result.calls == len(asked.prompts) <= budget
        dropped = set(RULES) - set(result.kept)
        assert dropped <= {"Always say for how many days.", "Speak of the weather always."}
    assert ablate(RULES, Eval(), budget=1).verdicts == ["untested"] * 5


def test_an_empty_prompt_is_an_answer_too():
    """It has nothing to lose."""
    result = ablate([], Eval(), budget=1)
    assert result == Ablation((), 1)
    assert repr(result) == "0 of 0 stay, 0 of them untested (1 runs of the eval)"


def test_what_could_not_be_taken_out_is_not_dropped():
    """That a sentence does much where it stands alone is no proof that others do it, too."""
    rules = {"Say it.": {"days"}, "Be kind to all who ask.": set()}
    assert ablate(rules, Eval(rules), budget=3).verdicts == ["untested", "untested"]
    assert ablate(rules, Eval(rules), budget=4).verdicts == ["keep", "untested"]


@given(st.lists(st.frozensets(st.sampled_from("xyz"), max_size=2), max_size=7), st.integers(1, 20))
def test_nothing_that_held_is_lost(does, budget):
    """Whatever the sentences do: the kept prompt holds all, and each kept one is needed in it."""
    sentences = [f"{n}{'.' * (n % 3)}" for n in range(len(does))]
    rules = dict(zip(sentences, does, strict=True))

    def asked(some):
        return {one: any(one in rules[each] for each in some) for one in "xyz"}

    result = ablate(sentences, asked, budget=budget)
    assert asked(result.kept) == asked(sentences)
    assert result.calls <= budget
    for row in result.rows:
        if row.verdict == "keep":
            rest = [one for one in result.kept if one != row.sentence]
            assert asked(rest) != asked(sentences)
        if row.verdict == "drop":
            assert rules[row.sentence]
        if row.verdict == "untested" and budget >= 2 * len(does) + 2:
            assert not rules[row.sentence]


def test_each_scorer_of_a_report_counts():
    """A sample that fails anyway still shows what a sentence does for one of its rules."""
    sample = Sample("days", "How long?", (includes("week"), includes("never said")))

    def asked(sentences):
        words = "A week." if "Say the days." in sentences else "No."
        return evaluate(lambda client, question: words, [sample], lambda one: None)

    result = ablate(["Say the days.", "Be kind."], asked, budget=9)
    assert result.verdicts == ["keep", "untested"]
    assert result.rows[0].lost == ("days: includes('week')",)


def test_an_app_that_raises_holds_nothing():
    """It has no scores."""
    sample = Sample("days", "How long?", (includes("week"),))

    def asked(sentences):
        state = "passed" if sentences else "error"
        scores = (Score("includes('week')", True, ""),) if sentences else ()
        return Report((Row(sample, state, scores=scores),))

    assert ablate(["Say the days."], asked, budget=3).verdicts == ["keep"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("One.", Eval(), 9), "sentences is 'One.'"),
        (([1], Eval(), 9), "something in sentences is 1"),
        (([], "eval", 9), "evaluate is 'eval'"),
        (([], Eval(), 0), "budget is 0"),
        (([], lambda some: 0.9, 9), "what evaluate returned is 0.9"),
        (([], lambda some: {"a": 0.9}, 9), "a of a run is 0.9. Nobody can see what is lost"),
        ((["a"], lambda some: {str(some): True}, 9), "Ask the same in every run"),
        (
            ([], lambda some: Report((Row(Sample("s", "?", ()), "not run"),)), 9),
            "a sample not run is 's'",
        ),
    ],
)
def test_what_shows_nothing_is_refused(given, words):
    """In words that say what to do."""
    sentences, asked, budget = given
    with pytest.raises(ArgumentError, match=words):
        ablate(sentences, asked, budget=budget)


def test_a_row_says_what_changes():
    """On one line, however long the sentence is."""
    assert repr(Ablated("a\nb", "keep", ("x",), ("y", "z"))) == (
        "keep     a b (1 lost, 2 gained without it)"
    )
