"""Numbers are written as the look asks."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.views import words


@pytest.mark.parametrize(
    ("value", "said"),
    [(4.87, "4.9 s"), (12.3, "12 s"), (0.2, "0.2 s"), (9.96, "10 s"), (9.94, "9.9 s"), (0, "0.0 s"),
     (3604, "3,604 s"), (None, "none"), (math.nan, "none"), (math.inf, "none")],
)  # fmt: skip
def test_seconds_have_one_decimal_under_ten(value: float, said: str) -> None:
    """One decimal under 10 and none above, a narrow space before the unit."""
    assert words.spoken(words.seconds(value)) == said


@pytest.mark.parametrize(
    ("value", "said"), [(0.31, "310 ms"), (0.0021, "2 ms"), (0.9996, "1.0 s"), (4.9, "4.9 s")]
)
def test_a_duration_alone_is_milliseconds_under_a_second(value: float, said: str) -> None:
    """A duration that stands alone takes the smaller unit."""
    assert words.spoken(words.duration(value)) == said


def test_the_space_before_a_unit_is_narrow_and_does_not_break() -> None:
    """Unit and per cent sign follow U+202F."""
    assert words.seconds(4.9) == "4.9\u202fs"
    assert words.percent(0.64) == "64\u202f%"
    assert words.share(14, 16).endswith("(64\u201397\u202f%)")


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(14, 16, "14 of 16 (64–97 %)"), (0, 8, "0 of 8 (0–32 %)"), (0, 0, "none"),
     (80, 100, "80 of 100"), (900, 1200, "900 of 1,200")],
)  # fmt: skip
def test_a_share_never_stands_without_its_count(part: int, whole: int, said: str) -> None:
    """The interval is given while the sample is under a hundred."""
    assert words.spoken(words.share(part, whole)) == said


def test_a_share_that_is_compared_keeps_its_interval_in_a_large_sample() -> None:
    """A whisker is drawn for it, and the words say the same."""
    assert words.spoken(words.share(900, 1200, always=True)) == "900 of 1,200 (72–77 %)"
    assert words.share(0, 0, always=True) == "none"


@pytest.mark.parametrize(
    ("value", "said"),
    [(1.376, "1.38 USD per 1,000 questions"), (0, "0.00 USD per 1,000 questions"),
     (None, "price unknown"), (math.nan, "price unknown")],
)  # fmt: skip
def test_money_is_per_thousand_questions(value: float, said: str) -> None:
    """Two decimals and always the same unit; an unknown price is a word."""
    assert words.usd_per_1000(value) == said


@pytest.mark.parametrize(
    ("value", "said"), [(142300, "142,300"), (-3, "−3"), (-0.2, "0"), (0, "0")]
)
def test_numbers_have_commas_and_a_true_minus(value: float, said: str) -> None:
    """No minus before zero."""
    assert words.number(value) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "none"), (1, "1 attempt"), (2, "2 attempts"), (1200, "1,200 attempts")]
)
def test_one_is_singular_and_none_is_a_word(count: int, said: str) -> None:
    """A count agrees with its noun."""
    assert words.several(count, "attempt") == said


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_any_float_has_words(value: float) -> None:
    """No value breaks a sentence."""
    for say in (words.seconds, words.duration, words.usd, words.usd_per_1000):
        assert say(value).strip()
        assert not {"nan", "inf"} & set(re.split(r"\W+", say(value)))
