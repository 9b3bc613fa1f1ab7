"""What came of a batch: done, to be sent again, or for a person to look at.

    requests, results in any order -> reconcile -> Reconciled: each request in exactly one of three

A batch that has ended is not one that has succeeded: each result is ``succeeded``, ``errored``,
``canceled`` or ``expired``, and comes in any order, keyed by ``custom_id``. Parameters are checked
only when a request's turn comes. Source: docs: batch processing, 2026-08-22. A message inside
``succeeded`` may be a refusal or cut off: HTTP 200 says nothing of it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from labkit.arguments import refused, shown, whole
from labkit.cost.lines import counted

Request = Mapping[str, Any]
"""``{"custom_id": …, "params": …}``, as it was sent."""

RETRYABLE = frozenset({"overloaded_error", "api_error", "rate_limit_error", "timeout_error"})
"""Errors of a moment. Source: docs: errors, 2026-08-22."""
WHOLE = frozenset({"end_turn", "stop_sequence", "tool_use"})
REASONS = {
    "refusal": "refused: the same request would be refused again",
    "max_tokens": "cut off at max_tokens: send it with a higher one",
    "model_context_window_exceeded": "cut off at the model's window: send less",
    "pause_turn": "not finished: send its content back to go on",
}
"""Stop reasons inside ``succeeded`` that are not done, and what to do about each."""
MOST_TRIES = 3
FEW = 5


class Fate(NamedTuple):
    """What is to be done with one request."""

    kind: str
    """``done``, ``retry`` or ``dead``."""
    why: str = ""
    message: Any = None


@dataclass(frozen=True, slots=True, repr=False)
class Reconciled:
    """Each request of a batch once, in the order of the requests."""

    done: Mapping[str, Any]
    """Whole answers by ``custom_id``: messages as they came."""
    retry: tuple[Request, ...]
    """Requests that can succeed if they are sent again."""
    dead: Mapping[str, str]
    """Why sending the same again would not help, by ``custom_id``: for a person."""
    why: Mapping[str, str]
    """Why each request of ``retry`` is to be sent again."""
    duplicates: tuple[str, ...] = ()
    """Ids with more than one result; the best one counts."""
    strange: tuple[str, ...] = ()
    """Ids of results that nobody had asked for; they are in nothing above."""

    def __repr__(self) -> str:
        """How many of each, and the first few reasons."""
        lines = [
            f"{len(self.done):,} done, {len(self.retry):,} to send again, {len(self.dead):,} dead"
        ]
        lines += [*few("again", self.why), *few("dead", self.dead)]
        if self.duplicates:
            lines.append(f"{counted(len(self.duplicates), 'id')} with more than one result")
        if self.strange:
            lines.append(f"{counted(len(self.strange), 'result')} that nobody asked for")
        return "\n".join(lines)


def reconcile(
    requests: Iterable[Request],
    results: Iterable[object],
    *,
    tries: int = 1,
    most_tries: int = MOST_TRIES,
) -> Reconciled:
    """Give each request what came of it, whatever the order of the results.

    Args:
        requests: What was sent; each ``custom_id`` once.
        results: What ``batches.results()`` gives, or the same lines as dicts.
        tries: How many times these requests have been sent by now.
        most_tries: From this number on what failed is dead instead of sent again.

    Raises:
        ArgumentError: A request or a result has no id, or two requests have the same.
    """
    sent = sent_by_id(requests)
    whole("tries", tries, "Nobody knows when to give up.", least=1)
    whole("most_tries", most_tries, "Nobody knows when to give up.", least=1)
    found: dict[str, Fate] = {}
    ids: Counter[str] = Counter()
    for one in listed("results", results, "batches.results(batch.id)"):
        name = id_of("a result", one)
        ids[name] += 1
        found[name] = better(found.get(name), fate_of(get(one, "result")))
    fates = {name: found.get(name, Fate("retry", "no result")) for name in sent}
    if tries >= most_tries:
        fates = {name: given_up(fate, tries) for name, fate in fates.items()}
    return Reconciled(
        done={name: fate.message for name, fate in fates.items() if fate.kind == "done"},
        retry=tuple(sent[name] for name, fate in fates.items() if fate.kind == "retry"),
        dead={name: fate.why for name, fate in fates.items() if fate.kind == "dead"},
        why={name: fate.why for name, fate in fates.items() if fate.kind == "retry"},
        duplicates=tuple(name for name in ids if ids[name] > 1 and name in sent),
        strange=tuple(name for name in ids if name not in sent),
    )


def fate_of(result: object) -> Fate:
    """What one result asks for."""
    kind = get(result, "type")
    if kind == "succeeded":
        return fate_of_message(get(result, "message"))
    if kind == "errored":
        return fate_of_error(get(result, "error"))
    if kind == "expired":
        return Fate("retry", "expired: its turn did not come within the day")
    if kind == "canceled":
        return Fate("dead", "cancelled: nobody was asked; send it again if it is still wanted")
    return Fate("dead", f"a result of an unknown kind, {shown(kind)}")


def fate_of_message(message: object) -> Fate:
    """Whether a message that came is an answer."""
    reason = get(message, "stop_reason")
    if reason in WHOLE:
        return Fate("done", message=message)
    return Fate("dead", REASONS.get(str(reason), f"ended with {shown(reason)}: read it"))


def fate_of_error(error: object) -> Fate:
    """Whether an error would come again; one that is not known is for a person."""
    inner = get(error, "error")
    kind = str(get(inner if inner is not None else error, "type"))
    if kind in RETRYABLE:
        return Fate("retry", kind)
    message = get(inner, "message")
    return Fate("dead", f"{kind}: {message}" if isinstance(message, str) else kind)


def better(one: Fate | None, other: Fate) -> Fate:
    """Of two results for one id: an answer, then what is certain, then the first."""
    order = ("done", "dead", "retry")
    return one if one and order.index(one.kind) <= order.index(other.kind) else other


def given_up(fate: Fate, tries: int) -> Fate:
    """What has failed often enough is dead."""
    if fate.kind != "retry":
        return fate
    return Fate("dead", f"{fate.why}; given up after {counted(tries, 'attempt')}")


def sent_by_id(requests: Iterable[Request]) -> dict[str, Request]:
    """The requests by their ids, each of which stands for one."""
    sent: dict[str, Request] = {}
    example = '[{"custom_id": "a", "params": {...}}]'
    for one in listed("requests", requests, example):
        name = id_of("a request", one)
        if name in sent:
            follows = "Two requests have it, so a result could belong to either."
            raise refused("custom_id", name, follows, "Give each request an id of its own.")
        sent[name] = one
    return sent


def listed(what: str, values: Any, example: str) -> Iterator[Any]:
    """The values, if they can be gone through."""
    if isinstance(values, Iterable) and not isinstance(values, str | bytes | Mapping):
        return iter(values)
    raise refused(what, values, "Nothing can be matched with it.", f"Give a list: {example}.")


def id_of(what: str, one: object) -> str:
    """The id by which requests and results belong together."""
    name = get(one, "custom_id")
    if isinstance(name, str) and name:
        return name
    follows = "It has no custom_id, so nobody knows what it belongs to."
    raise refused(what, one, follows, 'Give {"custom_id": "a", ...}.')


def get(thing: object, name: str) -> Any:
    """A field of an object of the SDK or of a dict; None where there is none."""
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def few(head: str, reasons: Mapping[str, str]) -> list[str]:
    """The first reasons, a line each."""
    lines = [f"{head}: {name}: {why}" for name, why in list(reasons.items())[:FEW]]
    more = len(reasons) - FEW
    return [*lines, f"{head}: {more:,} more"] if more > 0 else lines
