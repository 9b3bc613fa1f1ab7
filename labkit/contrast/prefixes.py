"""The view of a shared prefix: move the clock, order the tools, place the marker.

Layout -> twelve requests, really sent -> the first two block by block -> PrefixScene -> view
"""

from collections.abc import Sequence
from functools import cache

from labkit import catalog
from labkit.arguments import whole
from labkit.contrast.prefix_requests import (
    APART_S,
    AS_FOUND,
    BY_NAME,
    DATE_BEHIND,
    DATE_FIRST,
    DATE_LAST,
    DOCS_END,
    EVERY,
    LAST,
    NO_MARKER,
    PEOPLE,
    SYSTEM_END,
    TIER,
    Layout,
    Sent,
    series,
)
from labkit.cost import Tokens, common_prefix, cost_usd
from labkit.views import Provenance, View, choice
from labkit.views.cost.prefixes import PrefixBlock, PrefixScene, draw_prefixes
from labkit.views.words import number, percent, usd

NO_MARKER_SAID = "Without a marker nothing is kept, however much the requests have in common."
REFUSED = "The API answers 400 to everybody: a request may have four markers, and here it has more."
NOT_SHOWN = (
    "Answers, which cost the same either way. And a quiet hour: where nobody asks for five minutes "
    "the cache forgets, however well the prompt is ordered (C8)."
)


def prefixes(*, seed: int = 7) -> View:
    """Twelve people ask; what does the second request read of what the first one wrote?

    Args:
        seed: The same seed gives the same picture.
    """
    whole("seed", seed, "The same seed must give the same picture.")

    @cache
    def measured(date: str, tools: str, marker: str) -> PrefixScene:
        return scene(Layout(date, tools, marker), seed)

    return View.of(
        measured,
        draw_prefixes,
        {
            "date": choice("The clock stands", (DATE_FIRST, DATE_BEHIND, DATE_LAST)),
            "tools": choice("The tools come", (BY_NAME, AS_FOUND)),
            "marker": choice("Cache marker on", (SYSTEM_END, DOCS_END, LAST, EVERY, NO_MARKER)),
        },
    )


def scene(layout: Layout, seed: int) -> PrefixScene:
    """Twelve requests in this layout, the first two of them block by block."""
    asked = series(layout, seed)
    first, second = asked[:2]
    shared = common_prefix(first.request, second.request)
    reads = sum(bool(one.usage and one.usage.cache_read_input_tokens) for one in asked)
    plain = price([Tokens(one.prompt) for one in asked])
    paid = price([one.usage for one in asked if one.usage])
    is_refused = second.usage is None
    count = f"{reads} of {len(asked) - 1}"
    return PrefixScene(
        finding=finding(layout, count, paid / plain) if not is_refused else REFUSED,
        heads=(PEOPLE[0][0], PEOPLE[1][0]),
        blocks=pairs(first, second),
        differs=differs(first, second),
        said={
            "Same from the start": percent(shared.share),
            "Later requests that read": "none" if is_refused else count,
            "USD per 1,000 prompts": "none" if is_refused else usd(paid),
            "Without a cache": usd(plain),
        },
        provenance=Provenance("measured", notes(seed)),
        not_shown=NOT_SHOWN,
    )


def notes(seed: int) -> tuple[str, ...]:
    """What a reader must know."""
    apart = f"{len(PEOPLE)} requests, one every {number(APART_S)} s"
    return (apart, "tokens and prices simulated", "heights not to scale", f"seed {seed}")


def price(usages: Sequence[Tokens]) -> float:
    """USD per 1,000 prompts."""
    model = catalog.tier(TIER).id
    return float(1_000 * sum(cost_usd(one, model) for one in usages)) / max(1, len(usages))


def finding(layout: Layout, count: str, ratio: float) -> str:
    """How many read, and what that does to the price."""
    if layout.marker == NO_MARKER:
        return NO_MARKER_SAID
    change = f"{percent(abs(ratio - 1))} {'more' if ratio > 1 else 'less'}"
    return f"{count} later requests read from the cache; prompts cost {change} than without one."


def differs(first: Sent, second: Sent) -> tuple[str, str]:
    """What either says in the first block that is not the same; nothing where all are."""
    pairs = zip(first.pieces.values(), second.pieces.values(), strict=True)
    found = (pair for pair in pairs if pair[0].content != pair[1].content)
    before, now = next(found, (None, None))
    return (before.says, now.says) if before and now else ("", "")


def pairs(first: Sent, second: Sent) -> tuple[PrefixBlock, ...]:
    """Their blocks side by side; from the first that differs on nothing is the same prefix."""
    found, is_same = [], True
    for name, now in second.pieces.items():
        before = first.pieces[name]
        is_same = is_same and before.content == now.content
        fates = ("refused", "refused") if second.usage is None else (before.fate, now.fate)
        found.append(PrefixBlock(name, (before.tokens, now.tokens), fates, is_same, now.is_marked))
    return tuple(found)
