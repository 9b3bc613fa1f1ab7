"""Context editing: what is cleared of a long conversation, and who notices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import anthropic
import pytest
from anthropic.types import beta
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sim_facts import imitates
from sim_world import ANSWER, HEADERS, QUESTION, TEXT, Says, World, asked, body_of
from test_tripwires import differ, keys

from labkit.sim import edits, server_error, tokens
from labkit.sim.endpoints.counting import MARGIN
from labkit.sim.luck import Luck
from labkit.sim.reply import Reply
from labkit.sim.validation.edits import FIELDS

DOCS = "docs: context editing, read 2026-11-24"
SDK = "anthropic 2.12.0, types/beta"
BETA = "context-management-2025-06-27"
WITH_BETA = {**HEADERS, "anthropic-beta": f"files-api-2025-04-14, {BETA}"}
FIELD = "context_management"
USES, THOUGHTS = "clear_tool_uses_20250919", "clear_thinking_20251015"
COUNT = "/v1/messages/count_tokens"

TOOLS = [
    {"name": name, "description": "Looks.", "input_schema": {"type": "object"}}
    for name in ("look_up", "count_up")
]
ASK = {"role": "user", "content": QUESTION}
RESULT = "The drill is lent for seven days, and the ladder for three. " * 20
RESULT_TOKENS = tokens.count(RESULT)
INPUT = {"item": "a cordless drill with two batteries"}
SHOWN = {"type": "adaptive", "display": "summarized"}
THINKER = "claude-opus-5"
ALL_OF_THEM = ("all", {"type": "all"})


@dataclass
class Hears:
    """A model that keeps what it is given to read."""

    bodies: list[Mapping[str, Any]] = field(default_factory=list)

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
        """The usual answer."""
        self.bodies.append(body)
        return Reply((TEXT,))


def history(uses: int, result: str = RESULT) -> list[dict[str, Any]]:
    """A question and so many tool calls, one after the other, of two tools by turns."""
    turns = [dict(ASK)]
    for n in range(uses):
        call = {"type": "tool_use", "id": f"toolu_{n}", "name": TOOLS[n % 2]["name"]}
        told = {"type": "tool_result", "tool_use_id": f"toolu_{n}", "content": result}
        turns.append({"role": "assistant", "content": [{**call, "input": INPUT}]})
        turns.append({"role": "user", "content": [told]})
    return turns


def request(*wished: dict[str, Any], uses: int = 6, **changes: Any) -> dict[str, Any]:
    """A request with edits and a history of tool calls."""
    plain = asked(tools=TOOLS, messages=history(uses), **changes)
    return {**plain, FIELD: {"edits": list(wished)}}


def clear(trigger: int = 1, of: str = "input_tokens", **more: Any) -> dict[str, Any]:
    """The edit that clears tool uses, from little on."""
    return {"type": USES, "trigger": {"type": of, "value": trigger}, **more}


def keep(uses: int) -> dict[str, Any]:
    """How many tool uses stay."""
    return {"type": "tool_uses", "value": uses}


def post(world: World, body: object, path: str = "/v1/messages") -> Any:
    """The body of what comes back, with the beta header."""
    return body_of(world.post(body, headers=WITH_BETA, path=path))


def plain(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same request without edits."""
    return {name: value for name, value in body.items() if name != FIELD}


def applied(message: Any) -> list[Any]:
    """The edits that were made."""
    return list(message[FIELD]["applied_edits"])


def results(body: Mapping[str, Any]) -> list[str]:
    """What the model reads of each result."""
    blocks = [block for one in body["messages"][1:] for block in one["content"]]
    return [block["content"] for block in blocks if block["type"] == "tool_result"]


def given_to(*wished: dict[str, Any], **changes: Any) -> Mapping[str, Any]:
    """What the model reads of a request with these edits."""
    hears = Hears()
    post(World(model=hears), request(*wished, **changes))
    return hears.bodies[0]


def gone(*wished: dict[str, Any], uses: int = 6) -> list[int]:
    """The numbers of the results that were cleared."""
    read = results(given_to(*wished, uses=uses))
    return [n for n, result in enumerate(read) if result != RESULT]


BAD_BETAS = [{}, {"anthropic-beta": ""}, {"anthropic-beta": "files-api-2025-04-14"}]


@imitates("without its beta header the field is an unknown one", source=DOCS)
@pytest.mark.parametrize("path", ["/v1/messages", COUNT])
@pytest.mark.parametrize("betas", BAD_BETAS)
def test_edits_need_the_beta_header(betas: dict[str, str], path: str) -> None:
    """Requests and counts are refused as they are for any other field that is not there."""
    body = request(clear())
    if path == COUNT:
        del body["max_tokens"]
    for value in (body[FIELD], None):
        plan = World().post({**body, FIELD: value}, headers={**HEADERS, **betas}, path=path)
        message = body_of(plan)["error"]["message"]
        assert (plan.status, message) == (400, f"{FIELD}: Extra inputs are not permitted")


SAID = "sync create", "sync stream", "async create", "async stream"


def through_the_sdk(way: str, world: World, body: dict[str, Any]) -> beta.BetaMessage:
    """A message of the SDK's beta endpoint."""
    kind, _, does = way.partition(" ")
    if kind == "sync":
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


@imitates("the answer tells which edits were made and what they cleared", source=f"{DOCS}; {SDK}")
@pytest.mark.parametrize("way", SAID)
def test_the_sdk_sees_the_edits(way: str) -> None:
    """In every way of asking: three of six uses are gone, and so many tokens fewer are billed."""
    body = request(clear(trigger=1_000))
    whole = body_of(World().post(plain(body)))["usage"]["input_tokens"]
    message = through_the_sdk(way, World(), body)
    assert message.context_management is not None
    (edit,) = message.context_management.applied_edits
    assert isinstance(edit, beta.BetaClearToolUses20250919EditResponse)
    assert edit.cleared_tool_uses == 3
    assert edit.cleared_input_tokens == whole - message.usage.input_tokens
    assert edit.cleared_input_tokens == 3 * (RESULT_TOKENS - tokens.count(edits.PLACEHOLDER))
    assert message.content[0].text == ANSWER  # type: ignore[union-attr]


@imitates("a stream tells of the edits in its message_delta", source=DOCS)
def test_a_stream_tells_of_the_edits_at_its_end() -> None:
    """The start of the message says nothing of them; the end has what the body would have."""
    body = request(clear())
    events = list(World().client().beta.messages.create(**body, stream=True, betas=[BETA]))
    assert events[0].message.context_management is None
    told = events[-2].to_dict()[FIELD]
    assert told == post(World(), body)[FIELD]


@imitates("tool uses are cleared above 100,000 input tokens, but for the last three", source=DOCS)
def test_the_defaults() -> None:
    """The edit alone waits for a long prompt."""
    short = post(World(), request({"type": USES}))
    assert applied(short) == []
    long = {**request({"type": USES}), "messages": history(6, RESULT * 70)}
    (edit,) = applied(post(World(), long))
    assert (edit["type"], edit["cleared_tool_uses"]) == (USES, 3)


@pytest.mark.parametrize("wished", [(), ({"type": USES},), (clear(keep=keep(6)),)])
def test_an_edit_that_clears_nothing_changes_nothing(wished: tuple[dict[str, Any], ...]) -> None:
    """The answer is the one to the same request without edits, ids and all."""
    body = request(*wished)
    message = post(World(), body)
    assert message.pop(FIELD) == {"applied_edits": []}
    assert message == body_of(World().post(plain(body)))
    assert post(World(), {**body, FIELD: None}) == message


@imitates("an edit begins when the prompt exceeds its trigger", source=DOCS)
def test_the_trigger_in_tokens() -> None:
    """At the number itself nothing happens; one token above it does."""
    size = body_of(World().post(plain(request())))["usage"]["input_tokens"]
    assert gone(clear(trigger=size)) == []
    assert gone(clear(trigger=size - 1)) == [0, 1, 2]


@imitates("a trigger may count tool uses", source=DOCS)
def test_the_trigger_in_tool_uses() -> None:
    """Six are not more than six; seven are."""
    assert gone(clear(6, "tool_uses")) == []
    assert gone(clear(6, "tool_uses"), uses=7) == [0, 1, 2, 3]


@imitates("the oldest go first, and so many of the latest stay", source=DOCS)
@pytest.mark.parametrize("kept", [0, 1, 5, 6, 9])
def test_the_latest_stay(kept: int) -> None:
    """Everything may be cleared, or nothing."""
    assert gone(clear(keep=keep(kept))) == list(range(max(0, 6 - kept)))


@imitates("excluded tools are never cleared", source=DOCS)
def test_excluded_tools_stay() -> None:
    """Of the three oldest calls two were to this tool."""
    assert gone(clear(exclude_tools=["look_up"])) == [1]
    assert gone(clear(exclude_tools=["look_up", "count_up"])) == []


@imitates("a result gives way to a placeholder; its call stays", source=DOCS)
@pytest.mark.parametrize(
    ("wish", "emptied"),
    [(False, []), (None, []), (True, [0, 1, 2]), (["count_up"], [1]), ([], [])],
)
def test_calls_stay_unless_their_inputs_go_too(wish: object, emptied: list[int]) -> None:
    """By default what a tool was called with can still be read."""
    read = given_to(clear(clear_tool_inputs=wish))
    calls = [block for one in read["messages"][1::2] for block in one["content"]]
    assert [call["name"] for call in calls] == ["look_up", "count_up"] * 3
    assert [n for n, call in enumerate(calls) if call["input"] == {}] == emptied
    assert all(call["input"] == INPUT for n, call in enumerate(calls) if n not in emptied)
    assert results(read) == [edits.PLACEHOLDER] * 3 + [RESULT] * 3


@imitates("less than clear_at_least is not cleared", source=DOCS)
def test_clear_at_least() -> None:
    """One token more than could be cleared, and nothing is."""
    (edit,) = applied(post(World(), request(clear())))
    saved = edit["cleared_input_tokens"]
    for least, cleared in ((saved, [0, 1, 2]), (saved + 1, [])):
        assert gone(clear(clear_at_least={"type": "input_tokens", "value": least})) == cleared


@pytest.mark.parametrize("result", ["yes", edits.PLACEHOLDER])
def test_a_placeholder_is_no_gain_over_a_short_result(result: str) -> None:
    """Where it would be as long as what it stands for, results stay."""
    body = {**request(clear()), "messages": history(6, result)}
    assert applied(post(World(), body)) == []


@imitates("clearing begins the cached prefix anew; later requests read that one", source=DOCS)
def test_clearing_and_the_cache() -> None:
    """Up to the first cleared result the cache still holds; behind it, it is written again."""
    world, marked = World(), {"type": "ephemeral"}
    body = request(clear(), cache_control=marked)
    whole = world.client().beta.messages.create(**plain(body)).usage
    assert whole.cache_creation_input_tokens > 6 * RESULT_TOKENS
    world.clock.sleep(10.0)
    first = post(world, body)["usage"]
    assert first["cache_read_input_tokens"] == 0
    assert first["cache_creation_input_tokens"] < whole.cache_creation_input_tokens
    world.clock.sleep(10.0)
    again = post(world, body)["usage"]
    assert again["cache_read_input_tokens"] == first["cache_creation_input_tokens"]


def test_edits_do_not_change_which_faults_strike() -> None:
    """With and without them the same attempts fail, also where what was said last is cleared."""
    for edit in (clear(), clear(keep=keep(0))):
        struck = []
        for body in (request(edit), plain(request(edit))):
            world = World((server_error(rate=0.5),))
            plans = [world.post(body, headers=WITH_BETA) for _ in range(20)]
            struck.append([plan.status for plan in plans])
        assert struck[0] == struck[1]
        assert set(struck[0]) == {200, 500}


class Working:
    """A model that calls a tool until it has seen five results."""

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
        """A call, or the usual answer."""
        if len(results(body)) == 5:
            return Reply((TEXT,))
        return Reply(({"type": "tool_use", "name": "look_up", "input": {}},), "tool_use")


@imitates("edits work in the SDK's tool runner", source=f"{DOCS}; anthropic 2.12.0, lib/tools")
def test_a_tool_loop_with_edits() -> None:
    """Each step sends the whole conversation, and the prompt stops growing with its results."""

    @anthropic.beta_tool
    def look_up() -> str:
        """Looks."""
        return RESULT

    wish: Any = {"edits": [clear(keep=keep(2))]}
    runner = (
        World(model=Working())
        .client()
        .beta.messages.tool_runner(
            **asked(), tools=[look_up], betas=[BETA], context_management=wish
        )
    )
    steps = [step.to_dict() for step in runner]
    cleared = [sum(edit["cleared_tool_uses"] for edit in applied(step)) for step in steps]
    assert cleared == [0, 0, 0, 1, 2, 3]
    sizes = [step["usage"]["input_tokens"] for step in steps]
    assert sizes[2] - sizes[1] > RESULT_TOKENS
    assert max(sizes[3:]) - sizes[2] < RESULT_TOKENS / 2


@imitates("what is edited into the window is not too long", source=DOCS)
def test_editing_saves_a_conversation_from_the_window() -> None:
    """What is refused without the edit is answered with it, and billed as it was read."""
    world = World()
    body = {**request(clear()), "model": "lab-fast-2", "messages": history(6, "好" * 40_000)}
    assert body_of(world.post(plain(body)))["error"]["message"].startswith("prompt is too long")
    usage = post(world, body)["usage"]
    assert 120_000 < usage["input_tokens"] < 121_000
    (line,) = world.provider.state.ledger.invoice().lines
    assert line.input_tokens == usage["input_tokens"]


def thoughtful(world: World, turns: int) -> list[Any]:
    """A conversation of so many turns with thinking, and one more question."""
    said: list[Any] = [ASK]
    for _ in range(turns):
        reply = post(world, asked(model=THINKER, thinking=SHOWN, messages=said))
        said = [*said, {"role": "assistant", "content": reply["content"]}, ASK]
    return said


def thinking_of(message: Mapping[str, Any]) -> int:
    """The tokens of a message's thinking, as it is shown."""
    return tokens.NEWER.count(message["content"][0]["thinking"])


@imitates(
    "thinking of as many of the latest turns is read as keep says, one without it",
    source=f"{DOCS}; {SDK}",
)
@pytest.mark.parametrize("kept", [None, 1, 2, 3, 4, *ALL_OF_THEM])
def test_thinking_is_cleared(kept: Any) -> None:
    """Each turn whose thinking stays is billed with it, and the answer tells of the others."""
    world = World()
    said = thoughtful(world, 3)
    body = asked(model=THINKER, thinking=SHOWN, messages=said)
    least = post(world, body)["usage"]["input_tokens"]
    wish = {"type": "thinking_turns", "value": kept} if isinstance(kept, int) else kept
    edit = {"type": THOUGHTS} if kept is None else {"type": THOUGHTS, "keep": wish}
    message = post(world, {**body, FIELD: {"edits": [edit]}})
    thoughts = [thinking_of(one) for one in said[1::2]]
    stay = 1 if kept is None else 3 if kept in ALL_OF_THEM else min(kept, 3)
    read, cleared = thoughts[3 - stay :], thoughts[: 3 - stay]
    assert message["usage"]["input_tokens"] == least + sum(read)
    reports = {
        "type": THOUGHTS,
        "cleared_thinking_turns": len(cleared),
        "cleared_input_tokens": sum(cleared),
    }
    assert applied(message) == ([reports] if cleared else [])


def test_a_turn_with_tools_is_one_turn() -> None:
    """Its thinking, before and between the calls, stays or goes together."""
    world = World(
        model=Says(({"type": "tool_use", "name": "look_up", "input": INPUT},), "tool_use")
    )
    body = asked(model=THINKER, thinking=SHOWN, tools=TOOLS)
    said = [ASK]
    for last in (False, True):
        reply = post(world, {**body, "messages": said})["content"]
        told = {"type": "tool_result", "tool_use_id": reply[-1]["id"], "content": "done"}
        more = [{"type": "text", "text": QUESTION}] if last else []
        said = [*said, {"role": "assistant", "content": reply}]
        said = [*said, {"role": "user", "content": [told, *more]}]
    edit = {"type": THOUGHTS, "keep": {"type": "thinking_turns", "value": 1}}
    message = post(world, {**body, "messages": said, FIELD: {"edits": [edit]}})
    assert applied(message) == []


@imitates("keeping all thinking keeps the cache", source=DOCS)
def test_kept_thinking_keeps_the_cache() -> None:
    """What was cached with its thinking is read again a turn later; cleared, it is not."""
    for kept, is_read in (("all", True), ({"type": "thinking_turns", "value": 1}, False)):
        world = World()
        said = thoughtful(world, 2)
        edit = {"type": THOUGHTS, "keep": kept}
        system = [{"type": "text", "text": "Be kind."}]
        body = asked(model=THINKER, thinking=SHOWN, system=system, **{FIELD: {"edits": [edit]}})
        long = {"role": "user", "content": RESULT * 5}
        marked = {"cache_control": {"type": "ephemeral"}}
        first = [*said[:-1], long]
        reply = post(world, {**body, **marked, "messages": first})
        world.clock.sleep(20.0)
        later = [*first, {"role": "assistant", "content": reply["content"]}, ASK]
        usage = post(world, {**body, **marked, "messages": later})["usage"]
        assert (usage["cache_read_input_tokens"] > 0) == is_read


@imitates("thinking that is bound to a conversation stays valid under edits", source=DOCS)
def test_edits_do_not_break_bound_thinking() -> None:
    """The client's history is unchanged, and that is what a signature is held against."""
    world = World()
    call = {"type": "tool_use", "id": "toolu_9", "name": "look_up", "input": INPUT}
    body = request(clear(), model="lab-fast-3")
    reply = post(world, body)
    assert applied(reply)
    assert reply["content"][0]["type"] == "thinking"
    later = [*body["messages"], {"role": "assistant", "content": [*reply["content"], call]}]
    told = {"type": "tool_result", "tool_use_id": "toolu_9", "content": "done"}
    later.append({"role": "user", "content": [told]})
    assert applied(post(world, {**body, "messages": later}))[0]["cleared_tool_uses"] == 4


@imitates("several edits are made in their order", source=DOCS)
def test_both_edits_together() -> None:
    """Thinking first; then the trigger of the other sees what is left."""
    world = World()
    said = [*thoughtful(world, 2)[:-1], *history(4)]
    body = asked(model=THINKER, thinking=SHOWN, tools=TOOLS, messages=said)
    first = {"type": THOUGHTS}
    left = post(world, {**body, FIELD: {"edits": [first]}})["usage"]["input_tokens"]
    for trigger, made in ((left - 1, [THOUGHTS, USES]), (left, [THOUGHTS])):
        message = post(world, {**body, FIELD: {"edits": [first, clear(trigger)]}})
        assert [edit["type"] for edit in applied(message)] == made


@imitates(
    "clearing thinking needs thinking", source="wording as users have reported it, 2026-08-14"
)
def test_clearing_thinking_needs_thinking() -> None:
    """A model that does not think, or not for this request, refuses the edit."""
    words = f"`{THOUGHTS}` strategy requires `thinking` to be enabled or adaptive"
    off = {"thinking": {"type": "disabled"}}
    for model, more, refused in (
        ("lab-fast-2", {}, True),
        ("lab-fast-2", {"thinking": {"type": "adaptive"}}, False),
        ("lab-fast-3", {}, False),
        ("lab-fast-3", off, True),
    ):
        body = asked(model=model, **more, **{FIELD: {"edits": [{"type": THOUGHTS}]}})
        counted = {name: value for name, value in body.items() if name != "max_tokens"}
        for path, sent in (("/v1/messages", body), (COUNT, counted)):
            told = post(World(), sent, path)
            assert told.get("error", {}).get("message") == (words if refused else None)


@imitates("a count honours edits, and tells the size before them", source=DOCS)
@pytest.mark.parametrize("is_async", [False, True])
def test_a_count_honours_edits(is_async: bool) -> None:
    """Both numbers are within the margin of what would be billed."""
    body = request(clear())
    before = body_of(World().post(plain(body)))["usage"]["input_tokens"]
    after = post(World(), body)["usage"]["input_tokens"]
    counted = {name: value for name, value in body.items() if name != "max_tokens"}
    world = World()
    if is_async:

        async def main() -> beta.BetaMessageTokensCount:
            async with world.async_client() as client:
                return await client.beta.messages.count_tokens(**counted, betas=[BETA])

        told = world.clock.run(main)
    else:
        told = world.client().beta.messages.count_tokens(**counted, betas=[BETA])
    assert told.context_management is not None
    original = told.context_management.original_input_tokens
    assert abs(told.input_tokens - after) <= MARGIN * after + 1
    assert abs(original - before) <= MARGIN * before + 1
    assert original > told.input_tokens


def test_a_count_without_edits_has_one_size() -> None:
    """Where nothing is cleared both numbers are the same; where nothing is asked there is one."""
    body = {name: value for name, value in request().items() if name != "max_tokens"}
    told = post(World(), body, COUNT)
    assert told[FIELD] == {"original_input_tokens": told["input_tokens"]}
    assert set(post(World(), plain(body), COUNT)) == {"input_tokens"}


EDIT = f"{FIELD}.edits.0"
WHOLE = "Input should be a valid integer"
BAD = [
    (7, f"{FIELD}: Input should be an object"),
    ({"x": 1}, f"{FIELD}.x: Extra inputs are not permitted"),
    ({"edits": 7}, f"{FIELD}.edits: Input should be a valid list"),
    ({"edits": [7]}, f"{EDIT}: Input should be an object"),
    ({"edits": [{}]}, f"{EDIT}.type: Field required"),
    ({"edits": [{"type": "forget"}]}, f"{EDIT}: Input tag 'forget' found"),
    ({"edits": [{"type": USES, "x": 1}]}, f"{EDIT}.{USES}.x: Extra inputs"),
    ({"edits": [clear("many")]}, f"{EDIT}.{USES}.trigger.value: {WHOLE}"),  # type: ignore[arg-type]
    ({"edits": [clear(of="turns")]}, f"{EDIT}.{USES}.trigger: Input tag 'turns'"),
    ({"edits": [clear(keep={"type": "tool_uses"})]}, f"{EDIT}.{USES}.keep.value: Field required"),
    ({"edits": [clear(keep=keep(-1))]}, f"{EDIT}.{USES}.keep.value: Input should be greater"),
    ({"edits": [clear(clear_at_least=5)]}, f"{EDIT}.{USES}.clear_at_least: Input should be an"),
    ({"edits": [clear(exclude_tools=[1])]}, f"{EDIT}.{USES}.exclude_tools.0: Input should be a"),
    ({"edits": [clear(clear_tool_inputs=1)]}, f"{EDIT}.{USES}.clear_tool_inputs: Input should be"),
    ({"edits": [{"type": THOUGHTS, "keep": "none"}]}, f"{EDIT}.{THOUGHTS}.keep: Input should be"),
    (
        {"edits": [{"type": THOUGHTS, "keep": {"type": "all", "value": 1}}]},
        f"{EDIT}.{THOUGHTS}.keep",
    ),
    (
        {"edits": [{"type": THOUGHTS, "keep": {"type": "thinking_turns", "value": 0}}]},
        f"{EDIT}.{THOUGHTS}.keep.value: Input should be greater than or equal to 1",
    ),
]


@imitates("a bad edit is refused by its field", source="docs: errors, 2026-08-22")
@pytest.mark.parametrize(("wish", "message"), BAD)
def test_bad_edits_are_refused(wish: object, message: str) -> None:
    """The message begins with the place of what is wrong."""
    with pytest.raises(anthropic.BadRequestError) as refused:
        through_the_sdk("sync create", World(), {**asked(), FIELD: wish})
    assert refused.value.response.json()["error"]["message"].startswith(message)


@imitates("the edit of thinking comes first", source=DOCS)
def test_thinking_is_cleared_first() -> None:
    """Behind another edit it is refused."""
    body = request(clear(), {"type": THOUGHTS}, thinking={"type": "adaptive"})
    message = post(World(), body)["error"]["message"]
    assert message.startswith(f"{FIELD}.edits.1.{THOUGHTS}: ")


def test_a_batch_takes_edits() -> None:
    """The header of the batch holds for each of its requests."""
    world = World()
    batches = world.client().beta.messages.batches
    made = batches.create(requests=[{"custom_id": "a", "params": request(clear())}], betas=[BETA])  # type: ignore[typeddict-item,list-item]
    world.clock.sleep(86_400.0)
    (line,) = batches.results(made.id)
    assert line.result.type == "succeeded"
    assert line.result.message.context_management.applied_edits[0].cleared_tool_uses == 3  # type: ignore[union-attr]


def test_models_tell_that_they_take_edits() -> None:
    """Both kinds of clearing; compaction has a test of its own."""
    info = World().client().models.retrieve("lab-fast-2").capabilities
    assert info is not None
    told = {
        name: one["supported"] for name, one in info.to_dict()[FIELD].items() if name != "supported"
    }
    assert told == {USES: True, THOUGHTS: True, "compact_20260112": True}
    assert info.context_management.supported


def test_edits_are_the_sdks() -> None:
    """The fields of each edit, and those of its report, are the SDK's."""
    update = "sim/validation/edits.py, FIELDS"
    differ(FIELDS[USES], keys(beta.BetaClearToolUses20250919EditParam), update)
    differ(FIELDS[THOUGHTS], keys(beta.BetaClearThinking20251015EditParam), update)
    for edit, theirs in (
        (edits.ClearToolUses(), beta.BetaClearToolUses20250919EditResponse),
        (edits.ClearThinking(), beta.BetaClearThinking20251015EditResponse),
    ):
        differ(edits.report(edit, 1, 1), theirs.model_fields, "sim/edits.py, report")


odd = st.none() | st.integers(-1, 9) | st.booleans() | st.just("all") | st.just([]) | st.just({})
counts = st.builds(
    lambda kind, value: {"type": kind, "value": value},
    st.sampled_from(["input_tokens", "tool_uses", "thinking_turns", "all"]),
    st.integers(0, 900) | odd,
)
edit_like = st.fixed_dictionaries(
    {"type": st.sampled_from([USES, THOUGHTS])},
    optional={name: counts | odd for name in FIELDS[USES] if name != "type"},
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(wished=st.lists(edit_like | odd, max_size=3) | odd, uses=st.integers(0, 5))
def test_any_edits_are_answered(wished: object, uses: int) -> None:
    """Odd edits never break the provider, and what is read and what is cleared is the whole."""
    body = request(uses=uses, thinking={"type": "adaptive"})
    plan = World().post({**body, FIELD: {"edits": wished}}, headers=WITH_BETA)
    told = body_of(plan)
    if plan.status != 200:
        assert told["error"]["message"].startswith(FIELD)
        return
    whole = body_of(World().post(plain(body)))["usage"]["input_tokens"]
    cleared = sum(edit["cleared_input_tokens"] for edit in applied(told))
    assert told["usage"]["input_tokens"] + cleared == whole
