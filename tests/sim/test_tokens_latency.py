"""Tokens and times: our own approximations, as documented."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.sim import latency, tokens
from labkit.sim.luck import Luck

PROSE = (
    "You may keep a drill for seven days. If nobody waits for it, you can extend the loan twice, "
    "each time by another week, and you do not have to bring it back in between. Late returns "
    "cost two crowns a day, up to the price of the thing itself; tell us early and we find a way."
)


@given(st.text(max_size=400))
def test_the_pieces_are_the_text(text: str) -> None:
    """Splitting a text loses and adds nothing."""
    assert "".join(tokens.split(text)) == text


@given(st.text(max_size=400))
def test_counting_and_splitting_agree(text: str) -> None:
    """A text has as many tokens as pieces, and no piece is empty."""
    pieces = tokens.split(text)
    assert tokens.count(text) == len(pieces)
    assert "" not in pieces


@pytest.mark.parametrize("length", [999, 1_000, 1_001, 99_999, 100_000, 100_001, 250_001])
def test_long_texts_count_like_short_ones(length: int) -> None:
    """Counting in slices and from memory gives the number of pieces, again and again."""
    text = (PROSE * (length // len(PROSE) + 1))[:length]
    assert tokens.count(text) == tokens.count(text) == len(tokens.split(text))
    assert "".join(tokens.split(text)) == text


def test_texts_that_look_alike_are_counted_each() -> None:
    """Two long texts of one length with equal ends are not taken for each other."""
    one = "a" * 500 + "b" * 500 + "a" * 500
    other = "a" * 500 + "好" * 500 + "a" * 500
    assert tokens.count(one) != tokens.count(other)


def test_english_has_about_four_characters_per_token() -> None:
    """Latin prose comes out at three and a half to five characters per token."""
    assert 3.5 <= len(PROSE) / tokens.count(PROSE) <= 5


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("drill", 1),
        (" drill", 1),
        ("borrowed", 1),
        ("borrowing", 2),
        ("你好世界", 4),
        ("дрель", 2),
        ("2026", 2),
        ("\n\n\n", 1),
        (" [", 1),
        ("🔧", 1),
    ],
)
def test_documented_rules(text: str, count: int) -> None:
    """The rules of the module's docstring, one by one."""
    assert tokens.count(text) == count


def times(tier: str, input_tokens: int, output_tokens: int) -> list[tuple[float, float]]:
    """Time to the first token and to the last, for many seeds."""
    drawn = (Luck(seed).octets(1 + output_tokens) for seed in range(300))
    delays = [latency.delays_s(tier, input_tokens, octets) for octets in drawn]
    return [(row[0], sum(row)) for row in delays]


def test_the_balanced_tier_answers_the_case_in_about_two_seconds() -> None:
    """6,000 tokens in and 60 out take 1.5 to 2.5 s, the first token 0.6 to 1.0 s."""
    first, whole = zip(*times("balanced", 6_000, 60), strict=True)
    assert statistics.quantiles(first, n=20)[0] >= 0.6
    assert statistics.quantiles(first, n=20)[-1] <= 1.0
    assert min(whole) >= 1.5
    assert max(whole) <= 2.5


def test_tiers_differ_in_speed() -> None:
    """The fast tier is faster than the balanced one, and that faster than the frontier."""
    medians = [
        statistics.median(whole for _, whole in times(tier, 6_000, 60))
        for tier in ("fast", "balanced", "frontier")
    ]
    assert medians == sorted(medians)
    assert medians[-1] > 3 * medians[0]


def test_longer_prompts_take_longer_to_read() -> None:
    """The time to the first token grows with the prompt."""
    short, long = (times("balanced", size, 1)[0][0] for size in (100, 100_000))
    assert long > 5 * short


def test_failing_statuses_come_quickly_but_not_at_once() -> None:
    """A rate limit takes less than a fifth of a second, a gateway timeout its minute."""
    assert 0 < latency.error_s(400, 128) < latency.error_s(429, 128) < 0.2
    assert latency.error_s(504, 128) > 30
