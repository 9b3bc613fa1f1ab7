"""C3: what a lint that reports too little or too much does to a team."""

from labkit.checks.cost.pinned import Findings
from labkit.checks.exercise import Hint, Usual


def of(got: object) -> Findings:
    """The findings; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Findings)
    assert got.odd is None
    return got


def none(got: object) -> bool:
    """Nothing was reported."""
    return not of(got).found


def some(got: object) -> bool:
    """Something was reported."""
    return bool(of(got).found)


NO_FINDINGS = Hint(
    "not-findings",
    lambda got: isinstance(got, Findings) and got.odd is not None,
    "The build shows a line, an id and a reason for each, and this is something else. Where "
    "nothing is wrong it wants an empty list.",
    "Return a list of tuples `(line, id, why)`; `why` is a text for whoever has to mend it.",
)
FINDS_NOTHING = Hint(
    "misses-the-alias",
    none,
    "On the day the alias moves, every answer of the app may change, and no commit says so. This "
    "line is what the lint is for.",
    "Go through `ast.walk(ast.parse(source))`; a text is a `Constant` whose `value` is a str. "
    "`MOVES` has the aliases.",
)
BY_DATE = Hint(
    "by-date",
    some,
    "claude-haiku-5-5 is pinned, and you flagged it. Since Claude 4.6 an id without a date names "
    "one fixed version; people who are sent to find a date that does not exist turn a lint off.",
    "Ask the catalogue, not the shape: an id in `FIXED` is fine.",
)
FLAGS_PINNED = Hint(
    "flags-the-pinned",
    some,
    "This id names one version for ever, and the build fails for it. Either you report every id, "
    "or you looked for an alias inside a longer text: this one begins with an alias.",
    "Compare the whole id: what is in `FIXED` is fine, wherever it stands.",
)
TRUSTS_A_DATE = Hint(
    "trusts-a-date",
    none,
    "This id does not exist: the fixed version has no date. Somebody added one to please a lint, "
    "and every call of the app is a 404.",
    "A date makes nothing fixed. What is neither in `FIXED` nor in the lock is reported.",
)
GREP = Hint(
    "reads-comments",
    some,
    "That was a comment. It sends nothing, and whoever explains there why an id was replaced "
    "fails the build.",
    "Parse the code: `ast` does not see comments.",
)
IN_A_SENTENCE = Hint(
    "reads-sentences",
    some,
    "A docstring and a log line speak of the id; neither is sent as a model. Only a text that is "
    "an id as a whole can be.",
    "`ID.fullmatch(text)`: it says None to a sentence.",
)
SOME_PLACES = Hint(
    "some-places",
    lambda got: len(of(got).found) < 3,  # noqa: PLR2004 - lines 3 to 5
    "An alias was missed. It can stand in a dict, in a default, in a call, or in two texts side "
    "by side, which Python joins; the app sends it all the same.",
    "`ast.walk(tree)` reaches every `Constant`, also where no name is assigned.",
)
MISSES_JOINED = Hint(
    "misses-joined",
    none,
    "Nobody who reads this line can say which model it asks. An id that is put together when the "
    "code runs is not pinned by anything.",
    "An f-string is an `ast.JoinedStr`; `ast.unparse(node)` without its `f` and quotes shows the "
    "hole, and `ID` knows the braces.",
)
MISSES_LATEST = Hint(
    "misses-latest",
    none,
    "It says itself that it moves: with the next release it is another model. Your catalogue "
    "lists one maker's models; your code may call three.",
    'What ends in `"latest"` moves, whoever makes it.',
)
CLOUD = Hint(
    "flags-the-cloud",
    some,
    "This is the pinned id as a cloud writes it: its region and name before, its own version "
    "behind. The team on that cloud cannot mend what you report.",
    "`ID.fullmatch(text)[1]` is the model without what a cloud writes around it: look that up.",
)
SKIPS_CLOUD = Hint(
    "skips-the-cloud",
    none,
    "The alias moves on this cloud as it does elsewhere. A name before it does not pin it.",
    "`ID.fullmatch(text)[1]` is the model without what a cloud writes around it: look that up.",
)
UNKNOWN_PASSES = Hint(
    "unknown-passes",
    none,
    "Nobody knows this id: neither the catalogue nor the lock. It may be next month's alias, or "
    "a slip of the finger. A list of known aliases always lacks the next one.",
    "Report what is neither in `FIXED` nor among `lock.values()`.",
)
NO_LOCK = Hint(
    "ignores-the-lock",
    some,
    "The team looked this id up and put it into the lock, and the build still fails. The lock is "
    "how a new model gets in before the catalogue knows it.",
    "An id among `lock.values()` is fine, where it does not move.",
)
LOCK_VOUCHES = Hint(
    "lock-vouches",
    none,
    "The lock has a name that moves, so nothing is locked: the name stays, and the model behind it "
    "is another one. That is how it looks after a hurried search and replace.",
    "Ask first what moves, by `MOVES` and by its end, and the lock last.",
)


def other_line(wanted: tuple[tuple[int, str], ...]) -> Hint:
    """The right ids in the wrong lines."""
    ids = [id for _, id in wanted]
    return Hint(
        "another-line",
        lambda got: bool(ids) and [id for _, id in of(got).found] == ids,
        "The id is right and the line is not. In a file of 900 lines nobody finds it.",
        "`node.lineno` counts from 1.",
    )


USUAL = Usual(
    "Compare line by line what is reported with what is expected.",
    shape=(NO_FINDINGS,),
    stops="The build stops at this file, and the files behind it are not looked at. Code may be "
    "any Python: a number, a text with holes, a name alone.",
)
