"""Reading a summary: the shorter conversation that it stands for.

    [compaction block, …], later messages -> what was told, the questions, the calls, later messages

A text that is no summary of this model is read as something that the person told.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from jiter import from_json

from labkit.sim.model.summary import ANSWERED, BEFORE, CALLED, HEADING, LAST, TOLD

Message = Mapping[str, object]
Messages = Sequence[Message]


class Line(NamedTuple):
    """One line of a summary."""

    label: str
    """Empty where it has none that is known."""
    text: str


def unfolded(messages: Messages) -> Messages:
    """A conversation that begins with a summary, as its reader takes it; any other as it is."""
    content = messages[0]["content"]
    if not isinstance(content, list) or content[0]["type"] != "compaction":
        return messages
    rest = [{**messages[0], "content": content[1:]}] if content[1:] else []
    return [*conversation(str(content[0]["content"])), *rest, *messages[1:]]


def conversation(summary: str) -> list[Message]:
    """The messages that a summary stands for; at least one."""
    lines = [labelled(one) for one in summary.split("\n") if one != HEADING]
    asked = [one.text for one in lines if one.label in (BEFORE, LAST)]
    told = "\n".join(one.text for one in lines if one.label in ("", TOLD)).strip()
    answered = "\n".join(one.text for one in lines if one.label == ANSWERED)
    said = [
        *([said_by("user", told)] if told else []),
        *([said_by("assistant", answered)] if answered else []),
        *(said_by("user", one) for one in asked),
    ]
    calls = (one for place, line in enumerate(lines) for one in called(place, line))
    return [*(said or [said_by("user", summary)]), *calls]


def labelled(line: str) -> Line:
    """A line taken apart."""
    label, _, text = line.partition(": ")
    is_known = label in (TOLD, ANSWERED, BEFORE, LAST) or (label == CALLED and as_call(text))
    return Line(label, text) if is_known else Line("", line)


def said_by(role: str, text: str) -> Message:
    """A message of plain text."""
    return {"role": role, "content": text}


def called(place: int, line: Line) -> list[Message]:
    """A call and its result as the two messages that they were."""
    call = as_call(line.text) if line.label == CALLED else None
    if call is None:
        return []
    name = f"toolu_summary{place}"
    use = {"type": "tool_use", "id": name, "name": call["name"], "input": call["input"]}
    told = {"type": "tool_result", "tool_use_id": name, "content": call["result"]}
    if call.get("is_error"):
        told["is_error"] = True
    return [{"role": "assistant", "content": [use]}, {"role": "user", "content": [told]}]


def as_call(text: str) -> Mapping[str, object] | None:
    """The call in a line; None where it holds none."""
    try:
        call = from_json(text.encode())
    except ValueError:
        return None
    kinds = {"name": str, "input": dict, "result": str}
    is_call = isinstance(call, dict) and all(
        isinstance(call.get(name), kind) for name, kind in kinds.items()
    )
    return call if is_call else None
