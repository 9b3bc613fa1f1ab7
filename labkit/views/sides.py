"""What a contrast compares: what one app did with a question, and with all of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from labkit.views.timeline import AttemptRow, rows_of
from labkit.views.words import number, seconds, share

if TYPE_CHECKING:
    from labkit.lab import Run

Outcome = Literal[
    "answered",
    "helped",
    "crashed",
    "blank",
    "half a sentence",
    "waited too long",
    "could not tell",
]
GOOD = ("answered", "helped")
BAD = ("crashed", "blank", "half a sentence", "waited too long")
Who = Literal["prototype", "production"]
HUE = {"prototype": "p", "production": "d"}


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two apps: every picture names and colours them in the same way."""

    who: Who

    @property
    def name(self) -> str:
        """The word that stands over the column."""
        return self.who.capitalize()

    @property
    def hue(self) -> str:
        """The class of its marks."""
        return HUE[self.who]


PARTIES = (Party("prototype"), Party("production"))
"""Both, the prototype first."""


@dataclass(frozen=True, slots=True)
class Side(Party):
    """What one app did with the question on show, and how all questions ended."""

    outcome: Outcome
    """How the question on show ended, for the person who asked."""
    shown: str | None = None
    """The text the person sees; None when the app raised."""
    error: str | None = None
    """The exception in one line; None when the app returned. Also what could not be told."""
    attempts: tuple[AttemptRow, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    first_token_s: float | None = None
    total_s: float = 0.0
    cost_usd_per_1000: float | None = 0.0
    """USD for a thousand questions like these; None when no price is known."""
    outcomes: tuple[Outcome, ...] = ()
    """How each of the questions ended, in their order; empty when there was one question."""

    @property
    def waited_s(self) -> float:
        """Seconds between one attempt's end and the next one's start, added up."""
        pairs = pairwise(self.attempts)
        return sum(max(0.0, after.started_s - before.ended_s) for before, after in pairs)

    @property
    def reach_s(self) -> float:
        """The last second that has to fit on an axis."""
        return max([self.total_s, *(row.ended_s for row in self.attempts)])

    @property
    def facts(self) -> dict[str, str]:
        """The four facts under the picture, by their labels."""
        tokens = self.tokens_in + self.tokens_out
        return {
            "attempts": number(len(self.attempts)),
            "tokens": number(tokens),
            "first token": seconds(self.first_token_s),
            "total": seconds(self.total_s),
        }

    @property
    def ending(self) -> Literal["ok", "bad", "na"]:
        """How the question on show went."""
        if self.outcome == "could not tell":
            return "na"
        return "ok" if self.outcome in GOOD else "bad"

    def count(self, *outcomes: str) -> int:
        """How many questions ended in one of these ways."""
        return sum(outcome in outcomes for outcome in self.outcomes)

    @property
    def answered(self) -> str:
        """``8 of 12 (39–86 %)``: the questions that were answered."""
        return share(self.count("answered"), len(self.outcomes))

    @property
    def otherwise(self) -> str:
        """``4 helped, 1 crashed``: how the others ended; empty when all were answered."""
        counts: Counter[str] = Counter(
            outcome for outcome in self.outcomes if outcome != "answered"
        )
        order = [*GOOD, *BAD, "could not tell"]
        return ", ".join(f"{number(counts[o])} {o}" for o in order if counts[o])


@dataclass(frozen=True, slots=True)
class ContrastResult:
    """Both sides under the same questions, fault and seed."""

    question: str
    """The question on show."""
    prototype: Side
    production: Side
    fault: str = ""
    """The scripted fault as people say it, ``529 overloaded``; empty for none."""
    rate: float | None = None
    """The share of attempts it hits, 0 to 1; None when it is scripted attempt by attempt."""
    seed: int = 7
    person: str = "Noor"
    shown_index: int | None = None
    """Which of the questions is on show, from 0."""

    @property
    def sides(self) -> tuple[Side, Side]:
        """Prototype first."""
        return self.prototype, self.production

    @property
    def has_fault(self) -> bool:
        """Whether anything was made to go wrong."""
        return bool(self.fault) and self.rate != 0

    @property
    def is_calm(self) -> bool:
        """Whether both apps answered everything at the first attempt."""
        ends = [o for side in self.sides for o in (*side.outcomes, side.outcome)]
        failed = any(row.failed for side in self.sides for row in side.attempts)
        return not failed and set(ends) == {"answered"}


def side_from_run(
    run: "Run",
    who: Who,
    outcome: Outcome,
    *,
    cost_usd_per_1000: float | None = None,
    outcomes: tuple[Outcome, ...] = (),
) -> Side:
    """One side from what the lab recorded; the cost is this run's unless one is given."""
    usage = run.trace.usage
    cost = run.trace.cost_usd * 1000 if cost_usd_per_1000 is None else cost_usd_per_1000
    return Side(
        who=who,
        outcome=outcome,
        shown=run.text,
        error=run.error,
        attempts=rows_of(run.trace),
        tokens_in=usage.total_input_tokens,
        tokens_out=usage.output_tokens,
        first_token_s=run.first_token_s,
        total_s=run.total_s,
        cost_usd_per_1000=cost,
        outcomes=outcomes,
    )


def named_facts(facts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The facts of each app, named so that the next drawing finds them."""
    return {f"{who} {name}": text for who, own in facts.items() for name, text in own.items()}
