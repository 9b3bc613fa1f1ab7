"""Junk for everything in the room that takes a value from a person: a message of three parts."""

import inspect
import sqlite3
from datetime import UTC, date, datetime

import pytest
from test_arguments import COUNTS, FULL_TEXTS, JUNK, NONE_OF_THEM, TEXTS, entered, meets_junk

from labkit import Lab, cost
from labkit.catalog import Price
from labkit.errors import ArgumentError

MODEL = "lab-balanced-1"
USAGE = {"input_tokens": 10, "output_tokens": 5}
TOKEN = Price(1.0, 5.0, 1.25, 2.0, 0.1)
GIVEN_BACK = {
    "Ablated",
    "Ablation",
    "Bill",
    "Blame",
    "CacheBill",
    "Choice",
    "Chosen",
    "Finding",
    "Job",
    "Line",
    "Plan",
    "QueueFullError",
    "Reconciled",
    "Relayed",
    "Shared",
    "Spend",
    "Spending",
    "Tokens",
    "TradeOff",
    "Verdict",
}
"""What the room hands out, and takes back only as it was."""
TYPES = {"Prices"}
"""Names of types: they check nothing, whoever takes one does."""
ANY_SEED = {"zero", "minus", "huge"}
RATES = {"zero", "half"}


def trial(**changes):
    """What an eval saw on one tier."""
    usual = {"right": 0.9, "p95_s": 1.0, "prompt_tokens": 9, "output_tokens": 9}
    return cost.Trial(**{**usual, **changes})


def task(**changes):
    """One task that was tried on one tier."""
    usual = {"name": "triage", "calls": 10, "trials": {"fast": trial()}}
    return cost.Task(**{**usual, **changes})


def chosen(**changes):
    """The tier of that task."""
    usual = {"tasks": [task()], "tiers": {"fast": TOKEN}, "min_quality": 0.5, "max_p95": 9.0}
    return cost.choose_tier(**{**usual, **changes})


def example(**changes):
    """One example."""
    usual = {"input": "a", "output": "b", "label": "c", "tokens": 1}
    return cost.Example(**{**usual, **changes})


def picked(**changes):
    """One example out of one."""
    usual = {
        "pool": [example(abstains=True)],
        "k": 1,
        "eval_inputs": [],
        "max_tokens": 9,
        "seed": 7,
    }
    return cost.pick_examples(**{**usual, **changes})


def ceiling(**changes):
    """A ceiling over two hundred answers."""
    usual = {"lengths": [9] * 200, "max_truncation": 0.05}
    return cost.set_ceiling(**{**usual, **changes})


def billed(**changes):
    """What a cache costs for two requests."""
    usual = {"timestamps": [0, 60], "prefix_tokens": 2_000, "ttl": "5m", "prices": MODEL}
    return cost.cache_bill(**{**usual, **changes})


def built(**changes):
    """A request with nothing but a question."""
    return cost.build_request(**{"question": "Hello", **changes})


def relayed(**changes):
    """A stream of nothing."""
    usual = {"events": [], "check": lambda text: True, "emit": lambda text: None}
    return cost.relay(**{**usual, **changes})


def relayed_async(**changes):
    """The same for an asynchronous one."""

    async def nothing():
        for event in ():
            yield event

    async def main(client):
        usual = {"events": nothing(), "check": lambda text: True, "emit": lambda text: None}
        return await cost.relay_async(**{**usual, **changes})

    return Lab().run(main)


def outcome(**changes):
    """What came of one example on one tier."""
    usual = {"id": "a", "tier": "fast", "ok": True, "cost_usd": 0.1, "seconds": 1.0}
    return cost.Outcome(**{**usual, **changes})


OUTCOMES = cost.Outcomes((outcome(), outcome(tier="frontier")))


def decided(**changes):
    """A decision for the fast tier."""
    usual = {
        "outcomes": OUTCOMES,
        "chosen": {"answers": "fast"},
        "today": "frontier",
        "margin": 0.05,
        "decided_by": "Kofi",
        "on": date(2026, 11, 23),
    }
    return cost.trade_off(**{**usual, **changes})


def queue(**settings):
    """A queue without jobs."""
    return cost.JobQueue(sqlite3.connect(":memory:"), **settings)


def worked(result):
    """A job of which the work gives this."""
    jobs = queue()
    jobs.submit("a", "b")
    return jobs.run_next(lambda payload: result)


def worked_async(work):
    """A queue without jobs that somebody awaits."""

    async def main(client):
        return await queue().run_next_async(work)

    return Lab().run(main)


def labelled(*label, **settings):
    """A block of calls that are for something."""
    entered(cost.labelled(*label, **settings))


def asked(name):
    """The requests of a batch of one, with this id."""
    return [{"custom_id": name, "params": {}}]


def line():
    """One attempt."""
    return cost.Line("a", MODEL, "end_turn", datetime(2026, 11, 23, tzinfo=UTC))


CALLS = {
    "ablate, sentences": (
        lambda x: cost.ablate(x, lambda kept: {"a": True}, budget=9),
        {*NONE_OF_THEM, "texts"},
    ),
    "ablate, evaluate": (lambda x: cost.ablate(["a"], x, budget=9), set()),
    "ablate, what evaluate returns": (
        lambda x: cost.ablate(["a"], lambda k: x, budget=9),
        {"table"},
    ),
    "ablate, an outcome": (lambda x: cost.ablate(["a"], lambda k: {"a": x}, budget=9), {"true"}),
    "ablate, budget": (lambda x: cost.ablate(["a"], lambda k: {"a": True}, budget=x), {"huge"}),
    "blame, lines": (cost.blame, NONE_OF_THEM),
    "blame, needs": (lambda x: cost.blame([line()], needs=x), {"none", "table"}),
    "blame, a need": (lambda x: cost.blame([line()], needs={"a": x}), set()),
    "blame, stable": (lambda x: cost.blame([line()], stable=x), NONE_OF_THEM),
    "blame, lifetime_s": (lambda x: cost.blame([line()], lifetime_s=x), RATES),
    "blame, prices": (lambda x: cost.blame([line()], prices=x), {"none", "table"}),
    "break_even_hit_rate, write": (lambda x: cost.break_even_hit_rate(x, 0.1), set()),
    "break_even_hit_rate, read": (lambda x: cost.break_even_hit_rate(1.25, x), RATES),
    "break_even_per_hour, write": (lambda x: cost.break_even_per_hour(x, 0.1, "5m"), set()),
    "break_even_per_hour, read": (lambda x: cost.break_even_per_hour(1.25, x, "5m"), RATES),
    "break_even_per_hour, ttl": (lambda x: cost.break_even_per_hour(1.25, 0.1, x), set()),
    "expected_multiplier, per_hour": (
        lambda x: cost.expected_multiplier(x, 1.25, 0.1, "5m"),
        RATES,
    ),
    "expected_multiplier, write": (lambda x: cost.expected_multiplier(2, x, 0.1, "5m"), set()),
    "expected_multiplier, read": (lambda x: cost.expected_multiplier(2, 1.25, x, "5m"), RATES),
    "expected_multiplier, ttl": (lambda x: cost.expected_multiplier(2, 1.25, 0.1, x), set()),
    "build_request, question": (lambda x: built(question=x), FULL_TEXTS),
    "build_request, rules": (lambda x: built(rules=x), TEXTS),
    "build_request, docs": (lambda x: built(docs=x), {"none", "table"}),
    "build_request, a document": (lambda x: built(docs={"a": x}), TEXTS),
    "build_request, tools": (lambda x: built(tools=x), NONE_OF_THEM),
    "build_request, a tool": (lambda x: built(tools=[{"name": x}]), set(JUNK)),
    "build_request, history": (lambda x: built(history=x), NONE_OF_THEM),
    "build_request, a turn": (
        lambda x: built(history=[{"role": "user", "content": x}]),
        {*TEXTS, "list"},
    ),
    "build_request, today": (lambda x: built(today=x), {*TEXTS, "none"}),
    "build_request, member": (lambda x: built(member=x), {*TEXTS, "none"}),
    "build_request, ttl": (lambda x: built(ttl=x), {"none"}),
    "cache_bill, timestamps": (lambda x: billed(timestamps=x), {*NONE_OF_THEM, "numbers"}),
    "cache_bill, a timestamp": (lambda x: billed(timestamps=[x]), RATES),
    "cache_bill, prefix_tokens": (lambda x: billed(prefix_tokens=x), COUNTS),
    "cache_bill, ttl": (lambda x: billed(ttl=x), {"none"}),
    "cache_bill, prices": (lambda x: billed(prices=x), set()),
    "cache_bill, min_tokens": (lambda x: billed(min_tokens=x), {*COUNTS, "none"}),
    "cache_bill, ready_s": (lambda x: billed(ready_s=x), RATES),
    "choose_tier, tasks": (lambda x: chosen(tasks=x), NONE_OF_THEM),
    "choose_tier, tiers": (lambda x: chosen(tiers=x), set()),
    "choose_tier, a tier": (lambda x: chosen(tiers={"fast": x}), set()),
    "choose_tier, min_quality": (lambda x: chosen(min_quality=x), RATES),
    "choose_tier, max_p95": (lambda x: chosen(max_p95=x), {*RATES, "inf"}),
    "common_prefix, first": (lambda x: cost.common_prefix(x, {}), set()),
    "common_prefix, second": (lambda x: cost.common_prefix({}, x), set()),
    "common_prefix, system": (lambda x: cost.common_prefix({"system": x}, {}), set()),
    "common_prefix, messages": (lambda x: cost.common_prefix({"messages": x}, {}), set()),
    "cost_of, usage": (lambda x: cost.cost_of(x, MODEL), set()),
    "cost_of, a count": (
        lambda x: cost.cost_of(USAGE | {"input_tokens": x}, MODEL),
        {*COUNTS, "none"},
    ),
    "cost_of, model_id": (lambda x: cost.cost_of(USAGE, x), set()),
    "cost_of, prices": (lambda x: cost.cost_of(USAGE, MODEL, prices=x), {"none"}),
    "cost_of, a price": (lambda x: cost.cost_of(USAGE, MODEL, prices={MODEL: x}), set()),
    "cost_of, batch": (lambda x: cost.cost_of(USAGE, MODEL, batch=x), {"true"}),
    "cost_usd, batch": (lambda x: cost.cost_usd(USAGE, MODEL, batch=x), {"true"}),
    "cost_usd, usage": (lambda x: cost.cost_usd(x, MODEL), set()),
    "cost_usd, model_id": (lambda x: cost.cost_usd(USAGE, x), set()),
    "cost_usd, prices": (lambda x: cost.cost_usd(USAGE, MODEL, prices=x), {"none"}),
    "Example, input": (lambda x: example(input=x), TEXTS),
    "Example, output": (lambda x: example(output=x), TEXTS),
    "Example, abstains": (lambda x: example(abstains=x), {"true"}),
    "Example, label": (lambda x: example(label=x), TEXTS),
    "Example, tokens": (lambda x: example(tokens=x), COUNTS),
    "pick_examples, pool": (lambda x: picked(pool=x), set()),
    "pick_examples, k": (lambda x: picked(k=x), {"huge"}),
    "pick_examples, eval_inputs": (lambda x: picked(eval_inputs=x), NONE_OF_THEM),
    "pick_examples, max_tokens": (lambda x: picked(max_tokens=x), {"huge"}),
    "pick_examples, seed": (lambda x: picked(seed=x), ANY_SEED),
    "find_unpinned, source": (lambda x: cost.find_unpinned(x, {}), {"empty", "long", "word"}),
    "find_unpinned, lock": (lambda x: cost.find_unpinned("", x), {"table"}),
    "find_unpinned, an id": (lambda x: cost.find_unpinned("", {"a": x}), TEXTS),
    "JobQueue, connection": (cost.JobQueue, set()),
    "JobQueue, most_waiting": (lambda x: queue(most_waiting=x), {"huge"}),
    "JobQueue, most_attempts": (lambda x: queue(most_attempts=x), {"huge"}),
    "JobQueue, lease_s": (lambda x: queue(lease_s=x), RATES),
    "JobQueue.submit, key": (lambda x: queue().submit(x, "a"), FULL_TEXTS),
    "JobQueue.submit, payload": (
        lambda x: queue().submit("a", x),
        {"empty", "long", "steering", "word"},
    ),
    "JobQueue.status": (lambda x: queue().status(x), set()),
    "JobQueue.jobs": (lambda x: queue().jobs(x), set()),
    "JobQueue.run_next": (lambda x: queue().run_next(x), set()),
    "JobQueue.run_next, what the work gives": (worked, set(JUNK)),
    "JobQueue.run_next_async": (worked_async, set()),
    "JobQueue.release": (lambda x: queue().release(x), TEXTS),
    "labelled, label": (labelled, TEXTS),
    "labelled, examples": (lambda x: labelled("a", examples=x), COUNTS),
    "labelled, again": (lambda x: labelled("a", again=x), {"true"}),
    "noninferior, a": (lambda x: cost.noninferior(x, {"a": True}, 0.05), set()),
    "noninferior, b": (lambda x: cost.noninferior({"a": True}, x, 0.05), set()),
    "noninferior, an outcome": (lambda x: cost.noninferior({"a": x}, {"a": True}, 0.05), {"true"}),
    "noninferior, margin": (lambda x: cost.noninferior({"a": True}, {"a": True}, x), {"half"}),
    "noninferior, alpha": (lambda x: cost.noninferior({"a": True}, {"a": True}, 0.05, x), {"half"}),
    "pareto": (cost.pareto, NONE_OF_THEM),
    "Point, name": (lambda x: cost.Point(x, 0.9, 1.0), TEXTS),
    "Point, quality": (lambda x: cost.Point("a", x, 1.0), RATES),
    "Point, cost_usd": (lambda x: cost.Point("a", 0.9, x), RATES),
    "Point, p95_s": (lambda x: cost.Point("a", 0.9, 1.0, x), RATES),
    "reconcile, requests": (lambda x: cost.reconcile(x, []), {"list"}),
    "reconcile, a request": (lambda x: cost.reconcile([x], []), set()),
    "reconcile, an id": (lambda x: cost.reconcile(asked(x), []), FULL_TEXTS),
    "reconcile, results": (lambda x: cost.reconcile(asked("a"), x), {"list"}),
    "reconcile, a result": (lambda x: cost.reconcile([], [x]), set()),
    "reconcile, what came": (
        lambda x: cost.reconcile(asked("a"), [{"custom_id": "a", "result": x}]),
        set(JUNK),
    ),
    "reconcile, tries": (lambda x: cost.reconcile([], [], tries=x), {"huge"}),
    "reconcile, most_tries": (lambda x: cost.reconcile([], [], most_tries=x), {"huge"}),
    "relay, events": (lambda x: relayed(events=x), {"list", "numbers", "texts"}),
    "relay, an event": (lambda x: relayed(events=[x]), set(JUNK)),
    "relay, check": (lambda x: relayed(check=x), set()),
    "relay, emit": (lambda x: relayed(emit=x), set()),
    "relay, clock": (lambda x: relayed(clock=x), {"none"}),
    "relay, retract": (lambda x: relayed(retract=x), {"class", "function", "none"}),
    "relay, stop": (lambda x: relayed(stop=x), {"class", "function", "none"}),
    "relay_async, events": (lambda x: relayed_async(events=x), set()),
    "relay_async, check": (lambda x: relayed_async(check=x), set()),
    "relay_async, emit": (lambda x: relayed_async(emit=x), set()),
    "relay_async, retract": (
        lambda x: relayed_async(retract=x),
        {"class", "function", "none"},
    ),
    "relay_async, stop": (lambda x: relayed_async(stop=x), {"class", "function", "none"}),
    "relay_async, clock": (lambda x: relayed_async(clock=x), {"none"}),
    "set_ceiling, lengths": (lambda x: ceiling(lengths=x), set()),
    "set_ceiling, a length": (lambda x: ceiling(lengths=[9] * 200 + [x]), {*COUNTS, "none"}),
    "set_ceiling, max_truncation": (lambda x: ceiling(max_truncation=x), set()),
    "set_ceiling, thinking_p99": (lambda x: ceiling(thinking_p99=x), COUNTS),
    "set_ceiling, confidence": (lambda x: ceiling(confidence=x), {"half"}),
    "Task, name": (lambda x: task(name=x), TEXTS),
    "Task, calls": (lambda x: task(calls=x), COUNTS),
    "Task, trials": (lambda x: task(trials=x), {"table"}),
    "Task, a trial": (lambda x: task(trials={"fast": x}), set()),
    "Trial, right": (lambda x: trial(right=x), RATES),
    "Trial, p95_s": (lambda x: trial(p95_s=x), RATES),
    "Trial, prompt_tokens": (lambda x: trial(prompt_tokens=x), COUNTS),
    "Trial, output_tokens": (lambda x: trial(output_tokens=x), COUNTS),
    "Trial, escalated": (lambda x: trial(escalated=x), RATES),
    "Outcome, id": (lambda x: outcome(id=x), FULL_TEXTS),
    "Outcome, tier": (lambda x: outcome(tier=x), FULL_TEXTS),
    "Outcome, ok": (lambda x: outcome(ok=x), {"none", "true"}),
    "Outcome, cost_usd": (lambda x: outcome(cost_usd=x), RATES),
    "Outcome, seconds": (lambda x: outcome(seconds=x), RATES),
    "Outcome, task": (lambda x: outcome(task=x), FULL_TEXTS),
    "Outcome, prompt_tokens": (lambda x: outcome(prompt_tokens=x), COUNTS),
    "Outcome, output_tokens": (lambda x: outcome(output_tokens=x), COUNTS),
    "Outcome, escalated": (lambda x: outcome(escalated=x), {"true"}),
    "Outcomes": (cost.Outcomes, set()),
    "Outcomes.only": (OUTCOMES.only, set()),
    "Outcomes.right": (OUTCOMES.right, set()),
    "Outcomes.point": (OUTCOMES.point, set()),
    "Outcomes.task": (OUTCOMES.task, set()),
    "read_outcomes": (cost.read_outcomes, set()),
    "trade_off, outcomes": (lambda x: decided(outcomes=x), set()),
    "trade_off, chosen": (lambda x: decided(chosen=x), set()),
    "trade_off, a tier": (lambda x: decided(chosen={"answers": x}), set()),
    "trade_off, today": (lambda x: decided(today=x), set()),
    "trade_off, margin": (lambda x: decided(margin=x), {"half"}),
    "trade_off, decided_by": (lambda x: decided(decided_by=x), FULL_TEXTS),
    "trade_off, on": (lambda x: decided(on=x), set()),
    "trade_off, alpha": (lambda x: decided(alpha=x), {"half"}),
    "trade_off, source": (lambda x: decided(source=x), TEXTS),
    "UsageLedger, prices": (lambda x: cost.UsageLedger(prices=x), {"none", "table"}),
    "UsageLedger, a price": (lambda x: cost.UsageLedger(prices={MODEL: x}), set()),
    "UsageLedger, most": (lambda x: cost.UsageLedger(most=x), {"zero"}),
    "UsageLedger.add": (cost.UsageLedger().add, set()),
}


@pytest.mark.parametrize("name", CALLS)
def test_junk_is_refused_in_three_parts(name):
    """What is wrong with the value; what follows; what to do: short, on one printable line."""
    meets_junk(*CALLS[name])


def test_every_public_name_meets_junk_or_is_only_handed_out():
    """A name that is new stands in one of the three."""
    given = {name.partition(",")[0].partition(".")[0] for name in CALLS}
    assert given | GIVEN_BACK | TYPES == set(cost.__all__)
    assert not given & GIVEN_BACK


def test_every_argument_meets_junk():
    """One that is new stands in the table, under its own name where it is not the only one."""
    for name in {one.partition(",")[0].partition(".")[0] for one in CALLS}:
        takes = inspect.signature(getattr(cost, name)).parameters.keys()
        met = {one.partition(", ")[2] for one in CALLS if one.split(",")[0] == name}
        assert takes <= met or (met == {""} and len(takes) == 1), (name, takes - met)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: relayed(events="Hello."), "events is 'Hello.'.*relay_async"),
        (lambda: relayed_async(events=[]), r"events is \[\].*AsyncAnthropic.*use relay"),
        (lambda: cost.blame([], prices={MODEL: 1}), f"the price of '{MODEL}' is 1"),
        (lambda: built(docs={1: "a"}), "something in docs is 1"),
        (lambda: built(docs={"a": 1}), "something in docs is 1"),
        (lambda: built(member=4711), "member is 4711"),
        (
            lambda: built(history=[{"role": "user", "content": None}]),
            "the content of a turn is None",
        ),
        (
            lambda: built(history=[{"role": "user", "content": ["Hello"]}]),
            "something in the content of a turn is 'Hello'",
        ),
        (lambda: cost.UsageLedger(most=10**10), "most is 10000000000.*at most 1,000,000,000"),
    ],
)
def test_what_was_taken_before_is_refused(call, says):
    """An iterator's TypeError, a document that says None, a price that nobody looked at."""
    with pytest.raises(ArgumentError, match=says):
        call()
