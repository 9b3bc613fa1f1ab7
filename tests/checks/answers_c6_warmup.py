"""The warm-up of C6: a count in three right forms, and each misconception three ways."""

CODE = "C6-warmup"


def cut(lengths, ceiling, thinking):
    """Those that are longer than the ceiling."""
    return [one for one in lengths if one + thinking > ceiling]


RIGHT = [
    lambda lengths, ceiling, thinking: sum(thinking + one > ceiling for one in lengths),
    lambda lengths, ceiling, thinking: len(cut(lengths, ceiling, thinking)),
    lambda lengths, ceiling, thinking: (
        len(lengths) - len([one for one in lengths if one <= ceiling - thinking])
    ),
]
WRONG = {
    "counts-the-whole-ones": [
        lambda lengths, ceiling, thinking: sum(thinking + one <= ceiling for one in lengths),
        lambda lengths, ceiling, thinking: len(lengths) - len(cut(lengths, ceiling, thinking)),
        lambda lengths, ceiling, thinking: sum(thinking + one < ceiling for one in lengths),
    ],
    "forgets-thinking": [
        lambda lengths, ceiling, thinking: sum(one > ceiling for one in lengths),
        lambda lengths, ceiling, thinking: len(cut(lengths, ceiling, 0)),
        lambda lengths, ceiling, thinking: sum(one > ceiling + thinking for one in lengths),
    ],
    "thinking-alone": [
        lambda lengths, ceiling, thinking: sum(max(one, thinking) > ceiling for one in lengths),
        lambda lengths, ceiling, thinking: sum(
            one > ceiling or thinking > ceiling for one in lengths
        ),
        lambda lengths, ceiling, thinking: (
            len(lengths) if thinking > ceiling else len(cut(lengths, ceiling, 0))
        ),
    ],
    "cuts-the-exact-one": [
        lambda lengths, ceiling, thinking: sum(one + thinking >= ceiling for one in lengths),
        lambda lengths, ceiling, thinking: sum(not one + thinking < ceiling for one in lengths),
        lambda lengths, ceiling, thinking: len(cut(lengths, ceiling - 1, thinking)),
    ],
    "not-a-count": [
        cut,
        lambda lengths, ceiling, thinking: any(one + thinking > ceiling for one in lengths),
        lambda lengths, ceiling, thinking: (
            len(cut(lengths, ceiling, thinking)) / max(1, len(lengths))
        ),
    ],
    "returns-nothing": [
        lambda lengths, ceiling, thinking: None,
        lambda lengths, ceiling, thinking: print(len(cut(lengths, ceiling, thinking))),
        lambda lengths, ceiling, thinking: lengths.sort(),
    ],
    "raises": [
        lambda lengths, ceiling, thinking: lengths > ceiling,
        lambda lengths, ceiling, thinking: len(lengths + thinking),
        lambda lengths, ceiling, thinking: sum(lengths > ceiling + thinking),
    ],
}
