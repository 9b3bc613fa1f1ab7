"""``max_tokens`` for a task: from the lengths that its answers really had.

    lengths of whole answers -> set_ceiling -> a ceiling under which at most so many are cut

A ceiling saves nothing on a usual answer: you pay for what is written. It bounds what one answer
can cost and last, and cuts what is longer.
"""

import math
from collections.abc import Iterable

from labkit.arguments import refused, whole


def set_ceiling(
    lengths: Iterable[int | None],
    *,
    max_truncation: float,
    thinking_p99: int = 0,
    confidence: float = 0.95,
) -> int:
    """The lowest ``max_tokens`` seen under which no larger share of answers is cut than allowed.

    It is one of the lengths: the first in order that lies above the wanted quantile with this
    confidence, whatever the shape of their distribution (a one-sided tolerance limit, S. S. Wilks,
    1941). The quantile of the sample itself is too low half of the time, and a mean says nothing of
    a long tail. Few lengths cannot show a rare event: then they are refused, with their number.

    Above 21,333 the SDK wants a stream (anthropic 2.12.0), and no model writes more than its
    ``max_output``; neither is looked at here.

    Args:
        lengths: Output tokens of answers to this task; None for one that a ceiling cut, of which
            nobody knows how long it would have been.
        max_truncation: The share of answers that may be cut, for example 0.01.
        thinking_p99: Tokens that the model thinks before it answers; they count toward
            ``max_tokens``. Leave it at 0 where the lengths have them.
        confidence: How sure it must be.
    """
    share = between("max_truncation", max_truncation, "0.01")
    sure = between("confidence", confidence, "0.95")
    thinking = whole("thinking_p99", thinking_p99, "No ceiling can be raised by it.", least=0)
    found = sorted(map(a_length, listed(lengths)))
    place = place_of(len(found), share, sure)
    if place is None:
        follows = f"{len(found)} lengths cannot show so rare an event."
        least = math.ceil(math.log(1 - sure) / math.log1p(-share))
        remedy = f"Give {least:,} lengths or more, or allow more to be cut."
        raise refused("max_truncation", max_truncation, follows, remedy)
    ceiling = found[place - 1]
    if ceiling == math.inf:
        cut = found.count(math.inf)
        follows = "How long these answers would have been decides the ceiling."
        remedy = "Measure once with a higher ceiling, or allow more to be cut."
        raise refused("the number of answers that were cut", cut, follows, remedy)
    return max(1, int(ceiling) + thinking)


def place_of(n: int, share: float, sure: float) -> int | None:
    """Which of n ordered lengths lies so surely at or above the quantile; None where none does.

    The k-th lies below it if no more than n - k of them are above it: a binomial chance.
    """
    chance = 0.0
    for above in range(n):
        chance += binomial(above, n, share)
        if chance > 1 - sure:
            return n - above + 1 if above else None
    return 1 if n else None


def binomial(k: int, n: int, share: float) -> float:
    """The chance of k among n."""
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(ways + k * math.log(share) + (n - k) * math.log1p(-share))


def listed(lengths: Iterable[int | None]) -> list[int | None]:
    """Refuse what is no list of lengths."""
    if isinstance(lengths, Iterable) and not isinstance(lengths, (str, bytes)):
        return list(lengths)
    raise refused("lengths", lengths, "No ceiling follows from it.", "Give a list, as [120, 95].")


def a_length(value: int | None) -> float:
    """A length, without end where nobody knows it."""
    follows = "It is no number of output tokens."
    return math.inf if value is None else whole("something in lengths", value, follows, least=0)


def between(what: str, value: object, example: str) -> float:
    """A share that is neither nothing nor everything."""
    if isinstance(value, float) and 0 < value < 1:
        return value
    follows = "No quantile belongs to it."
    raise refused(what, value, follows, f"Give a number between 0 and 1, for example {example}.")
