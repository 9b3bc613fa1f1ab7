"""What holds of an eval, slice by slice, against what held before: a bar of blocks for each.

Asked(...), … -> by_slice -> Slice -> slices_html / slices_picture, and rows for a table

A filled block holds, a dashed one is lost: it held before. Where a slice has few examples, each
has a block of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from labkit.views import still
from labkit.views.escape import line, plain_line
from labkit.views.still import GREY, SMALL, div, span
from labkit.views.words import share

State = Literal["holds", "won", "lost", "failed before"]
LOOKS: Mapping[State, str] = {"holds": "f1", "won": "f2", "lost": "f6", "failed before": "f5"}
"""How a block looks, in the order of the bar: classes of the sheet."""
FILLS: Mapping[State, str] = {"holds": GREY, "won": "url(#bad)"}
"""What is filled in a still picture."""
MOST_BLOCKS = 40
"""Examples of a slice up to which each has its own block."""
MOST_NAMES = 3
"""Examples that a row names; the table has all."""
BAR_PX = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """One example of the eval."""

    name: str
    slice: str
    holds: bool
    """Whether all that is asked of its answer holds now."""
    held: bool
    """Whether it did before."""

    @property
    def state(self) -> State:
        """Both in one word."""
        if self.holds:
            return "holds" if self.held else "won"
        return "lost" if self.held else "failed before"


@dataclass(frozen=True, slots=True)
class Slice:
    """The examples of one kind."""

    name: str
    asked: tuple[Asked, ...]

    def named(self, state: State) -> list[str]:
        """The examples in one state."""
        return [one.name for one in self.asked if one.state == state]

    @property
    def counted(self) -> str:
        """``1 of 2 (9–91 %)``."""
        return share(sum(one.holds for one in self.asked), len(self.asked))

    def change(self, most: int = MOST_NAMES) -> str:
        """``1 lost: off-tax``: what is other than before, with at most so many names."""
        said = [listed(self.named("lost"), "lost", most) or "none lost"]
        said += [listed(self.named("won"), "won", most)]
        said += [listed(self.named("failed before"), "failed before", 0)]
        return " · ".join(filter(None, said))

    @property
    def blocks(self) -> list[tuple[State, int]]:
        """State and examples of each block."""
        counts = [(state, len(self.named(state))) for state in LOOKS]
        if len(self.asked) <= MOST_BLOCKS:
            return [(state, 1) for state, count in counts for _ in range(count)]
        return [(state, count) for state, count in counts if count]


def by_slice(asked: Iterable[Asked]) -> tuple[Slice, ...]:
    """One slice for each kind, in the order in which they come."""
    found: dict[str, list[Asked]] = {}
    for one in asked:
        found.setdefault(one.slice, []).append(one)
    return tuple(Slice(name, tuple(ones)) for name, ones in found.items())


def listed(names: Sequence[str], state: State, most: int) -> str:
    """``2 lost: off-tax, hi``; nothing where there is none."""
    if not names:
        return ""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    shown = ", ".join(line(name, 40) for name in names[:most])
    return f"{len(names)} {state}" + (f": {shown}{more}" if most else "")


def slices_html(slices: Sequence[Slice], before: str) -> str:
    """A row for each slice; ``before`` says what it is compared with."""
    heading = f"What holds, by slice. Dashed: held with {before}"
    rows = "".join(slice_html(one) for one in slices)
    return (
        f'<p class="lk-say">{heading}</p>'
        f'<div class="lk-slices" role="group" aria-label="{heading}">{rows}</div>'
    )


def slice_html(one: Slice) -> str:
    """Name, bar, share, and what is other than before."""
    blocks = "".join(
        f'<i class="{LOOKS[state]}" style="flex:{count} 0 0"></i>' for state, count in one.blocks
    )
    quiet = "" if one.named("lost") or one.named("won") else " lk-q"
    return (
        f'<div class="w"><b class="sa">{plain_line(one.name, 40)}</b> '
        f'<span class="lk-bar sb" aria-hidden="true">{blocks}</span> '
        f'<span class="sn">{one.counted}</span> '
        f'<span class="sc{quiet}">{plain_line(one.change(), 300)}</span></div>'
    )


def slices_picture(slices: Sequence[Slice], before: str) -> str:
    """The same as still images."""
    rows = [
        div(
            "margin:6px 0",
            div(SMALL, f"<b>{plain_line(one.name, 40)}</b> · {one.counted} ", changed(one)),
            still.image(marks(one), BAR_PX, f"{one.name}: {one.counted}; {one.change()}"),
        )
        for one in slices
    ]
    return still.label(f"What holds, by slice. Dashed: held with {before}") + "".join(rows)


def changed(one: Slice) -> str:
    """What is other than before."""
    return span("opacity:.8", f"({plain_line(one.change(), 300)})")


def marks(one: Slice) -> str:
    """The blocks in per cent of the width, a little apart."""
    drawn, at, step = "", 0.0, 100 / len(one.asked)
    for state, count in one.blocks:
        end = at + step * count
        dash = "4 3" if state == "lost" else ""
        fill = FILLS.get(state, "none")
        inside = (at, max(end - 0.6, at + step / 2))
        drawn += still.rect(inside, y=1, height=BAR_PX - 2, stroke=GREY, fill=fill, dash=dash)
        at = end
    return drawn


def slice_rows(slices: Sequence[Slice]) -> list[tuple[str, str]]:
    """What a table says of each slice, then of each example."""
    rows = [(f"slice {one.name}", f"{one.counted}; {one.change(0)}") for one in slices]
    return rows + [(f"example {one.name}", one.state) for some in slices for one in some.asked]
