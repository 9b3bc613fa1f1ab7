"""Slow work on the path of a request, and off it: the same minute at two services, moved by hand.

reports, workers, restart -> both handlers with the same people -> WorkersScene -> view

The work itself only takes its time here, as long as it took with the model.
"""

import math
from collections.abc import Mapping, Sequence
from functools import cache

from labkit.arguments import function, refused, table
from labkit.contrast.rushes import CHATS, MONTHS, Handle, OpenQueue, Rush, replay, said
from labkit.views import Provenance, View, amount, toggle
from labkit.views.cost.workers import (
    ChatWait,
    Stretch,
    WorkerLane,
    WorkersScene,
    WorkersSide,
    draw_workers,
)
from labkit.views.timeline import axis_to
from labkit.views.words import several

RESTART_S = 30.0
LEAST_S = 4.0
"""The least that the top of the columns stands for, so that no wait of two seconds looks long."""
CHATS_NAME, REPORTS_NAME = "chats", "reports, from the queue"
NOT_SHOWN = (
    "How long your reports take and when people come: both are ours. And a machine that loses its "
    "disk: what has to survive that belongs into a database with a copy."
)


def slow_work(
    prototype: Handle,
    production: Handle,
    queue: OpenQueue,
    seconds: Mapping[str, float],
) -> View:
    """Let more people want a report, give both services more workers, or restart them.

    Args:
        prototype: Its code for one person: ``(desk, kind, payload)``.
        production: Its code, which may use ``desk.jobs``.
        queue: Makes production's queue on a connection; one of its workers does the jobs.
        seconds: How long each piece of work takes by itself; ``rush(…).seconds`` has it.
    """
    for name, handle in {"prototype": prototype, "production": production}.items():
        function(name, handle, "desk", "kind", "payload", awaited=True)
    function("queue", queue, "connection")
    table("seconds", seconds, "Nobody knows how long the work takes.")
    known = with_months(seconds)

    @cache
    def scene(reports: int, workers: int, restarts: bool) -> WorkersScene:
        def of(handle: Handle, made: OpenQueue | None) -> Rush:
            restart_s = RESTART_S if restarts else None
            given = {"reports": reports, "workers": workers}
            return replay(handle, known, queue=made, restart_s=restart_s, **given)

        both = of(prototype, None), of(production, queue)
        return scene_of(both, workers, restarts=restarts)

    controls = {
        "reports": amount("People who want a report", 0, len(MONTHS), value=5, unit="people"),
        "workers": amount("Workers of each service", 2, 4, value=2, unit="workers"),
        "restarts": toggle(f"The service restarts after {RESTART_S:.0f} s"),
    }
    return View.of(scene, draw_workers, controls)


def with_months(seconds: Mapping[str, float]) -> dict[str, float]:
    """A time for every month; those that were not measured take what the others took."""
    months = [seconds[month] for month in MONTHS if month in seconds]
    chats = [value for name, value in seconds.items() if name not in MONTHS]
    if not months or len(chats) < CHATS:
        follows = "The view has to know them all."
        how = "Give rush(…).seconds of a run in which everybody was served."
        raise refused("seconds", f"{len(months)} reports, {len(chats)} chats", follows, how)
    return dict.fromkeys(MONTHS, sum(months) / len(months)) | dict(seconds)


def scene_of(both: tuple[Rush, Rush], workers: int, *, restarts: bool) -> WorkersScene:
    """Both minutes as values to draw."""
    prototype, production = both
    waits = [one.waited_s for each in both for one in each.of("chat")]
    longest_s = max([LEAST_S, *(one for one in waits if math.isfinite(one))])
    ends = [one.ended_s for each in both for one in each.spans]
    work = "the queue and the waiting are our code's"
    notes = ("on simulated time", work, "how long the work takes is made up")
    names = [f"worker {n}" for n in range(1, workers + 1)]
    kept = [f"{CHATS_NAME} {n}" if workers > 2 else CHATS_NAME for n in range(1, workers)]  # noqa: PLR2004
    return WorkersScene(
        finding=finding(*both, restarts=restarts),
        sides=(
            WorkersSide("prototype", lanes(prototype, names), chats(prototype), facts(prototype)),
            WorkersSide(
                "production",
                lanes(production, [*kept, REPORTS_NAME]),
                chats(production),
                facts(production),
            ),
        ),
        axis=axis_to(max(ends, default=LEAST_S)),
        longest_s=longest_s,
        restart_s=RESTART_S if restarts else None,
        provenance=Provenance("measured", notes),
        not_shown=NOT_SHOWN,
    )


def lanes(rush: Rush, names: Sequence[str]) -> tuple[WorkerLane, ...]:
    """What was done at the same time stands in different lanes; the queue's worker has the last."""
    rows: list[list[Stretch]] = [[] for _ in names]
    has_queue = names[-1] == REPORTS_NAME
    for one in sorted(rush.spans, key=lambda span: span.began_s):
        is_report = one.kind == "report"
        free = [row for row in rows if not row or row[-1].to_s <= one.began_s + 1e-9]
        row = rows[-1] if has_queue and is_report else free[0]
        kind = "report" if is_report else "chat"
        row.append(Stretch(kind, one.began_s, one.ended_s, one.is_whole))  # type: ignore[arg-type]
    return tuple(
        WorkerLane(name, tuple(row)) for name, row in zip(names, rows, strict=True)
    )  # fmt: skip


def chats(rush: Rush) -> tuple[ChatWait, ...]:
    """Every chat's wait."""
    return tuple(
        ChatWait(one.came_s, None if one.told_s is None else one.waited_s)
        for one in rush.of("chat")
    )


def facts(rush: Rush) -> dict[str, str]:
    """What it came to."""
    told = max((one.waited_s for one in rush.of("report")), default=None)
    return {
        "19 of 20 chats told within": said(rush.p95_s("chat")),
        "report people told within": said(told),
        "last report done after": said(rush.done_s),
        "reports lost": several(len(rush.lost), "report"),
    }


def finding(prototype: Rush, production: Rush, *, restarts: bool) -> str:
    """Both p95 waits; with a restart what it takes from each."""
    left, right = (said(one.p95_s("chat")) for one in (prototype, production))
    if not restarts:
        return (
            f"19 of 20 chats are told within {left} in the prototype, and within {right} in "
            "production."
        )
    return (
        f"The restart takes {taken(prototype)} from the prototype and {taken(production)} from "
        f"production, where 19 of 20 chats are told within {right}."
    )


def taken(rush: Rush) -> str:
    """What nobody will get any more."""
    counts = {
        "chat": sum(one.told_s is None for one in rush.of("chat")),
        "report": len(rush.lost),
    }
    lost = [several(count, kind) for kind, count in counts.items() if count]
    return " and ".join(lost) or "nothing"
