"""C11, batches for offline work: eighteen batches, and where each request belongs."""

from collections.abc import Mapping

from labkit.checks.cost import batch_lines as lines
from labkit.checks.cost import batch_lines_hints as hints
from labkit.checks.cost.batch_lines import PILES, Line, listed, named, reconciled, shuffled
from labkit.checks.exercise import Asks, Case, Exercise, Hint


def sorts(
    given: str,
    by_id: Mapping[str, Line],
    *own: Hint,
    ask: Asks | None = None,
    wanted: Mapping[str, str] | None = None,
) -> Case:
    """Each request of a batch must stand in its pile, and nowhere else."""
    right = wanted or {name: one.pile for name, one in by_id.items()}
    piles = [(pile, [name for name in right if right[name] == pile]) for pile in PILES]

    def holds(got: object) -> bool:
        found = hints.of(got)
        whole = all(found.where(name) == (pile,) for name, pile in right.items())
        strange = len(found.ids("done") + found.ids("retry") + found.ids("dead")) > len(right)
        shape = not any(one.fits(got) for one in (*hints.USUAL.shape, hints.POSITION))
        return found.are_three and whole and not strange and shape

    return Case(
        given=given,
        ask=ask or reconciled(by_id),
        expected="; ".join(f"{pile} {listed(names)}" for pile, names in piles),
        holds=holds,
        usual=hints.USUAL,
        first=own,
    )


def second(given: str, one: Line, *own: Hint) -> Case:
    """A batch of three whose second is this."""
    return sorts(given, named([lines.DONE, one, lines.DONE]), *own)


def twice(given: str, first: Line, then: Line, pile: str, *own: Hint) -> Case:
    """A batch of three with two results for its second."""
    by_id = named([lines.DONE, first, lines.DONE])
    wanted = {name: pile if name == "note-2" else "done" for name in by_id}
    ask = reconciled(by_id, more=[("note-2", then)])
    return sorts(given, by_id, *own, ask=ask, wanted=wanted)


THREE = named([lines.DONE] * 3)
SIX = named([lines.DONE] * 6)
EVERY = named([lines.DONE, lines.OVERLOADED, lines.INVALID, lines.EXPIRED, lines.REFUSED])
DRAWN = lines.drawn(600)
FOUR = (1, 2, 3, 4)
AGAIN = (hints.good(2), hints.NOT_REQUESTS, hints.lost(2), hints.too_soon(2))
GIVEN_UP = (hints.good(2), hints.lost(2), hints.for_ever(2))

C11 = Exercise(
    code="C11",
    names=("reconcile",),
    parameters=(2,),
    cases=(
        sorts("three requests, three answers, in order", THREE),
        sorts(
            "six answers in another order",
            SIX,
            hints.POSITION,
            ask=reconciled(SIX, order=shuffled),
        ),
        second(
            "the second of three has expired",
            lines.EXPIRED,
            *AGAIN,
        ),
        second(
            "the second of three: errored, overloaded_error",
            lines.OVERLOADED,
            *AGAIN,
        ),
        second(
            "the second of three: errored, invalid_request_error",
            lines.INVALID,
            *GIVEN_UP,
        ),
        sorts(
            f"errored, four times: {', '.join(lines.TRANSIENT)}",
            named([lines.failed(kind, "retry") for kind in lines.TRANSIENT]),
            hints.FEW_ERRORS,
        ),
        sorts(
            f"errored, four times: {', '.join(lines.FINAL)}",
            named([lines.failed(kind, "dead") for kind in lines.FINAL]),
            hints.for_ever(*FOUR),
            hints.lost(*FOUR),
        ),
        second(
            "three requests, no result for the second",
            lines.MISSING,
            hints.MISSING,
            hints.too_soon(2),
        ),
        second("the second of three was canceled", lines.CANCELED, hints.CANCELED, hints.lost(2)),
        second(
            "the second of three succeeded, stop_reason refusal, no content",
            lines.REFUSED,
            hints.REFUSED,
            hints.AGAIN,
            hints.lost(2),
        ),
        second(
            "the second of three succeeded, stop_reason max_tokens",
            lines.CUT,
            hints.CUT,
            hints.AGAIN,
            hints.lost(2),
        ),
        sorts(
            "two succeeded, stop_reason tool_use and stop_sequence",
            named([lines.answered("tool_use"), lines.answered("stop_sequence")]),
            hints.ONLY_END,
        ),
        twice(
            "two results for the second: an answer, then overloaded_error",
            lines.DONE,
            lines.OVERLOADED,
            "done",
            hints.TWICE,
            hints.LAST_WINS,
        ),
        twice(
            "two results for the second: overloaded_error, then an answer",
            lines.OVERLOADED,
            lines.DONE,
            "done",
            hints.TWICE,
            hints.FIRST_WINS,
        ),
        twice(
            "two results for the second: both expired",
            lines.EXPIRED,
            lines.EXPIRED,
            "retry",
            hints.TWICE,
        ),
        sorts(
            "three answers, and one for note-99, which nobody had asked",
            THREE,
            hints.STRANGERS,
            ask=reconciled(THREE, more=[("note-99", lines.DONE)]),
        ),
        second("the second of three has a type that is new: paused", lines.NEW_KIND, hints.UNKNOWN),
        sorts(
            "one of each, and the results can be gone through once",
            EVERY,
            hints.ONCE,
            ask=reconciled(EVERY, once=True),
        ),
        sorts(
            "600 requests, everything mixed",
            DRAWN,
            ask=reconciled(DRAWN, order=shuffled, once=True),
        ),
    ),
    minutes=20,
    points=4.0,
    after="Tick C11 when your nightly job counts its rows: saved, sent again and dead are all.",
)
