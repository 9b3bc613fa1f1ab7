"""What the running case is made of: documents, prompts, tools. Samples live in ``evals``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from anthropic.types import ToolParam


@dataclass(frozen=True, slots=True)
class Document:
    """One page of the library's handbook."""

    id: str
    title: str
    language: str
    """``en`` or ``es``."""
    updated: date
    """The day of its last change: of two pages that disagree, the later one holds."""
    text: str
    """Markdown, without the front matter."""

    def rendered(self) -> str:
        """The document as it stands in a prompt, between marks that name it."""
        return (
            f'<document id="{self.id}" title="{self.title}" updated="{self.updated}">\n'
            f"{self.text}\n</document>"
        )


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of a prompt; a version is never edited."""

    name: str
    version: int
    text: str
    sha256: str
    """Of the file's bytes, as ``lock.toml`` records it."""


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that Latch can be given to act with."""

    name: str
    description: str
    """What the model reads."""
    risk: str
    """``low`` reads, ``medium`` changes what can be changed back, ``high`` needs a person."""
    reversible: bool
    """Whether its effect can be taken back; true for a tool that only reads."""
    input_schema: Mapping[str, object]
    """JSON Schema of the input."""

    def definition(self) -> ToolParam:
        """The tool as the Messages API takes it in ``tools``."""
        return ToolParam(
            name=self.name, description=self.description, input_schema=dict(self.input_schema)
        )


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """What one loan of a thing costs, and how long it lasts."""

    id: str
    """As the tools name it: ``fog-machine``."""
    loan_fee_cents: int
    """Paid once per loan; members with the concession rate pay half."""
    deposit_cents: int
    """Paid back when the thing returns."""
    days: int
    """From the day of collection to the due day."""
