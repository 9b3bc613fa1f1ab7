"""What two reply faults do: tool calls with odd arguments, and a turn that pauses.

A paused turn ends with a server tool's call, as the API's own long turns do; sent back as the last
message it goes on. No server tool works here: only the shape is imitated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from labkit.sim.faults import Fault
from labkit.sim.ids import ID_BYTES, make_id
from labkit.sim.luck import Luck
from labkit.sim.reply import Reply

JSONObject = Mapping[str, object]

SHOWN_CHARS = 200


def tools_shaped(
    reply: Reply, faults: Sequence[Fault], body: JSONObject, question: str, luck: Luck
) -> Reply:
    """The reply after the faults that change its calls, or stop it before it begins."""
    if any(fault.name == "paused" for fault in faults):
        return pause(reply, question, luck)
    for fault in faults:
        if fault.name == "odd_arguments":
            strict = strict_tools(body)
            blocks = [odd(block, fault, body, strict) for block in reply.content]
            reply = replace(reply, content=tuple(blocks))
    return reply


def pause(reply: Reply, question: str, luck: Luck) -> Reply:
    """A turn that pauses in the middle of a search."""
    call = {
        "type": "server_tool_use",
        "id": make_id("srvtoolu", luck.octets(ID_BYTES, "paused")),
        "name": "web_search",
        "input": {"query": question[:SHOWN_CHARS]},
    }
    return replace(reply, content=(call,), stop_reason="pause_turn", stop_details=None)


def strict_tools(body: JSONObject) -> set[object]:
    """The names of the tools whose input always fits."""
    tools = cast(Sequence[JSONObject], body.get("tools") or ())
    return {tool["name"] for tool in tools if tool.get("strict") is True}


def odd(block: JSONObject, fault: Fault, body: JSONObject, strict: set[object]) -> JSONObject:
    """A call with the input that the fault makes of it."""
    if block.get("type") != "tool_use" or block["name"] in strict:
        return block
    given = dict(cast(JSONObject, block["input"]))
    if fault.shape == "empty":
        given = {}
    elif fault.shape == "extra":
        given["confirmed"] = True
    elif fault.shape == "missing":
        given.pop(next(iter(required(block["name"], body) or given), ""), None)
    elif given:
        numbers = [name for name, value in given.items() if is_number(value)]
        name = next(iter(numbers), next(iter(given)))
        given[name] = str(given[name]) if is_number(given[name]) else [given[name]]
    return {**block, "input": given}


def required(name: object, body: JSONObject) -> Sequence[str]:
    """The fields that a tool must be given."""
    tools = cast(Sequence[JSONObject], body.get("tools") or ())
    schema = next((tool["input_schema"] for tool in tools if tool["name"] == name), {})
    wanted = cast(JSONObject, schema).get("required")
    return [one for one in wanted if isinstance(one, str)] if isinstance(wanted, list) else ()


def is_number(value: object) -> bool:
    """Whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
