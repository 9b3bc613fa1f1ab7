"""C6: right answers written otherwise, and each misconception written three ways."""

import math
import statistics
from math import comb, inf

from labkit import cost
from labkit.errors import ArgumentError

CODE = "C6"


def placed(n, share):
    """How many of n may be above, so that it is sure in 19 of 20 logs."""
    chance = 0.0
    for above in range(n):
        chance += comb(n, above) * share**above * (1 - share) ** (n - above)
        if chance > 0.05:
            return above
    return n


# -- right answers, written otherwise ---------------------------------------------------------


def the_block(lengths, **settings):
    """The building block, which says instead of None what is missing."""
    try:
        return cost.set_ceiling(lengths, **settings)
    except ArgumentError:
        return None


def by_order(lengths, *, max_truncation, thinking_p99):
    """The place in order that lies above the quantile in 19 of 20 logs."""
    above = placed(len(lengths), max_truncation)
    ordered = sorted((inf if one is None else one for one in lengths), reverse=True)
    ceiling = ordered[above - 1] if above else inf
    return None if ceiling == inf else ceiling + thinking_p99


def with_margin(lengths, *, max_truncation, thinking_p99):
    """The quantile of the log and a fifth on top, where there are lengths enough."""
    n = len(lengths)
    known = sorted(one for one in lengths if one is not None)
    place = n - math.floor(n * max_truncation) - 1
    if (1 - max_truncation) ** n > 0.05 or place >= len(known):
        return None
    return math.ceil(known[place] * 1.2) + thinking_p99


def by_normal(lengths, *, max_truncation, thinking_p99):
    """As many may be above as are expected, less 1.65 standard deviations."""
    n, p = len(lengths), max_truncation
    above = math.floor(n * p - 1.645 * math.sqrt(n * p * (1 - p)))
    cut = lengths.count(None)
    if above < 1 or cut >= above:
        return None
    return sorted(filter(None, lengths))[-(above - cut)] + thinking_p99


RIGHT = [the_block, by_order, with_margin, by_normal]

# -- planted misconceptions -------------------------------------------------------------------


def result(change):
    """What ``change`` makes of the right ceiling."""
    return lambda lengths, **settings: change(by_order(lengths, **settings))


def whole(rule):
    """``rule`` makes a ceiling of the known lengths."""

    def ceiling(lengths, *, max_truncation, thinking_p99):
        known = [one for one in lengths if one is not None]
        return math.ceil(rule(known, max_truncation)) + thinking_p99

    return ceiling


def unless(fits, otherwise):
    """Right, but where ``fits`` holds."""

    def ceiling(lengths, *, max_truncation, thinking_p99):
        settings = {"max_truncation": max_truncation, "thinking_p99": thinking_p99}
        if fits(lengths, max_truncation):
            return otherwise(lengths, **settings)
        return by_order(lengths, **settings)

    return ceiling


def quantile(known, share):
    """The quantile of the log itself."""
    return sorted(known)[math.ceil(len(known) * (1 - share)) - 1]


def fixed_share(share):
    """Right for one share, whatever is asked for."""
    return unless(
        lambda lengths, asked: len(lengths) > 100 and asked != share,
        lambda lengths, *, max_truncation, thinking_p99: by_order(
            lengths, max_truncation=share, thinking_p99=thinking_p99
        ),
    )


def counted(value):
    """The ones that were cut count as this."""

    def ceiling(lengths, **settings):
        known = [one for one in lengths if one is not None]
        otherwise = [value(known) if one is None else one for one in lengths]
        return by_order(otherwise, **settings)

    return ceiling


def dropped(lengths, **settings):
    """Without those that were cut."""
    return by_order([one for one in lengths if one is not None], **settings)


def thinking(add):
    """Right, but for what becomes of the thinking."""

    def ceiling(lengths, *, max_truncation, thinking_p99):
        found = by_order(lengths, max_truncation=max_truncation, thinking_p99=0)
        return None if found is None else add(found, thinking_p99)

    return ceiling


WRONG = {
    "not-a-whole-number": [
        result(float),
        result(str),
        result(lambda found: [found]),
    ],
    "raises": [
        lambda lengths, **settings: by_order(sorted(lengths), **settings),
        lambda lengths, *, max_truncation, thinking_p99: lengths[int(max_truncation * 10**6)],
        unless(lambda lengths, _: None in lengths, lambda lengths, **_: max(lengths)),
    ],
    "gives-nothing": [
        lambda lengths, **_: None,
        result(print),
        unless(lambda lengths, _: len(lengths) < 300, lambda lengths, **_: None),
    ],
    "one-for-all": [
        lambda lengths, **_: 4_096,
        lambda lengths, *, max_truncation, thinking_p99: 8_192 + thinking_p99,
        lambda lengths, **_: len(lengths),
    ],
    "no-look-at-the-tail": [
        whole(lambda known, share: 2 * statistics.mean(known)),
        whole(lambda known, share: statistics.mean(known) + 2 * statistics.stdev(known)),
        whole(lambda known, share: quantile(known, 0.05)),
    ],
    "no-margin": [
        whole(quantile),
        whole(lambda known, share: statistics.quantiles(known, n=round(1 / share))[-1]),
        whole(lambda known, share: sorted(known)[int(len(known) * (1 - share))] + 10),
    ],
    "outlier-sets-the-price": [
        whole(lambda known, share: max(known)),
        whole(lambda known, share: sorted(known)[-1] + 1),
        whole(lambda known, share: 2 * quantile(known, share)),
    ],
    "ignores-the-share": [
        fixed_share(0.01),
        fixed_share(0.005),
        unless(lambda lengths, share: share > 0.01, lambda lengths, **_: 3 * max(lengths)),
    ],
    "too-few-to-know": [
        unless(lambda lengths, _: len(lengths) == 20, whole(lambda known, share: max(known))),
        unless(lambda lengths, _: len(lengths) <= 100, whole(quantile)),
        unless(lambda lengths, share: len(lengths) * share == 1, whole(quantile)),
    ],
    "drops-the-cut-ones": [
        dropped,
        counted(lambda known: 0),
        counted(lambda known: round(statistics.mean(known))),
    ],
    "guesses-the-cut-ones": [
        counted(max),
        counted(lambda known: 10**9),
        counted(lambda known: 2 * max(known)),
    ],
    "ignores-thinking": [
        thinking(lambda found, _: found),
        thinking(lambda found, thinks: found + thinks // 2),
        thinking(lambda found, thinks: min(found + thinks, 512) if found < 8 else found),
    ],
    "thinking-takes-it-all": [
        thinking(max),
        thinking(lambda found, thinks: thinks or found),
        thinking(lambda found, thinks: thinks + 1 if thinks else found),
    ],
    "thinks-anyway": [
        thinking(lambda found, thinks: found + (thinks or 1_024) if found < 8 else found),
        thinking(
            lambda found, thinks: max(found, 4_096 - thinks) if not thinks else found + thinks
        ),
        thinking(lambda found, thinks: found + max(thinks, 500) if found < 100 else found),
    ],
}
