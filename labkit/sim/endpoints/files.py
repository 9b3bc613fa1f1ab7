"""Files: ``/v1/files`` and below.

    upload (a form) -> metadata, list -> a document or an image in a message -> delete

Source: anthropic 2.12.0, ``resources/files.py`` and ``types/file_*.py``.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from urllib.parse import parse_qsl

from labkit.sim.answers import wire
from labkit.sim.answers.plan import Plan
from labkit.sim.endpoints.multipart import Part, parts
from labkit.sim.endpoints.paging import limit
from labkit.sim.endpoints.stored_files import EXPIRED, StoredFile
from labkit.sim.envelope import Call
from labkit.sim.faults.struck import answered
from labkit.sim.ids import ID_BYTES, make_id
from labkit.sim.rejection import Rejection, invalid, required
from labkit.sim.state import State

MAX_BODY_BYTES = 500_000_000
"""Source: docs: errors, request size limits, 2026-08-22."""
SHORTEST_S, LONGEST_S = 3_600, 7_776_000
NOT_DOWNLOADABLE = "file_not_downloadable"
MOST_IDS = 100
CURSOR = "page_"

EXTENSIONS = {
    "application/json": ".json",
    "application/pdf": ".pdf",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "text/csv": ".csv",
    "text/markdown": ".md",
    "text/plain": ".txt",
}


def upload(state: State, call: Call) -> Plan:
    """Keep a file.

    Raises:
        Rejection: The form holds no file, or more than a file.
    """
    if len(call.request.body) > MAX_BODY_BYTES:
        raise Rejection(413, "Request exceeds the maximum size")
    form = parts(call.request.headers.get("content-type") or "", call.request.body)
    fields = {part.name: part for part in form}
    for name in fields:
        if name not in ("file", "expires_in_seconds"):
            raise invalid(f"{name[:200]}: Extra inputs are not permitted")
    file = required("file", fields)
    assert isinstance(file, Part)
    lifetime_s = lifetime(fields.get("expires_in_seconds"))

    def work() -> bytes:
        made = stored(state, call, file, lifetime_s)
        state.files[made.id] = made
        return wire.as_body(made.record())

    return answered(state, call, work)


def stored(state: State, call: Call, file: Part, lifetime_s: int | None) -> StoredFile:
    """A new file."""
    luck = state.next_luck("file", sha256(file.data).hexdigest())
    return StoredFile(
        id=make_id("file", luck.octets(ID_BYTES, "id")),
        filename=re.split(r"[/\\]", file.filename)[-1]
        or f"unnamed{EXTENSIONS.get(file.mime_type, '')}",
        mime_type=file.mime_type,
        size_bytes=len(file.data),
        created_at=call.now,
        expires_at=None if lifetime_s is None else call.now + timedelta(seconds=lifetime_s),
    )


def lifetime(told: Part | None) -> int | None:
    """Seconds until a file expires, if it does."""
    if told is None:
        return None
    text = told.data.decode("utf-8", "replace").strip()
    if not (text.isascii() and text.isdecimal()):
        raise invalid("expires_in_seconds: Input should be a valid integer")
    if len(text) > len(str(LONGEST_S)) or not SHORTEST_S <= int(text) <= LONGEST_S:
        raise invalid(f"expires_in_seconds: Input should be between {SHORTEST_S} and {LONGEST_S}")
    return int(text)


def listed(state: State, call: Call) -> Plan:
    """All files, the newest first, or those with the ids that are asked for.

    Raises:
        Rejection: The page cannot be given.
    """
    pairs = parse_qsl(call.request.path.partition("?")[2], keep_blank_values=True)
    ids = {value for name, value in pairs if name.removesuffix("[]") == "ids"}
    newest_first = list(reversed(state.files))
    if ids:
        shown, following = [name for name in newest_first if name in wanted(ids, call)], None
    else:
        shown, following = one_page(newest_first, call.query)
    body = {"data": [state.files[name].record() for name in shown], "next_page": following}
    return answered(state, call, lambda: wire.as_body(body))


def wanted(ids: set[str], call: Call) -> set[str]:
    """The ids that are asked for."""
    if len(ids) > MOST_IDS:
        raise invalid(f"ids: List should have at most {MOST_IDS} items after validation")
    for name in ("page", "limit"):
        if name in call.query:
            raise invalid(f"{name}: not allowed together with ids")
    return ids


def one_page(ids: list[str], query: Mapping[str, str]) -> tuple[list[str], str | None]:
    """The ids on the page that is asked for, and the cursor of the next one."""
    size = limit(query.get("limit"))
    cursor = query.get("page")
    start = 0
    if cursor is not None:
        name = cursor.removeprefix(CURSOR)
        start = ids.index(name) if name in ids else len(ids)
    shown, rest = ids[start:][:size], ids[start + size :]
    return shown, f"{CURSOR}{rest[0]}" if rest else None


def metadata(state: State, call: Call) -> Plan:
    """What is known of a file."""
    file = find(state, call)
    return answered(state, call, lambda: wire.as_body(file.record()))


def content(state: State, call: Call) -> Plan:
    """The bytes of a file: none here has been made by a tool, and no other can be downloaded.

    Raises:
        Rejection: Always.
    """
    file = find(state, call)
    if file.has_expired(call.now):
        raise Rejection(404, f"File has expired: {file.id}", EXPIRED)
    raise Rejection(400, f"File cannot be downloaded: {file.id}", NOT_DOWNLOADABLE)


def delete(state: State, call: Call) -> Plan:
    """Forget a file."""
    file = find(state, call)

    def work() -> bytes:
        del state.files[file.id]
        return wire.as_body({"id": file.id, "type": "file_deleted"})

    return answered(state, call, work)


def find(state: State, call: Call) -> StoredFile:
    """The file that the path names.

    Raises:
        Rejection: There is none.
    """
    file = state.files.get(call.names[0])
    if file is None:
        raise Rejection(404, f"File not found: {call.names[0][:200]}")
    return file
