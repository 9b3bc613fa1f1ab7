"""What each tier can do: made-up numbers, read once from ``labkit/data/ability.toml``.

model id -> tier (the catalogue) -> Skill
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from labkit import catalog


@dataclass(frozen=True, slots=True)
class Skill:
    """One tier's numbers; shares are of 1."""

    tier: str
    right: tuple[float, ...]
    """The share of items of difficulty 1, 2, … that it gets right."""
    crossover: float
    """The share of items that it misses although a smaller tier has them."""
    abstains: float
    """How often it says that the documents do not say, where a tempting neighbour does."""
    fence: float
    """How often it puts JSON into a fence where no output format is set."""
    prose: float
    """How often it writes a sentence before such JSON."""
    comma: float
    """How often such JSON ends with a comma too many."""
    depth: float
    """What it loses on a statement in the very middle of a long context."""
    dilution: float
    """What it loses there each time the context doubles."""
    remembers_turns: int
    """Turns after which something said once is forgotten."""


@cache
def skills() -> dict[str, Skill]:
    """Each tier's skill, by its name."""
    rows = data()["tier"]
    assert isinstance(rows, list)
    made = (Skill(**{**row, "right": tuple(row["right"])}) for row in rows)
    return {skill.tier: skill for skill in made}


@cache
def salt() -> str:
    """What every item's draw is made with."""
    return str(data()["salt"])


@cache
def data() -> dict[str, object]:
    """The file as it stands."""
    text = files("labkit").joinpath("data/ability.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def skill_of(model_id: str) -> Skill:
    """The skill of a model's tier; real ids are answered by the stand-in of theirs."""
    return skills()[catalog.model(model_id).tier]
