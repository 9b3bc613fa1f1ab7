"""Small pieces of live HTML that several views share: column, axis, badge, bubble, facts."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from labkit.evals import wilson
from labkit.views.drawing import NO_FACTS
from labkit.views.escape import LIMIT, plain, plain_line
from labkit.views.words import percent

if TYPE_CHECKING:
    from labkit.views.sides import Party

GLYPHS = {"ok": "✓", "bad": "✕", "na": "–"}
LONG_REPLY = 280  # characters; more than six lines in a narrow column
LONGEST_SOURCE = 100
SOURCE = re.compile(r"\s*(\[[\w, -]{1,80}\])\s*$")


def column_html(party: "Party", beside: str, *parts: str) -> str:
    """What one app did, behind its edge: its name and what stands beside it, then the parts."""
    head = " ".join(filter(None, (who_html(party.name, party.hue), beside)))
    return (
        f'<div class="lk-col {party.hue}" role="group" aria-label="{party.name}">'
        f'<div class="lk-row">{head}</div>{"".join(parts)}</div>'
    )


def who_html(name: str, hue: str) -> str:
    """A name in the hue of its app, with the stroke of its marks before it."""
    return f'<span class="lk-who {hue}">{plain_line(name, 60)}</span>'


def axis_html(ticks: Iterable[tuple[float, str]], *, spare: float | None = None) -> str:
    """Names below a picture, each at its per cent; the spare one goes where there is no room."""

    def tick(at: float, name: str) -> str:
        kind = ' class="wide"' if at == spare else ""
        return f'<span{kind} style="left:{round(at, 2):g}%">{name}</span>'

    names = " ".join(tick(at, name) for at, name in ticks)
    return f'<div class="lk-axis lk-s" aria-hidden="true">{names}</div>'


SHARES = axis_html([(0, "0"), (50, "50"), (100, percent(1))])
"""The axis of a share; more names would run into one another where it is narrow."""


def across(left: float, right: float) -> str:
    """The style of a mark from one per cent to another."""
    return f"left:{left}%;width:{round(right - left, 2)}%"


def label_at(place: float, *, turn: float = 50.0) -> str:
    """The style of a label that begins at a place, or ends there where that is far right."""
    return f"right:{100 - place:g}%" if place > turn else f"left:{place:g}%"


def badge(kind: str, word: str, before: str | None = None) -> str:
    """How it went: ``ok`` filled, ``bad`` outlined, ``na`` dotted; the word always stands there."""
    glyph = f'<span aria-hidden="true">{GLYPHS[kind]}</span>'
    shown = f'<span class="lk-badge {kind}">{glyph} {plain(word, 60)}</span>'
    return shown + was_html(word, before)


def bubble(text: str, *, limit: int = LIMIT) -> str:
    """What a person reads; a long reply scrolls, the source at its end is quiet."""
    words, source = split_source(text)
    quiet = f' <span class="lk-q lk-s lk-n">{plain(source)}</span>' if source else ""
    clip = ' clip" tabindex="0" role="group" aria-label="Reply' if len(text) > LONG_REPLY else ""
    return f'<p class="lk-bubble{clip}" dir="auto">{plain(words, limit)}{quiet}</p>'


def nothing(what: str, code: str = "") -> str:
    """A bubble without a reply, and what stands there instead."""
    shown = f"<br><code>{plain(code, 200)}</code>" if code else ""
    return f'<p class="lk-bubble none">{plain(what, 200)}{shown}</p>'


def split_source(text: str) -> tuple[str, str]:
    """A reply and the document it names at its end."""
    body, tail = text[:-LONGEST_SOURCE], text[-LONGEST_SOURCE:]
    found = SOURCE.search(tail)
    return (body + tail[: found.start()], found.group(1)) if found else (text, "")


def facts_html(facts: Mapping[str, str], was: Mapping[str, str] = NO_FACTS, who: str = "") -> str:
    """Labels and values; a value that has just changed says what it was, in the app's own facts."""
    own = f"{who} " if who else ""
    cells = "".join(
        f"<div><dt>{plain(label, 60)}</dt>"
        f"<dd>{plain(value, 60)}{was_html(value, was.get(own + label))}</dd></div>"
        for label, value in facts.items()
    )
    return f'<dl class="lk-facts">{cells}</dl>'


def was_html(value: str, before: str | None) -> str:
    """``was 4``, struck out, when it was another value."""
    if before is None or before == value:
        return ""
    return f' <span class="lk-was">was <s>{plain(before, 60)}</s></span>'


def interval_html(part: int, whole: int, hue: str) -> str:
    """A share as a dot and its 95 % Wilson interval as a line, on 0 to 100 %."""
    low, high = (round(100 * end, 1) for end in wilson(part, whole))
    at = round(100 * part / whole, 1)
    return (
        f'<span class="lk-wh {hue}" aria-hidden="true">'
        f'<i style="left:{low}%;width:{round(high - low, 1)}%"></i><u style="left:{at}%"></u>'
        "</span>"
    )
