"""R9's warm-up: all the text of a message and nothing else."""

from collections.abc import Callable
from dataclasses import replace

from labkit.checks.exercise import Case, Exercise, Hint, Usual
from labkit.checks.messages import NEW_KIND, THINKING, message, text
from labkit.checks.signs import anything, raised

NOT_FIRST = Hint(
    "first-block",
    anything,
    "The text need not stand first, and there may be none. Go through all blocks.",
    "Join `block.text` of every block whose `.type` is `'text'`.",
)
NOT_CLASS = Hint(
    "by-class",
    lambda got: isinstance(got, str) and "draft" in got,
    "This shows a block that is not meant for people. The SDK builds a `TextBlock` for block types "
    "it does not know: ask for `.type`.",
)
A_LIST = Hint(
    "a-list",
    lambda got: isinstance(got, (list, tuple)) or hasattr(got, "__next__"),
    "These are the pieces, not the text. A person reads one string.",
    "`''.join(...)` makes one of them.",
)
SPACED = Hint(
    "spaced",
    lambda got: isinstance(got, str) and "".join(got.split()) == "Sevendays.Nolonger.",
    "There is white space between the blocks that nobody wrote. Blocks continue each other, also "
    "in the middle of a word.",
    "Join with `''`, not with a space or a line break.",
)
USUAL = Usual("Join the text of all blocks that are text.", shape=(A_LIST,))
CRASHES = replace(NOT_FIRST, fits=raised("IndexError", "AttributeError", "StopIteration"))
BLANK = Hint(
    "nothing-at-all",
    lambda got: got == "",
    "There is text in this message, and none came. Go through all blocks of `message.content`.",
)


def sees(given: str, reply: Callable[[], object], expected: str, *hints: Hint) -> Case:
    """The warm-up's function must return exactly this text."""
    return USUAL.gives(
        given, lambda answer: answer(reply()), expected, *hints, NOT_FIRST, first=(CRASHES,)
    )


R9_WARMUP = Exercise(
    code="R9-warmup",
    names=("visible_text",),
    parameters=(1,),
    cases=(
        sees("one text block", lambda: message(text("Seven days.")), "Seven days.", BLANK),
        sees(
            "a thinking block, then text",
            lambda: message(THINKING, text("Seven days.")),
            "Seven days.",
        ),
        sees(
            "two text blocks, “Seven days. ” and “No longer.”",
            lambda: message(text("Seven days. "), text("No longer.")),
            "Seven days. No longer.",
            SPACED,
        ),
        sees("no content at all", lambda: message(stop_reason="refusal"), ""),
        sees(
            "text, and a block of a type that this SDK does not know",
            lambda: message(text("Seven days."), NEW_KIND),
            "Seven days.",
            NOT_CLASS,
        ),
    ),
    minutes=2,
    points=1.0,
    after="That line is the first half of reading a reply. The second is what the message is.",
)
