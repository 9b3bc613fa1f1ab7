"""C4: prompts whose every effect is known, and what an answer makes of them.

sentences with what each does -> Bench, which counts its runs -> Words
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from labkit.arguments import LONGEST
from labkit.checks.exercise import Answer, Asks
from labkit.checks.verdict import told

WORDS = ("keep", "drop", "untested")
PLENTY = 99
"""More runs than anybody needs."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a prompt, and what it does."""

    text: str
    does: str = ""
    """What holds with it, a letter each."""
    breaks: str = ""
    """What does not hold with it, whoever else does it."""
    needs: str = ""
    """Works only beside a sentence that begins so."""


@dataclass(slots=True)
class Bench:
    """The eval of such a prompt; it counts how often it runs."""

    sentences: Sequence[Sentence]
    always: str = ""
    """What holds without any sentence, where nothing breaks it."""
    runs: int = 0
    names: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Everything that anybody does or breaks is asked for, and one thing that never holds."""
        said = "".join(one.does + one.breaks for one in self.sentences) + self.always
        self.names = sorted({*said, "z"})

    def __call__(self, some: Sequence[str]) -> dict[str, bool]:
        """What holds with these sentences."""
        self.runs += 1
        given = list(some)
        by_text = {one.text: one for one in self.sentences}
        here = [by_text[text] for text in given]
        works = [
            one
            for one in here
            if not one.needs or any(text.startswith(one.needs) for text in given)
        ]
        done = {letter for one in works for letter in one.does} | set(self.always)
        broken = {letter for one in works for letter in one.breaks}
        return {name: name in done and name not in broken for name in self.names}


@dataclass(frozen=True, slots=True)
class Words:
    """What came for a prompt."""

    value: object
    runs: int
    budget: int
    n: int

    def __repr__(self) -> str:
        """The words in their order, and how often the eval ran."""
        if not self.are_words:
            return told(self.value, LONGEST)
        said = ", ".join(self.words)
        return f"{said} ({self.runs} runs of at most {self.budget})"

    @property
    def are_words(self) -> bool:
        """Whether there is one of the three words for each sentence."""
        return (
            isinstance(self.value, list)
            and len(self.value) == self.n
            and all(isinstance(one, str) and one in WORDS for one in self.value)
        )

    @property
    def words(self) -> tuple[str, ...]:
        """The words."""
        assert isinstance(self.value, list)
        return tuple(self.value)

    @property
    def in_budget(self) -> bool:
        """Whether the eval ran no more often than it may."""
        return self.runs <= self.budget


def of(got: object) -> Words:
    """The words; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Words)
    assert got.are_words
    return got


def ablates(sentences: Sequence[Sentence], always: str, budget: int) -> Asks:
    """Ask for the words of a prompt."""

    def ask(answer: Answer) -> object:
        bench = Bench(sentences, always)
        value = answer([one.text for one in sentences], bench, budget)
        if value is None:
            return None
        return Words(value, bench.runs, budget, len(sentences))

    return ask


def table_of(given: Mapping[str, str]) -> tuple[Sentence, ...]:
    """Sentences that only do something, by their text."""
    return tuple(Sentence(text, does) for text, does in given.items())
