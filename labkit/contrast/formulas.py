"""What some answers cost by a formula of two parts, by one of five, and by the provider's invoice.

    eight questions, a kind of traffic -> usage, spans and invoice of the same calls -> FormulaScene

Both formulas are the page's own. The spans are those that the SDK makes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from anthropic.types import CacheCreation, Usage

from labkit import catalog, clock
from labkit.arguments import function, number, refused, sendable, text, whole
from labkit.contrast.worlds import at_least_one
from labkit.lab import Lab
from labkit.sim.ledger import InvoiceLine
from labkit.trace.spans import Spans
from labkit.views import Provenance, View, choice
from labkit.views.cost.formulas import FormulaScene, Part, draw_formula
from labkit.views.words import usd

Naive = Callable[[str, int, int], Any]
"""Of a model, tokens in and tokens out: USD."""
Parts = Callable[[Usage, str], Any]
"""Of a usage and a model: USD."""
KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "input_tokens": ("input, not cached", "k4"),
        "ephemeral_5m_input_tokens": ("written for five minutes", "k3"),
        "ephemeral_1h_input_tokens": ("written for an hour", "k2"),
        "cache_read_input_tokens": ("read", "k1"),
        "output_tokens": ("output", "f1"),
    }
)
"""The five parts by their field: what each is called, and its look."""
USAGE, SPAN, FIVE = "naive, from usage", "naive, from the span", "five parts"
SPAN_TOKENS = "gen_ai.usage.input_tokens"
MINUTE_S, SELDOM_S = 60.0, 4_200.0
NOT_SHOWN = (
    "A batch, a price step, a fast mode, searches. They change a price, too; the exercise has "
    "the first two, the building block all."
)


@dataclass(frozen=True, slots=True)
class Kind:
    """How questions are sent, and how long after one another."""

    ttl: str | None
    tells_time: bool = False
    gap_s: float = MINUTE_S


TRAFFIC: Mapping[str, Kind] = MappingProxyType(
    {
        "every call writes": Kind("5m", tells_time=True),
        "one writes, the others read": Kind("5m"),
        "written for an hour, asked too seldom": Kind("1h", gap_s=SELDOM_S),
        "nothing is cached": Kind(None),
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of the same calls in three places."""

    usages: tuple[Usage, ...]
    spans: tuple[int, ...]
    """``gen_ai.usage.input_tokens`` of each call's span."""
    invoice: InvoiceLine


def formulas(  # noqa: PLR0913 - both formulas, and what is priced by them
    naive: Naive,
    parts: Parts,
    model: str,
    system: str,
    questions: Sequence[str],
    *,
    seed: int = 7,
) -> View:
    """Choose a formula and a kind of traffic, and see how far from the invoice it is.

    Args:
        naive: Of a model, tokens in and tokens out: what they cost.
        parts: Of a usage and a model: what an answer costs.
        model: The model's id; it must be one that can cache.
        system: The system prompt, long enough to be cached.
        questions: What is asked, one after another.
        seed: The same seed gives the same bytes.
    """
    function("naive", naive, "model", "tokens_in", "tokens_out")
    function("parts", parts, "usage", "model")
    catalog.model(text("model", model, "Nobody would answer."))
    if not sendable("system", system, "Nothing could be cached.").strip():
        raise refused("system", system, "Nothing could be cached.", "Give a long system prompt.")
    asked = at_least_one(questions)
    if not all(map(str.strip, asked)):
        follows = "The API answers no empty question."
        raise refused("something in questions", "", follows, "Leave it out.")
    whole("seed", seed, "The same seed must give the same bytes.")
    told = {name: ask_all(kind, model, system, asked, seed) for name, kind in TRAFFIC.items()}

    def priced(formula: str, traffic: str) -> FormulaScene:
        here = told[traffic]
        return scene(formula, traffic, here, said(formula, here, model, naive, parts), seed)

    return View.of(
        priced,
        draw_formula,
        {
            "formula": choice("The formula", [USAGE, SPAN, FIVE], radio=True),
            "traffic": choice("The traffic", list(TRAFFIC), value="one writes, the others read"),
        },
    )


def ask_all(kind: Kind, model: str, system: str, questions: Sequence[str], seed: int) -> Told:
    """Send the questions in a lab of their own, with the SDK's spans on."""
    lab, spans, usages = Lab(seed), Spans(), []
    with clock.use(lab.clock):
        client = spans.on(lab.client)
        for question in questions:
            reply = client.messages.create(
                model=model,
                max_tokens=300,
                system=[rules(kind, system)],
                messages=[{"role": "user", "content": question}],
            )
            usages.append(reply.usage)
            lab.clock.sleep(kind.gap_s)
    (line,) = lab.invoice.lines
    return Told(tuple(usages), tuple(int(str(one[SPAN_TOKENS])) for one in spans), line)


def rules(kind: Kind, system: str) -> Any:
    """The system prompt's block, as this traffic sends it."""
    told = f"It is {clock.current().utcnow():%A, %H:%M:%S}.\n" if kind.tells_time else ""
    marker = {"cache_control": {"type": "ephemeral", "ttl": kind.ttl}} if kind.ttl else {}
    return {"type": "text", "text": told + system, **marker}


def said(formula: str, told: Told, model: str, naive: Naive, parts: Parts) -> Mapping[str, Decimal]:
    """What a formula says that each kind of token costs."""
    tokens = {name: getattr(told.invoice, name) for name in KINDS}
    if formula == FIVE:
        return {name: exact(parts(alone(name, n), model)) for name, n in tokens.items()}
    seen = told.spans if formula == SPAN else [one.input_tokens for one in told.usages]
    counted = {name: n if formula == SPAN else 0 for name, n in tokens.items()}
    counted["input_tokens"] = tokens["input_tokens"]
    prompt = sum(n for name, n in counted.items() if name != "output_tokens")
    assert sum(seen) == prompt, "usage and span have another meaning than the page says"
    amounts = {name: exact(naive(model, n, 0)) for name, n in counted.items()}
    amounts["output_tokens"] = exact(naive(model, 0, tokens["output_tokens"]))
    return amounts


def alone(name: str, count: int) -> Usage:
    """A usage with tokens of one kind only."""
    short, hour = (count if name == field else 0 for field in list(KINDS)[1:3])
    return Usage(
        input_tokens=count if name == "input_tokens" else 0,
        output_tokens=count if name == "output_tokens" else 0,
        cache_read_input_tokens=count if name == "cache_read_input_tokens" else 0,
        cache_creation_input_tokens=short + hour,
        cache_creation=CacheCreation(
            ephemeral_5m_input_tokens=short, ephemeral_1h_input_tokens=hour
        ),
    )


def exact(amount: object) -> Decimal:
    """An amount as a Decimal; a float is what it prints."""
    if isinstance(amount, Decimal) and amount.is_finite():
        return amount
    return Decimal(str(number("what a formula gave", amount, "It is no amount of money.")))


def scene(
    formula: str, traffic: str, told: Told, amounts: Mapping[str, Decimal], seed: int
) -> FormulaScene:
    """The formula's amounts beside the invoice's."""
    n, billed = len(told.usages), told.invoice.cost_usd
    total = sum(amounts.values(), Decimal(0))
    price = catalog.model(told.invoice.model).price
    rates = (price.input, price.cache_write_5m, price.cache_write_1h, price.cache_read)
    parts = tuple(
        Part(
            name=name,
            tokens=(count := getattr(told.invoice, field)),
            said=float(1000 * amounts[field] / n),
            billed=count * (rate or 0.0) / 1000 / n,
            look=look,
        )
        for (field, (name, look)), rate in zip(KINDS.items(), (*rates, price.output), strict=True)
    )
    return FormulaScene(
        finding=finding(formula, traffic, float(total), float(billed), n),
        formula=formula.capitalize(),
        who="production" if formula == FIVE else "prototype",
        parts=parts,
        calls=n,
        error=float(total / billed - 1),
        is_exact=total == billed,
        provenance=Provenance(
            "measured", (f"{n} calls", f"seed {seed}", "prices and tokens are simulated")
        ),
        not_shown=NOT_SHOWN,
    )


def finding(formula: str, traffic: str, total: float, billed: float, n: int) -> str:
    """What the formula says, and what is billed."""
    says, bill = usd(1000 * total / n), usd(1000 * billed / n)
    unit = "USD per 1,000 questions"
    who = "five parts say" if formula == FIVE else f"the {formula.replace(', ', ' formula ')} says"
    same = f"{says} {unit}, as the invoice does" if says == bill else ""
    return f"{traffic.capitalize()}: {who} {same or f'{says} {unit}, the invoice {bill}'}."
