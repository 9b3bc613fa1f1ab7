"""How long an answer takes; every number is made up, the shape is not.

    time to first token = overhead + input tokens x per_input_token_s       (x log-normal jitter)
    each later token    = gap_s                                             (x log-normal jitter)

The shape (prefill grows with the prompt, then a steady flow of tokens) is how such models work.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast one tier is."""

    overhead_s: float
    """Network, queue and start of the answer."""
    per_input_token_s: float
    """Reading one token of the prompt."""
    gap_s: float
    """Writing one token of the answer."""


SPEEDS = {
    # Feels instant: 6,000 tokens in and 60 out take about 0.8 s.
    "fast": Speed(overhead_s=0.25, per_input_token_s=0.000_02, gap_s=0.007),
    # A person notices the wait: about 0.75 s to the first word, 1.8 s in all.
    "balanced": Speed(overhead_s=0.45, per_input_token_s=0.000_05, gap_s=0.018),
    # A person wants to see it stream: about 1.3 s to the first word, 3.1 s in all.
    "frontier": Speed(overhead_s=0.80, per_input_token_s=0.000_09, gap_s=0.030),
}

START_SHARE = 0.6
"""Part of the time to first token after which the headers and ``message_start`` are there."""
FIRST_SIGMA = 0.10
GAP_SIGMA = 0.35

_NORMAL = NormalDist()
QUANTILES = tuple(_NORMAL.inv_cdf((step + 0.5) / 256) for step in range(256))
"""One byte draws one of 256 steps of the normal distribution."""
FIRST = tuple(math.exp(FIRST_SIGMA * quantile) for quantile in QUANTILES)
GAPS_S = {
    tier: tuple(speed.gap_s * math.exp(GAP_SIGMA * quantile) for quantile in QUANTILES)
    for tier, speed in SPEEDS.items()
}
FAST_FACTOR = 2.5
"""How many times as fast the fast mode writes; it begins no sooner. Source: docs: fast mode,
2026-08-22 ("up to")."""
FAST_GAPS_S = {tier: tuple(gap_s / FAST_FACTOR for gap_s in gaps) for tier, gaps in GAPS_S.items()}

ERROR_DELAY_S = {429: 0.06, 529: 0.25, 500: 0.90, 502: 0.30, 503: 0.30, 504: 60.0}
"""Seconds until a failing status arrives: refusing is quick, breaking is slower."""
REJECTED_DELAY_S = 0.05
"""Any other 4xx: the request was only looked at."""
LOOKUP_S = 0.08
"""An endpoint at which no model works."""
SILENCE_S = 3600.0
"""How long a silent connection stays open if the client has no read timeout."""


def delays_s(tier: str, input_tokens: int, drawn: bytes, *, is_fast: bool = False) -> list[float]:
    """Seconds to the first token, then before each later one: one number for each byte."""
    speed = SPEEDS[tier]
    typical = speed.overhead_s + speed.per_input_token_s * input_tokens
    gaps_s = (FAST_GAPS_S if is_fast else GAPS_S)[tier]
    return [typical * FIRST[drawn[0]], *map(gaps_s.__getitem__, drawn[1:])]


def error_s(status: int, drawn: int) -> float:
    """Seconds until a failing status arrives; ``drawn`` is one byte."""
    return ERROR_DELAY_S.get(status, REJECTED_DELAY_S) * FIRST[drawn]


def lookup_s(drawn: int) -> float:
    """Seconds until something that is only looked up arrives; ``drawn`` is one byte."""
    return LOOKUP_S * FIRST[drawn]
