"""The controls of a view: a choice, an amount, a switch. Each has a name and says its unit.

``choice`` is a list to open (up to seven options) or, with ``radio=True``, one with all options in
sight; ``amount`` is a slider; ``toggle`` is a tick box. Slider and radio buttons are our own: the
stock ones cannot be given a name, and lose the focus when theirs changes. A control keeps its
first value, to which ``Reset`` returns it.
"""

import math
import sys
from collections.abc import Callable, Mapping, Sequence

import anywidget
import ipywidgets
import traitlets

from labkit.arguments import every, refused, shown, yes_or_no
from labkit.arguments import text as need_text
from labkit.errors import ArgumentError
from labkit.views.drawing import Drawing
from labkit.views.escape import line
from labkit.views.sheet import asset
from labkit.views.words import NARROW, number

MOST_OPTIONS = 7
NO_NAME = "Nobody could say what moves."


class Range(anywidget.AnyWidget):
    """A slider with a label and its value in words."""

    _esm = asset("range.js")
    description = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    value = traitlets.Float().tag(sync=True)
    min = traitlets.Float().tag(sync=True)
    max = traitlets.Float().tag(sync=True)
    step = traitlets.Float().tag(sync=True)
    moving = traitlets.Bool(False).tag(sync=True)

    @traitlets.validate("value")
    def _on_scale(self, proposal: Mapping[str, float]) -> float:
        """The nearest value on the scale, whatever a browser or a cell sends."""
        low, high, step = self.min, self.max, self.step
        asked = proposal["value"] if math.isfinite(proposal["value"]) else low
        inside = min(max(asked, low), high)
        return min(round(low + round((inside - low) / step) * step, 9), high)

    @property
    def exact(self) -> float:
        """The value; a whole number where all values are."""
        whole = self.min.is_integer() and self.step.is_integer() and self.value.is_integer()
        return int(self.value) if whole else self.value


class Pick(anywidget.AnyWidget):
    """Radio buttons in a group with a name."""

    _esm = asset("pick.js")
    description = traitlets.Unicode().tag(sync=True)
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    index = traitlets.Int(0).tag(sync=True)
    value = traitlets.Any()

    def __init__(self, options: Sequence[tuple[str, object]], value: object) -> None:
        """Keep the words and the value behind each."""
        self.options = tuple(options)
        super().__init__(labels=[name for name, _ in options], value=value)

    @traitlets.validate("value")
    def _is_an_option(self, proposal: Mapping[str, object]) -> object:
        """One of the values behind the options, and no other."""
        if proposal["value"] not in self._values():
            raise traitlets.TraitError(f"{proposal['value']!r} is no option")
        return proposal["value"]

    @traitlets.validate("index")
    def _is_a_place(self, proposal: Mapping[str, int]) -> int:
        """A place in the list, whatever a browser sends."""
        return min(max(proposal["value"], 0), len(self.options) - 1)

    @traitlets.observe("value")
    def _place(self, _: object) -> None:
        self.index = self._values().index(self.value)

    @traitlets.observe("index")
    def _pick(self, _: object) -> None:
        self.value = self._values()[self.index]

    def _values(self) -> list[object]:
        return [behind for _, behind in self.options]


class Control:
    """One control: its widget, its name, and how its value is said."""

    def __init__(
        self, widget: ipywidgets.DOMWidget, label: str, words: Callable[[object], str]
    ) -> None:
        """Keep the widget and remember its first value."""
        self.widget = widget
        self.label = label
        self.words = words
        self.first = self.value
        self.name()

    @property
    def value(self) -> object:
        """The value now, as the drawing function receives it."""
        value: object = getattr(self.widget, "exact", self.widget.value)
        return value

    @property
    def is_moving(self) -> bool:
        """Whether a person holds it at this moment."""
        return bool(getattr(self.widget, "moving", False))

    def put(self, value: object) -> None:
        """Give it another value, as a person would.

        Raises:
            ArgumentError: It does not offer this value, or only one near it.
        """
        try:
            self.widget.value = value
        except traitlets.TraitError:
            taken = False
        else:
            taken = is_same(self.widget.value, value)
        if not taken:
            raise ArgumentError(
                f"“{self.label}” cannot be {shown(value)}. The view stays as it was. "
                "Give one of the values that the control offers."
            )

    def name(self, *was: object) -> None:
        """Show the label, and what the value was where it is another now."""
        changed = [self.words(before) for before in was if before != self.value]
        self.widget.description = " · was ".join([self.label, *changed])

    def __str__(self) -> str:
        return f"{self.label}: {self.words(self.value)}"


def is_same(now: object, asked: object) -> bool:
    """Whether a control has the value that was asked for, but for the rounding of a sum."""
    if isinstance(now, float) and isinstance(asked, int | float):
        return math.isclose(now, asked, abs_tol=1e-9)
    return bool(now == asked)


def choice(
    label: str,
    options: Sequence[str] | Mapping[str, object],
    *,
    value: object = None,
    radio: bool = False,
) -> Control:
    """One of a few options; a mapping gives each option's words and the value behind them."""
    need_text("label", label, NO_NAME)
    names = every("options", options, str, '["drill", "ladder"]')
    pairs = list(options.items()) if isinstance(options, Mapping) else [(o, o) for o in names]
    if not pairs or (len(pairs) > MOST_OPTIONS and not radio):
        raise ArgumentError(
            f"“{line(label, 80)}” has {len(pairs)} options. A list is read at a glance up to "
            f"{MOST_OPTIONS}, and needs one. Give 1 to {MOST_OPTIONS} options, or an amount."
        )
    first = pairs[0][1] if value is None else value
    if first not in [behind for _, behind in pairs]:
        raise ArgumentError(
            f"“{line(label, 80)}” cannot begin with {shown(first)}: it is not an option. "
            f"Nothing was drawn. Give one of {line([behind for _, behind in pairs], 300)}."
        )
    widget = Pick(pairs, first) if radio else ipywidgets.Dropdown(options=pairs, value=first)

    def words(value: object) -> str:
        return next((name for name, behind in pairs if behind == value), "none")

    return Control(widget, label, words)


def amount(  # noqa: PLR0913 - all but three by name
    label: str,
    low: float,
    high: float,
    *,
    step: float = 1,
    value: float | None = None,
    unit: str = "",
) -> Control:
    """A number between two others, in steps, with its unit."""
    need_text("label", label, NO_NAME)
    need_text("unit", unit, "Nobody could read what is counted.")
    first = low if value is None else value
    for name, one in {"low": low, "high": high, "step": step, "value": first}.items():
        on_a_scale(name, one)
    if not (low < high and step > 0 and low <= first <= high):
        raise ArgumentError(
            f"“{line(label, 60)}” runs from {low} to {high} in steps of {step} and begins at "
            f"{first}. No slider can do that. Give low < high, step > 0 and a value between."
        )
    places = len(f"{step}".rstrip("0").partition(".")[2]) if "." in f"{step}" else 0
    widget = Range(unit=unit, min=low, max=high, step=step, value=first)

    def words(value: object) -> str:
        assert isinstance(value, (int, float))
        return number(value, places) + (NARROW + unit if unit else "")

    return Control(widget, label, words)


def on_a_scale(name: str, value: object) -> None:
    """Refuse what no slider can stand at."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not -sys.float_info.max <= value <= sys.float_info.max:  # type: ignore[operator]
        raise refused(name, value, "No slider can stand there.", "Give a number.")


def toggle(label: str, *, value: bool = False) -> Control:
    """A tick box."""
    need_text("label", label, NO_NAME)
    yes_or_no("value", value, "A box is ticked or not.")
    widget = ipywidgets.Checkbox(value=value, indent=False)
    return Control(widget, label, lambda on: "on" if on else "off")


class Action:
    """A button that draws something else for once: ``Run at real pace · 5 s``."""

    def __init__(
        self, label: str | Callable[..., str], draw: Callable[..., Drawing], *, busy: str
    ) -> None:
        """Name the button by what it does and how long it takes; ``busy`` is its name meanwhile.

        A ``label`` that hangs on the controls is a function of their values, as ``draw`` is.
        """
        self.label = label
        self.draw = draw
        self.busy = busy
        first = label if isinstance(label, str) else busy
        self.widget = ipywidgets.Button(description=first, button_style="primary")

    def name(self, settings: Mapping[str, object]) -> None:
        """Write on the button what it does with these settings."""
        label = self.label
        self.widget.description = label if isinstance(label, str) else label(**settings)
