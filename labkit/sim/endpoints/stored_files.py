"""A file that was uploaded, and whether a message may refer to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from labkit.sim.ids import timestamp
from labkit.sim.rejection import Rejection

EXPIRED = "file_expired"
"""Source: anthropic 2.12.0, ``types/file_expired_error.py``."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a file; nobody reads its bytes, so they are not kept."""

    id: str
    filename: str
    mime_type: str
    size_bytes: int
    created_at: datetime
    expires_at: datetime | None = None

    def has_expired(self, now: datetime) -> bool:
        """Whether its content is gone."""
        return self.expires_at is not None and self.expires_at <= now

    def record(self) -> Mapping[str, object]:
        """What the API tells about it. Source: anthropic 2.12.0, ``types/file_metadata.py``."""
        return {
            "id": self.id,
            "type": "file",
            "filename": self.filename,
            "mime_type": self.mime_type,
            "size_bytes": self.size_bytes,
            "created_at": timestamp(self.created_at),
            "expires_at": timestamp(self.expires_at) if self.expires_at else None,
            "downloadable": False,
        }


def check_sources(
    files: Mapping[str, StoredFile], body: Mapping[str, object], now: datetime
) -> None:
    """Refuse a message that refers to a file which is not there, or not any more."""
    messages = body["messages"]
    for place, message in enumerate(messages if isinstance(messages, list) else ()):
        for where, name in sources(f"messages.{place}.content", message["content"]):
            if name not in files:
                raise Rejection(404, f"{where}.source.file_id: File not found: {name[:200]}")
            if files[name].has_expired(now):
                raise Rejection(404, f"{where}.source.file_id: File has expired: {name}", EXPIRED)


def sources(where: str, content: object) -> Iterator[tuple[str, str]]:
    """The files that blocks refer to, those in the results of tools too, each with its place."""
    for place, block in enumerate(content if isinstance(content, list) else ()):
        at = f"{where}.{place}.{block['type']}"
        source = block.get("source")
        if isinstance(source, dict) and source.get("type") == "file":
            yield at, str(source.get("file_id"))
        if block["type"] == "tool_result":
            yield from sources(f"{at}.content", block.get("content"))
