"""Two versions: an upgrade whose changes are documented, and a drift that nobody announced."""

from datetime import date, datetime
from typing import Any

import pytest
from sim_facts import imitates
from sim_world import (
    ANSWER,
    HEADERS,
    QUESTION,
    TOOL,
    TOOLS,
    Says,
    World,
    asked,
    body_of,
)

from labkit import Lab, case, catalog
from labkit.errors import ArgumentError
from labkit.sim import Drift, batch_slow
from labkit.sim.drift import HABIT, VAGUE

GUIDE = "docs: migration guide for Haiku 5.5, read 2026-11-24"
OLD, NEW = "lab-fast-1-20260301", "lab-fast-3"
ASK = {"role": "user", "content": QUESTION}
OLD_VERSION = {**HEADERS, "anthropic-version": "2023-06-01"}

BEGINS, DAY = date(2026, 11, 30), date(2026, 12, 1)


def edited() -> list[Any]:
    """A conversation whose first question was changed after it was answered."""
    said = body_of(World().post(asked(model=NEW)))["content"]
    return [{**ASK, "content": "Hello?"}, {"role": "assistant", "content": said}, ASK]


SHAPES: dict[str, tuple[dict[str, Any], str]] = {
    "budget": (
        {"max_tokens": 2_000, "thinking": {"type": "enabled", "budget_tokens": 1_024}},
        '"thinking.type.enabled" is not supported',
    ),
    "sampling": ({"temperature": 0.2}, "`temperature` is deprecated"),
    "prefill": (
        {"messages": [ASK, {"role": "assistant", "content": "You may"}]},
        "does not support assistant message prefill",
    ),
    "edited history": ({"messages": edited()}, "bound to a different conversation"),
}


@imitates("request shapes that worked on Haiku 4.5 are 400 on Haiku 5.5", source=GUIDE)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("old", "new"), [(OLD, NEW), ("claude-haiku-4-5", "claude-haiku-5-5")])
def test_an_upgrade_refuses_what_worked(shape: str, old: str, new: str) -> None:
    """The same request is answered by the old version and refused by the new one."""
    changes, message = SHAPES[shape]
    if shape == "edited history" and new != NEW:
        return
    assert World().post(asked(model=old, **changes), headers=OLD_VERSION).status == 200
    plan = World().post(asked(model=new, **changes), headers=OLD_VERSION)
    assert plan.status == 400
    assert message in body_of(plan)["error"]["message"]


@imitates("thinking comes first, texts count more tokens, and the price has a step", source=GUIDE)
def test_an_upgrade_changes_what_is_not_refused() -> None:
    """Three changes are silent: where the text stands, what is counted, what length costs."""
    system = "Be kind to everybody who asks, and answer from the pages of the library. " * 20
    old, new = (World().ask(model=one, system=system) for one in (OLD, NEW))
    assert (old.content[0].type, new.content[0].type) == ("text", "thinking")
    assert old.content[0].text == new.content[1].text
    assert 1.2 < new.usage.input_tokens / old.usage.input_tokens < 1.4
    before, after = catalog.model(OLD), catalog.model(NEW)
    assert (before.cache_minimum, after.cache_minimum) == (4_096, 512)
    assert after.price_step_tokens == 100_000
    assert after.price_above.input == pytest.approx(5 * after.price.input)


def drifting(share: float = 0.0, *, habit: bool = True, today: date = DAY) -> Lab:
    """A lab whose models drift from a day on."""
    return Lab(today=today, drift=Drift(DAY, share, habit))


def text_of(lab: Lab, question: str = QUESTION, **changes: Any) -> str:
    """What the lab's model answers from the pages of the case."""
    given = lab.client.messages.create(
        **asked(
            model="lab-frontier-1",
            system=case.system_prompt(),
            messages=[{"role": "user", "content": question}],
            **changes,
        )
    )
    return str(next((block.text for block in given.content if block.type == "text"), ""))


def test_drift_begins_at_midnight_under_the_same_id() -> None:
    """Before the day nothing is different; from it on every text has the new habit."""
    lab, before = drifting(today=BEGINS), text_of(Lab(today=BEGINS))
    assert text_of(lab) == before
    lab.clock.sleep(15 * 3600)
    assert text_of(lab) == HABIT + before
    assert text_of(drifting(habit=False)) == before


def test_a_fixed_share_of_questions_is_answered_vaguely() -> None:
    """About that share, always the same questions; a larger share has all of a smaller one."""
    questions = [one.input for one in case.samples()]

    def vague(share: float) -> set[str]:
        lab = drifting(share, habit=False)
        return {one for one in questions if text_of(lab, one) in VAGUE.values()}

    some, more = vague(0.2), vague(0.5)
    assert some == vague(0.2)
    assert some < more
    assert 0.1 < len(some) / len(set(questions)) < 0.3
    assert vague(0.0) == set()


def test_the_question_before_a_tools_result_decides() -> None:
    """A loop of tools ends vaguely for the same questions that are answered vaguely at once."""
    call = {"type": "tool_use", "id": "toolu_1", "name": "look_up", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "Seven days."}
    tools = [{"name": "look_up", "input_schema": {"type": "object"}}]

    def vague(question: str, *more: dict[str, Any]) -> bool:
        world = World(model=Says())
        world.provider.state.drift = Drift(date(2026, 1, 1), 0.5, habit=False)
        messages = [{"role": "user", "content": question}, *more]
        said = world.ask(tools=tools, messages=messages).content[0].text
        return bool(said == VAGUE["es" if "¿" in question else "en"])

    loop = ({"role": "assistant", "content": [call]}, {"role": "user", "content": [result]})
    questions = [f"{word} {n}?" for word in ("How long is drill", "¿Cuánto dura") for n in range(9)]
    at_once = [vague(one) for one in questions]
    assert [vague(one, *loop) for one in questions] == at_once
    assert set(at_once[:9]) == set(at_once[9:]) == {True, False}


def test_a_batch_drifts_in_its_middle() -> None:
    """What is done before midnight is answered as before, what comes after as from then on."""
    lab = Lab(today=BEGINS, drift=Drift(DAY, 0.0), faults=[batch_slow(20)])
    wanted: list[Any] = [{"custom_id": f"r{n}", "params": asked()} for n in range(30)]
    lab.clock.sleep(14 * 3600)
    batch = lab.client.messages.batches.create(requests=wanted)
    lab.clock.sleep(24 * 3600)
    results = [one.result for one in lab.client.messages.batches.results(batch.id)]
    told = [
        (
            one.message.content[0].text.startswith(HABIT),
            "drift-habit" in repr(lab.explain(one.message)),
        )
        for one in results
        if one.type == "succeeded" and one.message.content[0].type == "text"
    ]
    assert told == sorted(told)
    assert set(told) == {(False, False), (True, True)}


def test_json_gets_a_fence_unless_the_form_is_fixed() -> None:
    """Code that parses the text of the day before breaks, and a schema holds."""
    world = World(model=Says(({"type": "text", "text": '{"days": 7}'},)))
    world.provider.state.drift = Drift(date(2026, 1, 1), 1.0)
    schema = {
        "type": "object",
        "properties": {"days": {"type": "integer"}},
        "required": ["days"],
        "additionalProperties": False,
    }
    fixed = {"output_config": {"format": {"type": "json_schema", "schema": schema}}}
    assert world.ask(**fixed).content[0].text == '{"days": 7}'
    world.provider.state.drift = Drift(date(2026, 1, 1), 0.0)
    assert world.ask().content[0].text == '```json\n{"days": 7}\n```'


def test_calls_and_refusals_do_not_drift() -> None:
    """What is no text of an answer stays as it was, and so does an empty answer."""
    for says in (Says((TOOL,), "tool_use"), Says((), "refusal"), Says(())):
        plain, other = World(model=says), World(model=says)
        other.provider.state.drift = Drift(date(2026, 1, 1), 0.0)
        assert other.ask(tools=TOOLS).content == plain.ask(tools=TOOLS).content


def test_the_version_behind_an_alias_differs() -> None:
    """On the day on which the alias moves its answers change; the pinned version stays."""
    said = {}
    for name in ("lab-fast-1", OLD, "lab-fast-1-20261201"):
        world = World(model=Says())
        world.clock.advance(8 * 24 * 3600)
        said[name] = world.ask(model=name).content[0].text
    assert said[OLD] == ANSWER
    assert said["lab-fast-1"] == said["lab-fast-1-20261201"]
    assert said["lab-fast-1"].startswith(HABIT)


def test_drift_is_explained() -> None:
    """The lab tells what drifted and since when; the answer itself does not."""
    lab = drifting(1.0)
    message = lab.client.messages.create(**asked())
    assert message.content[0].text == HABIT + VAGUE["en"]
    told = repr(lab.explain(message))
    assert "drift-vague: since 2026-12-01 the model answers otherwise than before" in told
    assert "drift-habit: since 2026-12-01" in told
    assert repr(lab.fresh().client.messages.create(**asked())) == repr(message)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"since": "soon"}, "since is 'soon'. A model cannot drift so"),
        ({"since": datetime(2026, 12, 1)}, "A model cannot drift so"),
        ({"since": DAY, "share": 1.5}, "share is 1.5.*from 0 to 1"),
        ({"since": DAY, "share": -1}, "share is -1"),
        ({"since": DAY, "habit": "yes"}, "habit is 'yes'.*True or False"),
    ],
)
def test_a_drift_that_cannot_be_is_refused(settings: dict[str, Any], says: str) -> None:
    """Each message says what is wrong with the value and what to give instead."""
    with pytest.raises(ArgumentError, match=says):
        Drift(**settings)


def test_only_a_simulated_model_drifts() -> None:
    """The real API has no such setting, and nothing else than a drift is one."""
    with pytest.raises(ArgumentError, match="Only a simulated model"):
        Lab(provider="live", drift=Drift(DAY))
    with pytest.raises(ArgumentError, match="No model can drift so"):
        Lab(drift=0.1)  # type: ignore[arg-type]
