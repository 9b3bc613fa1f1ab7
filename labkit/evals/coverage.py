"""What an eval set covers: how many samples stand in each slice and topic.

samples -> coverage -> Coverage: a grid of counts, with its holes
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from labkit.arguments import every, line
from labkit.evals.values import Sample

NONE = "none"
"""The slice or the topic of a sample that carries no such tag."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The grid of slice and topic."""

    slices: tuple[str, ...]
    topics: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    """Samples by slice and topic; a cell without any is missing."""

    @property
    def covered(self) -> int:
        """Cells with at least one sample."""
        return len(self.counts)

    @property
    def holes(self) -> tuple[tuple[str, str], ...]:
        """Cells without a sample."""
        cells = [(slice, topic) for slice in self.slices for topic in self.topics]
        return tuple(cell for cell in cells if cell not in self.counts)

    def __repr__(self) -> str:
        """A table: a row for each slice, a column for each topic, a point for a hole."""
        rows = [self.row("", self.topics)]
        rows += [
            self.row(slice, [str(self.counts.get((slice, topic), "·")) for topic in self.topics])
            for slice in self.slices
        ]
        cells = len(self.slices) * len(self.topics)
        return "\n".join([*rows, f"{self.covered} of {cells} cells are covered"])

    def row(self, name: str, cells: Sequence[str]) -> str:
        """One line of the table, each cell as wide as its topic."""
        first = max(map(len, self.slices), default=0)
        under = zip(cells, self.topics, strict=True)
        return f"{name:{first}}" + "".join(f"  {cell:>{len(topic)}}" for cell, topic in under)


def coverage(examples: Iterable[Sample]) -> Coverage:
    """The grid of a set: a sample's first tag is its slice, its second its topic."""
    samples = every("examples", examples, Sample, "labkit.case.samples()")
    cells = [(tag(one, 0), tag(one, 1)) for one in samples]
    slices, topics = (tuple(dict.fromkeys(cell[n] for cell in cells)) for n in (0, 1))
    return Coverage(slices, topics, Counter(cells))


def tag(sample: Sample, place: int) -> str:
    """The tag at a place, on one line."""
    return line(sample.tags[place]) if place < len(sample.tags) else NONE
