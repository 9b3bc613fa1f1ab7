"""Document and search-result blocks whose text can be read; pictures and files cannot.

Source of the shapes: anthropic 2.12.0, ``types/document_block_param.py``,
``types/plain_text_source_param.py``, ``types/content_block_source_param.py`` and
``types/search_result_block_param.py``.
"""

import re
from collections.abc import Mapping

Block = Mapping[str, object]


def content_of(block: Block) -> object:
    """Text or blocks that a document or a search result holds; None of a PDF or a link."""
    if block.get("type") == "search_result":
        return block["content"]
    source = block.get("source")
    if block.get("type") != "document" or not isinstance(source, dict):
        return None
    return source.get({"text": "data", "content": "content"}.get(str(source.get("type")), ""))


def readable(block: Block) -> str | None:
    """The text in a document or in a search result; None where there is none."""
    content = content_of(block)
    if isinstance(content, list):
        content = "\n".join(str(part["text"]) for part in content if part["type"] == "text")
    return str(content) if content else None


def tagged(block: Block) -> str:
    """A readable block as the model reads documents: between tags, named by its title."""
    title = re.sub(r'["<>]', " ", str(block.get("title") or "document"))
    name = "-".join(re.findall(r"\w+", title.lower()))
    text = (readable(block) or "").replace("</document", "&lt;/document")
    return f'<document id="{name}" title="{title}">{text}</document>'
