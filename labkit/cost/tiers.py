"""The cheapest tier that is good enough, task by task: by its cost for a right answer.

    tasks, each tried on some tiers -> choose_tier -> Plan: one Choice for each task, and the bill
    points of quality, cost and time -> pareto      -> those that no other one beats

A price for a token says little: tokenizers count differently, cheap tiers hand work up, and a long
prompt can cost five times as much. What an answer costs is worked out here; how good it is was
measured by the eval of each task.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from labkit.arguments import every, line, number, offer, refused, table, text, whole
from labkit.cost.pricing import Prices, cost_usd, model_of


@dataclass(frozen=True, slots=True)
class Trial:
    """What an eval saw of one task on one tier."""

    right: float
    """The share of answers that are right in the end, those of a higher tier included."""
    p95_s: float
    """Seconds within which 95 of 100 answers are there, those of a higher tier included."""
    prompt_tokens: int
    """Of one call, as this tier's tokenizer counts them; cached ones count, too."""
    output_tokens: int
    """Of one call, thinking included."""
    escalated: float = 0.0
    """The share of answers that failed validation and were asked again of the next tier."""

    def __post_init__(self) -> None:
        """Refuse what no eval can have seen."""
        a_share("right", self.right)
        a_share("escalated", self.escalated)
        number("p95_s", self.p95_s, "No limit can be held against it.")
        for name in ("prompt_tokens", "output_tokens"):
            whole(name, getattr(self, name), "A call cannot be priced by it.", least=0)


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of work that an app gives to a model."""

    name: str
    calls: int
    """How many of them the plan is for, such as a month's."""
    trials: Mapping[str, Trial]
    """By the name of the tier; a tier that was not tried is not chosen."""

    def __post_init__(self) -> None:
        """Refuse a task that nobody can place."""
        text("name", self.name, "No task is called so.")
        whole("calls", self.calls, "So many calls cannot be paid.", least=0)
        every("trials", table("trials", self.trials, "No tier was tried."), str, '{"fast": ...}')
        every("trials", self.trials.values(), Trial, "Trial(0.95, 2.0, 1_200, 150)")


@dataclass(frozen=True, slots=True)
class Choice:
    """The tier of one task, or why there is none."""

    task: str
    tier: str | None
    """None where no tier is good enough and fast enough."""
    calls: int
    usd_per_call: Decimal = Decimal(0)
    """What is paid for one call in the mean, higher tiers included; 0 without a tier."""
    usd_per_right: Decimal = Decimal(0)
    """What is paid for one right answer; this is compared."""
    passed_over: tuple[str, ...] = ()
    """Each other tier, with what kept it from being chosen."""

    def __repr__(self) -> str:
        """The tier and its price; then the others, each on a line."""
        paid = f"{1000 * self.usd_per_right:,.4f} USD for 1,000 right answers"
        first = f"{self.task}: {self.tier} · {paid}" if self.tier else f"{self.task}: no tier"
        return "\n".join([first, *(f"  not {reason}" for reason in self.passed_over)])


@dataclass(frozen=True, slots=True)
class Plan:
    """A tier for each task."""

    choices: tuple[Choice, ...]

    @property
    def cost_usd(self) -> Decimal:
        """The bill of all calls that have a tier."""
        return sum((one.calls * one.usd_per_call for one in self.choices), Decimal(0))

    @property
    def without(self) -> tuple[str, ...]:
        """The tasks for which no tier is good enough and fast enough."""
        return tuple(one.task for one in self.choices if one.tier is None)

    def __repr__(self) -> str:
        """The bill, then each choice with its reasons."""
        calls = sum(one.calls for one in self.choices if one.tier)
        left = f", and no tier for {', '.join(map(line, self.without))}" if self.without else ""
        first = f"{self.cost_usd:,.4f} USD for {calls:,} calls{left}"
        return "\n".join([first, *map(repr, self.choices)])


def choose_tier(tasks: Iterable[Task], tiers: Prices, min_quality: float, max_p95: float) -> Plan:
    """The tier of each task that costs least for a right answer, among those within the limits.

    Each task is held to the limits by itself: a mean over tasks would let the easy ones hide a
    bad one. Caches are left out; they belong to one model, and a change of tier begins them anew.

    Args:
        tasks: What was tried.
        tiers: The model of each tier, or its price, the lowest first; what fails on one goes to
            the next.
        min_quality: The share of right answers that a task needs at least.
        max_p95: The seconds within which 95 of 100 answers must be there; ``math.inf`` for any.
    """
    wanted = every("tasks", tasks, Task, 'Task("triage", 1_000, {...})')
    every("tiers", table("tiers", tiers, "There is no tier."), str, '{"fast": tier("fast")}')
    for name in tiers:
        model_of(name, tiers)
    a_share("min_quality", min_quality)
    number("max_p95", max_p95, "No answer could be held to it.", endless=True)
    return Plan(tuple(chosen(task, tiers, min_quality, max_p95) for task in wanted))


def chosen(task: Task, tiers: Prices, min_quality: float, max_p95: float) -> Choice:
    """The cheapest of the tiers that may answer a task; the lower one where two cost the same."""
    if strange := [name for name in task.trials if name not in tiers]:
        follows = "Its calls cannot be priced."
        raise refused(f"a tier of {line(task.name, 40)}", strange[0], follows, offer(None, tiers))
    costs = {name: mean_usd(task, name, tiers) for name in task.trials}
    faults = {name: fault(task.trials.get(name), min_quality, max_p95) for name in tiers}
    fit = [name for name in tiers if not faults[name]]
    if not fit:
        return Choice(task.name, None, task.calls, passed_over=said(faults))
    each = {name: for_right(costs[name], task.trials[name]) for name in fit}
    best = min(fit, key=each.__getitem__)
    dearer = {name: f"{1000 * each[name]:,.4f} USD for 1,000 right answers" for name in fit}
    others = {name: faults[name] or dearer[name] for name in tiers if name != best}
    return Choice(task.name, best, task.calls, costs[best], each[best], said(others))


def said(reasons: Mapping[str, str]) -> tuple[str, ...]:
    """Each tier with its reason."""
    return tuple(f"{name}: {reason}" for name, reason in reasons.items())


def fault(trial: Trial | None, min_quality: float, max_p95: float) -> str:
    """What keeps a tier from a task; nothing where it may answer."""
    if trial is None:
        return "not tried"
    slow = f"{trial.p95_s:g} s at p95, over {max_p95:g}" if trial.p95_s > max_p95 else ""
    bad = f"{trial.right:.1%} right, under {min_quality:.1%}" if trial.right < min_quality else ""
    return "; ".join(filter(None, (bad, slow)))


def mean_usd(task: Task, name: str, tiers: Prices) -> Decimal:
    """What one call costs in the mean, when it begins at a tier and goes up where that fails."""
    names = list(tiers)
    trial, above = task.trials[name], names[names.index(name) + 1 :]
    usage = {"input_tokens": trial.prompt_tokens, "output_tokens": trial.output_tokens}
    own = cost_usd(usage, name, prices=tiers)
    if not trial.escalated:
        return own
    if not above or above[0] not in task.trials:
        follows = "Nobody knows what its answers cost in the end."
        remedy = "Try the task on the next tier, too, or give escalated=0."
        raise refused(f"escalated of {line(task.name, 40)}", trial.escalated, follows, remedy)
    return own + exactly(trial.escalated) * mean_usd(task, above[0], tiers)


def for_right(usd: Decimal, trial: Trial) -> Decimal:
    """What is paid for one right answer; without end where none is right."""
    return usd / exactly(trial.right) if trial.right else Decimal("Infinity")


def exactly(value: float) -> Decimal:
    """The number that a person wrote, and not its nearest binary fraction."""
    return Decimal(str(value))


@dataclass(frozen=True, slots=True)
class Point:
    """One way to do a task, by what matters of it."""

    name: str
    quality: float
    """More is better."""
    cost_usd: float | Decimal
    """Less is better."""
    p95_s: float = 0.0
    """Less is better; leave it out where it does not matter."""

    def __post_init__(self) -> None:
        """Refuse what has no place on a picture."""
        text("name", self.name, "No point is called so.")
        for name in ("quality", "cost_usd", "p95_s"):
            value = getattr(self, name)
            number(name, float(value) if isinstance(value, Decimal) else value, "It has no place.")

    def __repr__(self) -> str:
        """Its name and the three numbers."""
        return f"{self.name}: {self.quality:.3g}, {float(self.cost_usd):.4g} USD, {self.p95_s:g} s"


def pareto(points: Iterable[Point]) -> tuple[Point, ...]:
    """The points that no other point beats, the cheapest first.

    One beats another that is nowhere better and somewhere worse. Equal ones stay together.
    """
    found = every("points", points, Point, 'Point("fast", 0.93, 0.4, 1.2)')
    front = [one for one in found if not any(beats(other, one) for other in found)]
    return tuple(sorted(front, key=lambda one: (one.cost_usd, one.p95_s, -one.quality, one.name)))


def beats(one: Point, other: Point) -> bool:
    """Whether a point is nowhere worse than another, and somewhere better."""
    ours, theirs = merits(one), merits(other)
    return ours != theirs and all(a >= b for a, b in zip(ours, theirs, strict=True))


def merits(one: Point) -> Sequence[float | Decimal]:
    """A point's numbers, each so that more is better."""
    return one.quality, -one.cost_usd, -one.p95_s


def a_share(what: str, value: object) -> float:
    """Refuse what is no share."""
    share = number(what, value, "It is no share.")
    if share > 1 or math.isnan(share):
        raise refused(what, value, "A share is at most 1.", "Give, for example, 0.95.")
    return share
