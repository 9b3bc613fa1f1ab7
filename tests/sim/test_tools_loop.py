"""Tools: which are called, several in one turn, the loop after results, and how it goes wrong."""

import json
from collections.abc import Callable
from typing import Any

import anthropic
import pytest
from anthropic import beta_async_tool, beta_tool
from sim_facts import imitates
from sim_world import MODEL, STREAMING_WAYS, WAYS, World, asked, body_of, events_of

from labkit import Lab
from labkit.case import system_prompt, tools
from labkit.errors import LabkitError, OutOfBudget
from labkit.sim import odd_arguments, paused
from labkit.sim.faults import Fault
from labkit.sim.model import SimulatedModel

SYSTEM = system_prompt()
TOOLS = [tool.definition() for tool in tools()]
CALLING = "docs: handling tool calls, 2026-08-22"
TWO = "Show me my loans, and is the bat detector free from 5 to 12 December 2026?"
FREE = {"item": "bat-detector", "first_day": "2026-12-05", "last_day": "2026-12-12"}


def world(*faults: Fault) -> World:
    """A provider whose model answers from what it is given."""
    return World(faults, model=SimulatedModel())


def request(question: str, *turns: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A question to Latch with its tools, and what came after it."""
    messages = [{"role": "user", "content": question}, *turns]
    return asked(**{"system": SYSTEM, "tools": TOOLS, **changes, "messages": messages})


def calls_of(message: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The calls in a message."""
    blocks = [block for block in message["content"] if block["type"] == "tool_use"]
    return [(block["name"], block["input"]) for block in blocks]


def calls(question: str, **changes: Any) -> list[tuple[str, dict[str, Any]]]:
    """The calls that a question leads to."""
    message = body_of(world().post(request(question, **changes)))
    assert (message["stop_reason"] == "tool_use") == bool(calls_of(message))
    return calls_of(message)


def converse(
    question: str, tool: Callable[[str], dict[str, Any]], *, turns: int = 6, **changes: Any
) -> list[dict[str, Any]]:
    """The messages of a loop that runs every call, at most so many turns."""
    one, body = world(), request(question, **changes)
    said: list[dict[str, Any]] = []
    while len(said) < turns:
        said.append(body_of(one.post(body)))
        if said[-1]["stop_reason"] != "tool_use":
            break
        ids = [block for block in said[-1]["content"] if block["type"] == "tool_use"]
        results = [
            {"type": "tool_result", "tool_use_id": one["id"], **tool(one["name"])} for one in ids
        ]
        body["messages"] = [
            *body["messages"],
            {"role": "assistant", "content": said[-1]["content"]},
            {"role": "user", "content": results},
        ]
    return said


EIGHT = [
    ("Search the catalogue for something that cuts tiles, please", "search_catalogue", {"query"}),
    ("Is the bat detector free from 5 to 12 December 2026?", "check_availability", set(FREE)),
    ("What do I have on loan?", "get_member_loans", set()),
    ("Show me my loans", "get_member_loans", set()),
    (
        "Please reserve the fog machine for 5 December 2026",
        "reserve_item",
        {"item", "collection_day"},
    ),
    ("pls extend my drill", "extend_loan", {"item"}),
    (
        "The pressure washer is damaged: the hose leaks. Please file a report.",
        "file_damage_report",
        {"item", "what_happened"},
    ),
    ("Please send me an email with the opening hours", "send_email", {"subject", "text"}),
    (
        "please waive my late fee of 4 crowns for the drill",
        "waive_fee",
        {"item", "amount_cr", "reason"},
    ),
]


@pytest.mark.parametrize(("question", "tool", "fields"), EIGHT)
def test_each_of_the_eight_tools_can_be_called(question: str, tool: str, fields: set[str]) -> None:
    """A sensible question leads to one call with all its input."""
    ((name, given),) = calls(question)
    assert (name, set(given)) == (tool, fields)


def test_the_eight_tools_are_all_tried() -> None:
    """No tool of the case is left out above."""
    assert {tool for _, tool, _ in EIGHT} == {tool["name"] for tool in TOOLS}


@imitates("several tools are called in one turn", source="docs: parallel tool use, 2026-08-22")
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (TWO, [("get_member_loans", {}), ("check_availability", FREE)]),
        (
            "Is the drill or the ladder free on 5 December 2026?",
            [
                ("check_availability", {**FREE, "item": thing, "last_day": "2026-12-05"})
                for thing in ("drill", "ladder")
            ],
        ),
        (
            "Please extend my drill and extend my ladder",
            [("extend_loan", {"item": "drill"}), ("extend_loan", {"item": "ladder"})],
        ),
    ],
)
def test_a_question_that_needs_two_lookups_makes_both(question: str, expected: Any) -> None:
    """Two questions, one question about two things, two orders."""
    assert calls(question) == expected


@imitates(
    "disable_parallel_tool_use allows one call a turn", source="docs: parallel tool use, 2026-08-22"
)
def test_parallel_calls_can_be_switched_off() -> None:
    """Then the second call comes in the next turn, and what both gave back is told at last."""
    choice = {"type": "auto", "disable_parallel_tool_use": True}
    said = converse(TWO, lambda name: {"content": f"{name} is done."}, tool_choice=choice)
    assert [calls_of(message) for message in said] == [
        [("get_member_loans", {})],
        [("check_availability", FREE)],
        [],
    ]
    assert "check_availability is done." in said[-1]["content"][0]["text"]


def test_calls_in_one_turn_have_ids_of_their_own() -> None:
    """Each result can be given to its call."""
    content = body_of(world().post(request(TWO)))["content"]
    assert len({block["id"] for block in content}) == 2


def test_results_are_told_when_all_is_done() -> None:
    """One turn of calls, one answer, whose explanation says so."""
    said = converse(TWO, lambda _: {"content": "Done."})
    assert [message["stop_reason"] for message in said] == ["tool_use", "end_turn"]
    assert said[-1]["content"][0]["text"].startswith("Done. Done.")


PENDING = [
    "pending",
    '{"status": "pending", "job": 7}',
    '{"state": "still working"}',
    [{"type": "text", "text": "Not ready, try again."}],
]


@imitates(
    "a model asks again while a tool says that it is pending", source="docs: agents, 2026-08-22"
)
@pytest.mark.parametrize("content", PENDING)
def test_a_tool_that_is_pending_is_called_again_for_ever(content: Any) -> None:
    """The same call with the same input, turn after turn: the loop that never ends."""
    said = converse("pls extend my drill", lambda _: {"content": content}, turns=12)
    assert [calls_of(message) for message in said] == [[("extend_loan", {"item": "drill"})]] * 12
    sizes = [message["usage"]["input_tokens"] for message in said]
    assert sizes == sorted(set(sizes))


@pytest.mark.parametrize(
    "content",
    [
        '{"status": "done"}',
        '{"orders": "2 pending"}',
        "Your loan is extended by 7 days from the old due date, and the request of the other member"
        " is pending.",
    ],
)
def test_a_result_that_merely_mentions_it_is_told(content: str) -> None:
    """Only a short text, or a field for the status, says that the tool is not done."""
    said = converse("pls extend my drill", lambda _: {"content": content})
    assert [message["stop_reason"] for message in said] == ["tool_use", "end_turn"]


def prototype(client: anthropic.Anthropic, question: str) -> str:
    """Loops as long as the model wants a tool."""
    body = request(question)
    message = client.messages.create(**body)
    while message.stop_reason == "tool_use":
        use = next(block for block in message.content if block.type == "tool_use")
        result = {"type": "tool_result", "tool_use_id": use.id, "content": "pending"}
        body["messages"].append({"role": "assistant", "content": message.content})
        body["messages"].append({"role": "user", "content": [result]})
        message = client.messages.create(**body)
    return message.content[0].text


def test_a_loop_without_a_limit_is_ended_by_the_labs_budget() -> None:
    """A prototype that trusts the stop reason never comes back by itself."""
    lab = Lab(max_attempts=30)
    with pytest.raises(OutOfBudget):
        prototype(lab.client, "pls extend my drill")


@imitates("after a tool's error a model tries again, then tells", source=CALLING)
def test_a_failed_call_is_made_once_more() -> None:
    """The second failure is told to the person."""
    error = {"content": "the desk is closed", "is_error": True}
    said = converse("pls extend my drill", lambda _: error)
    assert [len(calls_of(message)) for message in said] == [1, 1, 0]
    assert said[-1]["content"][0]["text"].startswith("That did not work: the desk is closed")


def test_after_words_of_the_person_the_loop_is_over() -> None:
    """A turn that brings results and a new question is answered, not repeated."""
    use = {"type": "tool_use", "id": "t1", "name": "extend_loan", "input": {"item": "drill"}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": "pending"}
    words = {"type": "text", "text": "Thanks"}
    turns = (
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [result, words]},
    )
    message = body_of(world().post(request("pls extend my drill", *turns)))
    assert message["stop_reason"] == "end_turn"


def test_an_earlier_loop_does_not_count() -> None:
    """What was called for an earlier question is called again for the next one."""
    use = {"type": "tool_use", "id": "t1", "name": "extend_loan", "input": {"item": "drill"}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": "done"}
    turns = (
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [result]},
        {"role": "assistant", "content": "Done."},
        {"role": "user", "content": "pls extend my drill"},
    )
    message = body_of(world().post(request("pls extend my drill", *turns)))
    assert calls_of(message) == [("extend_loan", {"item": "drill"})]


@imitates("the tool choice none keeps a model from calling, in a loop too", source=CALLING)
@pytest.mark.parametrize("said", [{"content": "pending"}, {"content": "away", "is_error": True}])
def test_without_a_choice_of_tools_a_loop_has_a_last_word(said: dict[str, Any]) -> None:
    """What is pending or has failed is told and not called again."""
    use = {"type": "tool_use", "id": "t1", "name": "extend_loan", "input": {"item": "drill"}}
    turns = (
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", **said}]},
    )
    none = {"type": "none"}
    message = body_of(world().post(request("pls extend my drill", *turns, tool_choice=none)))
    assert (message["stop_reason"], message["content"][0]["type"]) == ("end_turn", "text")


@imitates("a forced tool choice forces a call in every turn", source=CALLING)
def test_a_forced_choice_never_comes_to_an_answer() -> None:
    """``any`` left in the loop is another loop that never ends."""
    done = {"content": "Done."}
    said = converse("pls extend my drill", lambda _: done, tool_choice={"type": "any"})
    assert [message["stop_reason"] for message in said] == ["tool_use"] * 6


def loans() -> str:
    """Lists the loans of the member who is asking."""
    return "A drill, due on 3 December."


def check_availability(item: str, first_day: str, last_day: str) -> str:
    """Says whether an item is free on every day from the first to the last."""
    return json.dumps({"item": item, "free": first_day < last_day})


def ran(way: str, **changes: Any) -> tuple[list[str | None], str]:
    """Stop reasons and last words of the SDK's tool runner, in one of its ways."""
    one = changes.pop("world", None) or world()
    given = {"model": MODEL, "max_tokens": 500, "system": SYSTEM, **changes}
    given["messages"] = [{"role": "user", "content": TWO}]
    if way.startswith("async"):

        async def main() -> list[Any]:
            made = [
                beta_async_tool(as_async(loans), name="get_member_loans"),
                beta_async_tool(as_async(check_availability), name="check_availability"),
            ]
            async with one.async_client() as client:
                runner = client.beta.messages.tool_runner(
                    tools=made, stream=way.endswith("stream"), **given
                )
                return [
                    await step.get_final_message() if way.endswith("stream") else step
                    async for step in runner
                ]

        steps = one.clock.run(main)
    else:
        made = [beta_tool(loans, name="get_member_loans"), beta_tool(check_availability)]
        runner = one.client().beta.messages.tool_runner(tools=made, stream=way == "stream", **given)
        steps = [step.get_final_message() if way == "stream" else step for step in runner]
    return [step.stop_reason for step in steps], getattr(steps[-1].content[-1], "text", "")


def as_async(tool: Callable[..., str]) -> Any:
    """The same tool as a coroutine function."""

    async def run(**given: Any) -> str:
        return tool(**given)

    run.__doc__, run.__name__ = tool.__doc__, tool.__name__
    run.__annotations__ = tool.__annotations__
    run.__signature__ = __import__("inspect").signature(tool)  # type: ignore[attr-defined]
    return run


RUNNERS = ("create", "stream", "async create", "async stream")


@imitates("the SDK's tool runner runs over POST /v1/messages", source="anthropic 2.12.0, lib/tools")
@pytest.mark.parametrize("way", RUNNERS)
def test_the_tool_runner_works_in_every_way(way: str) -> None:
    """Sync, async and streaming: both calls in one step, then the answer."""
    reasons, text = ran(way)
    assert reasons == ["tool_use", "end_turn"]
    assert text.startswith("A drill, due on 3 December. item: bat-detector; free: True.")


@imitates(
    "without message threads the tool runner sends the whole conversation",
    source="anthropic 2.12.0, lib/threads",
)
def test_message_threads_are_refused_so_that_the_runner_goes_on() -> None:
    """The refusal carries the code that the SDK looks for."""
    plan = world().post(asked(thread={"type": "create"}))
    error = body_of(plan)["error"]
    assert plan.status == 400
    assert error["details"]["error_code"] == "thread_unsupported_request"
    assert error["message"].startswith("thread: ")


@imitates("a tool runner at its limit stops silently", source="anthropic 2.12.0, measured")
def test_the_runner_stops_at_its_limit_with_no_words() -> None:
    """Its last message wants a tool and says nothing."""
    assert ran("create", max_iterations=1) == (["tool_use"], "")


@imitates(
    "a turn may pause and goes on when it is sent back", source="docs: stop reasons, 2026-08-22"
)
@pytest.mark.parametrize("way", RUNNERS)
def test_a_paused_turn_is_resumed_by_the_runner(way: str) -> None:
    """``pause_turn`` runs no tool; then the turn goes on."""
    reasons, text = ran(way, world=world(paused()))
    assert reasons == ["pause_turn", "tool_use", "end_turn"]
    assert text.startswith("A drill")


@pytest.mark.parametrize("way", WAYS)
def test_a_pause_looks_the_same_in_every_way(way: str) -> None:
    """A server tool's call ends it, with an id of its kind."""
    answer = world(paused()).ask(way, **request("pls extend my drill"))
    if way in STREAMING_WAYS and "raw" in way:
        (start,) = [event for event in answer if event.type == "content_block_start"]
        assert start.content_block.id.startswith("srvtoolu_01")
        assert start.content_block.input == {}
        return
    (block,) = answer.content
    assert (answer.stop_reason, block.type, block.name) == (
        "pause_turn",
        "server_tool_use",
        "web_search",
    )
    assert block.input == {"query": "pls extend my drill"}


def test_only_a_paused_turn_is_no_prefill() -> None:
    """A model that takes no prefill resumes a pause, and refuses words put into its mouth."""
    one = world(paused())
    body = request("pls extend my drill", model="claude-opus-5-5")
    said = body_of(one.post(body))
    resumed = [*body["messages"], {"role": "assistant", "content": said["content"]}]
    assert calls_of(body_of(one.post({**body, "messages": resumed})))
    prefilled = [
        *body["messages"],
        {"role": "assistant", "content": [{"type": "text", "text": "I"}]},
    ]
    assert one.post({**body, "messages": prefilled}).status == 400


FEE = "please waive my late fee of 4 crowns for the drill"
WAIVED = {"item": "drill", "amount_cr": 4, "reason": FEE}
ODD = [
    ("wrong_type", {**WAIVED, "amount_cr": "4"}),
    ("missing", {"amount_cr": 4, "reason": FEE}),
    ("extra", {**WAIVED, "confirmed": True}),
    ("empty", {}),
]


@imitates(
    "without strict, a tool's input may not fit its schema",
    source="docs: strict tool use, 2026-08-22",
)
@pytest.mark.parametrize(("shape", "given"), ODD)
def test_odd_arguments_can_be_scripted(shape: str, given: dict[str, Any]) -> None:
    """Once; the next attempt is right again."""
    one = world(odd_arguments(shape))
    first, second = (body_of(one.post(request(FEE))) for _ in range(2))
    assert calls_of(first) == [("waive_fee", given)]
    assert calls_of(second) == [("waive_fee", WAIVED)]


def test_odd_arguments_of_words_alone() -> None:
    """Where there is no number, the first value becomes a list; without input nothing changes."""
    one = world(odd_arguments(times=None))
    assert calls_of(body_of(one.post(request("pls extend my drill")))) == [
        ("extend_loan", {"item": ["drill"]})
    ]
    assert calls_of(body_of(one.post(request("Show me my loans")))) == [("get_member_loans", {})]
    assert body_of(one.post(request("How long may I keep a drill?")))["stop_reason"] == "end_turn"


@imitates("strict tools always get what fits", source="docs: strict tool use, 2026-08-22")
def test_strict_tools_are_never_struck() -> None:
    """The fault leaves them alone."""
    schema = {**TOOLS[4]["input_schema"], "additionalProperties": False}
    strict = {**TOOLS[4], "input_schema": schema, "strict": True}
    one = world(odd_arguments("empty", times=None))
    body = request("pls extend my drill", tools=[strict])
    assert calls_of(body_of(one.post(body))) == [("extend_loan", {"item": "drill"})]


def test_arguments_that_miss_a_field_of_a_tool_with_no_required_ones() -> None:
    """Then the first field that is there goes; a tool that is not in the request has none."""
    tool = {
        "name": "extend_loan",
        "description": "Extends.",
        "input_schema": {"type": "object", "properties": {"item": {"type": "string"}}},
    }
    one = world(odd_arguments("missing"))
    body = request("please extend the loan of the drill", tools=[tool])
    assert calls_of(body_of(one.post(body))) == [("extend_loan", {})]


def test_a_scripted_call_streams_like_any_other() -> None:
    """Its JSON comes in pieces, the first of them empty."""
    plan = world(odd_arguments("empty")).post(request(FEE, stream=True))
    pieces = [
        event["delta"]["partial_json"]
        for name, event in events_of(plan)
        if name == "content_block_delta"
    ]
    assert (pieces[0], "".join(pieces)) == ("", "{}")


def test_an_unknown_shape_is_refused() -> None:
    """The message lists the shapes."""
    with pytest.raises(LabkitError, match="wrong_type, missing, extra, empty"):
        odd_arguments("sideways")
