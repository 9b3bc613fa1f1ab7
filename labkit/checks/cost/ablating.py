"""C4, every sentence earns its tokens: which of a prompt's sentences may go, and who says so."""

from labkit.checks.cost.ablated import PLENTY, Sentence, Words, ablates, of, table_of
from labkit.checks.exercise import Case, Exercise, Hint, Usual
from labkit.checks.signs import Sign

KEEP, DROP, UNTESTED = "keep", "drop", "untested"
IN_ORDER = (UNTESTED, KEEP, UNTESTED, KEEP)

NOT_WORDS = Hint(
    "not-words",
    lambda got: isinstance(got, Words) and not got.are_words,
    "Somebody will edit the prompt by this, line by line, and it does not say one word for each "
    "sentence.",
    'A list as long as `sentences`, of "keep", "drop" and "untested".',
)


def says(*words: str) -> Sign:
    """Fits exactly these words."""
    return lambda got: of(got).words == words


def has(word: str, *places: int) -> Sign:
    """Fits where one of these sentences, counted from 0, got this word."""
    return lambda got: any(of(got).words[place] == word for place in places)


NEEDED_GOES = Hint(
    "needed-goes",
    lambda got: set(of(got).words) != {KEEP},
    "Without each of these something is lost that held before, and you did not keep all three. "
    "Whoever edits the prompt by this breaks an answer.",
    "Compare two runs by name: with all that is left, and with all but this one.",
)
BOTH_TWINS = Hint(
    "drops-both-twins",
    says(DROP, DROP),
    "You dropped both twins, and the rule is gone. Each could go only because the other one was "
    "still there.",
    "What you drop is gone when you try the next one: run the eval with what is left.",
)
TWINS_STAY = Hint(
    "keeps-both-twins",
    lambda got: DROP not in of(got).words,
    "Both say the same, and both are still paid for with every question. Nothing is lost without "
    "one of them, and alone it does the work: that is what makes it spare.",
    "Nothing lost without it, and `evaluate((sentence,))` differs from `evaluate(())`: drop.",
)
NOBODY_ASKED = Hint(
    "no-change-is-drop",
    has(DROP, 1),
    "No example ever asked for what it says, so no run could change. The day somebody does ask, "
    "the rule is gone.",
    "Does it do anything where it stands alone? If not, the eval knows nothing of it: untested.",
)
NOBODY_KEEPS = Hint(
    "no-change-is-keep",
    has(KEEP, 1),
    "Nothing shows that this sentence does anything, and your list says that it is needed. Who "
    "reads that will not write the example that is missing.",
    'The third word is for this: "untested".',
)
COUNTS = Hint(
    "counts-only",
    lambda got: of(got).words[0] != KEEP,
    "One thing is lost without this sentence, and another is won. Their number is the same, and "
    "a person is refused who was answered before.",
    "Compare what holds by name, not how much of it.",
)
ALONE = Hint(
    "alone-only",
    has(UNTESTED, 0, 1),
    "These two work together, and neither does anything alone. Without either of them an answer "
    "is lost.",
    "First ask what is lost without it. Only if nothing is, let it stand alone.",
)
PAIRS = Hint(
    "drops-too-many",
    lambda got: of(got).words.count(DROP) > 1 and of(got).words[0] == DROP,
    "The first does what the other two do together, so either it may go or they may. Now "
    "something that held is gone.",
    "After each drop, run the eval with what is really left.",
)
HARM = Hint(
    "harm-stays",
    lambda got: of(got).words[1] != DROP,
    "An answer that fails with this sentence is right without it. You pay for harm.",
    "Nothing lost and something won without it: drop.",
)
BY_TEXT = Hint(
    "by-text",
    lambda got: of(got).words.count(DROP) != 1,
    "The same sentence stands here twice, word for word. Whoever takes out every sentence that "
    "equals this one takes out both, and sees a loss that is none, or loses both.",
    "Tell them apart by their place: `range(len(sentences))`.",
)
ORDER = Hint(
    "other-order",
    lambda got: sorted(of(got).words) == sorted(IN_ORDER),
    "The words are right, and they stand beside the wrong sentences. You may try them in any "
    "order; the list has the prompt's.",
    "Put each word at the place of its sentence: `words[place] = …`.",
)
OVER = Hint(
    "over-budget",
    lambda got: not of(got).in_budget,
    "The eval ran more often than it may. A run is an hour and some dollars of a real model, and "
    "somebody agreed to three of them.",
    "Count your runs. When they are used up, what is not known is untested.",
)
UNPROVED = Hint(
    "claims-unproved",
    lambda got: set(of(got).words) != {UNTESTED},
    "Three runs cannot prove this: to drop a sentence takes a run with all, one without it, one "
    "with it alone and one with none. A guess stands in the list as if it were known.",
    'Begin with "untested" for all; change a word only when the runs have shown it.',
)
TWICE = Hint(
    "runs-twice",
    lambda got: not of(got).in_budget or UNTESTED in of(got).words[:2] + of(got).words[3:],
    "2 n + 2 runs are enough for n sentences, and you needed more: some sets were run again.",
    "Keep each result in a dict, by the places that were in.",
)
USUAL = Usual(
    "These are not the words that this prompt gives.",
    shape=(NOT_WORDS,),
    stops="Nobody learns anything about this prompt. `evaluate` takes a tuple of sentences, also "
    "an empty one, and gives a dict: by name, whether it holds.",
)


def prompt(
    given: str,
    sentences: tuple[Sentence, ...],
    *hints: Hint,
    right: tuple[tuple[str, ...], ...],
    always: str = "",
    budget: int = PLENTY,
) -> Case:
    """One of these lists of words must come, within the budget."""
    return Case(
        given=given,
        ask=ablates(sentences, always, budget),
        expected=", or ".join(", ".join(one) for one in right),
        holds=lambda got: of(got).in_budget and of(got).words in right,
        usual=USUAL,
        own=hints,
    )


C4 = Exercise(
    code="C4",
    names=("ablate",),
    parameters=(3,),
    cases=(
        prompt(
            "three sentences, each does something that no other does",
            table_of({"Say the days.": "a", "Say the fee.": "b", "Name the page.": "cd"}),
            NEEDED_GOES,
            right=((KEEP, KEEP, KEEP),),
        ),
        prompt(
            "two sentences that do the same",
            table_of({"Say the days.": "a", "Always say for how long.": "a"}),
            BOTH_TWINS,
            TWINS_STAY,
            right=((KEEP, DROP), (DROP, KEEP)),
        ),
        prompt(
            "the second does nothing in any run",
            table_of({"Say the days.": "a", "Never speak of the weather.": ""}),
            NOBODY_ASKED,
            NOBODY_KEEPS,
            right=((KEEP, UNTESTED),),
        ),
        prompt(
            "short and long sentences, two of them needed",
            table_of(
                {
                    "Be kind.": "",
                    "Say for how many days a thing may be kept.": "a",
                    "Thank the member for every question, whatever it is.": "",
                    "Fees!": "b",
                }
            ),
            ORDER,
            right=(IN_ORDER,),
        ),
        prompt(
            "without the first one thing is lost and another won",
            (Sentence("Be brief.", "a", breaks="b"), Sentence("Explain it.", "b")),
            COUNTS,
            right=((KEEP, UNTESTED),),
            always="b",
        ),
        prompt(
            "two sentences that work only together",
            (
                Sentence("Name the page.", "a", needs="Use brackets"),
                Sentence("Use brackets.", "", needs=""),
            ),
            ALONE,
            right=((KEEP, KEEP),),
        ),
        prompt(
            "the first does what the other two do together",
            table_of({"Say days and fee.": "ab", "Say the days.": "a", "Say the fee.": "b"}),
            PAIRS,
            right=((DROP, KEEP, KEEP), (KEEP, DROP, DROP)),
        ),
        prompt(
            "without the second something holds that did not",
            (Sentence("Say the days.", "a"), Sentence("Speak of the weather.", breaks="b")),
            HARM,
            right=((KEEP, DROP),),
            always="b",
        ),
        prompt(
            "the same sentence twice, and another one",
            (
                Sentence("Say the days.", "a"),
                Sentence("Say the fee.", "b"),
                Sentence("Say the days.", "a"),
            ),
            BY_TEXT,
            right=((DROP, KEEP, KEEP), (KEEP, KEEP, DROP)),
        ),
        prompt(
            "six sentences, two of them twins, and three runs",
            table_of({"Say the days.": "a", "Say for how long.": "a"} | dict.fromkeys("cdef", "")),
            OVER,
            UNPROVED,
            right=((UNTESTED,) * 6,),
            budget=3,
        ),
        prompt(
            "five sentences of every kind, and twelve runs",
            (
                Sentence("Say the days.", "a"),
                Sentence("Say for how long.", "a"),
                Sentence("Never speak of the weather."),
                Sentence("Say the fee.", "b"),
                Sentence("Guess.", breaks="c"),
            ),
            TWICE,
            right=(
                (KEEP, DROP, UNTESTED, KEEP, DROP),
                (DROP, KEEP, UNTESTED, KEEP, DROP),
            ),
            always="c",
            budget=12,
        ),
    ),
    minutes=20,
    points=4.0,
    after="Tick C4 when each sentence of your prompt has an example that is lost without it.",
)
