"""C12's warm-up: what of the held words may still be shown when a stream is over."""

from labkit.checks.exercise import Case, Exercise, Hint, Usual

LAST, HALF = "Ask at the desk", "You may"


def shown(got: object) -> bool:
    """Whether something came that can be shown."""
    return isinstance(got, str) and bool(got)


LOSES = Hint(
    "loses-the-last",
    lambda got: got == "",
    "The answer ended by itself, and its last sentence never arrives: it has no full stop, or "
    "none with anything behind it.",
    "Where the message ended well, what is held is a sentence.",
)
NONE_IS_FINE = Hint(
    "none-is-done",
    shown,
    "None means that no reason came: the line was cut. “You may” could have become “you may not”.",
    "The SDK raises nothing there. Show it only for a reason that you know.",
)
CUT = Hint(
    "cut-is-done",
    shown,
    "A limit cut this sentence in the middle. It is no sentence.",
    "`max_tokens` is a reason, and not one of an answer that ended by itself.",
)
KEEPS_REFUSED = Hint(
    "shows-refused",
    shown,
    "The model took back what it began. Nothing of a refused answer is shown.",
    "`refusal` comes with status 200, like any other stop reason.",
)
OTHER_END = Hint(
    "one-end",
    lambda got: got == "",
    "An answer that reached one of your own stop sequences has ended well, too.",
    "Two reasons mean a whole answer: `end_turn` and `stop_sequence`.",
)
UNKNOWN = Hint(
    "trusts-the-unknown",
    shown,
    "Nobody knows what this reason means. Next year's reasons arrive here, too.",
    "List the reasons that you trust, not those that you fear.",
)
USUAL = Usual("The function returns a text: `held`, or an empty one.")


def over(held: str, stop_reason: str | None, expected: str, *hints: Hint) -> Case:
    """What may be shown of the held words after this stop reason."""
    return USUAL.gives(
        f"{held!r} held, stop_reason {stop_reason!r}",
        lambda answer: answer(held, stop_reason),
        expected,
        *hints,
    )


C12_WARMUP = Exercise(
    code="C12-warmup",
    names=("last_words",),
    parameters=(2,),
    cases=(
        over(LAST, "end_turn", LAST, LOSES),
        over(HALF, None, "", NONE_IS_FINE),
        over(HALF, "max_tokens", "", CUT),
        over(HALF, "refusal", "", KEEPS_REFUSED),
        over(LAST, "stop_sequence", LAST, OTHER_END),
        over(HALF, "pause_turn", "", UNKNOWN),
        over("", "end_turn", ""),
    ),
    minutes=2,
    points=1.0,
    after="Whatever else the reader is told, half a sentence it is not. The exercise has the rest.",
)
