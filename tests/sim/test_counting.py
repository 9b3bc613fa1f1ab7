"""Counting tokens before sending: an estimate of what a message would be billed."""

from typing import Any

import anthropic
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sim_facts import imitates
from sim_world import MODEL, QUESTION, TOOLS, World, asked, body_of

from labkit.sim.answers.plan import Plan
from labkit.sim.endpoints.counting import MARGIN

PATH = "/v1/messages/count_tokens"
DOCS = "docs: token counting, 2026-08-22"
LONG = "The drill is lent for seven days, and the ladder for three. " * 80

EPHEMERAL = {"type": "ephemeral"}
MARKED = [{"type": "text", "text": f"{n}", "cache_control": EPHEMERAL} for n in range(5)]
THOUGHT = {"type": "thinking", "thinking": "Seven.", "signature": "bm8gbW9kZWwgd3JvdGUgdGhpcw=="}
SAID = {"role": "assistant", "content": [THOUGHT, {"type": "text", "text": "7 days."}]}
FORGED = [{"role": "user", "content": QUESTION}, SAID, {"role": "user", "content": "Sure?"}]


def fields(**changes: Any) -> dict[str, Any]:
    """A valid request to count."""
    body = asked(**changes)
    del body["max_tokens"]
    return body


def count(world: World, **changes: Any) -> Plan:
    """What comes back for one count."""
    return world.post(fields(**changes), path=PATH)


def problem(world: World, body: object) -> tuple[int, str]:
    """Status and message of a refusal."""
    plan = world.post(body, path=PATH)
    return plan.status, str(body_of(plan)["error"]["message"])


@imitates("a count is one number", source=DOCS)
@pytest.mark.parametrize("namespace", ["messages", "beta"])
def test_the_sdk_counts(namespace: str) -> None:
    """Sync and async clients, the beta endpoint of the SDK too."""
    world = World()
    plain = world.client().messages if namespace == "messages" else world.client().beta.messages
    told = plain.count_tokens(**fields(system=LONG, tools=TOOLS))

    async def main() -> Any:
        async with world.async_client() as client:
            return await client.messages.count_tokens(**fields(system=LONG, tools=TOOLS))

    assert told.input_tokens == world.clock.run(main).input_tokens > 1_000
    assert body_of(count(world)).keys() == {"input_tokens"}


@imitates("a count is an estimate, some per cent off", source=DOCS)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"system": LONG},
        {"tools": TOOLS, "tool_choice": {"type": "auto"}},
        {"messages": [{"role": "user", "content": LONG}]},
        {"model": "claude-opus-5", "system": LONG},
    ],
)
def test_a_count_is_near_what_is_billed(changes: dict[str, Any]) -> None:
    """Within the documented margin, and the same each time."""
    world = World()
    billed = body_of(world.post(asked(**changes)))["usage"]["input_tokens"]
    told = body_of(count(world, **changes))["input_tokens"]
    assert abs(told - billed) <= MARGIN * billed + 1
    assert told == body_of(count(world, **changes))["input_tokens"]


def test_counts_are_off_in_both_directions() -> None:
    """Neither always more nor always less, so a margin must be planned."""
    world, off = World(), []
    for number in range(12):
        words = f"{LONG} {number:02}"
        told = body_of(count(world, system=words))["input_tokens"]
        off.append(told - body_of(world.post(asked(system=words)))["usage"]["input_tokens"])
    assert min(off) < 0 < max(off)


@imitates("a count takes what shapes the input, and nothing else", source=DOCS)
@pytest.mark.parametrize("name", ["max_tokens", "stream", "stop_sequences", "metadata", "x"])
def test_other_fields_are_refused(name: str) -> None:
    """A limit or a stop sequence has no place in a count."""
    assert problem(World(), {**fields(), name: 1}) == (
        400,
        f"{name}: Extra inputs are not permitted",
    )


@imitates("a count is checked like a message", source="docs: errors, 2026-08-22")
def test_bad_requests_are_refused_by_field() -> None:
    """What a message may not have, a count may not have."""
    world = World()
    for missing in ("model", "messages"):
        body = {name: value for name, value in fields().items() if name != missing}
        assert problem(world, body) == (400, f"{missing}: Field required")
    assert problem(world, fields(model="claude-none")) == (404, "model: claude-none")
    assert problem(world, fields(model=7))[1] == "model: Input should be a valid string"
    assert problem(world, b"[]")[1] == "request: Input should be an object"
    assert problem(world, fields(messages=[]))[1].startswith("messages: ")
    opened = {"format": {"type": "json_schema", "schema": {"type": "object"}}}
    assert problem(world, fields(output_config=opened))[1].startswith("output_config.format.schema")


@imitates(
    "a forced tool choice is refused in a count too, where the model takes none",
    source="docs: migration guide, Claude Opus 5.5, read 2026-11-24",
)
def test_a_forced_tool_is_refused_where_the_model_takes_none() -> None:
    """The same rule as for a message."""
    body = fields(model="claude-opus-5-5", tools=TOOLS, tool_choice={"type": "any"})
    status, message = problem(World(), body)
    assert (status, message.partition(":")[0]) == (400, "tool_choice")


@imitates("a count is checked like a message", source="docs: errors, 2026-08-22")
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"system": MARKED}, "A maximum of 4 blocks with cache_control may be provided. Found 5."),
        ({"model": "claude-opus-5-5", "messages": FORGED}, "messages.1.content.0"),
    ],
    ids=["breakpoints", "a forged thought"],
)
def test_what_hangs_on_several_fields_is_checked_in_a_count_too(
    changes: dict[str, Any], told: str
) -> None:
    """Too many cache breakpoints, and thinking that no model wrote: in the words of a message."""
    world = World()
    refusal = body_of(world.post(asked(**changes)))["error"]["message"]
    assert refusal.startswith(told)
    assert problem(world, fields(**changes)) == (400, refusal)


@imitates("what is longer than the window is counted", source=DOCS)
def test_a_count_may_be_over_the_window() -> None:
    """The message itself is refused; its count says why."""
    world = World()
    huge = [{"role": "user", "content": "fog " * 1_100_000}]
    refusal = body_of(world.post(asked(messages=huge)))["error"]["message"]
    assert refusal.startswith("prompt is too long: ")
    assert body_of(count(world, messages=huge))["input_tokens"] > 1_000_000


@imitates("a count is no message: it is free and has its own rate limit", source=DOCS)
def test_counts_have_a_limit_of_their_own() -> None:
    """2,000 a minute; messages are still answered, and a minute later counts are."""
    world = World()
    client = world.client()
    for _ in range(2_000):
        assert count(world).status == 200
    with pytest.raises(anthropic.RateLimitError, match="2,000 token counting requests") as full:
        client.messages.count_tokens(**fields())
    assert full.value.response.headers["retry-after"] == "1"
    assert world.post().status == 200
    world.clock.sleep(60.0)
    assert count(world).status == 200


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    changes=st.dictionaries(
        st.sampled_from(["model", "messages", "system", "tools", "thinking", "x"]),
        st.none() | st.integers() | st.text(max_size=5) | st.just([]) | st.just({}),
        max_size=3,
    )
)
def test_any_count_is_answered(changes: dict[str, object]) -> None:
    """Odd fields never break the provider."""
    plan = World().post({**fields(), **changes}, path=PATH)
    assert plan.status == 200 or body_of(plan)["error"]["message"]


def test_a_count_hangs_on_its_own_request() -> None:
    """The question alone, in one lab: other requests in between change nothing."""
    calm, busy = World(), World()
    busy.post()
    count(busy, system="x")
    question = [{"role": "user", "content": QUESTION}]
    assert body_of(count(calm, messages=question, model=MODEL)) == body_of(count(busy))
