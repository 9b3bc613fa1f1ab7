"""Models over time: which there are on a day, what a name means, and what each takes."""

from datetime import UTC, date, datetime
from typing import Any

import anthropic
import pytest
from anthropic.types import ModelInfo
from anthropic.types.model_capabilities import ModelCapabilities
from anthropic.types.thinking_types import ThinkingTypes
from sim_facts import imitates
from sim_world import HEADERS, QUESTION, TOOLS, World, asked, body_of

from labkit import Lab, catalog
from labkit.sim.clock import SimClock

INFO = "anthropic 2.12.0, types/model_info.py"
LIST = "anthropic 2.12.0, types/model_list_params.py"
SKILL = "official claude-api skill, 2026-10-06"
DEPRECATIONS = "docs: model deprecations, 2026-08-22"

OLD_VERSION = {**HEADERS, "anthropic-version": "2023-06-01"}
ASK = {"role": "user", "content": QUESTION}


def world_on(year: int, month: int, day: int) -> World:
    """A provider whose calendar begins on a day."""
    return World(clock=SimClock(begins=datetime(year, month, day, 9, tzinfo=UTC)))


def get(world: World, path: str) -> Any:
    """The status and the body of a GET."""
    plan = world.post(method="GET", path=path)
    return plan.status, body_of(plan)


@imitates("a model has these fields", source=INFO)
def test_a_model_has_the_sdks_fields() -> None:
    """Every field of the SDK's model is there, and no other; update sim/endpoints/models.py."""
    _, one = get(World(), "/v1/models/claude-opus-5-5")
    assert set(one) == set(ModelInfo.model_fields)
    assert set(one["capabilities"]) == set(ModelCapabilities.model_fields)
    for name, field in ModelCapabilities.model_fields.items():
        assert set(one["capabilities"][name]) <= set(field.annotation.model_fields), name  # type: ignore[union-attr]
    for name in ("effort", "server_tools", "thinking"):
        theirs = ModelCapabilities.model_fields[name].annotation
        assert set(one["capabilities"][name]) == set(theirs.model_fields), name  # type: ignore[union-attr]
    assert set(one["capabilities"]["thinking"]["types"]) == set(ThinkingTypes.model_fields)


@imitates("the list is paged and has the newest model first", source=f"{LIST}; {INFO}")
@pytest.mark.parametrize("limit", [1, 3, 20, 1_000])
def test_the_list_has_the_newest_first(limit: int) -> None:
    """The SDK reads every page, whatever its size, and finds each model once."""
    found = list(World().client().models.list(limit=limit))
    assert found == sorted(found, key=lambda one: one.created_at, reverse=True)
    assert len({one.id for one in found}) == len(found)
    assert {one.id for one in found} >= {"claude-fable-5-2", "lab-fast-3", "lab-fast-1-20260301"}
    assert "lab-fast-1-20261201" not in {one.id for one in found}


def test_the_asynchronous_list_is_the_same() -> None:
    """The other client finds the same models in the same order."""
    world = World()

    async def ids() -> list[str]:
        async with world.async_client() as client:
            return [one.id async for one in client.models.list(limit=4)]

    assert world.clock.run(ids) == [one.id for one in World().client().models.list()]


@imitates("the list hides retired models unless they are asked for", source=LIST)
def test_the_list_hides_what_has_retired() -> None:
    """Each stage can be asked for; retired models are there only when they are."""
    client = World().client()
    usual = {one.lifecycle for one in client.models.list()}
    assert usual == {"active", "deprecated"}
    (deprecated,) = client.models.list(lifecycle=["deprecated"])
    assert deprecated.id == "claude-sonnet-4-5-20250929"
    assert deprecated.retires_at == datetime(2026, 11, 30, tzinfo=UTC)
    gone = list(client.models.list(lifecycle=["retired"]))
    assert {one.lifecycle for one in gone} == {"retired"}
    assert "claude-opus-4-1-20250805" in {one.id for one in gone}
    both = client.models.list(lifecycle=["retired", "deprecated"], limit=1_000)
    assert len(list(both)) == len(gone) + 1


def test_a_stage_that_does_not_exist_is_refused() -> None:
    """The refusal names the field and the three stages."""
    status, body = get(World(), "/v1/models?lifecycle[]=active&lifecycle[]=dead")
    assert status == 400
    assert body["error"]["message"] == (
        "lifecycle.1: Input should be 'active', 'deprecated' or 'retired'"
    )


@imitates("a model is found by its id or its alias", source=f"{INFO}; docs: models, 2026-08-22")
def test_a_model_is_found_by_its_alias() -> None:
    """The record is that of the version which the name means."""
    client = World().client()
    one = client.models.retrieve("claude-haiku-4-5")
    assert (one.id, one.display_name, one.line) == (
        "claude-haiku-4-5-20251001",
        "Claude Haiku 4.5",
        "haiku",
    )
    assert (one.max_input_tokens, one.max_tokens) == (200_000, 64_000)
    assert one.created_at == datetime(2025, 10, 15, tzinfo=UTC)
    with pytest.raises(anthropic.NotFoundError, match="model: claude-haiku-4-6"):
        client.models.retrieve("claude-haiku-4-6")


@imitates("a retired model stays on record", source=INFO)
@pytest.mark.parametrize("name", ["claude-3-7-sonnet-20250219", "claude-3-7-sonnet-latest"])
def test_what_has_gone_stays_on_record(name: str) -> None:
    """It can be looked up; only its messages are 404."""
    one = World().client().models.retrieve(name)
    assert (one.id, one.lifecycle) == ("claude-3-7-sonnet-20250219", "retired")
    assert one.retires_at == datetime(2026, 2, 19, tzinfo=UTC)
    assert one.created_at == datetime(1970, 1, 1, tzinfo=UTC)
    assert World().post(asked(model=name)).status == 404


@imitates("capabilities tell which thinking and which efforts a model takes", source=INFO)
@pytest.mark.parametrize(
    ("model", "thinking", "efforts"),
    [
        ("claude-sonnet-5-5", {"adaptive", "between_tools"}, 5),
        ("claude-opus-5-5", {"adaptive"}, 5),
        ("claude-haiku-5-5", {"adaptive", "disabled"}, 5),
        ("claude-opus-4-6", {"adaptive", "disabled", "enabled"}, 4),
        ("claude-opus-4-5", {"disabled", "enabled"}, 3),
        ("claude-haiku-4-5", {"disabled", "enabled"}, 0),
    ],
)
def test_capabilities_are_what_requests_meet(model: str, thinking: set[str], efforts: int) -> None:
    """What the list says of a model, and what a request to it finds, are the same."""
    info = World().client().models.retrieve(model).capabilities
    assert info is not None
    kinds = info.thinking.types.model_dump()
    assert {kind for kind, one in kinds.items() if one["supported"]} == thinking
    budgets = {"enabled": {"budget_tokens": 1_024}}
    for kind in kinds:
        asks = {"type": kind, **budgets.get(kind, {})}
        plan = World().post(asked(model=model, max_tokens=2_000, thinking=asks))
        assert (plan.status == 200) == (kind in thinking), kind
    levels = info.effort.model_dump()
    assert levels.pop("supported") == (efforts > 0)
    assert sum(one["supported"] for one in levels.values()) == efforts
    for level, one in levels.items():
        plan = World().post(asked(model=model, output_config={"effort": level}))
        assert (plan.status == 200) == one["supported"], level


def test_a_model_is_not_there_before_its_release() -> None:
    """On the day before, it is neither listed nor found, and does not answer."""
    before, after = world_on(2026, 10, 6), world_on(2026, 10, 7)
    for world, status in ((before, 404), (after, 200)):
        assert world.post(asked(model="lab-fast-3")).status == status
        assert get(world, "/v1/models/lab-fast-3")[0] == status
    (newest,) = get(before, "/v1/models?limit=1")[1]["data"]
    assert newest["id"] == "claude-sonnet-5-5"


@imitates("a model is active, then deprecated, then retired", source=f"{INFO}; {DEPRECATIONS}")
@pytest.mark.parametrize(
    ("day", "stage", "deprecated_at", "retires_at", "status"),
    [
        ((2026, 11, 30), "active", None, None, 200),
        ((2026, 12, 1), "deprecated", "2026-12-01T00:00:00Z", "2027-02-01T00:00:00Z", 200),
        ((2027, 1, 31), "deprecated", "2026-12-01T00:00:00Z", "2027-02-01T00:00:00Z", 200),
        ((2027, 2, 1), "retired", "2026-12-01T00:00:00Z", "2027-02-01T00:00:00Z", 404),
    ],
)
def test_a_model_goes_through_its_stages(
    day: tuple[int, int, int],
    stage: str,
    deprecated_at: str | None,
    retires_at: str | None,
    status: int,
) -> None:
    """Its record changes with the lab's date, and from the last day on it is 404."""
    world = world_on(*day)
    _, one = get(world, "/v1/models/lab-fast-1-20260301")
    assert (one["lifecycle"], one["deprecated_at"], one["retires_at"]) == (
        stage,
        deprecated_at,
        retires_at,
    )
    assert world.post(asked(model="lab-fast-1-20260301")).status == status


@imitates("the SDK warns of a deprecated model", source="anthropic 2.12.0, resources/messages")
def test_the_sdk_warns_of_a_deprecated_model() -> None:
    """The warning is the SDK's own; the answer comes all the same."""
    with pytest.warns(DeprecationWarning, match="November 30th, 2026"):
        message = World().client().messages.create(**asked(model="claude-sonnet-4-5"))
    assert message.model == "claude-sonnet-4-5-20250929"


@imitates(
    "an alias means the newest version; the response names the version that answered",
    source="docs: model ids and versions, 2026-08-22; anthropic 2.12.0, recorded responses",
)
def test_an_alias_moves_on_its_day() -> None:
    """At midnight the same name means another version, and the response says so."""
    lab = Lab(today=date(2026, 11, 30))
    request = asked(model="lab-fast-1")
    assert lab.client.messages.create(**request).model == "lab-fast-1-20260301"
    lab.clock.sleep(15 * 3600)
    assert lab.client.messages.create(**request).model == "lab-fast-1-20261201"
    assert [one.model for one in lab.trace] == ["lab-fast-1"] * 2
    assert all(one.cost_usd > 0 for one in lab.trace)


@imitates(
    "a model of 4.6 or later has no alias and no dated form",
    source="docs: model ids and versions, 2026-08-22",
)
def test_a_dateless_id_is_pinned() -> None:
    """The id is what answers; a dated form of it does not exist."""
    message = World().ask(model="claude-opus-5-5")
    assert message.model == "claude-opus-5-5"
    assert World().post(asked(model="claude-opus-5-5-20260922")).status == 404


def kind(name: str, **more: Any) -> dict[str, Any]:
    """A request with a kind of thinking."""
    return {"max_tokens": 2_000, "thinking": {"type": name, **more}}


SHAPES: dict[str, dict[str, Any]] = {
    "off": kind("disabled"),
    "off at max": {**kind("disabled"), "output_config": {"effort": "max"}},
    "budget": kind("enabled", budget_tokens=1_024),
    "prefill": {"messages": [ASK, {"role": "assistant", "content": "You may"}]},
    "forced": {"tools": TOOLS, "tool_choice": {"type": "any"}},
    "warm": {"temperature": 0.5},
    "usual": {"temperature": 1.0},
    "system turn": {"messages": [ASK, {"role": "system", "content": "Be brief."}, ASK]},
}
TAKEN = {
    "claude-fable-5-1": "",
    "claude-fable-5": "forced",
    "claude-opus-5-5": "",
    "claude-opus-5": "off, forced",
    "claude-opus-4-8": "off, off at max, forced, usual",
    "claude-opus-4-7": "off, off at max, forced, usual",
    "claude-sonnet-5-5": "usual",
    "claude-sonnet-5": "off, off at max, forced",
    "claude-haiku-5-5": "off, usual",
    "claude-opus-4-6": "off, off at max, budget, forced, warm, usual",
    "claude-sonnet-4-6": "off, off at max, budget, forced, warm, usual",
    "claude-opus-4-5": "off, budget, prefill, forced, warm, usual",
    "claude-sonnet-4-5": "off, budget, prefill, forced, warm, usual",
    "claude-haiku-4-5": "off, budget, prefill, forced, warm, usual",
}
LIMITED = ("claude-mythos-5-2", "claude-mythos-5-1", "claude-mythos-5", "claude-mythos-preview")
TAKE_SYSTEM_TURNS = {
    *("claude-opus-4-8", "claude-opus-5", "claude-opus-5-5"),
    *("claude-fable-5", "claude-fable-5-1", "claude-sonnet-5-5"),
}
NOT_ESTABLISHED = {("claude-haiku-5-5", "forced")}


@imitates("what each model takes, under the old version", source=f"{SKILL}; docs: errors, models")
@pytest.mark.parametrize("model", TAKEN)
def test_each_model_takes_what_the_table_says(model: str) -> None:
    """Eight request shapes, each taken or refused as the published table has it."""
    expected = {*TAKEN[model].split(", ")} - {""}
    expected |= {"system turn"} if model in TAKE_SYSTEM_TURNS else set()
    for shape, changes in SHAPES.items():
        if (model, shape) in NOT_ESTABLISHED:
            continue
        plan = World().post(asked(model=model, **changes), headers=OLD_VERSION)
        assert (plan.status == 200) == (shape in expected), shape
        if plan.status != 200:
            assert body_of(plan)["error"]["type"] == "invalid_request_error"


@imitates(
    "sampling parameters are 400 on every model under 2026-10-21",
    source="docs: migration to API version 2026-10-21, read 2026-11",
)
@pytest.mark.parametrize("model", [*TAKEN, "lab-fast-2", "lab-fast-3"])
@pytest.mark.parametrize("value", [("temperature", 1.0), ("top_p", 1.0), ("top_k", 5)])
def test_the_new_version_takes_no_sampling_at_all(model: str, value: tuple[str, float]) -> None:
    """Not even the default value passes."""
    plan = World().post(asked(model=model, **dict([value])))
    assert plan.status == 400
    assert body_of(plan)["error"]["message"].startswith(f"{value[0]}: ")


@imitates("a parameter's default value passes where only others are refused", source=SKILL)
@pytest.mark.parametrize(("name", "value", "status"), [("top_p", 1, 200), ("top_k", 5, 400)])
def test_the_default_of_a_parameter_passes(name: str, value: float, status: int) -> None:
    """What changes nothing is taken under the old version; there is no default ``top_k``."""
    body = asked(model="claude-haiku-5-5", **{name: value})
    assert World().post(body, headers=OLD_VERSION).status == status


@pytest.mark.parametrize(
    ("model", "changes", "message"),
    [
        (
            "claude-opus-5",
            SHAPES["off at max"],
            '"thinking.type.disabled" is not supported for this model at "output_config.effort" '
            '"max". Use effort "high" or lower, or "thinking.type.adaptive".',
        ),
        (
            "claude-haiku-4-5",
            {"output_config": {"effort": "low"}},
            "output_config.effort: This model does not support the effort parameter.",
        ),
        (
            "claude-opus-4-5",
            {"output_config": {"effort": "max"}},
            "output_config.effort: This model does not support effort level 'max'. Supported "
            "levels: low, medium, high.",
        ),
        (
            "claude-sonnet-5-5",
            {"thinking": {"type": "between_tools", "display": "omitted"}},
            "thinking.between_tools.display: Extra inputs are not permitted",
        ),
    ],
)
def test_a_refused_rule_names_its_field(model: str, changes: dict[str, Any], message: str) -> None:
    """The refusal says which field and what would be taken."""
    plan = World().post(asked(model=model, **changes))
    assert (plan.status, body_of(plan)["error"]["message"]) == (400, message)


@imitates(
    "a system message in mid-conversation", source=f"{SKILL}; docs: prompt caching, 2026-08-22"
)
def test_a_system_turn_instructs() -> None:
    """The model obeys an instruction that comes after the question; it cannot come first."""
    told = {"role": "system", "content": "Name the page in square brackets."}
    system = '<document id="loans" updated="2026-01-01">A drill may be kept for 7 days.</document>'
    lab, request = Lab(), {"model": "claude-opus-4-8", "max_tokens": 500, "system": system}
    plain = lab.client.messages.create(messages=[ASK], **request)
    marked = lab.client.messages.create(messages=[ASK, told], **request)
    assert "[loans]" not in plain.content[-1].text
    assert "[loans]" in marked.content[-1].text
    with pytest.raises(anthropic.BadRequestError, match='Unexpected role "system"'):
        lab.client.messages.create(messages=[told, ASK], **request)
    blocks = [{"type": "tool_result", "tool_use_id": "a", "content": "done"}]
    plan = World().post({**request, "messages": [ASK, {"role": "system", "content": blocks}]})
    assert "does not match any of the expected tags: 'text'" in body_of(plan)["error"]["message"]


def test_every_rule_of_the_catalogue_is_explained() -> None:
    """A model has no rule that the catalogue does not explain, and none is idle."""
    used = {rule for one in catalog.models() for rule in one.requests}
    assert used == set(catalog.RULES)


@imitates(
    "a model that only verified organisations may use is not found by others",
    source="docs: models overview, release notes, 2026-11-09; as users have reported it",
)
@pytest.mark.parametrize("model", LIMITED)
def test_models_of_limited_access_are_not_found(model: str) -> None:
    """Asked, counted, looked up or listed: for this organisation there is no such model."""
    world = World()
    counted = {"model": model, "messages": [ASK]}
    plans = (
        world.post(asked(model=model)),
        world.post(counted, path="/v1/messages/count_tokens"),
        world.post(method="GET", path=f"/v1/models/{model}"),
    )
    for plan in plans:
        assert plan.status == 404
        error = body_of(plan)["error"]
        assert (error["type"], error["message"]) == ("not_found_error", f"model: {model}")
    assert model not in {one.id for one in world.client().models.list(limit=100)}


@imitates(
    "under the old version temperature and top_p are from 0 to 1, and top_k is a whole number",
    source="docs: Messages API reference; an issue of the SDK, 2026-08-05",
)
@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("temperature", (0, 0.5, 1), (-1, -0.01, 1.01, 10**400)),
        ("top_p", (0, 0.5, 1), (-1, 1.5)),
        ("top_k", (0, 5, 10**6), (-1, 2.5)),
    ],
)
def test_sampling_values_have_ranges(
    name: str, good: tuple[float, ...], bad: tuple[float, ...]
) -> None:
    """What lies outside names the parameter."""
    for value in good:
        body = asked(model="claude-sonnet-4-6", **{name: value})
        assert World().post(body, headers=OLD_VERSION).status == 200
    for value in bad:
        body = asked(model="claude-sonnet-4-6", **{name: value})
        plan = World().post(body, headers=OLD_VERSION)
        assert plan.status == 400
        assert body_of(plan)["error"]["message"].startswith(f"{name}: ")


@imitates(
    "temperature and top_p do not go together", source="wording as users have reported it, 2026-05"
)
def test_only_one_of_two_sampling_parameters() -> None:
    """Each alone is taken, both are refused, and defaults pass where only they do."""
    both = {"temperature": 1.0, "top_p": 1.0}
    plan = World().post(asked(model="claude-sonnet-4-6", **both), headers=OLD_VERSION)
    assert plan.status == 400
    assert body_of(plan)["error"]["message"].startswith("`temperature` and `top_p` cannot both")
    assert World().post(asked(model="claude-opus-4-8", **both), headers=OLD_VERSION).status == 200
