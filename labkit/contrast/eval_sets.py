"""Eval sets of many sizes: how wide the interval is, what is covered, which bugs are found.

n, slices -> examples in a seeded order -> the app and five buggy ones, on each -> EvalSetScene

The app is asked each question once. A bug is a few lines around the app; it is found where the
app passes an example and fails it with the bug.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from types import MappingProxyType

from labkit.arguments import every, function, refused, whole
from labkit.case import catalogue, samples
from labkit.contrast.worlds import run_app
from labkit.evals import Sample, coverage
from labkit.lab import App
from labkit.views import Provenance, View, amount, choice
from labkit.views.reliability.eval_sets import Bug, Cell, EvalSetScene, Whisker, Who, draw_eval_set

Ask = Callable[[str], str]
Buggy = Callable[[Ask, str], str]
"""What an app with a bug answers, given the app without it."""

SMALLEST, LARGEST, STEP = 6, 300, 6
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "happy alone": ("happy",),
        "happy and edge": ("happy", "edge"),
        "happy and adversarial": ("happy", "adversarial"),
        "happy and production": ("happy", "production"),
        "all four": ("happy", "edge", "adversarial", "production"),
    }
)
SMS = 100
DECLINED = "I cannot do that. Please ask at the desk. [none]"
NOT_SHOWN = (
    "How good any model is: the share that passes belongs to a simulated one. Which examples catch "
    "a bug of the application does not depend on the model's luck."
)


def full_fee(ask: Ask, question: str) -> str:
    """Quotes a loan fee from the record, and forgets the concession rate."""
    for terms in catalogue().values():
        thing = terms.id.replace("-", " ")
        if "loan fee" in question and question.endswith(f"for the {thing}?"):
            fee = terms.loan_fee_cents // 100
            return f"The loan fee for the {thing} is {fee} cr. [fees-and-deposits]"
    return ask(question)


def first_sentence(ask: Ask, question: str) -> str:
    """Shows the first sentence and the source, to save room."""
    body, mark, source = ask(question).partition(" [")
    sentence, _, _ = body.partition(". ")
    return f"{sentence}.{mark}{source}"


def by_word(ask: Ask, question: str) -> str:
    """Declines every question in which a word sounds dangerous."""
    alarming = ("ignore", "guard", "alarm")
    return DECLINED if any(word in question.lower() for word in alarming) else ask(question)


def marked(ask: Ask, question: str) -> str:
    """Takes what has no question mark for a greeting."""
    return ask(question) if "?" in question else "Hello. What would you like to know? [none]"


def short(ask: Ask, question: str) -> str:
    """Cuts a reply to the length of a short message, the source too."""
    return ask(question)[:SMS]


BUGS: Mapping[str, Buggy] = MappingProxyType(
    {
        "cuts replies after 100 characters": short,
        "forgets the concession rate": full_fee,
        "shows the first sentence only": first_sentence,
        "declines by a list of words": by_word,
        "needs a question mark": marked,
    }
)


@dataclass(frozen=True, slots=True)
class Tried:
    """What the app and each bug make of the examples."""

    passed: frozenset[str]
    """The ids that the app passes."""
    broken: Mapping[str, frozenset[str]]
    """By bug, the ids that the app passes only without it."""


def eval_set(app: App, picked: Sequence[Sample], *, seed: int = 7) -> View:
    """Let an eval set grow, slice by slice, and see what it can show.

    Args:
        app: Takes ``(client, question)`` and returns a text.
        picked: The hand-picked examples, shown as the prototype.
        seed: The same seed draws the same examples.
    """
    function("app", app, "client", "question")
    chosen = every("picked", picked, Sample, "labkit.case.samples()[:6]")
    if not chosen:
        raise refused("picked", picked, "There is nothing to compare with.", "Give six samples.")
    whole("seed", seed, "The same seed must draw the same examples.")
    tried = cache(lambda: try_all(app, [*samples(), *chosen], seed))

    def grown(n: int, slices: str) -> EvalSetScene:
        pool = [one for one in in_order(seed) if one.tags[0] in KINDS[slices]]
        notes = (f"seed {seed}", f"slices: {slices}", "the bugs are ours and really run")
        return scene(tried(), chosen, pool, n, provenance=Provenance("simulated", notes))

    controls = {
        "n": amount("Eval set", SMALLEST, LARGEST, step=STEP, value=84, unit="examples"),
        "slices": choice("Slices", list(KINDS), value="all four"),
    }
    return View.of(grown, draw_eval_set, controls)


def in_order(seed: int) -> list[Sample]:
    """All samples in an order of the seed: a larger set holds the smaller ones."""
    return Random(seed).sample(samples(), len(samples()))


def try_all(app: App, examples: Sequence[Sample], seed: int) -> Tried:
    """Each question once; the bugs see the same replies."""

    @cache
    def asked(question: str) -> str:
        return run_app(app, question, seed).text or ""

    passed = frozenset(one.id for one in examples if holds(one, asked(one.input)))
    broken = {
        name: frozenset(
            one.id
            for one in examples
            if one.id in passed and not holds(one, buggy(asked, one.input))
        )
        for name, buggy in BUGS.items()
    }
    return Tried(passed, broken)


def holds(sample: Sample, text: str) -> bool:
    """Whether a text is a right answer."""
    return all(score(text).holds for score in sample.scorers)


def scene(
    tried: Tried,
    picked: Sequence[Sample],
    pool: Sequence[Sample],
    n: int,
    *,
    provenance: Provenance,
) -> EvalSetScene:
    """Both sets, and what can be said of them."""
    drawn = pool[:n]
    whiskers = [
        whisker("prototype", picked, tried, "hand-picked"),
        whisker("production", drawn, tried, "drawn by the seed"),
    ]
    if n > len(pool):
        part = round(n * whiskers[1].part / len(drawn))
        whiskers.append(Whisker("target", part, n, f"the same share, if there were {n}"))
    grid, counts = coverage(samples()), Counter(one.tags[:2] for one in drawn)
    cells = {
        (slice, topic): Cell(counts[slice, topic], grid.counts.get((slice, topic), 0))
        for slice in grid.slices
        for topic in grid.topics
    }
    bugs = tuple(
        Bug(name, in_set(broken, picked), in_set(broken, drawn))
        for name, broken in tried.broken.items()
    )
    return EvalSetScene(
        finding=finding(whiskers, cells, bugs),
        whiskers=tuple(whiskers),
        slices=grid.slices,
        topics=grid.topics,
        cells=cells,
        bugs=bugs,
        provenance=provenance,
        not_shown=NOT_SHOWN,
    )


def whisker(who: Who, examples: Sequence[Sample], tried: Tried, what: str) -> Whisker:
    """How many of these examples the app passes."""
    return Whisker(who, sum(one.id in tried.passed for one in examples), len(examples), what)


def in_set(ids: frozenset[str], examples: Sequence[Sample]) -> tuple[str, ...]:
    """Those of the ids that stand in a set, in its order."""
    return tuple(one.id for one in examples if one.id in ids)


def finding(
    whiskers: Sequence[Whisker], cells: Mapping[tuple[str, str], Cell], bugs: Sequence[Bug]
) -> str:
    """What both sets can say."""
    picked, drawn, *more = whiskers
    filled = sum(one.drawn > 0 for one in cells.values())
    few, many = sum(bool(one.picked) for one in bugs), sum(bool(one.drawn) for one in bugs)
    first = f"{picked.whole} hand-picked examples say {picked.between} and find {few} of "
    second = f"{drawn.whole} in {filled} of {len(cells)} cells say {drawn.between} and find {many}"
    said = f"{first}{len(bugs)} planted bugs; {second}."
    if more:
        said += f" {more[0].whole} would say {more[0].between}; these slices do not have so many."
    return said
