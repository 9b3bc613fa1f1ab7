"""Requests that share what a cache can read: held against the provider's own cache."""

import copy
import random
from datetime import date

import anthropic
import pytest
from cost_world import LONG, MODEL, SENTENCE, request
from hypothesis import given
from hypothesis import strategies as st

from labkit import Lab, case
from labkit.cost import build_request, common_prefix
from labkit.errors import ArgumentError

TOOLS = [
    {
        "name": name,
        "description": f"Does {name}.",
        "input_schema": {"type": "object", "properties": {"item": {"type": "string"}}},
    }
    for name in ("find_item", "extend_loan", "opening_hours")
]
DOCS = {one.id: one.text for one in case.documents()[:4]}
TALK = [
    {"role": "user", "content": "May I borrow a drill?"},
    {"role": "assistant", "content": [{"type": "text", "text": "Yes. [loans]"}]},
]
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def built(**changes):
    """A request with everything in it."""
    return build_request(
        **{
            "tools": TOOLS,
            "rules": LONG,
            "docs": DOCS,
            "today": MONDAY,
            "member": "Member 4711",
            "question": "How long may I keep a drill?",
            **changes,
        }
    )


def markers(value):
    """How many breakpoints there are anywhere."""
    if isinstance(value, dict):
        return ("cache_control" in value) + sum(map(markers, value.values()))
    return sum(map(markers, value)) if isinstance(value, list) else 0


def shuffled_tools(rng):
    """The same tools in another order, and so are their keys."""
    tools = [dict(rng.sample(sorted(one.items()), len(one))) for one in TOOLS]
    rng.shuffle(tools)
    return tools


def test_two_members_on_two_days_share_all_that_is_stable():
    """Shuffled tools, documents in another order: the bytes up to the last turn are the same."""
    first = built()
    rng = random.Random(7)
    second = built(
        tools=shuffled_tools(rng),
        docs=dict(reversed(DOCS.items())),
        today=TUESDAY,
        member="Member 12",
        question="And a ladder?",
    )
    found = common_prefix(first, second)
    assert found.place == "messages.0.content.0"
    assert found.share > 0.95
    assert (first["tools"], first["system"]) == (second["tools"], second["system"])


def test_the_date_and_the_member_are_there():
    """In the last turn, where they cost nobody else's prefix."""
    last = built()["messages"][-1]
    assert last["role"] == "user"
    assert [one["text"] for one in last["content"]] == [
        "Today is 2026-11-23. Member 4711 asks.",
        "How long may I keep a drill?",
    ]
    assert built(today="Monday", member=None)["messages"][-1]["content"][0]["text"] == (
        "Today is Monday."
    )
    plain = built(today=None, member=None)["messages"][-1]["content"]
    assert [one["text"] for one in plain] == ["How long may I keep a drill?"]


def test_breakpoints_are_few_and_stand_behind_what_is_stable():
    """One behind what everybody shares, one behind the conversation; none where none is wanted."""
    assert markers(built()) == 1
    found = built(history=TALK, ttl="1h")
    control = {"type": "ephemeral", "ttl": "1h"}
    assert found["system"][-1]["cache_control"] == control
    assert found["messages"][1]["content"][-1]["cache_control"] == control
    assert markers(found) == 2
    assert markers(built(history=TALK, ttl=None)) == 0
    assert built(rules=" ", docs=None)["tools"][-1]["cache_control"]
    assert "system" not in built(rules="", docs={})
    assert "tools" not in built(tools=[])
    assert build_request(question="Hello?") == {
        "messages": [{"role": "user", "content": [{"type": "text", "text": "Hello?"}]}]
    }


def test_a_long_talk_keeps_two_breakpoints():
    """Those of earlier turns are taken out, inside results of tools, too."""
    marked = {"cache_control": {"type": "ephemeral"}}
    result = [{"type": "text", "text": "Free.", **marked}]
    used = {"type": "tool_use", "id": "t", "name": "find_item", "input": {"cache_control": "mine"}}
    history = [
        {"role": "user", "content": [{"type": "text", "text": "A drill?", **marked}]},
        {"role": "assistant", "content": [used]},
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": "t", "content": result}],
        },
        {"role": "assistant", "content": [{"type": "text", "text": "Yes.", **marked}]},
    ]
    before = copy.deepcopy(history)
    found = built(history=history)
    assert markers(found["system"]) + markers(found["messages"][3]) == 2
    assert found["messages"][1]["content"][0]["input"] == {"cache_control": "mine"}
    assert "cache_control" not in found["messages"][2]["content"][0]["content"][0]
    assert history == before


def test_no_breakpoint_stands_on_a_thinking_block():
    """Nor on an empty text: the block before it is marked, if there is one."""
    thought = {"type": "thinking", "thinking": "", "signature": "x"}
    answered = [{"type": "text", "text": "Yes."}, thought, {"type": "text", "text": ""}]
    found = built(history=[TALK[0], {"role": "assistant", "content": answered}])
    assert "cache_control" in found["messages"][1]["content"][0]
    found = built(history=[TALK[0], {"role": "assistant", "content": [thought]}])
    assert markers(found) == 1


@pytest.mark.parametrize("ttl", ["5m", "1h"])
def test_the_provider_reads_what_is_shared(ttl):
    """Another member on another day reads what is stable; a date on line one prevents it."""
    lab = Lab(7)
    sent = [
        built(ttl=ttl),
        built(ttl=ttl, tools=shuffled_tools(random.Random(1)), today=TUESDAY, member="Member 12"),
    ]
    usages = []
    for one in sent:
        usages.append(lab.client.messages.create(**request(**one)).usage)
        lab.clock.sleep(60)
    assert usages[0].cache_creation_input_tokens == usages[1].cache_read_input_tokens > 1_024
    assert usages[1].cache_creation_input_tokens == 0
    lines = [
        built(ttl=ttl, rules=f"Today is {day}. {LONG}", today=None) for day in (MONDAY, TUESDAY)
    ]
    for one in lines:
        usage = lab.client.messages.create(**request(**one)).usage
        lab.clock.sleep(60)
        assert usage.cache_read_input_tokens == 0
    assert common_prefix(*lines).place == "system.0"


def test_a_conversation_is_read_as_it_grows():
    """Each turn reads all before the last two, though the date is not kept in the history."""
    lab, history, reads = Lab(7), [], []
    for number in range(4):
        asked = f"Question {number}: may I borrow a drill?"
        sent = built(history=history, question=asked)
        message = lab.client.messages.create(**request(**sent))
        reads.append(message.usage.cache_read_input_tokens)
        history = [
            *history,
            {"role": "user", "content": asked},
            {"role": "assistant", "content": message.content},
        ]
        lab.clock.sleep(30)
    assert 0 == reads[0] < reads[1] <= reads[2] < reads[3]


def test_a_request_with_everything_is_valid():
    """With tools, history of the SDK's own blocks, a date and a member."""
    lab = Lab(7)
    block = anthropic.types.TextBlock(type="text", text="Yes. [loans]", citations=None)
    history = [TALK[0], {"role": "assistant", "content": [block]}]
    sent = built(history=history)
    assert lab.client.messages.create(**request(**sent)).stop_reason == "end_turn"
    assert sent["messages"][1]["content"][0]["text"] == "Yes. [loans]"


# The first difference


def test_equal_requests_share_everything():
    """Whatever breakpoints they have; a text and one block of it are the same."""
    first, second = built(ttl=None), built(ttl="1h")
    found = common_prefix(first, second)
    assert (found.place, found.share) == (None, 1.0)
    assert repr(found) == f"{found.cached_bytes:,} of {found.cached_bytes:,} bytes shared (100%)"
    block = [{"type": "text", "text": LONG}]
    assert common_prefix(request(system=LONG), request(system=block)).place is None


def test_the_place_of_the_first_difference_is_named():
    """With a piece of both, from just before it on."""
    first, second = (request(system=f"Today is {day}. {LONG}") for day in (MONDAY, TUESDAY))
    found = common_prefix(first, second)
    assert (found.place, found.cached_bytes, found.share) == ("system.0", 0, 0.0)
    assert "2026-11-23. The drill" in found.was
    assert "2026-11-24. The drill" in found.now
    assert len(found.now) <= 62
    assert found.shared_bytes == len('{"type": "text", "text": "Today is 2026-11-2')
    head, was, now = repr(found).splitlines()
    assert head.endswith("bytes shared (0%); first difference at system.0:")
    assert "-23" in was
    assert "-24" in now


TURNS = [*TALK, {"role": "user", "content": "And a ladder?"}]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"model": "lab-fast-2"}, "model"),
        ({"tools": TOOLS[:2]}, "tools.2"),
        ({"tools": TOOLS[::-1]}, "tools.0"),
        ({"tools": None}, "tools.0"),
        ({"speed": "fast"}, "speed"),
        ({"output_config": {"format": {"type": "json_schema"}}}, "output_config.format"),
        ({"output_config": {"effort": "low"}}, "output_config.effort"),
        ({"system": "Other."}, "system.0"),
        ({"tool_choice": {"type": "any"}}, "tool_choice"),
        ({"thinking": {"type": "adaptive"}}, "thinking"),
        ({"messages": TURNS[:1]}, "messages.1.content.0"),
        ({"messages": [TURNS[0], {**TURNS[1], "role": "user"}]}, "messages.1.content.0"),
        ({"messages": [*TURNS, TALK[0]]}, "messages.3.content.0"),
        ({"max_tokens": 7}, None),
    ],
)
def test_what_changes_the_prefix_is_found(changes, place):
    """In the API's order, settings that invalidate included; other fields change nothing."""
    first = request(tools=TOOLS, system=LONG, messages=TURNS)
    for pair in ((first, {**first, **changes}), ({**first, **changes}, first)):
        assert common_prefix(*pair).place == place


def test_another_order_of_keys_is_another_prefix():
    """The API compares bytes."""
    turned = [dict(reversed(one.items())) for one in TOOLS]
    found = common_prefix(request(tools=TOOLS), request(tools=turned))
    assert found.place == "tools.0"


@given(st.lists(st.sampled_from("abc"), max_size=5), st.lists(st.sampled_from("abc"), max_size=5))
def test_the_shared_part_is_the_common_beginning(one, other):
    """Of any two lists of blocks; the same both ways round."""
    sent = [
        request(system=[{"type": "text", "text": words} for words in words_of])
        for words_of in (one, other)
    ]
    found, back = common_prefix(*sent), common_prefix(*reversed(sent))
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    assert found.place == back.place == (None if one == other else f"system.{same}")
    assert found.cached_bytes == back.cached_bytes
    if one != other:
        assert found.cached_bytes == same * len('{"type": "text", "text": "a"}')


def test_the_provider_never_reads_more_than_is_shared():
    """Pairs of many kinds, marked at every block: what was read lies within the shared bytes."""
    rng = random.Random(7)
    words = [f"{name}. {SENTENCE * 30}" for name in "abcd"]
    reads = 0
    for _ in range(25):
        lab = Lab(7)
        pair = []
        for _ in range(2):
            picked = words[: rng.randint(2, 4)]
            if rng.random() < 0.5:
                picked[rng.randrange(len(picked))] = f"Changed. {SENTENCE * 30}"
            control = {"cache_control": {"type": "ephemeral"}}
            pair.append(
                request(system=[{"type": "text", "text": one, **control} for one in picked])
            )
        for one in pair:
            usage = lab.client.messages.create(**one).usage
            lab.clock.sleep(60)
        found = common_prefix(*pair)
        tokens = usage.cache_read_input_tokens
        whole = usage.input_tokens + usage.cache_creation_input_tokens + tokens
        assert tokens / whole <= found.share + 0.02
        reads += bool(tokens)
    assert reads > 5


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"question": 3}, "question is 3"),
        ({"question": " "}, "question is ' '.*Nobody could answer"),
        ({"rules": None}, "rules is None"),
        ({"docs": ["a"]}, r"docs is \['a'\].*by id"),
        ({"tools": "find_item"}, "tools is 'find_item'"),
        ({"tools": [3]}, "something in tools is 3"),
        ({"history": ["Hello"]}, "something in history is 'Hello'"),
        ({"ttl": "10m"}, "'10m' is not a lifetime.*5m, 1h"),
    ],
)
def test_what_makes_no_request_is_refused(given, words):
    """With the value and what to give."""
    with pytest.raises(ArgumentError, match=words):
        built(**given)


@pytest.mark.parametrize("pair", [(None, request()), (request(), 3), ({"model": MODEL}, request())])
def test_what_is_no_request_is_not_compared(pair):
    """It has no messages."""
    with pytest.raises(ArgumentError, match=r"(first|second) is .*no messages"):
        common_prefix(*pair)
