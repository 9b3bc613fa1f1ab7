"""Document and search-result blocks whose text can be read; pictures and files cannot.

Source of the shapes: anthropic 2.12.0, ``types/document_block_param.py``,
``types/plain_text_source_param.py`` and ``types/search_result_block_param.py``.
"""

import re
from collections.abc import Mapping

Block = Mapping[str, object]


def readable(block: Block) -> str | None:
    """The text in a document of plain text, or in a search result; None in anything else."""
    if block.get("type") == "search_result":
        content = block.get("content")
        parts = content if isinstance(content, list) else []
        texts = [part.get("text") for part in parts if isinstance(part, dict)]
        return "\n".join(str(text) for text in texts if isinstance(text, str)) or None
    source = block.get("source")
    if block.get("type") != "document" or not isinstance(source, dict):
        return None
    text = source.get("data")
    return text if source.get("type") == "text" and isinstance(text, str) else None


def tagged(block: Block) -> str:
    """A readable block as the model reads documents: between tags, named by its title."""
    title = re.sub(r'["<>]', " ", str(block.get("title") or "document"))
    name = "-".join(re.findall(r"\w+", title.lower()))
    text = (readable(block) or "").replace("</document", "&lt;/document")
    return f'<document id="{name}" title="{title}">{text}</document>'
