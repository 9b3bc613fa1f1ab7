"""Whether an answer stands in the passages that it names.

    answer, passages -> sources, quotes, numbers -> Grounding

A source that is named proves nothing by itself: quotes and numbers are looked up in it. That a
paraphrase keeps its passage's meaning is not checked; no code can.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from labkit.arguments import line, table, text

SOURCE = re.compile(r"\[([\w-]+)\]")
QUOTE = re.compile(
    r'["\u201c\u201d\u00ab\u00bb\u201e]([^"\u201c\u201d\u00ab\u00bb\u201e]+)["\u201c\u201d\u00ab\u00bb]'
)
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?!\w)")
THOUSANDS = re.compile(r"(?<=\d)[,\u202f\u00a0\u2009' ](?=\d{3}(?!\d))")
PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u2013": "-", "\u2014": "-", "\u2011": "-"})
WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}  # fmt: skip
NO_SOURCE = "none"
"""How an answer says that it rests on nothing."""


@dataclass(frozen=True, slots=True)
class Grounding:
    """What was looked up, and what was not found."""

    problems: tuple[str, ...]
    """One sentence each; empty where everything was found."""
    sources: tuple[str, ...] = ()
    """The passages that the answer names, in its order."""

    @property
    def holds(self) -> bool:
        """Whether every quote and number stands in a named passage."""
        return not self.problems

    def __repr__(self) -> str:
        """What is wrong, or that nothing is."""
        return "; ".join(self.problems) or f"grounded in {', '.join(self.sources)}"


def grounded(answer: str, passages: Mapping[str, str]) -> Grounding:
    """Look up every quote and every number of an answer in the passages that it names.

    Args:
        answer: Text with its sources in square brackets, ``... [extensions]``.
        passages: The texts that it may rest on, by their id.
    """
    text("answer", answer, "Nothing can be looked up in it.")
    table("passages", passages, "Nothing can be looked up in them.")
    named = tuple(dict.fromkeys(SOURCE.findall(answer)))
    body = SOURCE.sub(" ", answer)
    if not named or named == (NO_SOURCE,):
        said = "it names no source" if not named else "it says that it rests on nothing"
        return Grounding((said,), named)
    missing = [f"there is no passage [{one}]" for one in named if one not in passages]
    here = " ".join(plain(passages[one]) for one in named if one in passages)
    problems = [*missing, *quotes(body, here, passages), *numbers(body, here)]
    return Grounding(tuple(problems), named)


def quotes(body: str, here: str, passages: Mapping[str, str]) -> Iterable[str]:
    """Each quote that does not stand in the named passages, and where it stands instead."""
    for quote in QUOTE.findall(body):
        wanted = plain(quote).strip(" .,;")
        if wanted and wanted not in here:
            elsewhere = [one for one, said in passages.items() if wanted in plain(said)]
            where = f"it stands in [{elsewhere[0]}]" if elsewhere else "it stands nowhere"
            yield f"the quote “{line(quote, 60)}” is not in the source: {where}"


def numbers(body: str, here: str) -> Iterable[str]:
    """Each number that the named passages do not have."""
    known = set(NUMBER.findall(here))
    for number in dict.fromkeys(NUMBER.findall(plain(body))):
        if number not in known:
            yield f"the number {number} is not in the source"


def plain(said: str) -> str:
    """A text as it is compared: one case, one kind of quotes and spaces, numbers as digits."""
    flat = THOUSANDS.sub("", " ".join(said.translate(PLAIN).lower().split()))
    return re.sub(r"[a-z]+", lambda word: WORDS.get(word[0], word[0]), flat)
