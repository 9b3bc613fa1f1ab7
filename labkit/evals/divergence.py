"""How far two mixes are apart, such as the topics of an eval set and those of the traffic.

two tables of name -> how many -> jensen_shannon -> 0 (the same shares) to 1 (nothing in common)
"""

from collections.abc import Mapping
from math import log2

from labkit.arguments import number, refused, table


def jensen_shannon(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """The Jensen-Shannon divergence of two mixes, in bits; only shares count, not totals."""
    one, other = shares("first", first), shares("second", second)
    middle = {name: (one.get(name, 0) + other.get(name, 0)) / 2 for name in {**one, **other}}
    bits = (
        share / 2 * log2(share / middle[name])
        for mix in (one, other)
        for name, share in mix.items()
        if share / 2 > 0  # half of the smallest number is nothing
    )
    return min(max(sum(bits), 0.0), 1.0)


def shares(what: str, mix: Mapping[str, float]) -> dict[str, float]:
    """A mix as shares of its total."""
    follows = "It is no mix of anything."
    counts = {
        name: number(f"{what}[{name!r}]", many, follows)
        for name, many in table(what, mix, follows).items()
    }
    most = max(counts.values(), default=0.0)
    if not most:
        raise refused(what, mix, follows, 'Give how many there are of each: {"fees": 3}.')
    total = sum(many / most for many in counts.values())
    return {name: many / most / total for name, many in counts.items()}
