"""Tokens and times: our own approximations, as documented."""

import statistics

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sim_facts import imitates
from sim_world import ANSWER, QUESTION, Says, World

from labkit import case
from labkit.sim import tokens
from labkit.sim.answers import latency
from labkit.sim.answers.spoken import END_TOKENS
from labkit.sim.luck import Luck
from labkit.sim.shapes import MOST_SHAPES, Shapes

PROSE = (
    "You may keep a drill for seven days. If nobody waits for it, you can extend the loan twice, "
    "each time by another week, and you do not have to bring it back in between. Late returns "
    "cost two crowns a day, up to the price of the thing itself; tell us early and we find a way."
)


@given(st.text(max_size=400))
def test_the_pieces_are_the_text(text: str) -> None:
    """Splitting a text loses and adds nothing."""
    assert "".join(tokens.split(text)) == text


@given(st.text(st.characters(max_codepoint=127), max_size=400))
def test_plain_texts_have_the_same_tokens_as_any_others(text: str) -> None:
    """A text of ASCII alone is read by a shorter rule, which finds what the whole one finds."""
    for tokenizer in tokens.TOKENIZERS.values():
        assert tokenizer.split(text) == tokenizer.token.findall(text)


@given(st.text(max_size=400))
def test_counting_and_splitting_agree(text: str) -> None:
    """A text has as many tokens as pieces, and no piece is empty."""
    pieces = tokens.split(text)
    assert tokens.count(text) == len(pieces)
    assert "" not in pieces


@given(st.text(alphabet="ab0 \n\t_!.", max_size=12))
@example("a\n _b")
@example("a  b _ c ")
@example("a" * 40 + " " + "b" * 40)
def test_words_are_counted_by_their_shape_as_they_are_split(text: str) -> None:
    """Blanks, other white space, underscores and long words, by every tokenizer."""
    for tokenizer in tokens.TOKENIZERS.values():
        assert tokenizer.counted(text) == tokenizer.counted(text) == len(tokenizer.split(text))


def test_no_text_fills_the_memory_of_shapes() -> None:
    """Ever new shapes are counted, and not all of them kept."""
    shapes = Shapes(letters=8, digits=3, signs=2)
    for word in (f"{at:014b}".replace("1", "a") for at in range(12_000)):
        assert shapes.count(f"x {word}") == 1 + shapes.found(f" {word}".encode())
    assert len(shapes) == MOST_SHAPES


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


@imitates(
    "newer models count about 30 % more tokens for the same text",
    source="docs: token counting, 2026-08-22",
)
def test_the_newer_tokenizer_finds_more() -> None:
    """Prose, and a set of documents, have about three tenths more tokens; nothing is lost."""
    documents = "\n".join(one.text for one in case.documents())
    for text in (PROSE, documents):
        more = tokens.NEWER.count(text) / tokens.OLDER.count(text)
        assert 1.2 < more < 1.4
        assert "".join(tokens.NEWER.split(text)) == text
        assert tokens.NEWER.count(text) == len(tokens.NEWER.split(text))


@imitates(
    "usage, limits and cuts go by the model's own tokenizer",
    source="docs: token counting, 2026-08-22",
)
def test_a_newer_model_counts_and_cuts_by_its_own_tokenizer() -> None:
    """The same request and words cost more on a newer model, and its limit cuts sooner."""
    older, newer = "claude-opus-4-6", "claude-opus-4-8"
    for model, tokenizer in ((older, tokens.OLDER), (newer, tokens.NEWER)):
        usage = World(model=Says()).ask(model=model, system=PROSE).usage
        read = tokenizer.count(PROSE) + tokenizer.count(QUESTION) + tokens.MESSAGE_TOKENS
        assert usage.input_tokens == read
        assert usage.output_tokens == tokenizer.count(ANSWER) + END_TOKENS
        cut = World(model=Says()).ask(model=model, max_tokens=9)
        assert cut.content[0].text == "".join(tokenizer.split(ANSWER)[:9])
        assert cut.usage.output_tokens == 9
    assert tokens.NEWER.count(ANSWER) > tokens.OLDER.count(ANSWER)


def test_a_stop_sequence_cuts_at_the_same_place_for_every_tokenizer() -> None:
    """Where the words end does not depend on how they are counted."""
    stop = "days, and tw"
    said = {
        World().ask(model=model, stop_sequences=[stop]).content[0].text
        for model in ("claude-opus-4-6", "claude-opus-4-8")
    }
    assert said == {ANSWER.partition(stop)[0]}
