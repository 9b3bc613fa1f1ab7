"""C7's warm-up: with how many of the same characters two prompts begin."""

from labkit.checks.exercise import Case, Exercise, Hint, Usual

RULES = "You are Latch. Answer from the documents."
TOGETHER = "You are Latch. Answer from the do"
MONDAY, TUESDAY = f"Monday. {RULES}", f"Tuesday. {RULES}"
CAPITAL = RULES.replace("Answer", "answer")
SPACED = RULES.replace("the documents", "the  documents")


def is_number(got: object) -> bool:
    """Whether it is a whole number."""
    return isinstance(got, int) and not isinstance(got, bool)


NO_NUMBER = Hint(
    "not-a-number",
    lambda got: not is_number(got),
    "How far both are the same is asked for, not what is the same. The function returns a whole "
    "number of characters.",
    "`len(...)` of what both begin with.",
)
ANYWHERE = Hint(
    "counts-anywhere",
    is_number,
    "That counts what is the same behind the first difference, too, and a cache does not see it. "
    "It reads from the beginning and stops there; all the rest is paid in full.",
    "Go through both together, `zip(one, other)`, and stop where they differ.",
)
WHOLE_WORDS = Hint(
    "whole-words",
    lambda got: isinstance(got, int) and got < len(TOGETHER),
    "They have more in common than that: the two go apart in the middle of a word or of a line. "
    "The cache compares bytes and knows no words, no lines and no sentences.",
    "Compare character by character.",
)
TIDIED = Hint(
    "tidies-first",
    is_number,
    "To a person these say the same, to a cache they are two prompts. One capital letter or one "
    "more space, and everything behind it is written anew.",
    "Compare the texts as they are: no `lower()`, no `strip()`, no `split()`.",
)
ENDS = Hint(
    "misses-the-end",
    is_number,
    "One text is the whole beginning of the other. There is no difference to be found, and all of "
    "the shorter one is shared.",
    "Without a difference the answer is `min(len(one), len(other))`.",
)
USUAL = Usual("Count what both begin with, up to the first difference.", shape=(NO_NUMBER,))


def shares(given: str, one: str, other: str, expected: int, *hints: Hint) -> Case:
    """The warm-up's function must return this number."""
    return USUAL.gives(given, lambda answer: answer(one, other), expected, *hints)


C7_WARMUP = Exercise(
    code="C7-warmup",
    names=("shared",),
    parameters=(2,),
    cases=(
        shares("“Monday. ” and “Tuesday. ” before the same rules", MONDAY, TUESDAY, 0, ANYWHERE),
        shares(
            "the rules, then “documents” or “donations”",
            RULES,
            RULES.replace("documents", "donations"),
            len(TOGETHER),
            WHOLE_WORDS,
            ANYWHERE,
        ),
        shares(
            "the same rules with “Answer” or “answer”",
            RULES,
            CAPITAL,
            len("You are Latch. "),
            TIDIED,
        ),
        shares(
            "the same rules with one more space",
            RULES,
            SPACED,
            len("You are Latch. Answer from the "),
            TIDIED,
        ),
        shares(
            "the rules, and the rules with a question", RULES, f"{RULES} How?", len(RULES), ENDS
        ),
        shares("the same rules twice", RULES, RULES, len(RULES), ENDS),
        shares("nothing, and the rules", "", RULES, 0, ENDS),
    ),
    minutes=2,
    points=1.0,
    after="Whoever moves one character on line one pays for all behind it. Now look at yours.",
)
