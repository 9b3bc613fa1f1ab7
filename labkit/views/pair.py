"""Two apps and one input: what each made of it, step by step. The commonest picture of the labs.

Values only; ``pair_drawing`` and ``still_pair`` draw them. What came in stands above both; each
side has its ending, what a person or a program gets, the steps on the way there, and facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from labkit.views.drawing import NO_FACTS, Provenance
from labkit.views.sides import Party

Ending = Literal["ok", "bad", "na", "seen"]
MARKS: Mapping[Ending, str] = {"ok": "✓ ", "bad": "✕ ", "na": "· ", "seen": ""}
WORDS: Mapping[Ending, str] = {"ok": "passed", "bad": "stopped here", "na": "not reached"}
"""How a step ended, for somebody who does not see its mark; nothing for one that was only seen."""
LONGEST = 1_200
"""Characters of what came in, and of what came out, that are shown."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that an app did on its way, and how it went."""

    name: str
    ending: Ending
    """``na``: it was not reached; ``seen``: it happened, and nobody judges it."""
    note: str = ""
    """What was seen there, in a few words."""


@dataclass(frozen=True, slots=True)
class PairSide(Party):
    """What one app made of the input."""

    word: str
    """How it ended, in a word or two."""
    ending: Ending
    shown: str
    """What the person or the program gets; empty for nothing."""
    error: str = ""
    """The exception in one line; it stands where the result would."""
    is_code: bool = False
    """Whether what is shown is data and not speech."""
    steps: tuple[Step, ...] = ()
    facts: Mapping[str, str] = field(default_factory=lambda: NO_FACTS)
    """Labels and values; the same labels on both sides."""


@dataclass(frozen=True, slots=True)
class PairScene:
    """One input and both sides."""

    finding: str
    """One sentence with the numbers in it."""
    given: str
    """What came in: a question, or what a model wrote."""
    prototype: PairSide
    production: PairSide
    provenance: Provenance
    given_label: str = "Both apps were asked"
    gets_label: str = "What Noor sees"
    given_is_code: bool = False
    not_shown: str = ""

    @property
    def sides(self) -> tuple[PairSide, PairSide]:
        """Prototype first."""
        return self.prototype, self.production
