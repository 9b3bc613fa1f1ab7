"""Junk for what an author gives to a control or a figure: refused in three parts."""

import pytest
from matplotlib.figure import Figure
from test_arguments import FULL_TEXTS, TEXTS, meets_junk

from labkit.errors import ArgumentError
from labkit.views import Drawing, View, amount, choice, toggle
from labkit.views.figures import figure


def still(**_):
    """The same picture, whatever the settings."""
    return Drawing("It stands still.")


CALLED = {"function", "class", "async"}
"""What these give is no drawing; the view says so in its place."""
CALLS = {
    "choice, label": (lambda x: choice(x, ["a"]), TEXTS),
    "choice, options": (lambda x: choice("a", x), {"texts"}),
    "choice, an option": (lambda x: choice("a", ["b", x]), TEXTS),
    "choice, value": (lambda x: choice("a", ["b"], value=x), {"none"}),
    "amount, label": (lambda x: amount(x, 1, 2), TEXTS),
    "amount, low": (lambda x: amount("a", x, 2), {"zero", "minus", "half"}),
    "amount, high": (lambda x: amount("a", -2, x), {"zero", "minus", "half"}),
    "amount, step": (lambda x: amount("a", 1, 2, step=x), {"half"}),
    "amount, value": (lambda x: amount("a", -1, 2, value=x), {"none", "zero", "minus", "half"}),
    "amount, unit": (lambda x: amount("a", 1, 2, unit=x), TEXTS),
    "View, draw": (View, CALLED),
    "View, controls": (lambda x: View(still, x), {"none", "table"}),
    "View, a control": (lambda x: View(still, {"a": x}), set()),
    "View, actions": (lambda x: View(still, actions=x), {"list", "table"}),
    "View.of, scene": (lambda x: View.of(x, lambda scene, was: still(), {}), CALLED),
    "View.of, controls": (lambda x: View.of(still, lambda scene, was: scene, x), {"none", "table"}),
    "toggle, label": (toggle, TEXTS),
    "toggle, value": (lambda x: toggle("a", value=x), {"true"}),
    "figure, fig": (lambda x: figure(x, alt="Bars that rise."), set()),
    "figure, alt": (lambda x: figure(Figure(), alt=x), FULL_TEXTS),
    "figure, table": (lambda x: figure(Figure(), alt="Bars.", table=x), {"none"}),
}


@pytest.mark.parametrize("name", CALLS)
def test_junk_is_refused_in_three_parts(name):
    """What is wrong with the value; what follows; what to do."""
    meets_junk(*CALLS[name])


def test_what_pyplot_returns_and_a_class_are_no_figures():
    """Both are easily given instead of one."""
    for nearly in ([object()], Figure):
        with pytest.raises(ArgumentError, match="Give a matplotlib Figure"):
            figure(nearly, alt="Bars that rise.")


def test_the_words_of_an_option_are_a_text():
    """A mapping gives words and the value behind them, not the other way round."""
    with pytest.raises(ArgumentError, match="something in options is 3"):
        choice("Fee", {3: "three crowns"})
