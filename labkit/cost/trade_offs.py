"""A decision about tiers as a dated record: what was chosen, what that saves, and what it loses.

    outcomes, a tier for each task, what runs today -> trade_off -> TradeOff.markdown()

Whoever reads it in a year finds the margin that was agreed, the n behind each share, the examples
that got worse, and who decided. Nothing is written to a file unless somebody asks for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from labkit.arguments import known, line, offer, refused, table, text
from labkit.cost.outcomes import FEW, Outcomes
from labkit.cost.paired import Verdict, noninferior
from labkit.cost.tiers import Point
from labkit.errors import ArgumentError
from labkit.evals import wilson

DIME = 0.1
MOST_IDS = 12
"""Examples that got worse are named up to so many."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One task: the tier that was chosen, beside the one that runs today."""

    task: str
    tier: str
    right: int
    n: int
    now: Point
    """The chosen tier."""
    before: Point
    """The tier that runs today."""
    verdict: Verdict
    """Whether the chosen one is as good, within the margin."""
    worse: tuple[str, ...]
    """The examples that are right today and wrong with the chosen tier."""

    @property
    def is_open(self) -> bool:
        """Whether the numbers do not carry the choice."""
        return self.verdict.word != "yes" and self.now.name != self.before.name


@dataclass(frozen=True, slots=True, repr=False)
class TradeOff:
    """The record of one decision."""

    on: date
    decided_by: str
    today: str
    """The tier that runs before the decision."""
    margin: float
    alpha: float
    tasks: tuple[Chosen, ...]
    source: str = ""
    """Where the outcomes come from."""

    def markdown(self) -> str:
        """The whole record, to keep beside the code that it is about."""
        return "\n".join([*self._head(), *map(self._row, self.tasks), "", *self._left_open(), ""])

    def write(self, path: str | Path) -> Path:
        """Write it to a new file; a record that exists is not overwritten."""
        if not isinstance(path, (str, Path)) or not str(path):
            raise refused("path", path, "No file can be made there.", 'Give "tiers.md".')
        file = Path(path)
        try:
            with file.open("x", encoding="utf-8", newline="\n") as out:
                out.write(self.markdown())
        except (OSError, ValueError) as problem:
            remedy = "Give each decision a file of its own, such as tiers-2026-11-23.md."
            why = line(getattr(problem, "strerror", None) or str(problem), 60)
            raise ArgumentError(
                f"{line(file.name, 60)} cannot be made: {why}. Nothing was written. {remedy}"
            ) from None
        return file

    def __repr__(self) -> str:
        """The record."""
        return self.markdown()

    def _head(self) -> list[str]:
        """Title, who and when, the rule, and the head of the table."""
        source = f"Outcomes: {cell(self.source, 200)}. " if self.source else ""
        return [
            "# Which tier does which task",
            "",
            f"Decided on {self.on.isoformat()} by {cell(self.decided_by)}. Before it: "
            f"{cell(self.today)} for every task.",
            "",
            f"{source}Margin, agreed before looking: {points(self.margin)}; alpha {self.alpha:g}.",
            "",
            f"| task | tier | right (95 %) | USD for 1,000 right | p95 | less right than "
            f"{cell(self.today)} | as good? |",
            "|---|---|---|---|---|---|---|",
        ]

    def _row(self, one: Chosen) -> str:
        """One task."""
        low, high = wilson(one.right, one.n)
        price = dollars(one.now)
        if one.now.name == one.before.name:
            loss, word = "it is the same", "it is the same"
        else:
            price += f" instead of {dollars(one.before)}"
            (best, worst), found = one.verdict.interval[::-1], one.verdict
            loss = f"{signed(-found.difference)} ({signed(-best)} to {signed(-worst)}) points"
            word = found.said()
        slow = f"{one.now.p95_s:.1f} s" if one.n >= FEW else f"slowest {one.now.p95_s:.1f} s"
        right = f"{one.right} of {one.n:,} ({low:.0%} to {high:.0%})"
        return f"| {' | '.join((cell(one.task), cell(one.tier), right, price, slow, loss, word))} |"

    def _left_open(self) -> list[str]:
        """What gets worse, and which choice the numbers do not carry."""
        said = ["What gets worse:", ""]
        for one in self.tasks:
            named = ", ".join(cell(id) for id in one.worse[:MOST_IDS])
            more = len(one.worse) - MOST_IDS
            named += f" and {more} more" if more > 0 else ""
            said.append(f"- {cell(one.task)}: {named or 'no example of these'}")
        opened = [f"{cell(one.task)} ({one.verdict.said()})" for one in self.tasks if one.is_open]
        if opened:
            said += ["", f"The numbers do not carry the choice for {', '.join(opened)}."]
        return said


def trade_off(  # noqa: PLR0913 - all but two by name
    outcomes: Outcomes,
    chosen: Mapping[str, str],
    *,
    today: str,
    margin: float,
    decided_by: str,
    on: date,
    alpha: float = 0.05,
    source: str = "",
) -> TradeOff:
    """The record of a decision: a tier for each task, beside the one that runs today.

    Args:
        outcomes: What was tried: ``read_outcomes("outcomes.csv")``.
        chosen: The tier of each task.
        today: The tier that runs for every task before the decision.
        margin: The loss that is bearable, as a share of all examples, agreed before looking.
        decided_by: A person, not a team: whom to ask in a year.
        on: The day.
        alpha: As in ``noninferior``.
        source: Where the outcomes come from, such as ``simulated, seed 7``.
    """
    if not isinstance(outcomes, Outcomes):
        remedy = 'Give read_outcomes("outcomes.csv").'
        raise refused("outcomes", outcomes, "Nothing was tried.", remedy)
    check_chosen(outcomes, chosen)
    if not text("decided_by", decided_by, "Nobody could be asked.").strip():
        raise refused("decided_by", "", "Nobody could be asked.", 'Give a name, such as "Kofi".')
    text("source", source, "Nobody could repeat it.")
    if not isinstance(on, date) or isinstance(on, datetime):
        raise refused("on", on, "It is no day.", "Give date(2026, 11, 23).")
    tasks = tuple(
        chosen_for(outcomes.only(task), tier, today, (margin, alpha))
        for task, tier in chosen.items()
    )
    return TradeOff(on, decided_by, today, margin, alpha, tasks, source)


def check_chosen(outcomes: Outcomes, chosen: Mapping[str, str]) -> None:
    """Refuse a choice that leaves a task out, or names one that was not tried."""
    example = 'Give {"answers": "balanced"}.'
    if not table("chosen", chosen, "No task has a tier.") or not all(
        isinstance(tier, str) for tier in chosen.values()
    ):
        raise refused("chosen", dict(chosen), "No task has a tier.", example)
    for task in chosen:
        known(task, dict.fromkeys(outcomes.tasks), "a task of these outcomes", "It has no numbers.")
    if missing := [task for task in outcomes.tasks if task not in chosen]:
        raise ArgumentError(
            f"chosen has no tier for {line(missing[0], 40)!r}. The record would be silent about "
            f"it. Choose one. {offer(None, outcomes.only(missing[0]).tiers)}"
        )


def chosen_for(one: Outcomes, tier: str, today: str, rule: tuple[float, float]) -> Chosen:
    """Compare the chosen tier of one task with what runs today."""
    now, before = one.right(tier), one.right(today)
    return Chosen(
        one.tasks[0],
        tier,
        sum(now.values()),
        len(now),
        one.point(tier),
        one.point(today),
        noninferior(before, now, *rule),
        tuple(id for id, was in before.items() if was and not now[id]),
    )


def dollars(point: Point) -> str:
    """What 1,000 right answers cost; with more digits where it is less than a dime."""
    usd = 1000 * point.cost_usd
    return f"{usd:,.2f}" if usd >= DIME else f"{usd:,.4f}"


def points(share: float) -> str:
    """``5 points`` of a hundred."""
    size = f"{100 * share:g}"
    return "1 point" if size == "1" else f"{size} points"


def signed(share: float) -> str:
    """A loss in points, with a true minus for a gain."""
    said = f"{100 * share:.1f}"
    return "0.0" if said == "-0.0" else said.replace("-", "\N{MINUS SIGN}")


def cell(name: str, most: int = 80) -> str:
    """A name on one line, without what Markdown would take for its own."""
    return "".join(f"\\{char}" if char in "|*_`<>[]\\" else char for char in line(name, most))
