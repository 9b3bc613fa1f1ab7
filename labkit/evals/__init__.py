"""Evals: samples, scorers, and a report that never shows a share without n and its interval.

``evaluate(app, samples, client_for)`` asks an app every sample with a fresh client and returns
a ``Report``. Failures of the provider are counted apart, as *not run*.
"""

from labkit.evals.running import App, Report, Row, evaluate, wilson
from labkit.evals.scorers import (
    abstains,
    calls_tool,
    cites,
    cites_any,
    declines_with_next_step,
    excludes,
    includes,
    includes_any,
    json_true,
    language,
    number,
    scorer,
)
from labkit.evals.values import Answer, Sample, Score, Scorer, ToolCall

__all__ = [
    "Answer",
    "App",
    "Report",
    "Row",
    "Sample",
    "Score",
    "Scorer",
    "ToolCall",
    "abstains",
    "calls_tool",
    "cites",
    "cites_any",
    "declines_with_next_step",
    "evaluate",
    "excludes",
    "includes",
    "includes_any",
    "json_true",
    "language",
    "number",
    "scorer",
    "wilson",
]
