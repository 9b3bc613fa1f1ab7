"""Which pages a question is about: BM25, the old and good measure of shared rare words.

    pages -> Bm25 -> search(question) -> hits, best first

For some thousands of pages nothing else has to be installed or run. It compares words and no
meaning: a question in other words, or in another language, finds nothing.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from labkit.arguments import line, refused, table, text, whole

SATURATION = 1.2
"""How soon more of the same word adds nothing (k1)."""
LENGTH = 0.75
"""How much a long page is held against it (b)."""
WORD = re.compile(r"\w+")
COMMON = re.compile(
    "an?|and|are|at|be|by|can|do|does|for|from|how|i|if|in|is|it|long|many|may|me|much|my|of|on|or"
    "|that|the|this|to|what|when|where|which|who|will|with|your?"
)
"""Words that say how something is asked and not what; in English."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that shares words with a question."""

    id: str
    score: float
    """Larger is nearer. Of one question's hits; scores of two questions compare only roughly."""
    text: str

    def __repr__(self) -> str:
        """The page and its score."""
        return f"{self.id} {self.score:.1f}"


class Bm25:
    """An index of pages. Read once, asked often; it never changes."""

    def __init__(self, pages: Mapping[str, str]) -> None:
        """Count the words of each page, by its id."""
        table("pages", pages, "Nothing can be found in them.")
        for id, said in pages.items():
            text(f"page {line(id, 40)}", said, "Nothing can be found in it.")
        if not pages:
            raise refused("pages", pages, "Nothing can be found in none.", "Give at least one.")
        self.pages = dict(pages)
        counts = {id: Counter(words(said)) for id, said in pages.items()}
        mean = sum(count.total() for count in counts.values()) / len(counts) or 1
        held_in = Counter(word for count in counts.values() for word in count)
        self.weights: dict[str, list[tuple[str, float]]] = {word: [] for word in held_in}
        for id, count in counts.items():
            flat = SATURATION * (1 - LENGTH + LENGTH * count.total() / mean)
            for word, n in count.items():
                rare = math.log(1 + (len(pages) - held_in[word] + 0.5) / (held_in[word] + 0.5))
                self.weights[word].append((id, rare * n * (SATURATION + 1) / (n + flat)))

    def search(self, question: str, most: int = 3) -> list[Hit]:
        """The pages nearest to a question, best first; none where no word is shared."""
        text("question", question, "Nothing can be looked for.")
        whole("most", most, "A search needs room for what it finds.", least=1)
        scores: Counter[str] = Counter()
        for word in dict.fromkeys(words(question)):
            for id, weight in self.weights.get(word, ()):
                scores[id] += weight  # type: ignore[assignment]
        best = sorted(scores.items(), key=lambda found: -found[1])[:most]
        return [Hit(id, score, self.pages[id]) for id, score in best]


def words(said: str) -> list[str]:
    """The telling words of a text: in small letters, without a plural's s."""
    found = [word for word in WORD.findall(said.lower()) if not COMMON.fullmatch(word)]
    return [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in found]  # noqa: PLR2004
