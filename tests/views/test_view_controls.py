"""Controls have names and units, and take no value that they do not offer."""

import math

import pytest
from view_scenes import sent_by_browser

from labkit.errors import ArgumentError
from labkit.views import amount, choice, toggle
from labkit.views.words import spoken


def test_a_choice_is_a_list_of_up_to_seven() -> None:
    """Seven options are a list; eight are refused with the reason."""
    assert choice("Fault", list("abcdefg")).value == "a"
    with pytest.raises(ArgumentError, match="8 options"):
        choice("Fault", list("abcdefgh"))
    with pytest.raises(ArgumentError, match="0 options"):
        choice("Fault", [])


def test_a_choice_may_show_all_options_at_once() -> None:
    """Radio buttons carry the same name and values."""
    control = choice(
        "Shape", {"empty content": "empty", "mid-stream": "mid"}, radio=True, value="mid"
    )
    assert (control.value, control.words("mid"), str(control)) == (
        "mid",
        "mid-stream",
        "Shape: mid-stream",
    )
    assert control.widget.labels == ["empty content", "mid-stream"]
    assert control.widget.description == "Shape"
    sent_by_browser(control.widget, index=0)
    assert control.value == "empty"
    sent_by_browser(control.widget, index=9)
    assert control.value == "mid"
    control.put("empty")
    assert control.widget.index == 0
    with pytest.raises(ArgumentError, match="cannot be 'end'"):
        control.put("end")


def test_a_first_value_must_be_an_option() -> None:
    """The message names the options."""
    with pytest.raises(ArgumentError, match="'x': it is not an option"):
        choice("Shape", ["a", "b"], value="x")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [(33, 30), (36, 40), (1000, 100), (-5, 0), (-500, 0), (math.nan, 0), (math.inf, 0)],
)
def test_an_amount_keeps_to_its_scale(sent: float, kept: int) -> None:
    """Whatever a browser sends becomes the nearest value that the slider has."""
    control = amount("Rate", 0, 100, step=10, value=50, unit="%")
    sent_by_browser(control.widget, value=sent)
    assert control.value == kept
    assert isinstance(control.value, int)


def test_an_amount_says_its_unit() -> None:
    """Name, number with the decimals of its step, unit."""
    assert spoken(str(amount("Waits", 0, 10, step=0.5, value=2.5, unit="s"))) == "Waits: 2.5 s"
    assert str(amount("Retries", 0, 6, value=2)) == "Retries: 2"
    assert spoken(amount("Change", -5, 5, value=-3, unit="points").words(-3)) == "−3 points"


@pytest.mark.parametrize(
    "scale", [(5, 5, 1, 5), (6, 5, 1, 5), (0, 9, 0, 5), (0, 9, -1, 5), (0, 9, 1, 12)]
)
def test_a_scale_that_no_slider_has_is_refused(scale: tuple[float, ...]) -> None:
    """Low below high, a step, and a first value between them."""
    low, high, step, value = scale
    with pytest.raises(ArgumentError, match="No slider can do that"):
        amount("Rate", low, high, step=step, value=value)


def test_a_value_that_is_not_offered_is_refused_in_words() -> None:
    """Code that moves a control gets a message of ours."""
    control = choice("Shape", ["a", "b"])
    with pytest.raises(ArgumentError, match="“Shape” cannot be 'c'"):
        control.put("c")
    assert control.value == "a"


def test_a_value_that_was_added_up_is_the_one_on_the_scale() -> None:
    """0.7 + 0.25 is 0.95 and a little; 0.93 is no step of the slider."""
    control = amount("Threshold", 0.5, 1, step=0.05, value=0.5)
    control.put(0.7 + 0.25)
    assert control.value == pytest.approx(0.95)
    with pytest.raises(ArgumentError, match=r"“Threshold” cannot be 0\.93"):
        control.put(0.93)


def test_a_tick_box_speaks() -> None:
    """On and off, under its own name."""
    control = toggle("Fall back to another model")
    assert str(control) == "Fall back to another model: off"
    control.put(True)
    assert str(control) == "Fall back to another model: on"
    assert control.widget.indent is False
