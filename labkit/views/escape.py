"""Foreign text made harmless: whatever a person or a model wrote, as text and as HTML.

``clean`` gives text (for tables, pictures and the terminal), ``plain`` the same text as HTML.
Nothing that a person or a model wrote reaches a view by any other way.
"""

import html
import re

from labkit.arguments import ADDRESS

LIMIT = 2_000
_BLANKS = re.compile("[ \t\n]+")
_NEWLINES = re.compile("\r\n?|[\u2028\u2029]")
# What steers a terminal, turns text round, hides in it, or cannot be encoded: C0 and C1
# controls but tab and newline, bidirectional controls, zero width spaces, tag characters,
# interlinear marks, lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
# More marks on one letter than any living script stacks: they would run over the lines around.
_MARK = "[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]"
_STACKED = re.compile(f"({_MARK}{{4}}){_MARK}+")


def clean(text: object, limit: int = LIMIT) -> str:
    """Text in which every character can be seen, cut after ``limit`` characters with a note."""
    whole = text if isinstance(text, str) else _words(text)
    shown = _NEWLINES.sub("\n", whole[:limit])
    shown = _STACKED.sub(r"\1", _UNSAFE.sub(_named, shown))
    if len(whole) <= limit:
        return shown
    return f"{shown.rstrip()} … [cut after {limit:,} of {len(whole):,} characters]"


def line(text: object, limit: int = LIMIT) -> str:
    """The same on one line; a space that must not break stays one."""
    return _BLANKS.sub(" ", clean(text, limit)).strip()


def plain(text: object, limit: int = LIMIT) -> str:
    """The clean text as HTML that can stand between tags and inside a quoted attribute."""
    return html.escape(clean(text, limit), quote=True)


def plain_line(text: object, limit: int = LIMIT) -> str:
    """The same HTML on one line."""
    return html.escape(line(text, limit), quote=True)


def _words(value: object) -> str:
    try:
        return ADDRESS.sub("", str(value))
    except Exception:
        return f"a {type(value).__name__} that cannot be shown"


def _named(found: re.Match[str]) -> str:
    return f"‹U+{ord(found.group()):04X}›"
