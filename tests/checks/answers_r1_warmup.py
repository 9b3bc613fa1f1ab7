"""The warm-up of R1: one line in three right forms, and each misconception three ways."""

import re
from string import punctuation

CODE = "R1-warmup"


def right(questions):
    """By what is no word."""
    return len({re.sub(r"\W+", " ", one.lower()).strip() for one in questions})


RIGHT = [
    right,
    lambda q: len({tuple(re.findall(r"\w+", one.casefold())) for one in q}),
    lambda q: len(
        {" ".join(one.lower().translate(str.maketrans("", "", punctuation)).split()) for one in q}
    ),
]
WRONG = {
    "counts-rows": [
        len,
        lambda q: sum(1 for one in q if one.lower().strip()),
        lambda q: len([re.sub(r"\W+", " ", one.lower()) for one in q]),
    ],
    "case-matters": [
        lambda q: len(set(q)),
        lambda q: len(dict.fromkeys(q)),
        lambda q: len({re.sub(r"\W+", " ", one).strip() for one in q}),
    ],
    "marks-matter": [
        lambda q: len({one.lower() for one in q}),
        lambda q: len({one.lower().strip(" ?!") for one in q}),
        lambda q: len({" ".join(one.lower().split()) for one in q}),
    ],
    "merges-different": [
        lambda q: len({frozenset(re.findall(r"\w+", one.lower())) for one in q}),
        lambda q: len({"".join(sorted(re.findall(r"\w", one.lower()))) for one in q}),
        lambda q: len({" ".join(re.findall(r"[a-z]+", one.lower())) for one in q}),
    ],
    "raises": [
        lambda q: q.count(),
        lambda q: len({q}),
        lambda q: len(set(q.lower())),
    ],
    "returns-nothing": [lambda q: None, lambda q: print(right(q)), lambda q: q.sort()],
}
