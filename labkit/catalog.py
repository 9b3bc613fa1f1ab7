"""The models that the labs know: ids, aliases, windows, prices, request rules.

Prices of real models are dated and sourced in ``data/models.toml``. The lab's own models have
made-up quality and speed; their prices and windows are shaped like a real class, which they name.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Protocol

from labkit.errors import ArgumentError

TIERS = ("fast", "balanced", "frontier")

STAND_INS = {"fast": "lab-fast-2", "balanced": "lab-balanced-1", "frontier": "lab-frontier-1"}
REAL_IDS = {
    "fast": "claude-haiku-5-5",
    "balanced": "claude-sonnet-5-5",
    "frontier": "claude-opus-5-5",
}

PER_TOKEN = 1e-6


class TokenUsage(Protocol):
    """What a bill needs of a usage; the SDK's ``Usage`` and the trace's both have it."""

    @property
    def input_tokens(self) -> int:
        """Input tokens after the last cache breakpoint."""

    @property
    def output_tokens(self) -> int:
        """Output tokens, thinking included."""

    @property
    def cache_creation_input_tokens(self) -> int | None:
        """Input tokens written to the cache."""

    @property
    def cache_read_input_tokens(self) -> int | None:
        """Input tokens read from the cache."""


@dataclass(frozen=True, slots=True)
class Price:
    """USD per million tokens."""

    input: float
    output: float
    cache_write_5m: float
    cache_write_1h: float
    cache_read: float


@dataclass(frozen=True, slots=True)
class Model:
    """One exact model version."""

    id: str
    display_name: str
    tier: str
    released: date
    context_window: int
    """Most tokens of input and output together."""
    max_output: int
    """Most ``max_tokens`` that a request may ask for."""
    price: Price
    aliases: tuple[str, ...] = ()
    """Moving names that mean this version today."""
    requests: frozenset[str] = frozenset()
    """Request rules: ``no_prefill``, ``no_budget_thinking``, ``no_adaptive_thinking``,
    ``always_thinks``, ``no_forced_tool``."""
    retires: date | None = None
    cache_minimum: int | None = None
    """Fewest tokens that the provider caches; None where not published."""
    price_above: Price | None = None
    """The price of a request whose prompt is longer than ``price_step_tokens``."""
    price_step_tokens: int | None = None
    made_up: bool = False
    """Quality and speed are invented: one of the lab's own models."""
    shaped_like: str | None = None
    """The real model whose prices, windows and cache rules this one resembles."""


@cache
def models() -> tuple[Model, ...]:
    """All models, the lab's own first."""
    text = files("labkit").joinpath("data/models.toml").read_text(encoding="utf-8")
    return tuple(_model(row) for row in tomllib.loads(text)["model"])


def model(model_id: str) -> Model:
    """The model that an id or an alias names today.

    Raises:
        ArgumentError: The catalogue has no such id.
    """
    try:
        return _by_name()[model_id]
    except KeyError:
        raise ArgumentError(
            f"{model_id!r} is not a model of the catalogue. Nothing can be priced or sent for it. "
            f"Known ids: {', '.join(known.id for known in models())}."
        ) from None


def tier(name: str) -> Model:
    """The lab's own model of a tier: ``fast``, ``balanced`` or ``frontier``."""
    if name not in STAND_INS:
        raise ArgumentError(
            f"{name!r} is not a tier. No model can be chosen for it. "
            f"Use one of: {', '.join(TIERS)}."
        )
    return model(STAND_INS[name])


def cost_usd(usage: TokenUsage, model_id: str) -> float:
    """What one answered attempt costs, in USD; cache writes at the five-minute price."""
    known = model(model_id)
    written = usage.cache_creation_input_tokens or 0
    read = usage.cache_read_input_tokens or 0
    price = known.price
    above = known.price_above
    if above and usage.input_tokens + written + read > (known.price_step_tokens or 0):
        price = above
    return PER_TOKEN * (
        usage.input_tokens * price.input
        + written * price.cache_write_5m
        + read * price.cache_read
        + usage.output_tokens * price.output
    )


@cache
def _by_name() -> dict[str, Model]:
    return {name: known for known in models() for name in (known.id, *known.aliases)}


def _model(row: dict[str, object]) -> Model:
    fields = dict(row)
    fields["price"] = Price(**fields["price"])  # type: ignore[arg-type]
    fields["aliases"] = tuple(fields.get("aliases", ()))  # type: ignore[arg-type]
    fields["requests"] = frozenset(fields.get("requests", ()))  # type: ignore[call-overload]
    if step := fields.get("price_above"):
        above = dict(step)  # type: ignore[call-overload]
        fields["price_step_tokens"] = above.pop("prompt_tokens")
        fields["price_above"] = Price(**above)
    return Model(**fields)  # type: ignore[arg-type]
