"""Whether an answer stands in the passages that it names.

    answer, passages -> sources, quotes, numbers -> Grounding

A source that is named proves nothing by itself: quotes and numbers are looked up in it. That a
paraphrase keeps its passage's meaning is not checked; no code can.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from labkit.arguments import line, table, text

SOURCE = re.compile(r"\[([\w-]+)\]")
MARKS = '"\u201c\u201d\u00ab\u00bb\u201e'
QUOTE = re.compile(rf"[{MARKS}]([^{MARKS}]+)[{MARKS}]|\u2018([^\u2018]+?)\u2019(?!\w)")
"""A text in double marks of any kind, or in curly single ones; straight ones are apostrophes."""
NUMBER = re.compile(r"(?<![\w.])(?<![a-z]-)\d+(?:\.\d+)?(?!\.?\d)")
"""Not inside a word (``lab3``) or an id (``lab-3``, ``1.2.3``); a unit may follow: ``30kg``."""
THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[,' ]\d{3})+(?!\d)")
PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u2013": "-", "\u2014": "-", "\u2011": "-"})
WORDS = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}  # fmt: skip
"""Without "one", which seldom counts: "the red one". A source's "one" is a 1 all the same."""
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
    for one, said in passages.items():
        text(f"passage {line(one, 40)}", said, "Nothing can be looked up in it.")
    named = tuple(dict.fromkeys(SOURCE.findall(answer)))
    body = SOURCE.sub(" ", answer)
    if not named or named == (NO_SOURCE,):
        said = "it names no source" if not named else "it says that it rests on nothing"
        return Grounding((said,), named)
    missing = [f"there is no passage [{one}]" for one in named if one not in passages]
    texts = {one: plain(said) for one, said in passages.items()}
    here = {one: texts[one] for one in named if one in texts}
    problems = [*missing, *quotes(body, here, texts), *numbers(body, here)]
    return Grounding(tuple(problems), named)


def quotes(body: str, here: Mapping[str, str], everywhere: Mapping[str, str]) -> Iterable[str]:
    """Each quote that does not stand in a named passage, and where it stands instead."""
    for quote in ("".join(found) for found in QUOTE.findall(body)):
        wanted = plain(quote).strip(" .,;:!?")
        if wanted and not standing(wanted, here):
            where = standing(wanted, everywhere)
            found = f"it stands in [{where}]" if where else "it stands nowhere"
            yield f"the quote “{line(quote, 60)}” is not in the source: {found}"


def standing(wanted: str, texts: Mapping[str, str]) -> str | None:
    """The first passage that has these words, whole."""
    words = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    return next((one for one, said in texts.items() if words.search(said)), None)


def numbers(body: str, here: Mapping[str, str]) -> Iterable[str]:
    """Each number that the named passages do not have, whatever its zeros: 2.00 is 2."""
    known = {Decimal(found) for said in here.values() for found in NUMBER.findall(said)}
    known |= {Decimal(1) for said in here.values() if re.search(r"\bone\b", said)}
    for number in dict.fromkeys(NUMBER.findall(plain(body))):
        if Decimal(number) not in known:
            yield f"the number {number} is not in the source"


def plain(said: str) -> str:
    """A text as it is compared: one case, one kind of quotes and spaces, numbers as digits."""
    flat = " ".join(said.translate(PLAIN).lower().split())
    whole = THOUSANDS.sub(lambda found: re.sub(r"\D", "", found[0]), flat)
    return re.sub(r"[^\W\d_]+", lambda word: WORDS.get(word[0], word[0]), whole)
