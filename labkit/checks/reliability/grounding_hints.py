"""R5: what each misconception about grounding does, and how it is recognised."""

from dataclasses import dataclass

from labkit.checks.exercise import Hint, Usual
from labkit.checks.verdict import told


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look-up gave back."""

    came: object
    holds: bool | None
    """None where something came that is no grounding."""
    problems: tuple[str, ...]

    def __repr__(self) -> str:
        if self.holds is None:
            return told(self.came)
        said = "it holds" if self.holds else "it does not hold"
        return f"{said}: {'; '.join(self.problems)}" if self.problems else said


def of(got: object) -> Looked:
    """What was looked up; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Looked)
    return got


def passed(got: object) -> bool:
    """Fits a text that was let through."""
    return of(got).holds is True


def refused(got: object) -> bool:
    """Fits a text that was held back."""
    return of(got).holds is False


NO_GROUNDING = Hint(
    "not-a-grounding",
    lambda got: of(got).holds is None,
    "The app asks for `.holds`, and the log for `.problems`; this has none of them. Return a "
    "`Grounding`.",
    "`Grounding(tuple(problems))`, with a sentence for each problem. It holds where there is none.",
)
REFUSES = Hint(
    "holds-back-the-true",
    refused,
    "Everything in this answer stands on its page, and Noor is sent to the desk all the same. "
    "Quotes and numbers are looked up; other words may be the model's own.",
    "Look for `QUOTE.findall(answer)` and the numbers in the passages, never for the answer.",
)
NO_SOURCE = Hint(
    "no-source-holds",
    passed,
    "The answer names no page, so nobody can look anything up, and it went through. What names no "
    "source rests on nothing.",
    'Begin with `SOURCE.findall(answer)`: where it is empty, the problem is "it names no source".',
)
NOWHERE = Hint(
    "points-at-nothing",
    passed,
    "The citation points at nothing: there is no such page. Brackets at the end look like a "
    "source, and this is all that you looked at.",
    "*Each* id that the answer names must be a key of `passages`.",
)
ONE_OF_TWO = Hint(
    "one-source-of-two",
    passed,
    "One of the two pages exists, and it let the other one through: Noor looks for a page that "
    "nobody wrote. One good source does not answer for the next.",
    "*Each* id must be a key of `passages`: `all(...)`, not `any(...)` and not the first alone.",
)
UNQUOTED = Hint(
    "quotes-unchecked",
    passed,
    "The page exists, and the quote does not. Noor insists on it at the desk, in the library's own "
    "words that nobody wrote.",
    "Each text between quotation marks must stand in a passage that the answer names.",
)
UNCOUNTED = Hint(
    "numbers-unchecked",
    passed,
    "Noor brings 2 crowns and owes 7, or the other way round. The source is right and the number "
    "is not on it.",
    "Each number in the answer must be among the numbers of the passages that it names.",
)
EVERYWHERE = Hint(
    "looks-everywhere",
    passed,
    "It exists, in another document. The page that the answer names says otherwise, and that is "
    "the one Noor will read.",
    "Look only in `passages[id]` of the ids that the answer names.",
)
PART = Hint(
    "part-of-a-number",
    passed,
    "A 200 was found in 3,200. As a text it stands there; as a number it does not, and the hall "
    "stays bright.",
    "Find the numbers of both with the same pattern and compare them whole, not with `in` a text.",
)
STRAIGHT = Hint(
    "straight-marks-only",
    passed,
    "The same invented quote passes as soon as the model sets curly marks, and most models do. "
    'Your pattern knows only "straight" ones.',
    'One class for all: `["\u201c\u201d]([^"\u201c\u201d]+)["\u201c\u201d]`.',
)
MARKS = Hint(
    "marks-differ",
    refused,
    "\u2019 and ' differ, and nothing else does. The page has a typesetter's apostrophe, the "
    "model a typewriter's.",
    'Before comparing: `.replace("\u2019", "\'")`, in the answer and in the passages.',
)
SINGLE = Hint(
    "apostrophes-as-quotes",
    refused,
    "You took what stands between two apostrophes for a quote. Nobody quoted anything here.",
    "Quotes stand in double marks, straight or curly; a single one is an apostrophe.",
)
BREAK = Hint(
    "line-breaks-differ",
    refused,
    "The sentence is on the page, with a line break in it. Where a line ends says nothing.",
    '`" ".join(text.split())` makes one space of any white space, in both.',
)
SEPARATOR = Hint(
    "separators-differ",
    refused,
    "3200 and 3,200 are one number, and Noor goes without her projector for a comma.",
    'Take the comma between digits out of both: `re.sub(r"(?<=\\d),(?=\\d)", "", text)`.',
)
STOP = Hint(
    "full-stop-in-a-number",
    refused,
    "You looked for `2.` on a page that says `2 crowns`. The point ends the sentence.",
    r"`\d+(?:\.\d+)?` takes a point only where a digit follows.",
)
IN_NAME = Hint(
    "reads-the-name",
    refused,
    "The 24 stands in the page's name and in no sentence. What names a source is no statement.",
    'Take the sources out first: `SOURCE.sub(" ", answer)`.',
)
FIRST = Hint(
    "first-source-only",
    refused,
    "The answer rests on two pages, and you looked on the first. Each quote and each number may "
    "stand on any page that is named.",
    "Collect the passages of all ids; a quote must stand in one of them.",
)
LAST_WORD = Hint(
    "last-look-decides",
    passed,
    "One thing is wrong here and another is right, and the right one hid the wrong one. A problem "
    "that was found stays one, whatever is looked at after it.",
    "Begin with an empty list, and only ever add to it: `problems += [...]`.",
)
PAGE_ALONE = Hint(
    "tidies-the-page-alone",
    refused,
    "This stands on the page, sign by sign, and Noor is sent to the desk. You changed the page "
    "before comparing and left the answer as it was.",
    "Send both through the same function.",
)
USUAL = Usual(
    "Print what your function gives for this answer: which of its sources, quotes and numbers did "
    "it find?",
    shape=(NO_GROUNDING,),
    empty=lambda got: of(got).came is None,
)
