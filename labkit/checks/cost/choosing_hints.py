"""C1: what each wrong way to choose a tier costs, and whom."""

from collections.abc import Mapping

from labkit.checks.exercise import Hint, Usual
from labkit.checks.signs import Sign


def picks(*tiers: str | None) -> Sign:
    """Fits a plan in which the one task gets one of these tiers."""
    return lambda got: isinstance(got, Mapping) and got.get("answers") in tiers


def not_a_plan(tasks: tuple[str, ...], tiers: tuple[str, ...]) -> Hint:
    """What came does not say of each task which tier it gets."""

    def fits(got: object) -> bool:
        is_plan = isinstance(got, Mapping) and set(got) == set(tasks)
        return not is_plan or any(one is not None and one not in tiers for one in got.values())  # type: ignore[attr-defined]

    return Hint(
        "not-a-plan",
        fits,
        "Nobody can deploy this: it does not say of each task which tier it gets.",
        'Return a dict such as `{"answers": "balanced"}`, with None where no tier will do.',
    )


NO_BAR = Hint(
    "ignores-the-bar",
    picks("fast"),
    "One answer in five is wrong, and the bar of the team was one in ten. The cheapest wrong "
    "answer is still a wrong answer.",
    "Leave out the tiers with `right < min_quality`, before you compare prices.",
)
TAKES_THE_BEST = Hint(
    "takes-the-best",
    picks("frontier"),
    "Two answers in a hundred more, at three times the price, and the team asked for 90 in a "
    "hundred. That is the prototype's plan.",
    "Among the tiers that clear the bar take the cheapest, not the best.",
)
NO_WAIT = Hint(
    "ignores-the-wait",
    picks("fast"),
    "Five people in a hundred wait 6 seconds or longer, and the desk agreed to 5.",
    "Leave out the tiers with `p95_s > max_p95`, too.",
)
STRICT = Hint(
    "strict-limits",
    picks("balanced", "frontier"),
    "The team asked for *at least* 90 % in *at most* 5 seconds, and this tier does both. You pay "
    "three times as much for keeping to neither word.",
    "`>=` for the bar, `<=` for the wait.",
)
BY_RATE = Hint(
    "sorts-by-rate",
    picks("fast"),
    "A token of this tier is cheaper, and it makes four times as many of the same text. Nobody "
    "buys tokens; people buy answers.",
    "Multiply each rate by the tokens of this tier's trial.",
)
NO_OUTPUT = Hint(
    "ignores-output",
    picks("fast"),
    "This tier thinks before it answers, and every thought is output: here nine tenths of the "
    "call's price, and you left it out.",
    "`prompt_tokens * input + output_tokens * output`; thinking is in `output_tokens`.",
)
BY_CALL = Hint(
    "price-of-a-call",
    picks("fast"),
    "Its calls are cheaper, and two of five are thrown away. What the desk can use costs 0.0030 "
    "USD there and 0.0026 USD on the other tier.",
    "Divide by `right`.",
)
NOTHING_UP = Hint(
    "ignores-escalation",
    picks("fast"),
    "It hands 40 % up, and each of those is paid twice: here and on the tier above. Together that "
    "is more than the tier above alone.",
    "Add `escalated` times what a call costs on the next tier of `tiers`.",
)
ONE_STEP = Hint(
    "one-step-up",
    picks("fast", "balanced"),
    "What is handed up is handed up again. You paid for the first step, and half of all calls go "
    "on to the top.",
    "What a call of the next tier costs has its own `escalated` in it: call the function again.",
)
ORDER_OF_TRIALS = Hint(
    "order-of-trials",
    picks("balanced", "frontier"),
    "You handed up to the tier that stands next in the trials. The app goes to the next one of "
    "`tiers`, and that is much cheaper.",
    "Take the next name from `list(tiers)`, not from the trials.",
)
UNTRIED = Hint(
    "stops-at-the-untried",
    picks("frontier", None),
    "Nobody tried the tier between them, and you looked no further: fast was tried, is as good, "
    "and costs a tenth.",
    "Leave out what was not tried and go on: `continue`, not `break`.",
)
TOO_EARLY = Hint(
    "step-too-early",
    picks("balanced", "frontier"),
    "A prompt of exactly 100,000 tokens still pays the low price. You moved the task to a tier "
    "that costs three times as much.",
    "`>` the step, not `>=`.",
)
NO_STEP = Hint(
    "ignores-the-step",
    picks("fast"),
    "The prompt grew past the step, and every token of it costs five times as much. The bill tells "
    "you at the end of the month.",
    "Where `prompt_tokens > step`, use the two prices of `above`.",
)
ONLY_ABOVE = Hint(
    "only-tokens-above",
    picks("fast"),
    "You let only the 20,000 tokens above the step pay the high price, as a tax would. Here the "
    "whole call pays it, the first token too.",
    "Choose one pair of prices for the whole call.",
)
ANYWAY = Hint(
    "falls-back",
    picks("fast", "balanced", "frontier"),
    "No tier does this task well enough, and your plan says that one does. Somebody deploys it; "
    "one answer in five is wrong.",
    "None, so that a person looks at the prompt before anybody looks at prices.",
)
ONE_FOR_ALL = Hint(
    "one-for-all",
    lambda got: isinstance(got, Mapping) and len(set(got.values())) == 1,
    "Both tasks got the same tier. Either the easy one pays for a model that it does not need, or "
    "its right answers hide the wrong ones of the other.",
    "Hold each task to the limits by itself.",
)
USUAL = Usual(
    "Work out by hand what 1,000 right answers cost on each tier of this case.",
    stops="No plan comes, so everything stays on the dearest tier. Some tiers were not tried on "
    "some tasks, and for some tasks no tier will do.",
)
