"""Reading answers as their bytes pass: what a bill needs of them, and nothing else.

    bytes -> Reader.feed -> Reader.answers(): one message, a stream's, or those of a batch's results

Nothing of a text is kept. Of a stream only the events that say something about usage are parsed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import httpx2

from labkit.trace.wire import json_object, object_of

OK = 200
TELLING = (b'"message_start"', b'"message_delta"', b'"message_stop"', b'"error"')
BLOCK_STARTS = b'"content_block_start"'


@dataclass(slots=True)
class Answer:
    """What is known of one answer."""

    usage: dict[str, object] = field(default_factory=dict)
    model: str | None = None
    message_id: str | None = None
    stop_reason: str | None = None
    has_content: bool = False
    error: str | None = None
    """The provider's error type, or why the answer is none; None of a whole answer."""
    is_rejected: bool = False
    """Whether the status says that nothing was answered, so that nothing is billed."""

    @property
    def is_billed(self) -> bool:
        """A failure costs nothing, nor does a refusal before any output.

        Source: docs: refusals and fallback, 2026-08-22.
        """
        return self.message_id is not None and (self.stop_reason != "refusal" or self.has_content)

    def message(self, told: Mapping[str, object]) -> None:
        """Read a message, whole or as a stream begins it."""
        self.model, self.message_id = text(told.get("model")), text(told.get("id"))
        self.stop_reason = text(told.get("stop_reason"))
        self.has_content = bool(told.get("content"))
        self.usage = dict(object_of(told.get("usage")))

    def event(self, told: Mapping[str, object]) -> None:
        """Read an event of a stream; counts are totals, and None leaves the earlier one."""
        kind = told.get("type")
        if kind == "message_start":
            self.message(object_of(told.get("message")))
        elif kind == "content_block_start":
            self.has_content = True
        elif kind == "message_delta":
            self.stop_reason = text(object_of(told.get("delta")).get("stop_reason"))
            news = object_of(told.get("usage")).items()
            self.usage |= {name: value for name, value in news if value is not None}
        elif kind == "message_stop":
            self.error = None
        elif kind == "error":
            self.error = text(object_of(told.get("error")).get("type")) or "error"


class Reader:
    """Reads one response body, whatever its kind."""

    def __init__(
        self, status: int, content_type: str, *, is_results: bool = False, packed: str = ""
    ) -> None:
        """Say what kind of body comes.

        Args:
            status: The status of its response.
            content_type: That tells a message from a stream.
            is_results: Whether it is the results of a batch.
            packed: Its content encoding, if it comes packed; then it is read at its end.
        """
        self.status = status
        self.is_stream = status == OK and content_type.startswith("text/event-stream")
        self.is_results = status == OK and is_results
        self.rest = bytearray()
        """What has come since the last whole line; all of it where lines mean nothing."""
        self.stream = Answer(error="cut_stream")
        self.found: list[Answer] = []
        self.packed = "" if packed.lower() == "identity" else packed
        self.parcel = bytearray()

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        if self.packed:
            self.parcel += data
        else:
            self.take(data)

    def take(self, data: bytes) -> None:
        """Take the next bytes as they were before somebody packed them."""
        self.rest += data
        if (self.is_stream or self.is_results) and b"\n" in data:
            *lines, rest = bytes(self.rest).split(b"\n")
            self.rest = bytearray(rest)
            for line in lines:
                self.line(line)

    def line(self, line: bytes) -> None:
        """Take a whole line."""
        if self.is_results:
            result = object_of(json_object(line).get("result"))
            if result.get("type") == "succeeded":
                self.found.append(answer_of(object_of(result.get("message"))))
        elif line.startswith(b"data:") and self.tells(line):
            self.stream.event(json_object(line[5:]))

    def tells(self, line: bytes) -> bool:
        """Whether a line says something about the bill."""
        is_first = BLOCK_STARTS in line and not self.stream.has_content
        return is_first or any(one in line for one in TELLING)

    def answers(self) -> list[Answer]:
        """What has been read, once the body has ended or nobody reads on."""
        for data in unpacked(bytes(self.parcel), self.packed):
            self.take(data)
        self.parcel.clear()
        if self.is_stream or self.is_results:
            self.line(bytes(self.rest))
            self.rest.clear()
            return self.found if self.is_results else [self.stream]
        told = json_object(bytes(self.rest))
        if self.status != OK:
            kind = text(object_of(told.get("error")).get("type"))
            return [
                Answer(
                    error=f"{self.status} {kind}" if kind else str(self.status), is_rejected=True
                )
            ]
        if told.get("type") != "message":
            return [Answer(error="not a message")]
        return [answer_of(told)]


def unpacked(parcel: bytes, encoding: str) -> Iterator[bytes]:
    """What was packed, as far as it came; httpx2 knows the encodings that it asked for."""
    if not parcel:
        return
    raw = httpx2.Response(OK, headers={"content-encoding": encoding}, stream=Parcel(parcel))
    try:
        yield from raw.iter_bytes()
    except httpx2.DecodingError:
        return


class Parcel(httpx2.SyncByteStream):
    """Bytes as a body that has not been read."""

    def __init__(self, data: bytes) -> None:
        """Give these bytes."""
        self.data = data

    def __iter__(self) -> Iterator[bytes]:
        yield self.data


def answer_of(message: Mapping[str, object]) -> Answer:
    """What a whole message says."""
    answer = Answer()
    answer.message(message)
    return answer


def text(value: object) -> str | None:
    """The value if it is a text."""
    return value if isinstance(value, str) else None
