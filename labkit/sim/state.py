"""What a provider keeps between requests; every endpoint is a function of it and of one call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from labkit.errors import ArgumentError
from labkit.sim.answers.plan import Plan
from labkit.sim.caching.cache import PromptCache
from labkit.sim.caching.diagnosis import Diagnoses
from labkit.sim.drift import Drift
from labkit.sim.endpoints.batch import Batch
from labkit.sim.endpoints.stored_files import StoredFile
from labkit.sim.envelope import Call
from labkit.sim.faults import FaultScript
from labkit.sim.latest import Counts, Latest
from labkit.sim.ledger import Ledger
from labkit.sim.limits import Limits, Meter
from labkit.sim.luck import Luck
from labkit.sim.reply import Explanation, Reply

MOST_COUNTED = 100_000
"""Different things whose counts are kept; one asked again after so many others counts anew."""
MOST_FILES = 10_000
"""Uploaded files that are known."""
MOST_EXPLAINED = 10_000
"""Replies whose reasons are kept."""


class ReplyModel(Protocol):
    """What answers behind the provider."""

    def reply(self, body: Mapping[str, object], luck: Luck) -> Reply:
        """The whole reply to a valid request."""


@dataclass(slots=True)
class State:
    """A provider's memory."""

    luck: Luck
    model: ReplyModel
    started_at: datetime
    """The date and time at simulated second 0."""
    faults: FaultScript
    """What goes wrong; may be replaced at any time."""
    drift: Drift | None = None
    """What changes in every model on a day, unannounced."""
    counts: Counts = field(default_factory=lambda: Counts(MOST_COUNTED))
    """How often each thing was asked; what was asked longest ago is forgotten in the end."""
    cache: PromptCache = field(default_factory=PromptCache)
    """What of earlier prompts can be read again."""
    ledger: Ledger = field(default_factory=Ledger)
    """What has been billed."""
    diagnoses: Diagnoses = field(default_factory=Diagnoses)
    """What of earlier requests later ones are compared with."""
    meter: Meter = field(default_factory=lambda: Meter(Limits()))
    """What is left of the rate limits."""
    batches: dict[str, Batch] = field(default_factory=dict)
    """The batches of messages, in the order in which they were made."""
    underway: list[tuple[float, str, Batch]] = field(default_factory=list)
    """A heap of when something is due, and of which batch; empty where none is being worked on."""
    files: dict[str, StoredFile] = field(default_factory=lambda: Latest(MOST_FILES))
    """What was uploaded, in that order."""
    extra_models: list[Mapping[str, object]] = field(default_factory=list)
    """What the list of models has beside the catalogue's."""
    empty_cursors: frozenset[str] = frozenset()
    """Cursors that give an empty page, whatever else is asked."""
    journal: Latest[str, Explanation] = field(default_factory=lambda: Latest(MOST_EXPLAINED))
    """Why each of the latest messages was made."""

    def next_luck(self, *key: str) -> Luck:
        """The luck of the next request of this kind."""
        self.counts[key] += 1
        return self.luck.child(*key, self.counts[key])

    def explain(self, message_id: str) -> Explanation:
        """Which rules and faults made a reply.

        Raises:
            ArgumentError: This provider has made no such reply.
        """
        known = self.journal.get(message_id) if isinstance(message_id, str) else None
        if known is None:
            raise ArgumentError(
                f"message id is {message_id!r}. This provider has not made that reply, or "
                f"{MOST_EXPLAINED:,} others since, so it has no reasons for it. Give the id of a "
                "message of this lab."
            )
        return known


Endpoint = Callable[[State, Call], Plan]
