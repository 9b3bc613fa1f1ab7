"""The prompt cache: what is written, what is read again, and what a usage says of it."""

import asyncio
from collections.abc import Mapping
from typing import Any

import anthropic
import pytest
from anthropic.types import Message
from hypothesis import given, settings
from hypothesis import strategies as st
from sim_caching import LATER_S, LONG, SENTENCE, counted, mark, text, turn, usage
from sim_facts import imitates
from sim_world import QUESTION, TOOLS, WAYS, Says, World, asked, body_of, events_of

from labkit import catalog
from labkit.sim import Limits, overloaded, server_error, stream_ends, stream_lost, timed_out
from labkit.sim.faults import Fault

CACHING = "docs: prompt caching, 2026-08-22"
INVALIDATES = "docs: prompt caching, what invalidates the cache, 2026-08-22"
IMAGE = {"type": "image", "source": {"type": "url", "url": "https://example.com/drill.png"}}
SCHEMA = {"type": "json_schema", "schema": {"type": "object", "additionalProperties": False}}


def refusal(**changes: Any) -> str:
    """Why a request is refused."""
    plan = World().post(asked(**changes))
    assert plan.status == 400
    error = body_of(plan)["error"]
    assert error["type"] == "invalid_request_error"
    return str(error["message"])


CACHED = {"system": [text(ttl=None)]}


@imitates("the first request writes a prefix, the next one reads it", source=CACHING)
@pytest.mark.parametrize("way", WAYS)
def test_the_second_request_reads_what_the_first_wrote(way: str) -> None:
    """In every way of asking, all tokens up to the breakpoint are written once, then read."""
    world = World()
    rows = []
    for _ in range(2):
        answer = world.ask(way, **CACHED)
        message = answer[0].message if isinstance(answer, list) else answer
        seen = message.usage
        rows.append(
            (seen.input_tokens, seen.cache_creation_input_tokens, seen.cache_read_input_tokens)
        )
    (fresh, written, nothing), second = rows
    assert written > 1_024
    assert nothing == 0
    assert second == (fresh, 0, written)


@imitates("the usage of message_delta has the cache counters too", source=CACHING)
def test_both_usages_of_a_stream_agree() -> None:
    """The start and the end of a stream report the same input tokens."""
    events = dict(events_of(World().post(asked(**CACHED, stream=True))))
    begun, ended = events["message_start"]["message"]["usage"], events["message_delta"]["usage"]
    for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"):
        assert begun[name] == ended[name]
    assert ended["cache_creation_input_tokens"] > 0


@imitates("entries live five minutes, or an hour, from the start of the request", source=CACHING)
@pytest.mark.parametrize(("ttl", "lifetime_s"), [(None, 300), ("5m", 300), ("1h", 3_600)])
def test_an_entry_expires(ttl: str | None, lifetime_s: float) -> None:
    """Just before the end of its lifetime an entry is read, at its end it is not."""
    system = [text(ttl=ttl)]
    for after_s, is_read in ((lifetime_s - 0.01, True), (lifetime_s, False)):
        world = World()
        _, written, _ = counted(world, system=system)
        assert counted(world, after_s, system=system)[1:] == (
            (0, written) if is_read else (written, 0)
        )


@imitates("a read begins the lifetime anew, at no cost", source=CACHING)
def test_reads_refresh() -> None:
    """Read every four minutes, an entry of five lives on; left alone for five it is gone."""
    world = World()
    written = counted(world, **CACHED).written
    for _ in range(5):
        assert counted(world, 240, **CACHED)[1:] == (0, written)
    assert counted(world, 300, **CACHED)[1:] == (written, 0)


def test_a_read_refreshes_the_shorter_prefixes_that_the_request_marks() -> None:
    """A conversation that goes on keeps the system prompt alive for other conversations."""
    world = World()
    mine = {**CACHED, "messages": [turn(text("Mine.", None))]}
    written = counted(world, **CACHED).written
    counted(world, **mine)
    for _ in range(3):
        counted(world, 240, **mine)
    assert counted(world, 240, **CACHED).read == written


def test_a_mark_on_a_prefix_that_was_read_writes_nothing() -> None:
    """Marking a shorter prefix of what is read is no write, and does not make it an entry."""
    world = World()
    whole = counted(world, system=[text()], messages=[turn(text("Mine.", None))])
    seen = counted(world, **CACHED, messages=[turn(text("Mine.", None))])
    assert seen == (whole.fresh, 0, whole.written)
    assert counted(world, **CACHED).read == 0


@imitates("a prefix below the model's minimum is not cached, and nothing says so", source=CACHING)
@pytest.mark.parametrize(
    ("model", "sentences", "is_cached"),
    [
        ("lab-balanced-1", 40, False),
        ("lab-balanced-1", LONG, True),
        ("lab-frontier-1", 20, False),
        ("lab-frontier-1", 40, True),
        ("lab-fast-1", LONG, False),
        ("lab-fast-1", 300, True),
    ],
)
def test_short_prefixes_are_not_cached(model: str, sentences: int, is_cached: bool) -> None:
    """Below the minimum both counters stay 0, above it they do not."""
    world = World()
    for _ in range(2):
        seen = counted(world, model=model, system=[text(SENTENCE * sentences, None)])
        assert (seen.written + seen.read > 0) is is_cached
    least = catalog.model(model).cache_minimum
    assert least is not None
    assert (seen.fresh < least) is is_cached or not is_cached


def test_the_whole_prefix_counts_towards_the_minimum() -> None:
    """Two short blocks are cached together, at the second breakpoint alone."""
    world = World()
    halves = {"system": [text(SENTENCE * 40, None), text(SENTENCE * 40, None)]}
    written = counted(world, **halves).written
    assert counted(world, **halves).read == written
    other = {"system": [halves["system"][0], text(SENTENCE * 41, None)]}
    assert counted(world, **other).read == 0


def test_an_unpublished_minimum_is_taken_to_be_1024() -> None:
    """A model whose page gives no minimum caches long prompts and not short ones."""
    seen = [
        counted(World(), model="claude-sonnet-5-5", system=[text(SENTENCE * size, None)]).written
        for size in (40, LONG)
    ]
    assert seen[0] == 0
    assert seen[1] > 1_024


def blocks(count: int, marked: Mapping[int, str | None]) -> list[dict[str, Any]]:
    """A message of numbered blocks, the first one long, some with breakpoints."""
    words = [f"{n}: {SENTENCE * (LONG if n == 0 else 1)}" for n in range(count)]
    return [turn(*(text(word, marked.get(n, "")) for n, word in enumerate(words)))]


@imitates("a breakpoint looks back over 20 blocks, itself counted first", source=CACHING)
@pytest.mark.parametrize(
    ("breakpoints", "is_found"), [([19], True), ([20], False), ([10, 40], True), ([20, 41], False)]
)
def test_the_look_back(breakpoints: list[int], is_found: bool) -> None:
    """An entry at block 0 is found from block 19, not from 20, and from each breakpoint."""
    world = World()
    written = counted(world, messages=blocks(1, {0: None})).written
    marked = dict.fromkeys(breakpoints)
    assert counted(world, messages=blocks(50, marked)).read == (written if is_found else 0)


@imitates("writes happen only at breakpoints", source=CACHING)
def test_nothing_is_written_between_breakpoints() -> None:
    """A request that shares all but the marked block finds nothing."""
    world = World()
    counted(world, system=[text(), text("Monday.", None)])
    assert counted(world, system=[text(), text("Tuesday.", None)]).read == 0


@imitates("of several entries the longest prefix is read", source=CACHING)
def test_the_longest_prefix_is_read() -> None:
    """After a prefix and a longer one were written, the longer one is read."""
    world = World()
    whole = {**CACHED, "messages": [turn(text("One.", None))]}
    short = counted(world, **CACHED).written
    grown = counted(world, **whole)
    assert grown.read == short
    assert counted(world, **whole).read == short + grown.written


@imitates("an entry is readable only once the first answer has begun", source=CACHING)
def test_parallel_requests_all_write() -> None:
    """Three concurrent calls write, those sent after the first answer read."""
    world = World()

    async def main() -> list[Message]:
        client = world.async_client()
        calls = [client.messages.create(**asked(**CACHED)) for _ in range(3)]
        first = await asyncio.gather(*calls)
        return [*first, await client.messages.create(**asked(**CACHED))]

    *together, later = world.clock.run(main)
    assert [message.usage.cache_read_input_tokens for message in together] == [0, 0, 0]
    written = {message.usage.cache_creation_input_tokens for message in together}
    assert written == {later.usage.cache_read_input_tokens}


def test_an_entry_is_ready_when_the_first_of_two_answers_begins() -> None:
    """A slower second writer does not take back what the first one has made readable."""
    world = World()
    begins_s = world.post(asked(**CACHED, stream=True)).frames[0].delay_s
    assert counted(world, begins_s / 2, **CACHED).read == 0
    assert counted(world, begins_s / 2 + 0.001, **CACHED).read > 0


def test_reading_an_hour_entry_with_a_short_breakpoint() -> None:
    """A five-minute breakpoint reads what an hour one wrote, and it keeps its hour."""
    world = World()
    written = counted(world, system=[text(ttl="1h")]).written
    assert counted(world, 3_000, **CACHED)[1:] == (0, written)
    assert counted(world, 3_000, **CACHED)[1:] == (0, written)


def test_two_lifetimes_written_at_once_leave_the_longer_one() -> None:
    """Parallel writers of five minutes and of an hour leave an hour."""
    world = World()
    counted(world, 0, system=[text(ttl="1h")])
    counted(world, 0, **CACHED)
    assert counted(world, 3_000, **CACHED).read > 0


@imitates(
    "with two lifetimes: read up to A, an hour's writes up to B, five minutes' up to C",
    source="docs: prompt caching, mixing different TTLs, 2026-08-22",
)
def test_both_lifetimes_in_one_request() -> None:
    """What stands before the last hour breakpoint is an hour's, what follows five minutes'."""
    parts = {
        "tools": [{**TOOLS[0], "description": SENTENCE * LONG, **mark("1h")}],
        "system": [text(ttl="1h")],
        "messages": [turn(text("A.", None), text("B."))],
    }
    world = World()
    first = usage(world, tools=parts["tools"])
    hour = first["cache_creation"]["ephemeral_1h_input_tokens"]
    assert first["cache_creation"]["ephemeral_5m_input_tokens"] == 0
    whole = usage(world, **parts)
    assert whole["cache_read_input_tokens"] == hour == first["cache_creation_input_tokens"]
    split = whole["cache_creation"]
    assert split["ephemeral_1h_input_tokens"] > 1_024 > split["ephemeral_5m_input_tokens"] > 0
    assert whole["cache_creation_input_tokens"] == sum(split.values())
    assert usage(world, **parts)["cache_creation_input_tokens"] == 0


@imitates("a one-hour breakpoint behind a five-minute one is refused", source=CACHING)
@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"system": [text(ttl=None), text(ttl="1h")]}, "system.1.cache_control.ttl"),
        (
            {"tools": [{**TOOLS[0], **mark("5m")}], "messages": [turn(text(ttl="1h"))]},
            "messages.0.content.0.cache_control.ttl",
        ),
        ({**CACHED, **mark("1h")}, "cache_control.ttl"),
    ],
)
def test_long_lifetimes_come_first(changes: dict[str, Any], where: str) -> None:
    """The refusal names the breakpoint that comes too late."""
    assert refusal(**changes).startswith(
        f"{where}: a ttl='1h' cache_control block must not come after a ttl='5m'"
    )


@imitates("caches are per model", source=CACHING)
def test_another_model_has_another_cache() -> None:
    """What one model wrote no other model reads; an alias reads what its snapshot wrote."""
    world = World()
    long = {"system": [text(SENTENCE * 300, None)]}
    assert counted(world, model="lab-frontier-1", **long).written > 0
    assert counted(world, model="lab-fast-1", **long).read == 0
    assert counted(world, model="lab-fast-1-20260301", **long).read > 0


LEVELS: dict[str, dict[str, Any]] = {
    "tools": {"tools": [{**TOOLS[0], "description": SENTENCE * LONG, **mark()}]},
    "system": {"system": [text(ttl=None)]},
    "messages": {"messages": [turn(text(QUESTION, None), text("Please."))]},
}
WHOLE = {name: value for part in LEVELS.values() for name, value in part.items()}


def survives(level: str) -> int:
    """The tokens up to the end of a level: what a request writes that marks this one alone."""
    parts = list(LEVELS)[: list(LEVELS).index(level) + 1] if level else []
    fields = {name: value for part in parts for name, value in LEVELS[part].items()}
    return counted(World(), **fields).written if level else 0


@imitates("a change invalidates its own level and all behind it", source=INVALIDATES)
@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, "messages"),
        ({"messages": [turn(text(QUESTION, None), text("Quickly."))]}, "messages"),
        ({"max_tokens": 700, "stop_sequences": ["x"], "metadata": {"user_id": "u"}}, "messages"),
        ({"tool_choice": {"type": "auto"}}, "messages"),
        ({"tools": [{**WHOLE["tools"][0], "name": "renew_loan"}]}, ""),
        ({"system": [text("It is Monday."), text(ttl=None)]}, "tools"),
        ({"output_config": {"format": SCHEMA}}, "tools"),
        ({"tool_choice": {"type": "any"}}, "system"),
        ({"tool_choice": {"type": "auto", "disable_parallel_tool_use": True}}, "system"),
        ({"thinking": {"type": "adaptive"}}, "system"),
        ({"output_config": {"effort": "low"}}, "system"),
        ({"messages": [turn(text(QUESTION, None), IMAGE)]}, "system"),
    ],
)
def test_what_invalidates_what(changes: dict[str, Any], level: str) -> None:
    """After a change, the next request reads up to the last level that it left alone."""
    world = World()
    counted(world, **WHOLE)
    seen = counted(world, **{**WHOLE, **changes})
    assert seen.read == survives(level)


@imitates("switching citations leaves only the tools in the cache", source=INVALIDATES)
@pytest.mark.parametrize("kind", ["document", "search_result"])
def test_citations_invalidate_the_system_prompt(kind: str) -> None:
    """Documents and search results that are to be cited are read under another system prompt."""
    shown = {
        "document": {"source": {"type": "text", "media_type": "text/plain", "data": SENTENCE}},
        "search_result": {"source": "desk", "title": "Drills", "content": [text("Yes.")]},
    }

    def cited(enabled: bool) -> list[dict[str, Any]]:
        return [turn({"type": kind, **shown[kind], "citations": {"enabled": enabled}})]

    world, parts = World(), {**LEVELS["tools"], **LEVELS["system"]}
    counted(world, **parts, messages=cited(False))
    assert counted(world, **parts, messages=cited(False)).read == survives("system")
    assert counted(world, **parts, messages=cited(True)).read == survives("tools")


def test_an_image_in_a_tool_result_is_an_image() -> None:
    """Images are found wherever they stand."""
    world = World()
    call = {"type": "tool_use", "id": "toolu_1", "name": TOOLS[0]["name"], "input": {}}
    begun = [turn(text(ttl=None)), turn(call, role="assistant")]

    def result(*content: dict[str, Any]) -> dict[str, Any]:
        return turn({"type": "tool_result", "tool_use_id": "toolu_1", "content": list(content)})

    counted(world, tools=TOOLS, messages=[*begun, result(text("Done."))])
    assert counted(world, tools=TOOLS, messages=[*begun, result(text("Well."))]).read > 0
    assert counted(world, tools=TOOLS, messages=[*begun, result(IMAGE)]).read == 0


@imitates("an attempt that fails before its answer writes nothing", source=CACHING)
@pytest.mark.parametrize("fault", [overloaded(), server_error(), timed_out()])
def test_a_failed_attempt_writes_nothing(fault: Fault) -> None:
    """After an attempt that never began to be answered, the next one writes."""
    world = World((fault,))
    world.post(asked(**CACHED))
    assert counted(world, **CACHED).read == 0
    assert counted(world, **CACHED).read > 0


def test_a_refused_request_writes_nothing() -> None:
    """A request that is not valid leaves no entry."""
    world = World()
    assert world.post(asked(**CACHED, speed="warp")).status == 400
    assert counted(world, **CACHED).read == 0


@pytest.mark.parametrize("fault", [stream_lost(), stream_ends()])
def test_an_answer_that_breaks_off_has_written(fault: Fault) -> None:
    """Once an answer has begun, its prompt can be read, even if the answer never ends."""
    world = World((fault,))
    world.post(asked(**CACHED, stream=True))
    assert counted(world, **CACHED).read > 0


@imitates(
    "max_tokens 0 fills the cache for the requests to come",
    source="docs: prompt caching, pre-warming, 2026-08-22",
)
def test_prewarming() -> None:
    """A request for no output writes the prefix that the first question reads."""
    world = World()
    warm = counted(world, **CACHED, max_tokens=0, messages=[turn(text("x"))])
    assert warm.written > 0
    assert counted(world, **CACHED)[1:] == (0, warm.written)


@imitates("a cached prompt is begun sooner", source=CACHING)
def test_a_read_prefix_takes_no_time() -> None:
    """The stream of a long prompt begins sooner when the prompt is read from the cache."""
    world = World()
    body = asked(system=[text(SENTENCE * 2_000, None)], stream=True)
    slow_s = world.post(body).frames[0].delay_s
    world.clock.sleep(LATER_S)
    assert world.post(body).frames[0].delay_s < slow_s / 2


@imitates(
    "tokens read from the cache do not count toward the input limit",
    source="docs: rate limits, 2026-08-22",
)
def test_cached_prompts_pass_a_limit_that_uncached_ones_do_not() -> None:
    """A prompt that nearly fills the minute's allowance passes again when it is read."""
    body = asked(**CACHED)
    for again, status in ((body, 200), (asked(system=[text()]), 429)):
        world = World(limits=Limits(input_tokens_per_minute=2_000))
        assert world.post(body).status == 200
        world.clock.sleep(LATER_S)
        assert world.post(again).status == status


@imitates("caching does not change the answer", source=CACHING)
def test_caching_never_changes_an_answer() -> None:
    """With breakpoints and without, answers, ids and times to the token are the same."""
    plain = asked(system=[text()], tools=TOOLS, messages=[turn(text(QUESTION))])
    marked = asked(
        system=[text(ttl="1h")],
        tools=[{**TOOLS[0], **mark("1h")}],
        messages=[turn(text(QUESTION, None))],
        diagnostics={"previous_message_id": None},
        **mark(),
    )
    one, other = World().post(plain), World().post(marked)
    bodies = [body_of(one), body_of(other)]
    usages = [body.pop("usage") for body in bodies]
    assert bodies[0] == bodies[1]
    assert one.frames[0].delay_s == other.frames[0].delay_s
    assert usages[0] != usages[1]


AUTOMATIC = "docs: prompt caching, automatic caching, 2026-08-22"


@imitates(
    "automatic caching marks the last block, which moves as a conversation grows", source=AUTOMATIC
)
def test_automatic_caching_follows_a_conversation() -> None:
    """Each turn reads the turns before it and writes what is new, all of it."""
    world = World()
    said = [turn(text())]
    before = 0
    for reply in ("Yes.", "No.", "Perhaps."):
        fresh, written, read = counted(world, **mark(), messages=said)
        assert (fresh, read) == (0, before)
        assert written > 0
        before += written
        said += [turn(text(reply), role="assistant"), turn(text(f"And after {reply}"))]


@imitates("automatic caching does nothing where its breakpoint already stands", source=AUTOMATIC)
@pytest.mark.parametrize(("automatic", "explicit"), [(None, "5m"), ("5m", None), ("1h", "1h")])
def test_automatic_caching_beside_the_same_breakpoint(
    automatic: str | None, explicit: str | None
) -> None:
    """The same lifetime on the last block changes nothing."""
    messages = [turn(text(ttl=explicit))]
    assert counted(World(), messages=messages, **mark(automatic)) == counted(
        World(), messages=messages
    )


@imitates(
    "automatic caching beside another lifetime on the last block is refused", source=AUTOMATIC
)
def test_automatic_caching_beside_another_lifetime() -> None:
    """The refusal names the field, the block and both lifetimes."""
    assert refusal(messages=[turn(text(ttl="1h"))], **mark("5m")) == (
        "cache_control.ttl: '5m' does not match the ttl of the breakpoint that "
        "messages.0.content.0 already has, '1h'"
    )


@imitates("automatic caching cannot mark thinking or an empty text", source=AUTOMATIC)
@pytest.mark.parametrize(
    "content", [[], [{"type": "thinking", "thinking": "Hm.", "signature": "E="}]]
)
def test_automatic_caching_marks_the_last_block_that_it_can(content: list[Any]) -> None:
    """What cannot have a breakpoint stays behind it."""
    model = "claude-haiku-4-5"
    messages = [turn(text(SENTENCE * 300)), {"role": "assistant", "content": content}]
    seen = counted(World(), model=model, messages=messages, **mark())
    assert seen.written == counted(World(), model=model, messages=messages[:1], **mark()).written
    assert 0 < seen.fresh < 10


@imitates("automatic caching uses one of the four breakpoints", source=AUTOMATIC)
def test_automatic_caching_uses_a_breakpoint() -> None:
    """Four explicit breakpoints leave no room for it."""
    marked = [text("x", None)] * 4
    assert World().post(asked(system=marked)).status == 200
    assert refusal(system=marked, **mark()).endswith("may be provided. Found 5.")


def test_memory_stays_bounded() -> None:
    """Hundreds of prompts later, only those that can still be read are kept."""
    world = World()
    for n in range(400):
        counted(world, 5.0, system=[text(f"{n} {SENTENCE * LONG}", None)])
    assert len(world.provider.state.cache.entries) < 300


steps = st.lists(
    st.fixed_dictionaries(
        {
            "after_s": st.sampled_from([0.0, 0.3, 10.0, 200.0, 299.0, 400.0, 3_000.0]),
            "rules": st.sampled_from([0, 1]),
            "turns": st.integers(0, 3),
            "marked": st.lists(st.sampled_from([None, "5m", "1h"]), max_size=2),
            "automatic": st.sampled_from([{}, mark()]),
            "faults": st.sampled_from([(), (overloaded(),), (stream_lost(),)]),
        }
    ),
    min_size=1,
    max_size=12,
)


def body_for(step: Mapping[str, Any]) -> dict[str, Any]:
    """The request of a step: a system prompt, a few turns, breakpoints from the hour on."""
    ttls = sorted(step["marked"], key=lambda ttl: ttl != "1h")
    system = [text(f"{step['rules']} {SENTENCE * LONG}"), text("Be brief.")]
    for block, ttl in zip(system, ttls, strict=False):
        block.update(mark(ttl))
    turns = [turn(text(f"{n}. {SENTENCE * 30}")) for n in range(step["turns"])]
    return asked(system=system, messages=[*turns, turn(text("And?"))], **step["automatic"])


@settings(max_examples=40, deadline=None)
@given(steps=steps)
def test_whatever_is_sent_the_usage_adds_up(steps: list[Mapping[str, Any]]) -> None:
    """The counters are the whole prompt, and no read exceeds what had been there before."""
    world, written_before = World(), 0
    for step in steps:
        body = body_for(step)
        plain = {**body, "cache_control": None, "system": [text(b["text"]) for b in body["system"]]}
        total = counted(World(), **plain).fresh
        world.provider.state.faults = type(world.provider.state.faults)(step["faults"])
        world.clock.sleep(step["after_s"])
        plan = world.post({**body, "stream": True})
        if plan.status != 200:
            continue
        seen = events_of(plan)[0][1]["message"]["usage"]
        written = seen["cache_creation_input_tokens"]
        read = seen["cache_read_input_tokens"]
        assert seen["input_tokens"] + written + read == total
        assert written == sum(seen["cache_creation"].values())
        assert read <= written_before
        assert min(seen["input_tokens"], written, read) >= 0
        written_before = max(written_before, written + read)


@settings(max_examples=40, deadline=None)
@given(steps=steps, after_s=st.floats(5.0, 295.0))
def test_the_same_request_again_reads_what_the_first_left(
    steps: list[Mapping[str, Any]], after_s: float
) -> None:
    """Within its lifetime, a request sent again reads all that it wrote or read, and writes 0."""
    world = World()
    for step in steps:
        first = counted(world, step["after_s"], **body_for(step))
    again = counted(world, after_s, **body_for(steps[-1]))
    assert again == (first.fresh, 0, first.written + first.read)


def test_an_sdk_of_before_still_gets_its_counters() -> None:
    """The older API version caches alike."""
    world = World()
    headers = {"x-api-key": "simulated", "anthropic-version": "2023-06-01"}
    body = asked(**CACHED)
    rows = []
    for _ in range(2):
        rows.append(body_of(world.post(body, headers=headers))["usage"])
        world.clock.sleep(LATER_S)
    assert rows[0]["cache_creation_input_tokens"] == rows[1]["cache_read_input_tokens"] > 0


def test_the_sdk_can_read_a_growing_conversation() -> None:
    """Through the SDK, a history that is appended to is read turn by turn."""
    world = World(model=Says())
    client: anthropic.Anthropic = world.client()
    said: list[Any] = [turn(text())]
    reads = []
    for n in range(4):
        reply = client.messages.create(
            model="lab-balanced-1",
            max_tokens=100,
            messages=said,
            cache_control=mark()["cache_control"],
        )
        reads.append(reply.usage.cache_read_input_tokens)
        said += [{"role": "assistant", "content": reply.content}, turn(text(f"Question {n}."))]
    assert reads[0] == 0
    assert reads == sorted(set(reads))
