"""Rate limits: what is counted down, what a 429 says, and the spend limit."""

from typing import Any

import anthropic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim_facts import imitates
from sim_world import ANSWER, Says, World, asked, body_of

from labkit import Lab, catalog
from labkit.errors import ArgumentError
from labkit.sim import Limits, overloaded, refused, tokens
from labkit.sim.answers.plan import Plan
from labkit.sim.answers.spoken import END_TOKENS
from labkit.sim.limits import Meter, Used

LIMITS = "docs: rate limits, 2026-08-22"
MODEL = catalog.tier("balanced")
WRITTEN = tokens.count(ANSWER) + END_TOKENS
FEW = Limits(requests_per_minute=2)


def header(plan: Plan, name: str) -> str | None:
    """One header of an answer."""
    return dict(plan.headers).get(name)


def left(plan: Plan, name: str) -> int:
    """What an answer says is left."""
    return int(header(plan, f"anthropic-ratelimit-{name}-remaining") or "")


def reset(plan: Plan, name: str) -> str:
    """When an answer says that a limit is whole again."""
    return header(plan, f"anthropic-ratelimit-{name}-reset") or ""


def prompt(size: int) -> dict[str, Any]:
    """A request of about so many input tokens."""
    return asked(system="好" * size)


@imitates("requests are counted down, one by one, and refilled all the time", source=LIMITS)
def test_requests_are_counted_down_and_refilled() -> None:
    """Each answer says one less; half a minute later half of the limit is back."""
    world = World(limits=Limits(requests_per_minute=10))
    assert [left(world.post(), "requests") for _ in range(8)] == [9, 8, 7, 6, 5, 4, 3, 2]
    world.clock.advance(30)
    assert left(world.post(), "requests") == 6
    world.clock.advance(600)
    assert left(world.post(), "requests") == 9


@imitates("reset says when a limit is fully replenished, as RFC 3339", source=LIMITS)
def test_reset_is_when_everything_is_back() -> None:
    """Two of ten requests are back after twelve seconds; at that time there is nothing to reset."""
    world = World(limits=Limits(requests_per_minute=10))
    world.post()
    assert reset(world.post(), "requests") == "2026-11-23T09:00:12Z"
    world.clock.advance(12)
    assert reset(world.post(), "requests") == "2026-11-23T09:00:18Z"
    world.clock.advance(0.7)
    assert reset(world.post(), "requests") == "2026-11-23T09:00:24Z"


@imitates("the limits of the first tier, and the spend limit of 500 USD", source=LIMITS)
def test_the_defaults_are_the_first_tier() -> None:
    """A lab that says nothing has the documented limits."""
    plan = World().post()
    for name, limit in (
        ("requests", 1_000),
        ("input-tokens", 2_000_000),
        ("output-tokens", 400_000),
    ):
        assert header(plan, f"anthropic-ratelimit-{name}-limit") == str(limit)
    assert Limits().spend_usd == 500


@imitates(
    "tokens-* is the sum of input and output tokens where no workspace has limits", source=LIMITS
)
def test_tokens_are_input_and_output_together() -> None:
    """Its limit is the sum, what is left is what is left of both, and the later reset counts."""
    world = World(limits=Limits(input_tokens_per_minute=100_000, output_tokens_per_minute=10_000))
    plan = world.post(prompt(40_000))
    assert header(plan, "anthropic-ratelimit-tokens-limit") == "110000"
    assert left(plan, "input-tokens") == 60_000
    assert left(plan, "tokens") == 70_000
    assert reset(plan, "tokens") == reset(plan, "input-tokens") == "2026-11-23T09:00:25Z"


@imitates("max_tokens does not count, only the tokens really written", source=LIMITS)
def test_max_tokens_does_not_count() -> None:
    """Two answers of a few tokens pass a limit far below the max_tokens they were given."""
    world = World(limits=Limits(output_tokens_per_minute=2 * WRITTEN))
    plans = [world.post(asked(max_tokens=64_000)) for _ in range(3)]
    assert [plan.status for plan in plans] == [200, 200, 429]
    assert "output tokens per minute" in body_of(plans[2])["error"]["message"]


@imitates("cached reads do not count toward input tokens, cache writes do", source=LIMITS)
def test_what_is_read_from_the_cache_does_not_count() -> None:
    """Of an answer's usage, the fresh and the written tokens are taken."""
    meter, now = Meter(Limits()), World().clock.utcnow()
    meter.charge(MODEL, Used(5_000, 0, 20_000, 1_900_000), 0.0)
    told = dict(meter.headers(MODEL, 0.0, now))
    assert told["anthropic-ratelimit-input-tokens-remaining"] == "1975000"


@imitates("each model class has limits of its own", source=LIMITS)
def test_each_tier_has_its_own() -> None:
    """One tier's last request leaves another tier's alone; a real id shares with its stand-in."""
    world = World(limits=Limits(requests_per_minute=1))
    models = ("lab-fast-2", "lab-fast-1", "lab-balanced-1", catalog.REAL_IDS["balanced"])
    assert [world.post(asked(model=one)).status for one in models] == [200, 429, 200, 429]


@imitates("a 429 of a limit says which one, and how long to wait", source=LIMITS)
def test_a_limit_that_is_used_up_is_a_429() -> None:
    """The error has the API's shape and names the limit; nothing of it is used up by the 429."""
    world = World(limits=FEW)
    plans = [world.post() for _ in range(4)]
    assert [plan.status for plan in plans] == [200, 200, 429, 429]
    error = body_of(plans[3])["error"]
    assert error["type"] == "rate_limit_error"
    assert "2 requests per minute" in error["message"]
    assert "details" not in error
    assert header(plans[3], "retry-after") == "30"
    assert left(plans[3], "requests") == 0


@pytest.mark.parametrize("way", ["sync", "async"])
def test_the_sdk_waits_as_long_as_it_is_told(way: str) -> None:
    """Three calls within a limit of two take the half minute that retry-after names, no more."""
    lab = Lab(limits=FEW)
    request = asked(model=lab.model())

    def ask() -> None:
        for _ in range(3):
            lab.client.messages.create(**request)

    async def ask_async(client: anthropic.AsyncAnthropic) -> None:
        for _ in range(3):
            await client.messages.create(**request)

    ask() if way == "sync" else lab.run(ask_async)
    assert [attempt.status for attempt in lab.trace] == [200, 200, 429, 200]
    waited_s = lab.trace[3].started_s - lab.trace[2].ended_s
    spent_s = lab.trace[2].started_s
    assert waited_s == pytest.approx(int(30 - spent_s) + 1)


def test_an_input_that_no_minute_allows_is_refused_without_a_time_to_wait() -> None:
    """Waiting would not help, so nothing says how long."""
    world = World(limits=Limits(input_tokens_per_minute=1_000))
    plan = world.post(prompt(2_000))
    assert plan.status == 429
    assert header(plan, "retry-after") is None
    assert "1,000 input tokens per minute" in body_of(plan)["error"]["message"]
    assert world.post(prompt(900)).status == 200


def test_what_the_api_refuses_and_what_fails_use_no_tokens() -> None:
    """A bad request takes nothing, an overloaded attempt one request."""
    world = World((overloaded(),), limits=Limits(requests_per_minute=10))
    assert world.post(asked(max_tokens=-1)).status == 400
    plan = world.post(prompt(40_000))
    assert (plan.status, left(plan, "requests"), left(plan, "input-tokens")) == (529, 9, 2_000_000)


@imitates(
    "the spend limit: 429 rate_limit_error, error_code enforced_spend_limit_reached, no "
    "retry-after; the SDK retries it in vain",
    source=f"{LIMITS}; anthropic 2.12.0, _error_classes.py; measured",
)
def test_the_spend_limit() -> None:
    """The first answer crosses the limit; the next call fails after three attempts, like any."""
    lab = Lab(limits=Limits(spend_usd=0.000_001))
    lab.client.messages.create(**asked(model=lab.model()))
    with pytest.raises(anthropic.EnforcedSpendLimitReachedError) as raised:
        lab.client.messages.create(**asked(model=lab.model()))
    assert raised.value.details.error_code == "enforced_spend_limit_reached"
    assert raised.value.type == "rate_limit_error"
    assert "retry-after" not in raised.value.response.headers
    assert "on 2026-12-01 at 00:00 UTC" in raised.value.api_message
    assert [attempt.status for attempt in lab.trace] == [200, 429, 429, 429]


def test_all_tiers_spend_together() -> None:
    """What the frontier tier costs counts for the fast one, as the trace bills it."""
    lab = Lab()
    request = asked(model=lab.model("frontier"))
    for _ in range(2):
        lab.client.messages.create(**request)
    narrow = Lab(limits=Limits(spend_usd=lab.trace.cost_usd))
    for _ in range(2):
        narrow.client.messages.create(**request)
    with pytest.raises(anthropic.EnforcedSpendLimitReachedError):
        narrow.client.messages.create(**asked(model=lab.model("fast")))


@imitates(
    "a refusal before any output counts against the limits and is not billed",
    source="docs: refusals and fallback, 2026-08-22",
)
def test_a_refusal_counts_and_costs_nothing() -> None:
    """Its input is taken from the minute, and the spend stays where it was."""
    world = World((refused(times=1),), limits=Limits(spend_usd=0.000_001))
    assert left(world.post(prompt(40_000)), "input-tokens") == 1_960_000
    assert [world.post().status for _ in range(2)] == [200, 429]


REQUESTS = st.lists(
    st.tuples(st.floats(0, 40), st.integers(1, 900), st.integers(1, 60)), min_size=1, max_size=30
)
TIGHT = Limits(requests_per_minute=7, input_tokens_per_minute=2_000, output_tokens_per_minute=150)


@given(REQUESTS)
@settings(max_examples=60, deadline=None)
def test_no_window_passes_more_than_its_limit_and_its_refill(
    requests: list[tuple[float, int, int]],
) -> None:
    """Whoever asks how fast: requests and input stay below; output exceeds it by one answer."""
    world, passed = World(model=Says(({"type": "text", "text": "好" * 60},)), limits=TIGHT), []
    for gap_s, size, limit in requests:
        world.clock.advance(gap_s)
        plan = world.post(prompt(size) | {"max_tokens": limit})
        if plan.status == 200:
            usage = body_of(plan)["usage"]
            passed.append((world.clock.monotonic(), usage["input_tokens"], usage["output_tokens"]))
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            window = passed[first : last + 1]
            minutes = 1 + (window[-1][0] - window[0][0]) / 60
            assert len(window) <= 7 * minutes + 0.1
            assert sum(one[1] for one in window) <= 2_000 * minutes + 1
            assert sum(one[2] for one in window[:-1]) <= 150 * minutes + 1


@given(REQUESTS)
@settings(max_examples=60, deadline=None)
@imitates("retry-after: earlier retries fail", source=LIMITS)
def test_waiting_as_long_as_told_always_suffices(requests: list[tuple[float, int, int]]) -> None:
    """After retry-after the same request passes, and a second before that it does not."""
    world = World(model=Says(({"type": "text", "text": "好" * 60},)), limits=TIGHT)
    for gap_s, size, limit in requests:
        world.clock.advance(gap_s)
        body = prompt(size) | {"max_tokens": limit}
        wait = header(world.post(body), "retry-after")
        if wait is not None:
            world.clock.advance(int(wait) - 1)
            assert world.post(body).status == 429
            world.clock.advance(1)
            assert world.post(body).status == 200


def test_limits_are_none_of_the_real_apis(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can choose what the real API allows."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "no-key")
    with pytest.raises(ArgumentError, match="limits were given for the real API"):
        Lab(provider="live", limits=FEW)


def test_a_fresh_lab_has_fresh_limits() -> None:
    """An equal lab begins with full buckets of the same size."""
    lab = Lab(limits=FEW)
    for one in (lab, lab.fresh()):
        raw = one.client.messages.with_raw_response.create(**asked(model=lab.model()))
        assert raw.headers["anthropic-ratelimit-requests-remaining"] == "1"
