"""Compaction at a token threshold: what is summed up, what comes of it, and what it costs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import anthropic
import pytest
from anthropic.types import CompactionUnavailableError, beta
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sim_facts import imitates
from sim_world import ANSWER, HEADERS, QUESTION, TEXT, Says, World, asked, body_of, events_of
from test_tripwires import differ, keys

from labkit import Lab, catalog
from labkit.sim import Limits, overloaded, slow, stream_lost
from labkit.sim.endpoints.counting import MARGIN
from labkit.sim.luck import Luck
from labkit.sim.model import SimulatedModel
from labkit.sim.reply import Reply
from labkit.sim.validation.edits import FIELDS
from labkit.sim.validation.messages import FIELDS as BLOCK_FIELDS

DOCS = "docs: compaction at a token threshold, read 2026-11-24"
SDK = "anthropic 2.12.0, types/beta"
BETA, CLEARING = "compact-2026-01-12", "context-management-2025-06-27"
WITH_BETA = {**HEADERS, "anthropic-beta": BETA}
FIELD, COMPACT = "context_management", "compact_20260112"
EDIT = f"{FIELD}.edits.0"
COUNT = "/v1/messages/count_tokens"
LONG = "word " * 50_000
"""A little more than 50,000 tokens, the least at which compaction may begin."""
ASK = {"role": "user", "content": QUESTION}
NOTED = {"role": "assistant", "content": "Noted."}
THINKER = "lab-fast-3"
WAYS = "create", "stream", "async create", "async stream"


@dataclass
class Hears:
    """A model that keeps what it is given to read."""

    bodies: list[Mapping[str, Any]] = field(default_factory=list)

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
        """The usual answer."""
        self.bodies.append(body)
        return Reply((TEXT,))

    @property
    def texts(self) -> list[str]:
        """The texts of the messages that were read last."""
        return [
            content
            if isinstance(content := one["content"], str)
            else "".join(block.get("text", "") for block in content)
            for one in self.bodies[-1]["messages"]
        ]


def edit(trigger: int = 50_000, **more: Any) -> dict[str, Any]:
    """The edit that sums up from so many tokens on."""
    return {"type": COMPACT, "trigger": {"type": "input_tokens", "value": trigger}, **more}


def long(*wished: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A request that is long enough, with the edit unless others are wished."""
    turns = [{"role": "user", "content": LONG}, NOTED, ASK]
    edits = list(wished) or [edit()]
    return {**asked(messages=turns, **changes), FIELD: {"edits": edits}}


def post(world: World, body: object, path: str = "/v1/messages", betas: str = BETA) -> Any:
    """The body of what comes back, with the beta header."""
    return body_of(world.post(body, headers={**HEADERS, "anthropic-beta": betas}, path=path))


def plain(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same request without edits."""
    return {name: value for name, value in body.items() if name != FIELD}


def kinds(message: Any) -> list[str]:
    """The types of the blocks of a message."""
    return [block["type"] for block in message["content"]]


def then(body: Mapping[str, Any], message: Any, *more: Any) -> dict[str, Any]:
    """The next request: the answer is appended, and something is asked."""
    turn = {"role": "assistant", "content": message["content"]}
    return {**body, "messages": [*body["messages"], turn, *more]}


def refusal(body: object, path: str = "/v1/messages", betas: str = BETA) -> str:
    """The message of a 400."""
    told = post(World(), body, path, betas)
    assert told["error"]["type"] == "invalid_request_error"
    return str(told["error"]["message"])


def through_the_sdk(way: str, world: World, body: dict[str, Any]) -> beta.BetaMessage:
    """A message of the SDK's beta endpoint."""
    kind, _, does = way.rpartition(" ")
    if not kind:
        messages = world.client().beta.messages
        if does == "create":
            return messages.create(**body, betas=[BETA])  # type: ignore[no-any-return]
        with messages.stream(**body, betas=[BETA]) as events:
            return events.get_final_message()

    async def main() -> beta.BetaMessage:
        async with world.async_client() as client:
            if does == "create":
                return await client.beta.messages.create(**body, betas=[BETA])  # type: ignore[no-any-return]
            async with client.beta.messages.stream(**body, betas=[BETA]) as events:
                return await events.get_final_message()

    return world.clock.run(main)


# ---------------------------------------------------------------- header, fields, trigger
@imitates("compaction needs its own beta header", source=DOCS)
def test_compaction_needs_its_header() -> None:
    """Without it the field, or this kind of edit, is unknown; with it alone others are."""
    assert refusal(long(), betas="") == f"{FIELD}: Extra inputs are not permitted"
    assert refusal(long(), betas=CLEARING).startswith(f"{EDIT}: Input tag '{COMPACT}' found")
    clearing = {"type": "clear_tool_uses_20250919"}
    assert refusal(long(clearing)).startswith(f"{EDIT}: Input tag 'clear_tool_uses_20250919'")
    both = post(World(), long(clearing, edit()), betas=f"{BETA},{CLEARING}")
    assert kinds(both) == ["compaction", "text"]


def at(**more: Any) -> dict[str, Any]:
    """The edit alone with some fields."""
    return {"type": COMPACT, **more}


BAD = [
    (at(x=1), f"{EDIT}.{COMPACT}.x: Extra inputs are not permitted"),
    (at(trigger=9), f"{EDIT}.{COMPACT}.trigger: Input should be an object"),
    (at(trigger={"type": "tool_uses", "value": 9}), f"{EDIT}.{COMPACT}.trigger: Input tag"),
    (at(trigger={"type": "input_tokens"}), f"{EDIT}.{COMPACT}.trigger.value: Field required"),
    (edit(49_999), f"{EDIT}.{COMPACT}.trigger.value: Input should be greater than or equal to 50"),
    (at(pause_after_compaction=None), f"{EDIT}.{COMPACT}.pause_after_compaction: Input should be"),
    (at(pause_after_compaction=1), f"{EDIT}.{COMPACT}.pause_after_compaction: Input should be a"),
    (at(instructions=7), f"{EDIT}.{COMPACT}.instructions: Input should be a valid string"),
]


@imitates(
    "a trigger counts input tokens, at least 50,000; a bad field is refused by its name",
    source=DOCS,
)
@pytest.mark.parametrize(("wish", "message"), BAD)
def test_bad_edits_are_refused(wish: dict[str, Any], message: str) -> None:
    """The message begins with the place of what is wrong, in requests and in counts."""
    body = {**asked(), FIELD: {"edits": [wish]}}
    assert refusal(body).startswith(message)
    del body["max_tokens"]
    assert refusal(body, COUNT).startswith(message)


@imitates("a conversation is summed up once its input tokens reach the trigger", source=DOCS)
def test_the_trigger() -> None:
    """At the number itself there is a summary; one token below it there is none."""
    size = body_of(World().post(plain(long())))["usage"]["input_tokens"]
    assert kinds(post(World(), long(edit(size)))) == ["compaction", "text"]
    assert kinds(post(World(), long(edit(size + 1)))) == ["text"]


@imitates("by default 150,000 input tokens trigger it", source=f"{DOCS}; {SDK}")
def test_the_defaults() -> None:
    """Null and nothing mean the same."""
    for wish in (at(), at(trigger=None, instructions=None)):
        assert kinds(post(World(), long(wish))) == ["text"]
        longer = long(wish)
        longer["messages"] = [{"role": "user", "content": LONG * 3}, NOTED, ASK]
        assert kinds(post(World(), longer)) == ["compaction", "text"]


def test_an_edit_that_waits_changes_nothing() -> None:
    """The answer is the one without the edit but for what the header and the field add."""
    message = post(World(), long(edit(60_000)))
    usage = message["usage"]
    (part,) = usage.pop("iterations")
    assert message.pop(FIELD) == {"applied_edits": []}
    assert message == body_of(World().post(plain(long())))
    assert part == {"type": "message", **{name: usage[name] for name in part if name != "type"}}


def test_filling_the_cache_alone_sums_nothing_up() -> None:
    """With ``max_tokens`` 0 nothing is written."""
    assert post(World(), long(max_tokens=0))["content"] == []


# ---------------------------------------------------------------- the answer
@imitates("the summary comes first in the answer, and the answer goes on from it", source=DOCS)
@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_asking_gets_the_summary(way: str) -> None:
    """Both blocks, sync and async, streamed and not: one message."""
    message = through_the_sdk(way, World(), long())
    summary, text = message.content
    assert isinstance(summary, beta.BetaCompactionBlock)
    assert summary.content is not None
    assert summary.content.endswith(f"Asked last: {QUESTION}")
    assert text.to_dict() == TEXT
    assert message.stop_reason == "end_turn"
    first = through_the_sdk("create", World(), long())
    assert message.to_dict() == first.to_dict()


@imitates("a summary is streamed in a single delta", source=DOCS)
def test_the_events_of_a_summary() -> None:
    """Its block is empty at first; the text comes behind it with the index 1."""
    events = events_of(World().post(long(stream=True), headers=WITH_BETA))
    names = [name for name, _ in events]
    assert names[:5] == [
        "message_start",
        "ping",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
    ]
    start, delta, stop = (data for _, data in events[2:5])
    summary = post(World(), long())["content"][0]
    assert start["content_block"] == {**summary, "content": None}
    assert delta["delta"] == {**summary, "type": "compaction_delta"}
    assert {one["index"] for one in (start, delta, stop)} == {0}
    assert events[5][1]["index"] == 1
    assert "iterations" not in events[0][1]["message"]["usage"]


def test_a_summary_takes_time() -> None:
    """Streamed or not the last byte comes at the same time, later than without a summary."""
    took = []
    for body in (
        long(),
        long(stream=True),
        long(edit(60_000)),
        long(edit(pause_after_compaction=True)),
    ):
        frames = World().post(body, headers=WITH_BETA).frames
        took.append(sum(frame.delay_s for frame in frames))
    assert took[0] == pytest.approx(took[1])
    assert took[3] < took[0]
    assert took[2] < took[0]
    slowly = World((slow(3.0),)).post(long(), headers=WITH_BETA).frames
    assert sum(frame.delay_s for frame in slowly) == pytest.approx(3 * took[0])


# ---------------------------------------------------------------- going on
@imitates("what stands before the last summary is not read, whether it is sent or not", source=DOCS)
@pytest.mark.parametrize("way", WAYS)
def test_the_next_request_goes_on_from_the_summary(way: str) -> None:
    """The SDK's content is appended; with the old messages or without, the bill is the same."""
    body = long()
    first = through_the_sdk(way, World(), body)
    turns = [{"role": "assistant", "content": first.content}, ASK]
    replies = []
    for before in (body["messages"], []):
        hears = Hears()
        request = {**body, "messages": [*before, *turns]}
        replies.append(through_the_sdk(way, World(model=hears), request))
        assert hears.texts[-3:] == [QUESTION, ANSWER, QUESTION]
        assert LONG not in hears.texts
    assert replies[0].to_dict() == replies[1].to_dict()
    assert [block.type for block in replies[0].content] == ["text"]
    assert replies[0].usage.input_tokens < 1_000


def test_the_text_alone_brings_everything_back() -> None:
    """An app that appends only what was said pays for the whole conversation, and a summary."""
    body = long()
    first = post(World(), body)
    said = {"content": first["content"][1:]}
    again = post(World(), then(body, said, ASK))
    assert kinds(again) == ["compaction", "text"]
    assert again["usage"]["iterations"][0]["input_tokens"] > 50_000


@imitates("of several summaries the last one counts", source=DOCS)
def test_the_last_summary_counts() -> None:
    """A second one may stand in any later answer, and behind other blocks."""
    hears = Hears()
    text = {"type": "text", "text": "Well."}
    blocks = [{"type": "compaction", "content": f"{name} of all."} for name in ("First", "Second")]
    turns = [
        {"role": "assistant", "content": blocks[:1]},
        ASK,
        {"role": "assistant", "content": [text, blocks[1], text]},
        ASK,
    ]
    post(World(model=hears), {**long(), "messages": turns})
    assert hears.texts == ["Second of all.", "Well.", QUESTION]


@imitates("a summary without content does nothing", source=f"{SDK}, beta_compaction_block.py")
def test_a_failed_summary_does_nothing() -> None:
    """It is taken back, costs nothing, and hides nothing."""
    failed = {"type": "compaction", "content": None}
    said = {"type": "text", "text": "Noted."}
    for content in ([failed], [failed, said]):
        hears = Hears()
        turns = [ASK, {"role": "assistant", "content": content}, ASK]
        post(World(model=hears), {**long(), "messages": turns})
        assert hears.texts == [QUESTION, *(["Noted."] if content[1:] else []), QUESTION]


BLOCKS = [
    ({"content": ""}, "content: String should have at least 1 character"),
    ({"content": 7}, "content: Input should be a valid string"),
    ({"encrypted_content": 7}, "encrypted_content: Input should be a valid string"),
    ({"tool_changes": 7}, "tool_changes: Input should be a valid list"),
    ({"text": None, "content": "x"}, "text: Extra inputs are not permitted"),
    ({"cache_control": 7, "content": "x"}, "cache_control: Input should be an object"),
]


@imitates("a summary comes back as it was returned, and is never empty", source=f"{DOCS}; {SDK}")
@pytest.mark.parametrize(("fields", "message"), BLOCKS)
def test_bad_summaries_are_refused(fields: dict[str, Any], message: str) -> None:
    """The field is named; a plain ``model_dump`` of another type's fields is one of them."""
    turns = [ASK, {"role": "assistant", "content": [{"type": "compaction", **fields}]}, ASK]
    told = refusal({**long(), "messages": turns})
    assert told == f"messages.1.content.0.compaction.{message}"


@imitates(
    "a request with a summary declares the edit",
    source="as users have reported it, read 2026-11-24",
)
@pytest.mark.parametrize("betas", ["", BETA])
def test_a_summary_needs_the_edit(betas: str) -> None:
    """Without it the block is of an unknown kind; so is one that a person brings."""
    turns = [ASK, {"role": "assistant", "content": [{"type": "compaction", "content": "x"}]}, ASK]
    body = asked(messages=turns)
    assert refusal(body, betas=betas).startswith("messages.1.content.0: Input tag 'compaction'")
    turned = [{"role": "user", "content": turns[1]["content"]}]
    told = refusal({**long(), "messages": turned})
    assert told.startswith("messages.0.content.0: Input tag 'compaction'")


def test_only_a_summary_lets_the_assistant_begin() -> None:
    """A failed one does not."""
    for content in ("Hello.", [{"type": "compaction", "content": None}]):
        turns = [{"role": "assistant", "content": content}, ASK]
        assert refusal({**long(), "messages": turns}).startswith("messages: first message must")


def test_a_result_whose_call_was_summed_up_is_refused() -> None:
    """Behind a summary only what was called behind it can be answered; before it all may stand."""
    call = {"type": "tool_use", "id": "toolu_1", "name": "extend_loan", "input": {}}
    told = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "done"}
    summary = {"type": "compaction", "content": "A summary."}
    called = {"role": "assistant", "content": [call]}
    turns = [ASK, called, {"role": "assistant", "content": [summary]}]
    answered = {"role": "user", "content": [told]}
    assert "unexpected `tool_use_id`" in refusal({**long(), "messages": [*turns, answered]})
    assert kinds(post(World(), {**long(), "messages": [*turns, ASK]})) == ["text"]


# ---------------------------------------------------------------- pausing
PAUSE = {"pause_after_compaction": True}


@imitates("with pause_after_compaction the answer is the summary alone", source=DOCS)
@pytest.mark.parametrize("way", WAYS)
def test_pausing(way: str) -> None:
    """The stop reason says so; appended and sent again, the model answers."""
    world, body = World(), long(edit(**PAUSE))
    paused = through_the_sdk(way, world, body)
    assert paused.stop_reason == "compaction"
    assert [block.type for block in paused.content] == ["compaction"]
    usage = paused.usage
    assert (usage.input_tokens, usage.output_tokens) == (0, 0)
    assert [part.type for part in usage.iterations or ()] == ["compaction"]
    turns = [*body["messages"], {"role": "assistant", "content": paused.content}]
    for thinking in ({}, {"thinking": {"type": "enabled", "budget_tokens": 1_024}}):
        more = {"max_tokens": 2_000, "model": "claude-haiku-4-5", **thinking} if thinking else {}
        done = through_the_sdk(way, world, {**body, "messages": turns, **more})
        assert done.stop_reason == "end_turn"
        assert done.content[-1].to_dict() == TEXT


@imitates("messages may be put back behind a summary", source=DOCS)
def test_recent_messages_can_be_kept() -> None:
    """They are read word for word, in front of nothing that was summed up."""
    body = long(edit(**PAUSE))
    body["messages"] = [{"role": "user", "content": LONG}, NOTED, ASK, NOTED, ASK]
    paused = post(World(), body)
    hears = Hears()
    turns = [{"role": "assistant", "content": paused["content"]}, *body["messages"][-3:]]
    post(World(model=hears), {**body, "messages": turns})
    assert hears.texts[-3:] == [QUESTION, "Noted.", QUESTION]
    assert LONG not in hears.texts


class Working:
    """A model that calls a tool with a long result until it has seen three."""

    def reply(self, body: Mapping[str, Any], luck: Luck) -> Reply:
        """A call, or the usual answer."""
        blocks = [
            block
            for one in body["messages"]
            if isinstance(one["content"], list)
            for block in one["content"]
        ]
        if sum(block["type"] == "tool_result" for block in blocks) == 3:
            return Reply((TEXT,))
        return Reply(({"type": "tool_use", "name": "look_up", "input": {}},), "tool_use")


@imitates(
    "the SDK's tool runner goes on after a pause", source="anthropic 2.12.0, lib/tools/_beta_runner"
)
@pytest.mark.parametrize("pauses", [False, True])
def test_a_tool_loop_with_compaction(pauses: bool) -> None:
    """The calls since the person wrote stand in the summary, so no work is done twice."""

    @anthropic.beta_tool
    def look_up() -> str:
        """Looks."""
        return "word " * 26_000

    wish: Any = {"edits": [edit(pause_after_compaction=pauses, instructions="Call no tools.")]}
    world = World(model=Working())
    runner = world.client().beta.messages.tool_runner(
        **asked(), tools=[look_up], betas=[BETA], context_management=wish, max_iterations=9
    )
    steps = [step.to_dict() for step in runner]
    stops = ["tool_use", "tool_use", *(["compaction"] if pauses else []), "tool_use", "end_turn"]
    assert [step["stop_reason"] for step in steps] == stops
    summaries = [step for step in steps if step["content"][0]["type"] == "compaction"]
    assert len(summaries) == 1
    assert summaries[0]["content"][0]["content"].count("Called: ") == 2


def test_nothing_but_a_summary_is_not_summed_up_again() -> None:
    """A system prompt that is longer than the trigger does not make a pause without end."""
    body = long(edit(**PAUSE), system=LONG)
    paused = post(World(), body)
    assert paused["stop_reason"] == "compaction"
    assert post(World(), then(body, paused))["stop_reason"] == "end_turn"
    assert post(World(), then(body, paused, ASK))["stop_reason"] == "compaction"


# ---------------------------------------------------------------- usage, price, limits, cache
@imitates(
    "usage.iterations lists the summary and the message; the totals are the message's", source=DOCS
)
def test_the_usage_of_a_summary() -> None:
    """The first read everything and what to do with it; the second what is left."""
    message = post(World(), long())
    whole = body_of(World().post(plain(long())))["usage"]["input_tokens"]
    usage = message["usage"]
    first, second = usage["iterations"]
    assert (first["type"], second["type"]) == ("compaction", "message")
    assert whole < first["input_tokens"] < whole + 200
    assert 0 < second["input_tokens"] < 200
    assert first["output_tokens"] > 10
    assert {name: usage[name] for name in second if name != "type"} == {
        name: value for name, value in second.items() if name != "type"
    }


@imitates("instructions are billed in place of the default prompt", source=DOCS)
def test_instructions_are_read() -> None:
    """Ten times the words cost ten times the tokens."""
    sizes = [
        post(World(), long(edit(instructions="keep " * count)))["usage"]["iterations"][0]
        for count in (100, 1_000)
    ]
    assert sizes[1]["input_tokens"] - sizes[0]["input_tokens"] == 900


@imitates("with the beta header every answer lists its iterations", source=DOCS)
def test_iterations_come_with_the_header() -> None:
    """A short request has one; without the header there is no list."""
    assert [one["type"] for one in post(World(), asked())["usage"]["iterations"]] == ["message"]
    assert "iterations" not in body_of(World().post(asked()))["usage"]


HAIKU = "claude-haiku-5-5"


@imitates("all iterations are billed, each by its own prompt", source=f"{DOCS}; pricing")
@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("pauses", [False, True])
def test_a_summary_is_billed(streamed: bool, pauses: bool) -> None:
    """The invoice, the trace, and the price of the SDK's usage agree; by hand on a stepped price.

    Above 100,000 tokens of prompt Haiku 5.5 costs five times as much: the summary's prompt is
    longer than that, and the message's is not.
    """
    lab = Lab()
    body = long(edit(pause_after_compaction=pauses), model=HAIKU)
    body["messages"][0] = {"role": "user", "content": LONG * 2}
    messages = lab.client.beta.messages
    if streamed:
        with messages.stream(**body, betas=[BETA]) as events:
            message = events.get_final_message()
    else:
        message = messages.create(**body, betas=[BETA])
    parts = message.usage.iterations or []
    tokens_in = [part.input_tokens for part in parts]
    tokens_out = [part.output_tokens for part in parts]
    assert tokens_in[0] > 100_000
    by_hand = tokens_in[0] * 0.5e-6 + tokens_out[0] * 2.5e-6
    if not pauses:
        by_hand += tokens_in[1] * 0.1e-6 + tokens_out[1] * 0.5e-6
    assert float(lab.invoice.total_usd) == pytest.approx(by_hand, abs=1e-12)
    assert lab.trace.cost_usd == pytest.approx(by_hand, abs=1e-12)
    assert catalog.cost_usd(message.usage, HAIKU) == pytest.approx(by_hand, abs=1e-12)
    usage = lab.trace.usage
    assert (usage.input_tokens, usage.output_tokens) == (sum(tokens_in), sum(tokens_out))


def test_a_stream_that_breaks_costs_what_it_reported() -> None:
    """Its start tells nothing of the summary."""
    lab = Lab(faults=[stream_lost(after=0)])
    with (
        pytest.raises(Exception, match="peer closed"),
        lab.client.beta.messages.stream(**long(), betas=[BETA]) as events,
    ):
        events.get_final_message()
    assert float(lab.invoice.total_usd) == pytest.approx(lab.trace.cost_usd, abs=1e-12)
    assert lab.trace.usage.input_tokens < 1_000


@imitates("a summary counts toward the rate limits", source=DOCS)
def test_a_summary_counts_toward_the_limits() -> None:
    """Its input and its output are gone from the buckets; what is left is told in thousands."""
    world = World(limits=Limits(input_tokens_per_minute=200_000, output_tokens_per_minute=100_000))
    body = long(model=THINKER)
    body["messages"][-1] = {"role": "user", "content": "1234 " * 400}
    plan = world.post(body, headers=WITH_BETA)
    parts = body_of(plan)["usage"]["iterations"]
    assert parts[0]["output_tokens"] > 1_500
    for kind, allowed in (("input", 200_000), ("output", 100_000)):
        left = allowed - sum(part[f"{kind}_tokens"] for part in parts)
        told = dict(plan.headers)[f"anthropic-ratelimit-{kind}-tokens-remaining"]
        assert told == str(round(left, -3))


MARK = {"cache_control": {"type": "ephemeral"}}


@imitates("a marked system prompt stays cached when a conversation is summed up", source=DOCS)
def test_the_system_prompt_stays_cached() -> None:
    """The summary's prompt reads the conversation, and the message the system prompt."""
    world = World()
    system = [{"type": "text", "text": "Be kind to everybody. " * 500, **MARK}]
    body = long(edit(60_000), system=system, **MARK)
    warm = post(world, body)["usage"]
    world.clock.sleep(30.0)
    later = {**then(body, {"content": [TEXT]}, ASK), FIELD: {"edits": [edit()]}}
    first, second = post(world, later)["usage"]["iterations"]
    assert first["cache_read_input_tokens"] == warm["cache_creation_input_tokens"]
    assert 2_000 < second["cache_read_input_tokens"] < 4_000


@imitates("a breakpoint may stand on a summary", source=DOCS)
def test_a_summary_can_be_cached() -> None:
    """Marked in the history, it is written once and read the next time."""
    world, body = World(), long(edit(), system="Be kind to everybody. " * 500)
    first = post(world, body)
    first["content"][0] |= MARK
    later = then(body, first, ASK)
    written = post(world, later)["usage"]["cache_creation_input_tokens"]
    world.clock.sleep(30.0)
    assert written > 2_000
    assert post(world, later)["usage"]["cache_read_input_tokens"] == written


@imitates(
    "a count applies summaries that are there, writes none, and tells the size before", source=DOCS
)
def test_a_count_applies_summaries() -> None:
    """Both numbers are within the margin of what is read."""
    body = long()
    message = post(World(), body)
    whole = body_of(World().post(plain(body)))["usage"]["input_tokens"]
    later = then(body, message, ASK)
    read = post(World(), later)["usage"]["input_tokens"]
    for request, least in ((body, whole), (later, read)):
        counted = {name: value for name, value in request.items() if name != "max_tokens"}
        told = post(World(), counted, COUNT)
        assert abs(told["input_tokens"] - least) <= MARGIN * least + 1
        original = told[FIELD]["original_input_tokens"]
        assert whole * (1 - MARGIN) - 1 <= original <= whole * (1 + MARGIN) + 300


# ---------------------------------------------------------------- thinking, tools, faults


@imitates("thinking behind a summary is bound to what follows the summary", source=DOCS)
def test_thinking_behind_a_summary() -> None:
    """It stays valid whether the old messages are sent or not, and over later turns."""
    world, body = World(), long(model=THINKER)
    said = [post(world, body)]
    assert kinds(said[0]) == ["compaction", "thinking", "text"]
    for _ in range(2):
        turns = [
            one
            for message in said
            for one in ({"role": "assistant", "content": message["content"]}, ASK)
        ]
        for before in (body["messages"], []):
            told = post(world, {**body, "messages": [*before, *turns]})
            assert kinds(told) == ["thinking", "text"]
        said.append(told)


@imitates("thinking that is put back behind a summary is refused where it is bound", source=DOCS)
def test_thinking_that_is_put_back() -> None:
    """It was written after the whole history; without it, the turn may stay."""
    world, body = World(), long(edit(60_000), model=THINKER)
    old = post(world, body)
    body = {**then(body, old, ASK), FIELD: {"edits": [edit(**PAUSE)]}}
    paused = post(world, body)
    kept = [{"role": "assistant", "content": paused["content"]}, ASK]
    thought, said = (
        {"role": "assistant", "content": part} for part in (old["content"], old["content"][1:])
    )
    assert "bound to a different conversation" in refusal(
        {**body, "messages": [*kept, thought, ASK]}
    )
    assert kinds(post(world, {**body, "messages": [*kept, said, ASK]})) == ["thinking", "text"]


def test_a_refusal_counts_the_messages_that_were_sent() -> None:
    """Changed thinking is named by its place in the request, old messages counted."""
    body = long(model=THINKER)
    first = post(World(), body)
    first["content"][1]["signature"] = "no"
    told = refusal(then(body, first, ASK))
    assert told.startswith("messages.3.content.1: Invalid `signature`")


def test_a_turn_without_its_thinking_is_named_by_its_place() -> None:
    """With a budget, too, messages before a summary are counted."""
    summary = {"role": "assistant", "content": [{"type": "compaction", "content": "All of it."}]}
    use = {"type": "tool_use", "id": "toolu_1", "name": "extend_loan", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "Done."}
    loop = [{"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
    budget = {"max_tokens": 2_000, "thinking": {"type": "enabled", "budget_tokens": 1_024}}
    body = {**long(model="claude-opus-4-6", tools=TOOLS, **budget)}
    body["messages"] = [ASK, summary, ASK, *loop]
    assert refusal(body).startswith("messages.3.content.0.type: Expected `thinking`")


TOOLS = [{"name": "extend_loan", "input_schema": {"type": "object"}}]


@imitates("a model with tools sometimes writes no summary, and content is null", source=DOCS)
def test_a_summary_may_fail() -> None:
    """About one in twenty; then everything is read, and instructions against it help."""
    failed = 0
    for seed in range(60):
        message = post(World(seed=seed), long(tools=TOOLS))
        first, second = message["usage"]["iterations"]
        if message["content"][0]["content"] is None:
            failed += 1
            assert second["input_tokens"] > 50_000
            assert first["output_tokens"] > 0
            assert kinds(post(World(), then(long(tools=TOOLS), message, ASK)))[0] == "compaction"
        else:
            assert second["input_tokens"] < 1_000
        told = long(edit(instructions="Do not call any tools."), tools=TOOLS)
        assert post(World(seed=seed), told)["content"][0]["content"]
    assert 1 <= failed <= 7


def test_a_failed_summary_is_explained() -> None:
    """The reason stands before the model's own."""
    for seed in range(60):
        lab = Lab(seed)
        message = lab.client.beta.messages.create(**long(tools=TOOLS), betas=[BETA])
        if message.content[0].content is None:
            assert repr(lab.explain(message.id)).startswith("compaction-failed: the model called")
            return
    raise AssertionError("no seed of sixty fails")


@imitates(
    "an overloaded provider cannot compact", source="anthropic 2.12.0, compaction_unavailable_error"
)
def test_compaction_may_be_unavailable() -> None:
    """The finer class of the SDK; a request that is short gets the plain one."""
    for body, kind in (
        (long(), CompactionUnavailableError),
        (long(edit(60_000)), anthropic.OverloadedError),
    ):
        world = World((overloaded(),))
        with pytest.raises(anthropic.OverloadedError) as refused:
            through_the_sdk("create", world, body)
        assert type(refused.value) is kind
        assert through_the_sdk("create", world, body).stop_reason == "end_turn"


def test_a_batch_sums_up() -> None:
    """The header of the batch holds for each of its requests, and both parts cost half."""
    world = World()
    batches = world.client().beta.messages.batches
    requests: Any = [{"custom_id": "a", "params": long()}]
    made = batches.create(requests=requests, betas=[BETA])
    world.clock.sleep(86_400.0)
    (line,) = batches.results(made.id)
    assert line.result.type == "succeeded"
    usage = line.result.message.usage
    price = catalog.model(asked()["model"]).price
    cost = sum(
        one.input_tokens * price.input + one.output_tokens * price.output
        for one in usage.iterations or ()
    )
    total = float(world.provider.state.ledger.invoice().total_usd)
    assert total == pytest.approx(cost / 2_000_000)


def test_models_tell_that_they_sum_up() -> None:
    """In the list of capabilities."""
    info = World().client().models.retrieve("lab-fast-2").capabilities
    assert info is not None
    assert info.to_dict()[FIELD][COMPACT] == {"supported": True}


def test_a_refusal_behind_a_summary() -> None:
    """A refusal alone would be free; the summary was written."""
    lab = Lab(model=Says((), "refusal"))
    message = lab.client.beta.messages.create(**long(), betas=[BETA])
    assert message.stop_reason == "refusal"
    assert float(lab.invoice.total_usd) == pytest.approx(lab.trace.cost_usd, abs=1e-12)
    assert lab.trace.cost_usd > 0


# ---------------------------------------------------------------- tripwires, anything
def test_the_fields_are_the_sdks() -> None:
    """Those of the edit, of the block, of its delta and of an iteration."""
    differ(FIELDS[COMPACT], keys(beta.BetaCompact20260112EditParam), "validation/edits.py, FIELDS")
    block = keys(beta.BetaCompactionBlockParam)
    differ(BLOCK_FIELDS["compaction"], block, "validation/messages.py, FIELDS")
    message = post(World(), long())
    unsigned = {*message["content"][0], "signature", "tool_changes"}
    differ(unsigned, beta.BetaCompactionBlock.model_fields, "answers/compacting.py")
    delta = events_of(World().post(long(stream=True), headers=WITH_BETA))[3][1]["delta"]
    differ(delta, beta.BetaCompactionContentBlockDelta.model_fields, "answers/wire.py")
    part = message["usage"]["iterations"][0]
    differ(part, beta.BetaCompactionIterationUsage.model_fields, "answers/wire.py, iterations")


odd = st.none() | st.integers(-1, 9) | st.booleans() | st.text(max_size=3) | st.just([])
block_like = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("compaction")},
        optional={name: odd for name in BLOCK_FIELDS["compaction"] if name != "type"},
    ),
    st.builds(lambda words: {"type": "compaction", "content": words}, st.text(max_size=40)),
    st.just(TEXT),
    st.just({"type": "tool_use", "id": "toolu_1", "name": "look_up", "input": {}}),
)
turn_like = st.one_of(
    st.fixed_dictionaries(
        {"role": st.just("assistant"), "content": st.lists(block_like, min_size=1, max_size=3)}
    ),
    st.just(ASK),
    st.just({"role": "user", "content": LONG}),
    st.just(
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "done"}],
        }
    ),
)
edit_like = st.fixed_dictionaries(
    {"type": st.just(COMPACT)},
    optional={
        "trigger": odd | st.just({"type": "input_tokens", "value": 50_000}),
        "pause_after_compaction": st.booleans() | odd,
        "instructions": st.text(max_size=9) | odd,
    },
)
likely = st.just(edit()) | st.just(edit(**PAUSE)) | edit_like


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(turns=st.lists(turn_like, min_size=1, max_size=5), wish=likely, streamed=st.booleans())
def test_any_conversation_with_summaries_is_answered(
    turns: list[Any], wish: dict[str, Any], streamed: bool
) -> None:
    """Odd blocks in odd places never break the provider, and answers can be sent back."""
    world = World(model=SimulatedModel())
    body = {**asked(messages=turns, stream=streamed), FIELD: {"edits": [wish]}}
    plan = world.post(body, headers=WITH_BETA)
    assert plan.status == 200 or 400 <= plan.status < 500
    if plan.status != 200 or streamed:
        return
    message = body_of(plan)
    later = post(World(), then(body, message, ASK))
    assert later["type"] == "message"
    parts = message["usage"]["iterations"]
    told = [part for part in parts if part["type"] == "message"]
    assert message["usage"]["input_tokens"] == sum(part["input_tokens"] for part in told)


def test_a_summary_of_odd_lines_is_read() -> None:
    """Half a call, a label without words, and a strange separator are words like others."""
    hears = Hears()
    calls = [json.dumps(one) for one in ({"name": "x"}, 7)]
    lines = [f"Called: {calls[0]}", f"Called: {calls[1]}", "Called: {", "Told:", "a\u2028b"]
    summary = {"type": "compaction", "content": "\n".join(lines)}
    turns = [{"role": "assistant", "content": [summary]}, ASK]
    post(World(model=hears), {**long(), "messages": turns})
    assert hears.texts == ["\n".join(lines), QUESTION]
