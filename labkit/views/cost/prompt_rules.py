"""A system prompt rule by rule: what each costs, and what an eval says of it.

PromptScene -> draw_prompt -> Drawing

Facts above; then what holds of the examples, a bar for each slice; then one row for each rule with
its tokens as a bar. A dotted edge stands beside a rule for which no example asks, and the row says
so in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from labkit.views import still
from labkit.views.cost.slices import Asked, by_slice, slice_rows, slices_html, slices_picture
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.escape import plain_line
from labkit.views.pieces import facts_html
from labkit.views.still import GREY, QUIET, SMALL, div, span
from labkit.views.words import number, usd

Verdict = Literal["keep", "drop", "untested"]
WORDS: Mapping[Verdict, str] = {
    "keep": "needed",
    "drop": "spare",
    "untested": "no example asks",
}
EDGES: Mapping[Verdict, str] = {
    "keep": "3px solid var(--lk-ink)",
    "drop": "3px solid transparent",
    "untested": "3px dotted var(--lk-grey)",
}
COLUMNS = "grid-template-columns:20px minmax(0,1fr) minmax(52px,.2fr) max-content max-content"
PAD = "padding:4px 12px 4px 0"
LONGEST = 58
"""Characters of a rule that are shown; the table has all of it."""
BAR_PX = 10
BEFORE = "the whole prompt"
"""What the examples are compared with."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a prompt."""

    text: str
    tokens: int
    usd: float
    """What these tokens cost in the time on show, at the price that is paid for them now."""
    verdict: Verdict
    is_out: bool
    """Whether it is taken out."""

    @property
    def short(self) -> str:
        """How it begins, without its list mark."""
        said = self.text.removeprefix("- ")
        return said if len(said) <= LONGEST else f"{said[:LONGEST].rsplit(' ', 1)[0]} …"

    @property
    def words(self) -> str:
        """What the eval says of it, and whether it is out."""
        return f"out · {WORDS[self.verdict]}" if self.is_out else WORDS[self.verdict]


@dataclass(frozen=True, slots=True)
class PromptScene:
    """The prompt as the controls make it."""

    finding: str
    rules: tuple[Rule, ...]
    asked: tuple[Asked, ...]
    """The examples, against the whole prompt."""
    facts: Mapping[str, str]
    provenance: Provenance
    not_shown: str = ""

    @property
    def most(self) -> int:
        """The tokens of the longest rule."""
        return max((one.tokens for one in self.rules), default=1) or 1


def draw_prompt(scene: PromptScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Facts, slices, rules; ``was`` holds the facts of the drawing before."""
    parts = (
        f'<div class="lk-five">{facts_html(scene.facts, was)}</div>',
        slices_html(by_slice(scene.asked), BEFORE),
        rules_html(scene),
    )
    return Drawing.of(
        scene,
        body="".join(parts),
        table=table(scene),
        picture=picture(scene),
        facts=scene.facts,
    )


def rules_html(scene: PromptScene) -> str:
    """One row for each rule."""
    heads = "".join(
        f'<span class="h" style="{PAD}{side}">{name}</span>'
        for name, side in (
            ("", ""),
            ("Rule", ";padding-left:11px"),
            ("Tokens", ""),
            ("USD", ";text-align:right"),
            ("The eval says", ";padding-right:0"),
        )
    )
    rows = "".join(rule_html(place, one, scene.most) for place, one in enumerate(scene.rules, 1))
    return (
        f'<div class="lk-grid" role="group" aria-label="The rules of the prompt" '
        f'style="{COLUMNS};margin-top:16px">{heads}{rows}</div>'
    )


def rule_html(place: int, one: Rule, most: int) -> str:
    """Number, words, a bar, money, and what is known of it."""
    shown = plain_line(one.short)
    said = f'<s class="lk-q">{shown}</s>' if one.is_out else shown
    width = round(100 * one.tokens / most)
    look = "f6" if one.is_out else "f1"
    bar = (
        f'<i class="{look}" aria-hidden="true" style="flex:0 1 {width * 0.7:.0f}%;height:8px;'
        'margin-top:5px;border:1px solid var(--lk-edge);box-sizing:border-box"></i>'
    )
    money = "out" if one.is_out else usd(one.usd)
    quiet = "" if one.verdict == "keep" and not one.is_out else ' class="lk-q"'
    edge = f"border-left:{EDGES[one.verdict]};padding-left:8px"
    return (
        f'<span class="lk-q" style="{PAD}">{place}</span>'
        f'<span style="{PAD};line-height:18px;{edge}">{said}</span>'
        f'<span style="{PAD};display:flex;gap:6px;line-height:18px">{bar} {one.tokens}</span>'
        f'<span style="{PAD};text-align:right">{money}</span>'
        f'<span{quiet} style="{PAD};padding-right:0">{WORDS[one.verdict]}</span>'
    )


def picture(scene: PromptScene) -> str:
    """The still picture: a line and a bar for each slice, then for each rule."""
    rows = [
        div(
            "margin:6px 0",
            div(SMALL, f"{place} · {said(one)} {span('opacity:.8', f'({known(one)})')}"),
            still.image(
                mark(one, scene.most), BAR_PX, f"{one.tokens} tokens; the longest has {scene.most}"
            ),
        )
        for place, one in enumerate(scene.rules, 1)
    ]
    slices = slices_picture(by_slice(scene.asked), BEFORE) + still.label("The rules")
    facts = " · ".join(f"{name}: {value}" for name, value in scene.facts.items())
    return div("max-width:760px;margin:12px 0", div(QUIET, plain_line(facts, 400)), slices, *rows)


def said(one: Rule) -> str:
    """Its words, struck out where it is out."""
    shown = plain_line(one.short)
    return f"<s>{shown}</s>" if one.is_out else shown


def known(one: Rule) -> str:
    """Its tokens and what the eval says."""
    return f"{one.tokens} tokens, {one.words}"


def mark(one: Rule, most: int) -> str:
    """A bar: filled while the rule stays, dashed where it is out, dotted where nobody asks."""
    dash = "5 3" if one.is_out else ""
    dash = "1 3" if one.verdict == "untested" and not one.is_out else dash
    fill = GREY if one.verdict == "keep" and not one.is_out else "none"
    return still.rect(
        (0, 60 * one.tokens / most), y=1, height=BAR_PX - 2, stroke=GREY, fill=fill, dash=dash
    )


def table(scene: PromptScene) -> Table:
    """The same numbers, a row for each rule, each slice and each example."""
    rows = [
        (f"{place} {one.text.removeprefix('- ')}", number(one.tokens), usd(one.usd), one.words)
        for place, one in enumerate(scene.rules, 1)
    ]
    rows += [(name, "", "", said) for name, said in slice_rows(by_slice(scene.asked))]
    header = ("", "tokens", "USD a month", "the eval says")
    return Table(header, tuple(rows), "The rules of the prompt as a table", frozenset({1, 2}))
