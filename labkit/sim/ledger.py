"""What the provider bills: exact sums for each model, from the prompts that it read.

answer (its prompt's usage, what was said) -> prices of the catalogue -> Ledger -> Invoice

It shares no function with ``labkit.trace`` and ``catalog.cost_usd``, which price what they read
on the wire: where the two disagree, one of them is wrong.
"""

from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Context, Decimal, localcontext

from labkit.catalog import Model, Price
from labkit.sim.answers.answer import Answer, Iteration

MILLION = Decimal(1_000_000)
BATCH_FACTOR = Decimal("0.5")
"""Source: docs: batch processing, 2026-08-22."""
US_FACTOR, US_SINCE = Decimal("1.1"), date(2026, 2, 5)
"""Inference in the US alone, from the 4.6 generation on. Source: docs: pricing, 2026-08-22."""
EXACT = Context(prec=60)
UNKNOWN = Decimal("NaN")
"""A price that is not published."""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """What was billed for one model, in a batch or outside, at one speed."""

    model: str
    batch: bool
    fast: bool = False
    attempts: int = 0
    input_tokens: int = 0
    """Neither read from the cache nor written to it."""
    ephemeral_5m_input_tokens: int = 0
    """Written for five minutes."""
    ephemeral_1h_input_tokens: int = 0
    """Written for an hour."""
    cache_read_input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: Decimal = Decimal(0)
    """Not a number where a price is not published."""

    def plus(self, other: "InvoiceLine") -> "InvoiceLine":
        """Both lines as one."""
        sums = [getattr(self, name) + getattr(other, name) for name in SUMMED]
        return InvoiceLine(self.model, self.batch, self.fast, *sums)


SUMMED = tuple(one.name for one in fields(InvoiceLine))[3:]
"""What two lines of one model have together."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a provider has billed so far."""

    lines: tuple[InvoiceLine, ...] = ()

    @property
    def total_usd(self) -> Decimal:
        """All lines together."""
        with localcontext(EXACT):
            return sum((line.cost_usd for line in self.lines), Decimal(0))

    def __repr__(self) -> str:
        if not self.lines:
            return "nothing billed yet"
        rows = [HEADINGS, *map(row_of, self.lines), ("total", *[""] * 6, dollars(self.total_usd))]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(aligned(row, widths) for row in rows)


@dataclass(slots=True)
class Ledger:
    """Everything that has been billed, one line for each model and kind of service."""

    lines: dict[tuple[str, bool, bool], InvoiceLine] = field(default_factory=dict)

    def bill(self, answer: Answer) -> Decimal:
        """Bill an answer, and say what it costs in USD.

        A refusal before any output is free. Source: docs: refusals and fallback, 2026-08-22.
        """
        said = answer.spoken
        if said.stop_reason == "refusal" and not said.blocks and answer.compacted is None:
            return Decimal(0)
        with localcontext(EXACT):
            new = line_of(answer)
            key = new.model, new.batch, new.fast
            self.lines[key] = self.lines[key].plus(new) if key in self.lines else new
        return new.cost_usd

    def invoice(self) -> Invoice:
        """What has been billed so far, by model."""
        return Invoice(tuple(self.lines[key] for key in sorted(self.lines)))


def line_of(answer: Answer) -> InvoiceLine:
    """The line of one answer: of its message, and of a summary that was written before it."""
    is_batch = answer.service_tier == "batch"
    factor = BATCH_FACTOR if is_batch else Decimal(1)
    if answer.inference_geo == "us" and answer.model.released >= US_SINCE:
        factor *= US_FACTOR
    line = InvoiceLine(answer.model.id, is_batch, answer.speed == "fast", attempts=1)
    for one in answer.iterations:
        line = line.plus(line_of_iteration(one, answer.model, factor, line))
    return line


def line_of_iteration(
    one: Iteration, model: Model, factor: Decimal, line: InvoiceLine
) -> InvoiceLine:
    """What one time that the model worked adds to the line of its answer."""
    prompt = one.prompt
    price = price_of(model, sum(prompt), is_fast=line.fast)
    per_million = (price.input, price.cache_read, price.cache_write_5m, price.cache_write_1h)
    parts = map(part_usd, (*prompt, one.output_tokens), (*per_million, price.output))
    return InvoiceLine(
        model=model.id,
        batch=line.batch,
        fast=line.fast,
        input_tokens=prompt.input_tokens,
        ephemeral_5m_input_tokens=prompt.ephemeral_5m_input_tokens,
        ephemeral_1h_input_tokens=prompt.ephemeral_1h_input_tokens,
        cache_read_input_tokens=prompt.cache_read_input_tokens,
        output_tokens=one.output_tokens,
        cost_usd=sum(parts, Decimal(0)) * factor,
    )


def price_of(model: Model, prompt_tokens: int, *, is_fast: bool) -> Price:
    """The price of a request with such a prompt, cached tokens counted, at one of two speeds."""
    if is_fast:
        assert model.price_fast is not None, "a fast answer of a model without a fast mode"
        return model.price_fast
    is_long = model.price_step_tokens is not None and prompt_tokens > model.price_step_tokens
    return model.price_above if is_long and model.price_above else model.price


def part_usd(tokens: int, per_million: float | None) -> Decimal:
    """What so many tokens cost."""
    if not tokens:
        return Decimal(0)
    return UNKNOWN if per_million is None else tokens * Decimal(str(per_million)) / MILLION


HEADINGS = ("model", "attempts", "input", "written 5m", "written 1h", "read", "output", "USD")


def row_of(line: InvoiceLine) -> tuple[str, ...]:
    """One line as words."""
    counts = (
        line.attempts,
        line.input_tokens,
        line.ephemeral_5m_input_tokens,
        line.ephemeral_1h_input_tokens,
        line.cache_read_input_tokens,
        line.output_tokens,
    )
    name = f"{line.model}{', batch' * line.batch}{', fast' * line.fast}"
    return (name, *(f"{count:,}" for count in counts), dollars(line.cost_usd))


def dollars(cost_usd: Decimal) -> str:
    """An amount to a millionth of a dollar."""
    return "unknown" if cost_usd.is_nan() else f"{cost_usd:.6f}"


def aligned(row: tuple[str, ...], widths: list[int]) -> str:
    """Words to the left, numbers to the right."""
    name, *numbers = row
    cells = [name.ljust(widths[0]), *map(str.rjust, numbers, widths[1:])]
    return "  ".join(cells).rstrip()
