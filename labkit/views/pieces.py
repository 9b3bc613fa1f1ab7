"""Small pieces of live HTML that several views share: badge, bubble, facts, interval."""

import re
from collections.abc import Mapping

from labkit.evals import wilson
from labkit.views.drawing import NO_FACTS
from labkit.views.escape import LIMIT, plain

GLYPHS = {"ok": "✓", "bad": "✕", "na": "–"}
LONG_REPLY = 280  # characters; more than six lines in a narrow column
LONGEST_SOURCE = 100
SOURCE = re.compile(r"\s*(\[[\w, -]{1,80}\])\s*$")


def badge(kind: str, word: str) -> str:
    """How it went: ``ok`` filled, ``bad`` outlined, ``na`` dotted; the word always stands there."""
    glyph = f'<span aria-hidden="true">{GLYPHS[kind]}</span>'
    return f'<span class="lk-badge {kind}">{glyph} {plain(word, 60)}</span>'


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
