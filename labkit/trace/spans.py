"""The spans that the SDK makes of its calls, kept in this process.

    spans = Spans()
    client = spans.on(lab.client)     # the SDK's own OpenTelemetry; nothing is added to it
    spans[0]["gen_ai.usage.input_tokens"]

Not imported with the room: OpenTelemetry's SDK takes a while to load.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, overload

import anthropic
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from labkit.arguments import refused

Attributes = Mapping[str, Any]
ClientT = TypeVar("ClientT", anthropic.Anthropic, anthropic.AsyncAnthropic)


class Spans(Sequence[Attributes]):
    """The attributes of each call that has ended, in that order."""

    def __init__(self) -> None:
        """Begin with none."""
        self._exporter, self._provider = InMemorySpanExporter(), TracerProvider()
        self._provider.add_span_processor(SimpleSpanProcessor(self._exporter))

    def on(self, client: ClientT) -> ClientT:
        """The same client, with its spans kept here."""
        if not isinstance(client, anthropic.Anthropic | anthropic.AsyncAnthropic):
            raise refused("client", client, "It makes no spans.", "Give lab.client.")
        return client.with_options(open_telemetry={"tracer_provider": self._provider})

    @overload
    def __getitem__(self, place: int) -> Attributes: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Attributes]: ...
    def __getitem__(self, place: int | slice) -> Attributes | Sequence[Attributes]:
        """One of them, or some."""
        return [dict(span.attributes or {}) for span in self._exporter.get_finished_spans()][place]

    def __len__(self) -> int:
        """How many calls have ended."""
        return len(self._exporter.get_finished_spans())

    def __repr__(self) -> str:
        """How many there are."""
        return f"{len(self)} span{'s' * (len(self) != 1)}"
