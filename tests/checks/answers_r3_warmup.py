"""The warm-up of R3: one line in three right forms, and each misconception three ways."""

from math import comb, factorial

CODE = "R3-warmup"


def ways(n, least):
    """How many of the ways that n flips can go have at least so many worse ones."""
    return sum(comb(n, k) for k in range(least, n + 1))


def right(worse, better):
    """By the sum."""
    n = worse + better
    return ways(n, worse) / 2**n


def by_complement(worse, better):
    """All ways less those with fewer worse flips."""
    n = worse + better
    return 1 - sum(comb(n, k) for k in range(worse)) / 2**n


def by_steps(worse, better):
    """By the chance after each flip."""
    chances = [1.0]
    for _ in range(worse + better):
        pairs = zip([0, *chances], [*chances, 0], strict=True)
        chances = [(a + b) / 2 for a, b in pairs]
    return sum(chances[worse:])


def exactly(worse, better):
    """The chance of exactly so many."""
    return comb(worse + better, worse) / 2 ** (worse + better)


def half_of(n):
    """All ways of n flips."""
    return 2**n


RIGHT = [right, by_complement, by_steps]
WRONG = {
    "exactly-so-many": [
        exactly,
        lambda w, b: factorial(w + b) / factorial(w) / factorial(b) / half_of(w + b),
        lambda w, b: right(w, b) - right(w + 1, b - 1) if b else 0.5**w,
    ],
    "more-than-so-many": [
        lambda w, b: right(w, b) - exactly(w, b),
        lambda w, b: ways(w + b, w + 1) / half_of(w + b),
        lambda w, b: 1 - sum(comb(w + b, k) for k in range(w + 1)) / half_of(w + b),
    ],
    "two-sided": [
        lambda w, b: min(1.0, 2 * right(w, b)),
        lambda w, b: 2 * right(max(w, b), min(w, b)),
        lambda w, b: right(w, b) * 2,
    ],
    "other-tail": [
        lambda w, b: right(b, w),
        lambda w, b: 1 - right(w, b),
        lambda w, b: sum(comb(w + b, k) for k in range(w + 1)) / half_of(w + b),
    ],
    "a-share": [
        lambda w, b: w / (w + b) if w + b else 1.0,
        lambda w, b: b / (w + b) if w + b else 1.0,
        lambda w, b: 1 - w / max(w + b, 1),
    ],
    "raises": [
        lambda w, b: ways(w + b, w) / half_of(n),  # noqa: F821 - the name is missing
        lambda w, b: comb(w + b, -w),
        lambda w, b: sum(w + b),
    ],
    "returns-nothing": [
        lambda w, b: None,
        lambda w, b: print(right(w, b)),
        lambda w, b: [].append(right(w, b)),
    ],
}
