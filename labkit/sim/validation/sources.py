"""Pictures, documents and search results as the API takes them, each by itself.

    block -> its fields -> its source, by kind -> data that decodes and is what it says
          -> the blocks inside it, which the caller checks

Shapes: anthropic 2.12.0, ``types/image_block_param.py``, ``document_block_param.py`` and
``search_result_block_param.py``; wording as users have reported it.
"""

from binascii import a2b_base64
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from labkit.sim.pictures import media_type, size_of
from labkit.sim.rejection import (
    invalid,
    need_boolean,
    need_list,
    need_object,
    need_one_of,
    need_string,
    need_tag,
    no_extras,
    required,
)

IMAGE, PDF, PLAIN = (
    ("image/jpeg", "image/png", "image/gif", "image/webp"),
    "application/pdf",
    "text/plain",
)
MAX_IMAGE_CHARS = 10_485_760
"""10 MB, encoded. Source: docs: vision, read 2026-11-24."""
PDF_HEADER_BYTES = 1_024
"""A PDF says what it is within so many."""

FIELDS: Mapping[str, Sequence[str]] = {
    "image": ("type", "source", "cache_control", "transformations"),
    "document": ("type", "source", "cache_control", "citations", "context", "title"),
    "search_result": ("type", "source", "title", "content", "cache_control", "citations"),
}
SOURCES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "image": {"base64": ("media_type", "data"), "url": ("url",), "file": ("file_id",)},
    "document": {
        "base64": ("media_type", "data"),
        "text": ("media_type", "data"),
        "content": ("content",),
        "url": ("url",),
        "file": ("file_id",),
    },
}
"""For each kind of block, the fields of each kind of source."""
MEDIA: Mapping[tuple[str, str], Sequence[str]] = {
    ("image", "base64"): IMAGE,
    ("document", "base64"): (PDF,),
    ("document", "text"): (PLAIN,),
}

Block = Mapping[str, object]


class Inside(NamedTuple):
    """Blocks inside a block."""

    where: str
    content: Sequence[object]
    kinds: Sequence[str]
    """What may stand there."""


def check_attached(where: str, kind: str, block: Block) -> Inside | None:
    """Refuse a block that is not as the API takes it; what stands in it is left to the caller."""
    no_extras(where, block, FIELDS[kind])
    check_citations(f"{where}.citations", block.get("citations"))
    if kind == "search_result":
        return check_search_result(where, block)
    for name in ("context", "title"):
        if block.get(name) is not None:
            need_string(f"{where}.{name}", block[name])
    check_transformations(f"{where}.transformations", block.get("transformations"))
    return check_source(f"{where}.source", kind, required("source", block, where))


def check_citations(where: str, value: object) -> None:
    """On or off."""
    if value is not None:
        fields = need_object(where, value)
        no_extras(where, fields, ("enabled",))
        if "enabled" in fields:
            need_boolean(f"{where}.enabled", fields["enabled"])


def check_transformations(where: str, value: object) -> None:
    """What happens to a picture that is too large for the model."""
    if value is not None:
        fields = need_object(where, value)
        no_extras(where, fields, ("oversized_image",))
        if "oversized_image" in fields:
            need_one_of(
                f"{where}.oversized_image", fields["oversized_image"], ("downsize", "error")
            )


def check_search_result(where: str, block: Block) -> Inside:
    """Its source and title in words, and some text."""
    for name in ("source", "title"):
        need_string(f"{where}.{name}", required(name, block, where))
    content = need_list(f"{where}.content", required("content", block, where))
    if not content:
        raise invalid(f"{where}.content: List should have at least 1 item after validation, not 0")
    return Inside(f"{where}.content", content, ("text",))


def check_source(where: str, kind: str, value: object) -> Inside | None:
    """Where the content comes from."""
    source = need_object(where, value)
    tag = need_tag(where, source, tuple(SOURCES[kind]))
    at = f"{where}.{tag}"
    names = SOURCES[kind][tag]
    no_extras(at, source, ("type", *names))
    for name in names:
        given = required(name, source, at)
        if name == "media_type":
            need_one_of(f"{at}.{name}", given, MEDIA[kind, tag])
        elif name != "content":
            need_string(f"{at}.{name}", given)
    if tag == "base64":
        check_data(at, kind, source)
    content = source.get("content")
    if tag != "content" or isinstance(content, str):
        return None
    return Inside(f"{at}.content", need_list(f"{at}.content", content), ("image", "text"))


def check_data(where: str, kind: str, source: Block) -> None:
    """A picture or a PDF in base64 must decode, and be what it says it is."""
    text = str(source["data"])
    name = "image" if kind == "image" else "PDF"
    if not text:
        raise invalid(f"{where}: {name} cannot be empty")
    try:
        data = a2b_base64(text, strict_mode=True)
    except ValueError:
        raise invalid(f"{where}: invalid base64 data") from None
    if kind == "image":
        check_picture(where, data, str(source["media_type"]), len(text))
    elif b"%PDF-" not in data[:PDF_HEADER_BYTES]:
        raise invalid(f"{where}.data: The PDF specified was not valid.")


def check_picture(where: str, data: bytes, told: str, chars: int) -> None:
    """A picture of the kind that it is said to be, whose header tells its size."""
    if chars > MAX_IMAGE_CHARS:
        raise invalid(
            f"{where}: image exceeds 10 MB maximum: {chars} bytes > {MAX_IMAGE_CHARS} bytes"
        )
    found = media_type(data)
    if found and found != told:
        raise invalid(
            f"{where}: The image was specified using the {told} media type, but the image appears "
            f"to be a {found} image"
        )
    if size_of(data) is None:
        raise invalid(f"{where}.data: Could not process image")
