"""C11, a batch's results: lines as the SDK gives them, and where an answer puts each request.

requests, results -> the answer's three piles beside the right ones -> the first case that fails
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from anthropic.types.messages import MessageBatchIndividualResponse as Result

from labkit.arguments import shown
from labkit.checks.exercise import Answer, Asks
from labkit.checks.verdict import as_text, told

PILES = ("done", "retry", "dead")
TRANSIENT = ("overloaded_error", "api_error", "rate_limit_error", "timeout_error")
FINAL = ("authentication_error", "permission_error", "not_found_error", "request_too_large")
MANY = 12
FEW = 30
Sent = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """One request, what came of it, and where it belongs."""

    pile: str
    result: Mapping[str, Any] | None
    """None where no result came."""


def answered(stop_reason: str = "end_turn", pile: str = "done") -> Line:
    """A message that came."""
    return Line(pile, {"type": "succeeded", "stop_reason": stop_reason})


def failed(kind: str, pile: str) -> Line:
    """An error instead of a message."""
    error = {"type": "error", "error": {"type": kind, "message": "It failed."}, "request_id": None}
    return Line(pile, {"type": "errored", "error": error})


DONE = answered()
OVERLOADED, INVALID = failed("overloaded_error", "retry"), failed("invalid_request_error", "dead")
EXPIRED, CANCELED = Line("retry", {"type": "expired"}), Line("dead", {"type": "canceled"})
REFUSED, CUT = answered("refusal", "dead"), answered("max_tokens", "dead")
MISSING = Line("retry", None)
NEW_KIND = Line("dead", {"type": "paused"})
"""A kind of result that this SDK does not know; it builds a succeeded one without a message."""


def message_of(name: str, stop_reason: str) -> Mapping[str, Any]:
    """The message that answers a request; its id says which."""
    return {
        "id": f"msg_{name}",
        "type": "message",
        "role": "assistant",
        "model": "lab-balanced-1",
        "content": [{"type": "text", "text": f"The label of {name}."}] * (stop_reason != "refusal"),
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 5},
    }


def result_of(name: str, came: Mapping[str, Any]) -> Result:
    """A line of the results as the SDK gives it."""
    inner = dict(came)
    if inner["type"] == "succeeded":
        inner["message"] = message_of(name, inner.pop("stop_reason"))
    return Result.construct(custom_id=name, result=inner)


def named(lines: Sequence[Line]) -> Mapping[str, Line]:
    """Each line with the id of its request."""
    return {f"note-{n}": one for n, one in zip(count(1), lines, strict=False)}


def asked(names: Sequence[str]) -> Sent:
    """The requests with these ids."""
    ask = {"model": "lab-balanced-1", "max_tokens": 20}
    return [{"custom_id": name, "params": ask | {"messages": [name]}} for name in names]


@dataclass(frozen=True, slots=True, repr=False)
class Piles:
    """Where an answer puts each request."""

    value: object
    names: tuple[str, ...]
    sent: Sent
    kept: bool
    """Whether the list of requests is as it was."""

    def __repr__(self) -> str:
        if not self.are_three:
            return told(self.value, 120)
        said = [f"{pile} {listed(self.ids(pile))}" for pile in PILES]
        return "; ".join([*self.wrong, *said])

    @property
    def wrong(self) -> list[str]:
        """What the names in the piles do not show."""
        done, retry, dead = (self.pile(name) for name in PILES)
        changed = [] if self.kept else ["the list of requests is another one"]
        return [
            *changed,
            *(f"{name} has the answer of {self.answer(name)[4:]}" for name in self.swapped[:1]),
            *[f"{name} is no message" for name in done if not self.answer(name)][:1],
            *[f"{shown(one, FEW)} is no request" for one in retry if one not in self.sent][:1],
            *[f"{name} has no reason" for name, why in dead.items() if not is_said(why)][:1],
        ]

    @property
    def are_three(self) -> bool:
        """Whether three piles came, two of them by id."""
        if not isinstance(self.value, tuple) or len(self.value) != len(PILES):
            return False
        done, retry, dead = self.value
        by_id = isinstance(done, Mapping) and isinstance(dead, Mapping)
        return by_id and isinstance(retry, list | tuple)

    def pile(self, name: str) -> Any:
        """One of the three."""
        assert isinstance(self.value, tuple)
        return self.value[PILES.index(name)]

    def ids(self, name: str) -> list[object]:
        """What stands in a pile, by id."""
        pile = self.pile(name)
        if name != "retry":
            return list(pile)
        return [one.get("custom_id") if isinstance(one, Mapping) else one for one in pile]

    def where(self, name: str) -> tuple[str, ...]:
        """The piles that a request stands in, once for each time."""
        return tuple(pile for pile in PILES for one in self.ids(pile) if one == name)

    def answer(self, name: object) -> str:
        """The id of the message that a request got; empty where it is none."""
        return str(getattr(self.pile("done")[name], "id", ""))

    @property
    def swapped(self) -> list[str]:
        """Requests with the answer of another one."""
        mine = [name for name in self.names if name in self.pile("done")]
        return [name for name in mine if self.answer(name) not in ("", f"msg_{name}")]


def is_said(why: object) -> bool:
    """Whether a reason is a text with something in it."""
    return isinstance(why, str) and bool(why.strip())


def listed(ids: Sequence[object]) -> str:
    """The ids, or the first ones."""
    more = f" and {len(ids) - MANY} more" if len(ids) > MANY else ""
    return (", ".join(map(as_text, ids[:MANY])) or "none") + more


def reconciled(
    lines: Mapping[str, Line],
    *,
    order: Callable[[list[Result]], Sequence[Result]] = list,
    more: Sequence[tuple[str, Line]] = (),
    once: bool = False,
) -> Asks:
    """One batch; ``more`` are further results, ``once`` lets them be gone through only once."""

    def ask(answer: Answer) -> object:
        pairs = [*lines.items(), *more]
        came = [result_of(name, one.result) for name, one in pairs if one.result is not None]
        results: Sequence[Result] | Iterator[Result] = order(came)
        sent = asked(list(lines))
        value = answer(sent, iter(results) if once else results)
        return Piles(value, tuple(lines), asked(list(lines)), sent == asked(list(lines)))

    return ask


def shuffled(results: list[Result]) -> list[Result]:
    """The results in another order."""
    return random.Random(3).sample(results, len(results))


def drawn(number: int) -> Mapping[str, Line]:
    """So many lines of every sort."""
    rng = random.Random(7)
    sorts = (DONE, OVERLOADED, INVALID, EXPIRED, CANCELED, REFUSED, CUT, MISSING)
    return named(rng.choices(sorts, weights=(80, 3, 3, 3, 2, 3, 3, 3), k=number))
