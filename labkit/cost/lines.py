"""The values of a ledger: a line for each attempt, and what some of them cost together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import reduce

from labkit.cost.money import NOTHING, added, columns, dollars
from labkit.cost.pieces import Piece
from labkit.cost.pricing import Bill


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One attempt, what it was for and what it cost; or one answer of a batch."""

    label: str
    model: str
    """The model that answered; the one that was asked where none did."""
    outcome: str
    """The stop reason, or why there is no whole answer: ``529 overloaded_error``, ``timeout``."""
    when: datetime
    """When it was sent, or read from a batch's results."""
    bills: tuple[Bill, ...] | None = ()
    """One for each time that a model worked; none where nothing is billed; None where a price
    is not known."""
    retry: int = 0
    """0 for the first attempt of its call."""
    again: bool = False
    """Whether the app asks again for what an answer that was paid did not give."""
    at_least: bool = False
    """Whether it may cost more than is known: its answer was not read to its end."""
    pieces: tuple[Piece, ...] = ()
    """What its prompt was made of; nothing where that is not known."""
    usage: Mapping[str, object] = field(default_factory=dict)
    """As the provider told it."""
    message_id: str | None = None

    @property
    def cost_usd(self) -> Decimal | None:
        """What it costs; None where that is not known."""
        return None if self.bills is None else added(bill.total_usd for bill in self.bills)

    def __repr__(self) -> str:
        """Everything but the prompt's pieces, on one line."""
        cost = "unknown price" if self.cost_usd is None else f"{dollars(self.cost_usd)} USD"
        flags = f"{', retry' * (self.retry > 0)}{', again' * self.again}"
        cost += ", at least" * self.at_least
        return f"{self.label}: {self.model}, {self.outcome}{flags}, {cost}"


@dataclass(frozen=True, slots=True, repr=False)
class Spend:
    """What some attempts cost together."""

    attempts: int = 0
    prompt_tokens: int = 0
    """Cached ones counted."""
    output_tokens: int = 0
    usd: Decimal = NOTHING
    """Of those whose price is known."""
    unpriced: int = 0
    """Attempts whose price is not known; they are not free."""
    at_least: int = 0
    """Attempts that may cost more than is known."""

    def plus(self, other: "Spend") -> "Spend":
        """Both together."""
        return Spend(
            self.attempts + other.attempts,
            self.prompt_tokens + other.prompt_tokens,
            self.output_tokens + other.output_tokens,
            added((self.usd, other.usd)),
            self.unpriced + other.unpriced,
            self.at_least + other.at_least,
        )

    def __repr__(self) -> str:
        """The amount first, then what is not in it."""
        return f"{dollars(self.usd)} USD, {counted(self.attempts, 'attempt')}{self.doubts}"

    @property
    def doubts(self) -> str:
        """What the amount leaves out, if anything."""
        missing = f"; {self.unpriced:,} without a known price" if self.unpriced else ""
        return missing + (f"; {self.at_least:,} may cost more" if self.at_least else "")


class Spending(Mapping[str, Spend]):
    """What was spent, by what it was for or by model, the most first."""

    def __init__(self, of: str, spends: Mapping[str, Spend]) -> None:
        """Say what it is by, and how much of each."""
        self.of = of
        by_amount = sorted(spends.items(), key=lambda one: (-one[1].usd, one[0]))
        self.spends = dict(by_amount)

    def __getitem__(self, name: str) -> Spend:
        """The spend under one name."""
        return self.spends[name]

    def __iter__(self) -> Iterator[str]:
        """The names, the dearest first."""
        return iter(self.spends)

    def __len__(self) -> int:
        """How many names there are."""
        return len(self.spends)

    @property
    def total(self) -> Spend:
        """All of it."""
        return reduce(Spend.plus, self.spends.values(), Spend())

    def __repr__(self) -> str:
        """A table with a total, and below it what the amounts leave out."""
        if not self.spends:
            return "nothing spent yet"
        rows = [row(name, spend) for name, spend in (*self.items(), ("total", self.total))]
        head = (self.of, "attempts", "prompt tokens", "output tokens", "USD")
        doubts = self.total.doubts.removeprefix("; ")
        return columns([head, *rows]) + (f"\n{doubts}" if doubts else "")


def row(name: str, spend: Spend) -> tuple[str, ...]:
    """One name as words."""
    counts = (spend.attempts, spend.prompt_tokens, spend.output_tokens)
    return (name, *(f"{count:,}" for count in counts), dollars(spend.usd))


def spend_of(line: Line) -> Spend:
    """What one attempt costs."""
    bills = line.bills or ()
    return Spend(
        attempts=1,
        prompt_tokens=sum(bill.tokens.prompt for bill in bills),
        output_tokens=sum(bill.tokens.output_tokens for bill in bills),
        usd=line.cost_usd or NOTHING,
        unpriced=int(line.bills is None),
        at_least=int(line.at_least),
    )


def counted(count: int, what: str) -> str:
    """A number and its noun."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
