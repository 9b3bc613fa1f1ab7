"""C11: right answers written otherwise, and each misconception written three ways."""

from collections import defaultdict
from typing import NamedTuple

from anthropic.types import messages as kinds

from labkit import cost

CODE = "C11"
PASSING = ("overloaded_error", "api_error", "rate_limit_error", "timeout_error")
WHOLE = ("end_turn", "stop_sequence", "tool_use")
ORDER = ("done", "dead", "retry")


class Reconciled(NamedTuple):
    """What the exercise gives."""

    done: dict
    retry: list
    dead: dict


# -- right answers, written otherwise ---------------------------------------------------------


def the_block(requests, results):
    """The building block, as three piles."""
    found = cost.reconcile(requests, results)
    return found.done, list(found.retry), found.dead


def step_by_step(requests, results):
    """All results by id first; then one request after another."""
    lines = defaultdict(list)
    for one in results:
        lines[one.custom_id].append(one.result)
    done, retry, dead = {}, [], {}
    for request in requests:
        name = request["custom_id"]
        came = lines[name]
        good = [one.message for one in came if one.type == "succeeded"]
        whole = [one for one in good if one.stop_reason in WHOLE]
        errors = [one.error.error.type for one in came if one.type == "errored"]
        if whole:
            done[name] = whole[0]
        elif good:
            dead[name] = f"it ended with {good[0].stop_reason}"
        elif any(kind not in PASSING for kind in errors):
            dead[name] = errors[0]
        elif errors or not came or any(one.type == "expired" for one in came):
            retry.append(request)
        else:
            dead[name] = came[0].type
    return done, retry, dead


def by_elimination(requests, results):
    """All are to be sent again until something else is known."""
    open_ = {one["custom_id"]: one for one in requests}
    done, dead = {}, {}
    for line in results:
        name, came = line.custom_id, line.result
        if name not in open_:
            continue
        if came.type == "succeeded" and came.message.stop_reason in WHOLE:
            done[name] = came.message
        elif came.type == "succeeded":
            dead[name] = str(came.message.stop_reason)
        elif came.type == "errored" and came.error.error.type not in PASSING:
            dead[name] = came.error.error.type
        elif came.type not in ("errored", "expired"):
            dead[name] = came.type
    dead = {name: why for name, why in dead.items() if name not in done}
    retry = tuple(open_[name] for name in open_ if name not in done and name not in dead)
    return Reconciled(done, retry, dead)


# -- planted misconceptions -------------------------------------------------------------------


def message(came):
    """Where a message that came belongs."""
    reason = came.message.stop_reason
    return ("done", came.message) if reason in WHOLE else ("dead", reason)


def error(came):
    """Where an error belongs."""
    kind = came.error.error.type
    return ("retry", kind) if kind in PASSING else ("dead", kind)


SORTS = {
    "succeeded": message,
    "errored": error,
    "expired": lambda came: ("retry", "expired"),
    "canceled": lambda came: ("dead", "canceled"),
}


def better(one, other):
    """The better of two."""
    return min(one, other, key=lambda fate: ORDER.index(fate[0]))


def unknown(came):
    """What nobody foresaw."""
    return "dead", f"unknown: {came.type}"


def look_up(requests, found):
    """Each request with what is known of it."""
    for one in requests:
        yield one, found.get(one["custom_id"], ("retry", "no result"))


def built(
    default=unknown,
    merge=better,
    pairs=look_up,
    read=lambda results: results,
    missing=None,
    again=lambda request, why: request,
    why=lambda why: why,
    save=lambda found: found,
    name=lambda id, place: id,
    give=Reconciled,
    before=lambda requests: None,
    **sorts,
):
    """A reconciliation in which one thing is otherwise."""
    rules = SORTS | sorts

    def reconcile(requests, results):
        before(requests)
        found = {}
        for one in read(results):
            fate = rules.get(one.result.type, default)(one.result)
            id = one.custom_id
            found[id] = merge(found[id], fate) if id in found else fate
        done, retry, dead = {}, [], {}
        for place, (request, (pile, what)) in enumerate(pairs(requests, found)):
            id = name(request["custom_id"], place)
            if pile == "done":
                done[id] = save(what)
            elif pile == "retry":
                retry.append(again(request, what))
            elif pile == "dead":
                dead[id] = why(what)
        return give(done, retry, dead)

    return reconcile


RIGHT = [the_block, step_by_step, by_elimination, built()]


def result(change):
    """What ``change`` makes of the right piles."""
    return lambda requests, results: change(built()(requests, results))


def fixed(pile, why="no reason"):
    """Always this pile."""
    return lambda came: (pile, why)


def only(*passing):
    """Only these errors are sent again."""
    return built(
        errored=lambda came: (
            ("retry" if came.error.error.type in passing else "dead"),
            came.error.error.type,
        )
    )


def stops(*reasons, pile="dead"):
    """Only these stop reasons are whole."""

    def sort(came):
        reason = came.message.stop_reason
        return ("done", came.message) if reason in reasons else (pile, reason)

    return built(succeeded=sort)


def but(reason, pile):
    """Right but for one stop reason."""

    def sort(came):
        is_it = came.message.stop_reason == reason
        return (pile, came.message if pile == "done" else reason) if is_it else message(came)

    return built(succeeded=sort)


def zipped(requests, results):
    """The first result for the first request."""
    found = [one.result for one in results]
    fates = [SORTS.get(one.type, unknown)(one) for one in found]
    rows = list(zip(requests, fates, strict=False))
    return Reconciled(
        {one["custom_id"]: what for one, (pile, what) in rows if pile == "done"},
        [one for one, (pile, _) in rows if pile == "retry"],
        {one["custom_id"]: what for one, (pile, what) in rows if pile == "dead"},
    )


def numbered(requests, results):
    """The same by the number in the list."""
    lines = list(results)
    done = {one["custom_id"]: lines[n].result.message for n, one in enumerate(requests)}
    return Reconciled(done, [], {})


def sorted_ids(requests, results):
    """Sorts the requests, but not the results."""
    ordered = sorted(requests, key=lambda one: one["custom_id"])
    return zipped(ordered, results)


def ended(requests, results):
    """All that came are answers."""
    return Reconciled({one.custom_id: one.result.message for one in results}, [], {})


def ended_maybe(requests, results):
    """The same, without an exception."""
    done = {one.custom_id: getattr(one.result, "message", None) for one in results}
    return Reconciled(done, [], {})


def in_line(requests, results):
    """One result after another; what did not come does not count."""
    sent = {one["custom_id"]: one for one in requests}
    piles = Reconciled({}, [], {})
    for one in results:
        pile, what = SORTS.get(one.result.type, unknown)(one.result)
        if pile == "retry":
            piles.retry.append(sent[one.custom_id])
        else:
            getattr(piles, pile)[one.custom_id] = what
    return piles


def must_come(requests, found):
    """Asks for each."""
    return ((one, found[one["custom_id"]]) for one in requests)


def came_only(requests, found):
    """Only those of which something came."""
    return ((one, found[one["custom_id"]]) for one in requests if one["custom_id"] in found)


def none_known(requests, found):
    """Nothing is known, so nothing is done."""
    return ((one, found.get(one["custom_id"], ("unknown", ""))) for one in requests)


def by_result(requests, found):
    """All of which something came; and then the missing."""
    sent = {one["custom_id"]: one for one in requests}
    for id, fate in found.items():
        yield sent[id], fate
    for id in sent.keys() - found.keys():
        yield sent[id], ("retry", "no result")


def by_result_anyhow(requests, found):
    """The same, and whoever was not asked is made up."""
    sent = {one["custom_id"]: one for one in requests}
    for id in found.keys() | sent.keys():
        yield sent.get(id, {"custom_id": id}), found.get(id, ("retry", "no result"))


def first_checked(results):
    """Stops at what was not asked."""
    for one in results:
        assert not one.custom_id.endswith("99"), "who is that?"
        yield one


def both(requests, found):
    """Every fate of a request."""
    for one in requests:
        for fate in found.get(one["custom_id"], [("retry", "no result")]):
            yield one, fate


def all_fates():
    """Nothing is decided: a request goes wherever a result sends it."""

    def reconcile(requests, results):
        done, retry, dead = {}, [], {}
        seen, sent = set(), {one["custom_id"]: one for one in requests}
        for one in results:
            if one.custom_id in sent:
                seen.add(one.custom_id)
                pile, what = SORTS.get(one.result.type, unknown)(one.result)
                if pile == "retry":
                    retry.append(sent[one.custom_id])
                else:
                    {"done": done, "dead": dead}[pile][one.custom_id] = what
        retry += [sent[id] for id in sent if id not in seen]
        return done, retry, dead

    return reconcile


def doubled_retry(requests, results):
    """Decides well, and lists each line."""
    lines = list(results)
    done, retry, dead = built()(requests, lines)
    sent = {one["custom_id"]: one for one in retry}
    again = [sent[one.custom_id] for one in lines if one.custom_id in sent]
    came = {one.custom_id for one in lines}
    return done, again + [one for id, one in sent.items() if id not in came], dead


def without_looking(requests, results):
    """What failed is sent again, whatever else came for it."""
    lines = list(results)
    done, retry, dead = built()(requests, lines)
    failed = {
        one.custom_id
        for one in lines
        if SORTS.get(one.result.type, unknown)(one.result)[0] == "retry"
    }
    return done, retry + [one for one in requests if one["custom_id"] in failed & done.keys()], dead


def two_loops(requests, results):
    """Once for the answers, once for the rest."""
    rest = built()
    done = {one.custom_id: one.result for one in results if one.result.type == "succeeded"}
    others = [one for one in results if one.result.type != "succeeded"]
    as_lines = [
        kinds.MessageBatchIndividualResponse.construct(custom_id=id, result=came)
        for id, came in done.items()
    ]
    piles = rest(requests, others + as_lines)
    return piles


def two_looks(requests, results):
    """Looks whether something is in it first."""
    any(one.result.type == "errored" for one in results)
    return built()(requests, results)


def with_length(requests, results):
    """Wants to know how many there are."""
    assert len(results) < 100_000
    return built()(requests, results)


def pops(requests, results):
    """Takes out of the list what is done."""
    done, retry, dead = built()(requests, results)
    for one in [one for one in requests if one["custom_id"] in done]:
        requests.remove(one)
    return done, retry, dead


def marks(requests):
    """Writes into the requests."""
    for one in requests:
        one["tries"] = 1


def shortens(requests, results):
    """Takes the ids out of the requests."""
    asked = [dict(one) for one in requests]
    for one in requests:
        one.pop("params")
    return built()(asked, results)


def is_a(came):
    """By its class."""
    if isinstance(came, kinds.MessageBatchSucceededResult):
        return message(came)
    return SORTS.get(came.type, unknown)(came)


WRONG = {
    "returns-nothing": [
        lambda requests, results: None,
        built(give=print),
        lambda requests, results: [].append(built()(requests, results)),
    ],
    "raises": [
        built(read=lambda results: results["results"]),
        built(read=lambda results: [one for one in results if one["custom_id"]]),
        built(save=lambda found: found.text),
    ],
    "not-three-piles": [
        result(lambda piles: piles.done),
        result(lambda piles: piles._asdict()),
        result(lambda piles: (piles.done, piles.retry, list(piles.dead))),
    ],
    "not-by-id": [
        built(name=lambda id, place: place),
        built(name=lambda id, place: f"row {place}"),
        built(name=lambda id, place: int(id.rpartition("-")[2])),
    ],
    "not-the-message": [
        built(succeeded=lambda came: ("done", came)),
        built(save=lambda found: found.content[0].text),
        built(save=lambda found: True),
    ],
    "changes-the-requests": [pops, built(before=marks), shortens],
    "by-position": [zipped, numbered, sorted_ids],
    "ended-is-good": [
        ended,
        ended_maybe,
        built(expired=message),
    ],
    "loses-rows": [
        built(errored=fixed("lost"), expired=fixed("lost"), canceled=fixed("lost")),
        built(errored=fixed("lost")),
        built(errored=lambda came: error(came) if error(came)[0] == "retry" else ("lost", "")),
    ],
    "dead-too-soon": [
        built(errored=fixed("dead"), expired=fixed("dead")),
        built(expired=fixed("dead", "expired")),
        built(errored=lambda came: ("retry" if came.error.type in PASSING else "dead", "error")),
    ],
    "retry-without-requests": [
        built(again=lambda request, why: request["custom_id"]),
        built(again=lambda request, why: (request, why)),
        built(again=lambda request, why: request["params"]),
    ],
    "retries-for-ever": [
        built(errored=fixed("retry")),
        built(default=fixed("retry"), errored=lambda came: ("retry", came.error.error.type)),
        built(
            errored=lambda came: (
                "dead" if came.error.error.type == "invalid_request_error" else "retry",
                came.error.error.type,
            )
        ),
    ],
    "no-reason": [
        built(why=lambda why: None),
        built(why=lambda why: ""),
        built(why=lambda why: {"type": why}),
    ],
    "too-few-retries": [
        only("overloaded_error"),
        only("overloaded_error", "rate_limit_error"),
        only("overloaded_error", "api_error", "timeout_error"),
    ],
    "loses-missing": [built(pairs=must_come), built(pairs=came_only), built(pairs=none_known)],
    "cancelled-again": [
        built(canceled=fixed("retry")),
        built(canceled=SORTS["expired"]),
        built(canceled=lambda came: ("retry", came.type)),
    ],
    "refusal-is-done": [
        built(succeeded=lambda came: ("done", came.message)),
        but("refusal", "done"),
        stops(*WHOLE, "refusal", "max_tokens"),
    ],
    "cut-is-done": [
        but("max_tokens", "done"),
        built(
            succeeded=lambda came: (
                ("done", came.message) if came.message.content else ("dead", "no content")
            )
        ),
        stops(*WHOLE, "max_tokens"),
    ],
    "asks-the-same-again": [
        but("refusal", "retry"),
        but("max_tokens", "retry"),
        stops(*WHOLE, pile="retry"),
    ],
    "only-end-turn": [
        stops("end_turn"),
        stops("end_turn", "tool_use"),
        stops("end_turn", "stop_sequence"),
    ],
    "counted-twice": [all_fates(), doubled_retry, without_looking],
    "last-one-wins": [
        built(merge=lambda one, other: other),
        built(merge=lambda one, other: max(one, other, key=lambda fate: ORDER.index(fate[0]))),
        built(read=lambda results: {one.custom_id: one for one in results}.values()),
    ],
    "first-one-wins": [
        built(merge=lambda one, other: one),
        built(read=lambda results: {one.custom_id: one for one in [*results][::-1]}.values()),
        built(merge=lambda one, other: one or other),
    ],
    "strangers": [
        built(pairs=by_result),
        built(pairs=by_result_anyhow),
        built(read=first_checked),
    ],
    "unknown-kind": [
        built(default=fixed("lost")),
        built(default=fixed("retry")),
        built(succeeded=is_a, default=is_a),
    ],
    "once-through": [two_loops, two_looks, with_length],
}
