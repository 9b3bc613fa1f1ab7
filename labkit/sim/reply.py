"""What the simulated model hands to the core, and what the lab tells about it afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleFired:
    """One documented rule that shaped a reply."""

    name: str
    """Stable id, for example ``grounded-answer``."""
    reason: str
    """One sentence for people: what the rule saw and what it did."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply, before the core applies ``max_tokens`` and ``stop_sequences``."""

    content: tuple[Mapping[str, object], ...]
    """Content blocks as on the wire."""
    stop_reason: str = "end_turn"
    stop_details: Mapping[str, object] | None = None
    rules: tuple[RuleFired, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the simulated provider answered as it did."""

    message_id: str
    rules: tuple[RuleFired, ...]
    faults: tuple[str, ...] = ()
    """Names of the scripted faults that changed this reply."""

    def __repr__(self) -> str:
        lines = [f"{rule.name}: {rule.reason}" for rule in self.rules]
        lines += [f"fault {name}: scripted by the lab, not by the model" for name in self.faults]
        return "\n".join(lines)
