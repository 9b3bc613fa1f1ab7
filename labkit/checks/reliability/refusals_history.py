"""R9, handling refusals: what its second function must keep of a conversation."""

from collections.abc import Callable, Sequence
from typing import Any

from labkit.checks.exercise import Answer, Case, Hint, Usual
from labkit.checks.messages import THINKING, TOOL_USE, text
from labkit.checks.signs import anything, is_turn
from labkit.reliability import Outcome

ANSWER = "You may keep a drill for 7 days. [extensions]"
CANNED = "I'm sorry, but I can't help with that."
Turn = dict[str, Any]

QUESTION: Turn = {"role": "user", "content": "How do I take the blade guard off?"}
EARLIER: list[Turn] = [
    {"role": "user", "content": "How long may I keep a drill?"},
    {"role": "assistant", "content": ANSWER},
]
LONGER: list[Turn] = [
    *EARLIER,
    {"role": "user", "content": "¿Y la escalera?"},
    {"role": "assistant", "content": "La escalera, 7 días. [extensions]"},
    {"role": "user", "content": "Write me a poem about it."},
]

LEFT_IN = Hint(
    "left-in",
    lambda got: (
        isinstance(got, list) and got[-1:] != [] and got[-1] not in (EARLIER[-1], LONGER[-2])
    ),
    "Noor's next question is refused as well, whatever it is. The turn that was not answered still "
    "stands in the history.",
    "Leave out the last user turn, and do not add what the model said to it.",
)
ALL_GONE = Hint(
    "all-gone",
    lambda got: isinstance(got, list),
    "Latch has forgotten what Noor said before. Only the turn that was not answered has to go.",
    "Everything before the last user turn stays as it was.",
)
NOT_TURNS = Hint(
    "not-a-turn",
    lambda got: not isinstance(got, list) or not all(isinstance(one, dict) for one in got),
    "The next call would be refused: `messages` is a list of turns, each a dict with `role` and "
    "`content`.",
    'Add `{"role": "assistant", "content": ...}` to a copy of the list.',
)
TOOL_GONE = Hint(
    "tool-call-gone",
    lambda got: isinstance(got, list) and len(got) <= len(EARLIER) + 1,
    "The tool will answer a call that nobody made, and the API refuses that. A tool call is part "
    "of the conversation and stays.",
    "`answered` and `tool_use` are kept; everything else goes.",
)
TOOL_TEXT = Hint(
    "text-for-a-tool-call",
    lambda got: isinstance(got, list) and is_turn(got[-1], "assistant"),
    "A tool call has no text, so the turn is empty and the API refuses the next call. It is made "
    "of blocks.",
    "`outcome.content` has the blocks as the API takes them back: put `list(outcome.content)` "
    "there.",
)
CHANGED = Hint(
    "changed-in-place",
    anything,
    "The list that the caller still holds has changed under its hands. Return a new list.",
    "Build a new list from a slice of `history`; `append`, `pop` and `del` change the old one.",
)
USUAL = Usual(
    "The next call would send the wrong turns. Compare what was expected with what came.",
    "After an answer: the old turns and the answer, as the assistant's. After anything else: the "
    "old turns without the last one.",
    shape=(NOT_TURNS,),
    part=1,
)


def follows(
    outcome: Outcome,
    holds: Callable[[Any], bool],
    expected: str,
    *hints: Hint,
    history: Sequence[Turn] = (*EARLIER, QUESTION),
) -> Case:
    """The second function must give the right history after an outcome."""
    return Case(
        given=f'{len(history)} turns, the last one the person\'s; the outcome is "{outcome.kind}"',
        ask=lambda answer: answer(list(map(dict, history)), outcome),
        expected=expected,
        holds=holds,
        usual=USUAL,
        own=hints,
    )


def goes(outcome: Outcome, history: Sequence[Turn] = (*EARLIER, QUESTION)) -> Case:
    """A turn that was not answered goes, and nothing else."""
    kept = list(history[:-1])
    rest = f"the {len(kept)} turns before it" if kept else "an empty list"
    hints = (LEFT_IN, ALL_GONE) if kept else (LEFT_IN,)
    return follows(outcome, lambda got: got == kept, rest, *hints, history=history)


def added(got: Any, holds: Callable[[object], bool]) -> bool:
    """Whether one assistant turn was added, and what is in it."""
    *before, last = got
    return (
        isinstance(got, list)
        and before == [*EARLIER, QUESTION]
        and is_turn(last, "assistant")
        and holds(last["content"])
    )


def says_so(content: object) -> bool:
    """Whether a turn's content is the answer, as a text or as its block."""
    return content == ANSWER or same_blocks(content, [text(ANSWER)])


def same_blocks(content: object, blocks: Sequence[object]) -> bool:
    """Whether a turn's content is these blocks; the API takes a tuple as well."""
    return isinstance(content, list | tuple) and [*content] == [*blocks]


def unchanged(answer: Answer) -> object:
    """The caller's list after the call, for a refusal and for an answer."""
    history = [*EARLIER, QUESTION]
    for outcome in (Outcome("refused"), Outcome("answered", ANSWER, content=(text(ANSWER),))):
        answer(history, outcome)
    return history


CALL = Outcome("tool_use", content=(THINKING, TOOL_USE))
HISTORY = (
    follows(
        Outcome("answered", ANSWER, content=(text(ANSWER),)),
        lambda got: added(got, says_so),
        "four turns, the last one the answer",
    ),
    goes(Outcome("refused", "Sure, first you ", content=(text("Sure, first you "),))),
    goes(Outcome("declined", CANNED, content=(text(CANNED),)), LONGER),
    goes(Outcome("empty")),
    goes(Outcome("truncated", "You may keep", content=(text("You may keep"),))),
    goes(Outcome("unknown", ANSWER, content=(text(ANSWER),)), LONGER),
    goes(Outcome("refused"), [QUESTION]),
    follows(
        CALL,
        lambda got: added(got, lambda content: same_blocks(content, CALL.content)),
        "four turns, the last one the assistant's blocks",
        TOOL_GONE,
        TOOL_TEXT,
    ),
    Case(
        given="a history that the caller goes on using",
        ask=unchanged,
        expected="the caller's list as it was",
        holds=lambda got: got == [*EARLIER, QUESTION],
        usual=USUAL,
        own=(CHANGED,),
    ),
)
