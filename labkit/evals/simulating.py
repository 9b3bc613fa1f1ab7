"""What a gate would do in a thousand CI runs, of which the truth is known because it is made up.

    a scenario -> simulate_gates -> for each of three gates: blocked for nothing, missed, histograms

Half of the runs change nothing; half make the app worse by so much. No app and no model is run:
every number here is simulated, and says something about gates only.
"""

import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, lgamma, log, log1p
from statistics import NormalDist

from labkit.arguments import refused, whole
from labkit.evals.gating import mcnemar_p
from labkit.evals.scenario import Bar, GateRuns, GateScenario, GateSimulation

MOST_RUNS = 100_000
CERTAIN = 1 - 1e-12
HAIR = 1e-9
"""Shares that differ by less are the same."""


@dataclass(frozen=True, slots=True)
class CIRun:
    """One simulated run: how many samples passed, and how many flipped."""

    now: int
    worse: int
    better: int
    others: int
    """How many passed before on as many other samples: what an unpaired test compares with."""


def simulate_gates(scenario: GateScenario, *, runs: int = 1000, seed: int = 7) -> GateSimulation:
    """Let three gates decide so many harmless runs, and so many with a drop."""
    if not isinstance(scenario, GateScenario):
        raise refused("scenario", scenario, "Nothing is known of it.", "Give GateScenario(n=50).")
    whole("runs", runs, "Nobody can simulate so many.", least=1, most=MOST_RUNS)
    rng = random.Random(whole("seed", seed, "The same seed must give the same runs."))
    harmless = [a_run(rng, scenario, 0.0) for _ in range(runs)]
    dropped = [a_run(rng, scenario, scenario.drop) for _ in range(runs)]
    n, alpha, least = scenario.n, scenario.alpha, scenario.threshold * scenario.n - HAIR

    def judged(gate: str, blocks: Callable[[CIRun], bool]) -> GateRuns:
        return GateRuns(gate, bars(harmless, blocks), bars(dropped, blocks))

    return GateSimulation(
        scenario=scenario,
        runs=runs,
        seed=seed,
        threshold=judged("threshold", lambda run: run.now < least),
        unpaired=judged("unpaired", lambda run: z_test_p(run.others, run.now, n) <= alpha),
        paired=judged("paired", lambda run: p_of(run.worse, run.better) <= alpha),
    )


def a_run(rng: random.Random, scenario: GateScenario, drop: float) -> CIRun:
    """Each sample gets worse, gets better, passes twice or fails twice, by chance."""
    n, churn, lost = scenario.n, scenario.churn, drop + scenario.churn
    worse = drawn(rng, n, lost)
    better = drawn(rng, n - worse, part(churn, 1 - lost))
    twice = drawn(rng, n - worse - better, part(scenario.rate - lost, 1 - lost - churn))
    return CIRun(
        now=twice + better, worse=worse, better=better, others=drawn(rng, n, scenario.rate)
    )


def part(share: float, rest: float) -> float:
    """A share of what is left."""
    return min(max(share / rest, 0.0), 1.0) if rest > HAIR else 0.0


def drawn(rng: random.Random, n: int, p: float) -> int:
    """How many of n happen, each with chance p."""
    if 2 * p > 1:
        return n - drawn(rng, n, 1 - p)
    return bisect_left(cumulated(n, p), rng.random())


@lru_cache(maxsize=4096)
def cumulated(n: int, p: float) -> tuple[float, ...]:
    """The chance of at most 0, 1, and so on, until it is certain."""
    if p <= 0:
        return (1.0,)
    sums: list[float] = []
    total = 0.0
    for k in range(n):
        ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
        total += exp(ways + k * log(p) + (n - k) * log1p(-p))
        sums.append(total)
        if total >= CERTAIN:
            break
    return tuple(sums)


p_of = lru_cache(maxsize=4096)(mcnemar_p)


@lru_cache(maxsize=4096)
def z_test_p(before: int, after: int, n: int) -> float:
    """The one-sided p of two shares of n each, with one pooled variance."""
    pooled = (before + after) / (2 * n)
    if pooled in {0.0, 1.0}:
        return 1.0
    deviation = (2 * pooled * (1 - pooled) / n) ** 0.5
    return 1 - NormalDist().cdf((before - after) / n / deviation)


def bars(runs: Sequence[CIRun], blocks: Callable[[CIRun], bool]) -> tuple[Bar, ...]:
    """A histogram of how many passed, with the blocked part of each bar."""
    every_run = Counter(run.now for run in runs)
    blocked = Counter(run.now for run in runs if blocks(run))
    return tuple(Bar(passed, every_run[passed], blocked[passed]) for passed in sorted(every_run))
