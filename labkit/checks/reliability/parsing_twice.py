"""R10, handling parse failures: what its second function may ask, and what it must count."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from labkit.checks.exercise import Answer, Case, Hint, Usual
from labkit.checks.messages import text
from labkit.checks.scripted import Scripted, reply, said
from labkit.checks.signs import raised
from labkit.checks.verdict import told
from labkit.reliability import Fallback, Parsed
from labkit.trace import Usage


class Fee(BaseModel):
    """What the scripted replies should hold."""

    item: str
    fee_cents: int


GOOD = reply(text('{"item": "drill", "fee_cents": 300}'))
INVALID = reply(text('{"item": "drill", "fee_cents": "three"}'))
CUT = reply(text('{"item": "drill", "fee_'), stop_reason="max_tokens")
REFUSED = reply(stop_reason="refusal")
BARE = reply()
CEILING = 100
REQUEST: Mapping[str, Any] = {
    "model": "lab-balanced-1",
    "max_tokens": CEILING,
    "messages": [{"role": "user", "content": "The fee of the drill as JSON."}],
}
AT_MOST = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What came back, and what was sent for it."""

    result: object
    requests: tuple[Mapping[str, Any], ...]

    def __repr__(self) -> str:
        calls = len(self.requests)
        return f"{told(self.result)} after {calls} call{'s' * (calls != 1)}"

    @property
    def calls(self) -> int:
        """How often the provider was asked."""
        return len(self.requests)

    @property
    def usage(self) -> object:
        """The tokens that the result counts."""
        return getattr(self.result, "usage", None)


def of(got: object) -> Asked:
    """What was asked; an exception for anything else, so that no sign fits."""
    assert isinstance(got, Asked)
    return got


def paid(calls: int) -> Usage:
    """The tokens of so many calls."""
    return Usage(input_tokens=10 * calls, output_tokens=5 * calls)


UNTIL = Hint(
    "until-it-parses",
    lambda got: of(got).calls > AT_MOST,
    "You asked until it parsed. A reply that is wrong twice is wrong for a reason, and each try is "
    "paid for while Noor waits.",
    "One more call at most; then `Fallback`, and the app goes on without a value.",
)
ONLY_ONCE = Hint(
    "never-again",
    lambda got: of(got).calls == 1,
    "One more try mends most of these: a higher ceiling, or a question that quotes the fault. You "
    "gave up after the first.",
    "For `truncated` send the same with a higher `max_tokens`, for `invalid` the reply and the "
    "fault.",
)
ASKS_REFUSER = Hint(
    "asks-the-refuser",
    lambda got: of(got).calls > 1,
    "The same question is refused again, and it costs a second time. A refusal is final.",
    "Return the fallback at once where its reason is `refused`.",
)
AGAIN_ALTHOUGH_GOOD = Hint(
    "asks-although-good",
    lambda got: of(got).calls > 1,
    "The first reply was good. The second call costs as much and may differ.",
)
SAME_CEILING = Hint(
    "same-ceiling",
    lambda got: of(got).requests[1]["max_tokens"] <= CEILING,
    "The second reply will be cut at the same place. The ceiling was the reason.",
    "Send `max_tokens` four times as high, once.",
)
BLINDLY = Hint(
    "asks-blindly",
    lambda got: "fee_cents" not in said(of(got).requests, 1).replace("three", ""),
    "The model is not told what was wrong, so it has no reason to answer otherwise. Quote its "
    "reply and the fault.",
    "Append `{'role': 'assistant', 'content': reply.content}` and a user turn with "
    "`found.problem`.",
)
NO_FAULT = Hint(
    "names-no-fault",
    lambda got: of(got).calls > 1 and second(got).count("fee_cents") < AT_MOST,
    "The model reads its own reply again and not what is wrong with it, so it may well say the "
    "same. Name the field and the fault.",
    "The user's turn holds `found.problem`.",
)
NO_REPLY = Hint(
    "quotes-no-reply",
    lambda got: of(got).calls > 1 and '"fee_cents": "three"' not in second(got),
    "The model is told of a fault in a reply that it does not see: nothing is kept between two "
    "calls. Quote the reply as well.",
    "Before the question: `{'role': 'assistant', 'content': reply.content}`.",
)
NO_TALK = Hint(
    "loses-the-question",
    raised("BadRequestError"),
    "The API answers 400 and Noor gets nothing; above stands what it says. It keeps no talk, so "
    "the second request begins with the question, too.",
    "`[*request['messages'], said, question]`: the turns before, the reply as the assistant's, "
    "the fault as the user's.",
)
LOST = Hint(
    "usage-lost",
    lambda got: isinstance(of(got).result, (Parsed, Fallback)) and of(got).usage != paid(2),
    "Two calls were paid for and one is counted. The failed one was not free.",
    "`replace(second, usage=first.usage + second.usage, calls=2)`.",
)
NO_RESULT = Hint(
    "not-a-result",
    lambda got: not isinstance(of(got).result, (Parsed, Fallback)),
    "The program behind this needs to see whether there is a value. Return what `parse_reply` "
    "returns: `Parsed` or `Fallback`.",
)
EMPTY_TURN = Hint(
    "sends-an-empty-turn",
    raised("BadRequestError"),
    "The reply had no block in it, and it went back as a turn: the API answers 400, and Noor gets "
    "nothing.",
    "Quote the reply only where there is something in it.",
)
USUAL = Usual("What came is not what these replies should give.", part=1)


def asks(
    given: str,
    replies: Sequence[Mapping[str, Any]],
    expected: str,
    holds: Callable[[Asked], bool],
    *hints: Hint,
    refused: Hint = NO_TALK,
) -> Case:
    """The second function, in front of these replies; ``refused`` tells of a 400."""

    def ask(answer: Answer) -> object:
        script = Scripted(*replies, spare=GOOD)
        request = {**REQUEST, "messages": list(REQUEST["messages"])}
        result = answer(script.client, Fee, request)
        return None if result is None else Asked(result, tuple(script.requests))

    return Case(
        given=given,
        ask=ask,
        expected=expected,
        holds=lambda got: holds(of(got)),
        usual=USUAL,
        own=(*hints, NO_RESULT),
        first=(refused,),
    )


def value(got: Asked, calls: int) -> bool:
    """Whether the value came, in so many calls, all of them counted."""
    is_value = isinstance(got.result, Parsed) and getattr(got.result.value, "fee_cents", 0) == 300  # noqa: PLR2004
    return is_value and got.calls == calls and got.usage == paid(calls)


def fallback(got: Asked, reason: str, calls: int) -> bool:
    """Whether it was given up for this reason, after so many calls, all of them counted."""
    is_reason = isinstance(got.result, Fallback) and got.result.reason == reason
    return is_reason and got.calls == calls and got.usage == paid(calls)


def second(got: object) -> str:
    """All that was said in the second request, quotation marks as the model wrote them."""
    return said(of(got).requests, 1).replace("\\", "")


def quotes(got: Asked) -> bool:
    """Whether the second request has the reply, and what was wrong with it."""
    unsaid = any(hint.fits(got) for hint in (BLINDLY, NO_FAULT, NO_REPLY))
    return got.calls > 1 and not unsaid


TWICE = (
    asks(
        "a good reply",
        [GOOD],
        "the value after 1 call",
        lambda got: value(got, 1),
        AGAIN_ALTHOUGH_GOOD,
    ),
    asks(
        "a refusal, then a good reply",
        [REFUSED, GOOD],
        "Fallback('refused') after 1 call",
        lambda got: fallback(got, "refused", 1),
        ASKS_REFUSER,
    ),
    asks(
        "a reply that is cut, then a good one",
        [CUT, GOOD],
        "the value after 2 calls, the second with a higher max_tokens; the tokens of both",
        lambda got: value(got, 2) and not SAME_CEILING.fits(got),
        ONLY_ONCE,
        UNTIL,
        SAME_CEILING,
        LOST,
    ),
    asks(
        "a fee that is a text, then a good reply",
        [INVALID, GOOD],
        "the value after 2 calls, the second quotes the reply and the fault; the tokens of both",
        lambda got: value(got, 2) and quotes(got),
        ONLY_ONCE,
        UNTIL,
        BLINDLY,
        NO_REPLY,
        NO_FAULT,
        LOST,
    ),
    asks(
        "a fee that is a text, every time",
        [INVALID],
        "Fallback('invalid') after 2 calls; the tokens of both",
        lambda got: fallback(got, "invalid", 2),
        UNTIL,
        ONLY_ONCE,
        LOST,
    ),
    asks(
        "a reply that is cut, every time",
        [CUT],
        "Fallback('truncated') after 2 calls; the tokens of both",
        lambda got: fallback(got, "truncated", 2),
        UNTIL,
        ONLY_ONCE,
        LOST,
    ),
    asks(
        "a reply without a block, then a good one",
        [BARE, GOOD],
        "the value after 2 calls; the tokens of both",
        lambda got: value(got, 2),
        ONLY_ONCE,
        UNTIL,
        LOST,
        refused=EMPTY_TURN,
    ),
)
