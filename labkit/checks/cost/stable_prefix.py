"""C7, what is stable comes first: ten pairs of requests, sent to a simulated provider."""

from dataclasses import replace

from labkit.checks.cost import prefix_hints as hints
from labkit.checks.cost.prefix_pair import TUESDAY, Situation, backwards, following, longer, paired
from labkit.checks.cost.prefix_pair import usual as plain
from labkit.checks.exercise import Case, Exercise, Hint

NAMES = ("tools", "rules", "docs", "today", "member", "history", "question")
READS = "everything is said, and the second reads 95 % or more of what it can"


def reads(given: str, first: Situation, second: Situation, *own: Hint) -> Case:
    """The second of two requests must read what it can."""
    return Case(
        given=given,
        ask=paired(first, second),
        expected=READS,
        holds=hints.right,
        usual=hints.USUAL,
        own=own,
    )


USUAL, LONG = plain(), longer(12)
C7 = Exercise(
    code="C7",
    names=("build_request",),
    parameters=(0,),
    keywords=(NAMES,),
    cases=(
        reads(
            "the same question twice",
            USUAL,
            USUAL,
            hints.CLOCK,
            hints.NO_MARKER,
            hints.TOO_EARLY,
        ),
        reads(
            "on Monday, then on Tuesday",
            USUAL,
            replace(USUAL, today=TUESDAY),
            hints.DATE_FIRST,
            hints.TOO_LATE,
        ),
        reads(
            "Noor, then Kofi",
            USUAL,
            replace(USUAL, member="Kofi, member m-2"),
            hints.MEMBER,
        ),
        reads(
            "the same tools, the other way round",
            USUAL,
            replace(USUAL, tools=USUAL.tools[::-1]),
            hints.TOOLS,
        ),
        reads(
            "the same tools with their keys the other way round",
            USUAL,
            replace(USUAL, tools=tuple(backwards(list(USUAL.tools)))),
            hints.KEYS,
        ),
        reads(
            "the same documents, the other way round",
            USUAL,
            replace(USUAL, docs=backwards(dict(USUAL.docs))),
            hints.DOCS,
        ),
        reads(
            "the first question of two members: no history yet",
            replace(USUAL, history=()),
            replace(USUAL, history=(), member="Kofi, member m-2"),
            hints.MEMBER,
        ),
        reads(
            "a conversation of 26 messages, then its next question",
            LONG,
            following(LONG),
            hints.MARKED_LATER,
            hints.HISTORY,
        ),
        reads(
            "the same conversation, and the next question comes after midnight",
            LONG,
            following(LONG, today=TUESDAY),
            hints.MIDNIGHT,
        ),
        reads(
            "Noor on Monday; Kofi on Tuesday, with everything the other way round",
            USUAL,
            replace(
                USUAL,
                member="Kofi, member m-2",
                today=TUESDAY,
                question="Is there a ladder?",
                tools=tuple(backwards(list(USUAL.tools[::-1]))),
                docs=backwards(dict(USUAL.docs)),
            ),
        ),
    ),
    minutes=20,
    points=4.0,
    after="Tick C7 when your own log shows cache_read_input_tokens on the second request of a day.",
)
