"""Two gates and a thousand simulated CI runs: what a threshold does, and what counting flips does.

n, drop, threshold -> simulate_gates -> GateScene -> view

No app is run. The truth behind the runs is made up, so that it can be said when a gate was wrong.
"""

from collections.abc import Sequence
from functools import lru_cache

from labkit.arguments import whole
from labkit.evals import Bar, GateRuns, GateScenario, GateSimulation, simulate_gates
from labkit.views import Provenance, View, amount
from labkit.views.reliability.gates import Column, GateScene, GateSide, Histogram, draw_gates
from labkit.views.words import number, percent, several

RATE = 0.90
EACH = 100
"""Examples for one column: as many columns for every size of the eval set."""
KEPT = 32
"""Pictures that need not be simulated again."""
NOT_SHOWN = (
    f"Here the true score before the change is known, {percent(RATE)}, so a threshold can be tuned "
    "to it. Nobody knows their own, and the next good change moves it."
)


def gates(*, seed: int = 7) -> View:
    """Let a threshold and the paired gate judge the same runs, and count where each is wrong.

    Args:
        seed: The same seed gives the same thousand runs.
    """
    whole("seed", seed, "The same seed must give the same runs.")
    simulated = lru_cache(maxsize=KEPT)(simulate_gates)

    def scene(n: int, drop: int, threshold: float) -> GateScene:
        scenario = GateScenario(n=n, rate=RATE, drop=drop / 100, threshold=threshold)
        return scene_of(simulated(scenario, seed=seed))

    controls = {
        "n": amount("Eval set", 50, 300, step=10, value=200, unit="examples"),
        "drop": amount("What the bad change costs", 0, 10, value=5, unit="points"),
        "threshold": amount("Threshold", 0.80, 0.95, step=0.01, value=0.90, unit="score"),
    }
    return View.of(scene, draw_gates, controls)


def scene_of(found: GateSimulation) -> GateScene:
    """Both gates with their histograms, and what they say."""
    one = found.scenario
    points = several(round(100 * one.drop), "point")
    rules = {"prototype": f"score < {one.threshold:.2f}", "production": f"p ≤ {one.alpha:.2f}"}
    true = f"{percent(one.rate)} right before the change"
    churn = f"{percent(one.churn)} flip each way by chance"
    notes = (f"seed {found.seed}", f"{number(found.runs)} runs of each kind", true, churn)
    prototype = GateSide(
        "prototype", rules["prototype"], pair(found.threshold, one.n, points), one.threshold
    )
    production = GateSide("production", rules["production"], pair(found.paired, one.n, points))
    return GateScene(
        finding=finding(prototype, production, one),
        prototype=prototype,
        production=production,
        provenance=Provenance("simulated", notes),
        not_shown=NOT_SHOWN,
    )


def pair(gate: GateRuns, n: int, points: str) -> tuple[Histogram, Histogram]:
    """A gate's harmless runs, and those with a drop."""
    harmless = [(bar, bar.blocked) for bar in gate.harmless]
    if points == "none":
        dropped, change = [(bar, 0) for bar in gate.dropped], "A bad change that costs nothing"
    else:
        dropped = [(bar, bar.runs - bar.blocked) for bar in gate.dropped]
        change = f"A change that costs {points}"
    return (
        Histogram("A harmless change", "blocked for nothing", columns(harmless, n)),
        Histogram(change, "missed", columns(dropped, n)),
    )


def columns(bars: Sequence[tuple[Bar, int]], n: int) -> tuple[Column, ...]:
    """The runs by their score, and how many of them the gate judged wrongly."""
    wide = max(1, round(n / EACH))
    found: dict[int, list[int]] = {}
    for bar, wrong in bars:
        runs = found.setdefault(bar.passed // wide, [0, 0])
        runs[0] += wrong
        runs[1] += bar.runs - wrong
    return tuple(
        Column(place * wide / n, (place + 1) * wide / n, *runs) for place, runs in found.items()
    )


def finding(prototype: GateSide, production: GateSide, one: GateScenario) -> str:
    """What both gates do to harmless changes, and to those with a drop."""
    (nothing, missed), (few, lost) = prototype.histograms, production.histograms
    blocks = (
        f"With {one.n} examples a threshold of {one.threshold:.2f} blocks {nothing.count} harmless "
        f"changes; counting flips blocks {number(few.wrongs)}."
    )
    if not one.drop:
        return f"{blocks} There is no drop to find."
    misses = f"{number(missed.wrongs)} and {number(lost.wrongs)}"
    return f"{blocks} Of as many bad ones they miss {misses}."
