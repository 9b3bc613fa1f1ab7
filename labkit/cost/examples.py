"""Few-shot examples: few, of every kind, within a budget, and none that the eval asks.

    a pool, and the questions of the eval -> pick_examples -> the examples to put into the prompt

An example that the eval asks again is an answer given away: the score rises and the app does not.
"""

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from labkit.arguments import every, line, refused, text, whole, yes_or_no
from labkit.errors import ArgumentError
from labkit.evals.auditing import core, plain

ALIKE = 0.75
"""So large a share of carrying words in common makes two questions one."""
STEM = 4
"""Letters of a word that are compared: "keep" and "keeping" are the same."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the answer that the model should take as a pattern."""

    input: str
    output: str
    label: str
    """Its class: each class should be shown before one is shown twice."""
    tokens: int
    """What it adds to the prompt, for example by ``count_tokens``."""
    abstains: bool = False
    """Whether the answer is that there is none: without one the model learns to always answer."""

    def __post_init__(self) -> None:
        """Refuse what cannot be shown or counted."""
        for name in ("input", "output", "label"):
            text(name, getattr(self, name), "No example can be made of it.")
        whole("tokens", self.tokens, "It cannot be held against a budget.", least=0)
        yes_or_no("abstains", self.abstains, "It is a pattern for saying nothing, or it is none.")

    def __repr__(self) -> str:
        """Its class and question, and what it adds."""
        kind = f"{self.label}, abstains" if self.abstains else self.label
        return f"{kind}: {line(self.input, 60)} ({self.tokens:,} tokens)"


def pick_examples(
    pool: Iterable[Example],
    k: int,
    *,
    eval_inputs: Collection[str],
    max_tokens: int,
    seed: int,
) -> list[Example]:
    """Choose at most k examples: one that abstains first, then one of each class in turn.

    The order of the pool does not count, and an example that no longer fits makes way for a smaller
    one. Fewer than k come back where the rest leaks, repeats another or is too long.

    Two questions are one if they differ in capitals, punctuation and small words only, or share
    three quarters of the words that carry them. A paraphrase in other words is not seen.

    Args:
        pool: What may be shown.
        k: How many at most. Keep only as many as gain more on the eval than its interval is wide.
        eval_inputs: The questions of the eval; give all of them, those of production, too.
        max_tokens: What all of them together may add to the prompt.
        seed: The same seed picks the same.
    """
    found = every("pool", pool, Example, 'Example("How long?", "A week.", "loans", 12)')
    whole("k", k, "So many cannot be shown.", least=1)
    asked = every("eval_inputs", eval_inputs, str, '["How long may I keep a drill?"]')
    whole("max_tokens", max_tokens, "No example fits into it.", least=0)
    rng = random.Random(whole("seed", seed, "The same seed must pick the same."))
    shuffled = rng.sample(sorted(set(found), key=order), len(set(found)))
    clean = unlike(shuffled, [words_of(one) for one in asked])
    abstaining = [one for one in clean if one.abstains and one.tokens <= max_tokens]
    if not abstaining:
        raise none_abstains(found)
    picked = abstaining[:1]
    while len(picked) < k:
        left = max_tokens - sum(one.tokens for one in picked)
        fit = [one for one in clean if one not in picked and one.tokens <= left]
        if not fit:
            break
        picked.append(min(fit, key=lambda one: shown_times(one.label, picked)))
    return picked


def shown_times(label: str, picked: Sequence[Example]) -> int:
    """How often a class is shown already."""
    return sum(one.label == label for one in picked)


def order(one: Example) -> tuple[str, str, str, int, bool]:
    """A place for each example that does not hang on where it stood."""
    return one.input, one.output, one.label, one.tokens, one.abstains


def unlike(pool: Iterable[Example], asked: Sequence[frozenset[str]]) -> list[Example]:
    """The examples that ask neither what the eval asks nor what one before them asks."""
    kept: list[Example] = []
    seen = list(asked)
    for one in pool:
        words = words_of(one.input)
        if not any(is_alike(words, other) for other in seen):
            kept.append(one)
            seen.append(words)
    return kept


def words_of(question: str) -> frozenset[str]:
    """What carries a question: the beginnings of its words, without the small ones."""
    return frozenset(word[:STEM] for word in core(plain(question)))


def is_alike(words: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two questions are one."""
    return len(words & others) >= ALIKE * len(words | others)


def none_abstains(pool: Collection[Example]) -> ArgumentError:
    """The error for a pool from which nobody could learn to say no."""
    have = sum(one.abstains for one in pool)
    return refused(
        "the number of examples in pool that abstain",
        have,
        "None is left that the eval does not ask and that fits into max_tokens, and without one "
        "the model learns to answer everything.",
        'Add Example(question, "I don\'t know.", label, tokens, abstains=True).',
    )
