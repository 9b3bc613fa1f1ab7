"""Amounts of money as the room counts and shows them: exact, in USD, in columns."""

from collections.abc import Iterable, Sequence
from decimal import Context, Decimal, localcontext

EXACT = Context(prec=60)
"""Sums and products of prices and tokens never need more digits, whatever a caller has set."""
NOTHING = Decimal(0)
SMALL = Decimal("0.0001")
"""Amounts below it are shown with more digits, so that no paid token reads as free."""


def added(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum of some amounts."""
    with localcontext(EXACT):
        return sum(amounts, NOTHING)


def dollars(amount: Decimal) -> str:
    """An amount without its unit: six digits, nine where it is very small."""
    return f"{amount:.9f}" if 0 < abs(amount) < SMALL else f"{amount:.6f}"


def columns(rows: Iterable[Sequence[str]]) -> str:
    """Rows of words as columns: the first to the left, the others to the right."""
    listed = list(rows)
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    lines = (
        "  ".join([first.ljust(widths[0]), *map(str.rjust, others, widths[1:])])
        for first, *others in listed
    )
    return "\n".join(line.rstrip() for line in lines)
