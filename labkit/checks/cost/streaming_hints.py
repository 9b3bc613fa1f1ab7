"""C12: what each way to relay a stream wrongly does to the reader."""

from labkit.checks.cost.played import Screen, of
from labkit.checks.exercise import Hint, Usual
from labkit.checks.limits import Raised

LATE_S = 3.0
MARKS = (".", "!", "?")


def is_half(piece: str) -> bool:
    """Whether a piece ends in the middle of a sentence."""
    text = piece.strip()
    return bool(text) and (not text.endswith(MARKS) or text.endswith(" 2."))


def standing(screen: Screen) -> bool:
    """Whether a reader still has text before them."""
    return bool(screen.seen) and (
        not screen.taken_back or bool(getattr(screen.came, "shown", None))
    )


NO_OUTCOME = Hint(
    "no-outcome",
    lambda got: not of(got).is_outcome,
    "The page cannot tell whether to offer another try. It asks for `outcome`, `shown` and "
    "`first_s`, and this value lacks them.",
    "`return Relayed(outcome, shown, first_s)`, on every path.",
)
NOTHING_SHOWN = Hint(
    "shows-nothing",
    lambda got: not of(got).pieces,
    "The answer came, and the reader's page stays empty.",
    "`emit(sentence)` for each sentence that passes the check.",
)
BUFFERS = Hint(
    "buffers-everything",
    lambda got: of(got).times[0] > LATE_S,
    "First text at 9 s: the reader looks at a blank page until the last word is there. That is "
    "not streaming, however fast the letters then run.",
    "Inside the loop, after each event: as long as `END` finds a sentence in what is held, check "
    "it and show it.",
)
NO_SPACES = Hint(
    "loses-the-spaces",
    lambda got: " week.Late" in f" {of(got).seen}",
    "The sentences run into each other: “a week.Late returns”. All pieces joined are the answer.",
    "Cut behind the white space, at `END.search(held).end()`, and emit the piece as it is.",
)
HALVES = Hint(
    "half-sentences",
    lambda got: any(map(is_half, of(got).pieces)),
    "The reader sees half a sentence, and nobody knows yet how it goes on. What is wrong with it "
    "may stand in its second half. A full stop ends a sentence only before white space: 2.50.",
    "Hold what came until `END` finds the end of a sentence in it.",
)
WATCH = Hint(
    "another-time",
    lambda got: not of(got).is_timed,
    "`first_s` is not when the reader saw the first sentence. It is what you alarm on: None, a "
    "time of day, the first event or the end of the stream hide a slow page.",
    "`clock.monotonic()` once before the loop and once at the first `emit`, also where that shows "
    "the last words; take the difference.",
)
LOSES_THE_LAST = Hint(
    "loses-the-last",
    lambda got: "desk" not in of(got).seen,
    "“Ask at the desk” never comes: nothing follows it, so `END` does not find it. Many answers "
    "end without a full stop, or with a list.",
    'Where `WHY` says `"done"`, what is held is the last sentence: check it and show it.',
)
SHOWS_FIRST = Hint(
    "shows-before-checking",
    lambda got: of(got).leaks,
    "Everybody has read the number of the door. Taken away a second later it is still known.",
    "`check(sentence)` first; `emit(sentence)` only where it is True.",
)
GOES_ON = Hint(
    "goes-on",
    lambda got: "Late" in of(got).seen,
    "One sentence is missing, and the next is shown as if nothing were wrong. The reader cannot "
    "see the gap, and what follows leans on what was left out.",
    "After a sentence that does not pass, show no more: return.",
)
SAYS_NOTHING_OF_IT = Hint(
    "withheld-is-done",
    lambda got: of(got).outcome in ("done", "refused", "incomplete", "truncated"),
    "The answer was stopped by your own check, and the outcome says otherwise. Then the page "
    "offers the wrong next step, and nobody counts how often the check strikes.",
    'The outcome is `"withheld"`.',
)
CHECKS_PIECES = Hint(
    "checks-the-pieces",
    lambda got: of(got).leaks,
    "47 is harmless, 11 is harmless, and the door is open. A stream is cut anywhere, also inside "
    "what your check looks for.",
    "Give `check` the whole sentence, not `event.delta.text`.",
)
UNCHECKED_LAST = Hint(
    "unchecked-last",
    lambda got: of(got).leaks,
    "The last words were shown without a check, because they are handled behind the loop. That "
    "is where the number stood.",
    "One way for all sentences: the last one takes it, too.",
)
KEEPS_REFUSED = Hint(
    "keeps-the-refused",
    lambda got: standing(of(got)),
    "The provider stopped the answer as refused, and its first half stands on the page. The text "
    "of a refused answer is nothing to read, or to keep.",
    "Call `retract()`, and return `shown` empty.",
)
ENDED_WELL = Hint(
    "refusal-is-done",
    lambda got: of(got).outcome != "refused",
    "The page is empty, and the outcome does not say why. The reader needs to hear that this "
    "question is not answered here, and where to ask.",
    'The outcome is `"refused"` where the stop reason is `"refusal"`.',
)
NONE_IS_DONE = Hint(
    "none-is-done",
    lambda got: of(got).outcome != "incomplete",
    "The connection was lost, and half an answer passes for a whole one. Nothing is raised where "
    "a stream ends early: the stop reason stays None.",
    'Only `end_turn` and `stop_sequence` are `"done"`; no stop reason is `"incomplete"`.',
)
SHOWS_HALF = Hint(
    "shows-the-half",
    lambda got: "desk" in of(got).seen,
    "Half a sentence is shown as if it were one. “You need not pay …”: the end of it may say "
    "the opposite.",
    'What is held is a sentence only where the answer ended by itself: `WHY` says `"done"`.',
)
ESCAPES = Hint(
    "error-escapes",
    lambda got: isinstance(got, Raised) and got.kind.endswith("Error") and "verloaded" in got.says,
    "The app stops with an exception in the middle of a page that is half written. An error event "
    "inside a stream comes with the status 200, and no retry of the SDK catches it.",
    'Put `try` around the loop: after `anthropic.APIError` the outcome is `"incomplete"`.',
)
CUT_IS_DONE = Hint(
    "cut-is-done",
    lambda got: of(got).outcome != "truncated",
    "The answer hit `max_tokens`, and the reader is not told that there is more.",
    'The outcome is `"truncated"` where the stop reason is `"max_tokens"`.',
)
SHOWS_THOUGHTS = Hint(
    "shows-thoughts",
    lambda got: "page on loans" in of(got).seen,
    "The reader sees what the model thought before it answered. That is no answer, nobody has "
    "checked how it reads, and it may quote your instructions.",
    'Only a delta whose `type` is `"text_delta"` has text for people.',
)
USUAL = Usual(
    "Compare the outcome, and what was seen, with what is expected.",
    shape=(NO_OUTCOME,),
    empty=lambda got: of(got).came is None,
)
