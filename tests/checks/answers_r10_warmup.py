"""The warm-up of R10: one line in three right forms, and each misconception three ways."""

CODE = "R10-warmup"
WORDS = {"max_tokens": "cut", "model_context_window_exceeded": "cut", None: "cut"}
WORDS |= {"refusal": "declined"}


def text(message):
    """All text of a message, whatever the blocks are."""
    return "".join(block.text for block in message.content)


def right(message):
    """By a table."""
    return WORDS.get(message.stop_reason, "")


def one_line(message):
    """By a chain of conditions."""
    reason = message.stop_reason
    return "declined" if reason == "refusal" else "" if reason == "end_turn" else "cut"


RIGHT = [
    right,
    one_line,
    lambda m: {"refusal": "declined", "end_turn": ""}.get(m.stop_reason, "cut"),
]
WRONG = {
    "looks-at-the-text": [
        lambda m: "" if text(m).endswith("}") else "cut",
        lambda m: "" if text(m).endswith("}") else right(m),
        lambda m: right(m) if m.content else "",
    ],
    "passes-it-on": [
        lambda m: m.stop_reason,
        lambda m: str(m.stop_reason),
        lambda m: m.stop_reason if m.stop_reason != "end_turn" else "",
    ],
    "one-limit-only": [
        lambda m: {"max_tokens": "cut", "refusal": "declined"}.get(m.stop_reason, ""),
        lambda m: right(m) if m.stop_reason else "",
        lambda m: "cut" * (m.stop_reason == "max_tokens") or "declined" * (right(m) == "declined"),
    ],
    "raises": [
        lambda m: WORDS[m.stop_reason],
        lambda m: right(m) if m.content[0].text else "",
        lambda m: {"end_turn": "", "max_tokens": "cut", "refusal": "declined"}[m.stop_reason],
    ],
    "returns-nothing": [
        lambda m: None,
        lambda m: print(right(m)),
        lambda m: WORDS.get(m.stop_reason),
    ],
}
