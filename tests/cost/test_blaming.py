"""A bill split by cause: each cause by hand, and the sum of all of them always the bill."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from cost_world import LONG, MODEL, QUESTION, SENTENCE, cached, request, through
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit import Lab, case, catalog
from labkit.catalog import Price
from labkit.cost import Line, Spend, UsageLedger, blame, labelled
from labkit.cost.pieces import Piece, pieces_of
from labkit.cost.pricing import bills_of
from labkit.errors import ArgumentError
from labkit.sim import overloaded, stream_ends
from labkit.traffic import traffic

BEGINS = datetime(2026, 11, 23, 9, tzinfo=UTC)
PIECES = (
    Piece("system", 600),
    Piece("examples", 200),
    Piece("history", 150),
    Piece("question", 50),
)


def line(at_s=0.0, *, pieces=PIECES, model=MODEL, label="answer", again=False, **counts):
    """A line with these tokens; 10,000 fresh ones and 100 of output if none are said."""
    usage = {"input_tokens": 10_000, "output_tokens": 100, **counts}
    when = BEGINS + timedelta(seconds=at_s)
    bills = bills_of(usage, model)
    return Line(label, model, "end_turn", when, bills, again=again, pieces=pieces, usage=usage)


def split(*lines, **given):
    """The causes that cost something, in thousandths of a dollar."""
    return {cause: float(usd * 1_000) for cause, usd in blame(lines, **given).causes.items() if usd}


def test_a_prompt_is_split_by_its_pieces():
    """At 2 and 10 USD per million: 60, 20, 15 and 5 % of the prompt, and the output."""
    assert split(line()) == {
        "system prompt": 12.0,
        "few-shot": 4.0,
        "history": 3.0,
        "question": 1.0,
        "output": 1.0,
    }


def test_each_piece_pays_the_price_of_where_it_stands():
    """What was read stands first, then what was written; the rest is fresh."""
    bill = split(
        line(
            input_tokens=1_000,
            cache_read_input_tokens=6_000,
            cache_creation_input_tokens=3_000,
            cache_creation={"ephemeral_1h_input_tokens": 2_000, "ephemeral_5m_input_tokens": 1_000},
        )
    )
    assert bill == {
        "system prompt": 1.2,
        "few-shot": 8.0,
        "history": 1_000 * 0.0025 + 500 * 0.002,
        "question": 1.0,
        "output": 1.0,
    }


def test_a_dearer_model_than_needed_is_the_tier():
    """The difference of the same tokens; a label that needs what it has costs no tier."""
    dear = split(line(), needs={"answer": "lab-fast-2"})
    assert dear["tier"] == 10.5
    assert dear["system prompt"] == 6.0
    assert dear["output"] == 0.5
    for needs in ({"answer": MODEL}, {"triage": "lab-fast-2"}, {"answer": "lab-frontier-1"}):
        assert "tier" not in split(line(), needs=needs)


def test_the_fast_mode_is_the_tier_s_and_a_batch_stays_one():
    """The model that is needed answers at the standard speed, in the same batch."""
    quick = line(model="claude-opus-5-5", speed="fast")
    assert split(quick, needs={"answer": MODEL})["tier"] == 80 + 4 - 21
    half = line(service_tier="batch")
    assert split(half, needs={"answer": "lab-fast-2"})["tier"] == 5.25
    us = line(model="claude-opus-5-5", inference_geo="us")
    assert sum(split(us).values()) == pytest.approx(1.1 * 42)


def test_a_missed_cache_is_what_it_cost_more_than_a_read():
    """8,000 stable tokens at 2 instead of 0.2 per million, from the second request on."""
    bill = split(line(0), line(60))
    assert bill["cache misses"] == 8_000 * 0.0018
    assert bill["system prompt"] == 12.0 + 1.2
    written = line(60, input_tokens=2_000, cache_creation_input_tokens=8_000)
    assert split(line(0), written)["cache misses"] == pytest.approx(8_000 * 0.0023)
    hour = {"ephemeral_1h_input_tokens": 8_000, "ephemeral_5m_input_tokens": 0}
    written = line(60, input_tokens=2_000, cache_creation=hour)
    assert split(line(0), written)["cache misses"] == pytest.approx(8_000 * 0.0038)
    both = {"ephemeral_1h_input_tokens": 7_000, "ephemeral_5m_input_tokens": 3_000}
    written = line(60, input_tokens=0, cache_creation=both)
    by_hand = 7_000 * 0.0038 + 1_000 * 0.0023
    assert split(line(0), written)["cache misses"] == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("lines", "given"),
    [
        ([line(0), line(301)], {}),
        ([line(0), line(0.1)], {}),
        ([line(0), line(60, label="triage")], {}),
        ([line(0), line(60, model="lab-frontier-1")], {}),
        ([line(0, input_tokens=1_200), line(60, input_tokens=1_200)], {}),
        ([line(0), line(60, input_tokens=2_500, cache_read_input_tokens=7_500)], {}),
        ([line(0), line(60)], {"stable": ["history"]}),
        ([line(0), line(60)], {"stable": []}),
        ([line(0), line(60, pieces=())], {}),
        ([line(0), line(60, pieces=PIECES[::-1])], {}),
        ([replace(line(0), bills=()), line(60)], {}),
        ([line(0), line(60)], {"lifetime_s": 30}),
    ],
)
def test_what_no_cache_could_have_held_is_no_miss(lines, given):
    """Too late, too early, another label or model, too short, read as well as one can tell."""
    assert "cache misses" not in split(*lines, **given)


def test_a_longer_lifetime_could_have_held_more():
    """And the order of the lines does not matter."""
    lines = [line(1_800), line(0)]
    assert "cache misses" not in split(*lines)
    assert split(*lines, lifetime_s=3_600)["cache misses"] == 14.4


def test_a_call_that_asks_again_is_a_retry():
    """All of it, whatever it was made of."""
    assert split(line(), line(60, again=True))["retries"] == 21.0


def test_a_prompt_of_which_nothing_is_known_is_named_so():
    """Such as that of a batch's result; nothing is guessed."""
    assert split(line(pieces=())) == {"prompt, unknown": 20.0, "output": 1.0}
    odd = (Piece("memory", 10),)
    assert split(line(pieces=odd)) == {"prompt, unknown": 20.0, "output": 1.0}
    assert split(line(pieces=(Piece("system", 0),))) == {"prompt, unknown": 20.0, "output": 1.0}


def test_searches_are_apart():
    """They are no tokens."""
    assert split(line(server_tool_use={"web_search_requests": 2}))["searches"] == 20.0


def test_a_summary_is_split_like_its_answer():
    """Each iteration of a usage is a bill of its own."""
    plain = {"input_tokens": 5_000, "output_tokens": 50}
    assert split(line(iterations=[plain, plain])) == split(line())


def test_what_has_no_price_is_counted():
    """It is in no cause, and the text says so."""
    unknown = replace(line(), bills=None)
    found = blame([line(), unknown])
    assert (found.attempts, found.unpriced) == (1, 1)
    assert repr(found).endswith("1 attempt without a known price")


def test_a_blame_is_a_text():
    """The causes that cost something, with their shares."""
    assert repr(blame([line()])) == (
        "cause               USD  share\n"
        "system prompt  0.012000  57.1%\n"
        "few-shot       0.004000  19.0%\n"
        "history        0.003000  14.3%\n"
        "question       0.001000   4.8%\n"
        "output         0.001000   4.8%\n"
        "total          0.021000"
    )
    nothing = blame([])
    assert (nothing.total_usd, nothing.share("tier")) == (0, 0.0)


IDS = [one.id for one in catalog.models() if one.price.cache_read]
LINES = st.builds(
    line,
    at_s=st.floats(0, 2_000),
    pieces=st.lists(
        st.builds(
            Piece,
            st.sampled_from(["tools", "system", "examples", "documents", "history", "question"]),
            st.integers(0, 5_000),
        ),
        max_size=6,
    ).map(tuple),
    model=st.sampled_from(IDS),
    label=st.sampled_from(["triage", "answer"]),
    again=st.booleans(),
    input_tokens=st.integers(0, 150_000),
    cache_creation_input_tokens=st.integers(0, 50_000),
    cache_read_input_tokens=st.integers(0, 50_000),
    output_tokens=st.integers(0, 5_000),
    service_tier=st.sampled_from(["standard", "batch"]),
    inference_geo=st.sampled_from(["global", "us"]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(LINES, max_size=8), st.sampled_from([{}, {"answer": IDS[0]}, {"triage": IDS[-1]}]))
def test_the_causes_are_the_bill(lines, needs):
    """To the last digit, and none is negative."""
    found = blame(lines, needs=needs)
    assert found.total_usd == sum(one.cost_usd for one in lines)
    assert all(usd >= 0 for usd in found.causes.values())


def test_a_day_of_traffic_is_split_to_the_last_digit():
    """Caches, history, few-shot examples, repairs and faults: the causes are the invoice."""
    lab = Lab(7, faults=[overloaded(rate=0.05), stream_ends(rate=0.05)])
    ledger = UsageLedger()
    shots = [
        {"role": "user", "content": "May I borrow a fog machine?"},
        {"role": "assistant", "content": "Yes, for a week. [loans]"},
    ]

    async def app(client, messages):
        client = client.with_options(middleware=[ledger])
        sent = request(
            system=cached(case.system_prompt()) if len(messages) % 3 else case.system_prompt(),
            messages=[*shots, *messages],
            model=MODEL if len(messages[-1]["content"]) % 2 else "lab-frontier-1",
        )
        with labelled("answer", examples=2):
            said = await client.messages.create(**sent)
        if len(said.content[0].text) % 5 == 0:
            with labelled("answer", again=True, examples=2):
                said = await client.messages.create(**sent)
        return said.content[0].text

    traffic(app, users=8, hours=24, per_hour=12, turns=3, lab=lab)
    found = blame(ledger.lines, needs={"answer": "lab-fast-2"})
    assert found.total_usd == ledger.total.usd == lab.invoice.total_usd > 0
    costly = {cause for cause, usd in found.causes.items() if usd}
    assert costly == {
        "tier", "system prompt", "few-shot", "documents", "history", "question",
        "cache misses", "retries", "output",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "given", "words"),
    [
        (3, {}, r"lines is 3.*ledger\.lines"),
        ([3], {}, "something in lines is 3"),
        ([], {"needs": ["lab-fast-2"]}, "needs is .*by label"),
        ([], {"needs": {"answer": "lab-fast-9"}}, "'lab-fast-9' is not a model"),
        ([], {"stable": "system"}, "stable is 'system'"),
        ([], {"stable": ["sistema"]}, "a part in stable is 'sistema'.*tools, system"),
        ([], {"lifetime_s": -1}, "lifetime_s is -1"),
        ([line()], {"prices": {"mine": Price(1, 1)}, "stable": []}, "is not a model of these"),
    ],
)
def test_what_cannot_be_blamed_is_refused(lines, given, words):
    """With the value and what to give."""
    with pytest.raises(ArgumentError, match=words):
        blame(lines, **given)


# What a prompt is made of


def test_pieces_are_in_the_api_s_order():
    """Tools, system with its tagged stretches, few-shot turns, history, and the last turn."""
    body = {
        "tools": [{"name": "find"}],
        "system": "Rules. <examples>A</examples> More. <documents>B</documents>",
        "messages": [
            {"role": "user", "content": "shot"},
            {"role": "assistant", "content": [{"type": "text", "text": "answer"}]},
            {"role": "user", "content": "before"},
            {"role": "assistant", "content": [{"type": "tool_use", "name": "find"}]},
            {"role": "user", "content": "<documents>C</documents>now?"},
        ],
    }
    assert pieces_of(body, examples=2) == (
        ("tools", 16),
        ("system", 7),
        ("examples", 22),
        ("system", 7),
        ("documents", 24),
        ("examples", 4),
        ("examples", 6),
        ("history", 6),
        ("history", 36),
        ("documents", 24),
        ("question", 4),
    )


def test_a_picture_is_not_as_long_as_its_characters():
    """A megabyte of base64 would take the whole bill."""
    picture = {"type": "image", "source": {"type": "base64", "data": "A" * 10**6}}
    body = {"messages": [{"role": "user", "content": [picture]}]}
    assert pieces_of(body) == (("question", 6_000),)


@pytest.mark.parametrize("body", [None, 3, {}, {"messages": 3}, {"messages": [3]}, {"system": 3}])
def test_odd_bodies_have_what_pieces_they_have(body):
    """A ledger must not fail where the provider will."""
    assert sum(piece.chars for piece in pieces_of(body)) <= 1


def test_the_ledger_notes_the_pieces():
    """Of what was sent, with the examples that the label tells of."""
    lab, ledger = Lab(7), UsageLedger()
    with labelled("answer", examples=1):
        through(lab, "create", [ledger], system=LONG, messages=[QUESTION, QUESTION])
    parts = [piece.part for piece in ledger.lines[0].pieces]
    assert parts == ["system", "examples", "question"]
    assert ledger.total == Spend(
        1, ledger.total.prompt_tokens, ledger.total.output_tokens, lab.invoice.total_usd
    )
    assert len(SENTENCE) * 75 == ledger.lines[0].pieces[0].chars
    assert Decimal(0) < ledger.total.usd
