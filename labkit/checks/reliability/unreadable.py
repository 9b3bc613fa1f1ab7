"""R10's warm-up: what the stop reason says before anybody parses."""

from collections.abc import Callable

from labkit.checks.exercise import Case, Exercise, Hint, Usual
from labkit.checks.messages import message, text

OBJECT = '{"loan_fee_cr": 12, "deposit_cr": 40}'

TEXT_ONLY = Hint(
    "looks-at-the-text",
    lambda got: got in ("", "cut", "declined"),
    "The text looks otherwise than the reply is. Ask `message.stop_reason` alone.",
    'It is "max_tokens" where the reply was cut, and "refusal" where the model declined.',
)
RAW = Hint(
    "passes-it-on",
    lambda got: got in ("max_tokens", "refusal", "end_turn", "model_context_window_exceeded"),
    "That is the API's word. The app behind this knows three: cut, declined, and nothing.",
)
HALF = Hint(
    "one-limit-only",
    lambda got: got == "",
    "There are three ways for a reply to end too early: `max_tokens`, a full context window, and a "
    "stream that just ends, whose stop reason is None.",
)
USUAL = Usual('The function returns one of "cut", "declined" and "".')


def says(given: str, reply: Callable[[], object], expected: str, *hints: Hint) -> Case:
    """The warm-up's function must return this word."""
    return USUAL.gives(given, lambda answer: answer(reply()), expected, *hints)


R10_WARMUP = Exercise(
    code="R10-warmup",
    names=("unreadable",),
    parameters=(1,),
    cases=(
        says("end_turn, a whole object", lambda: message(text(OBJECT)), "", RAW, TEXT_ONLY),
        says(
            "max_tokens, in the middle of a number",
            lambda: message(text(OBJECT[:20]), stop_reason="max_tokens"),
            "cut",
            RAW,
            TEXT_ONLY,
        ),
        says(
            "max_tokens, after a whole object",
            lambda: message(text(OBJECT), stop_reason="max_tokens"),
            "cut",
            TEXT_ONLY,
        ),
        says(
            "refusal, after a whole object",
            lambda: message(text(OBJECT), stop_reason="refusal"),
            "declined",
            TEXT_ONLY,
        ),
        says(
            "refusal, no content",
            lambda: message(stop_reason="refusal"),
            "declined",
            TEXT_ONLY,
        ),
        says("end_turn, no content", message, "", TEXT_ONLY),
        says(
            "model_context_window_exceeded",
            lambda: message(text(OBJECT[:20]), stop_reason="model_context_window_exceeded"),
            "cut",
            HALF,
        ),
        says(
            "a stream that just ended: stop_reason None",
            lambda: message(text(OBJECT[:20]), stop_reason=None),
            "cut",
            HALF,
        ),
    ),
    minutes=2,
    points=1.0,
    after="Everything else that can be wrong stands in the text, and there the parser says it.",
)
