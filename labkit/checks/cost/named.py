"""C3's warm-up: whether the reply comes from another name than the one that was asked."""

from labkit.checks.exercise import Case, Exercise, Hint, Usual
from labkit.checks.messages import message, text

NOT_YES_OR_NO = Hint(
    "not-yes-or-no",
    lambda got: got is not None and not isinstance(got, bool),
    "A log wants yes or no, and this is something else. Compare two names; that gives True or "
    "False.",
)
UPSIDE_DOWN = Hint(
    "misses-the-alias",
    lambda got: got is False,
    "Another model answered than the one that was named, and your log says nothing. "
    "`message.model` is the version that answered.",
)
SHORT = Hint(
    "trusts-a-short-name",
    lambda got: got is False,
    "The reply names a version, and the code named none. No word in a short name says that it "
    "moves, and the version may begin with it.",
    "Compare the two names whole.",
)
BY_DATE = Hint(
    "by-date",
    lambda got: got is True,
    "This id has no date and is pinned: it answered under the name that was asked. A date in a "
    "name decides nothing.",
    "Compare the two names; do not look at the shape of either.",
)
BY_LIST = Hint(
    "asks-a-list",
    lambda got: got is False,
    "No list has this maker's names. The reply itself says which model answered.",
)
USUAL = Usual("The function returns True or False.", shape=(NOT_YES_OR_NO,))


def says(named: str, answered: str, *hints: Hint) -> Case:
    """The warm-up's function must see whether the two names differ."""
    expected = named != answered
    return USUAL.gives(
        f"asked {named!r}; message.model is {answered!r}",
        lambda answer: answer(named, message(text("fees"), model=answered)),
        expected,
        *hints,
    )


C3_WARMUP = Exercise(
    code="C3-warmup",
    names=("was_alias",),
    parameters=(2,),
    cases=(
        says("lab-fast-latest", "lab-fast-2", UPSIDE_DOWN),
        says("claude-haiku-4-5", "claude-haiku-4-5-20251001", SHORT),
        says("claude-haiku-5-5", "claude-haiku-5-5", BY_DATE),
        says("lab-fast-1-20260301", "lab-fast-1-20260301", BY_DATE),
        says("stone-small", "stone-large-3", BY_LIST),
    ),
    minutes=2,
    points=1.0,
    after="Log both names with every call. Where they differ, a date is all that keeps you.",
)
