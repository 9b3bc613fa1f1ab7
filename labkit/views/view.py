"""The base of all live views: ``View(draw, {"rate": amount(...)})`` calls ``draw(rate=…)``.

``View.of(scene, draw, {"rate": amount(...)})`` draws what ``scene(rate=…)`` returns.

finding, source          one HTML part
controls                 widgets of their own: they keep the focus while the rest moves
picture, table, limits   another HTML part
"""

import inspect
import threading
from collections.abc import Callable, Container, Mapping, Sequence
from typing import TypeVar

import anywidget
import ipywidgets
import traitlets

from labkit.arguments import every, refused, shown
from labkit.errors import ArgumentError, LabkitError, OutOfBudget
from labkit.views import twin
from labkit.views.controls import Action, Control
from labkit.views.drawing import NO_FACTS, Drawing
from labkit.views.escape import line
from labkit.views.frame import body_html, head_html
from labkit.views.sheet import asset, sheet
from labkit.views.uncollected import uncollected
from labkit.views.unknown import could_not_tell

WIDGET = "application/vnd.jupyter.widget-view+json"
MOST_CONTROLS = 3
# JupyterLab runs a control's callback beside a running cell: one drawing at a time.
DRAWING = threading.RLock()

Draw = Callable[..., Drawing]
Scene = TypeVar("Scene")


class Part(anywidget.AnyWidget):
    """A piece of HTML that is patched in place."""

    _esm = asset("part.js")
    html = traitlets.Unicode().tag(sync=True)


class Head(Part):
    """The first part of a view: it brings the sheet, once for the whole page."""

    _css = sheet()


class View(ipywidgets.VBox):  # type: ignore[misc]
    """A finished picture that moves with its controls."""

    def __init__(
        self,
        draw: Drawing | Draw,
        controls: Mapping[str, Control] | None = None,
        *,
        actions: Sequence[Action] = (),
        text: str | None = None,
    ) -> None:
        """Draw once; ``text`` replaces the text twin of a value that has its own words."""
        self.controls = movable(controls)
        self.error: BaseException | None = None
        self._draw = checked(draw, self.controls)
        self._own_text = text
        self._held = False
        self._head, self._body = Head().add_class("lk-head"), Part()
        example = 'Action("Run", draw, busy="It runs")'
        self._actions = every("actions", actions, Action, example)
        self._buttons = [action.widget for action in self._actions]
        super().__init__([self._head, *self._row(self._actions), self._body])
        self._settled = (self.settings, NO_FACTS)
        self._paint(self._draw)
        self._settle()
        self.add_class("lk").add_class("lk-view" if self.drawing.framed else "lk-card")

    @classmethod
    def of(
        cls,
        scene: Callable[..., Scene],
        draw: Callable[[Scene, Mapping[str, str]], Drawing],
        controls: Mapping[str, Control],
        *,
        actions: Sequence[Action] = (),
    ) -> "View":
        """A view of the scene that ``scene`` makes of the settings; ``draw`` gets ``was``, too."""
        need_parameters(scene, movable(controls))

        def drawn(was: Mapping[str, str], **settings: object) -> Drawing:
            return draw(scene(**settings), was)

        return cls(drawn, controls, actions=actions)

    @property
    def settings(self) -> dict[str, object]:
        """The value of every control, as the drawing function receives it."""
        return {name: control.value for name, control in self.controls.items()}

    @property
    def text(self) -> str:
        """The text twin: equal settings, equal bytes."""
        return self._own_text or twin.text(self.drawing, self._said())

    @property
    def static(self) -> str:
        """The static twin: HTML without style, for a page that has not been run."""
        return twin.static_html(self.drawing, self._said())

    @property
    def html(self) -> str:
        """The live HTML as it stands, controls left out."""
        return f"{self._head.html}{self._body.html}"

    def move(self, **settings: object) -> "View":
        """Set controls from code, all at once, and draw once."""
        unknown = sorted(settings.keys() - self.controls.keys())
        if unknown:
            raise ArgumentError(
                f"This view has no control named {line(', '.join(unknown), 200)}. Nothing moved. "
                f"Its controls: {line(', '.join(self.controls) or 'none', 200)}."
            )
        with DRAWING:
            before = self.settings
            try:
                self._put(settings)
            except ArgumentError:
                self._put(before)
                raise
            self._changed()
        return self

    def reset(self) -> "View":
        """Back to the first picture; nothing is marked as changed."""
        with DRAWING:
            self._put({name: control.first for name, control in self.controls.items()})
            self._settled = (self.settings, NO_FACTS)
            self._changed()
        return self

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(
        self,
        include: Container[str] | None = None,
        exclude: Container[str] | None = None,
        **_: object,
    ) -> dict[str, object]:
        """Live where it can live, a still picture elsewhere, text for tests."""
        live = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        bundle = {"text/plain": self.text, "text/html": self.static, WIDGET: live}
        return {
            mime: data
            for mime, data in bundle.items()
            if (not include or mime in include) and not (exclude and mime in exclude)
        }

    def _said(self) -> list[str]:
        return [str(control) for control in self.controls.values()]

    def _row(self, actions: Sequence[Action]) -> list[ipywidgets.HBox]:
        """The row of controls, wired; none where there is nothing to control."""
        if not self.controls and not actions:
            return []
        for control in self.controls.values():
            control.widget.observe(lambda _: self._changed(), "value")
            if control.widget.has_trait("moving"):
                control.widget.observe(lambda _: self._settle(), "moving")
        for action in actions:
            action.widget.on_click(lambda _, action=action: self._act(action))
        if self.controls:
            again = ipywidgets.Button(description="Reset")
            again.on_click(lambda _: self.reset())
            self._buttons.append(again)
        acts = ipywidgets.HBox(self._buttons).add_class("lk-acts")
        row = [*(control.widget for control in self.controls.values()), acts]
        return [ipywidgets.HBox(row).add_class("lk-controls").add_class(f"n{len(self.controls)}")]

    def _put(self, settings: Mapping[str, object]) -> None:
        """Set several controls; nothing is drawn meanwhile."""
        self._held = True
        try:
            for name, value in settings.items():
                self.controls[name].put(value)
        finally:
            self._held = False

    def _changed(self) -> None:
        """Draw with the settings as they are now, and say what they were."""
        with DRAWING:
            if self._held:
                return
            for name, control in self.controls.items():
                control.name(self._settled[0][name])
            with uncollected():
                self._paint(self._draw)
            self._settle()

    def _settle(self) -> None:
        """Remember this picture as the one before the next change, unless a slider still moves."""
        with DRAWING:
            moving = any(control.is_moving for control in self.controls.values())
            if moving or self._shown != self.settings:
                return
            facts = self._settled[1] if self.error else self.drawing.facts
            self._settled = (self._shown, facts)

    def _act(self, action: Action) -> None:
        """Draw what a button stands for; the buttons rest meanwhile."""
        with DRAWING:
            for button in self._buttons:
                button.disabled = True
            name, action.widget.description = action.widget.description, action.busy
            try:
                self._paint(action.draw)
            finally:
                action.widget.description = name
                self._name_actions()
                for button in self._buttons:
                    button.disabled = False

    def _paint(self, draw: Draw) -> None:
        """Paint what ``draw`` makes of the settings, or in words that it could not."""
        self._shown = self.settings
        try:
            self.drawing = called(draw, self._shown, self._settled[1])
            self.error = None
        except (Exception, OutOfBudget) as problem:
            self.drawing = failed(problem, can_move=bool(self.controls))
            self.error = problem
        self._head.html, self._body.html = head_html(self.drawing), body_html(self.drawing)
        self._name_actions()

    def _name_actions(self) -> None:
        """Write on each button what it would do now, unless nothing can be drawn."""
        for action in self._actions:
            if self.error is None or isinstance(action.label, str):
                action.name(self._shown)


def movable(controls: Mapping[str, Control] | None) -> dict[str, Control]:
    """The controls by name, once it is sure that somebody can move each."""
    follows = "Nobody could move it."
    given: object = {} if controls is None else controls
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        how = 'Give a dict, for example {"n": amount("Questions", 1, 9)}.'
        raise refused("controls", given, follows, how)
    for name, one in given.items():
        if not isinstance(one, Control):
            how = "Give choice(…), amount(…) or toggle(…)."
            raise refused(f"controls[{name!r}]", one, follows, how)
    return dict(given)


def checked(draw: Drawing | Draw, controls: Mapping[str, Control]) -> Draw:
    """The drawing function, once it is sure that the controls fit it."""
    if isinstance(draw, Drawing):
        constant = draw
        return lambda: constant
    if not callable(draw):
        raise ArgumentError(
            f"A view cannot draw {shown(draw)}. Nothing was painted. Give a Drawing, or "
            "a function that takes the settings by name and returns one."
        )
    if len(controls) > MOST_CONTROLS:
        raise ArgumentError(
            f"This view has {len(controls)} controls. More than {MOST_CONTROLS} hide the question. "
            "Leave the others at a fixed value, or make a second view."
        )
    need_parameters(draw, controls)
    return draw


def need_parameters(function: Callable[..., object], controls: Mapping[str, Control]) -> None:
    """Refuse a control that moves no parameter of the function, and what is no function."""
    if not callable(function):
        how = "Give a function that takes the settings by name."
        raise refused("What makes the scene", function, "Nothing was painted.", how)
    try:
        inspect.signature(function).bind_partial(**dict.fromkeys(controls))
    except TypeError as problem:
        raise ArgumentError(
            f"The controls {line(', '.join(controls), 200)} do not fit the drawing function: "
            f"{problem}. Nothing was painted. Name each control like the parameter it moves."
        ) from problem


def called(draw: Draw, settings: Mapping[str, object], was: Mapping[str, str]) -> Drawing:
    """One drawing; a function that names the parameter ``was`` gets the facts before."""
    before = {"was": was} if "was" in inspect.signature(draw).parameters else {}
    drawing = draw(**settings, **before)
    if not isinstance(drawing, Drawing):
        raise TypeError(f"the drawing function returned {type(drawing).__name__}, not a Drawing")
    return drawing


def failed(problem: BaseException, *, can_move: bool) -> Drawing:
    """What went wrong, in words; never a traceback."""
    said = line(problem, 400)
    ours = isinstance(problem, (LabkitError, OutOfBudget)) and said
    happened = said if ours else f"{type(problem).__name__}: {said or 'it says no more'}"
    mend = "Mend the cell and run it again."
    todo = "Choose another value, or press Reset." if can_move else mend
    return could_not_tell(
        "This could not be measured.", happened, f"Nobody is blamed and nothing is scored. {todo}"
    )
