"""A score over the number of examples: two curves with whiskers, and which examples leak.

FewShotScene -> draw_few_shot -> Drawing

Above, both curves; at the k on show each has its interval. Below, the shares and their price, then
the prototype's examples, of which those that the eval asks say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labkit.cost import Example
from labkit.evals import wilson
from labkit.views import still
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import plain_line
from labkit.views.pieces import SHARES, badge, interval_html, was_html, who_html
from labkit.views.sides import PARTIES, Party, Who
from labkit.views.still import DOT_FILL, MARK, QUIET, SMALL, div
from labkit.views.words import NARROW, share, usd, usd_per_1000

WHAT: Mapping[Who, str] = {"prototype": "pasted", "production": "picked by a rule"}
HEIGHT_PX, STILL_PX = 150, 110
LEVELS = (100, 75, 50, 25, 0)
CEILING = 75
"""Where no interval is higher, the axis ends here, in per cent."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Some examples, and how many of the questions are right with them."""

    examples: tuple[Example, ...]
    right: int
    whole: int
    usd: float
    """What they add to 1,000 questions."""
    gains: bool = False
    """Whether more are right than with none, by what flips on the same questions."""

    @property
    def low(self) -> float:
        """The lower end of the interval, of 1."""
        return wilson(self.right, self.whole)[0]

    @property
    def high(self) -> float:
        """The upper end."""
        return wilson(self.right, self.whole)[1]

    @property
    def share(self) -> str:
        """``39 of 84 (36–57 %)``."""
        return share(self.right, self.whole, always=True)

    @property
    def percent(self) -> float:
        """Of 100."""
        return 100 * self.right / self.whole


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the pasted examples."""

    example: Example
    leaks: bool
    """Whether the eval asks it."""


@dataclass(frozen=True, slots=True)
class FewShotScene:
    """Both curves, from no example to all of them."""

    finding: str
    k: int
    curves: Mapping[Who, Sequence[Choice]]
    examples: tuple[Shown, ...]
    provenance: Provenance
    not_shown: str = ""

    @property
    def most(self) -> int:
        """The largest k on the axis."""
        return len(self.curves["prototype"]) - 1

    def at(self, party: Party) -> Choice:
        """What is shown of one side."""
        return self.curves[party.who][self.k]

    @property
    def top(self) -> int:
        """Where the upright axis ends, in per cent."""
        highest = max(100 * one.high for curve in self.curves.values() for one in curve)
        return CEILING if highest < CEILING else LEVELS[0]

    def down(self, percent: float) -> float:
        """Per cent from above."""
        return round(100 * (1 - percent / self.top), 2)

    def across(self, k: float) -> float:
        """Per cent from the left."""
        return round(100 * k / self.most, 2)

    @property
    def facts(self) -> dict[str, str]:
        """What the next drawing may show as ``was``."""
        return {party.name: self.at(party).share for party in PARTIES}


def draw_few_shot(scene: FewShotScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Curves, shares and examples; ``was`` holds the facts of the drawing before."""
    return Drawing.of(
        scene,
        body=plot(scene) + shares_html(scene, was) + examples_html(scene),
        table=table(scene),
        picture=picture(scene),
        facts=scene.facts,
    )


def plot(scene: FewShotScene) -> str:
    """Both curves, with the whiskers of the k on show."""
    levels = [at for at in LEVELS if at <= scene.top]
    rules = "".join(f'<path class="lk-lim" d="M0 {scene.down(at)}H100"/>' for at in levels)
    x = scene.across(scene.k)
    mark = f'<path class="lk-lim" d="M{x} 0V100" style="stroke-dasharray:none"/>'
    lines = "".join(
        f'<polyline class="lk-l{party.hue}" points="{path(scene, party.who)}"/>'
        f"{whisker(scene, party)}"
        for party in PARTIES
    )
    names = "".join(
        f'<span style="right:calc(100% + 4px);top:calc({scene.down(at)}% - 7px)">{at}</span>'
        for at in levels
    )
    ends = "".join(
        f'<span class="x" style="left:{scene.across(k)}%">{k}</span>'
        for k in range(0, scene.most + 1, 2)
    )
    label = f"Right answers in per cent, over the examples shown. {plain_line(scene.finding, 400)}"
    return (
        f'<p class="lk-say">Right answers in{NARROW}%, over the examples shown</p>'
        f'<div class="lk-plot" role="img" aria-label="{label}" '
        f'style="--h:{HEIGHT_PX}px;margin:8px 24px 28px 36px;height:{HEIGHT_PX}px">'
        f'<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">'
        f"{rules}{mark}{lines}</svg>{names}{ends}</div>"
    )


def path(scene: FewShotScene, who: Who) -> str:
    """The points of one curve."""
    return " ".join(
        f"{scene.across(k)},{scene.down(one.percent)}" for k, one in enumerate(scene.curves[who])
    )


def whisker(scene: FewShotScene, party: Party) -> str:
    """The interval at the k on show; the prototype's stands a little to the left."""
    one = scene.at(party)
    aside = -0.5 if party.hue == "p" else 0.5
    x = round(scene.across(scene.k) + aside, 2)
    ends = f"M{x} {scene.down(100 * one.low)}V{scene.down(100 * one.high)}"
    return f'<path class="lk-l{party.hue}" d="{ends}" style="stroke-width:3"/>'


def shares_html(scene: FewShotScene, was: Mapping[str, str]) -> str:
    """A line for each side: share, interval, price."""
    rows = "".join(share_html(scene.at(party), party, was) for party in PARTIES)
    return f'<div class="lk-shares">{rows}{SHARES}</div>'


def share_html(one: Choice, party: Party, was: Mapping[str, str]) -> str:
    """One side."""
    before = was_html(one.share, was.get(party.name))
    share = f"{one.share}<br>{before}" if before else one.share
    return (
        f"<span>{who_html(party.name, party.hue)}<br>"
        f'<span class="lk-q lk-s">{what(one, party)}</span></span>'
        f"<span>{share}</span>{interval_html(one.right, one.whole, party.hue)}"
    )


def what(one: Choice, party: Party) -> str:
    """How many examples there are, whose choice they are, and what they add."""
    return f"{len(one.examples)} {WHAT[party.who]}, {usd_per_1000(one.usd)}"


def examples_html(scene: FewShotScene) -> str:
    """The prototype's examples with their classes, and the word for those that leak."""
    if not scene.examples:
        return '<p class="lk-say" style="margin-top:16px">No example is shown.</p>'
    rows = "".join(
        f'<span class="lk-q" style="padding:3px 12px 3px 0">{plain_line(one.example.label, 30)}'
        f'</span><span style="padding:3px 12px 3px 0">{plain_line(one.example.input, 90)}</span>'
        f'<span style="padding:3px 0">{leak(one)}</span>'
        for one in scene.examples
    )
    columns = "grid-template-columns:64px minmax(0,1fr) max-content"
    return (
        '<p class="lk-say" style="margin-top:16px">What the prototype pasted</p>'
        f'<div class="lk-grid" style="{columns}">{rows}</div>'
    )


def leak(one: Shown) -> str:
    """The word for an example that gives an answer of the eval away."""
    return badge("bad", "the eval asks it") if one.leaks else ""


def said_of(scene: FewShotScene, party: Party) -> str:
    """What the whiskers of one side show, in words."""
    right = scene.at(party).share
    return f"{party.name}: {right} right, one whisker for each 0 to {scene.most} shown"


def picture(scene: FewShotScene) -> str:
    """The still picture: one whisker for each side and number of examples, then the examples."""
    sides = [
        div(
            "margin:10px 0",
            div("", still.who(party.name, party.hue), f"&emsp;<b>{scene.at(party).share}</b>"),
            div(QUIET, what(scene.at(party), party)),
            still.image(dots(scene, party), STILL_PX, said_of(scene, party)),
        )
        for party in PARTIES
    ]
    scale = still.scale(*(str(k) for k in range(0, scene.most + 1, 2)))
    rows = [
        div(
            f"{SMALL};padding:2px 0",
            f"{plain_line(one.example.label, 30)}: {plain_line(one.example.input, 90)} ",
            still.badge("bad", "the eval asks it") if one.leaks else "",
        )
        for one in scene.examples
    ]
    return div("max-width:680px;margin:12px 0", *sides, scale, *rows)


def dots(scene: FewShotScene, party: Party) -> str:
    """An interval for each number of examples, and the share on it."""
    colour, fill = MARK[party.hue], DOT_FILL[party.hue]
    marks = still.base(STILL_PX * scene.down(50) / 100)
    for k, one in enumerate(scene.curves[party.who]):
        x = 1 + 0.98 * scene.across(k)
        top, bottom = (STILL_PX * scene.down(100 * end) / 100 for end in (one.high, one.low))
        marks += still.upright(x, top=top, bottom=bottom, stroke=colour, width=1.5)
        around, y = (max(x - 0.6, 0), x + 0.6), STILL_PX * scene.down(one.percent) / 100
        marks += still.rect(around, y=y - 3, height=6, stroke=colour, fill=fill)
    return marks


def table(scene: FewShotScene) -> Table:
    """The same numbers: a row for each number of examples, then the examples."""
    pairs = zip(scene.curves["prototype"], scene.curves["production"], strict=True)
    rows = [
        (f"{k} examples", ours.share, theirs.share, usd(ours.usd), usd(theirs.usd))
        for k, (ours, theirs) in enumerate(pairs)
    ]
    rows += [
        (
            f"{one.example.label}: {one.example.input}",
            "the eval asks it" if one.leaks else "pasted",
            "",
            "",
            "",
        )
        for one in scene.examples
    ]
    header = ("", "prototype", "production", "its USD per 1,000", "production's")
    return Table(header, tuple(rows), "Both curves as a table", frozenset({3, 4}))
