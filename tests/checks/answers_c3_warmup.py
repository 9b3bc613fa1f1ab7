"""The warm-up of C3: one line in three right forms, and each misconception three ways."""

import re

from labkit import catalog

CODE = "C3-warmup"
KNOWN = (*catalog.models(), *catalog.retired())
ALIASES = {alias for one in KNOWN for alias in one.aliases}


def right(named, message):
    """By comparing both names."""
    return message.model != named


def right_name(named, message):
    """Whether the version that was named answered."""
    return len({named, message.model}) == 1


RIGHT = [
    right,
    lambda named, message: not right_name(named, message),
    lambda named, message: named not in {message.model},
]
WRONG = {
    "misses-the-alias": [
        lambda named, message: message.model == named,
        lambda named, message: not right(named, message),
        lambda named, message: message.model.startswith(named),
    ],
    "trusts-a-short-name": [
        lambda named, message: named.endswith("latest"),
        lambda named, message: not message.model.startswith(named),
        lambda named, message: named not in message.model,
    ],
    "by-date": [
        lambda named, message: not re.search(r"-\d{8}$", named),
        lambda named, message: not named[-8:].isdigit(),
        lambda named, message: "-20" not in named,
    ],
    "asks-a-list": [
        lambda named, message: named in ALIASES,
        lambda named, message: named in ALIASES and right(named, message),
        lambda named, message: named.startswith(("lab", "claude")) and right(named, message),
    ],
    "not-yes-or-no": [
        lambda named, message: message.model,
        lambda named, message: {named, message.model},
        lambda named, message: int(right(named, message)),
    ],
    "raises": [
        lambda named, message: message["model"] != named,
        lambda named, message: message.content.model != named,
        lambda named, message: message.usage.model != named,
    ],
    "returns-nothing": [
        lambda named, message: None,
        lambda named, message: print(right(named, message)),
        lambda named, message: right(named, message) or None,
    ],
}
