"""R4: what a verdict shows of many draws."""

from collections.abc import Callable

from labkit.checks.reliability.drawn_log import Draws

FEW = 4
"""So many ids or texts are enough to see it."""


def sizes(found: Draws) -> str:
    """How many came."""
    return f"{' or '.join(map(str, sorted(found.sizes)))} examples"


def often(found: Draws) -> str:
    """How many came, and whether each came once."""
    twice = any(len({*ids}) < len(ids) for ids in found.ids)
    return f"{sizes(found)}, {'one of them twice' if twice else 'each once'}"


def lost(field: str) -> Callable[[Draws], str]:
    """What at least one draw does not have."""

    def said(found: Draws) -> str:
        return f"{sizes(found)}; missing: {', '.join(sorted(found.missing(field))) or 'none'}"

    return said


def first(found: Draws) -> str:
    """Whom the first two draws have drawn."""
    one, other = (", ".join(ids[:FEW]) for ids in found.ids[:2])
    return f"{one}, … and {other}, …"


def wrongly(found: Draws) -> str:
    """Who is in it and must not be."""
    return f"{sizes(found)}; must not be used: {', '.join(found.strays[:FEW]) or 'none'}"


def twice(found: Draws) -> str:
    """Texts that stand there as two examples."""
    return ", ".join(map(repr, found.twins[:FEW])) or sizes(found)


def kept(found: Draws) -> str:
    """A text that still holds something."""
    return repr(found.raw[0]) if found.raw else sizes(found)


def downs(found: Draws) -> str:
    """How many draws have a thumb down."""
    have = sum(any(one.feedback == "down" for one in draw) for draw in found.records)
    return f"in {have} of {len(found.ids)} draws"


def weights(found: Draws) -> str:
    """What the weights of each topic come to."""
    return ", ".join(f"{name} {many:.1f}" for name, many in sorted(found.stand_for().items()))
