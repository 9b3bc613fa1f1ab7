"""R5, answers from retrieved context: what a look-up must say of each answer.

an answer and its passages -> the learner's look-up -> Looked -> the first case that fails
"""

from collections.abc import Mapping

from labkit.checks.exercise import Answer, Case, Exercise, Hint
from labkit.checks.reliability import grounding_hints as hints
from labkit.checks.reliability.grounding_hints import Looked

PASSAGES: Mapping[str, str] = {
    "late-returns": "The late fee is now 2 crowns per day for each thing. It never grows\nbeyond "
    "30 crowns. You don\u2019t pay for a day on which the desk is closed.",
    "fees-and-deposits": "The tile cutter's deposit is 40 crowns. It is paid back at once.",
    "projector": "The projector gives 3,200 lumens. It may be kept for 3 days.",
    "power-tools-24h": "Chainsaws are lent for one day. Somebody shows you how they start.",
}
"""One has a number in its name."""


def looked_up(answer: Answer, said: str) -> Looked:
    """What a look-up gives for one text."""
    came = answer(said, dict(PASSAGES))
    holds, problems = getattr(came, "holds", None), getattr(came, "problems", None)
    listed = isinstance(problems, (list, tuple)) and all(isinstance(one, str) for one in problems)
    known = isinstance(holds, bool) and listed
    return Looked(came, holds if known else None, tuple(problems or ()) if listed else ())


def asks(given: str, said: str, *own: Hint, holds: bool) -> Case:
    """The look-up must say this of a text."""

    def is_right(got: object) -> bool:
        looked = hints.of(got)
        return looked.holds is holds and bool(looked.problems) is not holds

    return Case(
        given=f"{given}: {said}",
        ask=lambda answer: looked_up(answer, said),
        expected="it holds" if holds else "it does not hold, and a problem",
        holds=is_right,
        usual=hints.USUAL,
        own=own,
    )


def holds(given: str, said: str, *own: Hint) -> Case:
    """Everything in this text stands in its passages."""
    return asks(given, said, *own, hints.REFUSES, holds=True)


def fails(given: str, said: str, *own: Hint) -> Case:
    """Something in this text stands in none of its passages."""
    return asks(given, said, *own, holds=False)


R5 = Exercise(
    code="R5",
    names=("grounded",),
    parameters=(2,),
    cases=(
        holds("a true quote", 'It says "per day for each thing". [late-returns]'),
        holds("a paraphrase, its number right", "Each day costs you 2 crowns. [late-returns]"),
        fails("no source", "Each day costs you some crowns.", hints.NO_SOURCE),
        fails("a source that does not exist", "You pay for it. [late-fees]", hints.NOWHERE),
        fails(
            "one source of two that does not exist",
            "Each day costs you 2 crowns. [late-returns] [late-fees]",
            hints.ONE_OF_TWO,
        ),
        fails(
            "an invented quote", 'It says "the first week is free". [late-returns]', hints.UNQUOTED
        ),
        fails("an altered number", "Each day costs you 7 crowns. [late-returns]", hints.UNCOUNTED),
        fails(
            "a true quote of another page",
            'It says "paid back at once". [late-returns]',
            hints.EVERYWHERE,
        ),
        fails(
            "the number of another page",
            "It never gets above 40 crowns. [late-returns]",
            hints.EVERYWHERE,
        ),
        fails("a part of a number", "It has 200 lumens. [projector]", hints.PART),
        fails(
            "an invented quote in curly marks",
            "It says \u201cthe first week is free\u201d. [late-returns]",
            hints.STRAIGHT,
        ),
        holds(
            "two apostrophes", "Noor's day doesn't count, it's closed. [late-returns]", hints.SINGLE
        ),
        holds(
            "a straight apostrophe for a curly one",
            'It says "You don\'t pay for a day". [late-returns]',
            hints.MARKS,
        ),
        holds(
            "a quote across a line break",
            'It says "never grows beyond 30 crowns". [late-returns]',
            hints.BREAK,
        ),
        holds("no thousands separator", "It has 3200 lumens. [projector]", hints.SEPARATOR),
        holds("a number before a full stop", "The crowns a day are 2. [late-returns]", hints.STOP),
        holds(
            "a number in a source's name",
            "Somebody shows you how a chainsaw starts. [power-tools-24h]",
            hints.IN_NAME,
        ),
        holds(
            "two sources, the quote in the second",
            'You have it 3 days, then it is "2 crowns per day". [projector] [late-returns]',
            hints.FIRST,
        ),
        fails(
            "an altered number beside a true quote",
            'It costs 7 crowns "per day for each thing". [late-returns]',
            hints.LAST_WORD,
        ),
        fails(
            "an invented quote beside a true number",
            'It says "the first week is free", then 2 crowns a day. [late-returns]',
            hints.LAST_WORD,
        ),
        holds("the page's own separator", "It has 3,200 lumens. [projector]", hints.PAGE_ALONE),
        holds(
            "the page's own apostrophe",
            'It says "You don\u2019t pay for a day". [late-returns]',
            hints.PAGE_ALONE,
        ),
    ),
    minutes=15,
    points=4.0,
    after="Tick R5 when an answer whose look-up fails never reaches a person.",
)
