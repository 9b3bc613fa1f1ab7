"""From a reply to a value that can be trusted, or to the reason why there is none.

    message -> parse_reply -> Parsed | Fallback
    request -> ask_for     -> one call; cut: once more with a higher ceiling; invalid: one question

Nothing is mended: a value that had to be guessed is worse than none.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, NoReturn, TypeAlias, TypeVar

import anthropic
from pydantic import BaseModel, ValidationError
from pydantic.errors import PydanticUserError

from labkit.arguments import line, refused, whole, words
from labkit.reliability.driving import Steps, asked, carry_out, carry_out_async
from labkit.reliability.replies import Outcome, classify_outcome
from labkit.trace import Usage, usage_of

Model = TypeVar("Model", bound=BaseModel)
Reason: TypeAlias = Literal["truncated", "refused", "invalid"]

LONGEST_PROBLEM = 400
CEILING_FACTOR = 4
"""A reply that was cut gets one more try with so many times the tokens."""
LONGEST_WHOLE = 21_333
"""Tokens; of more the SDK says that streaming is required (anthropic 2.12.0)."""
REPAIR = (
    "That could not be used: {problem}. Answer again with one JSON object and nothing else, "
    "with the same facts."
)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[Model]):
    """A value that is whole and valid."""

    value: Model
    usage: Usage = field(default_factory=Usage)
    """The tokens of every attempt that led to it."""
    calls: int = 1


@dataclass(frozen=True, slots=True)
class Fallback:
    """No value, and why; the app goes on without one."""

    reason: Reason
    """``truncated``: the reply was cut; ``refused``; ``invalid``: whole, and not what was asked."""
    problem: str = ""
    """What is wrong with it, on one line, as a repair question can quote it."""
    usage: Usage = field(default_factory=Usage)
    """The tokens of every attempt; a failed one is paid for, too."""
    calls: int = 1


def parse_reply(message: object, model_cls: type[Model]) -> Parsed[Model] | Fallback:
    """Read one reply as a ``model_cls``; never raises, whatever came, and never guesses.

    Prose or a code fence around the object is allowed. Not allowed: a list, a second object, a key
    that stands twice, NaN, a number as a text, and whatever else strict validation refuses.
    """
    check_model(model_cls)
    usage = usage_of(message)
    outcome = classify_outcome(message, source=None)
    if outcome.kind in ("truncated", "refused"):
        reason: Reason = "refused" if outcome.kind == "refused" else "truncated"
        return Fallback(reason, f"the reply was {outcome.kind}", usage)
    if outcome.kind != "answered":
        return Fallback("invalid", _without_text(outcome), usage)
    try:
        found = only_object(outcome.text)
        return Parsed(model_cls.model_validate_json(found, strict=True), usage)
    except ValidationError as problem:
        return Fallback("invalid", in_words(problem), usage)
    except PydanticUserError:  # the class cannot be used, whatever the reply says
        raise
    except Exception as problem:  # also one that a validator of the model lets through
        said = words(problem) or type(problem).__name__
        return Fallback("invalid", line(said, LONGEST_PROBLEM), usage)


def check_model(model_cls: object) -> None:
    """Refuse what nothing can be validated with."""
    if not (isinstance(model_cls, type) and issubclass(model_cls, BaseModel)):
        follows = "Nothing can be validated with it."
        raise refused("model_cls", model_cls, follows, "Give a class derived from BaseModel.")


def only_object(text: str) -> str:
    """The one JSON object in a text, exactly as it stands there.

    Raises:
        ValueError: There is none, more than one, or it is not plain JSON.
    """
    start = text.find("{")
    if start < 0:
        raise ValueError("there is no JSON object in the reply")
    if text.count("[", 0, start) > text.count("]", 0, start):
        raise ValueError("the reply is a list, not one JSON object")
    _, end = STRICT.raw_decode(text, start)
    if set("{}") & set(text[end:]):
        raise ValueError("there is more than one JSON object in the reply")
    return text[start:end]


def _once_each(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """The object of these pairs; a key that stands twice has no one value."""
    found = dict(pairs)
    if len(found) < len(pairs):
        [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"the key {twice!r} stands twice")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number in JSON")


def _finite(digits: str) -> float:
    """The number; one beyond every float would be read as infinity."""
    value = float(digits)
    return value if math.isfinite(value) else _no_number(digits)


STRICT = json.JSONDecoder(
    object_pairs_hook=_once_each, parse_constant=_no_number, parse_float=_finite
)


def in_words(problem: ValidationError) -> str:
    """Every fault that the validation found: where, and what."""
    faults = (
        f"{'.'.join(map(str, fault['loc'])) or 'the object'}: {fault['msg']}"
        for fault in problem.errors(include_url=False, include_input=False)
    )
    return line("; ".join(faults), LONGEST_PROBLEM)


def _without_text(outcome: Outcome) -> str:
    if outcome.kind == "tool_use":
        return "the reply asks for a tool instead of answering"
    return "the reply has no text" if outcome.kind == "empty" else "the reply cannot be read"


def ask_for(
    client: anthropic.Anthropic,
    model_cls: type[Model],
    *,
    max_tokens: int,
    ceiling: int | None = None,
    **request: Any,
) -> Parsed[Model] | Fallback:
    """Ask for a ``model_cls``: two calls at most, and every token of both is counted.

    A reply that was cut is asked for again with the higher ceiling; an invalid one gets one
    question that quotes the fault; a refusal is final. Errors of the API pass through: retrying is
    another layer's work.

    Args:
        client: Any synchronous client of the SDK.
        model_cls: What the reply must be.
        max_tokens: Output tokens of the first call.
        ceiling: Output tokens of the second, where the first was cut; four times as many if None,
            but no more than the SDK sends without streaming.
        request: Everything else that ``messages.create`` takes.
    """
    return carry_out(client, asking(model_cls, request, max_tokens, ceiling))


async def ask_for_async(
    client: anthropic.AsyncAnthropic,
    model_cls: type[Model],
    *,
    max_tokens: int,
    ceiling: int | None = None,
    **request: Any,
) -> Parsed[Model] | Fallback:
    """What ``ask_for`` does, for an asynchronous client."""
    return await carry_out_async(client, asking(model_cls, request, max_tokens, ceiling))


def asking(
    model_cls: type[Model], request: Mapping[str, Any], max_tokens: int, ceiling: int | None
) -> Steps[Parsed[Model] | Fallback]:
    """The one or two calls, and what came of them."""
    check_model(model_cls)
    whole("max_tokens", max_tokens, "No reply can be that long.", least=1)
    most = min(CEILING_FACTOR * max_tokens, max(LONGEST_WHOLE, max_tokens + 1))
    higher = most if ceiling is None else ceiling
    whole("ceiling", higher, "The second try would be cut, too.", least=max_tokens + 1)
    request = asked(request.get("messages", ()), request)
    first = yield {**request, "max_tokens": max_tokens}
    found = parse_reply(first, model_cls)
    if isinstance(found, Parsed):
        return found
    again = once_more(first, found, request, max_tokens, higher)
    if again is None:
        return found
    then = parse_reply((yield again), model_cls)
    return replace(then, usage=found.usage + then.usage, calls=found.calls + then.calls)


def once_more(
    reply: object, found: Fallback, request: Mapping[str, Any], max_tokens: int, ceiling: int
) -> Mapping[str, Any] | None:
    """The second call, or None where none can help: a refusal, a tool call, a web page."""
    if found.reason == "truncated":
        return {**request, "max_tokens": ceiling}
    outcome = classify_outcome(reply, source=None)
    if outcome.kind not in ("answered", "empty"):
        return None
    messages = [*request["messages"]]
    if outcome.kind == "answered":  # the API takes no turn back that is empty
        messages.append({"role": "assistant", "content": list(outcome.content)})
    messages.append({"role": "user", "content": REPAIR.format(problem=found.problem)})
    return {**request, "messages": messages, "max_tokens": max_tokens}
