"""C1: right answers written otherwise, and each misconception written three ways."""

import math
from dataclasses import replace
from decimal import Decimal
from itertools import takewhile

from labkit import cost
from labkit.catalog import Price as Rates
from labkit.catalog import tier as catalogued

CODE = "C1"


def rates_of(price, trial):
    """The two prices of the whole call."""
    if price.above and trial.prompt_tokens > price.step:
        return price.above
    return price.input, price.output


def own_usd(price, trial, rates=rates_of):
    """A call without what is handed up."""
    first, second = rates(price, trial)
    return (trial.prompt_tokens * first + trial.output_tokens * second) / 1e6


def chain(tried, name, tiers, own=own_usd):
    """A call with all that is handed up from it."""
    names = list(tiers)
    usd = own(tiers[name], tried[name])
    if tried[name].escalated:
        above = names[names.index(name) + 1]
        usd += tried[name].escalated * chain(tried, above, tiers, own)
    return usd


def fits(trial, least, most):
    """Within both limits."""
    return trial.right >= least and trial.p95_s <= most


def by_right(usd, trial):
    """What one right answer costs."""
    return usd / trial.right


def all_tried(names, tried):
    """Those of which the eval has seen something."""
    return [name for name in names if name in tried]


def down_to_a_gap(names, tried):
    """The highest ones, down to the first that was not tried."""
    return list(takewhile(lambda name: name in tried, reversed(names)))


def all_or_the_best(names, tried):
    """The highest alone where one was not tried."""
    return names if all_tried(names, tried) == names else all_tried(names, tried)[-1:]


def none_without_all(names, tried):
    """None at all where one was not tried."""
    return names if all_tried(names, tried) == names else []


def built(
    call=chain,
    fit=fits,
    each=by_right,
    none=None,
    pick=min,
    finally_=lambda plan: plan,
    looks=all_tried,
):
    """A choice in which one thing is otherwise."""

    def choose_tier(tasks, tiers, min_quality, max_p95):
        plan = {}
        for task, tried in tasks.items():
            may = [n for n in looks([*tiers], tried) if fit(tried[n], min_quality, max_p95)]
            price = {n: each(call(tried, n, tiers), tried[n]) for n in may}
            if may:
                plan[task] = pick(may, key=price.__getitem__)
            else:
                plan[task] = none(tried, tiers) if none else None
        return finally_(plan)

    return choose_tier


# -- right answers, written otherwise ---------------------------------------------------------


def the_block(tasks, tiers, min_quality, max_p95):
    """The building block, with models that have a step."""
    models = {}
    for name, price in tiers.items():
        low = Rates(price.input, price.output)
        high = Rates(*price.above) if price.above else None
        step = price.step if price.above else None
        models[name] = _stepped(low, high, step)
    wanted = [
        cost.Task(task, 1, {name: cost.Trial(*one) for name, one in tried.items()})
        for task, tried in tasks.items()
    ]
    plan = cost.choose_tier(wanted, models, min_quality, max_p95)
    return {one.task: one.tier for one in plan.choices}


def _stepped(low, high, step):
    """A model with these prices."""
    return replace(catalogued("fast"), price=low, price_above=high, price_step_tokens=step)


def from_the_top(tasks, tiers, min_quality, max_p95):
    """From the dearest tier down; each knows already what the one above it costs."""
    plan = {}
    for task, tried in tasks.items():
        above, best = 0.0, (math.inf, None)
        for name in [*tiers][::-1]:
            if name not in tried:
                continue
            one = tried[name]
            above = own_usd(tiers[name], one) + one.escalated * above
            if fits(one, min_quality, max_p95) and above / one.right <= best[0]:
                best = above / one.right, name
        plan[task] = best[1]
    return plan


def in_decimals(tasks, tiers, min_quality, max_p95):
    """Sorted by an exact price, the first one taken."""

    def exact(price, trial):
        first, second = (Decimal(str(rate)) for rate in rates_of(price, trial))
        return float(trial.prompt_tokens * first + trial.output_tokens * second)

    plan = dict.fromkeys(tasks)
    for task, tried in tasks.items():
        ranked = sorted(
            (chain(tried, n, tiers, exact) / tried[n].right, at, n)
            for at, n in enumerate(tiers)
            if n in tried and fits(tried[n], min_quality, max_p95)
        )
        if ranked:
            plan[task] = ranked[0][2]
    return plan


RIGHT = [built(), the_block, from_the_top, in_decimals]

# -- planted misconceptions -------------------------------------------------------------------


def own(change):
    """A call whose own part is otherwise."""
    return built(call=lambda tried, name, tiers: chain(tried, name, tiers, change))


def rated(rates):
    """The rates of a call are otherwise."""
    return own(lambda price, trial: own_usd(price, trial, rates))


def rate_only(rate):
    """By the price of tokens alone; right where a prompt is long or something is handed up."""
    return built(
        call=lambda tried, name, tiers: rate(tiers[name]),
        each=lambda usd, trial: usd,
    )


def next_by(names_of):
    """What is handed up goes to the next of these names."""

    def call(tried, name, tiers):
        names = names_of(tried, tiers)
        usd = own_usd(tiers[name], tried[name])
        at = names.index(name) + 1
        if tried[name].escalated and at < len(names):
            usd += tried[name].escalated * call(tried, names[at], tiers)
        return usd

    return built(call=call)


def one_step(above):
    """What is handed up costs what ``above`` says."""

    def call(tried, name, tiers):
        names = list(tiers)
        usd = own_usd(tiers[name], tried[name])
        if tried[name].escalated:
            usd += above(tried[name], names[names.index(name) + 1], tried, tiers)
        return usd

    return built(call=call)


def marginal(price, trial):
    """Only the tokens above the step are dearer."""
    if not price.above:
        return own_usd(price, trial)
    over = max(trial.prompt_tokens - price.step, 0)
    usd = (trial.prompt_tokens - over) * price.input + over * price.above[0]
    return (usd + trial.output_tokens * price.output) / 1e6


def marginal_too(price, trial):
    """The same, with the output at the high price."""
    over = trial.prompt_tokens - price.step
    if not price.above or over <= 0:
        return own_usd(price, trial)
    usd = price.step * price.input + over * price.above[0] + trial.output_tokens * price.above[1]
    return usd / 1e6


def mixed(price, trial):
    """A mean of both prices by how much lies above."""
    if not price.above or trial.prompt_tokens <= price.step:
        return own_usd(price, trial)
    share = (trial.prompt_tokens - price.step) / trial.prompt_tokens
    rate = (1 - share) * price.input + share * price.above[0]
    return (trial.prompt_tokens * rate + trial.output_tokens * price.output) / 1e6


def one_tier(decide):
    """One tier for all tasks, where there are several; right for one alone."""

    def choose_tier(tasks, tiers, min_quality, max_p95):
        plan = built()(tasks, tiers, min_quality, max_p95)
        if len(tasks) == 1:
            return plan
        return dict.fromkeys(tasks, decide(tasks, tiers, plan))

    return choose_tier


def by_mean(tasks, tiers, plan):
    """By the mean quality of all tasks."""
    for name in tiers:
        known = [tried[name].right for tried in tasks.values() if name in tried]
        if known and sum(known) / len(known) >= 0.88:
            return name
    return None


WRONG = {
    "returns-nothing": [
        lambda tasks, tiers, min_quality, max_p95: None,
        built(finally_=print),
        lambda tasks, tiers, min_quality, max_p95: tasks.update(answers="fast"),
    ],
    "raises": [
        lambda tasks, tiers, min_quality, max_p95: {t: min([]) for t in tasks},
        built(call=lambda tried, name, tiers: tried["fast"]["right"]),
        built(none=lambda tried, tiers: min([], key=len)),
    ],
    "not-a-plan": [
        built(finally_=lambda plan: plan.get("answers", plan)),
        built(finally_=lambda plan: list(plan.items())),
        built(finally_=lambda plan: {task: tier or "none" for task, tier in plan.items()}),
    ],
    "ignores-the-bar": [
        built(fit=lambda trial, least, most: trial.p95_s <= most),
        built(fit=lambda trial, least, most: trial.p95_s <= most and trial.right >= 0.5),
        built(
            fit=lambda trial, least, most: trial.p95_s <= most,
            each=lambda usd, trial: usd,
        ),
    ],
    "takes-the-best": [
        built(pick=max),
        built(pick=lambda may, key: may[-1]),
        built(each=lambda usd, trial: -trial.right),
    ],
    "ignores-the-wait": [
        built(fit=lambda trial, least, most: trial.right >= least),
        built(fit=lambda trial, least, most: trial.right >= least and trial.p95_s <= 10),
        built(fit=lambda trial, least, most: trial.right >= least and trial.p95_s <= 2 * most),
    ],
    "strict-limits": [
        built(fit=lambda trial, least, most: trial.right > least and trial.p95_s < most),
        built(fit=lambda trial, least, most: trial.right > least and trial.p95_s <= most),
        built(fit=lambda trial, least, most: not (trial.right < least or trial.p95_s >= most)),
    ],
    "sorts-by-rate": [
        rate_only(lambda price: price.input),
        rate_only(lambda price: price.input + price.output),
        built(pick=lambda may, key: may[0]),
    ],
    "ignores-output": [
        own(lambda price, trial: trial.prompt_tokens * rates_of(price, trial)[0]),
        own(lambda price, trial: trial.prompt_tokens * price.input),
        own(lambda price, trial: (trial.prompt_tokens + 200) * rates_of(price, trial)[0]),
    ],
    "price-of-a-call": [
        built(each=lambda usd, trial: usd),
        built(each=lambda usd, trial: usd * trial.right),
        built(each=lambda usd, trial: usd + 0 * trial.right),
    ],
    "ignores-escalation": [
        built(call=lambda tried, name, tiers: own_usd(tiers[name], tried[name])),
        one_step(lambda trial, above, tried, tiers: trial.escalated * 1e-9),
        one_step(
            lambda trial, above, tried, tiers: -trial.escalated * own_usd(tiers["fast"], trial) / 10
        ),
    ],
    "one-step-up": [
        one_step(
            lambda trial, above, tried, tiers: trial.escalated * own_usd(tiers[above], tried[above])
        ),
        one_step(lambda trial, above, tried, tiers: trial.escalated * own_usd(tiers[above], trial)),
        built(
            call=lambda tried, name, tiers: (
                own_usd(tiers[name], tried[name])
                + (tried[name].escalated * own_usd(tiers["balanced"], tried["balanced"]))
            )
        ),
    ],
    "stops-at-the-untried": [
        built(looks=down_to_a_gap),
        built(looks=all_or_the_best),
        built(looks=none_without_all),
    ],
    "order-of-trials": [
        next_by(lambda tried, tiers: list(tried)),
        next_by(lambda tried, tiers: [name for name in tried if name in tiers]),
        next_by(lambda tried, tiers: [*tried.keys(), "last"]),
    ],
    "step-too-early": [
        rated(
            lambda price, t: (
                price.above if price.above and t.prompt_tokens >= price.step else price[:2]
            )
        ),
        rated(
            lambda price, t: price.above if price.above and t.prompt_tokens > 99_000 else price[:2]
        ),
        rated(
            lambda price, t: (
                price.above if price.above and not t.prompt_tokens < price.step else price[:2]
            )
        ),
    ],
    "ignores-the-step": [
        rated(lambda price, trial: price[:2]),
        rated(lambda price, trial: (price.input, rates_of(price, trial)[1])),
        rated(
            lambda price, t: price.above if price.above and t.prompt_tokens > 200_000 else price[:2]
        ),
    ],
    "only-tokens-above": [own(marginal), own(marginal_too), own(mixed)],
    "falls-back": [
        built(none=lambda tried, tiers: list(tiers)[-1]),
        built(none=lambda tried, tiers: max(tried, key=lambda name: tried[name].right)),
        built(none=lambda tried, tiers: next(iter(tried))),
    ],
    "one-for-all": [
        one_tier(by_mean),
        one_tier(lambda tasks, tiers, plan: list(tiers)[-1]),
        one_tier(lambda tasks, tiers, plan: [*plan.values()][-1]),
    ],
}
