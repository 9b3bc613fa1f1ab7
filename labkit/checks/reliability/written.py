"""R2's warm-up: one text for one content, whatever the order of its keys."""

from collections.abc import Mapping

from labkit.checks.exercise import Case, Exercise, Hint, Usual
from labkit.checks.reliability.fingerprints import NO_TEXT, Both, differ, empty, of, same
from labkit.checks.signs import Sign

ONE = {"prompt": "Be brief.", "tools": {"name": "quote", "risk": "low"}}
SWAPPED = {"name": "low", "risk": "quote"}
TURNED = {"tools": {"risk": "low", "name": "quote"}, "prompt": "Be brief."}

ORDER = Hint(
    "order-counts",
    differ,
    "Somebody sorted the keys, and the team waits for an eval. Both are the same app.",
    "`json.dumps` has `sort_keys`, and that sorts on every level.",
)
LOST = Hint(
    "leaves-out",
    same,
    "The app is another now and the text is the same, so the light would stay green.",
    "Write the whole config: keys, values, and every space in them.",
)
USUAL = Usual("The function returns a text.", shape=(NO_TEXT,), empty=empty)


def writes(given: str, other: Mapping[str, object], sign: Sign, *own: Hint) -> Case:
    """Both texts must be equal, or must differ."""
    return Case(
        given=given,
        ask=lambda answer: Both(answer(dict(ONE)), answer(dict(other))),
        expected="two equal texts" if sign is same else "two different texts",
        holds=lambda got: of(got).is_text and sign(got),
        usual=USUAL,
        own=own,
    )


R2_WARMUP = Exercise(
    code="R2-warmup",
    names=("written",),
    parameters=(1,),
    cases=(
        writes("the same config", ONE, same, ORDER),
        writes("one more space in the prompt", {**ONE, "prompt": "Be  brief."}, differ, LOST),
        writes("another value far inside", {**ONE, "tools": {"name": "quote"}}, differ, LOST),
        writes("two values change places", ONE | {"tools": SWAPPED}, differ, LOST),
        writes("one more key", {**ONE, "model": "a"}, differ, LOST),
        writes("the same, its keys in another order", TURNED, same, ORDER),
    ),
    minutes=2,
    points=1.0,
    after="`hashlib.sha256` of this text is the fingerprint.",
)
