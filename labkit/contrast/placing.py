"""Each task on a tier of its own: what the bill, the right answers and the wait come to.

outcomes, a tier for each of two tasks, tokens added to the prompt -> PlacingScene -> view

No app is run. Quality and waits are the outcomes' own; what a call costs is worked out anew from
its tokens, because the price of a long prompt may be another one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from labkit import catalog
from labkit.arguments import every, known, line, refused, table
from labkit.catalog import Price
from labkit.cost import Outcomes, Prices, Task, Trial, cost_usd
from labkit.cost.pricing import all_priced
from labkit.errors import ArgumentError
from labkit.views import Control, Provenance, View, amount, choice
from labkit.views.cost.placing import PlacingScene, TaskRows, TierRow, draw_placing
from labkit.views.words import number, seconds, usd

THEN = ", then "
"""In the name of a way that asks a second tier where the first one's answer does not hold."""
STEP_TOKENS = 100_000
INVENTED: Prices = MappingProxyType(
    {
        "fast": replace(
            catalog.tier("fast"),
            price=Price(0.5, 2.5),
            price_above=Price(2.5, 12.5),
            price_step_tokens=STEP_TOKENS,
        ),
        "balanced": Price(2, 10),
        "frontier": Price(5, 25),
    }
)
"""USD for a million tokens of prompt and of answer; the lowest tier costs five times as much from
100,000 tokens of prompt on."""
MOST_TASKS = 2
MOST_ADDED = 150
"""Thousand tokens."""
EACH = 1_000
NOT_SHOWN = (
    "What a longer prompt does to the answers: quality and waits stay as they were. And caches, "
    "which belong to one model: whoever changes the tier pays for the first prompt again."
)


@dataclass(frozen=True, slots=True)
class Way:
    """A task on one tier, or on two: what was seen of it, and how many were right."""

    name: str
    trial: Trial
    right: int
    n: int

    def usd(self, prices: Prices, added: int) -> Decimal:
        """What one call costs in the mean, with so many tokens more in the prompt."""
        first, _, then = self.name.partition(THEN)
        usage = {
            "input_tokens": self.trial.prompt_tokens + added,
            "output_tokens": self.trial.output_tokens,
        }
        own = cost_usd(usage, first, prices=prices)
        share = Decimal(str(self.trial.escalated))
        return own + share * cost_usd(usage, then, prices=prices) if then else own


Ways = Mapping[str, Mapping[str, Way]]


def placing(
    outcomes: Outcomes,
    chosen: Mapping[str, str],
    *,
    today: str = "frontier",
    prices: Prices = INVENTED,
    notes: Sequence[str] = (),
) -> View:
    """Move each task to another tier, and make the prompt of the longest one longer.

    Args:
        outcomes: One or two tasks, each tried on the tiers in question; their tokens are noted.
            A way named ``fast, then balanced`` asks the second tier where the first one fails.
        chosen: The tier of each task at first.
        today: The tier that the prototype uses for everything.
        prices: Of each tier; invented ones with a step where none are given.
        notes: Where the outcomes come from.
    """
    table("chosen", chosen, "Nobody knows where a task runs.")
    table("prices", prices, "A call would cost nothing.")
    all_priced(prices)
    ways = ways_of(outcomes, prices)
    every("notes", notes, str, '("simulated, seed 7",)')
    for name, tried in ways.items():
        known(today, tried, f"a tier of {line(name, 40)}", "Nothing runs today, then.")
        known(chosen.get(name), tried, f"a tier of {line(name, 40)}", "It cannot be placed.")
    longest = max(ways, key=lambda name: ways[name][today].trial.prompt_tokens)
    names = dict(zip(("first", "second"), ways, strict=False))

    def scene(added: int, **tiers: str) -> PlacingScene:
        placed = {name: tiers[key] for key, name in names.items()}
        more = {name: 1000 * added * (name == longest) for name in ways}
        return scene_of(ways, placed, today, (prices, more, tuple(notes)))

    controls: dict[str, Control] = {
        key: choice(f"{name.capitalize()} on", list(ways[name]), value=chosen[name])
        for key, name in names.items()
    }
    controls["added"] = amount(
        f"Tokens added to the prompt of {longest}", 0, MOST_ADDED, step=10, unit="thousand"
    )
    return View.of(scene, draw_placing, controls)


def ways_of(outcomes: object, prices: Prices) -> Ways:
    """Every way of every task, priced from its tokens."""
    if not isinstance(outcomes, Outcomes):
        remedy = 'Give Outcomes, for example read_outcomes("outcomes.csv").'
        raise refused("outcomes", outcomes, "Nothing can be placed.", remedy)
    if len(outcomes.tasks) > MOST_TASKS:
        raise ArgumentError(
            f"These outcomes have {len(outcomes.tasks)} tasks. A view has room for {MOST_TASKS}. "
            f"Take one: only({outcomes.tasks[0]!r})."
        )
    found: dict[str, dict[str, Way]] = {}
    for name in outcomes.tasks:
        one = outcomes.only(name)
        task: Task = one.task(1)
        found[name] = {}
        for tier, trial in task.trials.items():
            if tier.count(THEN) > 1:
                follows = "Nobody knows how many of its calls go how far."
                raise refused("a way", tier, follows, f"Name one step: 'fast{THEN}balanced'.")
            for part in tier.split(THEN):
                known(part, prices, "a tier with a price", "Its calls are not free.")
            right = one.right(tier)
            found[name][tier] = Way(tier, trial, sum(right.values()), len(right))
    return found


def scene_of(
    ways: Ways,
    placed: Mapping[str, str],
    today: str,
    rest: tuple[Prices, Mapping[str, int], tuple[str, ...]],
) -> PlacingScene:
    """All tasks with their tiers, and what both apps come to."""
    prices, added, notes = rest
    tasks = tuple(
        TaskRows(
            name,
            tuple(
                row_of(way, whose(way.name, placed[name], today), prices, added[name])
                for way in tried.values()
            ),
        )
        for name, tried in ways.items()
    )
    before = dict.fromkeys(ways, today)
    bills = {
        who: bill(ways, one, prices, added)
        for who, one in {"prototype": before, "production": placed}.items()
    }
    totals = {
        who: {f"USD for {number(EACH)} questions": usd(float(bills[who])), **score(ways, one)}
        for who, one in {"prototype": before, "production": placed}.items()
    }
    said = ("prices invented", *notes)
    return PlacingScene(
        finding(ways, placed, today, bills), tasks, totals, Provenance("simulated", said), NOT_SHOWN
    )


def row_of(way: Way, who: str, prices: Prices, added: int) -> TierRow:
    """One tier as the picture has it."""
    tokens = way.trial.prompt_tokens + added
    tiers = [prices[name] for name in way.name.split(THEN)]
    steps = [getattr(one, "price_step_tokens", None) for one in tiers]
    above = any(step is not None and tokens > step for step in steps)
    each = EACH * float(way.usd(prices, added)) * way.n / way.right if way.right else 0.0
    note = "above the step" if above else ""
    return TierRow(way.name, each, way.right, way.n, way.trial.p95_s, who, note)


def whose(name: str, chosen: str, today: str) -> str:
    """Which app runs a task on this tier."""
    return " ".join(["prototype"] * (name == today) + ["production"] * (name == chosen))


def bill(
    ways: Ways, placed: Mapping[str, str], prices: Prices, added: Mapping[str, int]
) -> Decimal:
    """What a thousand questions cost, each with one call for each task."""
    each = (ways[name][tier].usd(prices, added[name]) for name, tier in placed.items())
    return EACH * sum(each, Decimal(0))


def score(ways: Ways, placed: Mapping[str, str]) -> dict[str, str]:
    """The right answers of each task, and the longest wait."""
    used = {name: ways[name][tier] for name, tier in placed.items()}
    right = {f"{name}, right": f"{way.right} of {way.n}" for name, way in used.items()}
    slowest = max(way.trial.p95_s for way in used.values())
    return {**right, "slowest call, p95": seconds(slowest)}


def finding(ways: Ways, placed: Mapping[str, str], today: str, bills: Mapping[str, Decimal]) -> str:
    """Both bills, and what becomes of the right answers."""
    before, after = (usd(float(bills[who])) for who in ("prototype", "production"))
    where = " and ".join(f"{name} on {tier}" for name, tier in placed.items())
    lost = {name: ways[name][today].right - ways[name][tier].right for name, tier in placed.items()}
    changes = [
        f"{abs(count)} of {ways[name][today].n} {name} {'fewer' if count > 0 else 'more'} right"
        for name, count in lost.items()
        if count
    ]
    score = " and ".join(changes) or "as many right"
    return f"Simulated: {where} cost {after} USD for 1,000 questions instead of {before}, {score}."
