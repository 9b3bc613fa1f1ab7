"""What a view shows, as a frozen value: a finding, a picture and the same numbers as a table.

``Drawing`` holds plain text everywhere but in ``body`` and ``picture``, which its drawer has
built with ``plain``. A drawing knows nothing of widgets; ``frame`` and ``twin`` turn it into HTML.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol

from labkit.views.escape import line

NO_FACTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers come from."""

    kind: Literal["measured", "simulated", "published", "target"]
    notes: tuple[str, ...] = ()
    """What a reader must know to repeat them: seed, n, date, what is made up."""

    def __str__(self) -> str:
        return " · ".join([self.kind, *map(line, self.notes)])


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a picture as text; the first column names the rows."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str
    """What the table is, in a few words, for somebody who hears the page."""
    right: frozenset[int] = frozenset()
    """The columns of numbers, counted from 0, which align to the right."""

    @classmethod
    def of_two(
        cls,
        first: Mapping[str, str],
        second: Mapping[str, str],
        caption: str,
        *,
        corner: str = "",
        right: frozenset[int] = frozenset(),
    ) -> "Table":
        """What is said of the prototype and of production, a row for each label of both."""
        rows = tuple((label, said, second[label]) for label, said in first.items())
        return cls((corner, "Prototype", "Production"), rows, caption, right)


class Scene(Protocol):
    """What a drawer gets: values that say of themselves what they are."""

    @property
    def finding(self) -> str:
        """One sentence with the number in it."""

    @property
    def provenance(self) -> Provenance:
        """Where the numbers come from."""

    @property
    def not_shown(self) -> str:
        """What nobody should conclude from them."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One finished picture with everything that is said about it."""

    finding: str
    """One sentence with the number in it, built from the data."""
    body: str = ""
    """The live picture: HTML in the classes of the sheet."""
    table: Table | None = None
    provenance: Provenance | None = None
    picture: str = ""
    """The still picture: HTML of ``still``; empty when the table says it all."""
    not_shown: str = ""
    """One sentence: what nobody should conclude from this."""
    facts: Mapping[str, str] = field(default_factory=lambda: NO_FACTS)
    """The values that the next drawing may show as ``was``, by name."""
    change: str = ""
    """A short sentence about what a control just changed; live only, never in a twin."""
    twin_open: bool = False
    """Whether the table is open at first; right where the picture is small."""
    twin_live: bool = True
    """Whether the table stands below the live picture; not where the picture is its words."""
    framed: bool = True
    """Whether finding and hairlines stand around the body; a card has its own form."""

    @classmethod
    def of(  # noqa: PLR0913 - all but one by name
        cls,
        scene: Scene,
        *,
        body: str,
        table: Table,
        picture: str,
        facts: Mapping[str, str],
        twin_live: bool = True,
    ) -> "Drawing":
        """The drawing of a scene, which says of itself what it is."""
        return cls(
            finding=scene.finding,
            body=body,
            table=table,
            provenance=scene.provenance,
            picture=picture,
            not_shown=scene.not_shown,
            facts=facts,
            twin_live=twin_live,
        )
