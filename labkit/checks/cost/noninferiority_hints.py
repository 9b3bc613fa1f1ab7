"""C2: what each wrong way to compare two tiers leads a team to."""

from labkit.checks.cost.tables import of
from labkit.checks.exercise import Hint, Usual
from labkit.checks.signs import Sign


def word(*wanted: str) -> Sign:
    """Fits one of these words, said first."""
    return lambda got: of(got).word in wanted


NO_VERDICT = Hint(
    "not-a-verdict",
    lambda got: not of(got).are_verdicts,
    "The record of the decision has three possible words, and this is none of them.",
    'Return `Verdict(word, n_needed)`: `"yes"`, `"no"` or `"need_more"`, and a whole number or '
    "None.",
)
NEVER_YES = Hint(
    "never-yes",
    word("no", "need_more"),
    "This loss can be ruled out, and you still pay for the dear tier. 2 worse and 3 better of 200 "
    "is far from 5 points worse.",
    "`yes` where `margin - loss` is at least `z` standard errors.",
)
NO_DIFFERENCE = Hint(
    "no-difference-found",
    word("yes"),
    "“p is above 0.05, so they are equal”: with 12 examples everything is. A test that finds no "
    "difference says how little you looked.",
    "Do not ask whether they differ. Ask whether a loss as large as the margin can be ruled out.",
)
POINT_SAYS_NO = Hint(
    "takes-the-point",
    word("no"),
    "Two of twelve went wrong, and you give the cheaper tier up. By chance that happens "
    "to an equal tier, too: the interval goes from far worse to nearly no loss.",
    "Compare the margin with both ends of an interval around the loss, not with the loss.",
)
SURE_OF_NOTHING = Hint(
    "sure-of-nothing",
    word("yes"),
    "Nothing flipped in 12 examples, so your standard error is 0 and you are sure. A tier that "
    "fails one question in ten does that more often than one time in four.",
    "Count one more flip in each direction before you compute shares, of `n + 2`.",
)
POINT_SAYS_YES = Hint(
    "point-within-margin",
    word("yes"),
    "The loss that you saw is 3 points, the margin 5, and you switch. From 100 examples it may as "
    "well be 8 points.",
    "`yes` only where the worse end of the interval is inside the margin.",
)
SIGNIFICANT = Hint(
    "significant-is-no",
    word("no", "need_more"),
    "The difference is real, and it is 1.5 points: you agreed that 5 are bearable. With examples "
    "enough every difference is significant.",
    "Compare with the margin, not with 0.",
)
NEVER_NO = Hint(
    "never-no",
    word("yes", "need_more"),
    "It loses 12.5 points, and you collect more examples to be told again. A loss above the "
    "margin can be sure, too.",
    "`no` where the better end of the interval is still worse than the margin.",
)
UNPAIRED = Hint(
    "unpaired",
    word("need_more", "no"),
    "Both got the same 87 wrong; you counted them as chance, twice. Then it takes more than ten "
    "times the examples to see what six flips say.",
    "Only the flips count: right with one, wrong with the other. Their number gives the error.",
)
BY_POSITION = Hint(
    "by-position",
    word("need_more", "no"),
    "The second run came back in another order, and you compared one example with another. A "
    "batch always comes back like that.",
    "`b[id]` for each `id` in `a`; not `zip`.",
)
OWN_MARGIN = Hint(
    "own-margin",
    word("yes", "no"),
    "The team agreed on 1 point for this task, and you decided as if it were more. A margin that "
    "is chosen by the code is chosen after looking.",
    "Use `margin` as it is given: a share of all examples.",
)
TWO_SIDED = Hint(
    "two-sided",
    word("need_more", "no"),
    "You split alpha between two sides. Only one error makes you switch wrongly, so the question "
    "has one side; for two it takes 14 examples instead of 10.",
    "`NormalDist().inv_cdf(1 - alpha)`.",
)
OWN_ALPHA = Hint(
    "own-alpha",
    word("yes", "no"),
    "The team wants to be wrong once in a hundred, and you stay at once in twenty.",
    "`NormalDist().inv_cdf(1 - alpha)` instead of 1.645.",
)
NO_NUMBER = Hint(
    "no-number",
    lambda got: of(got).needed[0] is None or of(got).number <= 1_000,  # noqa: PLR2004 - it has them
    "“Need more”, and nobody knows whether that is an afternoon or a month. So somebody guesses "
    "thirty, and the verdict is the same.",
    "The error falls with the root of n: it takes `n * (z * error / (margin - loss)) ** 2`.",
)
ONLY_MORE = Hint(
    "only-more",
    lambda got: 800 <= of(got).number <= 1_200,  # noqa: PLR2004 - what is missing to 2,000
    "This is how many are still missing. `n_needed` counts those that you have, too; whoever "
    "reads it collects half of them and is asked for more.",
    "Do not subtract n.",
)
NOT_SQUARED = Hint(
    "not-squared",
    lambda got: of(got).number < 1_600,  # noqa: PLR2004 - the least that is enough
    "With so many the verdict is need_more again. Twice the examples do not halve the error: four "
    "times do.",
    "Square it: `n * (z * error / (margin - loss)) ** 2`.",
)
USUAL = Usual(
    "Compute loss, error and z for these numbers by hand.",
    shape=(NO_VERDICT,),
    stops="No verdict comes, and the team decides by feeling. Nothing may have flipped, and a loss "
    "may be exactly the margin: then there is nothing to divide by.",
    empty=lambda got: None in of(got).came,
)
