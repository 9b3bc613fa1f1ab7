"""The models that the labs know: ids, aliases, windows, prices, request rules.

Prices of real models are dated and sourced in ``data/models.toml``. The lab's own models have
made-up quality and speed; their prices and windows are shaped like a real class, which they name.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Protocol

from labkit.arguments import known, number, refused, whole
from labkit.errors import ArgumentError

TIERS = ("fast", "balanced", "frontier")

STAND_INS = {"fast": "lab-fast-2", "balanced": "lab-balanced-1", "frontier": "lab-frontier-1"}
REAL_IDS = {
    "fast": "claude-haiku-5-5",
    "balanced": "claude-sonnet-5-5",
    "frontier": "claude-opus-5-5",
}

STAGES = ("active", "deprecated", "retired")
NOTICE = timedelta(days=60)
"""A retirement is announced at least so long before. Source: docs: deprecations, 2026-08-22."""

PER_TOKEN = 1e-6
BATCH_SHARE = 0.5
"""Part of the price at which a batch answers. Source: docs: batch processing, 2026-08-22."""
US_SHARE = 1.1
US_SINCE = date(2026, 2, 5)
"""Inference in the US alone costs more from the 4.6 generation on. Source: docs: pricing,
2026-08-22."""
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
    """USD per million tokens; None where the price is not published."""

    input: float
    output: float
    cache_write_5m: float | None = None
    cache_write_1h: float | None = None
    cache_read: float | None = None


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
    line: str | None = None
    """``haiku``, ``sonnet``, ``opus``, ``fable`` or ``mythos``; None of a model of no line."""
    aliases: tuple[str, ...] = ()
    """Moving names; each means the newest released version that bears it."""
    thinking: frozenset[str] = frozenset()
    """The values of ``thinking.type`` that it takes."""
    efforts: tuple[str, ...] = ()
    """The values of ``output_config.effort`` that it takes; none where it takes no effort."""
    default_effort: str = "high"
    """The effort of a request that names none."""
    requests: frozenset[str] = frozenset()
    """Its other request rules; RULES says what each means."""
    tokenizer: str = "older"
    """``older`` or ``newer``: the newer one finds about 30 % more tokens in the same text."""
    deprecated: date | None = None
    """When its retirement was announced; None where that is not known, or has not happened."""
    retires: date | None = None
    """The day from which it answers no more."""
    cache_minimum: int | None = None
    """Fewest tokens that the provider caches; None where not published."""
    price_above: Price | None = None
    """The price of a request whose prompt is longer than ``price_step_tokens``."""
    price_step_tokens: int | None = None
    price_fast: Price | None = None
    """The price of a request with ``speed: "fast"``; None where the model has no fast mode."""
    fast_until: date | None = None
    """The day from which its fast mode is gone."""
    differs: float = 0.0
    """The share of questions that it answers otherwise than the version before: made up."""
    made_up: bool = False
    """Quality and speed are invented: one of the lab's own models."""
    shaped_like: str | None = None
    """The real model whose prices, windows and rules this one resembles."""

    def stage(self, on: date) -> str:
        """``active``, ``deprecated`` or ``retired`` on a day."""
        if self.retires is None:
            return "active"
        if on >= self.retires:
            return "retired"
        return "deprecated" if on >= (self.deprecated or self.retires - NOTICE) else "active"


@dataclass(frozen=True, slots=True)
class Retired:
    """The record of a model that has gone."""

    id: str
    display_name: str
    retired: date
    line: str | None = None
    aliases: tuple[str, ...] = ()


RULES = {
    "no_prefill": "a conversation may not end with the assistant's words",
    "no_forced_tool": "tool_choice any and tool are refused",
    "no_sampling": "temperature, top_p and top_k are refused",
    "default_sampling": "temperature, top_p and top_k are refused unless they say the default",
    "thinks": "it thinks adaptively when the request does not say",
    "omits_thinking": "it does not show its thinking unless it is asked to",
    "off_up_to_high": "thinking cannot be turned off at the efforts xhigh and max",
    "hides_progress": "what it says between tool calls comes as thinking",
    "binds_thinking": "a thinking block may not come back after another conversation",
    "system_turns": "a message in mid-conversation may have the role system",
    "speed_beta": "speed is known only with the beta header of the fast mode",
    "ignores_speed": "fast is taken, answered at the standard speed and billed so",
    "verified_only": "it answers organisations alone that the provider has verified",
}
"""What each request rule of a model means."""


@cache
def models() -> tuple[Model, ...]:
    """All models, the lab's own first."""
    return tuple(_model(row) for row in _rows("model"))


@cache
def retired() -> tuple[Retired, ...]:
    """The models that have gone, of which only a record is left."""
    return tuple(
        Retired(**{**row, "aliases": tuple(row.get("aliases", ()))})  # type: ignore[arg-type]
        for row in _rows("retired")
    )


def checked() -> date:
    """The day on which the catalogue was compared with its sources."""
    day = _data()["checked"]
    assert isinstance(day, date)
    return day


def model(model_id: str, on: date | None = None) -> Model:
    """The model that an id names, or an alias on a day; the day of ``checked()`` if none is given.

    Raises:
        ArgumentError: The catalogue has no such id.
    """
    return known(
        model_id,
        _by_name(on or checked()),
        "a model of the catalogue",
        "Nothing can be priced or sent for it.",
    )


def tier(name: str) -> Model:
    """The lab's own model of a tier: ``fast``, ``balanced`` or ``frontier``."""
    return model(known(name, STAND_INS, "a tier", "No model can be chosen for it."))


def cost_usd(
    usage: TokenUsage,
    model_id: str,
    *,
    service_tier: str | None = None,
    inference_geo: str | None = None,
    speed: str | None = None,
) -> float:
    """What one answered attempt costs, in USD, each of its ``iterations`` where it lists them.

    Args:
        usage: Its tokens; where it does not say for how long tokens were cached, five minutes.
        model_id: The model that answered.
        service_tier: ``batch`` pays half; if None, what the usage says.
        inference_geo: ``us`` pays a tenth more; if None, what the usage says.
        speed: ``fast`` has a price of its own; if None, what the usage says.
    """
    priced = model(model_id)
    parts: Sequence[TokenUsage] = getattr(usage, "iterations", None) or (usage,)
    is_fast = (speed or getattr(usage, "speed", None)) == "fast"
    cost = sum(_part_usd(part, priced, is_fast=is_fast) for part in parts)
    if (service_tier or getattr(usage, "service_tier", None)) == "batch":
        cost *= BATCH_SHARE
    if (inference_geo or getattr(usage, "inference_geo", None)) == "us":
        cost *= US_SHARE if priced.released >= US_SINCE else 1
    return cost


def price_of(priced: Model, prompt_tokens: float, *, is_fast: bool = False) -> Price:
    """The price of a request with such a prompt, cached tokens counted, at one of the two speeds.

    Raises:
        ArgumentError: This is no model or no number of tokens, or the fast mode has no price.
    """
    if not isinstance(priced, Model):
        follows = "Only a model of the catalogue has a price."
        raise refused("priced", priced, follows, 'Give, for example, catalog.tier("balanced").')
    follows = "A price may hang on the length of the prompt."
    if isinstance(prompt_tokens, int):  # of any size: a bill is exact
        whole("prompt_tokens", prompt_tokens, follows, least=0)
    else:
        number("prompt_tokens", prompt_tokens, follows)
    if is_fast:
        if priced.price_fast is None:
            raise ArgumentError(
                f"{priced.id!r} has no published price for the fast mode. This usage cannot be "
                "priced. Price it at the standard speed, or use another model."
            )
        return priced.price_fast
    is_long = prompt_tokens > (priced.price_step_tokens or 0)
    return priced.price_above if priced.price_above and is_long else priced.price


def _part_usd(usage: TokenUsage, priced: Model, *, is_fast: bool) -> float:
    """What one time that the model worked costs."""
    fresh, written, read, output = (_tokens(usage, name) for name in USAGE)
    price = price_of(priced, fresh + written + read, is_fast=is_fast)
    hour = min(_hour_tokens(usage), written)
    return PER_TOKEN * (
        fresh * price.input
        + (written - hour) * _paid(price.cache_write_5m, written - hour, priced.id)
        + hour * _paid(price.cache_write_1h, hour, priced.id)
        + read * _paid(price.cache_read, read, priced.id)
        + output * price.output
    )


def _hour_tokens(usage: TokenUsage) -> float:
    """Tokens cached for an hour: the SDK has them one level deeper than the trace."""
    split = getattr(usage, "cache_creation", None) or usage
    return getattr(split, "ephemeral_1h_input_tokens", None) or 0


def _paid(price: float | None, tokens: float, model_id: str) -> float:
    """A price that may not be published, which matters only where something was used."""
    if price is None and tokens:
        raise ArgumentError(
            f"{model_id!r} has no published price for cached tokens. This usage cannot be priced. "
            "Price it without its cache, or use another model."
        )
    return price or 0.0


@cache
def _by_name(on: date) -> dict[str, Model]:
    """Every id and alias; an alias means the newest of its versions that is out by then."""
    names = {one.id: one for one in models()}
    for one in sorted(models(), key=lambda one: one.released):
        for alias in one.aliases:
            if alias not in names or one.released <= on:
                names[alias] = one
    return names


@cache
def _data() -> dict[str, object]:
    text = files("labkit").joinpath("data/models.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _rows(kind: str) -> list[dict[str, object]]:
    rows = _data()[kind]
    assert isinstance(rows, list)
    return rows


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
    for name in ("aliases", "efforts"):
        fields[name] = tuple(fields.get(name, ()))  # type: ignore[arg-type]
    for name in ("thinking", "requests"):
        fields[name] = frozenset(fields.get(name, ()))  # type: ignore[call-overload]
    if fast := fields.get("price_fast"):
        fields["price_fast"] = Price(**fast)  # type: ignore[arg-type]
    if step := fields.get("price_above"):
        above = dict(step)  # type: ignore[call-overload]
        fields["price_step_tokens"] = above.pop("prompt_tokens")
        fields["price_above"] = Price(**above)
    return Model(**fields)  # type: ignore[arg-type]
