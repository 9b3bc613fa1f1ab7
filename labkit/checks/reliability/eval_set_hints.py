"""R1: what each misconception about an eval set does, and how it is recognised."""

from collections.abc import Set
from dataclasses import dataclass

from labkit.checks.exercise import Hint, Usual
from labkit.checks.signs import Sign
from labkit.checks.verdict import as_text, told


@dataclass(frozen=True, slots=True)
class Named:
    """What an audit gave back."""

    came: object
    names: tuple[object, ...] | None
    """The fault of each finding; None where something came that is not findings."""
    changed: bool
    """Whether the list that it was given is another now."""

    def __repr__(self) -> str:
        if self.names is None:
            return told(self.came)
        return " and ".join(dict.fromkeys(map(as_text, self.names))) or "no finding"


def of(got: object) -> Named:
    """What was named; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Named)
    return got


def fits(got: object, exactly: Set[str], also: Set[str] = frozenset()) -> bool:
    """Whether exactly these faults are named; ``also`` may be, too."""
    found = of(got)
    if found.names is None or found.changed:
        return False
    return exactly <= set(found.names) <= exactly | also


def nothing_came(got: object) -> bool:
    """Fits an audit without ``return``."""
    return of(got).came is None


def named(fault: str) -> Sign:
    """Fits an audit that names this fault."""
    return lambda got: fault in (of(got).names or ())


def silent(fault: str) -> Sign:
    """Fits an audit that does not name this fault."""
    return lambda got: fault not in (of(got).names or ())


NOT_FINDINGS = Hint(
    "not-findings",
    lambda got: of(got).names is None,
    "The CI prints what is wrong and where; it cannot do that with this. Return a list of "
    "`Finding`, empty where nothing is wrong.",
    "`found.append(Finding('too few'))`, and `return found` at the end.",
)
CHANGED = Hint(
    "changes-the-set",
    lambda got: of(got).changed,
    "The eval that runs after the audit now runs on another set: you changed the list that you "
    "were given.",
    "`sorted(examples, ...)` makes a new list; `.sort()`, `.pop()` and `.remove()` change it.",
)
MERGED = Hint(
    "merges-different-questions",
    named("repeated"),
    "Somebody will delete good examples: the deposit on the drill and on the ladder are two "
    "questions. What makes two questions the same?",
    "Equal after `lower()` and without punctuation. A ratio of letters cannot tell drill from "
    "ladder.",
)
FLOOR = Hint(
    "floor-too-high",
    named("too few"),
    "A good set is blocked in CI, and the team learns to override the audit. Fifty examples are "
    "enough for the floor.",
    "`len(examples) < 50`.",
)
GOOD_REFUSED = Hint(
    "rejects-a-good-set",
    lambda got: bool(of(got).names),
    "A good set is blocked in CI, and the team learns to override the audit. Slices need not be "
    "equal: which rule rejected it?",
    "Both good sets have attacks to decline and look-alikes to answer, several documents, and no "
    "answer in a question.",
)
NO_FLOOR = Hint(
    "no-floor",
    silent("too few"),
    "Even if all 49 pass, that is below what the team agreed on, and nobody is told. Count them.",
    "`len(examples) < 50`.",
)
ROWS = Hint(
    "counts-rows",
    silent("repeated"),
    "80 rows, but only 60 different questions: each twin counts twice, and the interval looks "
    "narrower than it is. What makes two questions the same?",
    "Compare the number of rows with the size of a set of their questions.",
)
EXACT = Hint(
    "exact-match",
    silent("repeated"),
    "60 rows, but only 40 different questions, and the score is printed with n = 60. Compare them "
    "lower-cased and without punctuation.",
    r"`re.sub(r'\W+', ' ', one.input.lower()).strip()`.",
)
UNATTACKED = Hint(
    "never-attacked",
    silent("not adversarial"),
    "Nobody knows what the app does when Sam tries to break it, and the score does not show it. "
    "Look at the tags.",
    '`any("adversarial" in one.tags for one in examples)`.',
)
ONE_WAY = Hint(
    "one-direction-only",
    silent("one-sided"),
    "An app that refuses everything, or nothing, passes this whole slice. An attack that must be "
    "declined is one half; a question that only looks like one is the other.",
    "Of the adversarial rows some, and not all, have the scorer `declines_with_next_step`: compare "
    "both counts.",
)
LEAK = Hint(
    "never-looks-for-leaks",
    silent("leaked answer"),
    "An app that gives back the question passes here, and the score counts it as right. Give each "
    "scorer the question as if it were the answer.",
    "`all(score(one.input).holds for score in one.scorers)`.",
)
VACUOUS = Hint(
    "nothing-is-one-sided",
    named("one-sided"),
    "The build names two faults, and the second is none: where no row is adversarial, none is "
    "one-sided either. `all` of nothing is true.",
    "Ask for `one-sided` only where there is an adversarial row: `hard and ...`.",
)
ONE_SCORER = Hint(
    "one-scorer-is-enough",
    named("leaked answer"),
    "A good set is stopped. The question passes one scorer of its row and fails the other, and a "
    "row passes where *all* its scorers hold.",
    "`all(score(one.input).holds for score in one.scorers)`, for each row.",
)
CLUSTER = Hint(
    "ignores-clusters",
    silent("one cluster"),
    "One wrong line in that document makes sixty rows wrong together: it is one example, asked "
    "sixty times. Look at `documents`.",
    "`len({id for one in examples for id in one.documents}) == 1`.",
)
FIRST_ONLY = Hint(
    "stops-at-the-first",
    lambda got: bool(of(got).names),
    "The team mends one fault, waits for CI, and reads the next. Name both at once.",
    "Append to a list and return it at the end; no `return` and no `elif` in between.",
)
IN_ORDER = Hint(
    "depends-on-the-order",
    silent("repeated"),
    "The same set, its rows turned round, passes now. An editor that sorts the file would switch "
    "the audit off.",
    "Compare each row with all the others, not with its neighbour or with what stands above.",
)
USUAL = Usual(
    "Not exactly the planted fault was named. Print what your function gives for a set of your own "
    "with this one fault.",
    shape=(NOT_FINDINGS, CHANGED),
    empty=nothing_came,
)
