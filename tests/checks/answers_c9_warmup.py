"""The warm-up of C9: one line in three right forms, and each misconception three ways."""

CODE = "C9-warmup"
CACHED = ("cache_creation_input_tokens", "cache_read_input_tokens")


def right(usage):
    """Field by field."""
    written = usage.cache_creation_input_tokens or 0
    return usage.input_tokens + written + (usage.cache_read_input_tokens or 0)


def by_names(usage):
    """By the names of the fields."""
    return usage.input_tokens + sum(getattr(usage, name) or 0 for name in CACHED)


def by_split(usage):
    """Written tokens by their lifetimes."""
    kept = usage.cache_creation
    short = kept.ephemeral_5m_input_tokens if kept else usage.cache_creation_input_tokens or 0
    hour = kept.ephemeral_1h_input_tokens if kept else 0
    return usage.input_tokens + short + hour + (usage.cache_read_input_tokens or 0)


def written(usage):
    """What was written."""
    return usage.cache_creation_input_tokens or 0


def read(usage):
    """What was read."""
    return usage.cache_read_input_tokens or 0


def plain(usage):
    """All fields as they come."""
    return sum(getattr(usage, name) for name in ("input_tokens", *CACHED))


RIGHT = [right, by_names, by_split]
WRONG = {
    "input-tokens-only": [
        lambda usage: usage.input_tokens,
        lambda usage: usage.to_dict()["input_tokens"],
        lambda usage: max(usage.input_tokens, 0),
    ],
    "reads-left-out": [
        lambda usage: usage.input_tokens + written(usage),
        lambda usage: right(usage) - read(usage),
        lambda usage: sum((usage.input_tokens, written(usage))),
    ],
    "writes-left-out": [
        lambda usage: usage.input_tokens + read(usage),
        lambda usage: right(usage) - written(usage),
        lambda usage: sum((usage.input_tokens, read(usage))),
    ],
    "written-twice": [
        lambda usage: right(usage) + written(usage),
        lambda usage: right(usage) + usage.cache_creation.ephemeral_1h_input_tokens,
        lambda usage: right(usage) + usage.cache_creation.ephemeral_5m_input_tokens,
    ],
    "output-counted": [
        lambda usage: right(usage) + usage.output_tokens,
        lambda usage: by_names(usage) + usage.output_tokens,
        lambda usage: sum((usage.output_tokens, right(usage))),
    ],
    "none-added": [
        plain,
        lambda usage: (
            usage.cache_read_input_tokens + usage.cache_creation_input_tokens + usage.input_tokens
        ),
        lambda usage: usage.input_tokens + usage.cache_read_input_tokens + written(usage),
    ],
    "raises": [
        lambda usage: usage["input_tokens"],
        lambda usage: usage.prompt_tokens,
        lambda usage: right(usage.usage),
    ],
    "returns-nothing": [
        lambda usage: None,
        lambda usage: print(right(usage)),
        lambda usage: [].append(right(usage)),
    ],
}
