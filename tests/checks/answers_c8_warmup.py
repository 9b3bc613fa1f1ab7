"""The warm-up of C8: one line in three right forms, and each misconception three ways."""

CODE = "C8-warmup"


def balanced(write, read):
    """Halved until both sides are equal."""
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        dear = middle * read + (1 - middle) * write > 1
        low, high = (middle, high) if dear else (low, middle)
    return high


def odds(write, read):
    """Reads for each write."""
    return (write - 1) / (1 - read)


RIGHT = [
    lambda write, read: (write - 1) / (write - read),
    lambda write, read: 1 - (1 - read) / (write - read),
    lambda write, read: round(odds(write, read) / (1 + odds(write, read)), 3),
    balanced,
]
WRONG = {
    "reads-are-free": [
        lambda write, read: (write - 1) / write,
        lambda write, read: 1 - 1 / write,
        lambda write, read: round(1 - 1 / write, 3),
    ],
    "reads-per-write": [
        odds,
        lambda write, read: (1 - write) / (read - 1),
        lambda write, read: round((write - 1) / (1 - read), 3),
    ],
    "share-of-writes": [
        lambda write, read: (1 - read) / (write - read),
        lambda write, read: 1 - (write - 1) / (write - read),
        lambda write, read: 1 / (1 + odds(write, read)),
    ],
    "ninety": [
        lambda write, read: 1 - read,
        lambda write, read: 0.9,
        lambda write, read: 1 - read / 1,
    ],
    "in-per-cent": [
        lambda write, read: 100 * (write - 1) / (write - read),
        lambda write, read: 100 * balanced(write, read),
        lambda write, read: (write - 1) / (write - read) * 1e2,
    ],
    "one-price": [
        lambda write, read: 0.217,
        lambda write, read: 0.25 / 1.15,
        lambda write, read: (write - 1) / (1.25 - 0.1),
    ],
    "raises": [
        lambda write, read: (write - 1) / (write - write),
        lambda write, read: write["5m"] - read,
        sum,
    ],
    "returns-nothing": [
        lambda write, read: None,
        lambda write, read: print((write - 1) / (write - read)),
        lambda write, read: [].append(write - read),
    ],
}
