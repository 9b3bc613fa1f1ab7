"""C5: pools of examples, evals that ask some of them, and what an answer picks.

a pool, an eval's questions, k, a budget, seeds -> the answer, once or often -> Picked
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from labkit.arguments import LONGEST, line
from labkit.checks.exercise import Answer, Asks
from labkit.checks.verdict import told
from labkit.cost import Example

PLENTY = 10_000


def lends(question: str, label: str, tokens: int = 10) -> Example:
    """An example with its class for an answer."""
    return Example(question, label, label, tokens)


NO = Example("Do you lend aeroplanes?", "other", "other", 10, abstains=True)
POEM = Example("Write a poem about my landlord", "other", "other", 10, abstains=True)
DRILL = lends("How long may I keep the drill?", "loans")
POOL = (
    DRILL,
    lends("May I extend my sewing machine loan?", "loans"),
    lends("Which saws can beginners borrow?", "loans"),
    lends("Can two people share one reservation?", "loans"),
    lends("Who collects a reserved trailer for me?", "loans"),
    lends("What does a late return cost each day?", "fees"),
    lends("Is there a deposit for projectors?", "fees"),
    lends("Are you open on Sunday morning?", "hours"),
    lends("When does the desk close tonight?", "hours"),
    NO,
    POEM,
)
TWIN = lends("how long may I keep the drill", "loans")
LONG = lends("What happens if rain gets into the tent?", "care", 500)


@dataclass(frozen=True, slots=True)
class Picked:
    """What came, in one call or in several."""

    values: tuple[object, ...]
    pool: tuple[Example, ...]

    def __repr__(self) -> str:
        """The first choice by class and question."""
        if not self.are_examples:
            return told(next(one for one in self.values if not self.is_choice(one)), LONGEST)
        said = "; ".join(f"{one.label}: {one.input}" for one in self.first) or "none"
        if len(self.values) > 1:
            return line(f"{self.how_many}; the first of {len(self.first)}: {said}", 150)
        return line(f"{len(self.first)} examples: {said}", 150)

    @property
    def how_many(self) -> str:
        """How many calls there were, and how many of their choices differ."""
        choices = len({frozenset(map(repr, one)) for one in self.choices})
        orders = len({tuple(map(repr, one)) for one in self.choices})
        differ = f"{choices} different choices" if choices > 1 else "one choice"
        turned = f" in {orders} orders" if orders > choices == 1 else ""
        return f"{len(self.values)} calls, {differ}{turned}"

    def is_choice(self, value: object) -> bool:
        """Whether a value is a list of examples of the pool."""
        return isinstance(value, list) and all(one in self.pool for one in value)

    @property
    def are_examples(self) -> bool:
        """Whether every call gave such a list."""
        return all(map(self.is_choice, self.values))

    @property
    def choices(self) -> tuple[list[Example], ...]:
        """What each call gave."""
        assert self.are_examples
        return tuple(self.values)  # type: ignore[arg-type]

    @property
    def first(self) -> list[Example]:
        """What the first call gave."""
        return self.choices[0]

    @property
    def labels(self) -> Counter[str]:
        """How often each class stands in the first."""
        return Counter(one.label for one in self.first)

    @property
    def abstains(self) -> bool:
        """Whether somebody learns to say no, in every call."""
        return all(any(one.abstains for one in choice) for choice in self.choices)

    @property
    def most_tokens(self) -> int:
        """What the longest choice adds to a prompt."""
        return max(sum(one.tokens for one in choice) for choice in self.choices)


def of(got: object) -> Picked:
    """The choice; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Picked)
    assert got.are_examples
    return got


def picks(  # noqa: PLR0913 - all but the pool by name
    pool: Sequence[Example] = POOL,
    *,
    k: int = 4,
    asked: Sequence[str] = (),
    most: int = PLENTY,
    seeds: Sequence[int] = (1,),
    turned: bool = False,
) -> Asks:
    """Ask for a choice with each seed; ``turned``: once more with the pool the other way round."""
    pools = [list(pool), list(reversed(pool))] if turned else [list(pool)]

    def ask(answer: Answer) -> object:
        values = tuple(
            answer(list(one), k, eval_inputs=list(asked), max_tokens=most, seed=seed)
            for seed in seeds
            for one in pools
        )
        return None if values[0] is None else Picked(values, tuple(pool))

    return ask
