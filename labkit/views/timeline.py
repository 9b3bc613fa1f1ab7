"""Attempts on one clock: what each was, when it began, how long it took, what was waited.

``AttemptRow`` is what is drawn; ``rows_of`` makes them from a ``Trace``. Live HTML only; the still
picture is in ``still``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from labkit.trace import Attempt, Trace
from labkit.views.escape import line, plain, plain_line
from labkit.views.pieces import across, axis_html
from labkit.views.words import number, seconds

MOST_ROWS = 9
MOST_STEPS = 4

STATUS = {
    408: "timed out at the provider",
    409: "conflict",
    413: "too large",
    429: "rate limited",
    500: "server error",
    503: "unavailable",
    504: "timed out at the provider",
    529: "overloaded",
}
TROUBLE = {
    "timeout": "timed out",
    "connection_lost": "connection lost",
    "not_json": "not JSON",
    "cut_stream": "stream cut",
    "cancelled": "cancelled by the app",
    "out_of_budget": "refused by the budget",
    "overloaded_error": "overloaded in the stream",
}
STOPPED = {
    "end_turn": "answered",
    "stop_sequence": "answered",
    "max_tokens": "cut at max_tokens",
    "model_context_window_exceeded": "window full",
    "refusal": "refused",
    "tool_use": "asked for a tool",
    "pause_turn": "paused",
}


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt as it is drawn; all times on the clock of its run."""

    label: str
    """What became of it, as in ``529 overloaded``."""
    started_s: float
    ended_s: float
    first_token_s: float | None = None
    failed: bool = False
    is_open: bool = False
    """Whether nothing ever came back: a timeout."""

    @property
    def took_s(self) -> float:
        """How long it lasted."""
        return self.ended_s - self.started_s


def rows_of(trace: Trace) -> tuple[AttemptRow, ...]:
    """The attempts of a trace, ready to draw."""
    return tuple(
        AttemptRow(
            label(attempt),
            attempt.started_s,
            attempt.ended_s,
            attempt.first_token_s,
            failed=attempt.error is not None,
            is_open=attempt.error == "timeout",
        )
        for attempt in trace
    )


def label(attempt: Attempt) -> str:
    """What became of an attempt, in a few words."""
    if attempt.error is None:
        stopped = attempt.stop_reason or attempt.outcome
        return STOPPED.get(stopped, line(stopped, 40))
    if attempt.status in STATUS:
        return f"{attempt.status} {STATUS[attempt.status]}"
    if attempt.error in TROUBLE:
        return TROUBLE[attempt.error]
    return f"{attempt.status or ''} {line(attempt.error, 40)}".strip()


@dataclass(frozen=True, slots=True)
class Axis:
    """Seconds from 0 to a round end, the same for both apps."""

    end_s: float
    step_s: float

    @property
    def ticks(self) -> tuple[float, ...]:
        """The labelled seconds."""
        return tuple(round(i * self.step_s, 6) for i in range(round(self.end_s / self.step_s) + 1))

    @property
    def marks(self) -> tuple[tuple[float, str], ...]:
        """Each labelled second: where it lies, and its label."""
        return tuple((self.at(tick), self.named(tick)) for tick in self.ticks)

    @property
    def names(self) -> tuple[str, ...]:
        """The labels alone."""
        return tuple(map(self.named, self.ticks))

    @property
    def step_percent(self) -> float:
        """How far apart they are."""
        return round(100 * self.step_s / self.end_s, 2)

    def at(self, value_s: float) -> float:
        """Where a second lies, in per cent of the width."""
        return round(100 * min(max(value_s, 0.0), self.end_s) / self.end_s, 2)

    def named(self, tick_s: float) -> str:
        """A tick's label; the last one carries the unit."""
        decimals = max(0, math.ceil(-math.log10(self.step_s) - 1e-9)) if tick_s else 0
        text = number(tick_s, decimals)
        return f"{text}\N{NARROW NO-BREAK SPACE}s" if tick_s == self.ticks[-1] else text


def axis_to(longest_s: float) -> Axis:
    """The shortest axis with at most four round steps that holds everything."""
    longest = longest_s if math.isfinite(longest_s) and longest_s > 0 else 1.0
    power = 10.0 ** math.floor(math.log10(longest / MOST_STEPS))
    step = next(m * power for m in (1, 2, 5, 10) if m * power * MOST_STEPS >= longest)
    return Axis(round(math.ceil(round(longest / step, 6)) * step, 6), round(step, 6))


def timeline_html(rows: Sequence[AttemptRow], axis: Axis, who: str) -> str:
    """One line per attempt over one axis; ``who`` is ``p`` or ``d``."""
    if not rows:
        return '<p class="lk-tl lk-q">No attempt was made.</p>'
    shown, left_out = folded(rows)
    said = "; ".join(f"{i}\u2002{spoken_row(row)}" for i, row in shown)
    starts = [row.started_s for row in rows[1:]]
    lines = [row_html(n, starts[n[0] - 1 : n[0]], axis, who) for n in shown]
    if left_out:
        lines.insert(-1, f'<span class="lk-q lk-more">and {left_out} more attempts</span>')
    cells = "".join(lines)
    return (
        f'<div class="lk-tl" style="--t:{axis.step_percent}%" role="img" '
        f'aria-label="Attempts: {plain(said)}">'
        f"{cells}<span></span>{axis_html(axis.marks)}<span></span></div>"
    )


def folded(rows: Sequence[AttemptRow]) -> tuple[list[tuple[int, AttemptRow]], int]:
    """The rows to draw with their numbers, and how many are left out of the middle."""
    numbered = list(enumerate(rows, 1))
    if len(rows) <= MOST_ROWS:
        return numbered, 0
    return [*numbered[: MOST_ROWS - 2], numbered[-1]], len(rows) - MOST_ROWS + 1


def spoken_row(row: AttemptRow) -> str:
    """One attempt in words."""
    first = "" if row.first_token_s is None else f", first token at {seconds(row.first_token_s)}"
    return f"{line(row.label, 60)} {seconds(row.took_s)}{first}"


def row_html(
    numbered: tuple[int, AttemptRow], next_start: Sequence[float], axis: Axis, who: str
) -> str:
    """The marks of one attempt, and the wait before the next one, if there is one."""
    i, row = numbered
    waits = [bar("wait", row.ended_s, at, axis) for at in next_start if at > row.ended_s]
    return (
        f"<span>{i}&ensp;{plain_line(row.label, 60)}</span>"
        f'<div class="lk-track">{marks(row, axis, who)}{"".join(waits)}</div>'
        f'<span class="r lk-q">{seconds(row.took_s)}</span>'
    )


def marks(row: AttemptRow, axis: Axis, who: str) -> str:
    """Hatched when it failed; else thin before the first token, upright, thick after it."""
    if row.failed:
        kind = "bad open" if row.is_open else "bad"
        return bar(kind, row.started_s, row.ended_s, axis)
    if row.first_token_s is None:
        return bar(f"{who} first", row.started_s, row.ended_s, axis)
    first = bar(f"{who} first", row.started_s, row.first_token_s, axis)
    rest = bar(who, row.first_token_s, row.ended_s, axis)
    return f'{first}{rest}<u style="left:{axis.at(row.first_token_s)}%"></u>'


def bar(kind: str, from_s: float, to_s: float, axis: Axis) -> str:
    """One mark between two seconds."""
    return f'<i class="{kind}" style="{across(axis.at(from_s), axis.at(to_s))}"></i>'
