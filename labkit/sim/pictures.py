"""Pictures: their kind, their size, and how many tokens a model sees in them.

bytes -> media type, width and height -> the size that the model's resolution takes -> tokens

A token is a patch of 28 x 28 pixels. Sources: docs: vision, coordinates and bounding boxes, read
2026-11-24; of the four headers, the specifications of PNG, JPEG, GIF and WebP.
"""

import base64
import struct
from bisect import bisect_left
from collections.abc import Mapping
from math import ceil
from typing import NamedTuple

PATCH_PX = 28
HEADER_CHARS = 4_096
"""Where a picture's size mostly stands, in base64; a JPEG may tell it later."""
MARK = 0xFF
"""What each marker of a JPEG begins with."""
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""The markers of a JPEG behind which its size stands."""
BARE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers of a JPEG that have no length."""


class Size(NamedTuple):
    """A width and a height in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def tokens(self) -> int:
        """The patches that cover it."""
        return ceil(self.width / PATCH_PX) * ceil(self.height / PATCH_PX)


class Resolution(NamedTuple):
    """The largest picture that a model sees; a larger one is scaled down before."""

    edge_px: int
    tokens: int

    def takes(self, size: Size) -> bool:
        """Whether a picture is seen as it is; the margin that fills its last patches counts."""
        edge_px = ceil(max(size) / PATCH_PX) * PATCH_PX
        return edge_px <= self.edge_px and size.tokens <= self.tokens

    def fitted(self, size: Size) -> Size:
        """The largest size of the same shape that it takes; the size itself where it does."""
        if self.takes(size):
            return size
        ratio = max(size) / min(size)

        def scaled(edge_px: int) -> Size:
            other_px = max(1, round(edge_px / ratio))
            return Size(
                *((edge_px, other_px) if size.width >= size.height else (other_px, edge_px))
            )

        edges = range(1, max(size) + 1)
        return scaled(bisect_left(edges, True, key=lambda edge_px: not self.takes(scaled(edge_px))))


STANDARD = Resolution(1_568, 1_568)
HIGH = Resolution(2_576, 4_784)
"""From the 4.7 generation on."""


def media_type(data: bytes) -> str | None:
    """What kind of picture it is by its first bytes."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def size_of(data: bytes) -> Size | None:
    """The size that a picture's header tells; None if it tells none."""
    kind = media_type(data)
    try:
        size = SIZES[kind](data) if kind else None
    except (struct.error, IndexError):
        return None
    return size if size and min(size) > 0 else None


def png_size(data: bytes) -> Size:
    """The size in the first chunk of a PNG."""
    return Size(*struct.unpack_from(">II", data, 16))


def gif_size(data: bytes) -> Size:
    """The size of a GIF's screen."""
    return Size(*struct.unpack_from("<HH", data, 6))


def jpeg_size(data: bytes) -> Size | None:
    """The size behind the first marker of a frame; the segments before it are passed over."""
    at = 2
    while data[at] == MARK:
        marker = data[at + 1]
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return Size(width, height)
        if marker == MARK:
            at += 1
        elif marker in BARE:
            at += 2
        else:
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None


def webp_size(data: bytes) -> Size | None:
    """The size in the first chunk of a WebP: of its canvas, or of its only frame."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        low_w, high_w, low_h, high_h = struct.unpack_from("<HBHB", data, 24)
        return Size(1 + low_w + (high_w << 16), 1 + low_h + (high_h << 16))
    if chunk == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return Size(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return Size(width & 0x3FFF, height & 0x3FFF)
    return None


SIZES = {
    "image/png": png_size,
    "image/jpeg": jpeg_size,
    "image/gif": gif_size,
    "image/webp": webp_size,
}


def sent_size(block: Mapping[str, object]) -> Size | None:
    """The size of a picture that a request brings; None of one that only a link or file tells."""
    source = block.get("source")
    data = source.get("data") if isinstance(source, dict) else None
    if not isinstance(data, str):
        return None
    return decoded_size(data[:HEADER_CHARS]) or decoded_size(data)


def decoded_size(data: str) -> Size | None:
    """The size of a picture in base64, or of its beginning."""
    try:
        return size_of(base64.b64decode(data))
    except ValueError:
        return None
