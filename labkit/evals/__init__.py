"""Evals: samples, scorers, and a report that never shows a share without n and its interval.

``evaluate(app, samples, client_for)`` asks an app every sample with a fresh client and returns
a ``Report``. Failures of the provider are counted apart, as *not run*.
"""

from labkit.evals.auditing import Finding, audit_eval_set
from labkit.evals.baseline import (
    Baseline,
    check_comparable,
    read_baseline,
    sample_fingerprints,
)
from labkit.evals.bounds import null_report, oracle_report
from labkit.evals.coverage import Coverage, coverage
from labkit.evals.divergence import jensen_shannon
from labkit.evals.fingerprint import needs_eval, run_fingerprint
from labkit.evals.gating import Decision, gate, mcnemar_p
from labkit.evals.junit import junit_xml
from labkit.evals.loading import load_samples
from labkit.evals.records import Drawn, LogRecord
from labkit.evals.running import App, Report, Row, evaluate, wilson
from labkit.evals.sampling import sample_for_eval
from labkit.evals.scenario import Bar, GateRuns, GateScenario, GateSimulation
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
from labkit.evals.simulating import simulate_gates
from labkit.evals.values import Answer, Sample, Score, Scorer, ToolCall

__all__ = [
    "Answer",
    "App",
    "Bar",
    "Baseline",
    "Coverage",
    "Decision",
    "Drawn",
    "Finding",
    "GateRuns",
    "GateScenario",
    "GateSimulation",
    "LogRecord",
    "Report",
    "Row",
    "Sample",
    "Score",
    "Scorer",
    "ToolCall",
    "abstains",
    "audit_eval_set",
    "calls_tool",
    "check_comparable",
    "cites",
    "cites_any",
    "coverage",
    "declines_with_next_step",
    "evaluate",
    "excludes",
    "gate",
    "includes",
    "includes_any",
    "jensen_shannon",
    "json_true",
    "junit_xml",
    "language",
    "load_samples",
    "mcnemar_p",
    "needs_eval",
    "null_report",
    "number",
    "oracle_report",
    "read_baseline",
    "run_fingerprint",
    "sample_fingerprints",
    "sample_for_eval",
    "scorer",
    "simulate_gates",
    "wilson",
]
