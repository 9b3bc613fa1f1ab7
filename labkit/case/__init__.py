"""The running case: Lantern Lane Library of Things and its assistant, Latch.

``documents`` and ``prompt`` make the ``system_prompt``; ``samples`` is the eval set,
``topic_samples`` the same for another task; ``tools`` is what Latch may act with; ``catalogue`` is
the library's own record of prices; ``traffic_log`` is what people wrote, simulated. All of it is
typed by hand in ``labkit/data`` and read once; only ``retrieval_scores`` was measured elsewhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Protocol, TypeVar

from labkit.arguments import known
from labkit.case.loading import (
    load_catalogue,
    load_documents,
    load_gold,
    load_log,
    load_prompt,
    load_samples,
    load_tools,
)
from labkit.case.scores import ScoreTable, retrieval_scores
from labkit.case.values import Document, LoanTerms, Prompt, Tool
from labkit.evals import Answer, LogRecord, Sample, includes

__all__ = [
    "Document",
    "LoanTerms",
    "Prompt",
    "ScoreTable",
    "Tool",
    "catalogue",
    "document",
    "documents",
    "gold_answers",
    "prompt",
    "retrieval_scores",
    "sample",
    "samples",
    "system_prompt",
    "tools",
    "topic_prompt",
    "topic_samples",
    "traffic_details",
    "traffic_log",
]

DATA = files("labkit") / "data"


@cache
def documents() -> tuple[Document, ...]:
    """The 26 documents, in the order of their ids."""
    return load_documents(DATA / "case" / "documents")


def document(id: str) -> Document:
    """The document with this id."""
    return of_the_case("document", id, documents())


@cache
def samples() -> tuple[Sample, ...]:
    """The eval set: 84 samples, all written for this case."""
    return load_samples(DATA / "case" / "samples.toml", tuple(one.id for one in documents()))


TOPICS = {"safety": "things", "visit": "visits", "scope": "other"}
"""What the desk's statistics call a topic, where the eval set calls it otherwise."""


@cache
def topic_samples() -> tuple[Sample, ...]:
    """The same questions for the task of naming their topic: fees, loans, things, visits, other.

    The topics are the eval set's tags, which were written to slice it and not for this task.
    """
    topics = ((one, TOPICS.get(one.tags[1], one.tags[1])) for one in samples())
    return tuple(replace(one, scorers=(includes(topic),)) for one, topic in topics)


def sample(id: str) -> Sample:
    """The sample with this id."""
    return of_the_case("sample", id, samples())


@cache
def gold_answers() -> Mapping[str, Answer]:
    """A right answer by a sample's id, for the oracle alone: no app and no model may see them."""
    found = load_gold(DATA / "case" / "gold.toml", tuple(one.id for one in samples()))
    return MappingProxyType(found)


@cache
def tools() -> tuple[Tool, ...]:
    """The eight tools, from low risk to high."""
    return load_tools(DATA / "case" / "tools.toml")


@cache
def catalogue() -> Mapping[str, LoanTerms]:
    """What the library lends, by id: fees, deposits and loan periods as its records have them."""
    return load_catalogue(DATA / "case" / "catalogue.toml")


@cache
def traffic_log() -> tuple[LogRecord, ...]:
    """Five weeks of messages to Latch, in their order: simulated, every line typed by hand."""
    return tuple(load_log(DATA / "case" / "traffic_log.toml"))


@cache
def traffic_details() -> tuple[str, ...]:
    """What must not be kept of the log: invented names, numbers and ways to reach somebody."""
    found = load_log(DATA / "case" / "traffic_log.toml")
    return tuple(one for details in found.values() for one in details)


def prompt(name: str, version: int) -> Prompt:
    """One version of a prompt, exactly as its file has it."""
    return load_prompt(DATA / "prompts", name, version)


def system_prompt(version: int = 1) -> str:
    """Latch's instructions and all documents: everything that the prototype sends."""
    pages = "\n".join(one.rendered() for one in documents())
    return f"{prompt('latch', version).text.strip()}\n\n<documents>\n{pages}\n</documents>"


def topic_prompt(version: int = 1) -> str:
    """How a message is sorted into one of five topics, with an example of each."""
    return prompt("topic", version).text.strip()


class Named(Protocol):
    """Anything that is found by its id."""

    @property
    def id(self) -> str:
        """The name it is found by."""


Thing = TypeVar("Thing", bound=Named)


def of_the_case(kind: str, id: str, things: Iterable[Thing]) -> Thing:
    """The thing with this id, or an error that offers the nearest."""
    by_id = {one.id: one for one in things}
    return known(id, by_id, f"a {kind} of the case", "Nothing can be shown for it.")
