"""The warm-up of R11: one line in three right forms, and each misconception three ways."""

CODE = "R11-warmup"


def widest(attempt):
    """Half a second, doubled, at most eight."""
    return min(8, 0.5 * 2**attempt)


RIGHT = [
    lambda attempt, rng: rng.uniform(0, min(8, 0.5 * 2**attempt)),
    lambda attempt, rng: rng.random() * min(2**attempt / 2, 8),
    lambda attempt, rng: min(2 ** (attempt - 1), 8) * (1 - rng.random()),
]
WRONG = {
    "no-jitter": [
        lambda attempt, rng: widest(attempt),
        lambda attempt, rng: 0.5,
        lambda attempt, rng: rng and 1,
    ],
    "small-jitter": [
        lambda attempt, rng: widest(attempt) * rng.uniform(0.9, 1.1),
        lambda attempt, rng: widest(attempt) + rng.uniform(0, 0.1),
        lambda attempt, rng: widest(attempt) * (1 - rng.random() / 4),
    ],
    "equal-jitter": [
        lambda attempt, rng: widest(attempt) / 2 + rng.uniform(0, widest(attempt) / 2),
        lambda attempt, rng: rng.uniform(widest(attempt) / 2, widest(attempt)),
        lambda attempt, rng: widest(attempt) * (1 - rng.random() / 2),
    ],
    "wrong-spread": [
        lambda attempt, rng: rng.uniform(0, 8),
        lambda attempt, rng: rng.uniform(0, widest(attempt + 1)),
        lambda attempt, rng: rng.random(),
    ],
    "not-doubled": [
        lambda attempt, rng: rng.uniform(0, 0.5),
        lambda attempt, rng: rng.uniform(0, 0.5 * (attempt + 1)),
        lambda attempt, rng: rng.uniform(0, min(2, widest(attempt))),
    ],
    "no-cap": [
        lambda attempt, rng: rng.uniform(0, 0.5 * 2**attempt),
        lambda attempt, rng: rng.random() * 2**attempt / 2,
        lambda attempt, rng: rng.uniform(0, min(60, 0.5 * 2**attempt)),
    ],
    "not-seconds": [
        lambda attempt, rng: str(rng.uniform(0, widest(attempt))),
        lambda attempt, rng: (0, widest(attempt)),
        lambda attempt, rng: f"{rng.random() * widest(attempt)} s",
    ],
    "raises": [
        lambda attempt, rng: rng(0, widest(attempt)),
        lambda attempt, rng: rng.uniform(widest(attempt)),
        lambda attempt, rng: rng.randint(0, widest(attempt)),
    ],
    "returns-nothing": [
        lambda attempt, rng: None,
        lambda attempt, rng: print(rng.uniform(0, widest(attempt))),
        lambda attempt, rng: rng.seed(attempt),
    ],
}
