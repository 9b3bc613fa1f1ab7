"""What an eval saw of each example on each tier: right or not, what it cost, how long it took.

    rows, or read_outcomes(a CSV) -> Outcomes -> right(tier) for noninferior
                                              -> points()    for pareto
                                              -> task(calls) for choose_tier

Tiers are compared on the same examples only. An example that the provider kept from being scored
on one tier is scored on none.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from labkit.arguments import every, known, line, number, refused, text, whole, yes_or_no
from labkit.cost.money import added, columns
from labkit.cost.tiers import Point, Task, Trial
from labkit.errors import ArgumentError
from labkit.evals import wilson

FEW = 20
"""Of fewer examples the 95th percent is the slowest one."""
EXAMPLE = 'Outcome("drill-days", "fast", True, 0.0067, 0.6)'


@dataclass(frozen=True, slots=True)
class Outcome:
    """One example on one tier."""

    id: str
    """The example; the same on every tier."""
    tier: str
    ok: bool | None
    """Whether the answer is right; None where the provider failed and nothing was scored."""
    cost_usd: float | Decimal
    """What was paid for it, every call and retry included."""
    seconds: float
    """Until the answer was there."""
    task: str = "answers"
    prompt_tokens: int = 0
    """Of its first call, cached ones included; 0 where it was free, or nobody noted them."""
    output_tokens: int = 0
    """Of its first call, thinking included."""
    escalated: bool = False
    """Whether a higher tier was asked, too."""

    def __post_init__(self) -> None:
        """Refuse what no eval can have seen."""
        for name in ("id", "tier", "task"):
            if not text(name, getattr(self, name), "An outcome is found by it.").strip():
                raise refused(name, "", "An outcome is found by it.", "Give it a name.")
        if self.ok is not None and not isinstance(self.ok, bool):
            remedy = "Give True or False, or None where nothing was scored."
            raise refused("ok", self.ok, "Nobody knows whether that is right.", remedy)
        yes_or_no("escalated", self.escalated, "It is asked or not.")
        cost = self.cost_usd
        number("cost_usd", float(cost) if isinstance(cost, Decimal) else cost, "It is no price.")
        number("seconds", self.seconds, "It is no time.")
        for name in ("prompt_tokens", "output_tokens"):
            whole(name, getattr(self, name), "A call cannot be priced by it.", least=0)


@dataclass(frozen=True, slots=True, repr=False)
class Outcomes:
    """The outcomes of one or more tasks, each tried on one or more tiers."""

    rows: tuple[Outcome, ...]

    def __post_init__(self) -> None:
        """Refuse what cannot be compared: twins, and tiers that saw other examples."""
        object.__setattr__(self, "rows", every("rows", self.rows, Outcome, f"[{EXAMPLE}]"))
        if not self.rows:
            raise refused("rows", [], "There is nothing to compare.", f"Give {EXAMPLE}.")
        check_twins(self.rows)
        for name in self.tasks:
            check_pairs(name, [row for row in self.rows if row.task == name])

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks, in the order in which they come first."""
        return tuple(dict.fromkeys(row.task for row in self.rows))

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers, in the order in which they come first."""
        return tuple(dict.fromkeys(row.tier for row in self.rows))

    def only(self, task: str) -> "Outcomes":
        """Those of one task."""
        known(task, dict.fromkeys(self.tasks), "a task of these outcomes", "Nothing was tried.")
        return Outcomes(tuple(row for row in self.rows if row.task == task))

    def right(self, tier: str) -> dict[str, bool]:
        """Of each example whether a tier was right: what ``noninferior`` takes."""
        return {row.id: bool(row.ok) for row in self._scored(tier)}

    def point(self, tier: str) -> Point:
        """A tier by its share right, its USD for one right answer, and its p95.

        What wrong answers cost is part of the price of the right ones.
        """
        rows = self._scored(tier)
        good = sum(bool(row.ok) for row in rows)
        if not good:
            follows = "A right answer has no price there."
            raise refused(f"the right answers of {line(tier, 40)}", 0, follows, "Leave it out.")
        return Point(tier, good / len(rows), paid(rows) / good, p95(rows))

    def points(self) -> tuple[Point, ...]:
        """Every tier that was ever right: what ``pareto`` takes."""
        return tuple(self.point(tier) for tier in self.tiers if any(self.right(tier).values()))

    def task(self, calls: int) -> Task:
        """One task for so many calls, as ``choose_tier`` takes it; its tokens must be noted."""
        return Task(self._one(), calls, {tier: self._trial(tier) for tier in self.tiers})

    def __repr__(self) -> str:
        """For each task a row for each tier."""
        return "\n\n".join(self.only(name)._table() for name in self.tasks)

    def _table(self) -> str:
        head = (self._one(), "right", "95 % interval", "USD for 1,000 right", "p95")
        return columns([head, *(self._row(tier) for tier in self.tiers)])

    def _row(self, tier: str) -> tuple[str, ...]:
        """A tier as words."""
        rows = self._scored(tier)
        good, n = sum(bool(row.ok) for row in rows), len(rows)
        low, high = wilson(good, n)
        price = f"{1000 * paid(rows) / good:,.2f}" if good else "none right"
        slow = f"{p95(rows):.1f} s" if n >= FEW else f"slowest {p95(rows):.1f} s"
        gone = sum(row.tier == tier for row in self.rows) - n
        left = f", {gone} not scored" if gone else ""
        return tier, f"{good} of {n:,}{left}", f"{low:.0%} to {high:.0%}", price, slow

    def _trial(self, tier: str) -> Trial:
        """What the eval saw of a tier."""
        rows = self._scored(tier)
        if not any(row.prompt_tokens for row in rows):
            raise ArgumentError(
                f"The outcomes of {line(tier, 40)} have no prompt_tokens. Their calls cannot be "
                "priced anew. Note the tokens of each first call, or use point(tier)."
            )
        n = len(rows)
        return Trial(
            sum(bool(row.ok) for row in rows) / n,
            p95(rows),
            round(sum(row.prompt_tokens for row in rows) / n),
            round(sum(row.output_tokens for row in rows) / n),
            sum(row.escalated for row in rows) / n,
        )

    def _one(self) -> str:
        """The name of the only task."""
        if len(self.tasks) == 1:
            return self.tasks[0]
        raise ArgumentError(
            f"These outcomes are of {len(self.tasks)} tasks: {line(', '.join(self.tasks))}. A mean "
            f"over tasks hides the worst. Take one: only({self.tasks[0]!r})."
        )

    def _scored(self, tier: str) -> list[Outcome]:
        """A tier's outcomes of the examples that were scored on every tier."""
        self._one()
        known(tier, dict.fromkeys(self.tiers), "a tier of these outcomes", "It was not tried.")
        gone = {row.id for row in self.rows if row.ok is None}
        rows = [row for row in self.rows if row.tier == tier and row.id not in gone]
        if not rows:
            follows = "The provider failed on each of them, on one tier or another."
            raise refused(f"the scored examples of {line(tier, 40)}", 0, follows, "Run them again.")
        return rows


def paid(rows: Sequence[Outcome]) -> Decimal:
    """What all of them cost."""
    return added(Decimal(str(row.cost_usd)) for row in rows)


def p95(rows: Sequence[Outcome]) -> float:
    """The seconds within which 95 of 100 answers were there; one that was seen, not a mean."""
    ordered = sorted(row.seconds for row in rows)
    return ordered[math.ceil(0.95 * len(ordered)) - 1]


def check_twins(rows: Sequence[Outcome]) -> None:
    """Refuse an example that was counted twice."""
    counts: Mapping[tuple[str, str, str], int] = Counter(
        (one.task, one.tier, one.id) for one in rows
    )
    for (task, tier, id), times in counts.items():
        if times > 1:
            raise ArgumentError(
                f"{line(id, 40)!r} comes {times} times on {line(tier, 40)} for {line(task, 40)}. "
                "Runs of one example are not more examples. Give one outcome for each, such as "
                '"right in most runs", or each example its own id.'
            )


def check_pairs(task: str, rows: Sequence[Outcome]) -> None:
    """Refuse tiers of one task that did not see the same examples."""
    seen: dict[str, set[str]] = {}
    for row in rows:
        seen.setdefault(row.tier, set()).add(row.id)
    everything = set().union(*seen.values())
    for tier, ids in seen.items():
        if missing := sorted(everything - ids):
            raise ArgumentError(
                f"{line(tier, 40)} has no outcome for {line(missing[0], 40)!r} of "
                f"{line(task, 40)} ({len(missing)} of {len(everything)} are missing). Only the "
                "same examples can be compared. Run every tier on all of them."
            )
