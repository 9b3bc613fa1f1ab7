"""What a formula says that some answers cost, above what the provider's invoice says.

FormulaScene -> draw_formula -> Drawing: two stacked bars in one scale, and their parts as a table
"""

from collections.abc import Mapping
from dataclasses import dataclass

from labkit.views import still
from labkit.views.cost.stacks import Block, amount, stack_html, stack_image, swatch_table
from labkit.views.drawing import NO_FACTS, Drawing, Provenance, Table
from labkit.views.pieces import badge, who_html
from labkit.views.sides import HUE, Who
from labkit.views.still import QUIET, div, span
from labkit.views.words import NARROW, number, usd

INVOICE = "The provider's invoice"
PER = "USD per 1,000 questions"


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of token: how many, what the formula says they cost, and what is billed for them."""

    name: str
    tokens: int
    said: float
    """USD per 1,000 questions, as billed is."""
    billed: float
    look: str


@dataclass(frozen=True, slots=True)
class FormulaScene:
    """A formula and the invoice of the same answers."""

    finding: str
    formula: str
    who: Who
    parts: tuple[Part, ...]
    calls: int
    error: float
    """The formula's amount beside the invoice's: −0.5 is half of it."""
    is_exact: bool
    """Whether both are equal to the last digit."""
    provenance: Provenance
    not_shown: str

    @property
    def said(self) -> tuple[Block, ...]:
        """The formula's bar."""
        return tuple(Block(one.name, one.said, one.look) for one in self.parts)

    @property
    def billed(self) -> tuple[Block, ...]:
        """The invoice's bar."""
        return tuple(Block(one.name, one.billed, one.look) for one in self.parts)

    @property
    def whole(self) -> float:
        """The amount that fills the width."""
        return max(amount(self.said), amount(self.billed))

    @property
    def word(self) -> str:
        """How far off the formula is."""
        if self.is_exact:
            return "equal to the last digit"
        return off_by(self.error)

    @property
    def facts(self) -> dict[str, str]:
        """What the next drawing may show as ``was``."""
        return {"error": self.word, INVOICE: usd(amount(self.billed))}


def off_by(error: float) -> str:
    """``97 % too low``, ``3 times too high``: as large as it is, never rounded to nothing."""
    if error >= 1:
        return f"{number(1 + error, 1)} times the invoice"
    size = abs(100 * error)
    share = f"{number(size, 0 if size >= 1 else 2)}{NARROW}%"
    return f"{share} too {'low' if error < 0 else 'high'}"


def draw_formula(scene: FormulaScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """Both bars and the table; ``was`` holds the facts of the drawing before."""
    return Drawing.of(
        scene,
        body=body_html(scene, was),
        table=table(scene),
        picture=picture(scene),
        facts=scene.facts,
        twin_live=False,
    )


def body_html(scene: FormulaScene, was: Mapping[str, str]) -> str:
    """The formula's bar, the invoice's, and the parts of both."""
    mark = badge(mark_of(scene), scene.word, was.get("error"))
    name = who_html(scene.formula, HUE[scene.who])
    said = bar_html(f"{name} {mark}", scene.said, scene.whole)
    invoice = f'<span class="lk-billed">{INVOICE}</span>'
    return said + bar_html(invoice, scene.billed, scene.whole) + parts_html(scene)


def bar_html(name: str, blocks: tuple[Block, ...], whole: float) -> str:
    """A name and an amount above a bar."""
    value = f'<b class="lk-sum">{usd(amount(blocks))}</b> <span class="lk-q lk-s">{PER}</span>'
    head = f'<div class="lk-row"><span>{name}</span> <span class="lk-n">{value}</span></div>'
    return f'<div class="lk-money">{head}{stack_html(blocks, whole)}</div>'


def parts_html(scene: FormulaScene) -> str:
    """The parts with their swatches."""
    rows = [(one.look, cells(one)) for one in scene.parts]
    return swatch_table(heads(scene), [*rows, ("", total(scene))])


def picture(scene: FormulaScene) -> str:
    """The still picture: the same two bars."""
    hue = HUE[scene.who]
    name = f"{still.who(scene.formula, hue)} {still.badge(mark_of(scene), scene.word)}"
    rows = ((name, scene.formula, scene.said), (f"<b>{INVOICE}</b>", INVOICE, scene.billed))
    bars = (
        div("margin:12px 0 0", f"{head} ", span(QUIET, f"{usd(amount(blocks))} {PER}"))
        + stack_image(blocks, scene.whole, f"{alt}: {usd(amount(blocks))} {PER}")
        for head, alt, blocks in rows
    )
    return div("margin:0 0 12px", *bars)


def mark_of(scene: FormulaScene) -> str:
    """The mark of how it went."""
    return "ok" if scene.is_exact else "bad"


def heads(scene: FormulaScene) -> tuple[str, ...]:
    """The heads of the table."""
    usd = ("formula, USD per 1,000", "invoice, USD per 1,000")
    return ("", f"tokens in {scene.calls} calls", *usd)


def cells(one: Part) -> tuple[str, ...]:
    """One kind of token in words."""
    return (one.name, number(one.tokens), usd(one.said), usd(one.billed))


def total(scene: FormulaScene) -> tuple[str, ...]:
    """The last row."""
    tokens = sum(one.tokens for one in scene.parts)
    sums = usd(amount(scene.said)), usd(amount(scene.billed))
    return (f"together: {scene.word}", number(tokens), *sums)


def table(scene: FormulaScene) -> Table:
    """The same numbers as text."""
    rows = (*map(cells, scene.parts), total(scene))
    return Table(heads(scene), rows, "A formula and the invoice", frozenset({1, 2, 3}))
