"""The warm-up of R9: one line written three ways, and each misconception three ways."""

from answers_r9 import words
from anthropic.types import TextBlock

CODE = "R9-warmup"

WRONG = {
    "nothing-at-all": [
        lambda m: "",
        lambda m: str(getattr(m, "text", "")),
        lambda m: "".join(b.text for b in m.content if b.type == "output_text"),
    ],
    "first-block": [
        lambda m: m.content[0].text,
        lambda m: m.content[0].text if m.content else "",
        lambda m: next((b.text for b in m.content if b.type == "text"), ""),
        lambda m: next(b.text for b in m.content if b.type == "text"),
    ],
    "raises": [
        lambda m: "".join(m.content),
        lambda m: m["content"],
        lambda m: sum((b.text for b in m.content if b.type == "text"), 0),
    ],
    "by-class": [
        lambda m: "".join(b.text for b in m.content if isinstance(b, TextBlock)),
        lambda m: "".join(getattr(b, "text", "") for b in m.content),
        lambda m: "".join(b.text for b in m.content if type(b).__name__ == "TextBlock"),
    ],
    "a-list": [
        lambda m: [b.text for b in m.content if b.type == "text"],
        lambda m: tuple(b.text for b in m.content if b.type == "text"),
        lambda m: (b.text for b in m.content if b.type == "text"),
    ],
    "spaced": [
        lambda m: " ".join(b.text for b in m.content if b.type == "text"),
        lambda m: "\n".join(b.text for b in m.content if b.type == "text"),
        lambda m: "".join(b.text + "\n" for b in m.content if b.type == "text").strip(),
    ],
    "returns-nothing": [
        lambda m: None,
        lambda m: print(words(m)),
        lambda m: words(m) or None,
    ],
}

RIGHT = [
    words,
    lambda m: "".join([b.text if b.type == "text" else "" for b in m.content]),
    lambda m: "".join(b.text for b in filter(lambda b: b.type == "text", m.content)),
]
