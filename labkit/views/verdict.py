"""The verdict on an exercise as a card: given, expected, got, and a hint.

The first sentence of the hint is the only bold one. Dashed edge: not yet; solid: solved; dotted:
nobody can tell, or nothing is written yet.
"""

import re
from typing import Protocol

from labkit.views import still
from labkit.views.drawing import Drawing, Table
from labkit.views.escape import clean, line, plain, plain_line
from labkit.views.pieces import badge
from labkit.views.words import number

SENTENCE = re.compile(r"(.+?[.!?])(?=\s+\S|$)", re.DOTALL)
CODE = re.compile("`([^`\n]{1,120})`")
LONGEST = 600
FORMS = {
    "solved": ("ok", "", "solved"),
    "not yet": ("bad", " no", "not yet"),
    "not written": ("na", " na", "not written yet"),
}
EDGES = {"ok": "solid", "bad": "dashed", "na": f"dotted {still.GREY}"}
UNKNOWN = ("na", " na", "could not tell")


class VerdictLike(Protocol):
    """What a verdict must tell to be drawn."""

    @property
    def code(self) -> str:
        """The checklist item: ``R9``."""

    @property
    def name(self) -> str:
        """What was checked: the function's name."""

    @property
    def state(self) -> str:
        """``not yet``, ``solved``, ``could not tell`` or ``not written``."""

    @property
    def cases_held(self) -> int:
        """How many cases hold."""

    @property
    def cases_total(self) -> int:
        """How many cases there are."""

    @property
    def given(self) -> str:
        """The first case that does not hold."""

    @property
    def expected(self) -> str:
        """What should have come."""

    @property
    def got(self) -> str:
        """What came."""

    @property
    def hint(self) -> str:
        """What the misconception is; its first sentence is drawn bold."""

    @property
    def note(self) -> str:
        """What else there is to say."""


def draw_verdict(verdict: VerdictLike) -> Drawing:
    """The card of one verdict."""
    kind, form, word = FORMS.get(verdict.state, UNKNOWN)
    said = counted(verdict)
    name = f"<b>{plain_line(verdict.code, 20)}</b> {plain_line(verdict.name, 80)}"
    head = (
        f'<p class="lk-row lk-left">{badge(kind, word)} <span>{name}</span> '
        f'<span class="lk-q lk-s">{said}</span></p>'
    )
    rows = parts(verdict)
    cells = "".join(f"<dt>{label}</dt><dd>{cell_html(label, text)}</dd>" for label, text in rows)
    note = f'<p class="lk-note-line">{rich(verdict.note)}</p>' if verdict.note else ""
    listing = f"<dl>{cells}</dl>" if cells else ""
    ending = f" {line(verdict.note, LONGEST)}" if verdict.note else ""
    title = f"{line(verdict.code, 20)} {line(verdict.name, 80)}: {word}."
    return Drawing(
        finding=f"{title} {sentence(said)}{ending}",
        body=f'<div class="lk-verdict{form}">{head}{listing}{note}</div>',
        picture=card(verdict, kind, word, said),
        table=Table(("", "the first case that does not hold"), rows, "The case") if rows else None,
        twin_live=False,
        framed=False,
    )


def card(verdict: VerdictLike, kind: str, word: str, said: str) -> str:
    """The still head of the card; the case stands below it as a table."""
    code, name = plain_line(verdict.code, 20), plain_line(verdict.name, 80)
    named = f"{still.badge(kind, word)} <b>{code}</b> {name} {still.span(still.QUIET, said)}"
    note = still.div("margin-top:6px", rich(verdict.note)) if verdict.note else ""
    return still.div(f"border-left:4px {EDGES[kind]};padding:2px 0 4px 16px", named, note)


def counted(verdict: VerdictLike) -> str:
    """How far it is, in words."""
    if verdict.state == "not written":
        return "nothing to judge"
    if verdict.state not in FORMS:
        return "neither right nor wrong"
    held = f"{number(verdict.cases_held)} of {number(verdict.cases_total)} cases hold"
    return held if verdict.state == "solved" else f"{held}; this is the first that does not"


def sentence(words: str) -> str:
    """The words as a sentence of their own."""
    return f"{words[:1].upper()}{words[1:]}."


def parts(verdict: VerdictLike) -> tuple[tuple[str, str], ...]:
    """The lines of the card that have something to say."""
    if verdict.state != "not yet":
        return ()
    named = (
        ("given", verdict.given),
        ("expected", verdict.expected),
        ("got", verdict.got),
        ("hint", verdict.hint),
    )
    return tuple((label, clean(text, LONGEST)) for label, text in named if text)


def cell_html(label: str, text: str) -> str:
    """A case is code; a hint is prose with one bold sentence."""
    if label != "hint":
        return f"<code>{plain(text, 2 * LONGEST)}</code>"
    found = SENTENCE.match(text)
    if not found:
        return rich(text)
    return f"<b>{rich(found.group(1))}</b>{rich(text[found.end() :])}"


def rich(text: str) -> str:
    """Prose in which `words between backticks` are code."""
    return CODE.sub(r"<code>\1</code>", plain(text, 2 * LONGEST))
