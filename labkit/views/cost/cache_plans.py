"""What a cached prefix costs: three plans over the requests an hour, and what each request pays.

    CacheScene -> draw_cache_plans -> Drawing: the curves above, a day of each side below

In a day each request is a bar, as high as what it pays for the prefix: a write is tall, a read
short, and the plain price is a line. The prototype takes the marker as it comes; production takes
what costs least.
"""

from collections.abc import Mapping

from labkit.views import still
from labkit.views.cost.cache_scene import (
    DAY_S,
    PLANS,
    CacheScene,
    CacheSide,
    Curve,
    usd_for_1000,
)
from labkit.views.drawing import NO_FACTS, Drawing, Table
from labkit.views.pieces import axis_html, column_html, facts_html
from labkit.views.plots import plot_html, still_dot, still_grid, still_line
from labkit.views.sides import named_facts
from labkit.views.still import DOT_FILL, GREY, MARK, QUIET, div
from labkit.views.words import NARROW, number

HEIGHT_PX, DAY_PX, TOP = 180, 46, 2.15
"""The plot, a day, and the share at the upper end of both."""
LEVELS = (2, 1, 0)
BAR_PX, APART = 3, 0.42
"""How wide a bar is, and how far from the next one at least, in per cent."""
HOURS = ("0", "6", "12", "18", f"24{NARROW}h")
SHOWN = (1, 2, 4, 8)
"""Requests an hour of which the table says what a plan costs."""
LINES = {"5m": (1.5, "3 3"), "1h": (2.25, "")}
"""How wide a curve is drawn, and its dashes."""


def down(share: float) -> float:
    """Per cent from above."""
    return round(100 * (1 - share / TOP), 2)


def draw_cache_plans(scene: CacheScene, was: Mapping[str, str] = NO_FACTS) -> Drawing:
    """The curves and both days; ``was`` holds the facts of the drawing before."""
    return Drawing.of(
        scene,
        body=f"{plot(scene)}{key()}{''.join(block(side, was) for side in scene.sides)}",
        table=table(scene),
        picture=picture(scene),
        facts=named_facts({side.who: side.facts for side in scene.sides}),
    )


def plot(scene: CacheScene) -> str:
    """The curves under their names, and a dot for each side."""
    lines = "".join(
        f'<polyline class="lk-li lk-ttl-{curve.ttl}" points="{path(curve, scene)}"/>'
        for curve in scene.curves
    )
    at = scene.across(scene.per_hour)
    dots = "".join(
        f'<i class="{side.hue}" style="left:{at}%;top:{down(side.bill.multiplier)}%"></i>'
        for side in scene.sides
    )
    plotted = plot_html(
        f'<path class="lk-li lk-now" d="M{at} 0V100"/>{lines}',
        dots,
        levels=((down(share), number(share)) for share in LEVELS),
        ticks=((25 * i, name) for i, name in enumerate(rates(scene))),
        high_px=HEIGHT_PX,
        said=said(scene),
    )
    return (
        f'<p class="lk-s lk-q lk-key">What the prefix costs, as a share of no cache'
        f"<span>{keys()}</span></p>{plotted}"
        f'<p class="lk-s lk-q lk-mid">Requests an hour. {pays(scene)}</p>'
    )


def rates(scene: CacheScene) -> list[str]:
    """Five requests an hour along the axis."""
    return [number(scene.most * i / 4) for i in range(5)]


def keys() -> str:
    """The names of the two curves, each behind a piece of its line."""
    return "".join(
        '<svg width="26" height="6" aria-hidden="true"><path class="lk-li '
        f'lk-ttl-{ttl}" d="M0 3H24"/></svg><b>{PLANS[ttl]}</b> '
        for ttl in LINES
    )


def path(curve: Curve, scene: CacheScene) -> str:
    """A curve's points in per cent."""
    return " ".join(f"{x},{y}" for x, y in places(curve, scene))


def places(curve: Curve, scene: CacheScene) -> list[tuple[float, float]]:
    """Where its points lie."""
    return [(scene.across(x), down(y)) for x, y in curve.points]


def pays(scene: CacheScene) -> str:
    """From where on each lifetime pays."""
    return " ".join(f"{whence(curve)}." for curve in scene.curves)


def whence(curve: Curve) -> str:
    """From where on one of them pays."""
    verb = "pay" if curve.ttl == "5m" else "pays"
    return f"{PLANS[curve.ttl].capitalize()} {verb} {where(curve)}"


def where(curve: Curve) -> str:
    """At which of the rates it pays."""
    start = curve.pays_from
    if start is None:
        return "at none of these"
    if start <= curve.points[0][0]:
        return "at all of these"
    return f"from about {number(start, 1 if start >= 1 else 2)} on"


def said(scene: CacheScene) -> str:
    """The curves in words."""
    return f"The more requests an hour, the cheaper a cache. {pays(scene)}"


EACH = "Each request of a day, as high as what it pays for the prefix"


def key() -> str:
    """How a day is read."""
    return f'<p class="lk-s lk-q lk-each">{EACH}; dotted: the plain price</p>'


def block(side: CacheSide, was: Mapping[str, str]) -> str:
    """One side: its plan, a day of requests, the facts."""
    return column_html(
        side,
        f'<span class="lk-q lk-s">{side.plan}</span>',
        f'<div class="lk-paid {side.hue}" role="img" aria-label="{in_words(side)}">'
        f'<svg width="100%" height="{DAY_PX}" aria-hidden="true">{plain_price()}'
        f'<g class="b">{bars(side)}</g></svg></div>',
        axis_html((25 * i, hour) for i, hour in enumerate(HOURS)),
        facts_html(side.facts, was, side.who),
    )


def plain_price() -> str:
    """The line of what no cache costs."""
    y = still.n(DAY_PX * (1 - 1 / TOP))
    return f'<line class="lk-lim" x1="0" x2="100%" y1="{y}" y2="{y}"/>'


def bars(side: CacheSide) -> str:
    """One bar for each request of the day, as high as what it pays; neighbours stand apart."""
    drawn, x = "", -APART
    for at_s, paid in side.day:
        x = min(max(100 * at_s / DAY_S, x + APART), 100 - APART)
        high = max(DAY_PX * paid / TOP, 2.0)
        drawn += (
            f'<rect x="{still.n(x)}%" width="{BAR_PX}" y="{still.n(DAY_PX - high)}" '
            f'height="{still.n(high)}"/>'
        )
    return drawn


def in_words(side: CacheSide) -> str:
    """A day in a sentence."""
    paid = [price for _, price in side.day]
    reads, writes = sum(p < 1 for p in paid), sum(p > 1 for p in paid)
    plain = len(paid) - reads - writes
    return f"{side.name}, the first day: {reads} read, {writes} written, {plain} at the plain price"


def picture(scene: CacheScene) -> str:
    """The same, as a still picture."""
    names = "dotted: 0, 1 and 2; dashed: 5 minutes; solid: 1 hour"
    return div(
        "margin:12px 0",
        div(QUIET, f"What the prefix costs, as a share of no cache ({names})"),
        still.image(marks(scene), HEIGHT_PX, said(scene)),
        still.scale(*rates(scene)),
        div(QUIET, f"Requests an hour. {pays(scene)}"),
        still.label(f"{EACH}; dotted: the plain price"),
        *map(still_block, scene.sides),
    )


def marks(scene: CacheScene) -> str:
    """The curves, the rate as an upright line, and both dots."""
    at = scene.across(scene.per_hour)
    drawn = still_grid(map(down, LEVELS), HEIGHT_PX)
    drawn += still.upright(at, top=0, bottom=HEIGHT_PX, stroke=GREY, width=1)
    for curve in scene.curves:
        width, dash = LINES[curve.ttl]
        drawn += still_line(places(curve, scene), HEIGHT_PX, width=width, dash=dash)
    for side in scene.sides:
        point, is_open = (at, down(side.bill.multiplier)), side.hue == "p"
        drawn += still_dot(point, HEIGHT_PX, MARK[side.hue], is_open=is_open)
    return drawn


def still_block(side: CacheSide) -> str:
    """One side as a still picture."""
    hue, y = side.hue, DAY_PX * (1 - 1 / TOP)
    day = (
        f'<g fill="{DOT_FILL[hue]}" stroke="{MARK[hue]}" stroke-width="{1 if hue == "p" else 0}">'
        f"{bars(side)}</g>"
    )
    line = still.rule((0, 100), y=y, stroke=GREY, dash="1 3")
    return div(
        "margin:12px 0",
        still.column(
            side,
            "",
            still.label(side.plan, 0),
            still.image(f"{line}{day}", DAY_PX, in_words(side)),
            still.scale(*HOURS),
            still.facts(side.facts),
        ),
    )


def table(scene: CacheScene) -> Table:
    """All three plans at the rate on show, and what two of them cost at others."""
    taken: dict[str | None, list[str]] = {side.bill.ttl: [] for side in scene.sides}
    for side in scene.sides:
        taken[side.bill.ttl].append(side.who)
    rows = (
        ("taken by", *(" and ".join(taken.get(bill.ttl, ())) or "nobody" for bill in scene.bills)),
        ("of no cache", *(number(bill.multiplier, 2) for bill in scene.bills)),
        ("read", *(number(bill.read) for bill in scene.bills)),
        ("written", *(number(bill.written) for bill in scene.bills)),
        ("plain price", *(number(bill.plain) for bill in scene.bills)),
        ("USD for 1,000", *map(usd_for_1000, scene.bills)),
        *(
            (f"at {number(rate)} an hour", "1.00", *(number(one, 2) for one in shares(scene, rate)))
            for rate in SHOWN
        ),
        ("pays", "never", *map(where, scene.curves)),
    )
    header = ("", *(PLANS[bill.ttl].capitalize() for bill in scene.bills))
    return Table(header, rows, "The three plans as a table", frozenset({1, 2, 3}))


def shares(scene: CacheScene, per_hour: float) -> list[float]:
    """What each lifetime costs at a rate."""
    return [dict(curve.points)[per_hour] for curve in scene.curves]
