"""C1, the tier matched to the task: which one each must get, and what a wrong rule picks.

tasks tried on tiers, invented prices -> the answer's plan -> the first case in which it is another
"""

import random
from collections.abc import Mapping
from typing import NamedTuple

from labkit.checks.cost import choosing_hints as hints
from labkit.checks.exercise import Answer, Asks, Case, Exercise, Hint


class Trial(NamedTuple):
    """What an eval saw of a task on a tier; the same on the exercise's page."""

    right: float = 0.95
    p95_s: float = 2.0
    prompt_tokens: int = 1_000
    output_tokens: int = 200
    escalated: float = 0.0


class Price(NamedTuple):
    """USD for a million tokens; above the step the whole call pays ``above``."""

    input: float
    output: float
    above: tuple[float, float] | None = None
    step: int = 100_000


Tried = Mapping[str, Trial]
Prices = Mapping[str, Price]
Plan = Mapping[str, str | None]

TIERS: Prices = {"fast": Price(1, 4), "balanced": Price(3, 12), "frontier": Price(10, 40)}
NEAR: Prices = {"fast": Price(1, 4), "balanced": Price(1.5, 6), "frontier": Price(3, 12)}
STEPPED: Prices = {**TIERS, "fast": Price(1, 4, above=(5, 20))}
STEPPED_NEAR: Prices = {**STEPPED, "balanced": Price(1.5, 6)}
AT_STEP, LONG = Trial(prompt_tokens=100_000), Trial(prompt_tokens=120_000)


def plan_of(
    answer: Answer, tasks: Mapping[str, Tried], tiers: Prices, limits: tuple[float, float]
) -> object:
    """What an answer makes of fresh copies."""
    return answer({name: dict(tried) for name, tried in tasks.items()}, dict(tiers), *limits)


def places(
    given: str,
    tier: str | None,
    *own: Hint,
    tiers: Prices = TIERS,
    limits: tuple[float, float] = (0.9, 5.0),
    **tried: Trial,
) -> Case:
    """The one task must get this tier."""
    return case(
        given,
        lambda answer: plan_of(answer, {"answers": tried}, tiers, limits),
        {"answers": tier},
        *own,
        tiers=tuple(tiers),
    )


def case(given: str, ask: Asks, expected: Plan, *own: Hint, tiers: tuple[str, ...]) -> Case:
    """A plan must come that is this one."""
    return Case(
        given=given,
        ask=ask,
        expected=repr(dict(expected)),
        holds=lambda got: isinstance(got, Mapping) and dict(got) == dict(expected),
        usual=hints.USUAL,
        own=(hints.not_a_plan(tuple(expected), tiers), *own),
    )


def two_tasks(answer: Answer) -> object:
    """One that every tier can do, and one that needs a better one."""
    tasks = {
        "topic": {name: Trial(0.96) for name in TIERS},
        "answers": {"fast": Trial(0.8), "balanced": Trial(0.95), "frontier": Trial(0.97)},
    }
    return plan_of(answer, tasks, TIERS, (0.9, 5.0))


def drawn_tasks() -> dict[str, dict[str, Trial]]:
    """Forty made-up tasks, the same every time."""
    rng = random.Random(7)
    return {f"task {number}": drawn_task(rng) for number in range(40)}


def drawn_task(rng: random.Random) -> dict[str, Trial]:
    """One of them: sometimes a tier was not tried."""
    found = {
        name: Trial(
            rng.choice((0.7, 0.9, 0.95, 0.97)),
            rng.choice((1.0, 4.0, 6.0)),
            rng.choice((900, 1_300, 99_000, 140_000)),
            rng.randrange(20, 3_000),
            rng.choice((0.0, 0.1, 0.4)) if name != "frontier" else 0.0,
        )
        for name in STEPPED
    }
    if rng.random() < 0.2:  # noqa: PLR2004 - one of five
        return {name: found[name] for name in ("frontier", "balanced")}
    return found


def by_brute_force(tried: Tried, tiers: Prices, limits: tuple[float, float]) -> str | None:
    """From the top tier down, keeping the cheapest so far."""
    best, least, cost = None, float("inf"), {}
    above = 0.0
    for name in reversed(list(tiers)):
        if name not in tried:
            continue
        one, price = tried[name], tiers[name]
        long = price.above is not None and one.prompt_tokens > price.step
        rates = price.above if long and price.above else (price.input, price.output)
        tokens = one.prompt_tokens * rates[0] + one.output_tokens * rates[1]
        above = cost[name] = tokens / 1e6 + one.escalated * above
        fits = one.right >= limits[0] and one.p95_s <= limits[1]
        if fits and cost[name] / one.right <= least:
            best, least = name, cost[name] / one.right
    return best


def many(answer: Answer) -> object:
    """How many of the forty get the tier of brute force."""
    tasks, limits = drawn_tasks(), (0.9, 5.0)
    plan = plan_of(answer, tasks, STEPPED, limits)
    if not isinstance(plan, Mapping):
        return plan
    wanted = {name: by_brute_force(tried, STEPPED, limits) for name, tried in tasks.items()}
    return f"{sum(name in plan and plan[name] == wanted[name] for name in tasks)} of 40"


C1 = Exercise(
    code="C1",
    names=("choose_tier",),
    parameters=(4,),
    cases=(
        places(
            "fast 80 % right, balanced 95 %, frontier 97 %; at least 90 %",
            "balanced",
            hints.NO_BAR,
            hints.TAKES_THE_BEST,
            fast=Trial(0.8),
            balanced=Trial(0.95),
            frontier=Trial(0.97),
        ),
        places(
            "all 95 % right; fast takes 6 s, balanced 2 s; at most 5 s",
            "balanced",
            hints.NO_WAIT,
            fast=Trial(p95_s=6.0),
            balanced=Trial(),
            frontier=Trial(),
        ),
        places(
            "fast is right as often as it must be, and takes as long as it may",
            "fast",
            hints.STRICT,
            fast=Trial(0.9, 5.0),
            balanced=Trial(),
            frontier=Trial(),
        ),
        places(
            "of one text fast makes 4,000 tokens and writes 800, balanced 1,000 and 200",
            "balanced",
            hints.BY_RATE,
            fast=Trial(prompt_tokens=4_000, output_tokens=800),
            balanced=Trial(),
            frontier=Trial(),
        ),
        places(
            "fast thinks: 2,500 tokens of output; balanced writes 150; prompts alike",
            "balanced",
            hints.NO_OUTPUT,
            fast=Trial(output_tokens=2_500),
            balanced=Trial(output_tokens=150),
            frontier=Trial(),
        ),
        places(
            "fast 0.0018 USD a call, 60 % right; balanced 0.0023 USD, 90 %; at least 50 %",
            "balanced",
            hints.BY_CALL,
            tiers={**TIERS, "balanced": Price(1.3, 5.2)},
            limits=(0.5, 5.0),
            fast=Trial(0.6),
            balanced=Trial(0.9),
            frontier=Trial(),
        ),
        places(
            "fast 0.0018 USD a call and hands up 40 %; balanced 0.0027 USD, alone",
            "balanced",
            hints.NOTHING_UP,
            tiers=NEAR,
            fast=Trial(escalated=0.4),
            balanced=Trial(),
            frontier=Trial(),
        ),
        places(
            "fast hands up 70 % to balanced, and that 70 % to frontier",
            "frontier",
            hints.ONE_STEP,
            tiers=NEAR,
            fast=Trial(escalated=0.7),
            balanced=Trial(escalated=0.7),
            frontier=Trial(),
        ),
        places(
            "fast hands up 40 %; the trials stand in another order than the tiers",
            "fast",
            hints.ORDER_OF_TRIALS,
            tiers={**TIERS, "balanced": Price(2, 8)},
            fast=Trial(escalated=0.4),
            frontier=Trial(),
            balanced=Trial(),
        ),
        places(
            "fast and frontier, both right in 95 %; balanced was not tried",
            "fast",
            hints.UNTRIED,
            fast=Trial(),
            frontier=Trial(),
        ),
        places(
            "a prompt of 100,000 tokens; above 100,000 fast costs five times as much",
            "fast",
            hints.TOO_EARLY,
            tiers=STEPPED,
            fast=AT_STEP,
            balanced=AT_STEP,
            frontier=AT_STEP,
        ),
        places(
            "the same, 120,000 tokens; balanced half as much again as fast below the step",
            "balanced",
            hints.NO_STEP,
            tiers=STEPPED_NEAR,
            fast=LONG,
            balanced=LONG,
            frontier=LONG,
        ),
        places(
            "the same, 120,000 tokens; balanced three times as much as fast below the step",
            "balanced",
            hints.ONLY_ABOVE,
            tiers=STEPPED,
            fast=LONG,
            balanced=LONG,
            frontier=LONG,
        ),
        places(
            "no tier is right in 90 %",
            None,
            hints.ANYWAY,
            fast=Trial(0.6),
            balanced=Trial(0.7),
            frontier=Trial(0.8),
        ),
        case(
            "two tasks; every tier is good at topic, fast is not at answers",
            two_tasks,
            {"topic": "fast", "answers": "balanced"},
            hints.ONE_FOR_ALL,
            tiers=tuple(TIERS),
        ),
        Case(
            given="40 made-up tasks, each against brute force; some tiers were not tried",
            ask=many,
            expected="40 of 40",
            holds=lambda got: got == "40 of 40",
            usual=hints.USUAL,
        ),
    ),
    minutes=20,
    points=4.0,
    after="Tick C1 when each task has an eval of its own, and a record of why it runs there.",
)
