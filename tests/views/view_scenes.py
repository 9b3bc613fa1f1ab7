"""Values that the view tests draw, and small readers of the HTML that comes out."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html.parser import HTMLParser

from labkit.views import Drawing, View, amount, choice
from labkit.views.contrast import draw_contrast
from labkit.views.phones import Phone, RefusalScene, Turn
from labkit.views.reliability.refusals import draw_refusal
from labkit.views.sides import ContrastResult, Side
from labkit.views.timeline import AttemptRow

QUESTION = "How long may I keep a drill?"
REPLY = "You may keep a drill for 7 days. [extensions]"
LIMITED = AttemptRow("429 rate limited", 0.0, 0.2, failed=True)
OVERLOADED = AttemptRow("529 overloaded", 1.1, 1.4, failed=True)
ANSWERED = AttemptRow("answered", 3.0, 4.9, 3.7)


def crashed(**changes: object) -> Side:
    """The prototype after two failed attempts."""
    side = Side(
        "prototype",
        "crashed",
        error="OverloadedError: 529",
        attempts=(LIMITED, OVERLOADED),
        total_s=1.4,
        outcomes=("crashed",) * 5 + ("answered",) * 7,
    )
    return replace(side, **changes)


def answered(**changes: object) -> Side:
    """Production after three attempts."""
    side = Side(
        "production",
        "answered",
        shown=REPLY,
        attempts=(LIMITED, OVERLOADED, ANSWERED),
        tokens_in=6120,
        tokens_out=64,
        first_token_s=3.7,
        total_s=4.9,
        cost_usd_per_1000=1.38,
        outcomes=("answered",) * 11 + ("helped",),
    )
    return replace(side, **changes)


def result(**changes: object) -> ContrastResult:
    """A contrast in which the apps part."""
    whole = ContrastResult(
        QUESTION, crashed(), answered(), fault="529 overloaded", rate=0.5, shown_index=0
    )
    return replace(whole, **changes)


def scene(shape: str = "empty content", **changes: object) -> RefusalScene:
    """A refusal on two screens."""
    asked = Turn("person", "How do I take the guard off?", refused=True)
    whole = RefusalScene(
        shape,
        asked.text,
        QUESTION,
        Phone("prototype", "crashed", error="IndexError: no block", history=(asked,),
              next_outcome="refused"),
        Phone("production", "helped", "I cannot help with that. Kofi at the desk can.",
              history=(replace(asked, removed=True),), next_outcome="answered", next_text=REPLY),
    )  # fmt: skip
    return replace(whole, **changes)


def contrast_view() -> View:
    """A live contrast with two controls, as a lab would build it."""

    def draw(fault: str, rate: float, was: Mapping[str, str]) -> Drawing:
        left = crashed(
            outcomes=("crashed",) * (rate // 10) + ("answered",) * (12 - rate // 10),
            total_s=1 + rate / 100,
        )
        return draw_contrast(result(prototype=left, fault=fault, rate=rate / 100), was)

    controls = {
        "fault": choice("What goes wrong", ["529 overloaded", "429 rate limited"]),
        "rate": amount("How often", 0, 100, step=10, value=50, unit="%"),
    }
    return View(draw, controls)


def refusal_view() -> View:
    """A live view of refusals with its one control."""
    shapes = ["empty content", "mid-stream", "canned text"]
    return View(
        lambda shape, was: draw_refusal(scene(shape), was), {"shape": choice("Shape", shapes)}
    )


def sent_by_browser(widget: object, **state: object) -> None:
    """Deliver a change of a control as the browser sends it."""
    data = {"method": "update", "state": state, "buffer_paths": []}
    widget._handle_msg({"content": {"data": data}, "buffers": []})


@dataclass
class Tag:
    """One start tag with its attributes."""

    name: str
    attributes: dict[str, str]


class Page(HTMLParser):
    """The tags, the text and the table cells of some HTML."""

    VOID = ("img", "br")

    def __init__(self, html: str) -> None:
        """Read it."""
        super().__init__()
        self.tags: list[Tag] = []
        self.words: list[str] = []
        self.cells: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(Tag(tag, {name: value or "" for name, value in attrs}))
        if tag not in self.VOID:
            self.open.append(tag)
        if tag in ("th", "td"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        """Every end tag closes what was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note the text."""
        self.words.append(data)
        if {"th", "td"} & set(self.open):
            self.cells[-1] += data

    @property
    def text(self) -> str:
        """All text."""
        return "".join(self.words)

    def named(self, *names: str) -> list[Tag]:
        """The tags of these names."""
        return [tag for tag in self.tags if tag.name in names]


def pictures(html: str) -> list[str]:
    """The SVG of every image."""
    start = "data:image/svg+xml;base64,"
    sources = [image.attributes["src"] for image in Page(html).named("img")]
    assert all(source.startswith(start) for source in sources)
    return [base64.b64decode(source.removeprefix(start)).decode() for source in sources]


Draw = Callable[[str], Drawing]
DRAWINGS: dict[str, Draw] = {
    "contrast": lambda text: draw_contrast(
        result(
            question=text,
            person=text,
            fault=text,
            prototype=crashed(error=text, attempts=(replace(LIMITED, label=text),)),
            production=answered(shown=text),
        )
    ),
    "contrast, not measured": lambda text: draw_contrast(
        result(production=answered(outcome="could not tell", error=text))
    ),
    "refusal": lambda text: draw_refusal(
        scene(
            text,
            question=text,
            next_question=text,
            person=text,
            prototype=Phone("prototype", "half a sentence", text, history=(Turn("person", text),)),
            production=Phone("production", "crashed", error=text, next_text=text,
                             history=(Turn("assistant", text, removed=True, refused=True),)),
        )
    ),
}  # fmt: skip
"""Each drawing with one foreign text wherever a foreign text can stand."""
