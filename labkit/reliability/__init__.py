"""Reliability: what stands between a provider and the people who ask.

replies     what a reply is, and what to send next       classify_outcome, history_after
parsing     from a reply to a value, or a reason         parse_reply, ask_for
retrying    whether, when, and when to stop              is_retryable, next_delay, RetryBudget
middleware  the same inside the SDK, in one layer        Retries
breaker     not asking a provider that fails             CircuitBreaker
tool_loop   tools, and always a last word                run_tools, LoopLimits
retrieval   which pages a question is about               Bm25
grounding   whether an answer stands in its sources      grounded
abstaining  when to say "I don't know"                   risk_coverage, choose_threshold
quotes      what a schema cannot see                     LoanQuote, check_quote
outbox      a model's letter on its way to somebody      Draft, stage_email, Outbox

Runs unchanged against the real API; nothing here knows of a lab.
"""

from labkit.reliability.abstaining import RiskPoint, choose_threshold, risk_coverage
from labkit.reliability.breaker import CircuitBreaker, CircuitOpenError
from labkit.reliability.grounding import Grounding, grounded
from labkit.reliability.middleware import Retries, TwoRetryLayersError
from labkit.reliability.outbox import Draft, Member, Outbox, OutboxRow, stage_email
from labkit.reliability.parsing import Fallback, Parsed, ask_for, ask_for_async, parse_reply
from labkit.reliability.quotes import LoanQuote, Problem, check_quote
from labkit.reliability.replies import Kind, Outcome, classify_outcome, history_after
from labkit.reliability.retrieval import Bm25, Hit
from labkit.reliability.retrying import RetryBudget, RetryPolicy, is_retryable, next_delay
from labkit.reliability.tool_loop import LoopLimits, LoopResult, Tool, run_tools, run_tools_async

__all__ = [
    "Bm25",
    "CircuitBreaker",
    "CircuitOpenError",
    "Draft",
    "Fallback",
    "Grounding",
    "Hit",
    "Kind",
    "LoanQuote",
    "LoopLimits",
    "LoopResult",
    "Member",
    "Outbox",
    "OutboxRow",
    "Outcome",
    "Parsed",
    "Problem",
    "Retries",
    "RetryBudget",
    "RetryPolicy",
    "RiskPoint",
    "Tool",
    "TwoRetryLayersError",
    "ask_for",
    "ask_for_async",
    "check_quote",
    "choose_threshold",
    "classify_outcome",
    "grounded",
    "history_after",
    "is_retryable",
    "next_delay",
    "parse_reply",
    "risk_coverage",
    "run_tools",
    "run_tools_async",
    "stage_email",
]
