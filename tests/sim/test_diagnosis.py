"""Cache diagnostics: why a prompt cache could not help."""

from typing import Any

import pytest
from anthropic.types import Message
from sim_caching import LATER_S, counted, text, turn
from sim_facts import imitates
from sim_world import QUESTION, TOOLS, World, asked, body_of, events_of

DIAGNOSTICS = "anthropic 2.12.0, types/cache_miss_reason.py"
CONVERSATION: dict[str, Any] = {
    "system": [text()],
    "tools": TOOLS,
    "messages": [turn(text(QUESTION), text("Please.")), turn(text("Yes."), role="assistant")],
}


def told(world: World, previous: str | None, **changes: Any) -> Message:
    """The answer to a conversation that goes on, compared with the answer before it."""
    fields = {"model": "lab-fast-2", "max_tokens": 500, **CONVERSATION, **changes}
    said = [*fields.pop("messages"), turn(text("And then?"))]
    answer = world.client().messages.create(
        **fields, messages=said, diagnostics={"previous_message_id": previous}
    )
    world.clock.sleep(LATER_S)
    return answer


def reason(**changes: Any) -> dict[str, Any] | None:
    """Why the second of two requests could not continue the first."""
    world = World()
    diagnosis = told(world, told(world, None).id, **changes).diagnostics
    if diagnosis is None:
        return None
    assert diagnosis.cache_miss_reason is not None
    return diagnosis.cache_miss_reason.to_dict()


@imitates(
    "diagnostics are null where nothing is asked or nothing differs",
    source="anthropic 2.12.0, types/message.py",
)
def test_no_difference_no_diagnosis() -> None:
    """The first turn, the same turn again and a turn that only goes on: nothing to say."""
    world = World()
    first = told(world, None)
    assert first.diagnostics is None
    longer = [*CONVERSATION["messages"], turn(text("And then?")), turn(text("x"), role="assistant")]
    assert told(world, first.id).diagnostics is None
    assert told(world, first.id, messages=longer).diagnostics is None


@imitates("cache_miss_reason names the first thing that changed", source=DIAGNOSTICS)
@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"model": "lab-balanced-1"}, "model_changed"),
        ({"tools": [{**TOOLS[0], "description": "Renews."}]}, "tools_changed"),
        ({"tools": [*TOOLS, {**TOOLS[0], "name": "second"}]}, "tools_changed"),
        ({"tools": []}, "tools_changed"),
        ({"system": [text("It is Monday.")]}, "system_changed"),
        ({"system": [text(), text("It is Monday.")]}, "system_changed"),
        ({"messages": [turn(text("Another question."))]}, "messages_changed"),
        ({"messages": []}, "messages_changed"),
    ],
)
def test_the_first_change_is_named(changes: dict[str, Any], kind: str) -> None:
    """The reason has the kind of the change and the tokens that were lost by it."""
    found = reason(**changes)
    assert found is not None
    assert found["type"] == kind
    assert found["cache_missed_input_tokens"] > 0
    assert found.keys() == {"type", "cache_missed_input_tokens"}


@imitates(
    "a change of other settings has no diagnosis",
    source="anthropic 2.12.0, types/cache_miss_unavailable.py",
)
@pytest.mark.parametrize(
    "changes",
    [
        {"tool_choice": {"type": "any"}},
        {"thinking": {"type": "adaptive"}},
        {"output_config": {"effort": "low"}},
    ],
)
def test_other_settings_are_not_diagnosed(changes: dict[str, Any]) -> None:
    """The same prompt with other settings is reported without a reason."""
    assert reason(**changes) == {"type": "unavailable"}


@imitates(
    "an unknown or forgotten message has no record",
    source="anthropic 2.12.0, types/cache_miss_previous_message_not_found.py",
)
def test_an_unknown_message_cannot_be_compared() -> None:
    """An id never seen, one sent without diagnostics and one from long ago are not found."""
    world = World()
    plain = body_of(world.post(asked()))["id"]
    old = told(world, None).id
    world.clock.sleep(3_600)
    for name in ("msg_unknown", plain, old):
        diagnosis = told(world, name).diagnostics
        assert diagnosis is not None
        assert diagnosis.to_dict() == {"cache_miss_reason": {"type": "previous_message_not_found"}}


def test_missed_tokens_begin_at_the_difference() -> None:
    """A change at the end loses less than one at the start, and the start loses everything."""
    late = {"messages": [CONVERSATION["messages"][0], turn(text("No."), role="assistant")]}
    changes = [late, {"system": [text("x")]}, {"model": "lab-balanced-1"}]
    found = [reason(**change) or {} for change in changes]
    lost = [one["cache_missed_input_tokens"] for one in found]
    assert lost == sorted(set(lost))
    messages = [*CONVERSATION["messages"], turn(text("And then?"))]
    assert lost[-1] == counted(World(), **{**CONVERSATION, "messages": messages}).fresh


def test_a_stream_carries_the_diagnosis_from_its_start() -> None:
    """message_start has the same diagnostics as the whole message."""
    body = asked(diagnostics={"previous_message_id": "msg_unknown"})
    whole = body_of(World().post(body))["diagnostics"]
    begun = events_of(World().post({**body, "stream": True}))[0][1]["message"]["diagnostics"]
    assert begun == whole == {"cache_miss_reason": {"type": "previous_message_not_found"}}


def test_the_previous_message_is_named_by_a_string() -> None:
    """Anything but an id or null is refused, with the field."""
    plan = World().post(asked(diagnostics={"previous_message_id": 7}))
    assert plan.status == 400
    assert body_of(plan)["error"]["message"] == (
        "diagnostics.previous_message_id: Input should be a valid string"
    )


def test_few_requests_are_remembered() -> None:
    """Thousands of requests later, only the last ones can be compared."""
    world = World()
    body = asked(diagnostics={"previous_message_id": None})
    names = [body_of(world.post(body))["id"] for _ in range(600)]
    for name, is_known in ((names[0], False), (names[-1], True)):
        found = body_of(world.post(asked(diagnostics={"previous_message_id": name})))["diagnostics"]
        assert (found is None) is is_known
