"""A file that was uploaded, and whether a message may refer to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from labkit.sim.attached import attached
from labkit.sim.endpoints.multipart import OCTETS
from labkit.sim.ids import timestamp
from labkit.sim.rejection import Rejection, either, invalid
from labkit.sim.validation.sources import IMAGE, PDF, PLAIN

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


MEDIA: Mapping[object, Sequence[str]] = {"image": IMAGE, "document": (PDF, PLAIN)}
"""The kinds of file that a block takes. Source: docs: Files API, read 2026-11-24."""


def check_sources(
    files: Mapping[str, StoredFile], body: Mapping[str, object], now: datetime
) -> None:
    """Refuse a message that refers to a file which is not there, not any more, or no such thing."""
    for one in attached(body["messages"]):
        source = one.block["source"]
        if isinstance(source, dict) and source["type"] == "file":
            name = str(source["file_id"])
            check_file(f"{one.where}.source.file_id", name, files.get(name), now)
            check_kind(f"{one.where}.source.file_id", files[name], MEDIA[one.block["type"]])


def check_file(where: str, name: str, file: StoredFile | None, now: datetime) -> None:
    """Refuse a file that nobody has uploaded, or that has expired."""
    if file is None:
        raise Rejection(404, f"{where}: File not found: {name[:200]}")
    if file.has_expired(now):
        raise Rejection(404, f"{where}: File has expired: {name}", EXPIRED)


def check_kind(where: str, file: StoredFile, known: Sequence[str]) -> None:
    """Refuse a picture as a document, and the other way round; who does not tell is trusted."""
    kind = file.mime_type.partition(";")[0].strip()
    if kind not in (*known, OCTETS):
        raise invalid(
            f"{where}: File type does not match the content block type: {kind} is not "
            f"{either(known)}"
        )
