"""C5, few-shot examples: few, of every class, one that says no, and none that the eval asks."""

from labkit.checks.cost.picked import DRILL, LONG, NO, POEM, POOL, TWIN, Picked, of, picks
from labkit.checks.exercise import Asks, Case, Exercise, Hint, Usual
from labkit.checks.signs import Sign, anything

FOUR, SEEDS = 4, tuple(range(20))
CLASSES = {"loans", "fees", "hours", "other"}

NOT_EXAMPLES = Hint(
    "not-examples",
    lambda got: isinstance(got, Picked) and not got.are_examples,
    "The prompt is built from examples of the pool, and this is something else.",
    "Return a list of the `Example`s themselves, as they stand in `pool`.",
)
TOO_MANY = Hint(
    "too-many",
    lambda got: len(of(got).first) > FOUR,
    "These are more than k. Each is paid for with every question.",
    "Stop when there are k, the one that abstains counted.",
)
SAME = Hint(
    "four-of-the-same",
    lambda got: of(got).labels.most_common(1)[0][1] > 2,  # noqa: PLR2004 - of four classes
    "Almost all of one class, as the pool is. The model learns that most questions are about that, "
    "and of the other classes it has seen nothing.",
    "Take next whatever class has been shown least so far.",
)
NO_NO = Hint(
    "no-abstention",
    lambda got: not of(got).abstains,
    "Every example has an answer, so the model learns to always give one. Somebody asks for an "
    "aeroplane, and hears what its deposit is.",
    "Begin with one of those with `one.abstains`.",
)
UNCOVERED = Hint(
    "class-left-out",
    lambda got: set(of(got).labels) != CLASSES,
    "There is room for each class, and one is shown twice while another is not shown at all.",
    "Count the labels of what is picked; the next is one with the smallest count.",
)
LEAKS = Hint(
    "leaks",
    lambda got: any(DRILL in choice for choice in of(got).choices),
    "The eval asks this very question. Its answer stands in the prompt now: the score rises, and "
    "the app is as it was.",
    "Leave out what the eval asks, whatever its capitals, commas and spaces.",
)
PARAPHRASE = Hint(
    "leaks-by-paraphrase",
    lambda got: any(DRILL in choice for choice in of(got).choices),
    "A row of the eval is this with a comma and a greeting. The texts differ, and the answer is "
    "given away all the same.",
    "Compare `words(...)` of both: three quarters in common make them one.",
)
THROWS = Hint(
    "throws-too-much",
    lambda got: not all(DRILL in choice for choice in of(got).choices),
    "That question is about another thing, and this example is no leak. A filter that takes every "
    "shared word for a leak leaves you no examples.",
    "Of all words of both, three quarters must be the same: `len(a & b) >= 0.75 * len(a | b)`.",
)
NO_FOR_LEAK = Hint(
    "leaks-the-no",
    lambda got: any(NO in choice for choice in of(got).choices),
    "The example that abstains is asked by the eval, too. It was let through because one must "
    "be there.",
    "Take out the leaks first; then choose among those that are left, also the one that abstains.",
)
OVER = Hint(
    "over-budget",
    lambda got: of(got).most_tokens > 45,  # noqa: PLR2004 - the case's own
    "Together these are longer than the prompt has room for. At 1,000 questions an hour somebody "
    "notices.",
    "Before you take one, add its `tokens` to those of the examples that you have.",
)
STOPS_EARLY = Hint(
    "stops-at-the-first",
    lambda got: any(len(choice) < FOUR for choice in of(got).choices),
    "One example did not fit, and then you stopped. Shorter ones would have fitted.",
    "Skip what does not fit and go on.",
)
ROOM_LEFT = Hint(
    "leaves-room",
    lambda got: len(of(got).first) < FOUR,
    "A fourth example fits to the token, and it is not there. No more than `max_tokens` may be as "
    "many.",
    "`one.tokens <= left`.",
)
EACH_TIME = Hint(
    "other-each-time",
    lambda got: len({tuple(map(repr, choice)) for choice in of(got).choices}) > 1,
    "The same seed and the same pool, and other examples. Nobody can say tomorrow which prompt "
    "gave today's score, and its cached prefix is written anew each time.",
    "One `random.Random(seed)`, and nothing else that draws: neither `random` itself nor the order "
    "of a set.",
)
BY_ORDER = Hint(
    "by-pool-order",
    lambda got: len({frozenset(map(repr, choice)) for choice in of(got).choices}) > 1,
    "The same examples in another order, and you pick others. Somebody sorts the file, and the "
    "score moves.",
    "Sort the pool before you draw: `sorted(pool, key=lambda one: one.input)`.",
)
SEEDLESS = Hint(
    "ignores-the-seed",
    anything,
    "Twenty seeds, and always the same examples. You cannot see how much of the score is luck of "
    "the draw.",
    "`random.Random(seed).sample(pool, len(pool))`, then choose in that order.",
)
TWINS = Hint(
    "shows-twins",
    lambda got: any({DRILL, TWIN} <= set(choice) for choice in of(got).choices),
    "Two of them ask the same thing. It is paid twice and teaches once.",
    "Compare each also with the examples that you have picked.",
)
USUAL = Usual(
    "This choice does not keep the rules.",
    shape=(NOT_EXAMPLES,),
    stops="No prompt can be built. An eval may be empty, and so may what is left of a pool.",
)


def choice(given: str, expected: str, ask: Asks, holds: Sign, *hints: Hint) -> Case:
    """A choice that must do this."""
    return Case(
        given=given,
        ask=ask,
        expected=expected,
        holds=lambda got: holds(of(got)),
        usual=USUAL,
        own=hints,
    )


def covers(got: object) -> bool:
    """Four examples, one of each class."""
    return all(
        len(one) == FOUR and {each.label for each in one} == CLASSES for one in of(got).choices
    )


C5 = Exercise(
    code="C5",
    names=("pick_examples",),
    parameters=(2,),
    keywords=(("eval_inputs", "max_tokens", "seed"),),
    cases=(
        choice(
            "eleven examples, five of one class; k is 4",
            "4 examples, one of each class, one of them abstains",
            picks(),
            covers,
            TOO_MANY,
            SAME,
            NO_NO,
            UNCOVERED,
        ),
        choice(
            "the same; k is 1",
            "1 example, which abstains",
            picks(k=1, seeds=SEEDS),
            lambda got: of(got).abstains and all(len(one) == 1 for one in of(got).choices),
            NO_NO,
        ),
        choice(
            "the eval asks: HOW LONG  may I keep the drill",
            "9 examples, not the one about the drill",
            picks(k=9, asked=["HOW LONG  may I keep the drill"], seeds=SEEDS),
            lambda got: all(DRILL not in one and len(one) == 9 for one in of(got).choices),  # noqa: PLR2004
            LEAKS,
        ),
        choice(
            "the eval asks: Hello! How long, please, can I keep a drill?",
            "9 examples, not the one about the drill",
            picks(k=9, asked=["Hello! How long, please, can I keep a drill?"], seeds=SEEDS),
            lambda got: all(DRILL not in one and len(one) == 9 for one in of(got).choices),  # noqa: PLR2004
            PARAPHRASE,
        ),
        choice(
            "the eval asks: How long may I keep the saw? k is 11",
            "11 examples, the one about the drill among them",
            picks(k=11, asked=["How long may I keep the saw?"]),
            lambda got: len(of(got).first) == len(POOL) and DRILL in of(got).first,
            THROWS,
        ),
        choice(
            "the eval asks: do you lend aeroplanes",
            "4 examples, one of each class; it abstains on something else",
            picks(asked=["do you lend aeroplanes"], seeds=SEEDS),
            lambda got: covers(got) and all(POEM in one for one in of(got).choices),
            NO_FOR_LEAK,
            NO_NO,
        ),
        choice(
            "one example of 500 tokens besides; k is 9, max_tokens 45",
            "4 examples of 10 tokens, one of each other class",
            picks((LONG, *POOL), k=9, most=45, seeds=SEEDS),
            covers,
            OVER,
            STOPS_EARLY,
        ),
        choice(
            "the same, max_tokens 40",
            "4 examples of 10 tokens, one of each other class",
            picks((LONG, *POOL), k=9, most=40, seeds=SEEDS),
            covers,
            ROOM_LEFT,
        ),
        choice(
            "three calls with seed 1",
            "three times the same",
            picks(k=6, seeds=(1, 1, 1)),
            lambda got: len({tuple(map(repr, one)) for one in of(got).choices}) == 1,
            EACH_TIME,
        ),
        choice(
            "seed 1, the pool as it is and the other way round",
            "the same examples",
            picks(k=6, turned=True),
            lambda got: len({frozenset(map(repr, one)) for one in of(got).choices}) == 1,
            BY_ORDER,
        ),
        choice(
            "twenty seeds",
            "more than one choice",
            picks(seeds=SEEDS),
            lambda got: len({frozenset(map(repr, one)) for one in of(got).choices}) > 1,
            SEEDLESS,
        ),
        choice(
            "one more that asks about the drill in almost the same words; k is 12",
            "11 examples, one of the two about the drill",
            picks((*POOL, TWIN), k=12),
            lambda got: (
                len(of(got).first) == len(POOL) and len({DRILL, TWIN} & set(of(got).first)) == 1
            ),
            TWINS,
        ),
    ),
    minutes=15,
    points=4.0,
    after="Tick C5 when your examples are picked by a rule, and the eval asks none of them.",
)
