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

from labkit.arguments import known, number

TIERS = ("fast", "balanced", "frontier")

STAND_INS = {"fast": "lab-fast-2", "balanced": "lab-balanced-1", "frontier": "lab-frontier-1"}
REAL_IDS = {
    "fast": "claude-haiku-5-5",
    "balanced": "claude-sonnet-5-5",
    "frontier": "claude-opus-5-5",
}

PER_TOKEN = 1e-6
USAGE = (
    "input_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "output_tokens",
)


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
    return known(
        model_id,
        _by_name(),
        "a model of the catalogue",
        "Nothing can be priced or sent for it.",
    )


def tier(name: str) -> Model:
    """The lab's own model of a tier: ``fast``, ``balanced`` or ``frontier``."""
    return model(known(name, STAND_INS, "a tier", "No model can be chosen for it."))


def cost_usd(usage: TokenUsage, model_id: str) -> float:
    """What one answered attempt costs, in USD; cache writes at the five-minute price."""
    priced = model(model_id)
    fresh, written, read, output = (_tokens(usage, name) for name in USAGE)
    price = priced.price
    above = priced.price_above
    if above and fresh + written + read > (priced.price_step_tokens or 0):
        price = above
    return PER_TOKEN * (
        fresh * price.input
        + written * price.cache_write_5m
        + read * price.cache_read
        + output * price.output
    )


@cache
def _by_name() -> dict[str, Model]:
    return {name: one for one in models() for name in (one.id, *one.aliases)}


def _tokens(usage: TokenUsage, name: str) -> float:
    """One count of a usage; None counts as 0, as the SDK writes it."""
    count: object = getattr(usage, name, "missing")
    if count is None:
        return 0
    follows = "Nothing can be priced by it."
    return number(name, count, follows)


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
