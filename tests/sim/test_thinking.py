"""Thinking: who thinks when, what it costs, what is shown, and what must come back unchanged."""

from typing import Any

import pytest
from sim_facts import imitates
from sim_world import ANSWER, QUESTION, TEXT, TOOL, TOOLS, WAYS, Says, World, asked, body_of

from labkit import Lab
from labkit.sim import tokens
from labkit.sim.answers import sealing
from labkit.sim.answers.spoken import END_TOKENS

SKILL = "official claude-api skill, 2026-10-06"
EXTENDED = "docs: extended thinking, 2026-08-22"
PRESERVED = "docs: preserved thinking, read 2026-11-24"

NEW, OLD = "lab-fast-3", "lab-fast-1"
BUDGET = {"max_tokens": 2_000, "thinking": {"type": "enabled", "budget_tokens": 1_024}}
SHOWN = {"type": "adaptive", "display": "summarized"}
ASK = {"role": "user", "content": QUESTION}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "done"}
CALL = {"id": "toolu_1", **TOOL}


def said(model: str = NEW, says: Says | None = None, **changes: Any) -> Any:
    """A message as it is on the wire."""
    return body_of(World(model=says or Says()).post(asked(model=model, **changes)))


def kinds(message: Any) -> list[str]:
    """The types of a message's blocks."""
    return [block["type"] for block in message["content"]]


def thought(message: Any) -> int:
    """How many tokens were thought."""
    return int(message["usage"]["output_tokens_details"]["thinking_tokens"])


@imitates(
    "a newer model thinks first when the request does not say; it shows an empty, signed block",
    source=SKILL,
)
@pytest.mark.parametrize("model", [NEW, "claude-haiku-5-5", "claude-opus-5-5", "claude-sonnet-5"])
def test_a_newer_model_thinks_first(model: str) -> None:
    """The first block is thinking without words, so reading the first block's text fails."""
    message = said(model)
    assert kinds(message) == ["thinking", "text"]
    assert message["content"][0]["thinking"] == ""
    assert len(message["content"][0]["signature"]) > 100
    assert "text" not in message["content"][0]


@imitates("an older model thinks only when it is asked to", source=SKILL)
@pytest.mark.parametrize(
    "model", ["lab-fast-2", "lab-balanced-1", "lab-frontier-1", "claude-opus-4-8", OLD]
)
def test_an_older_model_does_not_think_unasked(model: str) -> None:
    """Its first block is the answer, as before; with thinking it is not."""
    assert kinds(said(model)) == ["text"]
    kind = BUDGET if model == OLD else {"thinking": {"type": "adaptive"}}
    assert kinds(said(model, **kind)) == ["thinking", "text"]


@imitates("thinking is billed whole, whether it is shown, summarized or omitted", source=EXTENDED)
def test_thinking_is_billed_whole() -> None:
    """A summary shows the first of it and costs what the whole costs; both are output tokens."""
    omitted, shown = said(), said(thinking=SHOWN)
    words = shown["content"][0]["thinking"]
    assert words.endswith((".", "?"))
    assert words.count(".") + words.count("?") == 1
    for message in (omitted, shown):
        assert thought(message) > tokens.NEWER.count(words)
        answered = tokens.NEWER.count(ANSWER) + END_TOKENS
        assert message["usage"]["output_tokens"] == thought(message) + answered


@imitates("more effort thinks more; Haiku 5.5 and Opus 5.5 default to medium", source=SKILL)
def test_effort_decides_how_much_is_thought() -> None:
    """Each level thinks more than the one below, and no level named means the default."""
    efforts = ("low", "medium", "high", "xhigh", "max")
    spent = [thought(said(output_config={"effort": one})) for one in efforts]
    assert spent == sorted(set(spent))
    for model, default in (
        (NEW, "medium"),
        ("claude-opus-5-5", "medium"),
        ("claude-opus-5", "high"),
    ):
        named = said(model, output_config={"effort": default}, thinking=SHOWN)
        unnamed = said(model, thinking=SHOWN)
        sentences = {"medium": 2, "high": 4}[default]
        assert thought(named) > sentences * 5
        assert abs(thought(named) - thought(unnamed)) < 10 * sentences


def test_thinking_can_be_turned_off() -> None:
    """With thinking disabled the answer comes first and alone."""
    message = said(thinking={"type": "disabled"})
    assert (kinds(message), thought(message)) == (["text"], 0)


@imitates("max_tokens counts thinking, and may end before any text", source=EXTENDED)
def test_a_limit_may_end_before_any_text() -> None:
    """A limit that sufficed before the upgrade leaves nothing to read."""
    enough = tokens.NEWER.count(ANSWER) + END_TOKENS
    assert kinds(said("lab-fast-2", max_tokens=enough)) == ["text"]
    message = said(max_tokens=20)
    assert (message["content"], message["stop_reason"]) == ([], "max_tokens")
    assert (message["usage"]["output_tokens"], thought(message)) == (20, 20)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("thinking", [None, SHOWN])
def test_every_way_thinks_alike(way: str, thinking: Any) -> None:
    """Streamed or not, sync or async: the same blocks and the same bill."""
    changes = {"model": NEW} | ({"thinking": thinking} if thinking else {})
    expected = World().ask("create", **changes)
    given = World().ask(way, **changes)
    if isinstance(given, list):
        deltas = [event.delta for event in given if event.type == "content_block_delta"]
        signed = [delta.signature for delta in deltas if delta.type == "signature_delta"]
        assert signed == [expected.content[0].signature]
        words = "".join(one.thinking for one in deltas if one.type == "thinking_delta")
        assert words == expected.content[0].thinking
        assert given[-2].usage.output_tokens == expected.usage.output_tokens
    else:
        assert given.model_dump() == expected.model_dump()


@imitates(
    "a refusal before any output has no content", source="docs: refusals and fallback, 2026-08-22"
)
def test_a_refusal_is_not_thought_about() -> None:
    """Nothing comes before a refusal that comes first."""
    assert said(says=Says((), "refusal"))["content"] == []


@imitates(
    "an older model thinks once a turn, an adaptive one between tool calls too", source=EXTENDED
)
def test_only_adaptive_thinking_goes_on_between_tools() -> None:
    """After a tool's results a budget is not spent again."""
    for model, config, first in ((OLD, BUDGET, "text"), (NEW, {}, "thinking")):
        turn = said(model, Says((CALL,), "tool_use"), tools=TOOLS, **config)
        assert kinds(turn) == ["thinking", "tool_use"]
        history = [ASK, {"role": "assistant", "content": turn["content"]}]
        history.append({"role": "user", "content": [RESULT]})
        after = said(model, tools=TOOLS, messages=history, **config)
        assert kinds(after)[0] == first


@imitates("words between tool calls come as thinking from Opus 5.5 and Sonnet 5.5", source=SKILL)
@pytest.mark.parametrize(
    ("model", "thinking", "expected"),
    [
        ("claude-sonnet-5-5", {"type": "between_tools"}, ["thinking", "tool_use"]),
        ("claude-opus-5-5", None, ["thinking", "tool_use"]),
        ("claude-opus-5", None, ["thinking", "text", "tool_use"]),
    ],
)
def test_progress_comes_as_thinking(model: str, thinking: Any, expected: list[str]) -> None:
    """Between two calls it is hidden; before the first one it is text like any other."""
    says = Says((TEXT, TOOL), "tool_use")
    changes = {"tools": TOOLS} | ({"thinking": thinking} if thinking else {})
    history = [ASK, {"role": "assistant", "content": [CALL]}, {"role": "user", "content": [RESULT]}]
    between = said(model, says, messages=history, **changes)
    assert kinds(between) == expected
    assert between["content"][0]["thinking"] == ""
    assert "text" in kinds(said(model, says, **changes))
    only = ["text"] if thinking else ["thinking", "text"]
    assert kinds(said(model, Says(), **changes)) == only


def in_a_loop(model: str, change: Any = None, **config: Any) -> tuple[int, str]:
    """What a tool loop gets whose thinking was changed before it came back."""
    world = World(model=Says((CALL,), "tool_use"))
    turn = body_of(world.post(asked(model=model, tools=TOOLS, **config)))["content"]
    if change:
        change(turn)
    history = [ASK, {"role": "assistant", "content": turn}, {"role": "user", "content": [RESULT]}]
    plan = world.post(asked(model=model, tools=TOOLS, messages=history, **config))
    return plan.status, body_of(plan).get("error", {}).get("message", "")


MODIFIED = (
    "messages.1.content.0: `thinking` or `redacted_thinking` blocks in the latest assistant "
    "message cannot be modified. These blocks must remain as they were in the original response."
)
FORGED = "messages.1.content.0: Invalid `signature` in `thinking` block"


@imitates(
    "thinking in the latest assistant turn must come back as it was",
    source=f"docs: errors, 2026-08-22; {EXTENDED}",
)
@pytest.mark.parametrize(("model", "config"), [(OLD, BUDGET), (NEW, {}), ("claude-opus-5", {})])
def test_thinking_comes_back_unchanged(model: str, config: dict[str, Any]) -> None:
    """Untouched it goes on; with other words, or a signature of somebody else's, it is refused."""
    assert in_a_loop(model, **config) == (200, "")
    rewritten = in_a_loop(model, lambda turn: turn[0].update(thinking="Never mind."), **config)
    assert rewritten == (400, MODIFIED)
    unsigned = in_a_loop(model, lambda turn: turn[0].update(signature="E="), **config)
    assert unsigned == (400, FORGED)
    forged = f"E{'A' * sealing.SIGNATURE_BYTES}="
    assert in_a_loop(model, lambda turn: turn[0].update(signature=forged), **config)[1] == FORGED


@imitates("with a budget the turn that goes on must begin with its thinking", source=EXTENDED)
def test_a_turn_that_lost_its_thinking_is_refused() -> None:
    """Adaptive thinking does not mind; a budget does, and says what it found."""
    status, message = in_a_loop(OLD, lambda turn: turn.pop(0), **BUDGET)
    assert status == 400
    assert message.startswith(
        "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found "
        "`tool_use`."
    )
    assert in_a_loop(NEW, lambda turn: turn.pop(0)) == (200, "")


def test_a_turn_of_plain_words_has_no_thinking_to_begin_with() -> None:
    """A prefill is refused like any turn without thinking, when there is a budget."""
    history = [ASK, {"role": "assistant", "content": "You may"}]
    plan = World().post(asked(model=OLD, messages=history, **BUDGET))
    assert plan.status == 400
    assert "found `text`" in body_of(plan)["error"]["message"]


def conversation(world: World, model: str = NEW) -> list[Any]:
    """A question, its thoughtful answer, and a second question."""
    first = body_of(world.post(asked(model=model, system="Be kind.", tools=TOOLS)))
    return [ASK, {"role": "assistant", "content": first["content"]}, ASK]


BOUND = (
    f"{FORGED}. The block is bound to a different conversation. Remove the block, or set "
    '`thinking.block_binding.prefix_mismatch_behavior` to "drop_block".'
)


@imitates("newer models refuse thinking whose conversation was edited", source=PRESERVED)
@pytest.mark.parametrize(
    "edit",
    [
        {"system": "Be brief."},
        {"tools": []},
        {"messages.0": {"role": "user", "content": "How long may I keep a saw?"}},
        {"thinking": {"type": "disabled"}, "system": "Be brief."},
    ],
)
def test_an_edited_history_is_refused(edit: dict[str, Any]) -> None:
    """The system prompt, the tools and every earlier message must stand as they stood."""
    world = World()
    history = conversation(world)
    body = asked(model=NEW, system="Be kind.", tools=TOOLS, messages=history)
    assert world.post(body).status == 200
    if "messages.0" in edit:
        edit = {"messages": [edit["messages.0"], *history[1:]]}
    plan = world.post({**body, **edit})
    assert (plan.status, body_of(plan)["error"]["message"]) == (400, BOUND)


@imitates("a turn before a thinking block may not be cut out", source=PRESERVED)
def test_a_trimmed_history_is_refused() -> None:
    """The usual sliding window breaks a conversation with bound thinking, and no other."""
    for model, status in ((NEW, 400), ("claude-opus-5", 200), ("lab-fast-2", 200)):
        world = World()
        history = conversation(world, model)
        body = asked(model=model, system="Be kind.", tools=TOOLS, messages=history)
        second = body_of(world.post(body))
        history += [{"role": "assistant", "content": second["content"]}, ASK]
        assert world.post({**body, "messages": history}).status == 200
        assert world.post({**body, "messages": history[2:]}).status == status


@imitates("thinking that another model wrote is dropped without an error", source=PRESERVED)
def test_another_models_thinking_is_not_read() -> None:
    """A conversation may move to another model, whatever was edited before."""
    world = World()
    history = conversation(world, "claude-haiku-5-5")
    body = asked(model=NEW, messages=history)
    assert world.post(body).status == 200
    history[1]["content"][0]["signature"] = "not ours"
    plan = world.post(body)
    assert (plan.status, body_of(plan)["error"]["message"]) == (400, FORGED)


@imitates(
    "thinking of earlier turns is not counted, that of the latest is",
    source="docs: token counting, 2026-08-22",
)
def test_only_the_latest_thinking_is_counted() -> None:
    """After the next question it costs nothing; within a tool loop it is read again."""
    world = World(model=Says((CALL,), "tool_use"))
    model = "claude-opus-5"
    first = body_of(world.post(asked(model=model, tools=TOOLS, thinking=SHOWN)))["content"]
    words = tokens.NEWER.count(first[0]["thinking"])

    def size(turn: list[Any], *more: Any) -> int:
        history = [
            ASK,
            {"role": "assistant", "content": turn},
            {"role": "user", "content": [RESULT]},
        ]
        body = asked(model=model, tools=TOOLS, messages=[*history, *more])
        return int(body_of(world.post(body))["usage"]["input_tokens"])

    assert size(first) == size(first[1:]) + words
    more = ({"role": "assistant", "content": "Done."}, ASK)
    assert size(first, *more) == size(first[1:], *more)


def test_thinking_is_explained() -> None:
    """The lab tells that the model thought, and how much."""
    lab = Lab()
    message = lab.client.messages.create(**asked(model=NEW))
    assert "thinking: thought before it answered, 2 sentences at medium" in repr(
        lab.explain(message)
    )
