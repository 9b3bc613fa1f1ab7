"""Which of many texts have a term: looked for when somebody asks, and not before.

    texts -> one folded text -> a term's stubs, found in it -> the words there -> places

A manual has ten thousand sentences, and a question has five words: so no sentence is taken apart
that does not hold one of them. Whoever asks for hundreds of terms pays for that once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from labkit.sim.model.words import folded, stubs, terms_in, terms_of, words_in

GAP = " \n "
"""Between two texts, none of which has a line break of its own."""
MOST_SEARCHED = 100
"""Terms that are looked for in the whole text; so many cost what taking all of it apart does."""


class Index:
    """Texts, each of one line, in which terms and words are found."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Fold the texts all at once."""
        self.text = f" {folded(GAP.join(texts))} "
        self.lines = self.text.split("\n")
        self.searched = 0

    def places(self, term: str) -> Sequence[int]:
        """The texts that have a term, in order."""
        self.searched += 1
        if self.searched > MOST_SEARCHED:
            return self.apart.get(term, ())
        found = (place for stub in stubs(term) for place in self._places(stub, term))
        return sorted({*found})

    def _places(self, stub: str, term: str) -> Iterator[int]:
        """Those in which a word has the term that begins so; mostly it is the same word again."""
        if stub not in self.text:
            return
        same = f" {stub} " if term in terms_of(stub) else GAP
        for place, line in enumerate(self.lines):
            if stub in line:
                if same not in line:
                    near = (piece for piece in line.split() if stub in piece)
                    piece = next((one for one in near if term in terms_of(one)), None)
                    if piece is None:
                        continue
                    same = f" {piece} "
                yield place

    @cached_property
    def apart(self) -> Mapping[str, Sequence[int]]:
        """The texts by their terms, all of them taken apart."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, line in enumerate(self.lines):
            for term in {*terms_in(line)}:
                found[term].append(place)
        return dict(found)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of every text."""
        return frozenset(words_in(" ".join({*self.text.split()})))
