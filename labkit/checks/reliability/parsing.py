"""R10, handling parse failures: what its first function must make of each reply."""

from collections.abc import Callable
from dataclasses import replace

from pydantic import BaseModel

from labkit.checks.exercise import Case, Exercise, Hint, Usual
from labkit.checks.messages import THINKING, TOOL_USE, message, text
from labkit.checks.reliability.parsing_twice import TWICE
from labkit.checks.signs import Sign, anything, raised
from labkit.reliability import Fallback, Parsed
from labkit.trace import Usage

GOOD = '{"item": "drill", "refund_cents": 1200}'
CUT = '{"item": "drill", "refund_cents": 12'
CANNED = "I'm sorry, but I can't help with that."
ONCE = Usage(input_tokens=10, output_tokens=5)


class Refund(BaseModel):
    """What the replies of the cases should hold."""

    item: str
    refund_cents: int


def parsed(got: object) -> bool:
    """Whether a value was made of the reply."""
    return isinstance(got, Parsed)


def fell(*reasons: str) -> Sign:
    """Fits a fallback for one of these reasons."""
    return lambda got: isinstance(got, Fallback) and got.reason in reasons


NO_RESULT = Hint(
    "not-a-result",
    lambda got: not isinstance(got, (Parsed, Fallback)),
    "The program behind this stores whatever it gets: an empty refund was stored. It needs to see "
    "whether there is a value. Return `Parsed(value)` or `Fallback(reason)`.",
    "In every branch, also after an exception: `return Fallback('invalid', str(problem))`.",
)
NO_USAGE = Hint(
    "no-usage",
    anything,
    "This reply was paid for, and nobody counts it. A failed one costs as much as a good one.",
    "Give `usage=usage_of(message)` to what you return, in every branch.",
)
MENDED = Hint(
    "repaired",
    parsed,
    "The number was cut from 1200 to 12, and 12 was stored. What is cut off cannot be known.",
    "Look at `message.stop_reason` before you look at the text; a cut reply is never parsed.",
)
TEXT_FIRST = Hint(
    "text-first",
    fell("invalid", "refused", "truncated"),
    "The reason is the wrong one, so the next step will be, too: a cut reply wants a higher "
    "ceiling, a refusal wants a person, and only an invalid one wants a question.",
    "`stop_reason` first: `max_tokens` is truncated, `refusal` is refused, whatever text there is.",
)
REFUSAL_READ = Hint(
    "refusal-as-value",
    parsed,
    "The model took this back, and you stored it. A refusal may come with text, also with JSON.",
    "Ask for `stop_reason == 'refusal'` before you read the text.",
)
TOO_STRICT = Hint(
    "only-bare-json",
    fell("invalid"),
    "The value is there, whole and unique. A fence or a sentence around it changes nothing, and "
    "asking again costs a call.",
    "Find the first `{`, and let `json.JSONDecoder().raw_decode` say where its object ends.",
)
GREEDY = Hint(
    "takes-one-of-two",
    parsed,
    "There are two objects here, and you chose one. Which of two refunds is meant nobody can say.",
    "After the first object nothing but prose may follow: no other `{`.",
)
LENIENT = Hint(
    "lenient",
    parsed,
    "This is JSON for a tolerant reader and a wrong refund for everybody else. `json.loads` takes "
    "NaN and lets the last of two equal keys win; a model class turns texts into numbers.",
    "`parse_constant=` and `object_pairs_hook=` refuse the first two; "
    "`model_validate_json(text, strict=True)` the third.",
)
UNWRAPPED = Hint(
    "unwraps-a-list",
    parsed,
    "You were sent a list and took its first element. Tomorrow it has two.",
    "The object must not stand inside brackets.",
)
FIRST_BLOCK = Hint(
    "first-block",
    anything,
    "Nobody promises that text stands first, or at all: the reply can begin with a thinking block "
    "or call a tool.",
    "Join the text of every block whose `.type` is `'text'`.",
)
THROWN_AWAY = Hint(
    "refuse-everything",
    fell("invalid", "refused", "truncated"),
    "A good refund came, and your app threw it away. Try your function on this reply alone.",
)
WRONG_VALUE = Hint(
    "other-value",
    parsed,
    "A value came, and not the one in the reply. `value` is the validated `Refund` itself.",
    "`Parsed(Refund.model_validate_json(text, strict=True), usage=...)`.",
)
USUAL = Usual("What came is not what this reply should give.", shape=(NO_RESULT,))


def gives(value: Refund) -> Sign:
    """Holds for this value."""
    return lambda got: isinstance(got, Parsed) and got.value == value


def reads(given: str, reply: Callable[[], object], wanted: str, *hints: Hint) -> Case:
    """The first function must give this value, or a fallback for this reason."""
    is_value = wanted == GOOD
    holds = gives(Refund.model_validate_json(GOOD)) if is_value else fell(wanted)
    expected = f"Parsed({GOOD})" if is_value else f"Fallback({wanted!r})"

    crashes = replace(FIRST_BLOCK, fits=raised("AttributeError", "IndexError"))
    early = (crashes,) if FIRST_BLOCK in hints else ()
    no_usage = replace(NO_USAGE, fits=holds)
    return Case(
        given=given,
        ask=lambda answer: answer(reply(), Refund),
        expected=f"{expected} with its tokens",
        holds=lambda got: holds(got) and getattr(got, "usage", None) == ONCE,
        usual=USUAL,
        own=(no_usage, *hints),
        first=early,
    )


READING = (
    reads("the object alone", lambda: message(text(GOOD)), GOOD, THROWN_AWAY, WRONG_VALUE),
    reads(
        "a thinking block, then the object",
        lambda: message(THINKING, text(GOOD)),
        GOOD,
        FIRST_BLOCK,
    ),
    reads(
        "the object in a code fence",
        lambda: message(text(f"```json\n{GOOD}\n```")),
        GOOD,
        TOO_STRICT,
    ),
    reads(
        "a sentence, then the object",
        lambda: message(text(f"Here is the refund: {GOOD}")),
        GOOD,
        TOO_STRICT,
    ),
    reads(
        f'stop_reason "max_tokens" after {CUT}',
        lambda: message(text(CUT), stop_reason="max_tokens"),
        "truncated",
        MENDED,
        TEXT_FIRST,
    ),
    reads(
        'stop_reason "refusal" and no content',
        lambda: message(stop_reason="refusal"),
        "refused",
        TEXT_FIRST,
    ),
    reads(
        'stop_reason "refusal" after a whole object',
        lambda: message(text(GOOD), stop_reason="refusal"),
        "refused",
        REFUSAL_READ,
        TEXT_FIRST,
    ),
    reads("a sentence that declines", lambda: message(text(CANNED)), "invalid", TEXT_FIRST),
    reads(
        "two objects, for 1200 and for 1800",
        lambda: message(text(f"{GOOD}\n{GOOD.replace('1200', '1800')}")),
        "invalid",
        GREEDY,
    ),
    reads(
        "the key refund_cents twice",
        lambda: message(text(GOOD.replace("}", ', "refund_cents": 12}'))),
        "invalid",
        LENIENT,
    ),
    reads(
        "refund_cents is NaN",
        lambda: message(text(GOOD.replace("1200", "NaN"))),
        "invalid",
        LENIENT,
    ),
    reads(
        'refund_cents is the text "1200"',
        lambda: message(text(GOOD.replace("1200", '"1200"'))),
        "invalid",
        LENIENT,
    ),
    reads("a list with one object", lambda: message(text(f"[{GOOD}]")), "invalid", UNWRAPPED),
    reads("end_turn and no content", message, "invalid", FIRST_BLOCK),
    reads(
        "a tool call and no text",
        lambda: message(TOOL_USE, stop_reason="tool_use"),
        "invalid",
        FIRST_BLOCK,
    ),
)

R10 = Exercise(
    code="R10",
    names=("parse_reply", "ask_for"),
    parameters=(2, 3),
    cases=READING + TWICE,
    minutes=20,
    points=4.0,
    after="Tick R10 in your own app when its log counts truncated, refused and invalid apart.",
)
