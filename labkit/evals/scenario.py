"""The values of a simulated gate: what is true, what happened, and how it is shown as text."""

from collections.abc import Sequence
from dataclasses import dataclass

from labkit.arguments import number, refused, whole
from labkit.errors import ArgumentError
from labkit.evals.running import wilson

MOST_SAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class GateScenario:
    """The truth behind the simulated runs, and how the gates are set."""

    n: int = 50
    """Samples in the eval set."""
    rate: float = 0.90
    """The true share of right answers before the change."""
    drop: float = 0.03
    """By how much the bad changes lower it: 0.03 is three points."""
    churn: float = 0.02
    """The share of samples that flips each way though nothing has changed: models vary."""
    threshold: float = 0.90
    """The share below which the threshold gate blocks."""
    alpha: float = 0.05
    """The p from which on the two testing gates block."""

    def __post_init__(self) -> None:
        """Refuse what cannot be true."""
        whole("n", self.n, "No run can be simulated with it.", least=1, most=MOST_SAMPLES)
        for name in ("rate", "drop", "churn", "threshold", "alpha"):
            value = getattr(self, name)
            if number(name, value, "It is a share.") > 1:
                raise refused(name, value, "It is a share.", "Give a number from 0 to 1.")
        if self.drop + self.churn > self.rate or self.churn > 1 - self.rate + 1e-12:
            raise ArgumentError(
                f"rate is {self.rate}, drop {self.drop} and churn {self.churn}. So many answers "
                "cannot flip. Give a drop and a churn that fit below the rate, and above it."
            )


@dataclass(frozen=True, slots=True)
class Bar:
    """The simulated runs that ended with so many samples passed."""

    passed: int
    runs: int
    blocked: int
    """Of these runs, those that the gate blocked."""


@dataclass(frozen=True, slots=True)
class GateRuns:
    """What one gate did in all runs."""

    gate: str
    """``threshold``, ``unpaired`` or ``paired``."""
    harmless: tuple[Bar, ...]
    """The runs in which nothing had changed."""
    dropped: tuple[Bar, ...]
    """The runs in which the app had become worse."""

    @property
    def blocked_for_nothing(self) -> float:
        """The share of harmless runs that was blocked."""
        return sum(bar.blocked for bar in self.harmless) / total(self.harmless)

    @property
    def missed(self) -> float:
        """The share of runs with a drop that was not blocked."""
        return 1 - self.found

    @property
    def found(self) -> float:
        """The share of runs with a drop that was blocked: the gate's power."""
        return sum(bar.blocked for bar in self.dropped) / total(self.dropped)

    def __repr__(self) -> str:
        """One line: both shares, each with its interval."""
        nothing = sum(bar.blocked for bar in self.harmless)
        missed = sum(bar.runs - bar.blocked for bar in self.dropped)
        return (
            f"{self.gate:9}  blocked for nothing {share(nothing, total(self.harmless))}"
            f"  missed {share(missed, total(self.dropped))}"
        )


@dataclass(frozen=True, slots=True)
class GateSimulation:
    """Three gates in the same simulated world."""

    scenario: GateScenario
    runs: int
    """Harmless runs, and as many with a drop."""
    seed: int
    threshold: GateRuns
    """Blocks when the share of the candidate is below a number."""
    unpaired: GateRuns
    """Blocks when a z-test finds the candidate worse than a run on other samples."""
    paired: GateRuns
    """Blocks when too many samples got worse and too few better."""

    def __repr__(self) -> str:
        """The scenario on one line, then a line for each gate."""
        one = self.scenario
        head = (
            f"simulated: n = {one.n}, {one.rate:.0%} right, then a drop of {one.drop:.0%}; "
            f"{self.runs:,} runs of each"
        )
        return "\n".join([head, *map(repr, (self.threshold, self.unpaired, self.paired))])


def total(histogram: Sequence[Bar]) -> int:
    """All runs of a histogram."""
    return sum(bar.runs for bar in histogram)


def share(part: int, whole: int) -> str:
    """A share with its interval, in percent."""
    low, high = wilson(part, whole)
    return f"{part / whole:4.0%} ({low:.0%}–{high:.0%})"
