"""The drill: a bill that jumped, five possible fixes, room for two; then the same day again.

    a day's requests -> two fixes change them -> cost_of, with a price step -> what each kind costs

The day, its model and its prices are invented. One real model of the catalogue has such a step.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from labkit import catalog
from labkit.arguments import whole
from labkit.catalog import Model, Price
from labkit.cost import cost_of
from labkit.cost.caching import LIFETIMES_S, READY_S, Fate, fates_of
from labkit.cost.money import added
from labkit.views import Provenance, View, choice
from labkit.views.cost.bills import BillScene, draw_bills
from labkit.views.cost.stacks import Block
from labkit.views.words import usd

STEP, TIMES, DAY_S = 100_000, 5, 43_200.0
"""Prompt tokens above which the whole request costs so many times more; a day at the desk."""
MANUAL, CAP, KEPT, LOWER = 8_000, 20_000, 10_000, 512
"""Tokens of the manual in every prompt, and what the fixes leave of a paste, a talk, an answer."""
NONE = "nothing yet"
CHEAPER, MAX_TOKENS = "a cheaper model with the same step", "a lower max_tokens"
CACHE, PASTE, TRIM = "cache the manual", "cap what is pasted in", "trim the talk to its end"
FIXES = (CHEAPER, CACHE, PASTE, TRIM, MAX_TOKENS)
RATES = (0.40, 2.00, 0.50, 0.80, 0.04)
"""USD per million: input, output, both cache writes, read. Invented."""
CHEAPER_SHARE = 0.7
NOT_SHOWN = (
    "What the fixes take away: somebody must choose a page instead of pasting a manual, and Latch "
    "forgets how a long talk began. Whether the cheaper model answers as well."
)


@dataclass(frozen=True, slots=True)
class Request:
    """What one request of the day has in its prompt, in tokens."""

    kind: str
    when_s: float
    talk: int
    paste: int
    output: int
    max_tokens: int = 4_096


Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Kind:
    """Requests of one kind: how many there were the day before and on the day, and how long."""

    counts: tuple[int, int]
    talk: tuple[Span, Span]
    paste: tuple[Span, Span]
    look: str


FEW: tuple[Span, Span] = ((0, 4_000), (0, 4_000))
NO_PASTE: tuple[Span, Span] = ((0, 0), (0, 0))
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "ordinary questions": Kind((360, 360), FEW, NO_PASTE, "k4"),
        "long talks": Kind((14, 20), ((40_000, 70_000), (95_000, 112_000)), NO_PASTE, "k2"),
        "pasted manuals": Kind((6, 20), FEW, ((5_000, 15_000), (96_000, 130_000)), "k3"),
    }
)


def price_step(*, seed: int = 7) -> View:
    """Choose two of five fixes and replay the day.

    Args:
        seed: The same seed gives the same day.
    """
    whole("seed", seed, "The same seed must give the same day.")
    before, day = requests(seed, 0), requests(seed, 1)
    yesterday = Bill.of(before, frozenset())

    def chosen(first: str, second: str) -> BillScene:
        fixes = frozenset({first, second}) - {NONE}
        bills = (Bill.of(day, frozenset()), Bill.of(day, fixes))
        return scene(yesterday, *bills, fixes=fixes, seed=seed)

    return View.of(
        chosen,
        draw_bills,
        {
            "first": choice("First fix", [NONE, *FIXES], value=CHEAPER),
            "second": choice("Second fix", [NONE, *FIXES], value=MAX_TOKENS),
        },
    )


def requests(seed: int, day: int) -> list[Request]:
    """The requests of the day before (0) or of the day (1), in the order of time."""
    rng = random.Random(f"{seed} {day}")
    found = [
        Request(
            kind=name,
            when_s=rng.uniform(0, DAY_S),
            talk=rng.randint(*kind.talk[day]),
            paste=rng.randint(*kind.paste[day]),
            output=rng.randint(80, 400),
        )
        for name, kind in KINDS.items()
        for _ in range(kind.counts[day])
    ]
    return sorted(found, key=lambda one: one.when_s)


def fixed(one: Request, fixes: frozenset[str]) -> Request:
    """The request as the fixes would have sent it."""
    limit = LOWER if MAX_TOKENS in fixes else one.max_tokens
    return replace(
        one,
        paste=min(one.paste, CAP) if PASTE in fixes else one.paste,
        talk=min(one.talk, KEPT) if TRIM in fixes else one.talk,
        output=min(one.output, limit),
        max_tokens=limit,
    )


@dataclass(frozen=True, slots=True)
class Bill:
    """What a day costs, by kind of request, and how many prompts are above the step."""

    usd: Mapping[str, Decimal]
    requests: int
    above: int

    @property
    def total(self) -> Decimal:
        """All kinds together."""
        return added(self.usd.values())

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The bar."""
        return tuple(Block(name, float(self.usd[name]), KINDS[name].look) for name in KINDS)

    @classmethod
    def of(cls, day: Sequence[Request], fixes: frozenset[str]) -> "Bill":
        """The bill of a day with these fixes."""
        sent = [fixed(one, fixes) for one in day]
        moments = [one.when_s for one in sent]
        lifetime_s = LIFETIMES_S["5m"] if CACHE in fixes else None
        fates = fates_of(moments, lifetime_s, READY_S)
        model = {"drill": model_with(CHEAPER_SHARE if CHEAPER in fixes else 1.0)}
        costs = [
            cost_of(usage_of(one, fate), "drill", prices=model)
            for one, fate in zip(sent, fates, strict=True)
        ]
        kinds = {
            name: added(
                cost.total_usd for one, cost in zip(sent, costs, strict=True) if one.kind == name
            )
            for name in KINDS
        }
        return cls(kinds, len(sent), sum(cost.tokens.prompt > STEP for cost in costs))


def usage_of(one: Request, fate: Fate) -> Mapping[str, object]:
    """What the provider would have said of a request; cached tokens are in the prompt, too."""
    return {
        "input_tokens": one.talk + one.paste + MANUAL * (fate is Fate.PLAIN),
        "cache_creation_input_tokens": MANUAL * (fate is Fate.WRITTEN),
        "cache_read_input_tokens": MANUAL * (fate is Fate.READ),
        "output_tokens": one.output,
    }


def model_with(share: float) -> Model:
    """The invented model at such a share of its price."""
    low, high = (Price(*(round(rate * share * times, 6) for rate in RATES)) for times in (1, TIMES))
    like = catalog.tier("fast")
    return replace(like, id="drill", price=low, price_above=high, price_step_tokens=STEP)


def scene(
    yesterday: Bill, before: Bill, after: Bill, *, fixes: frozenset[str], seed: int
) -> BillScene:
    """The day as it was and with the fixes, and a line where the day before was."""
    return BillScene(
        finding=finding(before, after, fixes),
        names=("Prototype, as it was", "Production, with these fixes"),
        before=before.blocks,
        after=after.blocks,
        unit="USD",
        mark=("the day before", float(yesterday.total)),
        counted=(
            f"prompts above {STEP:,} tokens",
            f"{before.above} of {before.requests}",
            f"{after.above} of {after.requests}",
        ),
        provenance=Provenance(
            "simulated", (f"seed {seed}", "the day, the model and its prices are invented")
        ),
        not_shown=NOT_SHOWN,
    )


def finding(before: Bill, after: Bill, fixes: frozenset[str]) -> str:
    """What the day costs with the fixes."""
    chosen = " and ".join(f"“{fix}”" for fix in sorted(fixes, key=FIXES.index)) or "no fix"
    costs = f"With {chosen} the day costs {usd(float(after.total))} USD"
    without = f"without, {usd(float(before.total))}"
    step = f"{after.above} prompts are above the step" if after.above else "no prompt is above it"
    return f"{costs}; {without}. " + (f"{step[0].upper()}{step[1:]}.")
