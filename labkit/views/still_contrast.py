"""The still picture of a contrast: both columns with reply and attempts, then all questions."""

from dataclasses import dataclass

from labkit.views import still
from labkit.views.escape import line
from labkit.views.sides import GOOD, ContrastResult, Side
from labkit.views.still import EDGE, GREY, INK, MARK, QUIET, RULE, Still
from labkit.views.timeline import AttemptRow, Axis, axis_to, folded
from labkit.views.words import seconds

LEFT = {"p": 2.0, "d": 350.0}
COLUMN = 320.0
LABEL = 134.0
TOOK = 44.0
ROW = 22.0


def contrast_picture(result: ContrastResult) -> str:
    """The whole picture as SVG."""
    picture = Still()
    axis = axis_to(max(side.reach_s for side in result.sides))
    tops = [column(picture, side, result, axis) for side in result.sides]
    for side in result.sides:
        still.edge(picture, LEFT[side.hue], min(tops), side.hue)
    if result.production.outcomes:
        questions(picture, result)
    return picture.svg()


def column(picture: Still, side: Side, result: ContrastResult, axis: Axis) -> float:
    """One app; returns where it begins."""
    x, right = LEFT[side.hue] + 16, LEFT[side.hue] + COLUMN
    still.who(picture, (x, 20), side.name, side.hue)
    still.badge(picture, (right, 20), kind(side), side.outcome)
    picture.text((x, 50), f"What {line(result.person, 20)} sees", size=12, fill=QUIET)
    words, empty = screen(side)
    y = still.bubble(picture, (x, 58, right - x), words, empty=empty)
    attempts(picture, side, axis, y + 14)
    return 2.0


def kind(side: Side) -> str:
    """The form of the badge."""
    return "na" if side.outcome == "could not tell" else "ok" if side.outcome in GOOD else "bad"


def screen(side: Side) -> tuple[str, bool]:
    """The words in front of the person, and whether they are ours instead of a reply."""
    if side.outcome == "crashed":
        return f"Nothing. The page shows its own error screen. {line(side.error or '', 60)}", True
    if side.outcome == "could not tell":
        return line(side.error or "It did not come to an end.", 160), True
    shown = side.shown or ""
    return (shown, False) if shown.strip() else ("Nothing. An empty bubble.", True)


def attempts(picture: Still, side: Side, axis: Axis, top: float) -> None:
    """One line per attempt over one axis."""
    x, right = LEFT[side.hue] + 16, LEFT[side.hue] + COLUMN
    from_, width = x + LABEL, right - x - LABEL - TOOK
    shown, _ = folded(side.attempts)
    foot = top + ROW * len(shown)
    for tick in axis.ticks:
        at = from_ + width * axis.at(tick) / 100
        picture.line((at, top), (at, foot), stroke=RULE)
        picture.text((at, foot + 15), axis.named(tick), size=12, fill=QUIET, anchor="middle")
    picture.line((from_, foot), (from_ + width, foot), stroke=EDGE)
    for i, (number, row) in enumerate(shown):
        y = top + ROW * i + ROW / 2
        label = still.wrapped(f"{number} {row.label}", LABEL, 1, 12)[0]
        picture.text((x, y + 4), label, size=12)
        picture.text((right, y + 4), seconds(row.took_s), size=12, fill=QUIET, anchor="end")
        track = Track(picture, from_, width, y, axis)
        if number < len(side.attempts):
            track.wait(row.ended_s, side.attempts[number].started_s)
        track.mark(row, side.hue)


@dataclass(frozen=True, slots=True)
class Track:
    """The line of one attempt: where it lies on the sheet, and which seconds it shows."""

    picture: Still
    left: float
    width: float
    y: float
    axis: Axis

    def span(self, from_s: float, to_s: float) -> tuple[float, float]:
        """Left end and width of some seconds."""
        left, right = self.axis.at(from_s), self.axis.at(to_s)
        return self.left + self.width * left / 100, max(2.0, self.width * (right - left) / 100)

    def box(self, from_s: float, to_s: float) -> tuple[float, float, float, float]:
        """The bar over some seconds."""
        x, width = self.span(from_s, to_s)
        return x, self.y - 5, width, 10.0

    def rule(self, ends_s: tuple[float, float], *, stroke: str, width: float, dash: str) -> None:
        """A thin line over some seconds."""
        x, long = self.span(*ends_s)
        self.picture.line((x, self.y), (x + long, self.y), stroke=stroke, width=width, dash=dash)

    def wait(self, from_s: float, to_s: float) -> None:
        """The dotted wait between an attempt and the next one."""
        if to_s > from_s:
            self.rule((from_s, to_s), stroke=EDGE, width=1.5, dash="1.5 2.5")

    def mark(self, row: AttemptRow, hue: str) -> None:
        """One attempt: grey and hatched when it failed; thin, upright, thick when it did not."""
        if row.failed:
            box = self.box(row.started_s, row.ended_s)
            fill, dash = ("none", "3 2") if row.is_open else ("url(#bad)", "")
            self.picture.rect(box, fill=fill, stroke=GREY, width=1.5, dash=dash)
            return
        first = row.ended_s if row.first_token_s is None else row.first_token_s
        thin = "6 3" if hue == "p" else ""
        self.rule((row.started_s, first), stroke=MARK[hue], width=3, dash=thin)
        if row.first_token_s is None:
            return
        fill = "url(#p)" if hue == "p" else MARK[hue]
        self.picture.rect(self.box(first, row.ended_s), fill=fill, stroke=MARK[hue], width=1.5)
        x, _ = self.span(first, row.ended_s)
        self.picture.line((x, self.y - 9), (x, self.y + 9), stroke=INK, width=2)


def questions(picture: Still, result: ContrastResult) -> None:
    """All questions, one square each, both apps under each other."""
    top = picture.bottom + 26
    picture.text((2, top), f"All {len(result.production.outcomes)} questions", size=12, fill=QUIET)
    for i, side in enumerate(result.sides):
        y = top + 26 + i * 30
        still.who(picture, (2, y), side.name, side.hue)
        per_row = max(1, len(side.outcomes))
        step = min(20.0, 330 / per_row)
        for j, outcome in enumerate(side.outcomes):
            square(picture, (130 + j * step, y - 13), step - 3, outcome)
        picture.text((WIDTH_END, y), f"{side.answered} answered", anchor="end")


WIDTH_END = 670.0


def square(picture: Still, at: tuple[float, float], size: float, outcome: str) -> None:
    """One question: filled when answered, half filled when helped, else a cross in a box."""
    x, y = at
    dash = "1.5 2" if outcome == "could not tell" else ""
    fill = INK if outcome == "answered" else "none"
    picture.rect((x, y, size, size), fill=fill, stroke=INK, width=1.2, dash=dash)
    if outcome == "helped":
        picture.rect((x, y + size / 2, size, size / 2), fill=INK)
    elif outcome not in ("answered", "could not tell"):
        picture.line((x + 3, y + 3), (x + size - 3, y + size - 3), width=1.4)
        picture.line((x + size - 3, y + 3), (x + 3, y + size - 3), width=1.4)
