"""The warm-up of C7: the shared beginning in three right forms, each misconception three ways."""

import difflib
from itertools import takewhile

CODE = "C7-warmup"


def prefix(one, other):
    """What both begin with."""
    least, most = min(one, other), max(one, other)
    ends = (n for n, item in enumerate(least) if item != most[n])
    return least[: next(ends, len(least))]


def loop(one, other):
    """Counted by hand."""
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def pairs(one, other):
    """Both, side by side."""
    return zip(one, other, strict=False)


def first_difference(one, other, otherwise):
    """The place of the first difference, or something else where there is none."""
    return next((n for n, (a, b) in enumerate(pairs(one, other)) if a != b), otherwise)


def equal(pair):
    """Whether both are the same."""
    return pair[0] == pair[1]


def found(one, other):
    """The first difference, looked for without an end."""
    return next(n for n in range(99) if one[n] != other[n])


RIGHT = [
    lambda one, other: len(prefix(one, other)),
    loop,
    lambda one, other: len([*takewhile(equal, pairs(one, other))]),
]
WRONG = {
    "counts-anywhere": [
        lambda one, other: sum(a == b for a, b in pairs(one, other)),
        lambda one, other: (
            difflib.SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size
        ),
        lambda one, other: len(set(one) & set(other)),
    ],
    "whole-words": [
        lambda one, other: sum(
            len(a) + 1
            for a, _ in takewhile(
                lambda pair: pair[0] == pair[1], zip(one.split(), other.split(), strict=False)
            )
        ),
        lambda one, other: prefix(one, other).rfind(" ") + 1,
        lambda one, other: len(prefix(one.split(), other.split())),
    ],
    "tidies-first": [
        lambda one, other: len(prefix(one.lower(), other.lower())),
        lambda one, other: len(prefix(" ".join(one.split()), " ".join(other.split()))),
        lambda one, other: len(prefix(one.casefold().strip(), other.casefold().strip())),
    ],
    "misses-the-end": [
        lambda one, other: next(
            (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0
        ),
        lambda one, other: next(
            (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), -1
        ),
        lambda one, other: len(prefix(one, other)) - (one in other and 1),
    ],
    "not-a-number": [
        prefix,
        lambda one, other: len(prefix(one, other)) / max(1, len(other)),
        lambda one, other: one[: loop(one, other)],
    ],
    "returns-nothing": [
        lambda one, other: None,
        lambda one, other: print(len(prefix(one, other))),
        lambda one, other: [].append(loop(one, other)),
    ],
    "raises": [
        lambda one, other: len(one - other),
        lambda one, other: found(one, other) + one,
        lambda one, other: len(prefix(one)),
    ],
}
