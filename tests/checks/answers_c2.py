"""C2: right answers written otherwise, and each misconception written three ways."""

from math import ceil, comb, sqrt
from statistics import NormalDist
from types import SimpleNamespace
from typing import NamedTuple

from labkit import cost

CODE = "C2"


class Verdict(NamedTuple):
    """What the exercise's page has."""

    word: str
    n_needed: int | None


def z_of(alpha):
    """One side of the bell."""
    return NormalDist().inv_cdf(1 - alpha)


def by_id(a, b):
    """Worse and better flips."""
    return sum(a[i] and not b[i] for i in a), sum(b[i] and not a[i] for i in a)


def added(worse, better, n):
    """Loss and its error, with one flip more on each side."""
    p, q = (worse + 1) / (n + 2), (better + 1) / (n + 2)
    return p - q, sqrt((p + q - (p - q) ** 2) / (n + 2))


def built(
    flips=by_id,
    error_of=added,
    z=z_of,
    margin_of=lambda margin: margin,
    needed=lambda n, ratio: ceil(n * ratio**2),
    decide=lambda word, **_: word,
    finally_=lambda came: came,
):
    """A comparison in which one thing is otherwise."""

    def noninferior(a, b, margin, alpha):
        n, (worse, better), agreed = len(a), flips(a, b), margin_of(margin)
        loss, error = error_of(worse, better, n)
        room, least = agreed - loss, z(alpha) * error
        word = "yes" if room >= least else "no" if room <= -least else "need_more"
        number = needed(n, least / room) if room else None
        facts = {"worse": worse, "better": better, "n": n, "margin": agreed, "room": room}
        return finally_(Verdict(decide(word, alpha=alpha, **facts), number))

    return noninferior


# -- right answers, written otherwise ---------------------------------------------------------


def newcombe(a, b, margin, alpha):
    """Wilson's intervals of both shares, put together for pairs without a correlation term."""
    n, z = len(a), z_of(alpha)
    worse, better = by_id(a, b)

    def wilson(k):
        middle, half = k + z * z / 2, z * sqrt(k * (n - k) / n + z * z / 4)
        return (middle - half) / (n + z * z), (middle + half) / (n + z * z)

    (low, high), (low_2, high_2) = wilson(worse), wilson(better)
    loss = (worse - better) / n
    most = loss + sqrt((high - worse / n) ** 2 + (better / n - low_2) ** 2)
    least = loss - sqrt((worse / n - low) ** 2 + (high_2 - better / n) ** 2)
    word = "yes" if most <= margin else "no" if least >= margin else "need_more"
    room = margin - loss
    if not room:
        return Verdict(word, None)
    edge = most - loss if room > 0 else loss - least
    return Verdict(word, max(ceil(n * (edge / room) ** 2), n + (word == "need_more")))


def at_the_margin(a, b, margin, alpha):
    """The error where the loss is the margin (Tango's score), found by the likeliest shares."""
    n, (worse, better) = len(a), by_id(a, b)
    linear = -(2 * n - better + worse) * margin - better - worse
    root = sqrt(max(0.0, linear**2 - 8 * n * worse * margin * (1 + margin)))
    share = (root - linear) / (4 * n)
    score = (n * margin - worse + better) / sqrt(n * (2 * share - margin * (1 + margin)))
    z = z_of(alpha)
    word = "yes" if score >= z else "no" if score <= -z else "need_more"
    return SimpleNamespace(word=word, n_needed=ceil(n * (z / score) ** 2) if score else None)


RIGHT = [cost.noninferior, built(), newcombe, at_the_margin]

# -- planted misconceptions -------------------------------------------------------------------


def plain(worse, better, n):
    """Loss and error of the shares as they are."""
    return (worse - better) / n, sqrt(max(worse + better - (worse - better) ** 2 / n, 0)) / n


def sign_test(worse, better):
    """The chance of at least so many worse flips."""
    return sum(comb(worse + better, k) for k in range(worse, worse + better + 1)) / 2 ** (
        worse + better
    )


def by_test(below, p_of=sign_test):
    """Equal unless the test finds a difference; then ``below``."""

    def decide(word, *, worse, better, alpha, **_):
        return below(word) if p_of(worse, better) <= alpha else "yes"

    return built(decide=decide)


def chi(worse, better):
    """The test by the bell."""
    z = (worse - better) / sqrt(worse + better or 1)
    return 1 - NormalDist().cdf(z)


def point(decided):
    """By the loss alone, where ``decided`` says so."""

    def decide(word, *, worse, better, n, margin, **_):
        said = "yes" if (worse - better) / n <= margin else "no"
        return said if decided(said, n) else word

    return built(decide=decide)


def unpaired(spread):
    """Two shares of two groups."""

    def noninferior(a, b, margin, alpha):
        n, m = len(a), len(b)
        p, q = (sum(a.values()) + 1) / (n + 2), (sum(b.values()) + 1) / (m + 2)
        room, least = margin - (p - q), z_of(alpha) * spread(p, q, n)
        word = "yes" if room >= least else "no" if room <= -least else "need_more"
        return Verdict(word, ceil(n * (least / room) ** 2) if room else None)

    return noninferior


def zipped(a, b):
    """Flips by position."""
    pairs = list(zip(a.values(), b.values(), strict=True))
    return pairs.count((True, False)), pairs.count((False, True))


def listed(a, b):
    """Flips by the place in two lists."""
    left, right = list(a.values()), list(b.values())
    worse = sum(left[i] and not right[i] for i in range(len(left)))
    return worse, worse - sum(left) + sum(right)


def one_by_one(a, b):
    """Flips by two iterators."""
    worse = better = 0
    other = iter(b.values())
    for was in a.values():
        now = next(other)
        worse += was and not now
        better += now and not was
    return worse, better


WRONG = {
    "raises": [
        built(needed=lambda n, ratio: n // int(ratio)),
        lambda a, b, margin, alpha: Verdict("yes", len(a.items) - len(b)),
        built(flips=lambda a, b: (len([i for i in a if a[i] > b[i + "x"]]), 0)),
    ],
    "returns-nothing": [
        lambda a, b, margin, alpha: None,
        built(finally_=print),
        built(finally_=lambda came: came if came.word == "no" else None),
    ],
    "not-a-verdict": [
        built(finally_=lambda came: came.word),
        built(finally_=lambda came: came.word == "yes"),
        built(decide=lambda word, **_: {"yes": "switch", "no": "keep"}.get(word, word)),
    ],
    "never-yes": [
        built(decide=lambda word, **_: "need_more"),
        built(decide=lambda word, n, **_: word if n >= 300 else "need_more"),
        built(decide=lambda word, **_: "no" if word != "need_more" else word),
    ],
    "no-difference-found": [
        by_test(lambda word: "no"),
        by_test(lambda word: word),
        by_test(lambda word: word, p_of=lambda worse, better: 2 * sign_test(worse, better)),
    ],
    "takes-the-point": [
        point(lambda said, n: True),
        point(lambda said, n: n < 30),
        point(lambda said, n: said == "no"),
    ],
    "sure-of-nothing": [
        built(error_of=plain),
        built(decide=lambda word, worse, better, **_: word if worse + better else "yes"),
        built(decide=lambda word, worse, **_: word if worse else "yes"),
    ],
    "point-within-margin": [
        point(lambda said, n: said == "yes" and n > 12),
        point(lambda said, n: n >= 100),
        built(decide=lambda word, room, n, **_: "yes" if room > 0 and n > 30 else word),
    ],
    "significant-is-no": [
        built(decide=lambda word, worse, better, **_: "no" if chi(worse, better) < 0.01 else word),
        built(
            decide=lambda word, worse, better, n, **_: (
                "no" if n > 12 and sign_test(worse, better) < 0.05 else word
            )
        ),
        built(
            decide=lambda word, worse, better, **_: (
                "need_more" if word == "yes" and worse > 2 * better else word
            )
        ),
    ],
    "never-no": [
        built(decide=lambda word, **_: word if word == "yes" else "need_more"),
        built(decide=lambda word, room, **_: "need_more" if room < 0 else word),
        built(decide=lambda word, n, **_: "need_more" if word == "no" and n < 1_000 else word),
    ],
    "unpaired": [
        unpaired(lambda p, q, n: sqrt(p * (1 - p) / n + q * (1 - q) / n)),
        unpaired(lambda p, q, n: sqrt((p + q) * (2 - p - q) / 2 / n)),
        unpaired(lambda p, q, n: sqrt((p * (1 - p) + q * (1 - q)) / (n - 1))),
    ],
    "by-position": [
        built(flips=zipped),
        built(flips=listed),
        built(flips=one_by_one),
    ],
    "own-margin": [
        built(margin_of=lambda margin: 0.05),
        built(margin_of=lambda margin: max(margin, 0.03)),
        built(margin_of=lambda margin: margin if margin > 0.012 else 2 * margin),
    ],
    "two-sided": [
        built(z=lambda alpha: z_of(alpha / 2)),
        built(z=lambda alpha: 1.96),
        built(z=lambda alpha: 2),
    ],
    "own-alpha": [
        built(z=lambda alpha: 1.645),
        built(z=lambda alpha: z_of(0.05)),
        built(z=lambda alpha: z_of(max(alpha, 0.05))),
    ],
    "no-number": [
        built(needed=lambda n, ratio: None),
        built(needed=lambda n, ratio: None if n > 500 else ceil(n * ratio**2)),
        built(needed=lambda n, ratio: ceil(n * ratio**2) if n < 1_000 else n),
    ],
    "only-more": [
        built(needed=lambda n, ratio: ceil(n * ratio**2) - n if n > 900 else ceil(n * ratio**2)),
        built(needed=lambda n, ratio: n + 1 if n < 1_000 else ceil(n * (ratio**2 - 1))),
        built(needed=lambda n, ratio: max(n + 1, ceil(n * ratio**2) - n)),
    ],
    "not-squared": [
        built(needed=lambda n, ratio: ceil(n * ratio)),
        built(needed=lambda n, ratio: ceil(n * abs(ratio)) + 1),
        built(needed=lambda n, ratio: round(n * sqrt(ratio**2)) + 5),
    ],
}
