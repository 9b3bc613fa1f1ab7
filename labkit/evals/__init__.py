"""Evals: samples, scorers, and a report that never shows a share without n and its interval.

``evaluate(app, samples, client_for)`` asks an app every sample with a fresh client and returns
a ``Report``. Failures of the provider are counted apart, as *not run*.
"""

from labkit.evals.auditing import Finding, audit_eval_set
from labkit.evals.bounds import null_report, oracle_report
from labkit.evals.coverage import Coverage, coverage
from labkit.evals.fingerprint import needs_eval, run_fingerprint
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
    "Coverage",
    "Finding",
    "Report",
    "Row",
    "Sample",
    "Score",
    "Scorer",
    "ToolCall",
    "abstains",
    "audit_eval_set",
    "calls_tool",
    "cites",
    "cites_any",
    "coverage",
    "declines_with_next_step",
    "evaluate",
    "excludes",
    "includes",
    "includes_any",
    "json_true",
    "language",
    "needs_eval",
    "null_report",
    "number",
    "oracle_report",
    "run_fingerprint",
    "scorer",
    "wilson",
]
