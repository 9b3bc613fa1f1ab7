"""R9, handling refusals: the cases of its exercise and of its warm-up."""

from collections.abc import Callable, Sequence
from typing import Any

from labkit.checks.exercise import Answer, Case, Exercise, Hint
from labkit.checks.limits import Raised
from labkit.checks.messages import NEW_KIND, THINKING, TOOL_USE, message, received, text
from labkit.reliability import Outcome

ANSWER = "You may keep a drill for 7 days. [extensions]"
SORRY = "I'm sorry to say that the desk is closed on Sunday. [opening-hours]"
CANNED = "I'm sorry, but I can't help with that."
CANNED_ES = "Lo siento, pero no puedo ayudarle con eso."
DECLINES = {"type": "refusal", "category": "general_harms", "explanation": "Not stable."}
QUESTION = {"role": "user", "content": "How do I take the blade guard off?"}
EARLIER = [
    {"role": "user", "content": "How long may I keep a drill?"},
    {"role": "assistant", "content": ANSWER},
]


def kind_of(got: object) -> str:
    """The kind of an outcome; empty where it is not one."""
    return str(getattr(got, "kind", ""))


def came(*kinds: str) -> Callable[[object], bool]:
    """Fits an outcome of one of these kinds."""
    return lambda got: kind_of(got) in kinds


def raised(*names: str) -> Callable[[object], bool]:
    """Fits an exception of one of these names."""
    return lambda got: isinstance(got, Raised) and got.kind in names


def anything(_: object) -> bool:
    """Fits what no other hint fits."""
    return True


NO_OUTCOME = Hint(
    "not-an-outcome",
    lambda got: not isinstance(got, Raised) and not kind_of(got),
    "The next line of the app asks for `.kind` and finds none. Return an `Outcome`.",
)
FIRST_BLOCK = Hint(
    "first-block",
    raised("IndexError", "AttributeError"),
    "Noor's page crashes although the provider did nothing wrong. Nobody promises a first block, "
    "nor that it is text.",
    "Go through all of `message.content`, join what has `.type == 'text'`, and look at "
    "`message.stop_reason` before the text.",
)
REFUSE_ALL = Hint(
    "refuse-everything",
    came("refused", "declined", "empty", "unknown", "truncated"),
    "Noor asked a good question, got a good answer, and your app threw it away. An answer that "
    "ends in its source is an answer.",
    "Try your function on the first case alone: `end_turn`, one text block, a source at the end.",
)
TEXT_ONLY = Hint(
    "text-only",
    came("answered"),
    "Noor reads the beginning of something that the model took back. There is text, and the reply "
    "is a refusal all the same.",
    "`stop_reason` says what a message is. Read it before you look whether there is text.",
)
STOP_ONLY = Hint(
    "stop-reason-only",
    came("answered"),
    "Noor is told no, and your dashboard counts an answer. This shape has neither an empty content "
    "nor a stop reason that warns you.",
    "Look for what an answer of Latch must carry: the name of a document in square brackets at "
    "its end.",
)
PHRASES = Hint(
    "phrase-list",
    anything,
    "The words of a refusal change with model, language and mood, and an answer may be sorry too. "
    "A list of phrases is wrong in both directions.",
    "Do not look for what a refusal says. Look for what an answer carries: its source.",
)
BY_CLASS = Hint(
    "by-class",
    lambda got: "draft" in str(getattr(got, "text", "")) or kind_of(got) == "answered",
    "Noor reads a block that was not meant for people. The SDK builds a `TextBlock` even for a "
    "block type that it does not know: look at `.type`.",
    "Replace the test of the class by `block.type == 'text'`.",
)
OTHER = Hint(
    "other",
    anything,
    "This reply was read as something else than it is. Compare what was expected with what came.",
    "Look at `stop_reason` first, then at the visible text, then at its source.",
)


def reads(
    given: str, reply: Callable[[], object], expected: str, *hints: Hint, says: str | None = None
) -> Case:
    """The first function must see a reply as ``expected``, with the text ``says`` if given."""

    def holds(got: object) -> bool:
        return kind_of(got) == expected and (says is None or getattr(got, "text", None) == says)

    return Case(
        given=given,
        ask=lambda answers: answers[0](reply()),
        expected=f'kind "{expected}"' + (f" and the text {says!r}" if says is not None else ""),
        holds=holds,
        hints=(*hints, NO_OUTCOME, FIRST_BLOCK, OTHER),
    )


READING = (
    reads(
        "an ordinary answer with its source",
        lambda: message(text(ANSWER)),
        "answered",
        NO_OUTCOME,
        REFUSE_ALL,
        says=ANSWER,
    ),
    reads(
        'stop_reason "refusal", content [] and stop_details None',
        lambda: message(stop_reason="refusal", stop_details=None),
        "refused",
    ),
    reads(
        "a thinking block, then the answer",
        lambda: message(THINKING, text(ANSWER)),
        "answered",
        says=ANSWER,
    ),
    reads(
        'stop_reason "refusal" after the text “Sure, first you ”',
        lambda: message(text("Sure, first you "), stop_reason="refusal", stop_details=DECLINES),
        "refused",
        TEXT_ONLY,
    ),
    reads(
        'stop_reason "refusal" after a whole sentence with its source',
        lambda: message(text(ANSWER), stop_reason="refusal", stop_details=DECLINES),
        "refused",
        TEXT_ONLY,
    ),
    reads(
        f'stop_reason "end_turn" and the text “{CANNED}”',
        lambda: message(text(CANNED)),
        "declined",
        STOP_ONLY,
    ),
    reads(
        f'stop_reason "end_turn" and the text “{CANNED_ES}”',
        lambda: message(text(CANNED_ES)),
        "declined",
        PHRASES,
    ),
    reads(
        f'stop_reason "end_turn" and the text “{SORRY}”',
        lambda: message(text(SORRY)),
        "answered",
        PHRASES,
    ),
    reads(
        'stop_reason "end_turn" and no content',
        message,
        "empty",
    ),
    reads(
        "an answer, then a block of a type that this SDK does not know",
        lambda: message(text(ANSWER), NEW_KIND),
        "answered",
        BY_CLASS,
        says=ANSWER,
    ),
    reads(
        "nothing but a block of a type that this SDK does not know",
        lambda: message(NEW_KIND),
        "empty",
        BY_CLASS,
    ),
    reads(
        'stop_reason "max_tokens" in the middle of a sentence',
        lambda: message(text("You may keep a drill [extensions]"), stop_reason="max_tokens"),
        "truncated",
    ),
    reads(
        "a stream that ended early: text, and stop_reason None",
        lambda: message(text(ANSWER), stop_reason=None),
        "truncated",
    ),
    reads(
        'stop_reason "tool_use"',
        lambda: message(TOOL_USE, stop_reason="tool_use"),
        "tool_use",
    ),
    reads(
        "a stop reason that did not exist last year",
        lambda: message(text(ANSWER), stop_reason="policy_review"),
        "unknown",
    ),
    reads(
        "a web page with status 200: the SDK returns a plain str",
        lambda: received("<html>Bad gateway</html>"),
        "unknown",
    ),
)

LEFT_IN = Hint(
    "left-in",
    lambda got: isinstance(got, list) and QUESTION in got,
    "Noor's next question is refused as well, whatever it is. The refused turn still stands in the "
    "history.",
    "Leave out the last user turn, and do not add what the model said to it.",
)
ALL_GONE = Hint(
    "all-gone",
    lambda got: got == [],
    "Latch has forgotten everything that Noor said before. Only the refused turn has to go.",
    "Everything before the last user turn stays as it was.",
)
CHANGED = Hint(
    "changed-in-place",
    anything,
    "The list that the caller still holds has changed under its hands. Return a new list.",
    "Build a new list from a slice of `history`; `append`, `pop` and `del` change the old one.",
)
OTHER_HISTORY = Hint(
    "other",
    anything,
    "The next call would send the wrong turns. Compare what was expected with what came.",
    "After an answer: the old turns and the answer. After anything else: the old turns without "
    "the last one.",
)


def follows(given: str, outcome: Outcome, holds: Callable[[Any], bool], expected: str) -> Case:
    """The second function must give the right history after an outcome."""
    return Case(
        given=f"a history of three turns, the last one the person's; {given}",
        ask=lambda answers: answers[1](list(map(dict, [*EARLIER, QUESTION])), outcome),
        expected=expected,
        holds=holds,
        hints=(LEFT_IN, ALL_GONE, OTHER_HISTORY),
        part=1,
    )


def answered_after(got: Any) -> bool:
    """Whether the answer was added as one assistant turn."""
    return (
        isinstance(got, list)
        and got[:3] == [*EARLIER, QUESTION]
        and len(got) == 4  # noqa: PLR2004 - three turns and the answer
        and got[3].get("role") == "assistant"
        and "7 days" in str(got[3].get("content"))
    )


def unchanged(answers: Sequence[Answer]) -> object:
    """The caller's list after the call, for a refusal and for an answer."""
    history = [*EARLIER, QUESTION]
    for outcome in (Outcome("refused"), Outcome("answered", ANSWER, content=(text(ANSWER),))):
        answers[1](history, outcome)
    return history


HISTORY = (
    follows(
        "the outcome is an answer",
        Outcome("answered", ANSWER, content=(text(ANSWER),)),
        answered_after,
        "four turns, the last one the answer",
    ),
    *(
        follows(
            f'the outcome is "{outcome.kind}"',
            outcome,
            lambda got: got == EARLIER,
            "the two turns before it, and nothing else",
        )
        for outcome in (
            Outcome("refused", "Sure, first you ", content=(text("Sure, first you "),)),
            Outcome("declined", CANNED, content=(text(CANNED),)),
            Outcome("empty"),
        )
    ),
    Case(
        given="a history that the caller goes on using",
        ask=unchanged,
        expected="the caller's list as it was",
        holds=lambda got: got == [*EARLIER, QUESTION],
        hints=(CHANGED,),
        part=1,
    ),
)

R9 = Exercise(
    code="R9",
    names=("classify_outcome", "history_after"),
    parameters=(1, 2),
    cases=READING + HISTORY,
    minutes=15,
    points=4.0,
    after="Tick R9 in your own app when its log tells answered, refused and declined apart.",
    misconceptions=(
        "text-only",
        "stop-reason-only",
        "phrase-list",
        "by-class",
        "first-block",
        "left-in",
        "all-gone",
        "changed-in-place",
        "refuse-everything",
    ),
)

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


def sees(given: str, reply: Callable[[], object], expected: str, *hints: Hint) -> Case:
    """The warm-up's function must return exactly this text."""
    return Case(
        given=given,
        ask=lambda answers: answers[0](reply()),
        expected=repr(expected),
        holds=lambda got: got == expected,
        hints=(*hints, NOT_FIRST),
    )


R9_WARMUP = Exercise(
    code="R9-warmup",
    names=("visible_text",),
    parameters=(1,),
    cases=(
        sees("one text block", lambda: message(text("Seven days.")), "Seven days."),
        sees(
            "a thinking block, then text",
            lambda: message(THINKING, text("Seven days.")),
            "Seven days.",
        ),
        sees(
            "two text blocks",
            lambda: message(text("Seven days. "), text("No longer.")),
            "Seven days. No longer.",
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
    misconceptions=("first-block", "by-class"),
)
