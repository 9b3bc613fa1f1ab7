"""Which sentence of a prompt earns its tokens: take one out, run the eval, look what is lost.

    sentences -> ablate, which calls evaluate(some of them) -> keep | drop | untested, each with why

Two questions are asked of a sentence. Is anything lost without it? If not: does it do anything
where it stands alone? Only then is it a spare that others make up for. A sentence that changes
nothing either way is not shown to be useless: no example asks for what it says.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from labkit.arguments import every, function, line, refused, table, whole
from labkit.evals import Report, Row

Word: TypeAlias = Literal["keep", "drop", "untested"]
Evaluate: TypeAlias = Callable[[tuple[str, ...]], Report | Mapping[str, bool]]
Places: TypeAlias = tuple[int, ...]
Change: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Ablated:
    """One sentence, and what was seen without it."""

    sentence: str
    verdict: Word
    """``keep``: something is lost without it; ``drop``: nothing is, and others do what it does;
    ``untested``: nothing shows whether it does anything."""
    lost: tuple[str, ...] = ()
    """What held with it and does not without it."""
    gained: tuple[str, ...] = ()
    """What holds without it and did not with it."""

    def __repr__(self) -> str:
        """The verdict, the sentence, and how much changes without it."""
        said = [f"{len(self.lost)} lost"] * bool(self.lost)
        said += [f"{len(self.gained)} gained"] * bool(self.gained)
        seen = f" ({', '.join(said)} without it)" if said else ""
        return f"{self.verdict:<8} {line(self.sentence, SHOWN)}{seen}"


@dataclass(frozen=True, slots=True)
class Ablation:
    """What became of every sentence, in the prompt's order."""

    rows: tuple[Ablated, ...]
    calls: int
    """How often the eval ran."""

    @property
    def verdicts(self) -> list[Word]:
        """The words alone."""
        return [one.verdict for one in self.rows]

    @property
    def kept(self) -> tuple[str, ...]:
        """The prompt without what may go; what nobody tested stays."""
        return tuple(one.sentence for one in self.rows if one.verdict != "drop")

    def __repr__(self) -> str:
        """A line for each sentence, under how many stay."""
        untested = self.verdicts.count("untested")
        first = f"{len(self.kept)} of {len(self.rows)} stay, {untested} of them untested"
        return "\n".join([f"{first} ({self.calls} runs of the eval)", *map(repr, self.rows)])


def ablate(sentences: Iterable[str], evaluate: Evaluate, *, budget: int) -> Ablation:
    """Say of each sentence of a prompt whether it is needed, spare, or not tested at all.

    The longest is tried first. What may go is gone when the next one is tried, so of two sentences
    that say the same one stays. Answers that vary from run to run look like losses: let
    ``evaluate`` ask several times and say what holds in most.

    Before you take anything out for its price, count: a prompt that falls below the model's cache
    minimum costs more than it did.

    Args:
        sentences: The prompt in parts, in their order.
        evaluate: Runs the eval with some of the parts, also with none: its report, or what holds
            by name. Of a report each scorer of each sample counts by itself.
        budget: How often it may run. 2 n + 2 runs are always enough for n parts; what is not
            reached is untested.
    """
    parts = every("sentences", sentences, str, '["Answer in one sentence."]')
    function("evaluate", evaluate, "sentences")
    whole("budget", budget, "The eval could not run even once.", least=1)
    bench = Bench(parts, evaluate, budget)
    now = tuple(range(len(parts)))
    bench.runs(now)
    rows: dict[int, Ablated] = {}
    for place in sorted(now, key=lambda one: (-len(parts[one]), one)):
        rows[place] = bench.tried(place, now)
        if rows[place].verdict == "drop":
            now = without(now, place)
    return Ablation(tuple(rows[place] for place in sorted(rows)), len(bench.seen))


class Bench:
    """The eval, each set of parts run once, and no more often than allowed."""

    def __init__(self, parts: Sequence[str], evaluate: Evaluate, budget: int) -> None:
        """Nothing has run yet."""
        self.parts, self.evaluate, self.budget = parts, evaluate, budget
        self.seen: dict[Places, Mapping[str, bool]] = {}

    def tried(self, place: int, now: Places) -> Ablated:
        """What becomes of one part of the prompt as it is now."""
        sentence = self.parts[place]
        change = self.changed(now, without(now, place))
        if change is None:
            return Ablated(sentence, "untested")
        lost, gained = change
        if lost:
            return Ablated(sentence, "keep", lost, gained)
        if gained or any(self.changed((), (place,)) or ()):
            return Ablated(sentence, "drop", lost, gained)
        return Ablated(sentence, "untested")

    def changed(self, before: Places, after: Places) -> Change | None:
        """What is lost and what is gained between two prompts; None where one may not run."""
        if not (self.runs(before) and self.runs(after)):
            return None
        was, now = self.seen[before], self.seen[after]
        lost = tuple(name for name in was if was[name] and not now[name])
        return lost, tuple(name for name in was if now[name] and not was[name])

    def runs(self, places: Places) -> bool:
        """Run the eval with these parts, unless it has or may not."""
        if places in self.seen:
            return True
        if len(self.seen) >= self.budget:
            return False
        found = holding(self.evaluate(tuple(self.parts[place] for place in places)))
        first = next(iter(self.seen.values()), found)
        if odd := first.keys() ^ found.keys():
            follows = "Two runs can be compared only if both say the same things hold or not."
            raise refused(
                "what only one run has", sorted(odd)[0], follows, "Ask the same in every run."
            )
        self.seen[places] = found
        return True


def without(places: Places, one: int) -> Places:
    """The places but one."""
    return tuple(place for place in places if place != one)


def holding(said: Report | Mapping[str, bool]) -> Mapping[str, bool]:
    """What holds, by name."""
    if isinstance(said, Report):
        return dict(pair for row in said.rows for pair in scores_of(row))
    follows = "Nobody can see what is lost."
    table("what evaluate returned", said, follows)
    for name, holds in said.items():
        if not isinstance(holds, bool):
            raise refused(f"{line(name, 40)} of a run", holds, follows, "Give True or False.")
    return dict(said)


def scores_of(row: Row) -> Iterator[tuple[str, bool]]:
    """Each rule of a sample; all of them fail where the app raised."""
    if row.state == "not run":
        follows = "The provider failed, and that is no loss of a sentence."
        raise refused("a sample not run", row.sample.id, follows, "Let evaluate retry it.")
    scored = {score.scorer: score.holds for score in row.scores}
    for one in row.sample.scorers:
        yield f"{row.sample.id}: {one}", scored.get(str(one), False)
