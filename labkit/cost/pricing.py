"""What one answer costs, part by part, to the last digit.

    usage, model id -> tokens of five kinds -> the model's price for that prompt -> Bill

``usage.input_tokens`` leaves cached tokens out; the span attribute ``gen_ai.usage.input_tokens``
counts them in (seen on anthropic 2.12.0). This module reads the usage, never the span.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal, localcontext
from functools import reduce
from math import prod

from labkit import catalog
from labkit.arguments import known, refused, yes_or_no
from labkit.catalog import Model, Price
from labkit.cost.money import EXACT, NOTHING, added, columns, dollars
from labkit.cost.tokens import Tokens, field_of, tokens_of
from labkit.errors import ArgumentError

Prices = Mapping[str, Model | Price]
"""Model ids with their prices; a ``Model`` may also have a price step and a fast mode."""

MILLION = Decimal(1_000_000)
SEARCH_USD = Decimal("0.01")
"""One web search; no discount is known. Source: docs: pricing, 2026-08-22."""
SHARES = {"batch": catalog.BATCH_SHARE, "us": catalog.US_SHARE}
"""What these terms make of a price; the fast mode has prices of its own."""


@dataclass(frozen=True, slots=True, repr=False)
class Bill:
    """What an answer costs, in USD, by kind of token; exact."""

    model: str
    tokens: Tokens
    terms: str = ""
    """``batch``, ``fast`` or ``us`` where its tokens pay another price for that."""
    input_usd: Decimal = NOTHING
    write_5m_usd: Decimal = NOTHING
    write_1h_usd: Decimal = NOTHING
    read_usd: Decimal = NOTHING
    output_usd: Decimal = NOTHING
    searches_usd: Decimal = NOTHING

    @property
    def parts(self) -> Mapping[str, tuple[int, Decimal]]:
        """Each kind of token: how many, and what they cost together."""
        amounts = (getattr(self, name) for name in USD)
        counts = (getattr(self.tokens, one.name) for one in fields(self.tokens))
        return dict(zip(PARTS, zip(counts, amounts, strict=True), strict=True))

    @property
    def total_usd(self) -> Decimal:
        """All parts together."""
        return added(amount for _, amount in self.parts.values())

    def plus(self, other: "Bill") -> "Bill":
        """Both together."""
        with localcontext(EXACT):
            usd = [getattr(self, name) + getattr(other, name) for name in USD]
        model = self.model if self.model == other.model else "several models"
        terms = self.terms if self.terms == other.terms else ""
        return Bill(model, self.tokens.plus(other.tokens), terms, *usd)

    def __repr__(self) -> str:
        """A row for each part; a search only where there was one."""
        head = f"{self.model}{', ' * bool(self.terms)}{self.terms}"
        rows = [
            (name, f"{count:,}", dollars(amount))
            for name, (count, amount) in self.parts.items()
            if count or name != "searches"
        ]
        return columns([(head, "tokens", "USD"), *rows, ("total", "", dollars(self.total_usd))])


PARTS = ("input", "written 5m", "written 1h", "read", "output", "searches")
USD = tuple(one.name for one in fields(Bill)[3:])


def cost_of(
    usage: object, model_id: str, *, prices: Prices | None = None, batch: bool = False
) -> Bill:
    """What one answer costs, part by part.

    Batches pay half, inference in the US alone a tenth more from the 4.6 generation on, and the
    fast mode has a price of its own: ``service_tier``, ``inference_geo`` and ``speed`` of the usage
    say so. Above a model's price step the whole request pays more, and cached tokens count toward
    it. Where the usage lists ``iterations``, each is priced by itself: a summary is in no total.
    A refusal before any output is free, which only its message can tell (docs: refusals and
    fallback, 2026-08-22).

    Args:
        usage: The SDK's usage, the trace's, or the same as a dict; a field that is None counts 0.
            Tokens written for a time that it does not say were written for five minutes.
        model_id: The model that answered: ``message.model``.
        prices: Prices by model id; the catalogue's if None.
        batch: Whether it was answered in a batch, where the usage does not say so.

    Raises:
        ArgumentError: The model or a price is not known; the answer is not free for that.
    """
    yes_or_no("batch", batch, "A batch pays half, and nothing pays something between.")
    return reduce(Bill.plus, bills_of(usage, model_id, prices=prices, batch=batch))


def cost_usd(
    usage: object, model_id: str, *, prices: Prices | None = None, batch: bool = False
) -> Decimal:
    """What one answer costs in USD: the total of ``cost_of``."""
    return cost_of(usage, model_id, prices=prices, batch=batch).total_usd


def bills_of(
    usage: object, model_id: str, *, prices: Prices | None = None, batch: bool = False
) -> tuple[Bill, ...]:
    """A bill for each time that a model worked: for each of the ``iterations``, or one."""
    listed = field_of(usage, "iterations")
    parts = listed if isinstance(listed, Sequence) and listed else (usage,)
    return tuple(_bill_of(part, usage, model_id, prices=prices, batch=batch) for part in parts)


def rates_of(model: Model | Price, prompt_tokens: int, *, fast: bool = False) -> Price:
    """The price of a request with so long a prompt, at one of the two speeds."""
    if isinstance(model, Price):
        return model
    return catalog.price_of(model, prompt_tokens, is_fast=fast)


def model_of(model_id: object, prices: Prices | None) -> Model | Price:
    """The model or the plain price that an id stands for."""
    if prices is None:
        return catalog.model(model_id)  # type: ignore[arg-type]
    if not isinstance(prices, Mapping):
        follows = "No price can be looked up in it."
        remedy = 'Give a dict such as {"my-model": Price(input=1, output=5)}, or leave it out.'
        raise refused("prices", prices, follows, remedy)
    found = known(model_id, prices, "a model of these prices", "It is not free for that.")
    if not isinstance(found, Model | Price):
        follows = "Nothing can be priced by it."
        raise refused(f"the price of {model_id!r}", found, follows, "Give a Price or a Model.")
    return found


def all_priced(prices: Prices | None) -> Prices | None:
    """The same prices, if each of them is one."""
    for name in prices if isinstance(prices, Mapping) else [] if prices is None else [""]:
        model_of(name, prices)
    return prices


def usd_of(tokens: int, rate: float | None, what: str) -> Decimal:
    """What so many tokens cost at USD per million; an unpublished price matters only if used."""
    if not tokens:
        return NOTHING
    if rate is None:
        raise ArgumentError(
            f"{what} has no published price for cached tokens. This usage cannot be priced. "
            "Give prices= with a Price that has one."
        )
    amount = Decimal(str(rate)) if isinstance(rate, int | float | Decimal) else Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        follows = "Nothing can be priced by it."
        raise refused(f"a price of {what}", rate, follows, "Give USD per million tokens.")
    return tokens * amount / MILLION


def _bill_of(
    part: object, usage: object, model_id: str, *, prices: Prices | None, batch: bool
) -> Bill:
    """The bill of one time that a model worked; a fallback or an adviser names its own model."""
    named = field_of(part, "model") if part is not usage else None
    name = named if isinstance(named, str) else model_id
    model, tokens = model_of(name, prices), tokens_of(part)
    terms = _terms_of(usage, model, batch=batch)
    rates = rates_of(model, tokens.prompt, fast="fast" in terms)
    priced = (
        (tokens.input_tokens, rates.input),
        (tokens.ephemeral_5m_input_tokens, rates.cache_write_5m),
        (tokens.ephemeral_1h_input_tokens, rates.cache_write_1h),
        (tokens.cache_read_input_tokens, rates.cache_read),
        (tokens.output_tokens, rates.output),
    )
    with localcontext(EXACT):
        factor = prod(Decimal(str(SHARES.get(one, 1))) for one in terms)
        usd = [usd_of(count, rate, repr(name)) * factor for count, rate in priced]
        usd.append(tokens.web_search_requests * SEARCH_USD)
    return Bill(name, tokens, ", ".join(terms), *usd)


def _terms_of(usage: object, model: Model | Price, *, batch: bool) -> tuple[str, ...]:
    """What changes the price of a usage; a plain price is taken as it is but for batches."""
    is_model = isinstance(model, Model)
    says = {name: field_of(usage, name) for name in ("service_tier", "speed", "inference_geo")}
    is_us = isinstance(model, Model) and model.released >= catalog.US_SINCE
    terms = {
        "batch": batch or says["service_tier"] == "batch",
        "fast": is_model and says["speed"] == "fast",
        "us": is_us and says["inference_geo"] == "us",
    }
    return tuple(name for name, holds in terms.items() if holds)
