"""C12, streaming: what a reader may see of a stream, when, and how it is said to have ended."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from labkit.checks.cost import streaming_hints as hints
from labkit.checks.cost.played import Screen, frames, of, playing, words
from labkit.checks.exercise import Case, Exercise, Hint

WEEK = "You may keep it a week."
COST = "Late returns cost 2.50 a day!"
DOOR = "The side door opens with 4711."
DESK = "Ask at the desk"
SENTENCES = 19
LONG = " ".join([WEEK, COST] * (SENTENCES // 2) + [f"{DESK}."])
THOUGHTS = "The page on loans says a week. I say so."


def plays(  # noqa: PLR0913 - half of them by name
    given: str,
    sent: Sequence[Mapping[str, Any]],
    outcome: str,
    *own: Hint,
    seen: str,
    first: tuple[Hint, ...] = (),
    also: Callable[[Screen], bool] = lambda screen: not screen.taken_back,
) -> Case:
    """One stream, of which a reader must see this, with this outcome."""

    def is_right(got: object) -> bool:
        screen = of(got)
        is_same = screen.seen.strip() == seen and screen.outcome == outcome
        stands = "" if outcome == "refused" else seen
        said = getattr(screen.came, "shown", None)
        return is_same and screen.is_timed and also(screen) and str(said).strip() == stands

    shown = repr(seen) if len(seen) <= len(COST) * 2 else "all, each when it is whole"
    back = ", taken back" if outcome == "refused" else ""
    return Case(
        given=given,
        ask=playing(sent),
        expected=f"{outcome!r}; seen: {shown}{back}",
        holds=is_right,
        usual=hints.USUAL,
        own=own,
        first=first,
    )


def in_time(screen: Screen) -> bool:
    """Sentence by sentence, and the first one soon."""
    is_soon = screen.times[0] < hints.LATE_S / 2 and len(set(screen.times)) >= SENTENCES - 1
    return is_soon and not any(map(hints.is_half, screen.pieces))


C12 = Exercise(
    code="C12",
    names=("relay",),
    parameters=(4,),
    keywords=(("retract",),),
    cases=(
        plays(
            f"{SENTENCES} sentences in 9 s",
            frames(words(LONG), "end_turn"),
            "done",
            hints.NOTHING_SHOWN,
            hints.BUFFERS,
            hints.NO_SPACES,
            hints.HALVES,
            hints.LOSES_THE_LAST,
            hints.WATCH,
            seen=LONG,
            also=in_time,
        ),
        plays(
            "two sentences, the last without a full stop",
            frames(words(f"{WEEK} {DESK}"), "end_turn"),
            "done",
            hints.LOSES_THE_LAST,
            seen=f"{WEEK} {DESK}",
        ),
        plays(
            "three sentences; the second does not pass the check",
            frames(words(f"{WEEK} {DOOR} {COST}"), "end_turn"),
            "withheld",
            hints.SHOWS_FIRST,
            hints.GOES_ON,
            hints.SAYS_NOTHING_OF_IT,
            seen=WEEK,
        ),
        plays(
            "the same; 4711 comes in two pieces, 47 and 11",
            frames(
                [*words(WEEK), *words(" The side door opens with 47"), "11.", " Bye."], "end_turn"
            ),
            "withheld",
            hints.CHECKS_PIECES,
            seen=WEEK,
        ),
        plays(
            "two sentences; the last has no full stop and does not pass",
            frames(words(f"{WEEK} {DOOR[:-1]}"), "end_turn"),
            "withheld",
            hints.UNCHECKED_LAST,
            hints.SAYS_NOTHING_OF_IT,
            seen=WEEK,
        ),
        plays(
            "a refusal after a sentence and a half",
            frames(words(f"{WEEK} {DESK}"), "refusal"),
            "refused",
            hints.KEEPS_REFUSED,
            hints.ENDED_WELL,
            seen=WEEK,
            also=lambda screen: screen.taken_back == 1,
        ),
        plays(
            "the stream ends after a sentence and a half, without a stop reason",
            frames(words(f"{WEEK} {DESK}"), None),
            "incomplete",
            hints.NONE_IS_DONE,
            hints.SHOWS_HALF,
            seen=WEEK,
        ),
        plays(
            "an error event after a sentence and a half",
            frames(words(f"{WEEK} {DESK}"), None, breaks=True),
            "incomplete",
            hints.NONE_IS_DONE,
            hints.SHOWS_HALF,
            seen=WEEK,
            first=(hints.ESCAPES,),
        ),
        plays(
            "max_tokens after a sentence and a half",
            frames(words(f"{WEEK} {DESK}"), "max_tokens"),
            "truncated",
            hints.CUT_IS_DONE,
            hints.SHOWS_HALF,
            seen=WEEK,
        ),
        plays(
            "thinking, then two sentences",
            frames(words(f"{WEEK} {COST}"), "end_turn", thinks=THOUGHTS),
            "done",
            hints.SHOWS_THOUGHTS,
            seen=f"{WEEK} {COST}",
        ),
        plays(
            "one sentence without a full stop, and nothing else",
            frames(words(DESK), "end_turn"),
            "done",
            hints.LOSES_THE_LAST,
            hints.WATCH,
            seen=DESK,
        ),
        plays(
            "two sentences, the last without a full stop; stop_sequence",
            frames(words(f"{WEEK} {DESK}"), "stop_sequence"),
            "done",
            hints.LOSES_THE_LAST,
            seen=f"{WEEK} {DESK}",
        ),
    ),
    minutes=20,
    points=4.0,
    after="Tick C12 when your app has said “connection lost” in a test that cuts the stream.",
)
