"""Pictures, documents and search results for tests, in all the forms that the SDK has for them."""

import base64
import io
from typing import Any

from PIL import Image
from sim_world import asked

TEXT = {"type": "text", "text": "The deposit on the kite is 15 crowns."}
KINDS = ("png", "jpeg", "gif", "webp")
PDF = base64.b64encode(b"%PDF-1.7\n%%EOF\n").decode()


def picture(width: int = 40, height: int = 30, kind: str = "png", **how: Any) -> str:
    """A real picture of that size, in base64."""
    data = io.BytesIO()
    Image.new("1" if kind == "png" else "RGB", (width, height)).save(data, kind, **how)
    return base64.b64encode(data.getvalue()).decode()


def image(data: str | None = None, kind: str = "png", **more: Any) -> dict[str, Any]:
    """An image block."""
    data = picture(kind=kind) if data is None else data
    source = {"type": "base64", "media_type": f"image/{kind}", "data": data}
    return {"type": "image", "source": source, **more}


def document(source: object = None, **more: Any) -> dict[str, Any]:
    """A document block, of plain text if nothing else is said."""
    plain = {"type": "text", "media_type": "text/plain", "data": TEXT["text"]}
    return {"type": "document", "source": plain if source is None else source, **more}


def pdf(data: str = PDF) -> dict[str, Any]:
    """A document block with a PDF."""
    return document({"type": "base64", "media_type": "application/pdf", "data": data})


def search_result(**changes: Any) -> dict[str, Any]:
    """A search result."""
    return {"type": "search_result", "source": "s", "title": "t", "content": [TEXT], **changes}


def linked(kind: str = "image", url: str = "https://example.com/a.png") -> dict[str, Any]:
    """A block that only links to its content."""
    return {"type": kind, "source": {"type": "url", "url": url}}


def asked_with(*blocks: object, **changes: Any) -> dict[str, Any]:
    """A request whose only message has these blocks."""
    return asked(messages=[{"role": "user", "content": [*blocks, TEXT]}], **changes)


def in_result(*blocks: object) -> dict[str, Any]:
    """A request with these blocks in the result of a tool."""
    call = {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": list(blocks)}
    return asked(
        messages=[
            {"role": "user", "content": "Look."},
            {"role": "assistant", "content": [call]},
            {"role": "user", "content": [result]},
        ]
    )
