"""Gates in simulated CI runs, against numbers that were worked out otherwise."""

import random
from math import comb

import pytest

from labkit.errors import ArgumentError
from labkit.evals import GateScenario, simulate_gates
from labkit.evals.simulating import drawn, z_test_p


def at_most(k, n, p):
    """The chance of at most k of n."""
    return sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


def test_a_threshold_on_50_samples_blocks_for_nothing_and_misses():
    """Exact: below 45 of 50 at a true 0.90, at least 45 at 0.87; both are more than a third."""
    found = simulate_gates(GateScenario(n=50, rate=0.90, drop=0.03), runs=20_000).threshold
    assert found.blocked_for_nothing == pytest.approx(at_most(44, 50, 0.90), abs=0.012)
    assert found.missed == pytest.approx(1 - at_most(44, 50, 0.87), abs=0.012)
    assert found.blocked_for_nothing == pytest.approx(0.38, abs=0.02)
    assert found.missed == pytest.approx(0.35, abs=0.02)


@pytest.mark.parametrize(("n", "unpaired", "paired"), [(100, 0.27, 0.56), (200, 0.46, 0.96)])
def test_pairing_finds_five_points_far_more_often(n, unpaired, paired):
    """Without churn every flip is the change's: five of them are enough, one-sided."""
    scenario = GateScenario(n=n, rate=0.90, drop=0.05, churn=0.0)
    found = simulate_gates(scenario, runs=20_000)
    assert found.unpaired.found == pytest.approx(unpaired, abs=0.03)
    assert found.paired.found == pytest.approx(paired, abs=0.03)
    assert found.paired.found == pytest.approx(1 - at_most(4, n, 0.05), abs=0.012)
    assert found.paired.blocked_for_nothing == 0


@pytest.mark.parametrize("n", [20, 100, 300])
def test_no_test_blocks_more_for_nothing_than_it_says(n):
    """With samples that flip by chance the paired gate stays below its alpha, being exact."""
    found = simulate_gates(GateScenario(n=n, churn=0.03), runs=20_000)
    assert 0 < found.paired.blocked_for_nothing < 0.05
    assert found.unpaired.blocked_for_nothing < 0.08


def test_churn_hides_a_drop():
    """The more a model varies, the more samples it takes."""
    found = [
        simulate_gates(GateScenario(n=100, drop=0.05, churn=churn)).paired.missed
        for churn in (0.0, 0.02, 0.08)
    ]
    assert found == sorted(found)
    assert found[2] > found[0] + 0.2


@pytest.mark.parametrize(
    ("n", "p"), [(1, 0.5), (7, 0.0), (7, 1.0), (30, 0.03), (30, 0.97), (2_000, 0.5), (40, 1e-300)]
)
def test_draws_have_the_mean_and_the_spread_of_a_binomial(n, p):
    """Also at the ends, where logarithms would fail."""
    rng = random.Random(1)
    found = [drawn(rng, n, p) for _ in range(20_000)]
    mean = sum(found) / len(found)
    spread = (sum((one - mean) ** 2 for one in found) / len(found)) ** 0.5
    deviation = (n * p * (1 - p)) ** 0.5
    assert mean == pytest.approx(n * p, abs=0.05 * deviation + 1e-9)
    assert spread == pytest.approx(deviation, rel=0.05, abs=1e-9)
    assert {0 <= one <= n for one in found} == {True}


def test_the_z_test_agrees_with_a_table_of_the_normal_distribution():
    """90 and 81 of 100: pooled 0.855, deviation 0.0498, z = 1.81, and 0.0351 above it."""
    assert z_test_p(90, 81, 100) == pytest.approx(0.0351, abs=0.0005)
    assert z_test_p(100, 100, 100) == 1.0
    assert z_test_p(0, 0, 100) == 1.0


def test_histograms_hold_every_run_with_its_blocked_part():
    """The coloured areas of a picture are these bars; the threshold splits between two of them."""
    found = simulate_gates(GateScenario(n=50, threshold=0.9), runs=500)
    for gate in (found.threshold, found.unpaired, found.paired):
        for bars in (gate.harmless, gate.dropped):
            assert sum(bar.runs for bar in bars) == 500
            assert [bar.passed for bar in bars] == sorted({bar.passed for bar in bars})
            assert all(0 <= bar.blocked <= bar.runs for bar in bars)
    assert all(
        bar.blocked == (bar.runs if bar.passed < 45 else 0) for bar in found.threshold.dropped
    )
    wanted = sum(bar.runs for bar in found.threshold.harmless if bar.passed < 45) / 500
    assert found.threshold.blocked_for_nothing == wanted


def test_the_same_seed_gives_the_same_runs():
    """And another seed other ones."""
    scenario = GateScenario(n=60)
    assert simulate_gates(scenario, seed=3) == simulate_gates(scenario, seed=3)
    assert simulate_gates(scenario, seed=3) != simulate_gates(scenario, seed=4)


def test_the_text_shows_no_share_without_its_interval():
    """The whole text, with the word that says where it comes from."""
    lines = repr(simulate_gates(GateScenario(), runs=1000)).splitlines()
    assert lines[0] == "simulated: n = 50, 90% right, then a drop of 3%; 1,000 runs of each"
    assert [line.split()[0] for line in lines[1:]] == ["threshold", "unpaired", "paired"]
    for line in lines[1:]:
        assert line.count("–") == 2


@pytest.mark.parametrize(
    "settings",
    [
        {"rate": 0.02, "drop": 0.01, "churn": 0.02},
        {"rate": 1.0},
        {"rate": 0.5, "drop": 0.6},
    ],
)
def test_what_cannot_be_true_is_refused(settings):
    """More answers cannot get worse than are right, nor better than are wrong."""
    with pytest.raises(ArgumentError, match="So many answers cannot flip"):
        GateScenario(**settings)
    assert GateScenario(rate=1.0, churn=0.0).rate == 1.0
    with pytest.raises(ArgumentError, match=r"rate is 1\.5\. It is a share"):
        GateScenario(rate=1.5)
    everything = simulate_gates(GateScenario(rate=1.0, drop=1.0, churn=0.0), runs=10)
    assert everything.paired.found == 1.0
