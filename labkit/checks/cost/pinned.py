"""C3: what came of a learner's lint, as lines and ids."""

from collections.abc import Iterable
from dataclasses import dataclass

from labkit.arguments import LONGEST
from labkit.checks.verdict import told

HOLE = "{"


@dataclass(frozen=True, slots=True)
class Findings:
    """What was reported: lines and ids, in order."""

    found: tuple[tuple[int, str], ...]
    odd: object = None
    """What came where it was no list of findings."""

    @classmethod
    def of(cls, came: object) -> object:
        """The findings; None stays None. Those of the lock itself, in line 0, are not counted."""
        if came is None:
            return None
        if not isinstance(came, Iterable) or isinstance(came, (str, bytes, dict)):
            return cls((), came)
        every = list(came)
        found = [parts(one) for one in every]
        right = [one for one in found if one is not None]
        if len(right) < len(found):
            return cls((), every)
        return cls(tuple(sorted(one for one in right if one[0])))

    def __repr__(self) -> str:
        """Line and id of each."""
        if self.odd is not None:
            return told(self.odd, LONGEST)
        return ", ".join(f"line {place} {id!r}" for place, id in self.found) or "no findings"

    def are(self, wanted: Iterable[tuple[int, str]]) -> bool:
        """Whether these are the right ones; of an id with a hole only its beginning counts."""
        if self.odd is not None:
            return False
        return tuple(map(plain, self.found)) == tuple(map(plain, wanted))

    @property
    def lines(self) -> tuple[int, ...]:
        """Where something was found."""
        return tuple(place for place, _ in self.found)


def plain(found: tuple[int, str]) -> tuple[int, str]:
    """A finding up to what is filled in when the code runs."""
    return found[0], found[1].partition(HOLE)[0]


def parts(one: object) -> tuple[int, str] | None:
    """Line and id of a finding with a reason; None where it is none."""
    fields: object = one
    if hasattr(one, "line") and hasattr(one, "id") and hasattr(one, "why"):
        fields = (one.line, one.id, one.why)
    if not isinstance(fields, (tuple, list)) or len(fields) != 3:  # noqa: PLR2004 - line, id, why
        return None
    place, id, why = fields
    is_place = isinstance(place, int) and not isinstance(place, bool)
    if not is_place or not isinstance(id, str) or not isinstance(why, str) or not why.strip():
        return None
    return place, id
