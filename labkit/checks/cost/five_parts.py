"""C9, what an answer costs: one usage after another, priced by the learner to the last digit.

a usage, a model -> the answer's amount beside the right one -> the first case that fails
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from anthropic.types import CacheCreation, Usage

from labkit.checks.exercise import Answer, Asks
from labkit.checks.verdict import told

STEP, TIMES = 100_000, 5
MILLION = 1_000_000
PARTS = ("input", "write_5m", "write_1h", "read", "output")
PRICES: Mapping[str, Mapping[str, Any]] = {
    "swift": dict(zip(PARTS, map(Decimal, ("0.30", "0.375", "0.60", "0.03", "1.50")), strict=True))
    | {"step": STEP, "times": TIMES},
    "sound": dict(zip(PARTS, map(Decimal, ("3", "3.90", "6.60", "0.15", "15")), strict=True)),
}
"""USD per million tokens; invented. One model's multiples are not the usual ones."""
UNKNOWN = "swift-2"


@dataclass(frozen=True, slots=True, repr=False)
class Priced:
    """What an answer says that a usage costs, beside what it costs."""

    value: object
    right: Decimal
    tokens: Mapping[str, int]
    rates: Mapping[str, Any]

    def __repr__(self) -> str:
        return told(self.value)

    @property
    def usd(self) -> Decimal:
        """The amount; an exception where it is none, so that no sign fits."""
        assert isinstance(self.value, Decimal)
        return self.value

    def at(self, **rates: str) -> Decimal:
        """What these kinds of tokens cost, each at the price of the named kind."""
        amounts = (self.tokens[name] * self.rates[rate] for name, rate in rates.items())
        return sum(amounts, Decimal(0)) / MILLION


@dataclass(frozen=True, slots=True)
class Refused:
    """An exception, where one is asked for."""

    says: str

    def __repr__(self) -> str:
        return self.says


def used(  # noqa: PLR0913 - the fields of a usage
    fresh: int,
    output: int,
    *,
    read: int | None = 0,
    written: int | None = 0,
    hour: int = 0,
    split: bool = True,
    tier: Any = "standard",
) -> Usage:
    """What the SDK gives as ``message.usage``; ``written`` counts what is kept for an hour, too."""
    kept = CacheCreation(
        ephemeral_5m_input_tokens=(written or 0) - hour, ephemeral_1h_input_tokens=hour
    )
    return Usage(
        input_tokens=fresh,
        output_tokens=output,
        cache_read_input_tokens=read,
        cache_creation_input_tokens=written,
        cache_creation=kept if split else None,
        service_tier=tier,
    )


def tokens_of(usage: Usage) -> Mapping[str, int]:
    """The tokens by what they cost."""
    hour = usage.cache_creation.ephemeral_1h_input_tokens if usage.cache_creation else 0
    written, read = usage.cache_creation_input_tokens or 0, usage.cache_read_input_tokens or 0
    counts = (usage.input_tokens, written - hour, hour, read, usage.output_tokens)
    return dict(zip(PARTS, counts, strict=True))


def cost_of(usage: Usage, model: str) -> Decimal:
    """What it costs."""
    rates, tokens = PRICES[model], tokens_of(usage)
    prompt = sum(tokens.values()) - usage.output_tokens
    times = rates.get("times", 1) if prompt > rates.get("step", prompt) else 1
    whole = sum((tokens[name] * rates[name] for name in PARTS), Decimal(0)) * times / MILLION
    return whole / 2 if usage.service_tier == "batch" else whole


def one(usage: Usage, model: str = "swift") -> Asks:
    """One usage."""

    def ask(answer: Answer) -> object:
        value = answer(usage, model, PRICES)
        return Priced(value, cost_of(usage, model), tokens_of(usage), PRICES[model])

    return ask


def unpriced(answer: Answer) -> object:
    """A model that has no price."""
    try:
        value = answer(used(1_001, 201), UNKNOWN, PRICES)
    except NotImplementedError:
        raise
    except Exception as problem:
        return Refused(f"{type(problem).__name__}: {problem}")
    return Priced(value, Decimal("NaN"), {}, {})


def day(answer: Answer) -> object:
    """Three hundred answers of a day, each priced, and added."""
    rng = random.Random(7)
    usages = [
        used(rng.randrange(5_000), rng.randrange(900), read=rng.randrange(9_000))
        for _ in range(300)
    ]
    amounts: list[Any] = [answer(usage, "swift", PRICES) for usage in usages]
    right = sum((cost_of(usage, "swift") for usage in usages), Decimal(0))
    return Priced(sum(amounts, Decimal(0)), right, {}, {})
