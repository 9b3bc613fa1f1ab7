"""What a service may import from the room; a name that goes is a major change."""

import inspect
import typing

from labkit import reliability

NAMES = """
Bm25 CircuitBreaker CircuitOpenError Draft Fallback Grounding Hit Kind LoanQuote LoopLimits
LoopResult Member Outbox OutboxRow Outcome Parsed Problem Retries RetryBudget RetryPolicy
RiskPoint Tool TwoRetryLayersError ask_for ask_for_async check_quote choose_threshold
classify_outcome grounded history_after is_retryable next_delay parse_reply risk_coverage
run_tools run_tools_async stage_email
"""


def test_the_names_are_these():
    """In order, and each is there."""
    assert reliability.__all__ == NAMES.split()
    assert all(hasattr(reliability, name) for name in reliability.__all__)


def test_every_name_says_what_it_is():
    """And each is of this room, so that nothing is public twice."""
    for name in set(reliability.__all__) - {"Kind"}:
        thing = getattr(reliability, name)
        assert inspect.getdoc(thing), name
        assert thing.__module__.startswith("labkit.reliability."), name
    assert "answered" in typing.get_args(reliability.Kind)


def test_both_kinds_of_client_are_served_by_the_same_arguments():
    """A block that is asynchronous differs from its twin in nothing but the client."""
    for name in ("ask_for", "run_tools"):
        plain = inspect.signature(getattr(reliability, name)).parameters
        waits = inspect.signature(getattr(reliability, f"{name}_async")).parameters
        assert list(plain) == list(waits)
        assert [one.default for one in plain.values()] == [one.default for one in waits.values()]
