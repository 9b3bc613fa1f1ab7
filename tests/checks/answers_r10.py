"""R10: right answers written otherwise, and each misconception written three ways."""

import json
import re
from dataclasses import replace

from pydantic import ValidationError

from labkit import reliability
from labkit.reliability import Fallback, Parsed
from labkit.trace import Usage, usage_of

CODE = "R10"
REASONS = {"max_tokens": "truncated", "refusal": "refused"}


def words(message):
    """The visible text of a message."""
    return "".join(block.text for block in message.content if block.type == "text")


# -- right answers, written otherwise ---------------------------------------------------------


def strictly(message, model_cls, found=lambda text: text):
    """Stop reason first, then everything that is not exactly one object is refused."""
    usage = usage_of(message)
    if message.stop_reason in REASONS:
        return Fallback(REASONS[message.stop_reason], "by the stop reason", usage)
    text = found(words(message))
    start, end = text.find("{"), text.rfind("}") + 1
    try:
        json.loads(text[start:end], object_pairs_hook=once_each, parse_constant=no_number)
        if "[" in text[:start]:
            raise ValueError("a list")
        return Parsed(model_cls.model_validate_json(text[start:end], strict=True), usage)
    except ValueError as problem:
        return Fallback("invalid", str(problem), usage)


def once_each(pairs):
    """A dict of pairs whose keys differ."""
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def no_number(name):
    """NaN and infinity are no JSON."""
    raise ValueError(name)


def by_pattern(message, model_cls):
    """A flat object by a regular expression that must match once."""
    usage = usage_of(message)
    if message.stop_reason != "end_turn":
        reason = REASONS.get(message.stop_reason, "invalid")
        return Fallback(reason, usage=usage)
    found = re.findall(r"(?<!\[)\{[^{}]*\}", words(message))
    keys = re.findall(r'"(\w+)":', "".join(found))
    if len(found) != 1 or len(keys) != len(set(keys)):
        return Fallback("invalid", "not one object", usage)
    try:
        return Parsed(model_cls.model_validate_json(found[0], strict=True), usage)
    except ValidationError as problem:
        return Fallback("invalid", str(problem), usage)


def ask_for(client, model_cls, request):
    """The building block with a request as a dict."""
    return reliability.ask_for(client, model_cls, **request)


def by_branches(client, model_cls, request, parse=reliability.parse_reply):
    """Two branches, each with its own second call."""
    reply = client.messages.create(**request)
    first = parse(reply, model_cls)
    if isinstance(first, Parsed) or first.reason == "refused":
        return first
    if first.reason == "truncated":
        again = {**request, "max_tokens": 1000}
    else:
        said = [{"role": "assistant", "content": reply.content}] if reply.content else []
        question = {"role": "user", "content": f"Wrong: {first.problem}. Once more, please."}
        again = {**request, "messages": [*request["messages"], *said, question]}
    second = parse(client.messages.create(**again), model_cls)
    return replace(second, usage=first.usage + second.usage, calls=2)


def by_loop(client, model_cls, request):
    """A loop of two with a sum."""
    request, paid = dict(request), None
    for _ in range(2):
        reply = client.messages.create(**request)
        found = reliability.parse_reply(reply, model_cls)
        paid = found.usage if paid is None else paid + found.usage
        if isinstance(found, Parsed) or found.reason == "refused":
            break
        request["max_tokens"] *= 4
        said = words(reply) or "(nothing)"
        request["messages"] = [
            *request["messages"],
            {"role": "assistant", "content": [{"type": "text", "text": said}]},
            {"role": "user", "content": found.problem},
        ]
    return replace(found, usage=paid)


RIGHT = [
    (reliability.parse_reply, ask_for),
    (strictly, by_branches),
    (by_pattern, by_loop),
]

# -- planted misconceptions -------------------------------------------------------------------

RIGHT_PARSE, RIGHT_ASK = RIGHT[0]


def but(change):
    """Right but for what ``change`` makes of the message and the right result."""
    return lambda m, cls: change(m, cls, RIGHT_PARSE(m, cls))


def lax(message, model_cls, text=None):
    """`json.loads` and a model class that converts."""
    value = model_cls.model_validate(json.loads(text or words(message)))
    return Parsed(value, usage_of(message))


def when(reply_holds, wrong):
    """Wrong where the reply holds something, else right."""
    return but(lambda m, cls, right: wrong(m, cls) if reply_holds(m, right) else right)


def is_invalid(_, right):
    """Whether the right result is a fallback for an invalid reply."""
    return isinstance(right, Fallback) and right.reason == "invalid"


def first_object(message, model_cls):
    """The first object of a text, whatever follows."""
    text = words(message)
    value, _ = json.JSONDecoder().raw_decode(text, text.find("{"))
    return Parsed(model_cls.model_validate(value), usage_of(message))


def two(message, right):
    """Whether there are two objects."""
    return words(message).count("{") > 1


def some(value):
    """A `Parsed` of a made-up value of the cases' model."""
    return lambda m, cls: Parsed(cls(item="drill", refund_cents=value), usage_of(m))


def has(part):
    """Whether a text stands in the reply."""
    return lambda m, right: part in words(m) and not two(m, right)


READING = {
    "not-a-result": [
        lambda m, cls: json.loads(words(m)),
        lambda m, cls: cls.model_validate_json(words(m)),
        but(lambda m, cls, right: right if isinstance(right, Parsed) else {}),
    ],
    "refuse-everything": [
        lambda m, cls: Fallback("invalid", usage=usage_of(m)),
        lambda m, cls: Fallback("truncated", usage=usage_of(m)),
        lambda m, cls: Fallback("refused", usage=usage_of(m)),
    ],
    "other-value": [
        lambda m, cls: Parsed(words(m), usage_of(m)),
        lambda m, cls: Parsed(json.loads(words(m)), usage_of(m)),
        lambda m, cls: Parsed(cls, usage_of(m)),
    ],
    "no-usage": [
        but(lambda m, cls, right: replace(right, usage=reliability.parse_reply(None, cls).usage)),
        but(lambda m, cls, right: right if isinstance(right, Parsed) else Fallback(right.reason)),
        but(lambda m, cls, right: Parsed(right.value) if isinstance(right, Parsed) else right),
    ],
    "first-block": [
        when(
            lambda m, right: m.content[:1] and m.content[0].type == "thinking",
            lambda m, cls: Fallback("invalid", usage=usage_of(m)),
        ),
        when(lambda m, right: not m.content and m.stop_reason == "end_turn", some(0)),
        lambda m, cls: lax(m, cls, m.content[0].text),
        when(
            lambda m, right: m.stop_reason == "tool_use",
            lambda m, cls: Fallback("truncated", usage=usage_of(m)),
        ),
    ],
    "only-bare-json": [
        when(has("```"), lambda m, cls: Fallback("invalid", usage=usage_of(m))),
        when(has("Here is"), lambda m, cls: Fallback("invalid", usage=usage_of(m))),
        when(
            lambda m, right: words(m)[:1] not in ("{", ""),
            lambda m, cls: Fallback("invalid", usage=usage_of(m)),
        ),
    ],
    "repaired": [
        when(
            lambda m, right: m.stop_reason == "max_tokens",
            lambda m, cls: lax(m, cls, words(m) + "}"),
        ),
        when(lambda m, right: m.stop_reason == "max_tokens", some(12)),
        when(
            lambda m, right: not words(m).endswith("}") and "{" in words(m) and "`" not in words(m),
            lambda m, cls: lax(m, cls, words(m) + "}"),
        ),
    ],
    "text-first": [
        when(
            lambda m, right: m.stop_reason == "max_tokens",
            lambda m, cls: Fallback("invalid", usage=usage_of(m)),
        ),
        when(
            lambda m, right: m.stop_reason == "refusal" and not m.content,
            lambda m, cls: Fallback("invalid", usage=usage_of(m)),
        ),
        when(
            lambda m, right: m.stop_reason == "end_turn" and "sorry" in words(m),
            lambda m, cls: Fallback("refused", usage=usage_of(m)),
        ),
    ],
    "refusal-as-value": [
        when(lambda m, right: m.stop_reason == "refusal" and m.content, lax),
        when(lambda m, right: words(m).startswith("{") and m.stop_reason == "refusal", some(1200)),
        lambda m, cls: (
            lax(m, cls) if m.stop_reason == "refusal" and words(m) else RIGHT_PARSE(m, cls)
        ),
    ],
    "takes-one-of-two": [
        when(two, first_object),
        when(two, lambda m, cls: lax(m, cls, words(m).split("\n")[-1])),
        when(two, some(3000)),
    ],
    "lenient": [
        when(lambda m, right: words(m).count("refund_cents") == 2 and not two(m, right), lax),
        when(has("NaN"), some(0)),
        when(has('"1200"'), lax),
    ],
    "unwraps-a-list": [
        when(has("[{"), some(1200)),
        when(has("[{"), first_object),
        when(has("[{"), lambda m, cls: lax(m, cls, words(m).strip("[]"))),
    ],
    "raises": [
        when(lambda m, right: m.stop_reason == "max_tokens", lax),
        when(is_invalid, lambda m, cls: json.loads("")),
        when(lambda m, right: not m.content, lambda m, cls: m.content[0]),
    ],
    "returns-nothing": [
        lambda m, cls: None,
        lambda m, cls: print(RIGHT_PARSE(m, cls)),
        but(lambda m, cls, right: right if isinstance(right, Parsed) else None),
    ],
}


def tries(most):
    """As many tries as it takes, up to so many, each with what the right second one has."""

    def asks(client, model_cls, request):
        paid = Usage()
        for _ in range(most):
            reply = client.messages.create(**request)
            found = reliability.parse_reply(reply, model_cls)
            paid += found.usage
            if isinstance(found, Parsed) or found.reason == "refused":
                break
            request = rightly(request, reply, found)
        return replace(found, usage=paid)

    return asks


def once(client, model_cls, request):
    """One call."""
    return reliability.parse_reply(client.messages.create(**request), model_cls)


def again(change, *, refused=False, good=False, total=True):
    """Two calls at most; ``change`` makes the second request of the first and the reply."""

    def asks(client, model_cls, request):
        reply = client.messages.create(**request)
        first = reliability.parse_reply(reply, model_cls)
        if isinstance(first, Parsed) and not good:
            return first
        if isinstance(first, Fallback) and first.reason == "refused" and not refused:
            return first
        second = client.messages.create(**change(request, reply, first))
        then = reliability.parse_reply(second, model_cls)
        return replace(then, usage=first.usage + then.usage) if total else then

    return asks


def rightly(request, reply, found):
    """The right second request."""
    more = {**request, "max_tokens": 4 * request["max_tokens"]}
    if not words(reply):
        return more
    said = {"role": "assistant", "content": words(reply)}
    question = {"role": "user", "content": getattr(found, "problem", "again")}
    return {**more, "messages": [*request["messages"], said, question]}


def quoting(request, found, content):
    """The right second request, whatever the reply held."""
    said = {"role": "assistant", "content": content}
    question = {"role": "user", "content": found.problem}
    return {
        **request,
        "max_tokens": 1000,
        "messages": [*request["messages"], said, question],
    }


def louder(request, reply, found, says="Valid JSON, please!"):
    """A second question without the reply; it does not say what was wrong, or this."""
    turn = {"role": "user", "content": says}
    return {**request, "max_tokens": 1000, "messages": [*request["messages"], turn]}


def same(request, reply, found):
    """The same request with a higher ceiling."""
    return {**request, "max_tokens": 1000}


def low(request, reply, found):
    """The right question under the old ceiling."""
    return {**rightly(request, reply, found), "max_tokens": request["max_tokens"]}


def turns(change):
    """The right second request with other messages."""

    def asked(request, reply, found):
        more = rightly(request, reply, found)
        return {**more, "messages": change(more["messages"])}

    return asked


def second_alone(found):
    """A result that counts the last call only."""
    return replace(found, usage=Usage(10, 5))


ASKING = {
    "until-it-parses": [tries(99), tries(3), tries(5)],
    "never-again": [
        once,
        lambda c, cls, r: RIGHT_PARSE(c.messages.create(**r), cls),
        lambda c, cls, r: strictly(c.messages.create(**r), cls),
    ],
    "asks-the-refuser": [
        again(rightly, refused=True),
        again(same, refused=True),
        again(louder, refused=True),
    ],
    "asks-although-good": [
        again(rightly, good=True),
        again(same, good=True),
        again(louder, good=True),
    ],
    "same-ceiling": [
        again(lambda r, reply, found: r),
        again(low),
        again(lambda r, reply, found: {**rightly(r, reply, found), "max_tokens": 50}),
    ],
    "asks-blindly": [
        again(same),
        again(louder),
        again(
            lambda r, reply, found: (
                {**r, "max_tokens": 1000, "messages": [*r["messages"], *r["messages"]]}
            )
        ),
    ],
    "names-no-fault": [
        again(lambda r, reply, found: rightly(r, reply, Fallback("invalid", "Again, please."))),
        again(lambda r, reply, found: rightly(r, reply, Fallback("invalid", "Only JSON."))),
        again(lambda r, reply, found: rightly(r, reply, None)),
    ],
    "quotes-no-reply": [
        again(lambda r, reply, found: louder(r, reply, found, found.problem)),
        again(lambda r, reply, found: louder(r, reply, found, f"Not usable: {found.problem}")),
        again(lambda r, reply, found: louder(r, reply, found, "fee_cents: fee_cents is no int")),
    ],
    "loses-the-question": [
        again(turns(lambda messages: messages[1:])),
        again(turns(lambda messages: messages[-2:][:1])),
        again(turns(lambda messages: [{**one, "role": "model"} for one in messages])),
    ],
    "sends-an-empty-turn": [
        again(lambda r, reply, found: quoting(r, found, reply.content)),
        again(lambda r, reply, found: quoting(r, found, [*map(dict, reply.content)])),
        again(lambda r, reply, found: quoting(r, found, words(reply))),
    ],
    "usage-lost": [
        again(rightly, total=False),
        lambda c, cls, r: second_alone(RIGHT_ASK(c, cls, r)),
        lambda c, cls, r: (
            Parsed(found.value)
            if isinstance(found := RIGHT_ASK(c, cls, r), Parsed) and found.calls == 2
            else found
        ),
    ],
    "not-a-result": [
        lambda c, cls, r: getattr(RIGHT_ASK(c, cls, r), "value", False),
        lambda c, cls, r: c.messages.create(**r),
        lambda c, cls, r: (RIGHT_ASK(c, cls, r),),
    ],
    "raises": [
        lambda c, cls, r: (found := once(c, cls, r)) and found.value and found,
        lambda c, cls, r: (found := once(c, cls, r)) and found.reason and found,
        again(lambda *_: {}),
    ],
    "returns-nothing": [
        lambda c, cls, r: None,
        lambda c, cls, r: print(RIGHT_ASK(c, cls, r)),
        lambda c, cls, r: found if isinstance(found := RIGHT_ASK(c, cls, r), Parsed) else None,
    ],
}
WRONG = {id: [(way, RIGHT_ASK) for way in ways] for id, ways in READING.items()}
for id, ways in ASKING.items():
    WRONG[id] = WRONG.get(id, []) + [(RIGHT_PARSE, way) for way in ways]
