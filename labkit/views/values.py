"""Views of other rooms' values: IPython shows a trace, a report, an explanation, a verdict as one.

The types are named, not imported, so that a room above this one can be drawn too. The text is
always the value's own; ``register`` may be called again, and does nothing outside IPython.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from labkit.views.drawing import Drawing, Table
from labkit.views.escape import line, plain, plain_line
from labkit.views.pieces import interval_html
from labkit.views.timeline import axis_to, label, rows_of, timeline_html
from labkit.views.verdict import draw_verdict
from labkit.views.view import View
from labkit.views.words import interval, number, seconds, several, share

if TYPE_CHECKING:
    from labkit.evals import Report
    from labkit.sim.reply import Explanation
    from labkit.trace import Attempt, Trace

MOST_ROWS = 40


def register() -> None:
    """Let IPython show the kit's values as views."""
    core = sys.modules.get("IPython")
    shell = core.get_ipython() if core else None
    if shell is None:
        return
    bundles = shell.display_formatter.mimebundle_formatter
    for (module, name), draw in DRAWN.items():
        bundles.for_type_by_name(module, name, shown_by(draw))


def shown_by(draw: Callable[[Any], Drawing]) -> Callable[..., dict[str, object]]:
    """A formatter that shows a value as a view: live, still, and its own text."""

    def bundle(value: object, include: object = None, exclude: object = None) -> dict[str, object]:
        view = View(lambda: draw(value), text=repr(value)).add_class("lk-value")
        shown: dict[str, object] = view._repr_mimebundle_(include, exclude)
        return shown

    return bundle


def draw_trace(trace: "Trace") -> Drawing:
    """The attempts on one clock, and their table."""
    if not trace.attempts:
        empty = '<p class="lk-empty"><b>No attempt was made.</b> Nothing was sent or billed.</p>'
        return Drawing("No attempt yet.", empty, Table(("attempt",), (("none",),), "Attempts"))
    start_s = trace.attempts[0].started_s
    rows = rows_of(trace.since(start_s))
    axis = axis_to(max(row.ended_s for row in rows))
    made = f"{several(len(trace), 'attempt')} for {several(trace.calls, 'call')}"
    return Drawing(
        finding=f"{made} in {seconds(trace.total_s)}; {ended(trace)}.",
        body=timeline_html(rows, axis, "i"),
        table=attempts_table(trace),
        twin_open=True,
    )


def ended(trace: "Trace") -> str:
    """How the attempts ended: one word for all, or the last one's."""
    labels = [label(attempt) for attempt in trace.attempts]
    if len(labels) > 1 and len(set(labels)) == 1:
        return f"all {labels[0]}"
    return f"the last one: {labels[-1]}" if len(labels) > 1 else labels[0]


def attempts_table(trace: "Trace") -> Table:
    """One row per attempt."""
    header = ("attempt", "what became of it", "started", "took", "tokens in", "tokens out")
    rows = [attempt_row(i, attempt) for i, attempt in enumerate(trace.attempts[:MOST_ROWS], 1)]
    if len(trace) > MOST_ROWS:
        rows.append((f"and {number(len(trace) - MOST_ROWS)} more", *[""] * (len(header) - 1)))
    return Table(header, tuple(rows), "Attempts", right=frozenset({2, 3, 4, 5}))


def attempt_row(i: int, attempt: "Attempt") -> tuple[str, ...]:
    """One attempt in words."""
    return (
        number(i),
        label(attempt),
        seconds(attempt.started_s),
        seconds(attempt.seconds),
        number(attempt.usage.total_input_tokens),
        number(attempt.usage.output_tokens),
    )


def draw_report(report: "Report") -> Drawing:
    """The share that passed, whole and by tag, each with its interval."""
    parts = {"all samples": report, **report.by_tag}
    cells = "".join(report_row(name, part) for name, part in parts.items())
    rows = tuple(
        (name, share(part.passed, part.n), number(part.errors), number(part.not_run))
        for name, part in parts.items()
    )
    header = ("samples", "passed", "raised", "not run")
    return Drawing(
        finding=f"{number(report.passed)} of {several(report.n, 'sample')} passed."
        if report.n
        else "No sample was scored.",
        body=f'<div class="lk-shares">{cells}</div>',
        table=Table(header, rows, "The report by tag", right=frozenset({2, 3})),
    )


def report_row(name: str, part: "Report") -> str:
    """One tag: count, interval, dot and line."""
    counted = f"<b>{part.passed}</b> of {part.n}" if part.n else "none scored"
    left = f' <span class="lk-q lk-s">· {part.not_run} not run</span>' if part.not_run else ""
    line_ = interval_html(part.passed, part.n, "i") if part.n else "<span></span>"
    quiet = f'<span class="lk-q lk-s">{interval(part.passed, part.n)}</span>'
    return f"<span>{plain_line(name, 60)}</span><span>{counted} {quiet}{left}</span>{line_}"


def draw_explanation(why: "Explanation") -> Drawing:
    """The rules that shaped a reply, each with its reason, and the scripted faults."""
    rows = [(line(rule.name, 60), line(rule.reason, 400)) for rule in why.rules]
    rows += [
        (f"fault {line(name, 60)}", "scripted by the lab, not by the model") for name in why.faults
    ]
    items = "".join(f"<dt>{plain(name)}</dt><dd>{plain(reason)}</dd>" for name, reason in rows)
    return Drawing(
        finding=explained(why),
        body=f'<dl class="lk-rules">{items}</dl>',
        table=Table(("rule", "reason"), tuple(rows), "Rules that fired"),
        twin_live=False,
    )


def explained(why: "Explanation") -> str:
    """What became of the reply, and how many rules made it so."""
    count = len(why.rules)
    rules = "No rule" if not count else several(count, "rule")
    shaped = f"{rules} of the simulated model shaped this reply."
    if any(rule.name == "refusal" for rule in why.rules):
        return f"Refused. {shaped}"
    return f"Refused by the lab's script. {shaped}" if "refused" in why.faults else shaped


DRAWN: dict[tuple[str, str], Callable[[Any], Drawing]] = {
    ("labkit.trace.values", "Trace"): draw_trace,
    ("labkit.evals.running", "Report"): draw_report,
    ("labkit.sim.reply", "Explanation"): draw_explanation,
    ("labkit.checks.verdict", "Verdict"): draw_verdict,
}
"""What is drawn by whom, by the module and the name of the type."""
