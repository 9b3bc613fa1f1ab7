"""A ceiling on the output of a task: what it cuts, and what the worst answer costs under it.

task, max_tokens, thinking -> 1,000 seeded lengths -> CeilingScene -> view

The lengths are made up and say so; what a ceiling does to lengths is not.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType

from labkit import catalog
from labkit.arguments import known, whole, yes_or_no
from labkit.cost import cost_usd, set_ceiling
from labkit.sim.answers.latency import SPEEDS
from labkit.views import Provenance, View, amount, choice, toggle
from labkit.views.cost.ceilings import CeilingScene, LengthBin, draw_ceilings
from labkit.views.words import number, seconds, usd

TIER = "frontier"
N = 1_000
LOWEST, HIGHEST, STEP, FIRST = 16, 8_192, 16, 4_096
THINKING, THINKING_SPREAD = 350, 0.7
"""Tokens that a model thinks before it answers, in the middle, and how they spread."""
MAY_CUT = 0.01
CENT = 0.01
NOT_SHOWN = (
    "Your own lengths: read them off your log, task by task. And what a cut costs: a draft can be "
    "continued, a JSON is worth nothing."
)


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long the answers to a task are."""

    median: int
    spread: float
    """Of a lognormal distribution: a long tail of which a mean knows nothing."""
    runs_away: int = 0
    """So many of a thousand repeat themselves until something stops them."""


TASKS: Mapping[str, Lengths] = MappingProxyType(
    {
        "topic": Lengths(9, 0.1, runs_away=2),
        "answer": Lengths(24, 0.35),
        "report": Lengths(700, 0.8),
    }
)
RAN_AWAY = 60_000


@dataclass(frozen=True, slots=True)
class Written:
    """One answer."""

    text: int
    thinking: int = 0

    @property
    def tokens(self) -> int:
        """All that counts toward ``max_tokens``."""
        return self.text + self.thinking


def output_lengths(
    task: str, *, n: int = N, thinking: bool = False, seed: int = 7
) -> tuple[int, ...]:
    """Simulated output tokens of so many answers to a task, in the order in which they came.

    Args:
        task: ``topic``, ``answer`` or ``report``.
        n: How many.
        thinking: Whether the model thinks before it answers; its thinking counts.
        seed: The same seed gives the same lengths; another one the next month's.
    """
    return tuple(one.tokens for one in written(task, n, seed=seed, thinking=thinking))


def written(task: str, n: int, *, seed: int, thinking: bool) -> tuple[Written, ...]:
    """So many answers; text and thinking are drawn apart, so that thinking changes no text."""
    shape = known(task, TASKS, "a task", "Its answers have no length.")
    whole("n", n, "No answers can be counted so.", least=1, most=100_000)
    whole("seed", seed, "The same seed must give the same lengths.")
    yes_or_no("thinking", thinking, "Nobody knows whether the model thinks.")
    texts, thoughts = (random.Random(f"{part} {task} {seed}") for part in ("text", "thought"))
    found = [drawn(texts, shape.median, shape.spread) for _ in range(n)]
    for place in texts.sample(range(n), round(shape.runs_away * n / N)):
        found[place] = RAN_AWAY
    thought = [drawn(thoughts, THINKING, THINKING_SPREAD) if thinking else 0 for _ in found]
    return tuple(map(Written, found, thought))


def drawn(rng: random.Random, median: int, spread: float) -> int:
    """A lognormal length."""
    return max(1, round(median * rng.lognormvariate(0, spread)))


def ceilings(*, seed: int = 7) -> View:
    """Move the ceiling of a task over the lengths of its answers; let the model think.

    Args:
        seed: The same seed gives the same picture.
    """
    whole("seed", seed, "The same seed must give the same picture.")
    measured = cache(partial(written, n=N, seed=seed))

    def under(task: str, ceiling: int, thinking: bool) -> CeilingScene:
        return scene(task, measured(task, thinking=thinking), ceiling, seed=seed)

    return View.of(
        under,
        draw_ceilings,
        {
            "task": choice("Task", list(TASKS), value="report"),
            "ceiling": amount("max_tokens", LOWEST, HIGHEST, step=STEP, value=FIRST),
            "thinking": toggle("The model thinks first"),
        },
    )


def scene(task: str, answers: tuple[Written, ...], ceiling: int, *, seed: int) -> CeilingScene:
    """What one ceiling does to these answers."""
    cut = [one for one in answers if one.tokens > ceiling]
    dark = sum(one.thinking >= ceiling for one in cut)
    worst_usd, worst_s = price(ceiling), ceiling * SPEEDS[TIER].gap_s
    paid = price(sum(min(one.tokens, ceiling) for one in answers))
    own = set_ceiling([one.tokens for one in answers], max_truncation=MAY_CUT)
    early = f", {number(dark) if dark < len(cut) else 'all'} before any text" if dark else ""
    return CeilingScene(
        finding=(
            f"At {number(ceiling)} tokens {number(len(cut))} of {number(N)} {task}s are cut{early};"
            f" the worst output costs {usd_short(worst_usd)} USD and takes {seconds(worst_s)}."
        ),
        task=task,
        bins=bins(answers, ceiling),
        ceiling=ceiling,
        own=own,
        said={
            "Cut, of 1,000": number(len(cut)),
            "No text, of 1,000": number(dark),
            "Worst output, USD": usd_short(worst_usd),
            "Worst output takes": seconds(worst_s),
            "1,000 outputs, USD": usd(paid),
        },
        provenance=Provenance(
            "simulated", (f"{number(N)} seeded lengths", "made-up prices and speed", f"seed {seed}")
        ),
        not_shown=NOT_SHOWN,
    )


def bins(answers: tuple[Written, ...], ceiling: int) -> tuple[LengthBin, ...]:
    """The answers by their length; a bin ends where the next half power of two begins."""
    found = []
    for low, high in LengthBin.edges():
        here = [one for one in answers if low <= min(one.tokens, LengthBin.longest()) < high]
        cut = [one for one in here if one.tokens > ceiling]
        dark = sum(one.thinking >= ceiling for one in cut)
        found.append(LengthBin(low, high, len(here) - len(cut), len(cut) - dark, dark))
    return tuple(found)


def price(tokens: int) -> float:
    """What so many tokens of output cost in USD."""
    usage = {"input_tokens": 0, "output_tokens": tokens}
    return float(cost_usd(usage, catalog.tier(TIER).id))


def usd_short(value: float) -> str:
    """A small price with two digits that say something."""
    return number(value, 2 if value >= CENT else 4)
