"""Numbers as people read them: units, counts, money, shares; a missing one is a word."""

import math

from labkit.evals import wilson

NARROW = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
TEN = 9.95  # from here on one decimal would print 10.0
SMALL_SAMPLE = 100


def number(value: float, decimals: int = 0) -> str:
    """``142,300`` and ``−3``: comma at thousands, true minus."""
    text = f"{value:,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def seconds(value: float | None) -> str:
    """``0.2 s``, ``4.9 s``, ``12 s``: one unit, so that numbers in a column compare."""
    if value is None or not math.isfinite(value):
        return "none"
    return f"{number(value, 1 if abs(value) < TEN else 0)}{NARROW}s"


def duration(value: float | None) -> str:
    """``310 ms``, ``4.9 s``: a duration that stands alone."""
    if value is None or not math.isfinite(value) or abs(value) >= 1 - 0.0005:
        return seconds(value)
    return f"{number(value * 1000)}{NARROW}ms"


def usd(value: float | None) -> str:
    """``1.38``, for a place that names the unit; ``unknown`` where no price is known."""
    if value is None or not math.isfinite(value):
        return "unknown"
    return number(value, 2)


def usd_per_1000(value: float | None) -> str:
    """``1.38 USD per 1,000 questions``."""
    if value is None or not math.isfinite(value):
        return "price unknown"
    return f"{usd(value)} USD per 1,000 questions"


def percent(share: float) -> str:
    """``64 %``: a share between 0 and 1."""
    return f"{number(share * 100)}{NARROW}%"


def share(part: int, whole: int, *, always: bool = False) -> str:
    """``14 of 16 (64–97 %)``: with its interval while the sample is small, or always."""
    if not whole:
        return "none"
    between_ = f"({between(part, whole)})" if always else interval(part, whole)
    return f"{number(part)} of {number(whole)} {between_}".rstrip()


def interval(part: int, whole: int) -> str:
    """``(64–97 %)``; nothing where the sample is large."""
    return f"({between(part, whole)})" if 0 < whole < SMALL_SAMPLE else ""


def between(part: int, whole: int) -> str:
    """``64–97 %``: the 95 % Wilson interval of a share."""
    low, high = wilson(part, whole)
    return f"{number(100 * low)}–{number(100 * high)}{NARROW}%"


def several(count: int, one: str, many: str | None = None) -> str:
    """``none``, ``1 attempt``, ``3 attempts``."""
    return "none" if not count else f"{number(count)} {one if count == 1 else many or one + 's'}"


def spoken(text: str) -> str:
    """The same words with ordinary spaces, for a terminal and for comparing."""
    return text.replace(NARROW, " ").replace("\N{NO-BREAK SPACE}", " ")
