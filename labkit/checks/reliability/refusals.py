"""R9, handling refusals: what its first function must see in every shape of reply."""

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

from labkit.checks.exercise import Case, Exercise, Hint, Usual
from labkit.checks.messages import NEW_KIND, THINKING, TOOL_USE, message, received, text
from labkit.checks.reliability.refusals_history import ANSWER, CANNED, HISTORY
from labkit.checks.signs import anything, came, kind_of, raised
from labkit.reliability import Kind

LADDER = "A ladder carries at most 120 kg. [ladders]"
SORRY = "I'm sorry to say that the desk is closed on Sunday. [opening-hours]"
CANNED_ES = "Lo siento, pero no puedo ayudarle con eso."
ASIDE = "That [the blade guard] is nothing I can help with."
HOURS = "Please ask at the desk [Tuesday to Saturday]"
DECLINES = {"type": "refusal", "category": "general_harms", "explanation": "Not stable."}
KINDS = get_args(Kind)

NO_OUTCOME = Hint(
    "not-an-outcome",
    lambda got: not kind_of(got),
    "The next line of the app asks for `.kind` and finds none. Return an `Outcome`.",
    "For example `return Outcome('answered', text)`; `Outcome` alone is the class, not a value.",
)
NO_KIND = Hint(
    "no-such-kind",
    lambda got: kind_of(got) not in KINDS,
    "The app knows no such kind and would show nothing at all. The seven kinds stand in the "
    "table, in small letters.",
)
FIRST_BLOCK = Hint(
    "first-block",
    raised("IndexError", "AttributeError", "StopIteration"),
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
OTHER_TEXT = Hint(
    "other-text",
    came("answered"),
    "The kind is right, and Noor reads something else than the answer. The second part of an "
    "`Outcome` is the visible text of this very reply.",
    "Join `block.text` of every block whose `.type` is `'text'`, and pass it on.",
)
TEXT_ONLY = Hint(
    "text-only",
    came("answered", "declined"),
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
CALLED_REFUSED = Hint(
    "declined-as-refused",
    came("refused"),
    "Nobody said that this is a refusal: the stop reason is `end_turn`. Without a source it is "
    "`declined`, which may be a refusal, an evasion or small talk.",
    "Keep `refused` for the stop reason `refusal`; then its rate in your log means one thing.",
)
PHRASES = Hint(
    "phrase-list",
    anything,
    "The words of a refusal change with model, language and mood, and an answer may be sorry too. "
    "A list of phrases is wrong in both directions.",
    "Do not look for what a refusal says. Look for what an answer carries: its source.",
)
ANY_BRACKET = Hint(
    "any-bracket",
    came("answered"),
    "Noor is told no, and it counts as an answer because of a bracket. A source stands at the very "
    "end, and is the name of a document.",
    "`SOURCE.search(text)` from the cell above does both.",
)
BY_CLASS = Hint(
    "by-class",
    lambda got: "draft" in str(getattr(got, "text", "")) or kind_of(got) == "answered",
    "Noor reads a block that was not meant for people. The SDK builds a `TextBlock` even for a "
    "block type that it does not know: look at `.type`.",
    "Replace the test of the class by `block.type == 'text'`.",
)
NOTHING_SEEN = Hint(
    "empty-as-declined",
    came("declined", "refused"),
    "There is nothing to read in this reply, so nobody can tell whether it declines. It happens "
    "after tool results, and asking once more often helps.",
    "Where the visible text, without white space, is nothing, the kind is `empty`.",
)
CUT_OFF = Hint(
    "cut-as-whole",
    came("answered", "declined", "unknown", "refused"),
    "Noor reads half a sentence as if it were the answer. A reply is whole only when its stop "
    "reason says so, whatever its text ends with.",
    "`CUT` in the cell above has the three stop reasons of a reply that is not whole; None is one.",
)
UNLISTED = Hint(
    "unlisted-as-known",
    came("answered", "declined", "refused", "truncated", "empty"),
    "Your code was written before this, and takes it for something that it knows. Next year's "
    "reasons must not be read as this year's.",
    "List what you know; everything else, also what has no `content`, is `unknown`.",
)
USUAL = Usual(
    "This reply was read as something else than it is. Compare what was expected with what came.",
    "Look at `stop_reason` first, then at the visible text, then at its source.",
    shape=(NO_OUTCOME, NO_KIND),
)


def reads(
    given: str, reply: Callable[[], object], expected: str, *hints: Hint, says: str | None = None
) -> Case:
    """The first function must see a reply as ``expected``, with the text ``says`` if given."""

    def holds(got: object) -> bool:
        return kind_of(got) == expected and (says is None or getattr(got, "text", None) == says)

    return Case(
        given=given,
        ask=lambda answer: answer(reply()),
        expected=f'kind "{expected}"' + (f" and the text {says!r}" if says is not None else ""),
        holds=holds,
        usual=USUAL,
        own=hints,
        first=(FIRST_BLOCK,),
    )


def ends(words: str, reason: str = "end_turn") -> str:
    """A reply of one text, described."""
    return f'stop_reason "{reason}" and the text “{words}”'


READING = (
    reads(
        "an ordinary answer with its source",
        lambda: message(text(ANSWER)),
        "answered",
        REFUSE_ALL,
        OTHER_TEXT,
        says=ANSWER,
    ),
    reads(
        'stop_reason "refusal", content [] and stop_details None',
        lambda: message(stop_reason="refusal", stop_details=None),
        "refused",
    ),
    reads(
        "a thinking block, then another answer",
        lambda: message(THINKING, text(LADDER)),
        "answered",
        OTHER_TEXT,
        replace(FIRST_BLOCK, fits=anything),
        says=LADDER,
    ),
    reads(
        ends("Sure, first you ", "refusal"),
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
        ends(CANNED),
        lambda: message(text(CANNED)),
        "declined",
        STOP_ONLY,
        CALLED_REFUSED,
    ),
    reads(ends(CANNED_ES), lambda: message(text(CANNED_ES)), "declined", PHRASES),
    reads(ends(SORRY), lambda: message(text(SORRY)), "answered", PHRASES),
    reads(ends(ASIDE), lambda: message(text(ASIDE)), "declined", ANY_BRACKET),
    reads(ends(HOURS), lambda: message(text(HOURS)), "declined", ANY_BRACKET),
    reads('stop_reason "end_turn" and no content', message, "empty", NOTHING_SEEN),
    reads(
        'stop_reason "end_turn" and a text of two spaces',
        lambda: message(text("  ")),
        "empty",
        NOTHING_SEEN,
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
        NOTHING_SEEN,
    ),
    reads(
        'stop_reason "max_tokens" in the middle of a sentence',
        lambda: message(text("You may keep a drill [extensions]"), stop_reason="max_tokens"),
        "truncated",
        CUT_OFF,
    ),
    reads(
        "a stream that ended early: text, and stop_reason None",
        lambda: message(text(ANSWER), stop_reason=None),
        "truncated",
        CUT_OFF,
    ),
    reads(
        'stop_reason "stop_sequence" after an answer with its source',
        lambda: message(text(ANSWER), stop_reason="stop_sequence", stop_sequence="##"),
        "answered",
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
        UNLISTED,
    ),
    reads(
        "a web page with status 200: the SDK returns a plain str",
        lambda: received("<html>Bad gateway</html>"),
        "unknown",
        UNLISTED,
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
)
